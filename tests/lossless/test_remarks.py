"""What a manager writes beside the rows of the tool's lists goes with them, or is told of for good."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from lossless.building import Master
from lossless.comparing import members, tables_of
from lossless.merging import Shop
from openpyxl import load_workbook
from tracking import AS_AT, NOW

import lscb_workbook as lw
from lscb_workbook.results import ReviewResult

CODE = "remark-without-row"
AFTER = AS_AT + timedelta(days=40)


def with_remarks(path: Path, table: str) -> list[str]:
    """A column of the manager's own at a table's end, a remark in every row; the remarks."""
    master = Master(path.read_bytes())
    area = next(one for one in tables_of(members(path.read_bytes())) if one.name == table).area
    said = {row: f"my remark {row} on {table}" for row in range(area[1] + 1, area[3] + 1)}
    master.widen(table, "Mine", said)
    path.write_bytes(master.to_bytes())
    return list(said.values())


def remarks(path: Path, tab: str) -> dict[str, tuple[object, ...]]:
    """Each remark on a tab, with the first cells of its row."""
    rows = [
        [cell for cell in row if cell is not None]
        for row in load_workbook(path)[tab].iter_rows(values_only=True)
    ]
    return {str(row[-1]): tuple(row[:3]) for row in rows if row and str(row[-1]).startswith("my remark")}


def complete_all(path: Path) -> None:
    """Every milestone complete, by the manager's own hand: nothing is missed any more."""
    book = load_workbook(path)
    sheet = book["Milestones"]
    status = next(cell.column for cell in sheet[4] if cell.value == "Status")
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            sheet.cell(row, status).value = "Complete"
    book.save(path)


def told(result: ReviewResult) -> list[str]:
    return [one.message for one in result.findings if one.code == CODE]


@pytest.fixture
def merged(master: Path, shop: Shop) -> Path:
    lw.merge(master, [shop.returned], as_at=AS_AT, now=NOW)
    return master


def test_a_remark_stays_beside_its_row_as_a_list_grows(merged: Path) -> None:
    said = with_remarks(merged, "Missed")
    before = remarks(merged, "Missed milestones")
    result = lw.review(merged, as_at=AFTER, now=NOW)
    after = remarks(merged, "Missed milestones")
    assert sorted(after) == sorted(said)
    assert {words: row[0] for words, row in after.items()} == {words: row[0] for words, row in before.items()}
    assert told(result) == []


@pytest.mark.parametrize(("table", "tab"), [("Missed", "Missed milestones"), ("Checks", "Checks")])
def test_a_remark_whose_row_is_gone_is_told_of_until_its_finding_is_deleted(
    merged: Path, table: str, tab: str
) -> None:
    said = with_remarks(merged, table)
    complete_all(merged)
    result = lw.review(merged, as_at=AS_AT, now=NOW)
    kept = remarks(merged, tab)
    lost = [words for words in said if words not in kept]
    assert lost
    assert len(told(result)) == len(lost)
    assert all(any(f"'{words}'" in message for message in told(result)) for words in lost)
    again = lw.review(merged, as_at=AFTER, now=NOW)
    assert set(told(result)) <= set(told(again))
    assert {words for words in lost if any(words in message for message in told(again))} == set(lost)
    book = load_workbook(merged)
    for row in book["Checks"].iter_rows(min_row=5):
        if any(cell.value == CODE for cell in row):
            for cell in row:
                cell.value = None
    book.save(merged)
    assert told(lw.review(merged, as_at=AFTER, now=NOW)) == []


def test_a_long_remark_is_told_in_full(merged: Path) -> None:
    with_remarks(merged, "Missed")
    book = load_workbook(merged)
    words = "word " * 6_500
    book["Missed milestones"]["K5"].value = words
    book.save(merged)
    complete_all(merged)
    found = told(lw.review(merged, as_at=AS_AT, now=NOW))
    assert words in "".join(one.partition("'")[2].rpartition("' in the column")[0] for one in found)
