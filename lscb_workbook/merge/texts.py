"""Keeping what several people wrote in one cell, each with their name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

__all__ = ["Contribution", "appended", "combined"]

_MOST_LINES, _MOST_PAIRS = 2_000, 20_000
"""Between more lines than these, or more pairs of equal ones, what was left and what was written is not told
apart: all of it counts as written anew."""


class Contribution(NamedTuple):
    """What one lead wrote: their title, and the whole text they returned."""

    title: str
    text: str


def combined(base: str, contributions: Sequence[Contribution], titles: Sequence[str] = ()) -> str:
    """One text that holds what each lead added to ``base``, in blocks that begin with each lead's title.

    The lines of the base that no lead took out come first, then the leads' lines in the order given.
    ``titles`` are all whose names may begin a block of the base.
    """
    old = _lines(base)
    kept = set(range(len(old)))
    added: list[str] = []
    for one in contributions:
        theirs, lines = _added(old, one, titles)
        kept &= theirs
        added += _blocks(lines, one.title)
    return "\n".join([*(old[number] for number in sorted(kept)), *added]).strip("\n")


def appended(standing: str, base: str, contribution: Contribution) -> str:
    """The text that stands, whole, and below it what a lead added to ``base``, unless it stands there."""
    _, lines = _added(_lines(base), contribution, ())
    held = set(_lines(standing))
    title = contribution.title
    lines = [line for line in lines if not line.strip() or not {line, f"{title}: {line}"} & held]
    return "\n".join(part for part in (standing, *_blocks(lines, contribution.title)) if part)


def _added(old: Sequence[str], one: Contribution, titles: Sequence[str]) -> tuple[set[int], list[str]]:
    """Which lines of the base a lead left (by number), and what lines they wrote.

    A block whose first line they changed is theirs as a whole: left behind, its other lines would
    read as what somebody else said.
    """
    new = _lines(one.text)
    left = _left(old, new)
    head = None
    for number, line in enumerate(old):
        if _begins(line, titles):
            head = number
        if head is not None and head not in left:
            left.pop(number, None)
    theirs = set(left.values())
    return set(left), [line for number, line in enumerate(new) if number not in theirs]


def _left(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """The lines that are the same in both, by number: those at the head and the foot, and of the others
    where there are not too many to be told."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    foot = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    left = {number: number for number in range(head)}
    left |= {len(old) - 1 - n: len(new) - 1 - n for n in range(foot)}
    before, after = old[head : len(old) - foot], new[head : len(new) - foot]
    counts = Counter(after)
    if max(len(before), len(after)) <= _MOST_LINES and sum(counts[one] for one in before) <= _MOST_PAIRS:
        for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
            left |= {head + match.a + n: head + match.b + n for n in range(match.size)}
    return left


def _blocks(lines: Sequence[str], title: str) -> list[str]:
    """Lines as blocks under the lead's own name, which they have not all given.

    A lead speaks under no other name, whatever a line begins with.
    """
    blocks: list[list[str]] = [[]]
    for line in lines:
        if _begins(line, [title]):
            blocks.append([])
        blocks[-1].append(line)
    texts = ["\n".join(block).strip() for block in blocks]
    if texts[0] and title:
        texts[0] = f"{title}: {texts[0]}"
    return [text for text in texts if text]


def _begins(line: str, titles: Sequence[str]) -> bool:
    return any(line.startswith(f"{title}:") for title in titles if title)


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []
