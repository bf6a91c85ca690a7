"""What a copy carries under the lid, on its very hidden sheet: whose it is, and the values as issued.

Some programs show the sheet, move it or rename it; it is known by what stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from lscb_workbook.copies.identity import ISSUED, PROPERTIES, SIGNATURE, AsIssued, issued_in
from lscb_workbook.returns.files.opened import Grid
from lscb_workbook.tracker.cells import text_of, words_of

__all__ = ["LONGEST_FACT", "Lid", "lid_of"]

LONGEST_FACT = 300
"""No fact of an identity is longer: a name of a cycle, an officer's key."""
_SEARCHED_ROWS = 200
_NAMES = frozenset((*PROPERTIES.values(), SIGNATURE))
_FEWEST_FACTS = 3
"""A sheet that tells fewer facts of an identity is none: somebody wrote a word of it somewhere."""


@dataclass(frozen=True)
class Lid:
    """``sheets`` are the names of the sheets that carry it; ``facts`` the copy's identity and signature, as
    its properties name them; ``pieces`` the texts of what was issued, as they stand."""

    sheets: frozenset[str]
    facts: Mapping[str, str]
    pieces: tuple[str, ...]

    @cached_property
    def written(self) -> str:
        """What was issued, as one text."""
        return "".join(self.pieces)

    @cached_property
    def issued(self) -> AsIssued:
        """What was issued; nothing where that cannot be read."""
        return issued_in(self.written)


def lid_of(sheets: Mapping[str, Grid]) -> Lid:
    """What the hidden sheet says; nothing where there is none."""
    found = {name: told for name, grid in sheets.items() if len(told := _facts(grid)) >= _FEWEST_FACTS}
    facts: dict[str, str] = {}
    pieces: tuple[str, ...] = ()
    for name, told in found.items():
        facts = told | facts
        pieces = pieces or _pieces(sheets[name])
    return Lid(frozenset(found), facts, pieces)


def _facts(grid: Grid) -> dict[str, str]:
    facts: dict[str, str] = {}
    lines = grid[:_SEARCHED_ROWS]
    if _NAMES.isdisjoint(chain.from_iterable(lines)):
        return facts
    for line in lines:
        if _NAMES.isdisjoint(line):
            continue
        for name in _NAMES.intersection(line[:-1]):
            if name not in facts:
                text = text_of(line[line.index(name) + 1])
                if len(text) <= LONGEST_FACT:
                    facts[name] = text
        if len(facts) == len(_NAMES):
            break
    return facts


def _pieces(grid: Grid) -> tuple[str, ...]:
    """The texts that stand to the right of the name of what was issued."""
    return tuple(words_of(line[line.index(ISSUED) + 1]) for line in grid if ISSUED in line[:-1])
