"""Opening a returned file safely: its values and what it says of itself, nothing else.

Values come from calamine; an .xlsx package gives its custom properties and the moment it was last
saved as well.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.tracker.cells import Raw

__all__ = ["Grid", "Opened", "UnreadableError", "open_return"]

Grid = list[list[Raw]]
"""A sheet's cells, row by row from A1."""

_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_PACKAGES = {".xlsx", ".xlsm"}
_MAX_BYTES = 50_000_000


class UnreadableError(Exception):
    """The file cannot be read as a return. ``code`` is a finding's; the message is its ``reason``."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """A returned workbook. ``saved_at`` is when it says it was saved, else ``written_at``, the file's own
    time; both are naive UTC."""

    file: str
    sha256: str
    saved_at: datetime
    written_at: datetime
    properties: Mapping[str, str]
    sheets: Mapping[str, Grid]


def open_return(path: Path) -> Opened:
    """Open a returned file. Raises UnreadableError, which says why it is set aside."""
    if path.suffix.casefold() not in _WORKBOOKS:
        raise UnreadableError(
            "return-not-a-copy", f"it is a '{path.suffix or path.name}' file, not a workbook"
        )
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnreadableError("return-unreadable", f"it is larger than {_MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    except OSError as error:
        raise UnreadableError("return-unreadable", error.strerror or str(error)) from error
    if not data:
        raise UnreadableError("return-unreadable", "it is empty")
    properties: Mapping[str, str] = {}
    saved_at: datetime | None = None
    if path.suffix.casefold() in _PACKAGES:
        try:
            book = Workbook.open(data)
            properties, saved_at = book.properties, _last_saved(book)
        except PackageError as error:
            raise UnreadableError("return-unreadable", str(error).rstrip(".")) from error
    digest = hashlib.sha256(data).hexdigest()
    moment = saved_at or written.replace(microsecond=0)
    return Opened(str(path), digest, moment, written, properties, _sheets(data))


def _last_saved(book: Workbook) -> datetime | None:
    """When the program that saved the copy says it did; None where it left the moment of issue standing."""
    core = book.core
    return core.modified if core.modified != core.created else None


def _sheets(data: bytes) -> dict[str, Grid]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: _grid(book, name) for name in book.sheet_names}
    except Exception as error:  # whatever a damaged file makes the reader do, it is one file's fault
        raise UnreadableError(
            "return-unreadable", f"it is damaged or not what its name says ({error})"
        ) from error


def _grid(book: CalamineWorkbook, name: str) -> Grid:
    grid: Grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[assignment]
    return grid
