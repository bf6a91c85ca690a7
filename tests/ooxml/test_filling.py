"""Filling a workbook in place: what is asked for is there, and everything else is as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
import xlsxwriter
from conformance import convert, validator_errors
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from lscb_workbook.ooxml import Formula, PackageError, Workbook, write_atomically

Drawer = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]


def workbook(*draw: Drawer) -> bytes:
    """A workbook as a manager may have it: a table of two columns in B3:C5 of 'My sheet', and more."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("My sheet")
        wrapped = book.add_format({"text_wrap": True, "bold": True})
        sheet.add_table("B3:C5", {"name": "Things", "columns": [{"header": "Name"}, {"header": "Number"}]})
        for row, (name, number) in enumerate((("one", 1), ("two", 2)), start=3):
            sheet.write_string(row, 1, name, wrapped)
            sheet.write_number(row, 2, number)
        sheet.write_string("E1", "beside")
        for one in draw:
            one(book, sheet)
    return raw.getvalue()


def values(data: bytes, sheet: str = "My sheet") -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return list(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """A package with some of its parts as others wrote them."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as package:
        for name, part in (parts(data) | changed).items():
            package.writestr(name, part)
    return raw.getvalue()


def rows(*pairs: tuple[str, float | None]) -> list[dict[str, str | float | None]]:
    return [{"Name": name, "Number": number} for name, number in pairs]


def body(data: bytes) -> list[list[object]]:
    """The table's rows, headings left out."""
    info = Workbook.open(data).tables["Things"]
    found = [line[1:3] for line in values(data)[info.first_row - 1 : info.last_row]]
    return found + [["", ""]] * (info.last_row - info.first_row + 1 - len(found))


_SORTED = (
    '<autoFilter ref="B3:C5"><sortState ref="B4:C5"><sortCondition ref="C4:C5"/></sortState></autoFilter>'
)


# --- tables grow and shrink ------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_a_filled_table_holds_just_its_rows(count: int) -> None:
    book = Workbook.open(workbook())
    book.fill("Things", rows(*((f"row {n}", n) for n in range(count))))
    made = book.to_bytes()
    assert body(made) == [[f"row {n}", n] for n in range(count)]
    assert load_workbook(io.BytesIO(made))["My sheet"].tables["Things"].ref == f"B3:C{3 + count}"


def test_a_table_filled_with_nothing_keeps_one_blank_row() -> None:
    book = Workbook.open(workbook())
    book.fill("Things", [])
    assert body(book.to_bytes()) == [["", ""]]


def test_the_first_row_appended_takes_the_blank_rows_place() -> None:
    book = Workbook.open(workbook())
    book.fill("Things", [])
    book.append("Things", rows(("new", 9)))
    book.append("Things", rows(("newer", 10)))
    assert body(book.to_bytes()) == [["new", 9], ["newer", 10]]


def test_new_rows_look_like_the_first() -> None:
    book = Workbook.open(workbook())
    book.append("Things", rows(("three", 3)))
    sheet = load_workbook(io.BytesIO(book.to_bytes()))["My sheet"]
    assert sheet["B6"].font.bold
    assert sheet["B6"].alignment.wrap_text


def test_rules_drop_downs_names_and_charts_follow_the_table() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.data_validation("B4:B5", {"validate": "list", "source": ["one", "two"]})
        sheet.conditional_format("C4:C5", {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format("E4:E5", {"type": "cell", "criteria": ">", "value": 1})
        book.define_name("Numbers", "='My sheet'!$C$4:$C$5")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='My sheet'!$C$4:$C$5", "categories": "='My sheet'!$B$4:$B$5"})
        sheet.insert_chart("G2", chart)

    book = Workbook.open(workbook(draw))
    book.fill("Things", rows(("a", 1), ("b", 2), ("c & d", 3)))
    made = parts(book.to_bytes())
    sheet = made["xl/worksheets/sheet1.xml"].decode()
    assert 'sqref="B4:B6"' in sheet
    assert sheet.count("C4:C6") == 2
    assert 'sqref="E4:E5"' in sheet
    assert "$C$4:$C$6" in made["xl/workbook.xml"].decode()
    chart = made["xl/charts/chart1.xml"].decode()
    assert "$C$4:$C$6" in chart
    assert "<c:v>c &amp; d</c:v>" in chart
    assert '<c:pt idx="2"><c:v>3</c:v></c:pt>' in chart


def test_what_is_over_a_last_row_alone_stays_as_the_table_shrinks() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.conditional_format("B5:C5", {"type": "cell", "criteria": ">", "value": 1})
        sheet.print_area("B5:C5")
        book.define_name("Last", "='My sheet'!$B$5:$C$5")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='My sheet'!$B$5:$C$5"})
        sheet.insert_chart("G2", chart)

    book = Workbook.open(workbook(draw))
    book.fill("Things", rows(("a", 1)))
    made = parts(book.to_bytes())
    assert 'sqref="B5:C5"' in made["xl/worksheets/sheet1.xml"].decode()
    assert made["xl/workbook.xml"].count(b"$B$5:$C$5<") == 2
    assert b"$B$5:$C$5<" in made["xl/charts/chart1.xml"]


def test_names_with_functions_follow_and_so_do_tabs_in_other_capitals_and_charts_over_several_areas() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        book.define_name("Sum", "=SUM('My sheet'!$C$4:$C$5)&\"'My sheet'!$C$4:$C$5\"")
        book.define_name("Offset", "=OFFSET('My sheet'!$C$4,0,0,ROWS('MY SHEET'!$C$4:$C$5))")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='My sheet'!$C$4:$C$5", "categories": "='My sheet'!$B$4:$B$5"})
        sheet.insert_chart("G2", chart)

    drawn = workbook(draw)
    chart = (
        parts(drawn)["xl/charts/chart1.xml"].decode().replace("'My sheet'!$B$4:$B$5", "'MY SHEET'!$B$4:$B$5")
    )
    both = "('My sheet'!$C$4:$C$5,'My sheet'!$B$4:$B$5)"
    chart = chart.replace("'My sheet'!$C$4:$C$5", both)
    book = Workbook.open(repacked(drawn, {"xl/charts/chart1.xml": chart.encode()}))
    book.append("Things", rows(("three", 3)))
    made = parts(book.to_bytes())
    names = unescape(made["xl/workbook.xml"].decode())
    assert "SUM('My sheet'!$C$4:$C$6)&\"'My sheet'!$C$4:$C$5\"<" in names
    assert "OFFSET('My sheet'!$C$4,0,0,ROWS('MY SHEET'!$C$4:$C$6))<" in names
    chart = made["xl/charts/chart1.xml"].decode()
    assert both.replace("$5", "$6") in chart
    assert "'MY SHEET'!$B$4:$B$6" in chart
    assert chart.count("<c:v>three</c:v>") == 1
    assert '<c:ptCount val="6"/>' in chart


def test_formulas_of_a_tables_columns_follow_another_table_and_so_do_those_beside_its_new_rows() -> None:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        columns = [
            {"header": "Only"},
            {"header": "Mine", "formula": "=SUM($C$4:$C$5)"},
        ]
        sheet.add_table("G13:H14", {"name": "Other", "columns": columns, "data": [["here"]]})

    book = Workbook.open(workbook(draw))
    book.append("Things", rows(("three", 3)))
    book.fill("Other", [{"Only": "x"}, {"Only": "here"}])
    sheet = load_workbook(io.BytesIO(book.to_bytes()))["My sheet"]
    assert [sheet[cell].value for cell in ("H14", "H15")] == ["=SUM($C$4:$C$6)"] * 2
    assert sheet.tables["Other"].tableColumns[1].calculatedColumnFormula.attr_text == "SUM($C$4:$C$6)"


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_table_that_is_sorted_and_has_a_comment_grows_whatever_it_is_written_in(code: str) -> None:
    part = parts(workbook())["xl/tables/table1.xml"].decode()
    part = re.sub(r'<autoFilter ref="[^"]*"/>', _SORTED, part).replace("<table ", '<table comment="a > b" ')
    part = part.replace("UTF-8", code.upper())
    book = Workbook.open(repacked(workbook(), {"xl/tables/table1.xml": part.encode(code)}))
    book.append("Things", rows(("three", 3)))
    table = load_workbook(io.BytesIO(book.to_bytes()))["My sheet"].tables["Things"]
    sorts = table.autoFilter.sortState
    assert (table.ref, table.autoFilter.ref) == ("B3:C6", "B3:C6")
    assert (sorts.ref, sorts.sortCondition[0].ref) == ("B4:C6", "C4:C6")


def grown(data: bytes, *, below: bool = False) -> bytes:
    """A workbook whose table has a row more, with room made for it above what stands below."""
    book = Workbook.open(data)
    book.append("Things", rows(("three", 3)))
    if below:
        book.append("Things", rows(*((str(n), n) for n in range(4))))
    return book.to_bytes()


def with_note_below(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write_string("B8", "my note")


@pytest.mark.parametrize("below", [False, True])
def test_formulas_written_as_character_data_follow_as_others_do(below: bool) -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula("E2", 'SUM(C4:C5)&"<"&B8')
        sheet.write_string("E3", "as it was")
        with_note_below(book, sheet)

    data = workbook(draw)
    part = parts(data)["xl/worksheets/sheet1.xml"].decode()
    written = part.replace("&lt;", "<").replace('SUM(C4:C5)&amp;"<"&amp;B8', '<![CDATA[SUM(C4:C5)&"<"&B8]]>')
    assert written != part
    made = grown(repacked(data, {"xl/worksheets/sheet1.xml": written.encode()}), below=below)
    sheet = load_workbook(io.BytesIO(made))["My sheet"]
    last, note = (10, 12) if below else (6, 8)
    assert sheet["E2"].value == f'=SUM(C4:C{last})&"<"&B{note}'
    assert (sheet["E3"].value, sheet[f"B{note}"].value) == ("as it was", "my note")


@pytest.mark.parametrize("tag", ["<c>", '<c\n r="E2">', '<c s="0" r="E2">', '<c t="n" r="E2" >'])
def test_formulas_follow_however_their_cells_say_where_they_stand(tag: str) -> None:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula("E2", "SUM(C4:C5)")

    data = workbook(draw)
    part = parts(data)["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="E2">' in part
    written = part.replace('<c r="E2">', tag).encode()
    made = grown(repacked(data, {"xl/worksheets/sheet1.xml": written}))
    said = load_workbook(io.BytesIO(made))["My sheet"]["E2" if "E2" in tag else "A2"].value
    assert said == "=SUM(C4:C6)"


@pytest.mark.parametrize(
    ("cell", "calculates"),
    [
        ('<c r="C4"><f>1+1</f><v>2</v></c>', True),
        ('<c r="C4" t="e"><v>#N/A</v></c>', True),
        ("<c\n t='e' r='C4'><v>#N/A</v></c>", True),
        ('<c r="C4"><!-- <f>1+1</f> --><v>2</v></c>', False),
        ('<c r="C4" t="inlineStr"><is><t> t="e"</t></is></c>', False),
    ],
)
def test_a_cell_with_a_formula_or_an_error_is_told_from_others(cell: str, calculates: bool) -> None:
    part = parts(workbook())["xl/worksheets/sheet1.xml"].decode()
    written = re.sub(r'<c r="C4".*?</c>', cell, part)
    assert written != part
    book = Workbook.open(repacked(workbook(), {"xl/worksheets/sheet1.xml": written.encode()}))
    assert book.formula_or_error("Things", 4, "Number") == ("C4" if calculates else None)
    assert book.formula_or_error("Things", 5, "Number") is None


def test_whole_rows_that_a_formula_is_over_move_as_rows_are_put_in() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        other = book.add_worksheet("Other")
        other.write_formula("A1", "SUM('My sheet'!4:5)+COUNTA('My sheet'!$8:$9)")
        book.define_name("Whole", "='My sheet'!$8:$8")
        with_note_below(book, sheet)

    book = load_workbook(io.BytesIO(grown(workbook(draw), below=True)))
    assert book["Other"]["A1"].value == "=SUM('My sheet'!4:5)+COUNTA('My sheet'!$12:$13)"
    assert book.defined_names["Whole"].attr_text == "'My sheet'!$12:$12"


def selected(data: bytes, cells: str, active: str) -> bytes:
    part = parts(data)["xl/worksheets/sheet1.xml"].decode()
    chosen = f'<selection activeCell="{active}" sqref="{cells}"/>'
    part = re.sub(r"(<sheetView [^>]*?)/>", rf"\1>{chosen}</sheetView>", part)
    assert chosen in part
    return repacked(data, {"xl/worksheets/sheet1.xml": part.encode()})


def test_cells_that_are_selected_stay_so_as_a_table_grows_shrinks_and_moves_what_is_below() -> None:
    def selection(data: bytes) -> tuple[str, str]:
        [one] = load_workbook(io.BytesIO(data))["My sheet"].sheet_view.selection
        return one.sqref, one.activeCell

    whole = selected(workbook(with_note_below), "B4:C5", "C5")
    assert selection(grown(whole)) == ("B4:C5", "C5")
    book = Workbook.open(whole)
    book.fill("Things", rows(("only", 1)))
    assert selection(book.to_bytes()) == ("B4:C5", "C5")
    note = selected(workbook(with_note_below), "B8", "B8")
    assert selection(grown(note, below=True)) == ("B12", "B12")


def test_names_follow_in_a_workbook_written_in_utf_16() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        book.define_name("Numbers", "='My sheet'!$C$4:$C$5")
        book.define_name("Note", "='My sheet'!$B$8")
        with_note_below(book, sheet)

    data = workbook(draw)
    names = (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    )
    in_utf_16 = {
        name: parts(data)[name].decode().replace("UTF-8", "UTF-16").encode("utf-16") for name in names
    }
    for below, reads in ((False, ("$C$6", "$B$8")), (True, ("$C$10", "$B$12"))):
        made = load_workbook(io.BytesIO(grown(repacked(data, in_utf_16), below=below)))
        assert made.defined_names["Numbers"].attr_text == f"'My sheet'!$C$4:{reads[0]}"
        assert made.defined_names["Note"].attr_text == f"'My sheet'!{reads[1]}"
    book = Workbook.open(repacked(data, in_utf_16))
    book.recalculate_on_load()
    assert load_workbook(io.BytesIO(book.to_bytes())).calculation.fullCalcOnLoad
    kept = parts(Workbook.open(repacked(data, in_utf_16)).to_bytes())
    assert all(kept[name] == in_utf_16[name] for name in names)


def test_what_stands_below_a_table_is_never_written_over() -> None:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_string("B8", "my note")

    data = workbook(draw)
    book = Workbook.open(data)
    book.fill("Things", rows(*((str(n), n) for n in range(9))))
    assert [line[1] for line in values(book.to_bytes())[3:15]] == [*map(str, range(9)), "", "", "my note"]
    book.fill("Things", rows(("only", 1)))
    assert [line[1] for line in values(book.to_bytes())[3:15]] == ["only", *[""] * 10, "my note"]


def test_tables_side_by_side_do_not_touch_each_other() -> None:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.add_table("G3:G4", {"name": "Other", "columns": [{"header": "Only"}], "data": [["here"]]})

    book = Workbook.open(workbook(draw))
    book.fill("Things", rows(("a", 1), ("b", 2), ("c", 3), ("d", 4)))
    book.fill("Other", [{"Only": "x"}, {"Only": "y"}])
    made = values(book.to_bytes())
    assert [line[6] for line in made[3:5]] == ["x", "y"]
    assert [line[1] for line in made[3:7]] == ["a", "b", "c", "d"]


def test_a_column_of_the_owners_own_stays_with_its_row() -> None:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("My sheet")
        columns = [{"header": "Name"}, {"header": "Number"}, {"header": "Mine"}]
        data = [["one", 1, "note on one"], ["two", 2, "note on two"]]
        sheet.add_table("B3:D5", {"name": "Things", "columns": columns, "data": data})
    filled = Workbook.open(raw.getvalue())
    filled.fill("Things", rows(("two", 20), ("three", 30), ("one", 10)))
    assert [line[1:4] for line in values(filled.to_bytes())[3:6]] == [
        ["two", 20, "note on two"],
        ["three", 30, ""],
        ["one", 10, "note on one"],
    ]


def test_blank_cells_and_rows_are_filled_like_any_other() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        grey = book.add_format({"bg_color": "#DDDDDD"})
        sheet.add_table("B10:C14", {"name": "Blank", "columns": [{"header": "Name"}, {"header": "Number"}]})
        for row in (10, 11, 12):
            sheet.set_row(row, 20, grey)
        for column in (1, 2, 3):
            sheet.write_blank(10, column, None, grey)

    book = Workbook.open(workbook(draw))
    book.fill("Blank", rows(("a", 1), ("b", 2)))
    again = Workbook.open(book.to_bytes())
    again.fill("Blank", rows(("c", 3), ("d", 4), ("e", 5)))
    assert [line[1:3] for line in values(again.to_bytes())[10:13]] == [["c", 3], ["d", 4], ["e", 5]]


def test_a_formula_in_a_column_of_the_owners_own_stays_in_its_place() -> None:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("My sheet")
        columns = [{"header": "Name"}, {"header": "Number"}, {"header": "Mine"}]
        sheet.add_table("B3:D5", {"name": "Things", "columns": columns, "data": [["one", 1], ["two", 2]]})
        for row in (4, 5):
            sheet.write_formula(f"D{row}", f"=C{row}*2", None, 0)
    filled = Workbook.open(raw.getvalue())
    filled.fill("Things", rows(("two", 20), ("one", 10)))
    made = load_workbook(io.BytesIO(filled.to_bytes()))["My sheet"]
    assert [made[f"D{row}"].value for row in (4, 5)] == ["=C4*2", "=C5*2"]


# --- values ----------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    book = Workbook.open(workbook())
    book.set_cell("Things", 4, "Name", text)
    assert values(book.to_bytes())[3][1] == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "\t=x", "<b>&amp;", "_x0041_"]
)
def test_what_looks_like_a_formula_or_markup_is_text(text: str) -> None:
    book = Workbook.open(workbook())
    book.set_cell("Things", 4, "Name", text)
    made = book.to_bytes()
    assert b"<f" not in parts(made)["xl/worksheets/sheet1.xml"]
    assert values(made)[3][1] == text


def test_days_are_true_days_in_either_date_system() -> None:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True, "date_1904": True}) as book:
        form = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("My sheet")
        sheet.add_table("B3:C4", {"name": "Things", "columns": [{"header": "Name"}, {"header": "Number"}]})
        sheet.write_datetime("C4", datetime(2000, 1, 1), form)
    filled = Workbook.open(raw.getvalue())
    filled.set_cell("Things", 4, "Number", date(2016, 8, 31))
    assert values(filled.to_bytes())[3][2] == date(2016, 8, 31)


def test_a_formula_shows_its_cached_value_until_it_is_calculated() -> None:
    book = Workbook.open(workbook())
    book.set_cell("Things", 4, "Number", Formula("SUM(1,2)", 3))
    made = book.to_bytes()
    assert values(made)[3][2] == 3
    assert load_workbook(io.BytesIO(made))["My sheet"]["C4"].value == "=SUM(1,2)"


def test_a_text_longer_than_a_cell_holds_is_refused() -> None:
    book = Workbook.open(workbook())
    book.set_cell("Things", 4, "Name", "x" * 32_768)
    with pytest.raises(PackageError, match="longer than"):
        book.to_bytes()


def test_a_row_is_made_high_enough_for_its_text_unless_its_height_was_fixed() -> None:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.set_row(4, 50)

    book = Workbook.open(workbook(draw))
    for row in (4, 5):
        book.set_cell("Things", row, "Name", "many words " * 30)
    sheet = load_workbook(io.BytesIO(book.to_bytes()))["My sheet"]
    assert sheet.row_dimensions[4].height > 200
    assert sheet.row_dimensions[5].height < 60


# --- names, properties, settings -------------------------------------------------------------


def test_a_named_cell_is_set_wherever_it_is() -> None:
    def draw(book: xlsxwriter.Workbook, _: xlsxwriter.worksheet.Worksheet) -> None:
        book.define_name("AsAt", "='My sheet'!$H$9")

    book = Workbook.open(workbook(draw))
    book.set_name("AsAt", "here")
    assert values(book.to_bytes())[8][7] == "here"


def test_a_missing_table_column_or_name_is_said_to_be_missing() -> None:
    book = Workbook.open(workbook())
    with pytest.raises(PackageError, match="no table 'None'"):
        book.fill("None", [])
    with pytest.raises(PackageError, match="no column 'None'"):
        book.set_cell("Things", 4, "None", 1)
    with pytest.raises(PackageError, match="no cell named 'None'"):
        book.set_name("None", 1)


def test_properties_are_set_again_and_keep_their_others() -> None:
    def draw(book: xlsxwriter.Workbook, _: xlsxwriter.worksheet.Worksheet) -> None:
        book.set_custom_property("Mine", 7)

    book = Workbook.open(workbook(draw))
    for text in ("first", 'a <"b"> & c'):
        book.set_properties({"ours": text})
    made = Workbook.open(book.to_bytes())
    assert made.properties == {"Mine": "7", "ours": 'a <"b"> & c'}


def test_sheets_are_hidden_but_never_all_of_them() -> None:
    def draw(book: xlsxwriter.Workbook, _: xlsxwriter.worksheet.Worksheet) -> None:
        book.add_worksheet("Second")

    book = Workbook.open(workbook(draw))
    book.hide_sheets(["My sheet"])
    made = load_workbook(io.BytesIO(book.to_bytes()))
    assert [made[name].sheet_state for name in made.sheetnames] == ["hidden", "visible"]
    assert made.active.title == "Second"
    with pytest.raises(PackageError, match="at least one"):
        Workbook.open(workbook()).hide_sheets(["My sheet"])


# --- everything else stands ------------------------------------------------------------------


def rich(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """What openpyxl would drop, and more."""
    sheet.add_sparkline("F4", {"range": "'My sheet'!C4:C5"})
    sheet.insert_textbox("G9", "the manager's own words")
    sheet.write_comment("E1", "a note")
    sheet.write_dynamic_array_formula("H1", "=SORT(C4:C5)")
    sheet.conditional_format("H4:H9", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    other = book.add_worksheet("Other")
    other.write_formula("A1", "=SUM('My sheet'!C4:C5)", None, 3)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Other!$A$1:$A$3"})
    other.insert_chart("C3", chart)


def test_parts_that_are_not_touched_keep_their_bytes() -> None:
    before = workbook(rich)
    book = Workbook.open(before)
    book.set_cell("Things", 4, "Name", "changed")
    after = parts(book.to_bytes())
    changed = {name for name, data in parts(before).items() if after.get(name) != data}
    assert changed == {"xl/worksheets/sheet1.xml"}


def test_within_a_sheet_only_the_cell_and_its_row_change() -> None:
    before = workbook(rich)
    book = Workbook.open(before)
    book.set_cell("Things", 5, "Number", 7)
    old = parts(before)["xl/worksheets/sheet1.xml"].decode()
    new = parts(book.to_bytes())["xl/worksheets/sheet1.xml"].decode()
    start = old.index('<row r="5"')
    assert new.startswith(old[:start])
    assert new.endswith(old[old.index("</row>", start) :])


def test_a_row_filled_with_what_it_says_keeps_its_bytes_and_its_height() -> None:
    book = Workbook.open(workbook())
    book.fill("Things", rows(("one", 1), ("two", 2)))
    data = book.to_bytes()
    by_hand = parts(data)["xl/worksheets/sheet1.xml"].replace(b'<row r="4"', b'<row r="4" ht="77"', 1)
    book = Workbook.open(repacked(data, {"xl/worksheets/sheet1.xml": by_hand}))
    book.fill("Things", rows(("one", 1), ("other", 2)))
    made = parts(book.to_bytes())["xl/worksheets/sheet1.xml"]
    kept = by_hand[by_hand.index(b'<row r="4"') : by_hand.index(b'<row r="5"')]
    assert kept in made
    assert b"other" in made


@pytest.mark.parametrize(("filled", "kept"), [("Theirs", False), ("Others", True)])
def test_a_chart_is_touched_only_where_its_own_sheet_was(filled: str, kept: bool) -> None:
    def draw(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        its = book.add_worksheet("It's & theirs")
        its.add_table("A1:A2", {"name": "Theirs", "columns": [{"header": "Number"}]})
        book.add_worksheet("Elsewhere").add_table(
            "A1:A2", {"name": "Others", "columns": [{"header": "Number"}]}
        )
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": ["It's & theirs", 1, 0, 1, 0]})
        sheet.insert_chart("G2", chart)

    data = workbook(draw)
    book = Workbook.open(data)
    book.fill(filled, [{"Number": 7}])
    made = parts(book.to_bytes())["xl/charts/chart1.xml"]
    assert (made == parts(data)["xl/charts/chart1.xml"]) is kept
    assert (b"<c:v>7</c:v>" in made) is not kept


def test_a_table_is_found_by_its_name_however_its_part_is_written() -> None:
    data = workbook()
    table = parts(data)["xl/tables/table1.xml"]
    in_utf_16 = table.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    book = Workbook.open(repacked(data, {"xl/tables/table1.xml": in_utf_16}))
    assert book.tables["Things"] == Workbook.open(data).tables["Things"]


def test_a_table_that_cannot_be_read_is_said_to_be_damaged() -> None:
    torn = parts(workbook())["xl/tables/table1.xml"][:-9]
    book = Workbook.open(repacked(workbook(), {"xl/tables/table1.xml": torn}))
    with pytest.raises(PackageError, match=r"table1\.xml cannot be read"):
        book.fill("Things", rows(("one", 1)))


def test_setting_nothing_gives_the_same_bytes_in_every_part() -> None:
    before = workbook(rich)
    assert parts(Workbook.open(before).to_bytes()) == parts(before)


def test_the_same_edits_give_the_same_bytes() -> None:
    made = []
    for _ in range(2):
        book = Workbook.open(workbook())
        book.fill("Things", rows(("a", 1)))
        made.append(book.to_bytes())
    assert made[0] == made[1]


def test_a_copy_is_a_workbook_of_its_own() -> None:
    book = Workbook.open(workbook())
    book.set_cell("Things", 4, "Name", "both")
    twin = book.copy()
    twin.set_cell("Things", 4, "Name", "twin")
    assert (body(book.to_bytes())[0][0], body(twin.to_bytes())[0][0]) == ("both", "twin")


def test_what_is_filled_conforms_and_opens_in_libreoffice(tmp_path: Path) -> None:
    book = Workbook.open(workbook(rich))
    book.fill("Things", rows(("a\x07 &<>", 1), ("b", 2), ("c\nd", None)))
    book.set_properties({"ours": "yes"})
    book.recalculate_on_load()
    path = tmp_path / "made.xlsx"
    path.write_bytes(book.to_bytes())
    assert validator_errors(path) == []
    again = convert(path, "xlsx", tmp_path / "again")
    assert [line[1] for line in values(again.read_bytes())[4:6]] == ["b", "c\nd"]


def test_a_workbook_that_libreoffice_saved_is_filled_as_well(tmp_path: Path) -> None:
    path = tmp_path / "first.xlsx"
    path.write_bytes(workbook(rich))
    book = Workbook.open(convert(path, "xlsx", tmp_path / "saved"))
    book.fill("Things", rows(("a", 1), ("b", 2), ("c", 3)))
    assert body(book.to_bytes()) == [["a", 1], ["b", 2], ["c", 3]]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(number: float) -> None:
    book = Workbook.open(workbook())
    book.set_cell("Things", 4, "Number", number)
    with pytest.raises(PackageError, match="C4"):
        book.to_bytes()


def test_properties_take_any_text_and_core_ones_are_put_in_where_they_are_missing() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as package:
        for name, data in parts(workbook()).items():
            if name == "docProps/core.xml":
                data = data.replace(b"<dc:creator></dc:creator>", b"<dc:creator/>")
            package.writestr(name, data)
    book = Workbook.open(raw.getvalue())
    book.set_properties({"ours": "a\x07b"})
    book.set_core(title="A <title>", creator="Somebody", modified=datetime(2016, 9, 1, 12))
    made = Workbook.open(book.to_bytes())
    core = load_workbook(io.BytesIO(book.to_bytes())).properties
    assert made.properties["ours"] == "a\x07b"
    assert made.core.modified == datetime(2016, 9, 1, 12)
    assert (core.title, core.creator) == ("A <title>", "Somebody")


# --- bad packages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not an Excel workbook"),
        (b"hello", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(data: bytes, says: str) -> None:
    with pytest.raises(PackageError, match=says):
        Workbook.open(data)


def test_a_part_whose_name_is_garbled_is_said_to_be_damaged() -> None:
    data = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.getinfo("xl/workbook.xml")
    data[part.header_offset + 7] |= 0x08  # its name is UTF-8, it says
    data[part.header_offset + 30] = 0xFF
    with pytest.raises(PackageError, match="damaged"):
        Workbook.open(bytes(data))


def test_a_truncated_workbook_is_said_to_be_damaged() -> None:
    with pytest.raises(PackageError, match="damaged"):
        Workbook.open(workbook()[:-200])


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    raw = io.BytesIO(workbook())
    with zipfile.ZipFile(raw, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/bomb.bin", b"\0" * 30_000_000)
    with pytest.raises(PackageError, match="unpack to"):
        Workbook.open(raw.getvalue())


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(code: str) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as package:
        for name, data in parts(workbook()).items():
            if name == "xl/workbook.xml":
                text = data.decode().replace("<workbook", '<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)
                data = text.replace("UTF-8", code).encode(code)
            package.writestr(name, data)
    with pytest.raises(PackageError, match="document type"):
        Workbook.open(raw.getvalue())


def test_rows_and_cells_without_addresses_are_read_and_filled() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as package:
        for name, data in parts(workbook()).items():
            if name == "xl/worksheets/sheet1.xml":
                text = data.decode().replace('<row r="4"', "<row").replace('<c r="C5"', "<c")
                data = text.encode()
            package.writestr(name, data)
    book = Workbook.open(raw.getvalue())
    book.set_cell("Things", 4, "Name", "changed")
    assert body(book.to_bytes()) == [["changed", 1], ["two", 2]]


# --- saving ----------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["file.xlsx"]


def test_a_place_that_cannot_be_written_is_said_and_left_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot be written"):
        write_atomically(tmp_path / "none" / "file.xlsx", b"new")
