"""Making officers' copies: the copy template, opened once and filled for each officer."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineWorkbook

from lscb_workbook.copies.identity import PROPERTIES, SIGNATURE, AsIssued, Identity, signature
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.copies.rows import as_issued, led_actions, text_places
from lscb_workbook.ooxml import Form, Value, Workbook, gap
from lscb_workbook.plan.records import Cycle, Officer, Plan
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
    taken: set[str] = set()
    for officer in officers:
        if not led_actions(tracker.plan, officer.key):
            continue
        identity = Identity.of(tracker.id, SCHEMA, cycle, officer.key, issued_on, return_by)
        names = _named_cells(tracker.plan, officer, identity.cycle, return_by)
        base = as_issued(tracker.plan, tracker.entries, officer.key)
        base |= text_places([*texts, *names.values()])
        facts = identity.facts | {SIGNATURE: signature(identity, base, tracker.key)}
        rows = {
            "MyActions": _rows(COPY_TABLES["MyActions"], "ref", base, milestones=False),
            "MyMilestones": _rows(COPY_TABLES["MyMilestones"], "id", base, milestones=True),
            "AsIssued": _issued_rows({place: base[place] for place in base if place not in known}),
        }
        title = f"{_heading(tracker.plan, cycle)} - {officer.title}"
        name = copy_name(cycle, officer, taken)
        taken.add(name.casefold())
        yield Copy(officer, name, form.filled(rows, {**names, **facts, _TITLE: title}))


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


def _rows(table: Table, key: str, base: AsIssued, *, milestones: bool) -> list[dict[str, Value]]:
    """A table row for each row of the copy; ``key`` is the column that names the row."""
    rows: dict[str, dict[str, Value]] = {}
    dates = {column.key for column in table.columns if column.kind is Kind.DATE}
    heads = {column.key: column.header for column in table.columns}
    for (ref, milestone, column), value in base.items():
        if ref and bool(milestone) == milestones:
            name = milestone or ref
            row = rows.setdefault(name, {heads[key]: name})
            row[heads[column]] = (date_of(value) or value) if column in dates else value
    return list(rows.values())


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
