"""The paper as a PDF: tagged, titled, with bookmarks, the same bytes; and its pages as they fall."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from conformance import missing
from sample_paper import BY_PRIORITY, LONG, PAPER, grid_of, paper_of

from lscb_workbook.board import printing
from lscb_workbook.board.content import Paragraph, Section
from lscb_workbook.board.printing import office_program, word_to_pdf
from lscb_workbook.board.word import write_word
from lscb_workbook.plan.errors import WorkbookError


def tool(name: str, *options: str, path: Path) -> str:
    """What one of Poppler's programs says of a PDF."""
    if shutil.which(name) is None:
        missing(f"{name} (poppler-utils)")
    run = subprocess.run([name, *options, str(path)], capture_output=True, text=True, timeout=60, check=True)
    return run.stdout


def pages(path: Path) -> list[list[str]]:
    """The lines of each page."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext (poppler-utils)")
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return [page.splitlines() for page in run.stdout.split("\f")[:-1]]


@pytest.fixture(scope="module")
def docx() -> bytes:
    return write_word(PAPER)


@pytest.fixture(scope="module")
def printed(docx: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if office_program() is None:
        missing("LibreOffice")
    path = tmp_path_factory.mktemp("printed") / "paper.pdf"
    path.write_bytes(word_to_pdf(docx))
    return path


def test_the_pdf_is_tagged_titled_in_english_and_on_a4(printed: Path) -> None:
    told = tool("pdfinfo", path=printed)
    assert re.search(r"Tagged: +yes", told)
    assert re.search(rf"Title: +{re.escape(PAPER.title)}", told)
    assert re.search(r"Page size: +595\.\d+ x 841\.\d+ pts \(A4\)", told)
    data = printed.read_bytes()
    assert b"/Lang(en-GB)" in data
    assert b"/DisplayDocTitle true" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data


def test_its_bookmarks_are_the_headings(printed: Path) -> None:
    told = tool("pdftohtml", "-xml", "-i", "-stdout", path=printed)
    outline = told.partition("<outline>")[2].partition("</outline>")[0]
    assert re.findall(r"<item[^>]*>([^<]*)</item>", outline) == [one.heading for one in PAPER.sections]


def test_its_structure_has_headings_lists_tables_and_pictures_with_their_words(printed: Path) -> None:
    told = tool("pdfinfo", "-struct", path=printed)
    kinds = re.findall(r"^ *([A-Z][A-Za-z0-9]*)\b", told, re.M)
    assert kinds.count("H1") == len(PAPER.sections)
    assert kinds.count("Table") == 5
    assert kinds.count("LI") == 2
    assert kinds.count("TH") >= 5 + 5 + 6 + 2  # each table's headings, and no cell below them
    assert kinds.count("Figure") >= 4
    assert (
        b"/Alt<FEFF" + BY_PRIORITY.alt.encode("utf-16-be").hex().upper().encode() + b">"
        in printed.read_bytes()
    )


def test_the_same_document_gives_the_same_pdf_whenever_it_is_printed(docx: bytes, printed: Path) -> None:
    again = word_to_pdf(docx)
    assert again == printed.read_bytes()
    assert b"/CreationDate(D:20161001000000Z" in again
    assert b"<xmp:CreateDate>2016-10-01T00:00:00Z<" in again


def test_moments_in_any_zone_are_replaced_in_their_length() -> None:
    before = (
        b"/CreationDate(D:20261125025123+01'00')>> /ModDate(D:20261125025123Z')"
        b"<xmp:ModifyDate>2026-11-25T02:51:23-05:00</xmp:ModifyDate> (D:20261125025123Z')"
        b"/ID [ <0123456789ABCDEF0123456789ABCDEF>\n<0123456789ABCDEF0123456789ABCDEF> ] "
        b"/DocChecksum /0123456789ABCDEF0123456789ABCDEF <0123456789ABCDEF0123456789ABCDEF>"
    )
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as target:
        target.writestr(
            "docProps/core.xml", "<dcterms:created xsi:type='x'>2016-10-01T00:00:00Z</dcterms:created>"
        )
    after = printing._settled(before, package.getvalue())
    assert len(after) == len(before)
    assert after.startswith(b"/CreationDate(D:20161001000000+00'00')>> /ModDate(D:20161001000000Z')")
    assert b"<xmp:ModifyDate>2016-10-01T00:00:00+00:00<" in after
    assert b"(D:20261125025123Z')" in after  # no date of the file's, so left alone
    assert after.count(b"0123456789ABCDEF0123456789ABCDEF") == 1


def test_every_page_has_its_number_and_the_papers_title(printed: Path) -> None:
    found = pages(printed)
    for number, lines in enumerate(found, start=1):
        assert " ".join(lines[-1].split()) == f"{PAPER.title} | Page {number} of {len(found)}"


def test_600_words_are_all_there_and_the_headings_come_again(printed: Path) -> None:
    found = pages(printed)
    words = " ".join(word for lines in found for line in lines for word in line.split())
    assert words.count("neglect") >= LONG.count("neglect")
    for lines in found:
        rows = [at for at, line in enumerate(lines) if re.match(r" *R\d+\b", line)]
        if rows:
            above = " ".join(lines[: rows[0]])
            assert "Ref" in above
            assert "Commentary" in above


def test_no_page_has_a_lone_row_nor_a_heading_without_what_follows(tmp_path: Path) -> None:
    if office_program() is None:
        missing("LibreOffice")
    # tables that end one row, two rows, … over the page; and tables that would begin at its foot
    over = [
        Section(f"Over {n}", (grid_of(n, caption="C", commentary="x"),), wide=n % 2 == 0)
        for n in range(47, 59)
    ]
    foot = [
        Section(
            f"Foot {n}",
            (Paragraph("line\n" * n), Paragraph("end"), grid_of(12, caption="C", commentary="x")),
            wide=n % 2 == 0,
        )
        for n in range(21, 46)
    ]
    path = tmp_path / "paper.pdf"
    path.write_bytes(word_to_pdf(write_word(paper_of(*over, *foot))))
    found = pages(path)
    assert len(found) > 40
    for lines in found:
        body = [line for line in lines[:-1] if line.strip()]
        rows = [line for line in body if re.match(r" *R\d+\b", line)]
        assert len(rows) != 1, lines
        assert not re.match(r" *(Over|Foot) \d+$|Table \d+|Ref +Rating", body[-1].strip()), lines


def test_without_libreoffice_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "office_program", lambda: None)
    with pytest.raises(WorkbookError, match=r"Install it from libreoffice\.org, or open the paper in Word"):
        word_to_pdf(b"")


def test_what_libreoffice_cannot_read_is_said_in_a_sentence() -> None:
    if office_program() is None:
        missing("LibreOffice")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as target:
        target.writestr("nothing.txt", "")
    with pytest.raises(WorkbookError, match="LibreOffice did not make the PDF"):
        word_to_pdf(package.getvalue())
