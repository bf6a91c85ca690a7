"""Opening a returned file safely: its values and what it says of itself, nothing else.

Values come from calamine; notes, formulas and colours from the ``marks_…`` modules. Sizes are looked at
before anything is inflated. What comes from here is plain records; it runs in the process of
``reading.py``, apart from the one that holds the master.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import olefile
from python_calamine import CalamineWorkbook

from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.ooxml.package import Package
from lscb_workbook.plan.findings import short
from lscb_workbook.returns.files.guards import refuse_sheets
from lscb_workbook.returns.files.kinds import Kind, kind_of
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.mails import unpack_eml
from lscb_workbook.returns.files.marks_ods import marks_of_ods
from lscb_workbook.returns.files.marks_xls import marks_of_xls
from lscb_workbook.returns.files.marks_xlsx import marks_of_package
from lscb_workbook.returns.files.mending import mended_ods, mended_xlsb
from lscb_workbook.returns.files.opened import Grid, Marks, Opened, Unpacked, UnreadableError
from lscb_workbook.returns.files.outlook import unpack_msg
from lscb_workbook.returns.files.protected import decrypted, is_protected
from lscb_workbook.returns.files.tables_of_text import grid_of_text
from lscb_workbook.returns.files.zips import refuse_bomb, unpack_zip
from lscb_workbook.tracker.cells import Raw

__all__ = ["open_file"]

_UNPACKERS = {Kind.ZIP: unpack_zip, Kind.EML: unpack_eml, Kind.MSG: unpack_msg}
_FAR = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="(?:[A-Z]{3,}\d+|[A-Z]+\d{5,})"[^>]*[^/]>')
"""A cell that holds something beyond column ZZ or row 9,999, whichever reader would lay a field up to it."""


def open_file(
    data: bytes,
    name: str,
    limits: Limits,
    passwords: Sequence[str] = (),
    known_fills: frozenset[str] = frozenset(),
) -> Opened | Unpacked:
    """What a file holds: the sheets of a workbook, or the files in a container.

    ``known_fills`` are the colours (RRGGBB) that cells have as issued.

    Raises UnreadableError, which says why the file is set aside.
    """
    if not data:
        raise UnreadableError("return-unreadable", "it is empty")
    kind, words = kind_of(data, name)
    if kind in _UNPACKERS:
        return replace(_UNPACKERS[kind](data, limits), kind=words)
    digest = hashlib.sha256(data).hexdigest()
    if kind is Kind.PROTECTED or (kind is Kind.XLS and is_protected(data)):
        data = decrypted(data, passwords)
        kind, words = kind_of(data, name)
    if kind is Kind.XLSX:
        return _package(data, digest, words, limits, known_fills)
    if kind is Kind.ODS:
        refuse_bomb(data, limits)
        sheets, marks = _sheets(mended_ods(data), limits), marks_of_ods(data, known_fills)
        return Opened(words, digest, None, {}, _mended(sheets, marks), marks)
    if kind is Kind.XLS:
        sheets, marks = _sheets(data, limits), marks_of_xls(data, known_fills)
        return Opened(words, digest, _saved_in_compound_file(data), {}, _mended(sheets, marks), marks)
    if kind is Kind.XLSB:
        refuse_bomb(data, limits)
        sheets = _sheets(mended_xlsb(data), limits)
        unread = {sheet: Marks(unread=True) for sheet in islice(sheets, 1)}
        return Opened(words, digest, _saved_in_package(data), {}, sheets, unread)
    if kind is Kind.TEXT:
        return Opened(words, digest, None, {}, {"": grid_of_text(data, limits)}, {})
    if kind is Kind.UNKNOWN:
        raise UnreadableError("return-unreadable", f"it is damaged, or {words}")
    raise UnreadableError("return-document", words)


# --- Excel's own packages --------------------------------------------------------------------


def _package(data: bytes, digest: str, words: str, limits: Limits, known_fills: frozenset[str]) -> Opened:
    refuse_bomb(data, limits)
    try:
        package = Package.open(data)
        book = Workbook(package)
        parts = [package.read(name) for name in package.names if name.endswith((".xml", ".rels"))]
        far = any(_FAR.search(part) for part in parts)
        saved, properties = _last_saved(book), book.properties
    except PackageError as error:
        raise UnreadableError("return-unreadable", _clause(error)) from error
    sheets = _sheets_far_apart(data, limits) if far else _sheets(data, limits)
    marks = marks_of_package(data, known_fills)
    return Opened(words, digest, saved, properties, _mended(sheets, marks), marks)


def _last_saved(book: Workbook) -> datetime | None:
    """When the program that saved the copy says it did; None where it left the moment of issue standing."""
    core = book.core
    return core.modified if core.modified != core.created else None


def _saved_in_package(data: bytes) -> datetime | None:
    try:
        return _last_saved(Workbook.open(data))
    except PackageError:  # no workbook of XML parts; calamine has read it all the same
        return None


def _saved_in_compound_file(data: bytes) -> datetime | None:
    try:
        with olefile.OleFileIO(data) as ole:
            saved = ole.get_metadata().last_saved_time
    except Exception:  # what it says of itself is a courtesy
        return None
    if not isinstance(saved, datetime) or saved.year < 1990:
        return None
    return saved.astimezone(UTC).replace(tzinfo=None) if saved.tzinfo else saved


def _clause(error: Exception) -> str:
    text = str(error).strip().rstrip(".")
    return text[:1].lower() + text[1:]


# --- values ----------------------------------------------------------------------------------


def _sheets(data: bytes, limits: Limits) -> dict[str, Grid]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        refuse_sheets(len(book.sheet_names))
        held = _Held(limits)
        return {name: held.added(name, _grid(book, name, limits)) for name in book.sheet_names}
    except UnreadableError:
        raise
    except BaseException as error:  # a fault of a reader in Rust is no Exception
        if isinstance(error, (KeyboardInterrupt, MemoryError)):
            raise
        raise UnreadableError(
            "return-unreadable", f"it is damaged or not what its name says ({error})"
        ) from None


def _grid(book: CalamineWorkbook, name: str, limits: Limits) -> Grid:
    sheet = book.get_sheet_by_name(name)
    end = sheet.end
    cells = (end[0] + 1) * (end[1] + 1) if end else 0
    if cells > limits.cells:
        raise UnreadableError("return-too-large", f"its sheet '{short(name)}' spreads over {cells:,} cells")
    grid: Grid = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    return grid


def _sheets_far_apart(data: bytes, limits: Limits) -> dict[str, Grid]:
    """The sheets of a workbook in which a cell stands far away, each row only as long as it must be."""
    from openpyxl import load_workbook  # slow to load, and seldom needed

    try:
        book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        refuse_sheets(len(book.worksheets))
        held = _Held(limits)
        return {
            sheet.title: held.added(sheet.title, _ragged(sheet.title, dict(sheet._cells), limits))
            for sheet in book.worksheets
        }
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(
            "return-unreadable", f"it is damaged or not what its name says ({error})"
        ) from None


def _ragged(title: str, cells: Mapping[tuple[int, int], object], limits: Limits) -> Grid:
    """The cells of a sheet in rows, all as long as the longest where that is within the limit."""
    values = {spot: getattr(cell, "value", None) for spot, cell in cells.items()}
    held = {spot: value for spot, value in values.items() if value is not None}
    if len(held) > limits.cells:
        reason = f"its sheet '{short(title)}' has {len(held):,} cells filled in"
        raise UnreadableError("return-too-large", reason)
    blank: list[Raw] = []
    height = max((row for row, _ in held), default=0)
    grid: Grid = [blank] * height
    widths: dict[int, int] = {}
    for row, column in held:
        widths[row] = max(column, widths.get(row, 0))
    longest = max(widths.values(), default=0)
    for row, width in widths.items():
        grid[row - 1] = [None] * (longest if height * longest <= limits.cells else width)
    for (row, column), value in held.items():
        grid[row - 1][column - 1] = value if isinstance(value, _RAW) else str(value)
    return grid


@dataclass(slots=True)
class _Held:
    """What the sheets read so far hold: together no more than one may."""

    limits: Limits
    cells: int = 0
    letters: int = 0

    def added(self, sheet: str, grid: Grid) -> Grid:
        """The sheet. Raises UnreadableError where it is too much."""
        for line in grid:
            self.cells += len(line)
            # A text that many cells share stands once in the file.
            self.letters += sum(len(cell) for cell in line if isinstance(cell, str))
            if self.cells > self.limits.cells:
                reason = f"with its sheet '{short(sheet)}' it has more than {self.limits.cells:,} cells"
                raise UnreadableError("return-too-large", reason)
            if self.letters > self.limits.unpacked_bytes:
                most = self.limits.unpacked_bytes // 1_000_000
                reason = f"with its sheet '{short(sheet)}' it holds more than {most:,} million letters"
                raise UnreadableError("return-too-large", reason)
        return grid


_RAW = (str, int, float, bool, date, datetime, time, timedelta)


def _mended(sheets: dict[str, Grid], marks: Mapping[str, Marks]) -> dict[str, Grid]:
    """The sheets with the texts and error values that the reader of values does not give."""
    for name, found in marks.items():
        grid = sheets.get(name, [])
        for (row, column), text in (*found.texts.items(), *found.errors.items()):
            grid += [[] for _ in range(row - len(grid))]
            line = grid[row - 1]
            grid[row - 1] = [*line[: column - 1], *[None] * (column - 1 - len(line)), text, *line[column:]]
    return sheets
