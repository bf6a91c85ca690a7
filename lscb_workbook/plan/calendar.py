"""The board's calendar: the meetings and events that a plan's deadlines hang on, and the day each falls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from lscb_workbook.plan.records import (
    AfterEvent,
    AtBoard,
    BoardMeeting,
    Due,
    EndOfPlanYear,
    Event,
    Milestone,
    OnDate,
)

__all__ = ["board_meetings", "due_on", "events"]


def due_on(due: Due, meetings: Sequence[BoardMeeting], events: Sequence[Event]) -> date | None:
    """The day a deadline falls on, as far as the calendar knows; None where there is no such day (yet).

    A board meeting whose day is not known counts as the last day of its month; where the board meets
    twice in that month, the later day counts. A period after an event counts from the event's day, a
    month after the 31st being the last day of a shorter month.
    """
    match due:
        case OnDate(on=on) | EndOfPlanYear(on=on):
            return on
        case AtBoard(year=year, month=month):
            days = [m.on for m in meetings if (m.year, m.month) == (year, month) and m.on]
            return max(days, default=date(year, month, 1) + relativedelta(day=31))
        case AfterEvent(event=name, count=count, unit=unit):
            happened = next((event.on for event in events if event.name == name), None)
            return _later(happened, count, unit) if happened else None
        case _:
            return None


def board_meetings(
    milestones: Iterable[Milestone], known: Iterable[BoardMeeting] = ()
) -> tuple[BoardMeeting, ...]:
    """The known meetings, and one without a day for every other month that a deadline names; in order."""
    meetings = list(known)
    months = {(meeting.year, meeting.month) for meeting in meetings}
    named = {(m.due.year, m.due.month) for m in milestones if isinstance(m.due, AtBoard)}
    meetings += [BoardMeeting(year, month) for year, month in named - months]
    return tuple(sorted(meetings, key=lambda m: (m.year, m.month, m.on or date.max)))


def events(milestones: Iterable[Milestone], known: Iterable[Event] = ()) -> tuple[Event, ...]:
    """The known events, then every other that a deadline waits for, in the plan's order, without a day."""
    found = {event.name: event for event in known}
    for milestone in milestones:
        if isinstance(milestone.due, AfterEvent):
            found.setdefault(milestone.due.event, Event(milestone.due.event))
    return tuple(found.values())


def _later(day: date, count: int, unit: str) -> date | None:
    step = {
        "days": relativedelta(days=count),
        "weeks": relativedelta(weeks=count),
        "months": relativedelta(months=count),
        "years": relativedelta(years=count),
    }.get(unit)
    return day + step if step is not None else None
