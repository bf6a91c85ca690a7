"""The paper as a file: its formats, what it writes over and what not, and any past paper made again."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tracker that was changed by hand and reviewed; tests work on a copy of it."""
    made = new_tracker(tmp_path_factory.mktemp("reviewed"))
    type_into(made, "1.1", "RAG rating", "Amber")
    type_into(made, "1.1", "Commentary", "Slow at first.")
    lw.review(made, as_at=AS_AT, now=NOW)
    return made.parent


@pytest.fixture
def master(reviewed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reviewed, tmp_path, dirs_exist_ok=True)) / "master.xlsx"


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


def test_no_file_that_is_there_is_written_over_unless_that_is_said(master: Path, tmp_path: Path) -> None:
    paper, before = tmp_path / "paper.docx", master.read_bytes()
    paper.write_bytes(b"edited")
    with pytest.raises(lw.WorkbookError, match="is there already"):
        lw.board(master, paper, as_at=LATER, html=True)
    assert paper.read_bytes() == b"edited"
    assert not paper.with_suffix(".html").exists()
    assert master.read_bytes() == before
    lw.board(master, paper, as_at=AS_AT, replace_files=True)
    assert "Slow at first." in words(paper)


@pytest.mark.parametrize("how", ["itself", "a link", "a backup", "the template"])
def test_a_paper_never_takes_the_place_of_the_master_its_template_or_a_backup(
    master: Path, tmp_path: Path, how: str
) -> None:
    page = tmp_path / "master.html"
    shutil.copy(master, page)
    lw.review(page, as_at=LATER, now=NOW)
    (backup,) = (one for one in (tmp_path / "backups").iterdir() if one.suffix == ".html")
    (tmp_path / "link.html").symlink_to(page)
    (tmp_path / "template.html").write_bytes(b"x")
    output = {"itself": page, "a link": tmp_path / "link.html", "a backup": backup}.get(how)
    before = {path: path.read_bytes() for path in (page, backup)}
    with pytest.raises(lw.WorkbookError, match="must not take its place"):
        lw.board(
            page,
            output or tmp_path / "template.html",
            as_at=LATER,
            template=tmp_path / "template.html",
            replace_files=True,
        )
    assert {path: path.read_bytes() for path in before} == before


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


def test_what_is_typed_after_a_later_day_is_said_not_to_be_in_the_past(master: Path, tmp_path: Path) -> None:
    moved_on(master)
    type_into(master, "1.2", "RAG rating", "Red")
    made = lw.board(master, tmp_path / "then.html", as_at=AS_AT)
    (one,) = (one for one in made.findings if one.code == "edits-not-recorded")
    assert one.message.startswith("1 cell was typed into the tracker")
    assert "on 1.2;" in one.message
    assert lw.board(master, tmp_path / "now.html", as_at=LATER).recorded == 1


def test_a_merge_as_at_an_earlier_day_than_the_tracker_stands_at_is_told_of(master: Path) -> None:
    moved_on(master)
    type_into(master, "1.2", "RAG rating", "Red")
    made = lw.merge(master, as_at=AS_AT, now=NOW)
    assert "merged-before-as-at" in {one.code for one in made.to_see}
    lw.merge(master, as_at=LATER, now=NOW)
    assert "merged-before-as-at" in {one.code for one in lw.merge(master, as_at=AS_AT, now=NOW).to_see}
    type_into(master, "1.2", "RAG rating", "Amber")
    assert "merged-before-as-at" not in {one.code for one in lw.merge(master, as_at=LATER).findings}
