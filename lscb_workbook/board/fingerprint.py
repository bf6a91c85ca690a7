"""Whether what the lists depend on has changed since the review: a live formula that counts what has.

Each part sums up a column or two as one number, and compares it with that of the review. It goes only by
what every program counts alike: the place of a rating among those known, days from a day (whatever day the
workbook counts from), and how often some letters are in a text. A row counts by its number, so that two that
are exchanged are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from lscb_workbook.board.formulas import column, quoted
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.records import MilestoneStatus, Plan
from lscb_workbook.review import MilestoneState, Review
from lscb_workbook.tracker.plan_rows import organisations

__all__ = ["Part", "changed", "parts"]

_LETTERS = "aeionst"
"""Few, for a formula has at most 8,192 signs; with none of them a change is not seen."""
_FROM = date(1999, 12, 31)


class Part(NamedTuple):
    """A part of what the lists depend on: the formula of its number, and the number at the review."""

    formula: str
    number: int


def changed(known: Iterable[Part]) -> str:
    """How many parts are no longer what they were; one that cannot be told, for an error value, is not."""
    return "+".join(f"IFERROR(--({one.formula}<>{one.number}),0)" for one in known) or "0"


def parts(
    book: Workbook, plan: Plan, found: Review, next_meeting: str, rows: Mapping[str, int]
) -> Iterator[Part]:
    """The parts. ``rows`` gives the sheet row of each action and milestone; ``next_meeting`` is what formulas
    call the day to which the board looks ahead."""
    first = book.tables["Plan"].first_row
    at = {one.ref: rows.get(one.ref, first + place) for place, one in enumerate(plan.actions)}
    yield _words("Plan", "RAG rating", plan.scheme.names, ((at[r], t) for r, t in found.ratings.items()))
    for header, texts in (
        ("Lead officer", ((one.ref, plan.titles(one.leads)) for one in plan.actions)),
        ("Organisations", ((one.ref, organisations(plan, one.leads)) for one in plan.actions)),
        ("Commentary", ((one.action.ref, one.update.commentary) for one in found.actions)),
        ("Evidence of impact", ((one.action.ref, one.update.evidence) for one in found.actions)),
    ):
        yield _text("Plan", header, ((at[ref], text) for ref, text in texts))
    yield from _of_milestones(plan, [(rows[one.milestone.id], one) for one in found.milestones])
    yield _sum("Meetings", "Day", (one.on for one in plan.meetings))
    yield _sum("Events", "Happened on", (one.on for one in plan.events))
    role, organisation = column("Officers", "Role"), column("Officers", "Organisation")
    yield Part(
        f"SUMPRODUCT(({_hash(role)})*({_hash(organisation)}))",
        sum(_hashed(one.role) * _hashed(one.organisation) for one in plan.officers),
    )
    for name, day in (("AsAt", found.as_at), (next_meeting, found.horizon.until)):
        yield Part(f"{name}-{_day(_FROM)}", (day - _FROM).days)


def _of_milestones(plan: Plan, states: list[tuple[int, MilestoneState]]) -> Iterator[Part]:
    table = "Milestones"
    yield _words(table, "Status", tuple(MilestoneStatus), ((row, one.update.status) for row, one in states))
    for header, days in (
        ("Due", ((row, one.planned) for row, one in states)),
        ("Completed on", ((row, one.update.completed_on) for row, one in states)),
        ("Revised date", ((row, one.update.revised_date) for row, one in states)),
        ("Approved date", ((row, one.update.approved_date) for row, one in states)),
    ):
        yield _days(table, header, days)
    for header, texts in (
        ("Lead officer", ((row, plan.titles(one.milestone.leads)) for row, one in states)),
        ("Organisations", ((row, organisations(plan, one.milestone.leads)) for row, one in states)),
        ("Note", ((row, one.update.note) for row, one in states)),
        ("Approved by", ((row, one.update.approved_by) for row, one in states)),
    ):
        yield _text(table, header, texts)


def _words(table: str, header: str, words: Iterable[str], said: Iterable[tuple[int, str]]) -> Part:
    """A column of words of a list; another word than those counts as one more, a blank as none."""
    cells = column(table, header)
    trimmed = f"TRIM({cells})"
    known = tuple(words)
    places = {word.casefold(): place for place, word in enumerate(known, start=1)}
    each = "+".join(f"({trimmed}={quoted(word)})*{place}" for place, word in enumerate(known, start=1)) or "0"
    number = sum(row * places.get(word.casefold(), 0) for row, word in said)
    return Part(f"SUMPRODUCT(ROW({cells})*({each}))", number)


def _text(table: str, header: str, said: Iterable[tuple[int, str]]) -> Part:
    cells = column(table, header)
    number = sum(row * _hashed(text) for row, text in said)
    return Part(f"SUMPRODUCT(ROW({cells})*({_hash(cells)}))", number)


def _hash(cells: str) -> str:
    """How many of each letter texts have, by its place among the letters; a program may count an emoji as one
    or as two, and it is taken off again."""
    weights = range(1, len(_LETTERS) + 1)
    off = "".join(f'-{n}*LEN(SUBSTITUTE({cells},"{letter}",""))' for n, letter in enumerate(_LETTERS, 1))
    return f"{sum(weights)}*LEN({cells}){off}"


def _hashed(text: str) -> int:
    return sum(place * text.count(letter) for place, letter in enumerate(_LETTERS, start=1))


def _days(table: str, header: str, said: Iterable[tuple[int, date | None]]) -> Part:
    cells = column(table, header)
    real = f"ROW({cells})*ISNUMBER({cells})*({cells}>=1)"
    number = sum(row * (day - _FROM).days for row, day in said if day)
    return Part(f"SUMPRODUCT({real},{cells})-{_day(_FROM)}*SUMPRODUCT({real})", number)


def _sum(table: str, header: str, said: Iterable[date | None]) -> Part:
    cells = column(table, header)
    number = sum((day - _FROM).days for day in said if day)
    return Part(f"SUM({cells})-{_day(_FROM)}*COUNT({cells})", number)


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
