"""Saving a master so that it is never torn, and keeping the one before as a dated backup."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from lscb_workbook.ooxml import PackageError, write_atomically
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.reading import read_bytes

__all__ = ["backups_of", "refuse_if_open", "save_master", "save_new"]

_FOLDER = "backups"
_BACKUP = re.compile(r"(\d{4}-\d\d-\d\d \d{6})(?: \((\d+)\))?")


def refuse_if_open(master: Path) -> None:
    """Raise WorkbookError where Excel or LibreOffice has the master open, as their lock files tell."""
    master = master.absolute()
    for lock in (master.with_name(f"~${master.name}"), master.with_name(f".~lock.{master.name}#")):
        if lock.exists():
            raise WorkbookError(
                f"{master} is open in another program ({lock.name} is there). "
                "Save and close it, then run the command again. Nothing was changed."
            )


def save_new(path: Path, data: bytes, *, what: str) -> None:
    """Write a workbook that is not there yet. Raises WorkbookError where it is, or cannot be written."""
    if path.exists():
        raise WorkbookError(
            f"{path} is there already. Choose another name for {what}, or move that file away."
        )
    _write(path, data)


def save_master(master: Path, data: bytes, now: datetime) -> Path:
    """Replace the master in one step and keep the old one; the backup's path.

    Raises WorkbookError where anything cannot be written; the master is then as it was.
    """
    refuse_if_open(master)
    folder = master.with_name(_FOLDER)
    number, stamp = 1, f"{now:%Y-%m-%d %H%M%S}"
    backup = folder / f"{master.stem} {stamp}{master.suffix}"
    while backup.exists():
        number += 1
        backup = folder / f"{master.stem} {stamp} ({number}){master.suffix}"
    _write(backup, read_bytes(master))
    _write(master, data)
    return backup


def backups_of(master: Path) -> list[Path]:
    """The backups of a master, oldest first."""
    folder = master.with_name(_FOLDER)
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        made = _BACKUP.fullmatch(path.stem.removeprefix(f"{master.stem} "))
        if made and path.stem.startswith(f"{master.stem} ") and path.suffix == master.suffix:
            found.append((made[1], int(made[2] or 1), path))
    return [path for _, _, path in sorted(found)]


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    except PackageError as error:
        raise WorkbookError(str(error)) from error
    except OSError as error:
        raise WorkbookError(
            f"{path} cannot be written: {error.strerror or error}. Nothing was changed. "
            "Check that the folder is there, that you may write to it, and that the disk is not full."
        ) from error
