"""The empty tracker, drawn for a board's RAG scheme."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.plan.records import RagScheme
from lscb_workbook.plan.schemes import in_words
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.drawing.charts import draw_by_priority, draw_timeline, draw_trend
from lscb_workbook.tracker.drawing.looks import NAVY
from lscb_workbook.tracker.drawing.packing import packed
from lscb_workbook.tracker.drawing.sheets import body_of, new_book, point
from lscb_workbook.tracker.layout import TRACKER_SHEETS, tables_for

__all__ = ["draw_tracker"]

_NOTES = {
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
_REST_OF_HEADLINE = (
    "99 milestones missed; 99 officers have not returned, 99 returned the copy unchanged; "
    "99 conflicts to settle."
)
_HOW_TO_READ = (
    "C complete, M missed, D due soon, N not yet due. "
    "Pale bar: how far the date moved. Heavy line: as-at day."
)


def draw_tracker(scheme: RagScheme) -> bytes:
    """The empty tracker, as the bytes of an .xlsx file."""
    tables = tables_for(scheme.names)
    book = new_book("Action tracker", TRACKER_SHEETS, tables.values(), scheme)
    _cover(book["Cover"], book)
    _wrap_headline(book["Cover"], scheme)
    draw_by_priority(book["Summary"], tables["ByPriority"], scheme)
    draw_trend(book["Trend"], tables["Trend"], scheme)
    book["Trend"].page_setup.fitToHeight = 1  # a year's cycles, monthly ones too, under their chart
    draw_timeline(book["Timeline"], tables["Timeline"])
    book["Timeline"]["A3"] = _HOW_TO_READ
    book["Timeline"]["A3"].font = Font(name="Calibri", size=11)
    for name, sheet in _NOTES.items():
        point(book, name, sheet, "A2")
    point(book, Name.RATINGS, "RAG key", body_of(tables["RagKey"], "name"))
    book["_lscb"]["D1"] = "Changed since the review"
    point(book, Name.LISTS_CHANGED, "_lscb", "E1")
    return packed(book, tables.values())


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
        point(book, name, page.title, f"B{row}")
    page["B10"] = 28
    page.row_dimensions[1].height = 32
    for row, name, size in ((1, Name.BOARD, 22), (2, Name.PLAN_TITLE, 16), (3, Name.HEADLINE, 12)):
        cell = page.cell(row, 1)
        cell.font = Font(name="Calibri", size=size, bold=True, color=NAVY)
        point(book, name, page.title, f"A{row}")
    page.column_dimensions["B"].width = 18
    page.column_dimensions["C"].width = 3


def _wrap_headline(page: Worksheet, scheme: RagScheme) -> None:
    """Give the headline the width of the page and as many lines as it can take: beyond the page, it would
    have all of the Cover printed small."""
    rated = "".join(f"99 {in_words(name)}, " for name in scheme.names)
    longest = f"99 actions: {rated}99 not rated; {_REST_OF_HEADLINE}"
    page.merge_cells("A3:E3")
    page["A3"].alignment = Alignment(wrap_text=True, vertical="top")
    width = sum(page.column_dimensions[letter].width for letter in "ABCDE")
    page.row_dimensions[3].height = row_height([WrappedText(longest, width, 12, bold=True)])
