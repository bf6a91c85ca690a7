"""Who is chased on which day, of what, and by whom it is answered once an officer has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from board_year import CYCLE, PLAN, back, cell, entries
from hypothesis import given
from hypothesis import strategies as st
from tracking import CHAIR, HEAD_OF_RESEARCH, NURSING, copy_of, fill_in, issued_tracker
from tracking import RETURN_BY as REAL_RETURN_BY

import lscb_workbook as lw
from lscb_workbook.merge import hand_edits, initial_history, merge
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cycle, Issued, Officer, Plan
from lscb_workbook.plan.successors import Contact, successors
from lscb_workbook.post.chasing import Chase, Chasing, chases
from lscb_workbook.post.gaps import Gap, Lack, asked_of_each, named_by_file
from lscb_workbook.post.handover import LastSaid
from lscb_workbook.post.journal import Entry, Noted
from lscb_workbook.post.letters import Kind, Occasion, Sender, Templates, Uid, letter
from lscb_workbook.post.stages import PastChase, Schedule, past_chases
from lscb_workbook.post.workdays import Nation, workday_after
from lscb_workbook.returns.records import Edit, Return
from lscb_workbook.review.wording import written
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.state import Tracker

ISSUED_ON, RETURN_BY = date(2016, 9, 1), date(2016, 9, 21)
"""A Thursday, and a Wednesday with no holiday near it."""
BEFORE = date(2016, 9, 16)
"""Three working days before the day to return by."""
OVERDUE = date(2016, 9, 22)
ADDRESSED = replace(
    PLAN,
    officers=(
        Officer("ann", "Ann", "", "ann@example.org"),
        Officer("bob", "Bob", "", "bob@example.org"),
        Officer("cleo", "Cleo", "", "cleo@example.org"),
    ),
)
CONTACTS = {"ann": Contact("boss@example.org"), "bob": Contact("boss@example.org")}
EVERYTHING = {
    "1.1 commentary": "a",
    "1.1 rating": "Green",
    "1.1.1 status": "Complete",
    "1.1.1 completed_on": "2016-08-30",
    "1.1 evidence": "seen",
    "1.2 rating": "Red",
    "1.2 commentary": "b",
    "1.2.1 status": "In progress",
    "1.2.1 revised_date": "2016-12-01",
}


def tracker(
    *returns: Return, plan: Plan = ADDRESSED, sent_to: Sequence[str] = ("ann", "bob"), merged: int = 20
) -> Tracker:
    """A tracker whose copies went out, and into which these returns were merged on this day of September."""
    issued = [Issued(CYCLE, key, f"{CYCLE} - {key.title()}.xlsx", ISSUED_ON, RETURN_BY) for key in sent_to]
    start = initial_history(entries(), PLAN.year.first)
    made = merge(plan, entries(), start, returns, as_at=date(2016, 9, merged), cycle=CYCLE)
    for one in returns:
        issued = [
            replace(log, returned_on=one.came_on, returned_file=one.file, edits=len(one.edits))
            if (log.officer, log.cycle) == (one.officer, one.cycle)
            else log
            for log in issued
        ]
    return Tracker(
        id="t",
        key="00",
        plan=plan,
        entries=made.entries,
        history=(*start, *made.history),
        conflicts=made.conflicts,
        cycles=(Cycle("Q1", date(2016, 6, 1), date(2016, 6, 20)), Cycle(CYCLE, ISSUED_ON, RETURN_BY)),
        issued=tuple(issued),
        as_at=date(2016, 9, merged),
        due_soon_days=28,
        rows={},
    )


def chased(
    held: Tracker,
    today: date,
    past: Sequence[PastChase] = (),
    contacts: Mapping[str, Contact] = CONTACTS,
    schedule: Schedule | None = None,
) -> Chasing:
    return chases(held, today=today, nation=Nation.ENGLAND, contacts=contacts, past=past, schedule=schedule)


def only(found: Chasing, key: str = "ann") -> Chase:
    return next(one for one in found.chases if one.officer.key == key)


def lacks(held: Tracker, today: date = OVERDUE, key: str = "ann") -> list[Lack]:
    return [reason.lack for reason in only(chased(held, today), key).reasons]


def reminded(day: date, officer: str = "ann", kind: Kind = Kind.REMINDER, cycle: str = CYCLE) -> PastChase:
    return PastChase(day, officer, kind, cycle, f"{officer}@example.org")


# --- of what ---------------------------------------------------------------------------------


def test_who_has_not_returned_is_asked_for_the_return() -> None:
    assert lacks(tracker(back("bob", EVERYTHING))) == [Lack.NOT_RETURNED]


def test_who_has_said_all_there_is_to_say_is_left_alone() -> None:
    found = chased(tracker(back("ann", EVERYTHING)), OVERDUE)
    assert [one.officer.key for one in (*found.chases, *found.waiting)] == ["bob"]


def test_what_was_merged_for_the_boards_later_day_counts_in_todays_letters() -> None:
    """The manager merges for the board's day on the day to return by, and chases on the days between."""
    held = tracker(back("ann", EVERYTHING), merged=30)
    found = chased(held, OVERDUE)
    assert [one.officer.key for one in (*found.chases, *found.waiting)] == ["bob"]
    assert "nothing-new" not in {gap.code for gap in only(found, "bob").gaps}


def test_a_copy_that_came_back_as_it_was_is_asked_for_again() -> None:
    assert lacks(tracker(back("ann", {}))) == [Lack.UNCHANGED]


def test_a_copy_sent_again_without_the_edits_is_not_called_unchanged() -> None:
    held = tracker(back("ann", {"1.1 commentary": "a"}))
    held = replace(held, issued=tuple(replace(one, edits=0) for one in held.issued))
    assert lacks(held) == [Lack.PARTLY_FILLED]


def test_the_actions_of_which_nothing_is_said_are_named() -> None:
    chase = only(chased(tracker(back("ann", {"1.1 commentary": "a"})), OVERDUE))
    (reason,) = chase.reasons
    assert reason.lack is Lack.PARTLY_FILLED
    assert "1.2" in reason.text
    assert "1.1" not in reason.text


def test_of_many_actions_the_first_are_named_and_the_others_counted() -> None:
    (first, _) = PLAN.actions
    many = tuple(replace(first, ref=f"1.{number}") for number in range(1, 14))
    held = tracker(back("ann", {"1.1 commentary": "a"}), plan=replace(ADDRESSED, actions=many, milestones=()))
    (reason,) = only(chased(held, OVERDUE)).reasons
    assert reason.text.endswith("1.9, 1.10, 1.11 and 2 more.")


def test_what_another_lead_has_said_is_not_lacking() -> None:
    held = tracker(
        back("ann", {"1.1 commentary": "a", **dict.fromkeys(["1.1.1 note"], "n")}), back("bob", EVERYTHING)
    )
    assert [one.officer.key for one in chased(held, OVERDUE).chases] == []


def test_another_cycles_copy_is_the_wrong_version() -> None:
    held = tracker(back("ann", EVERYTHING, cycle="Q1"))
    held = replace(
        held,
        issued=(
            *held.issued,
            Issued("Q1", "ann", "", date(2016, 6, 1), date(2016, 6, 20), date(2016, 9, 20)),
        ),
    )
    (reason,) = only(chased(held, OVERDUE)).reasons
    assert reason.lack is Lack.WRONG_VERSION
    assert "Q1" in reason.text


def test_last_cycles_return_is_not_the_wrong_version() -> None:
    log = Issued("Q1", "ann", "", date(2016, 6, 1), date(2016, 6, 20), date(2016, 6, 20))
    held = tracker()
    assert lacks(replace(held, issued=(*held.issued, log))) == [Lack.NOT_RETURNED]


def test_a_file_that_could_not_be_taken_is_known_by_the_officer_it_names() -> None:
    note = finding("return-unreadable", file="returns/Q2 - Ann.xlsx", reason="it is damaged")
    held = replace(tracker(), findings=(note,))
    (reason,) = only(chased(held, OVERDUE)).reasons
    assert reason.lack is Lack.UNREADABLE
    assert "Q2 - Ann.xlsx" in reason.text
    assert "it is damaged" in reason.text
    assert lacks(held, key="bob") == [Lack.NOT_RETURNED]


def test_an_unreadable_file_from_before_the_issue_says_nothing_of_this_cycle() -> None:
    note = finding("return-unreadable", file="Ann.xlsx", reason="it is damaged")
    held = replace(tracker(), findings=(note,), as_at=ISSUED_ON - timedelta(days=1))
    assert lacks(held) == [Lack.NOT_RETURNED]


@pytest.mark.parametrize(
    ("file", "officer"),
    [
        ("Q2 - Ann.xlsx", "ann"),
        ("mails/RE_ your copy, Ann.eml/return.xlsx", "ann"),
        ("return ann bob.xlsx", ""),
        ("return.xlsx", ""),
        ("Annex to Q2.xlsx", ""),
        ("Q1 - Ann.xlsx", ""),
        ("Q1 and Q2 - Ann.xlsx", "ann"),
    ],
)
def test_a_file_is_an_officers_where_its_name_names_them_alone(file: str, officer: str) -> None:
    assert named_by_file(file, tracker(), CYCLE) == officer


def test_the_longer_title_counts_where_one_holds_another() -> None:
    officers = (*ADDRESSED.officers, Officer("ann-two", "Ann the Second", ""))
    held = tracker(plan=replace(ADDRESSED, officers=officers))
    assert named_by_file("Ann the second.xlsx", held, CYCLE) == "ann-two"


@pytest.mark.parametrize("rating", ["Red", "Amber", "Purple"])
def test_a_rating_that_needs_an_explanation_is_asked_for_it(rating: str) -> None:
    said = EVERYTHING | {"1.1 rating": rating, "1.1 commentary": ""}
    chase = only(chased(tracker(back("ann", said)), OVERDUE))
    assert [reason.lack for reason in chase.reasons] == [Lack.UNEXPLAINED]
    assert f"1.1 ({rating})" in chase.reasons[0].text
    assert [gap.ref for gap in chase.gaps if "without" in gap.code] == ["1.1"]


def test_nobody_is_chased_for_what_came_back_and_waits_to_be_decided() -> None:
    held = tracker(back("ann", EVERYTHING), back("bob", {"1.2 rating": "Green", "1.2 commentary": "b"}))
    assert {one.change.officer for one in held.conflicts} == {"ann", "bob"}
    assert chased(held, OVERDUE).chases == ()


def test_who_is_asked_of_something_else_is_told_that_the_rating_waits_and_nothing_of_another_leads() -> None:
    ann = EVERYTHING | {"1.1.1 status": "In progress", "1.1.1 completed_on": ""}
    bob = {"1.2 rating": "Green", "1.2 commentary": "Bob's own words"}
    chase = only(chased(tracker(back("ann", ann | {"1.1 rating": "Purple", "1.1 commentary": ""}),
                                back("bob", bob)), OVERDUE))  # fmt: skip
    assert [one.lack for one in chase.reasons] == [Lack.UNEXPLAINED, Lack.CONFLICT]
    assert chase.reasons[1].to_them == (
        "What came back of 1.2 (RAG rating) waits to be decided by the business manager: you need not send "
        "it again."
    )
    asked = [question for one in chase.actions for question in one.questions]
    assert not [one for one in (*asked, *chase.facts["reasons"]) if "White" in one or "Bob" in one]  # type: ignore[misc]
    assert {one.action for one in chase.gaps} == {"1.1"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("1.1 rating: Green", "rating-contradicts-milestone"),
        ("1.1 commentary: it was the flood", "rating-without-commentary"),
        ("1.1.1 status: Complete", "milestone-missed"),
        ("1.1.1 revised_date: 2016-12-01", "milestone-missed"),
    ],
)
def test_what_came_back_and_waits_is_not_asked_for(said: str, code: str) -> None:
    name, text = said.split(": ")
    rest = {"1.1 evidence": "seen"} if "rating" in name else {"1.1 rating": "Red"}
    waiting = Edit(cell(name), "", text, doubt="written in a note")
    without = only(chased(tracker(back("ann", rest)), OVERDUE))
    chase = only(chased(tracker(back("ann", (*back("ann", rest).edits, waiting))), OVERDUE))
    assert [gap.code for gap in without.gaps if gap.action == "1.1"].count(code) == 1
    assert code not in [gap.code for gap in chase.gaps if gap.action == "1.1"]
    assert Lack.UNEXPLAINED not in [one.lack for one in chase.reasons] or "commentary" not in name


def test_only_the_officers_own_gaps_are_listed_each_with_its_question() -> None:
    found = chased(tracker(), OVERDUE)
    assert [(gap.ref, gap.code) for gap in only(found).gaps] == [
        ("1.1.1", "milestone-missed"),
        ("1.1.1", "rating-contradicts-milestone"),
        ("1.1", "nothing-new"),
        ("1.2.1", "milestone-missed"),
        ("1.2.1", "rating-contradicts-milestone"),
        ("1.2", "nothing-new"),
    ]
    assert {gap.ref for gap in only(found, "bob").gaps} == {"1.2", "1.2.1"}
    assert all(gap.what.endswith(("?", ".")) for one in found.chases for gap in one.gaps)


def test_a_milestone_is_its_own_leads_to_explain() -> None:
    milestones = tuple(replace(one, leads=("bob",)) for one in PLAN.milestones)
    found = chased(tracker(plan=replace(ADDRESSED, milestones=milestones)), OVERDUE)
    asked = {
        one.officer.key: {gap.ref for gap in one.gaps if gap.code == "milestone-missed"}
        for one in found.chases
    }
    assert asked == {"ann": set(), "bob": {"1.1.1", "1.2.1"}}


def test_a_missed_milestone_with_a_date_proposed_is_not_asked_about_again() -> None:
    held = tracker(back("ann", {"1.1.1 revised_date": "2016-12-01"}))
    missed = {gap.ref for gap in only(chased(held, OVERDUE)).gaps if gap.code == "milestone-missed"}
    assert missed == {"1.2.1"}


# --- when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2016, 9, 15), None),
        (BEFORE, 3),
        (date(2016, 9, 17), None),  # a Saturday
        (date(2016, 9, 19), 2),
        (RETURN_BY, 0),
        (OVERDUE, -1),
        (date(2016, 10, 3), -8),
    ],
)
def test_reminders_fall_due_in_working_days(today: date, days: int | None) -> None:
    found = chased(tracker(), today)
    assert [one.days for one in found.chases if one.officer.key == "ann"] == ([] if days is None else [days])
    assert all(one.kind is Kind.REMINDER for one in found.chases)


def test_what_is_due_back_on_a_weekend_is_not_said_to_be_due_before() -> None:
    held = tracker()
    held = replace(held, issued=tuple(replace(one, return_by=date(2016, 9, 24)) for one in held.issued))
    assert [only(chased(held, date(2016, 9, day))).days for day in (23, 26)] == [1, -1]


@pytest.mark.parametrize(
    ("today", "monday"),
    [(date(2016, 9, 24), date(2016, 9, 26)), (date(2016, 12, 25), date(2016, 12, 28))],
    ids=["a Saturday", "Christmas"],
)
def test_no_letter_goes_out_on_a_day_that_is_no_working_day(today: date, monday: date) -> None:
    found = chased(tracker(), today)
    assert not found.chases
    assert {(one.on, one.why.partition(";")[0]) for one in found.waiting} == {
        (monday, f"{written(today)} is no working day")
    }
    assert len(chased(tracker(), monday).chases) == 2


def test_what_may_be_personal_is_not_handed_over_by_mail() -> None:
    said = {"1.1 commentary": "Ring Jo on 020 8708 5555", "1.1 evidence": "Audit."}
    held = tracker(back("ann", said), sent_to=["ann"])
    (first, *_) = only(chased(held, OVERDUE, contacts=LEFT), "cleo").handed_over
    assert [one.text for one in first.said] == ["White", "(withheld: it may be personal data)", "Audit."]


def test_a_copy_is_not_chased_on_the_day_it_goes_out() -> None:
    held = tracker()
    held = replace(held, issued=tuple(replace(one, issued_on=BEFORE) for one in held.issued))
    (first, _) = chased(held, BEFORE).waiting
    assert (first.officer.key, first.on) == ("ann", OVERDUE)


def test_a_reminder_goes_out_once_for_its_day() -> None:
    first, second = chased(tracker(), BEFORE), chased(tracker(), date(2016, 9, 20), [reminded(BEFORE)])
    assert only(first).number == 1
    assert [one.officer.key for one in second.chases] == ["bob"]
    (waiting,) = second.waiting
    assert (waiting.officer.key, waiting.on) == ("ann", OVERDUE)


def test_reminders_are_numbered_and_remember_the_earlier_ones() -> None:
    chase = only(chased(tracker(), OVERDUE, [reminded(BEFORE), reminded(date(2016, 6, 17), cycle="Q1")]))
    assert (chase.number, chase.reminded) == (2, (BEFORE,))


def test_who_sent_something_wanting_is_told_without_waiting_for_a_day() -> None:
    held = tracker(back("ann", {"1.1 commentary": "a"}), merged=12)
    held = replace(
        held,
        issued=tuple(replace(one, returned_on=one.returned_on and date(2016, 9, 12)) for one in held.issued),
    )
    assert [one.officer.key for one in chased(held, date(2016, 9, 12)).chases] == ["ann"]
    (waiting, _) = chased(held, date(2016, 9, 13), [reminded(date(2016, 9, 12))]).waiting
    assert (waiting.officer.key, waiting.on) == ("ann", BEFORE)


LAST = [reminded(BEFORE), reminded(OVERDUE), reminded(date(2016, 9, 27))]
ESCALATED = date(2016, 10, 3)
"""Eight working days after the day to return by, four after the last reminder."""


def test_the_last_step_is_the_officers_manager() -> None:
    found = chased(tracker(sent_to=["ann"]), ESCALATED, LAST)
    chase = only(found)
    assert (chase.kind, chase.to, chase.number) == (Kind.ESCALATION, "boss@example.org", 1)
    assert chase.reminded == tuple(one.day for one in LAST)


def test_no_manager_hears_of_an_officer_whose_last_reminder_did_not_go_out() -> None:
    assert only(chased(tracker(), ESCALATED, LAST[:2])).kind is Kind.REMINDER
    late = [*LAST[:2], reminded(ESCALATED)]
    (waiting,) = chased(tracker(sent_to=["ann"]), ESCALATED + timedelta(days=1), late).waiting
    assert waiting.on == workday_after(ESCALATED, 4, Nation.ENGLAND)
    assert only(chased(tracker(), date(2016, 10, 7), late)).kind is Kind.ESCALATION


def test_an_officer_who_returned_since_is_asked_before_the_manager_is() -> None:
    held = tracker(back("ann", {"1.1 commentary": "a"}))
    held = replace(
        held, issued=tuple(replace(one, returned_on=one.returned_on and ESCALATED) for one in held.issued)
    )
    assert only(chased(held, ESCALATED, LAST)).kind is Kind.REMINDER
    told = [*LAST, reminded(ESCALATED)]
    after = chased(held, workday_after(ESCALATED, 1, Nation.ENGLAND), told)
    assert [one.on for one in after.waiting if one.officer.key == "ann"] == [date(2016, 10, 7)]


def test_a_manager_is_written_to_once_a_cycle() -> None:
    past = [*LAST, reminded(ESCALATED, kind=Kind.ESCALATION)]
    found = chased(tracker(sent_to=["ann"]), date(2016, 10, 20), past)
    assert found.chases == ()
    assert [one.on for one in found.waiting] == [None]


@pytest.mark.parametrize("contact", [Contact(), Contact("  "), Contact("to be found out")])
def test_a_manager_without_an_address_is_listed_with_what_to_do(contact: Contact) -> None:
    found = chased(tracker(sent_to=["ann"]), ESCALATED, LAST, {"ann": contact})
    assert found.chases == ()
    (waiting,) = found.waiting
    assert (waiting.officer.key, waiting.on) == ("ann", None)
    assert "Manager's email for Ann" in waiting.why


def test_of_several_addresses_the_first_is_written_to() -> None:
    both = tuple(replace(one, email=f"{one.title} <{one.email}>; pa@x.example") for one in ADDRESSED.officers)
    held = tracker(plan=replace(ADDRESSED, officers=both), sent_to=["ann"])
    assert only(chased(held, OVERDUE)).to == "ann@example.org"
    boss = {"ann": Contact("The Boss <boss@example.org>, deputy@example.org")}
    assert only(chased(held, ESCALATED, LAST, boss)).to == "boss@example.org"


@pytest.mark.parametrize(
    ("reminders", "escalation"), [((), 8), ((1, 1), 8), ((4, 1), 8), ((1, 8), 8), ((1, 9), 8)]
)
def test_a_schedule_that_goes_back_in_time_is_refused(reminders: tuple[int, ...], escalation: int) -> None:
    with pytest.raises(WorkbookError, match="do not follow one another"):
        Schedule(reminders, escalation)


# --- one a day -------------------------------------------------------------------------------


def test_one_manager_gets_one_letter_a_day() -> None:
    past = [*LAST, *(replace(one, officer="bob", to="bob@example.org") for one in LAST)]
    found = chased(tracker(), ESCALATED, past)
    assert [one.officer.key for one in found.chases] == ["ann"]
    (waiting,) = found.waiting
    assert (waiting.officer.key, waiting.on) == ("bob", date(2016, 10, 4))
    next_day = chased(
        tracker(), date(2016, 10, 4), [*past, replace(reminded(ESCALATED), kind=Kind.ESCALATION)]
    )
    assert [(one.officer.key, one.kind) for one in next_day.chases] == [("bob", Kind.ESCALATION)]


def test_one_person_in_two_offices_gets_one_letter_a_day() -> None:
    officers = tuple(replace(one, email="ANN@example.org") for one in ADDRESSED.officers)
    found = chased(tracker(plan=replace(ADDRESSED, officers=officers)), OVERDUE)
    assert [one.officer.key for one in found.chases] == ["ann"]
    assert [one.officer.key for one in found.waiting] == ["bob"]


def test_a_mended_address_is_no_way_to_a_second_letter() -> None:
    past = [PastChase(OVERDUE, "ann", Kind.REMINDER, CYCLE, "an@example.org")]
    assert [one.officer.key for one in chased(tracker(), OVERDUE, past).chases] == ["bob"]


@given(
    st.integers(0, 40),
    st.lists(st.booleans(), min_size=41, max_size=41),
    st.sampled_from([{}, {"1.1 commentary": "a"}, EVERYTHING, None]),
    st.sampled_from([CONTACTS, {}, {"ann": Contact("bob@example.org", ""), "bob": Contact("", "cleo")}]),
)
def test_whatever_the_days_the_command_is_run_on_nobody_is_written_to_twice_a_day(
    came: int, run_on: list[bool], said: Mapping[str, str] | None, contacts: Mapping[str, Contact]
) -> None:
    past: list[PastChase] = []
    held = tracker() if said is None else tracker(back("ann", said))
    for number, runs in enumerate(run_on):
        today = ISSUED_ON + timedelta(days=number)
        here = held if number >= came else tracker()
        for _ in range(2 if runs else 0):  # a second run on the same day finds nothing to do
            for chase in chased(here, today, past, contacts).chases:
                past.append(PastChase(today, chase.officer.key, chase.kind, CYCLE, chase.to))
    persons = [(one.day, one.to or (one.kind, one.officer)) for one in past]
    assert len(persons) == len(set(persons))
    for officer in ("ann", "bob", "cleo"):
        own = [one for one in past if one.officer == officer]
        assert sum(one.kind is Kind.ESCALATION for one in own) <= 1
        assert all(
            any(one.kind is Kind.REMINDER and one.day < late.day for one in own)
            for late in own
            if late.kind is Kind.ESCALATION
        )


def test_the_journal_tells_what_may_have_reached_somebody() -> None:
    def entry(noted: Noted, kind: Kind, officer: str) -> Entry:
        uid = Uid("t", CYCLE, officer, kind.value)
        return Entry(datetime(2016, 9, 22, 9), noted, uid, officer, f"{officer}@example.org")

    journal = [
        entry(Noted.SENDING, Kind.REMINDER, "ann"),
        entry(Noted.SENT, Kind.REMINDER, "ann"),
        entry(Noted.SENDING, Kind.REMINDER, "bob"),
        entry(Noted.REFUSED, Kind.REMINDER, "bob"),
        entry(Noted.SENDING, Kind.ESCALATION, "cleo"),
        entry(Noted.SENT, Kind.RECEIPT, "dan"),
    ]
    assert [(one.officer, one.kind, one.day) for one in past_chases(journal)] == [
        ("ann", Kind.REMINDER, OVERDUE),
        ("cleo", Kind.ESCALATION, OVERDUE),
    ]


# --- leavers ---------------------------------------------------------------------------------

LEFT = {"ann": Contact("boss@example.org", "Cleo")}


def test_a_leavers_copy_is_asked_of_the_successor_with_what_was_last_said() -> None:
    held = tracker(back("ann", {"1.1 commentary": "half way", "1.1.1 revised_date": "2016-12-01"}))
    chase = only(chased(held, OVERDUE, contacts=LEFT), "cleo")
    assert chase.to == "cleo@example.org"
    assert [one.officer for one in chase.copies] == ["ann"]
    assert "Ann" in chase.reasons[0].text
    first, second = chase.handed_over
    assert (first.ref, first.leaver, second.ref) == ("1.1", "Ann", "1.2")
    assert first.said == (
        LastSaid("RAG rating", "White", "the plan", PLAN.year.first),
        LastSaid("Commentary", "half way", "Ann", date(2016, 9, 20)),
    )
    (milestone,) = first.milestones
    assert [(one.text, one.by) for one in milestone.said] == [("1 December 2016", "Ann")]


def test_a_successor_is_told_that_the_leavers_rating_waits_not_what_it_would_replace() -> None:
    waiting = Edit(cell("1.1 rating"), "White", "Amber", doubt="written in a note")
    chase = only(chased(tracker(back("ann", (waiting,))), OVERDUE, contacts=LEFT), "cleo")
    assert chase.handed_over[0].said == (
        LastSaid("RAG rating", "what came back waits to be decided by the business manager"),
    )


def test_what_the_manager_entered_for_the_leaver_is_told_as_hers() -> None:
    held = tracker(back("ann", {"1.1 commentary": "half way"}))
    held = replace(held, entries={**held.entries, cell("1.1 commentary"): "done"})
    edits = hand_edits(held.entries, held.history, as_at=date(2016, 9, 21), cycle=CYCLE)
    held = replace(held, history=(*held.history, *edits))
    (_, said) = only(chased(held, OVERDUE, contacts=LEFT), "cleo").handed_over[0].said
    assert said == LastSaid("Commentary", "done", "the business manager", date(2016, 9, 21))


def test_a_successor_with_a_copy_of_their_own_gets_one_letter_about_both() -> None:
    found = chased(tracker(), OVERDUE, contacts={"ann": Contact("boss@example.org", "Bob")})
    (chase,) = found.chases
    assert [one.officer for one in chase.copies] == ["ann", "bob"]
    assert len(chase.reasons) == 2
    assert len({(gap.ref, gap.what) for gap in chase.gaps}) == len(chase.gaps)
    assert [one.ref for one in chase.handed_over] == ["1.1", "1.2"]


def test_what_the_leaver_was_sent_does_not_count_against_the_successor() -> None:
    assert only(chased(tracker(sent_to=["ann"]), ESCALATED, LAST, LEFT), "cleo").kind is Kind.REMINDER
    told = [replace(one, officer="cleo", to="cleo@example.org") for one in LAST]
    found = chased(tracker(sent_to=["ann"]), ESCALATED, told, LEFT)
    assert found.chases == ()  # The leaver's manager is not the successor's.
    assert [one.officer.key for one in found.waiting] == ["cleo"]
    contacts = {**LEFT, "cleo": Contact("head@example.org")}
    chase = only(chased(tracker(sent_to=["ann"]), ESCALATED, told, contacts), "cleo")
    assert (chase.kind, chase.to) == (Kind.ESCALATION, "head@example.org")


def test_a_successor_is_asked_of_no_milestone_that_is_anothers() -> None:
    milestones = tuple(replace(one, leads=("bob",)) for one in PLAN.milestones)
    held = tracker(plan=replace(ADDRESSED, milestones=milestones), sent_to=["ann"])
    assert {gap.ref for gap in only(chased(held, OVERDUE)).gaps} == {"1.1", "1.1.1", "1.2", "1.2.1"}
    assert {gap.ref for gap in only(chased(held, OVERDUE, contacts=LEFT), "cleo").gaps} == {"1.1", "1.2"}
    assert [one.ref for one in only(chased(tracker(), OVERDUE, contacts=LEFT), "cleo").gaps].count("1.1.1")


def test_a_successor_who_has_left_too_hands_on() -> None:
    contacts = {"ann": Contact(successor="bob"), "bob": Contact(successor="CLEO")}
    assert successors(ADDRESSED.officers, contacts) == {"ann": "cleo", "bob": "cleo"}


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ({"ann": Contact(successor="Clio")}, "'Clio' as successor of Ann.*'Cleo' is near"),
        ({"ann": Contact(successor="Ann")}, "makes Ann their own successor"),
        ({"ann": Contact(successor="Bob"), "bob": Contact(successor="Ann")}, "makes Ann their own successor"),
    ],
)
def test_a_successor_who_cannot_be_is_named(contacts: Mapping[str, Contact], words: str) -> None:
    with pytest.raises(WorkbookError, match=words):
        successors(ADDRESSED.officers, contacts)


def test_before_the_first_issue_there_is_nobody_to_chase() -> None:
    assert chased(replace(tracker(), cycles=(), issued=()), OVERDUE) == Chasing(None, (), ())


def test_an_officer_who_is_gone_from_the_officers_tab_is_listed_without_an_address() -> None:
    held = tracker()
    gone = replace(held.plan, officers=held.plan.officers[1:])
    chase = only(chased(replace(held, plan=gone), OVERDUE), "ann")
    assert (chase.officer.title, chase.to) == ("ann", "")


# --- as a letter -----------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "past"), [(OVERDUE, LAST[:1]), (ESCALATED, LAST)])
def test_the_usual_letters_say_all_that_is_asked(today: date, past: Sequence[PastChase]) -> None:
    held = tracker(back("ann", {"1.1 rating": "Red"}), sent_to=["ann"])
    chase = only(chased(held, today, past))
    occasion = Occasion(
        tracker="t",
        board=PLAN.board,
        plan=PLAN.title,
        cycle=Cycle(CYCLE, ISSUED_ON, RETURN_BY),
        scheme=PLAN.scheme,
        sender=Sender("The manager", "manager@example.org"),
        today=today,
    )
    to = Sender("The manager of Ann", chase.to) if chase.kind is Kind.ESCALATION else None
    sent = letter(
        chase.kind,
        chase.officer,
        occasion,
        chase.facts,
        templates=Templates(),
        number=chase.number,
        addressee=to,
    )
    assert sent.to == chase.to
    text = " ".join(sent.text.split())
    assert len(chase.reasons) == 2
    if chase.kind is Kind.ESCALATION:
        assert all(reason.text in text for reason in chase.reasons)
        assert "?" not in text
        return
    assert all(reason.to_them in text for reason in chase.reasons)
    assert [one.ref for one in chase.actions] == ["1.1", "1.2"]
    assert all(question in text for one in chase.actions for question in one.questions)
    assert "send it again" in text


def test_who_returned_nothing_is_told_the_refs_and_asked_no_list() -> None:
    facts = only(chased(tracker(), OVERDUE)).facts
    assert facts["reasons"] == ("We have not yet had your workbook for Q2.",)
    assert (facts["refs"], facts["actions"], facts["gaps"]) == (("1.1", "1.2"), (), ())


def test_who_returned_nothing_is_told_of_nothing_that_is_wrong_in_their_rows() -> None:
    """The rating is the last round's, and lacks its explanation; this round's copy is still out."""
    last = replace(back("ann", {"1.1 rating": "Red"}, cycle="Q1"), saved_at=datetime(2016, 6, 19))
    chase = only(chased(tracker(last), OVERDUE))
    assert any(gap.code == "rating-without-commentary" for gap in chase.gaps)
    assert [one.lack for one in chase.reasons] == [Lack.NOT_RETURNED]
    assert chase.facts["reasons"] == (f"We have not yet had your workbook for {CYCLE}.",)


def test_what_was_refused_is_not_called_unsaid_but_quoted_with_what_to_choose() -> None:
    turquoise = Edit(
        cell("1.1 rating"), "White", "Turquoise", refused="'Turquoise' is not one of the ratings"
    )
    rest = {name: text for name, text in EVERYTHING.items() if not name.startswith("1.1 ")}
    chase = only(chased(tracker(back("ann", (*back("ann", rest).edits, turquoise))), OVERDUE))
    (reason,) = chase.reasons
    assert reason.lack is Lack.NOT_ACCEPTED
    assert reason.to_them == "Your rating 'Turquoise' of 1.1 is none of: Red, Amber, Green, Purple, White."
    assert "1.1" in reason.text
    assert not [gap for gap in chase.gaps if gap.code in ("nothing-new", "rating-contradicts-milestone")]


@pytest.mark.parametrize(
    ("name", "text", "why", "said"),
    [
        (
            "1.1.1 status",
            "perhaps",
            "'perhaps' is not one of the statuses",
            "none of: Not started, In progress",
        ),
        ("1.1.1 revised_date", "soon", "'soon' is not a day", "write one such as 23/09/2016"),
        ("1.1 commentary", "x", "the text is too long", "1.1, Commentary, could not be taken: the text"),
        ("1.1 commentary", "Call 943 476 5919", "of 'Call 943 476 5919'", "could not be taken"),
    ],
)
def test_what_else_was_refused_says_what_to_write(name: str, text: str, why: str, said: str) -> None:
    held = tracker(back("ann", (Edit(cell(name), "", text, refused=why),)))
    told = next(one for one in only(chased(held, OVERDUE)).reasons if one.lack is Lack.NOT_ACCEPTED)
    assert said in told.to_them
    assert "943" not in told.to_them


def test_what_was_put_right_since_is_not_told_again() -> None:
    refused = Edit(cell("1.1 rating"), "White", "Turquoise", refused="'Turquoise' is not one of the ratings")
    better = back("ann", {"1.1 rating": "Green", "1.1 commentary": "a"}, hour=11)
    assert Lack.NOT_ACCEPTED in lacks(tracker(back("ann", (refused,))))
    assert Lack.NOT_ACCEPTED not in lacks(tracker(back("ann", (refused,)), better))


def test_what_waits_to_be_settled_is_not_called_unsaid() -> None:
    doubted = Edit(cell("1.1 rating"), "White", "Amber", doubt="read from 'Amber, nearly'")
    chase = only(chased(tracker(back("ann", (doubted,))), OVERDUE))
    assert [one.lack for one in chase.reasons] == [Lack.PARTLY_FILLED, Lack.CONFLICT]
    assert "1.1" not in chase.reasons[0].to_them
    assert "1.2" in chase.reasons[0].to_them


def test_the_same_question_of_several_milestones_is_put_once() -> None:
    def gap(number: int, code: str) -> Gap:
        return Gap(f"1.1.{number}", f"{code} {number}?", code, "1.1", f"1.1.{number}")

    gaps = [gap(number, code) for number in (1, 2) for code in ("milestone-missed", "other")]
    (asked,) = asked_of_each(PLAN, gaps)
    assert (asked.ref, asked.text) == ("1.1", "Ann's own")
    assert asked.questions[0].startswith("Milestones 1.1.1 and 1.1.2 are overdue. ")
    assert asked.questions[1:] == ("other 1?", "other 2?")
    assert asked_of_each(PLAN, gaps[:1])[0].questions == ("milestone-missed 1?",)


# --- drafts ----------------------------------------------------------------------------------


def drafted(day: date) -> PastChase:
    return replace(reminded(day), drafted=True)


def test_drafts_count_so_that_the_stages_go_on() -> None:
    past = [drafted(one.day) for one in LAST]
    assert only(chased(tracker(sent_to=["ann"]), ESCALATED, past)).kind is Kind.ESCALATION
    assert only(chased(tracker(sent_to=["ann"]), OVERDUE, past[:1])).number == 2


def test_a_draft_of_today_is_not_written_again() -> None:
    found = chased(tracker(sent_to=["ann"]), OVERDUE, [drafted(OVERDUE)])
    assert found.chases == ()
    assert [one.why for one in found.waiting] == ["Drafted already today."]


def test_a_draft_of_today_is_called_one_also_where_the_return_was_saved_after_the_day() -> None:
    late = replace(back("ann", {"1.1 commentary": "a"}), saved_at=datetime(2016, 9, 30))
    held = tracker(late, sent_to=["ann"])
    assert only(chased(held, OVERDUE)).kind is Kind.REMINDER
    (waiting,) = chased(held, OVERDUE, [drafted(OVERDUE)]).waiting
    assert waiting.why == "Drafted already today."


def test_a_draft_of_today_may_be_sent_today() -> None:
    entry = Entry(
        datetime(2016, 9, 22, 9), Noted.DRAFTED, Uid("t", CYCLE, "ann", "reminder"), "Ann", "ann@example.org"
    )
    assert past_chases([entry]) == (drafted(OVERDUE),)
    assert past_chases([entry], sending_on=OVERDUE) == ()
    assert past_chases([entry], sending_on=OVERDUE + timedelta(days=1)) == (drafted(OVERDUE),)
    sent = replace(entry, noted=Noted.SENT)
    assert past_chases([entry, sent], sending_on=OVERDUE) == (reminded(OVERDUE),)


def test_a_real_tracker_tells_who_is_to_be_chased(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    folder = tmp_path / "in"
    research = copy_of(copies, HEAD_OF_RESEARCH)
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / copy_of(copies, NURSING).name).write_bytes(b"PK\x03\x04 cut short")
    led = next(
        one.ref for one in read_tracker(master).plan.actions if "head-of-research-and-data-lbr" in one.leads
    )
    fill_in(research, folder / "return.xlsx", {(led, "Commentary"): "Going on"})
    lw.merge(master, [folder], as_at=date(2016, 9, 22))
    held = read_tracker(master)
    today = workday_after(REAL_RETURN_BY, 1, Nation.ENGLAND)
    found = chased(held, today, contacts={})
    lacks = {one.officer.title: [reason.lack for reason in one.reasons] for one in found.chases}
    assert len(found.chases) + len(found.waiting) == len(held.issued)
    assert lacks[NURSING] == [Lack.UNREADABLE]
    assert lacks[HEAD_OF_RESEARCH] == [Lack.PARTLY_FILLED]
    assert lacks[CHAIR] == [Lack.NOT_RETURNED]
