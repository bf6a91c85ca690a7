"""Harvesting returned files: one after the other, whatever they are; one bad file never stops the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from lscb_workbook.copies import COPY_TEMPLATE
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Field, Finding
from lscb_workbook.returns.comparing import compare
from lscb_workbook.returns.files.kinds import Kind, kind_by_name
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.marks_xlsx import fills_of_package
from lscb_workbook.returns.files.opened import Opened, Sent, Unpacked, UnreadableError
from lscb_workbook.returns.files.reader import Reader
from lscb_workbook.returns.finding import read_whole, returned_files, shown_name
from lscb_workbook.returns.grids import find_tables
from lscb_workbook.returns.lid import lid_of
from lscb_workbook.returns.naming import PlanRows
from lscb_workbook.returns.recognising import Recognition, recognise
from lscb_workbook.returns.records import Edit, Recognised, Return, Signature
from lscb_workbook.tracker.layout import FIELD_HEADERS
from lscb_workbook.tracker.state import Tracker

__all__ = ["AskPassword", "Harvest", "Quarantined", "harvest"]

AskPassword = Callable[[str], str]
"""Asked with the name of a protected file; ``""`` for 'I have none'."""

_ASKED = 3
_TOLERANCE = timedelta(days=2)
"""How far clocks and time zones may differ."""
_MOST_ASIDE = 100
"""The most files of one container that are set aside one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file set aside, why, and what to do about it."""

    file: str
    code: str
    message: str
    action: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """What the files say. ``returns`` are in order of file name; ``findings`` include the returns' own;
    ``ignored`` are the names of files that programs leave behind."""

    returns: tuple[Return, ...]
    quarantined: tuple[Quarantined, ...]
    findings: tuple[Finding, ...]
    ignored: tuple[str, ...] = ()

    @property
    def findings_of_returns(self) -> tuple[Finding, ...]:
        """The findings but for those that say why a file was set aside."""
        aside = {(one.file, one.code) for one in self.quarantined}
        return tuple(one for one in self.findings if (one.file, one.code) not in aside)


def harvest(
    places: Sequence[Path],
    tracker: Tracker,
    progress: Callable[[int, int], None] | None = None,
    *,
    limits: Limits | None = None,
    passwords: Iterable[str] = (),
    ask: AskPassword | None = None,
) -> Harvest:
    """Read every returned file in these folders and files, and what is in zips and mails among them.

    ``progress`` is called with the number of files read and their total. ``passwords`` are tried on
    protected workbooks; ``ask`` is asked for another where none fits. Raises WorkbookError where a place
    does not exist or none holds a file.
    """
    limits = limits or Limits()
    found = returned_files(places)
    with Reader(limits, fills_of_package(COPY_TEMPLATE.read_bytes())) as reader:
        desk = _Desk(tracker, reader, list(dict.fromkeys(passwords)), ask)
        desk.ignored += [shown_name(path) for path in found.ignored]
        for path, fault in found.faults:
            desk.set_aside(shown_name(path), fault)
        for number, path in enumerate(found.files, start=1):
            name = shown_name(path)
            try:
                data, written = read_whole(path, limits)
                reader.begin()
                desk.take(_File(name, data, written, None, 0))
            except UnreadableError as error:
                desk.set_aside(name, error)
            if progress:
                progress(number, len(found.files))
    findings = (*desk.findings, *(one for return_ in desk.returns for one in return_.findings))
    return Harvest(tuple(desk.returns), tuple(desk.quarantined), findings, tuple(desk.ignored))


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be read. ``depth`` is how many files it is inside of."""

    name: str
    data: bytes
    written_at: datetime
    sent: Sent | None
    depth: int


@dataclass(slots=True)
class _Desk:
    """Where files are opened, one by one, and sorted."""

    tracker: Tracker
    reader: Reader
    passwords: list[str]
    ask: AskPassword | None
    returns: list[Return] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    def take(self, file: _File) -> None:
        """Read a file and all that is in it. Raises UnreadableError where it is to be set aside."""
        digest = hashlib.sha256(file.data).hexdigest()
        if file.data and digest in self.digests:
            self.findings.append(finding("return-duplicate", file=file.name, other=self.digests[digest]))
            return
        self.digests[digest] = file.name
        try:
            what = self._read(file)
            if isinstance(what, Unpacked):
                self._unpack(file, what)
            else:
                self.returns += _returns(what, file, self.tracker)
        except UnreadableError:
            del self.digests[digest]  # the same file may be readable where it lies less deep
            raise

    def set_aside(self, name: str, error: UnreadableError) -> None:
        facts = {"reason": str(error), "officer": str(error), "schema": str(error)}
        note = finding(error.code, file=name, **facts)
        self.quarantined.append(Quarantined(name, error.code, note.message, note.action))
        self.findings.append(note)

    def _read(self, file: _File) -> Opened | Unpacked:
        """What a file holds, with one of the passwords where it needs one. A password that fits is kept for
        the others."""
        asked = 0
        while True:
            try:
                return self.reader.read(file.data, file.name, tuple(self.passwords))
            except UnreadableError as error:
                if error.code != "return-protected" or self.ask is None or asked == _ASKED:
                    raise
                password = self.ask(file.name)
                if not password:
                    raise
                self.passwords.append(password)
                asked += 1

    def _unpack(self, file: _File, what: Unpacked) -> None:
        self.ignored += [f"{file.name}/{name}" for name in what.ignored]
        limits = self.reader.limits
        if not what.parcels:
            if what.kind == Kind.ZIP:
                raise UnreadableError("return-unreadable", "there is no file in it")
            raise UnreadableError("mail-without-attachment", "there is no file in it")
        if file.depth >= limits.depth:
            raise UnreadableError("return-too-large", f"it holds files more than {limits.depth} deep")
        if what.words:
            self.findings.append(finding("mail-words", file=file.name))
        aside = 0
        for parcel in what.parcels:
            inner = _File(
                f"{file.name}/{shown_name(parcel.name)}",
                parcel.data,
                parcel.written_at or file.written_at,
                parcel.sent or file.sent,
                file.depth + 1,
            )
            try:
                if parcel.damaged:
                    raise UnreadableError("return-unreadable", "only a part of it came, or it is damaged")
                self.take(inner)
            except UnreadableError as error:
                aside += 1
                if aside <= _MOST_ASIDE:
                    self.set_aside(inner.name, error)
        if aside > _MOST_ASIDE:
            more = aside - _MOST_ASIDE
            self.findings.append(finding("return-crowded", file=file.name, count=more))


# --- one workbook ----------------------------------------------------------------------------


def _returns(opened: Opened, file: _File, tracker: Tracker) -> list[Return]:
    """What one opened workbook says, of one officer or several. Raises UnreadableError where it cannot be
    told whose it is."""
    names = PlanRows(tracker.plan)
    known = {table: names.names(table) for table in ("MyActions", "MyMilestones")}
    lid = lid_of(opened.sheets)
    shown = {name: grid for name, grid in opened.sheets.items() if name not in lid.sheets}
    tables = find_tables(shown, known)
    made = []
    recognised = recognise(opened, lid, tables, tracker, file.name, _saved_at(opened, file))
    for number, found in enumerate(recognised):
        others = [row for other in recognised[1:] for row in other.rows or ()]
        compared = compare(
            opened,
            lid,
            tables,
            found.base,
            tracker,
            file.name,
            rows=found.rows if number else None,
            but=others,
            claimed=found.claimed,
        )
        doubt, findings = _doubt(found, file.name, tracker)
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
                saved_at=_saved_at(opened, file),
                written_at=file.written_at,
                edits=edits,
                findings=(*_notes(opened, file), *findings, *compared.findings),
                doubt=doubt,
                sent=file.sent,
            )
        )
    return made


def _saved_at(opened: Opened, file: _File) -> datetime:
    """When it was saved: by its own word, else when it was sent, else when the file was written.

    A clock that is ahead must not silence what the officer sends later.
    """
    came = ((file.sent and file.sent.on) or file.written_at).replace(microsecond=0)
    return came if opened.saved_at is None or _is_ahead(opened, file) else opened.saved_at


def _is_ahead(opened: Opened, file: _File) -> bool:
    """Whether a file says that it was saved after it came."""
    latest = max(file.written_at, (file.sent and file.sent.on) or file.written_at)
    return opened.saved_at is not None and opened.saved_at > latest + _TOLERANCE


def _notes(opened: Opened, came: _File) -> list[Finding]:
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
    for place, claimed in found.claimed.items():
        issued = found.base.get(place)
        if place.ref and issued is not None and claimed.strip() != issued.strip():
            row = place.milestone or place.ref
            column = FIELD_HEADERS.get(Field(place.column)) if place.column in tuple(Field) else place.column
            note = finding(
                "as-issued-changed", file=file, ref=row, column=column, claimed=claimed, issued=issued
            )
            cell = Cell(place.ref, place.milestone, Field.OTHER)
            reason = f"the value as issued of '{column}' was changed under the lid"
            claims.append((Edit(cell, issued, claimed, refused=reason), note))
    return claims


def _doubt(found: Recognition, file: str, tracker: Tracker) -> tuple[str, list[Finding]]:
    """Why the return's edits may only be proposed, and what to tell the manager of it."""
    findings: list[Finding] = []
    doubt = ""
    known = [cycle.name for cycle in tracker.cycles]
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
    if found.cycle not in known:
        findings.append(finding("return-unknown-cycle", file=file, cycle=found.cycle))
        doubt = doubt or f"the cycle {found.cycle} was never issued"
    elif found.cycle != tracker.cycle:
        note = finding("return-older-cycle", file=file, cycle=found.cycle, latest=tracker.cycle)
        findings.append(note)
    return doubt, findings
