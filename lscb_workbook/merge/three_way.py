"""The three-way merge: each edit held against what was issued and what the tracker now says.

| returned vs base | tracker vs base | result |
|---|---|---|
| same | any | not an edit: the tracker stands |
| changed | same | the returned value is taken |
| changed | changed alike | nothing to do |
| changed | changed otherwise | conflict: the tracker stands, both are kept |

Every edit ends as exactly one line of History, whatever becomes of it. History also tells which edits
were met before, so that merging the same returns again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.merge.conflicts import close_agreed, conflicts_now, settle
from lscb_workbook.merge.ledger import OPEN, Arrival, Ledger, hand_edits
from lscb_workbook.merge.supersession import latest
from lscb_workbook.merge.texts import Contribution, combined
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import TEXT_FIELDS, Cell, Change, Conflict, Decision, Entries, Finding, Plan
from lscb_workbook.returns.records import Return
from lscb_workbook.tracker.cells import fits
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["Merged", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge gives: the entries after it, the lines to append to History, and views of them.

    ``changes`` are this merge's decisions that need nobody; ``conflicts`` all that are open after it,
    from before too; ``refusals`` the refused edits of the returns given, recorded before or not.
    """

    entries: dict[Cell, str]
    history: tuple[Change, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    refusals: tuple[Change, ...]
    findings: tuple[Finding, ...]


def merge(
    plan: Plan,
    entries: Entries,
    history: Sequence[Change],
    returns: Iterable[Return],
    *,
    settlements: Sequence[Conflict] = (),
    as_at: date,
    cycle: str,
) -> Merged:
    """Merge returns into the tracker's entries.

    First the manager's own edits are noted, then what she settled (``settlements``: the Conflicts tab
    as it stands), then the returns. ``cycle`` is the latest; ``as_at`` the day all this is recorded
    under. The order of ``returns`` does not matter.
    """
    edited = hand_edits(entries, history, as_at=as_at, cycle=cycle)
    ledger = Ledger(plan, {cell: text for cell, text in entries.items() if text}, history, as_at, cycle)
    for change in edited:
        ledger.add(change)
    findings = [*_notes(edited), *settle(ledger, settlements)]
    arrivals = _arrivals(returns)
    refusals = tuple(_refuse(ledger, arrival) for arrival in arrivals if arrival.edit.refused)
    together: dict[tuple[Cell, str], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if not arrival.edit.refused:
            together[arrival.edit.cell, arrival.back.cycle].append(arrival)
    for (cell, _), met in sorted(together.items(), key=_turn):
        live, ties = latest(ledger, met)
        findings += [finding("return-same-moment", file=one.back.file, ref=cell.ref) for one in ties]
        _judge(ledger, cell, live, ties)
    close_agreed(ledger)
    conflicts = conflicts_now(ledger)
    return Merged(
        entries=ledger.entries,
        history=tuple(ledger.new),
        changes=tuple(one for one in ledger.new if one.decision not in (*OPEN, Decision.REFUSED)),
        conflicts=conflicts,
        refusals=refusals,
        findings=(*findings, *open_findings(conflicts)),
    )


def _turn(group: tuple[tuple[Cell, str], Sequence[Arrival]]) -> tuple[object, ...]:
    """Cell by cell, of several cycles the one that was answered first (their names tell no order)."""
    (cell, cycle), met = group
    return (cell, min(arrival.back.moment for arrival in met), cycle)


def _arrivals(returns: Iterable[Return]) -> list[Arrival]:
    """Every edit of every file, in an order that does not depend on the files'; a file given twice counts
    once."""
    in_turn = sorted(returns, key=lambda back: (back.moment, back.file), reverse=True)
    files = {(back.sha256, back.officer, back.cycle): back for back in in_turn}
    edits = (Arrival(back, edit) for back in files.values() for edit in back.edits)
    return sorted(edits, key=lambda arrival: arrival.sorting)


def _refuse(ledger: Ledger, arrival: Arrival) -> Change:
    """Record a refused edit, once however often the file is merged."""
    edit = arrival.edit
    before = ledger.refused_before(arrival)
    return before or ledger.record(arrival, Decision.REFUSED, ledger.standing(edit.cell), edit.refused)


# --- one cell --------------------------------------------------------------------------------

_DIFFER = "leads of the same action say different things"
_CHANGED = "the tracker was changed otherwise since the copy was issued"
_TIED = "two returns of the same officer, saved at the same moment, differ"


def _judge(ledger: Ledger, cell: Cell, live: Sequence[Arrival], ties: Sequence[Arrival]) -> None:
    """Decide on the edits of one cell in one cycle, those of joint leads together."""
    for arrival in ties:
        if not _already(ledger, arrival):
            ledger.record(arrival, Decision.CONFLICT, ledger.standing(cell), _TIED)
    wanted = [arrival for arrival in live if arrival.sure and not _already(ledger, arrival)]
    free = [arrival for arrival in wanted if _may_take(ledger, arrival)]
    barred = [arrival for arrival in wanted if arrival not in free]
    if len({arrival.edit.returned for arrival in free}) == 1:
        ledger.record(free[0], Decision.TAKEN, free[0].edit.returned)
        for arrival in free[1:]:
            _already(ledger, arrival)
    elif free and not _combine(ledger, free):
        for arrival in free:
            ledger.record(arrival, Decision.CONFLICT, ledger.standing(cell), _DIFFER)
    for arrival in barred:
        if _already(ledger, arrival) or (_by_joint_lead(ledger, arrival) and _combine(ledger, [arrival])):
            continue
        reason = _DIFFER if _disputed(ledger, arrival) or _seconded(ledger, arrival) else _CHANGED
        ledger.record(arrival, Decision.CONFLICT, ledger.standing(cell), reason)
    for arrival in live:
        if not arrival.sure and not _already(ledger, arrival):
            ledger.record(arrival, Decision.PROPOSED, ledger.standing(cell), arrival.doubt)


def _already(ledger: Ledger, arrival: Arrival) -> bool:
    """Record an edit that asks for what stands already; whether it does."""
    standing = ledger.standing(arrival.edit.cell)
    if arrival.edit.returned != standing:
        return False
    ledger.record(arrival, Decision.ALREADY, standing, arrival.doubt)
    return True


def _may_take(ledger: Ledger, arrival: Arrival) -> bool:
    """The tracker is as issued, or says just what this officer's earlier return of the cycle made it say,
    and no other lead has said otherwise."""
    cell = arrival.edit.cell
    if ledger.standing(cell) == arrival.edit.base:
        return not _disputed(ledger, arrival)
    author = ledger.author(cell)
    return (
        author is not None
        and author.decision is Decision.TAKEN
        and (author.officer, author.cycle) == (arrival.officer, arrival.back.cycle)
        and not _seconded(ledger, arrival)
    )


def _disputed(ledger: Ledger, arrival: Arrival) -> bool:
    """Whether another lead's different value from this cycle waits to be settled (texts can be combined)."""
    cell = arrival.edit.cell
    return cell.field not in TEXT_FIELDS and any(
        change.decision is Decision.CONFLICT
        and change.cycle == arrival.back.cycle
        and change.officer != arrival.officer
        and change.returned != arrival.edit.returned
        for change in ledger.open_of(cell)
    )


def _seconded(ledger: Ledger, arrival: Arrival) -> bool:
    """Whether another lead has said in this cycle what the tracker says."""
    return bool(ledger.words(arrival.edit.cell, arrival.back.cycle).keys() - {arrival.officer})


def _by_joint_lead(ledger: Ledger, arrival: Arrival) -> bool:
    """Whether what the tracker says was returned in this cycle by leads of the same row."""
    author = ledger.author(arrival.edit.cell)
    return (
        author is not None
        and author.cycle == arrival.back.cycle
        and author.decision in (Decision.TAKEN, Decision.COMBINED)
        and author.officer in ledger.leads(arrival.edit.cell)
    )


def _combine(ledger: Ledger, arrivals: Sequence[Arrival]) -> bool:
    """Keep what joint leads wrote, each with their name, in the order of their keys whoever came first.

    False where it is not text, where they were issued different texts, or where a cell cannot hold it all.
    """
    edit, cycle = arrivals[0].edit, arrivals[0].back.cycle
    words = ledger.words(edit.cell, cycle)
    bases = {word.base for word in words.values()} | {arrival.edit.base for arrival in arrivals}
    if edit.cell.field not in TEXT_FIELDS or len(bases) > 1:
        return False
    said = {officer: word.returned for officer, word in words.items()}
    said |= {arrival.officer: arrival.edit.returned for arrival in arrivals}
    leads = [ledger.title(officer) for officer in ledger.leads(edit.cell)]
    text = combined(
        edit.base, [Contribution(ledger.title(key), text) for key, text in sorted(said.items())], leads
    )
    if not fits(text):
        return False
    for arrival in arrivals:
        ledger.record(arrival, Decision.COMBINED, text)
    return True


# --- findings --------------------------------------------------------------------------------


def _notes(edited: Iterable[Change]) -> list[Finding]:
    return [
        finding(
            "manager-edit",
            sheet="Milestones" if change.cell.milestone else "Plan",
            ref=change.cell.milestone or change.cell.ref,
            column=FIELD_HEADERS[change.cell.field],
        )
        for change in edited
    ]


def open_findings(conflicts: Sequence[Conflict]) -> list[Finding]:
    """For each action with conflicts, that they are to be settled."""
    counts: dict[str, int] = defaultdict(int)
    for conflict in conflicts:
        counts[conflict.change.cell.ref] += 1
    return [
        finding(
            "conflict-open", sheet="Conflicts", ref=ref, count=count, what="edit" if count == 1 else "edits"
        )
        for ref, count in counts.items()
    ]
