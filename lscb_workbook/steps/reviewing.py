"""Milestones and ratings judged as at a day, and what was ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.merge import as_it_stands, hand_edits, open_findings
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding, is_of_returns, is_of_settling
from lscb_workbook.plan.records import Change, Finding, Plan
from lscb_workbook.plan.refs import came_from, of_year
from lscb_workbook.results import HistoryResult, ReviewResult
from lscb_workbook.review.past import as_it_stood, is_past
from lscb_workbook.review.wording import counted, written
from lscb_workbook.steps.live import holding
from lscb_workbook.steps.masters import (
    in_plain_words,
    opened_tracker,
    read_tracker,
    reviewed_tracker,
    save_step,
    standing_findings,
    write_review,
)
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.agreed import recorded
from lscb_workbook.tracker.backups import KEEP
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.saving import Held, refuse_long_name
from lscb_workbook.tracker.state import Tracker

if TYPE_CHECKING:
    pass

__all__ = ["has_moved_on", "history", "looked_back", "review", "reviewed_master"]


@in_plain_words
def review(
    master: Path,
    *,
    as_at: date | None = None,
    keep: int = KEEP,
    live: bool = False,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> ReviewResult:
    """Judge milestones and ratings as at a day, and write the summary tabs and Checks of the master.

    The manager's own edits since the last merge are recorded in History. Ratings, commentary and
    milestones are never changed. As at a day that the tracker has moved on from it is made out of History,
    and nothing is written. ``keep``, ``live`` and ``tell`` are those of :func:`merge`.
    """
    day, hold = as_at or date.today(), holding(live)
    if has_moved_on(master, day, live=live):
        with hold(master, to_read=True) as file:
            return looked_back(file, day)[0]
    with hold(master, tell=tell) as file:
        return reviewed_master(file, day, keep=keep, now=now)[0]


def reviewed_master(
    file: Held, day: date, *, keep: int, now: datetime | None
) -> tuple[ReviewResult, Tracker, bytes]:
    """Review a master; the result, the tracker as it then is, and the workbook."""
    tracker, sheets = opened_tracker(file)
    book = sheets.book
    edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
    edits = (*edits, *recorded(tracker.plan, tracker.typed, as_at=day, cycle=tracker.cycle))
    conflicts = as_it_stands(tracker.conflicts, tracker.entries)
    after = replace(tracker, history=(*tracker.history, *edits), conflicts=conflicts)
    reviewed = reviewed_tracker(after, day)
    kept = (
        one for one in tracker.findings if is_of_returns(one.code) or (conflicts and is_of_settling(one.code))
    )
    findings = (*open_findings(conflicts), *kept, *reviewed.findings, *standing_findings(tracker))
    writing.append_history(book, tracker.plan, edits)
    findings = write_review(book, after, reviewed, findings, {})
    data, backup = save_step(file, tracker, sheets, after, dry_run=False, keep=keep, now=now)
    written = file.path if backup else None
    made = ReviewResult(tracker.plan, reviewed, findings, written, backup, recorded=len(edits))
    return made, after, data


def _unrecorded(edits: Sequence[Change], stands: date) -> Finding:
    """That what was typed into the tracker since it was last recorded is not in what it was before."""
    rows = dict.fromkeys(one.cell.milestone or one.cell.ref for one in edits)
    count = counted(len(edits), "cell was", "cells were")
    return finding("edits-not-recorded", count=count, rows=", ".join(rows), stands=written(stands))


def has_moved_on(master: Path, day: date, *, live: bool = False) -> bool:
    """Whether a master, or with ``live`` the one open in Excel, no longer is what it was at the end of a day.

    Raises WorkbookError for a day that the tracker of the year before is to be asked of.
    """
    refuse_long_name(master)
    if live:
        with holding(live)(master, to_read=True) as file:
            tracker = opened_tracker(file)[0]
    else:
        tracker = read_tracker(master)
    if tracker.earlier and day < tracker.earlier[-1].followed_on:
        before = tracker.earlier[-1]
        raise WorkbookError(
            f"This tracker begins on {written(before.followed_on)}. For {written(day)} give the tracker of "
            f"{before.year}, {before.file}."
        )
    return is_past(tracker, day)


def looked_back(file: Held, day: date) -> tuple[ReviewResult, Tracker, bytes]:
    """Review a master as it stood at an earlier day; the result, the tracker as it then was, and a workbook
    whose tabs say so. The master itself stays as it is."""
    tracker, sheets = opened_tracker(file)
    then = replace(as_it_stood(tracker, day), overtyped=())  # it stands in the master as it did
    found = reviewed_tracker(then, day)
    edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
    unrecorded = () if not edits else (_unrecorded(edits, tracker.as_at or day),)
    findings = (*unrecorded, *open_findings(then.conflicts), *found.findings, *plan_findings(then.plan))
    writing.write_entries(sheets.book, tracker, then.entries)
    writing.write_issued(sheets.book, then.plan, then.issued, then.by_hand)
    writing.write_cycles(sheets.book, then.cycles, then.by_hand)
    findings = write_review(sheets.book, then, found, findings, {})
    return ReviewResult(then.plan, found, findings, None, None, past=True), then, sheets.book.to_bytes()


@in_plain_words
def history(master: Path, ref: str | None = None) -> HistoryResult:
    """Every change recorded in the master, or those of one action or milestone.

    One that was carried forward may be given by the name it had (``3.2 of 2016-17``). Raises WorkbookError
    where neither the plan nor History has such a ref.
    """
    tracker = read_tracker(master)
    if ref is None:
        return HistoryResult(tracker.plan, tracker.history)
    ref = _named_now(tracker.plan, ref)
    known = {action.ref for action in tracker.plan.actions} | {m.id for m in tracker.plan.milestones}
    known |= {name for change in tracker.history for name in (change.cell.ref, change.cell.milestone) if name}
    if ref not in known:
        raise WorkbookError(
            f"The plan has no action or milestone '{ref}'. Refs are written like 1.4 or 1.4.2."
        )
    changes = tuple(c for c in tracker.history if ref in (c.cell.ref, c.cell.milestone))
    return HistoryResult(tracker.plan, changes)


def _named_now(plan: Plan, name: str) -> str:
    """The ref or id that an action or milestone of an earlier year has now; else the name itself."""
    for one in plan.milestones:
        if name in _names_before(one.carried):
            return one.id
    return next((one.ref for one in plan.actions if name in _names_before(one.carried)), name)


def _names_before(carried: str) -> list[str]:
    return [of_year(*one) for one in came_from(carried)]
