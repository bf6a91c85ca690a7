"""The steps of the manager's quarter, one function each; the command line adds nothing to them.

Every step reads what it needs, works on records, and writes at the end, once, or not at all.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from lscb_workbook.board import print_tabs, write_summaries
from lscb_workbook.copies import COPY_TEMPLATE, copies_of, led_actions
from lscb_workbook.merge import hand_edits, initial_history
from lscb_workbook.merge import merge as merge_returns
from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import is_of_returns, is_settled
from lscb_workbook.plan.officers import match_officer
from lscb_workbook.plan.records import (
    Cell,
    Cycle,
    Entries,
    Field,
    Finding,
    Issued,
    Officer,
    Plan,
)
from lscb_workbook.results import (
    BoardResult,
    ChaseResult,
    HistoryResult,
    IssueResult,
    MergeResult,
    NewResult,
    ReviewResult,
    Silent,
    StatusResult,
)
from lscb_workbook.returns import AskPassword, Harvest, Limits, Return, harvest
from lscb_workbook.review import Review
from lscb_workbook.review import review as review_plan
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.reading import read_bytes, tracker_from
from lscb_workbook.tracker.saving import backups_of, refuse_if_open, save_master, save_new
from lscb_workbook.tracker.sheets import Sheets
from lscb_workbook.tracker.state import Tracker

__all__ = ["board", "chase", "history", "issue", "merge", "new", "plan", "review", "status", "undo"]

Progress = Callable[[int, int], None]
P = ParamSpec("P")
R = TypeVar("R")


def _in_plain_words(step: Callable[P, R]) -> Callable[P, R]:
    """A step whose every expected failure is a WorkbookError, those of the package below it too."""

    @wraps(step)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except PackageError as error:
            raise WorkbookError(f"{error} Nothing was changed.") from error

    return done


def plan(source: Path | None = None, output: Path | None = None) -> tuple[Plan, tuple[Finding, ...]]:
    """A plan from a TOML file, or the plan the product ships with, and what is uncertain in it.

    With ``output`` it is written there as TOML, to be edited. Raises WorkbookError naming every
    problem in the file.
    """
    if source is None:
        agreed = default_plan()
        findings = plan_findings(agreed)
    else:
        agreed, findings = read_plan(source)
    if output:
        save_new(output, write_plan(agreed).encode(), what="the plan")
    return agreed, findings


@_in_plain_words
def new(
    source: Path | None,
    output: Path,
    *,
    as_at: date | None = None,
    template: Path | None = None,
) -> NewResult:
    """Make a master tracker from a plan.

    ``as_at`` is the day the tracker stands at (default: the first day of the plan year); ``template``
    a restyled ``workbook_template.xlsx``. Raises WorkbookError where the plan is wrong or ``output``
    is there already or cannot be written.
    """
    agreed, findings = plan(source)
    day = as_at or agreed.year.first
    entries: Entries = {
        Cell(action.ref, "", Field.RATING): action.rating for action in agreed.actions if action.rating
    }
    path = template or writing.template_path()
    book = _open(path, read_bytes(path, "the template"))
    key = secrets.token_hex(32)
    writing.fill_new(book, agreed, entries, tracker_id=str(uuid.uuid4()), key=key)
    changes = initial_history(entries, day)
    writing.append_history(book, agreed, changes)
    found = review_plan(agreed, entries, history=changes, as_at=day)
    writing.write_checks(book, (*found.findings, *findings))
    write_summaries(book, agreed, found, rows=_milestone_rows(book, agreed))
    data = book.to_bytes()
    _verify(data, agreed, entries, len(changes))
    save_new(output, data, what="the new tracker")
    return NewResult(output, agreed, findings)


@_in_plain_words
def issue(
    master: Path,
    folder: Path,
    *,
    cycle: str,
    issued_on: date,
    return_by: date,
    only: Sequence[str] = (),
    template: Path | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> IssueResult:
    """Write each lead officer's copy for a cycle into ``folder`` and record it in the master.

    ``only`` names officers (title, key or alias); all who lead something where it is empty. Raises
    WorkbookError where the cycle was issued already, a name is unknown, a copy is there already, or
    something cannot be written; the master is then as it was.
    """
    refuse_if_open(master)
    data, tracker = _read(master)
    if not cycle.strip():
        raise WorkbookError('The cycle needs a name, for example --cycle "2016-17 Q2".')
    if return_by < issued_on:
        raise WorkbookError(f"The return-by date {return_by} is before the issue date {issued_on}.")
    officers = _officers(tracker.plan, only)
    done = {one.officer for one in tracker.issued if one.cycle == cycle}
    again = [officer.title for officer in officers if officer.key in done]
    if again:
        raise WorkbookError(
            f"{cycle} was issued already to {'; '.join(again[:3])}{' and others' if len(again) > 3 else ''}. "
            "Give the next cycle its own name."
        )
    edits = hand_edits(tracker.entries, tracker.history, as_at=issued_on, cycle=tracker.cycle)
    path = template or COPY_TEMPLATE
    blank = read_bytes(path, "the copy template")
    copies = tuple(
        copies_of(tracker, officers, cycle=cycle, issued_on=issued_on, return_by=return_by, template=blank)
    )
    issued = tuple(Issued(cycle, copy.officer.key, copy.file, issued_on, return_by) for copy in copies)
    cycles = tracker.cycles
    if cycle not in [known.name for known in cycles]:
        cycles = (*cycles, Cycle(cycle, issued_on, return_by))
    book = _open(master, data)
    writing.append_history(book, tracker.plan, edits)
    writing.write_issued(book, tracker.plan, (*tracker.issued, *issued))
    writing.write_cycles(book, cycles)
    book.recalculate_on_load()
    recorded = book.to_bytes()
    with _all_or_none() as made:
        for number, copy in enumerate(copies, start=1):
            save_new(folder / copy.file, copy.data, what="the folder of copies")
            made.append(folder / copy.file)
            if progress:
                progress(number, len(copies))
        backup = save_master(master, recorded, now or datetime.now())
    written = {one.officer for one in issued}
    without = tuple(officer for officer in officers if officer.key not in written)
    return IssueResult(folder, issued, without, backup)


@_in_plain_words
def status(
    master: Path,
    returns: Sequence[Path],
    *,
    progress: Progress | None = None,
    limits: Limits | None = None,
    password_file: Path | None = None,
    ask: AskPassword | None = None,
) -> StatusResult:
    """Who has returned what in the latest cycle, and who has not. Nothing is written.

    The arguments are those of :func:`merge`.
    """
    _, tracker = _read(master)
    passwords = _passwords(password_file)
    found = harvest(returns, tracker, progress, limits=limits, passwords=passwords, ask=ask)
    asked = tuple(one for one in tracker.issued if one.cycle == tracker.cycle)
    return StatusResult(tracker.plan, tracker.cycle, found, asked)


@_in_plain_words
def merge(
    master: Path,
    returns: Sequence[Path] = (),
    *,
    as_at: date | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
    password_file: Path | None = None,
    ask: AskPassword | None = None,
    now: datetime | None = None,
) -> MergeResult:
    """Merge returned copies into the master, and settle what the manager chose on the Conflicts tab.

    ``returns`` are files and folders, zips and mails among them; with none, only settlements and the
    manager's own edits are taken up. ``limits`` bound what reading one file may take; ``password_file``
    has a password on each line, tried on protected workbooks, and ``ask`` is asked for another where none
    fits. ``as_at`` is the day the board looks at (default: today). With ``dry_run`` nothing is
    written, nor where files are given and none of them is a return. The master before is kept as a
    dated backup.
    """
    day = as_at or date.today()
    refuse_if_open(master)
    data, tracker = _read(master)
    passwords = _passwords(password_file)
    found = (
        harvest(returns, tracker, progress, limits=limits, passwords=passwords, ask=ask)
        if returns
        else Harvest((), (), ())
    )
    merged = merge_returns(
        tracker.plan,
        tracker.entries,
        tracker.history,
        found.returns,
        settlements=tracker.conflicts,
        as_at=day,
        cycle=tracker.cycle,
    )
    after = replace(
        tracker,
        entries=merged.entries,
        history=(*tracker.history, *merged.history),
        issued=_returned(tracker.issued, found.returns),
        conflicts=merged.conflicts,
        cycles=_merged_cycles(tracker.cycles, found.returns, day),
    )
    waiting = {change.change.cell.milestone or change.change.cell.ref for change in merged.conflicts}
    kept = (one for one in tracker.findings if is_of_returns(one.code) and not returns)
    of_returns = (*found.findings, *(one for one in kept if not is_settled(one, waiting)))
    reviewed = _review(after, day)
    findings = (*merged.findings, *of_returns, *reviewed.findings, *plan_findings(tracker.plan))
    book = _open(master, data)
    writing.write_entries(book, tracker, merged.entries)
    writing.append_history(book, tracker.plan, merged.history)
    writing.write_issued(book, tracker.plan, after.issued)
    writing.write_cycles(book, after.cycles)
    _write_review(book, after, reviewed, findings)
    nothing_met = bool(returns) and not found.returns
    written, backup = _save(master, data, book, after, dry_run=dry_run or nothing_met, now=now)
    return MergeResult(
        day,
        tracker.plan,
        found,
        merged.changes,
        merged.conflicts,
        merged.refusals,
        findings,
        reviewed,
        written,
        backup,
    )


@_in_plain_words
def review(master: Path, *, as_at: date | None = None, now: datetime | None = None) -> ReviewResult:
    """Judge milestones and ratings as at a day, and write the summary tabs and Checks of the master.

    The manager's own edits since the last merge are recorded in History. Ratings, commentary and
    milestones are never changed.
    """
    day = as_at or date.today()
    refuse_if_open(master)
    data, tracker = _read(master)
    edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
    after = replace(tracker, history=(*tracker.history, *edits))
    reviewed = _review(after, day)
    of_returns = (one for one in tracker.findings if is_of_returns(one.code))
    findings = (*of_returns, *reviewed.findings, *plan_findings(tracker.plan))
    book = _open(master, data)
    writing.append_history(book, tracker.plan, edits)
    _write_review(book, after, reviewed, findings)
    written, _ = _save(master, data, book, after, dry_run=False, now=now)
    return ReviewResult(tracker.plan, reviewed, findings, written)


@_in_plain_words
def history(master: Path, ref: str | None = None) -> HistoryResult:
    """Every change recorded in the master, or those of one action or milestone.

    Raises WorkbookError where neither the plan nor History has such a ref.
    """
    _, tracker = _read(master)
    if ref is None:
        return HistoryResult(tracker.plan, tracker.history)
    known = {action.ref for action in tracker.plan.actions} | {m.id for m in tracker.plan.milestones}
    known |= {name for change in tracker.history for name in (change.cell.ref, change.cell.milestone) if name}
    if ref not in known:
        raise WorkbookError(
            f"The plan has no action or milestone '{ref}'. Refs are written like 1.4 or 1.4.2."
        )
    changes = tuple(c for c in tracker.history if ref in (c.cell.ref, c.cell.milestone))
    return HistoryResult(tracker.plan, changes)


@_in_plain_words
def chase(master: Path, *, as_at: date | None = None) -> ChaseResult:
    """Who was sent a copy in the latest cycle and has not returned it. Nothing is written."""
    day = as_at or date.today()
    _, tracker = _read(master)
    silent = tuple(
        Silent(
            tracker.plan.officer(one.officer),
            one,
            tuple(action.ref for action in led_actions(tracker.plan, one.officer)),
            max(0, (day - one.return_by).days),
        )
        for one in tracker.issued
        if one.cycle == tracker.cycle and one.returned_on is None
    )
    return ChaseResult(day, silent)


@_in_plain_words
def board(master: Path, output: Path, *, as_at: date | None = None) -> BoardResult:
    """Review the master and print its board tabs, as LibreOffice shows them, to a PDF.

    Raises WorkbookError where LibreOffice is not installed, ``output`` is not a .pdf or cannot be
    written.
    """
    if output.suffix.casefold() != ".pdf":
        raise WorkbookError(f"The paper {output} is written as PDF; give it a name that ends in .pdf.")
    found = review(master, as_at=as_at)
    data, tracker = _read(master)
    print_tabs(data, output)
    return BoardResult(output, found.findings, len(tracker.conflicts))


@_in_plain_words
def undo(master: Path, *, now: datetime | None = None) -> Path:
    """Put the last backup in the master's place; the backup restored.

    The master as it is now is kept as a backup of its own, so that an undo can be undone. Raises
    WorkbookError where there is no backup.
    """
    refuse_if_open(master)
    read_bytes(master)
    backups = backups_of(master)
    if not backups:
        raise WorkbookError(f"There is no backup of {master}; nothing was merged into it yet.")
    save_master(master, read_bytes(backups[-1]), now or datetime.now())
    return backups[-1]


# --- the parts of a step ---------------------------------------------------------------------


def _passwords(file: Path | None) -> list[str]:
    """The passwords in a file, one a line."""
    if file is None:
        return []
    text = read_bytes(file, "the password file").decode("utf-8-sig", "replace")
    return [line for line in text.splitlines() if line.strip()]


def _read(master: Path) -> tuple[bytes, Tracker]:
    data = read_bytes(master)
    return data, tracker_from(Sheets(data, _open(master, data)), str(master))


def _open(path: Path, data: bytes) -> Workbook:
    try:
        return Workbook.open(data)
    except PackageError as error:
        raise WorkbookError(f"{path}: {error}") from error


def _officers(agreed: Plan, only: Sequence[str]) -> tuple[Officer, ...]:
    chosen = []
    for name in only:
        officer = match_officer(agreed.officers, name)
        if officer is None:
            titles = "; ".join(officer.title for officer in agreed.officers)
            raise WorkbookError(f"There is no officer '{name}' on the Officers tab. There are: {titles}.")
        chosen.append(officer)
    return tuple(dict.fromkeys(chosen)) or agreed.officers


@contextmanager
def _all_or_none() -> Iterator[list[Path]]:
    """A list for files as they are made; they go again if what follows fails."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _returned(issued: Sequence[Issued], returns: Sequence[Return]) -> tuple[Issued, ...]:
    """The Returns log with what these returns add: of each officer and cycle, the one saved last."""
    latest: dict[tuple[str, str], Return] = {}
    for one in sorted(returns, key=lambda one: (one.saved_at, one.sha256)):
        latest[one.officer, one.cycle] = one
    log = []
    for entry in issued:
        back = latest.get((entry.officer, entry.cycle))
        if back and (entry.returned_on is None or back.came_on >= entry.returned_on):
            entry = replace(
                entry,
                returned_on=back.came_on,
                returned_file="\n".join(filter(None, (Path(back.file).name, back.provenance))),
                recognised_by=back.recognised_by.value,
                signature=back.signature.value,
                edits=len(back.edits),
            )
        log.append(entry)
    return tuple(log)


def _merged_cycles(cycles: Sequence[Cycle], returns: Sequence[Return], day: date) -> tuple[Cycle, ...]:
    back = {one.cycle for one in returns}
    return tuple(replace(cycle, as_at=day) if cycle.name in back else cycle for cycle in cycles)


def _review(tracker: Tracker, day: date) -> Review:
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


def _write_review(book: Workbook, tracker: Tracker, found: Review, findings: Sequence[Finding]) -> None:
    writing.write_due_dates(book, tracker)
    writing.write_leads(book, tracker)
    writing.write_conflicts(book, tracker.plan, tracker.conflicts)
    writing.write_checks(book, findings)
    write_summaries(book, tracker.plan, found, rows=tracker.rows)
    book.recalculate_on_load()


def _milestone_rows(book: Workbook, agreed: Plan) -> dict[str, int]:
    """The worksheet row of each milestone of a plan that was just filled in."""
    first = book.tables["Milestones"].first_row
    return {milestone.id: row for row, milestone in enumerate(agreed.milestones, start=first)}


def _save(
    master: Path, before: bytes, book: Workbook, after: Tracker, *, dry_run: bool, now: datetime | None
) -> tuple[Path | None, Path | None]:
    """Save the master unless nothing changed in it: where it was written, and the backup."""
    data = book.to_bytes()
    _verify(data, after.plan, after.entries, len(after.history))
    if dry_run or data == before:
        return None, None
    return master, save_master(master, data, now or datetime.now())


def _verify(data: bytes, agreed: Plan, entries: Entries, changes: int) -> None:
    """Read back what is about to be saved: it must say what the records say, to the last entry."""
    made = tracker_from(Sheets(data), "the workbook about to be saved")
    said = {cell: text for cell, text in entries.items() if text}
    if made.entries != said or made.plan.actions != agreed.actions or len(made.history) != changes:
        raise WorkbookError(
            "The workbook about to be saved does not read back as it should; nothing was written. "
            "This is a fault of the tool: please report it, with the master and the returns."
        )
