"""The plan as rows of the tracker's tables, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from lscb_workbook.ooxml import Formula, Value
from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.deadlines import read_deadline, timescale
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.officers import officer_finder, officer_key
from lscb_workbook.plan.records import (
    ACTION_FIELDS,
    DATE_FIELDS,
    Action,
    AfterEvent,
    AtBoard,
    BoardMeeting,
    Cell,
    Due,
    EndOfPlanYear,
    Entries,
    Event,
    Field,
    Meaning,
    Milestone,
    NotStated,
    Officer,
    OnDate,
    Ongoing,
    Plan,
    PlanYear,
    Priority,
    RagScheme,
    RagStatus,
    Repeating,
    SeeAction,
)
from lscb_workbook.tracker.cells import count_of, date_of, day_of
from lscb_workbook.tracker.layout import NO_ORGANISATION, TRACKER_TABLES
from lscb_workbook.tracker.oddities import chosen
from lscb_workbook.tracker.sheets import Row

__all__ = [
    "KINDS",
    "action_rows",
    "actions_from",
    "bullets",
    "course",
    "entry_value",
    "event_rows",
    "events_from",
    "meeting_rows",
    "meetings_from",
    "milestone_rows",
    "milestones_from",
    "officer_rows",
    "officers_from",
    "organisations",
    "priorities_from",
    "priority_rows",
    "rag_rows",
    "scheme_from",
]

Cells = Mapping[str, Value]

KINDS: dict[type[Due], str] = {
    OnDate: "On a date",
    AtBoard: "Board meeting",
    EndOfPlanYear: "End of plan year",
    AfterEvent: "After an event",
    Repeating: "Repeating",
    Ongoing: "Ongoing",
    SeeAction: "See another action",
    NotStated: "Not stated",
}
"""What the Milestones tab calls each kind of deadline."""

_BULLET = "• "


def entry_value(field: Field, text: str) -> Value:
    """What an entry is written as: days as true dates, a blank as nothing, all else as text."""
    if not text:
        return None
    if field in DATE_FIELDS:
        return date_of(text) or text
    return text


def bullets(measures: Sequence[str]) -> str:
    """Measures as one cell shows them: a bullet each, or the words alone where there is just one."""
    return "\n".join(_BULLET + measure for measure in measures) if len(measures) != 1 else measures[0]


def _from_bullets(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    if not text.startswith(_BULLET):
        return (text,)
    return tuple(text.removeprefix(_BULLET).split("\n" + _BULLET))


def _entries(entries: Entries, ref: str, milestone: str, fields: Sequence[Field]) -> dict[str, Value]:
    return {field: entry_value(field, entries.get(Cell(ref, milestone, field), "")) for field in fields}


# --- actions ---------------------------------------------------------------------------------


def action_rows(plan: Plan, entries: Entries) -> list[Cells]:
    """A row of the Plan table for each action, in the plan's order."""
    table = TRACKER_TABLES["Plan"]
    return [
        table.line(
            {
                "ref": action.ref,
                "priority": action.priority,
                "text": action.text,
                "leads": plan.titles(action.leads),
                "milestones": timescale(plan.milestones_of(action.ref)),
                "measures": bullets(action.measures),
                "uncertain": action.uncertain or None,
                "carried": action.carried or None,
                "organisations": organisations(plan, action.leads) or None,
                **_entries(entries, action.ref, "", (*ACTION_FIELDS, Field.ASK)),
            },
        )
        for action in plan.actions
    ]


def organisations(plan: Plan, leads: Sequence[str]) -> str:
    """The organisations of officers, by key, as a cell holds them: once each, one a line."""
    return "\n".join(dict.fromkeys(plan.officer(key).organisation or NO_ORGANISATION for key in leads))


def actions_from(
    rows: Sequence[Row], officers: tuple[Officer, ...], ratings: Mapping[str, str]
) -> tuple[Action, ...]:
    """The actions in the Plan table. ``ratings`` are those printed in the plan, by ref."""
    header = TRACKER_TABLES["Plan"].header
    find = officer_finder(officers)
    return tuple(
        Action(
            ref=row.text(header("ref")),
            priority=count_of(row.raw(header("priority"))),
            text=row.text(header("text")),
            leads=_leads(row.text(header("leads")), find),
            measures=_from_bullets(row.text(header("measures"))),
            rating=ratings.get(row.text(header("ref")), ""),
            uncertain=row.text(header("uncertain")),
            carried=row.text(header("carried")),
        )
        for row in rows
    )


def _leads(text: str, find: Callable[[str], Officer | None]) -> tuple[str, ...]:
    found = (find(line) for line in text.split("\n") if line.strip())
    return tuple(officer.key for officer in found if officer)


# --- milestones ------------------------------------------------------------------------------


def milestone_rows(plan: Plan, entries: Entries) -> list[Cells]:
    """A row of the Milestones table for each milestone. Calculated columns are the review's to fill."""
    table = TRACKER_TABLES["Milestones"]
    calculated = {column.key: Formula(column.formula, None) for column in table.columns if column.formula}
    fields = tuple(Field(column.key) for column in table.columns if column.key in tuple(Field))
    return [
        table.line(
            {
                "id": milestone.id,
                "ref": milestone.ref,
                "priority": plan.action(milestone.ref).priority,
                "text": milestone.text,
                "leads": plan.titles(milestone.leads),
                "words": milestone.due.words or None,
                "kind": KINDS[type(milestone.due)],
                "due": due_on(milestone.due, plan.meetings, plan.events),
                "uncertain": milestone.uncertain or None,
                "carried": milestone.carried or None,
                "organisations": organisations(plan, milestone.leads) or None,
                **_entries(entries, milestone.ref, milestone.id, fields),
                **calculated,
            },
        )
        for milestone in plan.milestones
    ]


def milestones_from(
    rows: Sequence[Row], officers: tuple[Officer, ...], year: PlanYear
) -> tuple[Milestone, ...]:
    """The milestones in the Milestones table, each deadline read again from the plan's words."""
    header = TRACKER_TABLES["Milestones"].header
    find = officer_finder(officers)
    return tuple(
        Milestone(
            id=row.text(header("id")),
            ref=row.text(header("ref")),
            leads=_leads(row.text(header("leads")), find),
            text=row.text(header("text")),
            due=read_deadline(row.text(header("words")), year),
            uncertain=row.text(header("uncertain")),
            carried=row.text(header("carried")),
        )
        for row in rows
    )


# --- priorities, officers, calendar, RAG key -------------------------------------------------


def priority_rows(plan: Plan) -> list[Cells]:
    table = TRACKER_TABLES["Priorities"]
    return [
        table.line({"number": p.number, "title": p.title, "uncertain": p.uncertain or None})
        for p in plan.priorities
    ]


def priorities_from(rows: Sequence[Row]) -> tuple[Priority, ...]:
    header = TRACKER_TABLES["Priorities"].header
    return tuple(
        Priority(
            count_of(row.raw(header("number"))), row.text(header("title")), row.text(header("uncertain"))
        )
        for row in rows
    )


def officer_rows(plan: Plan) -> list[Cells]:
    table = TRACKER_TABLES["Officers"]
    return [
        table.line(
            {
                "role": officer.role,
                "organisation": officer.organisation or None,
                "email": officer.email or None,
                "aliases": "\n".join(officer.aliases) or None,
                "key": officer.key,
                "public": officer.public or None,
                "manager_email": officer.manager_email or None,
                "successor": officer.successor or None,
            },
        )
        for officer in plan.officers
    ]


def officers_from(rows: Sequence[Row]) -> tuple[Officer, ...]:
    header = TRACKER_TABLES["Officers"].header
    officers = []
    for row in rows:
        aliases = tuple(line.strip() for line in row.text(header("aliases")).split("\n") if line.strip())
        officer = Officer(
            row.text(header("key")),
            row.text(header("role")),
            row.text(header("organisation")),
            row.text(header("email")),
            aliases,
            chosen(row.text(header("public"))),
            row.text(header("manager_email")),
            row.text(header("successor")),
        )
        if not officer.key:  # a row the manager added by hand
            officer = replace(officer, key=officer_key(officer.title))
        officers.append(officer)
    return tuple(officers)


def meeting_rows(plan: Plan) -> list[Cells]:
    table = TRACKER_TABLES["Meetings"]
    return [
        table.line({"month": date(m.year, m.month, 1).strftime("%B %Y"), "on": m.on}) for m in plan.meetings
    ]


def meetings_from(rows: Sequence[Row]) -> tuple[BoardMeeting, ...]:
    """The board's meetings. A row whose month is not ``July 2016`` but has a day counts for that day."""
    header = TRACKER_TABLES["Meetings"].header
    meetings = []
    for row in rows:
        day = day_of(row.raw(header("on")))
        month = date_of(row.raw(header("month"))) or _month(row.text(header("month"))) or day
        if month:
            meetings.append(BoardMeeting(month.year, month.month, day))
    return tuple(meetings)


def _month(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%B %Y").date()
    except ValueError:
        return None


def event_rows(plan: Plan) -> list[Cells]:
    table = TRACKER_TABLES["Events"]
    return [table.line({"name": event.name, "on": event.on}) for event in plan.events]


def events_from(rows: Sequence[Row]) -> tuple[Event, ...]:
    header = TRACKER_TABLES["Events"].header
    return tuple(Event(row.text(header("name")), day_of(row.raw(header("on")))) for row in rows)


def rag_rows(scheme: RagScheme) -> list[Cells]:
    table = TRACKER_TABLES["RagKey"]
    return [
        table.line(
            {
                "name": status.name,
                "letter": status.letter,
                "definition": status.definition,
                "meaning": status.meaning,
                "fill": status.fill,
                "ink": status.ink,
                "needs_commentary": "yes" if status.needs_commentary else "no",
                "course": course(scheme, status.name),
            },
        )
        for status in scheme.statuses
    ]


def course(scheme: RagScheme, name: str) -> int:
    """A status's place in the order of severity, from 1, negative where it says nothing of how well an action
    goes; 0 for what is no status."""
    for place, status in enumerate(scheme.by_severity, start=1):
        if status.name == name:
            return place if status.meaning.of_progress else -place
    return 0


def scheme_from(rows: Sequence[Row]) -> RagScheme:
    """The RAG scheme on the RAG key tab. Raises WorkbookError where a status has lost its meaning."""
    header = TRACKER_TABLES["RagKey"].header
    for row in rows:
        if row.text(header("meaning")) not in tuple(Meaning):
            raise WorkbookError(
                f"Row {row.number} of the RAG key tab has lost what '{row.text(header('name'))}' means "
                f"(hidden column '{header('meaning')}'). Put it back, or take the last backup."
            )
    return RagScheme(
        tuple(
            RagStatus(
                row.text(header("name")),
                row.text(header("letter")),
                row.text(header("definition")),
                Meaning(row.text(header("meaning"))),
                row.text(header("fill")),
                row.text(header("ink")),
                row.text(header("needs_commentary")) == "yes",
            )
            for row in rows
        )
    )
