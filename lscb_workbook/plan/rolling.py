"""The next year's plan: what goes on of last year's, in its own words and by its own dates, under new refs.

A date is never moved: a deadline whose words would mean another day in the new year ('Q2', 'by March') is
written as the day that it meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from lscb_workbook.plan.calendar import board_meetings, due_on, events
from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.officers import names_of, officer_finder, officer_key
from lscb_workbook.plan.records import (
    Action,
    AtBoard,
    BoardMeeting,
    Due,
    EndOfPlanYear,
    Event,
    Finding,
    Milestone,
    NotStated,
    Officer,
    OnDate,
    Plan,
    PlanYear,
    Priority,
    SeeAction,
)
from lscb_workbook.plan.refs import by_ref, of_year

__all__ = ["NextPlan", "in_order", "next_plan", "next_year"]

_ALIKE = 0.8
"""From which share of common words two texts are nearly the same."""
_RENAMED = 0.5
"""From which share two titles under one number are the same priority, put otherwise."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NextPlan:
    """A plan that follows another. ``names`` are the new refs and ids by the old ones, of what goes on;
    ``officers`` the keys of the new plan's officers by those of the old one's."""

    plan: Plan
    names: Mapping[str, str]
    officers: Mapping[str, str]
    findings: tuple[Finding, ...]


def in_order(plan: Plan) -> Plan:
    """The plan with its actions and milestones by their refs, however the tabs were sorted."""
    order = {priority.number: place for place, priority in enumerate(plan.priorities)}
    actions = sorted(
        plan.actions, key=lambda one: (order.get(one.priority, len(order)), one.priority, by_ref(one.ref))
    )
    places = {one.ref: place for place, one in enumerate(actions)}
    milestones = sorted(plan.milestones, key=lambda one: (places.get(one.ref, len(places)), by_ref(one.id)))
    return replace(plan, actions=tuple(actions), milestones=tuple(milestones))


def next_year(year: PlanYear, first: date | None = None) -> PlanYear:
    """The plan year after another, or the one that begins on a day."""
    begins = first or year.last + timedelta(days=1)
    return PlanYear(begins, begins + relativedelta(years=1) - timedelta(days=1))


def next_plan(
    old: Plan,
    names: Collection[str],
    *,
    agreed: Plan | None = None,
    year: PlanYear | None = None,
    since: date,
) -> NextPlan:
    """The plan that follows ``old``.

    Args:
        names: the refs and ids of what goes on; a milestone goes on only with its action.
        agreed: the new year's own plan, whose actions come first in each priority; None where there is none.
        year: the new plan year where there is no ``agreed``; default: the one after the old.
        since: the first day of the new tracker; the Calendar keeps the meeting before it and all later ones.

    Ratings are left to whoever knows how the actions stand.
    """
    into = agreed or replace(
        old,
        title=_retitled(old.title, old.year, year or next_year(old.year)),
        year=year or next_year(old.year),
        actions=(),
        milestones=(),
        meetings=(),
        events=(),
    )
    priorities, numbers, found = _priorities(old, into, names)
    officers, keys = _officers(old, into)
    going = [action for action in old.actions if action.ref in names]
    refs = _refs(going, numbers, into)
    carried = [
        replace(
            action,
            ref=refs[action.ref],
            priority=numbers[action.priority],
            leads=_leads(action.leads, keys),
            carried=_chain(action.ref, old.year.name, action.carried),
        )
        for action in going
    ]
    order = {priority.number: place for place, priority in enumerate(priorities)}
    actions = sorted((*into.actions, *carried), key=lambda one: order.get(one.priority, len(order)))
    milestones = [
        replace(one, leads=_leads(one.leads, keys))
        for action in going
        for one in old.milestones_of(action.ref)
        if one.id in names
    ]
    meetings = _meetings(old, into, milestones, since)
    happened = _events(old, into, milestones)
    plan = replace(
        into,
        priorities=priorities,
        officers=officers,
        actions=tuple(actions),
        meetings=board_meetings((*into.milestones, *milestones), meetings),
        events=events((*into.milestones, *milestones), happened),
    )
    ids = _ids(milestones, refs)
    moved = [_milestone(one, old, plan, refs, ids[one.id]) for one in milestones]
    by_ref: dict[str, list[Milestone]] = {}
    for one in (*into.milestones, *moved):
        by_ref.setdefault(one.ref, []).append(one)
    plan = replace(plan, milestones=tuple(one for action in actions for one in by_ref.get(action.ref, ())))
    findings = (*found, *_doubles(into, carried))
    return NextPlan(plan, refs | ids, keys, findings)


def _chain(name: str, year: str, before: str) -> str:
    return "\n".join(filter(None, (of_year(name, year), before)))


def _retitled(title: str, old: PlanYear, new: PlanYear) -> str:
    """A title with the new year where it names the old: ``Plan 2016 - 2017`` gives ``Plan 2017 - 2018``."""
    first, last = old.first.year, old.last.year
    if first == last:
        return re.sub(rf"\b{first}\b", str(new.first.year), title)
    pattern = re.compile(rf"\b{first}(\s*[-–—/]\s*|\s+to\s+)({last}|{last % 100:02d})\b")

    def renamed(match: re.Match[str]) -> str:
        whole = len(match[2]) > 2
        return f"{new.first.year}{match[1]}{new.last.year if whole else f'{new.last.year % 100:02d}'}"

    return pattern.sub(renamed, title)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _alike(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of their words, 0 to 1, that two texts have in common."""
    return 2 * len(mine & theirs) / (len(mine) + len(theirs) or 1)


# --- priorities and refs ---------------------------------------------------------------------


def _priorities(
    old: Plan, into: Plan, names: Collection[str]
) -> tuple[tuple[Priority, ...], dict[int, int], list[Finding]]:
    """The new plan's priorities, with those of the old one's that it has not and that something goes on of;
    the new number of each; and what a person must know of it."""
    if not into.actions:
        return into.priorities, {one.priority: one.priority for one in old.actions}, []
    found: list[Finding] = []
    priorities = list(into.priorities)
    known = {one.number: one for one in old.priorities}
    numbers: dict[int, int] = {}
    for action in old.actions:
        if action.ref not in names or action.priority in numbers:
            continue
        mine = known.get(action.priority, Priority(action.priority, f"Priority {action.priority}"))
        match = _same_priority(mine, into.priorities)
        facts = {"title": mine.title, "year": old.year.name}
        if match is None:
            taken = [one.number for one in priorities]
            number = max(taken) + 1 if mine.number in taken else mine.number
            priorities.append(replace(mine, number=number))
            found.append(finding("carried-without-priority", number=number, **facts))
        else:
            number = match.number
            if _alike(_words(mine.title), _words(match.title)) < _ALIKE:
                renamed = facts | {"number": str(number), "now": match.title}
                found.append(finding("carried-priority-renamed", **renamed))
        numbers[action.priority] = number
    return tuple(priorities), numbers, found


def _same_priority(mine: Priority, others: Sequence[Priority]) -> Priority | None:
    """The priority of nearly the same title; else the one of the same number whose title is like it."""
    alike = {one.number: _alike(_words(mine.title), _words(one.title)) for one in others}
    nearest = max(others, key=lambda one: alike[one.number], default=None)
    if nearest and alike[nearest.number] >= _ALIKE:
        return nearest
    of_number = (one for one in others if one.number == mine.number and alike[one.number] >= _RENAMED)
    return next(of_number, None)


def _refs(going: Sequence[Action], numbers: Mapping[int, int], into: Plan) -> dict[str, str]:
    """The new ref of each action: the next of its priority that is free."""
    taken = {action.ref for action in into.actions}
    last: dict[int, int] = {}
    for ref in taken:
        head, dot, tail = ref.rpartition(".")
        if dot and head.isdecimal() and tail.isdecimal():
            last[int(head)] = max(last.get(int(head), 0), int(tail))
    refs = {}
    for action in going:
        priority = numbers[action.priority]
        last[priority] = last.get(priority, 0) + 1
        refs[action.ref] = f"{priority}.{last[priority]}"
    return refs


def _ids(milestones: Sequence[Milestone], refs: Mapping[str, str]) -> dict[str, str]:
    """The new id of each milestone: its action's new ref, and a number from 1."""
    last: Counter[str] = Counter()
    ids = {}
    for one in milestones:
        last[one.ref] += 1
        ids[one.id] = f"{refs[one.ref]}.{last[one.ref]}"
    return ids


def _doubles(into: Plan, carried: Sequence[Action]) -> Iterator[Finding]:
    """The carried actions that say nearly what one of the new plan says, each with the one most like it."""
    theirs = [(other.ref, _words(other.text)) for other in into.actions]
    for one in carried:
        mine = _words(one.text)
        likeness, other = max(((_alike(mine, words), ref) for ref, words in theirs), default=(0.0, ""))
        if likeness >= _ALIKE:
            name = one.carried.partition("\n")[0]
            yield finding("carried-like-new", sheet="Plan", ref=one.ref, name=name, other=other)


# --- officers --------------------------------------------------------------------------------


def _officers(old: Plan, into: Plan) -> tuple[tuple[Officer, ...], dict[str, str]]:
    """The new plan's officers, with what the old tracker knows of them, then the others of the old one; and
    the new key of each old one."""
    if into.officers == old.officers:
        return old.officers, {officer.key: officer.key for officer in old.officers}
    find = officer_finder(into.officers)
    keys: dict[str, str] = {}
    added: list[Officer] = []
    known: dict[str, Officer] = {}
    for officer in old.officers:
        match = next((one for name in (*names_of(officer), officer.key) if (one := find(name))), None)
        keys[officer.key] = match.key if match else officer.key
        if match:
            known.setdefault(match.key, officer)
        else:
            added.append(officer)
    spellings = {officer_key(name) for one in (*into.officers, *added) for name in names_of(one)}
    officers = [_informed(one, known.get(one.key), spellings) for one in into.officers]
    return (*officers, *added), keys


def _informed(officer: Officer, before: Officer | None, taken: set[str]) -> Officer:
    """An officer of the new plan with what the old tracker has and the plan does not say."""
    if before is None:
        return officer
    more = [name for name in names_of(before) if officer_key(name) not in taken]
    return replace(
        officer,
        email=officer.email or before.email,
        aliases=(*officer.aliases, *more),
        public=officer.public or before.public,
        manager_email=officer.manager_email or before.manager_email,
        successor=officer.successor or before.successor,
    )


def _leads(leads: Sequence[str], keys: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys[key] for key in leads))


# --- deadlines and the calendar --------------------------------------------------------------


def _meetings(
    old: Plan, into: Plan, milestones: Sequence[Milestone], since: date
) -> tuple[BoardMeeting, ...]:
    """The new plan's meetings and those of the old Calendar that still matter: what a milestone that goes on
    hangs on, the last before ``since``, and all after it."""
    hung = {(one.due.year, one.due.month) for one in milestones if isinstance(one.due, AtBoard)}
    last = max((one.on for one in old.meetings if one.on and one.on < since), default=since)
    begins = (since.year, since.month)
    kept = [
        one
        for one in old.meetings
        if (one.year, one.month) in hung or (one.on >= last if one.on else (one.year, one.month) >= begins)
    ]
    found = dict.fromkeys((*into.meetings, *kept))
    dated = {(one.year, one.month) for one in found if one.on}
    return tuple(one for one in found if one.on or (one.year, one.month) not in dated)


def _events(old: Plan, into: Plan, milestones: Sequence[Milestone]) -> tuple[Event, ...]:
    """The new plan's events, and those that milestones which go on hang on, with the day that is known."""
    known = {one.name: one for one in into.events}
    for event in events(milestones, ()):
        before = next((one for one in old.events if one.name == event.name), event)
        if before.on or event.name not in known:
            known[event.name] = before
    return tuple(known.values())


def _milestone(one: Milestone, old: Plan, new: Plan, refs: Mapping[str, str], now: str) -> Milestone:
    """A milestone under its new id, due when it was."""
    due = _same_due(one.due, old, new, refs)
    name = of_year(one.id, old.year.name)
    if due.words != one.due.words:
        name = f"{name}, '{' '.join(one.due.words.split())}'"
    carried = "\n".join(filter(None, (name, one.carried)))
    return replace(one, id=now, ref=refs[one.ref], due=due, carried=carried)


def _same_due(due: Due, old: Plan, new: Plan, refs: Mapping[str, str]) -> Due:
    """A deadline that in the new plan means what this one meant in the old, in its words where they still
    mean that."""
    on = due_on(due, old.meetings, old.events)
    for words in _wordings(due, on, refs):
        read = read_deadline(words, new.year)
        if read.words == words and due_on(read, new.meetings, new.events) == on and _is_like(read, due, refs):
            return read
    return NotStated("")


def _wordings(due: Due, on: date | None, refs: Mapping[str, str]) -> Iterator[str]:
    if isinstance(due, SeeAction):
        yield due.words.replace(due.ref, refs.get(due.ref, ""))
    else:
        yield due.words
    if isinstance(due, AtBoard):
        yield f"Board {date(due.year, due.month, 1):%B %Y}"
    if on:
        yield f"{on.day} {on:%B %Y}"


def _is_like(read: Due, due: Due, refs: Mapping[str, str]) -> bool:
    """Whether two deadlines are of one kind; the day that they fall on is compared apart."""
    if isinstance(read, OnDate):
        return True  # of the same day, whatever that hung on
    if isinstance(due, SeeAction):
        return isinstance(read, SeeAction) and read.ref == refs.get(due.ref)
    if isinstance(due, OnDate | EndOfPlanYear):
        return isinstance(read, EndOfPlanYear)
    return replace(read, words="") == replace(due, words="")
