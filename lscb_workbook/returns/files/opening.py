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

from deflate import crc32
from python_calamine import CalamineWorkbook

from lscb_workbook.ooxml.faults import with_old_errors
from lscb_workbook.returns.files.guards import refuse_sheets
from lscb_workbook.returns.files.kinds import Kind, kind_of
from lscb_workbook.returns.files.labels import one_line
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.looking import has_far_cells, may_be_marked
from lscb_workbook.returns.files.members import Directory, directory_of
from lscb_workbook.returns.files.opened import Grid, Marks, Opened, Unpacked, UnreadableError
from lscb_workbook.returns.files.packages import Part, parts_of, refuse_bomb, stored
from lscb_workbook.returns.files.provenance import provenance
from lscb_workbook.returns.files.zips import unpack_zip
from lscb_workbook.tracker.cells import Raw

__all__ = ["open_file"]

_CONTAINERS = (Kind.ZIP, Kind.EML, Kind.MSG)
_UNREAD = re.compile(
    r"docProps/|customXml/|xl/(?:tables|theme|media|drawings|printerSettings|worksheets/_rels)/"
)
"""Parts of a package in which the reader of values looks for nothing."""
_CELLS, _NO_MERGED = b"<sheetData", b"<mergeCells></mergeCells>"
"""What a sheet's cells begin with, and merged areas of which there are none."""
_AS_WRITTEN = b"<![CDATA["
"""What begins a text in which no sign has a meaning: somebody may have typed there what cells begin with."""
_MOST_STORED = 20_000_000
"""The most bytes of a package that are given to the reader of values uncompressed."""


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
    directory = _directory(data, limits)
    kind, words = kind_of(data, name, directory)
    if kind in _CONTAINERS:
        return replace(_unpack(kind, data, limits), kind=words)
    digest = hashlib.sha256(data).hexdigest()
    if kind in (Kind.PROTECTED, Kind.XLS):
        from lscb_workbook.returns.files.protected import decrypted, is_protected

        if kind is Kind.PROTECTED or is_protected(data):
            data = decrypted(data, passwords)
            directory = _directory(data, limits)
            kind, words = kind_of(data, name, directory)
    if kind is Kind.XLSX:
        return _package(data, directory or directory_of(data, limits), digest, words, limits, known_fills)
    if kind is Kind.TEXT:
        from lscb_workbook.returns.files.tables_of_text import grid_of_text

        return Opened(words, digest, None, {}, {"": grid_of_text(data, limits)}, {})
    if kind in (Kind.ODS, Kind.XLS, Kind.XLSB):
        return _of_other_kind(kind, data, digest, words, limits, known_fills)
    if kind is Kind.UNKNOWN:
        raise UnreadableError("return-unreadable", f"it is damaged, or {words}")
    raise UnreadableError("return-document", words)


def _directory(data: bytes, limits: Limits) -> Directory | None:
    """What a zip file lists; None where the data are none."""
    return directory_of(data, limits) if data.startswith(b"PK") else None


def _unpack(kind: Kind, data: bytes, limits: Limits) -> Unpacked:
    """What a container holds. What opens each kind is loaded when the first of it comes."""
    if kind is Kind.ZIP:
        return unpack_zip(data, limits)
    if kind is Kind.EML:
        from lscb_workbook.returns.files.mails import unpack_eml

        return unpack_eml(data, limits)
    from lscb_workbook.returns.files.outlook import unpack_msg

    return unpack_msg(data, limits)


def _of_other_kind(
    kind: Kind, data: bytes, digest: str, words: str, limits: Limits, known_fills: frozenset[str]
) -> Opened:
    """A workbook of another kind than Excel's own packages of XML parts."""
    if kind is Kind.ODS:
        from lscb_workbook.returns.files.marks_ods import marks_of_ods
        from lscb_workbook.returns.files.mending import mended_ods

        refuse_bomb(data, limits)
        sheets, marks = _sheets(mended_ods(data), limits), marks_of_ods(data, known_fills)
        return Opened(words, digest, None, {}, _mended(sheets, marks), marks)
    if kind is Kind.XLS:
        from lscb_workbook.returns.files.marks_xls import marks_of_xls

        sheets, marks = _sheets(data, limits), marks_of_xls(data, known_fills)
        return Opened(words, digest, _saved_in_compound_file(data), {}, _mended(sheets, marks), marks)
    from lscb_workbook.returns.files.mending import mended_xlsb

    parts = {part.name: part.content for part in parts_of(data, directory_of(data, limits))}
    sheets = _sheets(mended_xlsb(data), limits)
    unread = {sheet: Marks(unread=True) for sheet in islice(sheets, 1)}
    return Opened(words, digest, _saved_in_package(parts), {}, sheets, unread)


# --- Excel's own packages --------------------------------------------------------------------


def _package(
    data: bytes, directory: Directory, digest: str, words: str, limits: Limits, known_fills: frozenset[str]
) -> Opened:
    listed = parts_of(data, directory)
    parts = {part.name: part.content for part in listed}
    if len(parts) != len(listed):
        raise UnreadableError("return-unreadable", "it is damaged: it holds two parts of the same name")
    saved, properties = provenance(parts)
    if has_far_cells(parts):
        sheets = _sheets_far_apart(data, limits)
    elif sum(map(len, parts.values())) > _MOST_STORED:
        sheets = _sheets(data, limits)
    else:
        # Inflated already; and the reader of values sees the very parts that were looked at.
        values = stored(_for_values(part) for part in listed if not _UNREAD.match(part.name))
        sheets = _sheets(values, limits, longest=len(values))
    if not may_be_marked(parts, known_fills):
        return Opened(words, digest, saved, properties, sheets, {})
    from lscb_workbook.returns.files.marks_xlsx import marks_of_package

    marks = marks_of_package(data, known_fills)
    return Opened(words, digest, saved, properties, _mended(sheets, marks), marks)


def _for_values(part: Part) -> Part:
    """A part as the reader of values takes it best: with error values that it knows, since one other keeps it
    from the whole sheet; and with no merged areas, said before the cells, since it goes through a sheet once
    more to find them. (They are read elsewhere.)"""
    if b"sheetData" not in part.content:
        return part
    content = with_old_errors(part.content)
    if (at := content.find(_CELLS)) > 0 and content.find(_AS_WRITTEN, 0, at) < 0:
        content = b"".join((content[:at], _NO_MERGED, content[at:]))
    return part if content is part.content else Part(part.name, content, crc32(content))


def _saved_in_package(parts: Mapping[str, bytes]) -> datetime | None:
    """When a package of binary parts says that it was saved."""
    try:
        return provenance(parts).saved_at
    except UnreadableError:  # no workbook of XML parts; the reader of values takes it all the same
        return None


def _saved_in_compound_file(data: bytes) -> datetime | None:
    import olefile  # seldom needed

    try:
        with olefile.OleFileIO(data) as ole:
            saved = ole.get_metadata().last_saved_time
    except Exception:  # what it says of itself is a courtesy
        return None
    if not isinstance(saved, datetime) or saved.year < 1990:
        return None
    return saved.astimezone(UTC).replace(tzinfo=None) if saved.tzinfo else saved


# --- values ----------------------------------------------------------------------------------


def _sheets(data: bytes, limits: Limits, longest: int | None = None) -> dict[str, Grid]:
    """The sheets' values; no text in them has more than the ``longest`` letters."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        refuse_sheets(len(book.sheet_names))
        held = _Held(limits, longest or limits.unpacked_bytes)
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
        raise UnreadableError(
            "return-too-large", f"its sheet '{one_line(name)}' spreads over {cells:,} cells"
        )
    grid: Grid = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    return grid


def _sheets_far_apart(data: bytes, limits: Limits) -> dict[str, Grid]:
    """The sheets of a workbook in which a cell stands far away, each row only as long as it must be."""
    from openpyxl import load_workbook  # slow to load, and seldom needed

    try:
        book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        refuse_sheets(len(book.worksheets))
        held = _Held(limits, limits.unpacked_bytes)
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
        reason = f"its sheet '{one_line(title)}' has {len(held):,} cells filled in"
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
    longest: int
    """No text has more letters than that."""
    cells: int = 0
    letters: int = 0

    def added(self, sheet: str, grid: Grid) -> Grid:
        """The sheet. Raises UnreadableError where it is too much."""
        self.cells += sum(map(len, grid))
        if self.cells > self.limits.cells:
            reason = f"with its sheet '{one_line(sheet)}' it has more than {self.limits.cells:,} cells"
            raise UnreadableError("return-too-large", reason)
        # A text that many cells share stands once in the file.
        for line in grid if self.cells * self.longest > self.limits.unpacked_bytes else ():
            self.letters += len("".join(cell for cell in line if cell.__class__ is str))
            if self.letters > self.limits.unpacked_bytes:
                most = self.limits.unpacked_bytes // 1_000_000
                reason = f"with its sheet '{one_line(sheet)}' it holds more than {most:,} million letters"
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
