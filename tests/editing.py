"""Copies as officers leave them: an issued copy, edited in whatever way, and saved again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from tracking import HEAD_OF_RESEARCH, copy_of

import lscb_workbook.ooxml as ooxml
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import add_part, relationships

__all__ = [
    "BUSINESS_MANAGER",
    "Edit",
    "coloured",
    "column_of",
    "edited",
    "form",
    "issued_as",
    "retold",
    "row_of",
    "rows_from",
    "spot",
    "together",
    "typed",
    "unnamed",
    "with_text_box",
    "with_threaded_comment",
]

BUSINESS_MANAGER = "LSCB Business Manager"
"""Leads 1.7, 2.2, 4.2 and 6.5 alone, and 3.1 with another."""

Edit = Callable[[Workbook], object]
"""What an officer does to their copy."""


def edited(folder: Path, to: Path, edit: Edit, title: str = HEAD_OF_RESEARCH, *, hour: int = 12) -> Path:
    """The copy issued to this officer in ``folder``, edited, saved as ``to`` at this hour of 20 September."""
    book = load_workbook(copy_of(folder / "copies", title))
    edit(book)
    to.parent.mkdir(parents=True, exist_ok=True)
    book.save(to)
    book.close()
    moment = datetime(2016, 9, 20, hour)
    saved = ooxml.Workbook.open(to)
    saved.set_core(modified=moment)
    to.write_bytes(saved.to_bytes())
    os.utime(to, (moment.timestamp(), moment.timestamp()))
    return to


def form(book: Workbook, name: str = "Actions") -> Worksheet:
    """The sheet of a copy, by its name."""
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def row_of(book: Workbook, name: str) -> int:
    """The row of an action (by ref) or of a milestone (by id)."""
    table = COPY_TABLES["MyMilestones" if name.count(".") > 1 else "MyActions"]
    sheet = form(book, table.sheet)
    return next(row for row in range(table.row + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == name)


def column_of(sheet: Worksheet, heading: str) -> int:
    """The column under this heading."""
    return next(cell.column for line in sheet.iter_rows(max_row=8) for cell in line if cell.value == heading)


def spot(book: Workbook, name: str, heading: str) -> Cell:
    """The cell of an action (by ref) or of a milestone (by id) under a heading."""
    sheet = form(book, "Milestones" if name.count(".") > 1 else "Actions")
    cell = sheet.cell(row_of(book, name), column_of(sheet, heading))
    assert isinstance(cell, Cell)
    return cell


def typed(name: str, heading: str, value: object) -> Edit:
    """Somebody types a value into a cell; what begins with ``=`` is a formula."""

    def edit(book: Workbook) -> None:
        spot(book, name, heading).value = value  # type: ignore[assignment]

    return edit


def together(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(book: Workbook) -> None:
        for one in edits:
            one(book)

    return edit


def coloured(name: str, heading: str, colour: str) -> Edit:
    """Somebody fills a cell with a colour (RRGGBB)."""

    def edit(book: Workbook) -> None:
        spot(book, name, heading).fill = PatternFill("solid", fgColor=f"FF{colour}")

    return edit


def rows_from(copy: Path, names: Sequence[str], at: int, sheet: str = "Actions") -> Edit:
    """Rows of another copy's Actions tab, pasted at a row of a sheet; a blank sheet of that name is made."""

    def edit(book: Workbook) -> None:
        other = load_workbook(copy)
        page = form(book, sheet) if sheet in book.sheetnames else book.create_sheet(sheet)
        for number, name in enumerate(names, start=at):
            row = 5 if name == "Ref" else row_of(other, name)
            for column, cell in enumerate(form(other)[row], start=1):
                page.cell(number, column).value = cell.value
        other.close()

    return edit


def issued_as(name: str, key: str, otherwise: str) -> Edit:
    """What the hidden sheet says that a cell of an action was issued with, changed."""

    def edit(book: Workbook) -> None:
        for line in form(book, "_lscb").iter_rows(max_col=2):
            if line[0].value == "lscb-issued" and str(line[1].value).startswith(f'["{name}","",'):
                *row, values = json.loads(str(line[1].value))
                line[1].value = json.dumps([*row, values | {key: otherwise}])

    return edit


def unnamed(book: Workbook) -> None:
    """Everything that says whose copy it is, taken out."""
    del book["_lscb"]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    for sheet in ("Actions", "Guide and RAG key", "Milestones"):
        form(book, sheet)["A2"].value = None


# --- what openpyxl cannot do -----------------------------------------------------------------

_SHEET = "xl/worksheets/sheet1.xml"
_OFFICE = "http://schemas.microsoft.com/office"
_OPEN = "http://schemas.openxmlformats.org"


def with_text_box(copy: Path, text: str) -> Path:
    """A copy with a text box on its first sheet."""
    drawing = (
        f'<xdr:wsDr xmlns:xdr="{_OPEN}/drawingml/2006/spreadsheetDrawing" '
        f'xmlns:a="{_OPEN}/drawingml/2006/main"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/>'
        '<xdr:ext cx="900000" cy="900000"/><xdr:sp macro="" textlink=""><xdr:nvSpPr>'
        '<xdr:cNvPr id="2" name="TextBox 1"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr/>'
        f"<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        "<xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>"
    )
    package = Package.open(copy)
    kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
    relation = f"{_OPEN}/officeDocument/2006/relationships/drawing"
    add_part(package, "xl/drawings/drawing9.xml", drawing.encode(), kind, _SHEET, relation)
    found = next(one.id for one in relationships(package, _SHEET) if one.target.endswith("drawing9.xml"))
    link = f'<drawing xmlns:d="{_OPEN}/officeDocument/2006/relationships" d:id="{found}"/>'.encode()
    part = package.read(_SHEET)
    place = next(
        part.index(tag) for tag in (b"<legacyDrawing", b"<tableParts", b"</worksheet>") if tag in part
    )
    package.replace(_SHEET, part[:place] + link + part[place:])
    copy.write_bytes(package.to_bytes())
    return copy


def with_threaded_comment(copy: Path, cell: str, *texts: str) -> Path:
    """A copy with a comment and its replies on a cell of its first sheet, as Excel keeps them now."""
    kind = f"{_OFFICE}/spreadsheetml/2018/threadedcomments"
    said = "".join(
        f'<threadedComment ref="{cell}" dT="2016-09-20T12:00:00.00" personId="{{01}}" id="{{0{number}}}"'
        + (' parentId="{00}"' if number else "")
        + f"><text>{text}</text></threadedComment>"
        for number, text in enumerate(texts)
    )
    people = f'<personList xmlns="{kind}"><person displayName="Ann" id="{{01}}" userId="ann"/></personList>'
    comments = f'<ThreadedComments xmlns="{kind}">{said}</ThreadedComments>'
    package = Package.open(copy)
    for name, part, source, relation in (
        ("threadedComments/threadedComment1", comments, _SHEET, "threadedComment"),
        ("persons/person", people, "xl/workbook.xml", "person"),
    ):
        content = f"application/vnd.ms-excel.{name.split('/')[0].rstrip('s').casefold()}s+xml"
        link = f"{_OFFICE}/2017/10/relationships/{relation}"
        add_part(package, f"xl/{name}.xml", part.encode(), content, source, link)
    copy.write_bytes(package.to_bytes())
    return copy


def retold(copy: Path, said: str, otherwise: str) -> Path:
    """A copy with a text of its first sheet replaced by one that no program would write (as XML)."""
    package = Package.open(copy)
    part = package.read(_SHEET)
    assert said.encode() in part
    package.replace(_SHEET, part.replace(said.encode(), otherwise.encode()))
    copy.write_bytes(package.to_bytes())
    return copy
