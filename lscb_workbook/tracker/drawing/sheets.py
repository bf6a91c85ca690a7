"""The sheets, tables and single cells of a workbook, drawn as its layout declares them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import absolute_coordinate, get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as XlTable
from openpyxl.worksheet.table import TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.plan.records import RagScheme
from lscb_workbook.tracker.columns import CHOICES, Choice, Column, Kind, Name, Sheet, Table, Writer
from lscb_workbook.tracker.drawing.looks import BOX, ENTRY_FILL, FORMATS, HEAD_FILL, NAVY, STATES

__all__ = ["body_of", "new_book", "point"]

_UNFROZEN = ("Cover", "Summary", "Trend", "Timeline")
"""The tabs whose table stands below a chart or a heading."""
_EPOCH = datetime(2016, 4, 1)
_OF_A_RATING, _WIDEST = ("count ", "share "), 18
_CHOOSE = "Choose from the drop-down list."
_MOST_SAID = 225
"""The most characters of a drop-down's message."""


def new_book(title: str, sheets: Iterable[Sheet], tables: Iterable[Table], scheme: RagScheme) -> Workbook:
    """A workbook of these sheets and tables, empty, its ratings those of a scheme."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "lscb-workbook"
    book.properties.title = title
    book.properties.language = "en-GB"
    book.properties.created = book.properties.modified = _EPOCH
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        _page(page, sheet)
    for table in tables:
        _table(book[table.sheet], table, scheme)
    return book


def _page(page: Worksheet, sheet: Sheet) -> None:
    page.sheet_view.showGridLines = False
    page.sheet_view.zoomScale = 90
    if sheet.title:
        page["A1"] = sheet.title
        page["A1"].font = Font(name="Calibri", size=16, bold=True, color=NAVY)
    if sheet.title and (sheet.note or sheet.about):
        page["A2"] = sheet.note or f"{sheet.about}."
        page["A2"].font = Font(name="Calibri", size=11)
    if sheet.hidden:
        page.sheet_state = "veryHidden"
    page.page_setup.orientation = "portrait" if sheet.portrait else "landscape"
    page.page_setup.paperSize = 9  # A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.5, 0.6
    page.page_margins.header = page.page_margins.footer = 0.3  # the rows end above what stands at the foot
    footer = page.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:  # empty ones are falsy
        footer.left.text, footer.right.text = " ", "Page &P of &N"
        footer.left.size = footer.right.size = 9
    if sheet.protected:
        page.protection.sheet = True
        page.protection.formatColumns = page.protection.formatRows = False
        page.protection.autoFilter = page.protection.sort = False


def _table(page: Worksheet, table: Table, scheme: RagScheme) -> None:
    top, body = table.row, table.row + 1
    dense = len(table.columns) > 3
    for offset, column in enumerate(table.columns):
        number = table.left + offset
        letter = get_column_letter(number)
        head = page.cell(top, number, column.header)
        head.font = Font(name="Calibri", size=10, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", start_color=HEAD_FILL.get(column.writer, NAVY))
        head.alignment = Alignment(wrap_text=True, vertical="center")
        head.border = BOX
        if page.sheet_state == "visible":  # what nobody sees needs no looks
            _look(page.cell(body, number), column, dense=dense)
        page.column_dimensions[letter].width = _width(column, scheme)
        page.column_dimensions[letter].hidden = column.hidden
        _validate(page, column, scheme, f"{letter}{body}")
        _colour(page, column, scheme, f"{letter}{body}")
    shown = [column for column in table.columns if not column.hidden]
    heads = (WrappedText(column.header, _width(column, scheme), 10, bold=True) for column in shown)
    height = max(row_height(heads), page.row_dimensions[top].height or 0)
    page.row_dimensions[top].height = height
    last = get_column_letter(table.left + len(table.columns) - 1)
    first = get_column_letter(table.left)
    xl = XlTable(displayName=table.name, ref=f"{first}{top}:{last}{body}")
    xl.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    xl._initialise_columns()  # type: ignore[attr-defined]
    for column, made in zip(table.columns, xl.tableColumns, strict=True):
        made.name = column.header
        _calculate(made, column)
    page.add_table(xl)
    if table.left != 1 or page.sheet_state == "veryHidden":
        return
    if page.title != "Cover":  # one page, two tables
        page.print_title_rows = f"{top}:{top}"
    if page.title not in _UNFROZEN:
        freeze = 3 if table.columns[0].key in ("ref", "id") else 1
        corner = get_column_letter(freeze if len(table.columns) > 4 else 1)
        page.freeze_panes = f"{corner}{body}"


def _look(cell: Cell | MergedCell, column: Column, *, dense: bool) -> None:
    cell.font = Font(name="Calibri", size=10 if dense else 11, bold=column.kind is Kind.RATING)
    centred = column.kind in (Kind.DATE, Kind.COUNT, Kind.PERCENT, Kind.RATING, Kind.STATE)
    # What is hidden must not make a row high, nor show a sliver of itself beside an empty cell.
    placed = (
        "left" if column.hidden else "center" if centred else "fill" if column.kind is Kind.MARK else None
    )
    wraps = not column.hidden and column.kind is not Kind.MARK
    cell.alignment = Alignment(wrap_text=wraps, vertical="top", horizontal=placed)
    cell.border = BOX
    cell.number_format = FORMATS.get(column.kind, "@" if column.writer is not Writer.TOOL else "General")
    if column.writer in (Writer.OFFICER, Writer.MANAGER):
        cell.fill = PatternFill("solid", start_color=ENTRY_FILL)
        cell.protection = Protection(locked=False)


def _calculate(made: TableColumn, column: Column) -> None:
    if column.formula:
        made.calculatedColumnFormula = TableFormula(attr_text=column.formula)


def _validate(page: Worksheet, column: Column, scheme: RagScheme, address: str) -> None:
    if column.choice is Choice.RATING:
        rule = DataValidation(type="list", formula1=Name.RATINGS, allow_blank=True)
        all_of_them = f"Choose one of: {', '.join(scheme.names)}."
        rule.error = all_of_them if len(all_of_them) <= _MOST_SAID else _CHOOSE
    elif column.choice is not None:
        rule = DataValidation(type="list", formula1=f'"{",".join(CHOICES[column.choice])}"', allow_blank=True)
        rule.error = _CHOOSE
    elif column.kind is Kind.DATE and column.writer in (Writer.OFFICER, Writer.MANAGER):
        rule = DataValidation(
            type="date", operator="between", formula1="36526", formula2="73415", allow_blank=True
        )
        rule.error = "Type a day as day/month/year, for example 31/08/2016."
    else:
        return
    rule.errorTitle, rule.errorStyle, rule.showErrorMessage = column.header, "stop", True
    if column.prompt:
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.header, column.prompt, True
    page.add_data_validation(rule)
    rule.add(address)


def _colour(page: Worksheet, column: Column, scheme: RagScheme, address: str) -> None:
    if column.kind is Kind.RATING:
        looks = {status.name: (status.fill, status.ink) for status in scheme.statuses}
    elif column.kind is Kind.STATE:
        looks = STATES
    else:
        return
    for word, (fill, ink) in looks.items():
        page.conditional_formatting.add(
            address,
            CellIsRule(  # type: ignore[no-untyped-call]
                operator="equal",
                formula=[_quoted(word)],
                fill=PatternFill("solid", bgColor=fill, fgColor=fill),
                font=Font(color=ink, bold=True),
            ),
        )


def _quoted(text: str) -> str:
    """Text as a formula says it."""
    return '"' + text.replace('"', '""') + '"'


def _width(column: Column, scheme: RagScheme) -> float:
    """A column's width: what it is declared to be, or what the longest word of a rating asks."""
    if not (column.kind is Kind.RATING or column.key.startswith(_OF_A_RATING)):
        return column.width
    said = scheme.names if column.kind is Kind.RATING else (column.header,)
    longest = max((len(word) for name in said for word in name.split()), default=0)
    return max(column.width, min(longest + (3 if column.kind is Kind.RATING else 2), _WIDEST))


def body_of(table: Table, key: str) -> str:
    """The address of a column's one cell below its heading."""
    number = table.left + table.keys.index(key)
    return f"{get_column_letter(number)}{table.row + 1}"


def point(book: Workbook, name: Name, sheet: str, address: str) -> None:
    """Have a defined name mean a cell; that of the ratings a range, which grows with its table."""
    place = f"'{sheet}'!{absolute_coordinate(address)}"
    if name is Name.RATINGS:
        place += f":{absolute_coordinate(address)}"
    book.defined_names[name] = DefinedName(name, attr_text=place)
