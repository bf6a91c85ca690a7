"""Harvesting returned files: one after the other, whatever they are; one bad file never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.returns.comparing import compare
from lscb_workbook.returns.finding import returned_files
from lscb_workbook.returns.grids import find_table
from lscb_workbook.returns.opening import Opened, UnreadableError, open_return
from lscb_workbook.returns.recognising import Recognition, recognise
from lscb_workbook.returns.records import Recognised, Return, Signature
from lscb_workbook.tracker.state import Tracker

__all__ = ["Harvest", "Quarantined", "harvest", "read_return"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file set aside, and why."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """What the files say. ``returns`` are in order of file name; ``findings`` include the returns' own."""

    returns: tuple[Return, ...]
    quarantined: tuple[Quarantined, ...]
    findings: tuple[Finding, ...]


def harvest(
    places: Sequence[Path], tracker: Tracker, progress: Callable[[int, int], None] | None = None
) -> Harvest:
    """Read every returned file in these folders and files.

    ``progress`` is called with the number of files read and their total. Raises WorkbookError where
    a place does not exist or none holds a file.
    """
    files = returned_files(places)
    returns: list[Return] = []
    quarantined: list[Quarantined] = []
    findings: list[Finding] = []
    digests: dict[str, str] = {}
    for number, path in enumerate(files, start=1):
        try:
            opened = open_return(path)
            if opened.sha256 in digests:
                findings.append(finding("return-duplicate", file=str(path), other=digests[opened.sha256]))
            else:
                digests[opened.sha256] = str(path)
                returns.append(read_return(opened, tracker))
        except UnreadableError as error:
            note = finding(error.code, file=str(path), **_facts(error))
            quarantined.append(Quarantined(str(path), error.code, note.message))
            findings.append(note)
        if progress:
            progress(number, len(files))
    findings += [one for return_ in returns for one in return_.findings]
    return Harvest(tuple(returns), tuple(quarantined), tuple(findings))


def _facts(error: UnreadableError) -> dict[str, str]:
    """What the messages of the codes that set a file aside are filled in with."""
    return {"reason": str(error), "officer": str(error), "schema": str(error)}


def read_return(opened: Opened, tracker: Tracker) -> Return:
    """What one opened file says. Raises UnreadableError where it cannot be told whose it is."""
    found = recognise(opened, tracker)
    tables = {name: find_table(opened.sheets, name) for name in ("MyActions", "MyMilestones")}
    compared = compare(opened.sheets, tables, found.base, tracker, opened.file)
    doubt, findings = _doubt(found, opened.file, tracker)
    if not compared.edits:
        findings.append(finding("return-unchanged", file=opened.file))
    return Return(
        file=opened.file,
        sha256=opened.sha256,
        officer=found.officer,
        cycle=found.cycle,
        recognised_by=found.how,
        signature=found.signature,
        saved_at=opened.saved_at,
        written_at=opened.written_at,
        edits=compared.edits,
        findings=(*findings, *compared.findings),
        doubt=doubt,
    )


def _doubt(found: Recognition, file: str, tracker: Tracker) -> tuple[str, list[Finding]]:
    """Why the return's edits may only be proposed, and what to tell the manager of it."""
    findings: list[Finding] = []
    doubt = ""
    known = [cycle.name for cycle in tracker.cycles]
    if found.how is Recognised.HIDDEN_SHEET:
        findings.append(finding("return-recognised-by-hidden-sheet", file=file))
    if found.how is Recognised.CONTENT:
        officer = tracker.plan.officer(found.officer).title
        findings.append(finding("return-recognised-by-content", file=file, officer=officer))
        doubt = "the file does not say whose it is"
    elif found.signature is Signature.ABSENT:
        findings.append(finding("return-unsigned", file=file))
        doubt = "the copy carries no signature"
    elif found.signature is Signature.INVALID:
        findings.append(finding("return-signature-invalid", file=file))
        doubt = "the copy was changed under the lid"
    if found.cycle not in known:
        findings.append(finding("return-unknown-cycle", file=file, cycle=found.cycle))
        doubt = doubt or f"the cycle {found.cycle} was never issued"
    elif found.cycle != tracker.cycle:
        note = finding("return-older-cycle", file=file, cycle=found.cycle, latest=tracker.cycle)
        findings.append(note)
    return doubt, findings
