"""Conflicts: what the tool would propose for each, and settling them as the manager chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lscb_workbook.merge.ledger import Ledger, key_of
from lscb_workbook.merge.texts import MAX_TEXT, Contribution, combined
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import (
    Cell,
    Change,
    Conflict,
    Decision,
    Field,
    Finding,
    MilestoneStatus,
    Settlement,
)
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["TEXT_FIELDS", "close_agreed", "conflicts_now", "settle"]

TEXT_FIELDS = (Field.COMMENTARY, Field.EVIDENCE, Field.NOTE)
_LEAST_COMPLETE = (MilestoneStatus.NOT_STARTED, MilestoneStatus.IN_PROGRESS, MilestoneStatus.COMPLETE)


def conflicts_now(ledger: Ledger) -> tuple[Conflict, ...]:
    """The open conflicts, in the plan's order, for the manager to choose.

    What she chose before and could not be followed is not kept: it would take effect later, when
    what it meant has changed.
    """
    waiting = sorted(ledger.open(), key=lambda one: (one.cell, one.cycle, one.officer, one.sha256))
    return tuple(Conflict(change, _proposal(ledger, change, waiting)) for change in waiting)


def _proposal(ledger: Ledger, change: Change, waiting: Sequence[Change]) -> str:
    """What the tool would take: of joint leads' ratings the most severe, of statuses the least complete.

    An edit that is only not trusted is proposed as it is. For texts and dates there is no middle way.
    """
    if change.decision is Decision.PROPOSED:
        return change.returned
    author = ledger.author(change.cell)
    said = {one.returned for one in waiting if one.cell == change.cell and one.decision is Decision.CONFLICT}
    if author and author.officer and author.officer != change.officer:
        said.add(ledger.standing(change.cell))
    elif len(said) == 1:
        return ""
    if change.cell.field is Field.RATING:
        known = tuple(said & set(ledger.plan.scheme.names))
        return ledger.plan.scheme.most_severe(known) if known else ""
    if change.cell.field is Field.STATUS:
        return next((status.value for status in _LEAST_COMPLETE if status.value in said), "")
    return ""


def close_agreed(ledger: Ledger) -> None:
    """Close each open conflict whose value the tracker now says, by whoever's hand or word."""
    for change in ledger.open():
        if change.returned == ledger.standing(change.cell):
            ledger.close(change, Decision.SETTLED_TAKEN, change.returned, "the tracker now says so")


def settle(ledger: Ledger, settlements: Sequence[Conflict]) -> list[Finding]:
    """Follow what the manager chose for each open conflict; a finding for what cannot be followed.

    The value taken for a cell settles every other conflict about it that nobody chose for.
    """
    findings: list[Finding] = []
    chosen = {key_of(one.change): one for one in settlements if one.settlement.strip()}
    by_cell: dict[Cell, list[Change]] = defaultdict(list)
    for change in ledger.open():
        by_cell[change.cell].append(change)
    for cell, waiting in sorted(by_cell.items()):
        ways: dict[int, tuple[Decision, str]] = {}
        for number, change in enumerate(waiting):
            conflict = chosen.get(key_of(change))
            if conflict:
                way = _way(ledger, change, conflict)
                if way:
                    ways[number] = way
                else:
                    place = {"sheet": "Conflicts", "ref": cell.milestone or cell.ref}
                    findings.append(finding("settlement-not-recognised", text=conflict.settlement, **place))
        findings += _follow(ledger, cell, waiting, ways, bool(chosen))
    return findings


def _follow(
    ledger: Ledger, cell: Cell, waiting: list[Change], ways: dict[int, tuple[Decision, str]], any_chosen: bool
) -> list[Finding]:
    results = {result for decision, result in ways.values() if decision is not Decision.SETTLED_KEPT}
    if len(results) > 1:
        ref, column = cell.milestone or cell.ref, FIELD_HEADERS[cell.field]
        return [finding("settlement-contradictory", sheet="Conflicts", ref=ref, column=column)]
    for number, change in enumerate(waiting):
        if number in ways and ways[number][0] is not Decision.SETTLED_KEPT:
            ledger.close(change, ways[number][0], ways[number][1])
    for number, change in enumerate(waiting):
        if number in ways and ways[number][0] is Decision.SETTLED_KEPT:
            ledger.close(change, Decision.SETTLED_KEPT, ledger.standing(cell))
        elif number not in ways and results and any_chosen:
            reason = "settled together with another return's value"
            ledger.close(change, Decision.SETTLED_KEPT, ledger.standing(cell), reason)
    return []


def _way(ledger: Ledger, change: Change, conflict: Conflict) -> tuple[Decision, str] | None:
    """How a conflict is to be settled, and the value that then stands; None where that cannot be told."""
    said = " ".join(conflict.settlement.replace("’", "'").split()).casefold()
    choice = next((one for one in Settlement if one.value.casefold() == said), None)
    standing = ledger.standing(change.cell)
    if choice is Settlement.KEEP:
        return Decision.SETTLED_KEPT, standing
    if choice is Settlement.TAKE:
        return Decision.SETTLED_TAKEN, change.returned
    if choice is Settlement.PROPOSAL and conflict.proposal:
        return Decision.SETTLED_TAKEN, conflict.proposal
    if choice is Settlement.BOTH and change.cell.field in TEXT_FIELDS:
        title = ledger.plan.titles((change.officer,)) if change.officer in _keys(ledger) else change.officer
        text = combined(change.base, standing, "", [Contribution(title, change.returned)])
        return (Decision.SETTLED_BOTH, text) if len(text) <= MAX_TEXT else None
    return None


def _keys(ledger: Ledger) -> set[str]:
    return {officer.key for officer in ledger.plan.officers}
