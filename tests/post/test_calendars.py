"""Calendars that a mail program takes in, and that a later import brings up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from board_year import CYCLE, PLAN, cell, entries
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from lscb_workbook.plan.records import AtBoard, BoardMeeting, Cycle, Issued, Officer, Plan
from lscb_workbook.post.calendars import CalendarFile, manager_calendar, officer_calendars
from lscb_workbook.review import MilestoneState, review

AS_AT = date(2016, 8, 1)
DUE = date(2016, 8, 31)
RETURN_BY = date(2016, 9, 21)
CYCLES = (Cycle(CYCLE, date(2016, 9, 1), RETURN_BY),)
ISSUED = tuple(
    Issued(CYCLE, key, f"{CYCLE} - {key.title()}.xlsx", date(2016, 9, 1), RETURN_BY) for key in ("ann", "bob")
)
MET = replace(PLAN, meetings=(BoardMeeting(2016, 9, date(2016, 9, 12)), BoardMeeting(2016, 12)))


def states(
    said: Mapping[str, str] | None = None, plan: Plan = MET, as_at: date = AS_AT
) -> list[MilestoneState]:
    held = entries() | {cell(name): text for name, text in (said or {}).items()}
    return list(review(plan, held, as_at=as_at).milestones)


def managers(
    said: Mapping[str, str] | None = None, plan: Plan = MET, as_at: date = AS_AT, tracker: str = "t"
) -> CalendarFile:
    return manager_calendar(
        tracker, plan, states(said, plan, as_at), cycles=CYCLES, issued=ISSUED, as_at=as_at
    )


def officers(
    plan: Plan = MET, as_at: date = AS_AT, heirs: Mapping[str, str] | None = None
) -> dict[str, CalendarFile]:
    made = officer_calendars("t", plan, states(None, plan, as_at), issued=ISSUED, as_at=as_at, heirs=heirs)
    return {one.officer: one for one in made}


def events(file: CalendarFile) -> list[Event]:
    made = Calendar.from_ical(file.data)
    assert isinstance(made, Calendar)
    assert not made.errors
    return list(made.events)


def days(file: CalendarFile) -> list[tuple[date, str]]:
    return [(one.decoded("dtstart"), str(one["summary"])) for one in events(file)]


def alarms(event: Event) -> list[timedelta]:
    return [alarm.decoded("trigger") for alarm in event.walk("VALARM")]


def test_the_managers_calendar_has_meetings_returns_and_every_milestone() -> None:
    assert days(managers()) == [
        (DUE, "Milestone 1.1.1 due: by 31.8.16"),
        (DUE, "Milestone 1.2.1 due: by 31.8.16"),
        (date(2016, 9, 12), "Board meeting: A board"),
        (RETURN_BY, "Returns for Q2 are due"),
    ]


def test_an_officers_calendar_has_their_own() -> None:
    made = officers()
    assert [text for _, text in days(made["ann"])] == [
        "Milestone 1.1.1 due: by 31.8.16",
        "Milestone 1.2.1 due: by 31.8.16",
        "Return your copy for Q2",
    ]
    assert [text for _, text in days(made["bob"])] == [
        "Milestone 1.2.1 due: by 31.8.16",
        "Return your copy for Q2",
    ]


def test_an_officer_sees_the_meeting_that_something_of_theirs_is_due_at() -> None:
    first, second = MET.milestones
    at_board = replace(MET, milestones=(replace(first, due=AtBoard("to the board", 2016, 9)), second))
    made = officers(at_board)
    assert (date(2016, 9, 12), "Board meeting: A board") in days(made["ann"])
    assert "Board meeting: A board" not in [text for _, text in days(made["bob"])]


def test_who_has_nothing_gets_no_calendar() -> None:
    plan = replace(MET, officers=(*MET.officers, Officer("cleo", "Cleo", "")))
    assert set(officers(plan)) == {"ann", "bob"}


def test_a_leavers_days_are_the_successors() -> None:
    plan = replace(MET, officers=(*MET.officers, Officer("cleo", "Cleo", "")))
    made = officers(plan, heirs={"ann": "cleo"})
    assert set(made) == {"bob", "cleo"}
    assert len(events(made["cleo"])) == 3


@pytest.mark.parametrize(
    ("status", "summary", "stands"),
    [
        ("Complete", "Milestone 1.1.1 due (complete): by 31.8.16", "CONFIRMED"),
        ("No longer needed", "Milestone 1.1.1 due (not needed): by 31.8.16", "CANCELLED"),
    ],
)
def test_a_closed_milestone_stays_and_says_so_without_alarms(status: str, summary: str, stands: str) -> None:
    event = events(managers({"1.1.1 status": status}))[0]
    assert (str(event["summary"]), str(event["status"]), alarms(event)) == (summary, stands, [])


def test_alarms_sound_at_nine_some_days_before() -> None:
    milestone, _, meeting, back = events(managers())
    nine = timedelta(hours=9)
    assert alarms(milestone) == [nine - timedelta(days=14), nine - timedelta(days=1)]
    assert alarms(meeting) == [nine - timedelta(days=7), nine - timedelta(days=1)]
    assert alarms(back) == [nine - timedelta(days=5), nine - timedelta(days=1)]


def test_no_alarm_is_of_a_day_that_is_past() -> None:
    assert len(alarms(events(managers(as_at=DUE - timedelta(days=5)))[0])) == 1
    assert alarms(events(managers(as_at=DUE))[0]) == []


def test_who_has_returned_is_not_reminded_to() -> None:
    back = [replace(one, returned_on=date(2016, 9, 20)) for one in ISSUED]
    (_, _, event) = events(officer_calendars("t", MET, states(), issued=back, as_at=AS_AT)[0])
    assert str(event["summary"]) == "Return your copy for Q2 (returned)"
    assert alarms(event) == []
    manager = events(manager_calendar("t", MET, states(), cycles=CYCLES, issued=back, as_at=AS_AT))[-1]
    assert str(manager["description"]) == "2 copies sent on 1 September 2016; 0 not returned."
    assert alarms(manager) == []


def test_a_later_import_moves_what_was_there() -> None:
    first, later = managers(), managers({"1.1.1 approved_date": "2016-12-01"}, as_at=date(2016, 9, 1))
    before = {str(one["uid"]): one for one in events(first)}
    after = {str(one["uid"]): one for one in events(later)}
    assert before.keys() == after.keys()
    assert all(int(after[uid]["sequence"]) > int(before[uid]["sequence"]) for uid in after)
    (moved,) = [uid for uid in after if after[uid]["dtstart"] != before[uid]["dtstart"]]
    assert after[moved].decoded("dtstart") == date(2016, 12, 1)
    assert "In the plan for 31 August 2016" in str(after[moved]["description"])


def after(first: CalendarFile, plan: Plan, as_at: date = AS_AT, tracker: str = "t") -> CalendarFile:
    """The manager's calendar that is made where this one lies."""
    said = states(None, plan, as_at)
    before = {first.name: first.data}
    return manager_calendar(tracker, plan, said, cycles=CYCLES, issued=ISSUED, as_at=as_at, before=before)


def numbers(file: CalendarFile) -> dict[str, int]:
    return {str(one["uid"]): int(one["sequence"]) for one in events(file)}


def test_a_second_import_on_one_day_moves_what_was_changed_since() -> None:
    first = managers()
    moved = replace(MET, meetings=(BoardMeeting(2016, 9, date(2016, 9, 26)), BoardMeeting(2016, 12)))
    second = after(first, moved)
    (uid,) = [uid for uid, number in numbers(second).items() if number != numbers(first)[uid]]
    assert numbers(second)[uid] == numbers(first)[uid] + 1
    assert after(second, moved) == second
    later = after(second, moved, AS_AT + timedelta(days=9))
    assert all(number > numbers(second)[uid] for uid, number in numbers(later).items())


def test_what_is_no_more_is_called_off_once() -> None:
    first = managers()
    less = replace(MET, meetings=(), milestones=MET.milestones[1:])
    second = after(first, less)
    off = [one for one in events(second) if str(one["status"]) == "CANCELLED"]
    assert sorted(str(one["summary"]) for one in off) == [
        "Board meeting: A board", "Milestone 1.1.1 due: by 31.8.16",
    ]  # fmt: skip
    assert all(int(one["sequence"]) == numbers(first)[str(one["uid"])] + 1 for one in off)
    assert not any(alarms(one) for one in off)
    assert after(second, less) == second
    back = {str(one["uid"]): one for one in events(after(second, MET))}
    assert {str(one["status"]) for one in back.values()} == {"CONFIRMED"}
    assert all(int(back[str(one["uid"])]["sequence"]) > int(one["sequence"]) for one in off)


def test_who_has_nothing_any_more_has_it_called_off() -> None:
    made = officers()
    nobodys = replace(MET, milestones=(), actions=())
    (ann, *_) = officer_calendars(
        "t", nobodys, [], issued=(), as_at=AS_AT, before={one.name: one.data for one in made.values()}
    )
    assert [str(one["status"]) for one in events(ann)] == ["CANCELLED"] * 3


@pytest.mark.parametrize("last", [b"", b"nonsense", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_a_file_that_is_no_calendar_of_the_trackers_counts_for_nothing(last: bytes) -> None:
    first = managers()
    assert after(replace(first, data=last), MET) == first
    assert after(managers(tracker="another"), MET) == first


def test_a_meeting_may_move_within_its_month() -> None:
    moved = replace(MET, meetings=(BoardMeeting(2016, 9, date(2016, 9, 26)), BoardMeeting(2016, 12)))
    uids = [
        {str(one["uid"]) for one in events(managers(plan=plan)) if "meeting" in str(one["summary"])}
        for plan in (MET, moved)
    ]
    assert uids[0] == uids[1] != set()


def test_a_milestone_is_one_entry_in_whoevers_calendar() -> None:
    of_manager = {str(one["summary"]): str(one["uid"]) for one in events(managers())}
    for file in officers().values():
        for one in events(file):
            if str(one["summary"]).startswith("Milestone"):
                assert of_manager[str(one["summary"])] == str(one["uid"])


def test_no_two_entries_share_an_identifier_and_no_two_trackers() -> None:
    own = [str(one["uid"]) for file in (managers(), *officers().values()) for one in events(file)]
    others = [str(one["uid"]) for one in events(managers(tracker="another"))]
    assert len(set(own)) == 4 + 2  # the officers' own days to return by
    assert set(own).isdisjoint(others)


def test_the_same_is_the_same_to_the_byte_and_another_day_is_not() -> None:
    assert managers() == managers()
    assert officers() == officers()
    assert managers().data != managers(as_at=AS_AT + timedelta(days=1)).data


def test_entries_last_a_whole_day_and_leave_it_free() -> None:
    for event in events(managers()):
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
        assert str(event["transp"]) == "TRANSPARENT"
        assert b"VALUE=DATE:" in event.to_ical()


def test_the_last_day_there_is_has_no_day_after() -> None:
    (event, *_) = [
        one
        for one in events(managers({"1.1.1 approved_date": "9999-12-31"}))
        if one.decoded("dtstart") == date.max
    ]
    assert "dtend" not in event


@given(st.text(st.characters(), max_size=300))
def test_whatever_a_milestone_says_the_calendar_is_sound(text: str) -> None:
    first, second = MET.milestones
    file = managers(plan=replace(MET, milestones=(replace(first, text=text), second)))
    assert all(len(line) <= 75 for line in file.data.split(b"\r\n"))
    assert b"\n" not in file.data.replace(b"\r\n", b"")
    assert b"\r" not in file.data.replace(b"\r\n", b"")
    assert len(events(file)) == 4
    (event,) = [one for one in events(file) if "1.1.1" in str(one["summary"])]
    words = "".join(letter for letter in text if letter.isalnum())
    assert words in "".join(letter for letter in str(event["description"]) if letter.isalnum())


def test_files_bear_names_that_a_person_understands_and_no_two_the_same() -> None:
    twins = (Officer("ann", "Head: care", ""), Officer("bob", "Head; care", ""))
    assert managers().name == "2016-17 calendar - A board.ics"
    assert [one.name for one in officers(replace(MET, officers=twins)).values()] == [
        "2016-17 calendar - Head care.ics",
        "2016-17 calendar - Head; care.ics",
    ]
    alike = (Officer("ann", "Head: care", ""), Officer("bob", "HEAD/ care", ""))
    assert [one.name for one in officers(replace(MET, officers=alike)).values()] == [
        "2016-17 calendar - Head care.ics",
        "2016-17 calendar - HEAD care (2).ics",
    ]
