"""The mix of ratings over the year, cycle by cycle, out of the History."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cell, Change, Cycle, Decision, Entries, Field, Plan
from lscb_workbook.review.figures import RatingCounts, count_ratings
from lscb_workbook.review.milestones import MilestoneState, State, milestone_states
from lscb_workbook.review.updates import rating_status
from lscb_workbook.review.views import ActionView

__all__ = ["TrendPoint", "trend"]

_AGREED, _CARRIED = "As agreed", "As the year began"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The figures as they stood at the end of a cycle, or as the plan or the year began. ``missed``
    counts milestones."""

    name: str
    as_at: date
    ratings: RatingCounts
    missed: int


def trend(
    plan: Plan,
    history: Sequence[Change],
    cycles: Sequence[Cycle],
    views: Sequence[ActionView],
    states: Sequence[MilestoneState],
    as_at: date,
) -> tuple[TrendPoint, ...]:
    """The plan as agreed, each cycle issued by then as it ended, and the latest as it stands.

    A cycle ended with the last that was merged of it before the next was issued, or else on the day it was to
    be returned by. What came later counts for the next.
    """
    begun = sorted((one for one in cycles if one.issued_on <= as_at), key=lambda one: one.issued_on)
    begins = _CARRIED if plan.follows else _AGREED
    points = [TrendPoint(begins, plan.year.first, _printed(plan), _missed_before(plan, history))]
    told = [change for change in history if change.when <= as_at]
    for cycle, following in pairwise(begun):
        back = (one.when for one in told if one.cycle == cycle.name and one.officer)
        days = [day for day in back if day <= following.issued_on]
        day = max(days, default=min(cycle.return_by, following.issued_on))
        points.append(_past(plan, told, cycle.name, max(day, cycle.issued_on)))
    missed = sum(one.state is State.MISSED for one in states)
    name = begun[-1].name if begun else "Now"
    points.append(
        TrendPoint(name, as_at, count_ratings(plan.scheme, [view.status for view in views]), missed)
    )
    return tuple(points)


def _past(plan: Plan, history: Sequence[Change], name: str, day: date) -> TrendPoint:
    entries = entries_at(history, day)
    known = {change.cell for change in history if change.when <= day and change.cell.field is Field.RATING}
    ratings = _ratings(plan, entries, known)
    states = milestone_states(plan, entries, (), as_at=day, due_soon_days=0)
    return TrendPoint(name, day, ratings, sum(one.state is State.MISSED for one in states))


def _missed_before(plan: Plan, history: Sequence[Change]) -> int:
    """How many of the milestones that were carried forward were missed as the plan year began."""
    came = entries_at(change for change in history if change.decision is Decision.CARRIED)
    states = milestone_states(plan, came, (), as_at=plan.year.first, due_soon_days=0)
    return sum(one.state is State.MISSED for one in states if one.milestone.carried)


def _printed(plan: Plan) -> RatingCounts:
    return _ratings(plan, {}, set())


def _ratings(plan: Plan, entries: Entries, known: set[Cell]) -> RatingCounts:
    """The ratings counted; an action that the History does not speak of stands as printed."""
    said = []
    for action in plan.actions:
        cell = Cell(action.ref, "", Field.RATING)
        said.append(rating_status(plan.scheme, entries.get(cell, "") if cell in known else action.rating))
    return count_ratings(plan.scheme, said)
