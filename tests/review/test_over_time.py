"""What a review says of the time before: the trend, what moved and on whose word, and any past day again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from board_year import AS_AT, PLAN, cell, entries

from lscb_workbook.merge import initial_history
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import BoardMeeting, Change, Cycle, Decision, Field, Issued
from lscb_workbook.review import Movement, Review, State, rated_since, review
from lscb_workbook.review.past import as_it_stood, is_past
from lscb_workbook.tracker.state import Tracker

START, Q1_DAY, Q2_DAY = date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1)
CYCLES = (
    Cycle("Q1", date(2016, 6, 1), date(2016, 6, 20), Q1_DAY),
    Cycle("Q2", date(2016, 9, 1), date(2016, 9, 20)),
)


def said(
    name: str, text: str, cycle: str, when: date, decision: Decision = Decision.TAKEN, officer: str = "ann"
) -> Change:
    return Change(
        cell(name), "", "", text, text, decision, officer, f"{cycle}.xlsx", f"{cycle}{text}", cycle, when
    )


HISTORY = (
    *initial_history(entries(), START),
    said("1.1 rating", "Amber", "Q1", Q1_DAY),
    said("1.1 commentary", "Slow.", "Q1", Q1_DAY),
    said("1.1 rating", "Red", "Q2", Q2_DAY),
    said("1.1 commentary", "Stopped.", "Q2", Q2_DAY),
    said("1.2 rating", "Green", "Q2", Q2_DAY, officer="bob"),
    said("1.2.1 status", "Complete", "Q2", Q2_DAY, officer="bob"),
)


def reviewed(as_at: date = AS_AT, meetings: tuple[BoardMeeting, ...] = ()) -> Review:
    plan = replace(PLAN, meetings=meetings)
    return review(plan, entries_at(HISTORY), history=HISTORY, cycles=CYCLES, as_at=as_at)


def test_the_trend_begins_as_agreed_and_ends_as_it_stands() -> None:
    points = [(one.name, dict(one.ratings.by_status), one.missed) for one in reviewed().trend]
    none = dict.fromkeys(PLAN.scheme.names, 0)
    assert points == [
        ("As agreed", none | {"White": 2}, 0),
        ("Q1", none | {"Amber": 1, "White": 1}, 0),
        ("Q2", none | {"Red": 1, "Green": 1}, 1),
    ]


def test_the_trend_of_a_plan_without_cycles_says_now() -> None:
    points = review(PLAN, entries(), as_at=AS_AT).trend
    assert [(one.name, one.as_at) for one in points] == [("As agreed", START), ("Now", AS_AT)]


def test_a_rating_is_told_against_the_last_cycle_and_against_the_years_start() -> None:
    first, second = reviewed().movement
    assert (first.at_start, first.before, first.now) == ("White", "Amber", "Red")
    assert (first.movement, first.over_year) == (Movement.WORSE, Movement.CHANGED)
    assert (second.movement, second.over_year) == (Movement.CHANGED, Movement.CHANGED)


def test_how_long_an_action_has_had_its_rating() -> None:
    assert [rated_since(view) for view in reviewed().actions] == [Q2_DAY, Q2_DAY]
    again = (*HISTORY, said("1.1 rating", "red", "Q2", date(2016, 10, 9)))
    found = review(PLAN, entries_at(again), history=again, cycles=CYCLES, as_at=date(2016, 10, 9))
    assert rated_since(found.actions[0]) == Q2_DAY
    assert rated_since(review(PLAN, {}, as_at=AS_AT).actions[0]) is None


def moves(found: Review) -> Mapping[str, tuple[str, str, str, str]]:
    return {
        f"{one.cell.milestone or one.cell.ref} {one.cell.field}": (
            one.before,
            one.now,
            one.why,
            one.source.cycle,
        )
        for one in found.moved
    }


def test_what_moved_since_the_last_cycle_where_no_meetings_day_is_known() -> None:
    found = reviewed()
    assert found.since.words == "Q2 was issued on 1 September 2016"
    assert moves(found) == {
        "1.1 rating": ("Amber", "Red", "Stopped.", "Q2"),
        "1.2 rating": ("White", "Green", "", "Q2"),
        "1.2.1 status": ("", "Complete", "", "Q2"),
    }


def test_what_moved_since_the_boards_last_meeting() -> None:
    meetings = (BoardMeeting(2016, 5, date(2016, 5, 10)), BoardMeeting(2016, 10, date(2016, 10, 12)))
    found = reviewed(meetings=meetings)
    assert found.since.words == "the board's meeting on 10 May 2016"
    assert moves(found)["1.1 rating"] == ("White", "Red", "Stopped.", "Q2")


def test_a_rating_that_was_typed_in_small_letters_has_moved_to_that_rating() -> None:
    typed = (*HISTORY, said("1.2 rating", "amber", "Q2", AS_AT, Decision.EDITED, officer=""))
    found = review(PLAN, entries_at(typed), history=typed, cycles=CYCLES, as_at=AS_AT)
    assert moves(found)["1.2 rating"] == ("White", "Amber", "", "Q2")
    back = (*HISTORY, said("1.2 rating", "white", "Q2", AS_AT, Decision.EDITED, officer=""))
    found = review(PLAN, entries_at(back), history=back, cycles=CYCLES, as_at=AS_AT)
    assert "1.2 rating" not in moves(found)


def test_what_moved_and_moved_back_has_not_moved() -> None:
    back = (*HISTORY, said("1.2 rating", "White", "Q2", AS_AT, Decision.EDITED, officer=""))
    found = review(PLAN, entries_at(back), history=back, cycles=CYCLES, as_at=AS_AT)
    assert "1.2 rating" not in moves(found)


UNKNOWN_MEETING = "29 August 2016 (within 28 days; the Calendar has no day of a coming meeting)"


@pytest.mark.parametrize(
    ("on", "until", "words"),
    [
        (date(2016, 8, 31), date(2016, 8, 31), "the board's next meeting on 31 August 2016"),
        (date(2016, 8, 1), date(2016, 8, 1), "the board's next meeting on 1 August 2016"),
        (date(2016, 7, 31), date(2016, 8, 29), UNKNOWN_MEETING),
        (None, date(2016, 8, 29), UNKNOWN_MEETING),
    ],
)
def test_the_board_looks_ahead_to_its_next_meeting(on: date | None, until: date, words: str) -> None:
    found = reviewed(date(2016, 8, 1), (BoardMeeting(2016, 8, on),))
    assert (found.horizon.until, found.horizon.words) == (until, words)
    due = [one.milestone.id for one in found.coming]
    assert due == (["1.1.1"] if until == date(2016, 8, 31) else [])


def test_what_two_leads_of_one_organisation_share_counts_for_it_once() -> None:
    officers = tuple(replace(one, organisation="LBR") for one in PLAN.officers)
    plan = replace(PLAN, officers=officers)
    (found,) = review(plan, entries(), as_at=AS_AT).organisations
    assert (found.name, found.officers, found.ratings.total, found.milestones.total) == ("LBR", 2, 2, 2)


def test_evidence_is_told_with_the_return_that_brought_it() -> None:
    brought = said("1.1 evidence", "Fewer referrals.", "Q2", Q2_DAY)
    held = entries() | {cell("1.1 evidence"): "Fewer referrals."}
    (note,) = review(PLAN, held, history=(brought,), as_at=AS_AT).evidence
    assert (note.view.action.ref, note.text, note.source) == ("1.1", "Fewer referrals.", brought)


def test_quality_counts_each_kind_of_finding_once() -> None:
    found = reviewed()
    assert sum(one.count for one in found.quality) == len(found.findings)
    assert {one.code: one.refs for one in found.quality}["milestone-missed"] == ("1.1",)


# --- as it stood -------------------------------------------------------------------------------


def tracker(history: tuple[Change, ...] = HISTORY, as_at: date | None = Q2_DAY) -> Tracker:
    copies = tuple(
        Issued(
            cycle.name, who, f"{who}.xlsx", cycle.issued_on, cycle.return_by, date(2016, 9, 28), "back.xlsx"
        )
        for cycle in CYCLES
        for who in ("ann", "bob")
    )
    return Tracker("id", "key", PLAN, entries_at(history), history, (), CYCLES, copies, as_at, 28, {})


def test_a_past_day_is_one_that_the_tracker_has_moved_on_from() -> None:
    assert not is_past(tracker(), Q2_DAY)
    assert not is_past(tracker(), date(2017, 1, 1))
    assert is_past(tracker(), date(2016, 9, 30))
    assert is_past(tracker(as_at=None), date(2016, 9, 30))


def test_entries_and_cycles_of_a_past_day_are_those_of_then() -> None:
    then = as_it_stood(tracker(), Q1_DAY)
    assert then.entry(cell("1.1 rating")) == "Amber"
    assert then.entry(cell("1.1 commentary")) == "Slow."
    assert then.entry(cell("1.2.1 status")) == ""
    assert [cycle.name for cycle in then.cycles] == ["Q1"]
    assert as_it_stood(tracker(), Q2_DAY).entries == tracker().entries


def test_before_anything_was_merged_the_plan_stood_as_agreed() -> None:
    then = as_it_stood(tracker(), date(2015, 1, 1))
    assert then.entries == entries()
    assert then.issued == ()


def test_a_copy_counts_as_returned_from_the_day_it_was_merged() -> None:
    then = as_it_stood(tracker(), date(2016, 9, 30))
    back = {(one.cycle, one.officer): one.returned_on is not None for one in then.issued}
    assert back == {("Q1", "ann"): True, ("Q1", "bob"): True, ("Q2", "ann"): False, ("Q2", "bob"): False}


def test_conflicts_of_a_past_day_are_those_that_nobody_had_settled_by_then() -> None:
    asked = said("1.2 rating", "Red", "Q1", Q1_DAY, Decision.CONFLICT)
    asked = replace(asked, result="White")
    settled = replace(asked, result="White", decision=Decision.SETTLED_KEPT, when=Q2_DAY)
    history = (*HISTORY[:3], asked, *HISTORY[3:], settled)
    (waiting,) = as_it_stood(tracker(history), Q1_DAY).conflicts
    assert waiting.change.cell == cell("1.2 rating")
    assert waiting.change.master == "White"
    assert as_it_stood(tracker(history), Q2_DAY).conflicts == ()


def test_a_past_review_says_what_a_review_then_said() -> None:
    told = tuple(one for one in HISTORY if one.when <= Q1_DAY)
    then = review(PLAN, entries_at(told), history=told, cycles=CYCLES[:1], as_at=Q1_DAY)
    stood = as_it_stood(tracker(), Q1_DAY)
    again = review(stood.plan, stood.entries, history=stood.history, cycles=stood.cycles, as_at=Q1_DAY)
    assert (again.headline, again.ratings, again.moved) == (then.headline, then.ratings, then.moved)
    assert again.trend == then.trend
    assert not again.in_state(State.MISSED)
    assert Field.ASK not in {one.cell.field for one in again.moved}


def test_a_return_that_is_merged_late_leaves_the_trend_of_an_earlier_paper_as_it_was() -> None:
    cycles = (*CYCLES, Cycle("Q3", date(2016, 12, 1), date(2016, 12, 20)))
    day = date(2016, 12, 2)
    before = review(PLAN, entries_at(HISTORY), history=HISTORY, cycles=cycles, as_at=day).trend
    late = (*HISTORY, said("1.2 rating", "Amber", "Q2", date(2016, 12, 10)))
    moved = tuple(replace(one, as_at=date(2016, 12, 10)) if one.name == "Q2" else one for one in cycles)
    then = as_it_stood(replace(tracker(late, date(2016, 12, 10)), cycles=moved), day)
    again = review(then.plan, then.entries, history=then.history, cycles=then.cycles, as_at=day).trend
    assert again == before
    assert [one.name for one in again] == ["As agreed", "Q1", "Q2", "Q3"]


def test_a_second_return_that_came_later_is_not_there_yet() -> None:
    came = tracker()
    later = tuple(
        replace(one, returned_on=date(2016, 11, 1), returned_file="second.xlsx") for one in came.issued
    )
    then = as_it_stood(replace(came, issued=later), Q2_DAY)
    back = {one.officer: one for one in then.issued if one.cycle == "Q2"}
    assert back["ann"].returned_on == Q2_DAY
    assert back["ann"].returned_file == ""
