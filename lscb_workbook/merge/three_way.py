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

from lscb_workbook.merge.conflicts import TEXT_FIELDS, close_agreed, conflicts_now, settle
from lscb_workbook.merge.ledger import Arrival, Ledger, hand_edits
from lscb_workbook.merge.texts import MAX_TEXT, Contribution, combined
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Change, Conflict, Decision, Entries, Finding, Plan
from lscb_workbook.returns.records import Return
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["Merged", "merge"]

_WAITING = (Decision.CONFLICT, Decision.PROPOSED)


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
    arrivals = sorted(
        (Arrival(back, edit) for back in returns for edit in back.edits), key=lambda a: a.sorting
    )
    refusals = tuple(_refuse(ledger, arrival) for arrival in arrivals if arrival.edit.refused)
    by_cell: dict[Cell, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if not arrival.edit.refused:
            by_cell[arrival.edit.cell].append(arrival)
    for cell, met in by_cell.items():
        live, ties = _latest(ledger, met)
        findings += [finding("return-same-moment", file=one.back.file, ref=cell.ref) for one in ties]
        _judge(ledger, cell, live, ties)
    close_agreed(ledger)
    conflicts = conflicts_now(ledger)
    return Merged(
        entries=ledger.entries,
        history=tuple(ledger.new),
        changes=tuple(one for one in ledger.new if one.decision not in (*_WAITING, Decision.REFUSED)),
        conflicts=conflicts,
        refusals=refusals,
        findings=(*findings, *_open_findings(conflicts)),
    )


def _refuse(ledger: Ledger, arrival: Arrival) -> Change:
    """Record a refused edit, once however often the file is merged."""
    edit = arrival.edit
    for change in ledger.changes_of(edit.cell):
        same = change.sha256 == arrival.back.sha256 and change.returned == edit.returned
        if same and change.decision is Decision.REFUSED:
            return change
    return ledger.record(arrival, Decision.REFUSED, ledger.standing(edit.cell), edit.refused)


# --- an officer's own returns: the later takes the place of the earlier -------------------------

_REPLACED = "a later return of the same officer says otherwise"


def _latest(ledger: Ledger, met: list[Arrival]) -> tuple[list[Arrival], list[Arrival]]:
    """The edits of a cell that say something new, and those whose order cannot be told.

    An edit whose file was met before is passed over; one that says what the officer's latest said is
    recorded as said before. A sure edit is superseded by a later sure one, a doubtful edit by any later
    one of the same officer.
    """
    groups: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for arrival in met:
        groups[arrival.officer, arrival.back.cycle].append(arrival)
    live: list[Arrival] = []
    ties: list[Arrival] = []
    for (officer, cycle), arrivals in groups.items():
        said = ledger.said_by(arrivals[0].edit.cell, officer, cycle)
        files = {change.sha256 for change in said}
        fresh = [arrival for arrival in arrivals if arrival.back.sha256 not in files]
        last = _unsaid(ledger, [one for one in fresh if not _superseded(ledger, one, fresh, said)], said)
        sure = [arrival for arrival in last if arrival.sure]
        if sure:
            for change in ledger.open():
                if (change.cell, change.officer, change.cycle) == (sure[0].edit.cell, officer, cycle):
                    ledger.close(change, Decision.SUPERSEDED, ledger.standing(change.cell), _REPLACED)
        if len(sure) > 1:
            ties += sure
            last = [arrival for arrival in last if not arrival.sure]
        live += last
    return live, ties


def _superseded(ledger: Ledger, arrival: Arrival, fresh: list[Arrival], said: list[Change]) -> bool:
    """Record an edit that a later one of the same officer replaces; whether one does."""
    sure, moment = arrival.sure, arrival.back.saved_at
    now = any(one.back.moment > arrival.back.moment and (one.sure or not sure) for one in fresh)
    before = any(
        change.saved_at and change.saved_at > moment and (_was_sure(change) or not sure) for change in said
    )
    if now or before:
        ledger.record(arrival, Decision.SUPERSEDED, ledger.standing(arrival.edit.cell), _REPLACED)
    return now or before


def _was_sure(change: Change) -> bool:
    """Whether a recorded edit was one that may be taken, or that the manager has since accepted."""
    if change.decision in (Decision.ALREADY, Decision.REPEATED):
        return not change.reason
    return change.decision not in (Decision.PROPOSED, Decision.SUPERSEDED)


def _unsaid(ledger: Ledger, arrivals: list[Arrival], said: list[Change]) -> list[Arrival]:
    """Of the edits that stand, those that say other than the officer's latest, each value once."""
    dated = [change for change in said if change.saved_at and _was_sure(change)]
    latest = max(dated, key=lambda change: (change.saved_at, change.sha256), default=None)
    new: dict[tuple[str, bool], Arrival] = {}
    for arrival in arrivals:
        value = arrival.edit.returned, arrival.sure
        if value in new or (latest and latest.returned == arrival.edit.returned):
            standing = ledger.standing(arrival.edit.cell)
            ledger.record(arrival, Decision.REPEATED, standing, arrival.doubt)
        else:
            new[value] = arrival
    return list(new.values())


# --- one cell --------------------------------------------------------------------------------


def _judge(ledger: Ledger, cell: Cell, live: list[Arrival], ties: list[Arrival]) -> None:
    """Decide on the edits of one cell, those of joint leads together."""
    for arrival in ties:
        if not _already(ledger, arrival):
            reason = "two returns of the same officer, saved at the same moment, differ"
            ledger.record(arrival, Decision.CONFLICT, ledger.standing(cell), reason)
    sure = [arrival for arrival in live if arrival.sure]
    wanted = [arrival for arrival in sure if not _already(ledger, arrival)]
    free = [arrival for arrival in wanted if _may_take(ledger, arrival)]
    barred = [arrival for arrival in wanted if arrival not in free]
    values = {arrival.edit.returned for arrival in free}
    if len(values) == 1:
        ledger.record(free[0], Decision.TAKEN, free[0].edit.returned)
        for arrival in free[1:]:
            _already(ledger, arrival)
    elif values and not (cell.field in TEXT_FIELDS and _combine(ledger, free)):
        for arrival in free:
            reason = "leads of the same action say different things"
            ledger.record(arrival, Decision.CONFLICT, ledger.standing(cell), reason)
    for arrival in barred:
        if _already(ledger, arrival):
            continue
        if not (
            cell.field in TEXT_FIELDS and _by_joint_lead(ledger, arrival) and _combine(ledger, [arrival])
        ):
            reason = "the tracker was changed otherwise since the copy was issued"
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
    """The tracker is as issued, or says just what this officer's earlier return of the cycle made it say."""
    cell = arrival.edit.cell
    if ledger.standing(cell) == arrival.edit.base:
        return True
    author = ledger.author(cell)
    return (
        author is not None
        and author.decision is Decision.TAKEN
        and (author.officer, author.cycle) == (arrival.officer, arrival.back.cycle)
    )


def _by_joint_lead(ledger: Ledger, arrival: Arrival) -> bool:
    """Whether what the tracker says was returned in this cycle by leads of the same row."""
    author = ledger.author(arrival.edit.cell)
    return (
        author is not None
        and author.cycle == arrival.back.cycle
        and author.decision in (Decision.TAKEN, Decision.COMBINED)
        and author.officer in ledger.leads(arrival.edit.cell)
    )


def _combine(ledger: Ledger, arrivals: list[Arrival]) -> bool:
    """Keep what joint leads wrote, each with their name. False where a cell cannot hold it all."""
    edit = arrivals[0].edit
    standing, author = ledger.standing(edit.cell), ledger.author(edit.cell)
    if any(arrival.edit.base != edit.base for arrival in arrivals):
        return False
    title = ""
    if author and author.decision is Decision.TAKEN and standing != edit.base:
        title = ledger.plan.titles((author.officer,))
    contributions = []
    for arrival in arrivals:
        said = ledger.said_by(edit.cell, arrival.officer, arrival.back.cycle)
        taken = [one for one in said if one.decision in (Decision.TAKEN, Decision.COMBINED)]
        before = taken[-1].returned if taken else ""
        contributions.append(
            Contribution(ledger.plan.titles((arrival.officer,)), arrival.edit.returned, before)
        )
    titles = ledger.plan.titles(ledger.leads(edit.cell)).split("\n")
    text = combined(edit.base, standing, title, contributions, titles)
    if len(text) > MAX_TEXT:
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


def _open_findings(conflicts: Sequence[Conflict]) -> list[Finding]:
    counts: dict[str, int] = defaultdict(int)
    for conflict in conflicts:
        counts[conflict.change.cell.ref] += 1
    return [
        finding(
            "conflict-open", sheet="Conflicts", ref=ref, count=count, what="edit" if count == 1 else "edits"
        )
        for ref, count in counts.items()
    ]
