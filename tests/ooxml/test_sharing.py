"""Formulas that Excel writes once for several cells, where one of those cells is written over."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from openpyxl import load_workbook

from lscb_workbook.ooxml import Workbook
from lscb_workbook.ooxml.package import Package

SHEET = "xl/worksheets/sheet1.xml"


def shared(where: str, formula: str) -> bytes:
    """A table in B3:C5, and a formula that the cells of an area share, its first cell the owner."""
    raw = io.BytesIO()
    first, last = where.split(":")
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("My sheet")
        columns = [{"header": "Name"}, {"header": "Number"}]
        sheet.add_table("B3:C5", {"name": "Things", "columns": columns, "data": [["a", 1], ["b", 2]]})
        cells = [f"{letter}{row}" for letter in "CDE" for row in range(4, 9)]
        for cell in cells:
            if first[0] <= cell[0] <= last[0] and int(first[1:]) <= int(cell[1:]) <= int(last[1:]):
                sheet.write_formula(cell, f"={formula}", None, 0)
    package = Package.open(raw.getvalue())
    text = package.read(SHEET).decode()
    owner = f'<f t="shared" ref="{where}" si="3">{formula}</f>'
    head, _, rest = text.partition(f"<f>{formula}</f>")
    rest = rest.replace(f"<f>{formula}</f>", '<f t="shared" si="3"/>')
    package.replace(SHEET, (head + owner + rest).encode())
    return package.to_bytes()


def formulas(data: bytes, *cells: str) -> list[object]:
    sheet = load_workbook(io.BytesIO(data))["My sheet"]
    return [sheet[cell].value for cell in cells]


@pytest.mark.parametrize(
    ("where", "others", "read"),
    [
        ("C5:C7", ("C6", "C7"), ["=B6*$A$1+SUM(C$1:C5)+5:5", "=B7*$A$1+SUM(C$1:C6)+6:6"]),
        ("C5:E5", ("D5", "E5"), ["=C5*$A$1+SUM(D$1:D4)+4:4", "=D5*$A$1+SUM(E$1:E4)+4:4"]),
    ],
)
def test_the_others_get_the_formula_as_their_own(
    where: str, others: tuple[str, ...], read: list[str]
) -> None:
    book = Workbook.open(shared(where, "B5*$A$1+SUM(C$1:C4)+4:4"))
    book.set_cell("Things", 5, "Number", 7)
    assert formulas(book.to_bytes(), "C5", *others) == [7, *read]
    assert b"shared" not in Package.open(book.to_bytes()).read(SHEET)


def test_they_go_on_sharing_it_where_its_owner_stays() -> None:
    before = shared("C4:C7", "B4*2")
    book = Workbook.open(before)
    book.set_cell("Things", 5, "Number", 7)
    text = Package.open(book.to_bytes()).read(SHEET)
    assert text.count(b'<f t="shared" si="3"/>') == 2
    assert b'<f t="shared" ref="C4:C7" si="3">B4*2</f>' in text


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        (
            "COUNTIF($B$4:$B$5,B4)",
            ["=COUNTIF($B$4:$B$6,B4)", "=COUNTIF($B$4:$B$6,B5)", "=COUNTIF($B$4:$B$6,B6)"],
        ),
        ("SUM(C3:C4)", ["=SUM(C3:C4)", "=SUM(C4:C6)", "=SUM(C5:C6)"]),
    ],
)
def test_each_of_them_follows_the_list_that_it_is_over(formula: str, read: list[str]) -> None:
    book = Workbook.open(shared("E4:E6", formula))
    book.append("Things", [{"Name": "c", "Number": 3}])
    assert formulas(book.to_bytes(), "E4", "E5", "E6") == read
    assert b"shared" not in Package.open(book.to_bytes()).read(SHEET)
