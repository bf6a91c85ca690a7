"""What the manager types into the tool's own record counts for nothing that did not happen, and stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tracking import (
    AS_AT,
    CHAIR,
    CYCLE,
    ISSUED,
    RETURN_BY,
    copy_of,
    fill_in,
    issue,
    issued_tracker,
    type_into,
)

import lscb_workbook as lw
from lscb_workbook.plan.records import Finding
from lscb_workbook.tracker.reading import read_tracker

NEXT, NEXT_DAY = "2016-17 Q3", date(2016, 12, 1)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    return issued_tracker(tmp_path)


@pytest.fixture
def master(made: tuple[Path, Path]) -> Path:
    return made[0]


def put(master: Path, tab: str, cell: str, value: object) -> None:
    book = load_workbook(master)
    book[tab][cell] = value  # type: ignore[assignment]
    book.save(master)


def cell(master: Path, tab: str, address: str) -> object:
    value = load_workbook(master)[tab][address].value
    return getattr(value, "date", lambda: value)()


def coded(findings: tuple[Finding, ...], code: str) -> list[str]:
    return [f"{one.cell} {one.message}".strip() for one in findings if one.code == code]


def plan_next(master: Path, *cells: object) -> None:
    """A row for the next cycle in the list of cycles, typed in advance."""
    book = load_workbook(master)
    sheet = book["Calendar"]
    for column, value in enumerate(cells, 1):
        sheet.cell(6, column).value = value  # type: ignore[assignment]
    sheet.tables["Cycles"].ref = "A4:D6"
    book.save(master)


@pytest.mark.parametrize("days", [(), (NEXT_DAY, date(2016, 12, 23)), ("December", "before Christmas")])
def test_a_cycle_typed_in_advance_counts_once_it_is_issued(
    master: Path, tmp_path: Path, days: tuple[object, ...]
) -> None:
    plan_next(master, NEXT, *days)
    said = lw.merge(master, as_at=AS_AT)
    assert said.review.headline.endswith("12 officers have not returned.")
    assert cell(master, "Cover", "B8") == read_tracker(master).cycle == CYCLE
    assert [cell(master, "Calendar", f"{column}6") for column in "ABC"] == [NEXT, *(days or (None, None))]
    [told] = coded(said.findings, "cycle-not-issued")
    assert told.startswith(f"Row 6 of the Calendar tab ('{NEXT}")
    issue(master, tmp_path / "next", NEXT, NEXT_DAY)
    assert read_tracker(master).cycle == cell(master, "Cover", "B8") == NEXT
    assert [cell(master, "Calendar", f"{column}6") for column in "ABC"] == [
        NEXT,
        NEXT_DAY,
        date(2016, 12, 23),
    ]
    assert coded(lw.review(master, as_at=NEXT_DAY).findings, "cycle-not-issued") == []


@pytest.mark.parametrize("tab", ["Calendar", "Returns"])
def test_a_day_that_cannot_be_read_stays_and_what_is_known_counts(master: Path, tab: str) -> None:
    addresses = {"Calendar": ("B5", "C5"), "Returns": ("C5", "D5")}[tab]
    for address in addresses:
        put(master, tab, address, "as soon as can be")
    for step in (lw.merge, lw.review):
        told = coded(step(master, as_at=AS_AT).findings, "record-day-unread")  # type: ignore[operator]
        assert [one.partition("(")[0] for one in told] == [
            f"{address} 'as soon as can be' in {tab} {address} " for address in addresses
        ]
        assert cell(master, tab, addresses[1]) == "as soon as can be"
    tracker = read_tracker(master)
    for days in ((one.issued_on, one.return_by) for one in tracker.issued):
        assert days == (tracker.cycles[0].issued_on, tracker.cycles[0].return_by) == (ISSUED, RETURN_BY)


def test_a_cycle_whose_name_is_emptied_is_known_by_its_copies(master: Path) -> None:
    put(master, "Calendar", "A5", None)
    assert read_tracker(master).cycle == CYCLE
    assert len(coded(lw.merge(master, as_at=AS_AT).findings, "cycle-not-issued")) == 1
    assert cell(master, "Calendar", "A5") == CYCLE


def test_a_return_that_was_never_merged_is_none_whatever_stands_there(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    master, copies = made
    row = 5 + [one.officer for one in read_tracker(master).issued].index("lscb-chair")
    put(master, "Returns", f"F{row}", date(2016, 9, 30))
    said = lw.merge(master, as_at=AS_AT)
    [told] = coded(said.findings, "return-by-hand")
    assert told.startswith(f"F{row} '30/09/2016' stands in Returns F{row} ('Returned on' of {CHAIR})")
    assert cell(master, "Returns", f"F{row}") == date(2016, 9, 30)
    assert all(one.returned_on is None for one in read_tracker(master).issued)
    back = fill_in(copy_of(copies, CHAIR), tmp_path / "in" / "r.xlsx", {("6.1", "Commentary"): "Done."})
    said = lw.merge(master, [back], as_at=AS_AT)
    assert coded(said.findings, "return-by-hand") == []
    assert cell(master, "Returns", f"F{row}") == date(2016, 9, 20)
    put(master, "Returns", f"F{row}", "in time")
    [told] = coded(lw.merge(master, as_at=AS_AT).findings, "record-day-unread")
    assert told.startswith(f"F{row} 'in time'")
    assert cell(master, "Returns", f"F{row}") == "in time"
    assert date(2016, 9, 20) in [one.returned_on for one in read_tracker(master).issued]


@pytest.mark.parametrize("name", ["1.1", "1.1.1"])
@pytest.mark.parametrize("step", [lw.merge, lw.review])
def test_a_lead_that_a_formula_hides_stops_the_step_and_one_that_is_emptied_is_told_of(
    master: Path, name: str, step: Callable[..., lw.MergeResult | lw.ReviewResult]
) -> None:
    type_into(master, name, "Lead officer", "=Cover!Z99")
    before = master.read_bytes()
    with pytest.raises(lw.WorkbookError, match=rf"\(Lead officer of {name}\) holds a formula"):
        step(master, as_at=AS_AT)
    assert master.read_bytes() == before
    type_into(master, name, "Lead officer", None)
    [told] = coded(step(master, as_at=AS_AT).findings, "lead-blank")
    assert f"('Lead officer' of {name}) is blank" in told


def test_what_is_typed_over_the_cover_is_told_of_and_written_anew(master: Path) -> None:
    lw.review(master, as_at=AS_AT)
    put(master, "Cover", "B8", "Q9")
    put(master, "Cover", "B9", "see the minutes")
    said = lw.review(master, as_at=AS_AT)
    assert sorted(one.partition(",")[0] for one in coded(said.findings, "note-typed-over")) == [
        "B8 'Q9' was typed into Cover B8",
        "B9 'see the minutes' was typed into Cover B9",
    ]
    assert [cell(master, "Cover", one) for one in ("B8", "B9")] == [CYCLE, AS_AT]
    assert len(coded(lw.review(master, as_at=AS_AT).findings, "note-typed-over")) == 2


@pytest.mark.parametrize(
    ("typed", "days"), [("4 weeks", 28), (-3, 28), (3.5, 28), (0, 0), ("7", 7), (None, 28)]
)
def test_days_on_the_cover_that_are_no_number_are_told_of(master: Path, typed: object, days: int) -> None:
    put(master, "Cover", "B10", typed)
    said = lw.review(master, as_at=AS_AT)
    assert said.review.horizon.days == days
    told = coded(said.findings, "master-cell-not-recognised")
    assert [one.partition(" in ")[0] for one in told] == (
        [f"B10 '{typed}'"] if typed in ("4 weeks", -3, 3.5) else []
    )
