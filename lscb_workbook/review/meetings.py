"""The board's meetings round a day: the one that a paper is for, and the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lscb_workbook.plan.records import Change, Cycle, Plan
from lscb_workbook.review.cycles import change_since
from lscb_workbook.review.wording import counted, written

__all__ = ["Horizon", "Since", "horizon", "since_last_board"]


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far ahead the board looks: to its next meeting, or else a number of days. ``meeting`` is its day,
    None where the Calendar has no day of a meeting to come; then ``days`` is how far."""

    until: date
    meeting: date | None
    days: int

    @property
    def words(self) -> str:
        """``the board's next meeting on 12 October 2016``, or ``29 October 2016 (within 28 days; ...)``."""
        if self.meeting:
            return f"the board's next meeting on {written(self.meeting)}"
        within = f"within {counted(self.days, 'day')}"
        return f"{written(self.until)} ({within}; the Calendar has no day of a coming meeting)"


@dataclass(frozen=True, slots=True)
class Since:
    """The moment that movement is told from: the last meeting, else the last cycle's issue, else the plan.

    ``cycle`` is given where it is an issue: what came back of that cycle has moved since, whatever its day.
    """

    day: date | None
    words: str
    cycle: Cycle | None = None

    def __contains__(self, change: Change) -> bool:
        """Whether a change came after this moment."""
        if self.cycle:
            return change_since(change, self.cycle)
        return self.day is None or change.when > self.day


def horizon(plan: Plan, as_at: date, days: int) -> Horizon:
    """How far ahead to look from a day. A meeting on that very day is the next one."""
    coming = [meeting.on for meeting in plan.meetings if meeting.on and meeting.on >= as_at]
    if coming:
        return Horizon(min(coming), min(coming), days)
    return Horizon(_later(as_at, days), None, days)


def since_last_board(plan: Plan, cycle: Cycle | None, as_at: date) -> Since:
    """The moment of the board's last meeting before a day, as far as the Calendar knows its day."""
    past = [meeting.on for meeting in plan.meetings if meeting.on and meeting.on < as_at]
    if past:
        return Since(max(past), f"the board's meeting on {written(max(past))}")
    if cycle:
        return Since(cycle.issued_on, f"{cycle.name} was issued on {written(cycle.issued_on)}", cycle)
    return Since(None, plan.began)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
