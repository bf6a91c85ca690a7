"""Tables that hold one action each, its headings down the left side, turned to stand as others do."""

from __future__ import annotations

from dataclasses import replace

from lscb_workbook.plan.reading.headings import Role, heading_role, heading_roles
from lscb_workbook.plan.reading.sources import SourceRow, SourceTable

__all__ = ["upright"]

_FEWEST = 3
"""Headings down the first column, among them the action's own."""


def upright(table: SourceTable) -> SourceTable:
    """A table whose first column holds the headings, as one of two rows: the headings, and what stands beside
    each, its cells one below the other. Any other table as it is."""
    rows = [row for row in table.rows if row.filled]
    if any(heading_roles(row.cells, surely=True) for row in rows):
        return table
    roles = [heading_role(row.cells[0]) if row.cells[0].strip() else None for row in rows]
    known = [role for role in roles if role]
    beside = all(len(row.filled) <= 2 for row in rows)
    if not beside or len(known) != len(set(known)) or len(known) < _FEWEST or Role.TEXT not in known:
        return table
    if len(known) * 2 <= len(rows):
        return table
    place = rows[0].place
    heads = SourceRow(place, tuple(row.cells[0] for row in rows))
    said = tuple("\n".join(filter(str.strip, row.cells[1:])) for row in rows)
    fills = tuple(next(filter(None, row.fills[1:]), "") for row in rows)
    return replace(table, rows=(heads, SourceRow(place, said, fills=fills)))
