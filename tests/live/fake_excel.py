# ruff: noqa: ARG002, ARG004, ARG005, N802, RUF012 (the names and arguments are those of Excel and xlwings)
"""A stand-in for Excel behind xlwings' own classes: a workbook in memory, loaded from a real master.

What matters of Excel is as Excel has it: ranges counted from 1 and answered in two dimensions, texts that
look like numbers, days or formulas turned into them unless the cell is formatted as text or an apostrophe
says otherwise, tables that Excel resizes, with the charts that draw them, and does not format, protected
sheets, a workbook saved as it is or as a copy, and no answer while a cell is being edited. openpyxl holds the
cells and charts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

__all__ = ["BusyError", "FakeApp", "FakeBook", "FakeEngine"]

_NUMBER = re.compile(r"[-+(£$]*(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[)%]?")
_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?")
_NAMED_DAY = re.compile(
    r"(?:\d{1,2}[- /])?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[- /]\d{1,4}", re.I
)
_HOUR = re.compile(r"(\d{1,2}):(\d\d)")
_ERRORS = {"#N/A": -2146826246, "#REF!": -2146826265, "#VALUE!": -2146826273, "#DIV/0!": -2146826281}
_IN_A_BLOCK, _IN_A_CELL, _IN_A_FORMULA = 8_203, 32_767, 8_192
_MODES = {"automatic": "auto", "manual": "manual", "semiautomatic": "autoNoTable"}


class BusyError(Exception):
    """What pywin32 raises while a cell is being edited."""

    hresult = -2147418111
    excepinfo = None


class FakeEngine:
    name, type = "excel", "desktop"

    def __init__(self, *apps: FakeApp) -> None:
        self._apps = list(apps)

    @property
    def apps(self) -> FakeApps:
        return FakeApps(self._apps)

    @staticmethod
    def prepare_xl_data_element(x: object, options: object) -> object:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(
        data: list[list[object]],
        datetime_builder: Callable[..., object],
        empty_as: object,
        number_builder: Callable[[float], object] | None,
        err_to_str: bool,
    ) -> list[list[object]]:
        def clean(value: object) -> object:
            if value in (None, ""):
                return empty_as
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number_builder(value) if number and number_builder else value

        return [[clean(value) for value in row] for row in data]


class FakeApps(base_classes.Apps):
    def __init__(self, apps: list[FakeApp]) -> None:
        self._apps = apps

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[FakeApp]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> FakeApp:
        return next(app for app in self._apps if app.pid == pid)


class _AutoCorrect:
    def __init__(self) -> None:
        self.AutoExpandListRange = self.AutoFillFormulasInLists = True


_SETTINGS = {
    "screen_updating": True,
    "display_alerts": True,
    "enable_events": True,
    "interactive": True,
    "calculation": "automatic",
    "status_bar": False,
    "cut_copy_mode": None,
}


class FakeApp(base_classes.App):
    """An Excel; ``editing`` is how often it will not answer, ``refusing`` what it will not do any more."""

    def __init__(self, pid: int = 1) -> None:
        self._pid = pid
        self.opened: list[FakeBook] = []
        self.log: list[str] = []
        self.settings: dict[str, Any] = dict(_SETTINGS)
        self.AutoCorrect = _AutoCorrect()
        self.editing = 0
        self.calculated: Callable[[], None] = lambda: None
        """What happens as it calculates."""
        self.copied: FakeRange | None = None
        self.done = 0
        self.before_it_does: Callable[[int], None] = lambda number: None
        """What happens before it does the next thing that it is told."""

    def does(self) -> None:
        """Raise where it is told to, before it does something."""
        self.asked()
        self.done += 1
        self.before_it_does(self.done)

    def asked(self) -> None:
        """Raise as long as somebody edits a cell."""
        if self.editing:
            self.editing -= 1
            raise BusyError

    @property
    def api(self) -> FakeApp:
        return self

    @property
    def engine(self) -> FakeEngine:
        return FakeEngine(self)

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def books(self) -> FakeBooks:
        self.asked()
        return FakeBooks(self.opened)

    def activate(self, steal_focus: bool = False) -> None:
        self.asked()

    def calculate(self) -> None:
        self.does()
        self.log.append("calculate")
        self.calculated()


def _setting(name: str) -> property:
    def get(app: FakeApp) -> object:
        app.asked()
        return app.settings[name]

    def put(app: FakeApp, value: object) -> None:
        app.does()
        app.settings[name] = None if (name, value) == ("cut_copy_mode", False) else value

    return property(get, put)


for _name in _SETTINGS:
    setattr(FakeApp, _name, _setting(_name))


class FakeBooks(base_classes.Books):
    def __init__(self, books: list[FakeBook]) -> None:
        self._books = books

    def __iter__(self) -> Iterator[FakeBook]:
        return iter(self._books)

    def __len__(self) -> int:
        return len(self._books)


class FakeBook(base_classes.Book):
    """A workbook open in an Excel. It is its own ``api``."""

    def __init__(self, app: FakeApp, path: Path, *, address: str = "") -> None:
        self._app, self.path = app, path
        self.book = load_workbook(path)
        self.FullName = address or str(path)
        self.ReadOnly = False
        self.Saved = True
        self.AutoSaveOn = bool(address)
        self.writes: list[tuple[str, str]] = []
        """The cells written to, by sheet and address, in order."""
        self.refuse: Callable[[str, str], bool] = lambda sheet, place: False
        self.refuse_saving = self.refuse_copies = False
        self.copies = self._touched = 0
        self._copied: object = None
        self._copy = b""
        self.shown = ""
        """The sheet that was shown last."""
        app.opened.append(self)

    @property
    def api(self) -> FakeBook:
        return self

    @property
    def app(self) -> FakeApp:
        return self._app

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def fullname(self) -> str:
        return self.FullName

    @property
    def sheets(self) -> FakeSheets:
        return FakeSheets(self)

    def SaveCopyAs(self, path: str) -> None:
        self._app.does()
        if self.refuse_copies:
            raise OSError("the disk is full")
        state = self._state()
        if state != self._copied:  # else the last one will do: to write a file takes long
            self._save(path)
            self._copied, self._copy = state, Path(path).read_bytes()
        Path(path).write_bytes(self._copy)
        self.copies += 1

    def does(self) -> None:
        """Something that is done to it."""
        self._app.does()
        self._touched += 1

    def _state(self) -> object:
        """What a copy depends on: what Excel was told, what somebody typed, which rows are filtered."""
        cells = [[cell.value for row in sheet.iter_rows() for cell in row] for sheet in self.book]
        hidden = [[row for row, has in sheet.row_dimensions.items() if has.hidden] for sheet in self.book]
        return self._touched, self._app.settings["calculation"], cells, hidden

    def _save(self, path: Path | str) -> None:
        """Write a file, that says how Excel calculates at this moment, as Excel's files do."""
        self.book.calculation.calcMode = _MODES[self._app.settings["calculation"]]
        self.book.save(path)

    def Save(self) -> None:
        self._app.does()
        if self.refuse_saving:
            raise OSError("the disk is full")
        self._save(self.path)
        self.Saved = True
        self._app.log.append("save")

    def activate(self) -> None:
        self._app.asked()


class FakeSheets(base_classes.Sheets):
    def __init__(self, book: FakeBook) -> None:
        self._book = book

    def __call__(self, name_or_index: str | int) -> FakeSheet:
        book = self._book.book
        name = book.sheetnames[name_or_index - 1] if isinstance(name_or_index, int) else name_or_index
        return FakeSheet(self._book, book[name])

    def __len__(self) -> int:
        return len(self._book.book.sheetnames)

    def __iter__(self) -> Iterator[FakeSheet]:
        return (self(name) for name in self._book.book.sheetnames)


class _PageSetup:
    def __init__(self, book: FakeBook, sheet: Worksheet) -> None:
        self._book, self._left = book, sheet.oddFooter.left

    @property
    def LeftFooter(self) -> str:
        return f"&{self._left.size}{self._left.text}" if self._left.size else self._left.text or ""

    @LeftFooter.setter
    def LeftFooter(self, value: str) -> None:
        self._book.does()
        found = re.fullmatch(r"&(\d+)(.*)", value, re.S)
        self._left.size, self._left.text = (int(found[1]), found[2]) if found else (None, value)


class _Protection:
    """What a sheet's protection allows; the file says what it forbids."""

    _NAMES = {
        "AllowFormattingCells": "formatCells",
        "AllowFormattingColumns": "formatColumns",
        "AllowFormattingRows": "formatRows",
        "AllowInsertingColumns": "insertColumns",
        "AllowInsertingRows": "insertRows",
        "AllowInsertingHyperlinks": "insertHyperlinks",
        "AllowDeletingColumns": "deleteColumns",
        "AllowDeletingRows": "deleteRows",
        "AllowSorting": "sort",
        "AllowFiltering": "autoFilter",
        "AllowUsingPivotTables": "pivotTables",
    }

    def __init__(self, sheet: Worksheet) -> None:
        self._said = sheet.protection

    def __getattr__(self, name: str) -> bool:
        return not getattr(self._said, self._NAMES[name])


class FakeSheet(base_classes.Sheet):
    """A sheet. It is its own ``api``."""

    def __init__(self, book: FakeBook, sheet: Worksheet) -> None:
        self._book, self.cells_of = book, sheet

    @property
    def api(self) -> FakeSheet:
        return self

    @property
    def name(self) -> str:
        return self.cells_of.title

    @property
    def book(self) -> FakeBook:
        return self._book

    @property
    def tables(self) -> FakeTables:
        return FakeTables(self)

    def range(self, arg1: object, arg2: object = None) -> FakeRange:
        if isinstance(arg1, str):
            first, _, last = arg1.partition(":")
            return FakeRange(self, int(first), 1, int(last or first), 16_384)
        first, second = self._corner(arg1), self._corner(arg2 or arg1)
        return FakeRange(self, *first[:2], *second[2:])

    @staticmethod
    def _corner(place: object) -> tuple[int, int, int, int]:
        if isinstance(place, FakeRange):
            return place.first_row, place.first_column, place.last_row, place.last_column
        assert isinstance(place, tuple)
        assert 0 not in place, "Excel counts from 1"
        if len(place) == 4:
            row, column, rows, columns = place
            return row, column, row + rows - 1, column + columns - 1
        return (*place, *place)

    def activate(self) -> None:
        self._book.shown = self.name

    @property
    def PageSetup(self) -> _PageSetup:
        return _PageSetup(self._book, self.cells_of)

    @property
    def Protection(self) -> _Protection:
        return _Protection(self.cells_of)

    @property
    def ProtectContents(self) -> bool:
        return bool(self.cells_of.protection.sheet)

    @property
    def EnableSelection(self) -> int:
        said = self.cells_of.protection
        return -4142 if said.selectUnlockedCells else 1 if said.selectLockedCells else 0

    @EnableSelection.setter
    def EnableSelection(self, value: int) -> None:
        said = self.cells_of.protection
        said.selectLockedCells, said.selectUnlockedCells = value != 0, value == -4142

    @property
    def ProtectDrawingObjects(self) -> bool:
        return bool(self.cells_of.protection.objects)

    @property
    def ProtectScenarios(self) -> bool:
        return bool(self.cells_of.protection.scenarios)

    def Unprotect(self, password: str) -> None:
        self._book.does()
        if self.cells_of.protection.password and not password:
            raise OSError("The password you supplied is not correct.")
        said = self.cells_of.protection
        said.sheet = said.selectLockedCells = said.selectUnlockedCells = False

    def Protect(
        self,
        password: str,
        drawings: bool,
        contents: bool,
        scenarios: bool,
        interface_only: bool,
        *allowed: bool,
    ) -> None:
        self._book.does()
        said = self.cells_of.protection
        said.sheet, said.objects, said.scenarios = contents, drawings, scenarios
        for name, allows in zip(_Protection._NAMES.values(), allowed, strict=True):
            setattr(said, name, not allows)


class _EntireRow:
    def __init__(self, book: FakeBook, sheet: Worksheet, row: int) -> None:
        self._book, self._sheet, self._row = book, sheet, row

    @property
    def Hidden(self) -> bool:
        return bool(self._sheet.row_dimensions[self._row].hidden)

    @Hidden.setter
    def Hidden(self, value: bool) -> None:
        self._book.does()
        self._sheet.row_dimensions[self._row].hidden = value


class FakeRange(base_classes.Range):
    """Cells of a sheet. It is its own ``api``."""

    def __init__(
        self, sheet: FakeSheet, first_row: int, first_column: int, last_row: int, last_column: int
    ) -> None:
        self._sheet = sheet
        self.first_row, self.first_column = first_row, first_column
        self.last_row, self.last_column = last_row, last_column
        self.options: dict[str, object] = {}

    @property
    def api(self) -> FakeRange:
        return self

    @property
    def sheet(self) -> FakeSheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self.first_row

    @property
    def column(self) -> int:
        return self.first_column

    @property
    def shape(self) -> tuple[int, int]:
        return self.last_row - self.first_row + 1, self.last_column - self.first_column + 1

    @property
    def max_cells_per_read(self) -> None:
        return None

    @property
    def max_cells_per_write(self) -> None:
        return None

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

    def __call__(self, arg1: int, arg2: int | None = None) -> FakeRange:
        columns = self.shape[1]
        row, column = (arg1, arg2) if arg2 else (1 + (arg1 - 1) // columns, 1 + (arg1 - 1) % columns)
        row, column = self.first_row + row - 1, self.first_column + column - 1
        return FakeRange(self._sheet, row, column, row, column)

    def _rows(self) -> Iterator[list[Cell]]:
        sheet = self._sheet.cells_of
        for row in range(self.first_row, self.last_row + 1):
            columns = range(self.first_column, self.last_column + 1)
            yield [sheet.cell(row, column) for column in columns]

    # --- reading and writing -----------------------------------------------------------------

    @property
    def raw_value(self) -> object:
        said = tuple(tuple(_read(cell) for cell in row) for row in self._rows())
        return said[0][0] if len(self) == 1 else said

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        self._write(data, _typed)

    @property
    def Value2(self) -> object:
        said = tuple(tuple(_read_plainly(cell) for cell in row) for row in self._rows())
        return said[0][0] if len(self) == 1 else said

    @property
    def formula(self) -> object:
        said = tuple(tuple(_in_the_bar(cell) for cell in row) for row in self._rows())
        return said[0][0] if len(self) == 1 else said

    @formula.setter
    def formula(self, data: object) -> None:
        self._write(data, _typed)

    def _write(self, data: object, put: Callable[[Cell, object], None]) -> None:
        book = self._sheet.book
        book.does()
        block = isinstance(data, list | tuple)
        rows = list(data) if block else [[data]]
        if any(isinstance(one, str) and len(one) > _IN_A_BLOCK for row in rows for one in row) and block:
            raise OSError("Excel takes no text of that length in a block.")
        into = list(self._rows())
        assert len(into) == len(rows)
        if len(into) > 1:  # a block goes into the rows that are shown, and what is left over nowhere
            shown = self._sheet.cells_of.row_dimensions
            into = [cells for cells in into if not shown[cells[0].row].hidden]
        for cells, values in zip(into, rows, strict=False):
            for cell, value in zip(cells, values, strict=True):
                if self._sheet.ProtectContents and cell.protection.locked:
                    raise OSError("The cell is protected.")
                if book.refuse(self._sheet.name, cell.coordinate):
                    raise OSError("Excel has had enough.")
                put(cell, value)
                book.writes.append((self._sheet.name, cell.coordinate))
        book.Saved = False

    @property
    def number_format(self) -> str | None:
        forms = {cell.number_format for row in self._rows() for cell in row}
        return forms.pop() if len(forms) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._sheet.book.does()
        for row in self._rows():
            for cell in row:
                cell.number_format = value

    # --- looks -------------------------------------------------------------------------------

    def copy(self, destination: object = None) -> None:
        self._sheet.book.does()
        assert destination is None
        hidden = all(self._sheet.cells_of.row_dimensions[cells[0].row].hidden for cells in self._rows())
        self._sheet.book.app.copied = None if hidden else self

    def paste(
        self, paste: str, operation: object = None, skip_blanks: bool = False, transpose: bool = False
    ) -> None:
        self._sheet.book.does()
        source = self._sheet.book.app.copied
        assert source is not None, "nothing was copied"
        pattern = next(source._rows())
        if paste == "formats":
            for row in self._rows():
                for cell, like in zip(row, pattern, strict=True):
                    cell._style = copy(like._style)
        elif paste == "validation":
            for like in pattern:
                for rule in self._sheet.cells_of.data_validations.dataValidation:
                    if like.coordinate in rule.sqref:
                        letter = get_column_letter(like.column)
                        rule.add(f"{letter}{self.first_row}:{letter}{self.last_row}")
        else:
            raise AssertionError(paste)

    def clear_formats(self) -> None:
        self._sheet.book.does()
        for row in self._rows():
            for cell in row:
                cell.style = "Normal"

    def autofit(self, axis: str | None = None) -> None:
        self._sheet.book.does()
        assert axis in ("r", "rows"), "the columns keep their widths"
        for row in range(self.first_row, self.last_row + 1):
            self._sheet.cells_of.row_dimensions[row].height = None

    @property
    def row_height(self) -> float:
        return float(self._sheet.cells_of.row_dimensions[self.first_row].height or 15)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._sheet.book.does()
        self._sheet.cells_of.row_dimensions[self.first_row].height = value

    @property
    def EntireRow(self) -> _EntireRow:
        return _EntireRow(self._sheet.book, self._sheet.cells_of, self.first_row)


def _read(cell: Cell) -> object:
    if cell.data_type == "f":
        return 0.0
    value = cell.value
    if isinstance(value, time):
        return datetime.combine(date(1899, 12, 30), value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        moment = from_excel(value) if cell.is_date else float(value)
        return datetime.combine(date(1899, 12, 30), moment) if isinstance(moment, time) else moment
    return value


def _read_plainly(cell: Cell) -> object:
    """A value as Excel has it: days as numbers, error values as those of Windows."""
    value = _read(cell)
    if isinstance(value, date):
        return float(to_excel(value))
    return _ERRORS.get(str(value), value) if cell.data_type == "e" else value


def _in_the_bar(cell: Cell) -> str:
    return "" if cell.value is None else str(getattr(cell.value, "text", cell.value))


def _typed(cell: Cell, value: object) -> None:
    """What becomes of a cell into which something is typed."""
    cell.quotePrefix = False
    if not isinstance(value, str):
        cell.value = value
    elif value == "":
        cell.value = None
    elif len(value) > _IN_A_CELL:
        raise OSError("Excel takes no text of that length.")
    elif cell.number_format == "@":
        _text(cell, value)
    elif value.startswith("'"):
        _text(cell, value[1:])
    elif value.startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(value):
        if len(value) > _IN_A_FORMULA or value.endswith(("=", "+", " ")):
            raise OSError("There is a problem with this formula.")
        cell.value = f"={value.lstrip('=')}"
    elif _NUMBER.fullmatch(value):
        cell.value = float(re.sub(r"[^\d.eE]", "", value))
    elif value in _ERRORS:
        cell.value, cell.data_type = value, "e"
    elif found := _HOUR.fullmatch(value):
        cell.value = time(int(found[1]) % 24, int(found[2]) % 60)
    elif _NAMED_DAY.fullmatch(value):
        cell.value = datetime(2016, 9, 16)
    elif found := _DAY.fullmatch(value):
        cell.value = datetime(int(found[3] or 2016), int(found[2]), int(found[1]))
    elif value.upper() in ("TRUE", "FALSE"):
        cell.value = value.upper() == "TRUE"
    else:
        _text(cell, value)


def _text(cell: Cell, value: str) -> None:
    cell.value = value
    cell.data_type = "s"


class FakeTables(base_classes.Tables):
    def __init__(self, sheet: FakeSheet) -> None:
        self._sheet = sheet

    def __call__(self, key: str) -> FakeTable:
        return FakeTable(self._sheet, self._sheet.cells_of.tables[key])

    def __len__(self) -> int:
        return len(self._sheet.cells_of.tables)

    def __iter__(self) -> Iterator[FakeTable]:
        return (self(name) for name in self._sheet.cells_of.tables)


class FakeTable(base_classes.Table):
    def __init__(self, sheet: FakeSheet, table: ExcelTable) -> None:
        self._sheet, self._table = sheet, table

    @property
    def name(self) -> str:
        return str(self._table.displayName)

    def resize(self, range: Any) -> None:
        self._sheet.book.does()
        if self._sheet.ProtectContents:
            raise OSError("A table on a protected sheet cannot be resized.")
        impl = range.impl
        left, top, _, bottom = range_boundaries(self._table.ref)
        assert (impl.first_row, impl.first_column) == (top, left), "the headings must stay where they are"
        area = CellRange(
            min_row=impl.first_row, min_col=impl.first_column, max_row=impl.last_row, max_col=impl.last_column
        )
        self._draw_as_far(bottom, impl.last_row)
        self._table.ref = area.coord
        if self._table.autoFilter:
            self._table.autoFilter.ref = area.coord
        for column, one in enumerate(self._table.tableColumns, left):  # Excel fills its own formulas in
            if one.calculatedColumnFormula is not None:
                for row in builtin_range(bottom + 1, impl.last_row + 1):
                    self._sheet.cells_of.cell(row, column).value = f"={one.calculatedColumnFormula.attr_text}"

    def _draw_as_far(self, before: int, last: int) -> None:
        """Let the charts that draw whole columns of the table draw them still, as Excel does."""
        left, top, right, _ = range_boundaries(self._table.ref)
        for column in builtin_range(left, right + 1):
            letter = get_column_letter(column)
            area = f"${letter}${top + 1}:${letter}$"
            for one in self._drawn():
                if one.f.replace("'", "") == f"{self._sheet.name}!{area}{before}":
                    one.f = f"'{self._sheet.name}'!{area}{last}"

    def _drawn(self) -> Iterator[Any]:
        """What the charts of the workbook refer to, of more cells than one."""
        charts = (chart for sheet in self._sheet.book.book for chart in sheet._charts)
        for series in (series for chart in charts for series in chart.series):
            for part in (series.val, series.cat):
                yield from (
                    one for one in (getattr(part, "numRef", None), getattr(part, "strRef", None)) if one
                )


builtin_range = range
