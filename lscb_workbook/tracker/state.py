"""The tracker as one record: everything a master workbook says, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lscb_workbook.plan.records import Cell, Change, Conflict, Cycle, Entries, Finding, Issued, Plan
from lscb_workbook.tracker.agreed import Typed, Words
from lscb_workbook.tracker.by_hand import AsTyped
from lscb_workbook.tracker.earlier import Archived, Earlier, earlier_in
from lscb_workbook.tracker.lists import Overtyped

__all__ = ["AmissDay", "Tracker"]


class AmissDay(NamedTuple):
    """A cell of the Calendar tab that says a day, but not as a workbook holds one."""

    table: str
    row: int
    header: str
    day: date


@dataclass(frozen=True, slots=True)
class Tracker:
    """What a master holds.

    ``id`` names the tracker in its copies; ``key`` signs them (hexadecimal). ``entries`` is what
    people have filled in; ``conflicts`` what stands on the Conflicts tab, settlements included.
    """

    id: str
    key: str
    plan: Plan
    entries: Entries
    history: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    cycles: tuple[Cycle, ...]
    issued: tuple[Issued, ...]
    as_at: date | None
    due_soon_days: int
    rows: Mapping[str, int]
    """Worksheet row of each action (by ref) and milestone (by id)."""
    findings: tuple[Finding, ...] = ()
    """What stands on the Checks tab."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The rows of the very hidden sheet."""
    words: Words = field(default_factory=dict)
    """What the tool last wrote in the plan's own columns, those of rows that are gone among them."""
    typed: tuple[Typed, ...] = ()
    """What was typed over that by hand; the plan is without it."""
    overtyped: tuple[Overtyped, ...] = ()
    """What stands in the lists that the tool writes anew, and is not the tool's."""
    by_hand: tuple[AsTyped, ...] = ()
    """What was typed into the Returns and Cycles tables and does not count; it stays there."""
    odd: tuple[Finding, ...] = ()
    """What is amiss on its tabs: rows that are gone, of History too, and cells of the Calendar and Officers
    tabs that are not understood and count as blank."""
    amiss: frozenset[Cell] = frozenset()
    """Cells that people fill in and that hold other than their entry to the letter: blanks around it, a day
    as text. Formulas would read them otherwise; they are set right by whatever saves the tracker."""
    amiss_days: tuple[AmissDay, ...] = ()
    """Those of the Calendar tab."""
    archive: tuple[Archived, ...] = ()
    """What became of the actions and milestones of earlier years."""

    @property
    def cycle(self) -> str:
        """The name of the cycle issued last; ``""`` before the first."""
        return self.cycles[-1].name if self.cycles else ""

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """The trackers that this one follows, the oldest first."""
        return earlier_in(self.settings)

    def entry(self, cell: Cell) -> str:
        return self.entries.get(cell, "")
