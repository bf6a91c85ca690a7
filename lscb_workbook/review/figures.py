"""The figures behind the summary tabs: counted once, from the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.plan.records import Cycle, Issued, Officer, Plan, Priority, RagScheme, RagStatus
from lscb_workbook.review.cycles import ReturnState, return_of
from lscb_workbook.review.milestones import MilestoneState, State
from lscb_workbook.review.views import ActionView

__all__ = [
    "MilestoneCounts",
    "OfficerFigures",
    "OrganisationFigures",
    "PriorityFigures",
    "RatingCounts",
    "count_milestones",
    "count_ratings",
    "officer_figures",
    "organisation_figures",
    "priority_figures",
]


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """How many actions have each rating, by the scheme's names in its order, and how many have none."""

    by_status: Mapping[str, int]
    not_rated: int

    @property
    def total(self) -> int:
        return sum(self.by_status.values()) + self.not_rated

    def share(self, name: str) -> float:
        """The part of the actions, 0 to 1, that is rated so; 0 where there is no action."""
        return self.by_status[name] / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class MilestoneCounts:
    """How many milestones stand in each state."""

    by_state: Mapping[State, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def met(self) -> int:
        return sum(count for state, count in self.by_state.items() if state.met)

    @property
    def missed(self) -> int:
        return self.by_state[State.MISSED]

    @property
    def due_soon(self) -> int:
        return self.by_state[State.DUE_SOON]

    @property
    def ongoing(self) -> int:
        """Those that go on, with no day of their own."""
        return self.by_state[State.ONGOING]

    @property
    def still_to_come(self) -> int:
        """Neither met nor missed nor dropped, nor ongoing."""
        return self.total - self.met - self.missed - self.ongoing - self.by_state[State.NOT_NEEDED]


@dataclass(frozen=True, slots=True)
class PriorityFigures:
    """One priority's figures; ``priority`` is None for those of all together."""

    priority: Priority | None
    ratings: RatingCounts
    milestones: MilestoneCounts


@dataclass(frozen=True, slots=True)
class OfficerFigures:
    """One officer's figures, and what came back of their copy of the latest cycle."""

    officer: Officer
    ratings: RatingCounts
    milestones: MilestoneCounts
    returned: ReturnState
    returned_on: date | None


@dataclass(frozen=True, slots=True)
class OrganisationFigures:
    """One organisation's figures: those of what any of its officers leads, each action and milestone once.

    ``name`` is empty for officers of whom no organisation is known.
    """

    name: str
    officers: int
    ratings: RatingCounts
    milestones: MilestoneCounts


def count_ratings(scheme: RagScheme, statuses: Iterable[RagStatus | None]) -> RatingCounts:
    """Count actions by what they are rated, None where they are not."""
    counts = dict.fromkeys(scheme.names, 0)
    none = 0
    for status in statuses:
        if status:
            counts[status.name] += 1
        else:
            none += 1
    return RatingCounts(counts, none)


def count_milestones(states: Iterable[MilestoneState]) -> MilestoneCounts:
    """Count milestones by state."""
    counts = dict.fromkeys(State, 0)
    for one in states:
        counts[one.state] += 1
    return MilestoneCounts(counts)


def priority_figures(plan: Plan, views: Sequence[ActionView]) -> tuple[PriorityFigures, ...]:
    """Those of all priorities together first, then each one's, in the plan's order."""

    def figures(priority: Priority | None) -> PriorityFigures:
        mine = [view for view in views if priority is None or view.action.priority == priority.number]
        states = (state for view in mine for state in view.milestones)
        return PriorityFigures(
            priority, count_ratings(plan.scheme, [view.status for view in mine]), count_milestones(states)
        )

    return (figures(None), *(figures(priority) for priority in plan.priorities))


def officer_figures(
    plan: Plan, views: Sequence[ActionView], issued: Sequence[Issued], cycle: Cycle | None
) -> tuple[OfficerFigures, ...]:
    """Those of each officer who leads something, in the plan's order."""
    found, edited = [], _edited(views, issued, cycle)
    for officer in plan.officers:
        mine = [view for view in views if officer.key in view.action.leads]
        states = [s for view in views for s in view.milestones if officer.key in s.milestone.leads]
        if mine or states:
            back = return_of(issued, cycle, officer.key, said=officer.key in edited)
            ratings = count_ratings(plan.scheme, [view.status for view in mine])
            found.append(OfficerFigures(officer, ratings, count_milestones(states), *back))
    return tuple(found)


def _edited(views: Sequence[ActionView], issued: Sequence[Issued], cycle: Cycle | None) -> set[str]:
    """The officers, by key, who said anything in any return of a cycle: of several the Returns log has the
    last."""
    name = cycle.name if cycle else ""
    said = {one.officer for view in views for one in view.changes if one.cycle == name}
    return said | {one.officer for one in issued if one.cycle == name and one.edits}


def organisation_figures(plan: Plan, views: Sequence[ActionView]) -> tuple[OrganisationFigures, ...]:
    """Those of each organisation that leads something, by name, officers without one last.

    What two organisations lead together counts for each, so the figures need not add up to the plan's.
    """
    members: dict[str, set[str]] = {}
    for officer in plan.officers:
        members.setdefault(officer.organisation, set()).add(officer.key)
    found = []
    for name in sorted(members, key=lambda name: (not name, name.casefold())):
        keys = members[name]
        mine = [view for view in views if not keys.isdisjoint(view.action.leads)]
        states = [s for view in views for s in view.milestones if not keys.isdisjoint(s.milestone.leads)]
        if mine or states:
            leading = {key for view in mine for key in view.action.leads}
            leading |= {key for one in states for key in one.milestone.leads}
            ratings = count_ratings(plan.scheme, [view.status for view in mine])
            found.append(OrganisationFigures(name, len(keys & leading), ratings, count_milestones(states)))
    return tuple(found)
