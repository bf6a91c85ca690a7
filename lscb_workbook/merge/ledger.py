"""The tracker's entries as a merge goes on, and History as it grows: one is always the sum of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import TEXT_FIELDS, Cell, Change, Decision, Entries, Plan
from lscb_workbook.returns.records import Edit, Return

__all__ = [
    "OPEN",
    "Arrival",
    "EditKey",
    "Ledger",
    "hand_edits",
    "initial_history",
    "key_of",
    "open_conflicts",
]

OPEN = (Decision.CONFLICT, Decision.PROPOSED)
"""The decisions that leave an edit to be settled."""
_SETTLED = (
    Decision.SETTLED_TAKEN,
    Decision.SETTLED_PROPOSAL,
    Decision.SETTLED_KEPT,
    Decision.SETTLED_BOTH,
)
_SETTING = (
    Decision.AGREED_IN_PLAN,
    Decision.EDITED,
    Decision.TAKEN,
    Decision.COMBINED,
    Decision.SETTLED_TAKEN,
    Decision.SETTLED_PROPOSAL,
    Decision.SETTLED_BOTH,
)
"""The decisions by which a value comes to stand in the tracker."""

EditKey = tuple[Cell, str, str, str, str]
"""What tells one edit from every other: its cell, the officer, the cycle, the file's SHA-256, and what was
returned: one file may both say a thing for certain and propose another."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One edit of one return, as the merge meets it."""

    back: Return
    edit: Edit

    @property
    def officer(self) -> str:
        return self.back.officer

    @property
    def sure(self) -> bool:
        """Whether it may be taken without asking."""
        return not self.doubt

    @property
    def doubt(self) -> str:
        """Why it may only be proposed; ``""`` where it is sure."""
        return self.back.doubt or self.edit.doubt

    @property
    def sorting(self) -> tuple[object, ...]:
        """An order that does not depend on the order of the files."""
        edit, back = self.edit, self.back
        return (edit.cell, back.cycle, back.officer, back.moment, back.sha256, back.file, edit.returned)


def key_of(change: Change) -> EditKey:
    return (change.cell, change.officer, change.cycle, change.sha256, change.returned)


def open_conflicts(history: Sequence[Change]) -> list[Change]:
    """The conflicts and proposals that nobody has settled and no later return has replaced, oldest first."""
    waiting: dict[EditKey, Change] = {}
    for change in history:
        if change.decision in OPEN:
            waiting[key_of(change)] = change
        elif change.decision in (*_SETTLED, Decision.SUPERSEDED):
            waiting.pop(key_of(change), None)
    return list(waiting.values())


def hand_edits(entries: Entries, history: Sequence[Change], *, as_at: date, cycle: str) -> tuple[Change, ...]:
    """Where the tracker says other than its History: what the manager changed in the workbook itself."""
    known = entries_at(history)
    edits = []
    for cell in sorted(entries.keys() | known.keys()):
        before, now = known.get(cell, ""), entries.get(cell, "")
        if before != now:
            edits.append(Change(cell, before, before, now, now, Decision.EDITED, "", "", "", cycle, as_at))
    return tuple(edits)


def initial_history(entries: Entries, when: date) -> tuple[Change, ...]:
    """What the plan itself says of each cell, as the first of its history."""
    return tuple(
        Change(cell, "", "", text, text, Decision.AGREED_IN_PLAN, "", "", "", "", when)
        for cell, text in sorted(entries.items())
        if text
    )


@dataclass(slots=True)
class Ledger:
    """The entries as they now stand and the changes recorded so far, those of earlier merges first."""

    plan: Plan
    entries: dict[Cell, str]
    past: Sequence[Change]
    as_at: date
    cycle: str
    new: list[Change] = field(default_factory=list)
    _by_cell: dict[Cell, list[Change]] = field(default_factory=lambda: defaultdict(list))
    _refused: dict[tuple[Cell, str, str], Change] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for change in self.past:
            self._enter(change)

    def _enter(self, change: Change) -> None:
        self._by_cell[change.cell].append(change)
        if change.decision is Decision.REFUSED:
            self._refused.setdefault((change.cell, change.sha256, change.returned), change)

    def refused_before(self, arrival: Arrival) -> Change | None:
        """The record of the same edit of the same file, refused in this merge or an earlier one."""
        return self._refused.get((arrival.edit.cell, arrival.back.sha256, arrival.edit.returned))

    def standing(self, cell: Cell) -> str:
        return self.entries.get(cell, "")

    def add(self, change: Change) -> Change:
        """Record a change; its result stands from now on."""
        self.new.append(change)
        self._enter(change)
        if change.result:
            self.entries[change.cell] = change.result
        else:
            self.entries.pop(change.cell, None)
        return change

    def record(self, arrival: Arrival, decision: Decision, result: str, reason: str = "") -> Change:
        """Record what became of an edit."""
        edit, back = arrival.edit, arrival.back
        return self.add(
            Change(
                cell=edit.cell,
                base=edit.base,
                master=self.standing(edit.cell),
                returned=edit.returned,
                result=result,
                decision=decision,
                officer=back.officer,
                file=back.file,
                sha256=back.sha256,
                cycle=back.cycle,
                when=self.as_at,
                saved_at=back.saved_at,
                reason=reason,
                sent=back.provenance,
            )
        )

    def close(self, change: Change, decision: Decision, result: str, reason: str = "") -> Change:
        """Record what became of a conflict that was open."""
        standing = self.standing(change.cell)
        closed = replace(change, master=standing, result=result, decision=decision, when=self.as_at)
        return self.add(replace(closed, reason=reason))

    def author(self, cell: Cell) -> Change | None:
        """The change by which the cell came to say what it says."""
        setting = [change for change in self._by_cell[cell] if change.decision in _SETTING]
        return setting[-1] if setting else None

    def said_by(self, cell: Cell, officer: str, cycle: str) -> list[Change]:
        """What an officer returned for a cell in a cycle before, refusals apart."""
        return [
            change
            for change in self._by_cell[cell]
            if (change.officer, change.cycle) == (officer, cycle) and change.decision is not Decision.REFUSED
        ]

    def words(self, cell: Cell, cycle: str) -> dict[str, Change]:
        """What officers said of a cell in a cycle that still stands in it, by the officer's key.

        Nothing from before it was last set by one word alone. A lead whose newer word waits among
        the conflicts no longer stands by a value; what they wrote stays in a text until that is settled.
        """
        words: dict[str, Change] = {}
        for change in self._by_cell[cell]:
            if change.decision in _SETTING and change.decision is not Decision.COMBINED:
                words.clear()
            if change.decision in (Decision.TAKEN, Decision.COMBINED) or (
                change.decision is Decision.ALREADY and not change.reason
            ):
                words[change.officer] = change
            elif change.decision is Decision.CONFLICT and cell.field not in TEXT_FIELDS:
                words.pop(change.officer, None)
        return {officer: change for officer, change in words.items() if change.cycle == cycle}

    def open(self) -> list[Change]:
        return open_conflicts((*self.past, *self.new))

    def open_of(self, cell: Cell) -> list[Change]:
        """The open conflicts about one cell, oldest first."""
        return open_conflicts(self._by_cell[cell])

    def title(self, officer: str) -> str:
        """An officer's title; the key itself where the Officers tab no longer has them."""
        return next((one.title for one in self.plan.officers if one.key == officer), officer)

    def leads(self, cell: Cell) -> tuple[str, ...]:
        """The officers whose cell it is, by key; none for a cell the plan does not have."""
        rows = self.plan.milestones if cell.milestone else self.plan.actions
        wanted = cell.milestone or cell.ref
        return next((row.leads for row in rows if (getattr(row, "id", row.ref)) == wanted), ())
