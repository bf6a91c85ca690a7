"""Judging an opened workbook: whose it is, what was changed in it, and what to doubt of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lscb_workbook.copies.identity import RowKey
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Field, Finding
from lscb_workbook.returns.comparing import compare
from lscb_workbook.returns.files.kinds import kind_by_name
from lscb_workbook.returns.files.opened import Opened, Sent, UnreadableError
from lscb_workbook.returns.grids import find_tables
from lscb_workbook.returns.ground import Ground, ground_of
from lscb_workbook.returns.lid import lid_of
from lscb_workbook.returns.recognising import Recognition, recognise
from lscb_workbook.returns.records import Edit, Recognised, Return, Signature
from lscb_workbook.tracker.layout import FIELD_HEADERS
from lscb_workbook.tracker.state import Tracker

__all__ = ["Came", "returns_of"]

_TOLERANCE = timedelta(days=2)
"""How far clocks and time zones may differ."""


@dataclass(frozen=True, slots=True)
class Came:
    """A file as it came. ``depth`` is how many files it is inside of."""

    name: str
    data: bytes
    written_at: datetime
    sent: Sent | None
    depth: int


def returns_of(opened: Opened, file: Came, tracker: Tracker) -> list[Return]:
    """What one opened workbook says, of one officer or several. Raises UnreadableError where it cannot be
    told whose it is."""
    ground = ground_of(tracker)
    lid = lid_of(opened.sheets)
    shown = {name: grid for name, grid in opened.sheets.items() if name not in lid.sheets}
    tables = find_tables(shown, ground.names)
    made = []
    saved_at = _saved_at(opened, file)
    recognised = recognise(opened, lid, tables, ground, file.name, saved_at)
    for number, found in enumerate(recognised):
        others = [row for other in recognised[1:] for row in other.rows or ()]
        compared = compare(
            opened,
            lid,
            tables,
            found.base,
            ground,
            file.name,
            rows=found.rows if number else None,
            but=others,
            claimed=found.claimed,
        )
        doubt, findings = _doubt(found, file.name, ground)
        claims = list(_claims(found, file.name))
        edits = (*compared.edits, *(edit for edit, _ in claims))
        findings += [note for _, note in claims]
        if len(recognised) > 1:
            findings.append(finding("return-of-several", file=file.name, count=len(recognised)))
        if not edits and not tables:
            raise UnreadableError(
                "return-not-a-copy", "it has neither the actions nor the milestones of a copy"
            )
        if not edits:
            # Nobody saved it: it is the very copy that was issued.
            as_issued = opened.saved_at is None and found.how is Recognised.PROPERTIES
            code = "return-as-issued" if as_issued else "return-unchanged"
            findings.append(finding(code, file=file.name))
        made.append(
            Return(
                file=file.name,
                sha256=opened.sha256,
                officer=found.officer,
                cycle=found.cycle,
                recognised_by=found.how,
                signature=found.signature,
                saved_at=saved_at,
                written_at=file.written_at,
                edits=edits,
                findings=(*_notes(opened, file), *findings, *compared.findings),
                doubt=doubt,
                sent=file.sent,
            )
        )
    return made


def _saved_at(opened: Opened, file: Came) -> datetime:
    """When it was saved: by its own word, else when it was sent, else when the file was written.

    A clock that is ahead must not silence what the officer sends later.
    """
    came = ((file.sent and file.sent.on) or file.written_at).replace(microsecond=0)
    return came if opened.saved_at is None or _is_ahead(opened, file) else opened.saved_at


def _is_ahead(opened: Opened, file: Came) -> bool:
    """Whether a file says that it was saved after it came."""
    latest = max(file.written_at, (file.sent and file.sent.on) or file.written_at)
    return opened.saved_at is not None and opened.saved_at > latest + _TOLERANCE


def _notes(opened: Opened, came: Came) -> list[Finding]:
    """What to tell the manager of the file itself."""
    findings = []
    file = came.name
    if opened.saved_at and _is_ahead(opened, came):
        findings.append(finding("return-clock-wrong", file=file, day=f"{opened.saved_at:%d/%m/%Y}"))
    expected = kind_by_name(file)
    if expected and expected.value != opened.kind:
        findings.append(finding("return-kind", file=file, kind=opened.kind))
    if any(marks.unread for marks in opened.marks.values()):
        findings.append(finding("return-marks-unread", file=file))
    return findings


def _claims(found: Recognition, file: str) -> list[tuple[Edit, Finding]]:
    """Where a copy whose signature does not fit says that something else was issued: refused, with both."""
    if found.signature is not Signature.INVALID:
        return []
    claims = []
    for (ref, milestone), values in found.claimed.items():
        base = found.base.get(RowKey(ref, milestone), {}) if ref else {}
        for key, claimed in values.items():
            issued = base.get(key)
            if issued is None or claimed.strip() == issued.strip():
                continue
            row = milestone or ref
            column = FIELD_HEADERS.get(Field(key)) if key in tuple(Field) else key
            note = finding(
                "as-issued-changed", file=file, ref=row, column=column, claimed=claimed, issued=issued
            )
            cell = Cell(ref, milestone, Field.OTHER)
            reason = f"the value as issued of '{column}' was changed under the lid"
            claims.append((Edit(cell, issued, claimed, refused=reason), note))
    return claims


def _doubt(found: Recognition, file: str, ground: Ground) -> tuple[str, list[Finding]]:
    """Why the return's edits may only be proposed, and what to tell the manager of it."""
    findings: list[Finding] = []
    doubt = ""
    tracker = ground.tracker
    if found.heading:
        titles = {"officer": tracker.plan.officer(found.officer).title}
        titles["other"] = tracker.plan.officer(found.heading).title
        findings.append(finding("return-heading-of-other", file=file, **titles))
        doubt = f"its heading names {titles['other']}"
    if found.how is Recognised.HIDDEN_SHEET:
        findings.append(finding("return-recognised-by-hidden-sheet", file=file))
    if found.how is Recognised.CONTENT:
        officer = tracker.plan.officer(found.officer).title
        findings.append(finding("return-recognised-by-content", file=file, officer=officer))
        doubt = "the file does not say whose it is"
    elif found.signature is Signature.ABSENT:
        findings.append(finding("return-unsigned", file=file))
        doubt = doubt or "the copy carries no signature"
    elif found.signature is Signature.INVALID:
        findings.append(finding("return-signature-invalid", file=file))
        doubt = doubt or "the copy was changed under the lid"
    if found.cycle not in ground.cycles:
        findings.append(finding("return-unknown-cycle", file=file, cycle=found.cycle))
        doubt = doubt or f"the cycle {found.cycle} was never issued"
    elif found.cycle != tracker.cycle:
        note = finding("return-older-cycle", file=file, cycle=found.cycle, latest=tracker.cycle)
        findings.append(note)
    return doubt, findings
