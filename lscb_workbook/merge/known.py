"""Where each returned edit is: what merges have made of it, or what the next merge would make of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lscb_workbook.merge.ledger import OPEN, EditKey, key_of, open_conflicts
from lscb_workbook.plan.records import TEXT_FIELDS, Cell, Change, Decision
from lscb_workbook.returns.records import Edit, Return

__all__ = ["Known", "Tally"]


class _Where(StrEnum):
    """Where an edit is. The last three are of edits that no merge has met: what the next makes of them."""

    RECORDED = "recorded"
    TURNED_DOWN = "turned down"
    REPLACED = "replaced"
    WAITING = "waiting"
    ALREADY = "already so"
    TO_TAKE = "to take"
    TO_SETTLE = "to settle"


@dataclass(frozen=True, slots=True)
class Tally:
    """The edits of one return, counted by where they are; each counts once.

    ``recorded`` were taken into the tracker, ``turned_down`` settled otherwise, ``replaced`` give way to
    another return of the officer, and ``waiting`` are open on the Conflicts tab. Of those that no merge
    has met the next would find ``already`` so, take ``to_take``, and leave ``to_settle``. The
    ``refused`` are so before and after a merge; ``new`` is how many edits of whatever kind no merge has met.
    """

    recorded: int = 0
    turned_down: int = 0
    replaced: int = 0
    waiting: int = 0
    already: int = 0
    to_take: int = 0
    to_settle: int = 0
    refused: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """Where each edit is, those that no merge has met (``new``), and those that wait to be settled."""

    where: Mapping[EditKey, _Where]
    new: frozenset[EditKey]
    waiting: frozenset[EditKey]

    @classmethod
    def from_history(cls, history: Sequence[Change], coming: Sequence[Change]) -> Known:
        """``coming`` is what the next merge would add to History."""
        now, then = _where_each_is(history), _where_each_is((*history, *coming))
        new = {key_of(change): change for change in coming if key_of(change) not in now}
        where = now | {key: _ahead(change, then[key]) for key, change in new.items()}
        return cls(where, frozenset(new), frozenset(map(key_of, open_conflicts(history))))

    def tally(self, back: Return) -> Tally:
        """Where each edit of a return is."""
        count = Counter(self.where.get(_key(back, one)) for one in back.edits if not one.refused)
        return Tally(
            recorded=count[_Where.RECORDED],
            turned_down=count[_Where.TURNED_DOWN],
            replaced=count[_Where.REPLACED],
            waiting=count[_Where.WAITING],
            already=count[_Where.ALREADY],
            to_take=count[_Where.TO_TAKE],
            to_settle=count[_Where.TO_SETTLE],
            refused=len(back.refused),
            new=sum(_key(back, one) in self.new for one in back.edits),
        )


def _key(back: Return, edit: Edit) -> EditKey:
    return (edit.cell, back.officer, back.cycle, back.sha256, edit.returned)


def _ahead(change: Change, then: _Where) -> _Where:
    """Where an edit is that no merge has met, of which the next would make this."""
    if then is _Where.RECORDED:
        same = change.decision in (Decision.ALREADY, Decision.REPEATED)
        return _Where.ALREADY if same else _Where.TO_TAKE
    if then is _Where.WAITING and change.decision is not Decision.REPEATED:
        return _Where.TO_SETTLE
    return then


def _where_each_is(history: Sequence[Change]) -> dict[EditKey, _Where]:
    """Where each edit is by History. One that says again what the officer had said is where that is."""
    waiting = set(map(key_of, open_conflicts(history)))
    where: dict[EditKey, _Where] = {}
    stand: dict[tuple[Cell, str, str], set[str]] = {}
    for change in history:
        key = key_of(change)
        if change.decision is Decision.REPEATED or (change.decision in OPEN and key not in waiting):
            continue
        where[key] = _Where.WAITING if key in waiting else _settled(change)
        if where[key] is _Where.RECORDED:
            before = stand.setdefault((change.cell, change.officer, change.cycle), set())
            if change.decision is not Decision.SETTLED_BOTH:
                before.clear()
            before.add(change.returned)
    for key, found in where.items():
        cell, officer, cycle, _, returned = key
        if found is _Where.RECORDED and returned not in stand[cell, officer, cycle]:
            where[key] = _Where.REPLACED
    said = {(cell, officer, cycle, text): found for (cell, officer, cycle, _, text), found in where.items()}
    for change in history:
        value = (change.cell, change.officer, change.cycle, change.returned)
        where.setdefault(key_of(change), said.get(value, _Where.RECORDED))
    return where


def _settled(change: Change) -> _Where:
    """Where an edit is by what became of it last, when it does not wait."""
    if change.decision is Decision.SUPERSEDED:
        return _Where.REPLACED
    if change.decision is Decision.REFUSED:
        return _Where.TURNED_DOWN
    within = change.decision is Decision.SETTLED_PROPOSAL and change.cell.field in TEXT_FIELDS
    if change.decision in (Decision.SETTLED_KEPT, Decision.SETTLED_PROPOSAL):
        return _Where.RECORDED if within or change.result == change.returned else _Where.TURNED_DOWN
    return _Where.RECORDED
