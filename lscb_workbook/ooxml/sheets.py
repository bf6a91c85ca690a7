"""A worksheet's XML: where each cell stands in its bytes, and replacing just those.

The standard library's expat tells the byte offsets; edits are gathered and spliced in once, so that
every byte that is not a changed cell's stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from html import unescape
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from lscb_workbook.ooxml.addresses import Area, address, column_letters, parse_area
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.values import Formula, Value, cell_xml, read_text

__all__ = ["Sheet"]

_TAG = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_ATTRIBUTE = r"""\s{}\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_DIMENSION = re.compile(rb"(<(?:\w+:)?dimension\b[^>]*?\sref=[\"'])([^\"']*)")


class _Row(NamedTuple):
    start: int
    body: int  # where the start tag ends
    end: int
    empty: bool  # <row .../>


class _Cell(NamedTuple):
    start: int
    end: int
    style: str | None


class Sheet:
    """A worksheet's bytes, and the edits that wait to be spliced in."""

    def __init__(self, data: bytes, *, date1904: bool = False) -> None:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.decode("utf-16").encode()
            data = re.sub(rb"encoding=[\"'][^\"']*[\"']", b'encoding="UTF-8"', data, count=1)
        self._date1904 = date1904
        self._values: dict[tuple[int, int], tuple[str | None, Value]] = {}
        self._gone: set[tuple[int, int]] = set()
        self._moved: dict[tuple[int, int], bytes] = {}
        self._heights: dict[int, float] = {}
        self._read(data)
        if self._unnumbered:
            self._read(self._numbered(data))

    # --- reading -----------------------------------------------------------------------------

    def _read(self, data: bytes) -> None:
        self._data = data
        self._rows: dict[int, _Row] = {}
        self._cells: dict[tuple[int, int], _Cell] = {}
        self._unnumbered: list[tuple[int, str]] = []
        self._block: tuple[int, int, int] | None = None  # sheetData: start, end of start tag, end tag
        self._prefix = ""
        parser = expat.ParserCreate()
        parser.ordered_attributes = False
        row = column = 0
        row_start = cell_start = -1
        style: str | None = None

        def started(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, row_start, cell_start, style
            at = parser.CurrentByteIndex
            local = name.rpartition(":")[2]
            if local == "c" and row_start >= 0:
                cell_start, style = at, attributes.get("s")
                where = parse_area(attributes["r"]) if "r" in attributes else None
                column = where.first_column if where else column + 1
                if where is None:
                    self._unnumbered.append((at, address(row, column)))
            elif local == "row" and self._block:
                row_start, column = at, 0
                row = int(attributes["r"]) if "r" in attributes else row + 1
                if "r" not in attributes:
                    self._unnumbered.append((at, str(row)))
            elif local == "sheetData":
                self._prefix = name[: -len("sheetData")]
                self._block = (at, self._tag_end(at), -1)

        def ended(name: str) -> None:
            nonlocal row_start, cell_start
            at = parser.CurrentByteIndex
            local = name.rpartition(":")[2]
            if local == "c" and cell_start >= 0:
                self._cells[row, column] = _Cell(cell_start, self._end(at, cell_start), style)
                cell_start = -1
            elif local == "row" and row_start >= 0:
                end, empty = self._end(at, row_start), self._is_empty(row_start)
                self._rows[row] = _Row(row_start, self._tag_end(row_start), end, empty)
                row_start = -1
            elif local == "sheetData" and self._block:
                start, body, _ = self._block
                self._block = (start, body, start if self._is_empty(start) else at)

        parser.StartElementHandler, parser.EndElementHandler = started, ended
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError) as error:
            raise PackageError(f"It is damaged: a sheet cannot be read ({error}).") from None
        if self._block is None:
            raise PackageError("It is damaged: a sheet has no data part.")

    def _tag_end(self, at: int) -> int:
        match = _TAG.match(self._data, at)
        if match is None:
            raise PackageError("It is damaged: a sheet cannot be read.")
        return match.end()

    def _is_empty(self, start: int) -> bool:
        """Whether the element that begins here is an empty one, ``<row/>``."""
        return self._data[self._tag_end(start) - 2 : self._tag_end(start) - 1] == b"/"

    def _end(self, at: int, start: int) -> int:
        """Where an element ends whose end tag was seen at ``at``; an empty one ends with its own tag."""
        return self._tag_end(start) if self._is_empty(start) else self._data.index(b">", at) + 1

    def _numbered(self, data: bytes) -> bytes:
        """The sheet with the address written into every row and cell that went without."""
        parts, last = [], 0
        for at, name in self._unnumbered:
            cut = at + re.match(rb"<[^\s/>]+", data[at : at + 64]).end()  # type: ignore[union-attr]
            parts += [data[last:cut], f' r="{name}"'.encode()]
            last = cut
        return b"".join([*parts, data[last:]])

    @property
    def last_row(self) -> int:
        return max((*self._rows, *(row for row, _ in self._values)), default=0)

    def style(self, row: int, column: int) -> str | None:
        """The style of a cell, as an index into the workbook's cell formats; None for the default."""
        waiting = self._values.get((row, column))
        if waiting:
            return waiting[0]
        cell = self._cells.get((row, column))
        return cell.style if cell else None

    def text(self, row: int, column: int, shared: list[str]) -> str | float | None:
        """What a cell shows: its text or number, a formula's cached value; None where it is blank."""
        if (row, column) in self._gone:
            return None
        if (row, column) in self._values:
            value = self._values[row, column][1]
            if isinstance(value, Formula):
                return value.value
            if isinstance(value, str | int | float) or value is None:
                return value
            return str(value)
        raw = self._moved.get((row, column)) or self.raw(row, column)
        return _shown(raw, shared) if raw else None

    def raw(self, row: int, column: int) -> bytes:
        """A cell's own bytes as they were read; empty where there is none."""
        cell = self._cells.get((row, column))
        return self._data[cell.start : cell.end] if cell else b""

    def calculates(self, row: int, column: int) -> bool:
        """Whether a formula stands in a cell as it was read."""
        return re.search(rb"<(?:\w+:)?f\b", self.raw(row, column)) is not None

    def holds(self, area: Area) -> str | None:
        """The address of the first cell in an area that holds anything; None where all are blank."""
        for row in range(area.first_row, min(area.last_row, self.last_row) + 1):
            for column in range(area.first_column, area.last_column + 1):
                if self._holds(row, column):
                    return address(row, column)
        return None

    def _holds(self, row: int, column: int) -> bool:
        place = (row, column)
        if place in self._gone:
            return False
        if place in self._values:
            return self._values[place][1] not in (None, "")
        raw = self._moved.get(place) or self.raw(row, column)
        return re.search(rb"<(?:\w+:)?(?:v|f|is)\b", raw) is not None

    # --- editing -----------------------------------------------------------------------------

    def set(self, row: int, column: int, value: Value, style: str | None) -> None:
        """Put a value into a cell."""
        self._values[row, column] = (style, value)
        self._gone.discard((row, column))
        self._moved.pop((row, column), None)

    def put(self, row: int, column: int, raw: bytes) -> None:
        """Put another cell's bytes here, under this cell's address."""
        self._moved[row, column] = raw
        self._values.pop((row, column), None)
        self._gone.discard((row, column))

    def clear(self, row: int, column: int) -> None:
        """Take a cell away, its style too."""
        self._values.pop((row, column), None)
        self._moved.pop((row, column), None)
        self._gone.add((row, column))

    def set_height(self, row: int, height: float) -> None:
        """The height of a row in points, unless somebody fixed it by hand."""
        self._heights[row] = height

    def replace_outside(
        self, pattern: re.Pattern[bytes], replacement: Callable[[re.Match[bytes]], bytes]
    ) -> None:
        """Substitute in the sheet's XML before and after its rows."""
        assert self._block
        start, end = self._block[0], self._block[2]
        head, tail = self._data[:start], self._data[end:]
        new_head, new_tail = pattern.sub(replacement, head), pattern.sub(replacement, tail)
        if (new_head, new_tail) != (head, tail):
            shift = len(new_head) - len(head)
            self._data = new_head + self._data[start:end] + new_tail
            self._shift(shift)

    def _shift(self, by: int) -> None:
        if by and self._block:
            start, body, end = self._block
            self._block = (start + by, body + by, end + by)
            self._rows = {
                n: _Row(r.start + by, r.body + by, r.end + by, r.empty) for n, r in self._rows.items()
            }
            self._cells = {n: _Cell(c.start + by, c.end + by, c.style) for n, c in self._cells.items()}

    @property
    def edited(self) -> bool:
        return bool(self._values or self._gone or self._moved or self._heights)

    @property
    def touches_formulas(self) -> bool:
        """Whether an edit writes, replaces or removes a formula."""
        places = self._values.keys() | self._gone | self._moved.keys()
        if any(isinstance(value, Formula) for _, value in self._values.values()):
            return True
        return any(b"<" + self._prefix.encode() + b"f" in self.raw(*place) for place in places)

    def to_bytes(self) -> bytes:
        """The sheet with its edits spliced in."""
        if not self.edited:
            return self._data
        self._refuse_torn_formulas()
        by_row: dict[int, list[int]] = defaultdict(list)
        for row, column in self._values.keys() | self._moved.keys() | self._gone:
            by_row[row].append(column)
        for row in self._heights:
            by_row.setdefault(row, [])
        columns_of: dict[int, list[int]] = defaultdict(list)
        for row, column in self._cells:
            if row in by_row:
                columns_of[row].append(column)
        splices: list[tuple[int, int, bytes]] = []
        known = sorted(self._rows)
        added: dict[int, list[bytes]] = defaultdict(list)
        for row in sorted(by_row):
            columns = sorted(by_row[row])
            if row in self._rows:
                splices += self._row_splices(row, columns, sorted(columns_of[row]))
            else:
                cells = b"".join(self._rendered(row, column) for column in columns)
                if cells:
                    position = bisect_left(known, row)
                    at = self._rows[known[position]].start if position < len(known) else -1
                    added[at].append(self._row_tag(row) + cells + f"</{self._prefix}row>".encode())
        assert self._block
        start, body, end = self._block
        for at, rows in added.items():
            if at >= 0:
                splices.append((at, at, b"".join(rows)))
            elif end == start:  # <sheetData/>
                name = f"{self._prefix}sheetData"
                splices.append((start, body, f"<{name}>".encode() + b"".join(rows) + f"</{name}>".encode()))
            else:
                splices.append((end, end, b"".join(rows)))
        return self._with_dimension(_spliced(self._data, splices))

    def _row_tag(self, row: int) -> bytes:
        height = self._heights.get(row)
        return (
            f'<{self._prefix}row r="{row}"'.encode()
            + (f' ht="{height:g}"'.encode() if height else b"")
            + b">"
        )

    def _row_splices(self, row: int, columns: list[int], present: list[int]) -> list[tuple[int, int, bytes]]:
        place = self._rows[row]
        tag = self._data[place.start : place.body]
        new_tag = self._changed_tag(tag, row, bool(columns))
        if place.empty:
            cells = b"".join(self._rendered(row, column) for column in columns)
            if not cells and new_tag == tag:
                return []
            opened = new_tag[:-2].rstrip() + b">" if cells else new_tag
            closing = f"</{self._prefix}row>".encode() if cells else b""
            return [(place.start, place.end, opened + cells + closing)]
        splices = [(place.start, place.body, new_tag)] if new_tag != tag else []
        for column in columns:
            new = self._rendered(row, column)
            cell = self._cells.get((row, column))
            if cell:
                splices.append((cell.start, cell.end, new))
            elif new:
                following = bisect_left(present, column)
                if following < len(present):
                    at = self._cells[row, present[following]].start
                else:
                    at = (
                        self._data.rindex(b"<", place.body, place.end)
                        if present == []
                        else self._after(row, present)
                    )
                splices.append((at, at, new))
        return splices

    def _after(self, row: int, present: list[int]) -> int:
        return self._cells[row, present[-1]].end

    def _changed_tag(self, tag: bytes, row: int, cells: bool) -> bytes:
        if cells:
            tag = re.sub(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", tag)
        fixed = re.search(rb"\scustomHeight\s*=\s*[\"'](?:1|true)[\"']", tag)
        if row in self._heights and not fixed:
            tag = re.sub(rb"\sht\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", tag)
            cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:cut] + f' ht="{self._heights[row]:g}"'.encode() + tag[cut:]
        return tag

    def _rendered(self, row: int, column: int) -> bytes:
        where = address(row, column)
        if (row, column) in self._moved:
            return re.sub(
                rb"(\sr\s*=\s*[\"'])[A-Z]+[0-9]+",
                rb"\g<1>" + where.encode(),
                self._moved[row, column],
                count=1,
            )
        if (row, column) not in self._values:
            return b""
        style, value = self._values[row, column]
        return cell_xml(where, style, value, date1904=self._date1904, prefix=self._prefix).encode()

    def _refuse_torn_formulas(self) -> None:
        """A formula that other cells share may go only together with theirs."""
        replaced = self._values.keys() | self._gone | self._moved.keys()
        groups = set()
        for place in replaced:
            match = re.search(rb"<[^>]*\bt=\"shared\"[^>]*>", self.raw(*place))
            if match and b" ref=" in match[0] and (group := re.search(rb"\bsi=\"(\d+)\"", match[0])):
                groups.add(group[1])
        for place in self._cells.keys() - replaced if groups else ():
            match = re.search(rb"<[^>]*\bt=\"shared\"[^>]*\bsi=\"(\d+)\"", self.raw(*place))
            if match and match[1] in groups:
                raise PackageError(
                    f"The formula of cell {address(*place)} is shared with a cell to be written over. "
                    "Enter the formula there anew and try again."
                )

    def _with_dimension(self, data: bytes) -> bytes:
        rows = [row for row, _ in (*self._values, *self._moved)] + [0]
        columns = [column for _, column in (*self._values, *self._moved)] + [0]

        def grown(match: re.Match[bytes]) -> bytes:
            area = parse_area(match[2].decode())
            if area is None:
                return match[0]
            last = f"{column_letters(max(area.last_column, *columns))}{max(area.last_row, *rows)}"
            return match[1] + f"{address(area.first_row, area.first_column)}:{last}".encode()

        return _DIMENSION.sub(grown, data, count=1)


def _spliced(data: bytes, splices: list[tuple[int, int, bytes]]) -> bytes:
    parts, last = [], 0
    for start, end, new in sorted(splices, key=lambda splice: (splice[0], splice[1])):
        parts += [data[last:start], new]
        last = end
    return b"".join([*parts, data[last:]])


def _shown(raw: bytes, shared: list[str]) -> str | float | None:
    text = _CDATA.sub(lambda match: escape(match[1]), raw.decode("utf-8", "replace"))
    head = text[: text.index(">") + 1]
    kind = re.search(_ATTRIBUTE.format("t"), head)
    name = (kind[1] or kind[2]) if kind else "n"
    if name == "inlineStr":
        runs = re.findall(r"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", text, flags=re.S)
        return read_text(unescape("".join(runs)))
    value = re.search(r"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v>", text, flags=re.S)
    if value is None:
        return None
    said = unescape(value[1])
    if name == "s":
        return shared[int(said)] if int(said) < len(shared) else None
    if name in ("str", "e", "d"):
        return read_text(said)
    try:
        return float(said)
    except ValueError:
        return said
