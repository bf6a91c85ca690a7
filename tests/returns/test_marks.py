"""What returned files carry beside their values."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from conformance import convert
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from tracking import CHAIR, copy_of, issued_tracker

from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import add_part
from lscb_workbook.returns.files.marks_ods import marks_of_ods
from lscb_workbook.returns.files.marks_xls import marks_of_xls
from lscb_workbook.returns.files.marks_xlsx import fills_of_package, marks_of_package
from lscb_workbook.returns.files.opened import Marks, Merged, Spot, UnreadableError

Reader = Callable[[bytes, frozenset[str]], dict[str, Marks]]
READERS: dict[str, Reader] = {"xlsx": marks_of_package, "ods": marks_of_ods, "xls": marks_of_xls}
NONE: frozenset[str] = frozenset()
OFFICE_2017 = "http://schemas.microsoft.com/office/2017/10/relationships"
FALLBACK = (
    "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any "
    "edits to it will get removed if the file is opened in a newer version of Excel. Learn more: "
    "https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    Waiting for NELFT"
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy as issued."""
    _, copies = issued_tracker(tmp_path_factory.mktemp("issued"))
    return copy_of(copies, CHAIR)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with every mark that an officer can leave."""
    path = tmp_path_factory.mktemp("marked") / "marked.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, other = book.add_worksheet("Actions"), book.add_worksheet("Other")
    red = book.add_format({"bg_color": "#C00000"})
    sheet.write("A1", "Ref")
    sheet.write("B1", "with a\ttab")
    sheet.write_formula("C3", '=IF(A1="x;y",SUM(D1:D2),2)', None, 2)
    sheet.write_formula("C4", "=NA()", None, "#N/A")
    sheet.write_blank("F6", None, red)
    sheet.write("F7", "late", red)
    sheet.write_comment("G7", "Waiting\nfor NELFT")
    sheet.merge_range("D8:E9", "both")
    sheet.insert_textbox("I2", "In a box")
    sheet.insert_image("K2", "x.png", {"image_data": io.BytesIO(picture())})
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Actions!$D$1:$D$2"})
    sheet.insert_chart("M2", chart)
    other.write("A1", "nothing here")
    book.close()
    return path


def picture() -> bytes:
    """One red dot, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A package with parts written anew."""
    package = Package.open(data)
    for name, part in parts.items():
        package.replace(name, part)
    return package.to_bytes()


# --- copies without marks --------------------------------------------------------------------


def test_a_copy_as_issued_has_no_marks(copy: Path) -> None:
    data = copy.read_bytes()
    assert marks_of_package(data, fills_of_package(data)) == {}


@pytest.mark.parametrize("form", READERS)
def test_a_copy_that_libreoffice_saved_has_no_marks(copy: Path, tmp_path: Path, form: str) -> None:
    again = convert(copy, form, tmp_path)
    assert READERS[form](again.read_bytes(), fills_of_package(copy.read_bytes())) == {}


def test_a_copy_that_openpyxl_saved_has_no_marks(copy: Path) -> None:
    known = fills_of_package(copy.read_bytes())
    assert marks_of_package(saved(load_workbook(copy)), known) == {}


def test_the_colours_of_a_copy_are_those_of_its_cells_and_not_of_its_ratings(copy: Path) -> None:
    assert fills_of_package(copy.read_bytes()) == {"FFFBE8", "1F3864", "0B5351"}


# --- every mark, in every format -------------------------------------------------------------


@pytest.mark.parametrize("form", READERS)
def test_every_mark_that_a_format_tells_is_read(marked: Path, tmp_path: Path, form: str) -> None:
    path = marked if form == "xlsx" else convert(marked, form, tmp_path)
    found = READERS[form](path.read_bytes(), NONE)
    assert list(found) == ["Actions"]
    marks = found["Actions"]
    assert marks.notes == {Spot(7, 7): "Waiting\nfor NELFT"}
    assert marks.errors == {Spot(4, 3): "#N/A"}
    assert marks.fills == {Spot(6, 6): "C00000", Spot(7, 6): "C00000"}
    assert marks.merged == (Merged(8, 4, 9, 5),)
    assert not marks.unread
    if form != "xls":  # which tells neither
        assert marks.formulas == {Spot(3, 3): '=IF(A1="x;y",SUM(D1:D2),2)', Spot(4, 3): "=NA()"}
        assert (marks.shapes, marks.pictures) == (("In a box",), 1)
    assert marks.texts == ({Spot(1, 2): "with a\ttab"} if form == "ods" else {})


@pytest.mark.parametrize("form", READERS)
def test_a_fill_that_cells_have_as_issued_is_no_mark(marked: Path, tmp_path: Path, form: str) -> None:
    path = marked if form == "xlsx" else convert(marked, form, tmp_path)
    assert READERS[form](path.read_bytes(), frozenset({"C00000"}))["Actions"].fills == {}


# --- .xlsx -----------------------------------------------------------------------------------


def threaded(*texts: str, fallback: bool = True) -> bytes:
    """A workbook as Excel writes it, with a threaded comment and its replies on G7."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Actions")
    if fallback:
        sheet.write_comment("G7", FALLBACK, {"author": "tc={0A}"})
    sheet.write_comment("B2", "An old note")
    book.close()
    package = Package.open(out.getvalue())
    kind = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    replies = "".join(
        f'<threadedComment ref="G7" dT="2016-09-20T12:00:00.00" personId="{{01}}" id="{{0{number}}}"'
        + (' parentId="{00}"' if number else "")
        + f"><text>{text}</text></threadedComment>"
        for number, text in enumerate(texts)
    )
    comments = f'<ThreadedComments xmlns="{kind}">{replies}</ThreadedComments>'
    person = f'<personList xmlns="{kind}"><person displayName="Ann" id="{{01}}" userId="ann"/></personList>'
    for part, content, source, link, type_ in (
        (
            "threadedComments/threadedComment1",
            comments,
            "worksheets/sheet1",
            "threadedComment",
            "threadedcomments",
        ),
        ("persons/person", person, "workbook", "person", "person"),
    ):
        add_part(
            package,
            f"xl/{part}.xml",
            content.encode(),
            f"application/vnd.ms-excel.{type_}+xml",
            f"xl/{source}.xml",
            f"{OFFICE_2017}/{link}",
        )
    return package.to_bytes()


def test_a_threaded_comment_is_a_note_with_its_replies() -> None:
    notes = marks_of_package(threaded("Waiting for NELFT", "Since when?", "June"), NONE)["Actions"].notes
    assert notes == {Spot(7, 7): "Waiting for NELFT\nSince when?\nJune", Spot(2, 2): "An old note"}


def test_a_threaded_comment_that_another_program_made_a_note_of_keeps_only_its_own_words() -> None:
    package = Package.open(threaded("Waiting for NELFT"))
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    without = package.read(rels).replace(b"relationships/threadedComment", b"relationships/lost")
    notes = marks_of_package(with_parts(package.to_bytes(), {rels: without}), NONE)["Actions"].notes
    assert notes[Spot(7, 7)] == "Waiting for NELFT"


def test_a_formula_shared_by_cells_is_told_for_each() -> None:
    book = Workbook()
    book.active["C1"] = 1
    data = saved(book)
    sheet = "xl/worksheets/sheet1.xml"
    rows = (
        b'<row r="1"><c r="C1"><f t="shared" ref="C1:C2" si="0">A1*$B$1</f><v>1</v></c></row>'
        b'<row r="2"><c r="C2"><f t="shared" si="0"/><v>1</v></c><c t="e"><v>#REF!</v></c></row>'
    )
    part = Package.open(data).read(sheet)
    start, end = part.index(b"<row"), part.index(b"</sheetData>")
    marks = marks_of_package(with_parts(data, {sheet: part[:start] + rows + part[end:]}), NONE)["Sheet"]
    assert marks.formulas == {Spot(1, 3): "=A1*$B$1", Spot(2, 3): "=A2*$B$1"}
    assert marks.errors == {Spot(2, 4): "#REF!"}


@pytest.mark.parametrize(
    ("colour", "rgb"),
    [
        (Color(rgb="FF92D050"), "92D050"),
        (Color(theme=4), "4F81BD"),
        (Color(theme=0, tint=-0.15), "D9D9D9"),
        (Color(indexed=13), "FFFF00"),
    ],
)
def test_a_fill_is_told_however_its_colour_is_written(colour: Color, rgb: str) -> None:
    book = Workbook()
    book.active["F6"].fill = PatternFill("solid", fgColor=colour)
    assert marks_of_package(saved(book), NONE)["Sheet"].fills == {Spot(6, 6): rgb}


@pytest.mark.parametrize(
    "colour", [Color(rgb="FFFFFFFF"), Color(theme=0), Color(indexed=9), Color(indexed=64)]
)
def test_a_white_fill_is_no_mark(colour: Color) -> None:
    book = Workbook()
    book.active["F6"].fill = PatternFill("solid", fgColor=colour)
    assert marks_of_package(saved(book), NONE) == {}


def test_styles_that_make_no_sense_leave_the_other_marks_to_be_read(marked: Path) -> None:
    styles = Package.open(marked.read_bytes()).read("xl/styles.xml")
    odd = styles.replace(b'rgb="FFC00000"', b'rgb="scarlet"')
    assert odd != styles
    found = marks_of_package(with_parts(marked.read_bytes(), {"xl/styles.xml": odd}), NONE)
    assert found["Actions"].unread
    assert found["Other"].unread
    assert found["Actions"].notes == {Spot(7, 7): "Waiting\nfor NELFT"}
    assert found["Actions"].fills == {}


def test_notes_that_make_no_sense_leave_the_other_marks_to_be_read(marked: Path) -> None:
    found = marks_of_package(with_parts(marked.read_bytes(), {"xl/comments1.xml": b"<comments"}), NONE)
    assert found["Actions"].unread
    assert found["Actions"].errors == {Spot(4, 3): "#N/A"}


def test_the_words_of_a_button_and_of_a_stand_in_are_no_text_box(marked: Path) -> None:
    name = "xl/drawings/drawing1.xml"
    drawing = Package.open(marked.read_bytes()).read(name).decode()
    button = (
        '<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="9" name="Button"><a:extLst><a:ext uri="{63B3}">'
        '<a14:compatExt xmlns:a14="urn:a14" spid="_x0000_s1025"/></a:ext></a:extLst></xdr:cNvPr></xdr:nvSpPr>'
        "<xdr:txBody><a:p><a:r><a:t>Press</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    stand_in = (
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="sle15"/><mc:Fallback><xdr:sp>'
        "<xdr:txBody><a:p><a:r><a:t>A slicer</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    drawing = drawing.replace("</xdr:wsDr>", f"{button}{stand_in}</xdr:wsDr>")
    found = marks_of_package(with_parts(marked.read_bytes(), {name: drawing.encode()}), NONE)
    assert found["Actions"].shapes == ("In a box",)


def test_a_sheet_merged_from_end_to_end_is_read_at_once() -> None:
    book = Workbook()
    book.active.merge_cells("A1:B2")
    data = saved(book)
    sheet = "xl/worksheets/sheet1.xml"
    whole = Package.open(data).read(sheet).replace(b"A1:B2", b"A1:XFD1048576")
    began = time.monotonic()
    marks = marks_of_package(with_parts(data, {sheet: whole}), NONE)["Sheet"]
    assert marks.merged == (Merged(1, 1, 1_048_576, 16_384),)
    assert time.monotonic() - began < 1


def test_a_workbook_that_declares_a_document_type_is_unreadable(marked: Path) -> None:
    odd = b'<!DOCTYPE x [<!ENTITY a "b">]><comments/>'
    with pytest.raises(UnreadableError, match="document type"):
        marks_of_package(with_parts(marked.read_bytes(), {"xl/comments1.xml": odd}), NONE)


# --- .ods ------------------------------------------------------------------------------------

URN = "urn:oasis:names:tc:opendocument:xmlns:"
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
NAMESPACES = f'xmlns:calcext="{CALCEXT}" xmlns:fo="{URN}xsl-fo-compatible:1.0" ' + " ".join(
    f'xmlns:{prefix}="{URN}{name}:1.0"'
    for prefix, name in zip(
        ("office", "table", "text", "style", "draw"),
        ("office", "table", "text", "style", "drawing"),
        strict=True,
    )
)


def ods(rows: str, *, styles: str = "", common: str = "", head: str = "") -> bytes:
    """An .ods with one sheet of these rows."""
    content = (
        f"{head}<office:document-content {NAMESPACES}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Actions">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("content.xml", content)
        package.writestr(
            "styles.xml", f"<office:document-styles {NAMESPACES}>{common}</office:document-styles>"
        )
    return out.getvalue()


def row(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def cell(inside: str = "", **attributes: str) -> str:
    said = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-cell{said}>{inside}</table:table-cell>"


def style(name: str, background: str = "", parent: str = "Default") -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="{parent}">'
        + (f'<style:table-cell-properties fo:background-color="{background}"/>' if background else "")
        + "</style:style>"
    )


def test_marks_below_rows_and_cells_that_repeat_keep_their_places() -> None:
    note = "<office:annotation><text:p>here</text:p></office:annotation>"
    rows = row(cell(), 1_000_000) + row(cell(number_columns_repeated="5") + cell(note), 40_000)
    assert marks_of_ods(ods(rows), NONE)["Actions"].notes == {Spot(1_000_001, 6): "here"}


def test_a_fill_comes_from_the_style_that_a_style_is_made_from() -> None:
    styles = (
        style("ce1", parent="Painted") + style("ce2", "transparent", "Painted") + style("ce3", parent="ce3")
    )
    common = style("Painted", "#92d050")
    rows = row("".join(cell(style_name=f"ce{number}") for number in (1, 2, 3)))
    assert marks_of_ods(ods(rows, styles=styles, common=common), NONE)["Actions"].fills == {
        Spot(1, 1): "92D050"
    }


def test_a_text_with_a_tab_is_given_whole_and_its_note_apart() -> None:
    inside = (
        "<office:annotation><text:p>A note</text:p><text:p>of two lines</text:p></office:annotation>"
        '<text:p>a<text:tab/>b<text:s text:c="2"/><text:span>c<text:line-break/>d</text:span></text:p>'
        "<text:p>e</text:p>"
    )
    marks = marks_of_ods(ods(row(cell(inside))), NONE)["Actions"]
    assert marks.texts == {Spot(1, 1): "a\tb  c\nd\ne"}
    assert marks.notes == {Spot(1, 1): "A note\nof two lines"}


def test_no_number_of_blanks_is_too_many() -> None:
    inside = '<text:p>a<text:tab/><text:s text:c="2000000000"/>b</text:p>'
    assert len(marks_of_ods(ods(row(cell(inside))), NONE)["Actions"].texts[Spot(1, 1)]) < 200


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("of:=SUM([.A1:.B$2];3)", "=SUM(A1:B$2,3)"),
        ("of:=IF([.A1]=&quot;[.B1];&quot;;1;2)", '=IF(A1="[.B1];",1,2)'),
        ("of:=SUM([$Other.A1];1)", "=SUM([$Other.A1],1)"),
        ("of:=SUM({1;2|3;4})", "=SUM({1;2|3;4})"),
        ("=A1", "=A1"),
    ],
)
def test_a_formula_is_given_as_it_is_typed_where_that_is_plain(written: str, typed: str) -> None:
    marks = marks_of_ods(ods(row(cell(formula=written))), NONE)["Actions"]
    assert marks.formulas == {Spot(1, 1): typed}


def test_a_spreadsheet_that_declares_a_document_type_is_unreadable() -> None:
    with pytest.raises(UnreadableError) as raised:
        marks_of_ods(ods("", head='<!DOCTYPE x [<!ENTITY a "b">]>'), NONE)
    assert raised.value.code == "return-unreadable"
    assert raised.value.reason == "its content declares a document type, which no workbook does"


# --- damage ----------------------------------------------------------------------------------


def test_an_xls_that_cannot_be_read_is_said_to_be_unread() -> None:
    assert marks_of_xls(b"\xd0\xcf\x11\xe0 and no more", NONE) == {"": Marks(unread=True)}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A file cut short, or with some of its bytes changed."""
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damaged_within(data: bytes, chance: random.Random) -> bytes:
    """A package with one of its parts damaged and its checksums right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as changed:
        unlucky = chance.choice([name for name in package.namelist() if package.read(name)])
        for name in package.namelist():
            part = package.read(name)
            changed.writestr(name, damaged(part, chance) if name == unlucky else part)
    return out.getvalue()


@pytest.mark.parametrize("form", READERS)
def test_damage_makes_a_file_unreadable_and_nothing_worse(marked: Path, tmp_path: Path, form: str) -> None:
    data = (marked if form == "xlsx" else convert(marked, form, tmp_path)).read_bytes()
    chance = random.Random(2016)
    unreadable = 0
    for turn in range(200):
        within = form != "xls" and turn % 2
        broken = damaged_within(data, chance) if within else damaged(data, chance)
        try:
            found = READERS[form](broken, NONE)
            unreadable += any(marks.unread for marks in found.values())
        except UnreadableError:
            unreadable += 1
    assert unreadable > 20
