"""A blank plan for a manager to fill in: a workbook whose headings the reader of plans knows."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["plan_template"]

_HEADINGS = (
    ("Ref", 8),
    ("Priority", 34),
    ("Action", 50),
    ("Lead officer", 34),
    ("Timescale and milestones", 50),
    ("How we will measure success and impact", 50),
    ("RAG rating", 14),
)
_ABOUT = (
    ("Board", "", "The board's full name"),
    ("Title", "", "As it stands on the plan: LSCB Business Plan 2026-27"),
    ("Chair", "", "The independent chair; leave blank if there is none"),
    ("First day of the plan year", "", "For example 1.4.2026"),
)
_KEY = (
    ("Red", "The action is not on track, or its deadline has passed. An explanation is to be given."),
    (
        "Amber",
        "The action has begun, but there is a risk that it will be late. An explanation is to be given.",
    ),
    ("Green", "The action is on track, or it is complete."),
    ("Purple", "The action is no longer appropriate."),
    ("White", "The action has not started, as it is scheduled for a later date."),
)
_HELP = (
    "How to fill this in",
    "1. On the sheet About, say whose plan it is and when its year begins.",
    "2. On the sheet Plan, write one row for each action. Number them 1.1, 1.2, 2.1: the first figure is "
    "the priority.",
    "3. Write the priority in words beside each action: 1 Early help. Several leads or milestones of an "
    "action stand "
    "on lines of their own in the cell (Alt and Enter).",
    "4. Give every milestone its deadline in words: Audit agreed by 30.6.2026; Report to LSCB July 2026; "
    "Ongoing.",
    "5. On the sheet RAG key, put the board's own statuses and definitions, the most severe first.",
    "6. Save, and make the plan of it: lscb-workbook plan read plan.xlsx -o plan.toml",
)
_ROWS = 60
_FONT = b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'


def plan_template() -> bytes:
    """The blank plan as the bytes of a workbook."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    plan = book.active
    assert plan is not None
    plan.title = "Plan"
    wrapped = Alignment(wrap_text=True, vertical="top")
    for column, (heading, width) in enumerate(_HEADINGS, 1):
        plan.cell(1, column, heading)
        plan.column_dimensions[get_column_letter(column)].width = width
        for row in range(2, _ROWS + 2):
            cell = plan.cell(row, column)
            cell.alignment, cell.number_format = wrapped, "@"  # as text, so that 1.10 stays 1.10
    plan.freeze_panes = "A2"
    statuses = DataValidation("list", formula1=f"'RAG key'!$A$2:$A${len(_KEY) + 1}", allow_blank=True)
    statuses.add(f"G2:G{_ROWS + 1}")
    plan.add_data_validation(statuses)
    about = book.create_sheet("About")
    _fill(about, (("What", "Of this plan", "How"), *_ABOUT), (30, 50, 60))
    about["B5"].number_format = "@"
    _fill(book.create_sheet("RAG key"), (("Status", "Definition"), *_KEY), (16, 90))
    _fill(book.create_sheet("How to fill in"), tuple((line,) for line in _HELP), (120,))
    _head(plan, about, book["RAG key"])
    made = io.BytesIO()
    book.save(made)
    return _in_order(made)


def _in_order(made: io.BytesIO) -> bytes:
    """The workbook with its one font as the file format has it; openpyxl puts the name before the size."""
    out = io.BytesIO()
    with ZipFile(made) as package, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for part in package.infolist():
            data = package.read(part)
            if part.filename == "xl/styles.xml":
                data = re.sub(rb"<fonts.*?</fonts>", _FONT, data, flags=re.DOTALL)
            copy.writestr(part, data)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: tuple[tuple[str, ...], ...], widths: tuple[int, ...]) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    for row in rows:
        sheet.append(row)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        for cells in sheet.iter_rows(min_col=column, max_col=column):
            cells[0].alignment = Alignment(wrap_text=True, vertical="top")


def _head(*sheets: Worksheet) -> None:
    from openpyxl.styles import PatternFill

    fill = PatternFill("solid", fgColor="FFE2E8EE")
    for sheet in sheets:
        for cell in sheet[1]:
            cell.fill = fill
