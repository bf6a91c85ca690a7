"""What becomes of files as they come in, one after the other: a harvest, each file counted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.returns.records import Return
from lscb_workbook.returns.taking import Fault, Taken

__all__ = ["Harvest", "Quarantined", "Settled", "settle"]

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


@dataclass(slots=True)
class Settled:
    """What some files come to. ``digests`` are those of the files read, each with the file's name."""

    returns: list[Return] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, other: Settled) -> None:
        """Take up what other files, which came later, come to."""
        self.returns += other.returns
        self.quarantined += other.quarantined
        self.findings += other.findings
        self.ignored += other.ignored
        self.digests |= other.digests

    def set_aside(self, name: str, fault: Fault) -> None:
        facts = {"reason": fault.reason, "officer": fault.reason, "schema": fault.reason}
        note = finding(fault.code, file=name, **facts)
        self.quarantined.append(Quarantined(name, fault.code, note.message, note.action))
        self.findings.append(note)

    def harvest(self) -> Harvest:
        """What all of them say. The findings of the returns stand behind those of the files."""
        findings = (*self.findings, *(one for back in self.returns for one in back.findings))
        return Harvest(tuple(self.returns), tuple(self.quarantined), findings, tuple(self.ignored))


def settle(taken: Taken, before: Mapping[str, str]) -> Settled | None:
    """What a file comes to after those ``before`` it (digests, each with the file's name).

    None where it, or a file in it, was left unread as the repetition of one that does not count as read.
    """
    made = Settled()
    try:
        _settle(taken, made, before)
    except _UnreadError:
        return None
    return made


class _UnreadError(Exception):
    """A file was left unread that must be read."""


def _settle(taken: Taken, made: Settled, before: Mapping[str, str]) -> None:
    if earlier := made.digests.get(taken.digest) or before.get(taken.digest):
        made.findings.append(finding("return-duplicate", file=taken.name, other=earlier))
        return
    if taken.repeated:
        raise _UnreadError
    made.ignored += taken.ignored
    if taken.fault:
        made.set_aside(taken.name, taken.fault)
        return
    if taken.digest:
        made.digests[taken.digest] = taken.name
    made.returns += taken.returns
    if taken.words:
        made.findings.append(finding("mail-words", file=taken.name))
    _settle_inner(taken, made, before)


def _settle_inner(taken: Taken, made: Settled, before: Mapping[str, str]) -> None:
    aside = 0
    for one in taken.inner:
        if one.fault and one.digest not in made.digests and one.digest not in before:
            aside += 1
            if aside > _MOST_ASIDE:
                made.ignored += one.ignored
                continue
        _settle(one, made, before)
    if aside > _MOST_ASIDE:
        more = aside - _MOST_ASIDE
        made.findings.append(finding("return-crowded", file=taken.name, count=more))
