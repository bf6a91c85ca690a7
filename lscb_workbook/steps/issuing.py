"""Each officer's copy for a cycle, and its letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from lscb_workbook.copies import copies_of, led_actions
from lscb_workbook.copies.blanks import blank_copy
from lscb_workbook.copies.protecting import passwords_for, protected
from lscb_workbook.copies.rows import led_milestones
from lscb_workbook.merge import hand_edits
from lscb_workbook.ooxml.saving import holds, sweep
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Cycle, Issued, Officer, Plan
from lscb_workbook.results import IssueResult
from lscb_workbook.steps.live import holding
from lscb_workbook.steps.masters import Progress, in_plain_words, named_officers, opened_tracker, verify
from lscb_workbook.steps.posting import issue_letters_of, issued_copies, outbox_of, post_letters
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.backups import KEEP
from lscb_workbook.tracker.lists import replaced
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.saving import Held, save_master, save_new
from lscb_workbook.tracker.state import Tracker

if TYPE_CHECKING:
    from lscb_workbook.post.letters import Letter
    from lscb_workbook.post.outbox import Mailing, Outbox

__all__ = ["issue"]


@in_plain_words
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
    live: bool = False,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> IssueResult:
    """Write each lead officer's copy for a cycle into ``folder`` and record it in the master.

    ``only`` names officers (title, key or alias); where it is empty, all who lead something and have no copy
    of the cycle yet. ``keep`` is how many backups of the master stay; ``live`` and ``tell`` are those of
    :func:`merge`. Raises WorkbookError where the cycle was issued already, or is known under a name that
    differs in capitals, blanks or signs only, a name is unknown, another file is there under a copy's name,
    or something cannot be written; the master is then as it was. A copy that is there already and is just
    what would be written, as an issue that was cut short leaves it, is taken as it is. With ``protect`` each
    copy is encrypted with a password of its officer's own, kept in this computer's keyring. With ``mailing``
    each officer gets a letter with the copy once it is recorded, a leaver's successor in the leaver's place.
    Where all this was recorded before, the letters alone go out, with the copies in ``folder``: so a run that
    was cut off is gone on with.
    """
    with holding(live)(master, tell=tell) as file:
        made, letters, outbox = _issue(
            file, folder, cycle, issued_on, return_by, only, template, keep, progress, now, protect, mailing
        )
    done = "The copies are written and the issue is recorded; only letters are missing: run this again."
    return replace(made, posted=post_letters(outbox, letters, file.path, tell, done))


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
    tracker, sheets = opened_tracker(file)
    book = sheets.book
    if not cycle.strip():
        raise WorkbookError('The cycle needs a name, for example --cycle "2016-17 Q2".')
    if return_by < issued_on:
        raise WorkbookError(
            f"The return-by date {return_by:%d/%m/%Y} is before the issue date {issued_on:%d/%m/%Y}. Give a "
            "later one with --return-by, or the day of issue with --issued."
        )
    known = {one.name for one in tracker.cycles}
    if tracker.earlier and cycle not in known and any(one.cycle == cycle for one in tracker.history):
        raise WorkbookError(
            f"{cycle} was a cycle of the plan year before. Give this one a name of its own, with the new "
            "year. Nothing was changed."
        )
    _refuse_misspelt(cycle, tracker)
    officers = named_officers(tracker.plan, only)
    outbox = outbox_of(mailing, tracker, issued_on)
    done = {one.officer: one for one in tracker.issued if one.cycle == cycle}
    for one in done.values():
        if one.return_by != return_by:
            raise WorkbookError(
                f"{cycle} was issued to be back by {one.return_by:%d/%m/%Y}, not {return_by:%d/%m/%Y}. Give "
                "that day with --return-by, or another cycle its own name. Nothing was changed."
            )
    if outbox and done and all(one.key in done or not _leads(tracker.plan, one) for one in officers):
        issued = tuple(done[one.key] for one in officers if one.key in done)
        there = issued_copies(folder, issued, tracker)
        if protect and any(data.startswith(b"PK") for _, data in there):
            raise WorkbookError(
                f"{cycle} was issued without passwords, so its copies cannot go out protected. Leave out "
                "--protect, or give the cycle another name. Nothing was sent."
            )
        letters = issue_letters_of(outbox, tracker, there, issued_on)
        kept = (
            passwords_for(tracker.id, cycle, [one for one in officers if one.key in done]) if protect else {}
        )
        return IssueResult(folder, tracker.plan, issued, (), None, kept), letters, outbox
    again = [officer.title for officer in officers if officer.key in done]
    rest = [officer for officer in officers if officer.key not in done]
    if again and (only or not any(_leads(tracker.plan, officer) for officer in rest)):
        others = "run the command without --officer to issue it to all who have none yet" if only else ""
        raise WorkbookError(
            f"{cycle} was issued already to {'; '.join(again[:3])}{' and others' if len(again) > 3 else ''}. "
            f"Give the next cycle its own name{f'; {others}' if others else ''}."
        )
    edits = hand_edits(tracker.entries, tracker.history, as_at=issued_on, cycle=tracker.cycle)
    scheme = tracker.plan.scheme
    blank = read_bytes(template, "the copy template") if template else blank_copy(scheme)
    copies = tuple(
        copies_of(tracker, rest, cycle=cycle, issued_on=issued_on, return_by=return_by, template=blank)
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
    filled = writing.write_issued(book, tracker.plan, (*tracker.issued, *issued), tracker.by_hand)
    filled = {**filled, **writing.write_cycles(book, cycles, tracker.by_hand)}
    writing.write_cycle_name(book, cycles)
    if replaced(tracker.overtyped, filled)[0]:
        _, checks = writing.write_checks(book, tracker.findings, tracker.overtyped, filled)
        filled |= checks
    writing.write_history_count(book, tracker, len(edits), filled)
    book.recalculate_on_load()
    recorded = book.to_bytes()
    verify(recorded, tracker.plan, tracker.entries, (*tracker.history, *edits), (sheets, tracker.history))
    files = ((one, copy.data) for one, copy in zip(issued, copies, strict=True))
    letters = issue_letters_of(outbox, tracker, files, issued_on) if outbox else ()
    if outbox and not done:
        outbox.begin(file.path)
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
    without = tuple(officer for officer in rest if officer.key not in written)
    before = tuple(done[officer.key] for officer in officers if officer.key in done)
    return (
        IssueResult(folder, tracker.plan, issued, without, backup, passwords, before=before),
        letters,
        outbox,
    )


def _refuse_misspelt(cycle: str, tracker: Tracker) -> None:
    """A cycle written a little otherwise would be a second round of the same."""
    known = dict.fromkeys([*(one.name for one in tracker.cycles), *(one.cycle for one in tracker.issued)])
    alike = next((name for name in known if _plain(name) == _plain(cycle)), cycle)
    if cycle not in known and alike != cycle:
        raise WorkbookError(
            f"The tracker has a cycle '{alike}', and '{cycle}' is the same but for capitals, blanks or "
            f'signs. Write --cycle "{alike}", or give the next cycle a name of its own. Nothing was changed.'
        )


def _plain(cycle: str) -> str:
    """A cycle's name without what people write in more than one way."""
    return "".join(letter for letter in normalize("NFKC", cycle).casefold() if letter.isalnum())


def _leads(agreed: Plan, officer: Officer) -> bool:
    """Whether a copy is an officer's at all."""
    return bool(led_actions(agreed, officer.key) or led_milestones(agreed, officer.key))


def _earlier(path: Path) -> bytes | None:
    """What is there already where a copy is to be written."""
    try:
        return path.read_bytes()
    except OSError:  # what cannot be read is told of by whoever writes there
        return None


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
