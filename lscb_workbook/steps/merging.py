"""Returned copies: what is in them, and their merge into the master."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.merge import Known, Merged, put_right
from lscb_workbook.merge import merge as merge_returns
from lscb_workbook.plan.findings import finding, is_of_returns, is_settled
from lscb_workbook.plan.records import Change, Cycle, Decision, Finding, Issued
from lscb_workbook.results import MergeResult, StatusResult
from lscb_workbook.returns import AskPassword, Harvest, Limits, Return
from lscb_workbook.returns.finding import NoFilesError
from lscb_workbook.returns.places import Place
from lscb_workbook.review.wording import written
from lscb_workbook.steps.harvesting import harvested, moved_messages, opened_returns
from lscb_workbook.steps.live import holding
from lscb_workbook.steps.masters import (
    Progress,
    in_plain_words,
    opened_tracker,
    read_tracker,
    reviewed_tracker,
    save_step,
    standing_findings,
    write_review,
)
from lscb_workbook.steps.posting import outbox_of, post_letters, receipt_letters
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.agreed import recorded
from lscb_workbook.tracker.backups import KEEP
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.state import Tracker

if TYPE_CHECKING:
    from lscb_workbook.post.outbox import Mailing
    from lscb_workbook.returns.imap_server import Access

__all__ = ["merge", "status"]


@in_plain_words
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
    """Who has returned what in the latest cycle, and who has not; what a merge would make of it, as it would
    itself. Nothing is written, and folders that hold no file are no error.

    The arguments are those of :func:`merge`.
    """
    tracker = read_tracker(master)
    empty = ""
    try:
        with opened_returns(returns, access) as places:
            found = harvested(places, tracker, progress, limits, password_file, ask, executor, jobs)
    except NoFilesError as error:
        found, empty = Harvest((), (), ()), str(error)
    asked = tuple(one for one in tracker.issued if one.cycle == tracker.cycle)
    coming = _merged(tracker, found, date.today()).history
    found = _righted(found, (*tracker.history, *coming))
    known = Known.from_history(tracker.history, coming)
    return StatusResult(tracker.plan, tracker.cycle, found, asked, known, empty)


@in_plain_words
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
    live: bool = False,
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
    ``receipts`` each officer whose return was merged is told what became of every cell of it. With ``live``
    the master is the one that is open in Excel (Windows): what is not saved there counts, only the cells that
    change are written, and Excel saves it.
    """
    day = as_at or date.today()
    places: Sequence[Path | str | Place] = ()
    with holding(live)(master, tell=tell, to_read=dry_run) as file:
        tracker, sheets = opened_tracker(file)
        book = sheets.book
        found = Harvest((), (), ())
        if returns:
            with opened_returns(returns, access) as places:
                found = harvested(places, tracker, progress, limits, password_file, ask, executor, jobs)
        merged = _merged(tracker, found, day)
        found = _righted(found, (*tracker.history, *merged.history))
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
        nothing_met = bool(returns) and not found.returns
        uncounted = () if counted or not found.returns else (_all_as_issued(found.returns),)
        if tracker.as_at and day < tracker.as_at and not nothing_met:
            facts = {"day": written(day), "stood": written(tracker.as_at)}
            uncounted = (*uncounted, finding("merged-before-as-at", **facts))
        of_returns = (*found.findings, *uncounted, *(one for one in kept if not is_settled(one, waiting)))
        reviewed = reviewed_tracker(after, day)
        findings = (*merged.findings, *of_returns, *reviewed.findings, *standing_findings(tracker))
        writing.write_entries(book, tracker, merged.entries)
        writing.append_history(book, tracker.plan, (*merged.history, *typed))
        filled = writing.write_issued(book, tracker.plan, after.issued, tracker.by_hand)
        filled = {**filled, **writing.write_cycles(book, after.cycles, tracker.by_hand)}
        findings = write_review(book, after, reviewed, findings, filled)
        outbox = None if dry_run or nothing_met else outbox_of(receipts, tracker, day)
        letters = receipt_letters(outbox, after, counted) if outbox else ()
        _, backup = save_step(
            file, tracker, sheets, after, dry_run=dry_run or nothing_met, keep=keep, now=now
        )
    # Only now that it is saved.
    marked = moved_messages(places, found, access, move) if move and not (dry_run or nothing_met) else None
    done = "The master was merged and saved; only receipts are missing: run the same command again."
    posted = post_letters(outbox, letters, file.path, tell, done)
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


def _merged(tracker: Tracker, found: Harvest, day: date) -> Merged:
    """What the returns and settlements make of the tracker's entries."""
    return merge_returns(
        tracker.plan,
        tracker.entries,
        tracker.history,
        found.returns,
        settlements=tracker.conflicts,
        as_at=day,
        cycle=tracker.cycle,
    )


def _righted(found: Harvest, history: Sequence[Change]) -> Harvest:
    """What came back, with what later returns put right for information alone."""
    return replace(found, findings=put_right(found.returns, found.findings, history))


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
