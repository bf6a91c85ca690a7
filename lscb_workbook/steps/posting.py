"""The letters of a step, and their way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.ooxml import PackageError
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Cycle, Issued
from lscb_workbook.returns import Return
from lscb_workbook.steps.harvesting import harvested
from lscb_workbook.steps.masters import reviewed_tracker
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.saving import is_there
from lscb_workbook.tracker.state import Tracker

if TYPE_CHECKING:
    from lscb_workbook.post.chasing import Chasing
    from lscb_workbook.post.letters import Letter
    from lscb_workbook.post.outbox import Mailing, Outbox, Posted

__all__ = [
    "chase_letters",
    "issue_letters_of",
    "issued_copies",
    "outbox_of",
    "post_letters",
    "receipt_letters",
]


def outbox_of(mailing: Mailing | None, tracker: Tracker, day: date) -> Outbox | None:
    """What letters of a step go out by; None where none are to."""
    if mailing is None:
        return None
    from lscb_workbook.post.outbox import Outbox  # templates and mail take a while to load

    return Outbox(mailing, tracker, day)


def post_letters(
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


def issued_copies(folder: Path, issued: Sequence[Issued], tracker: Tracker) -> list[tuple[Issued, bytes]]:
    """The copies that were issued, out of the folder that they were written to: each that officer's, signed,
    and as it was issued. Raises WorkbookError where another file lies there, before any letter goes out."""
    for one in issued:
        if Path(one.file).name != one.file or not is_there(folder / one.file):
            raise WorkbookError(
                f"{one.cycle} was issued before, and {one.file} is not in {folder}. Give the folder that its "
                "copies were written to. Nothing was sent."
            )
    files = [folder / one.file for one in issued]
    found = harvested(files, tracker, None, None, None, None, None, 1)
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


def issue_letters_of(
    outbox: Outbox, tracker: Tracker, files: Iterable[tuple[Issued, bytes]], day: date
) -> tuple[Letter, ...]:
    """The letters that copies go out with, each to its officer, or to whoever answers for a leaver."""
    from lscb_workbook.plan.successors import contacts_of, successors
    from lscb_workbook.post.asking import issue_letters
    from lscb_workbook.post.letters import Attachment

    found, plan = reviewed_tracker(tracker, day), tracker.plan
    heirs = successors(plan.officers, contacts_of(plan.officers))
    letters: list[Letter] = []
    for one, data in files:
        letters += issue_letters(
            plan,
            [(plan.officer(one.officer), Attachment(one.file, data))],
            outbox.occasion(Cycle(one.cycle, one.issued_on, one.return_by)),
            ratings=found.ratings,
            states=found.milestones,
            templates=outbox.templates,
            protected=not data.startswith(b"PK"),
            history=tracker.history,
            heirs={key: plan.officer(heir) for key, heir in heirs.items()},
        )
    return tuple(letters)


def receipt_letters(outbox: Outbox, after: Tracker, returns: Sequence[Return]) -> tuple[Letter, ...]:
    """What became of each return, to whoever sent it."""
    from lscb_workbook.plan.successors import contacts_of, successors
    from lscb_workbook.post.gaps import Survey
    from lscb_workbook.post.letters import Kind, letter
    from lscb_workbook.post.receipts import receipts

    plan = after.plan
    cycles = {cycle.name: cycle for cycle in after.cycles}
    survey = Survey(after, outbox.today)
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
        for one in receipts(plan, returns, after.history, after.entries, heirs=heirs, survey=survey)
    )


def chase_letters(
    outbox: Outbox, chasing: Chasing, tracker: Tracker, copies: Path | None
) -> tuple[Letter, ...]:
    """The reminders that are due, and the letters to officers' managers. Out of the folder ``copies``, where
    one is given, the copy goes with the reminder to whoever has returned none of it."""
    from lscb_workbook.post.letters import Attachment, Kind, Sender, letter

    if chasing.cycle is None:
        return ()
    silent = [one for one in chasing.chases if one.kind is Kind.REMINDER and not one.came_back]
    asked = [issued for one in silent for issued in one.copies] if copies else []
    files = dict(issued_copies(copies, asked, tracker)) if copies else {}
    letters = []
    for one in chasing.chases:
        own = [Attachment(issued.file, files[issued]) for issued in one.copies if issued in files]
        manager = Sender(f"The manager of {one.officer.title}", one.to)
        letters.append(
            letter(
                one.kind,
                one.officer,
                outbox.occasion(chasing.cycle),
                one.facts,
                templates=outbox.templates,
                number=one.number,
                attachments=tuple(own) if one in silent else (),
                addressee=manager if one.kind is Kind.ESCALATION else None,
            )
        )
    return tuple(letters)
