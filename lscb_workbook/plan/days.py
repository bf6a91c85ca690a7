"""Days as a plan writes them, read at a place in its text.

Day first always: a board in Britain never means the 8th of a thirty-first month. What has the shape
of a date but is none (``31.2.16``, ``30.13.16``) is seen as such and never mended. A year of two
figures is of this century; a day without a year is in the plan year.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from lscb_workbook.plan.records import PlanYear

__all__ = [
    "ALONE",
    "MONTH",
    "YEAR",
    "Kind",
    "Period",
    "Reading",
    "full_year",
    "month_number",
    "month_of_plan",
    "read_day",
    "whole_month",
]


class Kind(StrEnum):
    """What was written. A bare month has no year beside it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    BARE_MONTH = "bare month"
    QUARTER = "quarter"
    RANGE = "range"
    YEAR = "year"
    PLAN_YEAR = "plan year"
    YEAR_END = "year end"


class Period(NamedTuple):
    """First and last day, both included."""

    first: date
    last: date


class Reading(NamedTuple):
    """What stands in a text up to ``end``. ``period`` is None where it looks like one but is none."""

    kind: Kind
    period: Period | None
    end: int


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?,?\s+)?"
ALONE = r"(?![\d%])(?![./:-]\d)"  # a number ends here
_NTH = r"(?:st|nd|rd|th)"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


_ISO = _pattern(rf"(?P<y>\d{{4}})[./-](?P<m>\d{{1,2}})[./-](?P<d>\d{{1,2}}){ALONE}")
_FIGURES = _pattern(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})[./-](?P<m>\d{{1,2}})[./-](?P<y>\d{{4}}|\d\d){ALONE}"
    rf"|(?P<d2>\d{{1,2}})\s(?P<m2>\d{{1,2}})\s(?P<y2>20\d\d){ALONE}"
    rf"|(?P<d3>\d\d)\s(?P<m3>\d\d)\s(?P<y3>\d\d){ALONE}"
)
YEAR = rf"(?P<y>(?:19|20)\d\d|\d\d)(?!{_NTH}){ALONE}"
_DAY_MONTH = _pattern(
    rf"{_WEEKDAY}(?:\d{{1,2}}{_NTH}?\s?[–—-]\s?)?(?P<d>\d{{1,2}})(?:{_NTH})?(?:\s+of)?[\s./-]*"
    rf"(?P<m>{MONTH})(?:\.?,?[\s./'’-]*{YEAR})?"
)
_MONTH_DAY = _pattern(
    rf"{_WEEKDAY}(?P<m>{MONTH})\s+(?P<d>\d{{1,2}})(?:{_NTH})?,?\s+(?P<y>20\d\d){ALONE}"
    rf"|(?P<m2>{MONTH})\s+(?:the\s+)?(?P<d2>\d{{1,2}}){_NTH}\b"
)


def read_day(text: str, at: int, year: PlanYear) -> Reading | None:
    """The day written at ``at``, or None: ``31.8.16``, ``30 09 2016``, ``31st Dec 2016``, ``2016-09-30``."""
    if match := _ISO.match(text, at):
        return _day(match, int(match["y"]), int(match["m"]), int(match["d"]))
    if match := _FIGURES.match(text, at):
        day, month, written = (match[k] or match[k + "2"] or match[k + "3"] for k in "dmy")
        return _day(match, full_year(written), int(month), int(day))
    if match := _MONTH_DAY.match(text, at):
        month = match["m"] or match["m2"]
        return _named_day(match, int(match["d"] or match["d2"]), month, match["y"], year)
    if match := _DAY_MONTH.match(text, at):
        if match["y"] is None and match["m"] in ("may", "march"):
            return None  # 'phase 2 may start'
        return _named_day(match, int(match["d"]), match["m"], match["y"], year)
    return None


def _day(match: re.Match[str], year: int, month: int, day: int) -> Reading:
    try:
        on = date(year, month, day)
    except ValueError:
        return Reading(Kind.DAY, None, match.end())
    return Reading(Kind.DAY, Period(on, on), match.end())


def _named_day(match: re.Match[str], day: int, name: str, written: str | None, year: PlanYear) -> Reading:
    month = month_number(name)
    if written is not None:
        return _day(match, full_year(written), month, day)
    in_plan = month_of_plan(month, year)
    return _day(match, in_plan.first.year if in_plan else 0, month, day)


def whole_month(year: int, number: int) -> Period:
    first = date(year, number, 1)
    return Period(first, first + relativedelta(day=31))


def month_of_plan(number: int, year: PlanYear) -> Period | None:
    """The month of this number that the plan year has; None where it has none or two."""
    months = [whole_month(y, number) for y in range(year.first.year, year.last.year + 1)]
    inside = [month for month in months if month.last >= year.first and month.first <= year.last]
    return inside[0] if len(inside) == 1 else None


def month_number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def full_year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)
