"""Working days: Monday to Friday, but for the public holidays of one nation of the United Kingdom.

The holidays are those that the package ``holidays`` knows: a holiday that is proclaimed for one year alone
counts once the installed package has it.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from lscb_workbook.plan.errors import WorkbookError

__all__ = ["Nation", "is_workday", "nation_named", "workday_after", "workdays_between"]

_DAY = timedelta(days=1)
_SATURDAY = 5


class Nation(StrEnum):
    """Whose public holidays count."""

    ENGLAND = "England"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"


_SUBDIVISIONS = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}


def nation_named(name: str) -> Nation:
    """The nation of this name; case, blanks and hyphens make no difference. Raises WorkbookError."""
    said = " ".join(name.replace("-", " ").split()).casefold()
    for nation in Nation:
        if nation.value.casefold() == said:
            return nation
    names = ", ".join(Nation)
    raise WorkbookError(f"The public holidays of '{name}' are not known. Give one of {names}.")


def is_workday(day: date, nation: Nation) -> bool:
    """Whether people are at work on a day: neither a weekend nor a public holiday of the nation.

    Raises WorkbookError for a year whose holidays are not known.
    """
    return day not in _holidays(day.year, nation) and day.weekday() < _SATURDAY


def workday_after(day: date, count: int, nation: Nation) -> date:
    """The working day that is so many after a day, or before it where ``count`` is negative.

    The day itself does not count, whether it is a working day or not; with a ``count`` of 0 it is what comes
    back. Raises WorkbookError for a year whose holidays are not known.
    """
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day = _next(day, step)
        left -= is_workday(day, nation)
    return day


def workdays_between(first: date, last: date, nation: Nation) -> int:
    """How many working days ``last`` is after ``first``; negative where it is before it.

    So it is ``count`` where ``last`` is ``workday_after(first, count)``. Raises WorkbookError for a year
    whose holidays are not known.
    """
    step = _DAY if last > first else -_DAY
    count, day = 0, first
    while day != last:
        day = _next(day, step)
        count += is_workday(day, nation)
    return count if last > first else -count


def _next(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError as error:
        raise _unknown(day.year) from error


@lru_cache(maxsize=256)
def _holidays(year: int, nation: Nation) -> frozenset[date]:
    """The public holidays of a year, those that are moved to a working day on that day too."""
    from holidays import country_holidays  # 50 ms, which no other command should wait for

    found = country_holidays("GB", subdiv=_SUBDIVISIONS[nation], years=year)
    # The package has no holidays at all for a year that it does not know.
    if not found:
        raise _unknown(year)
    return frozenset(found)


def _unknown(year: int) -> WorkbookError:
    return WorkbookError(
        f"The public holidays of the year {year} are not known, so working days cannot be counted there. "
        "Check the dates on the Returns and Calendar tabs, and those given to the command."
    )
