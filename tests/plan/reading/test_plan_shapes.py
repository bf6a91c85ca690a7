"""Plans in the shapes that boards give them: priorities by titles alone, ratings by colour, other tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from agreeing import word_table
from conformance import convert
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import _Cell
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from lscb_workbook.plan.deadlines import timescale
from lscb_workbook.plan.documents import read_plan
from lscb_workbook.plan.reading.files import read_plan_from
from lscb_workbook.plan.reading.fills import colour_named
from lscb_workbook.plan.reading.reading import PlanReading
from lscb_workbook.plan.reading.workbook_remarks import as_seen
from lscb_workbook.plan.records import OnDate

HEADS = ["Action", "Lead", "Timescale", "RAG"]
NEGLECT = [HEADS, ["Launch the toolkit", "Head of Early Help", "June 2023", "Green"]]
EXPLOITATION = [HEADS, ["Refresh the strategy", "Police Lead", "By end of Feb 2024", "Red"]]


def saved(document: WordDocument, folder: Path) -> PlanReading:
    document.save(str(folder / "plan.docx"))
    return read_plan_from(folder / "plan.docx")


def workbook(rows: Sequence[Sequence[object]]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    return book, sheet


def plan_of(rows: Sequence[Sequence[object]], folder: Path) -> PlanReading:
    book, _ = workbook(rows)
    book.save(folder / "Business Plan 2016-17.xlsx")
    return read_plan_from(folder / "Business Plan 2016-17.xlsx")


def titles(reading: PlanReading) -> list[tuple[int, str]]:
    return [(one.number, one.title) for one in reading.plan.priorities]


def of(reading: PlanReading) -> list[tuple[str, int]]:
    return [(action.text, action.priority) for action in reading.plan.actions]


def doubts(reading: PlanReading) -> str:
    return "\n".join(f"{one.name}: {one.text}" for one in reading.doubts)


def shade(cell: _Cell, code: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:fill"), code)
    cell._tc.get_or_add_tcPr().append(shading)


# --- priorities that are called nothing ---


@pytest.mark.parametrize("bold", [False, True])
def test_titles_above_the_tables_are_the_priorities_where_nothing_else_names_them(
    tmp_path: Path, bold: bool
) -> None:
    document = Document()
    document.add_heading("Business Plan 2023/24", 0)
    document.add_heading("What we will do", 1)
    for title, rows in (("Neglect", NEGLECT), ("Exploitation", EXPLOITATION)):
        if bold:
            document.add_paragraph().add_run(title).bold = True
        else:
            document.add_heading(title, 2)
        document.add_paragraph("We have thought about it at length.")
        word_table(document, rows, 4)
    reading = saved(document, tmp_path)
    assert titles(reading) == [(1, "Neglect"), (2, "Exploitation")]
    assert of(reading) == [("Launch the toolkit", 1), ("Refresh the strategy", 2)]
    assert "2: its number is by its place" in doubts(reading)


def test_bold_lines_above_the_tables_of_a_pdf_are_the_priorities_but_not_the_heads_of_pages(
    tmp_path: Path,
) -> None:
    document = Document()
    for at, (title, rows) in enumerate((("Neglect", NEGLECT), ("Exploitation", EXPLOITATION)), 1):
        document.add_paragraph().add_run(f"Business Plan 2023/24, page {at}").bold = True
        document.add_paragraph().add_run(title).bold = True
        word_table(document, rows, 4)
        document.add_page_break()
    document.add_paragraph().add_run("Business Plan 2023/24, page 3").bold = True
    rows = [HEADS, ["Tell the police", "Police Lead", "01/02/2024", ""]]
    table = word_table(document, rows, 4)
    for cell in table.columns[2].cells:
        cell.width = Cm(1.8)
    document.save(str(tmp_path / "plan.docx"))
    reading = read_plan_from(convert(tmp_path / "plan.docx", "pdf", tmp_path))
    assert titles(reading) == [(1, "Neglect"), (2, "Exploitation")]
    assert of(reading)[1:] == [("Refresh the strategy", 2), ("Tell the police", 2)]
    assert reading.plan.milestones[-1].due == OnDate("01/02/2024", date(2024, 2, 1))


def test_a_title_that_every_table_has_gives_way_to_the_one_above_it(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2023/24")
    for title, rows in (("Neglect", NEGLECT), ("Exploitation", EXPLOITATION)):
        document.add_heading(title, 1)
        document.add_heading("Actions", 2)
        word_table(document, rows, 4)
    assert titles(saved(document, tmp_path)) == [(1, "Neglect"), (2, "Exploitation")]


def test_sheets_are_the_priorities_and_none_goes_on_with_another(tmp_path: Path) -> None:
    book, sheet = workbook([["Business Plan 2023/24"], [], *NEGLECT])
    sheet.title = "Neglect"
    second = book.create_sheet("CSE")
    for row in (["Business Plan 2023/24"], [], *EXPLOITATION):
        second.append(row)
    versions = book.create_sheet("Versions")
    versions.append(["Version", "Date", "Author", "Change"])
    versions.append(["0.1", date(2023, 4, 2), "Board Manager", "Draft"])
    book.save(tmp_path / "plan.xlsx")
    reading = read_plan_from(tmp_path / "plan.xlsx")
    assert titles(reading) == [(1, "Neglect"), (2, "CSE")]
    assert of(reading) == [("Launch the toolkit", 1), ("Refresh the strategy", 2)]
    assert "0.1 | 2.4.2023 | Board Manager | Draft" in reading.report


def test_a_priority_above_the_headings_in_the_table_is_that_of_its_actions(tmp_path: Path) -> None:
    rows: list[list[str]] = [
        ["Objective One: Early help"],
        *NEGLECT,
        ["Objective Two: Safety"],
        *EXPLOITATION[1:],
    ]
    reading = plan_of(rows, tmp_path)
    assert titles(reading) == [(1, "Early help"), (2, "Safety")]
    assert of(reading) == [("Launch the toolkit", 1), ("Refresh the strategy", 2)]


def test_lone_titles_in_a_list_are_priorities_of_the_number_that_refs_have(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "Ref,Action,Lead,When\nNeglect,,,\n2.1,Launch,Head of Help,June 2023\nExploitation,,,\n"
        "3.1,Refresh,Police Lead,May 2023\n"
    )
    reading = read_plan_from(path)
    assert titles(reading) == [(2, "Neglect"), (3, "Exploitation")]
    assert of(reading) == [("Launch", 2), ("Refresh", 3)]


def test_an_action_beside_its_priority_is_no_heading_of_it(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2016/17")
    rows = [
        ["Priority", "Action", "Milestones", "Lead", "Deadline"],
        ["Priority 1 - Abuse", "Commission a hub", "Specification", "Head of Care", "June 2016"],
        ["", "", "Tender", "Head of Care", "30/09/2016"],
        ["Priority 2 - Neglect", "Use the tool", "Launch", "Head of Help", "By 2018"],
    ]
    table = word_table(document, rows, 5)
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 1).merge(table.cell(2, 1))
    reading = saved(document, tmp_path)
    assert titles(reading) == [(1, "Abuse"), (2, "Neglect")]
    assert of(reading) == [("Commission a hub", 1), ("Use the tool", 2)]
    assert [(one.text, one.due.words) for one in reading.plan.milestones_of("1.1")] == [
        ("Specification", "June 2016"),
        ("Tender", "30/09/2016"),
    ]


def test_a_section_11_audit_is_an_action(tmp_path: Path) -> None:
    rows = [HEADS, ["Section 11 audit of schools", "Head of Audit", "May 2016", "Red"]]
    assert of(plan_of(rows, tmp_path)) == [("Section 11 audit of schools", 1)]


# --- tables ---


def test_headings_in_two_rows_are_read_as_one(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["No", "What we will do", "Who and when", "", "Outcome"],
        ["", "", "Lead", "By when", ""],
        [1, "Publish it", "Head of Help", "May 2016", "All know"],
    ]
    plan = plan_of(rows, tmp_path).plan
    assert (plan.actions[0].text, plan.actions[0].measures) == ("Publish it", ("All know",))
    assert plan.actions[0].leads == ("head-of-help",)


def test_a_table_for_each_action_with_its_headings_at_the_left_is_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2022/23")
    for text, lead, when in (("Write", "Head of A", "June 2022"), ("Train", "Head of B", "May 2022")):
        word_table(document, [["Action", text], ["Lead", lead], ["Timescale", when], ["RAG", "Amber"]], 2)
        document.add_paragraph()
    plan = saved(document, tmp_path).plan
    assert [(one.text, one.leads, one.rating) for one in plan.actions] == [
        ("Write", ("head-of-a",), "Amber"),
        ("Train", ("head-of-b",), "Amber"),
    ]


def test_a_register_of_risks_beside_the_plan_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2023/24")
    word_table(document, NEGLECT, 4)
    document.add_paragraph()
    word_table(document, [["Risk", "Impact", "Owner"], ["Money may run out", "High", "Head of Money"]], 3)
    reading = saved(document, tmp_path)
    assert of(reading) == [("Launch the toolkit", 1)]
    assert "a table without a heading over its actions is left out" in doubts(reading)
    assert "Money may run out | High | Head of Money" in reading.report


def test_tables_of_strokes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        "# Business Plan 2016/17\n\n## Priority 1: Neglect\n\n"
        "| Ref | Action | Lead | When |\n|---|:--|---|---|\n"
        "| 1.1 | Do a \\| b | Head of A | June 2016 |\n"
    )
    reading = read_plan_from(path)
    assert of(reading) == [("Do a | b", 1)]
    assert titles(reading) == [(1, "Neglect")]


# --- cells ---


def test_a_rating_that_is_only_a_colour_is_taken_and_in_doubt(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2023/24")
    table = word_table(
        document, [HEADS, ["A", "Head of A", "May 2023", ""], ["B", "Head of B", "May 2023", ""]], 4
    )
    shade(table.cell(1, 3), "FFC000")
    for cell in table.rows[2].cells:
        shade(cell, "00B050")  # a band across the row is no rating
    reading = saved(document, tmp_path)
    assert [one.rating for one in reading.plan.actions] == ["Amber", ""]
    assert doubts(reading).count("is a cell's colour and no word") == 1


def test_a_coloured_cell_of_a_workbook_is_a_rating_too(tmp_path: Path) -> None:
    book, sheet = workbook([["Business Plan 2016/17"], HEADS, ["A", "Head of A", "May 2016", None]])
    sheet["D3"].fill = PatternFill("solid", fgColor="00B050")
    book.save(tmp_path / "plan.xlsx")
    assert read_plan_from(tmp_path / "plan.xlsx").plan.actions[0].rating == "Green"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("FF0000", "Red"), ("FFC000", "Amber"), ("FFFF00", "Amber"), ("92D050", "Green")),
        *(("0070C0", "Blue"), ("7030A0", "Purple"), ("FFFFFF", ""), ("D9D9D9", ""), ("auto", "")),
    ],
)
def test_colours_are_called_what_a_rating_is_called(code: str, name: str) -> None:
    assert colour_named(code) == name


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_date_shown_as_its_month_is_due_on_the_last_day(tmp_path: Path, kind: str) -> None:
    book, sheet = workbook([["Business Plan 2016/17"], HEADS, ["A", "Head of A", date(2016, 12, 1), "Red"]])
    sheet["C3"].number_format = "mmm-yy"
    book.save(tmp_path / "plan.xlsx")
    path = tmp_path / "plan.xlsx" if kind == "xlsx" else convert(tmp_path / "plan.xlsx", "ods", tmp_path)
    due = read_plan_from(path).plan.milestones[0].due
    assert (due.words, getattr(due, "on", None)) == ("December 2016", date(2016, 12, 31))


@pytest.mark.parametrize(
    ("value", "shape", "seen"),
    [
        *((0.8, "0%", "80%"), (1.1, "0.00", "1.10"), (3, "0", ""), (1.5, "General", "")),
        *((date(2016, 12, 1), "d mmm yy", ""), (date(2016, 12, 1), "[$-809]mmmm yyyy;@", "December 2016")),
    ],
)
def test_a_number_is_read_as_it_is_shown(value: object, shape: str, seen: str) -> None:
    assert as_seen(value, shape) == seen


def test_what_is_hidden_in_a_workbook_is_in_doubt(tmp_path: Path) -> None:
    book, sheet = workbook([["Business Plan 2016/17"], HEADS, ["A", "Head of A", "May 2016", "Red"]])
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "plan.xlsx")
    assert "has hidden rows (3)" in doubts(read_plan_from(tmp_path / "plan.xlsx"))


@pytest.mark.parametrize(
    "lead", ["Education Lead / Police Lead", "Quality Manager, Police", "DCS and Police"]
)
def test_a_lead_that_may_be_several_is_in_doubt(tmp_path: Path, lead: str) -> None:
    reading = plan_of([HEADS, ["A", lead, "May 2016", "Red"]], tmp_path)
    assert f"'{lead}' may be 2 leads" in doubts(reading)


def test_an_office_with_whom_it_is_of_is_one(tmp_path: Path) -> None:
    rows = [HEADS, ["A", "Head of Research and Data, LBR", "May 2016", "Red"]]
    assert "may be" not in doubts(plan_of(rows, tmp_path))


@pytest.mark.parametrize(
    ("lead", "role", "organisation", "doubtful"),
    [
        ("Head of Safeguarding, Wexbourne Council", "Head of Safeguarding", "Wexbourne Council", False),
        ("Matron (Anytown NHS Foundation Trust)", "Matron", "Anytown NHS Foundation Trust", False),
        ("Inspector, Kent Police", "Inspector", "Kent Police", False),
        ("Head of Early Help, Children's Services", "Head of Early Help", "Children's Services", True),
        ("Strategic Lead (CSE)", "Strategic Lead (CSE)", "", False),
        ("Chair, Training Sub Group", "Chair, Training Sub Group", "", False),
        ("Head of Adoption, Fostering and Care Service",) * 2 + ("", False),
    ],
)
def test_the_organisation_of_a_lead_is_read_where_its_title_ends_in_one(
    tmp_path: Path, lead: str, role: str, organisation: str, doubtful: bool
) -> None:
    reading = plan_of([HEADS, ["A", lead, "May 2016", "Red"]], tmp_path)
    [officer] = reading.plan.officers
    assert (officer.role, officer.organisation) == (role, organisation)
    assert ("taken to be the organisation" in doubts(reading)) == doubtful
    (tmp_path / "plan.toml").write_text(reading.toml, encoding="utf-8")
    assert read_plan(tmp_path / "plan.toml")[0].officers == reading.plan.officers


BESIDE = ["Action", "Lead", "Milestones", "Timescale", "RAG"]
"""Headings of a plan that keeps deadlines in a column of their own."""


def test_a_deadline_that_the_milestone_has_too_is_in_the_plan_twice(tmp_path: Path) -> None:
    rows = [BESIDE, ["A", "Head of Data", "Quarterly audit is done", "Quarterly", "Red"]]
    assert "Cells with words that are not in the plan\nNone." in plan_of(rows, tmp_path).report


def test_a_word_that_stands_once_in_the_plan_and_twice_in_the_source_is_told_of(tmp_path: Path) -> None:
    rows = [[*HEADS, "Remarks"], ["A", "Head of Data", "Quarterly audit is done", "Red", "Quarterly"]]
    report = plan_of(rows, tmp_path).report
    assert "Cells with words that are not in the plan (1)" in report


def test_deadlines_of_a_column_of_their_own_are_shown_with_their_milestones(tmp_path: Path) -> None:
    steps = "Toolkit launched\nStaff trained by 31.12.16\nQuarterly audit"
    rows = [BESIDE, ["A", "Head of Data", steps, "By 30.6.16\n31.12.16\nQuarterly", "Red"]]
    plan = plan_of(rows, tmp_path).plan
    shown = "Toolkit launched – By 30.6.16\nStaff trained by 31.12.16\nQuarterly audit"
    assert timescale(plan.milestones) == shown
