"""What a copy carries under the lid, on its very hidden sheet: whose it is, and the values as issued.

Some programs show the sheet, move it or rename it; it is known by what stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lscb_workbook.copies.identity import PROPERTIES, SIGNATURE, Place
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.returns.files.opened import Grid
from lscb_workbook.returns.grids import plain_heading
from lscb_workbook.tracker.cells import text_of, words_of

__all__ = ["LONGEST_FACT", "Lid", "lid_of"]

LONGEST_FACT = 300
"""No fact of an identity is longer: a name of a cycle, an officer's key."""
_SEARCHED_ROWS = 200
_FEWEST_FACTS = 3
"""A sheet that tells fewer facts of an identity is none: somebody wrote a word of it somewhere."""


@dataclass(frozen=True, slots=True)
class Lid:
    """``sheets`` are the names of the sheets that carry it; ``facts`` the copy's identity and signature, as
    its properties name them; ``issued`` the values as issued with their places, as they stand."""

    sheets: frozenset[str]
    facts: Mapping[str, str]
    issued: tuple[tuple[Place, str], ...]


def lid_of(sheets: Mapping[str, Grid]) -> Lid:
    """What the hidden sheet says; nothing where there is none."""
    found = [name for name, grid in sheets.items() if len(_facts(grid)) >= _FEWEST_FACTS]
    facts: dict[str, str] = {}
    issued: tuple[tuple[Place, str], ...] = ()
    for name in found:
        facts = _facts(sheets[name]) | facts
        issued = issued or _issued(sheets[name])
    return Lid(frozenset(found), facts, issued)


def _facts(grid: Grid) -> dict[str, str]:
    names = (*PROPERTIES.values(), SIGNATURE)
    facts: dict[str, str] = {}
    for line in grid[:_SEARCHED_ROWS]:
        if not any(isinstance(cell, str) and cell.startswith("lscb-") for cell in line):
            continue
        for name in names:
            if name in line[:-1] and name not in facts:
                text = text_of(line[line.index(name) + 1])
                if len(text) <= LONGEST_FACT:
                    facts[name] = text
    return facts


def _issued(grid: Grid) -> tuple[tuple[Place, str], ...]:
    """The rows under the headings of the values as issued."""
    headers = [plain_heading(column.header) for column in COPY_TABLES["AsIssued"].columns]
    for number, line in enumerate(grid[:_SEARCHED_ROWS]):
        plain = [plain_heading(cell) if isinstance(cell, str) and len(cell) < 40 else "" for cell in line]
        for column in range(len(plain) - len(headers) + 1):
            if plain[column : column + len(headers)] == headers:
                cells = (row[column : column + 4] for row in grid[number + 1 :])
                rows = ((*map(text_of, row[:3]), words_of(row[3])) for row in cells if len(row) == 4)
                return tuple((Place(ref, row, key), value) for ref, row, key, value in rows if key)
    return ()
