"""What officers type where a board rates by something other than colours' names."""

from __future__ import annotations

from pathlib import Path

import pytest
from schemes import SCHEMES, plan_rated_by

from lscb_workbook.plan.documents import read_plan
from lscb_workbook.plan.records import Field
from lscb_workbook.returns.cleaning import Cleaned, Where, clean
from lscb_workbook.returns.colours import rating_of_colour
from lscb_workbook.tracker.cells import Raw


def cleaned(scheme: str, typed: Raw, folder: Path) -> Cleaned:
    plan, _ = read_plan(plan_rated_by(SCHEMES[scheme], folder / "plan.toml"))
    return clean(typed, Field.RATING, plan, Where("a.xlsx", "Actions", "1.1", "F6"))


@pytest.mark.parametrize(
    ("scheme", "typed", "rating"),
    [
        ("brag", "b", "Blue"),
        ("brag", "BLUE.", "Blue"),
        ("complete", "complete", "Complete"),
        ("complete", "c", "Complete"),
        ("numbers", 3, "3"),
        ("numbers", 3.0, "3"),
        ("numbers", " 4 ", "4"),
        ("symbols", " ▲", "▲"),
        ("eight", "met", "Met"),
    ],
)
def test_a_rating_or_its_letter_is_sure(scheme: str, typed: Raw, rating: str, tmp_path: Path) -> None:
    found = cleaned(scheme, typed, tmp_path)
    assert (found.value, found.refused, found.doubt) == (rating, "", "")


@pytest.mark.parametrize(
    ("scheme", "typed", "rating"),
    [
        ("brag", "Completed", "Blue"),
        ("complete", "done", "Complete"),
        ("complete", "Red → Complete", "Complete"),
        ("numbers", "3 - nearly there", "3"),
        ("numbers", "RAG: 2", "2"),
        ("symbols", "▲ some slippage", "▲"),
    ],
)
def test_what_takes_an_assumption_is_only_proposed(
    scheme: str, typed: Raw, rating: str, tmp_path: Path
) -> None:
    found = cleaned(scheme, typed, tmp_path)
    assert (found.value, found.refused) == (rating, "")
    assert found.doubt


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        ("brag", "not complete"),
        ("blue is not started", "complete"),
        ("complete", "Green, nearly complete"),
        ("numbers", "3 cases audited"),
        ("numbers", "3.5"),
        ("numbers", "31/3/15"),
        ("numbers", "2-3"),
        ("symbols", "● ▲"),
    ],
)
def test_what_names_no_rating_or_two_is_refused_and_kept(scheme: str, typed: str, tmp_path: Path) -> None:
    found = cleaned(scheme, typed, tmp_path)
    assert found.value == typed
    assert found.refused


def test_a_cell_in_a_colour_means_the_rating_of_that_colour_whatever_it_is_called(tmp_path: Path) -> None:
    plan, _ = read_plan(plan_rated_by(SCHEMES["complete"], tmp_path / "plan.toml"))
    assert rating_of_colour("1F5FA8", plan.scheme) == "Complete"
    assert rating_of_colour("FF0000", plan.scheme) == "Red"
