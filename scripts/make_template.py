"""Make the two workbooks that the tool fills in: the tracker's template and the officer's copy.

    python scripts/make_template.py [FOLDER]

Draws what ``lscb_workbook.tracker.layout`` declares, with openpyxl, and writes
``workbook_template.xlsx`` and ``lscb_workbook/copies/copy_template.xlsx`` below FOLDER (default: the
project). The same layout gives the same bytes. Either may then be restyled in Excel: the tool finds
its way by table names, headings and defined names.
"""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

os.environ["OPENPYXL_LXML"] = "False"  # the bytes must not depend on whether lxml is installed

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as XlTable
from openpyxl.worksheet.table import TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lscb_workbook.copies.layout import COPY_SHEETS, COPY_TABLES  # noqa: E402
from lscb_workbook.ooxml.heights import WrappedText, row_height  # noqa: E402
from lscb_workbook.plan.documents import default_plan  # noqa: E402
from lscb_workbook.plan.records import RagScheme  # noqa: E402
from lscb_workbook.tracker.columns import CHOICES, Choice, Column, Kind, Name, Sheet, Table, Writer  # noqa: E402
from lscb_workbook.tracker.layout import SERIES, TIMELINE, TRACKER_SHEETS, TRACKER_TABLES  # noqa: E402

TRACKER = "workbook_template.xlsx"
COPY = "lscb_workbook/copies/copy_template.xlsx"

NAVY, TEAL, PLUM = "1F3864", "0B5351", "5A2A6B"
ENTRY_FILL = "FFFBE8"
LINE = Side(style="thin", color="BFC5CE")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_FILL = {Writer.OFFICER: TEAL, Writer.MANAGER: PLUM}
FORMATS = {Kind.DATE: "dd/mm/yyyy", Kind.PERCENT: "0%", Kind.COUNT: "0"}
STATES = {
    "Missed": ("F4B6B0", "5F0F08"),
    "Due soon": ("FCE8B2", "4D3800"),
    "Complete late": ("E4DFEC", "3B2A57"),
}
NOTES = {
    Name.EXCEPTIONS_NOTE: "Exceptions",
    Name.MISSED_NOTE: "Missed milestones",
    Name.DUE_SOON_NOTE: "Due soon",
    Name.WITHDRAWN_NOTE: "No longer appropriate",
    Name.BY_OFFICER_NOTE: "By officer",
    Name.BY_ORGANISATION_NOTE: "By organisation",
    Name.MOVEMENT_NOTE: "Movement",
    Name.MOVED_NOTE: "What has moved",
    Name.MOVED_DATES_NOTE: "Moved dates",
    Name.EVIDENCE_NOTE: "Evidence of impact",
    Name.TIMELINE_NOTE: "Timeline",
    Name.QUALITY_NOTE: "Data quality",
    Name.CONFLICTS_NOTE: "Conflicts",
}
UNFROZEN = ("Cover", "Summary", "Trend", "Timeline")
"""The tabs whose table stands below a chart or a heading."""
EPOCH = datetime(2016, 4, 1)
MET, MISSED, TO_COME = ("1F5A3C", "FFFFFF"), ("D97B72", "000000"), ("DDE1E7", "000000")
"""The fills and inks of the milestones in charts: told apart in grey too."""
NOT_RATED = ("D9D9D9", "000000")
MARKS = (("1F5A3C", "FFFFFF"), ("C9372C", "FFFFFF"), ("FFCC5C", "000000"), ("A9B1BD", "000000"))
"""Those of the Timeline's marks, in the order of ``SERIES``."""
HOW_TO_READ = (
    "C complete, M missed, D due soon, N not yet due. "
    "Pale bar: how far the date moved. Heavy line: as-at day."
)
MOVED_FROM = "E4E0F0"
INK, LINES = "262626", "7F7F7F"
CHARTS = {
    "Summary": (
        (
            "Ratings by priority",
            "Stacked bars: what part of each priority's actions has each RAG rating. The counts are in the "
            "table.",
        ),
        (
            "Milestones by priority",
            "Stacked bars: how many of each priority's milestones are met, missed and still to come. The "
            "counts are in the table.",
        ),
    ),
    "Trend": (
        (
            "Ratings by cycle",
            "Stacked columns: how many actions had each RAG rating in each cycle of the year. The counts are "
            "in the table.",
        ),
    ),
    "Timeline": (
        (
            TIMELINE,
            "Bars on a calendar of the year: a mark for each milestone, at the date that counts, by where it "
            "stands; a line at the day of this paper. The dates and states are in the table.",
        ),
    ),
}
"""The name and the alternative text of each chart, by tab, in the order in which they are drawn."""


def main(folder: Path = ROOT) -> None:
    scheme = default_plan().scheme
    for name, data in ((TRACKER, tracker_template(scheme)), (COPY, copy_template(scheme))):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"wrote {path}")


# --- the two workbooks -----------------------------------------------------------------------


def tracker_template(scheme: RagScheme) -> bytes:
    """The empty tracker, as the bytes of an .xlsx file."""
    book = _book("Action tracker", TRACKER_SHEETS, TRACKER_TABLES.values(), scheme)
    _cover(book["Cover"], book)
    _charts(book["Summary"], TRACKER_TABLES["ByPriority"], scheme)
    _trend(book["Trend"], TRACKER_TABLES["Trend"], scheme)
    book["Trend"].page_setup.fitToHeight = 1  # a year's cycles, monthly ones too, under their chart
    _timeline(book["Timeline"], TRACKER_TABLES["Timeline"])
    book["Timeline"]["A3"] = HOW_TO_READ
    book["Timeline"]["A3"].font = Font(name="Calibri", size=11)
    for name, sheet in NOTES.items():
        _name(book, name, sheet, "A2")
    _name(book, Name.RATINGS, "RAG key", _body(TRACKER_TABLES["RagKey"], "name"))
    book["_lscb"]["D1"] = "Changed since the review"
    _name(book, Name.LISTS_CHANGED, "_lscb", "E1")
    return _bytes(book, TRACKER_TABLES.values())


def copy_template(scheme: RagScheme) -> bytes:
    """The empty officer's copy, as the bytes of an .xlsx file."""
    book = _book("Officer's copy", COPY_SHEETS, COPY_TABLES.values(), scheme)
    actions = book["Actions"]
    for name, address in ((Name.COPY_FOR, "A2"), (Name.COPY_RETURN, "A3")):
        _name(book, name, "Actions", address)
    actions["A3"].font = Font(name="Calibri", size=11, bold=True, color=TEAL)
    _name(book, Name.COPY_TITLE, "Guide and RAG key", "A2")
    book["Milestones"]["A2"] = "Say where each milestone stands. A revised date is a proposal to the board."
    book["Milestones"]["A3"] = "Fill in the cream cells only; the rest is the plan as agreed."
    guide = book["Guide and RAG key"]
    for row, line in enumerate(GUIDE, start=4):
        guide.cell(row, 1, line).font = Font(name="Calibri", size=11)
    guide.cell(13, 1, "What each rating means, word for word").font = Font(name="Calibri", size=12, bold=True)
    _name(book, Name.RATINGS, "Guide and RAG key", _body(COPY_TABLES["GuideKey"], "name"))
    return _bytes(book, COPY_TABLES.values())


GUIDE = (
    "1.  Actions tab: for each action choose a RAG rating from the drop-down, then say why under Commentary.",
    "2.  Evidence of impact: say what difference it has made to children, and how you know.",
    "3.  Milestones tab: choose a status. If done, give the day; if it will be late, propose a revised date.",
    "4.  Only the cream cells can be filled in. To correct anything else, write it under Commentary.",
    "5.  If an action is shared, each lead gets a copy; the manager sees where you differ.",
    "6.  Do not name children, or give anything that could tell who they are: this goes to a public board.",
    "7.  Save the workbook under any name you like and send it back by the day stated on the Actions tab.",
)


def _book(title: str, sheets: Iterable[Sheet], tables: Iterable[Table], scheme: RagScheme) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "lscb-workbook"
    book.properties.title = title
    book.properties.language = "en-GB"
    book.properties.created = book.properties.modified = EPOCH
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
    page.oddFooter.left.text = " "
    page.oddFooter.right.text = "Page &P of &N"
    page.oddFooter.left.size = page.oddFooter.right.size = 9
    if sheet.protected:
        page.protection.sheet = True
        page.protection.formatColumns = page.protection.formatRows = False
        page.protection.autoFilter = page.protection.sort = False


# --- tables ----------------------------------------------------------------------------------


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
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].hidden = column.hidden
        _validate(page, column, scheme, f"{letter}{body}")
        _colour(page, column, scheme, f"{letter}{body}")
    shown = [column for column in table.columns if not column.hidden]
    heads = (WrappedText(column.header, column.width, 10, bold=True) for column in shown)
    height = max(row_height(heads), page.row_dimensions[top].height or 0)
    page.row_dimensions[top].height = height
    last = get_column_letter(table.left + len(table.columns) - 1)
    first = get_column_letter(table.left)
    xl = XlTable(displayName=table.name, ref=f"{first}{top}:{last}{body}")
    xl.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    xl._initialise_columns()
    for column, made in zip(table.columns, xl.tableColumns, strict=True):
        made.name = column.header
        _calculate(made, column)
    page.add_table(xl)
    if table.left != 1 or page.sheet_state == "veryHidden":
        return
    if page.title != "Cover":  # one page, two tables
        page.print_title_rows = f"{top}:{top}"
    if page.title not in UNFROZEN:
        freeze = 3 if table.columns[0].key in ("ref", "id") else 1
        page.freeze_panes = page.cell(body, freeze if len(table.columns) > 4 else 1)


def _look(cell: Cell, column: Column, *, dense: bool) -> None:
    cell.font = Font(name="Calibri", size=10 if dense else 11, bold=column.kind is Kind.RATING)
    centred = column.kind in (Kind.DATE, Kind.COUNT, Kind.PERCENT, Kind.RATING, Kind.STATE)
    # What is hidden must not make a row high, nor show a sliver of itself beside an empty cell.
    placed = "left" if column.hidden else "center" if centred else None
    cell.alignment = Alignment(wrap_text=not column.hidden, vertical="top", horizontal=placed)
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
        rule.error = f"Choose one of: {', '.join(scheme.names)}."
    elif column.choice is not None:
        rule = DataValidation(type="list", formula1=f'"{",".join(CHOICES[column.choice])}"', allow_blank=True)
        rule.error = "Choose from the drop-down list."
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
            CellIsRule(
                operator="equal",
                formula=[f'"{word}"'],
                fill=PatternFill("solid", bgColor=fill, fgColor=fill),
                font=Font(color=ink, bold=True),
            ),
        )


# --- single cells ----------------------------------------------------------------------------


def _body(table: Table, key: str) -> str:
    number = table.left + [column.key for column in table.columns].index(key)
    return f"{get_column_letter(number)}{table.row + 1}"


def _name(book: Workbook, name: Name, sheet: str, address: str) -> None:
    column, row = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]
    place = f"'{sheet}'!${column}${row}"
    if name is Name.RATINGS:
        place += f":${column}${row}"
    book.defined_names[name] = DefinedName(name, attr_text=place)


def _cover(page: Worksheet, book: Workbook) -> None:
    facts: Sequence[tuple[int, str, Name, str]] = (
        (5, "Chair", Name.CHAIR, "General"),
        (6, "Plan year from", Name.YEAR_FIRST, "d mmmm yyyy"),
        (7, "Plan year to", Name.YEAR_LAST, "d mmmm yyyy"),
        (8, "Cycle", Name.CYCLE, "General"),
        (9, "As at", Name.AS_AT, "d mmmm yyyy"),
        (10, "A milestone is due soon within (days)", Name.DUE_SOON_DAYS, "0"),
        (11, "The board looks ahead to", Name.NEXT_MEETING, "d mmmm yyyy"),
        (12, "List tabs", Name.LISTS_CHECK, "General"),
    )
    for row, label, name, form in facts:
        page.cell(row, 1, label).font = Font(name="Calibri", size=11, bold=True)
        cell = page.cell(row, 2)
        cell.font = Font(name="Calibri", size=11)
        cell.alignment = Alignment(horizontal="left")
        cell.number_format = form
        _name(book, name, page.title, f"B{row}")
    page["B10"] = 28
    page.row_dimensions[1].height = 32
    for row, name, size in ((1, Name.BOARD, 22), (2, Name.PLAN_TITLE, 16), (3, Name.HEADLINE, 12)):
        cell = page.cell(row, 1)
        cell.font = Font(name="Calibri", size=size, bold=True, color=NAVY)
        _name(book, name, page.title, f"A{row}")
    page.column_dimensions["B"].width = 18
    page.column_dimensions["C"].width = 3


# --- charts ----------------------------------------------------------------------------------


def _charts(page: Worksheet, table: Table, scheme: RagScheme) -> None:
    ratings = _bars(page, table, _rating_series(scheme), "RAG rating of the actions")
    ratings.grouping, ratings.overlap = "percentStacked", 100
    ratings.y_axis.number_format = "0%"
    page.add_chart(ratings, "A4")
    looks = {"met": MET, "missed": MISSED, "open": TO_COME}
    milestones = _bars(page, table, [(key, *look, "") for key, look in looks.items()], MILESTONES_TITLE)
    milestones.grouping, milestones.overlap = "stacked", 100
    page.add_chart(milestones, "G4")


MILESTONES_TITLE = "Milestones met, missed and to come"
SeriesLook = tuple[str, str, str, str]
"""A series: its column's key, its fill and ink, and the letter that its labels begin with."""


def _rating_series(scheme: RagScheme) -> list[SeriesLook]:
    looks = [(f"count {one.name}", one.fill, one.ink, one.letter) for one in scheme.statuses]
    return [*looks, ("count none", *NOT_RATED, "–")]


def _bars(page: Worksheet, table: Table, series: Sequence[SeriesLook], title: str) -> BarChart:
    chart = _stacked(page, table, series, title)
    chart.type = "bar"
    chart.height, chart.width = 8.2, 15.5
    chart.x_axis.title = _title("Priority", 10)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.layout = Layout(manualLayout=ManualLayout(x=0.02, y=0.14, w=0.94, h=0.66))
    return chart


def _trend(page: Worksheet, table: Table, scheme: RagScheme) -> None:
    chart = _stacked(page, table, _rating_series(scheme), "Actions by RAG rating, cycle by cycle")
    chart.type = "col"
    chart.grouping, chart.overlap = "stacked", 100
    chart.height, chart.width = 10.8, 25
    chart.y_axis.title = _title("Actions", 10)
    chart.layout = Layout(manualLayout=ManualLayout(x=0.06, y=0.12, w=0.92, h=0.68))
    page.add_chart(chart, "A4")


def _stacked(page: Worksheet, table: Table, series: Sequence[SeriesLook], title: str) -> BarChart:
    chart = BarChart()
    chart.title = _title(title, 13)
    chart.gapWidth = 40
    body = table.row + 1
    for key, fill, ink, letter in series:
        made = _series(page, table, key, fill)
        made.dLbls = _labels(f'"{letter} "0;;' if letter else "0;;", ink)
        chart.series.append(made)
    _name_categories(page, chart, table.left, body)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    for part in (chart.x_axis, chart.y_axis, chart.legend):
        part.txPr = _text(10)
    chart.legend.position = "b"
    return chart


def _name_categories(page: Worksheet, chart: BarChart, column: int, row: int) -> None:
    """Name a chart's categories by the texts of a column."""
    place = str(Reference(page, min_col=column, min_row=row, max_row=row))
    for made in chart.series:
        made.cat = AxDataSource(strRef=StrRef(f=place))


def _series(page: Worksheet, table: Table, key: str, fill: str) -> Series:
    number = table.left + _keys(table).index(key)
    made = Series(
        Reference(page, min_col=number, min_row=table.row, max_row=table.row + 1), title_from_data=True
    )
    made.graphicalProperties.solidFill = fill
    made.graphicalProperties.line.solidFill = LINES
    return made


def _labels(form: str, ink: str) -> DataLabelList:
    """Labels that show a number by this format, which leaves a nought out."""
    labels = DataLabelList()
    labels.showVal = True
    labels.numFmt = form
    labels.txPr = _text(10, ink, bold=True)
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(labels, other, False)
    return labels


def _timeline(page: Worksheet, table: Table) -> None:
    """The chart stands on two rows above the table, whose height the tool suits to the milestones."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 25
    chart.title = _title("When the milestones are due", 13)
    clear = _series(page, table, "start", "FFFFFF")
    clear.graphicalProperties.noFill, clear.graphicalProperties.solidFill = True, None
    clear.graphicalProperties.line.solidFill, clear.graphicalProperties.line.noFill = None, True
    moved = _series(page, table, "moved", MOVED_FROM)
    chart.series += [clear, moved]
    for name, (fill, ink) in zip(SERIES, MARKS, strict=True):
        made = _series(page, table, f"mark {name}", fill)
        made.dLbls = _labels(f'"{name[0]}";;', ink)
        chart.series.append(made)
    _name_categories(page, chart, table.left + _keys(table).index("label"), table.row + 1)
    names, days = chart.x_axis, chart.y_axis
    names.delete = days.delete = False
    names.scaling.orientation, names.tickLblPos, names.tickLblSkip = "maxMin", "low", 1
    names.majorTickMark = "none"
    names.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=INK, w=28575))
    days.number_format, days.majorUnit = "d mmm", 30.6
    days.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D9D9D9", w=6350)))
    names.txPr = days.txPr = _text(10)
    chart.legend = None  # the marks' letters are told above the chart
    chart.visible_cells_only = False
    chart.layout = Layout(manualLayout=ManualLayout(x=0.36, y=0.1, w=0.62, h=0.88, layoutTarget="inner"))
    corner = AnchorMarker(col=table.left - 1, row=3)
    chart.anchor = TwoCellAnchor("twoCell", corner, AnchorMarker(col=table.left + 4, row=5))
    for row in (4, 5):
        page.row_dimensions[row].height = 300
    page.add_chart(chart)
    page.row_breaks.append(Break(id=table.row - 1))


def _text(size: int, ink: str = INK, *, bold: bool = False) -> RichText:
    """How the words of a chart look; sizes are in points."""
    looks = CharacterProperties(lang="en-GB", sz=size * 100, b=bold, solidFill=ink)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=looks), endParaRPr=looks)])


def _title(words: str, size: int) -> Title:
    looks = CharacterProperties(lang="en-GB", sz=size * 100, b=True, solidFill=INK)
    run = RegularTextRun(rPr=looks, t=words)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=looks), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


# --- the package -----------------------------------------------------------------------------


def _unflagged(sheet: bytes, tables: Iterable[Table]) -> bytes:
    """Have Excel pass over refs such as ``1.4`` that are text and look like numbers."""
    areas = [_body(table, key) for table in tables for key in _REFS if key in _keys(table)]
    if not areas:
        return sheet
    sqref = " ".join(f"{area}:{area}" for area in areas)
    made = f'<ignoredErrors><ignoredError sqref="{sqref}" numberStoredAsText="1"/></ignoredErrors>'
    at = min(sheet.find(tag) for tag in (b"<drawing", b"<legacyDrawing", b"<tableParts") if tag in sheet)
    return sheet[:at] + made.encode() + sheet[at:]


_REFS = ("ref", "id", "milestone")


def _keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def _bytes(book: Workbook, tables: Iterable[Table]) -> bytes:
    """The workbook, saved so that the same layout gives the same bytes and the file format's order holds."""
    raw = io.BytesIO()
    book.save(raw)
    made = io.BytesIO()
    parts = {f"xl/worksheets/sheet{number}.xml": page.title for number, page in enumerate(book.worksheets, 1)}
    drawn = [page.title for page in book.worksheets if page._charts]
    frames = {f"xl/drawings/drawing{number}.xml": CHARTS[tab] for number, tab in enumerate(drawn, start=1)}
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "xl/styles.xml":
                data = _order_fonts(data)
            if item.filename in parts:
                here = [table for table in tables if table.sheet == parts[item.filename]]
                data = _unflagged(data, here)
            if item.filename.startswith("xl/charts/"):
                data = _finished_chart(data)
            if item.filename in frames:
                data = _with_alternative_texts(data, frames[item.filename])
            if item.filename == "docProps/app.xml":
                data = re.sub(rb"(<Application>)[^<]*", rb"\g<1>lscb-workbook", data)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2016-04-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(item.filename, (2016, 4, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return made.getvalue()


def _finished_chart(chart: bytes) -> bytes:
    """A chart with its language, and its labels' formats as the file format wants them said."""
    chart = re.sub(rb"<(\w+:)?r><(\w+:)?t ?(?:/>|></\2t>)</\1r>", b"", chart)
    chart = re.sub(rb'(<(?:c:)?numFmt formatCode="[^"]*")(?= ?/>)', rb'\1 sourceLinked="0"', chart)
    return re.sub(rb"(<(?:c:)?)(roundedCorners|chart)\b", rb'\1lang val="en-GB"/>\1\2', chart, count=1)


def _with_alternative_texts(drawing: bytes, charts: Sequence[tuple[str, str]]) -> bytes:
    """A drawing whose frames have names, and say what they show."""
    named = iter(charts)

    def frame(match: re.Match[bytes]) -> bytes:
        name, words = map(quoteattr, next(named))
        return match[1] + f" name={name} descr={words}".encode()

    return re.sub(rb'(<(?:\w+:)?cNvPr id="\d+")\s+name="[^"]*"', frame, drawing)


_FONT_ORDER = ("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color")
_FONT_ORDER += ("name", "family", "charset", "scheme")


def _order_fonts(styles: bytes) -> bytes:
    """Put the children of each ``<font>`` in the order of CT_Font; openpyxl writes another."""

    def ordered(match: re.Match[bytes]) -> bytes:
        children = re.findall(rb"<(\w+)[^>]*/>", match[1])
        parts = dict(zip(children, re.findall(rb"<\w+[^>]*/>", match[1]), strict=True))
        return b"<font>" + b"".join(parts[n] for n in map(str.encode, _FONT_ORDER) if n in parts) + b"</font>"

    return re.sub(rb"<font>(.*?)</font>", ordered, styles, flags=re.S)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
