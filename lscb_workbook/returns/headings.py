"""Headings: which text is that of which column of a copy's tables, exactly or nearly.

A heading is exact when it differs in case, blanks and punctuation only. One that is merely near
(``Commentary / progress``, ``Comentary``) is told apart from those: what stands under it is only proposed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain

from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.plan.records import Field
from lscb_workbook.returns.files.opened import Grid
from lscb_workbook.tracker.cells import Raw
from lscb_workbook.tracker.columns import Table

__all__ = [
    "SEARCHED_COLUMNS",
    "able_cells",
    "cells_with_headings",
    "columns_of",
    "exact_columns",
    "plain_heading",
]

SEARCHED_COLUMNS = 200
"""How far to the right headings are looked for."""
_TRIED_HEADINGS = 40
"""How many headings of a row are looked at closely: telling which are near takes its time."""
_LONGEST = 200
"""The most characters of a cell that can be a heading."""
_NEAR = 0.82
"""How alike two headings must be, by the share of letters that match, to be taken for one another."""

_ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "ref": ("no", "number", "action", "action no", "action ref", "reference", "ref no"),
    "id": ("ref", "no", "milestone ref", "milestone no", "milestone id", "reference"),
    Field.RATING: ("rag", "rating", "rag status", "status rag"),
    Field.COMMENTARY: ("comment", "comments", "progress", "update", "narrative"),
    Field.EVIDENCE: ("evidence", "impact", "evidence and impact"),
    Field.STATUS: ("progress", "milestone status"),
    Field.COMPLETED_ON: ("completed", "date completed", "completion date", "done on"),
    Field.REVISED_DATE: ("revised", "new date", "revised due date", "revised deadline"),
    Field.NOTE: ("notes", "comment", "comments", "commentary"),
}
"""Other headings that people give the columns: near, never exact."""


def plain_heading(text: str) -> str:
    """A heading without case, punctuation or runs of blanks."""
    return (_plain_as_before if len(text) <= _LONGEST else _plain)(text)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


_plain_as_before = lru_cache(maxsize=4096)(_plain)
"""The same of texts short enough to be kept."""


_WANTED = {
    name: {plain_heading(column.header): column.key for column in table.columns}
    for name, table in COPY_TABLES.items()
}
"""The keys of each table's columns by their plain headings."""
_WORD_ENDS = "[^a-z0-9]"
_HEADING = re.compile(
    rf"{_WORD_ENDS}*(?:"
    + "|".join({heading.replace(" ", f"{_WORD_ENDS}+") for keys in _WANTED.values() for heading in keys})
    + rf"){_WORD_ENDS}*\Z"
)
"""A text without capitals that is an exact heading of a table."""


def cells_with_headings(grid: Grid) -> frozenset[Raw]:
    """The cells of a sheet, once each, that bear the exact heading of a column: rows without one are none of
    headings."""
    cells = set(chain.from_iterable(grid))
    return frozenset(
        cell for cell in cells if isinstance(cell, str) and len(cell) <= _LONGEST and _bears_heading(cell)
    )


@lru_cache(maxsize=4096)
def _bears_heading(text: str) -> bool:
    return _HEADING.match(text.casefold()) is not None


def able_cells(line: list[Raw]) -> tuple[str, ...]:
    """The cells of a row by column, those that can be no heading blank."""
    return tuple(
        cell if isinstance(cell, str) and len(cell) <= _LONGEST else "" for cell in line[:SEARCHED_COLUMNS]
    )


@lru_cache(maxsize=256)
def columns_of(cells: tuple[str, ...], name: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """The columns of a table that stand under exact headings in a row, and those under near ones, by key.
    (The rows of headings are much the same in all returns.)"""
    table = COPY_TABLES[name]
    headings = {number: plain_heading(cell) for number, cell in enumerate(cells) if cell}
    columns = exact_columns(headings, table)
    if not columns:
        return columns, {}
    near = _nearly(headings, columns, table)
    return columns, near | {
        one: columns.pop(one) for one in _twice(headings, table) if one != table.columns[0].key
    }


def exact_columns(headings: Mapping[int, str], table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, heading in headings.items():
        key = _WANTED[table.name].get(heading)
        if key:
            found.setdefault(key, number)
    return found


def _twice(headings: Mapping[int, str], table: Table) -> set[str]:
    """The columns whose exact heading stands more than once: which of them is meant cannot be told."""
    counts = Counter(key for heading in headings.values() if (key := _WANTED[table.name].get(heading)))
    return {key for key, count in counts.items() if count > 1}


def _nearly(headings: Mapping[int, str], exact: Mapping[str, int], table: Table) -> dict[str, int]:
    """The headings that can mean just one of the columns that are not there, and that column no other."""
    left = {number: heading for number, heading in headings.items() if number not in exact.values()}
    means: dict[str, list[int]] = {}
    for number, heading in [*left.items()][:_TRIED_HEADINGS]:
        keys = [c.key for c in table.columns if c.key not in exact and _is_near(heading, c.key, c.header)]
        if len(keys) == 1:
            means.setdefault(keys[0], []).append(number)
    return {key: numbers[0] for key, numbers in means.items() if len(numbers) == 1}


@lru_cache(maxsize=4096)
def _is_near(heading: str, key: str, header: str) -> bool:
    plain = plain_heading(header)
    if heading in _ALSO_CALLED.get(key, ()):
        return True
    if len(plain) > 4 and set(plain.split()) <= set(heading.split()):
        return True
    shorter, longer = sorted((len(heading), len(plain)))
    if shorter < 4 or 2 * shorter < _NEAR * (shorter + longer):  # they cannot be as alike as that
        return False
    return SequenceMatcher(None, heading, plain, autojunk=False).ratio() >= _NEAR
