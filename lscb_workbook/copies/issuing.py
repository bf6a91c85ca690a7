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

from lscb_workbook.copies.identity import (
    AROUND,
    ISSUED,
    PROPERTIES,
    SIGNATURE,
    Identity,
    RowKey,
    pieces_of,
    row_written,
    signature,
)
from lscb_workbook.copies.layout import COPY_SCHEMA, COPY_SHEETS, COPY_TABLES
from lscb_workbook.copies.rows import (
    action_cells,
    led_actions,
    led_milestones,
    milestone_cells,
    texts_around,
)
from lscb_workbook.ooxml import Form, Line, Value, Workbook, footer_text, gap
from lscb_workbook.plan.records import Action, Cycle, Milestone, Officer, Plan
from lscb_workbook.tracker.cells import date_of, text_of
from lscb_workbook.tracker.columns import Kind, Name, Table
from lscb_workbook.tracker.state import Tracker

__all__ = ["COPY_TEMPLATE", "Copy", "copies_of", "copy_name", "copy_texts"]

_COPY_NAMES = (Name.COPY_FOR, Name.COPY_RETURN, Name.COPY_TITLE)
_TITLE, _FOOT = "document title", "foot of the pages"
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
    form = _form(blank, issued_on, tracker.plan)
    of_plan = _OfPlan(tracker, form)
    taken: set[str] = set()
    for officer in officers:
        actions, milestones = of_plan.actions(officer.key), of_plan.milestones(officer.key)
        if not actions:
            continue
        identity = Identity.of(tracker.id, COPY_SCHEMA, cycle, officer.key, issued_on, return_by)
        names = _named_cells(tracker.plan, officer, identity.cycle, return_by)
        around = _written(form, AROUND, texts_around([*texts, *names.values()]))
        rows = sorted([*(one.issued for one in (*actions, *milestones)), around])
        facts = identity.facts | {SIGNATURE: signature(identity, [row.text for row in rows], tracker.key)}
        lines = {
            "MyActions": [one.line for one in actions],
            "MyMilestones": [one.line for one in milestones],
            "Identity": [line for row in rows for line in row.lines],
        }
        title = f"{_heading(tracker.plan, cycle)} - {officer.title}"
        foot = footer_text(f"{cycle}, return by {_day(return_by)}: {officer.title}")
        name = copy_name(cycle, officer, taken)
        taken.add(name.casefold())
        yield Copy(officer, name, form.filled(lines, {**names, **facts, _TITLE: title, _FOOT: foot}))


class _Written(NamedTuple):
    """What is issued in a row: its text, and the lines of the hidden sheet that hold it."""

    text: str
    lines: Sequence[Line]


class _Part(NamedTuple):
    """A row of the plan in a copy: its line in its table, and what is issued in it."""

    line: Line
    issued: _Written


class _OfPlan:
    """The rows of the plan as copies have them. The leads of a row get the same, so it is made once."""

    def __init__(self, tracker: Tracker, form: Form) -> None:
        self._plan, self._entries, self._form = tracker.plan, tracker.entries, form
        self._made: dict[RowKey, _Part] = {}

    def actions(self, officer: str) -> list[_Part]:
        """The actions that an officer (by key) leads."""
        return [self._part("MyActions", RowKey(one.ref, ""), one) for one in led_actions(self._plan, officer)]

    def milestones(self, officer: str) -> list[_Part]:
        """The milestones that are an officer's (by key)."""
        led = led_milestones(self._plan, officer)
        return [self._part("MyMilestones", RowKey(one.ref, one.id), one) for one in led]

    def _part(self, table: str, row: RowKey, of: Action | Milestone) -> _Part:
        part = self._made.get(row)
        if part is None:
            held = (
                action_cells(self._plan, self._entries, of)
                if isinstance(of, Action)
                else milestone_cells(self._plan, self._entries, of)
            )
            line = self._form.line(table, _row(COPY_TABLES[table], row.milestone or row.ref, held))
            part = self._made[row] = _Part(line, _written(self._form, row, held))
        return part


def _form(book: Workbook, issued_on: date, plan: Plan) -> Form:
    """The template with what all copies have alike, and a gap for each text in which they differ."""
    facts = {fact: gap(fact) for fact in (*PROPERTIES.values(), SIGNATURE)}
    book.fill("Identity", [{"Key": fact, "Value": said} for fact, said in facts.items()])
    book.set_properties(facts)
    for name in _COPY_NAMES:
        book.set_name(name, gap(name))
    for sheet in COPY_SHEETS:
        if not sheet.hidden and sheet.name in book.sheet_names:
            book.set_footer(sheet.name, gap(_FOOT))
    moment = datetime.combine(issued_on, time())
    book.set_core(title=gap(_TITLE), creator=plan.board, created=moment, modified=moment)
    return Form(book, ("MyActions", "MyMilestones", "Identity"))


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


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _named_cells(plan: Plan, officer: Officer, cycle: str, return_by: date) -> dict[str, str]:
    """What the copy says at its heads."""
    back, heading = _day(return_by), _heading(plan, cycle)
    return {
        Name.COPY_FOR: f"{officer.title} - {heading}",
        Name.COPY_RETURN: f"Fill in ratings and cream cells, here and on Milestones; return by {back}.",
        Name.COPY_TITLE: f"{plan.board}: {heading}. Return by {back}.",
    }


def _written(form: Form, row: RowKey, values: Mapping[str, str]) -> _Written:
    text = row_written(row, values)
    lines = [form.line("Identity", {"Key": ISSUED, "Value": piece}) for piece in pieces_of([text])]
    return _Written(text, lines)


def _row(table: Table, name: str, held: Mapping[str, str]) -> dict[str, Value]:
    """A row of a table by headings, from its cells; the first column names it."""
    row: dict[str, Value] = {table.columns[0].header: name}
    columns = {column.key: column for column in table.columns}
    for key, value in held.items():
        column = columns[key]
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
