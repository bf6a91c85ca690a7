"""What was typed, and what it may be taken for."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Field
from lscb_workbook.returns.cleaning import clean
from lscb_workbook.tracker.cells import Raw

PLAN = default_plan()


def cleaned(raw: Raw, field: Field, base: str = "") -> tuple[str, str]:
    """The value, and the code of the finding (``""`` for none)."""
    found = clean(raw, field, "1.1", PLAN, file="copy.xlsx", base=base)
    return found.value, found.finding.code if found.finding else ""


@pytest.mark.parametrize("typed", ["Amber", "Amber ", "\n Amber"])
def test_a_rating_but_for_blanks_is_the_rating(typed: str) -> None:
    assert cleaned(typed, Field.RATING) == ("Amber", "")


@pytest.mark.parametrize("typed", ["amber", "AMBER", "A", " a ", "Amber.", "amber\u00a0"])
def test_a_rating_in_any_case_or_as_a_letter_is_recognised_and_said_so(typed: str) -> None:
    assert cleaned(typed, Field.RATING) == ("Amber", "rating-recognised")


@pytest.mark.parametrize("typed", ["Amber/Green", "completed", "n/a", "amberish", "3", "R→A"])
def test_what_is_no_rating_is_refused_as_typed(typed: str) -> None:
    found = clean(typed, Field.RATING, "1.1", PLAN, file="copy.xlsx")
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
    ["31.2.16", "Sept 16", "end of next month", "by 31.8.16 or so", "Q2", "yes", "8/31/2016", 42613.0],
)
def test_what_is_no_day_is_refused_as_typed(typed: Raw) -> None:
    assert cleaned(typed, Field.COMPLETED_ON)[1] == "date-not-recognised"


def test_a_day_wiped_out_is_taken_as_wiped_out() -> None:
    assert cleaned("", Field.COMPLETED_ON, base="2016-08-31") == ("", "")


def test_text_is_kept_as_typed_but_for_the_blanks_around_it() -> None:
    assert cleaned(" =cmd|'/c calc'!A1\r\nline two ", Field.COMMENTARY) == ("=cmd|'/c calc'!A1\nline two", "")
