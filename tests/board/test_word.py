"""The Word paper: its styles, tables, pictures and pages; a board's own template; text as it was written."""

from __future__ import annotations

import importlib.util
import io
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from conformance import validator_errors
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import Table
from sample_paper import AWKWARD, BY_PRIORITY, LONG, PAPER, RATINGS, TREND, grid_of, paper_of, timeline_of

from lscb_workbook.board.charts import draw
from lscb_workbook.board.content import Column, FrontMatter, Grid, Lines, Paragraph, Section, Word
from lscb_workbook.board.lettering import legible
from lscb_workbook.board.word import PLACEHOLDERS, paper_template, write_word
from lscb_workbook.board.wordml import STYLES
from lscb_workbook.plan.colours import contrast
from lscb_workbook.plan.errors import WorkbookError

ROOT = Path(__file__).resolve().parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def made() -> bytes:
    return write_word(PAPER)


@pytest.fixture(scope="module")
def opened(made: bytes) -> Document:
    return docx.Document(io.BytesIO(made))


def reopened(*sections: Section) -> Document:
    return docx.Document(io.BytesIO(write_word(paper_of(*sections))))


def own_tables(document: Document) -> list[Table]:
    """The tables but for the front page's."""
    return document.tables[1:]


def styles_of(document: Document) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.style]


def captions_of(document: Document) -> list[str]:
    """The captions with their numbers, which stand in fields."""
    captions = (one for one in document.paragraphs if one.style and one.style.name == "Caption")
    return ["".join(text.text or "" for text in one._p.iter(qn("w:t"))) for one in captions]


# --- the file --------------------------------------------------------------------------------


def test_the_same_paper_gives_the_same_bytes_in_another_process(made: bytes) -> None:
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}\nfrom sample_paper import PAPER\n"
        "from lscb_workbook.board.word import write_word\nsys.stdout.buffer.write(write_word(PAPER))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout == made


def test_no_moment_but_the_papers_own_is_in_the_file(made: bytes, opened: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = opened.core_properties
    assert about.created == about.modified
    assert about.created is not None
    assert about.created.isoformat().startswith("2016-10-01T00:00:00")


def test_the_document_says_what_it_is_and_in_what_language(opened: Document) -> None:
    about = opened.core_properties
    assert about.title == PAPER.title
    assert about.subject == f"{PAPER.board}: position as at 1 October 2016"
    assert about.author == "Business Manager"
    assert about.language == "en-GB"
    assert {one.get(qn("w:val")) for one in opened.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_microsofts_validator_finds_nothing_wrong(made: bytes, tmp_path: Path) -> None:
    odd = Section("Odd", tuple(Paragraph(text) for text in AWKWARD))
    papers = {"paper": made, "odd": write_word(paper_of(odd)), "template": paper_template()}
    for name, data in papers.items():
        path = tmp_path / f"{name}.docx"
        path.write_bytes(data)
        assert validator_errors(path) == []


# --- what stands in it -----------------------------------------------------------------------


def test_the_front_page_says_the_six_things_and_the_notice_comes_first(opened: Document) -> None:
    front = {row.cells[0].text: row.cells[1].text for row in opened.tables[0].rows}
    assert front == {
        "Meeting": "Full board",
        "Date": "12 October 2016",
        "Agenda item": "5",
        "Author": "Business Manager",
        "Purpose": PAPER.front.purpose,
        "Recommendation": PAPER.front.recommendation,
    }
    assert styles_of(opened)[:3] == [
        ("Notice", "Public version."),
        ("Board", PAPER.board),
        ("Title", PAPER.title),
    ]


def test_headings_are_headings_and_blocks_have_the_styles_a_board_can_change(opened: Document) -> None:
    said = styles_of(opened)
    assert [text for style, text in said if style == "Heading 1"] == [one.heading for one in PAPER.sections]
    assert ("Key Point", "27 actions: 3 red, 6 amber, 10 green; 4 milestones missed.") in said
    assert [text for style, text in said if style == "List Bullet"] == [
        "One action has moved.",
        "Two revised dates wait for approval.",
    ]
    captions = captions_of(opened)
    assert captions[:3] == [
        "Table 1. Ratings by priority",
        "Figure 1. RAG rating of the actions",
        "Figure 2. RAG rating by cycle",
    ]
    assert ("Normal", "Missed: none.") in said


def test_every_table_has_a_heading_row_that_comes_again_on_each_page(opened: Document) -> None:
    for table in own_tables(opened):
        marked = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert marked == [True] + [False] * (len(table.rows) - 1)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert {p.style.name for cell in table.rows[0].cells for p in cell.paragraphs} == {"Table Heading"}


def test_short_rows_stay_whole_and_a_row_of_600_words_may_run_over(opened: Document) -> None:
    table = own_tables(opened)[1]
    whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows]
    assert LONG in table.rows[3].cells[3].text
    assert whole == [True, True, True, False, True, True, True, True, True, True]


def test_the_first_two_rows_and_the_last_two_stay_together() -> None:
    table = own_tables(reopened(Section("One", (grid_of(9, commentary="short"),))))[0]
    kept = [
        all(p._p.pPr.find(qn("w:keepNext")) is not None for p in row.cells[0].paragraphs)
        for row in table.rows
    ]
    assert kept == [True, True, False, False, False, False, False, False, True, False]


@pytest.mark.parametrize(("rows", "kept"), [(1, [True, False]), (2, [True, True, False])])
def test_a_table_of_a_row_or_two_stays_with_its_headings(rows: int, kept: list[bool]) -> None:
    table = own_tables(reopened(Section("One", (grid_of(rows),))))[0]
    marks = [row.cells[0].paragraphs[0]._p.pPr.find(qn("w:keepNext")) is not None for row in table.rows]
    assert marks == kept


def test_columns_have_their_share_of_the_page(opened: Document) -> None:
    widths = [int(one.get(qn("w:w"))) for one in own_tables(opened)[0]._tbl.tblGrid]
    assert sum(widths) == 9638  # twentieths of a point: an A4 page less its margins
    assert widths[0] == pytest.approx(9638 * 3 / 8, abs=1)
    wide = [int(one.get(qn("w:w"))) for one in own_tables(opened)[1]._tbl.tblGrid]
    assert sum(wide) == 16838 - 2 * 1134


def test_a_rating_has_its_colours_and_is_said_in_words(opened: Document) -> None:
    key = own_tables(opened)[-1]
    for row, word in zip(key.rows[1:], RATINGS, strict=True):
        cell = row.cells[0]
        assert cell.text == word.text
        assert cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == word.fill
        assert str(cell.paragraphs[0].runs[0].font.color.rgb) == word.ink


def test_a_rating_whose_colours_cannot_be_read_gets_an_ink_that_can() -> None:
    grid = Grid(
        "Key", (Column("Rating"),), ((Word("Grey", "777777", "7f7f7f"),), (Word("Odd", "no", "colour"),))
    )
    rows = own_tables(reopened(Section("One", (grid,))))[0].rows[1:]
    for row in rows:
        fill = row.cells[0]._tc.tcPr.find(qn("w:shd")).get(qn("w:fill"))
        assert contrast(fill, str(row.cells[0].paragraphs[0].runs[0].font.color.rgb)) >= 4.5


def test_every_chart_is_a_picture_with_its_words_that_fits_on_its_page(opened: Document) -> None:
    shapes = opened.inline_shapes
    alts = [shape._inline.docPr.get("descr") for shape in shapes]
    assert len(alts) >= 4
    assert alts[:2] == [BY_PRIORITY.alt, TREND.alt]
    assert all(alts)
    ids = [one.get("id") for one in opened.element.iter(qn("wp:docPr"))]
    assert len(set(ids)) == len(ids)
    for shape in shapes:
        assert 100 < shape.width.mm <= 258
        assert shape.height.mm <= (257 - 24 if shape.width.mm < 171 else 170 - 24)


def test_a_picture_is_as_sharp_and_as_large_as_it_was_drawn(made: bytes) -> None:
    picture = draw(BY_PRIORITY, width=9638 / 1440 * 25.4)[0]
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        files = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    assert picture.data in files
    across = struct.unpack(">I", picture.data[16:20])[0]
    assert across / (picture.width / 25.4) == pytest.approx(200, abs=1)  # dots an inch in print


def test_wide_sections_lie_on_their_side_and_the_others_stand(opened: Document) -> None:
    pages = [(section.page_width.mm, section.page_height.mm) for section in opened.sections]  # type: ignore[union-attr]
    upright, lying = (pytest.approx((210, 297), abs=0.1), pytest.approx((297, 210), abs=0.1))
    assert pages == [upright, lying, upright]
    assert [section.footer.is_linked_to_previous for section in opened.sections] == [False, True, True]


@pytest.mark.parametrize("wide", [(True,), (False,), (True, False, True), (False, True)])
def test_a_paper_may_begin_and_end_with_either_kind_of_page(wide: tuple[bool, ...], tmp_path: Path) -> None:
    made = write_word(paper_of(*(Section("One", (grid_of(3),), wide=one) for one in wide)))
    document = docx.Document(io.BytesIO(made))
    turned = [section.page_width > section.page_height for section in document.sections]  # type: ignore[operator]
    assert turned == [False, *wide] if wide[0] else turned == list(wide)
    path = tmp_path / "paper.docx"
    path.write_bytes(made)
    assert validator_errors(path) == []


def test_the_footer_has_the_title_and_page_x_of_y(opened: Document) -> None:
    footer = opened.sections[0].footer
    assert PAPER.title in footer.paragraphs[0].text
    codes = [one.get(qn("w:instr")).strip() for one in footer.paragraphs[0]._p.iter(qn("w:fldSimple"))]
    assert codes == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize("text", AWKWARD)
def test_text_comes_back_whole_wherever_it_stands(text: str) -> None:
    front = FrontMatter(*(text for _ in fields(FrontMatter)))
    columns = (Column(text), Column("Other"))
    grid = Grid(text, columns, ((text, Word(text, "FFFFFF", "000000")),))
    paper = replace(
        PAPER,
        board=text,
        title=text,
        front=front,
        notice=text,
        as_at_words=text,
        sections=(Section(text, (Paragraph(text), Paragraph(text, strong=True), Lines((text,)), grid)),),
    )
    document = docx.Document(io.BytesIO(write_word(paper)))
    expected = legible(text)
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert tables.count(expected) == len(fields(FrontMatter)) + 3
    assert [said for _, said in styles_of(document)].count(expected) == 7
    assert document.sections[0].footer.paragraphs[0].text.startswith(expected)
    assert document.core_properties.title == expected[:255]
    assert re.sub("[\n\t]", "", expected) in captions_of(document)[0]


def test_what_cannot_be_printed_is_marked_where_it_stood() -> None:
    assert legible("\x00null\x07 half \ud800 \ufffe") == "\ufffdnull\ufffd half \ufffd \ufffd"
    assert legible("a\r\nb\rc\x0bd\u2028e\x85f\n") == "a\nb\nc\nd\ne\nf\n"


# --- the template ----------------------------------------------------------------------------


def test_the_committed_template_is_what_the_script_makes() -> None:
    spec = importlib.util.spec_from_file_location(
        "make_paper_template", ROOT / "scripts/make_paper_template.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def parts(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {entry.filename: package.read(entry) for entry in package.infolist()}

    assert parts(script.paper_template()) == parts((ROOT / script.TEMPLATE).read_bytes())
    assert script.paper_template() == script.paper_template()


def test_the_template_has_every_placeholder_and_every_style() -> None:
    with zipfile.ZipFile(io.BytesIO(paper_template())) as package:
        text = "".join(package.read(name).decode() for name in package.namelist())
    assert set(re.findall(r"\{\{ ([\w.]+) \}\}", text)) == set(PLACEHOLDERS) - {"as_at"}
    names = {style.name for style in docx.Document(io.BytesIO(paper_template())).styles}
    assert set(STYLES) <= names


def _colours(styles: ElementTree.Element) -> Iterator[tuple[str, str, str]]:
    """Each style with its ink and the ground that it stands on, RRGGBB."""
    for style in styles.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        for part in [style, *style.iter(f"{W}tblStylePr")]:
            ink, ground = part.find(f"{W}rPr/{W}color"), part.find(f"{W}tcPr/{W}shd")
            yield (
                name,
                ink.get(f"{W}val", "") if ink is not None else "000000",
                ground.get(f"{W}fill", "") if ground is not None else "FFFFFF",
            )


def test_every_style_can_be_read_and_is_large_enough() -> None:
    with zipfile.ZipFile(io.BytesIO(paper_template())) as package:
        styles = ElementTree.fromstring(package.read("word/styles.xml"))
    pairs = list(_colours(styles))
    assert ("BoardTable", "FFFFFF", "1F3864") in pairs
    for name, ink, ground in pairs:
        assert contrast(ink, ground) >= 4.5, name
        if name.startswith("Front"):  # its first column has a ground of its own
            assert contrast(ink, "EEF2F7") >= 4.5, name
    assert styles.find(f"{W}docDefaults//{W}sz").get(f"{W}val") == "22"  # type: ignore[union-attr]
    small = {"TableText": 20, "Footer": 20, "TableEnd": 2}  # half points; the last never holds text
    for style in styles.iter(f"{W}style"):
        size = style.find(f"{W}rPr/{W}sz")
        if size is not None:
            assert int(size.get(f"{W}val", "")) >= small.get(style.get(f"{W}styleId", ""), 22)


def restyled() -> bytes:
    """The template as a board would change it in Word: its logo, its fonts and colours, a line of its own."""
    document = docx.Document(io.BytesIO(paper_template()))
    document.styles["Heading 1"].font.name = "Arial"  # type: ignore[attr-defined]
    document.styles["Heading 1"].font.color.rgb = RGBColor(0x7A, 0, 0x3C)  # type: ignore[attr-defined]
    document.styles["Normal"].font.size = Pt(12)  # type: ignore[attr-defined]
    picture = draw(BY_PRIORITY)[0].data
    document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(picture), width=Pt(90))
    split = document.sections[0].header.add_paragraph("Position as at {")
    for piece in ("{ as", "_at }", "} for {{ board }}"):  # Word cuts text up as it likes
        split.add_run(piece).bold = piece == "_at }"
    document.sections[0].page_width = Pt(612)
    document.add_paragraph("OFFICIAL")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_a_boards_own_template_gives_the_paper_its_look(tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(write_word(PAPER, template=restyled()))
    document = docx.Document(str(path))
    assert document.styles["Heading 1"].font.name == "Arial"  # type: ignore[attr-defined]
    header = document.sections[0].header
    assert header.paragraphs[-1].text == f"Position as at 1 October 2016 for {PAPER.board}"
    assert len(list(header._element.iter(qn("wp:inline")))) == 1
    assert ("Normal", "OFFICIAL") in styles_of(document)
    assert len(own_tables(document)) == 4
    assert sum(int(one.get(qn("w:w"))) for one in own_tables(document)[0]._tbl.tblGrid) == 612 * 20 - 2 * 1134
    assert validator_errors(path) == []


def changed(before: str, after: str, part: str = "word/document.xml") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paper_template())) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == part:
                assert before in text
                text = text.replace(before, after)
            target.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (b"", "not a Word document"),
        (b"PK\x03\x04 cut off", "not a Word document"),
        ((ROOT / "workbook_template.xlsx").read_bytes(), "not a Word document"),
        (changed("<w:body>", "<w:bodi>"), "not a Word document"),
        (changed(".document.main+xml", ".template.main+xml", "[Content_Types].xml"), "not a Word document"),
        (changed("{{ title }}", "{{ titel }}"), "'titel'"),
        (changed("{{ title }}", "{{ titel }}", "word/footer1.xml"), "'titel'"),
        (changed("{{ front.author }}", "{{ front.auther }}"), "'auther'"),
        (changed("{{ title }}", "{{ title"), "placeholder"),
        (changed("{{ title }}", "{{ ''.__class__.__mro__ }}"), "placeholder"),
        (changed("{{ title }}", "{{ title + 1 }}"), "cannot be filled in"),
        (
            changed('w:name w:val="Key Point"', 'w:name w:val="Key"', "word/styles.xml"),
            "no style named 'Key Point'",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_one_clear_sentence(template: bytes, says: str) -> None:
    with pytest.raises(WorkbookError) as stopped:
        write_word(PAPER, template=template)
    assert says in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert re.search(r"Word|template", str(stopped.value))


def test_a_timeline_of_two_pictures_has_one_number() -> None:
    document = reopened(Section("One", (timeline_of(60), BY_PRIORITY)))
    captions = captions_of(document)
    assert captions[0].startswith("Figure 1. Milestones (part 1 of ")
    assert captions[1].startswith("Figure 1. Milestones (part 2 of ")
    assert captions[-1].startswith("Figure 2. RAG rating")
