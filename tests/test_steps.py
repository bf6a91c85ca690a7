"""The steps of the quarter on real files: nothing an officer wrote is lost, nothing false gets in."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from tracking import (
    AS_AT,
    CHAIR,
    CYCLE,
    HEAD_OF_RESEARCH,
    INTEGRATED_CARE,
    ISSUED,
    NOW,
    NURSING,
    RETURN_BY,
    copy_of,
    entry,
    fill_in,
    issue,
    issued_tracker,
    new_tracker,
)

import lscb_workbook as lw
from lscb_workbook import terminal
from lscb_workbook.merge import Tally
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Decision, Field, Settlement
from lscb_workbook.results import MergeResult, Standing
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a master and the copies issued from it, made once; tests work on a copy of it."""
    folder = tmp_path_factory.mktemp("issued")
    issued_tracker(folder)
    return folder


@pytest.fixture
def quarter(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "quarter"))


def merge(folder: Path, *returns: Path, as_at: date = AS_AT) -> MergeResult:
    return lw.merge(folder / "master.xlsx", returns or [folder / "returns"], as_at=as_at, now=NOW)


def settle(master: Path, choices: dict[str, Settlement]) -> None:
    """Choose on the Conflicts tab, by officer, as the manager does in Excel."""
    book = Workbook.open(master)
    for row in Sheets(master.read_bytes(), book).rows("Conflicts"):
        choice = choices.get(row.text("Returned by"))
        if choice:
            book.set_cell("Conflicts", row.number, "Settle", choice.value)
    master.write_bytes(book.to_bytes())


# --- new -------------------------------------------------------------------------------------


def test_a_new_master_reads_back_as_the_plan(tmp_path: Path) -> None:
    assert read_tracker(new_tracker(tmp_path)).plan == default_plan()


def test_every_action_starts_with_the_rating_printed_in_the_plan(tmp_path: Path) -> None:
    tracker = read_tracker(new_tracker(tmp_path))
    ratings = [text for cell, text in tracker.entries.items() if cell.field is Field.RATING]
    assert ratings == ["White"] * 27


def test_a_master_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    before = master.read_bytes()
    with pytest.raises(lw.WorkbookError, match="is there already"):
        lw.new(None, master)
    assert master.read_bytes() == before


# --- issue -----------------------------------------------------------------------------------


def test_every_lead_officer_gets_one_copy_under_a_name_people_understand(quarter: Path) -> None:
    names = sorted(path.name for path in (quarter / "copies").iterdir())
    assert len(names) == len(default_plan().officers)
    assert f"{CYCLE} - {HEAD_OF_RESEARCH}.xlsx" in names


def test_an_office_spelt_three_ways_gets_one_copy_with_all_its_actions(quarter: Path) -> None:
    plan = default_plan()
    title = next(o.title for o in plan.officers if "Learning and Improvement" in o.title)
    book = load_workbook(copy_of(quarter / "copies", title))
    refs = [row[0].value for row in book["Actions"].iter_rows(min_row=6)]
    assert refs == ["1.3", "2.5", "4.3", "5.2", "5.3", "5.4", "6.2"]


def test_nothing_of_anyone_elses_is_anywhere_in_a_copy(quarter: Path) -> None:
    """Every part of every copy, inflated, is searched for what the other officers wrote and lead."""
    master = quarter / "master.xlsx"
    answers = {
        copy.name: fill_in(copy, quarter / "returns" / copy.name, {(_first_ref(copy), "Commentary"): secret})
        for copy in sorted((quarter / "copies").iterdir())
        if (secret := f"secret of {copy.stem.split(' - ', 1)[1]}")
    }
    assert len(answers) == 12
    merge(quarter)
    issue(master, quarter / "next", "2016-17 Q3", date(2016, 12, 1))
    plan, tracker = default_plan(), read_tracker(master)
    for copy in (quarter / "next").iterdir():
        officer = next(o for o in plan.officers if copy.stem.endswith(o.title))
        with zipfile.ZipFile(copy) as package:
            whole = "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
        theirs = {action.ref for action in plan.actions if officer.key in action.leads}
        for cell, text in tracker.entries.items():
            if cell.field is Field.COMMENTARY and cell.ref not in theirs:
                assert text not in whole, (copy.name, cell)
        for other in plan.officers:
            shared = any({officer.key, other.key} <= set(action.leads) for action in plan.actions)
            if other != officer and not shared and other.title not in officer.title:
                assert f">{other.title}<" not in whole, (copy.name, other.title)
        assert tracker.key not in whole


def _first_ref(copy: Path) -> str:
    return str(load_workbook(copy)["Actions"].cell(6, 1).value)


def test_only_the_officers_cells_are_unlocked(quarter: Path) -> None:
    book = load_workbook(copy_of(quarter / "copies", CHAIR))
    for sheet in ("Actions", "Milestones"):
        page = book[sheet]
        assert page.protection.sheet
        heads = {cell.column: cell.value for cell in page[5]}
        unlocked = {heads[cell.column] for cell in page[6] if not cell.protection.locked}
        assert (
            unlocked
            == {
                "Actions": {"RAG rating", "Commentary", "Evidence of impact"},
                "Milestones": {"Status", "Completed on", "Revised date", "Note"},
            }[sheet]
        )


def test_a_cycle_is_not_issued_twice(quarter: Path) -> None:
    with pytest.raises(lw.WorkbookError, match="was issued already"):
        issue(quarter / "master.xlsx", quarter / "again")


def test_an_issue_that_fails_leaves_neither_copies_nor_a_record(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    before = master.read_bytes()
    blocked = quarter / "next" / f"2016-17 Q3 - {CHAIR}.xlsx"
    blocked.parent.mkdir()
    blocked.write_bytes(b"the manager's own file")
    with pytest.raises(lw.WorkbookError, match="is there already"):
        issue(master, quarter / "next", "2016-17 Q3", date(2016, 12, 1))
    assert [path.name for path in (quarter / "next").iterdir()] == [blocked.name]
    assert master.read_bytes() == before


# --- merge -----------------------------------------------------------------------------------


def test_what_an_officer_changed_is_taken(quarter: Path) -> None:
    answers = {
        ("6.3", "RAG rating"): "Amber",
        ("6.3", "Commentary"): "Data set agreed;\nreporting has begun.",
        ("6.3.1", "Status"): "Complete",
        ("6.3.1", "Completed on"): date(2016, 7, 18),
    }
    fill_in(copy_of(quarter / "copies", HEAD_OF_RESEARCH), quarter / "returns" / "renamed.xlsx", answers)
    result = merge(quarter)
    master = quarter / "master.xlsx"
    assert {change.decision for change in result.changes} == {Decision.TAKEN}
    assert entry(master, "6.3", Field.RATING) == "Amber"
    assert entry(master, "6.3", Field.COMMENTARY) == "Data set agreed;\nreporting has begun."
    assert entry(master, "6.3.1", Field.COMPLETED_ON) == "2016-07-18"


def test_merging_the_same_files_again_writes_nothing(quarter: Path) -> None:
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "amber "}
    )
    assert merge(quarter).written
    before = (quarter / "master.xlsx").read_bytes()
    again = merge(quarter)
    assert (again.changes, again.written) == ((), None)
    assert (quarter / "master.xlsx").read_bytes() == before


def test_a_dry_run_says_what_would_change_and_writes_nothing(quarter: Path) -> None:
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    before = (quarter / "master.xlsx").read_bytes()
    result = lw.merge(quarter / "master.xlsx", [quarter / "returns"], as_at=AS_AT, dry_run=True)
    assert len(result.changes) == 1
    assert (quarter / "master.xlsx").read_bytes() == before


def test_the_master_before_is_kept_and_undo_brings_it_back(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    before = master.read_bytes()
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    result = merge(quarter)
    assert result.backup is not None
    assert result.backup.read_bytes() == before
    lw.undo(master, now=NOW + timedelta(hours=1))
    assert master.read_bytes() == before


def test_joint_leads_who_disagree_are_in_conflict_until_the_manager_settles(quarter: Path) -> None:
    copies, master = quarter / "copies", quarter / "master.xlsx"
    fill_in(
        copy_of(copies, INTEGRATED_CARE), quarter / "returns" / "a.xlsx", {("2.1", "RAG rating"): "Green"}
    )
    fill_in(copy_of(copies, NURSING), quarter / "returns" / "b.xlsx", {("2.1", "RAG rating"): "Red"})
    result = merge(quarter)
    assert {(c.change.returned, c.proposal) for c in result.conflicts} == {("Green", "Red"), ("Red", "Red")}
    assert entry(master, "2.1", Field.RATING) == "White"
    settle(master, {NURSING: Settlement.TAKE})
    settled = lw.merge(master, as_at=AS_AT, now=NOW)
    assert settled.conflicts == ()
    assert entry(master, "2.1", Field.RATING) == "Red"
    assert merge(quarter).conflicts == ()


def test_what_joint_leads_both_wrote_is_kept_with_their_names(quarter: Path) -> None:
    copies, master = quarter / "copies", quarter / "master.xlsx"
    for title, text in ((INTEGRATED_CARE, "Policy is out."), (NURSING, "Contracts are signed.")):
        fill_in(copy_of(copies, title), quarter / "returns" / f"{title}.xlsx", {("2.1", "Commentary"): text})
    merge(quarter)
    commentary = entry(master, "2.1", Field.COMMENTARY)
    assert f"{INTEGRATED_CARE}: Policy is out." in commentary
    assert f"{NURSING}: Contracts are signed." in commentary


def test_a_later_return_takes_the_place_of_the_earlier_one_cell_by_cell(quarter: Path) -> None:
    copy, master = copy_of(quarter / "copies", CHAIR), quarter / "master.xlsx"
    earlier = {("6.1", "RAG rating"): "Amber", ("6.1", "Evidence of impact"): "Nine audits done."}
    fill_in(copy, quarter / "returns" / "final_v2.xlsx", earlier, hour=9)
    fill_in(copy, quarter / "returns" / "a first.xlsx", {("6.1", "RAG rating"): "Red"}, hour=15)
    result = merge(quarter)
    assert not result.conflicts
    assert entry(master, "6.1", Field.RATING) == "Red"
    assert entry(master, "6.1", Field.EVIDENCE) == "Nine audits done."


def test_what_the_manager_changed_meanwhile_is_a_conflict_and_stands(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    tracker = read_tracker(master)
    book = Workbook.open(master)
    book.set_cell("Plan", tracker.rows["6.1"], "RAG rating", "Purple")
    master.write_bytes(book.to_bytes())
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    result = merge(quarter)
    assert [(c.change.master, c.change.returned) for c in result.conflicts] == [("Purple", "Red")]
    assert entry(master, "6.1", Field.RATING) == "Purple"
    assert Decision.EDITED in {change.decision for change in read_tracker(master).history}


def test_a_row_that_is_not_theirs_is_refused_listed_and_kept(quarter: Path) -> None:
    copy = copy_of(quarter / "copies", CHAIR)
    book = load_workbook(copy)
    book["Actions"].append(["1.1", "x", "x", "x", "x", "Green", "I did this", ""])
    (quarter / "returns").mkdir()
    book.save(quarter / "returns" / "a.xlsx")
    result = merge(quarter)
    assert {(c.cell.ref, c.returned) for c in result.refusals} == {
        ("1.1", "x"),
        ("1.1", "Green"),
        ("1.1", "I did this"),
    }
    assert "row-not-theirs" in {finding.code for finding in result.findings}
    assert entry(quarter / "master.xlsx", "1.1", Field.RATING) == "White"
    kept = [c for c in read_tracker(quarter / "master.xlsx").history if c.decision is Decision.REFUSED]
    assert {c.returned for c in kept} == {"x", "Green", "I did this"}


def test_a_locked_cell_that_was_changed_is_refused_and_kept(quarter: Path) -> None:
    answers = {("6.1", "How we will measure success and impact"): "We will not."}
    fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", answers)
    result = merge(quarter)
    assert [(c.cell.field, c.returned) for c in result.refusals] == [(Field.OTHER, "We will not.")]
    assert read_tracker(quarter / "master.xlsx").plan == default_plan()


@pytest.mark.parametrize(
    ("sheet", "place"),
    [("Actions", "B2"), ("Actions", "D40"), ("Guide and RAG key", "A30"), ("Mine", "A1")],
)
def test_what_is_written_anywhere_else_is_listed_and_kept(quarter: Path, sheet: str, place: str) -> None:
    made = fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {})
    book = load_workbook(made)
    page = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
    page[place] = "I am on leave until May."
    book.save(made)
    result = merge(quarter)
    assert [(c.returned, c.cell.field) for c in result.refusals] == [
        ("I am on leave until May.", Field.OTHER)
    ]
    kept = [
        c.returned for c in read_tracker(quarter / "master.xlsx").history if c.decision is Decision.REFUSED
    ]
    assert kept == ["I am on leave until May."]


def test_what_is_written_beside_a_row_is_proposed_as_its_commentary(quarter: Path) -> None:
    answers = {("6.1", "Commentary"): "Going well."}
    made = fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", answers)
    book = load_workbook(made)
    book["Actions"]["K6"] = "I am on leave until May."
    book.save(made)
    (conflict,) = merge(quarter).conflicts
    assert conflict.proposal == "Going well.\nI am on leave until May."
    assert entry(quarter / "master.xlsx", "6.1", Field.COMMENTARY) == "Going well."


def test_a_rating_that_is_none_is_refused_and_kept(quarter: Path) -> None:
    answers = {("6.1", "RAG rating"): "Amber/Green", ("6.1", "Commentary"): "Between the two."}
    fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", answers)
    result = merge(quarter)
    assert [(c.returned, c.decision) for c in result.refusals] == [("Amber/Green", Decision.REFUSED)]
    assert entry(quarter / "master.xlsx", "6.1", Field.COMMENTARY) == "Between the two."


def test_rows_sorted_and_deleted_change_nothing_that_was_not_edited(quarter: Path) -> None:
    copy = copy_of(quarter / "copies", HEAD_OF_RESEARCH)
    edited = fill_in(copy, quarter / "returns" / "a.xlsx", {("6.3", "RAG rating"): "Green"})
    book = load_workbook(edited)
    page = book["Actions"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=6)]
    page.delete_rows(6, len(rows))
    page.append(rows[-1])
    book.save(edited)
    result = merge(quarter)
    assert [(c.cell.ref, c.returned) for c in result.changes] == [("6.3", "Green")]
    assert "row-missing" in {finding.code for finding in result.findings}


def test_a_copy_forged_under_the_lid_only_proposes(quarter: Path) -> None:
    answers = {("6.1", "RAG rating"): "Green"}
    made = fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", answers)
    book = load_workbook(made)
    hidden = book["_lscb"]
    for row in hidden.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace('"White"', '"Red"')
    book.save(made)
    result = merge(quarter)
    assert result.harvest.returns[0].signature.value == "invalid"
    assert [c.change.decision for c in result.conflicts] == [Decision.PROPOSED]
    assert entry(quarter / "master.xlsx", "6.1", Field.RATING) == "White"


def test_a_copy_without_anything_that_says_whose_it_is_is_recognised_by_its_rows(quarter: Path) -> None:
    answers = {("6.3", "RAG rating"): "Green"}
    made = fill_in(copy_of(quarter / "copies", HEAD_OF_RESEARCH), quarter / "returns" / "a.xlsx", answers)
    book = load_workbook(made)
    del book["_lscb"]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    book.save(made)
    result = merge(quarter)
    assert result.harvest.returns[0].recognised_by.value == "refs and text"
    assert [c.change.returned for c in result.conflicts] == ["Green"]


def test_one_bad_file_never_stops_the_others(quarter: Path) -> None:
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "z.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    for name, data in (("a.xlsx", b"not a workbook"), ("b.docx", b"PK"), ("c.xlsx", b""), ("~$z.xlsx", b"x")):
        (quarter / "returns" / name).write_bytes(data)
    result = merge(quarter)
    assert sorted(Path(q.file).name for q in result.harvest.quarantined) == ["a.xlsx", "b.docx", "c.xlsx"]
    assert entry(quarter / "master.xlsx", "6.1", Field.RATING) == "Red"


def test_what_an_officer_typed_never_becomes_a_formula(quarter: Path) -> None:
    text = '=HYPERLINK("http://example.org","x")'
    made = fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {})
    book = load_workbook(made)
    cell = book["Actions"].cell(6, 7)
    cell.value = text
    cell.data_type = "s"
    book.save(made)
    merge(quarter)
    assert entry(quarter / "master.xlsx", "6.1", Field.COMMENTARY) == text
    sheet = load_workbook(quarter / "master.xlsx")["Plan"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert [cell.data_type for cell in found] == ["s"]


# --- status, chase, review, history ----------------------------------------------------------


def test_status_says_who_is_back_and_who_is_not(quarter: Path) -> None:
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    found = lw.status(quarter / "master.xlsx", [quarter / "returns"])
    assert len(found.missing) == 11
    assert CHAIR not in {officer.title for officer in found.missing}


def test_status_after_a_merge_says_what_is_in_the_tracker_and_what_waits(quarter: Path) -> None:
    master, returns = quarter / "master.xlsx", quarter / "returns"
    answers = {("6.1", "RAG rating"): "Amber?", ("6.1", "Commentary"): "Going on"}
    fill_in(copy_of(quarter / "copies", CHAIR), returns / "a.xlsx", answers)

    def told() -> tuple[Standing, Tally, bool]:
        found = lw.status(master, [returns])
        (back,) = found.harvest.returns
        chair = next(one for one in found.officers if one.officer.title == CHAIR)
        return chair.standing, found.known.tally(back), found.to_merge

    assert told() == (Standing.RETURNED, Tally(to_take=1, to_settle=1, new=2), True)
    merge(quarter)
    assert told() == (Standing.MERGED, Tally(recorded=1, waiting=1), False)
    settle(master, {CHAIR: Settlement.TAKE})
    lw.merge(master, as_at=AS_AT, now=NOW)
    assert told() == (Standing.MERGED, Tally(recorded=2), False)


def test_status_counts_as_a_merge_of_the_same_files_would(quarter: Path) -> None:
    master, returns = quarter / "master.xlsx", quarter / "returns"
    for title, rating in ((INTEGRATED_CARE, "Green"), (NURSING, "Red")):
        answers = {("2.1", "RAG rating"): rating}
        fill_in(copy_of(quarter / "copies", title), returns / f"{rating}.xlsx", answers)

    def told() -> list[Tally]:
        found = lw.status(master, [returns])
        return [found.known.tally(one) for one in found.harvest.returns]

    assert told() == [Tally(to_settle=1, new=1)] * 2
    merge(quarter)
    assert told() == [Tally(waiting=1)] * 2
    settle(master, {INTEGRATED_CARE: Settlement.PROPOSAL})
    lw.merge(master, as_at=AS_AT, now=NOW)
    assert told() == [Tally(turned_down=1), Tally(recorded=1)]


def test_status_of_an_empty_folder_says_so_and_names_once_who_has_not_returned(
    quarter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (quarter / "returns").mkdir()
    terminal.show_status(lw.status(quarter / "master.xlsx", [quarter / "returns"]))
    told = capsys.readouterr().out
    assert "There is no file in" in told
    assert told.count(CHAIR) == 1
    assert "0 of 12 officers returned; 12 did not." in told


def test_a_later_return_is_to_take_beside_the_one_that_was_merged(quarter: Path) -> None:
    returns = quarter / "returns"
    copy = copy_of(quarter / "copies", CHAIR)
    fill_in(copy, returns / "a.xlsx", {("6.1", "Commentary"): "Going on"})
    merge(quarter)
    fill_in(copy, returns / "b.xlsx", {("6.1", "Commentary"): "Done"})
    found = lw.status(quarter / "master.xlsx", [returns])
    new = {Path(one.file).name: found.known.tally(one).new for one in found.harvest.returns}
    assert new == {"a.xlsx": 0, "b.xlsx": 1}
    assert found.to_merge


def test_chase_lists_the_silent_with_the_days_they_are_late(quarter: Path) -> None:
    found = lw.chase(quarter / "master.xlsx", as_at=RETURN_BY + timedelta(days=3))
    assert {one.days_late for one in found.silent} == {3}
    assert len(found.silent) == 12


def test_a_review_says_which_milestones_are_missed_and_changes_no_rating(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    before = read_tracker(master).entries
    found = lw.review(master, as_at=AS_AT, now=NOW)
    states = {state.milestone.id: state.state.value for state in found.review.milestones}
    assert states["1.1.1"] == "missed"
    assert read_tracker(master).entries == before


def test_what_the_returns_gave_to_check_stays_on_the_tab_through_a_review(quarter: Path) -> None:
    answers = {("6.1", "RAG rating"): "Amber/Green"}
    fill_in(copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", answers)
    merge(quarter)
    found = lw.review(quarter / "master.xlsx", as_at=AS_AT + timedelta(days=9), now=NOW)
    assert "rating-not-recognised" in {one.code for one in found.findings}
    again = read_tracker(quarter / "master.xlsx").findings
    assert "rating-not-recognised" in {one.code for one in again}


def test_nobody_is_asked_for_what_a_later_return_put_right(quarter: Path) -> None:
    copy, returns = copy_of(quarter / "copies", HEAD_OF_RESEARCH), quarter / "returns"
    first = {("1.2", "RAG rating"): "Amber/Green", ("6.3", "RAG rating"): "Amber/Green"}
    fill_in(copy, returns / "1.xlsx", first, hour=9)
    fill_in(copy, returns / "2.xlsx", {("1.2", "RAG rating"): "Red"}, hour=10)
    for _ in range(2):
        told = {one.ref: one for one in lw.status(quarter / "master.xlsx", [returns]).harvest.findings}
        found = {one.ref: one for one in merge(quarter).findings if one.cell}
        assert (found["1.2"].code, found["1.2"].severity) == ("put-right-later", "info")
        assert told["1.2"] == found["1.2"]
        assert "'Amber/Green' of 1.2" in found["1.2"].message
        assert found["6.3"].code == "rating-not-recognised"
    history = read_tracker(quarter / "master.xlsx").history
    assert ("1.2", "Amber/Green") in {(one.cell.ref, one.returned) for one in history}


def test_a_day_that_the_manager_enters_for_a_meeting_moves_its_milestones(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    book = Workbook.open(master)
    row = next(
        r for r in Sheets(master.read_bytes()).rows("Meetings") if r.text("Board meeting") == "July 2016"
    )
    book.set_cell("Meetings", row.number, "Day", date(2016, 7, 18))
    master.write_bytes(book.to_bytes())
    found = lw.review(master, as_at=AS_AT, now=NOW)
    due = {state.milestone.id: state.due for state in found.review.milestones}
    assert due["6.3.1"] == date(2016, 7, 18)


def test_history_tells_what_became_of_a_row(quarter: Path) -> None:
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    merge(quarter)
    changes = lw.history(quarter / "master.xlsx", "6.1").changes
    assert [(c.decision.value, c.result) for c in changes] == [
        ("as agreed in the plan", "White"),
        ("taken", "Red"),
    ]


# --- bad input -------------------------------------------------------------------------------


def test_a_missing_master_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(lw.WorkbookError, match="There is no file"):
        lw.status(tmp_path / "none.xlsx", [])


def test_a_file_that_is_no_workbook_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    path.write_bytes(b"hello")
    with pytest.raises(lw.WorkbookError, match=r"master\.xlsx"):
        lw.status(path, [])


def test_a_workbook_that_is_no_tracker_is_said_to_be_none(quarter: Path) -> None:
    with pytest.raises(lw.WorkbookError, match="not a tracker"):
        lw.status(copy_of(quarter / "copies", CHAIR), [])


def test_a_master_of_a_newer_version_is_left_alone(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    book = Workbook.open(master)
    row = next(r for r in Sheets(master.read_bytes()).rows("Lscb") if r.text("Key") == "schema")
    book.set_cell("Lscb", row.number, "Value", "99")
    master.write_bytes(book.to_bytes())
    with pytest.raises(lw.WorkbookError, match="newer version"):
        lw.merge(master, [], as_at=AS_AT)


@pytest.mark.parametrize("lock", ["~$master.xlsx", ".~lock.master.xlsx#"])
def test_a_master_that_is_open_is_noticed_before_anything_is_done(quarter: Path, lock: str) -> None:
    (quarter / lock).write_bytes(b"")
    with pytest.raises(lw.WorkbookError, match="open in another program"):
        lw.merge(quarter / "master.xlsx", [], as_at=AS_AT)


def test_an_empty_folder_of_returns_is_said_to_be_empty(quarter: Path) -> None:
    (quarter / "returns").mkdir()
    with pytest.raises(lw.WorkbookError, match="There is no file in"):
        merge(quarter)


def test_an_unknown_officer_is_named_and_the_known_ones_are_listed(quarter: Path) -> None:
    with pytest.raises(lw.WorkbookError, match="no officer 'Nobody'"):
        lw.issue(
            quarter / "master.xlsx",
            quarter / "x",
            cycle="Q3",
            issued_on=ISSUED,
            return_by=RETURN_BY,
            only=["Nobody"],
        )


# --- what a manager may do to the master -----------------------------------------------------


def edit(master: Path, table: str, key: str, column: str, value: str) -> None:
    """Change one cell of the master, as the manager does in Excel."""
    book = Workbook.open(master)
    info = book.tables[table]
    row = next(r for r in Sheets(master.read_bytes(), book).rows(table) if r.text(info.columns[0]) == key)
    book.set_cell(table, row.number, column, value)
    master.write_bytes(book.to_bytes())


def test_a_lead_who_is_not_on_the_officers_tab_is_named_not_dropped(quarter: Path) -> None:
    edit(quarter / "master.xlsx", "Plan", "6.1", "Lead officer", "Independent Scrutineer")
    with pytest.raises(lw.WorkbookError, match="led by 'Independent Scrutineer'"):
        lw.review(quarter / "master.xlsx", as_at=AS_AT)


def test_an_office_that_is_renamed_keeps_its_actions_and_its_figures(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    edit(master, "Officers", CHAIR, "Role", "Independent Scrutineer")
    found = lw.review(master, as_at=AS_AT, now=NOW)
    assert "Independent Scrutineer" in {one.officer.title for one in found.review.officers}
    rows = {row.text("Ref"): row for row in Sheets(master.read_bytes()).rows("Plan")}
    assert rows["6.1"].text("Lead officer") == "Independent Scrutineer"


def test_a_milestone_of_no_action_is_said_to_be_so(quarter: Path) -> None:
    edit(quarter / "master.xlsx", "Milestones", "6.1.1", "Milestone", "9.9.1")
    edit(quarter / "master.xlsx", "Milestones", "9.9.1", "Ref", "9.9")
    with pytest.raises(lw.WorkbookError, match=r"action '9\.9'"):
        lw.review(quarter / "master.xlsx", as_at=AS_AT)


def test_a_ref_that_stands_twice_is_said_to_stand_twice(quarter: Path) -> None:
    edit(quarter / "master.xlsx", "Plan", "6.1", "Ref", "6.2")
    with pytest.raises(lw.WorkbookError, match=r"'6\.2' stands twice"):
        lw.review(quarter / "master.xlsx", as_at=AS_AT)


def test_a_lost_heading_is_named(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    book = load_workbook(master)
    book["Plan"]["G4"] = "Rating"
    book["Plan"].tables["Plan"].tableColumns[6].name = "Rating"
    book.save(master)
    with pytest.raises(lw.WorkbookError, match="lost the heading 'RAG rating'"):
        lw.review(master, as_at=AS_AT)


def test_a_note_below_a_list_is_never_written_over(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    book = load_workbook(master)
    book["Missed milestones"]["B8"] = "my own note"
    book.save(master)
    lw.review(master, as_at=AS_AT)
    book = load_workbook(master)
    last = range_boundaries(book["Missed milestones"].tables["Missed"].ref)[3]
    rows = [cell.row for cell in book["Missed milestones"]["B"] if cell.value == "my own note"]
    assert rows == [8 + last - 5]


def test_a_master_sorted_and_saved_by_another_program_is_merged_all_the_same(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    book = load_workbook(master)
    page = book["Plan"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5, max_row=31)]
    for number, values in enumerate(reversed(rows), start=5):
        for column, value in enumerate(values, start=1):
            page.cell(number, column).value = value
    book.save(master)
    fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "returns" / "a.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    merge(quarter)
    assert entry(master, "6.1", Field.RATING) == "Red"
    assert entry(master, "1.1", Field.RATING) == "White"


# --- what counts as a return, and what a conflict says ---------------------------------------


def test_the_folder_of_copies_given_for_that_of_returns_counts_as_no_return(quarter: Path) -> None:
    result = merge(quarter, quarter / "copies")
    assert "returns-all-as-issued" in [one.code for one in result.findings]
    tracker = read_tracker(quarter / "master.xlsx")
    assert {one.returned_on for one in tracker.issued} == {None}
    assert len(lw.chase(quarter / "master.xlsx", as_at=AS_AT).silent) == len(tracker.issued)
    assert tracker.cycles[-1].as_at is None


def test_a_copy_as_issued_never_takes_the_place_of_a_return(quarter: Path) -> None:
    said = fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "in" / "chair.xlsx", {("6.1", "Commentary"): "x"}
    )
    merge(quarter, said)
    before = [one for one in read_tracker(quarter / "master.xlsx").issued if one.returned_on]
    merge(quarter, quarter / "copies")
    merge(quarter, said, quarter / "copies")
    merge(quarter, copy_of(quarter / "copies", CHAIR))
    after = {one.officer: one for one in read_tracker(quarter / "master.xlsx").issued}
    assert [after[one.officer] for one in before] == before
    assert before[0].edits == 1


def test_copies_as_issued_are_said_to_be_among_the_returns(
    quarter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = fill_in(
        copy_of(quarter / "copies", CHAIR), quarter / "in" / "chair.xlsx", {("6.1", "Commentary"): "x"}
    )
    files = (said, copy_of(quarter / "copies", NURSING))
    terminal.show_status(lw.status(quarter / "master.xlsx", files))
    terminal.show_merged(merge(quarter, *files))
    status, merged = capsys.readouterr().out.split("Next:")
    assert "2 of 12 officers returned, 1 of them the copy as it was issued; 10 did not." in status
    assert "2 returns, 1 of them the copy as it was issued, 1 change" in merged


def test_status_without_returns_says_what_waits_on_conflicts(
    quarter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for title, rating in ((INTEGRATED_CARE, "Green"), (NURSING, "Red")):
        copy = copy_of(quarter / "copies", title)
        fill_in(copy, quarter / "returns" / f"{rating}.xlsx", {("2.1", "RAG rating"): rating})
    merge(quarter)
    terminal.show_status(lw.status(quarter / "master.xlsx", ()))
    assert "2 values wait on Conflicts." in capsys.readouterr().out


def test_a_master_whose_calendar_has_no_coming_meeting_is_told_of(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    told = [one for one in lw.review(master, as_at=AS_AT).findings if one.code == "meeting-without-day"]
    assert ["by 29 October 2016" in one.message for one in told] == [True]
    book = Workbook.open(master)
    row = Sheets(master.read_bytes(), book).rows("Meetings")[-1]
    book.set_cell("Meetings", row.number, "Day", date(2017, 3, 1))
    master.write_bytes(book.to_bytes())
    found = lw.review(master, as_at=AS_AT).findings
    assert "meeting-without-day" not in [one.code for one in found]


def test_a_conflict_says_what_the_tracker_says_now(quarter: Path) -> None:
    copies, master = quarter / "copies", quarter / "master.xlsx"
    for title, rating in ((INTEGRATED_CARE, "Green"), (NURSING, "Red")):
        fill_in(
            copy_of(copies, title), quarter / "returns" / f"{rating}.xlsx", {("2.1", "RAG rating"): rating}
        )
    assert {one.change.master for one in merge(quarter).conflicts} == {"White"}
    book = Workbook.open(master)
    tracker = read_tracker(master)
    book.set_cell("Plan", tracker.rows["2.1"], "RAG rating", "Amber")
    master.write_bytes(book.to_bytes())
    lw.review(master, as_at=AS_AT, now=NOW)
    assert {one.change.master for one in read_tracker(master).conflicts} == {"Amber"}
    assert {one.change.master for one in lw.merge(master, as_at=AS_AT, now=NOW).conflicts} == {"Amber"}


def test_a_review_between_two_merges_of_the_same_changes_nothing(quarter: Path) -> None:
    copies, master = quarter / "copies", quarter / "master.xlsx"
    for title, rating in ((INTEGRATED_CARE, "Green"), (NURSING, "Red")):
        fill_in(
            copy_of(copies, title), quarter / "returns" / f"{rating}.xlsx", {("2.1", "RAG rating"): rating}
        )
    merge(quarter)
    merge(quarter)
    before = master.read_bytes()
    assert lw.review(master, as_at=AS_AT, now=NOW).written is None
    assert merge(quarter).written is None
    assert master.read_bytes() == before
