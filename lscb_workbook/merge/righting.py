"""What an officer has put right: words of a return for which a later one of the same officer has others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Change, Decision, Finding, Severity
from lscb_workbook.returns.records import Edit, Return

__all__ = ["LaterWords", "put_right"]

_SAID = (
    Decision.TAKEN,
    Decision.COMBINED,
    Decision.CONFLICT,
    Decision.SETTLED_TAKEN,
    Decision.SETTLED_PROPOSAL,
    Decision.SETTLED_BOTH,
)
_SAID_SURELY = (Decision.ALREADY, Decision.REPEATED)
"""An officer's word where they carry no reason for doubt."""


@dataclass(frozen=True, slots=True)
class LaterWords:
    """The last word of each officer for each cell, by cell, officer and cycle.

    A word is an edit that could be read and was sure, or that the manager took: a copy that somebody else
    made must not silence an officer.
    """

    last: Mapping[tuple[Cell, str, str], Change]

    @classmethod
    def of(cls, history: Iterable[Change]) -> LaterWords:
        last: dict[tuple[Cell, str, str], Change] = {}
        for change in history:
            said = change.decision in _SAID or (change.decision in _SAID_SURELY and not change.reason)
            key = (change.cell, change.officer, change.cycle)
            if said and change.saved_at and (key not in last or change.saved_at >= _moment(last[key])):
                last[key] = change
        return cls(last)

    def after(self, back: Return, edit: Edit) -> Change | None:
        """What the officer said of the edit's cell in a return that was saved later, last; None where
        nothing."""
        change = self.last.get((edit.cell, back.officer, back.cycle))
        return change if change and _moment(change) > back.saved_at else None


def _moment(change: Change) -> datetime:
    return change.saved_at or datetime.min


def put_right(
    returns: Sequence[Return], findings: Iterable[Finding], history: Iterable[Change]
) -> tuple[Finding, ...]:
    """The findings, those about a cell that its officer put right in a later return for information alone.

    ``findings`` are those of the returns and others; ``history`` the whole, with what a merge of these
    returns adds.
    """
    words = LaterWords.of(history)
    righted: dict[Finding, Finding] = {}
    for back in returns:
        edits = {edit.place: edit for edit in back.edits if edit.place}
        for one in back.findings:
            edit = edits.get((one.sheet, one.cell))
            if edit and one.severity is not Severity.INFO and (later := words.after(back, edit)):
                righted[one] = _righted(one, later)
    return tuple(righted.get(one, one) for one in findings)


def _righted(one: Finding, later: Change) -> Finding:
    place = {"file": one.file, "sheet": one.sheet, "ref": one.ref, "cell": one.cell}
    return finding("put-right-later", said=one.message, later=PurePath(later.file).name, **place)
