"""Every formula of a workbook, as LibreOffice calculates it again, beside the value it is stored with."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from conformance import convert, each_sheet
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

__all__ = ["Cells", "cells_of", "recalculated", "shown"]


Cells = Callable[[str, str], object]
"""What the cells of a workbook show, by sheet and address; None for a blank one."""


def cells_of(workbook: Path) -> Cells:
    book = CalamineWorkbook.from_path(workbook)
    return _within(
        {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    )


def shown(masters: Sequence[Path], folder: Path) -> list[Cells]:
    """The same as text, of workbooks of different names that are calculated again."""
    made = each_sheet(masters, folder, recalculate=True)
    return [_within({name: _rows(path) for name, path in sheets.items()}) for sheets in made]


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _within(grids: Mapping[str, Sequence[Sequence[object]]]) -> Cells:
    def cell(sheet: str, address: str) -> object:
        row, column = coordinate_to_tuple(address)
        line = grids[sheet][row - 1] if row <= len(grids[sheet]) else []
        value = line[column - 1] if column <= len(line) else ""
        return None if value == "" else value

    return cell


def recalculated(master: Path, folder: Path) -> tuple[Counter[str], list[str]]:
    """How many formulas each sheet has, and where one comes out other than it is stored."""
    there, here = cells_of(convert(master, "xlsx", folder, recalculate=True)), cells_of(master)
    compared: Counter[str] = Counter()
    wrong = []
    for page in load_workbook(master):
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    compared[page.title] += 1
                    stored, again = here(page.title, cell.coordinate), there(page.title, cell.coordinate)
                    if not _same(stored, again):
                        place = f"{page.title} {cell.coordinate}"
                        wrong.append(f"{place}: {stored!r}, not {again!r}: {cell.value}")
    return compared, wrong


def _same(here: object, there: object) -> bool:
    """Whether two shown values are one: numbers but for rounding."""
    if isinstance(here, int | float) and isinstance(there, int | float):
        return math.isclose(here, there, abs_tol=1e-9)
    return here == there
