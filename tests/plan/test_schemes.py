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
        (("50", "50 %"), ("50", "50 %")),
        (("🟢", "🟢🟢"), ("🟢", "🟢🟢")),
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
        ([Status("No return", "off track")], "an officer who sent nothing back, which is never a rating"),
        ([Status("x" * 41, "at risk")], "longer than 40"),
        ([Status("Red", "off track", letter="Overdue")], "letter: is longer than 6"),
        ([Status("Green", "fine")], "Write one of: off track, at risk"),
        ([Status("Green", "on track", fill="green")], "not a colour"),
        ([Status("Met", "complete"), Status("MET", "complete")], "is that of status Met too"),
    ],
)
def test_what_cannot_be_a_scheme_is_refused(scheme: Sequence[Status], said: str, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=said):
        read_plan(plan_rated_by(tuple(scheme), tmp_path / "plan.toml"))


@pytest.mark.parametrize(
    ("name", "taken_for"),
    [
        ("=Red", "a formula"),
        ("1.0", "a number"),
        ("1e3", "a number"),
        ("01", "a number"),
        ("1/2", "a day"),
        ("2.3.16", "a day"),
        ("True", "a truth value"),
        ("#N/A", "an error value"),
        ("#REF!", "an error value"),
        ("_x0041_", "cannot be seen"),
        ("Red\u200b", "cannot be seen"),
    ],
)
def test_a_rating_that_a_spreadsheet_makes_something_else_of_is_refused(
    name: str, taken_for: str, tmp_path: Path
) -> None:
    with pytest.raises(WorkbookError, match=taken_for):
        read_plan(plan_rated_by((Status(name, "at risk"),), tmp_path / "plan.toml"))


@pytest.mark.parametrize(
    "name", ["-1", "0", "10", "50 %", "#1", "Red=", "~", "*", "<Amber>", "👩\u200d👧", "בסדר"]
)
def test_a_rating_may_be_called_by_any_sign_or_script(name: str, tmp_path: Path) -> None:
    plan, _ = read_plan(plan_rated_by((Status(name, "at risk"),), tmp_path / "plan.toml"))
    assert plan.scheme.names == (name,)


def test_two_colours_in_a_name_are_told_apart_from_each_alone() -> None:
    names = ("Red", "Amber/Red", "Amber", "Amber/Green", "Green")
    assert len({fill_for(name, Meaning.AT_RISK) for name in names}) == len(names)


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
