"""Whose return it is: by its properties, else by its hidden sheet, else by its words and refs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from lscb_workbook.copies.identity import (
    SIGNATURE,
    AsIssued,
    Identity,
    pieces_of,
    rows_written,
    signed_by,
)
from lscb_workbook.copies.layout import COPY_SCHEMA
from lscb_workbook.copies.rows import led_actions, led_milestones
from lscb_workbook.plan.records import Officer, Plan
from lscb_workbook.returns.files.opened import Opened, UnreadableError
from lscb_workbook.returns.grids import FoundTable, texts_elsewhere
from lscb_workbook.returns.ground import Ground
from lscb_workbook.returns.lid import LONGEST_FACT, Lid
from lscb_workbook.returns.naming import PlanRows, same
from lscb_workbook.returns.records import Recognised, Signature
from lscb_workbook.tracker.cells import count_of
from lscb_workbook.tracker.state import Tracker

__all__ = ["Recognition", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whose return it is, how that is known, and the values as issued to hold it against.

    ``rows`` are the refs and ids that are this officer's in a file of several; None where it is all
    theirs. ``claimed`` is what the file says was issued where that cannot be believed; ``heading`` the
    officer (a key) whom the head of its sheets names instead.
    """

    officer: str
    cycle: str
    how: Recognised
    signature: Signature
    base: AsIssued
    rows: frozenset[str] | None = None
    claimed: AsIssued = field(default_factory=dict)
    heading: str = ""


def recognise(
    opened: Opened, lid: Lid, tables: Sequence[FoundTable], ground: Ground, file: str, moment: datetime
) -> tuple[Recognition, ...]:
    """Whose return this is: one officer's, or, where nothing says whose and it holds rows of several, theirs.

    ``moment`` is when it was saved or sent (naive UTC).

    Raises UnreadableError where that cannot be said, or it is another tracker's.
    """
    by_properties = Identity.from_facts(_bounded(opened.properties))
    by_sheet = Identity.from_facts(lid.facts)
    identity = by_properties or by_sheet
    if identity is None:
        return _by_content(opened, tables, ground, file, moment)
    tracker = ground.tracker
    how = Recognised.PROPERTIES if by_properties else Recognised.HIDDEN_SHEET
    if identity.tracker != tracker.id:
        before = next((one for one in tracker.earlier if one.tracker == identity.tracker), None)
        if before:
            raise UnreadableError("return-earlier-year", f"{before.year} ({before.file})")
        raise UnreadableError("return-other-tracker", "it was issued from another tracker")
    if count_of(identity.schema) != COPY_SCHEMA:
        raise UnreadableError("return-other-schema", identity.schema)
    officer = _officer_key(identity.officer, ground)
    found = opened.properties.get(SIGNATURE) or lid.facts.get(SIGNATURE, "")
    agree = by_sheet in (None, identity)
    other = _heading_of_other(officer, opened, lid, tables, ground)
    if found and agree and signed_by(found, identity, lid.written, tracker.key):
        return (Recognition(officer, identity.cycle, how, Signature.VALID, lid.issued, heading=other),)
    known = ground.known_values(officer, identity.cycle)
    rows = rows_written(known)
    if (
        found
        and agree
        and _is_only_resaved(lid.pieces, pieces_of(rows))
        and signed_by(found, identity, "".join(rows), tracker.key)
    ):
        return (Recognition(officer, identity.cycle, how, Signature.VALID, known, heading=other),)
    signature = Signature.INVALID if found and lid.pieces else Signature.ABSENT
    return (Recognition(officer, identity.cycle, how, signature, known, claimed=lid.issued),)


def _heading_of_other(
    officer: str, opened: Opened, lid: Lid, tables: Sequence[FoundTable], ground: Ground
) -> str:
    """The officer (a key) whom the head of the sheets names, where that is not the one it is of: somebody
    pasted a colleague's sheet over their own."""
    first_rows = {name: grid[:1] for name, grid in opened.sheets.items() if name not in lid.sheets}
    named = ground.named(tuple(text for _, _, text in texts_elsewhere(first_rows, tables)))
    return named[0] if len(named) == 1 and named[0] != officer else ""


def _bounded(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in facts.items() if len(text) <= LONGEST_FACT}


def _is_only_resaved(pieces: Sequence[str], known: Sequence[str]) -> bool:
    """Whether the texts on the hidden sheet are those known to be issued, but for what programs do to them
    as they save: their ends cut off, their blanks changed, the sheet left out altogether.

    So the signature may be held against the values that the tracker knows: nobody else can make it.
    """
    return not pieces or (len(pieces) == len(known) and all(map(same, pieces, known)))


def _officer_key(key: str, ground: Ground) -> str:
    if key in ground.titles:
        return key
    raise UnreadableError("return-unknown-officer", key)


def _by_content(
    opened: Opened, tables: Sequence[FoundTable], ground: Ground, file: str, moment: datetime
) -> tuple[Recognition, ...]:
    """By the name at the head of the copy or of the file, else by the rows in it."""
    if not tables:
        raise UnreadableError("return-not-a-copy", "it has neither the actions nor the milestones of a copy")
    tracker = ground.tracker
    if before := _merged_in_earlier_year(opened.sha256, tracker):
        raise UnreadableError("return-earlier-year", before)
    texts = [text for _, _, text in texts_elsewhere(opened.sheets, tables)]
    cycle = _cycle_of(opened, moment, [*texts, file], tracker)
    rows = _rows_in(tables, ground.rows)
    leading = {officer.key for officer in tracker.plan.officers if rows & _led(tracker.plan, officer)}
    by_name = [key for key in ground.named((PurePath(file).stem,)) if key in leading]
    choice = [*ground.named(tuple(texts))] or by_name
    if not choice:
        leads = {officer.key: _led(tracker.plan, officer) for officer in tracker.plan.officers}
        able = [key for key, led in leads.items() if rows and rows <= led]
        whole = [key for key in able if leads[key] & _of_shown_tables(tables, leads[key]) == rows]
        choice = whole if len(whole) == 1 else able
    if len(choice) == 1:
        base = ground.known_values(choice[0], cycle)
        return (Recognition(choice[0], cycle, Recognised.CONTENT, Signature.ABSENT, base),)
    shares = _shares(rows, tracker.plan) if not choice else {}
    if not shares:
        count = f"{len(choice)} officers" if choice else "no officer of this plan"
        raise UnreadableError(
            "return-not-a-copy", f"nothing in it says whose it is, and its rows are those of {count}"
        )
    return tuple(
        Recognition(
            officer,
            cycle,
            Recognised.CONTENT,
            Signature.ABSENT,
            ground.known_values(officer, cycle),
            rows=None if len(shares) == 1 else share,
        )
        for officer, share in shares.items()
    )


def _merged_in_earlier_year(sha256: str, tracker: Tracker) -> str:
    """The cycle of an earlier plan year that a nameless file was merged for; ``""`` where it was not."""
    if not tracker.earlier:
        return ""
    before = next((one.cycle for one in tracker.history if one.sha256 == sha256), "")
    return "" if before in [cycle.name for cycle in tracker.cycles] else before


def _rows_in(tables: Sequence[FoundTable], names: PlanRows) -> frozenset[str]:
    """The rows of the plan that stand in these tables, by ref and id."""
    gone = names.gone()
    found = (
        names.name(row, table.name, typed=bool(table.sheet), gone=gone)
        for table in tables
        for row in table.rows
    )
    return frozenset(name.row for name in found if name.known)


def _led(plan: Plan, officer: Officer) -> frozenset[str]:
    actions = (action.ref for action in led_actions(plan, officer.key))
    return frozenset((*actions, *(milestone.id for milestone in led_milestones(plan, officer.key))))


def _of_shown_tables(tables: Sequence[FoundTable], rows: Collection[str]) -> frozenset[str]:
    """Of these rows, those of the tables that the file has: a CSV file has one of the two."""
    shown = {table.name for table in tables}
    return frozenset(row for row in rows if ("MyMilestones" if row.count(".") > 1 else "MyActions") in shown)


def _cycle_of(opened: Opened, moment: datetime, texts: Sequence[str], tracker: Tracker) -> str:
    """The cycle that a nameless file was merged for before; else the one that these texts name; else the
    latest that was issued before it was saved or sent."""
    before = next((one.cycle for one in tracker.history if one.sha256 == opened.sha256), "")
    named = [one.name for one in tracker.cycles if any(one.name in text for text in texts)]
    issued = [one.name for one in tracker.cycles if one.issued_on <= moment.date()]
    return before or (named[0] if len(named) == 1 else issued[-1] if issued else tracker.cycle)


def _shares(rows: Collection[str], plan: Plan) -> dict[str, frozenset[str]]:
    """Each row with the officer who leads it: of joint leads, the one who leads most of the file's rows."""
    leads = {row: _leads(row, plan) for row in rows}
    counts: dict[str, int] = {}
    for keys in leads.values():
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
    shares: dict[str, set[str]] = {}
    for row, keys in sorted(leads.items()):
        if keys:
            first = max(keys, key=lambda key: (counts[key], -keys.index(key)))
            shares.setdefault(first, set()).add(row)
    return {officer: frozenset(share) for officer, share in shares.items()}


def _leads(row: str, plan: Plan) -> tuple[str, ...]:
    of_milestones = {milestone.id: milestone.leads for milestone in plan.milestones}
    return of_milestones.get(row) or {action.ref: action.leads for action in plan.actions}[row]
