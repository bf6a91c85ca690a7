"""Reading a workbook's tables and named cells, wherever a manager has moved them.

Tables are found by name and columns by heading (``ooxml`` knows where they are); the values are
read by calamine.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from lscb_workbook.ooxml import (
    Opened,
    PackageError,
    TableInfo,
    Workbook,
    address,
    says_the_same,
    without_known_rows,
)
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.cells import Raw, from_1904, text_of, words_of
from lscb_workbook.tracker.columns import DAYS, Kind
from lscb_workbook.tracker.layout import TRACKER_TABLES

__all__ = ["Row", "Sheets"]


class Row(NamedTuple):
    """A row of a table: its number as Excel shows it, its cells, and which of them is under which heading."""

    number: int
    cells: list[Raw]
    places: Mapping[str, int]

    def raw(self, header: str) -> Raw:
        """The cell under this heading; None where the column is missing."""
        place = self.places.get(header, -1)
        return self.cells[place] if 0 <= place < len(self.cells) else None

    def text(self, header: str) -> str:
        """The cell under this heading as text; ``""`` where the column is missing."""
        return text_of(self.raw(header))

    def words(self, header: str) -> str:
        """The cell under this heading exactly as typed; ``""`` where the column is missing."""
        return words_of(self.raw(header))


class Sheets:
    """The values of a workbook, from the bytes of an .xlsx package.

    With ``before`` it is what another workbook became: what stands in it byte for byte as there is taken from
    there.
    """

    def __init__(self, data: bytes, book: Workbook | None = None, *, before: Sheets | None = None) -> None:
        """Raises PackageError where the bytes are no workbook."""
        self.book = book or Workbook.open(data, like=before.opened.package if before else None)
        self.opened: Opened = self.book.opened
        self._data, self._before = data, before
        self._shortened: set[str] = set()
        self._grids: dict[str, list[list[Raw]]] = {}
        self._rows: dict[str, tuple[TableInfo, list[Row]]] = {}
        if before is None:
            _ = self._values

    def __contains__(self, table: str) -> bool:
        return table in self.book.tables

    def rows(self, table: str) -> list[Row]:
        """The rows of a table that hold anything, in the sheet's order.

        Raises WorkbookError where the workbook has no such table.
        """
        if table not in self.book.tables:
            raise WorkbookError(
                f"The workbook has no table named '{table}'. It was probably turned into a plain range or "
                "deleted; take the last backup, or make the range a table of that name again."
            )
        info = self.book.tables[table]
        grid = self._grid(info.sheet)
        for one in (self, self._before):
            found = one._rows.get(table) if one and grid is one._grids.get(info.sheet) else None
            if found and found[0] == info:
                return found[1]
        places = {header: place for place, header in enumerate(info.columns)}
        days = self._days_from_1904(table, places)
        rows = []
        for number in range(info.first_row, min(info.last_row, len(grid)) + 1):
            cells = grid[number - 1][info.first_col - 1 : info.first_col - 1 + len(info.columns)]
            if cells.count("") == len(cells):
                continue  # said at once, for there may be 100,000 that were left out
            if any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in cells):
                cells += [None] * (len(places) - len(cells))
                for place in days:
                    cells[place] = from_1904(cells[place])
                rows.append(Row(number, cells, places))
        self._rows[table] = info, rows
        return rows

    def _days_from_1904(self, table: str, places: Mapping[str, int]) -> list[int]:
        """Where the days of a table stand, in a workbook that counts them from 1904."""
        if not self.opened.outline.date1904 or table not in TRACKER_TABLES:
            return []
        headers = (one.header for one in TRACKER_TABLES[table].columns if one.kind is Kind.DATE)
        return [places[header] for header in headers if header in places]

    def rows_below(self, table: str) -> list[Row]:
        """The rows right below a table that hold anything under its headings, down to the first that holds
        nothing: not every program makes a table longer when somebody types there."""
        info = self.book.tables[table]
        places = {header: place for place, header in enumerate(info.columns)}
        found = []
        for number, line in enumerate(self._grid(info.sheet)[info.last_row :], start=info.last_row + 1):
            cells = line[info.first_col - 1 : info.last_col]
            if info.totals or not any(text_of(cell) for cell in cells):
                break
            found.append(Row(number, cells, places))
        return found

    def other_columns(self, table: str, known: Collection[str]) -> list[str]:
        """The headings of the columns in and beside a table, without those known, that hold anything in its
        rows; of one without a heading, the cell where it would stand."""
        info = self.book.tables[table]
        grid = self._grid(info.sheet)
        head, *rows = grid[info.first_row - 2 : info.last_row]
        found = []
        for place in range(max(map(len, rows), default=0)):
            heading = text_of(head[place]) if place < len(head) else ""
            if heading not in known and any(place < len(row) and text_of(row[place]) for row in rows):
                found.append(heading or address(info.first_row - 1, place + 1))
        return found

    def value(self, name: str) -> Raw:
        """What stands in the single cell that a defined name means; None where there is no such name."""
        place = self.book.place(name)
        if place is None:
            return None
        grid = self._grid(place.sheet)
        if place.row > len(grid) or place.column > len(grid[place.row - 1]):
            return None
        raw = grid[place.row - 1][place.column - 1]
        return from_1904(raw) if name in DAYS and self.opened.outline.date1904 else raw

    def leave_out_known(self, table: str) -> bool:
        """Leave out the rows of a table's sheet that stand there as before; whether that could be done.

        It cannot where they do not stand there first of all and byte for byte, or where more than that table
        is on the sheet. To be asked before anything is read.
        """
        if not self._before or not (self.book.stands_alone(table) and self._before.book.stands_alone(table)):
            return False
        sheet = self.book.tables[table].sheet
        rest = without_known_rows(self.opened, self._before.opened, sheet)
        if rest is None:
            return False
        self._data = rest
        self._shortened.add(sheet)
        return True

    @cached_property
    def _values(self) -> CalamineWorkbook:
        return _values(self._data)

    def _grid(self, sheet: str) -> list[list[Raw]]:
        before = self._before if sheet not in self._shortened else None
        if sheet not in self._grids and before and says_the_same(sheet, self.opened, before.opened):
            self._grids[sheet] = before._grid(sheet)
        if sheet not in self._grids:
            try:
                values = self._values.get_sheet_by_name(sheet)
            except CalamineError:  # an error value, as #SPILL!, that it does not know
                values = self._values_of(sheet)
            self._grids[sheet] = values.to_python(skip_empty_area=False)  # type: ignore[assignment]
        return self._grids[sheet]

    def _values_of(self, sheet: str) -> CalamineSheet:
        self._values = _values(Workbook.open(self._data, like=self.opened.package).to_be_read())
        try:
            return self._values.get_sheet_by_name(sheet)
        except CalamineError as error:
            raise PackageError(f"It is damaged: its sheet '{sheet}' cannot be read ({error}).") from None


def _values(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise PackageError(f"It is damaged, or no Excel workbook ({error}).") from None
