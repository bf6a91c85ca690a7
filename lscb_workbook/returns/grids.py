"""Finding the rows of a copy in whatever sheets came back: by headings, not by names or positions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.returns.opening import Grid
from lscb_workbook.tracker.cells import Raw, text_of
from lscb_workbook.tracker.columns import Table

__all__ = ["FoundRow", "FoundTable", "find_table", "key_values", "plain_heading", "texts_elsewhere"]

_SEARCHED_ROWS = 200
"""How far down a sheet a heading row is looked for."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of a return: its number as Excel shows it, the row's ref or id, and its cells by column key."""

    number: int
    key: str
    cells: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A copy's table as it came back. ``head`` is the row of its headings; ``missing`` are headings that
    are gone; ``loose`` is text beside or below its rows, with its address."""

    sheet: str
    head: int
    rows: tuple[FoundRow, ...]
    missing: tuple[str, ...]
    loose: tuple[tuple[str, str], ...]


def plain_heading(text: str) -> str:
    """A heading without case, punctuation or runs of blanks."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def find_table(sheets: Mapping[str, Grid], name: str) -> FoundTable | None:
    """The copy's table of this name, in the sheet and under the row that bear most of its headings."""
    table = COPY_TABLES[name]
    wanted = {plain_heading(column.header): column.key for column in table.columns}
    best: tuple[int, str, int, dict[int, str]] | None = None
    for sheet, grid in sheets.items():
        for number, line in enumerate(grid[:_SEARCHED_ROWS]):
            columns = _columns(line, wanted)
            if _is_head(columns, table) and (best is None or len(columns) > best[0]):
                best = (len(columns), sheet, number, columns)
    if best is None:
        return None
    _, sheet, head, columns = best
    rows, loose = _rows(sheets[sheet], head, columns, table.columns[0].key)
    missing = tuple(column.header for column in table.columns if column.key not in columns.values())
    return FoundTable(sheet, head + 1, tuple(rows), missing, tuple(loose))


def _columns(line: list[Raw], wanted: Mapping[str, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for number, cell in enumerate(line):
        key = wanted.get(plain_heading(text_of(cell))) if isinstance(cell, str) else None
        if key and key not in found.values():
            found[number] = key
    return found


def _is_head(columns: Mapping[int, str], table: Table) -> bool:
    """A row heads the table if it names its rows and at least one thing an officer fills in."""
    filled = {column.key for column in table.columns if column.choice or column.kind == "long text"}
    keys = set(columns.values())
    return table.columns[0].key in keys and bool(keys & filled) and len(keys) >= min(3, len(table.columns))


def _rows(
    grid: Grid, head: int, columns: Mapping[int, str], key: str
) -> tuple[list[FoundRow], list[tuple[str, str]]]:
    rows: list[FoundRow] = []
    loose: list[tuple[str, str]] = []
    for number, line in enumerate(grid[head + 1 :], start=head + 2):
        cells = {key_: line[column] for column, key_ in columns.items() if column < len(line)}
        name = text_of(cells.get(key))
        outside = [c for c in range(len(line)) if c not in columns] if name else range(len(line))
        loose += [(_address(c, number), text_of(line[c])) for c in outside if text_of(line[c])]
        if name:
            rows.append(FoundRow(number, name, cells))
    return rows, loose


def texts_elsewhere(
    sheets: Mapping[str, Grid], tables: Iterable[FoundTable | None]
) -> Iterator[tuple[str, str, str]]:
    """Every text that stands above a table's rows or in a sheet that has none, as (sheet, address, text)."""
    heads = {table.sheet: table.head for table in tables if table}
    for sheet, grid in sheets.items():
        for number, line in enumerate(grid[: heads.get(sheet)], start=1):
            for column, cell in enumerate(line):
                if text_of(cell):
                    yield sheet, _address(column, number), text_of(cell)


def _address(column: int, row: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def key_values(sheets: Mapping[str, Grid], key: str) -> Iterator[tuple[str, str, Grid, int, int]]:
    """Where a cell of exactly this text stands, as (sheet, text beside it, grid, row, column), from 0."""
    for sheet, grid in sheets.items():
        for row, line in enumerate(grid[:_SEARCHED_ROWS]):
            for column, cell in enumerate(line):
                if cell == key:
                    beside = text_of(line[column + 1]) if column + 1 < len(line) else ""
                    yield sheet, beside, grid, row, column
