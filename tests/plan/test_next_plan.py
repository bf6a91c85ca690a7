"""The plan of the next year: what goes on keeps its words, its leads and its dates, under refs of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from board_year import PLAN
from hypothesis import given, settings
from hypothesis import strategies as st

from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import (
    Action,
    BoardMeeting,
    Event,
    Milestone,
    NotStated,
    Officer,
    OnDate,
    Plan,
    PlanYear,
    Priority,
    SeeAction,
)
from lscb_workbook.plan.rolling import NextPlan, next_plan, next_year

SINCE = date(2017, 4, 1)
REDBRIDGE = default_plan()
ALL = [action.ref for action in REDBRIDGE.actions] + [one.id for one in REDBRIDGE.milestones]


def following(old: Plan, *, agreed: Plan | None = None, year: PlanYear | None = None) -> NextPlan:
    """The plan after a year in which nothing was finished."""
    names = {action.ref for action in old.actions} | {one.id for one in old.milestones}
    return next_plan(old, names, agreed=agreed, year=year, since=SINCE)


def with_deadline(words: str) -> Plan:
    due = read_deadline(words, PLAN.year)
    first = replace(PLAN.milestones[0], text=words, due=due)
    return replace(PLAN, milestones=(first, *PLAN.milestones[1:]))


@settings(max_examples=25)
@given(
    going=st.sets(st.sampled_from(ALL)),
    first=st.sampled_from([date(2017, 4, 1), date(2017, 1, 1), date(2018, 9, 1)]),
    alone=st.booleans(),
)
def test_what_goes_on_is_there_once_with_its_words_leads_and_dates(
    going: set[str], first: date, alone: bool
) -> None:
    year = next_year(REDBRIDGE.year, first)
    agreed = None if alone else replace(PLAN, year=year, scheme=REDBRIDGE.scheme)
    made = next_plan(REDBRIDGE, going, agreed=agreed, year=year, since=first)
    plan, names = made.plan, made.names
    actions = [one for one in REDBRIDGE.actions if one.ref in going]
    milestones = [one for one in REDBRIDGE.milestones if one.id in going and one.ref in going]
    own = 0 if agreed is None else len(agreed.actions)
    assert len({one.ref for one in plan.actions}) == len(plan.actions) == len(actions) + own
    assert set(names) == {one.ref for one in actions} | {one.id for one in milestones}
    for old in actions:
        now = plan.action(names[old.ref])
        leads = tuple(made.officers[key] for key in old.leads)
        assert (now.text, now.leads, now.measures) == (old.text, leads, old.measures)
        assert now.carried == f"{old.ref} of 2016-17"
    carried = {one.id: one for one in plan.milestones if one.carried}
    assert len(carried) == len(milestones)
    for before in milestones:
        after = carried[names[before.id]]
        assert (after.text, after.ref) == (before.text, names[before.ref])
        day = due_on(before.due, REDBRIDGE.meetings, REDBRIDGE.events)
        assert due_on(after.due, plan.meetings, plan.events) == day
        assert read_deadline(after.due.words, plan.year) == after.due


@pytest.mark.parametrize(
    ("written", "now", "day"),
    [
        ("by 31.8.16", "by 31.8.16", date(2016, 8, 31)),
        ("by the end of Q2", "30 September 2016", date(2016, 9, 30)),
        ("by March", "31 March 2017", date(2017, 3, 31)),
        ("by the end of the plan year", "31 March 2017", date(2017, 3, 31)),
        ("Board July", "Board July 2016", date(2016, 7, 31)),
        ("Ongoing", "Ongoing", None),
        ("quarterly", "quarterly", None),
        ("TBC", "TBC", None),
    ],
)
def test_a_deadline_that_would_move_with_the_year_is_written_as_its_day(
    written: str, now: str, day: date | None
) -> None:
    made = following(with_deadline(written)).plan
    moved = made.milestones[0]
    assert (moved.due.words, due_on(moved.due, made.meetings, made.events)) == (now, day)
    assert (f"'{written}'" in moved.carried) == (now != written)


def test_a_deadline_that_hangs_on_another_action_follows_it_to_its_new_ref() -> None:
    old = with_deadline("see 1.2")
    assert following(old).plan.milestones[0].due == SeeAction("see 1.2", "1.2")
    names = {"1.2", "1.2.1"}
    turned = replace(old.milestones[1], text="see 1.2", due=SeeAction("see 1.2", "1.2"))
    alone = next_plan(replace(old, milestones=(old.milestones[0], turned)), names, since=SINCE).plan
    assert alone.milestones[0].due == SeeAction("see 1.1", "1.1")


def test_a_deadline_that_hangs_on_what_was_finished_is_no_longer_stated() -> None:
    made = next_plan(with_deadline("see 1.2"), {"1.1", "1.1.1"}, since=SINCE).plan
    assert made.milestones[0].due == NotStated("")


def test_a_board_that_moves_its_meeting_moves_no_deadline_that_was_carried_forward() -> None:
    old = replace(with_deadline("Board May 2017"), meetings=(BoardMeeting(2017, 5, date(2017, 5, 10)),))
    agreed = replace(
        PLAN, year=next_year(PLAN.year), meetings=(BoardMeeting(2017, 5, date(2017, 5, 24)),), milestones=()
    )
    made = following(old, agreed=agreed).plan
    due = next(one.due for one in made.milestones if one.carried)
    assert due == OnDate("10 May 2017", date(2017, 5, 10))


def test_the_calendar_keeps_the_last_meeting_before_and_those_to_come() -> None:
    days = (date(2016, 7, 18), date(2017, 3, 20), date(2017, 4, 24))
    old = replace(PLAN, meetings=tuple(BoardMeeting(one.year, one.month, one) for one in days))
    assert [one.on for one in following(old).plan.meetings] == [*days[1:]]


def test_an_event_that_a_deadline_hangs_on_comes_along_with_its_day() -> None:
    words = "within 3 months of the inspection"
    old = replace(with_deadline(words), events=(Event("inspection", date(2017, 2, 1)),))
    made = following(old).plan
    assert due_on(made.milestones[0].due, made.meetings, made.events) == date(2017, 5, 1)


def test_the_title_names_the_new_year() -> None:
    assert following(REDBRIDGE).plan.title == "LSCB Business Plan 2017 - 2018"
    assert following(replace(PLAN, title="Plan 2016/17")).plan.title == "Plan 2017/18"


NEW = replace(
    PLAN,
    year=PlanYear(date(2017, 4, 1), date(2018, 3, 31)),
    priorities=(Priority(1, "Neglect"), Priority(2, "Exploitation of children")),
    officers=(Officer("ann", "Ann", "", aliases=("Annie",)), Officer("cec", "Cec", "")),
    actions=(
        Action("1.1", 1, "Something new", ("cec",), ()),
        Action("2.1", 2, "Both lead it.", ("ann",), ()),
    ),
    milestones=(Milestone("1.1.1", "1.1", ("cec",), "by 1.6.17", OnDate("by 1.6.17", date(2017, 6, 1))),),
)


def titled(title: str) -> Plan:
    return replace(PLAN, priorities=(Priority(1, title),))


@pytest.mark.parametrize(
    ("title", "refs", "codes"),
    [
        ("Exploitation of children", ["1.1", "2.1", "2.2", "2.3"], []),
        ("Neglect of children", ["1.1", "1.2", "1.3", "2.1"], ["carried-priority-renamed"]),
        ("Early help", ["1.1", "2.1", "3.1", "3.2"], ["carried-without-priority"]),
    ],
)
def test_what_is_carried_stands_below_the_new_plans_actions_in_its_priority(
    title: str, refs: list[str], codes: list[str]
) -> None:
    made = following(titled(title), agreed=NEW)
    assert [one.ref for one in made.plan.actions] == refs
    assert [one.code for one in made.findings] == [*codes, "carried-like-new"]
    assert [one.text for one in made.plan.actions if not one.carried] == [one.text for one in NEW.actions]


def test_what_the_old_tracker_knows_of_an_officer_is_not_lost() -> None:
    ann = Officer("ann-old", "Annie", "", "a@x.org", (), "Named", "m@x.org", "Cec")
    old = replace(
        PLAN,
        officers=(ann, *PLAN.officers[1:]),
        actions=tuple(replace(one, leads=("ann-old",)) for one in PLAN.actions),
        milestones=(),
    )
    made = following(old, agreed=NEW)
    now = made.plan.officer("ann")
    assert (now.email, now.public, now.manager_email, now.successor) == ("a@x.org", "Named", "m@x.org", "Cec")
    assert made.officers == {"ann-old": "ann", "bob": "bob"}
    assert [one.key for one in made.plan.officers] == ["ann", "cec", "bob"]
    assert {one.leads for one in made.plan.actions if one.carried} == {("ann",)}
