"""One run at a time: a lock beside the master, held from reading it until it is saved."""

from __future__ import annotations

import contextlib
import errno
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.ooxml.saving import reason
from lscb_workbook.plan.errors import WorkbookError

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Tell", "alone", "lock_path"]

Tell = Callable[[str], None]
"""Told, in a sentence, what a step is waiting for."""

SOON, PATIENCE = 1.0, 30.0
"""Seconds until somebody is told of the wait, and until it is given up."""


def lock_path(master: Path) -> Path:
    """The lock of a master. The system frees it when a run ends, however it ends."""
    return master.with_name(f".{master.name}.lock")


@contextmanager
def alone(master: Path, tell: Tell | None = None) -> Iterator[None]:
    """Hold the lock of a master, waiting for another run to finish.

    Raises WorkbookError where that run goes on for longer than :data:`PATIENCE`, or where the master's
    folder cannot be written to.
    """
    from filelock import FileLock  # Commands that only read do without it.

    path = lock_path(master)
    lock = FileLock(path)
    try:
        with warnings.catch_warnings():
            # Where a network folder knows no locks the package falls back on a file's being there, and warns.
            warnings.simplefilter("ignore")
            _acquire(lock, master, tell)
    except OSError as error:
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            raise WorkbookError(
                f"You may not write to the folder {master.parent}, so the master in it cannot be saved. Ask "
                "for access to it, or copy the master to a folder of your own. Nothing was changed."
            ) from error
        raise WorkbookError(
            f"The folder {master.parent} cannot be written to: {reason(error)} Nothing was changed."
        ) from error
    try:
        yield
    finally:
        _remove(path, lock)
        with contextlib.suppress(OSError):
            lock.release()


def _acquire(lock: BaseFileLock, master: Path, tell: Tell | None) -> None:
    from filelock import Timeout

    with contextlib.suppress(Timeout):
        lock.acquire(timeout=SOON)
        return
    if tell:
        tell(f"Another run of lscb-workbook is working on {master}: waiting for it to finish.")
    try:
        lock.acquire(timeout=PATIENCE - SOON)
    except Timeout:
        raise WorkbookError(
            f"Another run of lscb-workbook is still working on {master}. Wait until it has finished, then "
            "run the command again. Nothing was changed."
        ) from None


def _remove(path: Path, lock: BaseFileLock) -> None:
    """Leave no lock file behind. It is still held: whoever waits on it finds it gone and makes another."""
    from filelock import UnixFileLock

    if isinstance(lock, UnixFileLock):  # The other kinds remove their own.
        with contextlib.suppress(OSError):
            path.unlink()
