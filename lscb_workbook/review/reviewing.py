"""The review: every milestone judged, every rule asked, every figure counted, as at one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.plan.records import Change, Conflict, Cycle, Entries, Finding, Issued, Meaning, Plan
from lscb_workbook.review.cycles import latest_cycle
from lscb_workbook.review.figures import OfficerFigures, PriorityFigures, officer_figures, priority_figures
from lscb_workbook.review.headline import Summary, headline, summary
from lscb_workbook.review.milestones import MilestoneState, State, milestone_states
from lscb_workbook.review.movement import RatingMove, rating_moves
from lscb_workbook.review.rules import apply_rules
from lscb_workbook.review.updates import unreadable_entries
from lscb_workbook.review.views import ActionView, action_views, officer_views

__all__ = ["Review", "review"]


@dataclass(frozen=True, slots=True)
class Review:
    """A tracker judged as at a day.

    ``cycle`` is the latest issued by then, None before the first. ``actions`` are all, in the plan's
    order; ``exceptions`` those off track or at risk, the most severe first. ``priorities`` begins with
    the figures of all together. ``ratings`` is by ref, as they stand in the tracker.
    """

    as_at: date
    cycle: Cycle | None
    actions: tuple[ActionView, ...]
    milestones: tuple[MilestoneState, ...]
    ratings: Mapping[str, str]
    exceptions: tuple[ActionView, ...]
    priorities: tuple[PriorityFigures, ...]
    officers: tuple[OfficerFigures, ...]
    movement: tuple[RatingMove, ...]
    summary: Summary
    headline: str
    findings: tuple[Finding, ...]

    def in_state(self, *states: State) -> tuple[MilestoneState, ...]:
        """The milestones in these states, the longest due first."""
        found = [one for one in self.milestones if one.state in states]
        return tuple(sorted(found, key=lambda one: one.due or date.max))


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
    return Review(
        as_at=as_at,
        cycle=cycle,
        actions=views,
        milestones=states,
        ratings={view.action.ref: view.update.rating for view in views},
        exceptions=_exceptions(plan, views),
        priorities=priorities,
        officers=officers,
        movement=rating_moves(plan.scheme, views, history, cycle),
        summary=summary(*figures),
        headline=headline(*figures),
        findings=findings,
    )


def _exceptions(plan: Plan, views: Sequence[ActionView]) -> tuple[ActionView, ...]:
    """The actions off track or at risk, by severity and then in the plan's order."""
    return tuple(
        view
        for status in plan.scheme.statuses
        if status.meaning in (Meaning.OFF_TRACK, Meaning.AT_RISK)
        for view in views
        if view.status == status
    )
