"""What an adversary tried: nothing is lost by it, taken by it, or stopped by it."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from editing import edited
from openpyxl import Workbook
from returning import Outcome, outcome
from tracking import CHAIR, CYCLE, HEAD_OF_RESEARCH, copy_of, fill_in, issue, issued_tracker

import lscb_workbook as lw
from lscb_workbook import ooxml
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Field
from lscb_workbook.returns.cleaning import Where, clean
from lscb_workbook.tracker.cells import Raw
from lscb_workbook.tracker.reading import read_tracker

PLAN = default_plan()
HERE = Where("copy.xlsx", "Milestones", "6.3.1")
Change = Callable[[Workbook], None]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master in its second cycle, in which 1.2 and 6.3 have a commentary and evidence."""
    folder = tmp_path_factory.mktemp("second")
    master, copies = issued_tracker(folder)
    said = {
        (ref, head): f"Old {head}" for ref in ("1.2", "6.3") for head in ("Commentary", "Evidence of impact")
    }
    fill_in(copy_of(copies, HEAD_OF_RESEARCH), folder / "returns" / "a.xlsx", said)
    lw.merge(master, [folder / "returns"], as_at=date(2016, 10, 1))
    issue(master, folder / "copies", "2016-17 Q3", date(2016, 12, 1))
    return folder


def came(folder: Path, to: Path, change: Change, cycle: str = "2016-17 Q3") -> Outcome:
    """What becomes of the Head of Research's copy after a change."""
    source = folder / "copies" / f"{cycle} - {HEAD_OF_RESEARCH}.xlsx"
    to.mkdir(exist_ok=True)
    named = to / "copies"
    named.mkdir()
    (named / f"{CYCLE} - {HEAD_OF_RESEARCH}.xlsx").write_bytes(source.read_bytes())
    return outcome(folder, edited(to, to / "return.xlsx", change))


def row_again(book: Workbook) -> None:
    sheet = book["Actions"]
    below = sheet.max_row + 1
    for column in range(1, 7):
        sheet.cell(below, column).value = sheet.cell(6, column).value
    sheet.cell(below, 7).value = "A second update"


def test_a_row_pasted_again_with_blanks_wipes_nothing_out(second: Path, tmp_path: Path) -> None:
    found = came(second, tmp_path, row_again)
    assert "1.2 evidence" not in found.taken
    assert "row-repeated" in found.codes


def a_second_commentary(book: Workbook) -> None:
    sheet = book["Actions"]
    sheet.insert_cols(7)
    sheet.cell(5, 7).value = "Commentary"
    sheet.cell(6, 7).value = "New words"


def test_a_second_column_of_the_same_heading_takes_nothing_for_certain(second: Path, tmp_path: Path) -> None:
    found = came(second, tmp_path, a_second_commentary)
    assert not {"1.2 commentary", "6.3 commentary"} & set(found.taken)
    assert "column-recognised" in found.codes
    assert "New words" in str(found.proposed)


def put(cell: str, value: object, sheet: str = "Actions") -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("cell", "sheet"), [("F12", "Actions"), ("C4", "Guide and RAG key"), ("B2", "Milestones")]
)
def test_a_rating_written_where_none_belongs_is_listed(
    cell: str, sheet: str, second: Path, tmp_path: Path
) -> None:
    found = came(second, tmp_path, put(cell, "Amber", sheet))
    assert found.refused == {"other": ["Amber"]}
    assert found.codes == {"entry-outside-table"}


def test_a_word_of_the_hidden_sheet_in_a_row_hides_nothing(second: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Actions"]["G6"], book["Actions"]["F6"] = "lscb-tracker", "Amber"

    found = came(second, tmp_path, change)
    assert (found.taken["1.2 commentary"], found.taken["1.2 rating"]) == ("lscb-tracker", "Amber")


def test_a_clock_that_is_ahead_does_not_silence_what_is_sent_later(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    copy = copy_of(copies, CHAIR)
    first = fill_in(copy, tmp_path / "first.xlsx", {("6.1", "Commentary"): "First"}, hour=9)
    ahead = ooxml.Workbook.open(first)
    ahead.set_core(modified=datetime(2099, 1, 1))
    second = fill_in(copy, tmp_path / "second.xlsx", {("6.1", "Commentary"): "Second"}, hour=11)
    stamp = first.stat().st_mtime
    first.write_bytes(ahead.to_bytes())
    os.utime(first, (stamp, stamp))
    assert "return-clock-wrong" in outcome(tmp_path, first).codes
    lw.merge(master, [first], as_at=date(2016, 10, 1))
    lw.merge(master, [second], as_at=date(2016, 10, 2))
    assert "Second" in read_tracker(master).entries.values()


def test_a_file_that_lies_too_deep_is_read_where_it_does_not(issued: Path, tmp_path: Path) -> None:
    place = tmp_path / "returns"
    good = fill_in(
        copy_of(issued / "copies", CHAIR), tmp_path / "good.xlsx", {("6.1", "Commentary"): "Hello"}
    )
    zipped = _zip(tmp_path / "in.zip", good)
    deep = zipped
    for number in range(5):
        deep = _zip(tmp_path / f"deep {number}.zip", deep)
    place.mkdir()
    (place / "all.zip").write_bytes(deep.read_bytes())
    (place / "zz.zip").write_bytes(zipped.read_bytes())
    assert outcome(issued, place).taken == {"6.1 commentary": "Hello"}


def _zip(to: Path, file: Path) -> Path:
    with zipfile.ZipFile(to, "w") as archive:
        archive.write(file, file.name)
    return to


def test_a_colleagues_sheet_pasted_over_ones_own_is_only_proposed(issued: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Actions"]["A1"] = "Integrated Care Director, NELFT - a heading"
        book["Actions"]["G6"] = "Their words"

    found = came(issued, tmp_path, change, CYCLE)
    assert (found.taken, found.proposed) == ({}, {"1.2 commentary": "Their words"})
    assert "return-heading-of-other" in found.codes


@pytest.mark.parametrize(
    "typed",
    [
        "28-29 Sept",
        "1st - 2nd Oct",
        "5–6 Jan",
        datetime(1900, 1, 1),
        "31.8.1816",
        "0001-01-01",
        "20160930",
        20160930,
    ],
)
def test_what_is_no_day_of_the_plans_years_is_refused(typed: Raw) -> None:
    found = clean(typed, Field.COMPLETED_ON, PLAN, HERE)
    assert found.refused
    assert found.finding is not None
    assert found.finding.code == "date-not-recognised"


def test_a_day_years_from_the_plan_is_only_proposed() -> None:
    found = clean("31.8.2024", Field.COMPLETED_ON, PLAN, HERE)
    assert (found.value, found.refused, bool(found.doubt)) == ("2024-08-31", "", True)


def test_one_day_that_no_workbook_can_hold_stops_no_other_return(issued: Path, tmp_path: Path) -> None:
    copies, place = issued / "copies", tmp_path / "returns"
    fill_in(copy_of(copies, HEAD_OF_RESEARCH), place / "a.xlsx", {("6.3.1", "Completed on"): "31.8.1816"})
    fill_in(copy_of(copies, CHAIR), place / "b.xlsx", {("6.1", "Commentary"): "Hello"})
    found = outcome(issued, place)
    assert found.taken == {"6.1 commentary": "Hello"}
    assert found.refused == {"6.3.1 completed_on": ["31.8.1816"]}


@pytest.mark.parametrize("typed", ["A -> G -> R", "Green - not yet", "Green - no longer", "never Green"])
def test_a_rating_that_is_denied_or_moved_twice_is_refused(typed: str) -> None:
    assert clean(typed, Field.RATING, PLAN, HERE).refused


@pytest.mark.parametrize("typed", ["complete: no", "done - not", "Complete (not yet)"])
def test_a_status_that_is_denied_is_refused(typed: str) -> None:
    assert clean(typed, Field.STATUS, PLAN, HERE).refused


def test_headings_without_end_are_looked_at_in_a_moment(issued: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for number in range(30):
            sheet = book.create_sheet(f"More {number}")
            for row in range(1, 26):
                sheet.cell(row, 1).value = "Ref"
                for column in range(2, 62):
                    sheet.cell(row, column).value = f"commentary evidence of impact {column} {row} " * 4

    started = time.monotonic()
    found = came(issued, tmp_path, change, CYCLE)
    assert time.monotonic() - started < 60
    assert "entries-outside-table" in found.codes


def test_a_name_of_a_file_does_not_make_another_officer_have_returned(issued: Path, tmp_path: Path) -> None:
    file = tmp_path / "from Sue to LSCB Chair.csv"
    file.write_text("Ref,RAG rating,Commentary\n6.3,Green,ours\n", encoding="utf-8")
    (back,) = lw.status(issued / "master.xlsx", [file]).harvest.returns
    assert back.officer == "head-of-research-and-data-lbr"


def test_a_thousand_rows_of_nobodys_do_not_become_a_thousand_lines(issued: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for number in range(1000):
            book["Actions"].append([f"9.{number}", "Not in the plan", "", "", "", "Red", f"words {number}"])

    found = came(issued, tmp_path, change, CYCLE)
    assert found.result is not None
    assert len(found.result.refusals) < 400
    assert "words 999" in " ".join(text for texts in found.refused.values() for text in texts)
    assert "return-crowded" in found.codes
    assert len(found.result.harvest.findings) < 300
