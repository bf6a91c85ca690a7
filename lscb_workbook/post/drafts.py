"""Letters as files in a folder, which open in Outlook as drafts that only need sending."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from lscb_workbook.copies import copy_name
from lscb_workbook.plan.records import Officer
from lscb_workbook.post.journal import Entry, Journal, Noted
from lscb_workbook.post.letters import Kind, Letter, Sender
from lscb_workbook.post.messages import MisaddressedError, message_of
from lscb_workbook.review.wording import written
from lscb_workbook.tracker.saving import save_again, save_new

__all__ = ["Drafts", "draft_name", "write_drafts"]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The files that were written, and the letters among them that bear no address: none is known of
    ``unaddressed``, and what stands as that of ``misaddressed`` (with a sentence that says so) is none.
    ``before`` are those not written again, each with a sentence that says why."""

    files: tuple[Path, ...]
    unaddressed: tuple[Letter, ...]
    misaddressed: tuple[tuple[Letter, str], ...]
    before: tuple[tuple[Letter, str], ...] = ()


def write_drafts(
    letters: Iterable[Letter],
    folder: Path,
    *,
    when: datetime,
    sender: Sender | None = None,
    journal: Journal | None = None,
    again: Collection[str] = (),
) -> Drafts:
    """Write each letter as an ``.eml`` file, also where it has no address.

    ``when`` is the date of the messages, aware of its zone: the same letters of the same ``when`` are the
    same bytes, and a file that holds them already will do; one that holds them without the address, which was
    not known then, gives way to the letter with it. With a ``journal``, reminders, escalations and
    receipts that it knows as drafted or sent are not written again, nor letters with the very copy that was
    sent, but for those to the officers (by key) ``again``; each that is written is noted in it, on the day of
    ``when``. Raises WorkbookError where another file bears a draft's name, or one cannot be written; those
    before it are there.
    """
    files: list[Path] = []
    unaddressed: list[Letter] = []
    misaddressed: list[tuple[Letter, str]] = []
    before: list[tuple[Letter, str]] = []
    taken: set[str] = set()
    for letter in letters:
        noted = journal.of(letter.uid) if journal and letter.officer not in again else None
        if noted and _is_out(letter, noted):
            before.append((letter, _known(letter, noted, when.date())))
            continue
        if not letter.to:
            unaddressed.append(letter)
        try:
            message = message_of(letter, sender, when, draft=True)
        except MisaddressedError as error:
            misaddressed.append((letter, str(error)))
            message = message_of(replace(letter, to=""), sender, when, draft=True)
        bare = message_of(replace(letter, to=""), sender, when, draft=True) if message["To"] else message
        files.append(_saved(letter, message.as_bytes(), bare.as_bytes(), folder, taken, when.date()))
        if journal:
            journal.draft([letter], when.date())
    return Drafts(tuple(files), tuple(unaddressed), tuple(misaddressed), tuple(before))


def draft_name(letter: Letter, taken: set[str], day: date | None = None) -> str:
    """A file name that a person understands and Windows allows; it is added to those ``taken``.

    ``2016-17 Q2 reminder 2 - Head of Research and Data, LBR.eml``. The number of a receipt tells nobody
    anything, so the ``day`` stands in its place.
    """
    what = letter.uid.cycle if letter.kind is Kind.ISSUE else f"{letter.uid.cycle} {letter.kind}"
    if letter.kind is Kind.RECEIPT:
        what = f"{what} {day}" if day else what
    elif letter.uid.number > 1:
        what = f"{what} {letter.uid.number}"
    name = copy_name(what, Officer(letter.officer, letter.name, ""), taken)
    taken.add(name.casefold())
    return f"{name.removesuffix('.xlsx')}.eml"


def _saved(letter: Letter, data: bytes, bare: bytes, folder: Path, taken: set[str], day: date) -> Path:
    """The file that a draft was saved as; ``bare`` is the same without its address, which it may replace.
    Another receipt of the same day gets a name of its own."""
    path = folder / draft_name(letter, taken, day)
    while letter.kind is Kind.RECEIPT and path.is_file() and path.read_bytes() not in (data, bare):
        path = folder / draft_name(letter, taken, day)
    if data != bare and path.is_file() and path.read_bytes() == bare:
        save_again(path, data)
    else:
        save_new(path, data, what="the folder of drafts", again=True)
    return path


def _is_out(letter: Letter, noted: Entry) -> bool:
    """Whether a letter need not be written again. A copy's may be, until it is known as sent."""
    if letter.kind is Kind.ISSUE:
        return noted.may_have_arrived and not noted.of_another_copy(letter)
    return noted.counts


def _known(letter: Letter, noted: Entry, today: date) -> str:
    day = noted.at.date()
    on = "today" if day == today else f"on {written(day)}"
    if noted.noted is Noted.DRAFTED:
        return f"{letter.name}: drafted already {on}."
    return f"{letter.name}: sent already {on}."
