"""The steps of the manager's quarter, one function each; the command line adds nothing to them.

Every step reads what it needs, works on records, and writes at the end, once, or not at all.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from lscb_workbook.board import print_tabs, write_summaries
from lscb_workbook.copies import COPY_TEMPLATE, copies_of, led_actions
from lscb_workbook.merge import as_it_stands, hand_edits, initial_history, open_findings
from lscb_workbook.merge import merge as merge_returns
from lscb_workbook.ooxml import PackageError, Workbook, without_known_rows
from lscb_workbook.ooxml.saving import holds, real_path, sweep
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding, is_kept, is_of_returns, is_settled
from lscb_workbook.plan.officers import match_officer
from lscb_workbook.plan.records import (
    Cell,
    Change,
    Cycle,
    Entries,
    Field,
    Finding,
    Issued,
    Officer,
    Plan,
)
from lscb_workbook.results import (
    BackupsResult,
    BoardResult,
    ChaseResult,
    HistoryResult,
    IssueResult,
    MergeResult,
    NewResult,
    ReviewResult,
    Silent,
    StatusResult,
    UndoResult,
)
from lscb_workbook.returns import AskPassword, Harvest, Limits, Return, harvest
from lscb_workbook.returns.urls import refuse_url
from lscb_workbook.review import Review
from lscb_workbook.review import review as review_plan
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.backups import KEEP, backup_folder, backups_of, one_back, tracker_id
from lscb_workbook.tracker.collecting import collecting_later
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes, tracker_from
from lscb_workbook.tracker.saving import Held, held, restore_master, save_master, save_new
from lscb_workbook.tracker.sheets import Sheets
from lscb_workbook.tracker.state import Tracker

__all__ = [
    "backups",
    "board",
    "chase",
    "history",
    "issue",
    "merge",
    "new",
    "plan",
    "review",
    "status",
    "undo",
]

_LONG_HISTORY = 2_000
"""Changes from which it is quicker to compare the bytes of History's rows than to read them back."""

Progress = Callable[[int, int], None]
P = ParamSpec("P")
R = TypeVar("R")


def _in_plain_words(step: Callable[P, R]) -> Callable[P, R]:
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
    _verify(data, agreed, entries, changes)
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
    keep: int = KEEP,
    progress: Progress | None = None,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> IssueResult:
    """Write each lead officer's copy for a cycle into ``folder`` and record it in the master.

    ``only`` names officers (title, key or alias); all who lead something where it is empty. ``keep`` is how
    many backups of the master stay; ``tell`` is told where another run must be waited for. Raises
    WorkbookError where the cycle was issued already, a name is unknown, another file is there under a
    copy's name, or something cannot be written; the master is then as it was. A copy that is there already
    and is just what would be written, as an issue that was cut short leaves it, is taken as it is.
    """
    with held(master, tell=tell) as file:
        return _issue(file, folder, cycle, issued_on, return_by, only, template, keep, progress, now)


def _issue(
    file: Held,
    folder: Path,
    cycle: str,
    issued_on: date,
    return_by: date,
    only: Sequence[str],
    template: Path | None,
    keep: int,
    progress: Progress | None,
    now: datetime | None,
) -> IssueResult:
    tracker, book = _tracker(file)
    if not cycle.strip():
        raise WorkbookError('The cycle needs a name, for example --cycle "2016-17 Q2".')
    if return_by < issued_on:
        raise WorkbookError(
            f"The return-by date {return_by:%d/%m/%Y} is before the issue date {issued_on:%d/%m/%Y}. Give a "
            "later one with --return-by, or the day of issue with --issued."
        )
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
    writing.append_history(book, tracker.plan, edits)
    writing.write_issued(book, tracker.plan, (*tracker.issued, *issued))
    writing.write_cycles(book, cycles)
    book.recalculate_on_load()
    recorded = book.to_bytes()
    _verify(recorded, tracker.plan, tracker.entries, (*tracker.history, *edits), (file.data, tracker.history))
    sweep(folder, [copy.file for copy in copies])
    with _all_or_none(file.path, recorded) as made:
        for number, copy in enumerate(copies, start=1):
            path = folder / copy.file
            if save_new(path, copy.data, what="the folder of copies", again=True):
                made.append(path)
            if progress:
                progress(number, len(copies))
        backup = save_master(file, recorded, now or datetime.now(), keep=keep)
    written = {one.officer for one in issued}
    without = tuple(officer for officer in officers if officer.key not in written)
    return IssueResult(folder, issued, without, backup)


@_in_plain_words
def status(
    master: Path,
    returns: Sequence[Path | str],
    *,
    progress: Progress | None = None,
    limits: Limits | None = None,
    password_file: Path | None = None,
    ask: AskPassword | None = None,
    executor: Executor | None = None,
    jobs: int | None = 1,
) -> StatusResult:
    """Who has returned what in the latest cycle, and who has not. Nothing is written.

    The arguments are those of :func:`merge`.
    """
    tracker = _read(master)
    passwords = _passwords(password_file)
    found = harvest(
        returns,
        tracker,
        progress,
        limits=limits,
        passwords=passwords,
        ask=ask,
        executor=executor,
        jobs=jobs,
    )
    asked = tuple(one for one in tracker.issued if one.cycle == tracker.cycle)
    return StatusResult(tracker.plan, tracker.cycle, found, asked)


@_in_plain_words
def merge(
    master: Path,
    returns: Sequence[Path | str] = (),
    *,
    as_at: date | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
    password_file: Path | None = None,
    ask: AskPassword | None = None,
    executor: Executor | None = None,
    jobs: int | None = 1,
    keep: int = KEEP,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> MergeResult:
    """Merge returned copies into the master, and settle what the manager chose on the Conflicts tab.

    ``returns`` are files and folders, zips and mails among them, and addresses (text, as
    ``s3://bucket/returns``); with none, only settlements and the manager's own edits are taken up. Workers
    of ``executor``, or else up to ``jobs`` processes (None: as many as there are cores), read returns where
    there are enough of them; the result does not depend on that. ``limits`` bound what reading one file
    may take; ``password_file`` has a password on each line, tried on protected workbooks, and ``ask`` is
    asked for another where none fits. ``as_at`` is the day the board looks at (default: today). With
    ``dry_run`` nothing is written, nor where files are given and none of them is a return. The master
    before is kept as a dated backup; the last ``keep`` of them stay. ``tell`` is told where another run
    must be waited for.
    """
    day = as_at or date.today()
    with held(master, tell=tell, to_read=dry_run) as file:
        tracker, book = _tracker(file)
        passwords = _passwords(password_file)
        found = (
            harvest(
                returns,
                tracker,
                progress,
                limits=limits,
                passwords=passwords,
                ask=ask,
                executor=executor,
                jobs=jobs,
            )
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
        counted = _counted(found.returns)
        after = replace(
            tracker,
            entries=merged.entries,
            history=(*tracker.history, *merged.history),
            issued=_returned(tracker.issued, counted),
            conflicts=merged.conflicts,
            cycles=_merged_cycles(tracker.cycles, counted, day),
        )
        waiting = {change.change.cell.milestone or change.change.cell.ref for change in merged.conflicts}
        kept = (one for one in tracker.findings if is_of_returns(one.code) and not returns)
        uncounted = () if counted or not found.returns else (_all_as_issued(found.returns),)
        of_returns = (*found.findings, *uncounted, *(one for one in kept if not is_settled(one, waiting)))
        reviewed = _review(after, day)
        findings = (*merged.findings, *of_returns, *reviewed.findings, *_standing(tracker))
        writing.write_entries(book, tracker, merged.entries)
        writing.append_history(book, tracker.plan, merged.history)
        writing.write_issued(book, tracker.plan, after.issued)
        writing.write_cycles(book, after.cycles)
        findings = _write_review(book, after, reviewed, findings)
        nothing_met = bool(returns) and not found.returns
        _, backup = _save(file, tracker, book, after, dry_run=dry_run or nothing_met, keep=keep, now=now)
    return MergeResult(
        day,
        tracker.plan,
        found,
        merged.changes,
        merged.conflicts,
        merged.refusals,
        findings,
        reviewed,
        file.path if backup else None,
        backup,
    )


@_in_plain_words
def review(
    master: Path,
    *,
    as_at: date | None = None,
    keep: int = KEEP,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> ReviewResult:
    """Judge milestones and ratings as at a day, and write the summary tabs and Checks of the master.

    The manager's own edits since the last merge are recorded in History. Ratings, commentary and
    milestones are never changed. ``keep`` and ``tell`` are those of :func:`merge`.
    """
    with held(master, tell=tell) as file:
        return _reviewed(file, as_at or date.today(), keep=keep, now=now)[0]


def _reviewed(
    file: Held, day: date, *, keep: int, now: datetime | None
) -> tuple[ReviewResult, Tracker, bytes]:
    """Review a master; the result, the tracker as it then is, and the workbook."""
    tracker, book = _tracker(file)
    edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
    conflicts = as_it_stands(tracker.conflicts, tracker.entries)
    after = replace(tracker, history=(*tracker.history, *edits), conflicts=conflicts)
    reviewed = _review(after, day)
    of_returns = (one for one in tracker.findings if is_of_returns(one.code))
    findings = (*open_findings(conflicts), *of_returns, *reviewed.findings, *_standing(tracker))
    writing.append_history(book, tracker.plan, edits)
    findings = _write_review(book, after, reviewed, findings)
    data, backup = _save(file, tracker, book, after, dry_run=False, keep=keep, now=now)
    written = file.path if backup else None
    return ReviewResult(tracker.plan, reviewed, findings, written, backup), after, data


@_in_plain_words
def history(master: Path, ref: str | None = None) -> HistoryResult:
    """Every change recorded in the master, or those of one action or milestone.

    Raises WorkbookError where neither the plan nor History has such a ref.
    """
    tracker = _read(master)
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
    tracker = _read(master)
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
    return ChaseResult(day, silent, bool(tracker.issued))


@_in_plain_words
def board(
    master: Path,
    output: Path,
    *,
    as_at: date | None = None,
    keep: int = KEEP,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> BoardResult:
    """Review the master and print its board tabs, as LibreOffice shows them, to a PDF.

    ``keep`` and ``tell`` are those of :func:`merge`. Raises WorkbookError where LibreOffice is not
    installed, ``output`` is not a .pdf or cannot be written.
    """
    if output.suffix.casefold() != ".pdf":
        raise WorkbookError(f"The paper {output} is written as PDF; give it a name that ends in .pdf.")
    with held(master, tell=tell) as file:
        found, tracker, data = _reviewed(file, as_at or date.today(), keep=keep, now=now)
    try:
        print_tabs(data, output)
    except PackageError as error:
        raise WorkbookError(f"{error} The master itself was reviewed and saved.") from error
    return BoardResult(output, found.findings, len(tracker.conflicts))


@_in_plain_words
def backups(master: Path) -> BackupsResult:
    """The masters before each change that are kept, and which of them :func:`undo` goes back to."""
    data, path = read_bytes(master), real_path(master)
    kept = backups_of(path)
    return BackupsResult(master, tuple(reversed(kept)), one_back(kept, data))


@_in_plain_words
def undo(
    master: Path, *, to: Path | None = None, tell: Tell | None = None, now: datetime | None = None
) -> UndoResult:
    """Put the master back as it was before the last change; once more, and it goes one further back.

    ``to`` names another backup to go to, newer or older: its path, or just its name. The master as it is
    now is kept as a backup of its own, and none is removed. Raises WorkbookError where there is none to
    go back to, or it does not hold this tracker.
    """
    with held(master, tell=tell) as file:
        chosen = _chosen(file, to)
        data = read_bytes(chosen, "the backup")
        if data == file.data:
            raise WorkbookError(f"{file.path} is as in {chosen} already. Nothing was changed.")
        found, own = tracker_from(Sheets(data, _open(chosen, data)), str(chosen)).id, tracker_id(file.data)
        if own not in (found, None):
            raise WorkbookError(
                f"{chosen} is of another tracker than {file.path}, so it was not put in its place. Choose "
                "another with --to; lscb-workbook backups lists them. Nothing was changed."
            )
        known = (one for one in backups_of(file.path) if one.path.samefile(chosen))
        until = next((one.until for one in known), None)
        return UndoResult(file.path, chosen, until, restore_master(file, data, now or datetime.now()))


# --- the parts of a step ---------------------------------------------------------------------


def _passwords(file: Path | None) -> list[str]:
    """The passwords in a file, one a line."""
    if file is None:
        return []
    text = read_bytes(file, "the password file").decode("utf-8-sig", "replace")
    return [line for line in text.splitlines() if line.strip()]


def _chosen(file: Held, to: Path | None) -> Path:
    """The backup to go to: the one asked for, or the one before the last change."""
    if to:
        beside = backup_folder(file.path) / to
        return beside if beside.exists() else to
    kept = backups_of(file.path)
    before = one_back(kept, file.data)
    if before:
        return before.path
    raise WorkbookError(
        f"{file.path} is as in its oldest backup, so there is nothing to go back to. To go to a newer one: "
        "undo with --to; lscb-workbook backups lists them. Nothing was changed."
        if kept
        else f"There is no backup of {file.path}: no command has changed it yet, so nothing can be undone."
    )


def _tracker(file: Held) -> tuple[Tracker, Workbook]:
    """What a master holds, and its workbook, to be filled."""
    book = _open(file.path, file.data)
    return tracker_from(Sheets(file.data, book), str(file.path)), book


def _read(master: Path) -> Tracker:
    return _tracker(Held(master, read_bytes(master)))[0]


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
def _all_or_none(master: Path, recorded: bytes) -> Iterator[list[Path]]:
    """A list for files as they are made; if what follows fails they go again, unless the master has them."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        if not holds(master, recorded):
            for path in made:
                with suppress(OSError):
                    path.unlink()
        raise


def _counted(returns: Sequence[Return]) -> Sequence[Return]:
    """The returns that count as such: none where all are copies as issued, for that is what the folder of
    copies looks like."""
    return () if len(returns) > 1 and all(one.as_issued for one in returns) else returns


def _all_as_issued(returns: Sequence[Return]) -> Finding:
    return finding("returns-all-as-issued", count=len(returns))


def _returned(issued: Sequence[Issued], returns: Sequence[Return]) -> tuple[Issued, ...]:
    """The Returns log with what these returns add: of each officer and cycle, the one saved last. A copy as
    it was issued never takes the place of one that somebody saved."""
    latest: dict[tuple[str, str], Return] = {}
    for one in sorted(returns, key=lambda one: (not one.as_issued, one.saved_at, one.sha256)):
        latest[one.officer, one.cycle] = one
    log = []
    for entry in issued:
        back = latest.get((entry.officer, entry.cycle))
        if back and (entry.returned_on is None or not (back.as_issued or _is_earlier(back, entry))):
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


def _is_earlier(back: Return, entry: Issued) -> bool:
    """Whether a return came before the one that the log has, which said something."""
    return bool(entry.edits) and entry.returned_on is not None and back.came_on < entry.returned_on


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


@collecting_later()
def _standing(tracker: Tracker) -> tuple[Finding, ...]:
    """The findings that no step makes or takes away: of the plan, and those kept for the manager."""
    kept = (one for one in tracker.findings if is_kept(one.code))
    return (*plan_findings(tracker.plan), *kept)


def _write_review(
    book: Workbook, tracker: Tracker, found: Review, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Write what the review found; all findings, those about the manager's remarks among them."""
    writing.write_due_dates(book, tracker)
    writing.write_leads(book, tracker)
    writing.write_conflicts(book, tracker.plan, tracker.conflicts)
    write_summaries(book, tracker.plan, found, rows=tracker.rows)
    said = writing.write_checks(book, findings)
    book.recalculate_on_load()
    return said


def _milestone_rows(book: Workbook, agreed: Plan) -> dict[str, int]:
    """The worksheet row of each milestone of a plan that was just filled in."""
    first = book.tables["Milestones"].first_row
    return {milestone.id: row for row, milestone in enumerate(agreed.milestones, start=first)}


@collecting_later()
def _save(
    file: Held,
    before: Tracker,
    book: Workbook,
    after: Tracker,
    *,
    dry_run: bool,
    keep: int,
    now: datetime | None,
) -> tuple[bytes, Path | None]:
    """Save the master unless nothing changed in it: the workbook, and the backup where it was saved."""
    data = book.to_bytes()
    _verify(data, after.plan, after.entries, after.history, (file.data, before.history))
    if dry_run or data == file.data:
        return data, None
    return data, save_master(file, data, now or datetime.now(), keep=keep)


def _verify(
    data: bytes,
    agreed: Plan,
    entries: Entries,
    history: Sequence[Change],
    before: tuple[bytes, Sequence[Change]] | None = None,
) -> None:
    """Read back what is about to be saved: it must say what the records say, to the last entry and change.

    ``before`` is the master that it takes the place of, and its History, which must all be in ``history``.
    """
    master, known = before or (b"", ())
    long = len(known) >= _LONG_HISTORY
    rest, shortened = without_known_rows(data, master, "History") if long else (data, False)
    sheets, name = Sheets(rest), "the workbook about to be saved"
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
