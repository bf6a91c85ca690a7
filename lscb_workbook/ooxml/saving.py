"""Writing a file in one step: it is there whole, or it is as it was before."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from lscb_workbook.ooxml.errors import PackageError

__all__ = ["UnconfirmedError", "flush_folder", "holds", "real_path", "reason", "sweep", "write_atomically"]

_WAITING = ".saving-"
_MARK_BYTES = 100
_TRIES, _PAUSE = 16, 0.125
"""How often, and after how many seconds each, a rename is tried that another program is in the way of."""

_FAULTS = (errno.EIO, errno.ENOSPC, errno.EDQUOT)
_REASONS = {
    errno.ENOSPC: "the disk is full. Make room on it, and try again.",
    errno.EDQUOT: "your share of the disk is used up. Make room, and try again.",
    errno.EROFS: "that disk or folder may only be read. Put the file where you may write, and try again.",
    errno.EIO: "the disk reported a fault. Check the drive, or the connection to it, and try again.",
    errno.ENOENT: "its folder is not there, or what was being written is gone. Check it, and try again.",
    errno.ENAMETOOLONG: "its name is too long. Give it a shorter one, and try again.",
}
_IN_THE_WAY = "it is open in another program, or you may not write there. Close it, or ask for access."


class UnconfirmedError(PackageError):
    """The file is written and whole, but the disk did not confirm that it will stay so."""


def write_atomically(
    path: Path,
    data: bytes,
    *,
    like: Path | None = None,
    mark: str | None = None,
    check: Callable[[], None] | None = None,
) -> None:
    """Write ``data`` to ``path``: to a file beside it first, flushed and read back, then renamed.

    Where ``path`` is a link, the file it leads to is replaced. The permissions, and where the system allows
    it the owner, are those of ``like``, or else of the file that is replaced. The file beside it carries
    ``mark`` in its name (default: the name of ``path``), by which :func:`sweep` knows it should this run be
    killed. ``check`` is called last before the rename; what it raises stops the writing.

    Raises PackageError where it cannot be done; ``path`` is then as it was. Raises UnconfirmedError where it
    was done and only the disk's word for it is missing.
    """
    path = real_path(path)
    name = f"{_mark(mark or path.name)}{secrets.token_hex(6)}{path.suffix}"
    waiting = path.with_name(name)
    try:
        try:
            _write_out(waiting, data, like or path)
            if check:
                check()
            _put_in_place(waiting, path)
        except BaseException:
            with contextlib.suppress(OSError):
                waiting.unlink()
            raise
    except OSError as error:
        raise PackageError(f"{path} cannot be written: {reason(error)}") from error
    try:
        flush_folder(path.parent)
    except OSError as error:
        raise UnconfirmedError(
            f"{path} cannot be counted on, though it was written: {reason(error)}"
        ) from error


def real_path(path: Path) -> Path:
    """The file that a link leads to; any other path as it is."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def holds(path: Path, data: bytes) -> bool:
    """Whether a file is there to be read, and holds just these bytes."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def sweep(folder: Path, marks: Iterable[str]) -> None:
    """Remove what killed runs left in a folder of files with these marks. For whoever alone writes them."""
    starts = tuple(_mark(mark) for mark in marks)
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if path.name.startswith(starts):
                with contextlib.suppress(OSError):
                    path.unlink()


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system allows it. Raises OSError at a fault of it."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows opens no folders, and a folder may be writable without being readable.
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno in _FAULTS:
            raise
    finally:
        os.close(number)


def reason(error: OSError) -> str:
    """Why something cannot be written and what to do: the end of a sentence, and another sentence."""
    if isinstance(error, PermissionError):
        return _IN_THE_WAY
    said = _REASONS.get(error.errno or 0)
    return said or f"{error.strerror or error}. Check the folder and the disk, and try again."


def _mark(mark: str) -> str:
    """How the name of a waiting file begins. Cut short, for names have an end."""
    return f"{_WAITING}{mark.encode()[:_MARK_BYTES].decode(errors='ignore')}-"


def _write_out(waiting: Path, data: bytes, like: Path) -> None:
    known = like.exists()
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(waiting, flags, 0o600 if known else 0o666), "wb") as file:
        if known:
            _make_alike(waiting, like)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if waiting.read_bytes() != data:
        raise OSError("what was written does not read back the same")


def _make_alike(path: Path, like: Path) -> None:
    """Give a file the owner, the group and the permissions of another, as far as that is allowed."""
    wanted, own = like.stat(), path.stat()
    mode = wanted.st_mode & 0o777
    if hasattr(os, "chown") and (wanted.st_uid, wanted.st_gid) != (own.st_uid, own.st_gid):
        try:
            os.chown(path, wanted.st_uid, wanted.st_gid)
        except PermissionError:
            try:
                os.chown(path, -1, wanted.st_gid)
            except PermissionError:
                path.chmod(mode & ~0o070)  # What the group might do was not said of this other group.
                return
    path.chmod(mode)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(like):  # Access control lists are among them.
                with contextlib.suppress(OSError):
                    os.setxattr(path, name, os.getxattr(like, name))


def _put_in_place(waiting: Path, path: Path) -> None:
    """Rename, and try again shortly: virus scanners and sync clients hold files for moments."""
    for _ in range(_TRIES - 1):
        try:
            waiting.replace(path)
            return
        except PermissionError:
            time.sleep(_PAUSE)
    waiting.replace(path)
