"""Boards that rate otherwise: what a status means decides, never its name, its colour or its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from board_year import AS_AT, CYCLE, PLAN, cell, entries

from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.records import (
    Cycle,
    Issued,
    Meaning,
    Milestone,
    Ongoing,
    Plan,
    RagScheme,
    RagStatus,
)
from lscb_workbook.review import Movement, ReturnState, Review, State, review
from lscb_workbook.review.movement import direction

BRAG = RagScheme(
    (
        RagStatus("Blue", "B", "done", Meaning.COMPLETE, "1F5FA8", "FFFFFF"),
        RagStatus("Red", "R", "off", Meaning.OFF_TRACK, "C9372C", "FFFFFF"),
        RagStatus("Amber", "A", "at risk", Meaning.AT_RISK, "FFCC5C", "332200"),
        RagStatus("Green", "G", "on track", Meaning.STILL_ON_TRACK, "6DB583", "06210F"),
    )
)
"""Printed with what is complete first, as some boards do."""
LATER = Milestone("1.1.2", "1.1", ("ann",), "by 31.1.17", read_deadline("by 31.1.17", PLAN.year))
GOES_ON = Milestone("1.1.2", "1.1", ("ann",), "Ongoing", Ongoing("Ongoing"))
DONE = {"1.1.1 status": "Complete", "1.1.1 completed_on": "2016-08-30"}
FINISHED = DONE | {"1.1.2 status": "Complete", "1.1.2 completed_on": "2016-09-30"}
ASKED = (Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 23)),)


def reviewed(said: Mapping[str, str], *more: Milestone, scheme: RagScheme = BRAG) -> Review:
    """A review of the small plan rated by another scheme, all its actions without a rating but as said."""
    plan: Plan = replace(PLAN, scheme=scheme, milestones=(*PLAN.milestones, *more))
    held = dict.fromkeys(entries(), "") | {cell(name): text for name, text in said.items()}
    return review(plan, held, cycles=ASKED, as_at=AS_AT)


def codes(said: Mapping[str, str], *more: Milestone) -> set[str]:
    return {one.code for one in reviewed(said, *more).findings if one.ref == "1.1"}


@pytest.mark.parametrize(
    ("rating", "said", "more", "found"),
    [
        ("Blue", DONE, LATER, {"complete-with-open-milestones", "complete-without-evidence", "nothing-new"}),
        ("Blue", FINISHED | {"1.1 evidence": "e"}, LATER, set()),
        ("Blue", DONE | {"1.1 evidence": "e"}, GOES_ON, set()),
        (
            "Blue",
            {"1.1 evidence": "e", "1.1.2 status": "Complete", "1.1.2 completed_on": "2016-09-30"},
            LATER,
            {"milestone-missed", "rating-contradicts-milestone", "nothing-new"},
        ),
        ("Green", FINISHED, LATER, {"nothing-new"}),
        ("Green", {}, LATER, {"milestone-missed", "rating-contradicts-milestone", "nothing-new"}),
    ],
)
def test_complete_and_on_track_are_two_things(
    rating: str, said: Mapping[str, str], more: Milestone, found: set[str]
) -> None:
    assert codes({"1.1 rating": rating, **said}, more) == found


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ("Green", "Blue", Movement.IMPROVED),
        ("Blue", "Red", Movement.WORSE),
        ("Red", "Amber", Movement.IMPROVED),
        ("", "Blue", Movement.NEW_RATING),
    ],
)
def test_better_and_worse_go_by_what_a_status_means(before: str, now: str, moved: Movement) -> None:
    assert direction(BRAG, before, now) is moved


def test_the_most_severe_is_never_the_one_printed_first_for_that() -> None:
    assert BRAG.most_severe(("Blue", "Amber")) == "Amber"
    assert [one.name for one in BRAG.by_severity] == ["Red", "Amber", "Green", "Blue"]
    assert BRAG.names == ("Blue", "Red", "Amber", "Green")


def test_of_two_statuses_with_one_meaning_both_are_exceptions_the_first_the_worse() -> None:
    late = RagStatus("Overdue", "O", "late", Meaning.OFF_TRACK, "8E1B12", "FFFFFF")
    found = reviewed({"1.1 rating": "Overdue", "1.2 rating": "Red"}, scheme=RagScheme((*BRAG.statuses, late)))
    assert [one.action.ref for one in found.exceptions] == ["1.2", "1.1"]


def test_a_scheme_with_nothing_off_track_has_no_exceptions() -> None:
    blue, _, _, green = BRAG.statuses
    found = reviewed({"1.1 rating": "Blue", "1.2 rating": "Green"}, scheme=RagScheme((blue, green)))
    assert found.exceptions == ()
    assert found.headline.startswith("2 actions: 1 Blue, 1 Green;")


def test_no_return_is_a_state_of_its_own_and_never_a_rating() -> None:
    silent = Issued(CYCLE, "ann", "a.xlsx", date(2016, 9, 1), date(2016, 9, 23))
    plan = replace(PLAN, scheme=BRAG)
    held = {cell("1.1 rating"): "Green", cell("1.2 rating"): ""}
    found = review(plan, held, cycles=ASKED, issued=(silent,), as_at=AS_AT)
    assert dict(found.ratings) == {"1.1": "Green", "1.2": ""}
    assert {one.officer.key: one.returned for one in found.officers}["ann"] is ReturnState.NOT_RETURNED
    counts = found.priorities[0].ratings
    assert (counts.by_status["Red"], counts.by_status["Green"], counts.not_rated) == (0, 1, 1)


def test_ongoing_milestones_are_counted_on_their_own() -> None:
    counts = reviewed({}, GOES_ON).priorities[0].milestones
    assert counts.by_state[State.ONGOING] == counts.ongoing == 1
    assert (counts.missed, counts.met, counts.still_to_come) == (2, 0, 0)
    assert counts.by_state[State.NOT_YET_DUE] == 0
