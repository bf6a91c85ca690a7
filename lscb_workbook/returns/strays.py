"""What an officer wrote elsewhere than in the cells that ask for it: notes, text boxes, below the rows, on
other sheets.

What belongs to a row by its place is proposed for that row; all else is refused and kept, so that the
manager can see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from lscb_workbook.copies.identity import PROPERTIES, SIGNATURE, AsIssued
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml import address
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Field, Finding
from lscb_workbook.returns.cleaning import Where
from lscb_workbook.returns.files.opened import Marks, Opened, Spot
from lscb_workbook.returns.grids import FoundRow, FoundTable, key_values, texts_elsewhere
from lscb_workbook.returns.naming import cut, folded, is_cut
from lscb_workbook.returns.records import Edit
from lscb_workbook.tracker.cells import MAX_TEXT, fits

__all__ = ["ByRow", "Stray", "beside", "bounded", "elsewhere", "merged_into", "noted"]

_NOWHERE = Cell("", "", Field.OTHER)
_SINGLY = 20
"""The most cells of a sheet that are listed one by one; more of them are listed together."""
_NUMBERS = "This document was exported from Numbers."
_NUMBERS_HEADS = {"Numbers Sheet Name", "Numbers Table Name", "Excel Worksheet Name"}
_KEPT = 500_000
"""The most characters from outside the rows that are kept of one sheet."""


class Stray(NamedTuple):
    """Something that belongs to a row but stands elsewhere; ``where`` says where it was written."""

    where: str
    text: str
    finding: Finding


class _Loose(NamedTuple):
    """Something that belongs to no row."""

    sheet: str
    place: str
    text: str


class ByRow(NamedTuple):
    """The notes and formulas of a sheet by the number of their row, from left to right."""

    notes: Mapping[int, list[tuple[Spot, str]]]
    formulas: Mapping[int, list[tuple[Spot, str]]]

    @classmethod
    def of(cls, marks: Marks) -> ByRow:
        return cls(_by_row(marks.notes), _by_row(marks.formulas))

    def beside(self, row: FoundRow) -> list[tuple[Spot, str]]:
        """What was typed beside a row's own cells: formulas as such, whether they show something or not."""
        own = set(row.spots.values())
        typed = (one for one in self.formulas.get(row.number, ()) if one[0] not in own)
        return sorted((dict(row.beside) | dict(typed)).items())


def _by_row(texts: Mapping[Spot, str]) -> dict[int, list[tuple[Spot, str]]]:
    rows: dict[int, list[tuple[Spot, str]]] = {}
    for spot, text in sorted(texts.items()):
        rows.setdefault(spot.row, []).append((spot, text))
    return rows


def noted(marks: ByRow, row: FoundRow, table: FoundTable, where: Where) -> Iterator[Stray]:
    """The notes on the cells of a row."""
    keys = {spot: key for key, spot in row.spots.items()}
    for spot, text in marks.notes.get(row.number, ()):
        if text.strip():
            key = keys.get(spot)
            column = COPY_TABLES[table.name].header(key) if key else "cell beside the row"
            note = where._replace(cell=address(*spot)).note("note-on-cell", column=column, text=text)
            yield Stray(f"written in a note on the {column}, at {table.sheet} {address(*spot)}", text, note)


def beside(marks: ByRow, row: FoundRow, where: Where) -> Iterator[Stray]:
    """What stands in a row beside its own cells."""
    for spot, text in marks.beside(row):
        place = address(*spot)
        note = where._replace(cell=place).note("entry-beside-row", text=text)
        yield Stray(f"written beside the row, at {where.sheet or 'cell'} {place}", text, note)


def merged_into(marks: Marks, spot: Spot) -> Spot | None:
    """The first cell of the merged area that a cell is a further part of, if it is one."""
    for top, left, bottom, right in marks.merged:
        if top <= spot.row <= bottom and left <= spot.column <= right and spot != (top, left):
            return Spot(top, left)
    return None


def elsewhere(
    opened: Opened, tables: Sequence[FoundTable], base: AsIssued, claimed: AsIssued, file: str
) -> Iterator[tuple[Edit, Finding]]:
    """What is written outside the rows and did not stand there as issued; refused, each with a finding.

    What a file that cannot be believed claims (``claimed``) of cells that were issued is told elsewhere.
    """
    known = {folded(text) for place, text in base.items() if not place.ref}
    hidden = {sheet for sheet, _, _ in key_values(opened.sheets, PROPERTIES["tracker"])}
    under_the_lid = known | _words_of_hidden_sheet(base, opened)
    under_the_lid |= {folded(text) for place, text in claimed.items() if place in base}
    cut_short = _cut(base)
    for sheet, found in groupby(sorted(_loose(opened, tables)), key=lambda one: one.sheet):
        theirs = under_the_lid if sheet in hidden else known
        theirs = theirs | _words_of_numbers(sheet, opened)
        loose = [one for one in found if folded(one.text) not in theirs and one.text not in cut_short]
        yield from _singly(loose, file) if len(loose) <= _SINGLY else _together(sheet, loose, file)
    for sheet, marks in opened.marks.items():
        if marks.pictures:
            note = finding("return-picture", file=file, sheet=sheet, where=sheet, count=marks.pictures)
            text = f"{marks.pictures} pictures or drawings on the sheet '{sheet}'"
            yield Edit(_NOWHERE, "", text, refused="a picture cannot be read"), note


def _words_of_numbers(sheet: str, opened: Opened) -> set[str]:
    """What Apple Numbers writes on the sheet that it puts before those it exports; none on any other."""
    texts = [cell for line in opened.sheets.get(sheet, ()) for cell in line if isinstance(cell, str) and cell]
    if not texts or not texts[0].startswith(_NUMBERS) or len(texts[0]) > 300:
        return set()
    names = {part for name in opened.sheets for part in (name, *name.split(" - "))}
    return {folded(word) for word in (texts[0], *_NUMBERS_HEADS, *names)}


def _cut(base: AsIssued) -> set[str]:
    """The texts issued as far as programs keep them that cut long ones."""
    return {begin for issued in base.values() if is_cut(begin := cut(issued), issued)}


def _loose(opened: Opened, tables: Sequence[FoundTable]) -> Iterator[_Loose]:
    rows = {(table.sheet, row.number) for table in tables for row in table.rows}
    typed = {(table.sheet, spot): text for table in tables for spot, text in table.below}
    typed |= {(sheet, spot): text for sheet, spot, text in texts_elsewhere(opened.sheets, tables)}
    for sheet, marks in opened.marks.items():
        for spot, formula in marks.formulas.items():
            if (sheet, spot.row) not in rows:
                typed[sheet, spot] = formula
    for (sheet, spot), text in typed.items():
        yield _Loose(sheet, address(*spot), text)
    for sheet, marks in opened.marks.items():
        for spot, text in marks.notes.items():
            if (sheet, spot.row) not in rows:
                yield _Loose(sheet, f"a note on {address(*spot)}", text)
        yield from (_Loose(sheet, "a text box", text) for text in marks.shapes)


def _words_of_hidden_sheet(base: AsIssued, opened: Opened) -> set[str]:
    """What the hidden sheet holds by itself: the copy's identity and the values as issued."""
    words = {*PROPERTIES.values(), SIGNATURE, *opened.properties.values()}
    words |= {column.header for name in ("Identity", "AsIssued") for column in COPY_TABLES[name].columns}
    for name in (*PROPERTIES.values(), SIGNATURE):
        words |= {beside for _, beside, _ in key_values(opened.sheets, name)}
    for place, text in base.items():
        words |= {*place, text}
    return {folded(word) for word in words}


def _singly(loose: Iterable[_Loose], file: str) -> Iterator[tuple[Edit, Finding]]:
    for sheet, place, text in loose:
        cell = place.rpartition(" ")[2] if place != "a text box" else ""
        note = finding("entry-outside-table", file=file, sheet=sheet, cell=cell, text=text)
        where = f"{sheet} {place}".strip()
        yield Edit(_NOWHERE, "", text, refused=f"written outside the rows, at {where}"), note


def _together(sheet: str, loose: Sequence[_Loose], file: str) -> Iterator[tuple[Edit, Finding]]:
    """Many cells of one sheet in few edits, each a line; beyond what is kept they are counted."""
    note = finding("entries-outside-table", file=file, sheet=sheet, where=sheet, count=len(loose))
    block: list[str] = []
    kept = 0
    for number, one in enumerate(loose):
        line = f"{one.place}: {one.text}"
        kept += len(line)
        if kept > _KEPT:
            left = len(loose) - number
            note = finding("entries-not-kept", file=file, sheet=sheet, where=sheet, count=left)
            block.append(f"(and {left:,} more cells)")
            break
        if block and not fits("\n".join([*block, line])):
            yield _block(sheet, block), note
            block = []
        block.append(line)
    yield _block(sheet, block), note


def _block(sheet: str, lines: Sequence[str]) -> Edit:
    return Edit(_NOWHERE, "", "\n".join(lines), refused=f"written outside the rows, on the sheet '{sheet}'")


def bounded(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits, those that no cell can hold refused and in pieces that it can."""
    for edit in edits:
        if fits(edit.returned):
            yield edit
            continue
        reason = (
            edit.refused or edit.doubt or f"it is longer than the {MAX_TEXT:,} characters a cell can hold"
        )
        size = MAX_TEXT // 2
        pieces = [edit.returned[at : at + size] for at in range(0, len(edit.returned), size)]
        for number, piece in enumerate(pieces, start=1):
            of_which = f"{reason} (part {number} of {len(pieces)})"
            yield replace(edit, returned=piece, refused=of_which, doubt="")
