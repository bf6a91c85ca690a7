"""What is typed over the plan's own words stands, over what follows from them is put back; it is told of, and
History keeps it: nothing vanishes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tracking import AS_AT, NOW, emptied, issue, new_tracker, type_into

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.documents import default_plan, write_plan
from lscb_workbook.plan.records import Change, Decision, Field, Finding
from lscb_workbook.results import MergeResult, ReviewResult
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_tracker(tmp_path_factory.mktemp("reviewed"))
    lw.review(made, as_at=AS_AT, now=NOW)
    return made.parent


@pytest.fixture
def master(reviewed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reviewed, tmp_path, dirs_exist_ok=True)) / "master.xlsx"


def cells(master: Path, name: str) -> Mapping[str, object]:
    """What stands in a row, by heading."""
    rows = Sheets(master.read_bytes()).rows("Milestones" if name.count(".") > 1 else "Plan")
    [row] = [row for row in rows if row.cells[0] == name]
    return {heading: None if row.raw(heading) == "" else row.raw(heading) for heading in row.places}


def said(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.code == "plan-cell-typed"]


def kept(master: Path) -> list[Change]:
    return [one for one in read_tracker(master).history if one.cell.field is Field.OTHER]


WORDS = [
    ("1.4", "Action", "Do something else."),
    ("1.4", "Timescale and milestones", "By Easter."),
    ("1.4", "How we will measure success and impact", None),
    ("1.4", "Note on the source", "See page 3."),
    ("1.2.3", "Milestone as written", "Something else by 31.12.16."),
    ("1.2.3", "Note on the source", "See page 3."),
]


@pytest.mark.parametrize(("name", "heading", "value"), WORDS)
@pytest.mark.parametrize("command", ["review", "merge"])
def test_words_of_the_plan_that_the_manager_amends_stand_and_are_told_of_and_kept(
    master: Path, command: str, name: str, heading: str, value: str | None
) -> None:
    before = cells(master, name)
    type_into(master, name, heading, value)
    made: object = lw.review(master, as_at=AS_AT) if command == "review" else lw.merge(master, as_at=AS_AT)
    assert isinstance(made, (ReviewResult, MergeResult))
    [one] = [one for one in made.findings if one.code == "plan-amended"]
    assert one.ref == name
    assert f"{one.sheet} {one.cell} ('{heading}' of {name})" in one.message
    assert ("emptied by hand" if value is None else f"'{value}'") in one.message
    assert cells(master, name) == {**before, heading: value}
    [change] = kept(master)
    assert (change.decision, change.returned) == (Decision.EDITED, value or "")
    assert change.master.split() == str(before[heading] or "").split()
    assert heading in change.reason
    again = lw.merge(master, as_at=AS_AT)
    assert "plan-amended" not in {one.code for one in again.findings}
    assert len(kept(master)) == 1
    assert cells(master, name) == {**before, heading: value}


COLUMNS = [
    ("1.4", "Priority", 3),
    ("1.2.3", "Ref", "1.3"),
    ("1.2.3", "Priority", 4),
    ("1.2.3", "Deadline as written", "by 31.3.17"),
    ("1.2.3", "Kind of deadline", "Ongoing"),
    ("1.2.3", "Due", date(2017, 1, 5)),
    ("1.2.3", "Due", None),
    ("1.2.3", "Date that counts", date(2017, 1, 5)),
    ("1.2.3", "State", "Complete"),
    ("1.2.3", "Days late", 7),
]


@pytest.mark.parametrize(("name", "heading", "value"), COLUMNS)
@pytest.mark.parametrize("command", ["review", "merge"])
def test_what_is_typed_over_what_follows_from_the_plan_is_put_back_told_of_and_kept(
    master: Path, command: str, name: str, heading: str, value: object
) -> None:
    before, plan = cells(master, name), read_tracker(master).plan
    type_into(master, name, heading, value)
    made: object = lw.review(master, as_at=AS_AT) if command == "review" else lw.merge(master, as_at=AS_AT)
    assert isinstance(made, (ReviewResult, MergeResult))
    [one] = said(made.findings)
    assert (one.ref, one.sheet) == (name, "Milestones" if name.count(".") > 1 else "Plan")
    assert f"{one.sheet} {one.cell} ('{heading}' of {name})" in one.message
    shown = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
    assert ("emptied by hand" if value is None else f"'{shown}'") in one.message
    assert "approved date" in one.action
    assert cells(master, name) == before
    assert read_tracker(master).plan == plan
    [change] = kept(master)
    assert (change.decision, change.officer) == (Decision.REFUSED, "")
    assert change.returned == ("" if value is None else str(value))
    assert heading in change.reason
    assert said(lw.review(master, as_at=AS_AT).findings) == []
    assert len(kept(master)) == 1


def test_a_merge_shows_it_at_once_and_a_dry_run_writes_nothing(master: Path) -> None:
    type_into(master, "1.2.3", "Due", date(2017, 1, 5))
    before = master.read_bytes()
    made = lw.merge(master, as_at=AS_AT, dry_run=True)
    assert said(made.to_see)
    assert [one.returned for one in made.refusals] == ["2017-01-05"]
    assert master.read_bytes() == before


def test_a_day_that_the_calendar_moved_was_typed_by_nobody(master: Path) -> None:
    meeting = next(
        one.id for one in read_tracker(master).plan.milestones if "Board" in type(one.due).__name__
    )
    due = cells(master, meeting)["Due"]
    book = load_workbook(master)
    sheet = book["Calendar"]
    months = {sheet.cell(row, 6).value: row for row in range(5, sheet.max_row + 1)}
    assert isinstance(due, date)
    sheet.cell(months[f"{due:%B %Y}"], 7).value = due.replace(day=3)
    book.save(master)
    made = lw.review(master, as_at=AS_AT)
    assert said(made.findings) == []
    assert cells(master, meeting)["Due"] == due.replace(day=3)
    type_into(master, meeting, "Due", due)
    assert [one.ref for one in said(lw.review(master, as_at=AS_AT).findings)] == [meeting]


def test_blanks_that_another_program_lost_are_no_edit(master: Path) -> None:
    text = cells(master, "1.4")["Timescale and milestones"]
    type_into(master, "1.4", "Timescale and milestones", str(text).replace("\n", "  \n"))
    assert said(lw.review(master, as_at=AS_AT).findings) == []


def test_copies_are_issued_with_the_amended_words_and_the_next_merge_tells_of_them(
    master: Path, tmp_path: Path
) -> None:
    type_into(master, "1.4", "Action", "Do something else.")
    issue(master, tmp_path / "copies")
    issued = [load_workbook(path)["Actions"] for path in (tmp_path / "copies").iterdir()]
    written = {cell.value for sheet in issued for row in sheet.iter_rows() for cell in row}
    assert "Do something else." in written
    made = lw.merge(master, as_at=AS_AT)
    assert "plan-amended" in {one.code for one in made.to_see}
    assert [one.decision for one in made.changes if one.cell.field is Field.OTHER] == [Decision.EDITED]


def test_a_deadline_kept_apart_from_its_text_is_shown_with_it_and_nobody_is_said_to_have_typed(
    tmp_path: Path,
) -> None:
    text = write_plan(default_plan())
    first = next(line for line in text.split("\n") if "by 31.8.16" in line and line.startswith('    "'))
    plan, master = tmp_path / "plan.toml", tmp_path / "master.xlsx"
    apart = '    { text = "Toolkit launched", due = "31.8.16" },'
    plan.write_text(text.replace(first, apart, 1), encoding="utf-8")
    lw.new(plan, master)
    [milestone] = [one for one in read_tracker(master).plan.milestones if one.text == "Toolkit launched"]
    shown = "Toolkit launched – 31.8.16"
    assert shown in str(cells(master, milestone.ref)["Timescale and milestones"]).split("\n")
    assert cells(master, milestone.id)["Milestone as written"] == "Toolkit launched"
    issue(master, tmp_path / "copies")
    issued = [load_workbook(path)["Actions"] for path in (tmp_path / "copies").iterdir()]
    assert any(shown in str(cell.value) for sheet in issued for row in sheet.iter_rows() for cell in row)
    made = lw.merge(master, [tmp_path / "copies"], as_at=AS_AT)
    assert made.changes == ()
    assert "plan-amended" not in {one.code for one in made.findings}
    new = lw.new(None, tmp_path / "next.xlsx", previous=master)
    assert "carried-words-amended" not in {one.code for one in new.findings}


def test_a_tracker_made_before_its_words_were_noted_is_taken_as_it_stands_once(master: Path) -> None:
    book = load_workbook(master)
    hidden = book["_lscb"]
    table = hidden.tables["Lscb"]
    hidden.delete_rows(5, hidden.max_row)
    table.ref = "A1:B4"
    book.save(master)
    type_into(master, "1.2.3", "Deadline as written", "by 31.3.17")
    assert said(lw.review(master, as_at=AS_AT).findings) == []
    assert cells(master, "1.2.3")["Due"] == date(2017, 3, 31)
    type_into(master, "1.2.3", "Deadline as written", "by 30.11.16")
    assert len(said(lw.review(master, as_at=AS_AT).findings)) == 1
    assert cells(master, "1.2.3")["Due"] == date(2017, 3, 31)


def test_where_a_program_took_all_formulas_of_a_column_away_nobody_is_said_to_have_typed(
    master: Path,
) -> None:
    book = load_workbook(master)
    sheet = book["Milestones"]
    column = next(cell.column for cell in sheet[4] if cell.value == "Days late")
    for row in range(5, sheet.max_row + 1):
        sheet.cell(row, column).value = 0
    book.save(master)
    assert said(lw.review(master, as_at=AS_AT).findings) == []


# --- rows that are gone ----------------------------------------------------------------------


def missing(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {one.ref: one for one in findings if one.code == "master-row-missing"}


def test_a_row_that_is_gone_is_told_of_with_its_words_at_each_step_until_it_is_back(master: Path) -> None:
    before, row = cells(master, "1.1.1"), read_tracker(master).rows["1.1.1"]
    emptied(master, "Milestones", "1.1.1")
    merged = lw.merge(master, as_at=AS_AT)
    [one] = missing(merged.to_see).values()
    assert (one.severity, one.ref, one.sheet) == ("error", "1.1.1", "Milestones")
    assert str(before["Milestone as written"])[:60] in one.message
    for _ in range(2):
        assert set(missing(lw.review(master, as_at=AS_AT).findings)) == {"1.1.1"}
    assert set(missing(read_tracker(master).findings)) == {"1.1.1"}
    book = Workbook.open(master)
    for heading, value in before.items():
        if heading not in ("Date that counts", "State", "Days late"):
            book.set_cell("Milestones", row, heading, value)  # type: ignore[arg-type]
    master.write_bytes(book.to_bytes())
    assert missing(lw.review(master, as_at=AS_AT).findings) == {}
    assert cells(master, "1.1.1")["Deadline as written"] == before["Deadline as written"]


def test_an_action_that_is_gone_with_its_milestones_is_told_of_one_by_one(master: Path) -> None:
    emptied(master, "Plan", "6.5")
    emptied(master, "Milestones", "6.5.1", "6.5.2")
    found = missing(lw.review(master, as_at=AS_AT).findings)
    assert {name: one.sheet for name, one in found.items()} == {
        "6.5": "Plan",
        "6.5.1": "Milestones",
        "6.5.2": "Milestones",
    }
    assert "RAG rating to 'Purple'" in found["6.5"].action
    assert "'No longer needed'" in found["6.5.1"].action


def test_a_row_that_was_given_another_id_is_told_of_under_the_old_one(master: Path) -> None:
    type_into(master, "1.1.1", "Milestone", "1.1.9")
    assert set(missing(lw.review(master, as_at=AS_AT).findings)) == {"1.1.1"}


def test_of_a_ref_that_was_typed_over_the_cell_to_mend_is_named(master: Path) -> None:
    before = master.read_bytes()
    type_into(master, "1.3", "Ref", "1.33")
    [row] = [row.number for row in Sheets(before).rows("Plan") if row.cells[0] == "1.3"]
    with pytest.raises(lw.WorkbookError, match=rf"typed over: on the Plan tab row {row} has '1\.33'"):
        lw.review(master, as_at=AS_AT)


def test_the_next_years_tracker_misses_nothing_of_what_the_last_one_had(master: Path, tmp_path: Path) -> None:
    new = tmp_path / "next.xlsx"
    lw.new(None, new, previous=master)
    assert missing(lw.review(new).findings) == {}


def shrunk(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.code == "master-history-shrunk"]


def test_rows_of_history_that_are_gone_are_told_of_until_the_manager_takes_it_off(master: Path) -> None:
    for name in ("1.1", "1.2"):
        type_into(master, name, "Commentary", "Well on the way.")
    lw.merge(master, as_at=AS_AT)
    book, rows = Workbook.open(master), Sheets(master.read_bytes()).rows("History")
    for row in rows[-2:]:
        for heading in row.places:
            book.set_cell("History", row.number, heading, None)
    master.write_bytes(book.to_bytes())
    [one] = shrunk(lw.merge(master, as_at=AS_AT).to_see)
    assert (one.severity, "lost 2 rows" in one.message) == ("error", True)
    assert shrunk(lw.review(master, as_at=AS_AT).findings) == [one]
    emptied(master, "Checks")
    assert shrunk(lw.review(master, as_at=AS_AT).findings) == []


def test_copies_issued_meanwhile_do_not_hide_that_rows_of_history_are_gone(
    master: Path, tmp_path: Path
) -> None:
    before = emptied(master, "History")
    issue(master, tmp_path / "copies")
    [one] = shrunk(lw.review(master, as_at=AS_AT).findings)
    assert f"lost {before} rows" in one.message


def test_a_history_that_nobody_shortened_or_whose_rows_were_never_counted_has_lost_nothing(
    master: Path, tmp_path: Path
) -> None:
    issue(master, tmp_path / "copies")
    assert shrunk(lw.review(master, as_at=AS_AT).findings) == []
    emptied(master, "Lscb", "history")
    emptied(master, "History")
    assert shrunk(lw.review(master, as_at=AS_AT).findings) == []
