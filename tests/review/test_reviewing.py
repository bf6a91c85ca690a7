"""Where milestones stand, what is counted, and how ratings moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from board_year import AS_AT, CYCLE, PLAN, SCHEME, cell, entries
from hypothesis import given
from hypothesis import strategies as st

from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.records import AfterEvent, Change, Cycle, Decision, Event, Issued, NotStated
from lscb_workbook.review import Review, State, review
from lscb_workbook.review.movement import Movement, direction

DUE = date(2016, 8, 31)


def reviewed(said: Mapping[str, str], as_at: date = AS_AT, **facts: object) -> Review:
    held = entries() | {cell(name): text for name, text in said.items()}
    return review(PLAN, held, as_at=as_at, **facts)  # type: ignore[arg-type]


def state(said: Mapping[str, str], as_at: date = AS_AT) -> tuple[State, int]:
    """Where milestone 1.1.1, due on 31 August 2016, stands, and how many days late it is."""
    found = next(one for one in reviewed(said, as_at).milestones if one.milestone.id == "1.1.1")
    return found.state, found.days_late


@pytest.mark.parametrize(
    ("as_at", "stands"),
    [
        (date(2016, 8, 2), (State.NOT_YET_DUE, 0)),
        (date(2016, 8, 3), (State.DUE_SOON, 0)),
        (DUE, (State.DUE_SOON, 0)),
        (date(2016, 9, 1), (State.MISSED, 1)),
        (date(2017, 2, 28), (State.MISSED, 181)),
    ],
)
def test_a_milestone_is_missed_from_the_day_after_it_was_due(as_at: date, stands: tuple[State, int]) -> None:
    assert state({}, as_at) == stands


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ({"1.1.1 status": "Complete"}, (State.COMPLETE, 0)),
        ({"1.1.1 status": "Complete", "1.1.1 completed_on": "2016-08-31"}, (State.COMPLETE, 0)),
        ({"1.1.1 status": "Complete", "1.1.1 completed_on": "2016-09-03"}, (State.COMPLETE_LATE, 3)),
        ({"1.1.1 status": "No longer needed"}, (State.NOT_NEEDED, 0)),
        ({"1.1.1 revised_date": "2016-12-01"}, (State.MISSED, 31)),
        ({"1.1.1 approved_date": "2016-12-01"}, (State.NOT_YET_DUE, 0)),
        ({"1.1.1 approved_date": "2016-09-30"}, (State.MISSED, 1)),
    ],
)
def test_only_the_approved_date_takes_the_place_of_the_plans(
    said: Mapping[str, str], stands: tuple[State, int]
) -> None:
    assert state(said) == stands


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("within 3 months of publication by the DfE", State.WAITING),
        ("quarterly", State.ONGOING),
        ("ongoing", State.ONGOING),
        ("see 6.2", State.UNDATED),
        ("TBC", State.UNDATED),
        ("LSCB July 2016", State.MISSED),
        ("achieved in 2016/17", State.NOT_YET_DUE),
    ],
)
def test_a_milestone_without_a_day_is_never_missed(words: str, stands: State) -> None:
    one = replace(PLAN.milestones[0], due=read_deadline(words, PLAN.year))
    found = review(replace(PLAN, milestones=(one,)), entries(), as_at=AS_AT)
    assert found.milestones[0].state is stands


def test_an_event_that_happened_gives_its_milestone_a_day() -> None:
    one = replace(PLAN.milestones[0], due=AfterEvent("within 3 months of x", "x", 3, "months"))
    plan = replace(PLAN, milestones=(one,), events=(Event("x", date(2016, 5, 31)),))
    assert review(plan, entries(), as_at=AS_AT).milestones[0].due == DUE


def test_an_approved_date_judges_even_what_had_none() -> None:
    one = replace(PLAN.milestones[0], due=NotStated("TBC"))
    held = entries() | {cell("1.1.1 approved_date"): "2016-09-30"}
    found = review(replace(PLAN, milestones=(one,)), held, as_at=AS_AT)
    assert found.milestones[0].state is State.MISSED


@given(
    st.sampled_from(["", "Not started", "In progress", "Complete", "No longer needed", "odd"]),
    st.sampled_from(["", "2016-08-01", "2017-01-01", "odd"]),
    st.dates(date(2016, 1, 1), date(2018, 1, 1)),
)
def test_figures_add_up_whatever_is_said(status: str, day: str, as_at: date) -> None:
    said = {"1.1.1 status": status, "1.1.1 completed_on": day, "1.2.1 approved_date": day}
    found = reviewed(said | {"1.1 rating": status}, as_at)
    everything, *each = found.priorities
    assert everything.ratings.total == len(PLAN.actions) == sum(one.ratings.total for one in each)
    assert everything.milestones.total == len(PLAN.milestones) == sum(one.milestones.total for one in each)
    assert everything.milestones.by_state == {
        one: sum(state_.state is one for state_ in found.milestones) for one in State
    }


def test_the_headline_counts_in_plain_words() -> None:
    said = {"1.1 rating": "Red", "1.2 rating": "Green", "1.1.1 status": "Complete"}
    assert reviewed(said).headline == "2 actions: 1 Red, 1 Green; 1 milestone missed."


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({"ann": 2, "bob": 1}, "every officer has returned."),
        ({"ann": 0, "bob": 1}, "every officer has returned, 1 of them the copy unchanged."),
        ({"ann": 0, "bob": None}, "1 officer has not returned, 1 returned the copy unchanged."),
        ({"ann": 2, "bob": None}, "1 officer has not returned."),
    ],
)
def test_the_headline_tells_of_copies_that_came_back_unchanged(
    edits: Mapping[str, int | None], told: str
) -> None:
    cycle = Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 20))
    out = {who: Issued(CYCLE, who, f"{who}.xlsx", cycle.issued_on, cycle.return_by) for who in edits}
    issued = tuple(
        out[who] if many is None else replace(out[who], returned_on=AS_AT, edits=many)
        for who, many in edits.items()
    )
    assert reviewed({}, cycles=(cycle,), issued=issued).headline.endswith(f"missed; {told}")


def test_exceptions_are_the_most_severe_first() -> None:
    found = reviewed({"1.1 rating": "Amber", "1.2 rating": "Red"})
    assert [view.action.ref for view in found.exceptions] == ["1.2", "1.1"]


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        ("Red", "Amber", Movement.IMPROVED),
        ("Amber", "Green", Movement.IMPROVED),
        ("Green", "Red", Movement.WORSE),
        ("Red", "Red", Movement.SAME),
        ("", "Red", Movement.NEW_RATING),
        ("White", "Green", Movement.CHANGED),
        ("Green", "Purple", Movement.CHANGED),
        ("Green", "", Movement.CHANGED),
    ],
)
def test_a_rating_moves_in_words(before: str, now: str, word: Movement) -> None:
    assert direction(SCHEME, before, now) is word


def test_movement_is_counted_from_the_day_the_latest_copies_went_out() -> None:
    def rated(rating: str, when: date, cycle: str) -> Change:
        return Change(
            cell("1.1 rating"), "", "", rating, rating, Decision.TAKEN, "ann", "a.xlsx", "s", cycle, when
        )

    history = (rated("Amber", date(2016, 7, 1), "Q1"), rated("Red", date(2016, 10, 1), CYCLE))
    cycles = (
        Cycle("Q1", date(2016, 6, 1), date(2016, 6, 20)),
        Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 20)),
    )
    moved = reviewed({"1.1 rating": "Red"}, history=history, cycles=cycles).movement[0]
    assert (moved.before, moved.now, moved.movement) == ("Amber", "Red", Movement.WORSE)
    assert moved.source is history[1]
