"""Where the rows and cells of a worksheet stand in its bytes, found without taking the sheet apart.

The rows are found in one pass; the cells of a row when they are asked for, since most are not: a sheet
of a hundred thousand rows to which one is added need not be read cell by cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from lscb_workbook.ooxml.addresses import column_letters, column_number
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.escaping import escape

__all__ = ["CellSpan", "RowSpan", "Spans", "in_utf8", "text_of"]

_DATA = b"<![CDATA["
_DAMAGED = "It is damaged: a sheet cannot be read."
_BLOCK = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^>]*?)?(/?)>")
_ENCODING = re.compile(rb"(<\?xml[^>]*?\sencoding=[\"'])([\w.-]+)")
_IN_TAG = rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+"
# What most cells hold is written out: it is found sooner than an end tag behind anything. @ is the prefix.
_TEXT, _NUMBER = rb"<@is><@t(?: [^<>]*+)?>[^<]*+</@t></@is>", rb"(?:<@f>[^<]*+</@f>)?<@v>[^<]*+</@v>"
_CELL = (
    rb"<@c(?=[\s/>])(?: r=\"([A-Z]+)\d+\")?(?: s=\"(\d+)\")?(| t=\"[A-Za-z]++\"|" + _IN_TAG + rb")>"
    rb"(?:(?<=/>)|(?:" + _TEXT + rb"|" + _NUMBER + rb"|.*?)</@c\s*>)"
)
_OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)
_FORMULA = re.compile(
    rb"<(?:\w+:)?(?:f|formula|formula1|formula2|definedName|calculatedColumnFormula|totalsRowFormula)"
    rb"(?:\s[^<>]*)?(?<!/)>"
)
_SHARED = re.compile(rb"\st\s*=\s*[\"']shared[\"']")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")
_CELL_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]+)\d+[\"']")
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")


class RowSpan(NamedTuple):
    """A row's bytes: where it starts, its start tag ends, and it ends; ``numbered``: it says its number."""

    start: int
    body: int
    end: int
    empty: bool
    numbered: bool


class CellSpan(NamedTuple):
    """A cell's bytes, and its style as an index into the workbook's cell formats (None for the default)."""

    start: int
    end: int
    style: str | None
    numbered: bool


class Spans:
    """A worksheet's bytes and what stands where in them. It never changes, so copies may share it.

    The rows stand from ``first`` to ``last``; ``head`` is what comes before them and ``tail`` what comes
    after. (Of a sheet without rows, ``<sheetData/>`` stands between head and ``first``.) ``prefix`` is that
    of the main namespace's elements, with its colon, or empty. ``seen`` are the bytes with blanks in the
    place of all in which a tag is no tag.
    """

    def __init__(self, data: bytes) -> None:
        """Raises PackageError where the bytes are no worksheet."""
        self.data = data = in_utf8(data)
        self.seen = _OPAQUE.sub(lambda match: b" " * len(match[0]), data) if _is_opaque(data) else data
        block = _BLOCK.search(self.seen)
        if block is None:
            raise PackageError("It is damaged: a sheet has no data part.")
        self.prefix = block[1].decode()
        name = block[1] + b"sheetData"
        self._row_tag = re.compile(rb"<" + block[1] + rb"row(?=[\s/>])(?: r=\"(\d+)\")?+" + _IN_TAG + rb">")
        self._row_end = b"</" + block[1] + b"row"
        self._cell_start = b"<" + block[1] + b"c "
        self._cell = re.compile(_CELL.replace(b"@", block[1]), re.S)
        if block[2]:
            self.head, self.first, self.last = data[: block.start()], block.end(), block.end()
        else:
            end = self.seen.rfind(b"</" + name)
            if end < block.end():
                raise PackageError(_DAMAGED)
            self.head, self.first, self.last = data[: block.end()], block.end(), end
        self.tail = data[self.last :]
        self._rows: dict[int, RowSpan] = {}
        self._cells: dict[int, dict[int, CellSpan]] = {}
        self._asked: set[int] = set()

    @cached_property
    def shares_formulas(self) -> bool:
        """Whether any formula of the sheet is written once for several cells."""
        return b"shared" in self.data and _SHARED.search(self.data) is not None

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the rows that are written, in order."""
        return sorted(self._starts)

    @cached_property
    def _starts(self) -> dict[int, int]:
        """Where each row starts, by its number."""
        starts: dict[int, int] = {}
        number = 0
        for match in self._row_tag.finditer(self.seen, self.first, self.last):
            said = match[1] or _first(_ROW_NUMBER, match[0])  # as most say it, first of all
            number = int(said) if said else number + 1
            starts[number] = match.start()
        return starts

    def __contains__(self, row: int) -> bool:
        return row in self._starts

    @property
    def last_row(self) -> int:
        return self.numbers[-1] if self.numbers else 0

    def row(self, number: int) -> RowSpan:
        """Where a row stands. Raises KeyError where it is not written."""
        if number not in self._rows:
            self._rows[number] = self._find_row(self._starts[number])
        return self._rows[number]

    def _find_row(self, start: int) -> RowSpan:
        tag = self._row_tag.match(self.seen, start)
        assert tag is not None
        numbered = _ROW_NUMBER.search(tag[0]) is not None
        if tag[0].endswith(b"/>"):
            return RowSpan(start, tag.end(), tag.end(), True, numbered)
        closing = self.seen.find(self._row_end, tag.end(), self.last)
        if closing < 0:
            raise PackageError(_DAMAGED)
        return RowSpan(start, tag.end(), self.seen.index(b">", closing) + 1, False, numbered)

    def row_after(self, number: int) -> int:
        """Where the first row below a number starts, or the rows end."""
        position = bisect_left(self.numbers, number)
        return self._starts[self.numbers[position]] if position < len(self.numbers) else self.last

    def cells(self, number: int) -> Mapping[int, CellSpan]:
        """The cells of a row by column, in their order."""
        if number not in self._cells:
            self._cells[number] = dict(self._find_cells(number))
        return self._cells[number]

    def cell(self, row: int, column: int) -> CellSpan | None:
        """A cell; None where it is not written.

        The first that is asked for in a row is looked for alone; whoever asks again will want them all.
        """
        if row in self._asked or row in self._cells or row not in self:
            return self.cells(row).get(column)
        self._asked.add(row)
        place = self.row(row)
        said = f'<{self.prefix}c r="{column_letters(column)}{row}"'.encode()
        at = self.seen.find(said, place.body, place.end)
        match = self._cell.match(self.seen, at, place.end) if at >= 0 else None
        return _span(match, column)[1] if match else self.cells(row).get(column)

    def _find_cells(self, number: int) -> list[tuple[int, CellSpan]]:
        found: list[tuple[int, CellSpan]] = []
        column = 0
        row = self.row(number) if number in self else None
        for match in self._cell.finditer(self.seen, row.body, row.end) if row else ():
            column, span = _span(match, column + 1)
            found.append((column, span))
        return found

    def place_of(self, at: int) -> tuple[int, int] | None:
        """The row and column of the cell that a byte is in; None where it is in none."""
        starts, numbers = self._by_start
        above = bisect_right(starts, at) - 1
        if above < 0:
            return None
        row, start = numbers[above], self.seen.rfind(self._cell_start, starts[above], at)
        match = self._cell.match(self.seen, start, self.last) if start >= 0 else None
        if match and match[1] and at < match.end():
            return row, column_number(match[1].decode())
        cells = self.cells(row).items()
        return next(((row, column) for column, cell in cells if cell.start <= at < cell.end), None)

    @cached_property
    def _by_start(self) -> tuple[list[int], list[int]]:
        """Where the rows start, in that order, and their numbers."""
        found = sorted((start, row) for row, start in self._starts.items())
        return [start for start, _ in found], [row for _, row in found]

    def holds(self, row: int, cells: bytes) -> bool:
        """Whether these cells, with their addresses, stand in a row one after the other."""
        if row not in self:
            return False
        place = self.row(row)
        return self.seen.find(cells, place.body, place.end) >= 0

    def raw(self, row: int, column: int) -> bytes:
        """A cell's own bytes; empty where there is none."""
        cell = self.cell(row, column)
        return self.data[cell.start : cell.end] if cell else b""


def _span(match: re.Match[bytes], following: int) -> tuple[int, CellSpan]:
    """A cell and its column, which is the ``following`` one where it does not say."""
    letters, style, rest = match.groups()
    if rest and rest != b"/":
        letters = letters or _first(_CELL_ADDRESS, rest)
        style = style or _first(_STYLE, rest)
    column = column_number(letters.decode().upper()) if letters else following
    return column, CellSpan(
        match.start(), match.end(), style.decode() if style else None, letters is not None
    )


def _first(pattern: re.Pattern[bytes], attributes: bytes) -> bytes | None:
    found = pattern.search(attributes)
    return found[1] if found else None


def _is_opaque(data: bytes) -> bool:
    """Whether something stands in a sheet, its declaration apart, in which a tag is no tag."""
    # A single byte is looked for first, because that is many times as fast.
    if b"!" in data and b"<!" in data:
        return True
    return data.find(b"?", max(0, data.find(b"?>", 0, 200)) + 1) > 0 and data.find(b"<?", 1) > 0


def in_utf8(data: bytes) -> bytes:
    """A part in UTF-8, whatever it was written in, its formulas as plain text where they are character data.

    Raises PackageError where it cannot be read.
    """
    said = _ENCODING.match(data[:200])
    name = said[2].decode().lower() if said else ""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.decode("utf-16").encode()
        elif said and name not in ("utf-8", "utf8", "us-ascii", "ascii"):
            data = data.decode(name).encode()
        else:
            return _with_plain_formulas(data)
    except (UnicodeError, LookupError):
        raise PackageError(_DAMAGED) from None
    return _with_plain_formulas(_ENCODING.sub(rb"\g<1>UTF-8", data, count=1))


def _with_plain_formulas(data: bytes) -> bytes:
    """Markup with the formulas written out that stand in sections of character data."""

    def plain(match: re.Match[bytes]) -> bytes:
        said, tag = match[0], data.rfind(b"<", 0, match.start())
        if not said.startswith(_DATA) or tag < 0 or not _FORMULA.match(data, tag):
            return said
        text = said[len(_DATA) : -len(b"]]>")].decode("utf-8", "surrogateescape")
        return escape(text).encode("utf-8", "surrogateescape")

    return _OPAQUE.sub(plain, data) if _DATA in data else data


def text_of(part: bytes) -> str | None:
    """A part as text, whatever it was written in; None where it cannot be read."""
    try:
        return in_utf8(part).decode()
    except (PackageError, UnicodeDecodeError):
        return None
