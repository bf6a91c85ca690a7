"""What an owner writes beside a table's rows goes with them, or is told of."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from openpyxl import load_workbook

from lscb_workbook.ooxml import Remark, Value, Workbook

Line = tuple[str, str, Value]


def listed(*lines: Line, formula: str = "", formulas: tuple[str, ...] = ()) -> Workbook:
    """A list of things in B3:E..., with a column of the owner's at its end."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        headings: list[dict[str, str]] = [{"header": "Kind"}, {"header": "What"}, {"header": "Mine"}]
        if formula:
            headings[2]["formula"] = formula
        sheet.add_table(2, 1, 2 + len(lines), 3, {"name": "Things", "columns": headings, "data": list(lines)})
        for row, one in enumerate(formulas, start=3):
            if one:
                sheet.write_formula(row, 3, one, None, 0)
    return Workbook.open(raw.getvalue())


def rows(*pairs: tuple[str, str]) -> list[dict[str, Value]]:
    return [{"Kind": kind, "What": what} for kind, what in pairs]


KEYS = (("Kind", "What"), ("Kind",))


def beside(book: Workbook) -> dict[str, object]:
    """What stands in the owner's column, by what stands in ``What``."""
    sheet = load_workbook(io.BytesIO(book.to_bytes()))["List"]
    last = book.tables["Things"].last_row
    return {str(sheet.cell(row, 3).value): sheet.cell(row, 4).value for row in range(4, last + 1)}


def test_a_remark_goes_with_the_row_that_its_key_tells_apart() -> None:
    book = listed(("error", "a", "on a"), ("error", "b", "on b"), ("info", "c", "on c"))
    new = rows(("info", "c"), ("error", "b"), ("error", "a"), ("error", "d"))
    assert book.left_by("Things", new, keys=KEYS) == []
    book.fill("Things", new, keys=KEYS)
    assert beside(book) == {"a": "on a", "b": "on b", "c": "on c", "d": None}


def test_a_row_said_a_little_otherwise_is_the_same_where_there_is_just_one() -> None:
    book = listed(("missed", "3 days late", "rang them"), ("error", "a", "on a"), ("error", "b", ""))
    new = rows(("missed", "9 days late"), ("error", "c"))
    assert [one.text for one in book.left_by("Things", new, keys=KEYS)] == ["on a"]
    book.fill("Things", new, keys=KEYS)
    assert [one.text for one in book.left] == ["on a"]
    assert beside(book) == {"9 days late": "rang them", "c": None}


def test_what_loses_its_row_is_told_with_what_it_stood_beside() -> None:
    book = listed(("error", "a", "on a"), ("info", "b", 42))
    assert book.left_by("Things", rows(("error", "c")), keys=KEYS[:1]) == [
        Remark("List", "Things", "Mine", "error, a", "on a"),
        Remark("List", "Things", "Mine", "info, b", "42"),
    ]


def test_a_list_that_becomes_empty_is_no_reason_to_lose_a_remark() -> None:
    book = listed(("error", "a", "on a"))
    said = [one.text for one in book.left_by("Things", [], keys=KEYS, headings=("Kind", "What"))]
    assert said == ["on a"]


def test_two_rows_that_say_the_same_keep_their_remarks_in_their_order() -> None:
    book = listed(("error", "a", "first"), ("error", "a", "second"))
    new = rows(("error", "a"), ("error", "a"))
    book.fill("Things", new, keys=KEYS)
    sheet = load_workbook(io.BytesIO(book.to_bytes()))["List"]
    assert [sheet["D4"].value, sheet["D5"].value] == ["first", "second"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_calculated_column_is_calculated_in_every_row(count: int) -> None:
    book = listed(("x", "a", None), ("x", "b", None), formula="=LEN(Things[[#This Row],[What]])")
    new = rows(*(("x", f"row {n}") for n in range(count)))
    assert book.left_by("Things", new) == []
    book.fill("Things", new)
    book.append("Things", rows(("x", "last")))
    formula = "=LEN(Things[[#This Row],[What]])"
    assert beside(book) == {**{f"row {n}": formula for n in range(count)}, "last": formula}


OWN = ("=LEN(C4)&ROWS($C$4:$C$5)", "=LEN(C5)&ROWS($C$4:$C$5)")


def test_a_calculated_column_that_means_its_row_by_address_means_each_row_its_own() -> None:
    book = listed(("x", "a", None), ("x", "b", None), formula=OWN[0], formulas=OWN)
    book.append("Things", rows(("x", "c"), ("x", "d")))
    book.append("Things", rows(("x", "e")))
    assert beside(book) == {n: f"=LEN(C{row})&ROWS($C$4:$C$8)" for row, n in enumerate("abcde", start=4)}
    reopened = Workbook.open(book.to_bytes())
    assert reopened.tables["Things"].formulas == {"Mine": "LEN(C4)&ROWS($C$4:$C$8)"}


@pytest.mark.parametrize("formula", [OWN[0], ""])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_formulas_beside_a_list_that_is_filled_anew_follow_it(formula: str, count: int) -> None:
    book = listed(("x", "a", None), ("x", "b", None), formula=formula, formulas=OWN)
    names = "pqrs"[:count]
    book.fill("Things", rows(*(("x", name) for name in names)))
    last = 3 + count
    assert beside(book) == {n: f"=LEN(C{row})&ROWS($C$4:$C${last})" for row, n in enumerate(names, start=4)}


def test_a_column_of_formulas_is_continued_as_excel_would() -> None:
    book = listed(("x", "a", None), ("x", "b", None), formulas=("=LEN(C4)&$A$1", "=LEN(C5)&$A$1"))
    book.fill("Things", rows(*(("x", name) for name in "pqrs")))
    assert beside(book) == {name: f"=LEN(C{row})&$A$1" for row, name in enumerate("pqrs", start=4)}


def test_a_formula_beside_one_row_goes_with_it_and_reads_the_same_cells_of_it() -> None:
    book = listed(("x", "a", None), ("x", "b", "typed"), formulas=("=LEN(C4)*$B$1+Other!A4", ""))
    book.fill("Things", rows(("x", "z"), ("x", "b"), ("x", "a")), keys=KEYS[:1])
    assert beside(book) == {"z": None, "b": "typed", "a": "=LEN(C6)*$B$1+Other!A6"}
