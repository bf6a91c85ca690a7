"""Calendars to import into Outlook and others: the board's meetings, days to return by, and milestones.

Every entry has an identifier of its own that stays the same, and a number that grows with the day the
calendar is made for, and with each change within it, so that a later import moves and closes the entries of
the one before. What was in the calendar before and is no more is called off in the next. All last a whole day
and leave it free. iCalendar is RFC 5545.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vInt, vText

from lscb_workbook.copies import copy_name
from lscb_workbook.copies.rows import led_milestones
from lscb_workbook.plan.records import AtBoard, Cycle, Issued, Officer, Plan
from lscb_workbook.review import MilestoneState, State
from lscb_workbook.review.wording import counted, titles, written

__all__ = ["CalendarFile", "manager_calendar", "officer_calendars"]

_NINE = timedelta(hours=9)
"""From the midnight that a day begins with to when alarms sound."""
_ALARMS = {"meeting": (7, 1), "return": (5, 1), "milestone": (14, 1)}
"""How many days before an entry of each kind its alarms sound."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MOST = 80
"""The most characters of a milestone's text that stand in a summary; the whole is in the description."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar: for whom (``officer`` is a key, ``""`` for the manager), the file's name, and its bytes."""

    officer: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    """One day in a calendar. ``uid`` tells it from every other of the tracker; ``live`` is whether something
    is still to be done for it, ``cancelled`` whether it is off; ``month`` is the one a board meeting is of.
    """

    uid: str
    kind: str
    on: date
    summary: str
    description: str
    live: bool = True
    cancelled: bool = False
    month: tuple[int, int] | None = None


def manager_calendar(
    tracker: str,
    plan: Plan,
    states: Iterable[MilestoneState],
    *,
    cycles: Iterable[Cycle],
    issued: Iterable[Issued],
    as_at: date,
    before: Mapping[str, bytes] | None = None,
) -> CalendarFile:
    """The calendar of the business manager: board meetings, days to return by, and every dated milestone.

    ``tracker`` is its id; ``states`` are a review's as at the day. Meetings whose day is not known are left
    out. ``before`` are the calendars made the last time, by the files' names. The same of all that is the
    same bytes, which are also what comes of them the next time.
    """
    milestones = (_milestone(plan, one) for one in states if one.due)
    entries = [*_meetings(plan), *_returns(cycles, list(issued)), *milestones]
    name = _file_name(plan, plan.board)
    data = _calendar(tracker, f"{plan.board}: {plan.title}", entries, as_at, (before or {}).get(name))
    return CalendarFile("", name, data)


def officer_calendars(
    tracker: str,
    plan: Plan,
    states: Iterable[MilestoneState],
    *,
    issued: Iterable[Issued],
    as_at: date,
    heirs: Mapping[str, str] | None = None,
    before: Mapping[str, bytes] | None = None,
) -> tuple[CalendarFile, ...]:
    """The calendar of each officer who has or had something in one, in the plan's order: their own
    milestones, the board meetings those are due at, and the days to return by.

    ``heirs`` says who answers for a leaver now, by key: what is the leaver's is in the successor's calendar.
    The rest is as in :func:`manager_calendar`.
    """
    dated, copies = [one for one in states if one.due], list(issued)
    answers: dict[str, list[str]] = {officer.key: [] for officer in plan.officers}
    for officer in plan.officers:
        answers[(heirs or {}).get(officer.key, officer.key)].append(officer.key)
    made: list[CalendarFile] = []
    taken: set[str] = set()
    for officer in plan.officers:
        of = answers[officer.key]
        own = {one.id: one.due for key in of for one in led_milestones(plan, key)}
        months = {(due.year, due.month) for due in own.values() if isinstance(due, AtBoard)}
        entries = [
            *(one for one in _meetings(plan) if one.month in months),
            *(_return(plan, one) for one in copies if one.officer in of),
            *(_milestone(plan, one) for one in dated if one.milestone.id in own),
        ]
        name = _file_name(plan, officer.title, taken)
        last = (before or {}).get(name)
        if entries or _earlier(tracker, last):
            taken.add(name.casefold())
            data = _calendar(tracker, f"{plan.board}: {officer.title}", entries, as_at, last)
            made.append(CalendarFile(officer.key, name, data))
    return tuple(made)


# --- what is in it ---------------------------------------------------------------------------


def _meetings(plan: Plan) -> Iterator[_Entry]:
    """The board's meetings whose day is known, numbered within their month, so that one may move in it."""
    seen: dict[tuple[int, int], int] = {}
    for one in plan.meetings:
        month = (one.year, one.month)
        seen[month] = seen.get(month, 0) + 1
        if one.on:
            uid = f"meeting {one.year}-{one.month:02d} {seen[month]}"
            summary = f"Board meeting: {plan.board}"
            yield _Entry(uid, "meeting", one.on, summary, plan.title, month=month)


def _returns(cycles: Iterable[Cycle], issued: Sequence[Issued]) -> Iterator[_Entry]:
    """The days to return by, as the manager sees them."""
    for cycle in cycles:
        copies = [one for one in issued if one.cycle == cycle.name]
        silent = sum(one.returned_on is None for one in copies)
        sent = f"{counted(len(copies), 'copy', 'copies')} sent on {written(cycle.issued_on)}"
        yield _Entry(
            uid=f"returns {cycle.name}",
            kind="return",
            on=cycle.return_by,
            summary=f"Returns for {cycle.name} are due",
            description=f"{sent[0].upper()}{sent[1:]}; {silent} not returned.",
            live=bool(silent or not copies),
        )


def _return(plan: Plan, issued: Issued) -> _Entry:
    """The day to return by, as the officer sees it."""
    back = issued.returned_on is not None
    return _Entry(
        uid=f"return {issued.cycle} {issued.officer}",
        kind="return",
        on=issued.return_by,
        summary=f"Return your copy for {issued.cycle}{' (returned)' if back else ''}",
        description=f"{plan.board}, {plan.title}. Sent on {written(issued.issued_on)}: {issued.file}",
        live=not back,
    )


def _milestone(plan: Plan, state: MilestoneState) -> _Entry:
    """A milestone on the day it is judged on; closed, it stays where it was and says so."""
    one = state.milestone
    assert state.due is not None
    closed = " (complete)" if state.state.met else " (not needed)" if state.state.closed else ""
    said = [one.text, f"Deadline as written: {one.due.words or 'none'}"]
    if state.planned and state.planned != state.due:
        said.append(f"In the plan for {written(state.planned)}; the board approved another day.")
    if one.leads:
        said.append(f"Lead: {titles(plan, one.leads)}")
    return _Entry(
        uid=f"milestone {one.id}",
        kind="milestone",
        on=state.due,
        summary=f"Milestone {one.id} due{closed}: {_first_words(one.text)}",
        description="\n\n".join(said),
        live=not state.state.closed,
        cancelled=state.state is State.NOT_NEEDED,
    )


def _first_words(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _MOST else f"{plain[: _MOST - 1].rsplit(' ', 1)[0]}…"


def _file_name(plan: Plan, whose: str, taken: Iterable[str] = ()) -> str:
    """A file name that a person understands and Windows allows, unlike those ``taken`` (casefolded)."""
    others = [f"{name.removesuffix('.ics')}.xlsx" for name in taken]
    name = copy_name(f"{plan.year.name} calendar", Officer("", whose, ""), others)
    return f"{name.removesuffix('.xlsx')}.ics"


# --- how it is written -----------------------------------------------------------------------


def _calendar(
    tracker: str, name: str, entries: Sequence[_Entry], as_at: date, last: bytes | None = None
) -> bytes:
    """A calendar's bytes; ``last`` are those of the one before it."""
    made, earlier = Calendar(), _earlier(tracker, last)
    made.add("prodid", "-//lscb-workbook//calendar//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", " ".join(_clean(name).split()))
    made.add(_WHOSE, _digest(tracker))
    for entry in sorted(entries, key=lambda one: (one.on, one.uid)):
        event = _event(tracker, entry, as_at)
        made.add_component(_numbered(event, earlier.pop(str(event["uid"]), None), as_at))
    for event in earlier.values():
        made.add_component(_called_off(event, as_at))
    return bytes(made.to_ical())


_WHOSE = "x-wr-relcalid"
_OF_THE_DAY = (b"DTSTAMP", b"LAST-MODIFIED", b"SEQUENCE")
"""What differs in one entry from day to day."""


def _earlier(tracker: str, last: bytes | None) -> dict[str, Event]:
    """The entries of the calendar before, by identifier; none where that is not this tracker's."""
    try:
        known = Calendar.from_ical(last) if last else None
    except ValueError:  # the file was edited by hand, or is none
        known = None
    if not isinstance(known, Calendar) or str(known.get(_WHOSE)) != _digest(tracker):
        return {}
    return {str(one["uid"]): one for one in known.events if "uid" in one}


def _numbered(event: Event, last: Event | None, as_at: date) -> Event:
    """An entry with a number that is above the last one's where it says something else."""
    if last is not None:
        number = _number(last) + (_says(last) != _says(event))
        event["sequence"] = vInt(max(number, as_at.toordinal()))
    return event


def _called_off(last: Event, as_at: date) -> Event:
    """An entry of the calendar before that is no more; one that was called off already is as it was."""
    if str(last.get("status")) == "CANCELLED":
        return last
    last["status"] = vText("CANCELLED")
    last["sequence"] = vInt(max(_number(last) + 1, as_at.toordinal()))
    for name in ("dtstamp", "last-modified"):
        last.pop(name, None)
        last.add(name, datetime.combine(as_at, time(), UTC))
    last.subcomponents.clear()
    return last


def _number(event: Event) -> int:
    said = str(event.get("sequence", ""))
    return int(said) if said.isdecimal() else 0


def _says(event: Event) -> list[bytes]:
    """What an entry says, its alarms included, but for what differs from day to day."""
    lines = event.to_ical().replace(b"\r\n ", b"").split(b"\r\n")
    return sorted(one for one in lines if one.partition(b":")[0] not in _OF_THE_DAY)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _event(tracker: str, entry: _Entry, as_at: date) -> Event:
    made = Event()
    digest = _digest(f"{tracker}\n{entry.uid}")
    moment = datetime.combine(as_at, time(), UTC)
    made.add("uid", f"{digest}@lscb-workbook")
    made.add("dtstamp", moment)
    made.add("last-modified", moment)
    made.add("sequence", as_at.toordinal())
    made.add("dtstart", entry.on)
    if entry.on < date.max:
        made.add("dtend", entry.on + timedelta(days=1))
    made.add("summary", " ".join(_clean(entry.summary).split()))
    made.add("description", _clean(entry.description))
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    ahead = (entry.on - as_at).days
    for days in _ALARMS[entry.kind] if entry.live else ():
        if days <= ahead:  # an alarm of a day that is past would sound as soon as it is imported
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", " ".join(_clean(entry.summary).split()))
            alarm.add("trigger", _NINE - timedelta(days=days))
            made.add_component(alarm)
    return made


def _clean(text: str) -> str:
    """Text without what a calendar may not hold; every line break is a plain one."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
