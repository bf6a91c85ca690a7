"""Formulas keep meaning the same cells as rows are put in, and go along as they are copied."""

from __future__ import annotations

import pytest

from lscb_workbook.ooxml.references import (
    UnsureError,
    copied_formula,
    moved_areas,
    moved_formula,
    rows_put_in,
)

MOVE = rows_put_in(after=10, count=3)


@pytest.mark.parametrize(
    ("formula", "reads"),
    [
        ("A10+A11", "A10+A14"),
        ("$A$11*a12", "$A$14*a15"),
        ("SUM(A1:A10)", "SUM(A1:A10)"),
        ("SUM(A1:A20)", "SUM(A1:A23)"),
        ("SUM(A11:B20)", "SUM(A14:B23)"),
        ("SUM(11:12,9:9,A:A)", "SUM(14:15,9:9,A:A)"),
        ("Mine!A11+'Mine'!B$11", "Mine!A14+'Mine'!B$14"),
        ("Other!A11+'An other''s'!A11", "Other!A11+'An other''s'!A11"),
        ("Other!A11+A11", "Other!A11+A14"),
        ("Mine!A9:Mine!A15", "Mine!A9:Mine!A18"),
        ("[1]Mine!A11+'[2]Mine'!A11", "[1]Mine!A11+'[2]Mine'!A11"),
        ('"A11"&A11&"Mine!A11"', '"A11"&A14&"Mine!A11"'),
        ("LOG10(A11)+ATAN2(A11,1)", "LOG10(A14)+ATAN2(A14,1)"),
        ("Plan[[#This Row],[A11]]+Plan[A11]", "Plan[[#This Row],[A11]]+Plan[A11]"),
        ("AsAt11x+A11_b+_xlfn.XLOOKUP(A11,B:B,C:C)", "AsAt11x+A11_b+_xlfn.XLOOKUP(A14,B:B,C:C)"),
        ("1.5E+11*A11%", "1.5E+11*A14%"),
        ("A1048576", "A1048576"),
    ],
)
def test_a_formula_follows_the_cells_that_it_means(formula: str, reads: str) -> None:
    assert moved_formula(formula, "Mine", "Mine", MOVE) == reads


def test_only_what_means_the_sheet_is_moved() -> None:
    assert moved_formula("A11+Mine!A11+MINE!A11", "Other", "Mine", MOVE) == "A11+Mine!A14+MINE!A14"


@pytest.mark.parametrize("formula", ["SUM(First:Last!A11)", "SUM('First:Last'!A11)"])
def test_a_formula_over_a_row_of_sheets_is_not_moved(formula: str) -> None:
    with pytest.raises(UnsureError):
        moved_formula(formula, "Mine", "Mine", MOVE)


def test_lists_of_areas_are_moved() -> None:
    assert moved_areas("A1:B9 C11 $D$5:$D$12", MOVE) == "A1:B9 C14 $D$5:$D$15"


@pytest.mark.parametrize(
    ("formula", "rows", "reads"),
    [
        ("A5+$A5+A$5+$A$5", 2, "A7+$A7+A$5+$A$5"),
        ("Other!B5&Things[What]", 1, "Other!B6&Things[What]"),
        ("SUM(A5:A$9,4:$6)", -3, "SUM(A2:A$9,1:$6)"),
        ("A2", -2, "#REF!"),
        ('"A5"', 3, '"A5"'),
    ],
)
def test_a_formula_goes_along_as_it_is_copied(formula: str, rows: int, reads: str) -> None:
    assert copied_formula(formula, rows) == reads
