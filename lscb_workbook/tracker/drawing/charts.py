"""The charts of the tracker, over the tables that they show."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import XYSeries
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from lscb_workbook.plan.records import RagScheme
from lscb_workbook.tracker.columns import Table
from lscb_workbook.tracker.drawing.looks import (
    INK,
    LINES,
    MARKS,
    MET,
    MISSED,
    MOVED_FROM,
    NOT_RATED,
    ONGOING,
    TO_COME,
)
from lscb_workbook.tracker.layout import SERIES, TIMELINE

__all__ = ["CHARTS", "draw_by_priority", "draw_timeline", "draw_trend"]

CHARTS = {
    "Summary": (
        (
            "Ratings by priority",
            "Stacked bars: what part of each priority's actions has each RAG rating. The counts are in the "
            "table.",
        ),
        (
            "Milestones by priority",
            "Stacked bars: how many of each priority's milestones are met, missed, still to come and "
            "ongoing. The counts are in the table.",
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


def draw_by_priority(page: Worksheet, table: Table, scheme: RagScheme) -> None:
    ratings = _bars(page, table, _rating_series(scheme), "RAG rating of the actions")
    ratings.grouping, ratings.overlap = "percentStacked", 100
    ratings.y_axis.number_format = "0%"
    page.add_chart(ratings, "A4")
    looks = {"met": MET, "missed": MISSED, "open": TO_COME, "ongoing": ONGOING}
    series = [(key, *look, "") for key, look in looks.items()]
    milestones = _bars(page, table, series, "Milestones met, missed, to come and ongoing")
    milestones.grouping, milestones.overlap = "stacked", 100
    page.add_chart(milestones, "G4")


_SeriesLook = tuple[str, str, str, str]
"""A series: its column's key, its fill and ink, and what its labels begin with."""


def _rating_series(scheme: RagScheme) -> list[_SeriesLook]:
    looks = [(f"count {one.name}", one.fill, one.ink, _before(one.letter)) for one in scheme.statuses]
    return [*looks, ("not_rated", *NOT_RATED, _before("–"))]


def _before(letter: str) -> str:
    """What stands before a number: ``R 3``, but ``3: 3`` where the letter is a figure itself."""
    return f"{letter}: " if letter[-1:].isdigit() else f"{letter} "


def _bars(page: Worksheet, table: Table, series: Sequence[_SeriesLook], title: str) -> BarChart:
    chart = _stacked(page, table, series, title)
    chart.type = "bar"
    _size(chart, 8.2, 15.5)
    chart.x_axis.title = _title("Priority", 10)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.layout = Layout(manualLayout=ManualLayout(x=0.02, y=0.14, w=0.94, h=0.66))
    return chart


def draw_trend(page: Worksheet, table: Table, scheme: RagScheme) -> None:
    chart = _stacked(page, table, _rating_series(scheme), "Actions by RAG rating, cycle by cycle")
    chart.type = "col"
    chart.grouping, chart.overlap = "stacked", 100
    _size(chart, 10.8, 25)
    chart.y_axis.title = _title("Actions", 10)
    chart.layout = Layout(manualLayout=ManualLayout(x=0.06, y=0.12, w=0.92, h=0.68))
    page.add_chart(chart, "A4")


def _size(chart: BarChart, height: float, width: float) -> None:
    """How large a chart is, in centimetres."""
    chart.height, chart.width = height, width  # type: ignore[assignment]


def _stacked(page: Worksheet, table: Table, series: Sequence[_SeriesLook], title: str) -> BarChart:
    chart = BarChart()
    chart.title = _title(title, 13)
    chart.gapWidth = 40
    body = table.row + 1
    for key, fill, ink, before in series:
        made = _series(page, table, key, fill)
        made.dLbls = _labels(f"{_quoted(before)}0;;" if before else "0;;", ink)
        chart.series.append(made)
    _name_categories(page, chart, table.left, body)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    for part in (chart.x_axis, chart.y_axis, chart.legend):
        part.txPr = _text(10)
    chart.legend.position = "b"
    return chart


def _quoted(words: str) -> str:
    """Words as a number format says them."""
    return '"' + words.replace('"', "") + '"'


def _name_categories(page: Worksheet, chart: BarChart, column: int, row: int) -> None:
    """Name a chart's categories by the texts of a column."""
    place = str(Reference(page, min_col=column, min_row=row, max_row=row))
    for made in chart.series:
        made.cat = AxDataSource(strRef=StrRef(f=place))


def _series(page: Worksheet, table: Table, key: str, fill: str) -> XYSeries:
    number = table.left + table.keys.index(key)
    numbers = Reference(page, min_col=number, min_row=table.row, max_row=table.row + 1)
    made: XYSeries = SeriesFactory(numbers, title_from_data=True)
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


def draw_timeline(page: Worksheet, table: Table) -> None:
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
    _name_categories(page, chart, table.left + table.keys.index("label"), table.row + 1)
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
    chart.anchor = TwoCellAnchor("twoCell", corner, AnchorMarker(col=table.left + 4, row=5))  # type: ignore[assignment]
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
