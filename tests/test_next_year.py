"""``new --from``: last year's tracker goes on in this year's, on real files, and is itself left as it was."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from conformance import validator_errors
from openpyxl import load_workbook
from recalculation import recalculated
from tracking import (
    AS_AT,
    CYCLE,
    HEAD_OF_RESEARCH,
    NOW,
    copy_of,
    entry,
    fill_in,
    issue,
    issued_tracker,
)
from typer.testing import CliRunner

import lscb_workbook as lw
from lscb_workbook.board.naming import Everything
from lscb_workbook.board.sections.standing import headline
from lscb_workbook.board.sections.told import Told
from lscb_workbook.cli import app
from lscb_workbook.plan.documents import default_plan, write_plan
from lscb_workbook.plan.records import Decision, Field
from lscb_workbook.review import review
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.reading import read_tracker

SAID = "The workspace is in use."
NEXT = "2017-18 Q1"


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with last year's tracker, what came back to it, and this year's made from it."""
    folder = tmp_path_factory.mktemp("year")
    master, copies = issued_tracker(folder)
    answers = {
        ("1.2", "RAG rating"): "Amber",
        ("1.2", "Commentary"): SAID,
        ("1.2.1", "Status"): "Complete",
        ("1.2.1", "Completed on"): date(2016, 7, 29),
        ("6.3", "RAG rating"): "Purple",
        ("6.3", "Commentary"): "The dataset is kept elsewhere now.",
    }
    fill_in(copy_of(copies, HEAD_OF_RESEARCH), folder / "returns" / "research.xlsx", answers)
    lw.merge(master, [folder / "returns"], as_at=AS_AT, now=NOW)
    lw.new(None, folder / "new.xlsx", previous=master)
    return folder


@pytest.fixture
def years(year: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(year, tmp_path / "years"))


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_old_tracker_is_left_as_it_was(years: Path) -> None:
    before = files(years)
    lw.new(None, years / "again.xlsx", previous=years / "master.xlsx")
    after = files(years)
    assert after.pop(years / "again.xlsx")
    assert after == before


def test_what_is_unfinished_is_in_the_new_tracker_and_what_is_finished_on_earlier_years(years: Path) -> None:
    old, new = read_tracker(years / "master.xlsx"), read_tracker(years / "new.xlsx")
    assert [one.text for one in new.plan.actions] == [
        one.text for one in old.plan.actions if one.ref != "6.3"
    ]
    assert entry(years / "new.xlsx", "1.2", Field.COMMENTARY) == SAID
    assert new.plan.action("6.3").carried == "6.4 of 2016-17"
    gone = next(one for one in new.archive if (one.ref, one.milestone) == ("6.3", ""))
    assert (gone.outcome, gone.finished_on) == ("No longer appropriate", AS_AT)
    assert (new.id, new.key) != (old.id, old.key)
    assert len(new.history) > len(old.history)
    shown = [row[1].value for row in load_workbook(years / "new.xlsx")["Earlier years"].iter_rows(min_row=5)]
    assert list(dict.fromkeys(shown)) == [one.ref for one in old.plan.actions]


def test_the_history_of_an_action_tells_what_was_said_under_its_old_name(years: Path) -> None:
    found = lw.history(years / "new.xlsx", "1.2 of 2016-17").changes
    assert found == lw.history(years / "new.xlsx", "1.2").changes
    assert (Decision.TAKEN, SAID) in [(one.decision, one.result) for one in found]
    last = [one for one in found if one.cell.field is Field.COMMENTARY][-1]
    assert (last.decision, last.file, last.reason) == (
        Decision.CARRIED,
        "master.xlsx",
        "carried forward from 1.2 of 2016-17",
    )
    assert lw.history(years / "new.xlsx", "6.3 of 2016-17").changes[-1].decision is Decision.ARCHIVED


def test_a_copy_of_last_year_that_comes_late_is_refused_with_what_to_do(years: Path) -> None:
    late = years / "late"
    research = fill_in(
        copy_of(years / "copies", HEAD_OF_RESEARCH), late / "a.xlsx", {("1.2", "Commentary"): "x"}
    )
    before = (years / "new.xlsx").read_bytes()
    made = lw.merge(years / "new.xlsx", [late], as_at=date(2017, 5, 1), now=NOW)
    assert [(Path(one.file), one.code) for one in made.harvest.quarantined] == [
        (research, "return-earlier-year")
    ]
    assert "2016-17 (master.xlsx)" in made.harvest.quarantined[0].message
    assert (years / "new.xlsx").read_bytes() == before


def test_a_nameless_file_that_was_merged_last_year_is_refused_too(years: Path) -> None:
    book = load_workbook(copy_of(years / "copies", HEAD_OF_RESEARCH))
    rows = [[cell.value for cell in row] for row in book["Actions"].iter_rows(min_row=5)]
    column = rows[0].index("Commentary")
    rows[1][column] = "Said without a name."
    nameless = years / f"{HEAD_OF_RESEARCH}.csv"
    with nameless.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert lw.merge(years / "master.xlsx", [nameless], as_at=AS_AT, now=NOW).conflicts
    lw.new(None, years / "later.xlsx", previous=years / "master.xlsx")
    made = lw.merge(years / "later.xlsx", [nameless], as_at=date(2017, 5, 1), now=NOW)
    assert [one.code for one in made.harvest.quarantined] == ["return-earlier-year"]


def test_the_new_year_goes_round_as_any_other(years: Path) -> None:
    new = years / "new.xlsx"
    issue(new, years / "next", NEXT, date(2017, 6, 1))
    back = fill_in(
        copy_of(years / "next", HEAD_OF_RESEARCH, NEXT),
        years / "back" / "r.xlsx",
        {("1.2", "RAG rating"): "Red"},
    )
    made = lw.merge(new, [back], as_at=date(2017, 7, 1), now=NOW)
    assert [(one.cell.ref, one.master, one.result) for one in made.changes] == [("1.2", "Amber", "Red")]
    moved = next(one for one in made.review.movement if one.action.ref == "1.2")
    assert (moved.at_start, moved.before, moved.now) == ("Amber", "Amber", "Red")
    after = read_tracker(new)
    assert ([one.year for one in after.earlier], len(after.archive)) == (
        ["2016-17"],
        27 + len(default_plan().milestones),
    )
    silent = [one.ref for one in made.findings if one.code == "nothing-new"]
    assert "1.2" not in silent
    assert "1.1" in silent


def test_a_cycle_of_last_year_is_not_issued_again(years: Path) -> None:
    with pytest.raises(lw.WorkbookError, match="was a cycle of the plan year before"):
        issue(years / "new.xlsx", years / "next", CYCLE, date(2017, 6, 1))


def test_for_a_day_of_last_year_the_old_tracker_is_named(years: Path) -> None:
    with pytest.raises(lw.WorkbookError, match=r"begins on 1 April 2017.*2016-17, master\.xlsx"):
        lw.review(years / "new.xlsx", as_at=AS_AT)


def test_a_third_year_follows_the_second(years: Path) -> None:
    made = lw.new(None, years / "third.xlsx", previous=years / "new.xlsx")
    third = read_tracker(years / "third.xlsx")
    assert made.plan.year.name == "2018-19"
    assert [one.year for one in third.earlier] == ["2016-17", "2017-18"]
    assert third.plan.action("6.3").carried == "6.3 of 2017-18\n6.4 of 2016-17"
    assert {one.year for one in third.archive} == {"2016-17", "2017-18"}
    assert len(third.history) > len(read_tracker(years / "new.xlsx").history)
    assert lw.history(years / "third.xlsx", "6.4 of 2016-17").changes


def test_amended_words_and_leads_go_on_as_amended_and_what_else_the_manager_added_is_told_of(
    years: Path,
) -> None:
    old = years / "master.xlsx"
    book = load_workbook(old)
    sheet = book["Plan"]
    columns = {cell.value: cell.column for cell in sheet[4]}
    amended = {
        "Action": "Amended words.",
        "Lead officer": HEAD_OF_RESEARCH,
        "Timescale and milestones": "Amended dates.",
    }
    for heading, text in amended.items():
        sheet.cell(5, columns[heading]).value = text  # 1.1
    book.create_sheet("Visits")
    beside = sheet.max_column + 2
    sheet.cell(5, beside).value = "Ask the chair."
    book["Milestones"].cell(4, beside + 9).value = "Budget"
    book["Milestones"].cell(7, beside + 9).value = 300
    book.save(old)
    made = lw.new(None, years / "amended.xlsx", previous=old)
    action = read_tracker(years / "amended.xlsx").plan.action("1.1")
    assert (action.text, made.plan.titles(action.leads)) == ("Amended words.", HEAD_OF_RESEARCH)
    assert {"carried-words-amended", "carried-edits"} <= {one.code for one in made.findings}
    left = next(one.message for one in made.findings if one.code == "carried-not-own")
    for own in ("the tab 'Visits'", "of the Plan tab", "the column 'Budget' of the Milestones tab"):
        assert own in left


def test_the_board_is_told_what_was_carried_forward_and_what_it_was_last_year(years: Path) -> None:
    new = read_tracker(years / "new.xlsx")
    found = review(new.plan, new.entries, history=new.history, as_at=date(2017, 4, 20))
    told = Told(new.plan, found, Everything(new.plan))
    said = str(headline(told))
    assert "26 actions were carried forward from 2016-17, with" in said
    assert "Since the year began" in said
    assert told.action(new.plan.action("6.3")).endswith(" (was 6.4 of 2016-17)")
    assert "(was " not in told.action(new.plan.action("1.2"))  # known by the same ref still


def test_with_a_plan_its_own_actions_come_first(years: Path) -> None:
    text = write_plan(default_plan()).replace("2016-04-01", "2017-04-01").replace("2017-03-31", "2018-03-31")
    plan = years / "plan.toml"
    plan.write_text(text, encoding="utf-8")
    made = lw.new(plan, years / "both.xlsx", previous=years / "master.xlsx")
    new = read_tracker(years / "both.xlsx")
    assert len(new.plan.actions) == 27 + 26
    assert [one.ref for one in new.plan.actions if one.priority == 6] == [f"6.{n}" for n in range(1, 10)]
    assert new.plan.action("6.6").carried == "6.1 of 2016-17"
    assert [one.code for one in made.findings].count("carried-like-new") >= 26
    assert entry(years / "both.xlsx", "1.1", Field.RATING) == "White"
    with pytest.raises(lw.WorkbookError, match="Leave out --first-day"):
        lw.new(plan, years / "x.xlsx", previous=years / "master.xlsx", first_day=date(2017, 4, 1))


def test_what_cannot_be_is_refused_before_anything_is_written(years: Path) -> None:
    old, out = years / "master.xlsx", years / "x.xlsx"
    there = (years / "new.xlsx").read_bytes()
    for fault, given in {
        "goes with --from": {"first_day": date(2017, 4, 1)},
        "Give a later year": {"previous": old, "first_day": date(2016, 4, 1)},
        "cannot stand at 1 March 2017": {"previous": old, "as_at": date(2017, 3, 1)},
        "not a tracker made by": {"previous": copy_of(years / "copies", HEAD_OF_RESEARCH)},
        "There is no file": {"previous": years / "none.xlsx"},
    }.items():
        with pytest.raises(lw.WorkbookError, match=fault):
            lw.new(None, out, **given)  # type: ignore[arg-type]
    with pytest.raises(lw.WorkbookError, match="is there already"):
        lw.new(None, years / "new.xlsx", previous=old)
    assert not out.exists()
    assert (years / "new.xlsx").read_bytes() == there


def test_a_tracker_that_may_only_be_read_goes_on_too(years: Path) -> None:
    (years / "master.xlsx").chmod(0o444)
    assert lw.new(None, years / "again.xlsx", previous=years / "master.xlsx").rolled


def test_a_template_without_a_place_for_earlier_years_is_refused(years: Path) -> None:
    old = years / "template.xlsx"
    book = load_workbook(writing.template_path())
    del book["Earlier years"]
    book.save(old)
    with pytest.raises(lw.WorkbookError, match="template is of an earlier version"):
        lw.new(None, years / "x.xlsx", previous=years / "master.xlsx", template=old)


def test_the_command_says_what_went_on_and_what_is_to_be_done(years: Path) -> None:
    given = ["new", "--from", str(years / "master.xlsx"), "-o", str(years / "said.xlsx")]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    for words in ("Carried forward from 2016-17", "Finished in 2016-17", "26 actions", "keep it", "Next:"):
        assert words in done.output


def test_the_new_tracker_is_a_sound_workbook_whose_figures_agree(years: Path, tmp_path: Path) -> None:
    assert validator_errors(years / "new.xlsx") == []
    compared, wrong = recalculated(years / "new.xlsx", tmp_path)
    assert compared["Summary"] > 50
    assert wrong == []
