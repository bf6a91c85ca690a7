"""What is lacking of one officer's return: why the officer is to be asked, and each gap with its question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePath

from lscb_workbook.plan.findings import finding, short
from lscb_workbook.plan.officers import names_of
from lscb_workbook.plan.personal_data import withheld
from lscb_workbook.plan.records import DATE_FIELDS, Conflict, Finding, Issued
from lscb_workbook.returns.headings import plain_heading
from lscb_workbook.review import Review
from lscb_workbook.review.rules import ACTION_RULES
from lscb_workbook.review.views import ActionView, Fault
from lscb_workbook.review.wording import counted, listed, titles, written
from lscb_workbook.tracker.cells import date_of
from lscb_workbook.tracker.layout import FIELD_HEADERS, TRACKER_TABLES
from lscb_workbook.tracker.state import Tracker

__all__ = ["Gap", "Lack", "Lacking", "Reason", "Survey", "named_by_file"]

_NOTHING_NEW = "nothing-new"
_UNEXPLAINED = ("rating-without-commentary", "withdrawn-without-reason")
_NOT_TAKEN = (
    "return-unreadable",
    "return-document",
    "return-protected",
    "return-too-large",
    "return-stopped",
    "return-not-a-copy",
    "return-other-tracker",
    "mail-without-attachment",
)
"""The findings of files of which nothing was taken, and which only the officer can send otherwise."""
_MOST_NAMED = 10
"""The most refs that one sentence names."""


class Lack(StrEnum):
    """Why an officer is to be asked."""

    NOT_RETURNED = "not returned"
    UNCHANGED = "returned unchanged"
    PARTLY_FILLED = "partly filled"
    WRONG_VERSION = "wrong version"
    UNREADABLE = "unreadable"
    UNEXPLAINED = "rated without explanation"
    CONFLICT = "a conflict to settle"

    @property
    def is_theirs(self) -> bool:
        """Whether only the officer can mend it. A conflict is the business manager's to settle."""
        return self is not Lack.CONFLICT


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an officer is asked, in a sentence that also a third person may read."""

    lack: Lack
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing of one action or milestone (``ref``), as a question to the officer. ``code``
    is that of the review's finding, ``""`` for a conflict."""

    ref: str
    what: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is lacking of one copy; nothing is where there is no reason."""

    issued: Issued
    reasons: tuple[Reason, ...]
    gaps: tuple[Gap, ...]


class Survey:
    """A tracker, reviewed as at a day, made ready to be asked what is lacking of each officer's copy."""

    def __init__(self, tracker: Tracker, reviewed: Review) -> None:
        self.tracker, self.ratings = tracker, reviewed.ratings
        self.questions = _questions(reviewed)
        self.conflicts: dict[str, list[Conflict]] = {}
        for one in tracker.conflicts:
            if not one.settlement.strip():
                self.conflicts.setdefault(one.change.officer, []).append(one)
        self.said: dict[str, dict[str, date]] = {}
        """By officer and cycle: the day the last return that said something was saved."""
        for change in tracker.history:
            if change.officer:
                days = self.said.setdefault(change.officer, {})
                day = change.saved_at.date() if change.saved_at else date.min
                days[change.cycle] = max(day, days.get(change.cycle, day))
        self.logged: dict[str, list[Issued]] = {}
        for log in tracker.issued:
            self.logged.setdefault(log.officer, []).append(log)
        self.aside: dict[str, list[Finding]] = {}
        cycle = reviewed.cycle.name if reviewed.cycle else ""
        for found in tracker.findings:
            if found.code in _NOT_TAKEN and (officer := named_by_file(found.file, tracker, cycle)):
                self.aside.setdefault(officer, []).append(found)

    def lacking(self, issued: Issued, *, taken_over_by: str = "") -> Lacking:
        """What is lacking of a copy of the review's cycle, as at the review's day.

        ``taken_over_by`` is the title of the officer who has taken over from the one it was sent to. Texts
        are shortened, and withheld where they may hold personal data: others than the officer may read them.
        """
        questions = self.questions.get(issued.officer, [])
        conflicts = self.conflicts.get(issued.officer, [])
        copy = f"the copy for {issued.cycle}"
        if taken_over_by:
            title = titles(self.tracker.plan, [issued.officer])
            copy = f"{copy} that was sent to {title}, from whom {taken_over_by} has taken over,"
        silent = [gap.ref for gap in questions if gap.code == _NOTHING_NEW]
        reasons = [*self._of_return(issued, silent, copy)]
        unexplained = [gap.ref for gap in questions if gap.code in _UNEXPLAINED]
        if unexplained:
            refs = _refs([f"{ref} ({self.ratings[ref]})" for ref in unexplained])
            reasons.append(Reason(Lack.UNEXPLAINED, f"The rating of {refs} lacks the explanation it needs."))
        if conflicts:
            verb = "waits" if len(conflicts) == 1 else "wait"
            text = f"{counted(len(conflicts), 'entry', 'entries')} in what came back {verb} to be settled."
            reasons.append(Reason(Lack.CONFLICT, text))
        return Lacking(issued, tuple(reasons), (*questions, *map(_of_conflict, conflicts)))

    def _of_return(self, issued: Issued, silent: Sequence[str], copy: str) -> Iterator[Reason]:
        """What is amiss with the return as a whole. ``silent`` are the refs of which nothing was said."""
        sentence = f"{copy[0].upper()}{copy[1:]}"
        if issued.returned_on is None:
            unusable = [*self._unreadable(issued), *self._of_other_cycles(issued, copy)]
            yield from unusable or [Reason(Lack.NOT_RETURNED, f"{sentence} has not come back.")]
        elif silent and not issued.edits and issued.cycle not in self.said.get(issued.officer, ()):
            yield Reason(
                Lack.UNCHANGED,
                f"{sentence} came back with nothing filled in. Where there is nothing to report, a reply "
                "that says so will do.",
            )
        elif silent:
            yield Reason(Lack.PARTLY_FILLED, f"{sentence} came back, but says nothing of {_refs(silent)}.")

    def _unreadable(self, issued: Issued) -> Iterator[Reason]:
        if self.tracker.as_at and self.tracker.as_at < issued.issued_on:
            return  # what was found then came before the copy was issued
        for one in self.aside.get(issued.officer, ()):
            name = short(withheld(PurePath(one.file).name))
            yield Reason(
                Lack.UNREADABLE,
                f"A file came, {name}, and nothing in it could be taken. {one.message} Please fill in the "
                "workbook that was sent, and save it as an Excel workbook (.xlsx).",
            )

    def _of_other_cycles(self, issued: Issued, copy: str) -> Iterator[Reason]:
        """The copies of other cycles that the officer sent since this one was issued."""
        since = issued.issued_on
        logs = self.logged[issued.officer]
        came = {one.cycle for one in logs if one.returned_on and one.returned_on >= since}
        came |= {cycle for cycle, day in self.said.get(issued.officer, {}).items() if day >= since}
        for cycle in sorted(came - {issued.cycle, ""}):
            text = f"What came back is the copy for {cycle}; {copy} is still to come."
            yield Reason(Lack.WRONG_VERSION, text)


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


def _questions(reviewed: Review) -> dict[str, list[Gap]]:
    """The question of each finding to whom it is to be asked of (by key), in the plan's order."""
    asked: dict[str, list[Gap]] = {}
    for view in reviewed.actions:
        for code, rule in ACTION_RULES.items():
            # What nobody has spoken of yet is asked for before the day to return by, too.
            shown = replace(view, as_at=date.max) if code == _NOTHING_NEW else view
            for fault in rule(shown):
                found = finding(code, sheet=fault.sheet, ref=fault.ref, **fault.facts)  # type: ignore[arg-type]
                if found.question and not _answered(view, code, fault):
                    gap = Gap(str(fault.facts.get("milestone") or found.ref), found.question, code)
                    for officer in _asked(view, fault):
                        asked.setdefault(officer, []).append(gap)
    return asked


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


def _of_conflict(conflict: Conflict) -> Gap:
    change = conflict.change
    says, has = (_quoted(change.cell.field in DATE_FIELDS, text) for text in (change.returned, change.master))
    why = f", since {short(withheld(change.reason))}" if change.reason else ""
    column = FIELD_HEADERS[change.cell.field]
    return Gap(
        change.cell.milestone or change.cell.ref,
        f"{column}: the return says {says}, the tracker {has}, and that waits to be settled{why}. "
        "Which is to stand?",
    )


def _quoted(is_day: bool, text: str) -> str:
    """A value as a question quotes it."""
    if not text:
        return "nothing"
    day = date_of(text) if is_day else None
    return written(day) if day else f"'{short(withheld(text))}'"
