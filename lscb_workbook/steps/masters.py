"""A master as a step has it: opened, read, reviewed, and saved once it reads back as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from lscb_workbook.board import missing_tabs, write_summaries
from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding, is_kept
from lscb_workbook.plan.officers import match_officer
from lscb_workbook.plan.records import Change, Entries, Finding, Officer, Plan
from lscb_workbook.returns.urls import refuse_url
from lscb_workbook.review import Review
from lscb_workbook.review import review as review_plan
from lscb_workbook.review.wording import counted, written
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.agreed import typed_findings, typed_over_formulas
from lscb_workbook.tracker.by_hand import as_typed_findings
from lscb_workbook.tracker.collecting import collecting_later
from lscb_workbook.tracker.lists import Filled, overtyped, without_settled
from lscb_workbook.tracker.reading import read_bytes, tracker_from
from lscb_workbook.tracker.saving import Held, save_master
from lscb_workbook.tracker.sheets import Sheets
from lscb_workbook.tracker.state import Tracker
from lscb_workbook.tracker.unread import refuse_hidden, unread_findings

__all__ = [
    "Progress",
    "in_plain_words",
    "named_officers",
    "opened_tracker",
    "opened_workbook",
    "read_tracker",
    "reviewed_tracker",
    "save_step",
    "standing_findings",
    "verify",
    "write_review",
]

Progress = Callable[[int, int], None]
P = ParamSpec("P")
R = TypeVar("R")


def in_plain_words(step: Callable[P, R]) -> Callable[P, R]:
    """A step whose every expected failure is a WorkbookError, those of the package below it too."""

    @wraps(step)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        for given in (*args, *kwargs.values()):
            if isinstance(given, Path):
                refuse_url(given)
        try:
            return step(*args, **kwargs)
        except PackageError as error:
            raise WorkbookError(f"{error} Nothing was changed.") from error

    return done


def opened_tracker(file: Held) -> tuple[Tracker, Sheets]:
    """What a master holds, and its sheets, whose workbook is to be filled. Raises WorkbookError where a cell
    hides what it says."""
    book = opened_workbook(file.path, file.data)
    sheets = Sheets(file.data, book)
    tracker = tracker_from(sheets, str(file.path))
    refuse_hidden(book, tracker)
    over = typed_over_formulas(sheets, tracker.plan, tracker.rows)
    listed = overtyped(sheets, tracker.settings, len(tracker.history))
    return replace(tracker, typed=(*tracker.typed, *over), overtyped=listed), sheets


def read_tracker(master: Path) -> Tracker:
    data = read_bytes(master)
    return tracker_from(Sheets(data, opened_workbook(master, data)), str(master))


def opened_workbook(path: Path, data: bytes) -> Workbook:
    try:
        return Workbook.open(data)
    except PackageError as error:
        raise WorkbookError(f"{path}: {error}") from error


def named_officers(agreed: Plan, only: Sequence[str]) -> tuple[Officer, ...]:
    chosen = []
    for name in only:
        officer = match_officer(agreed.officers, name)
        if officer is None:
            titles = "; ".join(officer.title for officer in agreed.officers)
            raise WorkbookError(f"There is no officer '{name}' on the Officers tab. There are: {titles}.")
        chosen.append(officer)
    return tuple(dict.fromkeys(chosen)) or agreed.officers


def reviewed_tracker(tracker: Tracker, day: date) -> Review:
    return review_plan(
        tracker.plan,
        tracker.entries,
        history=tracker.history,
        cycles=tracker.cycles,
        issued=tracker.issued,
        conflicts=tracker.conflicts,
        as_at=day,
        due_soon_days=tracker.due_soon_days,
    )


@collecting_later()
def standing_findings(tracker: Tracker) -> tuple[Finding, ...]:
    """The findings that no step makes or takes away: of the plan, and those kept for the manager."""
    kept = (one for one in tracker.findings if is_kept(one.code))
    return (*plan_findings(tracker.plan), *kept)


def write_review(
    book: Workbook, tracker: Tracker, found: Review, findings: Sequence[Finding], filled: Filled
) -> tuple[Finding, ...]:
    """Write what the review found; all findings, those about the manager's remarks among them.

    ``filled`` are the tables that the step has filled by then.
    """
    in_cells = (*typed_findings(book, tracker.plan, tracker.typed), *unread_findings(book, tracker))
    back = {(one.cycle, one.officer) for one in tracker.issued if one.returned_on}
    in_cells = (*in_cells, *as_typed_findings(book, tracker.by_hand, back))
    in_cells = (*in_cells, *tracker.odd, *missing_tabs(book), *_no_meeting(found))
    writing.write_agreed(book, tracker)
    writing.write_due_dates(book, tracker)
    writing.write_leads(book, tracker)
    writing.write_cycle_name(book, tracker.cycles)
    filled = {**filled, **writing.write_conflicts(book, tracker.plan, tracker.conflicts)}
    filled |= write_summaries(book, tracker.plan, found, rows=tracker.rows)
    typed = without_settled(tracker.overtyped, tracker.entries)
    said, checks = writing.write_checks(book, (*in_cells, *findings), typed, filled)
    writing.write_settings(book, tracker, {**filled, **checks})
    book.recalculate_on_load()
    return said


def _no_meeting(found: Review) -> Iterator[Finding]:
    """That nothing says when the board meets next."""
    ahead = found.horizon
    if ahead.meeting is None:
        facts = {"within": counted(ahead.days, "day"), "until": written(ahead.until)}
        yield finding("meeting-without-day", sheet="Calendar", **facts)


@collecting_later()
def save_step(
    file: Held,
    before: Tracker,
    sheets: Sheets,
    after: Tracker,
    *,
    dry_run: bool,
    keep: int,
    now: datetime | None,
) -> tuple[bytes, Path | None]:
    """Save the master unless nothing changed in it: the workbook, and the backup where it was saved."""
    data = sheets.book.to_bytes()
    verify(data, after.plan, after.entries, after.history, (sheets, before.history))
    if dry_run or data == file.data:
        return data, None
    return data, save_master(file, data, now or datetime.now(), keep=keep)


def verify(
    data: bytes,
    agreed: Plan,
    entries: Entries,
    history: Sequence[Change],
    before: tuple[Sheets, Sequence[Change]] | None = None,
) -> None:
    """Read back what is about to be saved: it must say what the records say, to the last entry and change.

    ``before`` is the master that it takes the place of, and its History, which must all be in ``history``.
    What stands there byte for byte as in that master was read when it was opened.
    """
    master, known = before or (None, ())
    sheets, name = Sheets(data, before=master), "the workbook about to be saved"
    shortened = sheets.leave_out_known("History")
    made = tracker_from(sheets, name, known=known if shortened else ())
    if made.history != tuple(history) or made.history[: len(known)] != tuple(known):
        raise WorkbookError(
            "The workbook about to be saved would not hold the master's whole History and what is new; "
            "nothing was written, for History never shrinks. This is a fault of the tool: please report it, "
            "with the master and the returns."
        )
    said = {cell: text for cell, text in entries.items() if text}
    if made.entries != said or made.plan.actions != agreed.actions:
        raise WorkbookError(
            "The workbook about to be saved does not read back as it should; nothing was written. "
            "This is a fault of the tool: please report it, with the master and the returns."
        )
