"""What a cell holds, as the records hold it: text, days, numbers.

One place cleans a cell, for masters and returns alike. Text keeps its words and its line breaks; the
several ways of writing a line break become one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from lscb_workbook.ooxml import MAX_TEXT
from lscb_workbook.plan.days import read_day
from lscb_workbook.plan.records import DATE_FIELDS, TEXT_FIELDS, Field, MilestoneStatus, PlanYear

__all__ = [
    "MAX_TEXT",
    "Raw",
    "count_of",
    "date_of",
    "day_of",
    "entry_of",
    "fits",
    "from_1904",
    "held_day",
    "is_true_day",
    "iso",
    "number_of",
    "stands",
    "text_of",
    "words_of",
]

Raw = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell as a reader of workbooks gives it."""

_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Signs without any width, which pasting brings along."""
_FIRST_SERIAL, _SERIALS = date(1899, 12, 30), range(1, 2_958_466)
"""Excel's count of days, from the first of 1900 to the last of 9999."""
_DAYS_TO_1904 = 1_462
_NO_DAY = 60
"""What Excel counts as the 29th of February 1900, a day that never was."""
_LONGEST_DAY = 40
_ANY_YEAR = PlanYear(date(2000, 1, 1), date(2000, 12, 31))
"""A day that is written without its year is none."""
_STATUSES = {status.casefold(): status.value for status in MilestoneStatus}


def text_of(raw: Raw) -> str:
    """The cell as text without the blanks around it: a whole number without ``.0``, a day as ISO text, a
    blank as ``""``."""
    if raw is None:
        return ""
    return raw.strip() if isinstance(raw, str) and "\r" not in raw else words_of(raw).strip()


def words_of(raw: Raw) -> str:
    """The cell as text exactly as it was typed, blanks around it too; blanks alone are ``""``."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        text = raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
        return text if text and not text.isspace() else ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(sep=" ")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def fits(text: str) -> bool:
    """Whether a cell can hold the text (Excel counts in UTF-16 units)."""
    if len(text) * 2 <= MAX_TEXT:
        return True
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_TEXT


def date_of(raw: Raw) -> date | None:
    """The day in the cell, if it holds a true date or ISO text; None otherwise."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        text = text_of(raw)
        return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
    except ValueError:
        return None


def number_of(raw: float | date | time | timedelta) -> float:
    """The number that a cell holds, whether it is shown as one, as a day or as hours."""
    if isinstance(raw, datetime):
        return number_of(raw.date()) + number_of(raw.time())
    if isinstance(raw, date):
        days = (raw - _FIRST_SERIAL).days
        return days if days > _NO_DAY else days - 1
    if isinstance(raw, time):
        raw = datetime.combine(_FIRST_SERIAL, raw) - datetime.combine(_FIRST_SERIAL, time())
    return raw / timedelta(days=1) if isinstance(raw, timedelta) else raw


def from_1904(raw: Raw) -> Raw:
    """A day of a workbook that counts days from 1904, as one that counts them from 1900 holds it: where it is
    shown as a number, or as hours. (One that is shown as a day is one already.)"""
    if isinstance(raw, timedelta):
        raw = number_of(raw)
    return raw + _DAYS_TO_1904 if isinstance(raw, int | float) and not isinstance(raw, bool) else raw


def held_day(raw: Raw) -> date | None:
    """The day that the tool wrote into a cell, however it is formatted: as a number of days, or of hours."""
    if isinstance(raw, timedelta):
        raw = number_of(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and int(raw) in _SERIALS:
        return _FIRST_SERIAL + timedelta(days=int(raw))
    return date_of(raw)


def count_of(raw: Raw) -> int:
    """The whole number in the cell, one that is shown as a day too; 0 where there is none."""
    try:
        return int(number_of(raw)) if isinstance(raw, date) else int(float(text_of(raw) or 0))
    except (ValueError, OverflowError):
        return 0


def iso(day: date | None) -> str:
    """A day as the entries hold it; ``""`` for none."""
    return day.isoformat() if day else ""


# --- entries as the review and the formulas both read them -----------------------------------


def entry_of(field: Field, raw: Raw) -> str:
    """What a cell of the tracker that people fill in says, in the one form that everything goes by.

    A rating is without the blanks around it, a status as the drop-down has it, a day ISO text; what is no
    status or day stays as it was typed.
    """
    if field in DATE_FIELDS:
        day = day_of(raw)
        return iso(day) if day else text_of(raw)
    if field is Field.RATING:
        return _bare(raw)
    if field is Field.STATUS:
        return _STATUSES.get(_bare(raw).casefold()) or text_of(raw)
    return words_of(raw) if field in (*TEXT_FIELDS, Field.ASK) else text_of(raw)


def stands(field: Field, raw: Raw, text: str) -> bool:
    """Whether a cell that :func:`entry_of` reads as ``text`` holds just that, as formulas read it.

    What is no status or day is left as it was typed.
    """
    if not text:
        return raw is None or raw == ""
    if field in DATE_FIELDS:
        return date_of(text) is None or is_true_day(raw)
    if field is Field.STATUS and text not in _STATUSES.values():
        return True
    return field not in (Field.RATING, Field.STATUS) or raw == text


def is_true_day(raw: Raw) -> bool:
    """Whether a cell holds a day as a workbook does, without a time."""
    if isinstance(raw, datetime):
        return raw.time() == time()
    return isinstance(raw, date)


def day_of(raw: Raw) -> date | None:
    """The day that a cell says for certain: a true date, one with a time, a bare number of days, or a whole
    date typed as text, day first; None otherwise."""
    if isinstance(raw, datetime | date):
        return date_of(raw)
    if isinstance(raw, int | float) and (day := held_day(raw)):
        return day
    text = _bare(raw)
    if not text or len(text) > _LONGEST_DAY:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        reading = read_day(text, 0, _ANY_YEAR)
        if reading is None or reading.period is None or reading.end != len(text):
            return None
        if re.search(r"\d\D+\d", text) is None:  # without its year
            return None
        day = reading.period.first
    return day if (day - _FIRST_SERIAL).days in _SERIALS else None


def _bare(raw: Raw) -> str:
    """A cell's words with one blank between them and none around them, of whatever kind."""
    return " ".join(words_of(raw).strip(_UNSEEN).split()).strip(_UNSEEN + " ")
