"""What officers type never becomes more than text: in the master, in copies, in other programs."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from conformance import convert, validator_errors
from editing import Edit, edited, form, spot, together, typed, with_text_box
from openpyxl import Workbook, load_workbook
from returning import outcome
from tracking import AS_AT, CHAIR, HEAD_OF_RESEARCH, NOW, copy_of, entry, issue, issued_tracker

import lscb_workbook as lw
from lscb_workbook.plan.records import Field
from lscb_workbook.results import MergeResult

PAYLOADS = [
    '=HYPERLINK("http://x","y")',
    "=cmd|'/c calc'!A1",
    "@SUM(1)",
    "+1",
    "-1",
    "\t=1+1",
    "=1+1",
    '=DDE("cmd";"/C calc";"x")',
    "=WEBSERVICE(A1)",
    "<script>alert(1)</script>&amp;",
]
ROWS = [
    ("6.3", "Commentary", Field.COMMENTARY),
    ("6.3", "Evidence of impact", Field.EVIDENCE),
    ("1.2", "Commentary", Field.COMMENTARY),
    ("1.2", "Evidence of impact", Field.EVIDENCE),
    ("1.2.1", "Note", Field.NOTE),
    ("6.3.1", "Note", Field.NOTE),
    ("6.3.2", "Note", Field.NOTE),
    ("6.3.3", "Note", Field.NOTE),
]
IN_CELLS = list(zip(ROWS, PAYLOADS, strict=False))
"""Each of the first payloads in a cell of its own."""


def as_text(name: str, heading: str, text: str) -> Edit:
    """A text typed after an apostrophe, or in a cell that holds text."""

    def edit(book: Workbook) -> None:
        cell = spot(book, name, heading)
        cell.value = text
        cell.data_type = "s"

    return edit


def beside(book: Workbook) -> None:
    """Every payload also where it becomes a proposal or a refusal."""
    for number, payload in enumerate(PAYLOADS):
        cell = form(book).cell(12 + number, 3)
        cell.value, cell.data_type = payload, "s"
        cell = form(book).cell(7, 10 + number)
        cell.value, cell.data_type = payload, "s"


def linked(book: Workbook) -> None:
    """A link, a name, a sheet with a formula for its name, and one more for a rating."""
    spot(book, "6.3", "Commentary").hyperlink = "http://example.org/x"
    spot(book, "6.3", "RAG rating").value = '=HYPERLINK("http://x","Green")'
    book.create_sheet("=cmd!A1")["A1"] = "on a sheet"


@pytest.fixture(scope="module", params=["text", "formulas"])
def merged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the master before (``before.xlsx``) and after (``master.xlsx``) a hostile return."""
    folder = tmp_path_factory.mktemp("injection")
    master, _ = issued_tracker(folder)
    (folder / "before.xlsx").write_bytes(master.read_bytes())
    put = as_text if request.param == "text" else typed
    edits = [put(name, heading, payload) for (name, heading, _), payload in IN_CELLS]
    to = folder / "r" / "=cmd.xlsx"
    with_text_box(edited(folder, to, together(*edits, beside, linked)), "=1+1")
    assert merge(folder).written == master
    return folder


def merge(folder: Path, hours: int = 0) -> MergeResult:
    return lw.merge(folder / "master.xlsx", [folder / "r"], as_at=AS_AT, now=NOW + timedelta(hours=hours))


def cells(master: Path, text: str) -> list[str]:
    """Where a workbook holds this very text, each as ``sheet!cell``, with the kind of cell it is."""
    book = load_workbook(master)
    return [
        f"{sheet.title}:{cell.data_type}"
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.value == text
    ]


@pytest.mark.parametrize(("place", "payload"), IN_CELLS)
def test_what_was_typed_stands_in_the_master_as_text_exactly_so(
    merged: Path, place: tuple[str, str, Field], payload: str
) -> None:
    name, _, field = place
    assert entry(merged / "master.xlsx", name, field) == payload
    kinds = {found.rpartition(":")[2] for found in cells(merged / "master.xlsx", payload)}
    assert kinds == {"s"}


def test_no_formula_enters_any_sheet_of_the_master(merged: Path, tmp_path: Path) -> None:
    """Its own tabs apart: there it has those that it has where plain words were typed in the same cells."""
    shutil.copy(merged / "before.xlsx", tmp_path / "master.xlsx")
    shutil.copytree(merged / "copies", tmp_path / "copies")
    plain = (as_text(name, heading, "plain words") for (name, heading, _), _ in IN_CELLS)
    edited(tmp_path, tmp_path / "r" / "plain.xlsx", together(*plain))
    assert merge(tmp_path).written
    known = formulas(tmp_path / "master.xlsx") | formulas(merged / "before.xlsx")
    assert formulas(merged / "master.xlsx") <= known


def formulas(path: Path) -> set[bytes]:
    with zipfile.ZipFile(path) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    found = {formula for sheet in sheets for formula in re.findall(rb"<f[ >].*?</f>", sheet)}
    return {re.sub(rb"\d+", b"0", formula) for formula in found}  # one holds what the review counted


def test_no_link_macro_or_drawing_enters_the_masters_package(merged: Path) -> None:
    before, after = (parts(merged / name) for name in ("before.xlsx", "master.xlsx"))
    assert set(after) == set(before)
    for name, data in after.items():
        if name.endswith(".rels"):
            assert data == before[name], name
        assert data.count(b"<hyperlink") == before[name].count(b"<hyperlink"), name


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_was_typed_is_kept_as_text_wherever_it_is_listed(merged: Path, payload: str) -> None:
    found = cells(merged / "master.xlsx", payload)
    assert "History:s" in found
    assert not [one for one in found if not one.endswith(":s")]


def test_what_waits_for_the_manager_is_text(merged: Path) -> None:
    book = load_workbook(merged / "master.xlsx")
    texts = [cell for line in book["Conflicts"].iter_rows() for cell in line if isinstance(cell.value, str)]
    proposed = [cell for cell in texts if "@SUM(1)" in str(cell.value) and "+1" in str(cell.value)]
    assert proposed
    assert {cell.data_type for cell in proposed} == {"s"}


def test_a_finding_about_what_was_typed_is_text(merged: Path) -> None:
    book = load_workbook(merged / "master.xlsx")
    said = [cell for line in book["Checks"].iter_rows() for cell in line if "=cmd" in str(cell.value or "")]
    assert said
    assert {cell.data_type for cell in said} == {"s"}


def test_the_master_is_valid_after_a_hostile_return(merged: Path) -> None:
    assert validator_errors(merged / "master.xlsx") == []


def test_other_programs_show_the_master_what_was_typed(merged: Path, tmp_path: Path) -> None:
    converted = load_workbook(convert(merged / "master.xlsx", "xlsx", tmp_path, recalculate=True))
    shown = {cell.value for line in converted["Plan"].iter_rows() for cell in line if cell.data_type == "s"}
    shown |= {
        cell.value for line in converted["Milestones"].iter_rows() for cell in line if cell.data_type == "s"
    }
    assert {payload for _, payload in IN_CELLS} <= shown


def test_a_text_file_made_from_the_master_shows_what_was_typed(merged: Path, tmp_path: Path) -> None:
    book = load_workbook(merged / "master.xlsx")
    for name in [sheet for sheet in book.sheetnames if sheet != "Plan"]:
        del book[name]
    book.save(tmp_path / "plan.xlsx")
    with convert(tmp_path / "plan.xlsx", "csv", tmp_path).open(newline="", encoding="cp1252") as file:
        shown = {cell for line in csv.reader(file) for cell in line}
    assert {payload for (name, _, _), payload in IN_CELLS if name.count(".") == 1} <= shown


def test_the_next_cycles_copy_holds_what_was_typed_as_text(merged: Path, tmp_path: Path) -> None:
    (tmp_path / "master.xlsx").write_bytes((merged / "master.xlsx").read_bytes())
    issue(tmp_path / "master.xlsx", tmp_path / "next", "2016-17 Q3", date(2016, 12, 1))
    copy = copy_of(tmp_path / "next", HEAD_OF_RESEARCH, "2016-17 Q3")
    assert validator_errors(copy) == []
    book = load_workbook(copy)
    for (name, heading, _), payload in IN_CELLS:
        cell = spot(book, name, heading)
        assert (cell.value, cell.data_type) == (payload, "s")
    found = outcome(tmp_path, copy)
    assert (found.taken, found.codes) == ({}, {"return-as-issued"})


def test_merging_a_hostile_return_again_changes_nothing(merged: Path) -> None:
    again = merge(merged, hours=1)
    assert (again.changes, again.written) == ((), None)


@pytest.mark.parametrize("payload", ["=1+1", "@SUM(1)", "+1", "-1"])
def test_a_rating_or_a_day_that_is_a_formula_is_refused_as_typed(
    tmp_path_factory: pytest.TempPathFactory, issued: Path, payload: str
) -> None:
    folder = tmp_path_factory.mktemp("typed")
    edits = together(
        as_text("6.1", "RAG rating", payload),
        as_text("6.1.1", "Status", payload),
        as_text("6.1.1", "Completed on", payload),
    )
    found = outcome(issued, edited(issued, folder / "r.xlsx", edits, CHAIR))
    assert (found.taken, found.proposed) == ({}, {})
    assert found.refused == {
        "6.1 rating": [payload],
        "6.1.1 status": [payload],
        "6.1.1 completed_on": [payload],
    }
