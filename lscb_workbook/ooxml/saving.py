"""Writing a file in one step: it is there whole, or it is as it was before."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from lscb_workbook.ooxml.errors import PackageError

__all__ = ["write_atomically"]


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``: to a file beside it first, flushed and read back, then renamed.

    Raises PackageError where that cannot be done; ``path`` is then as it was.
    """
    waiting: str | None = None
    try:
        number, waiting = tempfile.mkstemp(prefix=".saving-", suffix=path.suffix, dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if Path(waiting).read_bytes() != data:
            raise OSError("what was written does not read back the same")
        Path(waiting).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(waiting).replace(path)
        waiting = None
        _flush_folder(path.parent)
    except OSError as error:
        raise PackageError(
            f"{path} cannot be written: {error.strerror or error}. Nothing was changed. "
            "Close it if it is open elsewhere, check that you may write there and that the disk "
            "is not full, and try again."
        ) from error
    finally:
        if waiting:
            with contextlib.suppress(OSError):
                os.unlink(waiting)  # noqa: PTH108 - the name is mkstemp's own


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush_folder(folder: Path) -> None:
    """Have the rename itself on the disk, where the system allows it."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
