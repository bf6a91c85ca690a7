"""The laws of the merge, over whatever officers and the manager may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from board_year import AS_AT, CYCLE, PLAN, back, cell, entries
from hypothesis import given, settings
from hypothesis import strategies as st

from lscb_workbook.merge import Merged, initial_history, merge
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cell, Change, Conflict, Decision, Settlement
from lscb_workbook.returns.records import Edit, Return

RATINGS = st.sampled_from(["Red", "Amber", "Green", "White"])
TEXTS = st.sampled_from(["", "a", "b", "a\nb", "Ann: a\nBob: b", "c\n\nd"])
STATUSES = st.sampled_from(["", "Not started", "In progress", "Complete"])
DATES = st.sampled_from(["", "2016-09-01", "2016-12-24"])
VALUES = {
    "rating": RATINGS,
    "commentary": TEXTS,
    "evidence": TEXTS,
    "status": STATUSES,
    "revised_date": DATES,
    "note": TEXTS,
}
ROWS = {"ann": ("1.1", "1.2", "1.1.1", "1.2.1"), "bob": ("1.2", "1.2.1")}


def _names(rows: Sequence[str]) -> list[str]:
    action, milestone = ("rating", "commentary", "evidence"), ("status", "revised_date", "note")
    return [f"{row} {field}" for row in rows for field in (milestone if row.count(".") > 1 else action)]


@st.composite
def edits(draw: st.DrawFn, officer: str) -> tuple[Edit, ...]:
    names = draw(st.lists(st.sampled_from(_names(ROWS[officer])), max_size=4, unique=True))
    issued, made = entries(), []
    for name in names:
        base, value = issued.get(cell(name), ""), draw(VALUES[name.partition(" ")[2]])
        refused = draw(st.sampled_from(["", "", "", "no such thing"]))
        if value != base:
            made.append(Edit(cell(name), base, value, refused=refused))
    for name in draw(st.lists(st.sampled_from(_names(ROWS[officer])), max_size=2, unique=True)):
        base, value = issued.get(cell(name), ""), draw(VALUES[name.partition(" ")[2]])
        said = {one.returned for one in made if one.cell == cell(name) and not one.refused}
        if value != base and value not in said:  # what a note, a colour or words beside the row say
            made.append(Edit(cell(name), base, value, doubt="only likely"))
    return tuple(made)


@st.composite
def returns(draw: st.DrawFn) -> list[Return]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        officer = draw(st.sampled_from(["ann", "bob"]))
        one = back(
            officer,
            draw(edits(officer)),
            hour=draw(st.integers(8, 12)),
            file=f"file {number}",
            doubt=draw(st.sampled_from(["", "", "unsigned"])),
        )
        written = one.saved_at + timedelta(hours=draw(st.sampled_from([0, 0, 1])))
        made.append(replace(one, written_at=written))
    return made


@st.composite
def hands(draw: st.DrawFn) -> dict[Cell, str]:
    """What the manager types into the tracker."""
    names = draw(st.lists(st.sampled_from(_names(ROWS["ann"])), max_size=2, unique=True))
    return {cell(name): draw(VALUES[name.partition(" ")[2]]) for name in names}


class State:
    """A tracker between merges."""

    def __init__(self) -> None:
        self.entries: dict[Cell, str] = entries()
        self.history: tuple[Change, ...] = initial_history(self.entries, PLAN.year.first)
        self.conflicts: tuple[Conflict, ...] = ()

    def merged(self, met: Sequence[Return]) -> Merged:
        return merge(
            PLAN, self.entries, self.history, met, settlements=self.conflicts, as_at=AS_AT, cycle=CYCLE
        )

    def after(self, made: Merged) -> State:
        later = State()
        later.entries, later.conflicts = dict(made.entries), made.conflicts
        later.history = (*self.history, *made.history)
        return later

    def typed(self, values: dict[Cell, str]) -> State:
        later = State()
        later.entries = {c: text for c, text in (self.entries | values).items() if text}
        later.history, later.conflicts = self.history, self.conflicts
        return later


@st.composite
def states(draw: st.DrawFn) -> State:
    """A tracker after a merge or two, some hand edits, and some conflicts settled."""
    state = State()
    for _ in range(draw(st.integers(0, 2))):
        state = state.typed(draw(hands()))
        state = state.after(state.merged(draw(returns())))
        choice = draw(st.sampled_from(["", *Settlement]))
        state.conflicts = tuple(replace(one, settlement=choice) for one in state.conflicts)
    return state.typed(draw(hands()))


LAW = settings(max_examples=200, deadline=None)


@LAW
@given(states(), returns())
def test_merging_twice_changes_nothing(state: State, met: list[Return]) -> None:
    once = state.merged(met)
    twice = state.after(once).merged(met)
    assert twice.history == ()
    assert twice.entries == once.entries
    assert twice.conflicts == once.conflicts
    assert twice.refusals == once.refusals


@LAW
@given(states(), returns(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(state: State, met: list[Return], chance: object) -> None:
    shuffled = list(met)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = state.merged(met), state.merged(shuffled)
    assert (one.entries, one.conflicts, set(one.history)) == (
        other.entries,
        other.conflicts,
        set(other.history),
    )


OVERTAKEN = (Decision.SUPERSEDED, Decision.REPEATED, Decision.SETTLED_KEPT, Decision.SETTLED_PROPOSAL)
BY_THE_MANAGER = (
    Decision.EDITED,
    Decision.SETTLED_TAKEN,
    Decision.SETTLED_PROPOSAL,
    Decision.SETTLED_BOTH,
)


def _accounted(back_: Return, edit: Edit, made: Merged, history: Sequence[Change]) -> bool:
    """In the tracker (whole, or each line of it), among the conflicts or the refusals; or History tells
    that the officer's own later word, or the manager, has replaced it, and nobody else."""
    if edit.refused:
        return any((one.cell, one.returned) == (edit.cell, edit.returned) for one in made.refusals)
    stands = made.entries.get(edit.cell, "")
    if stands == edit.returned:
        return True
    if any((c.change.cell, c.change.returned) == (edit.cell, edit.returned) for c in made.conflicts):
        return True
    cell_history = [one for one in history if one.cell == edit.cell]
    return any(
        (one.officer, one.returned) == (back_.officer, edit.returned)
        and (one.decision in OVERTAKEN or _openly_replaced(one, edit, cell_history[number + 1 :]))
        for number, one in enumerate(cell_history)
    )


def _openly_replaced(one: Change, edit: Edit, later: Sequence[Change]) -> bool:
    """Whether a value that was taken stands, or gave way only to the same officer, to the manager, or to
    a text that still holds it."""
    for change in later:
        if change.result != one.result:
            own = change.officer == one.officer
            return own or change.decision in BY_THE_MANAGER or _holds(change.result, edit)
    return _holds(one.result, edit)


def _holds(text: str, edit: Edit) -> bool:
    """Whether a combined text has every line that the officer added."""
    added = [line for line in edit.returned.split("\n") if line.strip() and line not in edit.base.split("\n")]
    return all(line.strip() in text for line in added)


@LAW
@given(states(), returns())
def test_every_edit_is_accounted_for(state: State, met: list[Return]) -> None:
    made = state.merged(met)
    history = (*state.history, *made.history)
    lost = [(one.file, edit) for one in met for edit in one.edits if not _accounted(one, edit, made, history)]
    assert lost == []


@LAW
@given(states(), returns())
def test_an_edit_is_superseded_only_by_what_its_officer_saved_later(state: State, met: list[Return]) -> None:
    words = [(one.officer, edit.cell, one.saved_at) for one in met for edit in one.edits if not edit.refused]
    words += [(one.officer, one.cell, one.saved_at) for one in state.history if one.saved_at]
    for change in state.merged(met).history:
        if change.decision is Decision.SUPERSEDED:
            assert change.saved_at
            assert any(
                (officer, cell_) == (change.officer, change.cell) and saved_at > change.saved_at
                for officer, cell_, saved_at in words
            )


@LAW
@given(states(), returns())
def test_history_is_the_sum_of_the_entries(state: State, met: list[Return]) -> None:
    made = state.merged(met)
    assert entries_at((*state.history, *made.history)) == made.entries


@LAW
@given(states(), returns())
def test_without_the_manager_nothing_changes_but_what_somebody_may_change(
    state: State, met: list[Return]
) -> None:
    state.conflicts = ()
    made = state.merged(met)
    asked = {
        (edit.cell, officer)
        for one in met
        for edit in one.edits
        for officer in [one.officer]
        if not (edit.refused or one.doubt)
    }
    for name in state.entries.keys() | made.entries.keys():
        if state.entries.get(name, "") != made.entries.get(name, ""):
            assert any(where == name for where, _ in asked)


@LAW
@given(returns())
def test_in_a_conflict_the_tracker_stands(met: list[Return]) -> None:
    made = State().merged(met)
    for one in made.history:
        if one.decision in (Decision.CONFLICT, Decision.PROPOSED, Decision.REFUSED, Decision.SUPERSEDED):
            assert one.result == one.master
