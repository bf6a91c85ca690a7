"""A workbook made ready to be filled many times: what every filling has alike is rendered once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from lscb_workbook.ooxml.addresses import column_letters
from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.spans import Spans
from lscb_workbook.ooxml.values import CellWriter, UnfitError, Value, escaped_text
from lscb_workbook.ooxml.workbook import NewRows, Workbook

__all__ = ["Form", "Line", "gap"]

_FARTHEST = 1_048_000  # a row that no table reaches
_Rest = Callable[[str | None, Value], str]
_DIMENSION = re.compile(rb"(<(?:\w+:)?dimension\b[^>]*?\sref=[\"'][A-Z]+[0-9]+:[A-Z]+)[0-9]+")


def gap(name: str) -> str:
    """A text to put into a cell or property of a form, in whose place each filling has one of its own.

    It begins with a blank, so that those of what comes in its place are kept.
    """
    return f" \ue000{name}\ue001"


class Line(NamedTuple):
    """A row as a sheet has it, cut into what stands before, between and after each place of its number."""

    pieces: Sequence[str]


class Form:
    """A prepared package that is patched for each filling.

    ``tables`` are those that get rows below what they have, each the last thing on its sheet; gaps (see
    :func:`gap`) may stand in any text. A filling holds what :meth:`Workbook.append` and
    :meth:`Workbook.set_name` would make of the same rows and texts, for a fraction of their time; a row that
    stands in several fillings is made once (:meth:`line`).
    """

    def __init__(self, book: Workbook, tables: Sequence[str]) -> None:
        """Raises PackageError where something stands below one of the tables."""
        prepared = Workbook.open(book.to_bytes())
        model = prepared.copy()
        self._tables = {name: prepared.new_rows(name) for name in tables}
        self._columns = {name: _columns(new) for name, new in self._tables.items()}
        # Each table reaches to a row of which nothing else speaks; that number is then a gap as well.
        texts = b"".join(prepared.package.read(part) for part in prepared.package.names if _is_xml(part))
        free = (row for row in range(_FARTHEST, 0, -1) if str(row).encode() not in texts)
        self._last = {name: str(next(free)) for name in tables}
        for name, last in self._last.items():
            model.reach(name, int(last))
        self._package = Package.open(model.to_bytes())
        self._gaps = re.compile("( \ue000[^\ue001]*\ue001|" + "|".join(self._last.values()) + ")")
        on = {model.part_of(name): name for name in tables}
        pieces = {part: self._cut(part, on.get(part)) for part in self._package.names if _is_xml(part)}
        self._parts = {part: cut for part, cut in pieces.items() if len(cut) > 1}

    def _cut(self, part: str, table: str | None) -> list[str]:
        """A part's text, cut into what stands and, every second piece, what is filled in."""
        data = self._package.read(part)
        if table:
            spans = Spans(data)
            start = spans.row_after(self._tables[table].first)
            data = data[:start] + gap(_rows_of(table)).encode() + data[spans.last :]
            data = _DIMENSION.sub(rb"\g<1>" + self._last[table].encode(), data, count=1)
        return self._gaps.split(data.decode())

    def line(self, table: str, row: Mapping[str, Value]) -> Line:
        """A row of a table, by heading, made ready to be filled in, wherever it will stand.

        Raises PackageError where a value is none that a cell can hold.
        """
        new, (rest_of, columns) = self._tables[table], self._columns[table]
        pieces, last = [f'<{new.prefix}row r="'], f'"{_height(new, row)}>' if new.looks else '">'
        for start, style, heading in columns:
            try:
                rest = rest_of(style, row.get(heading))
            except UnfitError as error:
                raise error.of(f"'{heading}' in the table '{table}'") from None
            if rest:
                pieces.append(last + start)
                last = rest
        pieces.append(f"{last}</{new.prefix}row>")
        return Line(pieces)

    def filled(self, lines: Mapping[str, Sequence[Line]], texts: Mapping[str, str]) -> bytes:
        """The workbook with these rows of its tables and these texts, by the name of their gap.

        Raises KeyError where a table or gap is left out.
        """
        values = {gap(name): escaped_text(text) for name, text in texts.items()}
        for name, new in self._tables.items():
            rows = lines[name] or ([self.line(name, {})] if new.blank else [])
            numbered = (str(number).join(row.pieces) for number, row in enumerate(rows, new.first))
            values[gap(_rows_of(name))] = "".join(numbered)
            values[self._last[name]] = str(new.first + len(rows) - 1)
        package = self._package.copy()
        for part, pieces in self._parts.items():
            whole = pieces.copy()
            whole[1::2] = [values[piece] for piece in pieces[1::2]]
            package.replace(part, "".join(whole).encode())
        return package.to_bytes()


def _rows_of(table: str) -> str:
    return f"rows of {table}"


def _is_xml(part: str) -> bool:
    return part.endswith((".xml", ".rels", ".vml"))


def _columns(new: NewRows) -> tuple[_Rest, list[tuple[str, str | None, str]]]:
    """A function that writes a cell; of each column what its cells begin with, their style, its heading."""
    writer = CellWriter(new.prefix, date1904=new.date1904)
    starts = [writer.start + column_letters(new.first_col + place) for place in range(len(new.columns))]
    return writer.rest, list(zip(starts, new.styles, new.columns, strict=True))


def _height(new: NewRows, row: Mapping[str, Value]) -> str:
    """The attribute that makes a row as high as its wrapped text needs."""
    headers = (new.columns[look.column - new.first_col] for look in new.looks)
    shown = [
        WrappedText(text, look.width, look.format.size, look.format.bold)
        for look, header in zip(new.looks, headers, strict=True)
        if isinstance(text := row.get(header), str)
    ]
    return f' ht="{row_height(shown):g}"'
