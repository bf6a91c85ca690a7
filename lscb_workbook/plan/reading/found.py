"""What was found in a source: actions with their rows, priorities, what is neither, and what is in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lscb_workbook.plan.reading.headings import Role
from lscb_workbook.plan.reading.sources import SourceRow

__all__ = ["Doubt", "FoundAction", "FoundPriority", "Gathered", "Part"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should look at. ``kind`` and ``name`` say which table of the plan document: ``action``
    and ``1.6``; ``place`` where it stands in the source, ``""`` where in no one place."""

    kind: str
    name: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one row holds of an action. ``goes_on`` where it goes on with the page before; ``coloured`` where
    its rating is the colour of a cell that says nothing."""

    row: SourceRow
    cells: Mapping[Role, str]
    goes_on: bool = False
    coloured: bool = False


@dataclass
class FoundAction:
    """An action and its rows. ``ref`` is ``""`` where the source has lost it or has none."""

    ref: str
    priority: int | None
    parts: list[Part]

    @property
    def place(self) -> str:
        return self.parts[0].row.place

    def text(self, role: Role) -> str:
        """The cells of a column, one under the other."""
        return "\n".join(text for part in self.parts if (text := part.cells.get(role, "")).strip())


@dataclass(frozen=True, slots=True)
class FoundPriority:
    """The heading of a priority. ``broken`` where its words stand in pieces over several cells."""

    number: int
    title: str
    rows: tuple[SourceRow, ...]
    broken: bool = False
    numbered: bool = True


@dataclass
class Gathered:
    """All rows of a source, each in one place."""

    actions: list[FoundAction] = field(default_factory=list)
    priorities: list[FoundPriority] = field(default_factory=list)
    key: list[SourceRow] = field(default_factory=list)
    about: list[SourceRow] = field(default_factory=list)
    headings: list[SourceRow] = field(default_factory=list)
    pages: list[SourceRow] = field(default_factory=list)
    repeats: list[tuple[SourceRow, int]] = field(default_factory=list)
    """Second renderings, each with the number of its action, from 0."""
    left_over: list[SourceRow] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    unheaded: list[str] = field(default_factory=list)
