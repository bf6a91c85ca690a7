"""A plan read out of a file of any kind that boards keep one in."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.columns import parse_columns
from lscb_workbook.plan.reading.pdf_files import source_of_pdf
from lscb_workbook.plan.reading.reading import PlanReading, plan_in
from lscb_workbook.plan.reading.sources import Source
from lscb_workbook.plan.reading.text_files import source_of_text, text_of
from lscb_workbook.plan.reading.word_files import source_of_word
from lscb_workbook.plan.reading.workbook_files import source_of_list, source_of_workbook

__all__ = ["is_document", "read_plan_from", "read_source"]

_MOST = 200_000_000
"""Bytes; no plan is as large."""

_READERS: dict[str, Callable[[bytes, str], Source]] = {
    ".docx": source_of_word,
    ".docm": source_of_word,
    ".pdf": source_of_pdf,
    ".xlsx": source_of_workbook,
    ".xlsm": source_of_workbook,
    ".xls": source_of_workbook,
    ".ods": source_of_workbook,
    ".csv": source_of_list,
    ".tsv": source_of_list,
    ".txt": lambda data, name: source_of_text(text_of(data), name),
    ".md": lambda data, name: source_of_text(text_of(data), name),
}


def is_document(path: Path) -> bool:
    """Whether a file is of a kind that a plan is read out of, by its name."""
    return path.suffix.casefold() in _READERS


def read_plan_from(path: Path, columns: str = "", first_day: date | None = None) -> PlanReading:
    """The plan in a document as the board agreed it: ``.docx``, ``.pdf``, ``.xlsx``, ``.ods``, ``.csv`` or
    text.

    Args:
        columns: what ``--columns`` says, such as ``ref=1,action=2,lead=Owner``; ``""`` to find them.
        first_day: the first day of the plan year, where the document does not say it.

    Raises WorkbookError, one clear sentence, where the file cannot be read or holds no plan.
    """
    return plan_in(read_source(path), parse_columns(columns), first_day)


def read_source(path: Path) -> Source:
    """The tables and the text of a file. Raises WorkbookError where it cannot be read."""
    read = _READERS.get(path.suffix.casefold())
    if read is None and path.suffix.casefold() == ".toml":
        raise WorkbookError(
            f'{path.name} is a plan already. See to it with: lscb-workbook plan check "{path}".'
        )
    if read is None:
        raise WorkbookError(
            f"{path.name} is of a kind that no plan is read from. Save it as .docx, .pdf, .xlsx, .ods, "
            f".csv or .txt."
        )
    try:
        if path.stat().st_size > _MOST:
            raise WorkbookError(
                f"{path.name} is too large for a plan. Give the plan alone, without its pictures."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"There is no file {path}. Check the name of the plan and its folder.") from None
    except OSError as error:
        if path.is_dir():
            raise WorkbookError(f"{path} is a folder. Give the plan itself.") from None
        raise WorkbookError(
            f"{path} cannot be read: {error.strerror or error}. Close it elsewhere, or ask for access to it."
        ) from error
    if data.startswith(b"PK") and _unpacked(data) > _MOST:
        raise WorkbookError(
            f"{path.name} is too large when unpacked. Give the plan alone, without its pictures."
        )
    if not data.strip():
        raise WorkbookError(f"{path.name} is empty. Give the file that holds the plan.")
    return read(data, path.name)


def _unpacked(data: bytes) -> int:
    """How many bytes a zipped document says it holds; 0 where it is too damaged to say."""
    try:
        with ZipFile(io.BytesIO(data)) as package:
            return sum(part.file_size for part in package.infolist())
    except Exception:  # whatever zipfile stumbles over in a damaged file; its reader says so
        return 0
