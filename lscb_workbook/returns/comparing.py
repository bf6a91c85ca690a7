"""What a return says that its copy did not: each cell held against the values as issued.

Every difference becomes an edit, sure or refused with a reason; none is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lscb_workbook.copies.identity import PROPERTIES, AsIssued, Place
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.copies.rows import action_places, milestone_places
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import OFFICER_FIELDS, Cell, Field, Finding, Plan
from lscb_workbook.returns.cleaning import clean
from lscb_workbook.returns.grids import FoundRow, FoundTable, key_values, texts_elsewhere
from lscb_workbook.returns.opening import Grid
from lscb_workbook.returns.records import Edit
from lscb_workbook.tracker.cells import Raw, date_of, iso, text_of
from lscb_workbook.tracker.state import Tracker

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]


_SHEETS = {"MyActions": "Plan", "MyMilestones": "Milestones"}


def compare(
    sheets: Mapping[str, Grid],
    tables: Mapping[str, FoundTable | None],
    base: AsIssued,
    tracker: Tracker,
    file: str,
) -> Comparison:
    """The edits in a return. ``tables`` are the copy's two tables as found, by name, None where missing."""
    edits: list[Edit] = []
    findings: list[Finding] = []
    for sheet, address, text in _loose_texts(sheets, tables, base):
        edits.append(
            Edit(
                Cell("", "", Field.OTHER), "", text, refused=f"written outside the rows, at {sheet} {address}"
            )
        )
        findings.append(
            finding("entry-outside-table", file=file, sheet=sheet, cell=address, text=_short(text))
        )
    for name, table in tables.items():
        of_milestones = name == "MyMilestones"
        theirs = {(p.ref, p.milestone) for p in base if p.ref and bool(p.milestone) == of_milestones}
        if table is None:
            if theirs:
                findings.append(finding("sheet-missing", file=file, wanted=COPY_TABLES[name].sheet))
            continue
        findings += [
            finding("column-missing", file=file, sheet=table.sheet, column=header) for header in table.missing
        ]
        seen = set()
        made: list[tuple[Edit, Finding | None]] = []
        for row in table.rows:
            ref, milestone = _row_name(row.key, name, tracker.plan)
            seen.add((ref, milestone))
            made += _row_edits(row, ref, milestone, name, base, tracker, file)
        kept, doubles = _without_doubles(made, file)
        edits += kept
        findings += [one for _, one in made if one] + doubles
        for ref, milestone in sorted(theirs - seen):
            findings.append(finding("row-missing", file=file, sheet=_SHEETS[name], ref=milestone or ref))
    return Comparison(tuple(edits), tuple(dict.fromkeys(findings)))


def _loose_texts(
    sheets: Mapping[str, Grid], tables: Mapping[str, FoundTable | None], base: AsIssued
) -> Iterator[tuple[str, str, str]]:
    """What is written outside the rows and did not stand there as issued, as (sheet, address, text).

    Where the values as issued are not known, only what stands beside or below the rows counts: what the
    copy itself says elsewhere cannot be told from what was written there.
    """
    known = {_folded(text) for place, text in base.items() if not place.ref}
    found = [(table.sheet, *one) for table in tables.values() if table for one in table.loose]
    if known:
        hidden = {sheet for sheet, _, _, _, _ in key_values(sheets, PROPERTIES["tracker"])}
        shown = {name: grid for name, grid in sheets.items() if name not in hidden}
        found += texts_elsewhere(shown, tables.values())
    return (one for one in found if _folded(one[2]) not in known)


def _row_name(key: str, table: str, plan: Plan) -> tuple[str, str]:
    if table == "MyActions":
        return key, ""
    known = next((milestone.ref for milestone in plan.milestones if milestone.id == key), None)
    return known or key.rpartition(".")[0] or key, key


def _row_edits(
    row: FoundRow, ref: str, milestone: str, table: str, base: AsIssued, tracker: Tracker, file: str
) -> Iterator[tuple[Edit, Finding | None]]:
    sheet, name = _SHEETS[table], milestone or ref
    theirs = any(Place(ref, milestone, key) in base for key in row.cells)
    if theirs:
        for key, raw in row.cells.items():
            place = Place(ref, milestone, key)
            if place in base:
                yield from _cell_edit(place, raw, base[place], table, tracker.plan, file)
        return
    known = _tracker_row(ref, milestone, tracker)
    code = "row-not-theirs" if known else "row-unknown"
    reason = "the row is not this officer's" if known else "the row is not in the plan"
    note = finding(code, file=file, sheet=sheet, ref=name)
    for key, raw in row.cells.items():
        if key in OFFICER_FIELDS:
            held, text = known.get(Place(ref, milestone, key), ""), text_of(raw)
            if text and text != held:
                yield Edit(Cell(ref, milestone, Field(key)), held, text, refused=reason), note
    if not known and not any(text_of(raw) for key, raw in row.cells.items() if key in OFFICER_FIELDS):
        yield Edit(Cell(ref, milestone, Field.OTHER), "", _row_text(row), refused=reason), note


def _tracker_row(ref: str, milestone: str, tracker: Tracker) -> Mapping[Place, str]:
    """A row of the plan as the tracker holds it now; empty where the plan has no such row."""
    plan = tracker.plan
    for one in plan.milestones:
        if milestone and one.id == milestone:
            return milestone_places(plan, tracker.entries, one)
    for action in plan.actions:
        if not milestone and action.ref == ref:
            return action_places(plan, tracker.entries, action)
    return {}


def _row_text(row: FoundRow) -> str:
    return " | ".join(text for text in (text_of(raw) for raw in row.cells.values()) if text)


def _cell_edit(
    place: Place, raw: Raw, base: str, table: str, plan: Plan, file: str
) -> Iterator[tuple[Edit, Finding | None]]:
    row = place.milestone or place.ref
    if place.column in OFFICER_FIELDS:
        field = Field(place.column)
        cleaned = clean(raw, field, row, plan, file=file, base=base)
        if cleaned.refused or cleaned.value != base:
            cell = Cell(place.ref, place.milestone, field)
            yield Edit(cell, base, cleaned.value, refused=cleaned.refused), cleaned.finding
        return
    text = text_of(raw)
    if _folded(text) != _folded(base) and iso(date_of(raw)) != base:
        header = COPY_TABLES[table].header(place.column)
        note = finding("locked-cell-changed", file=file, sheet=_SHEETS[table], ref=row, column=header)
        cell = Cell(place.ref, place.milestone, Field.OTHER)
        yield Edit(cell, base, text, refused=f"'{header}' is the plan's and may not be changed"), note


def _folded(text: str) -> str:
    """Text but for its blanks, which programs change as they save."""
    return "".join(text.split())


def _without_doubles(made: list[tuple[Edit, Finding | None]], file: str) -> tuple[list[Edit], list[Finding]]:
    """The edits once each; those of one cell that differ, as where a row stands twice, are all refused."""
    by_cell: dict[Cell, list[Edit]] = {}
    for edit, _ in made:
        known = by_cell.setdefault(edit.cell, [])
        if edit not in known:
            known.append(edit)
    kept: list[Edit] = []
    findings: list[Finding] = []
    for cell, edits in by_cell.items():
        sure = [edit for edit in edits if not edit.refused]
        if len(sure) > 1:
            findings.append(finding("row-twice", file=file, ref=cell.milestone or cell.ref))
            sure = [replace(edit, refused="the row stands twice with different entries") for edit in sure]
        kept += sure + [edit for edit in edits if edit.refused]
    return kept, findings


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
