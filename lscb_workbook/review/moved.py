"""What has moved since the board last met, each with the return or the edit that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lscb_workbook.plan.records import Cell, Change, Decision, Entries, Field, Plan, RagScheme
from lscb_workbook.review.meetings import Since
from lscb_workbook.review.updates import rating_status

__all__ = ["Moved", "what_moved"]

_FIELDS = {
    Field.RATING: Field.COMMENTARY,
    Field.STATUS: Field.NOTE,
    Field.COMPLETED_ON: Field.NOTE,
    Field.REVISED_DATE: Field.NOTE,
    Field.APPROVED_DATE: Field.APPROVED_BY,
}
"""What can move, and the field beside it that says why."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell that says other than it did when the board last met, however often it changed between.

    ``source`` is the change that brought what it says now, ``why`` what stands beside it.
    """

    cell: Cell
    before: str
    now: str
    why: str
    source: Change


def what_moved(plan: Plan, entries: Entries, history: Sequence[Change], since: Since) -> tuple[Moved, ...]:
    """What moved since a moment, in the plan's order. An action's rating comes before its milestones."""
    known: dict[Cell, _Trace] = {}
    for change in history:
        if change.cell.field in _FIELDS:
            said = _as_read(plan.scheme, change)
            known.setdefault(change.cell, _Trace()).follow(change, said, since)
    return tuple(_in_order(plan, entries, known))


class _Trace:
    """One cell as the History goes by: what it said at the moment, what now, and who brought that."""

    def __init__(self) -> None:
        self.before = self.now = ""
        self.source: Change | None = None

    def follow(self, change: Change, said: str, since: Since) -> None:
        if said != self.now:
            self.now, self.source = said, change
        agreed = change.decision is Decision.AGREED_IN_PLAN
        begun = change.decision is Decision.CARRIED and since.day is None
        if change not in since or agreed or begun:
            self.before = said


def _as_read(scheme: RagScheme, change: Change) -> str:
    """What a cell said after a change: a rating in the scheme's own letters, however it was typed."""
    status = rating_status(scheme, change.result) if change.cell.field is Field.RATING else None
    return status.name if status else change.result


def _in_order(plan: Plan, entries: Entries, known: Mapping[Cell, _Trace]) -> Iterator[Moved]:
    for action in plan.actions:
        rows = ("", *(milestone.id for milestone in plan.milestones_of(action.ref)))
        for row in rows:
            for field, beside in _FIELDS.items():
                cell = Cell(action.ref, row, field)
                trace = known.get(cell)
                if trace and trace.source and trace.now != trace.before:
                    why = entries.get(Cell(action.ref, row, beside), "")
                    yield Moved(cell, trace.before, trace.now, why, trace.source)
