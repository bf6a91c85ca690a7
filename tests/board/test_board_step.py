"""The paper as a file: its formats, what it writes over and what not, and any past paper made again."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from conformance import missing
from tracking import AS_AT, NOW, issue, new_tracker, type_into

import lscb_workbook as lw
from lscb_workbook.board import office_program
from lscb_workbook.tracker.reading import read_tracker

LATER = date(2016, 12, 1)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A tracker reviewed on one day, changed by hand, and reviewed on a later day."""
    made = new_tracker(tmp_path)
    type_into(made, "1.1", "RAG rating", "Amber")
    type_into(made, "1.1", "Commentary", "Slow at first.")
    lw.review(made, as_at=AS_AT, now=NOW)
    return made


def moved_on(master: Path) -> None:
    type_into(master, "1.1", "RAG rating", "Red")
    type_into(master, "1.1", "Commentary", "Then it stopped.")
    lw.review(master, as_at=LATER, now=NOW)


def words(paper: Path) -> str:
    if paper.suffix == ".html":
        return paper.read_text(encoding="utf-8")
    with zipfile.ZipFile(paper) as package:
        return package.read("word/document.xml").decode()


@pytest.fixture
def office() -> None:
    if office_program() is None:
        missing("LibreOffice")


@pytest.mark.usefixtures("office")
def test_one_command_makes_word_pdf_and_web_page(master: Path, tmp_path: Path) -> None:
    made = lw.board(master, tmp_path / "paper.docx", as_at=AS_AT, pdf=True, html=True)
    assert [path.name for path in made.written] == ["paper.docx", "paper.pdf", "paper.html"]
    assert not made.past
    assert "Slow at first." in words(tmp_path / "paper.docx")
    assert "Slow at first." in words(tmp_path / "paper.html")
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("office")
def test_the_tabs_themselves_are_printed_where_asked(master: Path, tmp_path: Path) -> None:
    made = lw.board(master, tmp_path / "tabs.pdf", as_at=AS_AT, tabs=True)
    assert made.written == (tmp_path / "tabs.pdf",)
    assert made.written[0].read_bytes().startswith(b"%PDF")


def test_the_same_master_and_day_make_the_same_bytes(master: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        lw.board(master, tmp_path / f"{name}.docx", as_at=AS_AT, html=True)
    for ending in ("docx", "html"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


def test_a_word_paper_that_was_edited_is_never_written_over(master: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper.docx"
    lw.board(master, paper, as_at=AS_AT)
    lw.board(master, paper, as_at=AS_AT)
    paper.write_bytes(b"edited")
    with pytest.raises(lw.WorkbookError, match="may have been edited"):
        lw.board(master, paper, as_at=AS_AT, html=True)
    assert paper.read_bytes() == b"edited"
    assert not paper.with_suffix(".html").exists()


def test_a_web_page_is_made_anew(master: Path, tmp_path: Path) -> None:
    page = tmp_path / "paper.html"
    lw.board(master, page, as_at=AS_AT)
    moved_on(master)
    lw.board(master, page, as_at=LATER)
    assert "Then it stopped." in words(page)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("paper.odt", {}, "ends in .docx, .pdf or .html"),
        ("paper", {}, "ends in .docx, .pdf or .html"),
        ("tabs.docx", {"tabs": True}, "ends in .pdf"),
        ("tabs.pdf", {"tabs": True, "public": True}, "no public version"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_done(
    master: Path, tmp_path: Path, name: str, options: dict[str, bool], said: str
) -> None:
    before = master.read_bytes()
    with pytest.raises(lw.WorkbookError, match=said):
        lw.board(master, tmp_path / name, as_at=LATER, **options)  # type: ignore[arg-type]
    assert master.read_bytes() == before
    assert not (tmp_path / name).exists()


def test_a_past_paper_is_made_again_out_of_history_and_the_master_stays(master: Path, tmp_path: Path) -> None:
    lw.board(master, tmp_path / "then.html", as_at=AS_AT)
    moved_on(master)
    before = master.read_bytes()
    made = lw.board(master, tmp_path / "again.html", as_at=AS_AT)
    assert made.past
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "then.html").read_bytes()
    assert master.read_bytes() == before
    assert "Then it stopped." not in words(tmp_path / "again.html")


def test_a_past_review_says_what_was_and_writes_nothing(master: Path) -> None:
    then = lw.review(master, as_at=AS_AT)
    moved_on(master)
    before = master.read_bytes()
    again = lw.review(master, as_at=AS_AT)
    assert (again.past, again.written) == (True, None)
    assert again.review == then.review
    assert master.read_bytes() == before
    assert read_tracker(master).as_at == LATER


@pytest.mark.usefixtures("office")
def test_past_tabs_are_printed_as_they_stood(master: Path, tmp_path: Path) -> None:
    moved_on(master)
    before = master.read_bytes()
    made = lw.board(master, tmp_path / "tabs.pdf", as_at=AS_AT, tabs=True)
    assert made.past
    assert master.read_bytes() == before


def test_a_public_paper_says_what_it_left_out(master: Path, tmp_path: Path) -> None:
    type_into(master, "1.1", "Commentary", "Ring 07700 900123.")
    made = lw.board(master, tmp_path / "public.html", as_at=AS_AT, public=True)
    assert any("The commentary of 1.1" in line for line in made.left_out)
    assert "07700" not in words(tmp_path / "public.html")
    assert lw.board(master, tmp_path / "whole.html", as_at=AS_AT).left_out == ()


def test_a_template_that_is_none_is_refused_with_its_name(master: Path, tmp_path: Path) -> None:
    template = tmp_path / "template.docx"
    template.write_bytes(b"no Word file")
    with pytest.raises(lw.WorkbookError, match=r"template"):
        lw.board(master, tmp_path / "paper.docx", as_at=AS_AT, template=template)
    assert not (tmp_path / "paper.docx").exists()


def test_copies_out_count_as_silent_until_they_are_back(master: Path, tmp_path: Path) -> None:
    issue(master, tmp_path / "copies")
    lw.board(master, tmp_path / "paper.html", as_at=LATER)
    assert "officers have not returned" in words(tmp_path / "paper.html")
