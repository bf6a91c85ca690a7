"""A plan out of gathered rows: every action with its leads, milestones and measures, and what is in doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lscb_workbook.plan.calendar import board_meetings, events
from lscb_workbook.plan.officers import officer_finder, officer_key
from lscb_workbook.plan.reading.about import About
from lscb_workbook.plan.reading.found import Doubt, FoundAction, Gathered, Part
from lscb_workbook.plan.reading.headings import Role
from lscb_workbook.plan.reading.keys import rating_in, scheme_of
from lscb_workbook.plan.reading.milestone_cells import steps_of
from lscb_workbook.plan.reading.numbering import priorities_of, priority_number, refs_follow, refs_of
from lscb_workbook.plan.reading.offices import Offices, as_officers, doubtful_organisation, offices_of
from lscb_workbook.plan.reading.wording import begins_with_bullet, bullets, garbled, lines, one_line, words
from lscb_workbook.plan.records import (
    Action,
    Milestone,
    NotStated,
    Officer,
    Plan,
    RagScheme,
)

__all__ = ["Drafted", "draft"]

_NEXT_ITEM = re.compile(r"\b[a-z][\w-]*\)?\s+(?=[A-Z][a-z]+\s+[a-z])")
_SHORT_FORM = re.compile(r"\b[A-Z]{2,}\b")
_ENDS = re.compile(r"[.;:!?]$")


@dataclass(frozen=True)
class Drafted:
    """A plan and what is in doubt. ``parts`` are the rows that each action was read from, by its ref."""

    plan: Plan
    doubts: tuple[Doubt, ...]
    parts: dict[str, list[Part]]


def draft(found: Gathered, head: About) -> Drafted:
    """The plan that the gathered rows make. What it cannot have of them is in doubt, never made up."""
    doubts = [Doubt("plan", "", text) for text in (*head.doubts, *found.unheaded)]
    scheme, of_key = scheme_of(found.key, [action.text(Role.RATING) for action in found.actions])
    doubts += [Doubt("status", name, text) for name, text in of_key]
    priorities = priorities_of(found, head, doubts)
    refs = refs_of(found.actions, {priority.number for priority in priorities}, doubts)
    follow = refs_follow(found.actions)
    of = {ref: priority_number(action, follow) for action, ref in zip(found.actions, refs, strict=True)}
    offices = offices_of(
        text
        for action in found.actions
        for part in action.parts
        if not part.goes_on and (text := part.cells.get(Role.LEAD, ""))
    )
    read = [_leads(action, ref, offices, doubts) for action, ref in zip(found.actions, refs, strict=True)]
    officers, pairs = as_officers([name for groups in read for group in groups for name in group])
    for one, other in pairs:
        key = next(
            officer.title for officer in officers if officer_key(one) in map(officer_key, officer.aliases)
        )
        doubts.append(Doubt("officer", key, f"'{one}' and '{other}' are taken to be one office"))
    for officer in officers:
        if doubtful_organisation(officer.organisation):
            text = f"'{officer.organisation}' is taken to be the organisation of '{officer.role}'"
            doubts.append(Doubt("officer", officer.title, text))
    actions: list[Action] = []
    milestones: list[Milestone] = []
    for action, ref, groups in zip(found.actions, refs, read, strict=True):
        keys = _keys([name for group in groups for name in group], officers)
        text, measures = _text(action, ref, doubts), _measures(action, ref, doubts)
        rating = _rating(action, ref, scheme, doubts)
        number = of.get(ref, priorities[0].number)
        if action.priority and number != action.priority:
            said = f"it stands under priority {action.priority} in the source, but its ref is of {number}"
            doubts.append(Doubt("action", ref, said, action.place))
        actions.append(Action(ref, number, text or "[...]", keys, measures, rating))
        if not text:
            doubts.append(Doubt("action", ref, "no text of the action is in the source", action.place))
        if not keys:
            doubts.append(Doubt("action", ref, "no lead is in the source: name one", action.place))
        steps = steps_of(action, groups, head.year)
        for at, step in enumerate(steps, 1):
            own = keys if step.leads is None else _keys(step.leads, officers)
            milestones.append(Milestone(f"{ref}.{at}", ref, own or keys, step.text, step.due))
            if isinstance(step.due, NotStated):
                said = f"'{step.due.words}' is not understood" if step.due.words else "it states no deadline"
                doubts.append(
                    Doubt("action", ref, f"milestone {at} ('{_short(step.text)}'): {said}", action.place)
                )
        if not steps:
            doubts.append(Doubt("action", ref, "no milestone or timescale is in the source", action.place))
    plan = Plan(
        head.board, head.title, head.chair, head.year, scheme, priorities, officers, tuple(actions),
        tuple(milestones), board_meetings(milestones), events(milestones),
    )  # fmt: skip
    parts = {ref: action.parts for action, ref in zip(found.actions, refs, strict=True)}
    return Drafted(plan, tuple(doubts), parts)


# --- leads ---


def _leads(action: FoundAction, ref: str, offices: Offices, doubts: list[Doubt]) -> list[tuple[str, ...]]:
    """The leads of each row of an action; a lead that goes on over a page is whole in the row that begins it,
    and the row that it goes on in has none."""
    cells: list[str] = []
    for at, part in enumerate(action.parts):
        cell = part.cells.get(Role.LEAD, "")
        before = next((i for i in range(at - 1, -1, -1) if words(cells[i])), None)
        if words(cell) and part.goes_on and before is not None:
            last = lines(cells[before])[-1]
            joined, doubt = offices.goes_on(last, one_line(cell))
            if doubt:
                doubts.append(Doubt("action", ref, doubt, part.row.place))
            if joined:
                cells[before] = cells[before].rstrip() + " " + cell.strip()
                cell = ""
        cells.append(cell)
    groups: list[tuple[str, ...]] = []
    for part, cell in zip(action.parts, cells, strict=True):
        split = offices.split(cell)
        if split.doubt:
            doubts.append(Doubt("action", ref, split.doubt, part.row.place))
        for name in split.names:
            twice = [word for word, count in Counter(_SHORT_FORM.findall(name)).items() if count > 1]
            if twice:
                doubts.append(Doubt("action", ref, f"the lead '{name}' has {twice[0]} twice", part.row.place))
        groups.append(split.names)
    return groups


def _keys(names: Iterable[str], officers: Sequence[Officer]) -> tuple[str, ...]:
    find = officer_finder(officers)
    found = (find(name.rstrip(" .")) for name in names)
    return tuple(dict.fromkeys(officer.key for officer in found if officer))


# --- text, measures, rating ---


def _text(action: FoundAction, ref: str, doubts: list[Doubt]) -> str:
    text = one_line(action.text(Role.TEXT))
    if place := garbled(text):
        doubts.append(Doubt("action", ref, f"the text may be garbled at '{place}'", action.place))
    return text


def _measures(action: FoundAction, ref: str, doubts: list[Doubt]) -> tuple[str, ...]:
    """The measures, one for each bullet or line. What stands at the top of a page goes on with the last."""
    measures: list[str] = []
    listed = False
    for part in action.parts:
        cell = part.cells.get(Role.MEASURES, "")
        if not words(cell):
            continue
        items = bullets(cell) or _paragraphs(cell)
        if part.goes_on and measures and not begins_with_bullet(cell) and not _ENDS.search(measures[-1]):
            first, rest = items[0], ""
            if listed and bullets(cell) is None and (found := _NEXT_ITEM.search(first)):
                first, rest = first[: found.end()].strip(), first[found.end() :]
                text = f"'{_short(rest)}' is read as a measure of its own: its bullet may be lost"
                doubts.append(Doubt("action", ref, text, part.row.place))
            measures[-1] = f"{measures[-1]} {first}"
            items = [*filter(None, [rest]), *items[1:]]
        measures += items
        listed = listed or bullets(cell) is not None
    return tuple(measures)


def _paragraphs(cell: str) -> list[str]:
    """The lines of a cell, those that begin in lower case joined to the line before."""
    found: list[str] = []
    for line in lines(cell):
        if found and (line[0].islower() or line[0] in ",.;)"):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def _rating(action: FoundAction, ref: str, scheme: RagScheme, doubts: list[Doubt]) -> str:
    cell = action.text(Role.RATING)
    rating = rating_in(cell, scheme)
    if any(part.coloured for part in action.parts):
        said = f"its rating '{one_line(cell)}' is a cell's colour and no word: see whether it is meant so"
        doubts.append(Doubt("action", ref, said, action.place))
    said_of_it = [word for word in words(cell) if word not in _LABELS]
    if said_of_it and not rating:
        doubts.append(
            Doubt("action", ref, f"the rating '{_short(one_line(cell))}' is not one of the key", action.place)
        )
    return rating


_LABELS = frozenset(("grade", "rag", "rating", "status", "choose", "an", "item", "select"))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}..."
