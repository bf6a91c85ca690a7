"""What is to be done to an open workbook so that it becomes another: the difference of two pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from lscb_workbook.live.picture import BLANK, Content, Picture, SheetPicture, Shown, same_formula
from lscb_workbook.ooxml import TableInfo, address
from lscb_workbook.ooxml.frames import Axes
from lscb_workbook.plan.errors import WorkbookError

__all__ = ["Changes", "Resized", "Run", "changes", "same_content", "unlike"]

_NEAR = 1e-6
"""How far two numbers may be apart and be the same: a twelfth of a second, of days."""


class Run(NamedTuple):
    """Cells one below the other, and what shall stand in them."""

    sheet: str
    column: int
    first_row: int
    contents: tuple[Content, ...]

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.contents) - 1


class Resized(NamedTuple):
    """A table as it lies and as it shall lie."""

    before: TableInfo
    after: TableInfo


@dataclass(frozen=True, slots=True)
class Changes:
    """Tables to resize, cells to write, rows by sheet to show, to fit to their texts and to give a height in
    points, footers' left parts by sheet, and axes of charts by sheet and chart."""

    resized: tuple[Resized, ...]
    runs: tuple[Run, ...]
    shown: Mapping[str, tuple[int, ...]]
    fitted: Mapping[str, tuple[int, ...]]
    heights: Mapping[str, Mapping[int, float]]
    footers: Mapping[str, str]
    axes: Mapping[tuple[str, str], Axes]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that are touched."""
        tables = (one.after.sheet for one in self.resized)
        runs = (one.sheet for one in self.runs)
        charts = (sheet for sheet, _ in self.axes)
        return tuple(
            dict.fromkeys([*tables, *runs, *self.shown, *self.fitted, *self.heights, *self.footers, *charts])
        )

    @property
    def cells(self) -> int:
        """How many cells are written."""
        return sum(len(run.contents) for run in self.runs)


def changes(before: Picture, after: Picture) -> Changes:
    """What turns one workbook into the other. What is alike in both is in none of it.

    Raises WorkbookError where rows were put in for a table to grow: that is not done to an open workbook.
    """
    _refuse_moves(before, after)
    resized = tuple(
        Resized(table, after.tables[name])
        for name, table in before.tables.items()
        if name in after.tables and after.tables[name].last_row != table.last_row
    )
    runs: list[Run] = []
    shown, fitted, heights, footers = {}, {}, {}, {}
    for name, new in after.sheets.items():
        old = before.sheets[name]
        added = {(r, c) for one in resized if one.after.sheet == name for r, c in _added(one)}
        places = [*_unlike(old, new), *added]
        runs += _runs(name, new, set(places))
        rows = {row for row, _ in places}
        shown[name] = tuple(sorted(old.hidden - new.hidden))
        fitted[name] = tuple(sorted(row for row in rows if row in new.heights and row not in old.fixed))
        heights[name] = {
            row: new.heights[row]
            for row in sorted(old.fixed & new.heights.keys())
            if abs(old.heights.get(row, 0) - new.heights[row]) >= 1
        }
        if _printed(new.footer) != _printed(old.footer):
            footers[name] = new.footer
    return Changes(
        resized,
        tuple(runs),
        {name: rows for name, rows in shown.items() if rows},
        {name: rows for name, rows in fitted.items() if rows},
        {name: rows for name, rows in heights.items() if rows},
        footers,
        {place: axes for place, axes in after.axes.items() if axes != before.axes.get(place, axes)},
    )


def unlike(one: Picture, other: Picture) -> str | None:
    """Where two workbooks first differ in what their cells hold, how far their tables go and what their
    charts draw, as ``Plan!B3``; None where they do not."""
    if one.sheets.keys() != other.sheets.keys():
        changed = sorted(one.sheets.keys() ^ other.sheets.keys())
        return f"the tab '{changed[0]}'"
    for name, table in one.tables.items():
        if name not in other.tables or other.tables[name].area != table.area:
            return f"the table '{name}' on the tab '{table.sheet}'"
    for name, sheet in one.sheets.items():
        for row, column in _unlike(sheet, other.sheets[name]):
            return f"{name}!{address(row, column)}"
    return None if one.drawn == other.drawn else "a chart"


def same_content(one: Content, other: Content) -> bool:
    """Whether two cells hold the same; numbers may be apart by less than can be seen."""
    if one.formula is not None and other.formula is not None:
        return same_formula(one.formula, other.formula)
    if one.formula is not None or other.formula is not None:
        return False
    if isinstance(one.value, bool) or isinstance(other.value, bool):
        return one.value is other.value
    if isinstance(one.value, int | float) and isinstance(other.value, int | float):
        return abs(one.value - other.value) <= _NEAR * max(1.0, abs(one.value) / 1e6)
    return _text(one) == _text(other)


def _text(content: Content) -> Shown:
    """A value, nothing at all as a text without letters; nought is a number like any other."""
    return "" if content.value is None else content.value


def _printed(footer: str) -> str:
    """What a footer says, but for the spaces that programs put behind a size."""
    return re.sub(r"(&\d+)\s+", r"\1", footer).strip()


def _unlike(old: SheetPicture, new: SheetPicture) -> Iterator[tuple[int, int]]:
    for place in sorted(old.cells.keys() | new.cells.keys()):
        mine, its = old.cells.get(place, BLANK), new.cells.get(place, BLANK)
        if mine != its and not same_content(mine, its):
            yield place


def _added(one: Resized) -> Iterator[tuple[int, int]]:
    """The cells of the rows by which a table grows: all are written, for Excel may put formulas there."""
    for row in range(one.before.last_row + 1, one.after.last_row + 1):
        for column in range(one.after.first_col, one.after.last_col + 1):
            yield row, column


def _runs(name: str, sheet: SheetPicture, places: set[tuple[int, int]]) -> Iterator[Run]:
    """The places as runs down each column; a formula and a value are never in one."""
    column_wise = sorted((column, row) for row, column in places)
    start = 0
    for at, (here, there) in enumerate(pairwise([*column_wise, (0, 0)]), 1):
        mine, its = sheet.at(here[1], here[0]), sheet.at(there[1], there[0])
        goes_on = here[0] == there[0] and here[1] + 1 == there[1]
        if not goes_on or (mine.formula is None) != (its.formula is None):
            cells = column_wise[start:at]
            yield Run(name, here[0], cells[0][1], tuple(sheet.at(row, column) for column, row in cells))
            start = at


def _refuse_moves(before: Picture, after: Picture) -> None:
    """Raise where something stands elsewhere than it did."""
    for name, table in before.tables.items():
        new = after.tables.get(name)
        if new is None or (new.sheet, new.first_row, new.first_col) != (
            table.sheet,
            table.first_row,
            table.first_col,
        ):
            raise _moved(table, name)
        if new.last_row > table.last_row and (what := _below(before, after, table)):
            raise _moved(table, what)
    if any(after.drawings.get(part) != data for part, data in before.drawings.items()):
        raise _moved(None, "a chart or picture")


def _below(before: Picture, after: Picture, table: TableInfo) -> str | None:
    """What stood below a table that grows and is not there any more."""
    old, new = before.sheets[table.sheet], after.sheets[table.sheet]
    others = [one.area for one in before.tables.values() if one.sheet == table.sheet and one != table]
    for row, column in _unlike(old, new):
        inside = any(
            one.first_row <= row <= one.last_row and one.first_column <= column <= one.last_column
            for one in others
        )
        if row > table.last_row and not inside and old.at(row, column) != BLANK:
            return address(row, column)
    return None


def _moved(table: TableInfo | None, what: str) -> WorkbookError:
    where = f" below the table '{table.name}' on the tab '{table.sheet}'" if table else ""
    return WorkbookError(
        f"Rows must be put in for what is to be written, and {what}{where} would be moved. That is not done "
        "while the tracker is open: save it, close it in Excel, and run the command again without --live. "
        "Nothing was written."
    )
