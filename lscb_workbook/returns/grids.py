"""Finding the rows of a copy in whatever sheets came back: by headings, not by names or positions.

A heading is exact when it differs in case, blanks and punctuation only. One that is merely near
(``Commentary / progress``, ``Comentary``) is taken too, and said so: what stands under it is only
proposed. A column of refs without a heading is known by what it holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.plan.records import Field
from lscb_workbook.returns.files.opened import Grid, Spot
from lscb_workbook.tracker.cells import Raw, text_of, words_of
from lscb_workbook.tracker.columns import Table

__all__ = ["FoundRow", "FoundTable", "find_tables", "plain_heading", "texts_elsewhere"]

_SEARCHED_ROWS = 200
"""How far down a sheet the first heading row is looked for."""
_SEARCHED_COLUMNS = 200
_TRIED_ROWS, _TRIED_HEADINGS = 20, 40
"""How many rows of a sheet that have one exact heading are looked at closely, and how many other headings of
each: telling which are near takes its time."""
_NEAR = 0.82
"""How alike two headings must be, by the share of letters that match, to be taken for one another."""
_FEWEST_REFS = 2

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


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of a return: its number as Excel shows it, what names it as it stands, its cells by column key,
    and the texts beside them with their places."""

    number: int
    key: Raw
    cells: Mapping[str, Raw]
    spots: Mapping[str, Spot]
    beside: tuple[tuple[Spot, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One of the copy's tables as it came back.

    ``name`` is the table's; ``head`` the row of its headings; ``near`` the headings that are not exact, as
    written, by column key; ``missing`` the headings that are gone; ``below`` texts in rows that have
    neither ref nor words of the plan.
    """

    name: str
    sheet: str
    head: int
    rows: tuple[FoundRow, ...]
    near: Mapping[str, str]
    missing: tuple[str, ...]
    below: tuple[tuple[Spot, str], ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """A row of headings: the columns (from 0) under exact and near ones, by key."""

    row: int
    columns: Mapping[str, int]
    near: Mapping[str, str]

    @property
    def weight(self) -> tuple[int, int]:
        return len(self.columns), -len(self.near)


@lru_cache(maxsize=4096)
def plain_heading(text: str) -> str:
    """A heading without case, punctuation or runs of blanks."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


_WANTED = {
    name: {plain_heading(column.header): column.key for column in table.columns}
    for name, table in COPY_TABLES.items()
}
"""The keys of each table's columns by their plain headings."""


def find_tables(sheets: Mapping[str, Grid], known: Mapping[str, Collection[str]]) -> list[FoundTable]:
    """The copy's tables, in every sheet that has one. ``known`` are the plan's refs and ids, by table."""
    found: list[FoundTable] = []
    for sheet, grid in sheets.items():
        heads = [(name, head) for name in known if (head := _best_head(grid, COPY_TABLES[name], known[name]))]
        if heads:
            name, head = max(heads, key=lambda one: one[1].weight)
            found += _cut(sheet, grid, known, name, head)
    return found


def _best_head(grid: Grid, table: Table, refs: Collection[str]) -> _Head | None:
    """The row that bears most of the table's headings; None where none bears enough."""
    best: _Head | None = None
    tried = 0
    for number, line in enumerate(grid[:_SEARCHED_ROWS]):
        if sum(isinstance(cell, str) and bool(cell) for cell in line) < 2:
            continue
        if tried == _TRIED_ROWS:
            break
        tried += bool(_exact(_headings_in(line), table))
        head = _head(grid, number, table, refs)
        if head and (best is None or head.weight > best.weight):
            best = head
    return best


def _head(grid: Grid, row: int, table: Table, refs: Collection[str]) -> _Head | None:
    """A row as headings: it must name what an officer fills in, and stand above rows that have a name."""
    headings = _headings_in(grid[row])
    columns = _exact(headings, table)
    if not columns:
        return None
    near = _nearly(headings, columns, table)
    near |= {one: columns.pop(one) for one in _twice(headings, table) if one != table.columns[0].key}
    key = table.columns[0].key
    if key not in columns:
        named = near.pop(key, None)
        place = _column_of_refs(grid, row, refs, set(columns.values()) | set(near.values()))
        place = named if place is None else place
        if place is None and "text" not in columns:
            return None
        if place is not None:
            columns[key] = place
    filled = {column.key for column in table.columns if column.choice or column.kind == "long text"}
    if len(columns | near) < min(3, len(table.columns)) or not filled & (columns | near).keys():
        return None
    written = {one: text_of(grid[row][place]) for one, place in near.items()}
    return _Head(row, columns | near, written)


def _headings_in(line: list[Raw]) -> dict[int, str]:
    """The cells of a row that can be headings, by column."""
    return {
        number: plain_heading(cell)
        for number, cell in enumerate(line[:_SEARCHED_COLUMNS])
        if isinstance(cell, str) and 0 < len(cell) <= 200
    }


def _exact(headings: Mapping[int, str], table: Table) -> dict[str, int]:
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


def _column_of_refs(grid: Grid, head: int, refs: Collection[str], taken: Collection[int]) -> int | None:
    """The one column below a row in which every cell that holds something is a ref of the plan."""
    able = []
    lines = grid[head + 1 : head + 1 + _SEARCHED_ROWS]
    for column in range(min(_SEARCHED_COLUMNS, max((len(line) for line in lines), default=0))):
        texts = [text for line in lines if column < len(line) and (text := text_of(line[column]))]
        if column not in taken and len(texts) >= _FEWEST_REFS and all(text in refs for text in texts):
            able.append(column)
    return able[0] if len(able) == 1 else None


def _cut(
    sheet: str, grid: Grid, known: Mapping[str, Collection[str]], name: str, head: _Head
) -> Iterator[FoundTable]:
    """The tables of a sheet, one below the other: each row of exact headings begins another."""
    heads = [(name, head)]
    for number in range(head.row + 1, len(grid)):
        if again := _head_again(grid, number, known):
            heads.append(again)
    ends = [one.row for _, one in heads[1:]]
    for (title, one), end in zip(heads, [*ends, len(grid)], strict=True):
        yield _table(sheet, grid, COPY_TABLES[title], one, end, known[title])


def _head_again(grid: Grid, row: int, names: Iterable[str]) -> tuple[str, _Head] | None:
    """A row further down that is headings and nothing else: those of another page, or pasted with rows."""
    texts = [cell for cell in grid[row] if isinstance(cell, str) and cell]
    for name in names:
        table = COPY_TABLES[name]
        first = plain_heading(table.columns[0].header)
        if any(len(text) < 40 and plain_heading(text) == first for text in texts):
            headings = {n: plain_heading(c) for n, c in enumerate(grid[row]) if isinstance(c, str)}
            columns = _exact(headings, table)
            if table.columns[0].key in columns and len(columns) > 2:
                return name, _Head(row, columns, {})
    return None


def _table(sheet: str, grid: Grid, table: Table, head: _Head, end: int, refs: Collection[str]) -> FoundTable:
    rows: list[FoundRow] = []
    below: list[tuple[Spot, str]] = []
    columns, places, key = head.columns, frozenset(head.columns.values()), table.columns[0].key
    for number, line in enumerate(grid[head.row + 1 : end], start=head.row + 2):
        if not line:
            continue
        cells = {one: line[place] if place < len(line) else None for one, place in columns.items()}
        name, words = text_of(cells.get(key)), text_of(cells.get("text"))
        # A lone text in the column of refs that is none is a remark below the rows.
        named = words or (name and (name in refs or sum(bool(text_of(cell)) for cell in line) > 1))
        texts = tuple(
            (Spot(number, place), text)
            for place, cell in enumerate(line, start=1)
            if cell not in ("", None) and (not named or place - 1 not in places) and (text := words_of(cell))
        )
        if named:
            spots = {one: Spot(number, place + 1) for one, place in columns.items()}
            rows.append(FoundRow(number, cells.get(key), cells, spots, texts))
        else:
            below += texts
    missing = tuple(column.header for column in table.columns if column.key not in columns)
    return FoundTable(table.name, sheet, head.row + 1, tuple(rows), head.near, missing, tuple(below))


def texts_elsewhere(
    sheets: Mapping[str, Grid], tables: Iterable[FoundTable]
) -> Iterator[tuple[str, Spot, str]]:
    """Every text that stands above a table's rows, but for its headings, or in a sheet that has none, with
    its place."""
    first: dict[str, FoundTable] = {}
    for table in tables:
        first.setdefault(table.sheet, table)
    for sheet, grid in sheets.items():
        top = first.get(sheet)
        headings = _headings(top) if top else frozenset()
        for number, line in enumerate(grid[: top.head if top else None], start=1):
            for column, cell in enumerate(line, start=1):
                text = words_of(cell)
                if text and not (top and number == top.head and plain_heading(text) in headings):
                    yield sheet, Spot(number, column), text


def _headings(table: FoundTable) -> frozenset[str]:
    """The headings that a table was found by."""
    exact = (column.header for column in COPY_TABLES[table.name].columns)
    return frozenset(map(plain_heading, (*exact, *table.near.values())))
