"""What is typed into Calendar and Officers and is not understood is told of, never passed over in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tracking import AS_AT, NOW, new_tracker

import lscb_workbook as lw
from lscb_workbook.plan.records import Finding
from lscb_workbook.tracker.oddities import chosen
from lscb_workbook.tracker.reading import read_tracker


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return new_tracker(tmp_path)


def put(master: Path, tab: str, heading: str, value: object, row: int = 5) -> None:
    book = load_workbook(master)
    sheet = book[tab]
    column = next(cell.column for cell in sheet[4] if cell.value == heading)
    sheet.cell(row, column).value = value
    book.save(master)


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [one.message for one in findings if one.code == "master-cell-not-recognised"]


@pytest.mark.parametrize("heading", ["Day", "Happened on"])
def test_a_day_that_is_none_is_told_of_by_merge_and_review(master: Path, heading: str) -> None:
    put(master, "Calendar", heading, "14th October")
    for made in (lw.merge(master, as_at=AS_AT, now=NOW), lw.review(master, as_at=AS_AT, now=NOW)):
        (message,) = told(made.findings)
        assert message.startswith(f"'14th October' in '{heading}' of the ")
        assert message.endswith("row of the Calendar tab is not a date.")
    put(master, "Calendar", heading, "14/10/2016")
    assert told(lw.review(master, as_at=AS_AT, now=NOW).findings) == []


@pytest.mark.parametrize(
    ("typed", "counts"),
    [("yes", "Named"), (" NAMED ", "Named"), ("no", "Not named"), ("", ""), ("perhaps", "Not named")],
)
def test_yes_and_no_are_understood_and_what_is_not_names_nobody(typed: str, counts: str) -> None:
    assert chosen(typed) == counts


def below(findings: tuple[Finding, ...]) -> list[str]:
    return [one.message for one in findings if one.code == "row-below-list"]


def test_a_meeting_typed_below_its_list_is_told_of_until_it_is_part_of_it(master: Path) -> None:
    last = load_workbook(master)["Calendar"].tables["Meetings"].ref
    row = int(last.rpartition("G")[2]) + 1
    put(master, "Calendar", "Board meeting", "My own note", row)
    assert below(lw.review(master, as_at=AS_AT, now=NOW).findings) == []
    put(master, "Calendar", "Day", date(2016, 10, 14), row)
    (message,) = below(lw.review(master, as_at=AS_AT, now=NOW).findings)
    assert message.startswith(f"Row {row} of the Calendar tab ('My own note') stands below the list")
    book = load_workbook(master)
    book["Calendar"].tables["Meetings"].ref = f"F4:G{row}"
    book.save(master)
    assert below(lw.review(master, as_at=AS_AT, now=NOW).findings) == []


def test_a_choice_that_is_none_is_told_of(master: Path) -> None:
    put(master, "Officers", "In public papers", "perhaps")
    assert read_tracker(master).plan.officers[0].public == "Not named"
    (message,) = told(lw.review(master, as_at=AS_AT, now=NOW).findings)
    assert "is not Named or Not named" in message
