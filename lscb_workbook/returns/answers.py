"""What an officer answered in a cell: held against the value as issued, by the rule of ``cleaning.py``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lscb_workbook.copies.identity import AsIssued
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml import address
from lscb_workbook.plan.records import OFFICER_FIELDS, TEXT_FIELDS, Cell, Field, Finding, Plan
from lscb_workbook.returns.cleaning import Cleaned, Where, clean, exactly
from lscb_workbook.returns.colours import rating_of_colour
from lscb_workbook.returns.files.kinds import Kind
from lscb_workbook.returns.files.opened import UNKNOWN_FORMULA, Marks, Opened, Spot
from lscb_workbook.returns.grids import FoundRow, FoundTable
from lscb_workbook.returns.naming import RowName, is_cut, same
from lscb_workbook.returns.records import Edit
from lscb_workbook.returns.strays import ByRow
from lscb_workbook.tracker.cells import Raw, date_of, text_of, words_of
from lscb_workbook.tracker.state import Tracker

__all__ = ["Comparing", "answered", "is_as_issued", "unchanged"]


@dataclass(slots=True)
class Comparing:
    """A return as it is compared: the edits and findings so far."""

    opened: Opened
    base: AsIssued
    tracker: Tracker
    file: str
    edits: list[Edit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    by_row: dict[str, ByRow] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.tracker.plan

    @property
    def is_cut(self) -> bool:
        """Whether the file is of a kind in which programs cut long texts."""
        return self.opened.kind == Kind.XLS

    def marks(self, sheet: str) -> Marks:
        return self.opened.marks.get(sheet, _NO_MARKS)

    def marks_by_row(self, sheet: str) -> ByRow:
        if sheet not in self.by_row:
            self.by_row[sheet] = ByRow.of(self.marks(sheet))
        return self.by_row[sheet]

    def typed(self, sheet: str, spot: Spot, raw: Raw) -> Raw:
        """What was typed into a cell: its formula where there is one that can be read."""
        formula = self.marks(sheet).formulas.get(spot, UNKNOWN_FORMULA)
        return raw if formula == UNKNOWN_FORMULA else formula

    def add(self, edit: Edit, note: Finding | None = None) -> None:
        self.edits.append(edit)
        if note:
            self.findings.append(note)


_NO_MARKS = Marks()
_OFFICERS: Mapping[str, Field] = {one.value: one for one in OFFICER_FIELDS}
"""The fields that officers fill in, by column key."""


def is_as_issued(raw: Raw, base: str) -> bool:
    """Whether a cell is, as it stands, what was issued: then there is nothing to clean, and nothing in it."""
    if raw is None:
        return not base
    return raw == base or (type(raw) is date and raw.isoformat() == base)


def answered(
    work: Comparing, table: FoundTable, row: FoundRow, name: RowName, key: str, base: str, where: Where
) -> Edit | None:
    """The edit that a cell is, if it is one. ``base`` is its value as issued."""
    raw = row.cells[key]
    if said := _as_typed(work, table.sheet, raw, key, base):
        cell = Cell(name.ref, name.milestone, _OFFICERS[key])
        return Edit(cell, base, said, doubt=_doubt(table, key, name))
    spot = row.spot(key)
    where = where._replace(cell=address(*spot))
    anchor = work.marks_by_row(table.sheet).merged_into(spot)
    if key not in OFFICER_FIELDS:
        if anchor and not text_of(raw):
            return None
        column = COPY_TABLES[table.name].header(key)
        return _locked(work, name, base, work.typed(table.sheet, spot, raw), column, where)
    field_, header = Field(key), COPY_TABLES[table.name].header(key)
    if anchor and not text_of(raw):
        raw = _anchored(table, spot, anchor)
        work.findings.append(where.note("cells-merged", column=header))
        if raw is None:
            return None
    found = _read(work, raw, field_, header, spot, where, base)
    if field_ is Field.RATING:
        found = _with_colour(work, found, row, spot, where, base)
    if found.finding:
        work.findings.append(found.finding)
    as_issued = found.value.strip() == base.strip() or (work.is_cut and is_cut(found.value, base))
    if as_issued and not found.refused:
        return None
    merged = "the cell is merged with the one above it" if anchor else ""
    doubt = "; ".join(filter(None, (found.doubt, merged, _doubt(table, key, name))))
    return Edit(
        Cell(name.ref, name.milestone, field_),
        base,
        found.value,
        refused=found.refused,
        doubt="" if found.refused else doubt,
        place=(where.sheet, where.cell),
    )


def _as_typed(work: Comparing, sheet: str, raw: Raw, key: str, base: str) -> str:
    """What an officer typed into a cell that has nothing beside its value, where that needs no cleaning."""
    if key not in _OFFICERS or work.is_cut or sheet in work.opened.marks:
        return ""
    return exactly(raw, _OFFICERS[key], work.plan, base)


def _doubt(table: FoundTable, key: str, name: RowName) -> str:
    """Why it is only likely that a cell is that of this row and column."""
    if not table.near:
        return name.doubt
    near = f"the heading says '{table.near[key]}'" if key in table.near else ""
    return "; ".join(filter(None, (near, name.doubt)))


def _anchored(table: FoundTable, spot: Spot, anchor: Spot) -> Raw:
    """What stands in the cell that another is merged into, if both are of one column."""
    if anchor.column != spot.column:
        return None
    return next(
        (one.cells.get(key) for one in table.rows for key, at in one.spots.items() if at == anchor), None
    )


def _read(
    work: Comparing, raw: Raw, field_: Field, header: str, spot: Spot, where: Where, base: str
) -> Cleaned:
    """A cell by the rule; a formula is what was typed, and what it shows is only likely to be meant."""
    formula = work.marks(where.sheet).formulas.get(spot, "")
    if not formula:
        return clean(raw, field_, work.plan, where, base=base)
    shown = text_of(raw)
    if formula == UNKNOWN_FORMULA:
        formula = "that cannot be read in this kind of file"
        found = clean(raw, field_, work.plan, where, base=base)
        note = where.note("formula-not-read", column=header, shown=shown)
        return found if found.refused else replace(found, doubt=f"shown by a formula {formula}", finding=note)
    note = where.note("formula-typed", column=header, text=formula, shown=shown)
    if field_ in TEXT_FIELDS:
        return replace(clean(formula, field_, work.plan, where), finding=note)
    found = clean(raw, field_, work.plan, where)
    if found.refused or found.value in ("", base):
        shows = f"'{shown}'" if shown else "nothing"
        return Cleaned(formula, f"a formula that shows {shows}", finding=note)
    return Cleaned(found.value, doubt=f"shown by the formula {formula}", finding=note)


def _with_colour(
    work: Comparing, found: Cleaned, row: FoundRow, spot: Spot, where: Where, base: str
) -> Cleaned:
    """A rating with what the cell's colour says, if it has one of its own: a row all of one colour is no
    rating."""
    fills = work.marks(where.sheet).fills
    fill = fills.get(spot, "")
    if not fill:
        return found
    spots = row.spots.items()
    if fill in {fills.get(other, "") for key, other in spots if key in OFFICER_FIELDS and other != spot}:
        return found
    colour = rating_of_colour(fill, work.plan.scheme)
    if not colour or colour == found.value:
        return found
    if found.value.strip() == base.strip() or not found.value:
        what = f"the cell's colour ({fill})"
        note = where.note("rating-proposed", rating=colour, what=what)
        return Cleaned(colour, doubt=f"read from {what}; nothing was typed", finding=note)
    if not found.refused:
        work.findings.append(where.note("colour-contradicts-rating", rating=found.value, colour=colour))
    return found


def _locked(work: Comparing, name: RowName, base: str, raw: Raw, column: str, where: Where) -> Edit | None:
    """A cell that officers may not change: refused if it was, with both values."""
    text = words_of(raw)
    if unchanged(work, raw, base, where) or (isinstance(raw, str) and _is_month_first(raw, base)):
        return None
    work.findings.append(where.note("locked-cell-changed", column=column))
    cell = Cell(name.ref, name.milestone, Field.OTHER)
    return Edit(cell, base, text, refused=f"'{column}' is the plan's and may not be changed")


def _is_month_first(text: str, base: str) -> bool:
    """Whether a text is the day that was issued as programs write it in some regions, the month first."""
    day, numbers = date_of(base), [int(one) for one in re.findall(r"\d+", text[:40])]
    if day is None or len(numbers) < 3:
        return False
    month, of_month, year = numbers[:3]
    return (month, of_month, year % 100) == (day.month, day.day, day.year % 100)


def unchanged(work: Comparing, raw: Raw, base: str, where: Where) -> bool:
    """Whether a cell says what it said before, a day in whatever form."""
    return same(words_of(raw), base) or clean(raw, Field.REVISED_DATE, work.plan, where).value == base
