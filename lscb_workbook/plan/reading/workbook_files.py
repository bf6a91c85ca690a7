"""A plan in a workbook, or in a list parted by commas: .xlsx, .xlsm, .xls, .ods, .csv."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable
from lscb_workbook.plan.reading.text_files import text_of
from lscb_workbook.plan.reading.workbook_remarks import Beside, beside_cells

__all__ = ["source_of_list", "source_of_workbook"]

_OLE = b"\xd0\xcf\x11\xe0"  # what an .xlsx begins with only when it is encrypted
_CELLS = 1_000_000
_UNNAMED = re.compile(r"(?:Sheet|Tabelle|Table|Page)\s?\d*", re.IGNORECASE)
_SPANS = 3
"""A cell merged over so many columns heads what stands below it."""


def source_of_workbook(data: bytes, name: str) -> Source:
    """The sheets of a workbook, hidden ones too, each a table. A day is written day first, in figures.

    Raises WorkbookError where the file is no workbook, is damaged, or is locked with a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables, first_days = [], 0
        for sheet in workbook.sheet_names:
            read = workbook.get_sheet_by_name(sheet)
            if read.total_height * read.total_width > _CELLS:
                raise WorkbookError(
                    f"{name}, sheet {sheet}: too large for a plan. Delete the rows and columns that hold "
                    "formats only, save, and read it again."
                )
            spans = {
                first[0] for first, last in read.merged_cell_ranges or () if last[1] - first[1] + 1 >= _SPANS
            }
            values = read.to_python(skip_empty_area=False)
            first_days += sum(isinstance(one, date) and one.day == 1 for row in values for one in row)
            rows = tuple(
                SourceRow(
                    f"{sheet}, row {number}",
                    tuple(_written(value) for value in row),
                    spans=number - 1 in spans,
                )
                for number, row in enumerate(values, 1)
            )
            titles = () if _UNNAMED.fullmatch(sheet) else (sheet,)
            tables.append(SourceTable(rows, sheet, sheet, titles, apart=True))
    except PasswordError:
        raise WorkbookError(f"{name} is locked with a password. Save it without one and read that.") from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        if data.startswith(_OLE) and not name.casefold().endswith(".xls"):
            raise WorkbookError(
                f"{name} is locked with a password. Save it without one and read that."
            ) from None
        raise WorkbookError(
            f"{name} cannot be opened as a workbook ({error}). Open it in Excel, save it as .xlsx, and "
            f"read that."
        ) from None
    beside = beside_cells(data, {table.place: [row.cells for row in table.rows] for table in tables})
    doubts = beside.doubts
    if not data.startswith(b"PK") and first_days:
        said = "dates are the first of a month: where only the month is shown, its last day is meant"
        doubts += (f"{first_days} {said}",)
    return Source(name, tuple(_as_seen(table, beside) for table in tables), notes=beside.notes, doubts=doubts)


def _as_seen(table: SourceTable, beside: Beside) -> SourceTable:
    """A sheet with its cells as a reader sees them, and with their colours."""
    rows = (
        replace(
            row,
            cells=tuple(
                beside.seen.get((table.place, down, across), cell) for across, cell in enumerate(row.cells, 1)
            ),
            fills=tuple(
                beside.fills.get((table.place, down, across), "") for across in range(1, len(row.cells) + 1)
            ),
        )
        for down, row in enumerate(table.rows, 1)
    )
    return replace(table, rows=tuple(rows))


def source_of_list(data: bytes, name: str) -> Source:
    """The rows of a list parted by commas, semicolons or tabs, whichever its first lines have most of."""
    text = text_of(data).replace("\0", "")
    start = text[:4000]
    delimiter = max(",;\t", key=start.count)
    rows: list[SourceRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(SourceRow(f"line {reader.line_num}", tuple(row)))
    except csv.Error as error:
        raise WorkbookError(
            f"{name}, line {reader.line_num}: not a list parted by commas ({error}). Save it from Excel "
            f"as .xlsx."
        ) from None
    return Source(name, (SourceTable(tuple(rows), apart=True),))


def _written(value: object) -> str:
    """A value as a British reader writes it."""
    match value:
        case bool():
            return "Yes" if value else "No"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return f"{value.day}.{value.month}.{value.year}"
        case date():
            return f"{value.day}.{value.month}.{value.year}"
        case time() | timedelta():
            return str(value)
        case float():
            return f"{value:.12g}"
        case _:
            return str(value)
