"""Conflicts: what the tool would propose for each, and settling them as the manager chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from lscb_workbook.merge.ledger import Ledger, key_of
from lscb_workbook.merge.texts import Contribution, appended
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import (
    TEXT_FIELDS,
    Cell,
    Change,
    Conflict,
    Decision,
    Entries,
    Field,
    Finding,
    MilestoneStatus,
    Plan,
    Settlement,
)
from lscb_workbook.tracker.cells import fits
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["as_it_stands", "close_agreed", "conflicts_now", "settle"]

_TAKEN = (Decision.SETTLED_TAKEN, Decision.SETTLED_PROPOSAL)
_LEAST_COMPLETE = (MilestoneStatus.NOT_STARTED, MilestoneStatus.IN_PROGRESS, MilestoneStatus.COMPLETE)


def conflicts_now(ledger: Ledger) -> tuple[Conflict, ...]:
    """The open conflicts, in the plan's order, for the manager to choose.

    What she chose before and could not be followed is not kept: it would take effect later, when
    what it meant has changed.
    """
    rows = _row_order(ledger.plan)
    waiting = sorted(
        ledger.open(),
        key=lambda one: (
            rows.get(one.cell.milestone or one.cell.ref, len(rows)),
            one.cell,
            one.cycle,
            one.officer,
            one.sha256,
        ),
    )
    found = (Conflict(change, _proposal(ledger, change, waiting)) for change in waiting)
    return as_it_stands(tuple(found), ledger.entries)


def as_it_stands(conflicts: Sequence[Conflict], entries: Entries) -> tuple[Conflict, ...]:
    """Conflicts, each with what the tracker says now, which is what stands if its value is kept."""
    return tuple(
        replace(one, change=replace(one.change, master=entries.get(one.change.cell, ""))) for one in conflicts
    )


def _row_order(plan: Plan) -> dict[str, int]:
    """Where each action and milestone comes in the plan: ``1.10`` after ``1.9``."""
    names = (
        name
        for action in plan.actions
        for name in (action.ref, *(m.id for m in plan.milestones_of(action.ref)))
    )
    return {name: number for number, name in enumerate(names)}


def _proposal(ledger: Ledger, change: Change, waiting: Sequence[Change]) -> str:
    """What the tool would take: of joint leads' ratings the most severe, of statuses the least complete.

    An edit that is only not trusted is proposed as it is, a text below what others have written in the cell
    since. For texts and dates that differ there is no middle way.
    """
    if change.decision is Decision.PROPOSED:
        return _below_what_stands(ledger, change)
    author = ledger.author(change.cell)
    behind = {*ledger.words(change.cell, change.cycle), author.officer if author else ""}
    said = {one.returned for one in waiting if one.cell == change.cell and one.decision is Decision.CONFLICT}
    if behind - {change.officer, ""}:
        said.add(ledger.standing(change.cell))
    elif len(said) == 1:
        return ""
    if change.cell.field is Field.RATING:
        known = tuple(said & set(ledger.plan.scheme.names))
        return ledger.plan.scheme.most_severe(known) if known else ""
    if change.cell.field is Field.STATUS:
        return next((status.value for status in _LEAST_COMPLETE if status.value in said), "")
    return ""


def _below_what_stands(ledger: Ledger, change: Change) -> str:
    """A text below what the tracker says and the officer did not see: it must wipe out nobody's word."""
    standing = ledger.standing(change.cell)
    seen = standing in ("", change.base) or change.returned.startswith(standing)
    if seen or change.cell.field not in TEXT_FIELDS:
        return change.returned
    whole = appended(standing, change.base, Contribution(ledger.title(change.officer), change.returned))
    return whole if fits(whole) else change.returned


def close_agreed(ledger: Ledger) -> None:
    """Close each open conflict whose value the tracker now says, by whoever's hand or word."""
    for change in ledger.open():
        if change.returned == ledger.standing(change.cell):
            ledger.close(change, Decision.SETTLED_TAKEN, change.returned, "the tracker now says so")


def settle(ledger: Ledger, settlements: Sequence[Conflict]) -> list[Finding]:
    """Follow what the manager chose for each open conflict; a finding for what cannot be followed.

    A returned value or a proposal that is taken settles every other conflict about its cell for which
    nothing was chosen. To keep the tracker's value, or both texts, settles that one conflict alone.
    """
    findings: list[Finding] = []
    chosen = {key_of(one.change): one for one in settlements if one.settlement.strip()}
    by_cell: dict[Cell, list[Change]] = defaultdict(list)
    for change in ledger.open():
        by_cell[change.cell].append(change)
    for cell, waiting in sorted(by_cell.items()):
        blank = [change for change in waiting if key_of(change) not in chosen]
        ways: list[_Way] = []
        both = ledger.standing(cell)
        for change in waiting:
            conflict = chosen.get(key_of(change))
            way = _way(ledger, change, conflict, both) if conflict else None
            if way:
                ways.append(way)
                both = way.result if way.decision is Decision.SETTLED_BOTH else both
            elif conflict:
                place = {"sheet": "Conflicts", "ref": cell.milestone or cell.ref}
                findings.append(finding("settlement-not-recognised", text=conflict.settlement, **place))
        findings += _follow(ledger, cell, ways, blank)
    return findings


class _Way(NamedTuple):
    """How one conflict is to be settled, and the value that then stands (no matter where kept)."""

    change: Change
    decision: Decision
    result: str


def _follow(ledger: Ledger, cell: Cell, ways: Sequence[_Way], blank: Sequence[Change]) -> list[Finding]:
    """Settle the conflicts about one cell, unless the ways chosen lead to different values."""
    taken = {way.result for way in ways if way.decision in _TAKEN}
    both = any(way.decision is Decision.SETTLED_BOTH for way in ways)
    if len(taken) + both > 1:
        ref, column = cell.milestone or cell.ref, FIELD_HEADERS[cell.field]
        return [finding("settlement-contradictory", sheet="Conflicts", ref=ref, column=column)]
    for change, decision, result in ways:
        if decision is not Decision.SETTLED_KEPT:
            ledger.close(change, decision, result)
    for change, decision, _ in ways:
        if decision is Decision.SETTLED_KEPT:
            ledger.close(change, decision, ledger.standing(cell))
    for change in blank if taken else ():
        reason = "settled together with another return's value"
        ledger.close(change, Decision.SETTLED_KEPT, ledger.standing(cell), reason)
    return []


def _way(ledger: Ledger, change: Change, conflict: Conflict, standing: str) -> _Way | None:
    """How a conflict is to be settled; None where that cannot be told or done.

    ``standing`` is the tracker's text with what other conflicts about the cell already add to it.
    """
    said = " ".join(conflict.settlement.replace("’", "'").split()).casefold()
    choice = next((one for one in Settlement if one.value.casefold() == said), None)
    if choice is Settlement.KEEP:
        return _Way(change, Decision.SETTLED_KEPT, standing)
    if choice is Settlement.TAKE:
        return _Way(change, Decision.SETTLED_TAKEN, change.returned)
    if choice is Settlement.PROPOSAL and conflict.proposal:
        return _Way(change, Decision.SETTLED_PROPOSAL, conflict.proposal)
    if choice is Settlement.BOTH and change.cell.field in TEXT_FIELDS:
        theirs = Contribution(ledger.title(change.officer), change.returned)
        text = appended(standing, change.base, theirs)
        return _Way(change, Decision.SETTLED_BOTH, text) if fits(text) else None
    return None
