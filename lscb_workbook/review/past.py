"""A tracker as it stood at an earlier day, out of its History, so that any past paper can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lscb_workbook.merge.conflicts import as_it_stands
from lscb_workbook.merge.ledger import open_conflicts
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Change, Conflict, Decision, Issued
from lscb_workbook.tracker.state import Tracker

__all__ = ["as_it_stood", "is_past"]


def is_past(tracker: Tracker, as_at: date) -> bool:
    """Whether a tracker has moved on since a day: it was brought up to a later one, or a later change is
    known. What it holds now is then not what it held at the end of that day."""
    later = tracker.as_at is not None and as_at < tracker.as_at
    return later or any(change.when > as_at for change in tracker.history)


def as_it_stood(tracker: Tracker, as_at: date) -> Tracker:
    """The tracker at the end of a day: entries, conflicts, returns and cycles as the History tells them.

    What was merged counts from the day it was merged as at, what the plan itself says from the first. The
    plan, the officers and the Calendar have no history: they are as they are now. Findings of files are left
    out, for they carry no day.
    """
    agreed = Decision.AGREED_IN_PLAN
    history = tuple(one for one in tracker.history if one.when <= as_at or one.decision is agreed)
    entries = entries_at(history)
    waiting = tuple(Conflict(change) for change in open_conflicts(history))
    return replace(
        tracker,
        entries=entries,
        history=history,
        conflicts=as_it_stands(waiting, entries),
        cycles=tuple(
            replace(cycle, as_at=cycle.as_at if cycle.as_at and cycle.as_at <= as_at else None)
            for cycle in tracker.cycles
            if cycle.issued_on <= as_at
        ),
        issued=_issued(tracker.issued, tracker.history, as_at),
        as_at=as_at,
        findings=(),
    )


def _issued(issued: Sequence[Issued], history: Sequence[Change], as_at: date) -> tuple[Issued, ...]:
    """The copies sent by a day. One counts as returned if anything of it was merged by then; where nothing
    of it was ever merged, if it was saved by then."""
    merged: dict[tuple[str, str], date] = {}
    for change in history:
        if change.officer and change.cycle:
            key = (change.cycle, change.officer)
            merged[key] = min(merged.get(key, change.when), change.when)
    found = []
    for one in issued:
        if one.issued_on <= as_at:
            back = merged.get((one.cycle, one.officer), one.returned_on)
            found.append(_returned(one, as_at) if back and back <= as_at else _silent(one))
    return tuple(found)


def _returned(one: Issued, as_at: date) -> Issued:
    """A copy that was back by a day; a return that came later was not there yet."""
    if one.returned_on is None or one.returned_on <= as_at:
        return one
    return replace(one, returned_on=as_at, returned_file="", recognised_by="", signature="", edits=0)


def _silent(one: Issued) -> Issued:
    return Issued(one.cycle, one.officer, one.file, one.issued_on, one.return_by)
