"""The masters before: how their files are named, which of them ``undo`` goes back to, which may go."""

from __future__ import annotations

import contextlib
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError

from lscb_workbook.ooxml import PackageError
from lscb_workbook.ooxml.saving import holds
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.kept import KEEP
from lscb_workbook.tracker.sheets import Sheets

__all__ = [
    "KEEP",
    "Backup",
    "Recorded",
    "Unfit",
    "backup_folder",
    "backup_path",
    "backups_of",
    "one_back",
    "prune",
    "recorded",
    "salvaged_id",
    "same_as",
    "tracker_id",
    "unfit",
]

_FOLDER = "backups"
_STAMP = "%Y-%m-%d %H%M%S"
_NAME = re.compile(r"(.+) (\d{4}-\d\d-\d\d \d{6})(?: \((\d+)\))?( undone)?", re.DOTALL)

_PART = b"PK\x03\x04"
_LARGEST_PART = 64 << 20
_ID = re.compile(rb">tracker</t>(?:<[^>]*>)*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})</t>")
"""How the very hidden tab says which tracker it is: two cells, or shared texts, one after the other."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A master as it was until ``until``, when a command replaced it; ``number`` tells those of one second
    apart. ``undone`` is one that ``undo`` replaced: newer than what it went back to. ``renamed`` says that
    the master had another name then, or is a copy of that one."""

    path: Path
    until: datetime
    number: int
    undone: bool
    renamed: bool = False

    @property
    def name(self) -> str:
        """What the master was named then, without the ending."""
        made = _NAME.fullmatch(self.path.stem)
        return made[1] if made else self.path.stem


class Recorded(NamedTuple):
    """How many copies were issued, and how many entries its History has."""

    issued: int
    entries: int


class Unfit(StrEnum):
    """Why a file that is named like a backup of a master is none to go back to."""

    OTHER = "not this tracker"
    UNREADABLE = "cannot be read"
    COPIED = "perhaps from a copy of it"
    UNCERTAIN = "perhaps another tracker"


def backup_folder(master: Path) -> Path:
    """The folder that a master's backups are in, beside it."""
    return master.with_name(_FOLDER)


def backups_of(master: Path, owner: str | None = None, *, whosever: bool = False) -> list[Backup]:
    """The backups of a master, oldest first: the files that are named after it.

    With ``owner``, its tracker (by id), also those under other names that hold that tracker; all of any
    name with ``whosever``. Raises WorkbookError where their folder cannot be read.
    """
    folder = backup_folder(master)
    try:
        paths = list(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise WorkbookError(
            f"The folder {folder} cannot be read: {error.strerror or error}. Ask for access to it, or move "
            "it away. Nothing was changed."
        ) from error
    found = []
    for path in paths:
        made = _NAME.fullmatch(path.stem)
        if made and path.suffix == master.suffix:
            renamed = made[1] != master.stem
            with contextlib.suppress(ValueError):  # A name of the same shape may hold no day.
                until = datetime.strptime(made[2], _STAMP)
                if not renamed or whosever or (owner and unfit(path, owner) is None):
                    found.append(Backup(path, until, int(made[3] or 1), made[4] is not None, renamed))
    return sorted(found, key=_order)


def backup_path(master: Path, now: datetime, *, undone: bool = False) -> Path:
    """A free name for the next backup of a master; it comes after all others, whatever the clock says."""
    now = now.replace(microsecond=0, tzinfo=None)
    number = 1
    if (before := backups_of(master)) and before[-1].until >= now:
        now, number = before[-1].until, before[-1].number + 1
    folder, mark = backup_folder(master), " undone" if undone else ""
    while True:
        count = f" ({number})" if number > 1 else ""
        path = folder / f"{master.stem} {now:{_STAMP}}{count}{mark}{master.suffix}"
        if not path.exists():
            return path
        number += 1


def same_as(backups: Sequence[Backup], data: bytes) -> Backup | None:
    """The oldest of these backups that holds just these bytes."""
    return next((backup for backup in backups if holds(backup.path, data)), None)


def one_back(backups: Sequence[Backup], data: bytes, fits: Callable[[Backup], bool]) -> Backup | None:
    """What a master with these bytes was before its last change; None where no backup is older.

    A master that ``undo`` went back to is itself among the backups: then it is the one before that. What
    ``undo`` replaced is never gone back to, and what does not ``fit`` is passed over; asked are the newest
    first, and no more than need be.
    """
    line = [backup for backup in backups if not backup.undone]
    here = same_as(line, data)
    older = line[: line.index(here)] if here else line
    return next((backup for backup in reversed(older) if fits(backup)), None)


def unfit(path: Path, owner: str | None) -> Unfit | None:
    """Why a file is no backup of the tracker ``owner``; None where it is one.

    Where ``owner`` is None, for the master itself cannot be read, it is not certain of any.
    """
    try:
        found = _tracker_id(path.read_bytes())
    except (OSError, PackageError, CalamineError):
        return Unfit.UNREADABLE
    except WorkbookError:
        return Unfit.OTHER
    if found and not owner:
        return Unfit.UNCERTAIN
    return None if found and found == owner else Unfit.OTHER


def prune(master: Path, keep: int, made: Path, data: bytes) -> None:
    """Remove the oldest backups beyond ``keep``, at least 1, but never the one just ``made``.

    Only those go that are named after the master and hold the tracker in ``data``: another year's, under the
    same name, stay, those of a copy under another name, and those that ``undo`` replaced, whose History no
    other has. What cannot be removed now goes another time.
    """
    with contextlib.suppress(WorkbookError):
        line = [backup.path for backup in backups_of(master) if not backup.undone]
        older = [path for path in line[: -max(keep, 1)] if path != made]
        owner = tracker_id(data) if older else None
        for path in older:
            with contextlib.suppress(OSError):
                if owner and tracker_id(path.read_bytes()) == owner:
                    path.unlink()


def tracker_id(data: bytes) -> str | None:
    """Which tracker a workbook is; None where it is none, or cannot be read."""
    try:
        return _tracker_id(data)
    except (PackageError, WorkbookError, CalamineError):
        return None


def salvaged_id(data: bytes) -> str | None:
    """Which tracker a workbook that cannot be read is, by what is whole of it; None where that does not say,
    or not with one voice."""
    found = {match[1].decode() for part in _whole_parts(data) for match in _ID.finditer(part)}
    return found.pop() if len(found) == 1 else None


def recorded(data: bytes) -> Recorded | None:
    """What a tracker had on record when a command last saved it; None where it does not say, or cannot be
    read."""
    try:
        sheets = Sheets(data)
        return Recorded(len(sheets.rows("Returns")), int(_setting(sheets, "history") or 0))
    except (PackageError, WorkbookError, CalamineError, ValueError):
        return None


def _tracker_id(data: bytes) -> str | None:
    return _setting(Sheets(data), "tracker")


def _whole_parts(data: bytes) -> Iterator[bytes]:
    """What can be unpacked of a torn package, whose list of parts may be gone."""
    for piece in data.split(_PART)[1:]:
        with contextlib.suppress(struct.error, zlib.error):
            begins = 26 + sum(struct.unpack_from("<HH", piece, 22))
            yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece[begins:], _LARGEST_PART)


def _setting(sheets: Sheets, key: str) -> str | None:
    return next((row.text("Value") for row in sheets.rows("Lscb") if row.text("Key") == key), None)


def _order(backup: Backup) -> tuple[datetime, int]:
    return backup.until, backup.number
