"""Reading a workbook's tables and named cells, wherever a manager has moved them.

Tables are found by name and columns by heading (``ooxml`` knows where they are); the values are
read by calamine.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.cells import Raw, text_of, words_of

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
    """The values of a workbook, from the bytes of an .xlsx package."""

    def __init__(self, data: bytes, book: Workbook | None = None) -> None:
        self.book = book or Workbook.open(data)
        self._values = _values(data)
        self._grids: dict[str, list[list[Raw]]] = {}

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
        places = {header: place for place, header in enumerate(info.columns)}
        rows = []
        for number in range(info.first_row, info.last_row + 1):
            line = grid[number - 1] if number <= len(grid) else []
            cells = line[info.first_col - 1 : info.first_col - 1 + len(info.columns)]
            if any(text_of(cell) for cell in cells):
                cells += [None] * (len(places) - len(cells))
                rows.append(Row(number, cells, places))
        return rows

    def value(self, name: str) -> Raw:
        """What stands in the single cell that a defined name means; None where there is no such name."""
        place = self.book.place(name)
        if place is None:
            return None
        grid = self._grid(place.sheet)
        if place.row > len(grid) or place.column > len(grid[place.row - 1]):
            return None
        return grid[place.row - 1][place.column - 1]

    def _grid(self, sheet: str) -> list[list[Raw]]:
        if sheet not in self._grids:
            try:
                values = self._values.get_sheet_by_name(sheet)
            except CalamineError:  # an error value, as #SPILL!, that it does not know
                values = self._values_of(sheet)
            self._grids[sheet] = values.to_python(skip_empty_area=False)  # type: ignore[assignment]
        return self._grids[sheet]

    def _values_of(self, sheet: str) -> CalamineSheet:
        self._values = _values(self.book.to_be_read())
        try:
            return self._values.get_sheet_by_name(sheet)
        except CalamineError as error:
            raise PackageError(f"It is damaged: its sheet '{sheet}' cannot be read ({error}).") from None


def _values(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise PackageError(f"It is damaged, or no Excel workbook ({error}).") from None
