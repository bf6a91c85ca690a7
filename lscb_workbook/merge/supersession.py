"""An officer's own returns: the later takes the place of the earlier, cell by cell.

The later is the one that was saved later by its own word. When a file was written says nothing of that: two
that were saved at the same moment and differ are a tie, which the manager settles.

A sure edit is superseded by a later sure one, a doubtful edit by any later one of the same officer. A
doubtful edit never supersedes a sure one, whatever the manager made of it: a forged copy that says it
was saved last must not silence the officer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lscb_workbook.merge.ledger import Arrival, Ledger, key_of
from lscb_workbook.plan.records import Change, Decision

__all__ = ["latest"]

_REPLACED = "a later return of the same officer counts"


def latest(ledger: Ledger, met: Sequence[Arrival]) -> tuple[list[Arrival], list[Arrival]]:
    """The edits of one cell in one cycle that say something new, and those whose order cannot be told.

    An edit whose file was met before is passed over; one that says what the officer's latest said is
    recorded as said before.
    """
    groups: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in met:
        groups[arrival.officer].append(arrival)
    live: list[Arrival] = []
    ties: list[Arrival] = []
    for officer, arrivals in groups.items():
        said = ledger.said_by(arrivals[0].edit.cell, officer, arrivals[0].back.cycle)
        files = {change.sha256 for change in said}
        fresh = [arrival for arrival in arrivals if arrival.back.sha256 not in files]
        last = [arrival for arrival in fresh if not _superseded(ledger, arrival, fresh, said)]
        new = _unsaid(ledger, last, said)
        _close_replaced(ledger, last, new)
        sure = [arrival for arrival in new if arrival.sure]
        if len(sure) > 1 or any(_same_moment(arrival, said) for arrival in sure):
            ties += sure
            new = [arrival for arrival in new if not arrival.sure]
        live += new
    return live, ties


def _superseded(ledger: Ledger, arrival: Arrival, fresh: Sequence[Arrival], said: Sequence[Change]) -> bool:
    """Record an edit that a later one of the same officer replaces; whether one does."""
    rivals = _sure(said) if arrival.sure else said
    moment = arrival.back.saved_at
    now = any(one.back.saved_at > moment and (one.sure or not arrival.sure) for one in fresh)
    before = any(change.saved_at and change.saved_at > moment for change in rivals)
    if now or before:
        ledger.record(arrival, Decision.SUPERSEDED, ledger.standing(arrival.edit.cell), _REPLACED)
    return now or before


def _sure(said: Sequence[Change]) -> list[Change]:
    """What of this was said in returns that may be taken without asking.

    What was superseded is left out: what superseded it is there.
    """
    doubted = {
        key_of(change)
        for change in said
        if change.decision is Decision.PROPOSED
        or (change.decision in (Decision.ALREADY, Decision.REPEATED) and change.reason)
    }
    return [
        change
        for change in said
        if change.decision is not Decision.SUPERSEDED and key_of(change) not in doubted
    ]


def _unsaid(ledger: Ledger, arrivals: Sequence[Arrival], said: Sequence[Change]) -> list[Arrival]:
    """Of the edits that stand, those that say other than the officer's latest, each value once."""
    new: dict[tuple[str, bool], Arrival] = {}
    for arrival in arrivals:
        value = arrival.edit.returned, arrival.sure
        if value in new or _last_said(_sure(said) if arrival.sure else said) == {arrival.edit.returned}:
            standing = ledger.standing(arrival.edit.cell)
            ledger.record(arrival, Decision.REPEATED, standing, arrival.doubt)
        else:
            new[value] = arrival
    return list(new.values())


def _last_said(said: Sequence[Change]) -> set[str]:
    """The value of the latest of these; several where they were saved at the same moment."""
    moments = [change.saved_at for change in said if change.saved_at]
    return {change.returned for change in said if moments and change.saved_at == max(moments)}


def _same_moment(arrival: Arrival, said: Sequence[Change]) -> bool:
    """Whether a return that was merged before was saved at the same moment and says otherwise."""
    return any(
        change.saved_at == arrival.back.saved_at and change.returned != arrival.edit.returned
        for change in _sure(said)
    )


def _close_replaced(ledger: Ledger, last: Sequence[Arrival], new: Sequence[Arrival]) -> None:
    """Close the officer's own open conflicts that one of these edits replaces.

    One that only says again what waits replaces nothing.
    """
    for arrival in last:
        for change in ledger.open_of(arrival.edit.cell):
            own = (change.officer, change.cycle) == (arrival.officer, arrival.back.cycle)
            earlier = change.saved_at is None or change.saved_at < arrival.back.saved_at
            weaker = arrival.sure or change.decision is Decision.PROPOSED
            otherwise = arrival in new or change.returned != arrival.edit.returned
            if own and earlier and weaker and otherwise:
                ledger.close(change, Decision.SUPERSEDED, ledger.standing(change.cell), _REPLACED)
