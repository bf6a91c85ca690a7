"""The tabs can be read by everyone: the checklist for accessible spreadsheets, asked of the template."""

from __future__ import annotations

import re
import zipfile
from itertools import combinations
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.tracker.columns import CHOICES, Table
from lscb_workbook.tracker.layout import TRACKER_SHEETS, TRACKER_TABLES

TEMPLATE = Path(__file__).resolve().parents[2] / "workbook_template.xlsx"
SHOWN = [sheet for sheet in TRACKER_SHEETS if not sheet.hidden]


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(TEMPLATE)


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    with zipfile.ZipFile(TEMPLATE) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_the_sheets_stand_in_the_order_of_the_layout_each_with_its_own_name(book: Workbook) -> None:
    assert book.sheetnames == [sheet.name for sheet in TRACKER_SHEETS]
    assert len(set(book.sheetnames)) == len(book.sheetnames)


def test_no_cell_is_merged_but_the_headline_so_that_it_wraps(book: Workbook) -> None:
    merged = {(page.title, str(cells)) for page in book for cells in page.merged_cells.ranges}
    assert merged == {("Cover", "A3:E3")}


@pytest.mark.parametrize("sheet", [one for one in SHOWN if one.name != "Cover"], ids=lambda one: one.name)
def test_a_sheet_says_what_it_is_at_the_top(book: Workbook, sheet: object) -> None:
    page = book[sheet.name]  # type: ignore[attr-defined]
    assert page["A1"].value
    assert page["A2"].value
    assert page["A1"].value != page["A2"].value


def test_a_table_has_a_heading_on_every_column_and_no_other_table_in_its_cells(book: Workbook) -> None:
    for page in book:
        for table in page.tables.values():
            assert all(column.name.strip() for column in table.tableColumns), table.name
            assert table.headerRowCount == 1
        for one, other in combinations(page.tables.values(), 2):
            assert not _cells(one.ref) & _cells(other.ref), (one.name, other.name)


def _cells(ref: str) -> set[tuple[int, int]]:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def test_text_is_at_least_11_points_and_10_in_a_dense_table(book: Workbook) -> None:
    for sheet in SHOWN:
        page = book[sheet.name]
        for row in page.iter_rows():
            for cell in row:
                dense = any(cell.coordinate in _places(page, name) for name in page.tables)
                if cell.value is not None or dense:
                    assert cell.font.sz >= (10 if dense else 11), (sheet.name, cell.coordinate)


def _places(page: Worksheet, table: str) -> set[str]:
    return {cell.coordinate for row in page[page.tables[table].ref] for cell in row}


@pytest.mark.parametrize("table", [*TRACKER_TABLES.values(), *COPY_TABLES.values()], ids=lambda one: one.name)
def test_no_word_of_a_heading_or_of_a_list_is_broken(table: Table) -> None:
    one_line = row_height([WrappedText("x", 10, 10)])
    for column in table.columns:
        said = " ".join((column.header, *CHOICES.get(column.choice, ()))) if not column.hidden else ""
        for word in said.split():
            assert row_height([WrappedText(word, column.width, 10, bold=True)]) == one_line, word


def test_a_long_mark_does_not_make_its_row_high(book: Workbook) -> None:
    for name in ("History", "Conflicts"):
        mark = book[name].cell(5, TRACKER_TABLES[name].keys.index("sha256") + 1)
        assert mark.alignment.horizontal == "fill"  # shown as far as there is room
        assert not mark.alignment.wrap_text


def test_the_rows_of_a_page_end_above_its_foot(book: Workbook) -> None:
    nine_points = 9 / 72
    for sheet in SHOWN:
        margins = book[sheet.name].page_margins
        assert margins.footer + nine_points < margins.bottom, sheet.name


def test_every_tab_prints_on_a4_one_page_wide_with_its_headings_and_a_footer(book: Workbook) -> None:
    for sheet in SHOWN:
        page = book[sheet.name]
        assert page.page_setup.paperSize == 9
        tall = 1 if sheet.name == "Trend" else 0  # the year's cycles and their chart on one page
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, tall)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.oddFooter.right.text == "Page &P of &N"
        assert bool(page.print_title_rows) == (sheet.name != "Cover"), sheet.name


def test_the_document_says_that_it_is_in_british_english_and_what_it_is(book: Workbook) -> None:
    assert book.properties.language == "en-GB"
    assert book.properties.title


def test_every_chart_has_a_title_and_words_in_its_place(parts: dict[str, str]) -> None:
    charts = [text for name, text in parts.items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    drawings = [text for name, text in parts.items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]
    frames = [tag for text in drawings for tag in re.findall(r"<(?:xdr:)?cNvPr [^>]*>", text)]
    assert len(charts) == len(frames) == 4
    assert all("<title>" in chart and 'lang val="en-GB"' in chart for chart in charts)
    for tag in frames:
        words = re.search(r'descr="([^"]*)"', tag)
        assert words is not None
        assert len(words[1]) > 40
    assert len(set(frames)) == 4


def test_the_words_of_every_chart_are_at_least_10_points(parts: dict[str, str]) -> None:
    for name, text in parts.items():
        if name.startswith("xl/charts/"):
            sizes = [int(size) for size in re.findall(r'\bsz="(\d+)"', text)]
            assert sizes, name
            assert min(sizes) >= 1000, name


def test_the_ratings_of_every_chart_carry_a_letter(parts: dict[str, str]) -> None:
    for name in ("xl/charts/chart1.xml", "xl/charts/chart3.xml"):
        letters = re.findall(r'formatCode="&quot;(.) &quot;0;;"', parts[name])
        assert letters == ["R", "A", "G", "P", "W", "–"]
    assert re.findall(r'formatCode="&quot;(.)&quot;;;"', parts["xl/charts/chart4.xml"]) == [
        "C",
        "M",
        "D",
        "N",
    ]


def test_what_is_printed_for_the_board_comes_with_the_meaning_of_its_ratings() -> None:
    board = [sheet.name for sheet in TRACKER_SHEETS if sheet.board]
    assert board[0] == "Cover"
    assert board[-1] == "RAG key"
    assert {table.sheet for table in TRACKER_TABLES.values() if table.view} <= set(board)
