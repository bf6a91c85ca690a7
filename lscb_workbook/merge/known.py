"""What of a return the tracker knows already: what a merge has recorded, and what of that still waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lscb_workbook.merge.ledger import EditKey, key_of, open_conflicts
from lscb_workbook.plan.records import Change
from lscb_workbook.returns.records import Edit, Return

__all__ = ["Known", "Tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The edits of one return, counted by where they are; each counts once.

    ``recorded`` are in History and need nobody, ``waiting`` are open on the Conflicts tab. The others no
    merge has met: those ``to_take`` without asking, and those ``to_settle``. The ``refused`` are so before
    and after a merge; ``new`` is how many edits of whatever kind no merge has met.
    """

    recorded: int
    waiting: int
    to_take: int
    to_settle: int
    refused: int
    new: int


@dataclass(frozen=True, slots=True)
class Known:
    """The edits that merges have met, and those of them that wait to be settled."""

    met: frozenset[EditKey]
    waiting: frozenset[EditKey]

    @classmethod
    def from_history(cls, history: Sequence[Change]) -> Known:
        return cls(frozenset(map(key_of, history)), frozenset(map(key_of, open_conflicts(history))))

    def tally(self, back: Return) -> Tally:
        """Where each edit of a return is."""
        known = [one for one in back.edits if not one.refused and _key(back, one) in self.met]
        waiting = sum(_key(back, one) in self.waiting for one in known)
        return Tally(
            recorded=len(known) - waiting,
            waiting=waiting,
            to_take=sum(_key(back, one) not in self.met for one in back.sure),
            to_settle=sum(_key(back, one) not in self.met for one in back.proposed),
            refused=len(back.refused),
            new=sum(_key(back, one) not in self.met for one in back.edits),
        )


def _key(back: Return, edit: Edit) -> EditKey:
    return (edit.cell, back.officer, back.cycle, back.sha256, edit.returned)
