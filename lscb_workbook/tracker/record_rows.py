"""History, conflicts, returns, cycles and findings as rows of the tracker's tables, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from operator import itemgetter

from lscb_workbook.ooxml import Value
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.officers import officer_finder, officer_key
from lscb_workbook.plan.records import (
    Cell,
    Change,
    Conflict,
    Cycle,
    Decision,
    Finding,
    Issued,
    Officer,
    Plan,
    Severity,
)
from lscb_workbook.tracker.by_hand import AsTyped, Days, day_in, the_day, typed_in, with_typed
from lscb_workbook.tracker.cells import count_of, held_day, text_of, words_of
from lscb_workbook.tracker.layout import FIELD_HEADERS, TRACKER_TABLES
from lscb_workbook.tracker.sheets import Row

__all__ = [
    "change_rows",
    "changes_from",
    "check_rows",
    "conflict_rows",
    "conflicts_from",
    "cycle_rows",
    "cycles_from",
    "findings_from",
    "history_noted",
    "history_setting",
    "issued_from",
    "issued_rows",
    "lost_findings",
]

Cells = Mapping[str, Value]

_FIELDS = {header: field for field, header in FIELD_HEADERS.items()}
_DECISIONS = {str(decision): decision for decision in Decision}
_CHANGE = (
    *("when", "cycle", "ref", "milestone", "field", "officer", "base", "master", "returned", "result"),
    *("decision", "reason", "file", "saved_at", "sha256"),
)
"""The columns of a change, by key."""
_LONG_AGO = date(1900, 1, 1)
_LOST = "master-history-shrunk"
_HISTORY = "history"
"""The row of the very hidden sheet that holds how many changes the History tab had when it was last saved."""


def _title(plan: Plan, key: str) -> str | None:
    """The officer as people know them; the key itself where the officer has left the Officers tab."""
    if not key:
        return None
    return next((officer.title for officer in plan.officers if officer.key == key), key)


def _keys(officers: tuple[Officer, ...]) -> Callable[[str], str]:
    """A function from an officer as written to the key; the words' own key where nobody matches."""

    find = officer_finder(officers)

    @cache
    def key(text: str) -> str:
        found = find(text)
        return found.key if found else officer_key(text)

    return key


# --- history and conflicts -------------------------------------------------------------------


def change_rows(plan: Plan, changes: Sequence[Change]) -> list[Cells]:
    """Rows of the History table."""
    table = TRACKER_TABLES["History"]
    return [table.line(_change_values(plan, change)) for change in changes]


def _change_values(plan: Plan, change: Change) -> dict[str, Value]:
    return {
        "when": change.when,
        "cycle": change.cycle or None,
        "ref": change.cell.ref,
        "milestone": change.cell.milestone or None,
        "field": FIELD_HEADERS[change.cell.field],
        "officer": _title(plan, change.officer),
        "base": change.base or None,
        "master": change.master or None,
        "returned": change.returned or None,
        "result": change.result or None,
        "decision": change.decision,
        "reason": change.reason or None,
        "file": "\n".join(filter(None, (change.file, change.sent))) or None,
        "saved_at": change.saved_at.isoformat(sep=" ") if change.saved_at else None,
        "sha256": change.sha256 or None,
    }


def changes_from(rows: Sequence[Row], officers: tuple[Officer, ...]) -> tuple[Change, ...]:
    """The changes in the History table, in its order. Rows that are no changes are passed over."""
    return tuple(change for change in _changes("History", rows, officers) if change)


def history_setting(count: int) -> dict[str, str]:
    """How many changes History holds, as a row of the very hidden sheet."""
    return {_HISTORY: str(count)}


def history_noted(settings: Mapping[str, str]) -> int:
    """How many changes History held when that was noted; 0 where it was not, as by an earlier version."""
    return count_of(settings.get(_HISTORY))


def lost_findings(count: int, settings: Mapping[str, str], standing: Sequence[Finding]) -> Iterator[Finding]:
    """That History holds fewer changes, ``count``, than when that was noted; ``settings`` are the rows of the
    very hidden sheet, ``standing`` the findings on the Checks tab.

    It is found once, for the next save notes what is left; what is said of it stands until the manager takes
    it off that tab.
    """
    yield from (one for one in standing if one.code == _LOST)
    lost = history_noted(settings) - count
    if lost > 0:
        yield finding(_LOST, sheet="History", count="1 row" if lost == 1 else f"{lost} rows")


def _changes(table: str, rows: Sequence[Row], officers: tuple[Officer, ...]) -> Iterator[Change | None]:
    """The change in each of these rows of a table; None for a row that is none. A column that the table
    has not is blank."""
    key = _keys(officers)
    heads = {column.key: column.header for column in TRACKER_TABLES[table].columns}
    places = rows[0].places if rows else {}
    columns = itemgetter(*(places.get(heads.get(name, ""), -1) for name in _CHANGE))
    for row in rows:
        cells = columns((*row.cells, None))
        when, cycle, ref, milestone, said, officer, base, master, returned, result, decided, *rest = cells
        field = _FIELDS.get(text_of(said))
        decision = _DECISIONS.get(text_of(decided)) if table == "History" else Decision.CONFLICT
        if field is None or decision is None:
            yield None
            continue
        reason, file, saved_at, sha256 = map(text_of, rest)
        name, _, sent = file.partition("\n")
        now = words_of(master)
        yield Change(
            cell=Cell(text_of(ref), text_of(milestone), field),
            base=words_of(base),
            master=now,
            returned=words_of(returned),
            result=now if decision is Decision.CONFLICT else words_of(result),
            decision=decision,
            officer=key(text_of(officer)),
            file=name,
            sha256=sha256,
            cycle=text_of(cycle),
            when=held_day(when) or _LONG_AGO,
            saved_at=_moment(saved_at),
            reason=reason,
            sent=sent,
        )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def conflict_rows(plan: Plan, conflicts: Sequence[Conflict]) -> list[Cells]:
    """Rows of the Conflicts table."""
    table = TRACKER_TABLES["Conflicts"]
    rows: list[Cells] = []
    for conflict in conflicts:
        values = _change_values(plan, conflict.change)
        del values["result"], values["decision"]
        values["proposal"] = conflict.proposal or None
        values["settlement"] = conflict.settlement or None
        rows.append(table.line(values))
    return rows


def conflicts_from(rows: Sequence[Row], officers: tuple[Officer, ...]) -> tuple[Conflict, ...]:
    """What stands in the Conflicts table, settlements included."""
    header = TRACKER_TABLES["Conflicts"].header
    changes = zip(rows, _changes("Conflicts", rows, officers), strict=True)
    return tuple(
        Conflict(change, row.words(header("proposal")), row.text(header("settlement")))
        for row, change in changes
        if change
    )


# --- returns, cycles, checks -----------------------------------------------------------------


def issued_rows(plan: Plan, issued: Sequence[Issued], typed: Sequence[AsTyped] = ()) -> list[Cells]:
    """Rows of the Returns table, with what was typed into it and does not count."""
    table = TRACKER_TABLES["Returns"]
    rows = [
        table.line(
            {
                "cycle": one.cycle,
                "officer": _title(plan, one.officer),
                "issued_on": one.issued_on,
                "return_by": one.return_by,
                "file": one.file,
                "returned_on": one.returned_on,
                "returned_file": one.returned_file or None,
                "recognised_by": one.recognised_by or None,
                "signature": one.signature or None,
                "edits": one.edits if one.returned_on else None,
            },
        )
        for one in issued
    ]
    names = [(one.cycle, one.officer) for one in issued]
    return with_typed("Returns", list(zip(names, rows, strict=True)), typed)


def issued_from(
    rows: Sequence[Row], officers: tuple[Officer, ...], days: Days, history: Sequence[Change]
) -> tuple[tuple[Issued, ...], tuple[AsTyped, ...]]:
    """What was sent and came back, and what was typed into the Returns table and does not count.

    ``days`` are those of the cycles; ``history`` tells whose return was merged.
    """
    key = _keys(officers)
    header = TRACKER_TABLES["Returns"].header
    merged: dict[tuple[str, ...], date] = {
        (one.cycle, one.officer): one.saved_at.date() if one.saved_at else one.when
        for one in history
        if one.sha256
    }
    issued, typed = [], []
    for row in rows:
        name = row.text(header("cycle")), key(row.text(header("officer")))
        by_hand = typed_in("Returns", row, name, days, merged)
        typed += [by_hand] if by_hand else []
        issued_on, return_by = (day_in(row, "Returns", one, days) for one in ("issued_on", "return_by"))
        if issued_on and return_by:
            returned_on = the_day(row.raw(header("returned_on")))
            if by_hand and header("returned_on") in by_hand.counts:
                returned_on = by_hand.counts[header("returned_on")]
            one = Issued(
                *name,
                file=row.text(header("file")),
                issued_on=issued_on,
                return_by=return_by,
                returned_on=returned_on,
                returned_file=row.text(header("returned_file")),
                recognised_by=row.text(header("recognised_by")),
                signature=row.text(header("signature")),
                edits=count_of(row.raw(header("edits"))),
            )
            issued.append(one)
    return tuple(issued), tuple(typed)


def cycle_rows(cycles: Sequence[Cycle], typed: Sequence[AsTyped] = ()) -> list[Cells]:
    """Rows of the Cycles table, with what was typed into it and does not count."""
    table = TRACKER_TABLES["Cycles"]
    rows = [
        table.line(
            {
                "name": cycle.name,
                "issued_on": cycle.issued_on,
                "return_by": cycle.return_by,
                "as_at": cycle.as_at,
            },
        )
        for cycle in cycles
    ]
    names = [(cycle.name,) for cycle in cycles]
    return with_typed("Cycles", list(zip(names, rows, strict=True)), typed)


def cycles_from(rows: Sequence[Row], days: Days) -> tuple[tuple[Cycle, ...], tuple[AsTyped, ...]]:
    """The cycles that were issued, and what was typed into their table and does not count. ``days`` are
    theirs; one whose row is gone is known from the copies that were sent."""
    header = TRACKER_TABLES["Cycles"].header
    cycles, typed = [], []
    for row in rows:
        name = row.text(header("name"))
        by_hand = typed_in("Cycles", row, (name,), days, {})
        typed += [by_hand] if by_hand else []
        issued_on, return_by = (day_in(row, "Cycles", one, days) for one in ("issued_on", "return_by"))
        if issued_on and return_by:
            cycles.append(Cycle(name, issued_on, return_by, held_day(row.raw(header("as_at")))))
    there = {cycle.name for cycle in cycles}
    sent = [name for name, key in days if key == "issued_on" and (name, "return_by") in days]
    if lost := [name for name in sent if name not in there]:
        cycles += (Cycle(name, days[name, "issued_on"], days[name, "return_by"]) for name in lost)
        cycles.sort(key=lambda cycle: cycle.issued_on)
    return tuple(cycles), tuple(typed)


def check_rows(findings: Sequence[Finding]) -> list[Cells]:
    """Rows of the Checks table, the gravest first."""
    table = TRACKER_TABLES["Checks"]
    order = ("error", "warning", "info")
    return [
        table.line(
            {
                "severity": one.severity.capitalize(),
                "where": " ".join(part for part in (one.sheet, one.cell) if part) or None,
                "ref": one.ref or None,
                "message": one.message,
                "action": one.action,
                "file": one.file or None,
                "code": one.code,
                "question": one.question or None,
            },
        )
        for one in sorted(findings, key=lambda one: order.index(one.severity))
    ]


def findings_from(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """The findings on the Checks tab."""
    header = TRACKER_TABLES["Checks"].header
    return tuple(
        Finding(
            code=row.text(header("code")),
            severity=Severity(row.text(header("severity")).lower()),
            message=row.text(header("message")),
            action=row.text(header("action")),
            file=row.text(header("file")),
            sheet=row.text(header("where")),
            ref=row.text(header("ref")),
            question=row.text(header("question")),
        )
        for row in rows
        if row.text(header("severity")).lower() in tuple(Severity)
    )
