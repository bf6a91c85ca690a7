"""Weeks, months, quarters, years and ranges as a plan writes them, read at a place in its text.

A year of two figures after a month's name counts only where the plan year is near, so that ``Sept 16``
is September 2016 and ``March 31`` is nobody's March 2031.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from lscb_workbook.plan.days import (
    ALONE,
    MONTH,
    YEAR,
    Kind,
    Period,
    Reading,
    full_year,
    month_number,
    month_of_plan,
    read_day,
    whole_month,
)
from lscb_workbook.plan.records import PlanYear

__all__ = ["read_period"]

_NAMED = r"(?:(?:the\s+)?(?:plan|business|financial|fiscal)\s+year\s+(?:of\s+)?)?"
_PAIR = rf"(?P<from>20\d\d)\s?[/–—-]\s?(?P<to>20\d\d|\d\d){ALONE}"
_SHORT_PAIR = rf"(?P<from>\d\d)/(?P<to>\d\d){ALONE}"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


_WEEK = _pattern(r"(?:w\s?/\s?[cb]|wc|week\s+(?:commencing|beginning|starting))[.:]?\s+(?:the\s+)?")
_WEEK_END = _pattern(r"(?:w\s?/\s?e|week\s+ending)[.:]?\s+(?:the\s+)?")
_MORE_DAYS = _pattern(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s*(?:,|&|and)\s*)+(?=\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH})"
)
_AND_WEEK = _pattern(r"\s*(?:,\s*(?:and\s+)?|&\s*|and\s+)(?:(?:w\s?/\s?c|week\s+commencing)\s+)?")
_MONTH_YEAR = _pattern(rf"(?P<m>{MONTH})(?:\.?,?(?:\s+of)?[\s./'’-]*{YEAR})?")
_QUARTER = _pattern(
    r"(?:(?:q|qtr\.?\s?|quarter\s)(?P<n>[1-4])(?!\w)(?![./-]\d)"
    r"|(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s+(?:quarter|qtr)\b)"
)
_OF_YEARS = _pattern(rf",?\s+(?:of\s+)?(?:the\s+)?(?:{_PAIR})")
_OF_SHORT_YEARS = _pattern(rf",?\s+(?:of\s+)?(?:{_SHORT_PAIR})")
_OF_YEAR = _pattern(rf",?\s+(?:of\s+)?20\d\d{ALONE}")
_NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_PLAIN_YEAR = _pattern(r"(?P<y>20\d\d)(?!\w)(?!\s?[/–—-]\s?\d)(?!\.\d)")
_YEARS = _pattern(_NAMED + _PAIR)
_SHORT_YEARS = _pattern(_NAMED + _SHORT_PAIR)
_YEAR_END = _pattern(r"(?:(?P<of>plan|business|financial|fiscal)\s+)?year(?:[\s-]end)?\b")
_TO = _pattern(r"\s*(?:[–—/-]|to\b|until\b|till\b|and\b)\s*(?:the\s+)?(?:end\s+of\s+)?")


def read_period(text: str, at: int, year: PlanYear, *, between: bool = False) -> Reading | None:
    """The period written at ``at``, or None. ``between`` lets ``and`` join two into a range.

    A range of days, months or quarters (``April 2016 – March 2017``, ``June/July 2012``) is read whole.
    """
    first = _read_single(text, at, year)
    if first is None or first.kind not in (Kind.DAY, Kind.MONTH, Kind.BARE_MONTH, Kind.QUARTER):
        return first
    joint = _TO.match(text, first.end)
    if joint is None or ("and" in joint.group().lower() and not between):
        return first
    last = _read_single(text, joint.end(), year)
    months = {Kind.MONTH, Kind.BARE_MONTH}
    if last is None or not (last.kind == first.kind or {last.kind, first.kind} <= months):
        return first
    return Reading(Kind.RANGE, _range(first, last), last.end)


def _read_single(text: str, at: int, year: PlanYear) -> Reading | None:
    readings = (read(text, at, year) for read in _READERS)
    return next((reading for reading in readings if reading), None)


def _read_week(text: str, at: int, year: PlanYear) -> Reading | None:
    """A week commencing a day lasts seven days; a week ending on one began six days before.

    Of several weeks (``W/C 19, 26 May and 2 June``) the last is read, since all is done when that is over.
    """
    for pattern, before, after in ((_WEEK, 0, 6), (_WEEK_END, 6, 0)):
        if (match := pattern.match(text, at)) and (day := _last_day(text, match.end(), year)):
            if day.period is None:
                return Reading(Kind.WEEK, None, day.end)
            on = day.period.first
            return Reading(
                Kind.WEEK, Period(on - timedelta(days=before), on + timedelta(days=after)), day.end
            )
    return None


def _last_day(text: str, at: int, year: PlanYear) -> Reading | None:
    """The last of the days listed at ``at``, whole weeks apart; a day without a month has the next one's."""
    more = _MORE_DAYS.match(text, at)
    last = read_day(text, more.end() if more else at, year)
    while last and last.period and (joint := _AND_WEEK.match(text, last.end)):
        more = _MORE_DAYS.match(text, joint.end())
        following = read_day(text, more.end() if more else joint.end(), year)
        if following is None or following.period is None:
            break
        apart = following.period.first - last.period.first.replace(year=following.period.first.year, day=1)
        if (apart.days + 1 - last.period.first.day) % 7:
            break
        last = following
    return last


def _read_month(text: str, at: int, year: PlanYear) -> Reading | None:
    match = _MONTH_YEAR.match(text, at)
    if match is None:
        return None
    number = month_number(match["m"])
    if match["y"] is None:
        return Reading(Kind.BARE_MONTH, month_of_plan(number, year), match.end())
    written = full_year(match["y"])
    near = len(match["y"]) == 4 or _is_near(written, year)
    return Reading(Kind.MONTH, whole_month(written, number) if near else None, match.end())


def _read_quarter(text: str, at: int, year: PlanYear) -> Reading | None:
    """A quarter of the plan year, or of another year written ``2016/17``. A quarter of a calendar year
    is understood only where the plan year is one, for the two are told apart by nothing."""
    match = _QUARTER.match(text, at)
    if match is None:
        return None
    number = int(match["n"]) if match["n"] else _NTHS[match["nth"].lower()]
    of: Period | None = Period(year.first, year.last)
    end = match.end()
    if years := _OF_YEARS.match(text, end) or _OF_SHORT_YEARS.match(text, end):
        of, end = _plan_years(years, year), years.end()
    elif plain := _OF_YEAR.match(text, end):
        calendar = year.first.year == year.last.year
        of, end = (_plan_year(int(plain.group()[-4:]), year) if calendar else None), plain.end()
    if of is None:
        return Reading(Kind.QUARTER, None, end)
    quarters = PlanYear(*of)
    first = quarters.quarter_end(number - 1) + timedelta(days=1)
    return Reading(Kind.QUARTER, Period(first, quarters.quarter_end(number)), end)


def _read_years(text: str, at: int, year: PlanYear) -> Reading | None:
    if match := _YEARS.match(text, at) or _SHORT_YEARS.match(text, at):
        if (int(match["from"]) + 1) % 100 != int(match["to"]) % 100:
            return None
        if len(match["from"]) == 2 and int(match["to"]) <= 12:  # 11/12 may be the 11th of December
            return Reading(Kind.PLAN_YEAR, None, match.end())
        return Reading(Kind.PLAN_YEAR, _plan_years(match, year), match.end())
    if match := _PLAIN_YEAR.match(text, at):
        number = int(match["y"])
        return Reading(Kind.YEAR, Period(date(number, 1, 1), date(number, 12, 31)), match.end())
    return None


def _read_year_end(text: str, at: int, year: PlanYear) -> Reading | None:
    """``year``, ``year end``, ``the plan year``; a financial year only where the plan year is one."""
    match = _YEAR_END.match(text, at)
    if match is None:
        return None
    financial = (match["of"] or "").lower() in ("financial", "fiscal")
    known = not financial or (year.last.month, year.last.day) == (3, 31)
    return Reading(Kind.YEAR_END, Period(year.first, year.last) if known else None, match.end())


_READERS: tuple[Callable[[str, int, PlanYear], Reading | None], ...] = (
    _read_week,
    read_day,
    _read_month,
    _read_quarter,
    _read_years,
    _read_year_end,
)


def _range(first: Reading, last: Reading) -> Period | None:
    if first.period is None or last.period is None:
        return None
    start = first.period.first
    if first.kind is Kind.BARE_MONTH and last.kind is Kind.MONTH:  # the year is the last month's
        start = start.replace(year=last.period.first.year)
        if start > last.period.first:
            start = start.replace(year=start.year - 1)
    return Period(start, last.period.last) if start <= last.period.last else None


def _plan_years(match: re.Match[str], year: PlanYear) -> Period | None:
    """The plan year that begins in the first of two years; none where plan years are calendar years."""
    if year.first.year == year.last.year:
        return None
    return _plan_year(full_year(match["from"]), year)


def _plan_year(begins: int, year: PlanYear) -> Period:
    shift = relativedelta(years=begins - year.first.year)
    following = year.last + timedelta(days=1)  # so that a last day of February stays the last
    return Period(year.first + shift, following + shift - timedelta(days=1))


def _is_near(number: int, year: PlanYear) -> bool:
    return year.first.year - 1 <= number <= year.last.year + 1
