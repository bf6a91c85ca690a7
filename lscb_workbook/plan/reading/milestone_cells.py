"""The milestones of an action out of its cells, each with its deadline and any leads of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lscb_workbook.plan.deadlines import read_deadline, split_deadlines
from lscb_workbook.plan.reading.found import FoundAction, Part
from lscb_workbook.plan.reading.headings import Role
from lscb_workbook.plan.reading.wording import begins_with_bullet, bullets, lines, words
from lscb_workbook.plan.records import Due, PlanYear

__all__ = ["Step", "steps_of"]

_NEXT_SENTENCE = re.compile(r"^[)\]]?[.;]\s+(?=[A-Z](?:\S*\s+){3,})")
_ENDS = re.compile(r"[.;:!?]$")


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone before its leads are officers: its text, deadline, and the leads of its own, by name."""

    text: str
    due: Due
    leads: tuple[str, ...] | None


def steps_of(action: FoundAction, groups: Sequence[tuple[str, ...]], year: PlanYear) -> list[Step]:
    """The milestones of an action in their order. Where several rows name leads, each row's own have them."""
    apart = sum(1 for group in groups if group) > 1
    steps: list[Step] = []
    whose: tuple[str, ...] = ()
    for cells, group in _rows(action.parts, groups):
        whose = group or whose
        for text, due_words in _sentences(cells, year):
            for piece in _pieces(text, due_words, year):
                steps.append(Step(piece, read_deadline(due_words or piece, year), whose if apart else None))
    return steps


def _rows(
    parts: Sequence[Part], groups: Sequence[tuple[str, ...]]
) -> list[tuple[dict[Role, str], tuple[str, ...]]]:
    """The milestones of each row with its leads. What goes on over a page with no other lead is one row."""
    rows: list[tuple[dict[Role, str], tuple[str, ...]]] = []
    for part, group in zip(parts, groups, strict=True):
        mine = {role: part.cells.get(role, "") for role in (Role.MILESTONES, Role.WHEN)}
        if not (part.goes_on and rows and not group):
            rows.append((mine, group))
            continue
        above = rows[-1][0]
        for role, cell in mine.items():
            if words(cell):
                anew = begins_with_bullet(cell) or not above[role] or _ENDS.search(above[role].rstrip())
                above[role] = f"{above[role].rstrip()}{chr(10) if anew else ' '}{cell.lstrip()}"
    return rows


def _sentences(cells: Mapping[Role, str], year: PlanYear) -> list[tuple[str, str]]:
    """The milestones of a row as lines, each with the words of its deadline from a column of its own."""
    steps = _items(cells[Role.MILESTONES], year)
    when = _items(cells[Role.WHEN], year)
    if not steps or not when:
        return [(text, "") for text in steps or when]
    if len(steps) == len(when):
        pairs = list(zip(steps, when, strict=True))
    elif len(when) == 1:
        pairs = [(step, when[0]) for step in steps]
    else:
        pairs = [(" ".join(steps), " ".join(when))]
    return [
        (text if words(due) == words(read_deadline(due, year).words) else f"{text} – {due}", due)
        for text, due in pairs
    ]


def _items(cell: str, year: PlanYear) -> list[str]:
    """The lines of a cell, those that go on joined; one that is only a date belongs to the line before it,
    unless that has one of its own."""
    found: list[str] = []
    for line in bullets(cell) or lines(cell):
        if not words(line):
            continue
        only = read_deadline(line, year)
        bare = bool(only.words) and words(only.words) == words(line)
        dated = bool(found) and bool(read_deadline(found[-1], year).words)
        goes_on = not dated if bare else line[0].islower() or line[0] in ",.;)"
        if found and goes_on:
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def _pieces(text: str, due_words: str, year: PlanYear) -> list[str]:
    """A line parted where it states several deadlines, or has a sentence of its own after the last."""
    if due_words:
        return [text]
    *before, last = split_deadlines(text, year)
    due = read_deadline(last, year)
    end = last.find(due.words) + len(due.words)
    if due.words and (found := _NEXT_SENTENCE.match(last[end:])):
        return [*before, last[: end + found.end()].strip(), last[end + found.end() :].strip()]
    return [*before, last]
