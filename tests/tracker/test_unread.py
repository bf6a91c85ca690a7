"""A cell whose formula shows nothing is told of, and never taken for one that was emptied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tracking import AS_AT, entry, issue, new_tracker, type_into

import lscb_workbook as lw
from lscb_workbook.plan.records import Field


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return new_tracker(tmp_path)


@pytest.mark.parametrize(
    ("name", "heading"),
    [("1.2.3", "Approved date"), ("1.2.3", "Status"), ("1.2.3", "Completed on"), ("1.4", "Commentary")],
)
def test_a_formula_that_shows_nothing_is_a_finding_with_its_cell(
    master: Path, name: str, heading: str
) -> None:
    type_into(master, name, heading, "=Cover!Z99")
    for made in (lw.merge(master, as_at=AS_AT), lw.review(master, as_at=AS_AT)):
        [one] = [one for one in made.findings if one.code == "master-formula-unread"]  # type: ignore[attr-defined]
        assert (one.ref, one.sheet) == (name, "Milestones" if name.count(".") > 1 else "Plan")
        assert f"{one.sheet} {one.cell} ({heading} of {name})" in one.message


@pytest.mark.parametrize("command", ["review", "merge", "issue", "dry run"])
def test_a_rating_that_a_formula_hides_stops_the_step_and_is_not_taken_as_wiped_out(
    master: Path, tmp_path: Path, command: str
) -> None:
    type_into(master, "6.1", "RAG rating", "=Cover!Z99")
    before = master.read_bytes()
    with pytest.raises(
        lw.WorkbookError, match=r"Cell G\d+ of the tab 'Plan' \(RAG rating of 6\.1\).*Nothing was changed"
    ):
        {
            "review": lambda: lw.review(master, as_at=AS_AT),
            "merge": lambda: lw.merge(master, as_at=AS_AT),
            "dry run": lambda: lw.merge(master, as_at=AS_AT, dry_run=True),
            "issue": lambda: issue(master, tmp_path / "copies"),
        }[command]()
    assert master.read_bytes() == before


def test_an_approved_date_that_a_formula_hides_does_not_go_back_to_the_plans_day(master: Path) -> None:
    type_into(master, "1.2.3", "Approved date", date(2017, 3, 1))
    lw.review(master, as_at=AS_AT)
    type_into(master, "1.2.3", "Approved date", "=Cover!Z99")
    with pytest.raises(lw.WorkbookError, match=r"\(Approved date of 1\.2\.3\).*would count as wiped out"):
        lw.review(master, as_at=AS_AT)


def test_a_rating_that_is_really_emptied_is_an_edit_as_ever(master: Path) -> None:
    type_into(master, "6.1", "RAG rating", None)
    made = lw.review(master, as_at=AS_AT)
    assert entry(master, "6.1", Field.RATING) == ""
    assert [one.ref for one in made.findings if one.code == "rating-unknown"] == ["6.1"]
