"""The columns of a sheet in which text is wrapped, so that rows can be made high enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lscb_workbook.ooxml.formats import DEFAULT_WIDTH, Format, column_widths
from lscb_workbook.ooxml.relationships import parsed
from lscb_workbook.ooxml.sheets import Sheet
from lscb_workbook.ooxml.tables import TableInfo

__all__ = ["Look", "looks"]


class Look(NamedTuple):
    """A column in which text is wrapped: its width in Excel's units, and its cells' format."""

    column: int
    width: float
    format: Format


def looks(sheet: Sheet, tables: Iterable[TableInfo], formats: Sequence[Format]) -> list[Look]:
    """The columns of a sheet's tables in which text is wrapped, going by the first row of each."""
    plain = re.sub(rb"(</?)\w+:", rb"\1", sheet.columns)
    widths = column_widths(parsed(plain, "of a sheet's columns") if plain else None)
    found = []
    for table in tables:
        for column in range(table.first_col, table.last_col + 1):
            style = int(sheet.style(table.first_row, column) or 0)
            if style < len(formats) and formats[style].wraps:
                found.append(Look(column, widths.get(column, DEFAULT_WIDTH), formats[style]))
    return found
