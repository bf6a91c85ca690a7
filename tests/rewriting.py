"""Copies as other programs save them: by LibreOffice itself, many at once; and as Excel Online, Google
Sheets, Numbers and WPS are known to write, which cannot be run in a test.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from conformance import EACH_SHEET, missing, profile
from openpyxl import Workbook, load_workbook
from openpyxl.packaging.custom import CustomPropertyList, StringProperty
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "as_excel_online",
    "as_google",
    "as_numbers",
    "as_wps",
    "by_libreoffice",
    "csv_by_libreoffice",
    "rewritten",
    "with_numbers_for_refs",
]

_REGION = ("Setup/L10N", "ooSetupSystemLocale")
_SUMMARY = (
    "This document was exported from Numbers. Each table was converted to an Excel worksheet. All other "
    "objects on each Numbers sheet were placed on separate worksheets. Please be aware that formula "
    "calculations may differ in Excel."
)
_TABLES = {"Actions": "MyActions", "Guide and RAG key": "GuideKey", "Milestones": "MyMilestones"}


# --- by LibreOffice --------------------------------------------------------------------------


def by_libreoffice(files: Sequence[Path], form: str, folder: Path) -> list[Path]:
    """Workbooks as LibreOffice saves them in this format, in one run."""
    _run(files, form, folder)
    made = [folder / f"{file.stem}.{form}" for file in files]
    assert all(path.exists() for path in made)
    return made


def csv_by_libreoffice(file: Path, folder: Path, locale: str = "en-GB") -> dict[str, Path]:
    """A workbook as LibreOffice saves it as CSV in a region: a file for each sheet, by the sheet's name."""
    _run([file], EACH_SHEET, folder, locale)
    return {path.stem.removeprefix(f"{file.stem}-"): path for path in folder.glob("*.csv")}


def _run(files: Sequence[Path], form: str, folder: Path, locale: str = "en-GB") -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        missing("LibreOffice")
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(program), profile(*_REGION, locale), "--headless"]
    command += ["--convert-to", form, "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, capture_output=True, timeout=180, check=True)


# --- as other programs write -----------------------------------------------------------------


def as_excel_online(copy: Path, to: Path) -> Path:
    """Shared strings, and no custom properties; the hidden sheet stays as it is."""
    book = _without_properties(copy)
    return _saved(book, to)


def as_google(copy: Path, to: Path) -> Path:
    """As Google Sheets downloads a workbook: the very hidden sheet only hidden, tables plain ranges, no
    validation, days as text, and each sheet filled up to a thousand formatted rows."""
    book = _without_properties(copy)
    for sheet in book.worksheets:
        _plain_ranges(sheet)
        _days_as_text(sheet)
        for row in range(sheet.max_row + 1, 1001):
            for column in range(1, 11):
                sheet.cell(row, column).number_format = "General;@"
    book["_lscb"].sheet_state = "hidden"
    return _saved(book, to)


def as_numbers(copy: Path, to: Path) -> Path:
    """As Numbers exports to Excel: a summary in front, every sheet shown and named after its table, refs
    as numbers."""
    book = _without_properties(copy)
    for sheet in book.worksheets:
        _plain_ranges(sheet)
        sheet.sheet_state = "visible"
    _refs_as_numbers(book)
    for name, table in _TABLES.items():
        book[name].title = f"{name} - {table}"
    book["_lscb"].title = "_lscb - Table 1"
    summary = book.create_sheet("Export Summary", 0)
    summary["B3"] = _SUMMARY
    summary["B7"], summary["C7"], summary["D7"] = (
        "Numbers Sheet Name",
        "Numbers Table Name",
        "Excel Worksheet Name",
    )
    for row, sheet in enumerate(book.worksheets[1:], start=8):
        name, _, table = sheet.title.partition(" - ")
        summary.cell(2 * row, 2).value = name
        summary.cell(2 * row + 1, 3).value, summary.cell(2 * row + 1, 4).value = table, sheet.title
    return _saved(book, to)


def as_wps(copy: Path, to: Path) -> Path:
    """As WPS Office saves: its own properties in place of the copy's, days from 1904."""
    book = _without_properties(copy)
    own = StringProperty(name="KSOProductBuildVer", value="2057-12.2.0.13431")
    book.custom_doc_props.append(own)  # type: ignore[attr-defined]
    book.epoch = CALENDAR_MAC_1904
    return _saved(book, to)


def with_numbers_for_refs(copy: Path, to: Path) -> Path:
    """With everything else as it was."""
    book = load_workbook(copy)
    _refs_as_numbers(book)
    return _saved(book, to)


def rewritten(copy: Path, to: Path, *, hidden_sheet: bool = False, head: bool = True) -> Path:
    """Without properties, and without the hidden sheet and the lines above the rows where so wished."""
    book = _without_properties(copy)
    if not hidden_sheet:
        del book["_lscb"]
    if not head:
        for name in ("Actions", "Milestones"):
            for row in range(1, 5):
                for column in range(1, 10):
                    book[name].cell(row, column).value = None
        del book["Guide and RAG key"]
    return _saved(book, to)


def _without_properties(copy: Path) -> Workbook:
    book = load_workbook(copy)
    book.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]
    return book


def _saved(book: Workbook, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    book.save(to)
    book.close()
    return to


def _plain_ranges(sheet: Worksheet) -> None:
    sheet.tables.clear()
    sheet.data_validations = DataValidationList()


def _days_as_text(sheet: Worksheet) -> None:
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, (date, datetime)):
                cell.value = f"{cell.value:%d/%m/%Y}"
                cell.number_format = "@"


def _refs_as_numbers(book: Workbook) -> None:
    """``1.1`` and ``1.10`` both as the number 1.1, on every sheet that has them."""
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                text = str(cell.value)
                if text.count(".") == 1 and text.replace(".", "").isdigit():
                    cell.value = float(text)
                    cell.number_format = "General"
