"""What was typed, and what it may be taken for."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Field
from lscb_workbook.returns.cleaning import Where, clean
from lscb_workbook.tracker.cells import Raw

PLAN = default_plan()
HERE = Where("copy.xlsx", "Actions", "1.1", "G6")


def cleaned(raw: Raw, field: Field, base: str = "") -> tuple[str, str]:
    """The value, and the code of the finding (``""`` for none)."""
    found = clean(raw, field, PLAN, HERE, base=base)
    return found.value, found.finding.code if found.finding else ""


@pytest.mark.parametrize("typed", ["Amber", "Amber ", "\n Amber"])
def test_a_rating_but_for_blanks_is_the_rating(typed: str) -> None:
    assert cleaned(typed, Field.RATING) == ("Amber", "")


@pytest.mark.parametrize("typed", ["amber", "AMBER", "A", " a ", "Amber.", "amber\u00a0"])
def test_a_rating_in_any_case_or_as_a_letter_is_recognised_and_said_so(typed: str) -> None:
    assert cleaned(typed, Field.RATING) == ("Amber", "rating-recognised")


@pytest.mark.parametrize(
    ("typed", "rating"),
    [
        ("AMBER - on track", "Amber"),
        ("Amber (was late)", "Amber"),
        ("RAG: Amber", "Amber"),
        ("Green.  No change", "Green"),
        ("A - see minutes", "Amber"),
        ("R→A", "Amber"),
        ("Red -> Green", "Green"),
        ("🟢", "Green"),
        ("🔴 serious", "Red"),
    ],
)
def test_a_rating_with_more_than_its_name_is_only_proposed(typed: str, rating: str) -> None:
    found = clean(typed, Field.RATING, PLAN, HERE)
    assert (found.value, found.refused) == (rating, "")
    assert typed in found.doubt
    assert found.finding is not None
    assert found.finding.code == "rating-proposed"


@pytest.mark.parametrize(
    "typed",
    [
        "Amber/Green",
        "Amber - Green",
        "A-G",
        "completed",
        "n/a",
        "amberish",
        "3",
        "not Green",
        "was Red, now Amber",
        "turning Green",
        "Green" + " and so on" * 50,
    ],
)
def test_what_is_no_rating_is_refused_as_typed(typed: str) -> None:
    found = clean(typed, Field.RATING, PLAN, HERE)
    assert (found.value, bool(found.refused)) == (typed, True)
    assert found.finding is not None
    assert found.finding.code == "rating-not-recognised"


def test_a_rating_wiped_out_is_not_taken_as_a_rating() -> None:
    assert cleaned("", Field.RATING, base="Red") == ("", "rating-cleared")


def test_what_stands_as_it_was_issued_is_never_refused() -> None:
    assert cleaned("no such rating", Field.RATING, base="no such rating") == ("no such rating", "")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("Complete", "Complete"),
        ("done", "Complete"),
        ("COMPLETED", "Complete"),
        ("in  progress", "In progress"),
        ("not started", "Not started"),
        ("No longer needed.", "No longer needed"),
    ],
)
def test_a_status_in_common_words_is_recognised(typed: str, status: str) -> None:
    assert cleaned(typed, Field.STATUS)[0] == status


@pytest.mark.parametrize("typed", ["nearly", "complete?no", "50%"])
def test_what_is_no_status_is_refused(typed: str) -> None:
    assert cleaned(typed, Field.STATUS) == (typed, "status-not-recognised")


@pytest.mark.parametrize(
    "typed",
    [
        date(2016, 8, 31),
        datetime(2016, 8, 31, 0, 0),
        "2016-08-31",
    ],
)
def test_a_true_day_is_the_day(typed: Raw) -> None:
    assert cleaned(typed, Field.COMPLETED_ON) == ("2016-08-31", "")


@pytest.mark.parametrize("typed", ["31.8.16", "31/08/2016", "31 August 2016", "31st Aug 2016", "31 08 2016"])
def test_a_day_in_words_is_recognised_day_first_and_said_so(typed: str) -> None:
    assert cleaned(typed, Field.COMPLETED_ON) == ("2016-08-31", "date-recognised")


@pytest.mark.parametrize(
    "typed",
    ["31.2.16", "Sept 16", "end of next month", "by 31.8.16 or so", "Q2", "yes", "8/31/2016", 3.0, True],
)
def test_what_is_no_day_is_refused_as_typed(typed: Raw) -> None:
    assert cleaned(typed, Field.COMPLETED_ON)[1] == "date-not-recognised"


def test_a_day_wiped_out_is_taken_as_wiped_out() -> None:
    assert cleaned("", Field.COMPLETED_ON, base="2016-08-31") == ("", "")


@pytest.mark.parametrize("typed", ["31 Aug", "31st August", 42613.0, 42613])
def test_a_day_that_needs_a_guess_is_only_proposed(typed: Raw) -> None:
    found = clean(typed, Field.COMPLETED_ON, PLAN, HERE)
    assert (found.value, found.refused, bool(found.doubt)) == ("2016-08-31", "", True)
    assert found.finding is not None
    assert found.finding.code == "date-proposed"


@pytest.mark.parametrize("typed", ["Complete - see minutes", "done on 3 May", "in progress, nearly there"])
def test_a_status_with_more_behind_it_is_only_proposed(typed: str) -> None:
    found = clean(typed, Field.STATUS, PLAN, HERE)
    assert (found.refused, bool(found.doubt)) == ("", True)


@pytest.mark.parametrize(
    "typed",
    [" =cmd|'/c calc'!A1\r\nline two ", "\t=1+1", "@SUM(A1)", "+1", "-1", "‘smart’\u00a0quotes", "😀"],
)
def test_text_is_kept_exactly_as_typed(typed: str) -> None:
    assert cleaned(typed, Field.COMMENTARY) == (typed.replace("\r\n", "\n"), "")


def test_text_that_differs_only_by_the_blanks_around_it_is_unchanged() -> None:
    assert cleaned("  as issued \n", Field.COMMENTARY, base="as issued") == ("as issued", "")


@pytest.mark.parametrize("field", [Field.RATING, Field.COMMENTARY, Field.STATUS, Field.COMPLETED_ON])
@pytest.mark.parametrize("typed", ["#REF!", "#N/A", "#DIV/0!", "Err:502"])
def test_an_error_value_is_never_taken_for_a_word(typed: str, field: Field) -> None:
    assert cleaned(typed, field) == (typed, "error-value")


def test_text_that_no_cell_can_hold_is_refused_whole() -> None:
    assert cleaned("x" * 32_768, Field.COMMENTARY) == ("x" * 32_768, "text-too-long")
    assert cleaned("x" * 32_767, Field.COMMENTARY) == ("x" * 32_767, "")
