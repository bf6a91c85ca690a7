"""The phrases that state a deadline without a calendar date: after an event, again and again, elsewhere.

A phrase stands at a place in a text. ``quarterly subsequently`` is one; ``quarterly data set`` is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from lscb_workbook.plan.days import read_day
from lscb_workbook.plan.periods import read_period
from lscb_workbook.plan.records import (
    AfterEvent,
    Due,
    NotStated,
    OnDate,
    Ongoing,
    PlanYear,
    Repeating,
    SeeAction,
)

__all__ = ["STOP", "UNDATED", "Force", "Phrase", "PhraseReader"]


class Force(IntEnum):
    """How surely a phrase states a deadline; the greater outdoes the lesser in the same sentence."""

    DOUBTFUL = 0
    ONGOING = 1
    RECURRING = 2
    STATED = 3


class Phrase(NamedTuple):
    """A deadline as written, from ``start`` up to ``end``. ``cued`` where words such as ``by`` lead it in."""

    start: int
    end: int
    due: Due
    force: Force
    cued: bool = False


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


# What may follow a month, quarter or year that is a deadline in its own right, not a description.
STOP = _pattern(
    r"\s*(?:$|\n|[.,;:!?()\[\]/–—-]|(?:and|or|with|then|to|by|at|via|through|for|in|of|on|compared|against|as|but"
    r"|when|if|so|subject|see|following)\b)"
)

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = rf"(?P<count>\d{{1,3}}|an?|{'|'.join(_NUMBERS)})\s+(?P<working>(?:working|school)\s+)?"
_LENGTH = rf"{_COUNT}(?P<unit>day|week|month|year)s?"
_EVENT = (
    r"(?P<event>(?:[^,.;:\n()]|(?<=\d)[.](?=\d))+?)"
    r"(?=\s+(?:and|or|then)\s+(?:by|no)\b|\s*(?:[,;:\n()]|[.](?!\d)|$))"
)
_AFTER = _pattern(
    rf"(?:within\s+{_LENGTH}\s+(?:of|from|after|following)\s+(?:the\s+)?{_EVENT})"
    rf"|(?:{_LENGTH.replace('?P<', '?P<x')}\s+(?:after|following|from)\s+(?:the\s+)?"
    rf"{_EVENT.replace('?P<', '?P<x')})"
)

_SEE = _pattern(
    r"(?:see|as\s+per|refer\s+to)\s+(?:also\s+)?(?:action\s+|item\s+|milestone\s+)?"
    r"(?P<ref>\d{1,2}\.\d{1,2})(?:\.\d)?(?!\.?\d|[/-]\d)"
)
_ADVERB = _pattern(
    r"annually|(?:every|each|once\s+(?:a|every)|once\s+per)\s+(?P<unit>week|month|quarter|year)\b"
)
_RHYTHM = _pattern(r"(?P<unit>week|month|quarter|year)ly\b")
_THEREAFTER = _pattern(r",?\s+(?:subsequently|thereafter|afterwards|after\s+that|from\s+then(?:\s+on)?)\b")
_ROUTINE = _pattern(r"\s+(?:basis|reports?|reporting|updates?|reviews?|meetings?|monitoring|returns?)\b")
_FROM = _pattern(
    r",?\s+(?:(?:from|starting|commencing|beginning|until|till|to)\b(?:\s+(?:from|in|on|the)\b)*)\s+"
)
_ONGOING = _pattern(r"on[\s-]?going|continuous(?:ly)?|rolling(?:\s+programme)?")
_DOUBT = _pattern(
    r"TB[CAD]\b|to\s+be\s+(?:confirmed|agreed|advised|announced|determined|decided|set)\b"
    r"|as\s+soon\s+as\s+possible|asap\b|immediate(?:ly)?\b|fortnightly|termly"
    r"|(?:half|bi|tri|two|three|four|six|\d{1,2})[\s-]?(?:weekly|monthly|yearly|annual(?:ly)?)\b"
    r"|(?:by|before|in|during|end\s+of)?\s*(?:(?:spring|summer|autumn|winter)(?:\s+term\b|\s+(?:of\s+)?20\d\d)"
    r"|end\s+of\s+(?:the\s+)?(?:calendar|academic|school)\s+year\b"
    r"|(?:next|this)\s+(?:week|month|quarter|term|year)\b)(?:\s+20\d\d)?"
    rf"|every\s+(?:other\s+)?(?:{_COUNT.replace('?P<', '?P<e')})?"
    r"(?:day|week|month|quarter|term|year|meeting)s?\b"
    rf"|within\s+{_LENGTH}\b"
    r"|(?:by|before|until)\s+(?:the\s+)?(?:end\s+(?:of\s+)?)?\d{1,4}(?:[./-]\d{1,4})+(?!\d|\s*%|\s+per)"
)


def _after_event(text: str, at: int, year: PlanYear) -> Phrase | None:
    """``within 3 months of publication by the DfE``; a day where what it counts from is a day."""
    match = _AFTER.match(text, at)
    if match is None:
        return None
    count, unit, event, working = (match[k] or match["x" + k] for k in ("count", "unit", "event", "working"))
    words = match.group()
    if working:
        return Phrase(at, match.end(), NotStated(words), Force.STATED)
    number = (
        int(count)
        if count.isdigit()
        else _NUMBERS.index(count.lower()) + 1
        if count.lower() in _NUMBERS
        else 1
    )
    units = f"{unit.lower()}s"
    day = read_day(event, 0, year)
    if day and day.end == len(event):
        if day.period is None:
            return Phrase(at, match.end(), NotStated(words), Force.STATED)
        steps = {"days": relativedelta(days=number), "weeks": relativedelta(weeks=number)}
        steps |= {"months": relativedelta(months=number), "years": relativedelta(years=number)}
        return Phrase(at, match.end(), OnDate(words, day.period.first + steps[units]), Force.STATED)
    return Phrase(at, match.end(), AfterEvent(words, event, number, units), Force.STATED)


def _see_action(text: str, at: int, _year: PlanYear) -> Phrase | None:
    match = _SEE.match(text, at)
    if match is None:
        return None
    return Phrase(at, match.end(), SeeAction(match.group(), match["ref"]), Force.RECURRING)


def _repeating(text: str, at: int, year: PlanYear) -> Phrase | None:
    """``quarterly subsequently``, ``every month``; not ``quarterly data set``."""
    match = _ADVERB.match(text, at) or _RHYTHM.match(text, at)
    if match is None:
        return None
    end = match.end()
    tail = _THEREAFTER.match(text, end) or _ROUTINE.match(text, end)
    start = _FROM.match(text, end)
    bound = read_period(text, start.end(), year) if start else None
    if tail:
        end = tail.end()
    elif bound and bound.period:
        end = bound.end
    elif match.re is _RHYTHM and not STOP.match(text, end):
        return None
    every = (match["unit"] if "unit" in match.re.groupindex else None) or "year"
    return Phrase(at, end, Repeating(text[at:end], every.lower()), Force.RECURRING)


def _ongoing(text: str, at: int, _year: PlanYear) -> Phrase | None:
    match = _ONGOING.match(text, at)
    if match is None or not re.match(r"\s*(?:$|\n|[.,;:()/–—-])", text[match.end() :]):
        return None
    return Phrase(at, match.end(), Ongoing(match.group()), Force.ONGOING)


def _doubtful(text: str, at: int, _year: PlanYear) -> Phrase | None:
    match = _DOUBT.match(text, at)
    return Phrase(at, match.end(), NotStated(match.group()), Force.DOUBTFUL) if match else None


PhraseReader = Callable[[str, int, PlanYear], Phrase | None]
"""Reads the phrase that stands at a place in a text, or None."""

UNDATED: tuple[PhraseReader, ...] = (_after_event, _see_action, _repeating, _ongoing, _doubtful)
