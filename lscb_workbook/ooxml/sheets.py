"""A worksheet that is edited: edits are gathered, and spliced into its bytes once.

Every byte that is not a changed cell's stands, the cells beside it in the same row too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache

from lscb_workbook.ooxml.addresses import Area, address, column_letters, parse_area
from lscb_workbook.ooxml.cells import ERROR, FORMULA, formula_of, holds, is_error, is_formula, shown
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.sharing import Owner, group_of, owner_of, written_out
from lscb_workbook.ooxml.spans import RowSpan, Spans
from lscb_workbook.ooxml.values import CellWriter, Edit, Formula, Value, number_of

__all__ = ["Sheet"]

_DIMENSION = re.compile(rb"(<(?:\w+:)?dimension\b[^>]*?\sref=[\"'])([^\"']*)")
_NAME = re.compile(rb"<[^\s/>]+")
_COLUMNS = re.compile(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", re.S)
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_HEIGHT = re.compile(rb"\sht\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_FIXED = re.compile(rb"\scustomHeight\s*=\s*[\"'](?:1|true)[\"']")

Cell = tuple[int, int]
"""A cell's row and column."""
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
        self._shown: set[int] = set()
        self._refixed: set[int] = set()

    def copy(self) -> Sheet:
        """A sheet of its own that starts as this one now is; the bytes read are shared."""
        twin = object.__new__(Sheet)
        twin.__dict__.update(self.__dict__)
        twin._edits = {row: dict(edits) for row, edits in self._edits.items()}
        twin._heights, twin._shown = dict(self._heights), set(self._shown)
        twin._refixed = set(self._refixed)
        return twin

    # --- reading -----------------------------------------------------------------------------

    @property
    def data(self) -> bytes:
        """The sheet as it was read."""
        return self._spans.data

    @property
    def tail(self) -> bytes:
        """What comes after the rows."""
        return self._tail

    @property
    def prefix(self) -> str:
        """The prefix of the main namespace's elements, with its colon, or empty."""
        return self._spans.prefix

    @property
    def last_row(self) -> int:
        return max((self._spans.last_row, *self._edits))

    def style(self, row: int, column: int) -> str | None:
        """The style of a cell, as an index into the workbook's cell formats; None for the default."""
        edit = self._edit(row, column)
        if isinstance(edit, tuple):
            return edit[0]
        cell = self._spans.cell(row, column)
        return cell.style if cell else None

    def styles(self, row: int, first: int, count: int) -> list[str | None]:
        """The styles of so many cells of a row from column ``first`` on."""
        self._spans.cells(row)
        return [self.style(row, column) for column in range(first, first + count)]

    def text(self, row: int, column: int, shared: Sequence[str]) -> str | float | None:
        """What a cell shows: its text or number, a formula's cached value; None where it is blank."""
        edit = self._edit(row, column)
        if isinstance(edit, tuple):
            value = edit[1].value if isinstance(edit[1], Formula) else edit[1]
            return value if value is None or isinstance(value, str) else self._number(value)
        raw = self.raw(row, column) if edit is None else edit
        return shown(raw, shared) if raw else None

    def shows(self, row: int, column: int, value: Value, shared: Sequence[str]) -> bool:
        """Whether a cell holds this very value, or this formula and value, already as it was read."""
        formula, wanted = (value.text, value.value) if isinstance(value, Formula) else (None, value)
        if self._edit(row, column) is not None or isinstance(wanted, bool):
            return False
        cell = self._spans.cell(row, column)
        raw = self._spans.data[cell.start : cell.end] if cell else b""
        if raw == self._written(row, column, value, cell.style if cell else None):
            return True  # as most do, for that is quickly said
        if formula_of(raw) != formula:
            return False
        held = shown(raw, shared) if raw else None
        if wanted is None or wanted == "":
            return held is None or held == wanted
        return held == (wanted if isinstance(wanted, str) else self._number(wanted))

    def says(self, row: int, first: int, values: Sequence[Value], styles: Sequence[str | None]) -> bool:
        """Whether the cells of a row from column ``first`` on are, as they were read, what :meth:`set_row`
        would make of them. (Blank ones that have no style are not looked at: then it says no.)"""
        cells = dict(enumerate(zip(styles, values, strict=True), first))
        if row in self._edits or (None, None) in cells.values():
            return False
        return self._spans.holds(row, _encoded(self._writer.cells(row, cells)))

    def _written(self, row: int, column: int, value: Value, style: str | None) -> bytes | None:
        """A cell with this value; None for a value that no cell holds."""
        try:
            return _encoded(self._writer.cells(row, {column: (style, value)}))
        except PackageError:
            return None

    def _number(self, value: float | date) -> float:
        return number_of(value, date1904=self._date1904)

    def raw(self, row: int, column: int) -> bytes:
        """A cell's own bytes as they were read; empty where there is none."""
        return self._spans.raw(row, column)

    def now(self, row: int, column: int) -> bytes:
        """A cell's own bytes as they now are to be; empty where there is none."""
        edit = self._edit(row, column)
        return self.raw(row, column) if edit is None else _encoded(self._writer.cells(row, {column: edit}))

    def formula(self, row: int, column: int) -> str | None:
        """The formula of a cell, one that it shares as its own; None where it has none."""
        return formula_of(self.plain(row, column))

    def holds(self, area: Area) -> str | None:
        """The address of the first cell in an area that holds anything; None where all are blank."""
        for row in range(area.first_row, min(area.last_row, self.last_row) + 1):
            if row not in self._edits and row not in self._spans:
                continue
            for column in sorted({*self._spans.cells(row), *self._edits.get(row, ())}):
                if area.first_column <= column <= area.last_column and self._holds(row, column):
                    return address(row, column)
        return None

    def _holds(self, row: int, column: int) -> bool:
        edit = self._edit(row, column)
        if isinstance(edit, tuple):
            return edit[1] not in (None, "")
        return holds(self.raw(row, column) if edit is None else edit)

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

    def fix_height(self, row: int, height: float) -> None:
        """The height of a row in points, whatever it was fixed to before."""
        self._heights[row] = height
        self._refixed.add(row)

    def hides(self, row: int) -> bool:
        """Whether a row is hidden, by hand or by a filter."""
        if row not in self._spans:
            return False
        place = self._spans.row(row)
        return _HIDDEN.search(self.data, place.start, place.body) is not None

    def is_measured(self, row: int) -> bool:
        """Whether a row has a height."""
        place = self._spans.row(row)
        return _HEIGHT.search(self.data, place.start, place.body) is not None

    def show(self, row: int) -> None:
        """Show a row that is written to, should it be hidden."""
        if self.hides(row):
            self._shown.add(row)

    def change_formulas(self, pattern: re.Pattern[bytes], change: Callable[[bytes], bytes]) -> None:
        """Change the formulas that a pattern finds (tag, text), in cells and in rules.

        Of those that several cells share one, each gets its own as soon as that of one changes.
        """

        def element(match: re.Match[bytes]) -> bytes:
            return match[1] + change(match[2])

        for places in self._shared_alike().values():
            old = {place: self.plain(*place) for place in places}
            new = {place: pattern.sub(element, cell) for place, cell in old.items()}
            if new != old:
                for place, cell in new.items():
                    self.put(*place, cell)
        for place in self._formulas_found(pattern):
            cell = self.now(*place)
            changed = cell if group_of(cell) is not None else pattern.sub(element, cell)
            if changed != cell:
                self.put(*place, changed)
        self.replace_outside(pattern, element)

    def _formulas_found(self, pattern: re.Pattern[bytes]) -> Collection[Cell]:
        """Where a pattern finds formulas as they were read, and where formulas have been put since."""
        found = {place for place in self._places() if _finds(pattern, self._edits[place[0]][place[1]])}
        read = (at for at in self._formula_starts if pattern.match(self.data, at))
        found.update(place for at in read if (place := self._spans.place_of(at)))
        return found

    def _shared_alike(self) -> dict[str, list[Cell]]:
        """The cells that share a formula with an area in it, by group."""
        if not self.shares:
            return {}
        groups = {group for group, owner in self._owners.items() if ":" in owner.formula}
        alike: dict[str, list[Cell]] = {}
        for place in self._members(groups):
            alike.setdefault(group_of(self.now(*place)) or "", []).append(place)
        return alike

    def calculates(self, row: int, column: int) -> bool:
        """Whether a cell held a formula or an error value as it was read."""
        return (row, column) in self._calculating

    @cached_property
    def _calculating(self) -> frozenset[Cell]:
        """The cells that held a formula or an error value as they were read."""
        spans = self._spans
        formulas = (at for at in self._formula_starts if FORMULA.match(self.data, at))
        found = {place for at in formulas if (place := spans.place_of(at))}
        for said in ERROR.finditer(spans.seen, spans.first, spans.last):
            place = spans.place_of(said.start())
            if place and is_error(self.raw(*place)):
                found.add(place)
        return frozenset(found)

    @cached_property
    def _formula_starts(self) -> list[int]:
        """Where the formulas of the cells start in the bytes read."""
        tag, starts = f"<{self._spans.prefix}f".encode(), []
        at = self._spans.seen.find(tag, self._spans.first, self._spans.last)
        while at >= 0:
            starts.append(at)
            at = self._spans.seen.find(tag, at + 1, self._spans.last)
        return starts

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
    def rewritten(self) -> bool:
        """Whether a cell was set."""
        return bool(self._edits)

    @property
    def moves_formulas(self) -> bool:
        """Whether an edit puts a formula where there was none, or takes one away."""
        return any(
            is_formula(self.raw(row, column)) != _calculates(edit)
            for row, edits in self._edits.items()
            for column, edit in edits.items()
        )

    def _places(self) -> Iterator[Cell]:
        return ((row, column) for row, edits in self._edits.items() for column in edits)

    # --- writing -----------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """The sheet with its edits spliced in."""
        spans = self._spans
        if not self.edited and (self._head, self._tail) == (spans.head, spans.tail):
            return spans.data
        self._write_out_torn_formulas()
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
        whole = _encoded(self._writer.cells(row, edits))
        end = self._spans.data.rindex(b"<", place.body, place.end)
        if self._spans.data[place.body : end] == whole:
            return
        present = self._spans.cells(row)
        if present.keys() <= edits.keys():
            yield place.body, end, whole
            return
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
        if row in self._shown:
            tag = _HIDDEN.sub(b"", tag)
        if row in self._heights and (row in self._refixed or not _FIXED.search(tag)):
            tag = _HEIGHT.sub(b"", tag)
            cut = len(tag) - (2 if place.empty else 1)
            tag = tag[:cut] + f' ht="{self._heights[row]:g}"'.encode() + tag[cut:]
        return tag

    def _write_out_torn_formulas(self) -> None:
        """Where the text of a shared formula is written over, give the cells that share it their own."""
        if not self._edits or not self._spans.shares_formulas:
            return
        torn = {
            group
            for group, owner in self._owners.items()
            if self._edit(owner.row, owner.column) not in (None, self.raw(owner.row, owner.column))
        }
        for place in self._members(torn):
            self.put(*place, self.plain(*place))

    def write_out_formulas(self) -> None:
        """Give each cell that shares a formula its own."""
        for place in self._members(self._owners.keys()):
            self.put(*place, self.plain(*place))

    def plain(self, row: int, column: int) -> bytes:
        """A cell's own bytes as they now are to be, with a formula that it shares as its own."""
        cell = self.now(row, column)
        group = group_of(cell)
        owner = self._owners.get(group) if group is not None else None
        return written_out(cell, owner, row, column) if owner else cell

    def _members(self, groups: Collection[str]) -> list[Cell]:
        """The cells that still share a formula of these groups."""
        return [place for place in self._shared_places if groups and group_of(self.now(*place)) in groups]

    @cached_property
    def _shared_places(self) -> list[Cell]:
        places = ((row, column) for row in self._spans.numbers for column in self._spans.cells(row))
        return [place for place in places if group_of(self.raw(*place)) is not None] if self.shares else []

    @cached_property
    def _owners(self) -> dict[str, Owner]:
        """The texts of the formulas that several cells share, by group."""
        owners = {}
        for place in self._shared_places:
            group, owner = group_of(self.raw(*place)), owner_of(self.raw(*place), *place)
            if group is not None and owner is not None:
                owners[group] = owner
        return owners

    @property
    def shares(self) -> bool:
        """Whether a formula of the sheet is written once for several cells."""
        return self._spans.shares_formulas

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


def _calculates(edit: Edit) -> bool:
    return isinstance(edit[1], Formula) if isinstance(edit, tuple) else is_formula(edit)


def _finds(pattern: re.Pattern[bytes], edit: Edit) -> bool:
    """Whether a pattern finds a formula in an edit, which need not be written out for that."""
    if isinstance(edit, tuple):
        return isinstance(edit[1], Formula) and _finds_in(pattern, edit[1].text)
    return pattern.search(edit) is not None


@lru_cache(maxsize=4096)
def _finds_in(pattern: re.Pattern[bytes], formula: str) -> bool:
    """The same of a formula; most stand in each row of a column."""
    return pattern.search(f"<f>{escape(formula)}".encode("utf-8", "surrogatepass")) is not None


def _spliced(data: bytes, splices: list[Splice], start: int, end: int) -> bytes:
    """The bytes from start to end with each splice in its place."""
    parts, last = [], start
    for first, after, new in sorted(splices, key=lambda splice: splice[:2]):
        parts += [data[last:first], new]
        last = after
    return b"".join([*parts, data[last:end]])
