"""Harvesting returned files: one after the other, whatever they are; one bad file never stops the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lscb_workbook.copies import COPY_TEMPLATE
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.returns.files.kinds import Kind
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.marks_xlsx import fills_of_package
from lscb_workbook.returns.files.opened import Opened, Unpacked, UnreadableError
from lscb_workbook.returns.files.reader import Reader
from lscb_workbook.returns.finding import read_whole, returned_files, shown_name
from lscb_workbook.returns.judging import Came, returns_of
from lscb_workbook.returns.records import Return
from lscb_workbook.tracker.state import Tracker

__all__ = ["AskPassword", "Harvest", "Quarantined", "harvest"]

AskPassword = Callable[[str], str]
"""Asked with the name of a protected file; ``""`` for 'I have none'."""

_ASKED = 3
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
                desk.take(Came(name, data, written, None, 0))
            except UnreadableError as error:
                desk.set_aside(name, error)
            if progress:
                progress(number, len(found.files))
    findings = (*desk.findings, *(one for return_ in desk.returns for one in return_.findings))
    return Harvest(tuple(desk.returns), tuple(desk.quarantined), findings, tuple(desk.ignored))


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

    def take(self, file: Came) -> None:
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
                self.returns += returns_of(what, file, self.tracker)
        except UnreadableError:
            del self.digests[digest]  # the same file may be readable where it lies less deep
            raise

    def set_aside(self, name: str, error: UnreadableError) -> None:
        facts = {"reason": str(error), "officer": str(error), "schema": str(error)}
        note = finding(error.code, file=name, **facts)
        self.quarantined.append(Quarantined(name, error.code, note.message, note.action))
        self.findings.append(note)

    def _read(self, file: Came) -> Opened | Unpacked:
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

    def _unpack(self, file: Came, what: Unpacked) -> None:
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
            inner = Came(
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
