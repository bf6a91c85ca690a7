"""Refs of actions and ids of milestones: their order, what later years call them, where a text names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

__all__ = ["CameFrom", "by_ref", "came_from", "named_in", "of_year"]

_OF = " of "
_NAME = r"\d+(?:\.\d+)+"
_MENTION = re.compile(
    rf"\b(?:see|actions?|milestones?|refs?\.?)\s+(?:also\s+)?({_NAME}(?:\s*(?:,|;|&|and|or)\s*{_NAME})*)",
    re.IGNORECASE,
)
"""Where a number is the ref of something, and not a date or a share: 'see 6.2', 'actions 1.4 and 2.4'."""


class CameFrom(NamedTuple):
    """What an action or milestone was in an earlier year: its ref or id then, and the plan year."""

    name: str
    year: str


def by_ref(name: str) -> tuple[object, ...]:
    """What to sort refs and ids by, so that 1.10 comes after 1.9."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in name.split("."))


def of_year(name: str, year: str) -> str:
    """A ref, id or cycle of an earlier year, as later ones call it: ``3.2 of 2016-17``."""
    return f"{name}{_OF}{year}"


def came_from(carried: str) -> tuple[CameFrom, ...]:
    """What stands under 'Carried forward from', the last year first."""
    lines = (line.partition(",")[0].rpartition(_OF) for line in carried.split("\n") if line.strip())
    return tuple(CameFrom(name, year) for name, _, year in lines)


def named_in(text: str, known: Collection[str]) -> Iterator[str]:
    """The refs and ids of ``known`` that a text names as such ('see 6.2'), in the order of the text."""
    for match in _MENTION.finditer(text):
        yield from (name for name in re.findall(_NAME, match[1]) if name in known)
