"""What is to be done to an open workbook, and how it is typed into Excel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from live.fake_excel import FakeApp, FakeBook
from openpyxl import Workbook as Book

from lscb_workbook.live.changes import Run, changes, same_content
from lscb_workbook.live.excel import open_book
from lscb_workbook.live.picture import Content, Picture, picture_of
from lscb_workbook.live.writing import Writer
from lscb_workbook.ooxml import Workbook
from lscb_workbook.ooxml.frames import Axes
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.layout import TIMELINE

CHARTS = {"Timeline": TIMELINE}
TEXTS = (
    *("1.4", "31/8", "1-2", "00123", "12:30", "1e5", "£5", "Sept 16", "#N/A", "TRUE", "true", "1,000", "50%"),
    *("=1+1", "'quoted", "''", "+44 20", "- done =", "@name", "two\nlines", " ", "x" * 9_000, "-" * 9_000),
    *("x" * 32_767, "=" * 32_767, "'" * 32_767, ""),
)


@pytest.fixture
def plain(app: FakeApp, tmp_path: Path) -> FakeBook:
    """A workbook open in Excel: column A as it comes, column B formatted as text, column C as days."""
    book = Book()
    for row in range(1, len(TEXTS) + 1):
        book.active.cell(row, 1).value = f"old {row}"
        book.active.cell(row, 2).number_format = "@"
        book.active.cell(row, 3).number_format = "dd/mm/yyyy"
    book.save(tmp_path / "plain.xlsx")
    return FakeBook(app, tmp_path / "plain.xlsx")


def written(book: FakeBook, *runs: Run) -> Picture:
    """What a workbook shows once these runs were written."""
    before = picture_of(book.path.read_bytes(), {})
    nothing = changes(before, before)
    Writer(open_book(book.path), before).write(replace(nothing, runs=runs))
    book.book.save(book.path)
    return picture_of(book.path.read_bytes(), {})


@pytest.mark.parametrize("column", [1, 2], ids=["as it comes", "formatted as text"])
def test_text_is_written_as_text_whatever_it_looks_like(plain: FakeBook, column: int) -> None:
    contents = tuple(Content(None, text or None) for text in TEXTS)
    sheet = written(plain, Run("Sheet", column, 1, contents)).sheets["Sheet"]
    assert [sheet.at(row, column) for row in range(1, len(TEXTS) + 1)] == list(contents)


def test_numbers_days_and_truths_stay_what_they_are(plain: FakeBook) -> None:
    contents = (Content(None, 42_644.0), Content(None, 0.25), Content(None, True), Content())
    sheet = written(plain, Run("Sheet", 3, 1, contents)).sheets["Sheet"]
    assert [sheet.at(row, 3) for row in range(1, 5)] == list(contents)
    assert plain.book["Sheet"]["C1"].number_format == "dd/mm/yyyy"


def test_a_formula_is_calculated_in_a_cell_formatted_as_text_too(plain: FakeBook) -> None:
    sheet = written(plain, Run("Sheet", 2, 1, (Content("A1&A2"),))).sheets["Sheet"]
    assert sheet.at(1, 2).formula == "A1&A2"
    assert plain.book["Sheet"]["B1"].number_format == "@"


def test_rows_that_a_filter_hides_are_written_one_by_one(plain: FakeBook) -> None:
    plain.book["Sheet"].row_dimensions[2].hidden = True
    plain.book.save(plain.path)
    contents = tuple(Content(None, text) for text in "abc")
    sheet = written(plain, Run("Sheet", 1, 1, contents)).sheets["Sheet"]
    assert [sheet.at(row, 1).value for row in (1, 2, 3)] == ["a", "b", "c"]


def test_the_day_on_a_chart_and_the_footers_are_among_the_changes(issued: tuple[Path, Path]) -> None:
    book = Workbook.open(issued[0])
    before = picture_of(book.to_bytes(), CHARTS)
    days = {"low": date(2016, 4, 1), "high": date(2017, 3, 31)}
    book.frame_chart("Timeline", TIMELINE, height=900, crosses=date(2016, 12, 1), **days)
    after = picture_of(book.to_bytes(), CHARTS)
    found = changes(
        before, replace(after, sheets={**after.sheets, "Plan": replace(after.sheets["Plan"], footer="new")})
    )
    assert found.axes == {("Timeline", TIMELINE): Axes(42_461, 42_825, 42_705)}
    assert set(found.heights) == {"Timeline"}
    assert found.footers == {"Plan": "new"}
    assert found.runs == ()


def test_a_list_that_would_push_down_what_stands_below_is_refused(issued: tuple[Path, Path]) -> None:
    book = Workbook.open(issued[0])
    last = book.tables["ByOfficer"].last_row
    sheet = book._sheet("By officer")
    sheet.set(last + 2, 1, "A note of the manager's", None)
    before = picture_of(book.to_bytes(), {})
    book = Workbook.open(book.to_bytes())
    book.append("ByOfficer", [{}, {}, {}])
    with pytest.raises(WorkbookError, match=rf"A{last + 2} below the table 'ByOfficer'"):
        changes(before, picture_of(book.to_bytes(), {}))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Content("SUM(A1, B1)"), Content("sum(A1,B1)"), True),
        (Content("_xlfn.IFS(A1,1)"), Content("IFS(A1,1)"), True),
        (Content('A1&"a b"'), Content('A1&"ab"'), False),
        (Content("A1"), Content(None, 1.0), False),
        (Content(None, 42_644.0), Content(None, 42_644.0000001), True),
        (Content(None, 1.0), Content(None, True), False),
        (Content(None, "1"), Content(None, 1.0), False),
        (Content(None, ""), Content(), True),
        (Content(None, 0.0), Content(), False),
        (Content("'Plan'!A1"), Content("Plan!A1"), True),
    ],
)
def test_cells_are_the_same_but_for_what_excel_writes_otherwise(
    one: Content, other: Content, same: bool
) -> None:
    assert same_content(one, other) is same


def test_formulas_shared_by_cells_are_read_in_each_and_filled_cells_in_none(plain: FakeBook) -> None:
    package = Workbook.open(plain.path).package
    part = "xl/worksheets/sheet1.xml"
    shared = '<c r="D1"><f t="shared" ref="D1:D2" si="0">B1*2</f></c>', '<c r="D2"><f t="shared" si="0"/></c>'
    filled = '<c r="E1"><f t="array" ref="E1:E2">B1:B2</f><v>1</v></c>', '<c r="E2"><v>2</v></c>'
    rows = "".join(
        f'<row r="{n}">{one}{other}</row>'
        for n, (one, other) in enumerate(zip(shared, filled, strict=True), 1)
    )
    data = package.read(part).decode()
    head, tail = data.index("<sheetData>"), data.index("</sheetData>")
    package.replace(part, f"{data[:head]}<sheetData>{rows}{data[tail:]}".encode())
    cells = picture_of(package.to_bytes(), {}).sheets["Sheet"].cells
    assert {place: content.formula for place, content in cells.items()} == {
        (1, 4): "B1*2",
        (2, 4): "B2*2",
        (1, 5): "B1:B2",
    }
