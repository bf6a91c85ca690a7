"""What returns are judged against: a tracker, with what is looked up for each return made ready once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lscb_workbook.copies import copy_texts
from lscb_workbook.copies.identity import AsIssued
from lscb_workbook.copies.rows import as_issued
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cycle, Entries, Plan
from lscb_workbook.returns.headings import plain_heading
from lscb_workbook.returns.naming import PlanRows
from lscb_workbook.tracker.state import Tracker

__all__ = ["Ground", "ground_of"]

_HELD = 64
"""For how many officers and cycles the values as issued are kept."""


class Ground:
    """A tracker as returns are held against it.

    ``rows`` are those of its plan; ``names`` their refs and ids, by table of a copy; ``titles`` those of the
    officers in plain letters, by key; ``cycles`` the names of the cycles issued.
    """

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.rows = PlanRows(tracker.plan, tracker.words.keys() - tracker.rows.keys())
        self.names: Mapping[str, Mapping[str, str]] = {
            table: self.rows.names(table) for table in ("MyActions", "MyMilestones")
        }
        self.titles = {officer.key: plain_heading(officer.title) for officer in tracker.plan.officers}
        self.cycles = {cycle.name: cycle for cycle in reversed(tracker.cycles)}
        self.named = lru_cache(maxsize=_HELD)(self._named)
        self._known = lru_cache(maxsize=_HELD)(self._as_known)

    def _named(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """The officers (by key) whose titles stand in these texts, those that are part of a longer title left
        out."""
        said = [f" {plain_heading(text)} " for text in texts]
        found = {
            key: title for key, title in self.titles.items() if any(f" {title} " in text for text in said)
        }
        return tuple(
            key
            for key, title in found.items()
            if not any(title != longer and title in longer for longer in found.values())
        )

    @property
    def plan(self) -> Plan:
        return self.tracker.plan

    def known_values(self, officer: str, cycle: str) -> AsIssued:
        """The values issued to an officer (by key) for a cycle, as far as the tracker's own History tells
        them.

        The texts around the rows are those of the latest cycle where the tracker did not issue this one.
        """
        return self._known(officer, cycle)

    def _as_known(self, officer: str, cycle: str) -> AsIssued:
        issued = self.cycles.get(cycle)
        like = issued or self.cycles.get(self.tracker.cycle)
        texts = copy_texts(self.plan, self.plan.officer(officer), like) if like else ()
        return as_issued(self.plan, self._entries_when_issued(issued), officer, texts)

    def _entries_when_issued(self, cycle: Cycle | None) -> Entries:
        return entries_at(self.tracker.history, cycle.issued_on) if cycle else self.tracker.entries


class _Same:
    """A tracker that is only ever the same as itself, however alike another one is."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker

    def __hash__(self) -> int:
        return id(self.tracker)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.tracker is self.tracker


def ground_of(tracker: Tracker) -> Ground:
    """The ground that a tracker is. It is kept for the returns that follow."""
    return _kept(_Same(tracker))


@lru_cache(maxsize=1)
def _kept(one: _Same) -> Ground:
    return Ground(one.tracker)
