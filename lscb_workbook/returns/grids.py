"""Finding the rows of a copy in whatever sheets came back: by headings, not by names or positions.

What stands under a heading that is merely near is only proposed. A column of refs without a heading is
known by what it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.returns.files.opened import Grid, Spot
from lscb_workbook.returns.headings import (
    SEARCHED_COLUMNS,
    able_cells,
    cells_with_headings,
    columns_of,
    exact_columns,
    plain_heading,
)
from lscb_workbook.tracker.cells import Raw, text_of, words_of
from lscb_workbook.tracker.columns import Table

__all__ = ["FoundRow", "FoundTable", "find_tables", "texts_elsewhere"]

_SEARCHED_ROWS = 200
"""How far down a sheet the first heading row is looked for."""
_NONE: frozenset[Raw] = frozenset()
_TRIED_ROWS = 20
"""How many rows of a sheet that have one exact heading are looked at closely."""
_FEWEST_REFS = 2
_FEWEST = {name: min(3, len(table.columns)) for name, table in COPY_TABLES.items()}
"""How many headings of a table a row bears at least."""
_FILLED = {
    name: frozenset(column.key for column in table.columns if column.choice or column.kind == "long text")
    for name, table in COPY_TABLES.items()
}
"""The columns of a table that an officer fills in: a row of headings bears one of them."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of a return: its number as Excel shows it, what names it as it stands, its cells by column key,
    the numbers of their columns by the same (from 0), and the texts beside them with their places."""

    number: int
    key: Raw
    cells: Mapping[str, Raw]
    columns: Mapping[str, int]
    beside: tuple[tuple[Spot, str], ...] = ()

    @property
    def spots(self) -> Mapping[str, Spot]:
        """Where its cells are, by column key."""
        return {key: self.spot(key) for key in self.columns}

    def spot(self, key: str) -> Spot:
        """Where one of its cells is. Raises KeyError."""
        return Spot(self.number, self.columns[key] + 1)


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


def find_tables(sheets: Mapping[str, Grid], known: Mapping[str, Collection[str]]) -> list[FoundTable]:
    """The copy's tables, in every sheet that has one. ``known`` are the plan's refs and ids, by table."""
    found: list[FoundTable] = []
    for sheet, grid in sheets.items():
        headings = cells_with_headings(grid)
        able = [*_able_rows(grid, headings)]
        heads = [
            (name, head) for name in known if (head := _best_head(grid, COPY_TABLES[name], known[name], able))
        ]
        if heads:
            name, head = max(heads, key=lambda one: one[1].weight)
            found += _cut(sheet, grid, known, name, head, headings)
    return found


def _able_rows(grid: Grid, headings: frozenset[Raw]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows (from 0) that have an exact heading of a table and another text, with their cells as headings
    are."""
    for number, line in enumerate(grid[:_SEARCHED_ROWS] if headings else ()):
        if not headings.isdisjoint(line) and sum(isinstance(cell, str) and bool(cell) for cell in line) > 1:
            yield number, able_cells(line)


def _best_head(
    grid: Grid, table: Table, refs: Collection[str], able: Iterable[tuple[int, tuple[str, ...]]]
) -> _Head | None:
    """The row that bears most of the table's headings; None where none bears enough. ``able`` are the rows
    that are looked at, with their cells."""
    best: _Head | None = None
    tried = 0
    for number, cells in able:
        if tried == _TRIED_ROWS:
            break
        exact, nearly = columns_of(cells, table.name)
        if not exact:
            continue
        tried += 1
        head = _head(grid, number, table, refs, exact, nearly)
        if head and (best is None or head.weight > best.weight):
            best = head
    return best


def _head(
    grid: Grid,
    row: int,
    table: Table,
    refs: Collection[str],
    exact: Mapping[str, int],
    nearly: Mapping[str, int],
) -> _Head | None:
    """A row as headings, of which these are exact or near: it must name what an officer fills in, and stand
    above rows that have a name."""
    key = table.columns[0].key
    if not nearly and key in exact:  # as most are
        enough = len(exact) >= _FEWEST[table.name] and not _FILLED[table.name].isdisjoint(exact)
        return _Head(row, exact, {}) if enough else None
    columns, near = {**exact}, {**nearly}
    if key not in columns:
        named = near.pop(key, None)
        place = _column_of_refs(grid, row, refs, set(columns.values()) | set(near.values()))
        place = named if place is None else place
        if place is None and "text" not in columns:
            return None
        if place is not None:
            columns[key] = place
    able = columns | near
    if len(able) < _FEWEST[table.name] or _FILLED[table.name].isdisjoint(able):
        return None
    written = {one: text_of(grid[row][place]) for one, place in near.items()}
    return _Head(row, columns | near, written)


def _column_of_refs(grid: Grid, head: int, refs: Collection[str], taken: Collection[int]) -> int | None:
    """The one column below a row in which every cell that holds something is a ref of the plan."""
    able = []
    lines = grid[head + 1 : head + 1 + _SEARCHED_ROWS]
    for column in range(min(SEARCHED_COLUMNS, max((len(line) for line in lines), default=0))):
        texts = [text for line in lines if column < len(line) and (text := text_of(line[column]))]
        if column not in taken and len(texts) >= _FEWEST_REFS and all(text in refs for text in texts):
            able.append(column)
    return able[0] if len(able) == 1 else None


def _cut(
    sheet: str,
    grid: Grid,
    known: Mapping[str, Collection[str]],
    name: str,
    head: _Head,
    headings: frozenset[Raw],
) -> Iterator[FoundTable]:
    """The tables of a sheet, one below the other: each row of exact headings begins another."""
    heads = [(name, head)]
    for number in range(head.row + 1, len(grid)):
        if not headings.isdisjoint(grid[number]) and (again := _head_again(grid, number, known)):
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
            columns = exact_columns(headings, table)
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
        texts = (
            ()
            if named and places.issuperset(range(len(line)))
            else tuple(
                (Spot(number, place + 1), text)
                for place in range(len(line))
                if not (named and place in places)
                and (cell := line[place]) not in ("", None)
                and (text := words_of(cell))
            )
        )
        if named:
            rows.append(FoundRow(number, cells.get(key), cells, columns, texts))
        else:
            below += texts
    missing = tuple(column.header for column in table.columns if column.key not in columns)
    return FoundTable(table.name, sheet, head.row + 1, tuple(rows), head.near, missing, tuple(below))


def texts_elsewhere(
    sheets: Mapping[str, Grid],
    tables: Iterable[FoundTable],
    passed: Mapping[str, frozenset[Raw]] | None = None,
) -> Iterator[tuple[str, Spot, str]]:
    """Every text that stands above a table's rows, but for its headings, or in a sheet that has none, with
    its place. ``passed`` are cells that are passed over, by sheet (blank ones had best be among them)."""
    first: dict[str, FoundTable] = {}
    for table in tables:
        first.setdefault(table.sheet, table)
    for sheet, grid in sheets.items():
        top = first.get(sheet)
        headings = _headings(top) if top else frozenset()
        lines = grid[: top.head if top else None]
        known = passed.get(sheet, _NONE) if passed else _NONE
        if known.issuperset(chain.from_iterable(lines)):
            continue
        for number, line in enumerate(lines, start=1):
            if known.issuperset(line):
                continue
            for column, cell in enumerate(line, start=1):
                if cell in known or not (text := words_of(cell)):
                    continue
                if not (top and number == top.head and plain_heading(text) in headings):
                    yield sheet, Spot(number, column), text


def _headings(table: FoundTable) -> frozenset[str]:
    """The headings that a table was found by."""
    exact = _EXACT[table.name]
    return exact.union(map(plain_heading, table.near.values())) if table.near else exact


_EXACT = {
    name: frozenset(plain_heading(column.header) for column in table.columns)
    for name, table in COPY_TABLES.items()
}
"""The exact headings of each table."""
