"""The same plan out of every kind of file that boards keep one in."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import msoffcrypto
import pytest
from agreeing import ANYTOWN, as_list, as_pdf, as_word, as_workbook, drop_down, word_table
from conformance import convert
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook

from lscb_workbook.plan.checking import check_plan
from lscb_workbook.plan.documents import default_plan, read_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.files import read_plan_from, read_source
from lscb_workbook.plan.reading.reading import PlanReading
from lscb_workbook.plan.reading.wording import words
from lscb_workbook.plan.records import OnDate, Ongoing, Plan

HEADS = ("Anytown Safeguarding Children Board", "Business Plan 2014/15", "Independent Chair: Pat Example")


def kept(reading: PlanReading, path: Path) -> None:
    """Every word of the tables is in the plan or in the report."""
    there = set(words(reading.toml)) | set(words(reading.report))
    for table in read_source(path).tables:
        for row in table.rows:
            assert not {word for cell in row.cells for word in words(cell)} - there, row


def assert_is_anytown(plan: Plan) -> None:
    assert [action.ref for action in plan.actions] == ["1.1", "1.2", "2.1", "2.10"]
    assert [action.priority for action in plan.actions] == [1, 1, 2, 2]
    assert [one.title for one in plan.priorities] == [
        "Early help reaches families sooner",
        "Neglect is seen and answered",
    ]
    assert [action.rating for action in plan.actions] == ["Amber", "Green", "Red", "Green"]
    assert [plan.officer(key).title for key in plan.action("1.2").leads] == [
        "Chair of the Training Sub-Group",
        "Director of Nursing, CCG",
    ]
    assert plan.action("2.10").leads == plan.action("1.2").leads[:1]
    assert plan.action("1.2").measures == ("200 people trained", "Practice is better")
    assert plan.action("1.1").text == "Publish the threshold document"
    assert [(one.id, one.text) for one in plan.milestones] == [
        ("1.1.1", "By end of Feb 2015"),
        ("1.2.1", "First course held by 30.6.14"),
        ("1.2.2", "All courses evaluated by 31.3.15"),
        ("2.1.1", "Ongoing"),
        ("2.10.1", "September 2014"),
    ]
    assert plan.milestones[0].due == OnDate("By end of Feb 2015", date(2015, 2, 28))
    assert isinstance(plan.milestones[3].due, Ongoing)


def text_file(rows: list[list[str]], path: Path, *heads: str) -> Path:
    flat = [
        "\t".join(cell.replace("\n", " ") for cell in row) if len(row) > 1 else f"\t{row[0]}" for row in rows
    ]
    path.write_text("\n".join([*heads, "", *flat]), encoding="utf-8")
    return path


def open_document(rows: list[list[str]], path: Path, *heads: str) -> Path:
    return convert(as_workbook(rows, path.with_suffix(".xlsx"), *heads), "ods", path.parent)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("plan.docx", as_word),
        ("plan.xlsx", as_workbook),
        ("plan.ods", open_document),
        ("plan.pdf", as_pdf),
        ("plan.txt", text_file),
    ],
)
def test_the_plan_is_the_same_whatever_it_is_kept_in(
    tmp_path: Path, name: str, make: Callable[..., Path]
) -> None:
    path = make(ANYTOWN, tmp_path / name, *HEADS)
    reading = read_plan_from(path)
    assert_is_anytown(reading.plan)
    kept(reading, path)
    assert (reading.plan.board, reading.plan.title) == HEADS[:2]
    assert reading.plan.chair == "Pat Example"
    written = tmp_path / "plan.toml"
    written.write_text(reading.toml, encoding="utf-8")
    assert read_plan(written)[0] == reading.plan


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_a_list_is_read_however_it_is_parted_and_encoded(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = as_list(ANYTOWN, tmp_path / "plan.csv", delimiter, encoding)
    assert_is_anytown(read_plan_from(path, first_day=date(2014, 4, 1)).plan)


# --- Word --------------------------------------------------------------------------------------


def test_drop_downs_and_merged_cells_of_word_are_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2016/17")
    rows = [
        ["Ref", "Action", "Lead", "Timescale and milestones", "Success measures", "RAG"],
        ["1.1", "Improve data", "Head of Data, LBR", "Scorecard agreed by 31.7.16", "Better data", ""],
        ["", "", "Director of Care, NELFT", "Flag in use by 31.12.16", "", ""],
    ]
    table = word_table(document, rows, 6)
    for column in (0, 1, 4, 5):
        table.cell(1, column).merge(table.cell(2, column))
    drop_down(table.cell(1, 5), "Amber")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    reading = read_plan_from(path)
    plan = reading.plan
    assert [action.ref for action in plan.actions] == ["1.1"]
    assert plan.actions[0].rating == "Amber"
    assert [(one.text, one.leads) for one in plan.milestones] == [
        ("Scorecard agreed by 31.7.16", ("head-of-data-lbr",)),
        ("Flag in use by 31.12.16", ("director-of-care-nelft",)),
    ]
    kept(reading, path)


def test_bullets_of_word_part_measures_and_milestones(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2016/17")
    table = word_table(
        document, [["Ref", "Action", "Lead", "Milestones", "Outcomes"], ["1.1", "Do", "Chair", "", ""]], 5
    )
    for column, texts in ((3, ("Agreed by 31.7.16", "In use by 31.3.17")), (4, ("One", "Two"))):
        cell = table.cell(1, column)
        for text in texts:
            cell.add_paragraph(text, style="List Bullet")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    plan = read_plan_from(path).plan
    assert [one.text for one in plan.milestones] == ["Agreed by 31.7.16", "In use by 31.3.17"]
    assert plan.actions[0].measures == ("One", "Two")


def test_what_was_struck_out_of_a_document_is_in_the_report(tmp_path: Path) -> None:
    path = as_word(ANYTOWN, tmp_path / "plan.docx", *HEADS)
    document = Document(str(path))
    paragraph = document.tables[0].cell(2, 1).paragraphs[0]._p
    gone = OxmlElement("w:del")
    run, text = OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = "obsolete"
    run.append(text)
    gone.append(run)
    paragraph.append(gone)
    document.save(str(path))
    reading = read_plan_from(path)
    assert "obsolete" not in reading.toml
    assert "obsolete" in reading.report


def test_a_table_within_a_cell_keeps_its_words(tmp_path: Path) -> None:
    path = as_word(ANYTOWN, tmp_path / "plan.docx", *HEADS)
    document = Document(str(path))
    inner = document.tables[0].cell(2, 4).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "innermost", "words"
    document.save(str(path))
    reading = read_plan_from(path)
    assert "innermost" in reading.toml + reading.report
    assert document.tables[0]._tbl.find(qn("w:tr")) is not None


# --- over pages --------------------------------------------------------------------------------


def many(count: int) -> list[list[str]]:
    rows: list[list[str]] = [list(ANYTOWN[0]), ["Priority 1: Early help"]]
    for number in range(1, count + 1):
        text = f"Carry out piece of work number {number}, with all that it needs, and report what came of it"
        day = f"Report {number} is made by {number % 28 + 1}.6.14"
        rows.append([f"1.{number}", text, "Head of Early Help", day, f"Outcome {number} is seen", "Green"])
    return rows


def test_a_long_plan_over_pages_is_whole_and_its_repeated_headings_are_counted(tmp_path: Path) -> None:
    rows = many(40)
    path = as_pdf(rows, tmp_path / "plan.pdf", *HEADS)
    reading = read_plan_from(path)
    assert [action.ref for action in reading.plan.actions] == [row[0] for row in rows[2:]]
    assert [action.text for action in reading.plan.actions] == [row[1] for row in rows[2:]]
    assert [one.text for one in reading.plan.milestones] == [row[3] for row in rows[2:]]
    assert "Ref | What we will do" in reading.report
    kept(reading, path)


def shipped_rows() -> list[list[str]]:
    """The shipped plan as the table of a document."""
    plan = default_plan()
    rows = [["Ref", "Action", "Lead Officer", "Timescale and milestones", "Success measures", "RAG rating"]]
    for action in plan.actions:
        title = next(one.title for one in plan.priorities if one.number == action.priority)
        if [f"PRIORITY {action.priority}: {title}"] not in rows:
            rows.append([f"PRIORITY {action.priority}: {title}"])
        leads = [plan.officer(key).title for key in action.leads]
        steps = [one.text for one in plan.milestones_of(action.ref)]
        measures = [f"• {measure}" for measure in action.measures]
        cells = ("\n".join(texts) for texts in (leads, steps, measures))
        rows.append([action.ref, action.text, *cells, action.rating])
    return rows


@pytest.mark.parametrize(
    ("name", "make"), [("plan.docx", as_word), ("plan.xlsx", as_workbook), ("plan.pdf", as_pdf)]
)
def test_the_shipped_plan_as_a_document_reads_as_the_shipped_plan(
    tmp_path: Path, name: str, make: Callable[..., Path]
) -> None:
    """As a PDF it goes over many pages, most of its rows from one to the next."""
    path = make(shipped_rows(), tmp_path / name, "Redbridge LSCB", "LSCB Business Plan 2016 - 2017")
    reading, shipped = read_plan_from(path), default_plan()
    kept(reading, path)

    def without_breaks(text: str) -> str:
        """A narrow column of a PDF breaks a long word in two, and nothing shows that it is one."""
        return text.replace(" ", "") if name == "plan.pdf" else text

    assert [one.title for one in reading.plan.priorities] == [one.title for one in shipped.priorities]
    assert [one.ref for one in reading.plan.actions] == [one.ref for one in shipped.actions]
    for mine, wanted in zip(reading.plan.actions, shipped.actions, strict=True):
        assert (mine.leads, mine.priority, mine.rating) == (wanted.leads, wanted.priority, wanted.rating)
        assert without_breaks(mine.text) == without_breaks(wanted.text)
        assert list(map(without_breaks, mine.measures)) == list(map(without_breaks, wanted.measures))
    assert [one.text for one in reading.plan.milestones] == [one.text for one in shipped.milestones]


def test_a_row_that_goes_on_over_a_page_is_one_action(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "Business Plan 2014/15\n\n"
        "Ref\tAction\tLead\tMilestones\tOutcomes\tRAG\n"
        "1.1\tPublish the document that says\tHead of Early\tDraft by 30.6.14\tFamilies are seen by\tRed\n\n"
        "Ref\tAction\tLead\tMilestones\tOutcomes\tRAG\n"
        "\twhat help there is\tHelp, LBR\tFinal by 30.9.14\tone worker.\t\n"
        "1.2\tTrain\tHead of Early Help, LBR\tby 31.3.15\tTrained\tRed\n",
        encoding="utf-8",
    )
    plan = read_plan_from(path).plan
    assert [action.ref for action in plan.actions] == ["1.1", "1.2"]
    first = plan.actions[0]
    assert first.text == "Publish the document that says what help there is"
    assert first.leads == ("head-of-early-help-lbr",)
    assert first.measures == ("Families are seen by one worker.",)
    assert [one.text for one in plan.milestones_of("1.1")] == ["Draft by 30.6.14", "Final by 30.9.14"]


# --- workbooks ---------------------------------------------------------------------------------


def test_days_figures_and_hidden_sheets_of_a_workbook_are_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["No", "Theme", "Action", "Owner", "Due date", "Measure", "Status"])
    sheet.append([1, "Early help", "Publish it", "Head of Help", date(2016, 9, 30), 0.95, "Green"])
    sheet.append([2, "Neglect", "Use it", "Head of Help", "Quarterly", 12, "Green"])
    hidden = book.create_sheet("Old notes")
    hidden.append(["Something nobody meant to lose"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    reading = read_plan_from(path)
    plan = reading.plan
    assert [(action.ref, action.priority) for action in plan.actions] == [("1", 1), ("2", 2)]
    assert [one.title for one in plan.priorities] == ["Early help", "Neglect"]
    assert plan.milestones[0].due == OnDate("30.9.2016", date(2016, 9, 30))
    assert [action.measures for action in plan.actions] == [("0.95",), ("12",)]
    assert "nobody meant to lose" in reading.report
    kept(reading, path)


def test_progress_is_no_part_of_the_plan_but_in_the_report(tmp_path: Path) -> None:
    rows = [[*row, "Progress"] if at == 0 else row for at, row in enumerate(ANYTOWN)]
    rows[2] = [*rows[2], "Slower than hoped."]
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"), first_day=date(2014, 4, 1))
    assert "Slower than hoped" not in reading.toml
    assert "action 1.1 (line 3): Slower than hoped." in reading.report


# --- what a person says, and what cannot be read ------------------------------------------------


def test_columns_without_known_headings_are_read_as_a_person_says(tmp_path: Path) -> None:
    rows = [["Alpha", "Beta", "Gamma", "Delta"], ["Publish it", "Sam", "x1", "by 31.7.14"]]
    path = as_list(rows, tmp_path / "plan.csv")
    reading = read_plan_from(path, "action=1, lead=2, ref=3, when=4", date(2014, 4, 1))
    action = next(one for one in reading.plan.actions if one.ref == "x1")
    assert (action.text, action.leads) == ("Publish it", ("sam",))
    assert reading.plan.milestones_of("x1")[0].due == OnDate("by 31.7.14", date(2014, 7, 31))


def test_a_column_may_be_named_by_its_heading(tmp_path: Path) -> None:
    rows = [list(ANYTOWN[0]), *map(list, ANYTOWN[1:])]
    rows[0][1], rows[0][2] = "Lead agency", "Comments"
    reading = read_plan_from(
        as_list(rows, tmp_path / "plan.csv"), "action=Lead agency, lead=Comments", date(2014, 4, 1)
    )
    assert_is_anytown(reading.plan)


def test_columns_may_be_named_by_headings_that_are_not_known(tmp_path: Path) -> None:
    rows = [["Alpha", "Beta", "Gamma"], ["Publish it", "Sam", "by 31.7.14"]]
    path = as_list(rows, tmp_path / "plan.csv")
    plan = read_plan_from(path, "action=alpha, lead=Beta, when=Gamma").plan
    assert [(one.text, one.leads) for one in plan.actions] == [("Publish it", ("sam",))]
    assert [one.text for one in plan.milestones] == ["by 31.7.14"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("plan.docx", b"PK\x03\x04 not really", "cannot be opened as a Word document"),
        ("plan.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked with a password"),
        ("plan.xlsx", b"not a workbook", "cannot be opened as a workbook"),
        ("plan.pdf", b"%PDF-1.4 not really", "cannot be opened as a PDF"),
        ("plan.pdf", b"nothing like it", "cannot be opened as a PDF"),
        ("plan.txt", b"Just a letter, without a table.", "no table in it"),
        ("plan.csv", b"a,b\nc,d\n", "year"),
        ("plan.csv", b"a,b\n1.4.2016,d\n", "--columns"),
        ("plan.txt", b" \n ", "is empty"),
        ("plan.pages", b"x", "Save it as"),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(WorkbookError) as caught:
        read_plan_from(path)
    assert says in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "make"), [("plan.docx", as_word), ("plan.xlsx", as_workbook)])
def test_a_file_that_is_locked_with_a_password_is_said(
    tmp_path: Path, name: str, make: Callable[..., Path]
) -> None:
    path = make(ANYTOWN, tmp_path / name)
    locked = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes())).encrypt("secret", locked)
    path.write_bytes(locked.getvalue())
    with pytest.raises(WorkbookError, match="is locked with a password"):
        read_plan_from(path)


def test_a_file_that_is_not_there_or_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="There is no file"):
        read_plan_from(tmp_path / "plan.docx")
    (tmp_path / "folder.docx").mkdir()
    with pytest.raises(WorkbookError, match="is a folder"):
        read_plan_from(tmp_path / "folder.docx")


@pytest.mark.parametrize("columns", ["lead", "pencil=3", "=2", "lead="])
def test_columns_that_are_not_understood_are_said(tmp_path: Path, columns: str) -> None:
    path = as_list(ANYTOWN, tmp_path / "plan.csv")
    with pytest.raises(WorkbookError, match="--columns"):
        read_plan_from(path, columns)


def read_or_refused(path: Path) -> PlanReading | None:
    try:
        return read_plan_from(path)
    except WorkbookError:
        return None


@pytest.mark.parametrize(
    ("name", "make"), [("plan.docx", as_word), ("plan.xlsx", as_workbook), ("plan.pdf", as_pdf)]
)
def test_a_damaged_file_is_read_or_refused_and_never_a_crash(
    tmp_path: Path, name: str, make: Callable[..., Path]
) -> None:
    """Cut off at every tenth part, and with bytes changed here and there."""
    path = make(ANYTOWN, tmp_path / name, *HEADS)
    data = path.read_bytes()
    damaged = [data[: len(data) * tenth // 10] for tenth in range(1, 10)]
    chance = random.Random(7)
    for _ in range(25):
        bytes_ = bytearray(data)
        for _ in range(20):
            bytes_[chance.randrange(len(bytes_))] = chance.randrange(256)
        damaged.append(bytes(bytes_))
    if (directory := data.rfind(b"PK\x01\x02")) >= 0:  # a part of a zip version that there never was
        damaged.append(data[: directory + 6] + b"\xff\xff" + data[directory + 8 :])
    read = 0
    for one in damaged:
        path.write_bytes(one)
        if reading := read_or_refused(path):
            read += 1
            kept(reading, path)
    assert read < len(damaged)


# --- other shapes of plan ------------------------------------------------------------------------

HEADING = ["Action", "Lead", "Timescale", "Outcome"]


def test_a_table_for_each_priority_has_its_heading_above_it(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Anytown LSCB Business Plan 2016/17")
    for number, title in ((1, "Early help"), (2, "Neglect")):
        document.add_heading(f"Priority {number} – {title}", 2)
        word_table(document, [HEADING, ["Do it", "Head of It", "by 1.5.16", "Done"]], 4)
    path = tmp_path / "plan.docx"
    document.save(str(path))
    for one in (path, convert(path, "pdf", tmp_path)):
        plan = read_plan_from(one).plan
        assert [(p.number, p.title) for p in plan.priorities] == [(1, "Early help"), (2, "Neglect")]
        assert [(action.ref, action.priority) for action in plan.actions] == [("1.1", 1), ("2.1", 2)]


def test_a_sheet_for_each_priority_is_named_after_it(tmp_path: Path) -> None:
    book = Workbook()
    for number, title in ((1, "Early help"), (2, "Neglect")):
        sheet = book.create_sheet(f"Priority {number} {title}")
        sheet.append(HEADING)
        sheet.append(["Do it", "Head of It", "by 1.5.16", "Done"])
    del book["Sheet"]
    path = tmp_path / "plan 2016-17.xlsx"
    book.save(path)
    plan = read_plan_from(path).plan
    assert [(p.number, p.title) for p in plan.priorities] == [(1, "Early help"), (2, "Neglect")]
    assert [(action.ref, action.priority) for action in plan.actions] == [("1.1", 1), ("2.1", 2)]


def test_objectives_merged_down_a_column_are_priorities(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2016/17")
    table = word_table(
        document,
        [
            ["Objective", "Action", "Lead", "Timescale"],
            ["Early help", "Do it", "Head of It", "by 1.5.16"],
            ["", "Do more", "Head of It", "by 1.6.16"],
            ["Neglect", "See it", "Head of It", "by 1.7.16"],
        ],
        4,
    )
    table.cell(1, 0).merge(table.cell(2, 0))
    path = tmp_path / "plan.docx"
    document.save(str(path))
    plan = read_plan_from(path).plan
    assert [(p.number, p.title) for p in plan.priorities] == [(1, "Early help"), (2, "Neglect")]
    assert [(action.ref, action.text) for action in plan.actions] == [
        ("1.1", "Do it"),
        ("1.2", "Do more"),
        ("2.1", "See it"),
    ]


def test_a_plan_without_headings_is_known_by_what_its_columns_hold(tmp_path: Path) -> None:
    rows = [
        ["1.1", "Publish the document for all who work with families", "Head of It", "by 1.5.16", "Amber"],
        ["1.2", "Train all those who are to work with the document", "LSCB Manager", "July 2016", "Green"],
    ]
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"))
    plan = reading.plan
    assert any("no known headings" in doubt.text for doubt in reading.doubts)
    assert [(action.ref, action.leads, action.rating) for action in plan.actions] == [
        ("1.1", ("head-of-it",), "Amber"),
        ("1.2", ("lscb-manager",), "Green"),
    ]
    assert [one.text for one in plan.milestones] == ["by 1.5.16", "July 2016"]


def test_a_ref_that_is_there_twice_is_doubted_and_both_actions_are_kept(tmp_path: Path) -> None:
    rows = [["Ref", *HEADING], ["1.1", "Do it", "Head of It", "by 1.5.16", ""]]
    rows.append(["1.1", "Do more", "Head of It", "by 1.6.16", ""])
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"))
    assert [(action.ref, action.text) for action in reading.plan.actions] == [
        ("1.1", "Do it"),
        ("1.1b", "Do more"),
    ]
    assert any("has ref 1.1 twice" in doubt.text for doubt in reading.doubts)


def test_milestones_and_dates_in_columns_of_their_own_are_joined(tmp_path: Path) -> None:
    rows = [
        ["Ref", "Action", "Milestones", "Lead", "Target date"],
        ["1.1", "Do it", "Draft written\nFinal agreed", "Head of It", "by 1.5.16\nby 1.9.16"],
        ["1.2", "Do more", "Report made", "Head of It", "As the strategy says, July 2016"],
    ]
    plan = read_plan_from(as_list(rows, tmp_path / "plan.csv")).plan
    assert [(one.text, one.due.words) for one in plan.milestones] == [
        ("Draft written", "by 1.5.16"),
        ("Final agreed", "by 1.9.16"),
        ("Report made – As the strategy says, July 2016", "July 2016"),
    ]


def test_an_action_without_a_lead_is_written_so_that_checking_finds_it(tmp_path: Path) -> None:
    rows = [["Ref", *HEADING], ["1.1", "Do it", "", "by 1.5.16", ""], ["1.2", "Do", "Head of It", "TBC", ""]]
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"))
    path = tmp_path / "plan.toml"
    path.write_text(reading.toml, encoding="utf-8")
    check = check_plan(path)
    assert [(note.where, note.what) for note in check.problems] == [("action 1.1, leads", "is empty")]
    assert len(check.comments) == len(reading.doubts)


def test_a_key_of_other_colours_is_read_word_for_word(tmp_path: Path) -> None:
    rows = [["Ref", *HEADING, "BRAG"], ["1.1", "Do it", "Head of It", "by 1.5.16", "", "Blue"], []]
    rows += [["Status", "Definition"], ["Blue", "The action is completed and embedded."], ["Red", "Overdue."]]
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"))
    assert [(one.name, one.definition) for one in reading.plan.scheme.statuses] == [
        ("Blue", "The action is completed and embedded."),
        ("Red", "Overdue."),
    ]
    assert reading.plan.actions[0].rating == "Blue"


def test_a_workbook_or_document_that_is_far_too_large_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book["Sheet"]["A1"], book["Sheet"]["XFD1000"] = "Ref", "far off"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    with pytest.raises(WorkbookError, match="sheet Sheet: too large"):
        read_plan_from(path)
    packed = tmp_path / "plan.docx"
    with ZipFile(packed, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 201_000_000)
    with pytest.raises(WorkbookError, match="too large when unpacked"):
        read_plan_from(packed)


def test_a_list_of_other_things_is_left_over_and_in_the_report(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Business Plan 2016/17")
    word_table(document, [["Ref", *HEADING], ["1.1", "Do it", "Head of It", "by 1.5.16", "Done"]], 5)
    word_table(document, [["Abbreviation", "In full"], ["CSE", "Child sexual exploitation"]], 2)
    path = tmp_path / "plan.docx"
    document.save(str(path))
    reading = read_plan_from(path)
    assert [action.ref for action in reading.plan.actions] == ["1.1"]
    assert "table 2, row 2: CSE | Child sexual exploitation" in reading.report
