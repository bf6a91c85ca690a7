"""What a copy carries under the lid, on its very hidden sheet: whose it is, and the values as issued.

Some programs show the sheet, move it or rename it; it is known by what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from lscb_workbook.copies.identity import PROPERTIES, SIGNATURE, Place
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.returns.files.opened import Grid
from lscb_workbook.returns.headings import plain_heading
from lscb_workbook.tracker.cells import Raw, text_of, words_of

__all__ = ["LONGEST_FACT", "Lid", "lid_of"]

LONGEST_FACT = 300
"""No fact of an identity is longer: a name of a cycle, an officer's key."""
_SEARCHED_ROWS = 200
_HEADERS = [plain_heading(column.header) for column in COPY_TABLES["AsIssued"].columns]
_NAMES = frozenset((*PROPERTIES.values(), SIGNATURE))
_PLACE: Callable[[tuple[str, ...]], Place] = partial(tuple.__new__, Place)
"""The place that three texts are, made without a call of Python's own."""
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
    found = {name: told for name, grid in sheets.items() if len(told := _facts(grid)) >= _FEWEST_FACTS}
    facts: dict[str, str] = {}
    issued: tuple[tuple[Place, str], ...] = ()
    for name, told in found.items():
        facts = told | facts
        issued = issued or _issued(sheets[name])
    return Lid(frozenset(found), facts, issued)


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


def _issued(grid: Grid) -> tuple[tuple[Place, str], ...]:
    """The rows under the headings of the values as issued."""
    for number, line in enumerate(grid[:_SEARCHED_ROWS]):
        plain = [plain_heading(cell) if isinstance(cell, str) and len(cell) < 40 else "" for cell in line]
        if _HEADERS[0] not in plain:
            continue
        for column in range(len(plain) - len(_HEADERS) + 1):
            if plain[column : column + len(_HEADERS)] == _HEADERS:
                end = column + len(_HEADERS)
                rows = [row[column:end] for row in grid[number + 1 :] if len(row) >= end]
                return _placed(rows)
    return ()


def _placed(rows: Sequence[Sequence[Raw]]) -> tuple[tuple[Place, str], ...]:
    """The values with their places. There are more of them than of all else in a copy, so where all are
    texts as they were typed they are taken column by column."""
    try:
        plain = "\r" not in "".join(chain.from_iterable(rows))  # type: ignore[arg-type]
    except TypeError:
        plain = False
    if not plain or not rows:
        made = ((*map(text_of, row[:3]), words_of(row[3])) for row in rows)
        return tuple((Place(ref, row, key), value) for ref, row, key, value in made if key)
    refs, names, keys, values = zip(*rows, strict=True)
    keys = tuple(map(str.strip, keys))
    places = map(_PLACE, zip(map(str.strip, refs), map(str.strip, names), keys, strict=True))
    if any(map(str.isspace, values)):
        values = tuple("" if text.isspace() else text for text in values)
    placed = zip(places, values, strict=True)
    return tuple(placed if all(keys) else (one for one in placed if one[0].column))
