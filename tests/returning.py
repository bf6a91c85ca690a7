"""What becomes of returned files: a master with its copies issued, and what merging would do, as short lines.

``1.4 rating`` names a cell of an action, ``1.4.2 status`` one of a milestone, ``other`` what belongs to
no row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tracking import AS_AT

import lscb_workbook as lw
from lscb_workbook.plan.records import Change
from lscb_workbook.results import MergeResult

__all__ = ["Outcome", "outcome"]


@dataclass(slots=True)
class Outcome:
    """What merging some files would do.

    ``taken`` and ``proposed`` are values by cell; ``refused`` what was typed, by cell; ``codes`` are those of
    the findings that the files gave; ``aside`` the codes of the files set aside, by file name; ``ignored``
    the names of files passed over.
    """

    taken: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    aside: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    result: MergeResult | None = None


def outcome(folder: Path, *places: Path, **options: object) -> Outcome:
    """What merging these files into the master in ``folder`` would do; nothing is written."""
    made = lw.merge(folder / "master.xlsx", places, as_at=AS_AT, dry_run=True, **options)  # type: ignore[arg-type]
    found = Outcome(result=made)
    for change in made.changes:
        found.taken[name_of(change)] = change.result
    for conflict in made.conflicts:
        found.proposed[name_of(conflict.change)] = conflict.change.returned
    for change in made.refusals:
        found.refused.setdefault(name_of(change), []).append(change.returned)
    found.codes = {one.code for one in made.harvest.findings}
    found.aside = {Path(one.file).name: one.code for one in made.harvest.quarantined}
    found.ignored = [Path(name).name for name in made.harvest.ignored]
    return found


def name_of(change: Change) -> str:
    cell = change.cell
    return " ".join(filter(None, (cell.milestone or cell.ref, cell.field.value)))
