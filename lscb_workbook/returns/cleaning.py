"""Cleaning what was typed: a rating, a status, a day, a text, each by one stated rule.

A value is either recognised with certainty (and then a finding says from what, unless it is exact)
or refused with a reason. Nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lscb_workbook.plan.days import read_day
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import ACTION_FIELDS, DATE_FIELDS, Field, Finding, MilestoneStatus, Plan
from lscb_workbook.tracker.cells import Raw, date_of, iso, text_of
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["Cleaned", "clean"]

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
    "no longer needed": MilestoneStatus.NO_LONGER_NEEDED,
    "not needed": MilestoneStatus.NO_LONGER_NEEDED,
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cell as it may enter the tracker, or, where ``refused`` says why not, as it was typed."""

    value: str
    refused: str = ""
    finding: Finding | None = None


class _Typed(NamedTuple):
    """What stands in an officer's cell, and where: ``row`` is the action's ref or the milestone's id."""

    raw: Raw
    field: Field
    row: str
    plan: Plan
    file: str

    @property
    def text(self) -> str:
        return text_of(self.raw)

    def note(self, code: str, **facts: str) -> Finding:
        sheet = "Plan" if self.field in ACTION_FIELDS else "Milestones"
        return finding(code, file=self.file, sheet=sheet, ref=self.row, text=self.text, **facts)

    def refused(self, code: str, reason: str, **facts: str) -> Cleaned:
        return Cleaned(self.text, reason, self.note(code, **facts))


def clean(raw: Raw, field: Field, row: str, plan: Plan, *, file: str, base: str = "") -> Cleaned:
    """What an officer's cell says. ``row`` is the action's ref or the milestone's id; ``base`` the cell as
    issued: what stands there unchanged is never refused."""
    typed = _Typed(raw, field, row, plan, file)
    if typed.text == base:
        return Cleaned(base)
    if field is Field.RATING:
        return _rating(typed)
    if field is Field.STATUS:
        return _status(typed)
    if field in DATE_FIELDS:
        return _date(typed)
    return Cleaned(typed.text)


def _rating(typed: _Typed) -> Cleaned:
    scheme = typed.plan.scheme
    if not typed.text:
        return typed.refused("rating-cleared", "the rating came back blank")
    if typed.text in scheme.names:
        return Cleaned(typed.text)
    said = _plain(typed.text)
    found = [s.name for s in scheme.statuses if said in (s.name.casefold(), s.letter.casefold())]
    if len(found) == 1:
        return Cleaned(found[0], finding=typed.note("rating-recognised", rating=found[0]))
    return typed.refused(
        "rating-not-recognised", f"'{typed.text}' is not one of the ratings", names=", ".join(scheme.names)
    )


def _status(typed: _Typed) -> Cleaned:
    if not typed.text:
        return typed.refused("status-cleared", "the status came back blank")
    if typed.text in tuple(MilestoneStatus):
        return Cleaned(typed.text)
    status = _STATUS_WORDS.get(_plain(typed.text))
    if status:
        return Cleaned(status, finding=typed.note("status-recognised", status=status))
    return typed.refused(
        "status-not-recognised",
        f"'{typed.text}' is not one of the statuses",
        names=", ".join(MilestoneStatus),
    )


def _date(typed: _Typed) -> Cleaned:
    day = date_of(typed.raw)
    if day or not typed.text:
        return Cleaned(iso(day))
    day = _stated_day(typed)
    if day:
        note = typed.note("date-recognised", date=f"{day.day} {day:%B %Y}")
        return Cleaned(iso(day), finding=note)
    column = FIELD_HEADERS[typed.field]
    return typed.refused("date-not-recognised", f"'{typed.text}' is not a day", column=column)


def _stated_day(typed: _Typed) -> date | None:
    """The day that the words are, all of them; a month or a sentence with a date in it is not a day."""
    reading = read_day(typed.text, 0, typed.plan.year)
    if reading and reading.period and reading.end == len(typed.text):
        return reading.period.first
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .,;:-–*").casefold()
