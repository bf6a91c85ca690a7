"""Reading a workbook back: what is taken from the one before is what a reading of all of it would give."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from lscb_workbook.ooxml import Workbook
from lscb_workbook.ooxml.package import Package
from lscb_workbook.tracker.sheets import Sheets

Change = Callable[[bytes], bytes]
HEADINGS = ("Name", "Day")


def workbook(*, beside: bool = False) -> bytes:
    """Two sheets with a table each; texts are shared, and days are numbers with a format."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in ("Things", "Others"):
            sheet = book.add_worksheet(f"{name} here")
            columns = [{"header": heading} for heading in HEADINGS]
            sheet.add_table("A2:B4", {"name": name, "columns": columns})
            for row, text in enumerate(("first", "second"), start=2):
                sheet.write_string(row, 0, f"{text} of {name}")
                sheet.write_datetime(row, 1, date(2016, 9, row), day)
        if beside:
            book.define_name("Beside", "='Things here'!$E$1")
    return raw.getvalue()


def with_part(part: str, old: bytes, new: bytes) -> Change:
    def change(data: bytes) -> bytes:
        package = Package.open(data)
        said = package.read(part)
        assert old in said
        package.replace(part, said.replace(old, new))
        return package.to_bytes()

    return change


def with_rows(*names: str) -> Change:
    def change(data: bytes) -> bytes:
        book = Workbook.open(data)
        book.append("Things", [{"Name": name} for name in names])
        return book.to_bytes()

    return change


def with_cell(data: bytes) -> bytes:
    book = Workbook.open(data)
    book.set_cell("Things", 3, "Name", "another")
    return book.to_bytes()


def swapped(data: bytes) -> bytes:
    """The sheets' parts in each other's place."""
    for old, new in ((b"sheet1.xml", b"sheet0.xml"), (b"sheet2.xml", b"sheet1.xml"), (b"sheet0", b"sheet2")):
        data = with_part("xl/_rels/workbook.xml.rels", old, new)(data)
    return data


def said(sheets: Sheets) -> dict[str, list[tuple[int, list[object]]]]:
    return {
        name: [(row.number, list(row.cells)) for row in sheets.rows(name)] for name in ("Things", "Others")
    }


CHANGES: dict[str, Change] = {
    "nothing": lambda data: data,
    "a cell": with_cell,
    "rows": with_rows("third", "fourth"),
    "a text that cells share": with_part("xl/sharedStrings.xml", b"first of Things", b"last of Things"),
    "the look of days": with_part("xl/styles.xml", b'formatCode="dd/mm/yyyy"', b'formatCode="0.00"'),
    "the first day of all": with_part("xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"'),
    "which sheet is which": swapped,
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_became_of_a_workbook_reads_as_it_does_alone(what: str) -> None:
    before = Sheets(workbook())
    said(before)
    after = CHANGES[what](workbook())
    assert said(Sheets(after, before=before)) == said(Sheets(after))


@pytest.mark.parametrize("what", CHANGES)
def test_it_does_so_where_the_workbook_before_was_not_read_or_was_filled_since(what: str) -> None:
    before = Sheets(workbook())
    before.book.append("Things", [{"Name": "filled since"}])
    after = CHANGES[what](workbook())
    assert said(Sheets(after, before=before)) == said(Sheets(after))


def test_rows_that_are_known_are_left_out_and_the_new_ones_are_read() -> None:
    before = Sheets(workbook())
    sheets = Sheets(with_rows("third", "fourth")(workbook()), before=before)
    assert sheets.leave_out_known("Things")
    assert [(row.number, row.text("Name")) for row in sheets.rows("Things")] == [(5, "third"), (6, "fourth")]
    assert [row.number for row in sheets.rows("Others")] == [3, 4]


def test_where_there_are_no_new_rows_none_is_left() -> None:
    before = Sheets(workbook())
    said(before)
    sheets = Sheets(workbook(), before=before)
    assert sheets.leave_out_known("Things")
    assert sheets.rows("Things") == []


@pytest.mark.parametrize(
    "what", ["a cell", "a text that cells share", "the look of days", "the first day of all"]
)
def test_rows_that_say_something_else_are_not_left_out(what: str) -> None:
    before = Sheets(workbook())
    after = CHANGES[what](with_rows("third")(workbook()))
    sheets = Sheets(after, before=before)
    assert not sheets.leave_out_known("Things")
    assert said(sheets) == said(Sheets(after))


def test_rows_are_not_left_out_where_another_thing_on_their_sheet_is_read_too() -> None:
    before = Sheets(workbook(beside=True))
    sheets = Sheets(with_rows("third")(workbook(beside=True)), before=before)
    assert not sheets.leave_out_known("Things")
    assert len(sheets.rows("Things")) == 3
