"""Making officers' copies: the copy template, opened once and filled for each officer."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineWorkbook

from lscb_workbook.copies.identity import PROPERTIES, SIGNATURE, AsIssued, Identity, Place, signature
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.copies.rows import (
    action_places,
    led_actions,
    led_milestones,
    milestone_places,
    text_places,
)
from lscb_workbook.ooxml import Form, Line, Value, Workbook, gap
from lscb_workbook.plan.records import Action, Cycle, Milestone, Officer, Plan
from lscb_workbook.tracker.cells import date_of, text_of
from lscb_workbook.tracker.columns import Kind, Name, Table
from lscb_workbook.tracker.layout import SCHEMA
from lscb_workbook.tracker.state import Tracker

__all__ = ["COPY_TEMPLATE", "Copy", "copies_of", "copy_name", "copy_texts"]

_COPY_NAMES = (Name.COPY_FOR, Name.COPY_RETURN, Name.COPY_TITLE)
_TITLE = "document title"
COPY_TEMPLATE = Path(__file__).with_name("copy_template.xlsx")


@dataclass(frozen=True, slots=True)
class Copy:
    """One officer's copy: the file's name and its bytes."""

    officer: Officer
    file: str
    data: bytes


def copies_of(
    tracker: Tracker,
    officers: Iterable[Officer],
    *,
    cycle: str,
    issued_on: date,
    return_by: date,
    template: bytes,
) -> Iterator[Copy]:
    """A copy for each of these officers who leads something, holding their rows and nobody else's.

    The template is made ready once, with what all copies have alike, and patched for each officer. Raises
    PackageError where the template has something below its tables.
    """
    blank = Workbook.open(template)
    texts = _prepare(blank, tracker.plan)
    known = text_places(texts)
    form = _form(blank, known, issued_on, tracker.plan)
    of_plan = _OfPlan(tracker, form)
    taken: set[str] = set()
    for officer in officers:
        actions, milestones = of_plan.actions(officer.key), of_plan.milestones(officer.key)
        if not actions:
            continue
        identity = Identity.of(tracker.id, SCHEMA, cycle, officer.key, issued_on, return_by)
        names = _named_cells(tracker.plan, officer, identity.cycle, return_by)
        own = text_places([*texts, *names.values()])
        base: dict[Place, str] = {}
        for one in (*actions, *milestones):
            base |= one.held
        facts = identity.facts | {SIGNATURE: signature(identity, base | own, tracker.key)}
        new = {place: text for place, text in own.items() if place not in known}
        lines = {
            "MyActions": [one.line for one in actions],
            "MyMilestones": [one.line for one in milestones],
            "AsIssued": [line for one in (*actions, *milestones) for line in one.issued]
            + _issued_lines(form, new),
        }
        title = f"{_heading(tracker.plan, cycle)} - {officer.title}"
        name = copy_name(cycle, officer, taken)
        taken.add(name.casefold())
        yield Copy(officer, name, form.filled(lines, {**names, **facts, _TITLE: title}))


class _Part(NamedTuple):
    """A row of the plan in a copy: what its cells hold, its line in its table, those of what is issued."""

    held: Mapping[Place, str]
    line: Line
    issued: Sequence[Line]


class _OfPlan:
    """The rows of the plan as copies have them. The leads of a row get the same, so it is made once."""

    def __init__(self, tracker: Tracker, form: Form) -> None:
        self._plan, self._entries, self._form = tracker.plan, tracker.entries, form
        self._made: dict[tuple[str, str], _Part] = {}

    def actions(self, officer: str) -> list[_Part]:
        """The actions that an officer (by key) leads."""
        return [self._part("MyActions", one.ref, one) for one in led_actions(self._plan, officer)]

    def milestones(self, officer: str) -> list[_Part]:
        """The milestones that are an officer's (by key)."""
        return [self._part("MyMilestones", one.id, one) for one in led_milestones(self._plan, officer)]

    def _part(self, table: str, name: str, of: Action | Milestone) -> _Part:
        part = self._made.get((table, name))
        if part is None:
            held = (
                action_places(self._plan, self._entries, of)
                if isinstance(of, Action)
                else milestone_places(self._plan, self._entries, of)
            )
            line = self._form.line(table, _row(COPY_TABLES[table], name, held))
            part = self._made[table, name] = _Part(held, line, _issued_lines(self._form, held))
        return part


def _form(book: Workbook, known: AsIssued, issued_on: date, plan: Plan) -> Form:
    """The template with what all copies have alike, and a gap for each text in which they differ."""
    book.fill("AsIssued", _issued_rows(known))
    facts = {fact: gap(fact) for fact in (*PROPERTIES.values(), SIGNATURE)}
    book.fill("Identity", [{"Key": fact, "Value": said} for fact, said in facts.items()])
    book.set_properties(facts)
    for name in _COPY_NAMES:
        book.set_name(name, gap(name))
    moment = datetime.combine(issued_on, time())
    book.set_core(title=gap(_TITLE), creator=plan.board, created=moment, modified=moment)
    return Form(book, ("MyActions", "MyMilestones", "AsIssued"))


def _prepare(book: Workbook, plan: Plan) -> list[str]:
    """Fill in what every copy has alike; every text that then stands in it."""
    table = COPY_TABLES["GuideKey"]
    book.fill(
        table.name,
        [table.line({"name": s.name, "definition": s.definition}) for s in plan.scheme.statuses],
    )
    values = CalamineWorkbook.from_filelike(io.BytesIO(book.to_bytes()))
    shown = (name for name in values.sheet_names if name != COPY_TABLES["Identity"].sheet)
    cells = (cell for name in shown for row in values.get_sheet_by_name(name).to_python() for cell in row)
    return [text for cell in cells if (text := text_of(cell))]


def copy_texts(plan: Plan, officer: Officer, cycle: Cycle) -> list[str]:
    """What an officer's copy of a cycle, from the template as it comes, says outside its rows."""
    texts = _prepare(Workbook.open(COPY_TEMPLATE), plan)
    return [*texts, *_named_cells(plan, officer, cycle.name, cycle.return_by).values()]


def _heading(plan: Plan, cycle: str) -> str:
    return f"{plan.title}: {cycle}"


def _named_cells(plan: Plan, officer: Officer, cycle: str, return_by: date) -> dict[str, str]:
    """What the copy says at its heads."""
    back, heading = f"{return_by.day} {return_by:%B %Y}", _heading(plan, cycle)
    return {
        Name.COPY_FOR: f"{officer.title} - {heading}",
        Name.COPY_RETURN: f"Fill in ratings and cream cells, here and on Milestones; return by {back}.",
        Name.COPY_TITLE: f"{plan.board}: {heading}. Return by {back}.",
    }


def _issued_rows(base: AsIssued) -> list[dict[str, Value]]:
    """Rows of the table of what a copy held when it was issued."""
    heads = [column.header for column in COPY_TABLES["AsIssued"].columns]
    return [dict(zip(heads, (*place, value), strict=True)) for place, value in base.items()]


def _issued_lines(form: Form, base: AsIssued) -> list[Line]:
    return [form.line("AsIssued", row) for row in _issued_rows(base)]


def _row(table: Table, name: str, held: AsIssued) -> dict[str, Value]:
    """A row of a table by headings, from its cells; the first column names it."""
    row: dict[str, Value] = {table.columns[0].header: name}
    columns = {column.key: column for column in table.columns}
    for place, value in held.items():
        column = columns[place.column]
        row[column.header] = (date_of(value) or value) if column.kind is Kind.DATE else value
    return row


_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def copy_name(cycle: str, officer: Officer, taken: Iterable[str] = ()) -> str:
    """A file name that a person understands and Windows allows, unlike those ``taken`` (casefolded).

    ``2016-17 Q2 - Head of Research and Data, LBR.xlsx``
    """
    stem = re.sub(r"\s+", " ", _UNSAFE.sub(" ", f"{cycle} - {officer.title}")).strip(" .")[:140].strip(" .")
    if _RESERVED.match(stem):
        stem = f"Copy {stem}"
    used, number = set(taken), 1
    name = f"{stem}.xlsx"
    while name.casefold() in used:
        number += 1
        name = f"{stem} ({number}).xlsx"
    return name
