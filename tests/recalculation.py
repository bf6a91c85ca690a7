"""Every formula of a workbook, as LibreOffice calculates it again, beside the value it is stored with."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

from conformance import convert
from openpyxl import load_workbook

__all__ = ["recalculated"]


def recalculated(master: Path, folder: Path) -> tuple[Counter[str], list[str]]:
    """How many formulas each sheet has, and where one comes out other than it is stored."""
    again = load_workbook(convert(master, "xlsx", folder, recalculate=True), data_only=True)
    shown, formulas = load_workbook(master, data_only=True), load_workbook(master)
    compared: Counter[str] = Counter()
    wrong = []
    for page in formulas:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    compared[page.title] += 1
                    here = shown[page.title][cell.coordinate].value
                    there = again[page.title][cell.coordinate].value
                    if not _same(here, there):
                        wrong.append(f"{page.title} {cell.coordinate}: {here!r}, not {there!r}: {cell.value}")
    return compared, wrong


def _same(here: object, there: object) -> bool:
    """Whether two shown values are one: blank and empty text alike, numbers but for rounding."""
    if isinstance(here, int | float) and isinstance(there, int | float):
        return math.isclose(here, there, abs_tol=1e-9)
    return ("" if here is None else here) == ("" if there is None else there)
