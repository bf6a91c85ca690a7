"""Whose return it is: by its properties, else by its hidden sheet, else by its refs and text."""

from __future__ import annotations

from dataclasses import dataclass

from lscb_workbook.copies.identity import (
    PROPERTIES,
    SIGNATURE,
    AsIssued,
    Identity,
    Place,
    signed_by,
)
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.copies.rows import as_issued, led_actions, led_milestones
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cycle, Entries
from lscb_workbook.returns.grids import FoundTable, find_table, key_values, plain_heading
from lscb_workbook.returns.opening import Opened, UnreadableError
from lscb_workbook.returns.records import Recognised, Signature
from lscb_workbook.tracker.cells import count_of, text_of
from lscb_workbook.tracker.layout import SCHEMA
from lscb_workbook.tracker.state import Tracker

__all__ = ["Recognition", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whose return it is, how that is known, and the values as issued to hold it against."""

    officer: str
    cycle: str
    how: Recognised
    signature: Signature
    base: AsIssued


def recognise(opened: Opened, tracker: Tracker) -> Recognition:
    """Whose return this is. Raises UnreadableError where that cannot be said, or it is another tracker's."""
    by_properties = Identity.from_facts(opened.properties)
    hidden = _hidden_facts(opened)
    by_sheet = Identity.from_facts(hidden)
    identity = by_properties or by_sheet
    if identity is None:
        return _by_content(opened, tracker)
    how = Recognised.PROPERTIES if by_properties else Recognised.HIDDEN_SHEET
    if identity.tracker != tracker.id:
        raise UnreadableError("return-other-tracker", "it was issued from another tracker")
    if count_of(identity.schema) > SCHEMA:
        raise UnreadableError(
            "return-newer-schema", f"it was made by a newer version (schema {identity.schema})"
        )
    officer = _officer_key(identity.officer, tracker)
    base = _issued_values(opened)
    signature = _judge(opened.properties.get(SIGNATURE) or hidden.get(SIGNATURE, ""), identity, base, tracker)
    if by_properties and by_sheet and by_properties != by_sheet:
        signature = Signature.INVALID
    if signature is not Signature.VALID:
        base = _known_values(officer, identity.cycle, tracker)
    return Recognition(officer, identity.cycle, how, signature, base)


def _judge(found: str, identity: Identity, base: AsIssued, tracker: Tracker) -> Signature:
    if not found or not base:
        return Signature.ABSENT
    return Signature.VALID if signed_by(found, identity, base, tracker.key) else Signature.INVALID


def _officer_key(key: str, tracker: Tracker) -> str:
    if any(officer.key == key for officer in tracker.plan.officers):
        return key
    raise UnreadableError("return-unknown-officer", key)


def _hidden_facts(opened: Opened) -> dict[str, str]:
    facts = {}
    for name in (*PROPERTIES.values(), SIGNATURE):
        for _, beside, _, _, _ in key_values(opened.sheets, name):
            facts[name] = beside
            break
    return facts


def _issued_values(opened: Opened) -> AsIssued:
    """The values as issued on the hidden sheet, by place; empty where there are none."""
    headers = [plain_heading(column.header) for column in COPY_TABLES["AsIssued"].columns]
    for _, _, grid, _, _ in key_values(opened.sheets, PROPERTIES["tracker"]):
        for number, line in enumerate(grid):
            plain = [plain_heading(text_of(cell)) for cell in line]
            for column in range(len(plain) - len(headers) + 1):
                if plain[column : column + len(headers)] == headers:
                    cells = (row[column : column + 4] for row in grid[number + 1 :])
                    values = ([text_of(cell) for cell in row] for row in cells)
                    return {Place(*row[:3]): row[3] for row in values if len(row) == 4 and row[2]}
    return {}


def _known_values(officer: str, cycle: str, tracker: Tracker) -> AsIssued:
    """The values as issued, as far as the tracker's own History tells them."""
    issued = next((known for known in tracker.cycles if known.name == cycle), None)
    return as_issued(tracker.plan, _entries_when_issued(issued, tracker), officer)


def _entries_when_issued(cycle: Cycle | None, tracker: Tracker) -> Entries:
    return entries_at(tracker.history, cycle.issued_on) if cycle else tracker.entries


def _by_content(opened: Opened, tracker: Tracker) -> Recognition:
    found = find_table(opened.sheets, "MyActions"), find_table(opened.sheets, "MyMilestones")
    if not any(found):
        raise UnreadableError("return-not-a-copy", "it has neither the actions nor the milestones of a copy")
    refs = _refs(found[0])
    ids = _refs(found[1])
    plan = tracker.plan
    able = [
        officer
        for officer in plan.officers
        if refs <= {action.ref for action in led_actions(plan, officer.key)}
        and ids <= {milestone.id for milestone in led_milestones(plan, officer.key)}
        and (refs or ids)
    ]
    named = [officer for officer in able if plain_heading(officer.title) in plain_heading(opened.file)]
    whole = [o for o in able if refs == {action.ref for action in led_actions(plan, o.key)}]
    choice = named or whole or able
    if len(choice) != 1:
        raise UnreadableError(
            "return-not-a-copy",
            "nothing in it says whose it is, and its rows are those of "
            + (f"{len(choice)} officers" if choice else "no officer of this plan"),
        )
    officer = choice[0].key
    return Recognition(
        officer,
        tracker.cycle,
        Recognised.CONTENT,
        Signature.ABSENT,
        _known_values(officer, tracker.cycle, tracker),
    )


def _refs(table: FoundTable | None) -> set[str]:
    return {row.key for row in table.rows} if table else set()
