"""What a manager put into a cell that reads as blank is never written over without a word."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tracking import AS_AT, CHAIR, copy_of, fill_in, issued_tracker

import lscb_workbook as lw


@pytest.mark.parametrize("formula", ["=Mine!A1", "=NA()", '=""'])
def test_a_formula_that_shows_nothing_stops_what_would_write_over_it(formula: str, tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    book = load_workbook(master)
    book.create_sheet("Mine")["A1"] = "hers"
    sheet = book["Plan"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    row = next(r for r in range(5, sheet.max_row + 1) if sheet.cell(r, 1).value == "6.1")
    sheet.cell(row, heads["Commentary"]).value = formula
    book.save(master)
    before = master.read_bytes()
    said = fill_in(copy_of(copies, CHAIR), tmp_path / "in" / "r.xlsx", {("6.1", "Commentary"): "Done."})
    with pytest.raises(lw.WorkbookError, match=rf"Cell [A-Z]+{row} of the tab 'Plan' .* holds a formula"):
        lw.merge(master, [said], as_at=AS_AT)
    assert master.read_bytes() == before
    other = fill_in(
        copy_of(copies, CHAIR), tmp_path / "in" / "o.xlsx", {("6.1", "Evidence of impact"): "Ten."}
    )
    lw.merge(master, [other], as_at=AS_AT)
    with zipfile.ZipFile(master) as package:
        sheets = b"".join(package.read(name) for name in package.namelist() if "worksheets/sheet" in name)
    assert formula[1:].encode() in sheets
