"""A worksheet that is edited: edits are gathered, and spliced into its bytes once.

Every byte that is not a changed cell's stands, the cells beside it in the same row too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import unescape
from xml.sax.saxutils import escape

from lscb_workbook.ooxml.addresses import Area, address, column_letters, parse_area
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.spans import RowSpan, Spans
from lscb_workbook.ooxml.values import CellWriter, Edit, Formula, Value, number_of, read_text

__all__ = ["Sheet", "is_formula"]

_ATTRIBUTE = r"""\s{}\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_KIND = re.compile(_ATTRIBUTE.format("t"))
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_DIMENSION = re.compile(rb"(<(?:\w+:)?dimension\b[^>]*?\sref=[\"'])([^\"']*)")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_HELD = re.compile(rb"<(?:\w+:)?(?:v|f|is)\b")
_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.S)
_TEXTS = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", re.S)
_VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v>", re.S)
_NAME = re.compile(rb"<[^\s/>]+")
_COLUMNS = re.compile(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", re.S)
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_HEIGHT = re.compile(rb"\sht\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_FIXED = re.compile(rb"\scustomHeight\s*=\s*[\"'](?:1|true)[\"']")
_SHARED_FORMULA = re.compile(rb"<[^>]*\bt=\"shared\"[^>]*>")
_GROUP = re.compile(rb"\bsi=\"(\d+)\"")

Splice = tuple[int, int, bytes]


class Sheet:
    """A worksheet's bytes, and the edits that wait to be spliced in."""

    def __init__(self, data: bytes, *, date1904: bool = False) -> None:
        """Raises PackageError where the bytes are no worksheet."""
        self._spans = Spans(data)
        self._date1904 = date1904
        self._writer = CellWriter(self._spans.prefix, date1904=date1904)
        self._head, self._tail = self._spans.head, self._spans.tail
        self._edits: dict[int, dict[int, Edit]] = {}
        self._heights: dict[int, float] = {}

    def copy(self) -> Sheet:
        """A sheet of its own that starts as this one now is; the bytes read are shared."""
        twin = object.__new__(Sheet)
        twin.__dict__.update(self.__dict__)
        twin._edits = {row: dict(edits) for row, edits in self._edits.items()}
        twin._heights = dict(self._heights)
        return twin

    # --- reading -----------------------------------------------------------------------------

    @property
    def data(self) -> bytes:
        """The sheet as it was read."""
        return self._spans.data

    @property
    def last_row(self) -> int:
        return max((self._spans.last_row, *self._edits))

    def style(self, row: int, column: int) -> str | None:
        """The style of a cell, as an index into the workbook's cell formats; None for the default."""
        edit = self._edit(row, column)
        if isinstance(edit, tuple):
            return edit[0]
        cell = self._spans.cells(row).get(column)
        return cell.style if cell else None

    def text(self, row: int, column: int, shared: Sequence[str]) -> str | float | None:
        """What a cell shows: its text or number, a formula's cached value; None where it is blank."""
        edit = self._edit(row, column)
        if isinstance(edit, tuple):
            value = edit[1].value if isinstance(edit[1], Formula) else edit[1]
            return value if isinstance(value, str | int | float) or value is None else str(value)
        raw = self.raw(row, column) if edit is None else edit
        return _shown(raw, shared) if raw else None

    def shows(self, row: int, column: int, value: Value, shared: Sequence[str]) -> bool:
        """Whether a cell holds this very value already, as it was read: typed and not calculated."""
        raw = self.raw(row, column)
        if self._edit(row, column) is not None or is_formula(raw):
            return False
        held = _shown(raw, shared) if raw else None
        if value is None or value == "":
            return held is None
        if isinstance(value, Formula | bool) or held is None:
            return False
        return held == (value if isinstance(value, str) else number_of(value, date1904=self._date1904))

    def raw(self, row: int, column: int) -> bytes:
        """A cell's own bytes as they were read; empty where there is none."""
        return self._spans.raw(row, column)

    def holds(self, area: Area) -> str | None:
        """The address of the first cell in an area that holds anything; None where all are blank."""
        for row in range(area.first_row, min(area.last_row, self.last_row) + 1):
            if row not in self._edits and row not in self._spans:
                continue
            for column in range(area.first_column, area.last_column + 1):
                if self._holds(row, column):
                    return address(row, column)
        return None

    def _holds(self, row: int, column: int) -> bool:
        edit = self._edit(row, column)
        if isinstance(edit, tuple):
            return edit[1] not in (None, "")
        return _HELD.search(self.raw(row, column) if edit is None else edit) is not None

    def _edit(self, row: int, column: int) -> Edit | None:
        return self._edits[row].get(column) if row in self._edits else None

    # --- editing -----------------------------------------------------------------------------

    def set(self, row: int, column: int, value: Value, style: str | None) -> None:
        """Put a value into a cell."""
        self._edits.setdefault(row, {})[column] = (style, value)

    def set_row(self, row: int, first: int, values: Iterable[Value], styles: Iterable[str | None]) -> None:
        """Put values into the cells of a row from column ``first`` on, as :meth:`set` does."""
        self._edits.setdefault(row, {}).update(enumerate(zip(styles, values, strict=True), first))

    def put(self, row: int, column: int, raw: bytes) -> None:
        """Put another cell's bytes here, under this cell's address; none to take the cell away."""
        self._edits.setdefault(row, {})[column] = raw

    def set_height(self, row: int, height: float) -> None:
        """The height of a row in points, unless somebody fixed it by hand."""
        self._heights[row] = height

    def replace_outside(
        self, pattern: re.Pattern[bytes], replacement: Callable[[re.Match[bytes]], bytes]
    ) -> None:
        """Substitute in the sheet's XML before and after its rows."""
        self._head, self._tail = pattern.sub(replacement, self._head), pattern.sub(replacement, self._tail)

    @property
    def columns(self) -> bytes:
        """The ``<cols>`` element that gives the columns' widths; empty where there is none."""
        found = _COLUMNS.search(self._head)
        return found[0] if found else b""

    @property
    def edited(self) -> bool:
        """Whether a cell or a row's height was set."""
        return bool(self._edits or self._heights)

    @property
    def touches_formulas(self) -> bool:
        """Whether an edit writes, replaces or removes a formula."""
        edits = (edit for row in self._edits.values() for edit in row.values())
        if any(isinstance(edit, tuple) and isinstance(edit[1], Formula) for edit in edits):
            return True
        return any(is_formula(self.raw(*place)) for place in self._places())

    def _places(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row, edits in self._edits.items() for column in edits)

    # --- writing -----------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """The sheet with its edits spliced in."""
        spans = self._spans
        if not self.edited and (self._head, self._tail) == (spans.head, spans.tail):
            return spans.data
        self._refuse_torn_formulas()
        known = sorted(row for row in {*self._edits, *self._heights} if row in spans)
        splices = [*self._added_rows(), *(splice for row in known for splice in self._row_splices(row))]
        middle = _spliced(spans.data, splices, spans.first, spans.last)
        opening = spans.data[len(spans.head) : spans.first]
        if opening and middle:  # an empty <sheetData/>, into which rows are written
            name = f"{spans.prefix}sheetData"
            opening, middle = f"<{name}>".encode(), middle + f"</{name}>".encode()
        return b"".join([self._with_dimension(), opening, middle, self._tail])

    def _added_rows(self) -> Iterator[Splice]:
        """The rows that are not written yet, each where it belongs."""
        start, end = f'<{self._spans.prefix}row r="', f"</{self._spans.prefix}row>"
        added: dict[int, list[str]] = {}
        for row in sorted(row for row in self._edits if row not in self._spans):
            cells, height = self._writer.cells(row, self._edits[row]), self._heights.get(row)
            if cells:
                said = f'{row}" ht="{height:g}">' if height else f'{row}">'
                added.setdefault(self._spans.row_after(row), []).append(f"{start}{said}{cells}{end}")
        return ((at, at, _encoded("".join(rows))) for at, rows in added.items())

    def _row_splices(self, row: int) -> Iterable[Splice]:
        edits, spans = self._edits.get(row, {}), self._spans
        place = spans.row(row)
        tag = spans.data[place.start : place.body]
        new_tag = self._changed_tag(tag, row, place, bool(edits))
        if place.empty:
            cells = self._writer.cells(row, edits)
            if cells:
                new_tag = new_tag[:-2].rstrip() + _encoded(f">{cells}</{spans.prefix}row>")
            return ((place.start, place.end, new_tag),) if new_tag != tag else ()
        splices = [(place.start, place.body, new_tag)] if new_tag != tag else []
        return [*splices, *self._cell_splices(row, edits, place)] if edits else splices

    def _cell_splices(self, row: int, edits: Mapping[int, Edit], place: RowSpan) -> Iterator[Splice]:
        present = self._spans.cells(row)
        for column in sorted(edits):
            new = _encoded(self._writer.cells(row, {column: edits[column]}))
            cell = present.get(column)
            if cell:
                yield cell.start, cell.end, new
            elif new:
                at = next((one.start for number, one in present.items() if number > column), None)
                if at is None:
                    at = max((one.end for one in present.values()), default=place.body)
                yield at, at, new
        for column, cell in present.items():
            if not cell.numbered and column not in edits:  # or it would follow what is put in or taken out
                name = _NAME.match(self._spans.data, cell.start)
                assert name is not None
                yield name.end(), name.end(), f' r="{address(row, column)}"'.encode()

    def _changed_tag(self, tag: bytes, row: int, place: RowSpan, cells: bool) -> bytes:
        if cells:
            tag = _SPANS.sub(b"", tag)
            if not place.numbered:
                tag = _NAME.sub(lambda name: name[0] + f' r="{row}"'.encode(), tag, count=1)
        if row in self._heights and not _FIXED.search(tag):
            tag = _HEIGHT.sub(b"", tag)
            cut = len(tag) - (2 if place.empty else 1)
            tag = tag[:cut] + f' ht="{self._heights[row]:g}"'.encode() + tag[cut:]
        return tag

    def _refuse_torn_formulas(self) -> None:
        """A formula that other cells share may go only together with theirs."""
        if not self._spans.shares_formulas:
            return
        replaced = set(self._places())
        groups = {group for place in replaced if (group := _shared_group(self.raw(*place), owner=True))}
        for row in self._spans.numbers if groups else ():
            for column in self._spans.cells(row):
                group = _shared_group(self.raw(row, column))
                if group in groups and (row, column) not in replaced:
                    raise PackageError(
                        f"The formula of cell {address(row, column)} is shared with a cell to be written "
                        "over. Enter the formula there anew and try again."
                    )

    def _with_dimension(self) -> bytes:
        """What comes before the rows, saying how far they now reach."""
        lowest = max((row for row, edits in self._edits.items() if any(edits.values())), default=0)
        rightmost = max({column for edits in self._edits.values() for column in edits}, default=0)

        def grown(match: re.Match[bytes]) -> bytes:
            area = parse_area(match[2].decode())
            if area is None:
                return match[0]
            last = f"{column_letters(max(area.last_column, rightmost))}{max(area.last_row, lowest)}"
            return match[1] + f"{address(area.first_row, area.first_column)}:{last}".encode()

        return _DIMENSION.sub(grown, self._head, count=1)


def _encoded(cells: str) -> bytes:
    """What a cell writer wrote, in bytes; those of cells that were moved as they were."""
    return cells.encode("utf-8", "surrogateescape")


def is_formula(raw: bytes) -> bool:
    """Whether a formula stands in a cell of these bytes."""
    return _FORMULA.search(raw) is not None


def _shared_group(raw: bytes, *, owner: bool = False) -> bytes | None:
    """The group of the formula that a cell shares with others; with ``owner`` where it is written there."""
    match = _SHARED_FORMULA.search(raw)
    group = _GROUP.search(match[0]) if match and (not owner or b" ref=" in match[0]) else None
    return group[1] if group else None


def _spliced(data: bytes, splices: list[Splice], start: int, end: int) -> bytes:
    """The bytes from start to end with each splice in its place."""
    parts, last = [], start
    for first, after, new in sorted(splices, key=lambda splice: splice[:2]):
        parts += [data[last:first], new]
        last = after
    return b"".join([*parts, data[last:end]])


def _shown(raw: bytes, shared: Sequence[str]) -> str | float | None:
    text = raw.decode("utf-8", "replace")
    if "<![CDATA[" in text:
        text = _CDATA.sub(lambda match: escape(match[1]), text)
    kind = _KIND.search(text, 0, text.index(">") + 1)
    name = (kind[1] or kind[2]) if kind else "n"
    if name == "inlineStr":
        return read_text(unescape("".join(_TEXTS.findall(_PHONETIC.sub("", text)))))
    value = _VALUE.search(text)
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
