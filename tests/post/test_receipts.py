"""Receipts: everything an officer wrote is in them once, with what truly became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from board_year import AS_AT, CYCLE, PLAN, back, cell, entries
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from tracking import HEAD_OF_RESEARCH, copy_of, fill_in, issued_tracker

import lscb_workbook as lw
from lscb_workbook.merge import initial_history, merge
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Change, Conflict, Cycle, Entries, Field, Settlement
from lscb_workbook.post.letters import Kind, Occasion, Sender, Templates, letter
from lscb_workbook.post.receipts import Acknowledged, Fate, Receipt, receipts
from lscb_workbook.returns.records import Edit, Return
from lscb_workbook.tracker.reading import read_tracker

START = initial_history(entries(), PLAN.year.first)


class Year:
    """A tracker that returns are merged into, one merge after the other."""

    def __init__(self) -> None:
        self.entries: Entries = entries()
        self.history: tuple[Change, ...] = START
        self.conflicts: tuple[Conflict, ...] = ()

    def merge(self, *returns: Return, settle: str = "") -> Year:
        chosen = tuple(replace(one, settlement=settle) for one in self.conflicts)
        made = merge(PLAN, self.entries, self.history, returns, settlements=chosen, as_at=AS_AT, cycle=CYCLE)
        self.entries, self.conflicts = made.entries, made.conflicts
        self.history = (*self.history, *made.history)
        return self

    def receipts(self, *returns: Return) -> tuple[Receipt, ...]:
        return receipts(PLAN, returns, self.history, self.entries)


def cells_of(receipt: Receipt) -> list[Acknowledged]:
    return [one for action in receipt.actions for one in action.cells]


def fates(year: Year, *returns: Return) -> list[tuple[str, Fate, str, str]]:
    """Of the first of these returns: each cell, what became of it, what was written and what is recorded."""
    found = next(one for one in year.receipts(*returns) if one.officer.key == returns[0].officer)
    return [
        (one.where or one.cell.ref, one.outcome, one.written, one.recorded)
        for one in cells_of(found)
        if one.file == returns[0].file
    ]


# --- the law ---------------------------------------------------------------------------------

VALUES = {
    "rating": st.sampled_from(["Red", "Green"]),
    "commentary": st.sampled_from(["", "a", "b", "a\nb", "call 943 476 5919"]),
    "status": st.sampled_from(["Complete", "In progress"]),
    "revised_date": st.sampled_from(["", "2016-12-24"]),
    "note": st.sampled_from(["n", "m"]),
}
NAMES = [
    *(f"{ref} {field}" for ref in ("1.1", "1.2") for field in ("rating", "commentary")),
    *(f"{ref}.1 {field}" for ref in ("1.1", "1.2") for field in ("status", "revised_date", "note")),
]
STRAY = [Cell("", "", Field.OTHER), Cell("9.9", "", Field.COMMENTARY), Cell("1.1", "", Field.OTHER)]


@st.composite
def edits(draw: st.DrawFn) -> tuple[Edit, ...]:
    issued, made = entries(), []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=5, unique=True)):
        base, value = issued.get(cell(name), ""), draw(VALUES[name.partition(" ")[2]])
        if value != base:
            why = draw(st.sampled_from([("", ""), ("", ""), ("no such thing", ""), ("", "only likely")]))
            made.append(Edit(cell(name), base, value, *why))
    for place in draw(st.lists(st.sampled_from(STRAY), max_size=3)):
        made.append(Edit(place, "", draw(st.sampled_from(["x", "y"])), refused="nowhere to put it"))
    return tuple(made)


@st.composite
def batches(draw: st.DrawFn) -> list[list[Return]]:
    """Returns in the merges they come in; one may come again."""
    made: list[list[Return]] = []
    for number in range(draw(st.integers(1, 3))):
        batch = [
            back(
                draw(st.sampled_from(["ann", "bob"])),
                draw(edits()),
                hour=draw(st.integers(8, 11)),
                file=f"file {number}.{place}",
                doubt=draw(st.sampled_from(["", "", "the copy carries no signature"])),
                cycle=draw(st.sampled_from([CYCLE, CYCLE, "Q1"])),
            )
            for place in range(draw(st.integers(0, 3)))
        ]
        made.append([*batch, *(made[-1][:1] if made and draw(st.booleans()) else [])])
    return made


@settings(max_examples=200, deadline=None)
@given(batches(), st.sampled_from(["", *(one.value for one in Settlement)]))
def test_every_edit_of_a_return_is_in_its_receipt_exactly_once(met: list[list[Return]], settle: str) -> None:
    year = Year()
    for batch in met:
        year.merge(*batch, settle=settle)
        given_ = {one.sha256: one for one in batch}.values()
        wanted = Counter(
            (one.officer, one.cycle, one.file, edit.cell, shown(edit)) for one in given_ for edit in one.edits
        )
        found = Counter(
            (receipt.officer.key, receipt.cycle, one.file, one.cell, one.written)
            for receipt in year.receipts(*batch)
            for one in cells_of(receipt)
        )
        assert found == wanted


@settings(max_examples=200, deadline=None)
@given(batches(), st.sampled_from(["", *(one.value for one in Settlement)]))
def test_what_a_receipt_says_is_recorded_is_so(met: list[list[Return]], settle: str) -> None:
    year = Year()
    for batch in met:
        year.merge(*batch, settle=settle)
        waiting = {(one.change.cell, one.change.officer) for one in year.conflicts}
        for receipt in year.receipts(*batch):
            for one in cells_of(receipt):
                if one.outcome is Fate.RECORDED and not one.why:
                    assert one.written == one.recorded
                elif one.outcome is Fate.QUERIED:
                    assert (one.cell, receipt.officer.key) in waiting
                elif one.outcome is not Fate.RECORDED:
                    assert one.why or one.outcome is Fate.RECOGNISED


def shown(edit: Edit) -> str:
    return "24 December 2016" if edit.returned == "2016-12-24" else edit.returned


# --- each fate -------------------------------------------------------------------------------


def test_what_was_taken_is_recorded() -> None:
    one = back("ann", {"1.1 rating": "Green", "1.1.1 revised_date": "2016-12-24"})
    assert fates(Year().merge(one), one) == [
        ("1.1", Fate.RECORDED, "Green", "Green"),
        ("1.1.1", Fate.RECORDED, "24 December 2016", "24 December 2016"),
    ]


@pytest.mark.parametrize(
    ("name", "typed", "value", "code", "facts", "becomes"),
    [
        ("1.1 rating", "g", "Green", "rating-recognised", {"rating": "Green"}, "Green"),
        ("1.1.1 status", "done", "Complete", "status-recognised", {"status": "Complete"}, "Complete"),
        (
            "1.1.1 revised_date",
            "24.12.16",
            "2016-12-24",
            "date-recognised",
            {"date": "24 December 2016"},
            "24 December 2016",
        ),
    ],
)
def test_what_was_read_as_a_known_value_says_from_what(
    name: str, typed: str, value: str, code: str, facts: dict[str, str], becomes: str
) -> None:
    row = name.partition(" ")[0]
    other = finding(code, ref="1.2", text="other", **facts)
    note = finding(code, ref=row, text=typed, **facts)
    one = replace(back("ann", {name: value}), findings=(other, note))
    assert fates(Year().merge(one), one) == [(row, Fate.RECOGNISED, typed, becomes)]


def test_what_was_only_likely_is_queried_in_the_officers_own_words() -> None:
    note = finding("rating-proposed", ref="1.1", rating="Amber", what="'Amber, nearly'")
    doubted = Edit(cell("1.1 rating"), "White", "Amber", doubt="read from 'Amber, nearly'")
    one = replace(back("ann", (doubted,)), findings=(note,))
    year = Year().merge(one)
    assert fates(year, one) == [("1.1", Fate.QUERIED, "Amber, nearly", "not decided yet")]
    (said,) = cells_of(year.receipts(one)[0])
    assert said.why == "It waits to be decided by the business manager (read from 'Amber, nearly')."


def test_an_explanation_that_waits_is_not_asked_for() -> None:
    noted = Edit(
        cell("1.1 commentary"), "", "the flood", doubt="written in a note on the RAG rating, at Actions F6"
    )
    one = back("ann", (Edit(cell("1.1 rating"), "White", "Red"), noted))
    found = {said.cell.field: said for said in cells_of(Year().merge(one).receipts(one)[0])}
    assert found[Field.RATING].outcome is Fate.RECORDED
    assert not found[Field.RATING].todo
    assert found[Field.COMMENTARY].outcome is Fate.QUERIED


def test_what_leads_say_differently_is_queried_of_both() -> None:
    ann, bob = back("ann", {"1.2 rating": "Red"}), back("bob", {"1.2 rating": "Green"})
    year = Year().merge(ann, bob)
    assert fates(year, ann, bob) == [("1.2", Fate.QUERIED, "Red", "not decided yet")]
    assert fates(year, bob, ann) == [("1.2", Fate.QUERIED, "Green", "not decided yet")]


def test_what_leads_write_side_by_side_is_recorded_with_both() -> None:
    ann, bob = back("ann", {"1.2 commentary": "a"}), back("bob", {"1.2 commentary": "b"})
    ((_, outcome, said, recorded),) = fates(Year().merge(ann, bob), ann, bob)
    assert (outcome, said) == (Fate.RECORDED, "a")
    assert "a" in recorded
    assert "b" in recorded


def test_what_is_refused_says_why() -> None:
    one = back("ann", (Edit(cell("1.1 rating"), "White", "Rouge", refused="'Rouge' is none"),))
    year = Year().merge(one)
    assert fates(year, one) == [("1.1", Fate.NOT_ACCEPTED, "Rouge", "White")]
    assert cells_of(year.receipts(one)[0])[0].why == "'Rouge' is none."


def test_an_own_later_return_is_named_as_what_counts() -> None:
    first, later = back("ann", {"1.1 rating": "Red"}, hour=9), back("ann", {"1.1 rating": "Green"}, hour=10)
    year = Year().merge(first, later)
    (receipt,) = year.receipts(first, later)
    assert receipt.files == (first.file, later.file)
    assert fates(year, first, later) == [("1.1", Fate.REPLACED, "Red", "Green")]


def test_nothing_is_asked_for_what_an_own_later_return_put_right() -> None:
    wrong = Edit(cell("1.1 rating"), "White", "Rouge", refused="'Rouge' is none")
    first, later = back("ann", (wrong,), hour=9), back("ann", {"1.1 rating": "Green"}, hour=10)
    year = Year().merge(first, later)
    (receipt,) = year.receipts(first)
    assert fates(year, first) == [("1.1", Fate.REPLACED, "Rouge", "Green")]
    assert receipt.needs == ()


@pytest.mark.parametrize(
    ("settle", "outcome", "recorded"),
    [
        (Settlement.KEEP, Fate.NOT_ACCEPTED, "White"),
        (Settlement.TAKE, Fate.RECORDED, "Green"),
        (Settlement.PROPOSAL, Fate.RECORDED, "Green"),
    ],
)
def test_what_the_manager_settled_is_told_when_it_is_merged_again(
    settle: Settlement, outcome: Fate, recorded: str
) -> None:
    one = back("ann", {"1.1 rating": "Green"}, doubt="the copy carries no signature")
    year = Year().merge(one)
    before = year.receipts(one)[0]
    year.merge(one, settle=settle.value)
    assert fates(year, one) == [("1.1", outcome, "Green", recorded)]
    assert year.receipts(one)[0].number != before.number


def test_a_proposal_taken_in_place_of_what_was_returned_says_so() -> None:
    ann, bob = back("ann", {"1.2 rating": "Amber"}), back("bob", {"1.2 rating": "Green"})
    year = Year().merge(ann, bob).merge(settle=Settlement.PROPOSAL.value)
    assert fates(year, bob, ann) == [("1.2", Fate.SETTLED, "Green", "Amber")]


def test_what_was_settled_by_anothers_answer_is_told_in_plain_words() -> None:
    ann, bob = back("ann", {"1.2 rating": "Amber"}), back("bob", {"1.2 rating": "Green"})
    year = Year().merge(ann, bob)
    before = {one.outcome.value for one in cells_of(year.receipts(ann)[0])}
    (first, *_) = year.conflicts
    year.conflicts = (replace(first, settlement=Settlement.TAKE.value),)
    made = merge(PLAN, year.entries, year.history, [], settlements=year.conflicts, as_at=AS_AT, cycle=CYCLE)
    year.entries, year.history = made.entries, (*year.history, *made.history)
    other = bob if first.change.officer == "ann" else ann
    (said,) = cells_of(year.receipts(other)[0])
    assert before == {"waits to be decided"}
    assert (said.outcome, said.why) == (
        Fate.NOT_ACCEPTED,
        "The business manager took another answer in its place.",
    )


def test_what_the_tracker_says_otherwise_since_is_told() -> None:
    one = back("ann", {"1.1 rating": "Green"})
    year = Year().merge(one)
    year.entries = {**year.entries, cell("1.1 rating"): "Red"}
    (said,) = cells_of(year.receipts(one)[0])
    assert (said.outcome, said.recorded) == (Fate.RECORDED, "Red")
    assert said.why == "The tracker has been changed since."


def test_another_officers_row_is_not_told_of() -> None:
    stray = Edit(cell("1.1 commentary"), "Ann's own words", "no", refused="the row is not this officer's")
    one = back("bob", (stray,))
    ((_, outcome, said, recorded),) = fates(Year().merge(one), one)
    assert (outcome, said) == (Fate.NOT_ACCEPTED, "no")
    assert "Ann's own words" not in recorded


# --- what the officer is to do ---------------------------------------------------------------


def test_small_letters_are_nothing_to_tell_of() -> None:
    note = finding("rating-recognised", ref="1.1", text="green", rating="Green")
    one = replace(back("ann", {"1.1 rating": "Green"}), findings=(note,))
    assert fates(Year().merge(one), one) == [("1.1", Fate.RECORDED, "Green", "Green")]


def test_a_rating_that_needs_an_explanation_is_queried_until_there_is_one() -> None:
    bare, told = back("ann", {"1.1 rating": "Red"}), back("bob", {"1.2 rating": "Red", "1.2 commentary": "b"})
    (first, second) = Year().merge(bare, told).receipts(bare, told)
    (said,) = cells_of(first)
    assert (said.outcome, said.recorded) == (Fate.UNEXPLAINED, "Red")
    assert "say why in the commentary" in said.todo
    assert [one.outcome for one in cells_of(second)] == [Fate.RECORDED, Fate.RECORDED]


@pytest.mark.parametrize(
    ("edit", "todo"),
    [
        (
            Edit(cell("1.1 rating"), "White", "Rouge", refused="no"),
            "one of Red, Amber, Green, Purple or White",
        ),
        (Edit(cell("1.1.1 status"), "", "perhaps", refused="no"), "one of Not started, In progress"),
        (Edit(cell("1.1.1 revised_date"), "", "soon", refused="no"), "a date such as 23/09/2016"),
        (Edit(cell("1.1 commentary"), "", "x", refused="too long"), "put it right"),
        (Edit(Cell("1.1", "", Field.OTHER), "", "x", refused="no"), "into the row"),
        (
            Edit(cell("1.1 rating"), "White", "Green", doubt="read from 'Greenish'"),
            "whether 'Green' is meant",
        ),
    ],
)
def test_what_the_officer_can_mend_says_how(edit: Edit, todo: str) -> None:
    one = back("ann", (edit,))
    (receipt,) = Year().merge(one).receipts(one)
    (said,) = cells_of(receipt)
    assert todo in said.todo
    assert receipt.facts["needs"] == (said,)


def test_what_is_the_managers_to_settle_asks_nothing_of_the_officer() -> None:
    ann, bob = back("ann", {"1.2 rating": "Red"}), back("bob", {"1.2 rating": "Green"})
    stray = back("bob", (Edit(cell("1.1 rating"), "White", "Red", refused="not this officer's"),), file="s")
    for receipt in Year().merge(ann, bob, stray).receipts(ann, bob, stray):
        assert receipt.facts["needs"] == ()


# --- the whole -------------------------------------------------------------------------------


def test_a_receipt_goes_action_by_action_in_the_plans_order() -> None:
    stray = Edit(Cell("", "", Field.OTHER), "", "by the way", refused="written outside the rows")
    unknown = Edit(Cell("9.9", "", Field.RATING), "", "Red", refused="the row is not in the plan")
    one = back(
        "ann", (unknown, stray, Edit(cell("1.2.1 note"), "", "n"), Edit(cell("1.2 rating"), "White", "Red"))
    )
    (receipt,) = Year().merge(one).receipts(one)
    assert [(action.ref, len(action.cells)) for action in receipt.actions] == [
        ("1.1", 0),
        ("1.2", 2),
        ("Elsewhere", 1),
        ("9.9", 1),
    ]
    assert [said.field for said in receipt.actions[1].cells] == ["RAG rating", "Note"]
    assert receipt.count(Fate.NOT_ACCEPTED) == 2
    assert (receipt.received, receipt.files) == (date(2016, 9, 20), (one.file,))


def test_a_return_with_nothing_filled_in_has_its_receipt_too() -> None:
    one = replace(back("ann", {}), findings=(finding("row-missing", file="f", ref="1.1"),))
    (receipt,) = Year().merge(one).receipts(one)
    assert receipt.actions == ()
    assert receipt.notes == ("The row of 1.1 is not in the return.",)


def test_the_same_files_with_the_same_outcome_are_the_same_receipt() -> None:
    one, other = back("ann", {"1.1 rating": "Green"}), back("ann", {"1.1 rating": "Red"}, hour=11)
    year = Year().merge(one)
    first = year.receipts(one)[0]
    assert year.merge(one).receipts(one)[0].number == first.number
    assert year.merge(other).receipts(one, other)[0].number != first.number


def test_a_leavers_receipt_goes_to_who_answers_now() -> None:
    one = back("ann", {"1.1 rating": "Green"})
    year = Year().merge(one)
    (receipt,) = receipts(PLAN, [one], year.history, year.entries, heirs={"ann": "bob"})
    assert receipt.officer.key == "bob"
    assert [said.written for said in cells_of(receipt)] == ["Green"]


def test_an_edit_that_history_does_not_tell_of_is_queried_not_lost() -> None:
    one = back("ann", {"1.1 rating": "Green"})
    assert fates(Year(), one) == [("1.1", Fate.QUERIED, "Green", "not decided yet")]


def test_a_real_return_is_receipted_as_it_was_merged(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    plan = read_tracker(master).plan
    ref = next(one.ref for one in plan.actions if "head-of-research-and-data-lbr" in one.leads)
    milestone = plan.milestones_of(ref)[0].id
    answers = {
        (ref, "RAG rating"): "amber ",
        (ref, "Commentary"): "Going on",
        (milestone, "Status"): "perhaps",
    }
    fill_in(copy_of(copies, HEAD_OF_RESEARCH), tmp_path / "in" / "return.xlsx", answers)
    made = lw.merge(master, [tmp_path / "in"], as_at=date(2016, 10, 1))
    after = read_tracker(master)
    (receipt,) = receipts(plan, made.harvest.returns, after.history, after.entries)
    assert receipt.officer.title == HEAD_OF_RESEARCH
    said = {(one.where or one.cell.ref, one.field): one for one in cells_of(receipt)}
    assert summary(said[ref, "RAG rating"]) == (Fate.RECORDED, "Amber", "Amber")
    assert summary(said[ref, "Commentary"]) == (Fate.RECORDED, "Going on", "Going on")
    assert summary(said[milestone, "Status"]) == (Fate.NOT_ACCEPTED, "perhaps", "")
    assert len(said) == 3


def summary(one: Acknowledged) -> tuple[Fate, str, str]:
    return one.outcome, one.written, one.recorded


# --- as a letter -----------------------------------------------------------------------------


def test_the_usual_letter_says_all_of_it() -> None:
    stray = Edit(Cell("", "", Field.OTHER), "", "by the way", refused="written outside the rows, at B40")
    said = {"1.1 commentary": "half <way>\nthere", "1.2 rating": "Red"}
    one = back("ann", (*back("ann", said).edits, stray))
    (receipt,) = Year().merge(one).receipts(one)
    occasion = Occasion(
        tracker="t",
        board=PLAN.board,
        plan=PLAN.title,
        cycle=Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 21)),
        scheme=PLAN.scheme,
        sender=Sender("The manager", "manager@example.org"),
        today=AS_AT,
    )
    sent = letter(
        Kind.RECEIPT, receipt.officer, occasion, receipt.facts, templates=Templates(), number=receipt.number
    )
    assert sent.uid.number == receipt.number
    for said_in_cell in cells_of(receipt):
        for words in said_in_cell.written.split("\n"):
            assert words in sent.text
            assert str(escape(words)) in sent.html
        assert said_in_cell.why in " ".join(sent.text.split())
        assert said_in_cell.todo in " ".join(sent.text.split())
    assert "(2 entries need you)" in sent.subject
