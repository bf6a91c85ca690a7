"""A master changed in a named way, and what a merge of a real return makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lossless.additions import with_everything, with_macros
from lossless.edits import EDITS
from lossless.programs import PROGRAMS
from tracking import AS_AT, HEAD_OF_RESEARCH, NOW, copy_of, fill_in

import lscb_workbook as lw
from lscb_workbook.plan.records import Field
from lscb_workbook.results import MergeResult

__all__ = ["ANSWERS", "CHANGES", "EXPECTED", "Merged", "Shop"]

COMMENTARY = "Late & sorry: <the> data came on 3 October.\n=SUM(1,2) is no formula"
ANSWERS = {
    ("6.3", "RAG rating"): "Amber",
    ("6.3", "Commentary"): COMMENTARY,
    ("6.3.1", "Note"): "Waiting for the new system",
}
"""What the officer returns."""
EXPECTED = {
    ("6.3", Field.RATING): "Amber",
    ("6.3", Field.COMMENTARY): COMMENTARY,
    ("6.3.1", Field.NOTE): "Waiting for the new system",
}
"""What the master must say after it is merged."""

CHANGES = {change.__name__: change for change in (*PROGRAMS, *EDITS)} | {
    "as it was": lambda data: data,
    "with everything": with_everything,
    "with macros": with_macros,
}
"""The ways in which a master is changed, by name."""


@dataclass(frozen=True)
class Merged:
    """A master's bytes before and after a merge, where the one after is, and what the merge said."""

    before: bytes
    after: bytes
    path: Path
    result: MergeResult


@dataclass
class Shop:
    """A master with its copies issued; ``merged`` gives it changed and merged."""

    folder: Path
    issued: bytes
    copies: Path
    _made: dict[str, Merged] = field(default_factory=dict)

    @property
    def returned(self) -> Path:
        """The return that is merged."""
        path = self.folder / "returns" / "returned.xlsx"
        return path if path.exists() else fill_in(copy_of(self.copies, HEAD_OF_RESEARCH), path, ANSWERS)

    def changed(self, name: str) -> bytes:
        """The master changed in this way."""
        return CHANGES[name](self.issued)

    def merged(self, name: str) -> Merged:
        if name not in self._made:
            self._made[name] = self.merge(self.changed(name), name)
        return self._made[name]

    def merge(self, data: bytes, name: str) -> Merged:
        """Merge the return into a master of these bytes."""
        path = self.folder / "masters" / f"{name}.{'xlsm' if name == 'with macros' else 'xlsx'}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        result = lw.merge(path, [self.returned], as_at=AS_AT, now=NOW)
        return Merged(data, path.read_bytes(), path, result)
