"""What a cell holds, as the records hold it: text, days, numbers.

One place cleans a cell, for masters and returns alike. Text keeps its words and its line breaks; the
several ways of writing a line break become one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lscb_workbook.ooxml import MAX_TEXT

__all__ = ["MAX_TEXT", "Raw", "count_of", "date_of", "fits", "iso", "text_of", "words_of"]

Raw = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell as a reader of workbooks gives it."""


def text_of(raw: Raw) -> str:
    """The cell as text without the blanks around it: a whole number without ``.0``, a day as ISO text, a
    blank as ``""``."""
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


def count_of(raw: Raw) -> int:
    """The whole number in the cell; 0 where there is none."""
    try:
        return int(float(text_of(raw) or 0))
    except (ValueError, OverflowError):
        return 0


def iso(day: date | None) -> str:
    """A day as the entries hold it; ``""`` for none."""
    return day.isoformat() if day else ""
