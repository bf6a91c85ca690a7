"""Where each milestone stands at a day: missed, due soon, complete, waiting, and how late.

A milestone is judged on the date the board approved: the approved date where the manager entered
one, else the plan's. A revised date is a proposal and hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.records import (
    AfterEvent,
    Change,
    Due,
    Entries,
    Milestone,
    MilestoneStatus,
    MilestoneUpdate,
    Ongoing,
    Plan,
    Repeating,
)
from lscb_workbook.review.moves import Move, changes_by_milestone, deadline_moves, open_proposal
from lscb_workbook.review.updates import milestone_update

__all__ = ["MilestoneState", "State", "judge", "milestone_states"]


class State(StrEnum):
    """Where a milestone stands; each stands in exactly one."""

    MISSED = "missed"
    DUE_SOON = "due_soon"
    NOT_YET_DUE = "not_yet_due"
    COMPLETE = "complete"
    COMPLETE_LATE = "complete_late"
    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    UNDATED = "undated"
    ONGOING = "ongoing"

    @property
    def met(self) -> bool:
        return self in (State.COMPLETE, State.COMPLETE_LATE)

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done for it."""
        return self.met or self is State.NOT_NEEDED


@dataclass(frozen=True, slots=True)
class MilestoneState:
    """One milestone as at a day.

    ``planned`` is the day the plan's own deadline falls on, ``due`` the one it is judged on: the
    approved date where there is one. ``days_late`` counts from ``due`` to the as-at date (missed) or
    to its completion (complete late); 0 otherwise. ``revised`` is a revised date that waits for
    approval. ``moves`` are every proposal and approval so far.
    """

    milestone: Milestone
    update: MilestoneUpdate
    planned: date | None
    due: date | None
    state: State
    days_late: int = 0
    revised: date | None = None
    moves: tuple[Move, ...] = ()

    @property
    def times_moved(self) -> int:
        """How often the board approved a new date."""
        return sum(move.approved and move.after is not None for move in self.moves)

    @property
    def slipped_days(self) -> int | None:
        """Days from the plan's date to the one approved; None where either is not known."""
        if self.planned is None or self.due is None:
            return None
        return (self.due - self.planned).days


def milestone_states(
    plan: Plan, entries: Entries, history: Iterable[Change], *, as_at: date, due_soon_days: int
) -> tuple[MilestoneState, ...]:
    """Every milestone of the plan as at a day, in its order. ``due_soon_days`` is how far ahead to look."""
    changes = changes_by_milestone(history, as_at)
    states = []
    for milestone in plan.milestones:
        update = milestone_update(entries, milestone)
        planned = due_on(milestone.due, plan.meetings, plan.events)
        due = update.approved_date or planned
        state, days_late = judge(milestone.due, due, update, as_at=as_at, due_soon_days=due_soon_days)
        moves = deadline_moves(changes.get(milestone.id, ()))
        revised = None if state.closed else open_proposal(update, due, moves)
        states.append(MilestoneState(milestone, update, planned, due, state, days_late, revised, moves))
    return tuple(states)


def judge(
    words: Due, due: date | None, update: MilestoneUpdate, *, as_at: date, due_soon_days: int
) -> tuple[State, int]:
    """The state of a milestone, and how many days late it is.

    Due on the as-at date is not missed. A completion without a day is taken to be in time.
    """
    if update.status == MilestoneStatus.COMPLETE:
        if due and update.completed_on and update.completed_on > due:
            return State.COMPLETE_LATE, (update.completed_on - due).days
        return State.COMPLETE, 0
    if update.status == MilestoneStatus.NO_LONGER_NEEDED:
        return State.NOT_NEEDED, 0
    if due:
        days_left = (due - as_at).days
        if days_left < 0:
            return State.MISSED, -days_left
        return (State.DUE_SOON if days_left <= due_soon_days else State.NOT_YET_DUE), 0
    match words:
        case AfterEvent():
            return State.WAITING, 0
        case Repeating() | Ongoing():
            return State.ONGOING, 0
        case _:
            return State.UNDATED, 0
