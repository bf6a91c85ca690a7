"""The journal of the post: beside the master, a line before each message and a line after it, never changed.

It is named after the tracker's id and not after the file, so that a master under another name has it still.

What is in it is what can be known of a run that was cut off. A message that was begun and has no end may
have arrived or not; it counts as unknown, and nobody gets it again unless the manager says so.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import chain, pairwise
from pathlib import Path

from lscb_workbook.ooxml.saving import flush_folder, reason
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post.letters import Kind, Letter, Uid
from lscb_workbook.tracker.locking import Tell, alone

__all__ = ["Entry", "Journal", "Noted", "has_journal", "journal_path", "open_journal", "read_journal"]


class Noted(StrEnum):
    """What a line says of a message. ``DEFERRED``: the server has not taken it, and may do so later.
    ``DRAFTED``: it was written as a draft, for the manager to send. ``BEGUN`` is said of none: no letter
    about the copies that are issued then can have gone before."""

    BEGUN = "begun"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    DRAFTED = "drafted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: of which letter, to whom, when (aware of its zone); ``said`` is what the server answered,
    ``copy`` the letter's :attr:`Letter.copy`."""

    at: datetime
    noted: Noted
    uid: Uid
    name: str
    to: str
    said: str = ""
    copy: str = ""

    @property
    def may_have_arrived(self) -> bool:
        return self.noted in (Noted.SENDING, Noted.SENT, Noted.UNKNOWN)

    @property
    def counts(self) -> bool:
        """Whether it counts as written to the person: it may have arrived, or the manager has it to send."""
        return self.may_have_arrived or self.noted is Noted.DRAFTED

    def of_another_copy(self, letter: Letter) -> bool:
        """Whether this letter went, and with another file than it has now."""
        return bool(self.copy and letter.copy) and self.copy != letter.copy

    def line(self) -> bytes:
        """The entry as a line of JSON, its end included."""
        fields = {"at": self.at.isoformat(), "state": self.noted.value, **self.uid._asdict()}
        facts = fields | {"name": self.name, "to": self.to, "said": self.said, "copy": self.copy}
        return json.dumps(facts).encode() + b"\n"


_CUT_SHORT = json.dumps({"state": "the line above was cut short"}).encode() + b"\n"


_ENDING = "post.jsonl"
_UNSAFE = re.compile(r"[^\w-]")


def journal_path(master: Path, tracker: str) -> Path:
    """Where the journal of a tracker (by id) is: ``post/ID post.jsonl`` beside its master."""
    return master.with_name("post") / f"{_UNSAFE.sub('_', tracker)} {_ENDING}"


def has_journal(master: Path, tracker: str) -> bool:
    """Whether it is noted who has got a letter of a tracker (by id). Raises as :func:`read_journal`.

    It is not by drafts alone, or by what went to the manager to look at: these are noted also where a master
    was moved and has lost its journal.
    """
    return any(
        entry.noted is Noted.BEGUN or (entry.may_have_arrived and entry.uid.kind in _KINDS)
        for entry in read_journal(master, tracker)
    )


def read_journal(master: Path, tracker: str) -> tuple[Entry, ...]:
    """What the journals beside a master say of its tracker (by id), oldest first; nothing without one.

    All in the folder are read, whatever their names: one that was renamed, or that a sync client has made of
    one, tells who has got which letter as well. A last line that was cut short by a crash is passed over.
    Raises WorkbookError where another line cannot be read, or a journal itself.
    """
    paths = sorted(journal_path(master, tracker).parent.glob("*.jsonl"))
    read = [[one for one in _read(path) if one.uid.tracker == tracker] for path in paths]
    found = list(chain.from_iterable(read))
    if sum(map(bool, read)) > 1:
        found.sort(key=lambda one: one.at)
    return tuple(found)


def _read(path: Path) -> list[Entry]:
    """What one journal says. Raises as :func:`read_journal`."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise WorkbookError(
            f"The journal of what was sent, {path}, cannot be read: {reason(error)} Nothing was sent."
        ) from error
    lines = data.split(b"\n")
    entries: list[Entry] = []
    for number, (line, after) in enumerate(pairwise(lines), start=1):
        entry = _entry(line)
        if entry:
            entries.append(entry)
        elif not _says_cut_short(line) and not _says_cut_short(after):
            raise WorkbookError(
                f"Line {number} of {path}, the journal of what was sent, cannot be read, so it is not known "
                "who has got which letter. Put that file back from a backup of the folder, or mend the line. "
                "Nothing was sent."
            )
    if last := _entry(lines[-1]):  # Only its end is missing.
        entries.append(last)
    return entries


@contextmanager
def open_journal(master: Path, tracker: str, tell: Tell | None = None) -> Iterator[Journal]:
    """The journal of a tracker (by id) beside its master, to be written to by this run alone.

    ``tell`` is told where another run must be waited for. Raises WorkbookError where that goes on for too
    long, or the journal cannot be read or written; nothing is sent then.
    """
    path = journal_path(master, tracker)
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("ab"):
            pass
        flush_folder(path.parent)
        flush_folder(path.parent.parent)
    except OSError as error:
        raise WorkbookError(
            f"What is sent must be noted in {path}, which cannot be written: {reason(error)} "
            "Nothing was sent."
        ) from error
    with alone(path, tell):
        journal = Journal(path, read_journal(master, tracker))
        journal.mend()
        yield journal


class Journal:
    """The journal while a run adds to it. Made by :func:`open_journal`."""

    def __init__(self, path: Path, entries: tuple[Entry, ...]) -> None:
        self.path = path
        self._last = {entry.uid: entry for entry in entries}

    def of(self, uid: Uid) -> Entry | None:
        """The last that was noted of a letter. One that says *sending* has no end: the run was cut off."""
        return self._last.get(uid)

    def chased(self, person: str, day: date, *, but: Uid | None = None) -> bool:
        """Whether a reminder or escalation (another than ``but``) may have gone to this address on a day, or
        was drafted for it."""
        return any(
            entry.counts and entry.at.date() == day and entry.to.casefold() == person.casefold()
            for uid, entry in self._last.items()
            if uid != but and uid.kind in _CHASES
        )

    def begin(self, tracker: str, day: date) -> None:
        """Note that copies of a tracker (by id) are issued on a day, none of whose letters went before."""
        entry = Entry(_morning(day), Noted.BEGUN, Uid(tracker, "", "", Kind.ISSUE), "", "")
        try:
            self._append(entry.line())
        except OSError as error:
            raise self._unwritten(error) from error

    def draft(self, letters: Iterable[Letter], day: date) -> None:
        """Note that letters were written as drafts on a day.

        Raises WorkbookError, which names the addressee, where one cannot be noted.
        """
        for letter in letters:
            self.add(letter, Noted.DRAFTED, _morning(day))

    def add(self, letter: Letter, noted: Noted, at: datetime, said: str = "") -> None:
        """Note something of a letter; it is on the disk when this returns.

        Raises WorkbookError, which names the addressee, where it cannot be noted.
        """
        entry = Entry(at, noted, letter.uid, letter.name, letter.to, said, letter.copy)
        try:
            self._append(entry.line())
        except OSError as error:
            done = "had not been sent yet" if noted is Noted.SENDING else f"counts as {noted}"
            raise WorkbookError(
                f"The letter to {letter.name} ({letter.to}) {done}, and {self.path} could not note it: "
                f"{reason(error)} No more was sent after it."
            ) from error
        self._last[letter.uid] = entry

    def mend(self) -> None:
        """End a last line that a crash has cut short, so that the next does not go on in it."""
        try:
            data = self.path.read_bytes()
            if data and not data.endswith(b"\n"):
                self._append(b"\n" + _CUT_SHORT)
        except OSError as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: OSError) -> WorkbookError:
        return WorkbookError(
            f"What is sent must be noted in {self.path}, which cannot be written: {reason(error)} "
            "Nothing was sent."
        )

    def _append(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


_KINDS = {kind.value for kind in Kind}
_CHASES = {kind.value for kind in Kind if kind.chases}


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def _says_cut_short(line: bytes) -> bool:
    """Whether a line says so of the one above it. It may be cut short itself, not to what begins any line."""
    return len(line) > len(b'{"') and _CUT_SHORT.startswith(line)


def _entry(line: bytes) -> Entry | None:
    """What a line says; None where it cannot be read."""
    try:
        facts = json.loads(line)
        uid = Uid(facts["tracker"], facts["cycle"], facts["officer"], facts["kind"], int(facts["number"]))
        return Entry(
            at=datetime.fromisoformat(facts["at"]),
            noted=Noted(facts["state"]),
            uid=uid,
            name=str(facts["name"]),
            to=str(facts["to"]),
            said=str(facts["said"]),
            copy=str(facts.get("copy", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None
