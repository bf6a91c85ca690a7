"""The phrases that state a deadline by the calendar: a period and the words that lead it in, or a meeting.

``by the end of Q2``, ``31.8.16``, ``LSCB January 2017``. Years, and months that merely describe something
("from 15/16 baseline", "March 2015 audit", "Awareness Day 2017"), are none.
"""

from __future__ import annotations

import re
from datetime import timedelta

from lscb_workbook.plan.days import MONTH, Kind, Period, Reading
from lscb_workbook.plan.periods import read_period
from lscb_workbook.plan.phrases import STOP, Force, Phrase, PhraseReader
from lscb_workbook.plan.records import AtBoard, Due, EndOfPlanYear, NotStated, OnDate, PlanYear

__all__ = ["DATED"]


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


_CUE = _pattern(
    r"(?:(?:(?P<by>by|until|till|up\s+to|(?:no|not)\s+later\s+than|due(?:\s+(?:by|on|in))?)"
    r"|(?P<before>(?:by\s+and\s+)?before|prior\s+to)"
    r"|(?P<between>between)"
    r"|(?P<start>since|from|after|dated|as\s+(?:at|of)|effective(?:\s+from)?"
    r"|(?:starting|commencing|beginning)(?:\s+(?:from|in|on))?)"
    r"|(?P<within>in|during|throughout|across|within|over|on|at|every|each))\s+(?P<the>the\s+)?)?"
    r"(?:(?P<end>(?:the\s+)?end(?:\s+of)?(?:\s+the)?\s+)"
    r"|(?P<part>(?:early|mid|late|(?:the\s+)?(?:beginning|start|middle)\s+of|(?:first|second)\s+half\s+of)"
    r"(?:\s+in|\s+the)?[\s-]+))?"
)
# 'By end of March annually' is due in this plan's March; the words say that it is due again.
_YEARLY = _pattern(
    r",?\s*(?:\((?:annually|yearly|each\s+year|every\s+year)\)|(?:annually|each\s+year|every\s+year)\b)"
)
_ONWARDS = _pattern(r"\s*onwards?\b")
_NEXT_WORD = re.compile(r"\s+\w+")

_BOARD = r"(?:(?:L?SCB|L?SCP|L?SAB|(?:safeguarding\s+)?(?:partnership\s+)?board)(?:\s+meeting)?)\b"
_BOARD_OF = _pattern(rf"{_BOARD}(?:\s*[,:(–—-]\s*|\s+(?:of|in|for|on)\s+)?\s*(?={MONTH})")
# A further report with just a month goes where the first went: 'Report to LSCB July 2016, with follow up
# report January 2017'. Where it did not, the last day of the month holds all the same.
_REPORT_OF = _pattern(rf"(?:follow[\s-]?up|further|second)\s+report\s+(?:in\s+)?(?={MONTH})")
_OF_BOARD = _pattern(rf"\s+(?:meeting\s+of\s+the\s+)?{_BOARD}")


def _at_board(text: str, at: int, year: PlanYear) -> Phrase | None:
    """``LSCB January 2017``, ``July 2016 Board``. A day that is given outdoes the meeting it is given for."""
    before = _BOARD_OF.match(text, at) or _REPORT_OF.match(text, at)
    reading = read_period(text, before.end() if before else at, year)
    if reading is None or reading.kind not in (Kind.MONTH, Kind.BARE_MONTH):
        return None
    name = text[before.end() if before else at]
    if reading.period is None or (reading.kind is Kind.BARE_MONTH and not name.isupper()):
        return None  # 'the Board may agree'
    after = None if before else _OF_BOARD.match(text, reading.end)
    end = after.end() if after else reading.end
    if not before and not after:
        return None
    month = reading.period.first
    return Phrase(at, end, AtBoard(text[at:end], month.year, month.month), Force.STATED)


def _dated(text: str, at: int, year: PlanYear) -> Phrase | None:
    """A period, with the words before it that say how it is meant."""
    cue = _CUE.match(text, at)
    if cue is None:
        return None
    reading = read_period(text, cue.end(), year, between=bool(cue["between"]))
    if reading is None or not _is_deadline(text, at, cue, reading):
        return None
    board = _OF_BOARD.match(text, reading.end)
    if board and reading.kind in (Kind.MONTH, Kind.BARE_MONTH) and not cue["end"]:
        return None  # the meeting's own phrase begins at the month
    words = text[at : reading.end]
    strong = bool(cue["by"] or cue["before"] or cue["end"])
    if reading.period is None:
        return Phrase(at, reading.end, NotStated(words), Force.STATED, strong)
    onwards = _ONWARDS.match(text, reading.end)
    if cue["start"] or cue["part"] or onwards:
        end = onwards.end() if onwards else reading.end
        return Phrase(at, end, NotStated(text[at:end]), Force.DOUBTFUL)
    if not strong and reading.kind in (Kind.MONTH, Kind.QUARTER) and not STOP.match(text, reading.end):
        following = _NEXT_WORD.match(text, reading.end)  # 'the March 2015 audit'
        end = following.end() if following else reading.end
        return Phrase(at, end, NotStated(text[at:end]), Force.DOUBTFUL)
    yearly = _YEARLY.match(text, reading.end)
    end = yearly.end() if yearly else reading.end
    return Phrase(at, end, _due(text[at:end], reading, cue, year), Force.STATED, strong)


def _is_deadline(text: str, at: int, cue: re.Match[str], reading: Reading) -> bool:
    """Whether a year or a bare month is meant as a time at all; any other period is."""
    if cue["part"]:
        return True
    end = bool(cue["end"])
    strong = end or bool(cue["by"] or cue["before"])
    whole = not text[:at].strip() and not text[reading.end :].strip(" \n\t.")
    stops = STOP.match(text, reading.end) is not None
    words = text[cue.end() : reading.end]
    match reading.kind:
        case Kind.BARE_MONTH:
            within = bool(cue["within"]) and stops and words[0].isupper()
            joined = text[:at].rstrip().endswith((" and", "&", " then")) and stops and words[0].isupper()
            return strong or whole or within or joined or (bool(cue["part"] or cue["start"]) and stops)
        case Kind.YEAR:
            return (strong or whole) and stops
        case Kind.PLAN_YEAR:
            return strong or whole or (bool(cue["within"]) and stops)
        case Kind.YEAR_END if words[-3:].lower() == "end":
            return strong or whole or (bool(cue["within"]) and stops)
        case Kind.YEAR_END:
            lasting = (cue["within"] or "").lower() in ("during", "throughout", "across", "within")
            return end or (lasting and bool(cue["the"]) and stops)
        case _:
            return True


def _due(words: str, reading: Reading, cue: re.Match[str], year: PlanYear) -> Due:
    """The last day of the period; the day before it where the words say ``before``."""
    period = reading.period
    assert period is not None
    if cue["before"] and not cue["end"]:
        return OnDate(words, period.first - timedelta(days=1))
    if period == Period(year.first, year.last):
        return EndOfPlanYear(words, year.last)
    return OnDate(words, period.last)


DATED: tuple[PhraseReader, ...] = (_at_board, _dated)
