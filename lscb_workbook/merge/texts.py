"""Keeping what several people wrote in one cell, each with their name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["MAX_TEXT", "Contribution", "combined"]

MAX_TEXT = 32_767
"""The most characters a cell holds (Excel's limit)."""


class Contribution(NamedTuple):
    """What one lead wrote: their title, the whole text they returned, and what they had returned before
    in the same cycle (``""`` for nothing), which it replaces."""

    title: str
    text: str
    before: str = ""


def combined(
    base: str, standing: str, author: str, contributions: Sequence[Contribution], titles: Sequence[str] = ()
) -> str:
    """One text that holds what each lead added to ``base``, in blocks that begin with each lead's title.

    ``standing`` is what the tracker says; ``author`` the title of the lead who wrote what of it is not
    in ``base``, ``""`` where that is nobody's in particular; ``titles`` are all whose names may begin a
    block of it. Lines that a lead took out of the base go.
    """
    old = base.split("\n")
    kept = [line for line in standing.split("\n") if line in old]
    known = [*titles, *(one.title for one in contributions)]
    blocks = _blocks([line for line in standing.split("\n") if line not in old], author, known)
    for one in contributions:
        lines = one.text.split("\n")
        own = [one.title]  # a lead speaks under no other name, whatever a line begins with
        before = _blocks([line for line in one.before.split("\n") if line not in old], one.title, own)
        blocks = [block for block in blocks if block not in before]
        kept = [line for line in kept if line in lines]
        added = _blocks([line for line in lines if line not in old], one.title, own)
        blocks += [block for block in added if block not in blocks]
    return "\n".join(part for part in (*kept, *blocks) if part.strip())


def _blocks(lines: Sequence[str], title: str, known: Sequence[str]) -> list[str]:
    """Lines as blocks, each under the name it begins with; what begins with none is under ``title``."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if any(line.startswith(f"{name}:") for name in known if name):
            blocks.append([])
        blocks[-1].append(line)
    texts = ["\n".join(block).strip() for block in blocks]
    if texts[0] and title:
        texts[0] = f"{title}: {texts[0]}"
    return [text for text in texts if text]
