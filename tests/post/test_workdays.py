"""Working days in the four nations, at weekends, at holidays, and in years that nobody has holidays for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post.workdays import Nation, is_workday, nation_named, workday_after, workdays_between

ENGLAND, WALES, SCOTLAND, NORTHERN_IRELAND = Nation
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
NATIONS = st.sampled_from(Nation)


@pytest.mark.parametrize(
    ("day", "at_work_in"),
    [
        (date(2026, 9, 1), {ENGLAND, WALES, SCOTLAND, NORTHERN_IRELAND}),
        (date(2026, 9, 5), set()),  # a Saturday
        (date(2026, 9, 6), set()),  # a Sunday
        (date(2026, 1, 2), {ENGLAND, WALES, NORTHERN_IRELAND}),
        (date(2026, 3, 17), {ENGLAND, WALES, SCOTLAND}),
        (date(2026, 4, 3), set()),  # Good Friday
        (date(2026, 4, 6), {SCOTLAND}),  # Easter Monday
        (date(2026, 7, 13), {ENGLAND, WALES, SCOTLAND}),  # the Boyne, moved from a Sunday
        (date(2026, 8, 3), {ENGLAND, WALES, NORTHERN_IRELAND}),
        (date(2026, 8, 31), {SCOTLAND}),
        (date(2026, 11, 30), {ENGLAND, WALES, NORTHERN_IRELAND}),  # Saint Andrew's Day
        (date(2026, 12, 25), set()),
        (date(2026, 12, 28), set()),  # Boxing Day, moved from a Saturday
        (date(2022, 9, 19), set()),  # the funeral of Queen Elizabeth II
    ],
)
def test_each_nation_keeps_its_own_holidays(day: date, at_work_in: set[Nation]) -> None:
    assert {nation for nation in Nation if is_workday(day, nation)} == at_work_in


@pytest.mark.parametrize(
    ("count", "falls_on"),
    [
        (1, date(2026, 4, 7)),  # over Good Friday, the weekend and Easter Monday
        (4, date(2026, 4, 10)),
        (0, date(2026, 4, 2)),
        (-1, date(2026, 4, 1)),
        (-3, date(2026, 3, 30)),
    ],
)
def test_weekends_and_holidays_are_passed_over(count: int, falls_on: date) -> None:
    assert workday_after(date(2026, 4, 2), count, ENGLAND) == falls_on


def test_a_deadline_on_a_sunday_is_counted_from_though_nobody_works_on_it() -> None:
    sunday = date(2026, 9, 6)
    assert workday_after(sunday, 1, ENGLAND) == date(2026, 9, 7)
    assert workday_after(sunday, -1, ENGLAND) == date(2026, 9, 4)
    assert workday_after(sunday, 0, ENGLAND) == sunday


@given(DAYS, st.integers(-30, 30).filter(bool), NATIONS)
def test_counting_back_gives_the_count(day: date, count: int, nation: Nation) -> None:
    there = workday_after(day, count, nation)
    assert is_workday(there, nation)
    assert workdays_between(day, there, nation) == count


@given(DAYS, st.integers(0, 60), NATIONS)
def test_between_two_days_stand_as_many_working_days_as_are_counted_one_by_one(
    day: date, ahead: int, nation: Nation
) -> None:
    days = [day + timedelta(days=number) for number in range(1, ahead + 1)]
    assert workdays_between(day, day + timedelta(days=ahead), nation) == sum(
        is_workday(one, nation) for one in days
    )


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1700, 6, 1), date(2106, 6, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("count", [-1, 1])
def test_a_year_without_known_holidays_is_named(day: date, count: int) -> None:
    with pytest.raises(WorkbookError, match=f"the year {day.year}"):
        workday_after(day, count, ENGLAND)


@pytest.mark.parametrize("name", ["Northern Ireland", "northern-ireland", "  NORTHERN   IRELAND "])
def test_a_nation_is_known_by_its_name_however_it_is_typed(name: str) -> None:
    assert nation_named(name) is NORTHERN_IRELAND


def test_another_name_is_answered_with_those_that_are_known() -> None:
    with pytest.raises(WorkbookError, match=r"'Britain'.*England, Wales, Scotland, Northern Ireland"):
        nation_named("Britain")
