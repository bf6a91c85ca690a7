"""What an officer wrote elsewhere than in the cells that ask for it: notes, text boxes, below the rows, on
other sheets.

What belongs to a row by its place is proposed for that row; all else is refused and kept, so that the
manager can see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, chain, groupby
from typing import NamedTuple

from lscb_workbook.copies.identity import (
    AROUND,
    ISSUED,
    PROPERTIES,
    SIGNATURE,
    AsIssued,
    pieces_of,
    rows_written,
)
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml import address
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Field, Finding
from lscb_workbook.returns.cleaning import Where
from lscb_workbook.returns.files.opened import UNKNOWN_FORMULA, Marks, Merged, Opened, Spot
from lscb_workbook.returns.grids import FoundRow, FoundTable, texts_elsewhere
from lscb_workbook.returns.lid import Lid
from lscb_workbook.returns.naming import CUT, cut, folded, is_cut
from lscb_workbook.returns.records import Edit
from lscb_workbook.tracker.cells import MAX_TEXT, Raw, fits, words_of

__all__ = ["ByRow", "Stray", "beside", "bounded", "elsewhere", "few", "noted"]

_NOWHERE = Cell("", "", Field.OTHER)
_TEXT_BOX, _UNDER_THE_LID = "a text box", "what was issued"
_SINGLY = 20
"""The most cells of a sheet that are listed one by one; more of them are listed together."""
_NUMBERS = "This document was exported from Numbers."
_NUMBERS_HEADS = {"Numbers Sheet Name", "Numbers Table Name", "Excel Worksheet Name"}
_MOST_REFUSED, _MOST_PROPOSED = 300, 5
"""The most refused edits of a file, and the most proposals for one cell, that are listed one by one."""
_LONGEST_RATING = 100
_CROWDED = "one of very many entries that cannot be taken, listed together"
_MOST_MERGED, _TALLEST = 10_000, 500
_UNDER_EACH = (
    "",
    *PROPERTIES.values(),
    SIGNATURE,
    ISSUED,
    *(column.header for column in COPY_TABLES["Identity"].columns),
)
"""What the hidden sheet of every copy holds."""
_KEPT = 500_000
"""The most characters from outside the rows that are kept of one sheet."""


class Stray(NamedTuple):
    """Something that belongs to a row but stands elsewhere; ``where`` says where it was written."""

    where: str
    text: str
    finding: Finding


class _Loose(NamedTuple):
    """Something that belongs to no row; ``spot`` is its cell, None where it stands in none."""

    sheet: str
    place: str
    text: str
    spot: Spot | None = None


class ByRow(NamedTuple):
    """The notes, formulas and merged areas of a sheet by the number of their row, from left to right.

    An area that spans a great many rows is nobody's to read, and is left out.
    """

    notes: Mapping[int, list[tuple[Spot, str]]]
    formulas: Mapping[int, list[tuple[Spot, str]]]
    merged: Mapping[int, list[Merged]]

    @classmethod
    def of(cls, marks: Marks) -> ByRow:
        merged: dict[int, list[Merged]] = {}
        for area in marks.merged[:_MOST_MERGED]:
            for row in range(area.top, min(area.bottom, area.top + _TALLEST) + 1):
                merged.setdefault(row, []).append(area)
        formulas = {spot: text for spot, text in marks.formulas.items() if text != UNKNOWN_FORMULA}
        return cls(_by_row(marks.notes), _by_row(formulas), merged)

    def merged_into(self, spot: Spot) -> Spot | None:
        """The first cell of the merged area that a cell is a further part of, if it is one."""
        for top, left, _, right in self.merged.get(spot.row, ()):
            if left <= spot.column <= right and spot != (top, left):
                return Spot(top, left)
        return None

    def beside(self, row: FoundRow) -> list[tuple[Spot, str]]:
        """What was typed beside a row's own cells: formulas as such, whether they show something or not."""
        if row.number not in self.formulas:
            return [*row.beside]
        own = set(row.spots.values())
        typed = (one for one in self.formulas[row.number] if one[0] not in own)
        return sorted((dict(row.beside) | dict(typed)).items())


def _by_row(texts: Mapping[Spot, str]) -> dict[int, list[tuple[Spot, str]]]:
    rows: dict[int, list[tuple[Spot, str]]] = {}
    for spot, text in sorted(texts.items()):
        rows.setdefault(spot.row, []).append((spot, text))
    return rows


def noted(marks: ByRow, row: FoundRow, table: FoundTable, where: Where) -> Iterator[Stray]:
    """The notes on the cells of a row."""
    if row.number not in marks.notes:
        return
    keys = {spot: key for key, spot in row.spots.items()}
    for spot, text in marks.notes[row.number]:
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


def elsewhere(
    opened: Opened,
    lid: Lid,
    tables: Sequence[FoundTable],
    base: AsIssued,
    claimed: AsIssued,
    names: Collection[str],
    file: str,
) -> Iterator[tuple[Edit, Finding]]:
    """What is written outside the rows and did not stand there as issued; refused, each with a finding.

    ``names`` are the ratings'. What a file that cannot be believed claims (``claimed``) of cells that were
    issued is told elsewhere.
    """
    texts = frozenset(base.get(AROUND, {}).values())
    ratings = frozenset(map(folded, names))
    issued = _no_ratings(texts, ratings)
    hidden = _words_under(lid, base, opened)
    passed: dict[str, frozenset[Raw]] = {
        sheet: hidden if sheet in lid.sheets else issued for sheet in opened.sheets
    }
    loose = [
        one
        for one in _loose(opened, tables, passed)
        if one.sheet in lid.sheets or not _is_where_it_was(one, opened, texts, issued)
    ]
    loose += _claimed(lid, base, claimed, texts)
    if loose:
        known = {folded(text) for text in texts}
        under_the_lid = {folded(text) for text in hidden if isinstance(text, str)}
        cut_short = _cut(base)
        for sheet, found in groupby(sorted(loose), key=lambda one: one.sheet):
            theirs = under_the_lid if sheet in lid.sheets else known
            theirs = theirs | _words_of_numbers(sheet, opened)
            left = [
                one
                for one in found
                if not (folded(one.text) in theirs or one.text in cut_short)
                or (sheet not in lid.sheets and _is_out_of_place(one, opened, ratings, known, cut_short))
            ]
            yield from _singly(left, file) if len(left) <= _SINGLY else _together(sheet, left, file)
    for sheet, marks in opened.marks.items():
        if marks.pictures:
            note = finding("return-picture", file=file, sheet=sheet, where=sheet, count=marks.pictures)
            text = f"{marks.pictures} pictures or drawings on the sheet '{sheet}'"
            yield Edit(_NOWHERE, "", text, refused="a picture cannot be read"), note


@lru_cache(maxsize=64)
def _no_ratings(texts: frozenset[str], ratings: frozenset[str]) -> frozenset[Raw]:
    """The texts issued but for those that may be ratings, and the blanks between them. (They are the same in
    all copies but for the officer's name.)"""
    able = (text for text in texts if len(text) > _LONGEST_RATING or folded(text) not in ratings)
    return frozenset((*able, "", None))


def _is_where_it_was(one: _Loose, opened: Opened, texts: Container[str], issued: Container[Raw]) -> bool:
    """Whether a rating stands before one of the copy's own texts, neither touched."""
    if one.spot is None or one.text not in texts:
        return False
    line = opened.sheets[one.sheet][one.spot.row - 1]
    right = line[one.spot.column] if one.spot.column < len(line) else ""
    return isinstance(right, str) and right in issued and bool(right.strip())


def _is_out_of_place(
    one: _Loose, opened: Opened, ratings: Collection[str], known: set[str], cut_short: Collection[str]
) -> bool:
    """Whether a rating stands where the copy has none: all its own ratings stand before their definitions."""
    if one.spot is None or folded(one.text) not in ratings:
        return False
    line = opened.sheets[one.sheet][one.spot.row - 1]
    right = words_of(line[one.spot.column]) if one.spot.column < len(line) else ""
    return folded(right) in ratings or not (right in cut_short or folded(right) in known - {""})


def _words_of_numbers(sheet: str, opened: Opened) -> set[str]:
    """What Apple Numbers writes on the sheet that it puts before those it exports; none on any other."""
    texts = [cell for line in opened.sheets.get(sheet, ()) for cell in line if isinstance(cell, str) and cell]
    if not texts or not texts[0].startswith(_NUMBERS) or len(texts[0]) > 300:
        return set()
    names = {part for name in opened.sheets for part in (name, *name.split(" - "))}
    return {folded(word) for word in (texts[0], *_NUMBERS_HEADS, *names)}


def _cut(base: AsIssued) -> set[str]:
    """The texts issued as far as programs keep them that cut long ones."""
    issued = (*chain.from_iterable(row.values() for row in base.values()), *pieces_of(rows_written(base)))
    long = (text for text in issued if 2 * len(text) >= CUT)
    return {begin for text in long if is_cut(begin := cut(text), text)}


def _loose(
    opened: Opened, tables: Sequence[FoundTable], passed: Mapping[str, frozenset[Raw]]
) -> Iterator[_Loose]:
    """What stands outside the rows. Cells that are ``passed`` (by sheet) are as they were issued."""
    rows = {(table.sheet, row.number) for table in tables for row in table.rows}
    typed = {(table.sheet, spot): text for table in tables for spot, text in table.below}
    typed |= {(sheet, spot): text for sheet, spot, text in texts_elsewhere(opened.sheets, tables, passed)}
    for sheet, marks in opened.marks.items():
        for spot, formula in marks.formulas.items():
            if (sheet, spot.row) not in rows and formula != UNKNOWN_FORMULA:
                typed[sheet, spot] = formula
    for (sheet, spot), text in typed.items():
        yield _Loose(sheet, address(*spot), text, spot)
    for sheet, marks in opened.marks.items():
        for spot, text in marks.notes.items():
            if (sheet, spot.row) not in rows:
                yield _Loose(sheet, f"a note on {address(*spot)}", text)
        yield from (_Loose(sheet, _TEXT_BOX, text) for text in marks.shapes)


def _words_under(lid: Lid, base: AsIssued, opened: Opened) -> frozenset[Raw]:
    """What the hidden sheet holds by itself: the copy's identity, and what was issued, as it stands or (where
    that cannot be read) as it is known."""
    words = (*_UNDER_EACH, *opened.properties.values(), *lid.facts.values())
    return frozenset((*words, *(lid.pieces if lid.issued else pieces_of(rows_written(base)))))


def _claimed(lid: Lid, base: AsIssued, claimed: AsIssued, texts: Container[str]) -> list[_Loose]:
    """What the hidden sheet says was issued in cells of which nothing was."""
    sheet = min(lid.sheets, default="")
    return [
        _Loose(sheet, _UNDER_THE_LID, text)
        for row, values in claimed.items()
        for key, text in values.items()
        if text and text not in texts and key not in base.get(row, {})
    ]


def _singly(loose: Iterable[_Loose], file: str) -> Iterator[tuple[Edit, Finding]]:
    for sheet, place, text, _ in loose:
        cell = place.rpartition(" ")[2] if place not in (_TEXT_BOX, _UNDER_THE_LID) else ""
        note = finding("entry-outside-table", file=file, sheet=sheet, cell=cell, text=text)
        where = f"{sheet} {place}".strip()
        yield Edit(_NOWHERE, "", text, refused=f"written outside the rows, at {where}"), note


def _together(sheet: str, loose: Sequence[_Loose], file: str) -> Iterator[tuple[Edit, Finding]]:
    """Many cells of one sheet in few edits, each a line; beyond what is kept they are counted."""
    note = finding("entries-outside-table", file=file, sheet=sheet, where=sheet, count=len(loose))
    kept = list(accumulate(len(one.text) for one in loose))
    if kept[-1] > _KEPT:
        left = sum(size > _KEPT for size in kept)
        note = finding("entries-not-kept", file=file, sheet=sheet, where=sheet, count=left)
    reason = f"written outside the rows, on the sheet '{sheet}'"
    for edit in _blocks([f"{one.place}: {one.text}" for one in loose], reason):
        yield edit, note


def _blocks(lines: Sequence[str], reason: str) -> Iterator[Edit]:
    """Lines in as few edits as cells can hold; beyond what is kept they are counted."""
    block: list[str] = []
    size = kept = 0
    for number, line in enumerate(lines):
        kept += len(line)
        if kept > _KEPT:
            block.append(f"(and {len(lines) - number:,} more)")
            break
        if block and size + len(line) > MAX_TEXT // 2:  # in the worst case a letter is two units
            yield Edit(_NOWHERE, "", "\n".join(block), refused=reason)
            block, size = [], 0
        block.append(line)
        size += len(line) + 1
    if block:
        yield Edit(_NOWHERE, "", "\n".join(block), refused=reason)


def few(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits; of those that cannot be taken as many as a person can read, the rest listed together.

    A file of a hundred thousand rows must not become a hundred thousand lines of History.
    """
    refused = 0
    proposed: Counter[Cell] = Counter()
    rest: list[str] = []
    for edit in edits:
        proposed[edit.cell] += bool(edit.doubt)
        refused += bool(edit.refused)
        listed = refused <= _MOST_REFUSED and proposed[edit.cell] <= _MOST_PROPOSED
        if listed or not (edit.refused or edit.doubt):
            yield edit
        else:
            row = edit.cell.milestone or edit.cell.ref
            rest.append(f"{row} {edit.cell.field}: {edit.returned}".strip())
    yield from _blocks(rest, _CROWDED)


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
