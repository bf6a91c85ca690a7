"""The end of a plan year: what is finished is told of, the rest goes on, and no History is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from board_year import CYCLE, PLAN, back, cell, entries
from hypothesis import given, settings
from hypothesis import strategies as st

from lscb_workbook.merge import hand_edits, initial_history, merge, open_conflicts
from lscb_workbook.merge.ledger import key_of
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import (
    BoardMeeting,
    Cell,
    Change,
    Cycle,
    Decision,
    Issued,
    Meaning,
    Plan,
    RagScheme,
)
from lscb_workbook.returns.records import Return
from lscb_workbook.review import Movement, review
from lscb_workbook.review.rolling import Rolled, first_day_of, roll
from lscb_workbook.tracker.earlier import earlier_settings
from lscb_workbook.tracker.state import Tracker

START, MERGED, NEXT = date(2016, 4, 1), date(2017, 3, 20), date(2017, 4, 1)
CYCLES = (Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 20), MERGED),)


def at_the_end(*returns: Return, typed: Mapping[str, str] | None = None, plan: Plan = PLAN) -> Tracker:
    """A tracker into which these returns were merged in March, and then typed into by hand."""
    begun = initial_history(entries(), START)
    merged = merge(plan, entries(), begun, returns, as_at=MERGED, cycle=CYCLE)
    stands = {**merged.entries, **{cell(name): text for name, text in (typed or {}).items()}}
    copies = tuple(
        Issued(CYCLE, who, f"{who}.xlsx", CYCLES[0].issued_on, CYCLES[0].return_by, date(2016, 9, 20))
        for who in ("ann", "bob")
    )
    history = (*begun, *merged.history)
    return Tracker("old", "key", plan, stands, history, merged.conflicts, CYCLES, copies, MERGED, 28, {})


def rolled(tracker: Tracker, agreed: Plan | None = None) -> Rolled:
    return roll(tracker, agreed=agreed, day=NEXT, file="old.xlsx", sha256="sha")


def codes(made: Rolled) -> list[str]:
    return [one.code for one in made.findings]


DONE = {"1.1 rating": "Green", "1.1.1 status": "Complete", "1.1.1 completed_on": "2016-08-30"}


# --- what is finished ------------------------------------------------------------------------


def test_an_action_that_is_complete_with_all_its_milestones_is_finished() -> None:
    made = rolled(at_the_end(back("ann", DONE | {"1.1 evidence": "Fewer."})))
    assert made.finished == ("1.1",)
    assert [one.ref for one in made.plan.actions] == ["1.1"]  # the other, under its new ref
    told = next(one for one in made.archive if (one.ref, one.milestone) == ("1.1", ""))
    assert (told.year, told.outcome, told.stood) == ("2016-17", "Complete", "Green")
    assert (told.finished_on, told.evidence) == (date(2016, 8, 30), "Fewer.")


def test_an_action_that_is_no_longer_appropriate_is_finished_on_the_day_it_was_rated_so() -> None:
    made = rolled(at_the_end(back("ann", {"1.1 rating": "Purple", "1.1 commentary": "The law changed."})))
    told = {one.milestone: one for one in made.archive if one.ref == "1.1"}
    assert made.finished == ("1.1",)
    assert (told[""].outcome, told[""].finished_on) == ("No longer appropriate", MERGED)
    assert (told[""].said, told["1.1.1"].outcome) == ("The law changed.", "Ended with its action")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"1.1 rating": "Green"}, "carried-on-track"),
        ({"1.1 rating": "Green", "1.1.1 status": "In progress"}, "carried-on-track"),
        ({"1.1 rating": "Amber", "1.1.1 status": "Complete"}, "carried-in-doubt"),
        ({"1.1 rating": "", "1.1.1 status": "No longer needed"}, "carried-in-doubt"),
        ({"1.1 rating": "Red"}, ""),
    ],
)
def test_what_is_not_certainly_finished_goes_on_and_is_told_of(said: dict[str, str], code: str) -> None:
    made = rolled(at_the_end(back("ann", said)))
    assert made.finished == ()
    assert codes(made) == ([code] if code else [])


def test_what_waits_to_be_settled_goes_on_with_its_conflict() -> None:
    both = DONE | {"1.2 rating": "Green", "1.2.1 status": "Complete"}
    made = rolled(at_the_end(back("ann", both), back("bob", {"1.2 rating": "Red"})))
    assert made.finished == ("1.1",)
    assert {"carried-conflicts-open", "carried-in-doubt"} <= set(codes(made))
    waiting = [one.change for one in made.conflicts]
    assert {one.cell for one in waiting} == {cell("1.1 rating")}  # as it is called now
    assert {one.returned for one in waiting} == {"Green", "Red"}
    assert {key_of(one) for one in waiting} == {key_of(one) for one in open_conflicts(made.history)}


def test_what_was_typed_and_not_recorded_goes_on_and_is_recorded() -> None:
    made = rolled(at_the_end(typed=DONE))
    assert made.finished == ()
    assert {"carried-edits", "carried-in-doubt"} <= set(codes(made))
    assert [one.returned for one in made.history if one.decision is Decision.EDITED] == [
        "Green",
        "2016-08-30",
        "Complete",
    ]


def test_copies_that_are_still_out_are_told_of() -> None:
    tracker = at_the_end()
    out = tuple(replace(one, returned_on=None) for one in tracker.issued[:1])
    assert codes(rolled(replace(tracker, issued=out))) == ["carried-copies-out"]


def test_a_status_of_its_own_for_complete_says_so_without_milestones() -> None:
    statuses = tuple(
        replace(one, meaning=Meaning.COMPLETE) if one.name == "Green" else one for one in PLAN.scheme.statuses
    )
    plan = replace(PLAN, scheme=RagScheme(statuses), milestones=PLAN.milestones[1:])
    assert rolled(at_the_end(back("ann", {"1.1 rating": "Green"}), plan=plan)).finished == ("1.1",)


def test_milestones_that_are_closed_stay_with_the_old_year() -> None:
    made = rolled(at_the_end(back("ann", {"1.1 rating": "Amber", "1.1.1 status": "Complete"})))
    assert [one.id for one in made.plan.milestones] == ["1.2.1"]
    told = next(one for one in made.archive if one.milestone == "1.1.1")
    assert told.outcome == "Complete"


# --- how the new year begins -----------------------------------------------------------------


def test_ratings_and_words_go_on_as_they_stood_and_the_year_begins_with_them() -> None:
    said = {"1.1 rating": "Red", "1.1 commentary": "Stopped.", "1.1.1 revised_date": "2017-06-30"}
    made = rolled(at_the_end(back("ann", said)))
    assert {text for at, text in made.entries.items() if at.ref == "1.1"} == set(said.values())
    assert made.plan.action("1.1").rating == "Red"
    found = review(made.plan, made.entries, history=made.history, as_at=NEXT)
    assert {one.movement for one in found.movement} == {Movement.SAME}
    assert found.moved == ()
    assert found.trend[0].ratings.by_status["Red"] == 1
    assert found.trend[0].missed == found.trend[-1].missed == 2


def test_what_moved_after_last_years_last_meeting_is_told_to_this_years_first() -> None:
    met = (BoardMeeting(2017, 3, date(2017, 3, 13)),)
    tracker = at_the_end(back("ann", {"1.1 rating": "Red"}), plan=replace(PLAN, meetings=met))
    made = rolled(tracker)
    found = review(made.plan, made.entries, history=made.history, as_at=NEXT)
    assert [(one.cell.ref, one.before, one.now) for one in found.moved] == [("1.1", "White", "Red")]
    assert found.moved[0].source.when == MERGED


def test_nothing_said_last_year_counts_for_this_years_first_cycle() -> None:
    made = rolled(at_the_end(back("ann", {"1.1 rating": "Red", "1.1 commentary": "Stopped."})))
    again = Cycle(CYCLE, date(2017, 6, 1), date(2017, 6, 20))  # of the same name as last year's
    found = review(made.plan, made.entries, history=made.history, cycles=(again,), as_at=date(2017, 7, 1))
    assert [one.ref for one in found.findings if one.code == "nothing-new"] == ["1.1", "1.2"]


def test_a_milestone_that_was_overdue_stays_missed_until_another_date_is_approved() -> None:
    made = rolled(at_the_end(back("ann", {"1.1.1 revised_date": "2017-06-30"})))
    found = review(made.plan, made.entries, history=made.history, as_at=date(2017, 5, 1))
    first = found.milestones[0]
    assert (str(first.state), first.due, first.revised) == ("missed", date(2016, 8, 31), date(2017, 6, 30))


def test_how_often_a_date_was_moved_is_not_forgotten() -> None:
    dates = ("2016-11-30", "2017-01-31")
    history = initial_history(entries(), START)
    for number, day in enumerate(dates):
        at = cell("1.1.1 approved_date")
        history = (
            *history,
            Change(at, "", "", day, day, Decision.EDITED, "", "", "", "", date(2016, 10, 1 + number)),
        )
    tracker = replace(at_the_end(), history=history, entries=entries_at(history))
    made = rolled(tracker)
    found = review(made.plan, made.entries, history=made.history, as_at=NEXT)
    assert found.milestones[0].times_moved == 2


def test_a_rating_that_the_new_key_does_not_have_is_left_out_and_told_of() -> None:
    blue = replace(PLAN.scheme.statuses[0], name="Blue", letter="B")
    other = replace(PLAN, year=replace(PLAN.year, first=NEXT, last=date(2018, 3, 31)), actions=())
    other = replace(other, milestones=(), scheme=RagScheme((blue, *PLAN.scheme.statuses[1:])))
    made = rolled(at_the_end(back("ann", {"1.1 rating": "Red"})), other)
    assert codes(made) == ["carried-rating-unknown"]
    assert cell("1.1 rating") not in made.entries
    assert made.plan.action("1.1").rating == ""
    assert entries_at(made.history) == made.entries


def test_the_new_tracker_stands_no_earlier_than_the_old_one() -> None:
    late = replace(at_the_end(), as_at=date(2017, 4, 20))
    year = replace(PLAN.year, first=NEXT, last=date(2018, 3, 31))
    assert first_day_of(at_the_end(), year) == NEXT
    assert first_day_of(late, year) == date(2017, 4, 20)


# --- laws ------------------------------------------------------------------------------------

_VALUES = {
    "rating": st.sampled_from(["Red", "Green", "Purple", ""]),
    "commentary": st.sampled_from(["", "a", "b"]),
    "status": st.sampled_from(["", "In progress", "Complete", "No longer needed"]),
    "completed_on": st.sampled_from(["", "2016-09-01"]),
}
_CELLS = ["1.1 rating", "1.1 commentary", "1.1.1 status", "1.1.1 completed_on"]
_SHARED = ["1.2 rating", "1.2 commentary", "1.2.1 status"]


def said(*names: str) -> st.SearchStrategy[dict[str, str]]:
    of = {name: _VALUES[name.partition(" ")[2]] for name in names}
    return st.fixed_dictionaries({}, optional=of)


def years() -> st.SearchStrategy[Tracker]:
    return st.builds(
        lambda ann, bob, typed: at_the_end(back("ann", ann), back("bob", bob), typed=typed),
        said(*_CELLS, *_SHARED),
        said(*_SHARED),
        st.one_of(st.just({}), said(*_CELLS, *_SHARED)),
    )


@settings(max_examples=25)
@given(years())
def test_every_action_and_milestone_goes_on_or_is_told_of_once(tracker: Tracker) -> None:
    made = rolled(tracker)
    told = [(one.ref, one.milestone) for one in made.archive]
    rows = [(one.ref, "") for one in PLAN.actions] + [(one.ref, one.id) for one in PLAN.milestones]
    assert sorted(told) == sorted(rows)
    for one in made.archive:
        goes_on = one.outcome.startswith("Carried forward as ")
        assert goes_on == ((one.milestone or one.ref) in made.names)
        assert one.milestone or goes_on != (one.ref in made.finished)
    assert sorted(made.names[one.ref] for one in PLAN.actions if one.ref in made.names) == sorted(
        one.ref for one in made.plan.actions
    )


@settings(max_examples=25)
@given(years())
def test_the_whole_history_is_in_the_new_tracker_and_sums_up_to_its_entries(tracker: Tracker) -> None:
    made = rolled(tracker)
    for before, after in zip(tracker.history, made.history, strict=False):
        assert replace(after, cell=before.cell, cycle=before.cycle) == before
    assert len(made.history) >= len(tracker.history)
    stands = {at: text for at, text in made.entries.items() if text}
    assert entries_at(made.history) == stands
    assert hand_edits(stands, made.history, as_at=NEXT, cycle="") == ()
    kept = {one.master for one in made.history if one.decision in (Decision.CARRIED, Decision.ARCHIVED)}
    assert {text for text in tracker.entries.values() if text} <= kept


@settings(max_examples=25)
@given(years())
def test_no_name_of_the_old_year_is_taken_for_one_of_the_new(tracker: Tracker) -> None:
    made = rolled(tracker)
    known = {one.ref for one in made.plan.actions} | {one.id for one in made.plan.milestones}
    for change in made.history:
        for name in filter(None, (change.cell.ref, change.cell.milestone)):
            assert name in known or name.endswith(" of 2016-17")
        assert change.cycle in ("", "Q2 of 2016-17")


@settings(max_examples=25)
@given(years())
def test_rolling_once_more_gives_the_same(tracker: Tracker) -> None:
    assert rolled(tracker) == rolled(tracker)


def test_a_second_year_keeps_the_names_of_the_first() -> None:
    made = rolled(at_the_end(back("ann", DONE)))
    tracker = replace(
        at_the_end(),
        id="new",
        plan=made.plan,
        entries=made.entries,
        history=made.history,
        conflicts=(),
        cycles=(),
        issued=(),
        as_at=NEXT,
        archive=made.archive,
        settings=earlier_settings(made.earlier),
    )
    again = roll(tracker, day=date(2018, 4, 1), file="new.xlsx", sha256="sha2")
    assert again.plan.actions[0].carried == "1.1 of 2017-18\n1.2 of 2016-17"
    assert [one.year for one in again.earlier] == ["2016-17", "2017-18"]
    assert again.archive[: len(made.archive)] == made.archive
    left = {change.cell.ref for change in again.history}
    assert left == {"1.1 of 2016-17", "1.1"}
    assert Cell("1.1", "", cell("1.1 rating").field) in again.entries


# --- what could mislead -----------------------------------------------------------------------


def test_a_tracker_that_was_sorted_goes_on_in_the_order_of_its_refs() -> None:
    tracker = at_the_end()
    turned = replace(PLAN, actions=PLAN.actions[::-1], milestones=PLAN.milestones[::-1])
    made = rolled(replace(tracker, plan=turned))
    assert made.names == {"1.1": "1.1", "1.2": "1.2", "1.1.1": "1.1.1", "1.2.1": "1.2.1"}
    assert [one.milestone or one.ref for one in made.archive] == ["1.1", "1.1.1", "1.2", "1.2.1"]


def test_milestones_that_were_sorted_are_not_taken_for_amended_words() -> None:
    later = replace(PLAN.milestones[0], id="1.1.2", text="by 30.9.16")
    turned = replace(PLAN, milestones=(later, *PLAN.milestones))
    words = {"1.1": {"milestones": "by 31.8.16\nby 30.9.16"}}
    assert codes(rolled(replace(at_the_end(), plan=turned, words=words))) == []
    apart = replace(turned, milestones=(replace(later, text="Toolkit"), *PLAN.milestones))
    for shown in ("Toolkit", f"Toolkit – {later.due.words}"):  # written by 0.1.0, and now
        words = {"1.1": {"milestones": f"{PLAN.milestones[0].text}\n{shown}"}}
        assert codes(rolled(replace(at_the_end(), plan=apart, words=words))) == []
    amended = {"1.1": {"milestones": "by the summer"}}
    assert codes(rolled(replace(at_the_end(), plan=turned, words=amended))) == ["carried-words-amended"]


def test_what_was_typed_on_an_action_with_milestones_open_is_no_doubt_whether_it_is_finished() -> None:
    made = rolled(at_the_end(back("ann", {"1.1 rating": "Green"}), typed={"1.1 evidence": "Fewer."}))
    assert codes(made) == ["carried-edits", "carried-on-track"]


def test_what_is_still_asked_of_the_board_is_told_of() -> None:
    made = rolled(at_the_end(typed={"1.2 asked_of_board": "Agree\nmore money."}))
    told = next(one for one in made.findings if one.code == "carried-ask")
    assert (told.ref, "'Agree more money.'" in told.message) == ("1.2", True)
    assert made.entries[cell("1.2 asked_of_board")] == "Agree\nmore money."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("As action 1.2 has it.", "last year's 1.2 is 1.1 now."),
        ("See 1.1 and 1.2.1", "last year's 1.1 did not go on and 1.2.1 is 1.1.1 now."),
        ("Up 1.2% on 1.1.17; see 3.4", ""),
    ],
)
def test_words_that_name_an_action_by_the_ref_it_had_are_told_of(words: str, told: str) -> None:
    made = rolled(at_the_end(back("ann", DONE | {"1.2 commentary": words})))
    found = [one.message for one in made.findings if one.code == "carried-refs-named"]
    assert [one.partition("refs: ")[2] for one in found] == ([told] if told else [])
    assert made.entries[cell("1.1 commentary")] == words


def test_a_year_that_goes_on_from_another_is_told_from_its_beginning_and_not_from_an_agreed_plan() -> None:
    made = rolled(at_the_end())
    found = review(made.plan, made.entries, history=made.history, as_at=date(2017, 5, 1))
    assert (found.trend[0].name, found.since.words) == ("As the year began", "the year began")
