"""What is typed over the lists that each review writes anew is told of in full; what nobody typed is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from conformance import convert
from openpyxl import load_workbook
from tracking import (
    AS_AT,
    HEAD_OF_RESEARCH,
    NOW,
    copy_of,
    entry,
    fill_in,
    issue,
    issued_tracker,
    new_tracker,
    type_into,
    typed_over,
)

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.records import Field, Finding, Settlement
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets

CODE = "list-cell-typed"


def told(findings: tuple[Finding, ...]) -> list[str]:
    """What is said of lists; of cells that have a name the tests that go by it must not hear."""
    assert all(one.code != "note-typed-over" for one in findings)
    return [one.message for one in findings if one.code == CODE]


def reviewed(master: Path, days: int = 0) -> list[str]:
    return told(lw.review(master, as_at=AS_AT + timedelta(days=days), now=NOW).findings)


@pytest.fixture(scope="module")
def began(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A tracker with something in most of its lists."""
    made = new_tracker(tmp_path_factory.mktemp("began"))
    type_into(made, "1.4", "RAG rating", "Red")
    type_into(made, "1.4", "Commentary", "Waits for staff.")
    type_into(made, "1.1", "RAG rating", "Amber")
    type_into(made, "1.2", "Evidence of impact", "42 people trained.")
    assert reviewed(made) == []
    return made.read_bytes()


@pytest.fixture
def master(tmp_path: Path, began: bytes) -> Path:
    made = tmp_path / "master.xlsx"
    made.write_bytes(began)
    return made


TYPED = [
    ("Exceptions", "1.4", "RAG rating", "Amber", "into 'RAG rating' on the Plan tab"),
    ("Exceptions", "1.4", "Commentary", "Board agreed to wait.", "into 'Commentary' on the Plan tab"),
    ("Exceptions", "1.4", "Next milestone", "Ask again in May.", "into a column of your own"),
    ("Exceptions", "1.1", "Ref", "1.4a", "into a column of your own"),
    ("Missed", "1.1.1", "Note", "Chased on Monday.", "into 'Note' on the Milestones tab"),
    ("Evidence", "1.2", "Evidence of impact", "43 people.", "into 'Evidence of impact' on the Plan tab"),
    ("Timeline", "1.1.1", "What", "Nothing.", "into a column of your own"),
    ("Quality", "Milestones missed", "Where", "See minutes.", "into a column of your own"),
    ("Checks", "Error", "What to do", "Done by AB.", "into a column of your own"),
]


def test_what_is_typed_over_lists_is_told_of_until_its_finding_is_deleted(master: Path) -> None:
    places = [typed_over(master, *cell) for *cell, _ in TYPED]
    found = [one for one in lw.review(master, as_at=AS_AT, now=NOW).findings if one.code == CODE]
    assert len(found) == len(TYPED)
    for one, place, (table, _, heading, text, where) in zip(found, places, TYPED, strict=True):
        assert f"'{text}' was typed into {place} ('{heading}')" in one.message
        assert where in one.action
        if table != "Checks" and text != "Amber":
            rows = Sheets(master.read_bytes()).rows(table)
            assert not any(text in str(cell) for row in rows for cell in row.cells)
    assert sorted(reviewed(master, 40)) == sorted(one.message for one in found)
    book = Workbook.open(master)
    for row in Sheets(master.read_bytes()).rows("Checks"):
        for heading in row.places if CODE in row.cells else ():
            book.set_cell("Checks", row.number, heading, None)
    master.write_bytes(book.to_bytes())
    assert reviewed(master, 40) == []


def test_a_row_of_ones_own_in_a_list_is_told_of(master: Path) -> None:
    book = Workbook.open(master)
    book.append("Exceptions", [{"Ref": "9.9", "Action": "Our own.", "Commentary": "Wait."}])
    master.write_bytes(book.to_bytes())
    said = reviewed(master)
    assert [one.partition("'")[2].partition("'")[0] for one in said] == ["9.9", "Our own.", "Wait."]


def test_a_row_of_ones_own_in_an_empty_list_is_told_of(master: Path) -> None:
    book = Workbook.open(master)
    book.append("Withdrawn", [{"Reason": "Out of scope."}])
    master.write_bytes(book.to_bytes())
    assert len(reviewed(master)) == 1


def test_a_merge_says_on_the_screen_what_was_typed_into_an_empty_list(master: Path) -> None:
    book = Workbook.open(master)
    assert not Sheets(master.read_bytes()).rows("MovedDates")
    book.set_cell("MovedDates", book.tables["MovedDates"].first_row, "Milestone", "Ask the chair")
    master.write_bytes(book.to_bytes())
    [said] = told(lw.merge(master, as_at=AS_AT, now=NOW).to_see)
    assert "'Ask the chair' was typed into" in said
    assert "beside nothing else." in said


def test_a_long_text_is_told_in_full(master: Path) -> None:
    words = "word " * 6_500
    typed_over(master, "Missed", "1.1.1", "Note", words)
    said = reviewed(master)
    assert words in "".join(one.partition("'")[2].rpartition("' was typed into")[0] for one in said)


def test_what_is_typed_over_the_headline_or_a_note_is_told_of(master: Path) -> None:
    book = Workbook.open(master)
    for name in (Name.HEADLINE, Name.EXCEPTIONS_NOTE, Name.CONFLICTS_NOTE):
        book.set_name(name, f"My own {name}.")
    master.write_bytes(book.to_bytes())
    for _ in range(2):
        found = lw.review(master, as_at=AS_AT, now=NOW).findings
        said = {one.sheet.split()[0]: one.message for one in found if one.code == "note-typed-over"}
        assert "'My own Headline.' was typed into Cover " in said["Cover"]
        assert "'My own ExceptionsNote.' was typed into Exceptions " in said["Exceptions"]
        assert "'My own ConflictsNote.' was typed into Conflicts " in said["Conflicts"]


@pytest.mark.parametrize("program", [False, True])
def test_a_formula_that_is_typed_over_a_list_or_a_note_is_told_of(
    master: Path, tmp_path: Path, program: bool
) -> None:
    book = load_workbook(master)
    for place in ("Exceptions H5", "Exceptions E5", "Exceptions A2", "Checks E5", "Cover A3"):
        tab, cell = place.split()
        book[tab][cell] = f'="{place} is "&"mine"'
    book.save(master)
    if program:
        master.write_bytes(convert(master, "xlsx", tmp_path / "office", recalculate=True).read_bytes())
    found = lw.review(master, as_at=AS_AT, now=NOW).findings
    said = sorted(one.message.partition("' was")[0] for one in found if "typed" in one.code)
    shown = "'{} is mine" if program else '\'="{} is "&"mine"'
    places = ["Checks E5", "Cover A3", "Exceptions A2", "Exceptions E5", "Exceptions H5"]
    assert said == [shown.format(place) for place in places]


def pasted_as_values(master: Path, *tabs: str) -> None:
    """Values in the place of the formulas of these tabs; of all that can be seen, where none are named."""
    values, book = load_workbook(master, data_only=True), load_workbook(master)
    for sheet in book:
        for row in sheet.iter_rows() if sheet.title in (tabs or book.sheetnames[:-1]) else ():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = values[sheet.title][cell.coordinate].value
    book.save(master)


def test_what_is_typed_over_a_calculated_column_is_told_of_where_another_tab_was_pasted_as_values(
    master: Path,
) -> None:
    pasted_as_values(master, "Milestones")
    typed_over(master, "Exceptions", "1.4", "Commentary", "Mine.")
    assert [one[:6] for one in reviewed(master)] == ["'Mine."]


def test_words_typed_over_a_list_that_was_pasted_as_values_are_told_of(master: Path) -> None:
    pasted_as_values(master)
    typed_over(master, "Exceptions", "1.4", "Commentary", "Waits")
    typed_over(master, "Exceptions", "1.4", "Days so", "Since May.")
    assert [one.split("'")[1] for one in reviewed(master)] == ["Waits", "Since May."]


def test_a_day_with_its_time_is_told_of_with_its_time(master: Path) -> None:
    book = load_workbook(master)
    book["Exceptions"]["H5"] = datetime(2016, 11, 5, 14, 30)
    book.save(master)
    assert [one.split("'")[1] for one in reviewed(master)] == ["05/11/2016 14:30"]


def test_a_row_of_history_added_by_hand_hides_nothing(master: Path) -> None:
    book = Workbook.open(master)
    [*_, last] = Sheets(master.read_bytes()).rows("History")
    book.append("History", [{header: last.text(header) for header in last.places}])
    master.write_bytes(book.to_bytes())
    typed_over(master, "Exceptions", "1.4", "Next milestone", "Mine.")
    assert [one[:6] for one in reviewed(master)] == ["'Mine."]


def test_of_a_row_only_what_was_typed_into_it_is_told_of(master: Path) -> None:
    typed_over(master, "Quality", "Milestones missed", "What", "Missed!")
    book = load_workbook(master)
    for cell, text in (("A5", "One"), ("B5", "Two"), ("H5", "Three")):
        book["Exceptions"][cell] = text
    book.save(master)
    assert sorted(one.split("'")[1] for one in reviewed(master)) == ["Missed!", "One", "Three", "Two"]


# --- what nobody typed -----------------------------------------------------------------------


def sort(master: Path, table: str) -> None:
    """The rows of a list the other way round, as a sort leaves them: what is calculated is so once more."""
    book = Workbook.open(master)
    rows = Sheets(master.read_bytes()).rows(table)
    for one, other in zip(rows, reversed(rows), strict=True):
        for heading in one.places:
            if book.formula_or_error(table, one.number, heading) is None:
                said = other.raw(heading)
                assert not isinstance(said, time | timedelta)
                book.set_cell(table, one.number, heading, None if said == "" else said)
    master.write_bytes(book.to_bytes())


def test_a_list_that_was_sorted_and_shortened_was_typed_by_nobody(master: Path) -> None:
    for table in ("Missed", "Exceptions"):
        sort(master, table)
    book = Workbook.open(master)
    [row] = [row.number for row in Sheets(master.read_bytes()).rows("Missed") if row.cells[0] == "1.1.1"]
    for heading in book.tables["Missed"].columns:
        book.set_cell("Missed", row, heading, None)
    master.write_bytes(book.to_bytes())
    typed_over(master, "Exceptions", "1.4", "Next milestone", "Mine.")
    assert [one[:6] for one in reviewed(master)] == ["'Mine."]


def test_figures_that_were_calculated_again_by_another_program_were_typed_by_nobody(
    master: Path, tmp_path: Path
) -> None:
    type_into(master, "1.4", "RAG rating", "Amber")
    type_into(master, "1.4", "Commentary", "Staff have come.\nAll _x0041_ is well.")
    type_into(master, "1.1.1", "Status", "Complete")
    master.write_bytes(convert(master, "xlsx", tmp_path / "office", recalculate=True).read_bytes())
    typed_over(master, "Exceptions", "1.4", "Next milestone", "Mine.")
    assert [one[:6] for one in reviewed(master)] == ["'Mine."]


def test_values_in_the_place_of_all_formulas_were_typed_by_nobody(master: Path) -> None:
    type_into(master, "1.4", "Commentary", "Staff have come.")
    book = load_workbook(master, data_only=True)
    book.save(master)
    book.close()
    assert reviewed(master, 40) == []


def test_values_that_were_calculated_again_and_pasted_were_typed_by_nobody(
    master: Path, tmp_path: Path
) -> None:
    type_into(master, "1.4", "Commentary", "Staff have come. " * 200)
    type_into(master, "1.1", "RAG rating", "Green")
    type_into(master, "1.1.1", "Status", "Complete")
    master.write_bytes(convert(master, "xlsx", tmp_path / "office", recalculate=True).read_bytes())
    pasted_as_values(master)
    assert reviewed(master) == []


def without_marks(master: Path) -> None:
    """As an earlier version leaves it: it keeps none, and knows not how much History there was."""
    book = Workbook.open(master)
    rows = [row.cells for row in Sheets(master.read_bytes()).rows("Lscb")]
    known = [(str(key), str(said)) for key, said, *_ in rows if not str(key).startswith(("list", "history"))]
    book.fill("Lscb", [{"Key": key, "Value": said} for key, said in known])
    master.write_bytes(book.to_bytes())


def test_the_first_review_of_an_earlier_versions_tracker_tells_nothing_and_the_next_does(
    master: Path,
) -> None:
    without_marks(master)
    typed_over(master, "Exceptions", "1.4", "Next milestone", "Mine.")
    assert reviewed(master) == []
    typed_over(master, "Exceptions", "1.4", "Next milestone", "Mine.")
    assert len(reviewed(master)) == 1


@pytest.mark.parametrize("edited", [True, False])
def test_what_an_earlier_version_wrote_into_lists_since_was_typed_by_nobody(
    master: Path, monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    def keeps(settings: Mapping[str, str], *_: object) -> dict[str, str]:
        return {key: said for key, said in settings.items() if key.startswith("list")}

    with monkeypatch.context() as earlier:
        earlier.setattr("lscb_workbook.tracker.lists.marks", keeps)
        earlier.setattr("lscb_workbook.tracker.record_rows.history_setting", lambda _: {})
        if edited:
            type_into(master, "1.4", "Commentary", "Staff have come.")
        lw.review(master, as_at=AS_AT + timedelta(days=40), now=NOW)
    assert reviewed(master, 40) == []


def test_a_tracker_of_the_next_year_begins_without_a_word_and_tells_from_its_first_day(
    master: Path, tmp_path: Path
) -> None:
    following = tmp_path / "next.xlsx"
    lw.new(None, following, previous=master)
    typed_over(following, "Quality", "Milestones missed", "Where", "Mine.")
    day = AS_AT + timedelta(days=365)
    assert len(told(lw.review(following, as_at=day, now=NOW).findings)) == 1


# --- lists that the tool reads as well ------------------------------------------------------


def test_what_the_log_of_returns_cannot_hold_is_told_of_by_whatever_writes_it_anew(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    typed_over(master, "Returns", "2016-17 Q2", "Edits", "on leave")
    assert reviewed(master) == []
    back = fill_in(copy_of(copies, HEAD_OF_RESEARCH), tmp_path / "back" / "a.xlsx", {})
    assert ["on leave" in one for one in told(lw.merge(master, [back], as_at=AS_AT, now=NOW).findings)] == [
        True
    ]
    typed_over(master, "Returns", "2016-17 Q2", "Edits", "on paper")
    issue(master, tmp_path / "more", "2016-17 Q3")
    checks = [str(row.cells) for row in Sheets(master.read_bytes()).rows("Checks")]
    assert any("on paper" in row for row in checks)
    assert any("on leave" in row for row in checks)


def led_by(master: Path, title: str) -> str:
    """The first action of an officer."""
    plan = read_tracker(master).plan
    [officer] = [one for one in plan.officers if one.title == title]
    return next(one.ref for one in plan.actions if officer.key in one.leads)


def test_what_the_log_of_returns_keeps_is_told_of_once_it_is_replaced(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    name = copy_of(copies, HEAD_OF_RESEARCH).name
    typed_over(master, "Returns", name, "File returned", "a letter", key="Copy issued")
    for _ in range(2):
        assert told(lw.merge(master, as_at=AS_AT, now=NOW).findings) == []
    answers = {(led_by(master, HEAD_OF_RESEARCH), "RAG rating"): "Green"}
    back = fill_in(copy_of(copies, HEAD_OF_RESEARCH), tmp_path / "back" / "a.xlsx", answers)
    assert ["'a letter'" in one for one in told(lw.merge(master, [back], as_at=AS_AT, now=NOW).findings)] == [
        True
    ]


def test_a_proposal_that_the_manager_words_and_takes_is_not_lost(
    tmp_path: Path,
) -> None:
    master, copies = issued_tracker(tmp_path)
    ref = led_by(master, HEAD_OF_RESEARCH)
    answers = {(ref, "Commentary"): "Theirs."}
    back = fill_in(copy_of(copies, HEAD_OF_RESEARCH), tmp_path / "back" / "a.xlsx", answers)
    type_into(master, ref, "Commentary", "Mine.")
    lw.merge(master, [back], as_at=AS_AT, now=NOW)
    typed_over(master, "Conflicts", ref, "Why it waits", "Ask her.")
    typed_over(master, "Conflicts", ref, "Proposal", "Both of us.")
    assert reviewed(master) == []
    typed_over(master, "Conflicts", ref, "Settle", Settlement.PROPOSAL.value)
    said = told(lw.merge(master, as_at=AS_AT, now=NOW).findings)
    assert [one.partition("'")[2].partition("'")[0] for one in said] == ["Ask her."]
    assert entry(master, ref, Field.COMMENTARY) == "Both of us."
