"""What stood in the tracker at any day, out of the history of every change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lscb_workbook.plan.records import Cell, Change

__all__ = ["entries_at"]


def entries_at(history: Iterable[Change], as_at: date | None = None) -> dict[Cell, str]:
    """The entries as these changes leave them, those after ``as_at`` not counted; blank cells are absent."""
    entries: dict[Cell, str] = {}
    for change in history:
        if as_at is None or change.when <= as_at:
            entries[change.cell] = change.result
    return {cell: text for cell, text in entries.items() if text}
