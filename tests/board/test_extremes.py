"""Boards that write much, lead much or nothing: no word is hidden, no list endless, no chart empty."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from board_year import AS_AT, PLAN, cell
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from recalculation import recalculated
from sample_paper import grid_of, paper_of
from tracking import NOW, new_tracker

import lscb_workbook as lw
from lscb_workbook.board.content import Bars, Chart, Grid, Paper, Paragraph, Section
from lscb_workbook.board.paper import make_paper
from lscb_workbook.board.timeline import MOST
from lscb_workbook.board.word import write_word
from lscb_workbook.ooxml import Workbook
from lscb_workbook.ooxml.heights import MAX_HEIGHT, WrappedText, letters_shown, row_height
from lscb_workbook.plan.records import Action, Cell, Milestone, OnDate, Plan
from lscb_workbook.review import review

SIX_HUNDRED = " ".join(f"Word{number} of neglect." for number in range(200))
ROWS = 83
GOES_ON = " … (goes on: see the {} tab)"


# --- the tabs --------------------------------------------------------------------------------


def typed(master: Path, table: str, heading: str, text: str) -> None:
    """The same text in a column, in each row."""
    book = Workbook.open(master)
    info = book.tables[table]
    for row in range(info.first_row, info.area.last_row + 1):
        book.set_cell(table, row, heading, text)
    master.write_bytes(book.to_bytes())


def column(master: Path, tab: str, heading: str) -> Iterator[tuple[str, float, float]]:
    """Of each cell below a heading: its text as shown, its row's height and its column's width."""
    page = load_workbook(master, data_only=True)[tab]
    (head,) = (one for one in page[4] if one.value == heading)
    for row in range(5, page.max_row + 1):
        shown = page.cell(row, head.column).value
        if shown:
            height, width = page.row_dimensions[row].height, page.column_dimensions[head.column_letter].width
            yield str(shown), float(height or 15), float(width)


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reviewed master, made once: every officer wrote 600 words everywhere."""
    master = new_tracker(tmp_path_factory.mktemp("wordy"))
    typed(master, "Plan", "RAG rating", "Red")
    for heading in ("Commentary", "Evidence of impact", "Asked of the board"):
        typed(master, "Plan", heading, SIX_HUNDRED)
    typed(master, "Milestones", "Note", SIX_HUNDRED)
    lw.review(master, as_at=AS_AT, now=NOW)
    return master


@pytest.mark.parametrize(
    ("tab", "heading", "source"),
    [
        ("Exceptions", "Commentary", "Plan"),
        ("Exceptions", "Asked of the board", "Plan"),
        ("Evidence of impact", "Evidence of impact", "Plan"),
        ("Movement", "Commentary", "Plan"),
        ("Missed milestones", "Note", "Milestones"),
        ("What has moved", "Why", "History"),
    ],
)
def test_no_word_of_a_tab_lies_under_the_edge_of_its_row(
    wordy: Path, tab: str, heading: str, source: str
) -> None:
    shown = list(column(wordy, tab, heading))
    assert shown
    for text, height, width in shown:
        begins, said, rest = text.partition(GOES_ON.format(source))
        assert (said, rest) == (GOES_ON.format(source), "")
        assert SIX_HUNDRED.startswith(begins)
        assert SIX_HUNDRED[len(begins)] == " "  # whole words
        assert len(begins) > 500
        assert row_height([WrappedText(text, width, 10)]) < MAX_HEIGHT
        assert height <= MAX_HEIGHT


def test_what_is_cut_is_what_the_workbook_calculates_and_the_plan_keeps_all(
    wordy: Path, tmp_path: Path
) -> None:
    compared, wrong = recalculated(wordy, tmp_path)
    assert wrong == []
    assert compared["Exceptions"] > 50
    assert {text for text, _, _ in column(wordy, "Plan", "Commentary")} == {SIX_HUNDRED}


def test_a_text_that_was_short_is_cut_by_the_workbook_itself_when_it_gets_long(
    wordy: Path, tmp_path: Path
) -> None:
    master = Path(shutil.copy(wordy, tmp_path))
    typed(master, "Plan", "Commentary", "Short.")
    lw.review(master, as_at=AS_AT, now=NOW)
    assert {text for text, _, _ in column(master, "Exceptions", "Commentary")} == {"Short."}
    typed(master, "Plan", "Commentary", SIX_HUNDRED)
    _, wrong = recalculated(master, tmp_path / "again")
    (first, *_) = (line for line in wrong if line.startswith("Exceptions E"))
    assert GOES_ON.format("Plan") in first


def test_the_letters_shown_are_all_that_fit_and_no_more() -> None:
    for text in (SIX_HUNDRED, "x" * 9_000, "line\n" * 100, "\n" * 300):
        most = letters_shown(WrappedText(text, 30, 10))
        assert 0 < most < len(text)
        assert row_height([WrappedText(text[:most], 30, 10)]) < MAX_HEIGHT
        assert row_height([WrappedText(text[: most + 400], 30, 10)]) == MAX_HEIGHT
    assert letters_shown(WrappedText("Short.", 30, 10)) == 6


# --- the paper -------------------------------------------------------------------------------


def section(paper: Paper, heading: str) -> Section:
    (found,) = (one for one in paper.sections if one.heading.startswith(heading))
    return found


def grids(part: Section) -> list[Grid]:
    return [block for block in part.blocks if isinstance(block, Grid)]


def paper(plan: Plan, typed_in: Mapping[str, str]) -> Paper:
    held: dict[Cell, str] = {cell(name): text for name, text in typed_in.items()}
    return make_paper(plan, review(plan, held, as_at=AS_AT))


def large(count: int) -> Plan:
    """So many actions, each with a milestone that was missed, the last by the most days."""
    return replace(
        PLAN,
        actions=tuple(Action(f"1.{n}", 1, f"Action {n}", ("ann",), (), "") for n in range(1, count + 1)),
        milestones=tuple(
            Milestone(f"1.{n}.1", f"1.{n}", ("ann",), "by then", OnDate("x", date.fromordinal(736_200 - n)))
            for n in range(1, count + 1)
        ),
    )


def test_a_long_text_begins_in_the_list_and_stands_in_full_across_the_page_below() -> None:
    made = paper(
        PLAN,
        {"1.1 rating": "Red", "1.1 commentary": SIX_HUNDRED, "1.2 rating": "Red", "1.2 commentary": "No."},
    )
    listed, below = grids(section(made, "Exceptions"))
    begins, said = str(listed.rows[0][4]).split(" … ")
    assert said == "(in full below the table)"
    assert SIX_HUNDRED.startswith(begins)
    assert listed.rows[1][4] == "No."
    assert below.rows == (("1.1", SIX_HUNDRED),)


@pytest.mark.parametrize("heading", ["Exceptions", "Missed milestones"])
def test_a_list_without_end_gives_the_foremost_and_says_where_all_are(heading: str) -> None:
    plan = large(ROWS)
    ratings = {f"1.{n} rating": "Red" if n > ROWS - 10 else "Amber" for n in range(1, ROWS + 1)}
    part = section(paper(plan, ratings), heading)
    (grid,) = grids(part)
    assert len(grid.rows) == 60
    assert str(grid.rows[0][0]).startswith("1.74 " if heading == "Exceptions" else f"1.{ROWS}.1 ")
    said = part.blocks[0]
    assert isinstance(said, Paragraph)
    assert said.text.startswith(f"Of {ROWS}, the 60 listed are the ")
    assert f"'{heading}'" in said.text


def test_a_list_that_a_board_can_read_is_whole_and_says_nothing_of_it() -> None:
    part = section(paper(large(60), {f"1.{n} rating": "Red" for n in range(1, 61)}), "Exceptions")
    (grid,) = part.blocks
    assert isinstance(grid, Grid)
    assert len(grid.rows) == 60


def test_a_plan_without_actions_makes_a_paper_without_empty_charts() -> None:
    made = paper(replace(PLAN, actions=(), milestones=()), {})
    assert not [block for one in made.sections for block in one.blocks if isinstance(block, Chart)]
    assert Document(io.BytesIO(write_word(made))).tables


def test_twelve_cycles_are_one_chart() -> None:
    plan = large(3)
    found = review(plan, {}, as_at=AS_AT)
    many = replace(found, trend=tuple(replace(found.trend[0], name=f"Month {n}") for n in range(13)))
    (chart,) = (one for one in section(make_paper(plan, many), "Trend").blocks if isinstance(one, Chart))
    assert isinstance(chart.drawing, Bars)
    assert len(chart.drawing.labels) == 13


def test_a_sentence_above_a_table_stays_with_it() -> None:
    section_ = Section("Heading", (Paragraph("A sentence."), grid_of(3, caption="C", commentary="x")))
    document = Document(io.BytesIO(write_word(paper_of(section_))))
    (sentence,) = (one for one in document.paragraphs if one.text == "A sentence.")
    assert sentence._p.pPr is not None
    assert sentence._p.pPr.find(qn("w:keepNext")) is not None


def test_a_page_holds_the_timelines_table() -> None:
    assert MOST * 15 + 60 < 842  # points: rows, headings and margins on a sheet of A4
