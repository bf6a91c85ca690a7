"""How the manager formats a cell of a list is hers: what stands there is read all the same, and it spreads to
no other cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tracking import AS_AT, NOW, issued_tracker, new_tracker, type_into

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.tracker.reading import read_tracker


def format_cells(master: Path, tab: str, heading: str, numbers: str, rows: Iterable[int] = ()) -> None:
    """Give cells of a column a number format, in these rows or in all."""
    book = load_workbook(master)
    for cell in cells(master, tab, heading, book[tab]):
        if cell.row in rows or not rows:
            cell.number_format = numbers
    book.save(master)
    book.close()


def cells(master: Path, tab: str, heading: str, sheet: object = None) -> list[Cell]:
    info = next(
        one for one in Workbook.open(master).tables.values() if heading in one.columns and one.sheet == tab
    )
    page = sheet or load_workbook(master)[tab]
    return [page.cell(row, info.column(heading)) for row in range(info.first_row, info.last_row + 1)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("numbers", ["General", "[h]:mm"])
def test_a_day_of_the_history_may_be_shown_as_anything(tmp_path: Path, numbers: str) -> None:
    master = new_tracker(tmp_path)
    before = read_tracker(master).history
    format_cells(master, "History", "As at", numbers)
    assert read_tracker(master).history == before
    type_into(master, "1.4", "Commentary", "Waits.")
    lw.review(master, as_at=AS_AT, now=NOW)
    assert [one.when for one in read_tracker(master).history] == [*(one.when for one in before), AS_AT]
    assert cells(master, "History", "As at")[-1].value.date() == AS_AT  # type: ignore[union-attr]


def test_what_the_first_cell_of_a_list_was_given_by_hand_does_not_spread(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    for name in ("1.4", "1.5", "1.6"):
        type_into(master, name, "RAG rating", "Red")
    lw.review(master, as_at=AS_AT, now=NOW)
    format_cells(master, "History", "As at", "General", [5])
    format_cells(master, "Exceptions", "Days so", "0.000", [5])
    type_into(master, "1.1", "RAG rating", "Amber")
    lw.review(master, as_at=AS_AT, now=NOW)
    assert [cell.number_format for cell in cells(master, "Exceptions", "Days so")] == ["0"] * 4
    shown = [cell.is_date for cell in cells(master, "History", "As at")]
    assert shown == [False, *[True] * (len(shown) - 1)]


def test_a_list_of_one_row_shows_days_as_days_whatever_it_was_given(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    type_into(master, "1.4", "RAG rating", "Red")
    lw.review(master, as_at=AS_AT, now=NOW)
    format_cells(master, "Exceptions", "Due", "General")
    type_into(master, "1.1", "RAG rating", "Amber")
    lw.review(master, as_at=AS_AT, now=NOW)
    assert [cell.value.date() for cell in cells(master, "Exceptions", "Due")] == [  # type: ignore[union-attr]
        date(2016, 7, 31),
        date(2016, 8, 31),
    ]


def test_days_and_counts_of_the_log_may_be_shown_as_the_other(tmp_path: Path) -> None:
    master, _ = issued_tracker(tmp_path)
    before = read_tracker(master)
    for heading in ("Issued on", "Return by"):
        format_cells(master, "Returns", heading, "General")
        format_cells(master, "Calendar", heading, "General")
    format_cells(master, "Priorities", "Priority", "dd/mm/yyyy")
    after = read_tracker(master)
    assert (after.issued, after.cycles) == (before.issued, before.cycles)
    assert after.plan.priorities == before.plan.priorities


def test_a_column_of_the_plan_that_is_shown_otherwise_was_typed_over_by_nobody(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    before = read_tracker(master)
    format_cells(master, "Milestones", "Due", "General")
    format_cells(master, "Plan", "Priority", "dd/mm/yyyy")
    after = read_tracker(master)
    assert after.typed == ()
    assert after.plan == before.plan


def test_a_workbook_that_counts_days_from_1904_may_show_them_as_numbers(tmp_path: Path) -> None:
    master, _ = issued_tracker(tmp_path)
    lw.review(master, as_at=AS_AT, now=NOW)
    before = read_tracker(master)
    book = load_workbook(master)
    book.epoch = CALENDAR_MAC_1904
    book.save(master)
    for tab, heading in (("Calendar", "Issued on"), ("Returns", "Return by"), ("History", "As at")):
        format_cells(master, tab, heading, "General")
    format_cells(master, "Milestones", "Due", "[h]:mm")
    after = read_tracker(master)
    assert isinstance(cells(master, "Calendar", "Issued on")[0].value, int)
    assert (after.issued, after.cycles, after.history) == (before.issued, before.cycles, before.history)
    assert (after.plan, after.as_at, after.typed) == (before.plan, before.as_at, ())
