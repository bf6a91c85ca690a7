"""The demonstration, and the workbooks it leaves: whole, conforming, and true when calculated again."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest
from conformance import convert, validator_errors
from openpyxl import load_workbook
from recalculation import cells_of, recalculated, shown

import lscb_workbook as lw
from lscb_workbook.demo import Played
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Decision
from lscb_workbook.review import State
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("play") / "demo"


@pytest.fixture(scope="module")
def played(folder: Path) -> Played:
    return lw.demo(folder)


@pytest.fixture(scope="module")
def master(played: Played) -> Path:
    return played.places[0][1]


def test_it_says_where_everything_is(played: Played) -> None:
    assert all(path.exists() for _, path in played.places)
    assert {quarter for quarter, _, _ in played.happened} == {"2016-17 Q1", "2016-17 Q2"}


def test_everything_that_goes_wrong_in_a_quarter_goes_wrong_in_it(master: Path) -> None:
    tracker = read_tracker(master)
    decisions = {change.decision for change in tracker.history}
    assert {Decision.TAKEN, Decision.CONFLICT, Decision.REFUSED} <= decisions
    assert any(decision.value.startswith("settled") for decision in decisions)
    codes = {finding.code for finding in lw.review(master, as_at=tracker.as_at).findings}
    assert {"rating-without-commentary", "rating-contradicts-milestone", "milestone-missed"} <= codes
    assert any(one.returned_on is None for one in tracker.issued if one.cycle == "2016-17 Q2")


def test_the_same_seed_plays_the_same_year(master: Path, tmp_path: Path) -> None:
    again = lw.demo(tmp_path / "again").places[0][1]
    assert read_tracker(again).entries == read_tracker(master).entries


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(lw.WorkbookError, match="is there already"):
        lw.demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_second_demonstration_finds_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lscb-demo").mkdir()
    assert lw.demo(seed=7).places[0][1].parent.name == "lscb-demo-2"


def test_the_master_and_copies_conform(master: Path) -> None:
    copies = sorted(master.parent.glob("*copies/*.xlsx"), key=lambda path: path.stat().st_size)
    assert len(copies) == 24
    some = (copies[0], *copies[1:-1:5], copies[-1])  # the smallest, the largest, and some between
    faults = {path.name: errors for path in (master, *some) if (errors := validator_errors(path))}
    assert faults == {}


FIGURES = {table.sheet for table in TRACKER_TABLES.values() if table.view}


def test_calculated_again_every_figure_is_the_one_shown(master: Path, tmp_path: Path) -> None:
    compared, wrong = recalculated(master, tmp_path)
    assert wrong == []
    assert {*FIGURES, "Milestones"} <= set(compared)
    assert sum(compared.values()) > 1_000


def test_a_false_figure_would_be_caught(master: Path, tmp_path: Path) -> None:
    from lscb_workbook.ooxml import Formula, Workbook

    book = Workbook.open(master)
    info = book.tables["ByPriority"]
    book.set_cell("ByPriority", info.first_row, "Actions", Formula("COUNTA(Plan[Ref])", 99))
    false = tmp_path / "false.xlsx"
    false.write_bytes(book.to_bytes())
    address = f"C{info.first_row}"
    assert cells_of(false)("Summary", address) == 99
    [again] = shown([false], tmp_path / "again")
    assert again("Summary", address) == "27"


def test_a_pivot_of_the_plan_by_pandas_gives_the_same_figures(master: Path) -> None:
    plan = pandas.read_excel(master, sheet_name="Plan", header=3, dtype={"Ref": str}, engine="calamine")
    pivot = pandas.crosstab(plan["Priority"], plan["RAG rating"])
    shown = Sheets(master.read_bytes()).rows("ByPriority")
    for row in shown[1:]:
        for rating in default_plan().scheme.names:
            counted = pivot[rating].get(int(row.text("Priority")), 0) if rating in pivot else 0
            assert int(row.text(rating)) == counted, (row.text("Priority"), rating)
    assert int(shown[0].text("Actions")) == len(plan)
    totals = Sheets(master.read_bytes()).rows("Trend")[-1]
    assert {name: int(totals.text(name)) for name in default_plan().scheme.names} == {
        name: int((plan["RAG rating"] == name).sum()) for name in default_plan().scheme.names
    }


@pytest.mark.parametrize(
    ("table", "key", "lines"),
    [("ByOfficer", "Lead officer", "Lead officer"), ("ByOrganisation", "Organisation", "Organisations")],
)
def test_pandas_counts_what_each_officer_and_organisation_leads_alike(
    master: Path, table: str, key: str, lines: str
) -> None:
    """A row for each of the lines of a cell, counted by rating and by state."""
    frames = {
        name: pandas.read_excel(master, sheet_name=name, header=3, engine="calamine")
        for name in ("Plan", "Milestones")
    }
    each = {
        name: frame.assign(who=frame[lines].str.split("\n")).explode("who") for name, frame in frames.items()
    }
    ratings = pandas.crosstab(each["Plan"]["who"], each["Plan"]["RAG rating"])
    states = pandas.crosstab(each["Milestones"]["who"], each["Milestones"]["State"])
    rows = Sheets(master.read_bytes()).rows(table)
    assert len(rows) == len({*ratings.index, *states.index})
    for row in rows:
        counted = ratings.loc[row.text(key)] if row.text(key) in ratings.index else pandas.Series(dtype=int)
        for name in default_plan().scheme.names:
            assert int(row.text(name)) == counted.get(name, 0), (row.text(key), name)
        assert int(row.text("Actions")) == counted.sum()
        missed = states.loc[row.text(key)].get("Missed", 0) if row.text(key) in states.index else 0
        assert int(row.text("Milestones missed")) == missed


def test_pandas_finds_the_exceptions_and_the_missed_alike(master: Path) -> None:
    plan = pandas.read_excel(master, sheet_name="Plan", header=3, dtype={"Ref": str}, engine="calamine")
    milestones = pandas.read_excel(master, sheet_name="Milestones", header=3, engine="calamine")
    sheets = Sheets(master.read_bytes())
    off = plan[plan["RAG rating"].isin(["Red", "Amber"])]
    assert {row.text("Ref") for row in sheets.rows("Exceptions")} == set(off["Ref"])
    missed = milestones[milestones["State"] == "Missed"]
    assert {row.text("Milestone"): int(row.text("Days late")) for row in sheets.rows("Missed")} == dict(
        zip(missed["Milestone"], missed["Days late"].astype(int), strict=True)
    )


def test_the_states_that_the_tab_calculates_are_those_of_the_review(master: Path) -> None:
    tracker = read_tracker(master)
    found = lw.review(master, as_at=tracker.as_at)
    shown = load_workbook(master, data_only=True)["Milestones"]
    heads = {cell.value: cell.column for cell in shown[4]}
    said = {
        shown.cell(row, heads["Milestone"]).value: shown.cell(row, heads["State"]).value
        for row in range(5, shown.max_row + 1)
    }
    words = {state: state.value.replace("_", " ").capitalize() for state in State}
    assert said == {state.milestone.id: words[state.state] for state in found.review.milestones}


def test_a_copy_saved_again_by_libreoffice_is_still_its_officers(master: Path, tmp_path: Path) -> None:
    from tracking import AS_AT

    copy = next((master.parent / "2016-17 Q2 returns").glob("*LSCB Chair.xlsx"))
    saved = convert(copy, "xlsx", tmp_path / "returns")
    result = lw.merge(master, [saved], as_at=AS_AT, dry_run=True)
    assert [(one.officer, one.signature.value) for one in result.harvest.returns] == [("lscb-chair", "valid")]
    assert not result.refusals
