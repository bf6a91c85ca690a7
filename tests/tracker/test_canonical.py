"""What is typed by hand in another form than it is read in is set right, once, and formulas then agree."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from recalculation import recalculated
from tracking import AS_AT, NOW, entry, issued_tracker

import lscb_workbook as lw
from lscb_workbook.ooxml import Formula, Workbook
from lscb_workbook.plan.records import Decision, Field
from lscb_workbook.tracker.cells import Raw, entry_of, stands
from lscb_workbook.tracker.reading import read_tracker

RATINGS = {"1.1": "Red\u00a0", "1.2": "Red\n", "1.3": "\tRed", "1.4": "amber\u200b", "1.5": "\u00a0"}
STATUSES = {
    "1.1.1": "complete",
    "1.2.1": "Complete ",
    "1.2.2": "Complete\u00a0",
    "1.4.1": "no longer  needed",
}
DAYS: dict[tuple[str, str], object] = {
    ("1.1.1", "Approved date"): "01/12/2016",
    ("1.1.1", "Completed on"): datetime(2016, 12, 1, 14, 30),
    ("1.2.1", "Approved date"): "2016-06-01",
    ("1.2.1", "Completed on"): "31.8.16",
    ("1.2.2", "Approved date"): datetime(2016, 12, 1, 14, 30),
    ("1.2.2", "Completed on"): "some day in May",
    ("2.1.1", "Revised date"): "1st December 2016",
    ("2.6.1", "Approved date"): "when the board says so",
}


def type_in(book: Book, table: str, header: str, values: Mapping[str, object]) -> None:
    page = book[table]
    column = next(cell.column for cell in page[4] if cell.value == header)
    rows = {page.cell(row, 1).value: row for row in range(5, page.max_row + 1)}
    for name, value in values.items():
        page.cell(rows[name], column).value = value  # type: ignore[assignment]


def cell_of(book: Book, table: str, name: str, header: str) -> object:
    page = book[table]
    column = next(cell.column for cell in page[4] if cell.value == header)
    return next(row[column - 1].value for row in page.iter_rows(min_row=5) if row[0].value == name)


@pytest.fixture(scope="module")
def typed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master with all of these typed into it, in another program; tests work on a copy of it."""
    master, _ = issued_tracker(tmp_path_factory.mktemp("typed"))
    book = load_workbook(master)
    type_in(book, "Plan", "RAG rating", RATINGS)
    type_in(book, "Plan", "Evidence of impact", {"1.1": "\u00a0\n"})
    type_in(book, "Milestones", "Status", STATUSES)
    for (name, header), value in DAYS.items():
        type_in(book, "Milestones", header, {name: value})
    calendar = book["Calendar"]
    place = next(cell for row in calendar.iter_rows() for cell in row if cell.value == "October 2016")
    calendar.cell(place.row, place.column + 1).value = datetime(2016, 10, 12, 18, 0)
    calendar.cell(place.row + 1, place.column + 1).value = "14/12/2016"
    book.save(master)
    return master


@pytest.fixture
def typed(typed_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(typed_once, tmp_path))


def test_every_formula_agrees_with_the_review_after_it(typed: Path, tmp_path: Path) -> None:
    lw.review(typed, as_at=AS_AT, now=NOW)
    _, wrong = recalculated(typed, tmp_path / "again")
    assert wrong == []


def test_each_cell_is_set_right_and_what_is_not_understood_stays(typed: Path) -> None:
    found = lw.review(typed, as_at=AS_AT, now=NOW)
    book = load_workbook(typed)
    assert [cell_of(book, "Plan", ref, "RAG rating") for ref in RATINGS] == [*["Red"] * 3, "amber", None]
    status = [cell_of(book, "Milestones", name, "Status") for name in STATUSES]
    assert status == ["Complete", "Complete", "Complete", "No longer needed"]
    days = {place: cell_of(book, "Milestones", *place) for place in DAYS}
    assert list(days.values()) == [
        datetime(2016, 12, 1),
        datetime(2016, 12, 1),
        datetime(2016, 6, 1),
        datetime(2016, 8, 31),
        datetime(2016, 12, 1),
        "some day in May",
        datetime(2016, 12, 1),
        "when the board says so",
    ]
    said = [one.message for one in found.findings if one.code == "master-cell-not-recognised"]
    assert len(said) == 2
    assert entry(typed, "2.6.1", Field.APPROVED_DATE) == "when the board says so"


def test_the_edit_is_recorded_once_as_it_is_read(typed: Path) -> None:
    lw.review(typed, as_at=AS_AT, now=NOW)
    edits = [one for one in read_tracker(typed).history if one.decision is Decision.EDITED]
    said = {(one.cell.milestone or one.cell.ref, one.cell.field): one.result for one in edits}
    assert len(said) == len(edits)
    assert said["1.1", Field.RATING] == "Red"
    assert said["1.2.1", Field.COMPLETED_ON] == "2016-08-31"
    assert said["1.1.1", Field.STATUS] == "Complete"
    before = typed.read_bytes()
    assert lw.review(typed, as_at=AS_AT, now=NOW).written is None
    assert typed.read_bytes() == before


def test_a_merge_sets_right_too(typed: Path, tmp_path: Path) -> None:
    lw.merge(typed, as_at=AS_AT, now=NOW)
    book = load_workbook(typed)
    assert cell_of(book, "Plan", "1.1", "RAG rating") == "Red"
    assert cell_of(book, "Milestones", "1.2.1", "Completed on") == datetime(2016, 8, 31)
    _, wrong = recalculated(typed, tmp_path / "again")
    assert wrong == []


def test_a_formula_is_left_as_it_is(typed: Path) -> None:
    book, row = Workbook.open(typed), read_tracker(typed).rows["2.1"]
    book.set_cell("Plan", row, "RAG rating", Formula('"Re"&"d "', "Red "))
    typed.write_bytes(book.to_bytes())
    assert entry(typed, "2.1", Field.RATING) == "Red"
    lw.review(typed, as_at=AS_AT, now=NOW)
    assert cell_of(load_workbook(typed), "Plan", "2.1", "RAG rating") == '="Re"&"d "'


@pytest.mark.parametrize(
    ("field", "raw", "text"),
    [
        (Field.RATING, "Very \u00a0 Red", "Very Red"),
        (Field.RATING, "red", "red"),
        (Field.STATUS, " IN progress\n", "In progress"),
        (Field.STATUS, "nearly ", "nearly"),
        (Field.COMPLETED_ON, 42705.0, "2016-12-01"),
        (Field.COMPLETED_ON, 20161201.0, "2016-12-01"),
        (Field.COMPLETED_ON, "\u00a01 Dec 2016", "2016-12-01"),
        (Field.COMPLETED_ON, "1 Dec", "1 Dec"),
        (Field.COMPLETED_ON, "31.2.16", "31.2.16"),
        (Field.COMPLETED_ON, "May 2016", "May 2016"),
        (Field.COMPLETED_ON, "1.5.16 or 1.6.16", "1.5.16 or 1.6.16"),
        (Field.NOTE, " as typed ", " as typed "),
    ],
)
def test_what_a_cell_says(field: Field, raw: Raw, text: str) -> None:
    assert entry_of(field, raw) == text
    assert entry_of(field, text) == text


@pytest.mark.parametrize(
    ("field", "raw", "text", "held"),
    [
        (Field.RATING, "Red", "Red", True),
        (Field.RATING, "Red ", "Red", False),
        (Field.COMPLETED_ON, datetime(2016, 12, 1), "2016-12-01", True),
        (Field.COMPLETED_ON, "2016-12-01", "2016-12-01", False),
        (Field.COMPLETED_ON, "soon ", "soon", True),
        (Field.EVIDENCE, "\n", "", False),
        (Field.EVIDENCE, None, "", True),
    ],
)
def test_whether_a_cell_holds_just_that(field: Field, raw: Raw, text: str, *, held: bool) -> None:
    assert stands(field, raw, text) is held
