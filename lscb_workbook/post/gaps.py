"""What is lacking of one officer's return: why the officer is to be asked, and each gap with its question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from textwrap import shorten

from lscb_workbook.copies.rows import led_milestones
from lscb_workbook.plan.findings import finding, short
from lscb_workbook.plan.officers import names_of
from lscb_workbook.plan.personal_data import withheld
from lscb_workbook.plan.records import (
    DATE_FIELDS,
    OFFICER_FIELDS,
    Cell,
    Change,
    Decision,
    Field,
    Finding,
    Issued,
    MilestoneStatus,
    Plan,
)
from lscb_workbook.returns.headings import plain_heading
from lscb_workbook.review import Review, review
from lscb_workbook.review.rules import ACTION_RULES
from lscb_workbook.review.views import ActionView, Fault
from lscb_workbook.review.wording import listed, titles
from lscb_workbook.tracker.layout import FIELD_HEADERS, TRACKER_TABLES
from lscb_workbook.tracker.state import Tracker

__all__ = ["AskedOf", "Gap", "Lack", "Lacking", "Reason", "Survey", "asked_of_each", "named_by_file"]

_NOTHING_NEW, _CONTRADICTS = "nothing-new", "rating-contradicts-milestone"
_UNEXPLAINED = ("rating-without-commentary", "withdrawn-without-reason")
_NOT_TAKEN = (
    "return-unreadable",
    "return-document",
    "return-protected",
    "return-too-large",
    "return-stopped",
    "return-not-a-copy",
    "return-other-tracker",
    "return-earlier-year",
    "mail-without-attachment",
)
"""The findings of files of which nothing was taken, and which only the officer can send otherwise."""
_LONGEST = 120
"""The most characters of an action's text that a letter gives, to say which it is."""
_MOST_NAMED = 10
"""The most refs that one sentence names."""


class Lack(StrEnum):
    """Why an officer is to be asked."""

    NOT_RETURNED = "not returned"
    UNCHANGED = "returned unchanged"
    PARTLY_FILLED = "partly filled"
    NOT_ACCEPTED = "not accepted"
    WRONG_VERSION = "wrong version"
    UNREADABLE = "unreadable"
    UNEXPLAINED = "rated without explanation"
    CONFLICT = "a conflict to settle"
    """What is told of besides. It is the business manager's to settle, and nobody is asked for it alone."""

    @property
    def is_theirs(self) -> bool:
        """Whether only the officer can mend it."""
        return self is not Lack.CONFLICT

    @property
    def came_back(self) -> bool:
        """Whether a return came in which that is lacking, and not none, or none that could be used."""
        return self not in (Lack.NOT_RETURNED, Lack.WRONG_VERSION, Lack.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an officer is asked: ``text`` is a sentence that also a third person may read, ``to_them`` what the
    officer is told, where something is to be done with what to do."""

    lack: Lack
    text: str
    to_them: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing of one action or milestone (``ref``), as a question to the officer. ``code``
    is that of the review's finding; ``action`` the ref of the action it belongs to;
    ``about`` the milestone and what is said of it, where the same question may be put of several at once."""

    ref: str
    what: str
    code: str = ""
    action: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is lacking of one copy; nothing is where there is no reason."""

    issued: Issued
    reasons: tuple[Reason, ...]
    gaps: tuple[Gap, ...]


class Survey:
    """A tracker as it is known on a day, made ready to be asked what is lacking of each officer's copy.

    All that is recorded counts, also what was recorded for a later day, as that of the board's meeting is;
    ``reviewed`` is the review of all that. What is late is late on the day.
    """

    def __init__(self, tracker: Tracker, day: date) -> None:
        self.tracker, self.reviewed = tracker, _reviewed(tracker, day)
        self.ratings = self.reviewed.ratings
        self.waiting: dict[str, list[Cell]] = {}
        """By officer: the cells of which something came back and is not decided yet."""
        of_action: dict[str, list[Cell]] = {}
        for one in tracker.conflicts:
            self.waiting.setdefault(one.change.officer, []).append(one.change.cell)
            of_action.setdefault(one.change.cell.ref, []).append(one.change.cell)
        self.questions = _questions(self.reviewed, of_action)
        self.said: dict[str, dict[str, date]] = {}
        """By officer and cycle: the day the last return that said something was saved."""
        for change in tracker.history:
            if change.officer:
                days = self.said.setdefault(change.officer, {})
                day = change.saved_at.date() if change.saved_at else date.min
                days[change.cycle] = max(day, days.get(change.cycle, day))
        self.places = {action.ref: number for number, action in enumerate(tracker.plan.actions)}
        self.logged: dict[str, list[Issued]] = {}
        for log in tracker.issued:
            self.logged.setdefault(log.officer, []).append(log)
        self.aside: dict[str, list[Finding]] = {}
        cycle = self.reviewed.cycle.name if self.reviewed.cycle else ""
        for found in tracker.findings:
            if found.code in _NOT_TAKEN and (officer := named_by_file(found.file, tracker, cycle)):
                self.aside.setdefault(officer, []).append(found)

    def lacking(self, issued: Issued, *, taken_over_by: str = "") -> Lacking:
        """What is lacking of a copy of the review's cycle, as at the review's day.

        What waits to be decided by the business manager is no lack, and is told of where there is one.
        ``taken_over_by`` is the title of the officer who has taken over from the one it was sent to: nothing
        is asked then of milestones that are others'. Texts are shortened, and withheld where they may hold
        personal data: others than the officer may read them.
        """
        questions = self.questions.get(issued.officer, [])
        waiting = self.waiting.get(issued.officer, [])
        whose = _Whose(issued.cycle)
        if taken_over_by:
            own = {one.id for one in led_milestones(self.tracker.plan, issued.officer)}
            questions = [gap for gap in questions if gap.ref == gap.action or gap.ref in own]
            whose = _Whose(issued.cycle, titles(self.tracker.plan, [issued.officer]), taken_over_by)
        unusable = [*self._not_accepted(issued)]
        tried = {one.cell.ref for one in unusable} | {cell.ref for cell in waiting}
        rated = {one.cell.ref for one in unusable if one.cell.field is Field.RATING}
        if issued.returned_on:
            questions = [gap for gap in questions if gap.code != _NOTHING_NEW or gap.ref not in tried]
            questions = [gap for gap in questions if gap.code != _CONTRADICTS or gap.action not in rated]
        silent = [gap.ref for gap in questions if gap.code == _NOTHING_NEW]
        reasons = [*self._of_return(issued, silent, whose)]
        gaps = tuple(questions)
        if issued.returned_on is None:
            return Lacking(issued, tuple(reasons), gaps)  # only the return is asked for, not what is in rows
        if unusable:
            rows = _refs([one.cell.milestone or one.cell.ref for one in unusable])
            text = f"Something in the return for {issued.cycle} could not be taken as it stands: {rows}."
            said = " ".join(self._said_of(one) for one in unusable)
            reasons.append(Reason(Lack.NOT_ACCEPTED, text, said))
        unexplained = [gap.ref for gap in questions if gap.code in _UNEXPLAINED]
        if unexplained:
            refs = _refs([f"{ref} ({self.ratings[ref]})" for ref in unexplained])
            text = f"The rating of {refs} lacks the explanation it needs."
            reasons.append(Reason(Lack.UNEXPLAINED, text, text))
        if waiting and reasons:
            reasons.append(_of_waiting(waiting))
        return Lacking(issued, tuple(reasons), gaps)

    def still_asked(
        self, officer: str, cycle: str, *, taken_over_by: str = "", but: Collection[Lack] = ()
    ) -> tuple[str, ...]:
        """What whoever sent this officer's return for a cycle would be reminded of, as it is told them, but
        for what they are told otherwise: so that no receipt says that nothing more is needed. Of a return for
        another cycle than the review's it is that the review's is still to come."""
        latest = self.reviewed.cycle.name if self.reviewed.cycle else ""
        of_this = cycle == latest
        return tuple(
            reason.to_them or reason.text
            for issued in self.logged.get(officer, ())
            if issued.cycle == latest
            for reason in self.lacking(issued, taken_over_by=taken_over_by).reasons
            if reason.lack.is_theirs and reason.lack not in but
            if reason.lack.came_back is of_this
        )

    def _of_return(self, issued: Issued, silent: Sequence[str], whose: _Whose) -> Iterator[Reason]:
        """What is amiss with the return as a whole. ``silent`` are the refs of which nothing was said."""
        if issued.returned_on is None:
            unusable = [*self._unreadable(issued), *self._of_other_cycles(issued, whose)]
            text = f"{whose.copy[0].upper()}{whose.copy[1:]} has not come back."
            missing = Reason(Lack.NOT_RETURNED, text, f"We have not yet had {whose.yours}.")
            yield from unusable or [missing]
        elif silent and not issued.edits and issued.cycle not in self.said.get(issued.officer, ()):
            came = "came back with nothing filled in."
            yield Reason(
                Lack.UNCHANGED,
                f"{whose.copy[0].upper()}{whose.copy[1:]} {came}",
                f"{whose.yours[0].upper()}{whose.yours[1:]} {came} If nothing has changed, a reply that says "
                "so will do.",
            )
        elif silent:
            refs = _refs(silent)
            yield Reason(
                Lack.PARTLY_FILLED,
                f"{whose.copy[0].upper()}{whose.copy[1:]} came back, but says nothing new of {refs}.",
                f"{whose.yours[0].upper()}{whose.yours[1:]} says nothing new of {refs}. If nothing has "
                "changed, a reply that says so will do.",
            )

    def _not_accepted(self, issued: Issued) -> Iterator[Change]:
        """What the officer last wrote into own cells of this copy and is refused, in the plan's order."""
        plan = self.tracker.plan
        own = {action.ref for action in plan.actions if issued.officer in action.leads}
        own |= {one.id for one in led_milestones(plan, issued.officer)}
        last: dict[Cell, Change] = {}
        for change in self.tracker.history:
            mine = (change.officer, change.cycle) == (issued.officer, issued.cycle)
            if mine or change.decision is Decision.EDITED:
                last[change.cell] = change
        end = len(self.places)
        for cell, change in sorted(last.items(), key=lambda one: self.places.get(one[0].ref, end)):
            here = (cell.milestone or cell.ref) in own and cell.field in OFFICER_FIELDS
            if here and change.decision is Decision.REFUSED and change.returned.strip():
                yield change

    def _said_of(self, change: Change) -> str:
        """What is wrong with an entry that is refused, and what to write instead."""
        cell = change.cell
        row, said = cell.milestone or cell.ref, short(withheld(change.returned))
        column = FIELD_HEADERS[cell.field]
        if cell.field is Field.RATING and "not one of" in change.reason:
            return f"Your rating '{said}' of {row} is none of: {', '.join(self.tracker.plan.scheme.names)}."
        if cell.field is Field.STATUS and "not one of" in change.reason:
            return f"Your status '{said}' of milestone {row} is none of: {', '.join(MilestoneStatus)}."
        if cell.field in DATE_FIELDS and "not a day" in change.reason:
            return f"Your {column} '{said}' of milestone {row} is no date: write one such as 23/09/2016."
        why = short(withheld(change.reason)) or "it cannot be read"
        return f"What you wrote of {row}, {column}, could not be taken: {why}."

    def _unreadable(self, issued: Issued) -> Iterator[Reason]:
        if self.tracker.as_at and self.tracker.as_at < issued.issued_on:
            return  # what was found then came before the copy was issued
        for one in self.aside.get(issued.officer, ()):
            name = short(withheld(PurePath(one.file).name))
            text = f"A file came, {name}, and nothing in it could be taken. {one.message}"
            yield Reason(
                Lack.UNREADABLE,
                text,
                f"{text} Please fill in the workbook that was sent, and save it as an Excel workbook "
                "(.xlsx).",
            )

    def _of_other_cycles(self, issued: Issued, whose: _Whose) -> Iterator[Reason]:
        """The copies of other cycles that the officer sent since this one was issued."""
        since = issued.issued_on
        logs = self.logged[issued.officer]
        came = {one.cycle for one in logs if one.returned_on and one.returned_on >= since}
        came |= {cycle for cycle, day in self.said.get(issued.officer, {}).items() if day >= since}
        for cycle in sorted(came - {issued.cycle, ""}):
            yield Reason(
                Lack.WRONG_VERSION,
                f"What came back is the copy for {cycle}; {whose.copy} is still to come.",
                f"The workbook that you sent is the one for {cycle}. We have not yet had {whose.yours}.",
            )


def _reviewed(tracker: Tracker, day: date) -> Review:
    """The review as at a day of all that is recorded: what bears a later day was known by this one."""
    return review(
        tracker.plan,
        tracker.entries,
        history=tuple(one if one.when <= day else replace(one, when=day) for one in tracker.history),
        cycles=tracker.cycles,
        issued=tracker.issued,
        conflicts=tracker.conflicts,
        as_at=day,
        due_soon_days=tracker.due_soon_days,
    )


@dataclass(frozen=True, slots=True)
class _Whose:
    """A copy as a third person is told of it, and as the officer is who answers for it."""

    cycle: str
    leaver: str = ""
    heir: str = ""

    @property
    def copy(self) -> str:
        told = f"the copy for {self.cycle}"
        if self.leaver:
            return f"{told} that was sent to {self.leaver}, from whom {self.heir} has taken over,"
        return told

    @property
    def yours(self) -> str:
        if self.leaver:
            return f"the workbook for {self.cycle} of {self.leaver}, from whom you have taken over"
        return f"your workbook for {self.cycle}"


def named_by_file(file: str, tracker: Tracker, cycle: str) -> str:
    """The officer (a key) whom a file's name names, the folders and mails it lies in included; ``""`` where
    it names nobody or several, or another cycle than ``cycle`` alone."""
    said = f" {plain_heading(file)} "
    if f" {plain_heading(cycle)} " not in said and any(
        f" {plain_heading(one.name)} " in said for one in tracker.cycles
    ):
        return ""
    files: dict[str, list[str]] = {}
    for one in tracker.issued:
        files.setdefault(one.officer, []).append(PurePath(one.file).stem)
    found: dict[str, str] = {}
    for officer in tracker.plan.officers:
        names = (plain_heading(name) for name in (*names_of(officer), *files.get(officer.key, ())))
        found |= {name: officer.key for name in names if name and f" {name} " in said}
    longest = [name for name in found if not any(name != other and name in other for other in found)]
    keys = {found[name] for name in longest}
    return keys.pop() if len(keys) == 1 else ""


def _refs(refs: Sequence[str]) -> str:
    """``1.1, 1.3 and 2.4``, the first of them where they are many."""
    once = list(dict.fromkeys(refs))
    if len(once) > _MOST_NAMED:
        return f"{', '.join(once[:_MOST_NAMED])} and {len(once) - _MOST_NAMED} more"
    return listed(once, "and")


# --- each gap --------------------------------------------------------------------------------


_ANSWERS: Mapping[str, tuple[Field, ...]] = {
    "milestone-missed": (Field.STATUS, Field.COMPLETED_ON, Field.REVISED_DATE),
    "completed-in-future": (Field.COMPLETED_ON,),
    "completed-without-status": (Field.STATUS, Field.COMPLETED_ON),
    "complete-without-date": (Field.STATUS, Field.COMPLETED_ON),
    "rating-unknown": (Field.RATING,),
    "rating-without-commentary": (Field.RATING, Field.COMMENTARY),
    _CONTRADICTS: (Field.RATING, Field.STATUS, Field.COMPLETED_ON),
    "not-started-with-work-reported": (Field.RATING,),
    "complete-without-evidence": (Field.RATING, Field.EVIDENCE),
    "complete-with-open-milestones": (Field.RATING, Field.STATUS),
    "withdrawn-without-reason": (Field.RATING, Field.COMMENTARY),
    "commentary-repeated": (Field.COMMENTARY,),
}
"""What the question of a finding is about, or is answered by: it is not put while such an entry waits."""


def _questions(reviewed: Review, waiting: Mapping[str, Sequence[Cell]]) -> dict[str, list[Gap]]:
    """The question of each finding to whom it is to be asked of (by key), in the plan's order, but for those
    that turn on what is ``waiting`` to be decided, by action."""
    asked: dict[str, list[Gap]] = {}
    for view in reviewed.actions:
        for code, rule in ACTION_RULES.items():
            # What nobody has spoken of yet is asked for before the day to return by, too.
            shown = replace(view, as_at=date.max) if code == _NOTHING_NEW else view
            for fault in rule(shown):
                found = finding(code, sheet=fault.sheet, ref=fault.ref, **fault.facts)  # type: ignore[arg-type]
                if found.question and not _answered(view, code, fault):
                    gap = _gap(fault, found, code, view.action.ref)
                    if any(_turns_on(gap, cell) for cell in waiting.get(view.action.ref, ())):
                        continue
                    for officer in _asked(view, fault):
                        asked.setdefault(officer, []).append(gap)
    return asked


def _gap(fault: Fault, found: Finding, code: str, action: str) -> Gap:
    milestone = str(fault.facts.get("milestone") or "")
    about = f"{milestone} (due {fault.facts['due']})" if code == "milestone-missed" else milestone
    return Gap(milestone or found.ref, found.question, code, action, about)


def _asked(view: ActionView, fault: Fault) -> tuple[str, ...]:
    """Whose the fault is: a milestone's leads, where it is one of the Milestones tab; else the action's."""
    if fault.sheet == TRACKER_TABLES["Milestones"].sheet:
        own = next(one.milestone for one in view.milestones if one.milestone.id == fault.facts["milestone"])
        return own.leads or view.action.leads
    return view.action.leads


def _answered(view: ActionView, code: str, fault: Fault) -> bool:
    """Whether the officer has given already what the question asks for: a date in place of the one missed."""
    return code == "milestone-missed" and any(
        one.revised for one in view.milestones if one.milestone.id == fault.facts["milestone"]
    )


def _turns_on(gap: Gap, cell: Cell) -> bool:
    """Whether what a question asks may be settled by what is decided of a cell of the same action."""
    here = cell.milestone in ("", gap.ref) or gap.ref == gap.action
    return here and cell.field in _ANSWERS.get(gap.code, ())


def _of_waiting(waiting: Iterable[Cell]) -> Reason:
    """That something came back and is not decided yet; not what it is, nor what stands there."""
    rows: dict[str, dict[str, None]] = {}
    for cell in waiting:
        rows.setdefault(cell.milestone or cell.ref, {})[FIELD_HEADERS[cell.field]] = None
    what = _refs([f"{row} ({listed(list(columns), 'and')})" for row, columns in rows.items()])
    text = f"What came back of {what} waits to be decided by the business manager"
    return Reason(Lack.CONFLICT, f"{text}.", f"{text}: you need not send it again.")


# --- as a letter puts them -------------------------------------------------------------------

_TOGETHER = {
    "milestone-missed": "Milestones {which} are overdue. Has each been done since, and when? If not, what "
    "holds it up, and what date do you propose?",
    _CONTRADICTS: "Milestones {which} are late. Is the rating of the action right? If it "
    "is, please say why in the commentary; if not, please choose another.",
    "complete-without-date": "On which days were milestones {which} completed?",
    "completed-without-status": "Milestones {which} have a completion date and another status. Are they "
    "complete?",
}
"""What is asked once of several milestones of an action, in place of the same question of each."""


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What an officer is asked of one action and its milestones; ``text`` is the action's own, shortened."""

    ref: str
    text: str
    questions: tuple[str, ...]


def asked_of_each(plan: Plan, gaps: Iterable[Gap]) -> tuple[AskedOf, ...]:
    """The questions by action, each action once and no question of it put twice, in the plan's order."""
    by_action: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_action.setdefault(gap.action or gap.ref, []).append(gap)
    known = [(one.ref, one.text) for one in plan.actions if one.ref in by_action]
    others = [(ref, "") for ref in by_action if ref not in dict(known)]
    return tuple(
        AskedOf(ref, shorten(text, _LONGEST, placeholder=" …"), tuple(_put(by_action[ref])))
        for ref, text in (*known, *others)
    )


def _put(gaps: Sequence[Gap]) -> Iterator[str]:
    together: dict[str, list[Gap]] = {}
    if any(gap.code == _NOTHING_NEW for gap in gaps):
        # Of what nothing is said nobody can tell yet whether the rating is right.
        gaps = [gap for gap in gaps if gap.code not in (_NOTHING_NEW, _CONTRADICTS)]
        yield "What has happened on it?"
    for gap in gaps:
        together.setdefault(gap.code if gap.code in _TOGETHER else gap.what, []).append(gap)
    for code, alike in together.items():
        which = list(dict.fromkeys(gap.about for gap in alike))
        yield _TOGETHER[code].format(which=listed(which, "and")) if len(which) > 1 else alike[0].what
