"""Chasing: who is to be reminded on a day and of what, and when it goes to the officer's manager.

A reminder falls due on working days counted from the day to return by, and once what an officer sent is
found wanting. A day that was missed is made up for, but only the latest reminder that is due is sent, and
nobody gets two letters a day. The officer's manager is written to last of all: once the last reminder went
out and as many working days have passed as lie between the two. Nobody is asked for what came back and waits
to be decided, which is the business manager's to do. No letter goes out on a weekend or a holiday.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lscb_workbook.copies.rows import led_actions, led_milestones
from lscb_workbook.plan.addresses import first_address
from lscb_workbook.plan.records import Cycle, Issued, Officer, Plan
from lscb_workbook.plan.successors import Contact, successors
from lscb_workbook.post.gaps import AskedOf, Gap, Lacking, Reason, Survey, asked_of_each
from lscb_workbook.post.handover import HandedOver, handed_over
from lscb_workbook.post.letters import Kind
from lscb_workbook.post.stages import PastChase, Schedule, Turn
from lscb_workbook.post.workdays import Nation, is_workday, workday_after
from lscb_workbook.review.wording import written
from lscb_workbook.tracker.state import Tracker

__all__ = ["Chase", "Chasing", "Waiting", "chases"]

_NO_MANAGER = (
    "The officer's manager is to be written to, and the Officers tab has no address in Manager's email for "
    "{title}. Put it there, and run the command again."
)
_ANOTHER = (
    "The same person has another letter today, and nobody gets two a day: this one is to go on {day}, when "
    "the command is run then."
)
_BETWEEN = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Chase:
    """One letter that is due.

    ``officer`` is who answers now: a leaver's successor where there is one. ``to`` is the address, that of
    the officer's manager for an escalation, ``""`` where none is known. ``number`` counts the letters of the
    kind in the cycle from 1, and is the same however often it is worked out on a day. ``days`` is how many
    working days are left to return (negative where it is overdue, 0 on the day itself). ``copies`` are those
    the letter is about, ``handed_over`` the actions that are the officer's as a successor, ``reminded`` the
    days of earlier reminders. ``actions`` are the gaps as questions by action, which only a letter about a
    return that came puts; ``refs`` are all the actions that the copies ask about.
    """

    officer: Officer
    kind: Kind
    to: str
    number: int
    days: int
    return_by: date
    copies: tuple[Issued, ...]
    reasons: tuple[Reason, ...]
    gaps: tuple[Gap, ...]
    handed_over: tuple[HandedOver, ...]
    reminded: tuple[date, ...]
    actions: tuple[AskedOf, ...] = ()
    refs: tuple[str, ...] = ()

    @property
    def came_back(self) -> bool:
        """Whether what is lacking is lacking in a return that came, of every copy."""
        return all(reason.lack.came_back for reason in self.reasons)

    @property
    def facts(self) -> dict[str, object]:
        """What the templates of reminders and escalations tell of, by the names they use."""
        theirs = self.kind is Kind.REMINDER
        told = self.reasons if theirs else [one for one in self.reasons if one.lack.is_theirs]
        return {
            "days": self.days,
            "reasons": tuple((one.to_them or one.text) if theirs else one.text for one in told),
            "came_back": self.came_back,
            "actions": self.actions if self.came_back else (),
            "refs": self.refs,
            "gaps": self.gaps if self.came_back else (),
            "handed_over": self.handed_over,
            "reminded": self.reminded,
        }


@dataclass(frozen=True, slots=True)
class Waiting:
    """An officer of whom something is lacking and to whom nothing goes today: ``why``, in a sentence, and the
    day ``on`` which it will, None where that is not to be told."""

    officer: Officer
    reasons: tuple[Reason, ...]
    why: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Chasing:
    """Who is to be written to on a day, escalations first, then in the plan's order; and who is not yet.
    ``cycle`` is None where no copy was issued by then."""

    cycle: Cycle | None
    chases: tuple[Chase, ...]
    waiting: tuple[Waiting, ...]


def chases(
    tracker: Tracker,
    *,
    today: date,
    nation: Nation,
    contacts: Mapping[str, Contact] | None = None,
    past: Iterable[PastChase] = (),
    schedule: Schedule | None = None,
) -> Chasing:
    """Who is to be chased on a day for the latest cycle issued by then.

    All that the tracker holds counts, for whatever day it was recorded; its findings tell of files that could
    not be taken. ``contacts`` are by officer's key; ``past`` what went out before, today's too. Raises
    WorkbookError where a successor is not known, or a year's holidays are not.
    """
    survey = Survey(tracker, today)
    cycle = survey.reviewed.cycle
    if cycle is None:
        return Chasing(None, (), ())
    contacts, noted = contacts or {}, tuple(past)
    heirs = successors(tracker.plan.officers, contacts)
    plans = []
    for officer, found in _by_person(survey, cycle, heirs):
        own = [one for one in noted if (one.officer, one.cycle) == (officer.key, cycle.name)]
        turn = Turn(officer, found, own, today, nation, schedule or Schedule())
        plans.append((turn, turn.decide()))
    full = {who for one in noted if one.day == today for who in _persons(one.kind, one.officer, one.to)}
    made, waiting = [], []
    for turn, decided in sorted(plans, key=lambda one: one[1].kind is not Kind.ESCALATION):
        if decided.kind is None:
            waiting.append(Waiting(turn.officer, turn.reasons, decided.why, decided.on))
            continue
        if not is_workday(today, nation):
            on = workday_after(today, 1, nation)
            why = f"{written(today)} is no working day; the letter goes out on {written(on)}."
            waiting.append(Waiting(turn.officer, turn.reasons, why, on))
            continue
        to = _address(turn, decided.kind, contacts)
        if decided.kind is Kind.ESCALATION and "@" not in to:
            why = _NO_MANAGER.format(title=turn.officer.title)
            waiting.append(Waiting(turn.officer, turn.reasons, why))
            continue
        persons = _persons(decided.kind, turn.officer.key, to)
        if persons & full:
            tomorrow = workday_after(today, 1, nation)
            why = _ANOTHER.format(day=written(tomorrow))
            waiting.append(Waiting(turn.officer, turn.reasons, why, tomorrow))
            continue
        full |= persons
        made.append(_chase(tracker.plan, turn, decided.kind, to, _inherited(survey, turn)))
    return Chasing(cycle, tuple(made), tuple(waiting))


# --- to whom ---------------------------------------------------------------------------------


def _by_person(survey: Survey, cycle: Cycle, heirs: Mapping[str, str]) -> list[tuple[Officer, list[Lacking]]]:
    """Whom to ask about copies of a cycle of which something is lacking, in the plan's order."""
    officers = {officer.key: officer for officer in survey.tracker.plan.officers}
    found: dict[str, list[Lacking]] = {}
    for issued in survey.tracker.issued:
        if issued.cycle != cycle.name:
            continue
        heir = officers[heirs[issued.officer]].title if issued.officer in heirs else ""
        lacks = survey.lacking(issued, taken_over_by=heir)
        if lacks.reasons:
            found.setdefault(heirs.get(issued.officer, issued.officer), []).append(lacks)
    order = {key: number for number, key in enumerate(officers)}
    keys = sorted(found, key=lambda key: order.get(key, len(order)))
    # Who has left the Officers tab has no address there; the letter is written all the same.
    return [(officers.get(key) or Officer(key, key, ""), found[key]) for key in keys]


def _address(turn: Turn, kind: Kind, contacts: Mapping[str, Contact]) -> str:
    """The address of a letter. The manager of a leaver is not that of whoever has taken over."""
    if kind is Kind.REMINDER:
        return first_address(turn.officer.email)
    return first_address(contacts.get(turn.officer.key, Contact()).manager_email)


def _persons(kind: Kind, officer: str, to: str) -> set[str]:
    """The persons a letter goes to: each address; and the officer by key, whose address may be mended."""
    addresses = {one.casefold() for one in _BETWEEN.split(to) if one}
    return addresses | {f"{kind} {officer}"}


def _inherited(survey: Survey, turn: Turn) -> tuple[HandedOver, ...]:
    sent_to = dict.fromkeys(one.issued.officer for one in turn.found)
    leavers = [key for key in sent_to if key != turn.officer.key]
    return tuple(one for key in leavers for one in handed_over(survey.tracker.plan, survey.reviewed, key))


def _chase(plan: Plan, turn: Turn, kind: Kind, to: str, inherited: tuple[HandedOver, ...]) -> Chase:
    gaps: dict[tuple[str, str], Gap] = {}
    for one in turn.found:
        for gap in one.gaps:
            gaps.setdefault((gap.ref, gap.what), gap)
    refs = {ref for one in turn.found for ref in _asked_about(plan, one.issued.officer)}
    return Chase(
        officer=turn.officer,
        kind=kind,
        to=to,
        number=1 + sum(day < turn.today for day in turn.days_of(kind)),
        days=turn.days_left,
        return_by=turn.return_by,
        copies=tuple(one.issued for one in turn.found),
        reasons=turn.reasons,
        gaps=tuple(gaps.values()),
        handed_over=inherited,
        reminded=tuple(day for day in turn.days_of(Kind.REMINDER) if day < turn.today),
        actions=asked_of_each(plan, gaps.values()),
        refs=tuple(action.ref for action in plan.actions if action.ref in refs),
    )


def _asked_about(plan: Plan, officer: str) -> set[str]:
    """The refs of the actions that an officer's copy asks about, in whole or in a milestone."""
    led = {action.ref for action in led_actions(plan, officer)}
    return led | {milestone.ref for milestone in led_milestones(plan, officer)}
