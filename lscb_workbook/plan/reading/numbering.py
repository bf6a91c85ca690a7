"""The priorities of a plan and the refs of its actions, numbered by their place where the source does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lscb_workbook.plan.reading.about import About
from lscb_workbook.plan.reading.found import Doubt, FoundAction, Gathered
from lscb_workbook.plan.records import Priority

__all__ = ["priorities_of", "priority_number", "refs_follow", "refs_of"]


def refs_follow(actions: Sequence[FoundAction]) -> bool:
    """Whether refs begin with the number of their priority, as ``1.4`` does, in most of a plan."""
    begun = [(action.priority, _beginning(action)) for action in actions if _beginning(action)]
    return bool(begun) and sum(1 for one, two in begun if one in (two, None)) * 2 > len(begun)


def _beginning(action: FoundAction) -> int:
    begins = re.match(r"(\d{1,2})\.\d", action.ref)
    return int(begins[1]) if begins else 0


def priority_number(action: FoundAction, follow: bool) -> int:
    return (_beginning(action) if follow else 0) or action.priority or 1


def priorities_of(found: Gathered, head: About, doubts: list[Doubt]) -> tuple[Priority, ...]:
    priorities: list[Priority] = []
    for one in found.priorities:
        place = one.rows[0].place if one.rows else ""
        if one.broken:
            text = "its heading stands in pieces over several cells, put together here: compare the words"
            doubts.append(Doubt("priority", str(one.number), text, place))
        if not one.numbered:
            doubts.append(
                Doubt("priority", str(one.number), "its number is by its place in the source", place)
            )
        title = one.title if re.search(r"[^\W\d_]", one.title) else f"Priority {one.number}"
        if title != one.title:
            doubts.append(Doubt("priority", str(one.number), "only its number is in the source", place))
        priorities.append(Priority(one.number, title))
    numbers = {priority.number for priority in priorities}
    follow = refs_follow(found.actions)
    for action in found.actions:
        number = priority_number(action, follow)
        if number not in numbers:
            numbers.add(number)
            priorities.append(Priority(number, f"Priority {number}" if follow else head.title))
            text = "no heading of it is in the source: the title is not the source's own"
            doubts.append(Doubt("priority", str(number), text, action.place))
    return tuple(sorted(priorities, key=lambda one: one.number))


def refs_of(actions: Sequence[FoundAction], numbers: set[int], doubts: list[Doubt]) -> list[str]:
    """A ref for every action: its own, one by its place if it is lost, a letter more if it is there twice."""
    own = {action.ref for action in actions if action.ref}
    given: list[str] = []
    none_has_one = not own
    for action in actions:
        ref = action.ref
        if not ref:
            priority = action.priority or min(numbers, default=1)
            before = [one for one in given if one.startswith(f"{priority}.")]
            last = re.search(r"\.(\d+)\w?$", before[-1]) if before else None
            number = int(last[1]) + 1 if last else 1
            while f"{priority}.{number}" in own or f"{priority}.{number}" in given:
                number += 1
            ref = f"{priority}.{number}"
            if not none_has_one:
                doubts.append(
                    Doubt("action", ref, "the ref is given by its place in the source", action.place)
                )
        elif ref in given:
            twice, letters = ref, iter("bcdefghijklmnopqrstuvwxyz")
            ref = next(
                (f"{twice}{x}" for x in letters if f"{twice}{x}" not in (*own, *given)),
                f"{twice}-{len(given)}",
            )
            doubts.append(
                Doubt("action", ref, f"the source has ref {twice} twice: this is the second", action.place)
            )
        given.append(ref)
    if none_has_one and given:
        doubts.append(Doubt("plan", "", "the source has no refs: the actions are numbered in their order"))
    return given
