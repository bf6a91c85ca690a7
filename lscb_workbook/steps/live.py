"""Where a step finds its master: on the disk, or as it is open in Excel."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from lscb_workbook.live import held_in_excel, offer
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.saving import Held, held

__all__ = ["Hold", "holding"]


class Hold(Protocol):
    """Gives a master that no other run writes meanwhile (see :func:`~lscb_workbook.tracker.saving.held`)."""

    def __call__(
        self, master: Path, *, tell: Tell | None = None, to_read: bool = False
    ) -> AbstractContextManager[Held]: ...


def holding(live: bool) -> Hold:
    """How a step holds a master that may be open in Excel: with ``live``, as it is open there."""
    return held_in_excel if live else _closed


def _closed(master: Path, *, tell: Tell | None = None, to_read: bool = False) -> AbstractContextManager[Held]:
    return held(master, tell=tell, to_read=to_read, otherwise=offer())
