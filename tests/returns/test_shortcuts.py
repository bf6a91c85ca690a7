"""What makes harvesting quick: each shortcut says just what the long way says, or leaves it to that."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from editing import (
    BUSINESS_MANAGER,
    coloured,
    edited,
    form,
    spot,
    typed,
    with_text_box,
    with_threaded_comment,
)
from hostile import cell, filled_copy, row, sheet, with_sheet
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook
from rewriting import by_libreoffice
from tracking import copy_of

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import DATE_FIELDS, OFFICER_FIELDS, Field
from lscb_workbook.returns.answers import is_as_issued
from lscb_workbook.returns.cleaning import Where, clean, exactly
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.looking import has_far_cells, may_be_marked
from lscb_workbook.returns.files.marks_xlsx import marks_of_package
from lscb_workbook.returns.files.members import Directory, directory_of
from lscb_workbook.returns.files.opened import Opened, UnreadableError
from lscb_workbook.returns.files.opening import open_file
from lscb_workbook.returns.files.packages import parts_of, stored
from lscb_workbook.returns.taking import known_fills
from lscb_workbook.tracker.cells import words_of

LIMITS = Limits(seconds=20)
PLAN = default_plan()
WHERE = Where("return.xlsx", "Actions", "1.1")


def _parts(data: bytes) -> dict[str, bytes]:
    return {part.name: part.content for part in parts_of(data, directory_of(data, LIMITS))}


# --- the zip ---------------------------------------------------------------------------------


def _as_the_standard_library_lists(data: bytes) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            (
                one.filename,
                one.orig_filename,
                one.flag_bits,
                one.compress_type,
                one.CRC,
                one.compress_size,
                one.file_size,
                one.header_offset,
                one.external_attr,
                one.date_time,
            )
            for one in archive.infolist()
        ]


def _listed(directory: Directory) -> list[tuple[object, ...]]:
    return [(*one[:-1], one.date_time) for one in directory.sound]


def _zip(*, comment: bytes = b"", before: bytes = b"", name: str = "folder/Größe.txt") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        archive.writestr(zipfile.ZipInfo("folder/", (2016, 9, 20, 11, 59, 58)), b"")
        archive.writestr(zipfile.ZipInfo(name, (2099, 12, 31, 23, 59, 58)), b"words " * 99)
    return before + file.getvalue()


@pytest.mark.parametrize(
    "data",
    [_zip(), _zip(comment=b"made by hand"), _zip(before=b"MZ program"), _zip(name="a\\b.txt")],
    ids=["plain", "with a comment", "behind other bytes", "with a backslash"],
)
def test_a_zip_file_is_listed_as_the_standard_library_lists_it(data: bytes) -> None:
    assert _listed(directory_of(data, LIMITS)) == _as_the_standard_library_lists(data)


@pytest.mark.parametrize("cut", [1, 10, 30, 60])
def test_a_zip_file_whose_directory_is_cut_off_is_told_as_damaged(cut: int) -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        assert directory_of(_zip()[:-cut], LIMITS).sound


def test_a_package_put_together_again_uncompressed_holds_the_same() -> None:
    data = filled_copy()
    again = stored(parts_of(data, directory_of(data, LIMITS)))
    assert _parts(again) == _parts(data)
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert archive.testzip() is None
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}


def _values(data: bytes) -> dict[str, list[list[object]]]:
    """The values of each sheet, as they are read from the file itself."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _opened(data: bytes) -> Opened:
    found = open_file(data, "return.xlsx", LIMITS)
    assert isinstance(found, Opened)
    return found


_WRITTEN = b"<![CDATA[<sheetData><mergeCells>]]>"


@pytest.mark.parametrize(
    "xml",
    [
        sheet(row(1, cell("A1", "a"), cell("B2", "b"))),
        sheet(row(1, cell("A1", _WRITTEN.decode()))),
        sheet(row(1, b'<c r="A1" t="s"><v>0</v></c>')),
        sheet(row(1, cell("A1", "a"))).replace(b"<sheetData>", b"<!-- <sheetData> --><sheetData>"),
        sheet(row(1, cell("A1", "a"))).replace(
            b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
        ),
    ],
    ids=["plain", "as written", "shared", "remark", "merged"],
)
def test_the_values_are_those_of_the_file_whatever_else_its_sheets_have(xml: bytes) -> None:
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    data = with_sheet(filled_copy(), xml, texts=texts % _WRITTEN)
    assert _opened(data).sheets == _values(data)


def test_merged_areas_are_found_in_the_file_as_it_came(issued: Path, tmp_path: Path) -> None:
    data = edited(issued, tmp_path / "merged.xlsx", _merged).read_bytes()
    found = [area for marks in _opened(data).marks.values() for area in marks.merged]
    assert found == [(6, 7, 6, 8)]


# --- a look at the bytes ---------------------------------------------------------------------


def _noted(book: Workbook) -> None:
    spot(book, "6.3", "Commentary").comment = Comment("see the minutes", "Ann")


def _merged(book: Workbook) -> None:
    form(book).merge_cells("G6:H6")


def test_no_mark_is_missed_by_the_look_that_tells_whether_there_are_any(issued: Path, tmp_path: Path) -> None:
    marked = [
        edited(issued, tmp_path / "note.xlsx", _noted),
        edited(issued, tmp_path / "merged.xlsx", _merged),
        edited(issued, tmp_path / "formula.xlsx", typed("6.3", "Commentary", "=1+1")),
        edited(issued, tmp_path / "colour.xlsx", coloured("6.3", "RAG rating", "00B050")),
        with_text_box(edited(issued, tmp_path / "box.xlsx", typed("6.3", "Commentary", "x")), "a remark"),
        with_threaded_comment(edited(issued, tmp_path / "thread.xlsx", str), "G6", "said"),
    ]
    saved = by_libreoffice([one for one in marked if one.stem != "thread"], "xlsx", tmp_path / "saved")
    for path in (*marked, *saved):
        data = path.read_bytes()
        assert marks_of_package(data, known_fills()), path
        assert may_be_marked(_parts(data), known_fills()), path


def test_copies_that_hold_nothing_but_values_need_no_closer_look(issued: Path, tmp_path: Path) -> None:
    plain = edited(issued, tmp_path / "plain.xlsx", typed("6.3", "Commentary", "Going well"))
    for path in (
        plain,
        copy_of(issued / "copies", BUSINESS_MANAGER),
        *by_libreoffice([plain], "xlsx", tmp_path / "o"),
    ):
        assert not may_be_marked(_parts(path.read_bytes()), known_fills()), path
        assert marks_of_package(path.read_bytes(), known_fills()) == {}


@pytest.mark.parametrize(
    ("where", "text", "far"),
    [("AAA1", "x", True), ("A10000", "x", True), ("ZZ9999", "x", False), ("A10000", "", False)],
)
def test_a_cell_far_from_the_others_is_seen_where_it_holds_something(
    where: str, text: str, far: bool
) -> None:
    number = int("".join(letter for letter in where if letter.isdigit()))
    made = sheet(row(number, cell(where, text) if text else f'<c r="{where}"/>'.encode()))
    assert has_far_cells({"xl/worksheets/sheet1.xml": made}) is far


# --- judging ---------------------------------------------------------------------------------

_TYPED = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["Red", "Amber ", "amber", "Complete", "In progress", "#N/A", "Err:502", "\r\n", " ", "A"]
    ),
)


@given(_TYPED, st.sampled_from(OFFICER_FIELDS), st.sampled_from(["", "White", " Amber", "was said"]))
def test_what_needs_no_cleaning_is_what_cleaning_says_for_certain(raw: str, field: Field, base: str) -> None:
    if said := exactly(raw, field, PLAN, base):
        found = clean(raw, field, PLAN, WHERE, base=base)
        assert (found.value, found.refused, found.doubt, found.finding) == (said, "", "", None)
        assert field not in DATE_FIELDS


@given(_TYPED.map(words_of), st.sampled_from(OFFICER_FIELDS))
def test_a_cell_that_is_as_issued_says_nothing(base: str, field: Field) -> None:
    assert is_as_issued(base, base)
    found = clean(base, field, PLAN, WHERE, base=base)
    assert (found.value, found.refused, found.doubt, found.finding) == (base, "", "", None)
