"""A file of returns, wherever it is: on this computer, or at an address of another (a URL)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import UnreadableError

__all__ = ["CHANGING", "TRIES", "LocalFile", "Place", "refuse_large", "shown_name", "why"]

TRIES = 3
CHANGING = UnreadableError("return-changing", "it was changed while it was being read")


class Place(Protocol):
    """Where one file is."""

    @property
    def name(self) -> str:
        """The file's own name, as it stands."""

    @property
    def shown(self) -> str:
        """Where it is, as it may be shown and kept: without passwords and control characters."""

    @property
    def is_here(self) -> bool:
        """Whether this process alone is sure to see it; other machines see what is not here."""

    def read(self, limits: Limits) -> tuple[bytes, datetime]:
        """The file's bytes, all of one moment, and when it was written (naive UTC).

        Raises UnreadableError where it is too large, may not be read, or goes on changing.
        """


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on a disk of this computer, or on one that looks so (a network drive)."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def shown(self) -> str:
        return shown_name(self.path)

    @property
    def is_here(self) -> bool:
        return True

    def read(self, limits: Limits) -> tuple[bytes, datetime]:
        try:
            for _ in range(TRIES):
                before = self.path.stat()
                refuse_large(before.st_size, limits)
                with self.path.open("rb") as file:
                    data = file.read(before.st_size + 1)
                after = self.path.stat()
                moments = {before.st_mtime_ns, after.st_mtime_ns}
                if {before.st_size, after.st_size} == {len(data)} and len(moments) == 1:
                    return data, datetime.fromtimestamp(after.st_mtime, UTC).replace(tzinfo=None)
        except OSError as error:
            raise UnreadableError("return-unreadable", why(error)) from error
        raise CHANGING


def refuse_large(size: int, limits: Limits) -> None:
    """Raise UnreadableError where a file of this many bytes is too large to be read."""
    if size > limits.file_bytes:
        most, mega = limits.file_bytes / 1e6, size / 1e6
        raise UnreadableError(
            "return-too-large", f"it has {mega:,.1f} MB, more than the {most:,.0f} MB allowed"
        )


def shown_name(path: Path | str) -> str:
    """A path as it may be shown and kept: without control characters and broken letters."""
    text = str(path)
    return text if text.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in text)


def why(error: OSError) -> str:
    """What the system says of an error, to stand inside a sentence."""
    return (error.strerror or str(error)).rstrip(".").lower()
