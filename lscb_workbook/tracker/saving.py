"""Saving a master so that it is never torn, and keeping the one before as a dated backup."""

from __future__ import annotations

import contextlib
import errno
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lscb_workbook.ooxml import PackageError, write_atomically
from lscb_workbook.ooxml.saving import UnconfirmedError, flush_folder, holds, real_path, reason, sweep
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.backups import (
    KEEP,
    backup_folder,
    backup_path,
    backups_of,
    prune,
    same_as,
    tracker_id,
)
from lscb_workbook.tracker.locking import Tell, alone
from lscb_workbook.tracker.reading import read_bytes

__all__ = [
    "Held",
    "held",
    "is_there",
    "keep_backup",
    "refuse_long_name",
    "refuse_other_ending",
    "restore_master",
    "save_again",
    "save_master",
    "save_new",
    "take_away",
]

_LONGEST_NAME = 255
"""How long the name of a file may be, in bytes, where a disk counts those; others count letters, and allow as
many."""
_ROOM = 1_000_000
"""Bytes left free beside what is written: for the lock, for folders, for the disk's own book-keeping."""


@dataclass(frozen=True, slots=True)
class Held:
    """A master while a command works on it: where it lies, links followed, and the bytes that were read.

    ``keeper`` saves it where that is not for the disk to do: one that is open in Excel.
    """

    path: Path
    data: bytes
    keeper: Keeper | None = None


Keeper = Callable[[Held, bytes, datetime, int], Path | None]
"""Saves a master as these bytes have it, as at a moment; how many backups stay; the backup's path, or None
where nothing was to be saved."""


@contextmanager
def held(
    master: Path, *, tell: Tell | None = None, to_read: bool = False, otherwise: str = ""
) -> Iterator[Held]:
    """A master that no other run writes meanwhile; ``tell`` is told where one must be waited for.

    With ``to_read`` nothing will be written: there is no lock, and the folder may be read-only. ``otherwise``
    is what else can be done about a master that is open. Raises WorkbookError, with nothing changed, where
    there is no such file, it is open in another program, and where it is known beforehand that it could not
    be saved.
    """
    refuse_long_name(master)
    path = real_path(master)
    refuse_long_name(path)
    if to_read or not path.is_file():
        data = read_bytes(path)
    for place in {master, path}:
        _refuse_if_open(place, otherwise)
    if to_read:
        yield Held(path, data)
        return
    _refuse_if_read_only(path, otherwise)
    with alone(path, tell):
        data = read_bytes(path)
        _refuse_if_full(path, 2 * len(data))
        for folder in (path.parent, backup_folder(path)):
            sweep(folder, [path.name])
        yield Held(path, data)


def save_new(path: Path, data: bytes, *, what: str, again: bool = False) -> bool:
    """Write a file that is not there yet; whether it was written.

    Raises WorkbookError where it is, or cannot be written. With ``again``, one that holds just these bytes
    already, as a run that was cut short left it, will do.
    """
    if is_there(path):
        if again and holds(path, data):
            return False
        left = " A run that was cut short may have left it." if again else ""
        raise WorkbookError(
            f"{path} is there already.{left} Move that file away, or choose another name for {what}."
        )
    _write(path, data)
    return True


def save_again(path: Path, data: bytes) -> None:
    """Write a file that can be made anew, in the place of what is there. Raises WorkbookError where it cannot
    be written."""
    _write(path, data)


def save_master(master: Held, data: bytes, now: datetime, *, keep: int = KEEP) -> Path | None:
    """Replace the master in one step and keep the old one as a dated backup; the backup's path, or None where
    the master has a keeper to whom there was nothing to save.

    Of the backups the last ``keep`` stay. Raises WorkbookError where anything cannot be written, or the
    master is not what was read any more; it is then as it was.
    """
    if master.keeper:
        return master.keeper(master, data, now, keep)
    backup = backup_path(master.path, now)
    _replace(master, data, backup)
    prune(master.path, keep, backup, data)
    return backup


def keep_backup(master: Held, now: datetime) -> Path:
    """Keep a master as it was read as a dated backup; its path. Raises WorkbookError where that cannot be
    written."""
    backup = backup_path(master.path, now)
    _refuse_if_full(master.path, 2 * len(master.data))
    _write(backup, master.data, like=master.path)
    return backup


def restore_master(master: Held, data: bytes, now: datetime) -> Path:
    """Put a backup's bytes in the master's place; where the master as it was is kept.

    No backup is removed. Raises as :func:`save_master` does.
    """
    kept = same_as(backups_of(master.path, tracker_id(master.data)), master.data)
    backup = backup_path(master.path, now, undone=True)
    _replace(master, data, None if kept else backup)
    return kept.path if kept else backup


def _replace(master: Held, data: bytes, backup: Path | None) -> None:
    path = master.path
    _refuse_if_open(path)
    _refuse_if_changed(master)
    _refuse_if_full(path, len(data) + (len(master.data) if backup else 0))
    if backup:
        _write(backup, master.data, like=path)
    try:
        write_atomically(path, data, check=lambda: _refuse_if_changed(master))
    except UnconfirmedError as error:
        before = f"the one before it is {backup}" if backup else "the ones before it are in the backups"
        raise WorkbookError(f"{error} Look whether it opens and is as it should be; {before}.") from error
    except BaseException as error:
        if backup and holds(path, master.data):
            take_away(backup)
        if isinstance(error, PackageError):
            raise WorkbookError(f"{error} Nothing was changed.") from error
        raise


def _write(path: Path, data: bytes, *, like: Path | None = None) -> None:
    """Write a new file, with the folders it needs."""
    try:
        for folder in reversed([path.parent, *path.parent.parents]):
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                flush_folder(folder.parent)
        write_atomically(path, data, like=like, mark=like.name if like else None)
    except BaseException as error:
        if holds(path, data):
            take_away(path)
        if isinstance(error, PackageError):
            raise WorkbookError(f"{error} Nothing was changed.") from error
        if isinstance(error, OSError):
            raise WorkbookError(f"{path} cannot be written: {reason(error)} Nothing was changed.") from error
        raise


def take_away(path: Path) -> None:
    """Remove a file that was written for nothing."""
    with contextlib.suppress(OSError):
        path.unlink()


# --- what is noticed beforehand ----------------------------------------------------------------


def is_there(path: Path) -> bool:
    """Whether a file or a folder is there; none is under a name that is too long for the disk."""
    try:
        return path.exists()
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return False


def refuse_long_name(master: Path) -> None:
    """Raise where a master's name is so long that the files kept beside it could not be named after it."""
    longest = f"{master.stem} 2016-10-01 090000 (999) undone{master.suffix}"
    over = len(longest.encode()) - _LONGEST_NAME
    if over > 0:
        raise WorkbookError(
            f"The name of {master.parent / master.name[:40]}... is too long: the tool keeps backups named "
            f"after it. Make it shorter by {over} letters or more, and run the command again. Nothing was "
            "changed."
        )


def refuse_other_ending(path: Path, *endings: str) -> None:
    """Raise where a file that is to be written has a name by which no program would open it."""
    if path.suffix.casefold() not in endings:
        raise WorkbookError(
            f"{path} is no name for what is to be written: give it one that ends in {endings[0]}, as in "
            f"{path.stem}{endings[0]}. Nothing was written."
        )


def _refuse_if_open(master: Path, otherwise: str = "") -> None:
    """Raise where Excel or LibreOffice has the master open, as their lock files tell."""
    master = master.absolute()
    for lock in (master.with_name(f"~${master.name}"), master.with_name(f".~lock.{master.name}#")):
        if is_there(lock):
            raise WorkbookError(
                f"{master} is open in another program ({lock.name} is there). "
                f"Save and close it, then run the command again{otherwise}; if it is open nowhere, delete "
                "that file, which a crash has left. Nothing was changed."
            )


def _refuse_if_read_only(master: Path, otherwise: str = "") -> None:
    """Raise where the master is marked read-only, or another program keeps it from being written."""
    try:
        if not master.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError
        with master.open("r+b"):
            pass
    except PermissionError as error:
        raise WorkbookError(
            f"{master} may only be read: it is marked read-only, open in another program, or not yours to "
            f"change. Close it and take the mark away, then run the command again{otherwise}. Nothing was "
            "changed."
        ) from error
    except OSError as error:
        raise WorkbookError(f"{master} cannot be written: {reason(error)} Nothing was changed.") from error


def _refuse_if_full(master: Path, needed: int) -> None:
    try:
        free = shutil.disk_usage(master.parent).free
    except OSError:
        return  # Some network drives do not say; then a full disk is met when writing.
    if free < needed + _ROOM:
        raise WorkbookError(
            f"There is too little room on the disk of {master} to save it and its backup: "
            f"{(needed + _ROOM) / 1e6:.1f} MB are needed, {free / 1e6:.1f} MB are free. "
            "Make room, then run the command again. Nothing was changed."
        )


def _refuse_if_changed(master: Held) -> None:
    """Raise where the master on the disk is not the one that was read: what was put there would be lost."""
    try:
        there = master.path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(
            f"{master.path} was moved, renamed or deleted while this command worked, perhaps by OneDrive or "
            "Dropbox. Put it back under that name, then run the command again. Nothing was changed."
        ) from None
    except OSError as error:
        raise WorkbookError(
            f"{master.path} cannot be read any more: {reason(error)} Nothing was changed."
        ) from error
    if there != master.data:
        raise WorkbookError(
            f"{master.path} was changed by another program while this command worked: saved by somebody, or "
            "brought up to date by OneDrive or Dropbox. Run the command again, on what it holds now. "
            "Nothing was changed."
        )
