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


def combined(base: str, standing: str, author: str, contributions: Sequence[Contribution]) -> str:
    """One text that holds what each lead added to ``base``, a line that begins with each lead's title.

    ``standing`` is what the tracker says; ``author`` the title of the lead who wrote what of it is not
    in ``base``, ``""`` where that is nobody's in particular. Lines that a lead took out of the base go.
    """
    old = base.split("\n")
    kept = [line for line in standing.split("\n") if line in old]
    blocks = _blocks([line for line in standing.split("\n") if line not in old], author)
    for one in contributions:
        lines = one.text.split("\n")
        before = _blocks([line for line in one.before.split("\n") if line not in old], one.title)
        blocks = [block for block in blocks if block not in before]
        kept = [line for line in kept if line in lines]
        blocks += [
            block
            for block in _blocks([line for line in lines if line not in old], one.title)
            if block not in blocks
        ]
    return "\n".join(part for part in (*kept, *blocks) if part.strip())


def _blocks(lines: Sequence[str], title: str) -> list[str]:
    """What one person added, as one block under their name."""
    text = "\n".join(lines).strip()
    if not text:
        return []
    return [text if not title or text.startswith(f"{title}:") else f"{title}: {text}"]
