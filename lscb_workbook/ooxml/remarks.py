"""What an owner writes beside the rows of a table that is filled anew, in columns of their own.

It goes with its row. Where the row is gone it is told of, so that it is not lost without a word. A column
that is calculated throughout stays so, in every row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from html import unescape
from typing import NamedTuple

from lscb_workbook.ooxml.cells import is_formula
from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.references import copied_formula
from lscb_workbook.ooxml.sheets import Sheet
from lscb_workbook.ooxml.tables import TableInfo
from lscb_workbook.ooxml.values import Formula, Value

__all__ = ["Beside", "Remark", "calculated", "matched"]

Words = Mapping[str, str]
"""A row's cells by heading, as words."""

_PLAIN = re.compile(rb"(<(?:\w+:)?f>)([^<]+)(</(?:\w+:)?f>)")


class Remark(NamedTuple):
    """What stood in an owner's column beside a row that is gone; ``beside`` are that row's words."""

    sheet: str
    table: str
    column: str
    beside: str
    text: str


def matched(old: Sequence[Words], new: Sequence[Words], keys: Sequence[Sequence[str]]) -> dict[int, int]:
    """Which of the old rows each of the new ones is, by position.

    Rows are the same where they agree under the headings of the first key, in their order where several do;
    those left over where they agree under those of the next, if just one of either does; and so on.
    """
    found: dict[int, int] = {}
    for number, key in enumerate(keys):
        olds, news = _grouped(old, key, set(found.values())), _grouped(new, key, set(found))
        for words, positions in news.items():
            if number == 0 or len(olds[words]) == len(positions) == 1:
                found.update(zip(positions, olds[words], strict=False))
    return found


def _grouped(
    rows: Sequence[Words], key: Sequence[str], but: Container[int]
) -> dict[tuple[str, ...], list[int]]:
    """The positions of rows, those set aside left out, by what they say under these headings."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        if position not in but:
            groups[tuple(row.get(header, "") for header in key)].append(position)
    return groups


class Beside:
    """The cells of an owner's columns (``own``, by heading) beside a table's rows.

    They are read when it is made, before the table is filled anew, and put back by :meth:`put`. ``shown``
    says what a cell of the sheet shows, by row and column; ``number`` what a day is as a number there.
    """

    def __init__(
        self,
        sheet: Sheet,
        info: TableInfo,
        own: Sequence[str],
        *,
        shown: Callable[[int, int], str | float | None],
        number: Callable[[float | date], float],
    ) -> None:
        self._info, self._number = info, number
        rows = range(info.first_row, info.last_row + 1)
        columns = {header: info.column(header) for header in info.columns}
        self._cells = {header: [sheet.now(row, columns[header]) for row in rows] for header in own}
        self._plain = {header: [sheet.plain(row, columns[header]) for row in rows] for header in own}
        self._words = [
            {header: self._said(shown(row, column)) for header, column in columns.items()} for row in rows
        ]

    def put(
        self,
        sheet: Sheet,
        rows: Sequence[Mapping[str, Value]],
        keys: Sequence[Sequence[str]],
        styles: Mapping[str, str | None],
    ) -> None:
        """Put the cells beside the rows that now stand in the table, each beside its own.

        ``keys`` are the headings that tell rows apart (see :func:`matched`).
        """
        places = self._places(rows, keys)
        for header, cells in self._cells.items():
            column = self._info.column(header)
            if self._is_calculated(header):
                self._calculate(sheet, header, len(rows), styles[header])
                continue
            for position, was in places.items():
                if cells[was]:
                    cell = cells[was] if position == was else self._plain[header][was]
                    sheet.put(self._info.first_row + position, column, _copied(cell, position - was))

    def left(self, rows: Sequence[Mapping[str, Value]], keys: Sequence[Sequence[str]]) -> list[Remark]:
        """What would have no row to stand beside, were the table filled with these rows."""
        kept = set(self._places(rows, keys).values())
        return [
            self._remark(header, words)
            for header in self._cells
            if not self._is_calculated(header)
            for was, words in enumerate(self._words)
            if words[header] and was not in kept
        ]

    def _places(self, rows: Sequence[Mapping[str, Value]], keys: Sequence[Sequence[str]]) -> dict[int, int]:
        new = [{header: self._said(value) for header, value in row.items()} for row in rows]
        return matched(self._words, new, keys)

    def _is_calculated(self, header: str) -> bool:
        cells = self._cells[header]
        return header in self._info.formulas or (len(cells) > 1 and all(map(is_formula, cells)))

    def _calculate(self, sheet: Sheet, header: str, count: int, style: str | None) -> None:
        """Have a column calculated in each of so many rows; the formulas that are there stay."""
        cells, column = self._cells[header], self._info.column(header)
        for position in range(count):
            row = self._info.first_row + position
            if position < len(cells) and is_formula(cells[position]):
                sheet.put(row, column, cells[position])
            elif header in self._info.formulas:
                sheet.set(row, column, Formula(calculated(sheet, self._info, header, row)), style)
            else:
                last = len(cells) - 1
                sheet.put(row, column, _copied(self._plain[header][last], position - last))

    def _remark(self, header: str, words: Words) -> Remark:
        info = self._info
        beside = [text for heading, text in words.items() if text and heading not in self._cells]
        return Remark(info.sheet, info.name, header, ", ".join(beside), words[header])

    def _said(self, value: Value) -> str:
        """A value as words, the same for one to be written and for one read from a cell."""
        if isinstance(value, Formula):
            return self._said(value.value)
        if value is None or isinstance(value, str | bool):
            return "" if value is None else str(value).replace("\r\n", "\n")
        number = self._number(value)
        return str(int(number)) if float(number).is_integer() else repr(float(number))


def calculated(sheet: Sheet, info: TableInfo, header: str, row: int) -> str:
    """The formula that a calculated column has in a row that is new to the table.

    One that means cells by where they stand is copied from the nearest row above that has one, as Excel does.
    """
    text, column = info.formulas[header], info.column(header)
    if copied_formula(text, 1) == text:
        return text
    for above in range(row - 1, info.first_row - 1, -1):
        formula = sheet.formula(above, column)
        if formula:
            return copied_formula(formula, row - above)
    return copied_formula(text, row - info.first_row)


def _copied(cell: bytes, rows: int) -> bytes:
    """A cell as it reads so many rows further down."""

    def formula(match: re.Match[bytes]) -> bytes:
        moved = copied_formula(unescape(match[2].decode("utf-8", "surrogateescape")), rows)
        return match[1] + escape(moved).encode("utf-8", "surrogateescape") + match[3]

    return _PLAIN.sub(formula, cell, count=1) if rows else cell
