"""The day each kind of deadline falls on."""

from __future__ import annotations

from datetime import date

import pytest

from lscb_workbook.plan.calendar import board_meetings, due_on, events
from lscb_workbook.plan.records import (
    AfterEvent,
    AtBoard,
    BoardMeeting,
    Due,
    EndOfPlanYear,
    Event,
    Milestone,
    NotStated,
    OnDate,
    Ongoing,
    Repeating,
    SeeAction,
)

JULY = AtBoard("LSCB July 2016", 2016, 7)
PUBLISHED = AfterEvent("within 3 months of publication", "publication", 3, "months")


def milestone(id_: str, due: Due) -> Milestone:
    return Milestone(id_, id_[:3], ("chair",), "Report", due)


def test_days_are_their_own_day() -> None:
    assert due_on(OnDate("31.8.16", date(2016, 8, 31)), (), ()) == date(2016, 8, 31)
    assert due_on(EndOfPlanYear("by year end", date(2017, 3, 31)), (), ()) == date(2017, 3, 31)


def test_a_meeting_counts_as_the_last_day_of_its_month_until_its_day_is_known() -> None:
    assert due_on(JULY, (), ()) == date(2016, 7, 31)
    assert due_on(JULY, (BoardMeeting(2016, 7),), ()) == date(2016, 7, 31)
    assert due_on(JULY, (BoardMeeting(2016, 7, date(2016, 7, 18)),), ()) == date(2016, 7, 18)
    assert due_on(AtBoard("LSCB February 2016", 2016, 2), (), ()) == date(2016, 2, 29)


def test_of_two_meetings_in_a_month_the_later_counts() -> None:
    meetings = (BoardMeeting(2016, 7, date(2016, 7, 4)), BoardMeeting(2016, 7, date(2016, 7, 25)))
    assert due_on(JULY, meetings, ()) == date(2016, 7, 25)


@pytest.mark.parametrize(
    ("count", "unit", "day"),
    [
        (10, "days", date(2016, 12, 10)),
        (2, "weeks", date(2016, 12, 14)),
        (3, "months", date(2017, 2, 28)),
        (1, "years", date(2017, 11, 30)),
        (3, "moons", None),
    ],
)
def test_a_time_after_an_event_counts_from_its_day(count: int, unit: str, day: date | None) -> None:
    due = AfterEvent("…", "publication", count, unit)
    assert due_on(due, (), (Event("publication", date(2016, 11, 30)),)) == day


def test_an_event_without_a_day_gives_none() -> None:
    assert due_on(PUBLISHED, (), (Event("publication"),)) is None
    assert due_on(PUBLISHED, (), (Event("launch", date(2016, 11, 30)),)) is None


@pytest.mark.parametrize(
    "due", [Repeating("monthly", "month"), Ongoing("Ongoing"), SeeAction("see 6.2", "6.2"), NotStated("")]
)
def test_what_has_no_day_gives_none(due: Due) -> None:
    assert due_on(due, (), ()) is None


def test_the_meetings_are_those_known_and_the_months_that_deadlines_name() -> None:
    known = (BoardMeeting(2016, 9, date(2016, 9, 5)), BoardMeeting(2016, 7, date(2016, 7, 18)))
    milestones = [milestone("1.1.1", AtBoard("LSCB January 2017", 2017, 1)), milestone("1.1.2", JULY)]
    assert board_meetings(milestones, known) == (known[1], known[0], BoardMeeting(2017, 1))
    assert board_meetings(milestones) == (BoardMeeting(2016, 7), BoardMeeting(2017, 1))


def test_each_event_is_listed_once_with_its_day_where_known() -> None:
    known = (Event("publication", date(2016, 5, 1)),)
    milestones = [milestone("1.1.1", PUBLISHED), milestone("1.1.2", PUBLISHED)]
    assert events(milestones, known) == known
    assert events(milestones) == (Event("publication"),)
