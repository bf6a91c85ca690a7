"""The figures behind the summary tabs: counted once, from the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.plan.records import Cycle, Issued, Officer, Plan, Priority, RagScheme
from lscb_workbook.review.cycles import ReturnState, return_of
from lscb_workbook.review.milestones import MilestoneState, State
from lscb_workbook.review.views import ActionView

__all__ = [
    "MilestoneCounts",
    "OfficerFigures",
    "PriorityFigures",
    "RatingCounts",
    "count_milestones",
    "count_ratings",
    "officer_figures",
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
    def still_to_come(self) -> int:
        """Neither met nor missed nor dropped."""
        return self.total - self.met - self.missed - self.by_state[State.NOT_NEEDED]


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


def count_ratings(scheme: RagScheme, views: Iterable[ActionView]) -> RatingCounts:
    """Count actions by rating."""
    counts = dict.fromkeys(scheme.names, 0)
    none = 0
    for view in views:
        if view.status:
            counts[view.status.name] += 1
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
        return PriorityFigures(priority, count_ratings(plan.scheme, mine), count_milestones(states))

    return (figures(None), *(figures(priority) for priority in plan.priorities))


def officer_figures(
    plan: Plan, views: Sequence[ActionView], issued: Sequence[Issued], cycle: Cycle | None
) -> tuple[OfficerFigures, ...]:
    """Those of each officer who leads something, in the plan's order."""
    found = []
    for officer in plan.officers:
        mine = [view for view in views if officer.key in view.action.leads]
        states = [s for view in views for s in view.milestones if officer.key in s.milestone.leads]
        if mine or states:
            back = return_of(issued, cycle, officer.key)
            ratings = count_ratings(plan.scheme, mine)
            found.append(OfficerFigures(officer, ratings, count_milestones(states), *back))
    return tuple(found)
