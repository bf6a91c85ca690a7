"""A board's ratings out of its plan document: what is not given is derived, what cannot be is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from schemes import SCHEMES, Status, plan_rated_by

from lscb_workbook.plan.colours import contrast, fill_for, ink_on
from lscb_workbook.plan.documents import default_scheme, read_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Meaning
from lscb_workbook.plan.schemes import heading_of, in_words, letters_for
from lscb_workbook.tracker.layout import tables_for


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_is_read_whole_and_written_so_that_it_is_read_alike(name: str, tmp_path: Path) -> None:
    plan, _ = read_plan(plan_rated_by(SCHEMES[name], tmp_path / "plan.toml"))
    assert plan.scheme.names == tuple(status.name for status in SCHEMES[name])
    letters = [one.letter.casefold() for one in plan.scheme.statuses]
    assert len(set(letters)) == len(letters)
    assert all(letters)
    assert all(contrast(one.fill, one.ink) >= 4.5 for one in plan.scheme.statuses)
    again = tmp_path / "again.toml"
    again.write_text(write_plan(plan), encoding="utf-8")
    assert read_plan(again)[0] == plan


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (("Red", "Amber", "Green", "Complete"), ("R", "A", "G", "C")),
        (("Green", "Grey"), ("Gn", "Gy")),
        (("Blue", "Black"), ("Bu", "Ba")),
        (("1", "2", "10"), ("1", "2", "10")),
        (("A", "Amber"), ("A", "Am")),
        (("●", "▲"), ("●", "▲")),
        (("Ab", "A"), ("Ab", "A")),
    ],
)
def test_letters_that_are_not_given_are_unambiguous(names: Sequence[str], letters: tuple[str, ...]) -> None:
    assert letters_for([(name, "") for name in names]) == letters


def test_the_shipped_ratings_are_printed_in_order_of_severity() -> None:
    scheme = default_scheme()
    assert scheme.by_severity == scheme.statuses


def test_a_letter_stands_unless_two_have_it() -> None:
    assert letters_for([("Red", "X"), ("Blue", "B"), ("Black", "b")]) == ("X", "Bu", "Ba")


def test_an_ink_that_cannot_be_read_gives_way() -> None:
    assert ink_on("FFCC5C", "332200") == "332200"
    assert ink_on("FFCC5D", "FFFFFF") == "000000"
    assert contrast("FFCC5C", ink_on("FFCC5C", "FFFFFF")) >= 4.5
    assert ink_on("1F5FA8") == "FFFFFF"


def test_a_fill_is_what_the_name_says_else_what_is_usual_for_the_meaning() -> None:
    assert fill_for("Blue", Meaning.NOT_STARTED) == fill_for("Light blue", Meaning.COMPLETE)
    assert fill_for("3", Meaning.AT_RISK) == fill_for("Amber", Meaning.AT_RISK)
    assert fill_for("2", Meaning.AT_RISK, [fill_for("3", Meaning.AT_RISK)]) != fill_for("3", Meaning.AT_RISK)


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ([Status(f"S{n}", "at risk") for n in range(9)], "there are 9"),
        ([Status("not rated", "at risk")], "status not rated, name"),
        ([Status("x" * 41, "at risk")], "longer than 40"),
        ([Status("Green", "fine")], "Write one of: off track, at risk"),
        ([Status("Green", "on track", fill="green")], "not a colour"),
        ([Status("Met", "complete"), Status("MET", "complete")], "is that of status Met too"),
    ],
)
def test_what_cannot_be_a_scheme_is_refused(scheme: Sequence[Status], said: str, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=said):
        read_plan(plan_rated_by(tuple(scheme), tmp_path / "plan.toml"))


def test_a_rating_that_is_no_word_is_said_so() -> None:
    assert [in_words("Red"), in_words("1"), heading_of("Red"), heading_of("●")] == [
        "Red",
        "rated 1",
        "Red",
        "Rated ●",
    ]


def test_no_two_columns_have_one_heading_whatever_the_ratings_are_called() -> None:
    names = ("Met", "Missed", "50", "50 %", "Actions", "Cycle", "Return", "Ongoing")
    for table in tables_for(names).values():
        heads = [column.header.casefold() for column in table.columns]
        assert len(set(heads)) == len(heads), table.name
