"""Tables that stand side by side in one, as on a sheet, known by headings that are there once more."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from lscb_workbook.plan.reading.headings import heading_roles
from lscb_workbook.plan.reading.sources import SourceRow, SourceTable
from lscb_workbook.plan.reading.wording import one_line

__all__ = ["side_by_side"]

_HEADINGS = 2
"""The fewest headings of a table of its own."""


def side_by_side(table: SourceTable) -> tuple[SourceTable, ...]:
    """The tables that a table is made of, from the left; itself where it is one. No cell is left out."""
    cuts = next((cuts for row in table.rows if (cuts := _cuts(row))), [])
    if not cuts:
        return (table,)
    edges = [0, *cuts, max(len(row.cells) for row in table.rows)]
    return tuple(
        replace(
            table,
            rows=tuple(
                replace(row, cells=row.cells[left:right], fills=row.fills[left:right]) for row in table.rows
            ),
        )
        for left, right in pairwise(edges)
    )


def _cuts(row: SourceRow) -> list[int]:
    """Where a row of headings begins again; empty where it does not."""
    places = [at for at, cell in enumerate(row.cells) if cell.strip()]
    named = [one_line(row.cells[at]).casefold() for at in places]
    for width in range(_HEADINGS, len(named) // 2 + 1):
        again = len(named) % width == 0 and named == named[:width] * (len(named) // width)
        if again and heading_roles(row.cells[: places[width]]):
            return places[width::width]
    return []
