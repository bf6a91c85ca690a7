"""What boards write beside their tables, in them and across them: none of it is lost, none of it misleads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from agreeing import ANYTOWN, as_pdf, as_word, as_workbook
from conformance import convert
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from lscb_workbook.plan.reading.files import read_plan_from
from lscb_workbook.plan.reading.reading import PlanReading

HEADS = ("Anytown LSCB", "Business Plan 2014/15")
REFS = ["1.1", "1.2", "2.1", "2.10"]


def doubts(reading: PlanReading) -> str:
    return "\n".join(doubt.text for doubt in reading.doubts)


def changed(tmp_path: Path, change: Callable[[WordDocument], None]) -> Path:
    """The plan of Anytown in Word, with something done to it."""
    path = as_word(ANYTOWN, tmp_path / "plan.docx", *HEADS)
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return path


# --- Word --------------------------------------------------------------------------------------


def test_comments_and_the_heads_of_every_kind_of_page_are_in_the_report(tmp_path: Path) -> None:
    def change(document: WordDocument) -> None:
        document.add_comment(document.tables[0].cell(2, 1).paragraphs[0].runs, "agreed by nobody", "Pat")
        section = document.sections[0]
        section.different_first_page_header_footer = True
        section.first_page_footer.paragraphs[0].text = "draft for sign-off"
        section.header.add_table(1, 2, Pt(300)).cell(0, 1).text = "version three"

    reading = read_plan_from(changed(tmp_path, change))
    assert "in a comment: agreed by nobody" in reading.report
    assert "at the foot of its pages: draft for sign-off" in reading.report
    assert "at the head of its pages: version three" in reading.report


def test_a_drop_down_of_an_old_form_counts_as_it_shows(tmp_path: Path) -> None:
    def change(document: WordDocument) -> None:
        cell = document.tables[0].cell(2, 5)
        cell.text = ""
        entries = "".join(f'<w:listEntry w:val="{name}"/>' for name in ("Red", "Amber", "Green"))
        cell.paragraphs[0]._p.append(
            parse_xml(
                f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList>'
                f'<w:result w:val="2"/>{entries}</w:ddList></w:ffData></w:fldChar></w:r>'
            )
        )

    assert read_plan_from(changed(tmp_path, change)).plan.action("1.1").rating == "Green"


def test_a_cell_with_nothing_but_a_tick_is_in_the_report(tmp_path: Path) -> None:
    def change(document: WordDocument) -> None:
        cell = document.tables[0].cell(2, 5)
        cell.text = ""
        tick = f'<w:r {nsdecls("w")}><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
        cell.paragraphs[0]._p.append(parse_xml(tick))

    assert "action 1.1 (table 1, row 3): ✓" in read_plan_from(changed(tmp_path, change)).report


def test_what_is_struck_through_is_in_the_plan_and_in_doubt(tmp_path: Path) -> None:
    def change(document: WordDocument) -> None:
        document.tables[0].cell(2, 1).paragraphs[0].runs[0].font.strike = True

    reading = read_plan_from(changed(tmp_path, change))
    assert reading.plan.action("1.1").text == "Publish the threshold document"
    assert "'Publish the threshold document' is struck through" in doubts(reading)


def test_two_plans_side_by_side_are_both_read(tmp_path: Path) -> None:
    def change(document: WordDocument) -> None:
        outer = document.add_table(1, 2)
        for side in (0, 1):
            rows = [["Ref", "Action", "Lead", "By when"], [f"{side + 3}.1", "Do it", "Head of X", "31.7.14"]]
            table = outer.cell(0, side).add_table(2, 4)
            for at, row in enumerate(rows):
                for column, text in enumerate(row):
                    table.cell(at, column).text = text

    plan = read_plan_from(changed(tmp_path, change)).plan
    assert [action.ref for action in plan.actions] == [*REFS, "3.1", "4.1"]
    assert plan.action("4.1").leads == ("head-of-x",)


def test_a_table_for_each_priority_with_words_between_and_rows_like_headings(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Strategic Plan 2023-24")
    for number, title in ((1, "Contextual safeguarding"), (2, "Neglect")):
        document.add_heading(f"Priority {number}: {title}", 1)
        document.add_paragraph("Why this matters: children told us.")
        table = document.add_table(2, 4)
        rows = [
            ["What", "Who", "By when", "How will we know"],
            ["Update the policy", "Lead nurse", "Date TBC", "Measures are met"],
        ]
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
    path = tmp_path / "plan.docx"
    document.save(str(path))
    plan = read_plan_from(path).plan
    assert [one.title for one in plan.priorities] == ["Contextual safeguarding", "Neglect"]
    assert [(one.priority, one.text) for one in plan.actions] == [
        (1, "Update the policy"),
        (2, "Update the policy"),
    ]


# --- workbooks ---------------------------------------------------------------------------------


def test_notes_formulas_without_values_and_what_is_struck_through_in_a_workbook(tmp_path: Path) -> None:
    path = as_workbook(ANYTOWN, tmp_path / "plan.xlsx", *HEADS)
    book = load_workbook(path)
    sheet = book.active
    assert isinstance(book, Workbook)
    assert sheet is not None
    sheet["B5"].comment = Comment("who pays?", "Pat")
    sheet["E5"] = '=CONCATENATE("Referrals", " are apt")'
    sheet["B6"].font = Font(strike=True)
    sheet.row_dimensions[6].hidden = True
    book.save(path)
    reading = read_plan_from(path)
    assert [action.ref for action in reading.plan.actions] == REFS
    assert "in a note at Sheet, B5: who pays?" in reading.report
    assert "Sheet, E5 has no value to be read" in doubts(reading)
    assert "Sheet, B6 is struck through" in doubts(reading)
    assert "who pays?" in read_plan_from(convert(path, "ods", tmp_path)).report


def test_two_plans_side_by_side_on_a_sheet_are_two(tmp_path: Path) -> None:
    head = ["Ref", "Action", "Lead", "By when"]
    rows = [
        [*head, "", *head],
        ["1.1", "Left", "Head of X", "30.6.14", "", "2.1", "Right", "Head of Y", "31.7.14"],
    ]
    plan = read_plan_from(as_workbook(rows, tmp_path / "plan.xlsx", "Business Plan 2014/15")).plan
    assert [(one.ref, one.text, one.leads) for one in plan.actions] == [
        ("1.1", "Left", ("head-of-x",)),
        ("2.1", "Right", ("head-of-y",)),
    ]


# --- PDF ---------------------------------------------------------------------------------------


def test_lines_that_a_person_ended_stay_apart_in_a_pdf(tmp_path: Path) -> None:
    rows = [list(row) for row in ANYTOWN]
    rows[2][2] = "Designated Nurse\nPolice\nLSCB Manager / Business Unit of the Safeguarding Service"
    rows[2][4] = "Referrals are apt\nAudit shows it"
    action = read_plan_from(as_pdf(rows, tmp_path / "plan.pdf", *HEADS)).plan.action("1.1")
    last = "lscb-manager-business-unit-of-the-safeguarding-service"
    assert action.leads == ("designated-nurse", "police", last)
    assert action.measures == ("Referrals are apt", "Audit shows it")


def test_headings_that_stand_upright_in_a_pdf_are_read(tmp_path: Path) -> None:
    def change(document: WordDocument) -> None:
        head = document.tables[0].rows[0]
        head.height = Pt(120)
        for cell in head.cells:
            turned = parse_xml(f'<w:textDirection {nsdecls("w")} w:val="btLr"/>')
            cell._tc.get_or_add_tcPr().append(turned)

    path = convert(changed(tmp_path, change), "pdf", tmp_path)
    reading = read_plan_from(path)
    assert [action.ref for action in reading.plan.actions] == REFS
    assert "Ref | What we will do | Lead Agency | By when" in reading.report


def test_an_action_without_a_ref_goes_on_over_a_page(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "Business Plan 2014/15\n\nWhat\tWho\tBy when\nTrain all staff and\tHead of It\tby 31.3.15\n\n"
        "What\tWho\tBy when\nreport\t\t\nAudit cases\tHead of It\tOngoing\n",
        encoding="utf-8",
    )
    assert [one.text for one in read_plan_from(path).plan.actions] == [
        "Train all staff and report",
        "Audit cases",
    ]


# --- another board's words ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("Training programme to run across financial year 2012/13", date(2013, 3, 31)),
        ("Evaluation of Hub to be received in June/July 2012", date(2012, 7, 31)),
        ("March 2015 as per training strategy", date(2015, 3, 31)),
        ("By end of March annually", date(2013, 3, 31)),
        ("31 August (annually)", date(2012, 8, 31)),
        ("in Quarter 1 of 2022/23", date(2022, 6, 30)),
        ("By 2018", date(2018, 12, 31)),
        ("by 25/12/2012", date(2012, 12, 25)),
        ("December", date(2012, 12, 31)),
    ],
)
def test_a_deadline_stands_where_the_board_put_it_weekend_or_holiday(
    tmp_path: Path, written: str, due: date
) -> None:
    rows = [
        ["What", "Who", "By when", "How will we know", "Progress", "BRAG"],
        ["Objective 1: Keep children safe"],
        ["Do it", "Head of Help", written, "It is done", "Begun", "B"],
    ]
    plan = read_plan_from(as_workbook(rows, tmp_path / "plan.xlsx", "Business Plan 2012/13")).plan
    assert [(one.text, getattr(one.due, "on", None)) for one in plan.milestones] == [(written, due)]
    assert plan.actions[0].rating == "Blue"
