"""What becomes of an edit: the design's table, and every rule around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from board_year import AS_AT, CYCLE, PLAN, back, cell, entries

from lscb_workbook.merge import Known, Merged, Tally, hand_edits, initial_history, merge
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cell, Change, Conflict, Decision, Settlement
from lscb_workbook.returns.records import Edit, Return


class Tracker:
    """A tracker as merges go on: its entries, its history and its Conflicts tab."""

    def __init__(self) -> None:
        self.entries: dict[Cell, str] = entries()
        self.history: tuple[Change, ...] = initial_history(self.entries, PLAN.year.first)
        self.conflicts: tuple[Conflict, ...] = ()

    def merge(self, *returns: Return, as_at: date = AS_AT) -> Merged:
        made = merge(
            PLAN, self.entries, self.history, returns, settlements=self.conflicts, as_at=as_at, cycle=CYCLE
        )
        self.entries, self.conflicts = dict(made.entries), made.conflicts
        self.history = (*self.history, *made.history)
        assert entries_at(self.history) == self.entries
        return made

    def tally(self, *returns: Return) -> list[Tally]:
        """Where the edits of these returns are, all of them in the same folder."""
        made = merge(
            PLAN, self.entries, self.history, returns, settlements=self.conflicts, as_at=AS_AT, cycle=CYCLE
        )
        known = Known.from_history(self.history, made.history)
        return [known.tally(one) for one in returns]

    def type(self, values: Mapping[str, str]) -> None:
        """The manager's own hand."""
        self.entries |= {cell(name): text for name, text in values.items()}

    def settle(self, **choices: str) -> Merged:
        """Choose on the Conflicts tab, by officer, and merge."""
        self.conflicts = tuple(
            replace(one, settlement=choices.get(one.change.officer, "")) for one in self.conflicts
        )
        return self.merge()

    def __getitem__(self, name: str) -> str:
        return self.entries.get(cell(name), "")


@pytest.fixture
def tracker() -> Tracker:
    return Tracker()


def decisions(made: Merged) -> list[str]:
    return [change.decision.value for change in made.history]


def waiting(conflicts: Sequence[Conflict]) -> list[tuple[str, str]]:
    return [(one.change.officer, one.change.returned) for one in conflicts]


# --- the table -------------------------------------------------------------------------------


def test_changed_by_the_officer_alone_is_taken(tracker: Tracker) -> None:
    made = tracker.merge(back("ann", {"1.1 rating": "Red", "1.1 commentary": "late"}))
    assert decisions(made) == ["taken", "taken"]
    assert (tracker["1.1 rating"], tracker["1.1 commentary"]) == ("Red", "late")


def test_changed_by_nobody_stands(tracker: Tracker) -> None:
    made = tracker.merge(back("ann", {"1.1 rating": "White"}))
    assert (made.history, tracker["1.1 rating"]) == ((), "White")


def test_changed_alike_is_nothing_to_do_but_remembered(tracker: Tracker) -> None:
    tracker.type({"1.1 rating": "Red"})
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}))
    assert decisions(made) == ["edited in the tracker", "already so"]


def test_changed_otherwise_is_a_conflict_in_which_the_tracker_stands(tracker: Tracker) -> None:
    tracker.type({"1.1 rating": "Purple"})
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}))
    assert waiting(made.conflicts) == [("ann", "Red")]
    assert tracker["1.1 rating"] == "Purple"
    assert {finding.code for finding in made.findings} == {"manager-edit", "conflict-open"}


# --- an officer's own returns ----------------------------------------------------------------


def test_the_later_return_supersedes_the_earlier_cell_by_cell(tracker: Tracker) -> None:
    first = back("ann", {"1.1 rating": "Amber", "1.1 evidence": "counted"}, hour=9)
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15), first)
    assert (tracker["1.1 rating"], tracker["1.1 evidence"], made.conflicts) == ("Red", "counted", ())
    assert sorted(decisions(made)) == ["superseded", "taken", "taken"]


def test_the_later_return_supersedes_the_earlier_across_merges(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Amber"}, hour=9))
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15))
    assert (tracker["1.1 rating"], made.conflicts) == ("Red", ())


def test_an_earlier_return_that_comes_later_is_superseded(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15))
    made = tracker.merge(back("ann", {"1.1 rating": "Amber"}, hour=9))
    assert (decisions(made), tracker["1.1 rating"]) == (["superseded"], "Red")


def test_a_later_return_replaces_the_officers_open_conflict(tracker: Tracker) -> None:
    tracker.type({"1.1 rating": "Purple"})
    tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=9))
    made = tracker.merge(back("ann", {"1.1 rating": "Amber"}, hour=15))
    assert waiting(made.conflicts) == [("ann", "Amber")]


def test_two_returns_saved_at_the_same_moment_are_both_shown(tracker: Tracker) -> None:
    one = back("ann", {"1.1 rating": "Red"}, file="a")
    made = tracker.merge(one, back("ann", {"1.1 rating": "Green"}, file="b"))
    assert waiting(made.conflicts) == [("ann", "Red"), ("ann", "Green")]
    assert tracker["1.1 rating"] == "White"
    assert "return-same-moment" in {finding.code for finding in made.findings}


def test_a_return_saved_again_by_another_program_changes_nothing(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=9))
    tracker.type({"1.1 rating": "Purple"})
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15, file="again"))
    assert (made.conflicts, tracker["1.1 rating"]) == ((), "Purple")


# --- joint leads -----------------------------------------------------------------------------


def test_joint_leads_who_rate_differently_are_in_conflict_and_the_most_severe_is_proposed(
    tracker: Tracker,
) -> None:
    made = tracker.merge(back("ann", {"1.2 rating": "Green"}), back("bob", {"1.2 rating": "Red"}))
    assert waiting(made.conflicts) == [("ann", "Green"), ("bob", "Red")]
    assert {one.proposal for one in made.conflicts} == {"Red"}
    assert tracker["1.2 rating"] == "White"


def test_joint_leads_who_disagree_in_two_merges_are_in_conflict_as_well(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 rating": "Green"}))
    made = tracker.merge(back("bob", {"1.2 rating": "Red"}))
    assert [(one.change.returned, one.proposal) for one in made.conflicts] == [("Red", "Red")]
    assert tracker["1.2 rating"] == "Green"


def test_joint_leads_who_agree_are_taken_once(tracker: Tracker) -> None:
    made = tracker.merge(back("ann", {"1.2 rating": "Red"}), back("bob", {"1.2 rating": "Red"}))
    assert (decisions(made), made.conflicts) == (["taken", "already so"], ())


def test_of_statuses_the_least_complete_is_proposed(tracker: Tracker) -> None:
    made = tracker.merge(
        back("ann", {"1.2.1 status": "Complete"}), back("bob", {"1.2.1 status": "In progress"})
    )
    assert {one.proposal for one in made.conflicts} == {"In progress"}


@pytest.mark.parametrize("together", [True, False])
def test_what_joint_leads_write_is_kept_with_their_names(tracker: Tracker, together: bool) -> None:
    one, two = back("ann", {"1.2 commentary": "A\nB"}), back("bob", {"1.2 commentary": "C"})
    if together:
        tracker.merge(two, one)
    else:
        tracker.merge(one)
        tracker.merge(two)
    assert tracker["1.2 commentary"] == "Ann: A\nB\nBob: C"


def test_a_lead_who_writes_anew_replaces_only_their_own_words(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 commentary": "A"}, hour=9), back("bob", {"1.2 commentary": "B"}, hour=9))
    tracker.merge(back("ann", {"1.2 commentary": "A2"}, hour=15))
    assert tracker["1.2 commentary"] == "Ann: A2\nBob: B"


def test_next_cycles_copies_build_on_what_both_wrote(tracker: Tracker) -> None:
    issued = "Ann: A\nBob: B"
    tracker.type({"1.2 commentary": issued})
    base = {"1.2 commentary": issued}
    tracker.merge(
        back("ann", {"1.2 commentary": "Ann: A2\nBob: B"}, base=base),
        back("bob", {"1.2 commentary": "Ann: A\nBob: B2"}, base=base),
    )
    assert tracker["1.2 commentary"] == "Ann: A2\nBob: B2"


def test_texts_too_long_for_one_cell_are_in_conflict(tracker: Tracker) -> None:
    made = tracker.merge(
        back("ann", {"1.2 commentary": "a" * 20_000}), back("bob", {"1.2 commentary": "b" * 20_000})
    )
    assert [len(one.change.returned) for one in made.conflicts] == [20_000, 20_000]


def test_a_lead_who_moves_away_from_what_both_said_is_in_conflict_with_the_other(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 rating": "Red"}), back("bob", {"1.2 rating": "Red"}))
    made = tracker.merge(back("ann", {"1.2 rating": "Green"}, hour=15))
    assert waiting(made.conflicts) == [("ann", "Green")]
    assert tracker["1.2 rating"] == "Red"


def test_a_lead_who_rewrites_what_both_wrote_leaves_the_others_words(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 commentary": "x"}), back("bob", {"1.2 commentary": "x"}))
    tracker.merge(back("ann", {"1.2 commentary": "y"}, hour=15))
    assert tracker["1.2 commentary"] == "Ann: y\nBob: x"


def test_while_leads_disagree_a_new_value_of_one_waits_as_well(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 rating": "Green"}), back("bob", {"1.2 rating": "Red"}))
    made = tracker.merge(back("ann", {"1.2 rating": "Amber"}, hour=15))
    assert waiting(made.conflicts) == [("ann", "Amber"), ("bob", "Red")]
    assert tracker["1.2 rating"] == "White"


def test_blank_lines_inside_a_text_are_kept(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 commentary": "c\n\nd"}), back("bob", {"1.2 commentary": "e"}))
    assert tracker["1.2 commentary"] == "Ann: c\n\nd\nBob: e"


def test_lines_below_a_changed_line_stay_under_the_name_they_were_under(tracker: Tracker) -> None:
    issued = "Bob: B\nAnn: A\nmore"
    tracker.type({"1.2 commentary": issued})
    base = {"1.2 commentary": issued}
    tracker.merge(
        back("ann", {"1.2 commentary": "Bob: B\nAnn: A2\nmore"}, base=base),
        back("bob", {"1.2 commentary": issued + "\nBob: also"}, base=base),
    )
    assert tracker["1.2 commentary"] == "Bob: B\nAnn: A2\nmore\nBob: also"


# --- what is not sure ------------------------------------------------------------------------


def test_a_refused_edit_is_kept_once_and_listed_each_time(tracker: Tracker) -> None:
    edit = Edit(cell("1.1 rating"), "White", "Amber/Green", refused="no such rating")
    first, again = tracker.merge(back("ann", (edit,))), tracker.merge(back("ann", (edit,)))
    assert (decisions(first), again.history) == (["refused"], ())
    assert [one.returned for one in again.refusals] == ["Amber/Green"]
    assert tracker["1.1 rating"] == "White"


def test_a_doubtful_return_only_proposes(tracker: Tracker) -> None:
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}, doubt="unsigned"))
    assert [(one.change.decision, one.proposal) for one in made.conflicts] == [(Decision.PROPOSED, "Red")]
    assert tracker["1.1 rating"] == "White"


def test_a_doubtful_return_never_supersedes_a_sure_one(tracker: Tracker) -> None:
    sure = back("ann", {"1.1 rating": "Red"}, hour=9)
    made = tracker.merge(sure, back("ann", {"1.1 rating": "Green"}, hour=15, doubt="unsigned"))
    assert (tracker["1.1 rating"], waiting(made.conflicts)) == ("Red", [("ann", "Green")])


def test_a_forgery_that_was_rejected_does_not_silence_the_officer(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15, doubt="unsigned"))
    tracker.settle(ann=Settlement.KEEP)
    tracker.merge(back("ann", {"1.1 rating": "Amber"}, hour=9))
    assert tracker["1.1 rating"] == "Amber"


def test_an_earlier_sure_return_does_not_close_a_later_proposal(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Green"}, hour=15, doubt="unsigned"))
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=9))
    assert (tracker["1.1 rating"], waiting(made.conflicts)) == ("Red", [("ann", "Green")])


def test_doubtful_returns_that_say_the_same_wait_once(tracker: Tracker) -> None:
    for number in range(3):
        again = back("ann", {"1.1 rating": "Red"}, hour=9 + number, doubt="unsigned", file=f"f{number}")
        made = tracker.merge(again)
    assert waiting(made.conflicts) == [("ann", "Red")]


def test_two_returns_of_one_moment_merged_apart_are_in_conflict_too(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Red"}, file="a"))
    made = tracker.merge(back("ann", {"1.1 rating": "Green"}, file="b"))
    assert (tracker["1.1 rating"], waiting(made.conflicts)) == ("Red", [("ann", "Green")])


def test_when_a_file_was_written_decides_nothing_between_two_saved_at_the_same_moment(
    tracker: Tracker,
) -> None:
    first, second = (
        back("ann", {"1.1 rating": rating}, file=name) for rating, name in (("Red", "a"), ("Green", "b"))
    )
    second = replace(second, written_at=second.saved_at + timedelta(hours=3))
    made = tracker.merge(second, first)
    assert tracker["1.1 rating"] == "White"
    assert sorted(waiting(made.conflicts)) == [("ann", "Green"), ("ann", "Red")]
    assert {finding.code for finding in made.findings} >= {"return-same-moment"}


def test_a_later_word_clears_up_a_tie(tracker: Tracker) -> None:
    tracker.merge(
        back("ann", {"1.1 rating": "Red"}, file="a"), back("ann", {"1.1 rating": "Green"}, file="b")
    )
    made = tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15))
    assert (tracker["1.1 rating"], made.conflicts) == ("Red", ())


# --- settling --------------------------------------------------------------------------------


def disagreement(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.2 rating": "Green"}), back("bob", {"1.2 rating": "Red"}))


@pytest.mark.parametrize(
    ("choices", "stands", "left"),
    [
        ({"bob": Settlement.TAKE}, "Red", 0),
        ({"ann": Settlement.TAKE}, "Green", 0),
        ({"ann": Settlement.PROPOSAL}, "Red", 0),
        ({"ann": Settlement.KEEP}, "White", 1),
        ({"ann": Settlement.KEEP, "bob": Settlement.KEEP}, "White", 0),
        ({"ann": Settlement.KEEP, "bob": Settlement.TAKE}, "Red", 0),
        ({"bob": " take THE returned  value "}, "Red", 0),
    ],
)
def test_what_the_manager_chooses_stands(
    tracker: Tracker, choices: dict[str, str], stands: str, left: int
) -> None:
    disagreement(tracker)
    made = tracker.settle(**choices)
    assert (tracker["1.2 rating"], len(made.conflicts)) == (stands, left)


def test_a_proposal_that_is_what_was_returned_is_recorded_as_the_proposal(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Red"}, doubt="no signature"))
    made = tracker.settle(ann=Settlement.PROPOSAL)
    assert [(one.decision, one.result) for one in made.history] == [(Decision.SETTLED_PROPOSAL, "Red")]


def test_two_choices_that_contradict_each_other_settle_nothing(tracker: Tracker) -> None:
    disagreement(tracker)
    made = tracker.settle(ann=Settlement.TAKE, bob=Settlement.TAKE)
    assert "settlement-contradictory" in {finding.code for finding in made.findings}
    assert (tracker["1.2 rating"], len(made.conflicts)) == ("White", 2)
    assert {one.settlement for one in made.conflicts} == {""}


@pytest.mark.parametrize("typed", ["whatever", Settlement.BOTH])
def test_a_choice_that_cannot_be_followed_settles_nothing(tracker: Tracker, typed: str) -> None:
    disagreement(tracker)
    made = tracker.settle(ann=typed)
    assert "settlement-not-recognised" in {finding.code for finding in made.findings}
    assert len(made.conflicts) == 2


def test_both_texts_are_kept_where_the_manager_says_so(tracker: Tracker) -> None:
    tracker.type({"1.1 commentary": "mine"})
    tracker.merge(back("ann", {"1.1 commentary": "hers"}))
    tracker.settle(ann=Settlement.BOTH)
    assert tracker["1.1 commentary"] == "mine\nAnn: hers"


@pytest.mark.parametrize(
    ("choices", "text", "left"),
    [
        ({"ann": Settlement.BOTH}, "mine\nAnn: A", [("bob", "B")]),
        ({"ann": Settlement.BOTH, "bob": Settlement.BOTH}, "mine\nAnn: A\nBob: B", []),
    ],
)
def test_keeping_both_texts_settles_its_own_row_alone(
    tracker: Tracker, choices: dict[str, str], text: str, left: list[tuple[str, str]]
) -> None:
    tracker.type({"1.2 commentary": "mine"})
    tracker.merge(back("ann", {"1.2 commentary": "A"}), back("bob", {"1.2 commentary": "B"}))
    made = tracker.settle(**choices)
    assert (tracker["1.2 commentary"], waiting(made.conflicts)) == (text, left)


def test_a_row_with_a_choice_that_is_none_stays_open_when_its_sibling_is_settled(tracker: Tracker) -> None:
    disagreement(tracker)
    made = tracker.settle(ann="whatever", bob=Settlement.TAKE)
    assert (tracker["1.2 rating"], waiting(made.conflicts)) == ("Red", [("ann", "Green")])


def test_a_settled_conflict_does_not_come_back_with_the_same_files(tracker: Tracker) -> None:
    returns = (back("ann", {"1.2 rating": "Green"}), back("bob", {"1.2 rating": "Red"}))
    tracker.merge(*returns)
    tracker.settle(bob=Settlement.KEEP, ann=Settlement.KEEP)
    assert tracker.merge(*returns).conflicts == ()


def test_a_conflict_whose_value_the_manager_enters_by_hand_is_settled_by_that(tracker: Tracker) -> None:
    disagreement(tracker)
    tracker.type({"1.2 rating": "Red"})
    assert waiting(tracker.merge().conflicts) == [("ann", "Green")]


def test_a_row_deleted_from_the_conflicts_tab_comes_back(tracker: Tracker) -> None:
    disagreement(tracker)
    tracker.conflicts = ()
    assert len(tracker.merge().conflicts) == 2


# --- history ---------------------------------------------------------------------------------


def test_any_days_entries_can_be_had_again(tracker: Tracker) -> None:
    tracker.merge(back("ann", {"1.1 rating": "Amber"}, hour=9), as_at=date(2016, 7, 1))
    tracker.merge(back("ann", {"1.1 rating": "Red"}, hour=15), as_at=date(2016, 10, 1))
    stood = [entries_at(tracker.history, date(2016, month, 15))[cell("1.1 rating")] for month in (5, 8, 11)]
    assert stood == ["White", "Amber", "Red"]


def test_a_hand_edit_is_noted_once(tracker: Tracker) -> None:
    tracker.type({"1.1.1 approved_date": "2016-12-01"})
    assert decisions(tracker.merge()) == ["edited in the tracker"]
    assert tracker.merge().history == ()
    assert hand_edits(tracker.entries, tracker.history, as_at=AS_AT, cycle=CYCLE) == ()


# --- where each edit is ----------------------------------------------------------------------


def test_an_earlier_version_is_replaced_whether_merged_before_or_together(tracker: Tracker) -> None:
    first = back("ann", {"1.1 rating": "Red", "1.1 commentary": "slow"}, hour=9)
    later = back("ann", {"1.1 rating": "Green", "1.1 commentary": "slow"}, hour=10)
    assert tracker.tally(first, later) == [Tally(replaced=2, new=2), Tally(to_take=2, new=2)]
    tracker.merge(first)
    assert tracker.tally(first, later) == [Tally(recorded=2), Tally(already=1, to_take=1, new=2)]
    tracker.merge(first, later)
    assert tracker.tally(first, later) == [Tally(recorded=1, replaced=1), Tally(recorded=2)]


def test_what_is_said_again_is_where_it_was_said_first(tracker: Tracker) -> None:
    tracker.type({"1.1 rating": "Amber"})
    first, again = (back("ann", {"1.1 rating": "Red"}, hour=hour) for hour in (9, 10))
    tracker.merge(first)
    assert tracker.tally(first, again) == [Tally(waiting=1), Tally(waiting=1, new=1)]
    tracker.merge(first, again)
    tracker.settle(ann=Settlement.KEEP)
    assert tracker.tally(first, again) == [Tally(turned_down=1), Tally(turned_down=1)]


def test_a_text_that_is_kept_beside_another_is_recorded(tracker: Tracker) -> None:
    tracker.type({"1.1 commentary": "mine"})
    hers = back("ann", {"1.1 commentary": "hers"})
    tracker.merge(hers)
    tracker.settle(ann=Settlement.BOTH)
    assert tracker.tally(hers) == [Tally(recorded=1)]
