"""The review: every milestone judged, every rule asked, every figure counted, as at one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.plan.records import Change, Conflict, Cycle, Entries, Finding, Issued, Meaning, Plan
from lscb_workbook.review.cycles import latest_cycle
from lscb_workbook.review.evidence import EvidenceNote, evidence_notes
from lscb_workbook.review.figures import (
    OfficerFigures,
    OrganisationFigures,
    PriorityFigures,
    officer_figures,
    organisation_figures,
    priority_figures,
)
from lscb_workbook.review.headline import Summary, headline, summary
from lscb_workbook.review.meetings import Horizon, Since, horizon, since_last_board
from lscb_workbook.review.milestones import MilestoneState, State, milestone_states
from lscb_workbook.review.moved import Moved, what_moved
from lscb_workbook.review.movement import RatingMove, rating_moves
from lscb_workbook.review.quality import Quality, quality
from lscb_workbook.review.rules import apply_rules
from lscb_workbook.review.trend import TrendPoint, trend
from lscb_workbook.review.updates import unreadable_entries
from lscb_workbook.review.views import ActionView, action_views, officer_views

__all__ = ["Review", "review"]


@dataclass(frozen=True, slots=True)
class Review:
    """A tracker judged as at a day.

    ``cycle`` is the latest issued by then, None before the first. ``actions`` are all, in the plan's
    order; ``exceptions`` those off track or at risk, the most severe first; ``withdrawn`` those no longer
    appropriate. ``priorities`` begins with the figures of all together. ``ratings`` is by ref, as they stand
    in the tracker. ``moved`` is what has moved ``since`` the board last met; ``horizon`` how far ahead it
    looks. ``open_conflicts`` counts what waits to be settled.
    """

    as_at: date
    cycle: Cycle | None
    actions: tuple[ActionView, ...]
    milestones: tuple[MilestoneState, ...]
    ratings: Mapping[str, str]
    exceptions: tuple[ActionView, ...]
    withdrawn: tuple[ActionView, ...]
    priorities: tuple[PriorityFigures, ...]
    officers: tuple[OfficerFigures, ...]
    organisations: tuple[OrganisationFigures, ...]
    movement: tuple[RatingMove, ...]
    trend: tuple[TrendPoint, ...]
    since: Since
    moved: tuple[Moved, ...]
    horizon: Horizon
    evidence: tuple[EvidenceNote, ...]
    quality: tuple[Quality, ...]
    open_conflicts: int
    summary: Summary
    headline: str
    findings: tuple[Finding, ...]

    def in_state(self, *states: State) -> tuple[MilestoneState, ...]:
        """The milestones in these states, the longest due first."""
        return _by_day(one for one in self.milestones if one.state in states)

    @property
    def coming(self) -> tuple[MilestoneState, ...]:
        """The milestones that fall due by the horizon, the first due first."""
        ahead = (State.DUE_SOON, State.NOT_YET_DUE)
        until = self.horizon.until
        return _by_day(one for one in self.milestones if one.state in ahead and one.due and one.due <= until)

    @property
    def moved_dates(self) -> tuple[MilestoneState, ...]:
        """The milestones whose date was ever moved or is proposed to be, in the plan's order."""
        return tuple(one for one in self.milestones if one.moves or one.revised or one.due != one.planned)


def review(
    plan: Plan,
    entries: Entries,
    *,
    history: Sequence[Change] = (),
    cycles: Sequence[Cycle] = (),
    issued: Sequence[Issued] = (),
    conflicts: Sequence[Conflict] = (),
    as_at: date,
    due_soon_days: int = 28,
) -> Review:
    """Judge a tracker as at a day.

    ``conflicts`` are those that are open; ``due_soon_days`` how far ahead a milestone is due soon.
    Ratings are taken as they are: what contradicts them comes out as findings.
    """
    cycle = latest_cycle(cycles, as_at)
    states = milestone_states(plan, entries, history, as_at=as_at, due_soon_days=due_soon_days)
    views = action_views(plan, entries, states, history, cycle=cycle, as_at=as_at)
    officers = officer_figures(plan, views, issued, cycle)
    priorities = priority_figures(plan, views)
    everything = priorities[0]
    figures = (everything.ratings, everything.milestones, officers, len(conflicts))
    findings = (
        *unreadable_entries(plan, entries),
        *apply_rules(views, officer_views(plan, issued, cycle=cycle, as_at=as_at)),
    )
    since = since_last_board(plan, cycle, as_at)
    known = tuple(change for change in history if change.when <= as_at)
    return Review(
        as_at=as_at,
        cycle=cycle,
        actions=views,
        milestones=states,
        ratings={view.action.ref: view.update.rating for view in views},
        exceptions=_by_severity(plan, views, Meaning.OFF_TRACK, Meaning.AT_RISK),
        withdrawn=_by_severity(plan, views, Meaning.WITHDRAWN),
        priorities=priorities,
        officers=officers,
        organisations=organisation_figures(plan, views),
        movement=rating_moves(plan.scheme, views, history, cycle),
        trend=trend(plan, history, cycles, views, states, as_at),
        since=since,
        moved=what_moved(plan, entries, known, since),
        horizon=horizon(plan, as_at, due_soon_days),
        evidence=evidence_notes(views),
        quality=quality(findings),
        open_conflicts=len(conflicts),
        summary=summary(*figures),
        headline=headline(*figures),
        findings=findings,
    )


def _by_severity(plan: Plan, views: Sequence[ActionView], *meanings: Meaning) -> tuple[ActionView, ...]:
    """The actions whose status means one of these, by severity and then in the plan's order."""
    return tuple(view for status in plan.scheme.meaning(*meanings) for view in views if view.status == status)


def _by_day(states: Iterable[MilestoneState]) -> tuple[MilestoneState, ...]:
    return tuple(sorted(states, key=lambda one: one.due or date.max))
