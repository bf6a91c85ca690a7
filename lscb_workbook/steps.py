"""The steps of the manager's quarter, one function each; the command line adds nothing to them.

Every step reads what it needs, works on records, and writes at the end, once, or not at all.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from lscb_workbook.board import (
    Format,
    Front,
    make_paper,
    missing_tabs,
    paper_files,
    print_tabs,
    refuse_written_over,
    write_paper,
    write_summaries,
)
from lscb_workbook.copies import COPY_TEMPLATE, copies_of, led_actions
from lscb_workbook.copies.protecting import KeptPasswords, passwords_for, protected
from lscb_workbook.copies.rows import led_milestones
from lscb_workbook.merge import as_it_stands, hand_edits, initial_history, open_findings
from lscb_workbook.merge import merge as merge_returns
from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.ooxml.saving import holds, real_path, sweep
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding, is_kept, is_of_returns, is_of_settling, is_settled
from lscb_workbook.plan.officers import match_officer
from lscb_workbook.plan.records import (
    Cell,
    Change,
    Cycle,
    Decision,
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
    CalendarResult,
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
from lscb_workbook.returns.imap_address import is_mailbox
from lscb_workbook.returns.places import Place
from lscb_workbook.returns.urls import refuse_url
from lscb_workbook.review import Review
from lscb_workbook.review import review as review_plan
from lscb_workbook.review.past import as_it_stood, is_past
from lscb_workbook.review.wording import counted, written
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.agreed import recorded, typed_findings, typed_over_formulas
from lscb_workbook.tracker.backups import (
    KEEP,
    Backup,
    Unfit,
    backup_folder,
    backups_of,
    one_back,
    same_as,
    tracker_id,
    unfit,
)
from lscb_workbook.tracker.collecting import collecting_later
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes, tracker_from
from lscb_workbook.tracker.saving import (
    Held,
    held,
    is_there,
    refuse_long_name,
    restore_master,
    save_again,
    save_master,
    save_new,
)
from lscb_workbook.tracker.sheets import Sheets
from lscb_workbook.tracker.state import Tracker
from lscb_workbook.tracker.unread import refuse_hidden, unread_findings

if TYPE_CHECKING:
    from lscb_workbook.post.chasing import Chasing
    from lscb_workbook.post.letters import Letter
    from lscb_workbook.post.outbox import Mailing, Outbox, Posted
    from lscb_workbook.returns.imap_server import Access
    from lscb_workbook.returns.mailbox import Marked

__all__ = [
    "backups",
    "board",
    "calendar",
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
    refuse_long_name(output)
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
    protect: bool = False,
    mailing: Mailing | None = None,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> IssueResult:
    """Write each lead officer's copy for a cycle into ``folder`` and record it in the master.

    ``only`` names officers (title, key or alias); all who lead something where it is empty. ``keep`` is how
    many backups of the master stay; ``tell`` is told where another run must be waited for. Raises
    WorkbookError where the cycle was issued already, a name is unknown, another file is there under a
    copy's name, or something cannot be written; the master is then as it was. A copy that is there already
    and is just what would be written, as an issue that was cut short leaves it, is taken as it is. With
    ``protect`` each copy is encrypted with a password of its officer's own, kept in this computer's keyring.
    With ``mailing`` each officer gets a letter with the copy once it is recorded. Where all this was
    recorded before, the letters alone go out, with the copies in ``folder``: so a run that was cut off is
    gone on with.
    """
    with held(master, tell=tell) as file:
        made, letters, outbox = _issue(
            file, folder, cycle, issued_on, return_by, only, template, keep, progress, now, protect, mailing
        )
    done = "The copies are written and the issue is recorded; only letters are missing: run this again."
    return replace(made, posted=_posted(outbox, letters, file.path, tell, done))


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
    protect: bool,
    mailing: Mailing | None,
) -> tuple[IssueResult, tuple[Letter, ...], Outbox | None]:
    tracker, sheets = _tracker(file)
    book = sheets.book
    if not cycle.strip():
        raise WorkbookError('The cycle needs a name, for example --cycle "2016-17 Q2".')
    if return_by < issued_on:
        raise WorkbookError(
            f"The return-by date {return_by:%d/%m/%Y} is before the issue date {issued_on:%d/%m/%Y}. Give a "
            "later one with --return-by, or the day of issue with --issued."
        )
    officers = _officers(tracker.plan, only)
    outbox = _outbox(mailing, tracker, issued_on)
    done = {one.officer: one for one in tracker.issued if one.cycle == cycle}
    for one in done.values():
        if one.return_by != return_by:
            raise WorkbookError(
                f"{cycle} was issued to be back by {one.return_by:%d/%m/%Y}, not {return_by:%d/%m/%Y}. Give "
                "that day with --return-by, or another cycle its own name. Nothing was changed."
            )
    if outbox and done and all(one.key in done or not _leads(tracker.plan, one) for one in officers):
        issued = tuple(done[one.key] for one in officers if one.key in done)
        there = _issued_copies(folder, issued, tracker)
        if protect and any(data.startswith(b"PK") for _, data in there):
            raise WorkbookError(
                f"{cycle} was issued without passwords, so its copies cannot go out protected. Leave out "
                "--protect, or give the cycle another name. Nothing was sent."
            )
        letters = _issue_letters(outbox, tracker, there, issued_on)
        kept = (
            passwords_for(tracker.id, cycle, [one for one in officers if one.key in done]) if protect else {}
        )
        return IssueResult(folder, tracker.plan, issued, (), None, kept), letters, outbox
    again = [officer.title for officer in officers if officer.key in done]
    if again:
        raise WorkbookError(
            f"{cycle} was issued already to {'; '.join(again[:3])}{' and others' if len(again) > 3 else ''}. "
            "Give the next cycle its own name; to issue this one to others, name them with --officer."
        )
    edits = hand_edits(tracker.entries, tracker.history, as_at=issued_on, cycle=tracker.cycle)
    path = template or COPY_TEMPLATE
    blank = read_bytes(path, "the copy template")
    copies = tuple(
        copies_of(tracker, officers, cycle=cycle, issued_on=issued_on, return_by=return_by, template=blank)
    )
    passwords: Mapping[str, str] = {}
    if protect:
        passwords = passwords_for(tracker.id, cycle, [copy.officer for copy in copies])
        copies = tuple(protected(copies, passwords, lambda copy: _earlier(folder / copy.file)))
    issued = tuple(Issued(cycle, copy.officer.key, copy.file, issued_on, return_by) for copy in copies)
    cycles = tracker.cycles
    if cycle not in [known.name for known in cycles]:
        cycles = (*cycles, Cycle(cycle, issued_on, return_by))
    writing.set_right(book, tracker)
    writing.append_history(book, tracker.plan, edits)
    writing.write_issued(book, tracker.plan, (*tracker.issued, *issued))
    writing.write_cycles(book, cycles)
    book.recalculate_on_load()
    recorded = book.to_bytes()
    _verify(recorded, tracker.plan, tracker.entries, (*tracker.history, *edits), (sheets, tracker.history))
    files = ((one, copy.data) for one, copy in zip(issued, copies, strict=True))
    letters = _issue_letters(outbox, tracker, files, issued_on) if outbox else ()
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
    return IssueResult(folder, tracker.plan, issued, without, backup, passwords), letters, outbox


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
    access: Access | None = None,
) -> StatusResult:
    """Who has returned what in the latest cycle, and who has not. Nothing is written.

    The arguments are those of :func:`merge`.
    """
    tracker = _read(master)
    with _opened(returns, access) as places:
        found = _harvested(places, tracker, progress, limits, password_file, ask, executor, jobs)
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
    access: Access | None = None,
    move: str = "",
    receipts: Mailing | None = None,
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
    must be waited for. ``access`` says how mailboxes (``imaps://ann@mail.board.org/Returns``) are reached;
    messages whose returns are merged are moved to their folder ``move``, where one is given. With
    ``receipts`` each officer whose return was merged is told what became of every cell of it.
    """
    day = as_at or date.today()
    places: Sequence[Path | str | Place] = ()
    with held(master, tell=tell, to_read=dry_run) as file:
        tracker, sheets = _tracker(file)
        book = sheets.book
        found = Harvest((), (), ())
        if returns:
            with _opened(returns, access) as places:
                found = _harvested(places, tracker, progress, limits, password_file, ask, executor, jobs)
        merged = merge_returns(
            tracker.plan,
            tracker.entries,
            tracker.history,
            found.returns,
            settlements=tracker.conflicts,
            as_at=day,
            cycle=tracker.cycle,
        )
        typed = recorded(tracker.plan, tracker.typed, as_at=day, cycle=tracker.cycle)
        counted = _counted(found.returns)
        after = replace(
            tracker,
            entries=merged.entries,
            history=(*tracker.history, *merged.history, *typed),
            issued=_returned(tracker.issued, counted),
            conflicts=merged.conflicts,
            cycles=_merged_cycles(tracker.cycles, counted, day),
        )
        waiting = {change.change.cell.milestone or change.change.cell.ref for change in merged.conflicts}
        kept = (one for one in tracker.findings if is_of_returns(one.code) and not returns)
        uncounted = () if counted or not found.returns else (_all_as_issued(found.returns),)
        if tracker.as_at and day < tracker.as_at and merged.history:
            facts = {"day": written(day), "stood": written(tracker.as_at)}
            uncounted = (*uncounted, finding("merged-before-as-at", **facts))
        of_returns = (*found.findings, *uncounted, *(one for one in kept if not is_settled(one, waiting)))
        reviewed = _review(after, day)
        findings = (*merged.findings, *of_returns, *reviewed.findings, *_standing(tracker))
        writing.write_entries(book, tracker, merged.entries)
        writing.append_history(book, tracker.plan, (*merged.history, *typed))
        writing.write_issued(book, tracker.plan, after.issued)
        writing.write_cycles(book, after.cycles)
        findings = _write_review(book, after, reviewed, findings)
        nothing_met = bool(returns) and not found.returns
        outbox = None if dry_run or nothing_met else _outbox(receipts, tracker, day)
        letters = _receipt_letters(outbox, after, found.returns) if outbox else ()
        _, backup = _save(file, tracker, sheets, after, dry_run=dry_run or nothing_met, keep=keep, now=now)
    # Only now that it is saved.
    marked = _moved(places, found, access, move) if move and not (dry_run or nothing_met) else None
    done = "The master was merged and saved; only receipts are missing: run the same command again."
    posted = _posted(outbox, letters, file.path, tell, done)
    return MergeResult(
        day,
        tracker.plan,
        found,
        (*merged.changes, *(one for one in typed if one.decision is not Decision.REFUSED)),
        merged.conflicts,
        (*merged.refusals, *(one for one in typed if one.decision is Decision.REFUSED)),
        findings,
        reviewed,
        file.path if backup else None,
        backup,
        marked,
        posted,
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
    milestones are never changed. As at a day that the tracker has moved on from it is made out of History,
    and nothing is written. ``keep`` and ``tell`` are those of :func:`merge`.
    """
    day = as_at or date.today()
    if _has_moved_on(master, day):
        with held(master, to_read=True) as file:
            return _looked_back(file, day)[0]
    with held(master, tell=tell) as file:
        return _reviewed(file, day, keep=keep, now=now)[0]


def _reviewed(
    file: Held, day: date, *, keep: int, now: datetime | None
) -> tuple[ReviewResult, Tracker, bytes]:
    """Review a master; the result, the tracker as it then is, and the workbook."""
    tracker, sheets = _tracker(file)
    book = sheets.book
    edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
    edits = (*edits, *recorded(tracker.plan, tracker.typed, as_at=day, cycle=tracker.cycle))
    conflicts = as_it_stands(tracker.conflicts, tracker.entries)
    after = replace(tracker, history=(*tracker.history, *edits), conflicts=conflicts)
    reviewed = _review(after, day)
    kept = (
        one for one in tracker.findings if is_of_returns(one.code) or (conflicts and is_of_settling(one.code))
    )
    findings = (*open_findings(conflicts), *kept, *reviewed.findings, *_standing(tracker))
    writing.append_history(book, tracker.plan, edits)
    findings = _write_review(book, after, reviewed, findings)
    data, backup = _save(file, tracker, sheets, after, dry_run=False, keep=keep, now=now)
    written = file.path if backup else None
    made = ReviewResult(tracker.plan, reviewed, findings, written, backup, recorded=len(edits))
    return made, after, data


def _unrecorded(edits: Sequence[Change], stands: date) -> Finding:
    """That what was typed into the tracker since it was last recorded is not in what it was before."""
    rows = dict.fromkeys(one.cell.milestone or one.cell.ref for one in edits)
    count = counted(len(edits), "cell was", "cells were")
    return finding("edits-not-recorded", count=count, rows=", ".join(rows), stands=written(stands))


def _has_moved_on(master: Path, day: date) -> bool:
    """Whether a master no longer is what it was at the end of a day."""
    refuse_long_name(master)
    return is_past(_read(master), day)


def _looked_back(file: Held, day: date) -> tuple[ReviewResult, Tracker, bytes]:
    """Review a master as it stood at an earlier day; the result, the tracker as it then was, and a workbook
    whose tabs say so. The master itself stays as it is."""
    tracker, sheets = _tracker(file)
    then = as_it_stood(tracker, day)
    found = _review(then, day)
    edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
    unrecorded = () if not edits else (_unrecorded(edits, tracker.as_at or day),)
    findings = (*unrecorded, *open_findings(then.conflicts), *found.findings, *plan_findings(then.plan))
    writing.write_entries(sheets.book, tracker, then.entries)
    writing.write_issued(sheets.book, then.plan, then.issued)
    writing.write_cycles(sheets.book, then.cycles)
    findings = _write_review(sheets.book, then, found, findings)
    return ReviewResult(then.plan, found, findings, None, None, past=True), then, sheets.book.to_bytes()


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
def chase(
    master: Path,
    returns: Sequence[Path | str] = (),
    *,
    as_at: date | None = None,
    nation: str = "England",
    reminders: Sequence[int] | None = None,
    escalation: int | None = None,
    mailing: Mailing | None = None,
    tell: Tell | None = None,
) -> ChaseResult:
    """Who is to be reminded on a day of their copy of the latest cycle, and of what.

    ``reminders`` and ``escalation`` are working days from the day to return by, before it where negative: of
    the letters to the officer, and of the one to the officer's manager. Working days are those of ``nation``.
    ``returns`` are files that came back and are not merged yet: whoever sent one is not written to. With
    ``mailing`` the letters go out. The master is not changed.
    """
    from lscb_workbook.post.chasing import chases
    from lscb_workbook.post.handover import contacts_of
    from lscb_workbook.post.journal import read_journal
    from lscb_workbook.post.stages import Schedule, past_chases
    from lscb_workbook.post.workdays import nation_named

    day = as_at or date.today()
    tracker = _read(master)
    came = _came_back(returns, tracker) if returns else frozenset[str]()
    awaited = tuple(one for one in tracker.issued if one.cycle != tracker.cycle or one.officer not in came)
    tracker = replace(tracker, issued=awaited)
    usual, path = Schedule(), real_path(master)
    chasing = chases(
        tracker,
        _review(tracker, day),
        today=day,
        nation=nation_named(nation),
        contacts=contacts_of(tracker.plan.officers),
        past=past_chases(read_journal(path), sending_on=day if mailing and mailing.server else None),
        schedule=Schedule(
            usual.reminders if reminders is None else tuple(reminders),
            usual.escalation if escalation is None else escalation,
        ),
    )
    posted = None
    if outbox := _outbox(mailing, tracker, day):
        posted = outbox.post(_chase_letters(outbox, chasing), path, tell=tell)
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
    unmerged = tuple(tracker.plan.officer(key) for key in sorted(came))
    return ChaseResult(day, silent, bool(tracker.issued or came), chasing, posted, unmerged)


def _came_back(returns: Sequence[Path | str], tracker: Tracker) -> frozenset[str]:
    """The officers, by key, of whom these files hold a return of the latest cycle that is not merged yet."""
    found = _harvested(returns, tracker, None, None, None, None, None, 1)
    known = {one.officer for one in tracker.issued if one.cycle == tracker.cycle and one.returned_on is None}
    back = {one.officer for one in found.returns if one.cycle == tracker.cycle and not one.as_issued}
    return frozenset(back & known)


@_in_plain_words
def calendar(master: Path, folder: Path, *, as_at: date | None = None) -> CalendarResult:
    """Write calendars (.ics) of meetings, return-by days and milestones: the manager's, and each officer's.

    A calendar that is there is made anew; the same master and day give the same bytes. The master is not
    changed.
    """
    from lscb_workbook.post.calendars import manager_calendar, officer_calendars
    from lscb_workbook.post.handover import contacts_of, successors

    day = as_at or date.today()
    tracker = _read(master)
    plan, states = tracker.plan, _review(tracker, day).milestones
    heirs = successors(plan.officers, contacts_of(plan.officers))
    made = (
        manager_calendar(tracker.id, plan, states, cycles=tracker.cycles, issued=tracker.issued, as_at=day),
        *officer_calendars(tracker.id, plan, states, issued=tracker.issued, as_at=day, heirs=heirs),
    )
    files = []
    for one in made:
        path = folder / one.name
        save_again(path, one.data)
        files.append(path)
    return CalendarResult(tuple(files))


@_in_plain_words
def board(
    master: Path,
    output: Path,
    *,
    as_at: date | None = None,
    front: Front | None = None,
    public: bool = False,
    pdf: bool = False,
    html: bool = False,
    tabs: bool = False,
    template: Path | None = None,
    replace_files: bool = False,
    keep: int = KEEP,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> BoardResult:
    """Review the master and write the board's paper, as Word (.docx), PDF or web page (.html) by the ending
    of ``output``; ``pdf`` and ``html`` write these beside it as well.

    ``front`` is what the manager gives of the front matter. With ``public`` no officer below head of service
    is named, and no text that may hold personal data is given. With ``tabs`` the board tabs of the master are
    printed to a PDF instead. ``template`` is a board's own Word template. Files that are there are written
    over only with ``replace_files``. As at a day that the tracker has moved on from, the paper is made out of
    History, and the master stays as it is. ``keep`` and ``tell`` are those of :func:`merge`. Raises
    WorkbookError where LibreOffice is needed and not installed, or a file cannot be written.
    """
    formats = _formats(output, pdf=pdf, html=html, tabs=tabs, public=public)
    targets = paper_files(output, formats)
    path = real_path(master)
    others = (master, path, *(one.path for one in backups_of(path)), *([template] if template else []))
    refuse_written_over(targets, others, replace=replace_files)
    own = read_bytes(template, "the Word template") if template else None
    day = as_at or date.today()
    if past := _has_moved_on(master, day):
        with held(master, to_read=True) as file:
            found, tracker, data = _looked_back(file, day)
    else:
        with held(master, tell=tell) as file:
            found, tracker, data = _reviewed(file, day, keep=keep, now=now)
    left_out: tuple[str, ...] = ()
    try:
        if tabs:
            print_tabs(data, output)
            files: tuple[Path, ...] = (output,)
        else:
            paper = make_paper(tracker.plan, found.review, front, public=public)
            files, left_out = write_paper(paper, targets, template=own), paper.left_out
    except (PackageError, WorkbookError) as error:
        done = "The master itself stays as it was." if past else "The master itself was reviewed and saved."
        raise WorkbookError(f"{error} {done}") from error
    return BoardResult(files, found.findings, len(tracker.conflicts), past, left_out, found.recorded)


def _formats(output: Path, *, pdf: bool, html: bool, tabs: bool, public: bool) -> tuple[Format, ...]:
    """What a paper is to be written as. Raises WorkbookError where that cannot be."""
    kinds = {kind.value: kind for kind in Format}
    kind = kinds.get(output.suffix.casefold())
    if kind is None:
        raise WorkbookError(
            f"The paper {output} can be written as Word, PDF or web page; give it a name that ends in .docx, "
            ".pdf or .html."
        )
    if tabs and (kind is not Format.PDF or html):
        raise WorkbookError(f"The tabs are printed as PDF alone; give {output} a name that ends in .pdf.")
    if tabs and public:
        raise WorkbookError(
            "The tabs name every officer and hold all that was written, so they have no public version. "
            "Leave out --tabs for the public version of the paper, or leave out --public."
        )
    more = [Format.PDF] * pdf + [Format.WEB] * html
    return (kind, *more)


@_in_plain_words
def backups(master: Path) -> BackupsResult:
    """The masters before each change that are kept, and which of them :func:`undo` goes back to."""
    data, path = read_bytes(master), real_path(master)
    kept, owner = backups_of(path), tracker_id(data)
    faults = {one.path: fault for one in kept if (fault := unfit(one.path, owner))}
    before = one_back(kept, data, lambda one: _fits(one, owner, faults))
    return BackupsResult(master, backup_folder(path), tuple(reversed(kept)), before, faults)


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
        chosen, passed_over = _chosen(file, to)
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
        kept = restore_master(file, data, now or datetime.now())
        return UndoResult(file.path, chosen, until, kept, passed_over)


# --- the parts of a step ---------------------------------------------------------------------


def _outbox(mailing: Mailing | None, tracker: Tracker, day: date) -> Outbox | None:
    """What letters of a step go out by; None where none are to."""
    if mailing is None:
        return None
    from lscb_workbook.post.outbox import Outbox  # templates and mail take a while to load

    return Outbox(mailing, tracker, day)


def _posted(
    outbox: Outbox | None, letters: Sequence[Letter], master: Path, tell: Tell | None, done: str
) -> Posted | None:
    """Post the letters of a step that is ``done``: where they cannot go out, the result says so and why."""
    if outbox is None:
        return None
    from lscb_workbook.post.outbox import Posted

    try:
        return outbox.post(letters, master, tell=tell)
    except (WorkbookError, PackageError) as error:
        said = str(error)
        for end in (" Nothing was changed.", " Nothing more was sent.", " Nothing was sent."):
            said = said.removesuffix(end)
        return Posted(None, (), failed=f"{said} {done}")


def _issued_copies(folder: Path, issued: Sequence[Issued], tracker: Tracker) -> list[tuple[Issued, bytes]]:
    """The copies that were issued, out of the folder that they were written to: each that officer's, signed,
    and as it was issued. Raises WorkbookError where another file lies there, before any letter goes out."""
    for one in issued:
        if Path(one.file).name != one.file or not is_there(folder / one.file):
            raise WorkbookError(
                f"{one.cycle} was issued before, and {one.file} is not in {folder}. Give the folder that its "
                "copies were written to. Nothing was sent."
            )
    files = [folder / one.file for one in issued]
    found = _harvested(files, tracker, None, None, None, None, None, 1)
    known = {
        Path(back.file).name: (back.officer, back.cycle)
        for back in found.returns
        if back.as_issued and not back.doubt
    }
    for one in issued:
        if known.get(one.file) != (one.officer, one.cycle):
            title = tracker.plan.officer(one.officer).title
            raise WorkbookError(
                f"{folder / one.file} is not the copy of {one.cycle} as it was issued to {title}: it is "
                "somebody else's, was filled in, or is no copy. Put the right file there. Nothing was sent."
            )
    return [(one, read_bytes(path, "the copy")) for one, path in zip(issued, files, strict=True)]


def _leads(agreed: Plan, officer: Officer) -> bool:
    """Whether a copy is an officer's at all."""
    return bool(led_actions(agreed, officer.key) or led_milestones(agreed, officer.key))


def _issue_letters(
    outbox: Outbox, tracker: Tracker, files: Iterable[tuple[Issued, bytes]], day: date
) -> tuple[Letter, ...]:
    """The letters that copies go out with."""
    from lscb_workbook.post.asking import issue_letters
    from lscb_workbook.post.letters import Attachment

    found = _review(tracker, day)
    letters: list[Letter] = []
    for one, data in files:
        letters += issue_letters(
            tracker.plan,
            [(tracker.plan.officer(one.officer), Attachment(one.file, data))],
            outbox.occasion(Cycle(one.cycle, one.issued_on, one.return_by)),
            ratings=found.ratings,
            states=found.milestones,
            templates=outbox.templates,
            protected=not data.startswith(b"PK"),
            history=tracker.history,
        )
    return tuple(letters)


def _receipt_letters(outbox: Outbox, after: Tracker, returns: Sequence[Return]) -> tuple[Letter, ...]:
    """What became of each return, to whoever sent it."""
    from lscb_workbook.post.handover import contacts_of, successors
    from lscb_workbook.post.letters import Kind, letter
    from lscb_workbook.post.receipts import receipts

    plan = after.plan
    cycles = {cycle.name: cycle for cycle in after.cycles}
    heirs = successors(plan.officers, contacts_of(plan.officers))
    return tuple(
        letter(
            Kind.RECEIPT,
            one.officer,
            outbox.occasion(cycles.get(one.cycle) or Cycle(one.cycle, one.received, one.received)),
            one.facts,
            templates=outbox.templates,
            number=one.number,
        )
        for one in receipts(plan, returns, after.history, after.entries, heirs=heirs)
    )


def _chase_letters(outbox: Outbox, chasing: Chasing) -> tuple[Letter, ...]:
    """The reminders that are due, and the letters to officers' managers."""
    from lscb_workbook.post.letters import Kind, Sender, letter

    if chasing.cycle is None:
        return ()
    letters = []
    for one in chasing.chases:
        manager = Sender(f"The manager of {one.officer.title}", one.to)
        letters.append(
            letter(
                one.kind,
                one.officer,
                outbox.occasion(chasing.cycle),
                one.facts,
                templates=outbox.templates,
                number=one.number,
                addressee=manager if one.kind is Kind.ESCALATION else None,
            )
        )
    return tuple(letters)


@contextmanager
def _opened(returns: Sequence[Path | str], access: Access | None) -> Iterator[Sequence[Path | str | Place]]:
    """The places of returns, with the messages of a mailbox in place of its address."""
    if not any(map(is_mailbox, returns)):
        yield returns
        return
    from lscb_workbook.returns.imap_server import Access
    from lscb_workbook.returns.mailbox import mailboxes

    with mailboxes(returns, access or Access()) as places:
        yield places


def _moved(places: Sequence[Path | str | Place], found: Harvest, access: Access | None, move: str) -> Marked:
    from lscb_workbook.returns.imap_server import Access
    from lscb_workbook.returns.mailbox import mark, merged_messages

    return mark(merged_messages(places, found), access or Access(), move)


def _harvested(
    returns: Sequence[Path | str | Place],
    tracker: Tracker,
    progress: Progress | None,
    limits: Limits | None,
    password_file: Path | None,
    ask: AskPassword | None,
    executor: Executor | None,
    jobs: int | None,
) -> Harvest:
    """What the returned files hold; the arguments are those of :func:`merge`."""
    cycles = [one.name for one in tracker.cycles]
    found = harvest(
        returns,
        tracker,
        progress,
        limits=limits,
        passwords=_passwords(password_file),
        ask=ask,
        known=KeptPasswords(tracker.id, cycles, tracker.plan.officers),
        executor=executor,
        jobs=jobs,
    )
    if all(isinstance(one, (Path, str)) for one in returns):
        return found
    from lscb_workbook.returns.mailbox import judge_senders

    return judge_senders(found, tracker.plan, returns)


def _earlier(path: Path) -> bytes | None:
    """What is there already where a copy is to be written."""
    try:
        return path.read_bytes()
    except OSError:  # what cannot be read is told of by whoever writes there
        return None


def _passwords(file: Path | None) -> list[str]:
    """The passwords in a file, one a line."""
    if file is None:
        return []
    text = read_bytes(file, "the password file").decode("utf-8-sig", "replace")
    return [line for line in text.splitlines() if line.strip()]


def _chosen(file: Held, to: Path | None) -> tuple[Path, Mapping[Path, Unfit]]:
    """The backup to go to: the one asked for, or the one before the last change; and what was passed over
    to come to that, for it is only named like one."""
    folder = backup_folder(file.path)
    if to:
        beside = folder / to
        return (beside if is_there(beside) else to), {}
    kept, owner, faults = backups_of(file.path), tracker_id(file.data), dict[Path, Unfit]()
    before = one_back(kept, file.data, lambda one: _fits(one, owner, faults))
    if before:
        return before.path, faults
    if not kept:
        raise WorkbookError(
            f"There is no backup of {file.path} to go back to: its backups would be in the folder {folder}, "
            f"{'and none is there' if is_there(folder) else 'which is not there'}. If that was moved, "
            "renamed or deleted, put it back (the recycle bin may have it), and run undo again. Where "
            "OneDrive or SharePoint keeps the master, Excel's Version History may have it as it was. Nothing "
            "was changed."
        )
    names = "; ".join(f"{path.name} ({why})" for path, why in faults.items())
    other = f" Passed over: {names}." if names else ""
    raise WorkbookError(
        f"{file.path} is as in its oldest backup, so there is nothing to go back to.{other} To go to a newer "
        "one: undo with --to; lscb-workbook backups lists them. Nothing was changed."
        if same_as(kept, file.data)
        else f"None of the backups of {file.path} in {folder} can be gone back to.{other} To choose one "
        "yourself: undo with --to; lscb-workbook backups lists them. Nothing was changed."
    )


def _fits(backup: Backup, owner: str | None, faults: dict[Path, Unfit]) -> bool:
    """Whether a backup can take the master's place; if not, the fault is put among the others."""
    fault = faults.get(backup.path) or unfit(backup.path, owner)
    if fault is None:
        try:
            data = read_bytes(backup.path, "the backup")
            tracker_from(Sheets(data, _open(backup.path, data)), str(backup.path))
        except (WorkbookError, PackageError):
            fault = Unfit.UNREADABLE
    if fault:
        faults[backup.path] = fault
    return fault is None


def _tracker(file: Held) -> tuple[Tracker, Sheets]:
    """What a master holds, and its sheets, whose workbook is to be filled. Raises WorkbookError where a cell
    hides what it says."""
    book = _open(file.path, file.data)
    sheets = Sheets(file.data, book)
    tracker = tracker_from(sheets, str(file.path))
    refuse_hidden(book, tracker)
    over = typed_over_formulas(sheets, tracker.plan, tracker.rows)
    return replace(tracker, typed=(*tracker.typed, *over)), sheets


def _read(master: Path) -> Tracker:
    data = read_bytes(master)
    return tracker_from(Sheets(data, _open(master, data)), str(master))


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
    in_cells = (*typed_findings(book, tracker.plan, tracker.typed), *unread_findings(book, tracker))
    in_cells = (*in_cells, *tracker.odd, *missing_tabs(book))
    writing.write_agreed(book, tracker)
    writing.write_due_dates(book, tracker)
    writing.write_leads(book, tracker)
    writing.write_conflicts(book, tracker.plan, tracker.conflicts)
    write_summaries(book, tracker.plan, found, rows=tracker.rows)
    said = writing.write_checks(book, (*in_cells, *findings))
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
    sheets: Sheets,
    after: Tracker,
    *,
    dry_run: bool,
    keep: int,
    now: datetime | None,
) -> tuple[bytes, Path | None]:
    """Save the master unless nothing changed in it: the workbook, and the backup where it was saved."""
    data = sheets.book.to_bytes()
    _verify(data, after.plan, after.entries, after.history, (sheets, before.history))
    if dry_run or data == file.data:
        return data, None
    return data, save_master(file, data, now or datetime.now(), keep=keep)


def _verify(
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
