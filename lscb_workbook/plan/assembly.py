"""A plan put together from the tables of a plan document."""

from __future__ import annotations

import re
from datetime import date, timedelta

from lscb_workbook.plan.action_tables import read_actions
from lscb_workbook.plan.calendar import board_meetings, events
from lscb_workbook.plan.officers import match_officer, names_of, officer_key
from lscb_workbook.plan.records import (
    BoardMeeting,
    Event,
    Officer,
    Plan,
    PlanYear,
    Priority,
)
from lscb_workbook.plan.schemes import read_scheme
from lscb_workbook.plan.tables import Table

__all__ = ["plan_from"]


def plan_from(document: Table) -> Plan | None:
    """The plan in a document; None, or a part of it, where the document has problems.

    Adds to the problems of ``document`` whatever is missing, misshapen, said twice or not known.
    """
    head = Table(_head(document), "[plan]", document.problems)
    year = _year(head)
    scheme = read_scheme(document)
    priorities = _priorities(document)
    officers = _officers(document)
    if year is None:
        return None
    actions, milestones = read_actions(document, year, officers, scheme, [p.number for p in priorities])
    plan = Plan(
        board=head.text("board"),
        title=head.text("title"),
        chair=head.text("chair", needed=False),
        year=year,
        scheme=scheme,
        priorities=priorities,
        officers=officers,
        actions=actions,
        milestones=milestones,
        meetings=board_meetings(milestones, _meetings(document)),
        events=events(milestones, _events(document)),
    )
    head.done()
    document.done()
    return plan


def _head(document: Table) -> dict[str, object]:
    document.asked.add("plan")
    value = document.values.get("plan")
    if not isinstance(value, dict):
        document.problems.add("[plan]", "is missing", "Add [plan] with board, title, first_day and last_day.")
        return {}
    return value


def _year(head: Table) -> PlanYear | None:
    first, last = head.day("first_day"), head.day("last_day")
    if first is None or last is None:
        return None
    if not timedelta(0) < last - first < timedelta(days=366):
        head.problems.add(
            "[plan], last_day",
            f"{last} does not end a year that begins on {first}",
            "Give the first and the last day of one plan year.",
        )
        return None
    return PlanYear(first, last)


def _priorities(document: Table) -> tuple[Priority, ...]:
    priorities: list[Priority] = []
    for table in document.tables("priority", "number"):
        number = table.number("number")
        priority = Priority(number or 0, table.text("title"), table.text("uncertain", needed=False))
        if number is not None and number in [other.number for other in priorities]:
            table.problems.add(table.where, "is there twice", "Give each priority its own number.")
        priorities.append(priority)
        table.done()
    return tuple(priorities)


def _officers(document: Table) -> tuple[Officer, ...]:
    officers: list[Officer] = []
    for table in document.tables("officer", "role"):
        officer = Officer(
            "",
            table.text("role"),
            table.text("organisation", needed=False),
            table.text("email", needed=False),
            table.texts("aliases"),
        )
        key = table.text("key", needed=False) or officer_key(officer.title)
        officer = Officer(key, officer.role, officer.organisation, officer.email, officer.aliases)
        if officer.role and not key:
            table.problems.add(f"{table.where}, role", "has no word in it", "Write the office in words.")
        for name in (key, *names_of(officer)) if key else ():
            if other := match_officer(officers, name):
                table.problems.add(
                    table.where,
                    f"'{name}' is also a name of officer {other.title}",
                    "Keep it with one of them.",
                )
                break
        officers.append(officer)
        table.done()
    return tuple(officers)


def _meetings(document: Table) -> list[BoardMeeting]:
    meetings = []
    for table in document.tables("meeting", "month"):
        on, month = table.day("on", needed=False), table.text("month", needed=False)
        read = _month(month) if month else on
        if read is None:
            table.problems.add(
                table.where, "has no month", 'Write month = "July 2016", or the day: on = 2016-07-18.'
            )
        elif on and (on.year, on.month) != (read.year, read.month):
            table.problems.add(
                f"{table.where}, on", f"{on} is not in {month}", "Correct the one or the other."
            )
        else:
            meetings.append(BoardMeeting(read.year, read.month, on))
        table.done()
    return meetings


def _month(text: str) -> date | None:
    """The first day of a month written ``July 2016``; None where it is not a whole month."""
    names = [f"{date(2000, number, 1):%B}".casefold() for number in range(1, 13)]
    name, _, year = text.partition(" ")
    if name.casefold() not in names or not re.fullmatch(r"[12]\d{3}", year.strip()):
        return None
    return date(int(year), names.index(name.casefold()) + 1, 1)


def _events(document: Table) -> list[Event]:
    found = []
    for table in document.tables("event", "name"):
        found.append(Event(table.text("name"), table.day("on", needed=False)))
        table.done()
    return found
