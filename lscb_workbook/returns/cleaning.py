"""Cleaning what was typed: a rating, a status, a day, a text.

**The rule.** It is here and nowhere else, and all that reads a return keeps to it:

- *Certain*: the cell says one of the words the column knows, alone, but for case, blanks and
  punctuation; or its letter; or a word that can mean nothing else (``done``); or a whole day, day
  first. It is taken, and a finding says from what where it is not exact.
- *Likely*: what is meant can be told, but something has to be assumed (the rating with words behind
  it, a colour, an arrow from one rating to another, a day without its year, a value that a formula
  shows, a heading or a ref that is only nearly right). It is proposed, with the reason: the manager
  settles it.
- *Neither*: it is refused with the reason, and kept as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from lscb_workbook.plan.days import read_day
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import (
    DATE_FIELDS,
    TEXT_FIELDS,
    Field,
    Finding,
    Meaning,
    MilestoneStatus,
    Plan,
)
from lscb_workbook.tracker.cells import MAX_TEXT, Raw, date_of, fits, iso, text_of, words_of
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["Cleaned", "Where", "clean", "exactly"]

_STATUSES = frozenset(one.value for one in MilestoneStatus)
_STATUS_WORDS = {
    "not started": MilestoneStatus.NOT_STARTED,
    "not yet started": MilestoneStatus.NOT_STARTED,
    "in progress": MilestoneStatus.IN_PROGRESS,
    "started": MilestoneStatus.IN_PROGRESS,
    "underway": MilestoneStatus.IN_PROGRESS,
    "under way": MilestoneStatus.IN_PROGRESS,
    "complete": MilestoneStatus.COMPLETE,
    "completed": MilestoneStatus.COMPLETE,
    "done": MilestoneStatus.COMPLETE,
    "finished": MilestoneStatus.COMPLETE,
    "no longer needed": MilestoneStatus.NO_LONGER_NEEDED,
    "not needed": MilestoneStatus.NO_LONGER_NEEDED,
}
_ERROR_VALUE = re.compile(
    r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA)"
    r"|Err:\d{3}"
)
_ARROW = re.compile(r"\s*(?:→|⇒|➔|➜|=+>|-+>|>)\s*")
_LABEL = re.compile(r"(?:rag(?: rating| status)?|rating|status)\s*[:=-]\s*", re.IGNORECASE)
_PART = re.compile(r"\s*[-–—:;,()]\s*")
_OPENERS = " ([{\"'“‘*•-–—"
_DISCS = {
    "🔴": "red",
    "🟠": "amber",
    "🟡": "amber",
    "🟢": "green",
    "🔵": "blue",
    "🟣": "purple",
    "⚪": "white",
}
_MOST_LIKELY = 300
"""A rating or a day is not looked for in a text longer than this: it is kept as it was typed."""
_RANGE = re.compile(r"\d(?:st|nd|rd|th)?\s*[-–—]\s*\d{1,2}(?:st|nd|rd|th)?\s*[a-z]", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|yet|no longer|\w+n['’]t)\b|\bno\W*$", re.IGNORECASE)
_NEAR_YEARS, _FAR_YEARS = 3, 10
"""A day further from the plan year than the first is only likely; than the second, none."""
_FIRST_SERIAL = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cell by the rule: certain, or only likely (``doubt`` says why), or ``refused`` (says why, and
    ``value`` is what was typed)."""

    value: str
    refused: str = ""
    doubt: str = ""
    finding: Finding | None = None


class Where(NamedTuple):
    """Where something stands: the file, its sheet and cell, and the row it is about (ref or milestone id)."""

    file: str
    sheet: str
    row: str
    cell: str = ""

    def note(self, code: str, **facts: object) -> Finding:
        """The finding of this code at this place."""
        return finding(code, file=self.file, sheet=self.sheet, ref=self.row, cell=self.cell, **facts)


class _Typed(NamedTuple):
    """What stands in an officer's cell, and where."""

    raw: Raw
    field: Field
    plan: Plan
    where: Where

    @property
    def text(self) -> str:
        return text_of(self.raw)

    @property
    def column(self) -> str:
        return FIELD_HEADERS[self.field]

    def note(self, code: str, **facts: object) -> Finding:
        return self.where.note(code, text=self.text, column=self.column, **facts)

    def sure(self, value: str, code: str = "", **facts: object) -> Cleaned:
        return Cleaned(value, finding=self.note(code, **facts) if code else None)

    def likely(self, value: str, code: str, **facts: object) -> Cleaned:
        note = self.note(code, what=f"'{self.text}'", **facts)
        return Cleaned(value, doubt=f"read from '{self.text}'", finding=note)

    def refused(self, code: str, reason: str, **facts: object) -> Cleaned:
        return Cleaned(self.text, reason, finding=self.note(code, **facts))


def exactly(raw: Raw, field: Field, plan: Plan, base: str) -> str:
    """What a cell says for certain, just as it was typed; ``""`` where it takes :func:`clean` to tell.

    It is the most of what comes back, so it is told without ado.
    """
    if not isinstance(raw, str) or "\r" in raw or "#" in raw or "Err:" in raw:
        return ""
    if (bare := raw.strip()) == base.strip():
        return ""
    if field is Field.RATING:
        return raw if raw in plan.scheme.names else ""
    if field is Field.STATUS:
        return raw if raw in _STATUSES else ""
    return raw if bare and field in TEXT_FIELDS and 2 * len(raw) <= MAX_TEXT else ""


def clean(raw: Raw, field: Field, plan: Plan, where: Where, *, base: str = "") -> Cleaned:
    """What an officer's cell says. ``base`` is the cell as issued: what stands there unchanged, but for the
    blanks around it, is never refused."""
    typed = _Typed(raw, field, plan, where)
    if typed.text == base.strip():
        return Cleaned(base)
    if _ERROR_VALUE.fullmatch(typed.text):
        return typed.refused("error-value", f"the cell shows the error {typed.text}")
    if field is Field.RATING:
        return _rating(typed)
    if field is Field.STATUS:
        return _status(typed)
    if field in DATE_FIELDS:
        return _date(typed)
    words = words_of(raw)
    if not words:
        return Cleaned("", finding=typed.note("text-cleared", was=base))
    if field in TEXT_FIELDS and not fits(words):
        most = f"{MAX_TEXT:,}"
        note = typed.note("text-too-long", most=most)
        return Cleaned(words, f"the text is longer than the {most} characters a cell can hold", finding=note)
    return Cleaned(words)


# --- ratings ---------------------------------------------------------------------------------


def _rating(typed: _Typed) -> Cleaned:
    names = typed.plan.scheme.names
    if not typed.text:
        return typed.refused("rating-cleared", "the rating came back blank")
    if typed.text in names:
        return Cleaned(typed.text)
    if len(typed.text) <= _MOST_LIKELY:
        bare = re.sub(r"\s+", " ", typed.text).casefold()
        if found := _named(bare, typed.plan) or _named(bare.strip(" .,"), typed.plan):
            return typed.sure(found, "rating-recognised", rating=found)
        if found := _named_with_more(typed.text, typed.plan) or _said_to_be_complete(bare, typed.plan):
            return typed.likely(found, "rating-proposed", rating=found)
    return typed.refused(
        "rating-not-recognised", f"'{_begin(typed.text)}' is not one of the ratings", names=", ".join(names)
    )


def _named(said: str, plan: Plan) -> str:
    """The rating of which this is the name or the letter."""
    scheme = plan.scheme.statuses
    if exact := [one.name for one in scheme if said == one.name.casefold()]:
        return exact[0] if len(exact) == 1 else ""
    found = [one.name for one in scheme if said and said in (one.name.casefold(), one.letter.casefold())]
    return found[0] if len(found) == 1 else ""


def _named_with_more(text: str, plan: Plan) -> str:
    """The rating that a text begins with, gives after a label, moves to by an arrow or shows as a disc.

    ``""`` where it names none, or two.
    """
    moved = [_named(_plain(part), plan) for part in _ARROW.split(text)]
    if len(moved) > 1 and all(moved):
        return moved[-1] if len(moved) == 2 else ""
    if _DENIED.search(text):
        return ""
    discs = {word for disc, word in _DISCS.items() if disc in text}
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    head, *rest = _PART.split(text.strip(_OPENERS), maxsplit=1)
    said = {name for name in plan.scheme.names if _mentions(text, name) or name.casefold() in discs}
    said |= {name for part in (head, *rest) if (name := _named(_plain(part), plan))}
    if len(said) != 1:
        return ""
    (only,) = said
    return only if discs or _named(_plain(head), plan) or _mentions(head.split(" ")[0], only) else ""


def _said_to_be_complete(said: str, plan: Plan) -> str:
    """The one rating that means complete, where an officer says just that in other words (``done``)."""
    found = plan.scheme.meaning(Meaning.COMPLETE)
    complete = _STATUS_WORDS.get(_plain(said)) is MilestoneStatus.COMPLETE
    return found[0].name if complete and len(found) == 1 else ""


def _mentions(text: str, name: str) -> bool:
    """Whether a text has a rating's name among its words. A figure among words is no rating: ``3 cases``."""
    if not any(letter.isalpha() for letter in name) and any(letter.isdigit() for letter in name):
        return False
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


# --- statuses and days -----------------------------------------------------------------------


def _status(typed: _Typed) -> Cleaned:
    if not typed.text:
        return typed.refused("status-cleared", "the status came back blank")
    if typed.text in tuple(MilestoneStatus):
        return Cleaned(typed.text)
    said = _plain(typed.text)
    if said in _STATUS_WORDS:
        return typed.sure(_STATUS_WORDS[said], "status-recognised", status=_STATUS_WORDS[said].value)
    if len(said) <= _MOST_LIKELY and (found := _first_status(said)):
        return typed.likely(found, "status-proposed", status=found)
    return typed.refused(
        "status-not-recognised",
        f"'{_begin(typed.text)}' is not one of the statuses",
        names=", ".join(MilestoneStatus),
    )


def _first_status(said: str) -> str:
    """The status that a text begins with, more words behind it: ``complete - see minutes``."""
    for words, status in sorted(_STATUS_WORDS.items(), key=lambda one: -len(one[0])):
        match = re.match(rf"{words}(?:\s*[-–—:;,.(]\s*|\s+(?:on|in|at|by|see)\s)", said)
        if match:
            return "" if _DENIED.search(said, match.end()) else status.value
    return ""


def _date(typed: _Typed) -> Cleaned:
    day = date_of(typed.raw)
    if not typed.text:
        return Cleaned("")
    if day and _years_off(day, typed.plan) <= _NEAR_YEARS:
        return Cleaned(iso(day))
    if day and _years_off(day, typed.plan) <= _FAR_YEARS:
        return typed.likely(iso(day), "date-proposed", date=f"{day.day} {day:%B %Y}")
    for read in (_written_day, _day_of_number):
        for day, certain in read(typed):
            said = f"{day.day} {day:%B %Y}"
            if _years_off(day, typed.plan) > _FAR_YEARS:
                break
            if certain and _years_off(day, typed.plan) <= _NEAR_YEARS:
                return typed.sure(iso(day), "date-recognised", date=said)
            return typed.likely(iso(day), "date-proposed", date=said)
    return typed.refused("date-not-recognised", f"'{_begin(typed.text)}' is not a day")


def _written_day(typed: _Typed) -> Iterator[tuple[date, bool]]:
    """The day that the words are, all of them; a month or a sentence with a date in it is not a day.

    A day without its year is taken to be in the plan year, which is only likely.
    """
    text = typed.text
    if _RANGE.search(text):
        return
    reading = read_day(text, 0, typed.plan.year) if len(text) <= _MOST_LIKELY else None
    if reading and reading.period and reading.end == len(text):
        yield reading.period.first, re.search(r"\d\D+\d", text) is not None


def _day_of_number(typed: _Typed) -> Iterator[tuple[date, bool]]:
    """The day that a bare number is in Excel's count, where it falls near the plan year: only likely."""
    year = typed.plan.year
    if isinstance(typed.raw, (int, float)) and not isinstance(typed.raw, bool) and 1 <= typed.raw < 2_900_000:
        day = _FIRST_SERIAL + timedelta(days=int(typed.raw))
        if abs(day.year - year.first.year) <= _NEAR_YEARS:
            yield day, False


def _years_off(day: date, plan: Plan) -> int:
    """How many years a day lies from the plan year."""
    return max(plan.year.first.year - day.year, day.year - plan.year.last.year, 0)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .,;:-–*").casefold()


def _begin(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
