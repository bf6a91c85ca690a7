"""The words a layout is written in: sheets, tables, columns, and the names of single cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from lscb_workbook.plan.records import MilestoneStatus, Settlement

__all__ = ["CHOICES", "DAYS", "LATER_NAMES", "Choice", "Column", "Kind", "Name", "Sheet", "Table", "Writer"]


V = TypeVar("V")


class Kind(StrEnum):
    """How a column's cells look and what they take. A mark is one long word that is for programs: of it as
    much is shown as there is room for."""

    TEXT = "text"
    LONG = "long text"
    DATE = "date"
    COUNT = "count"
    PERCENT = "per cent"
    RATING = "rating"
    CHOICE = "choice"
    STATE = "state"
    MARK = "mark"


class Writer(StrEnum):
    """Who fills a column in."""

    PLAN = "plan"
    OFFICER = "officer"
    MANAGER = "manager"
    TOOL = "tool"


class Choice(StrEnum):
    """Lists that drop-downs offer."""

    RATING = "rating"
    STATUS = "status"
    SETTLEMENT = "settlement"
    PUBLIC = "public"


CHOICES: dict[Choice, tuple[str, ...]] = {
    Choice.STATUS: tuple(MilestoneStatus),
    Choice.SETTLEMENT: tuple(Settlement),
    Choice.PUBLIC: ("Named", "Not named"),
}
"""The words of the lists that do not depend on the plan; ratings come from the plan's RAG scheme."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``width`` is in Excel's character units; ``prompt`` is the input message.

    ``formula`` is that of a calculated column, in the file format's own form, without ``=``. ``later`` is a
    column that masters of earlier versions lack. One that is ``by_rating`` stands for a column for each of
    the plan's ratings: ``{}`` in its key and heading is the rating's name.
    """

    key: str
    header: str
    width: float
    kind: Kind = Kind.TEXT
    writer: Writer = Writer.TOOL
    choice: Choice | None = None
    prompt: str = ""
    formula: str = ""
    hidden: bool = False
    later: bool = False
    by_rating: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name in the workbook, its sheet, where the template draws it, its columns.

    ``view`` is one that only shows what others hold: a review writes it anew, and can do without it.
    """

    name: str
    sheet: str
    columns: tuple[Column, ...]
    row: int = 4
    left: int = 1
    view: bool = False
    _headers: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_headers", {column.key: column.header for column in self.columns})

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the columns, in their order."""
        return tuple(self._headers)

    def header(self, key: str) -> str:
        """The heading of a column. Raises KeyError."""
        return self._headers[key]

    def line(self, values: Mapping[str, V]) -> dict[str, V]:
        """A row by headings, from values by column keys. Raises KeyError on a key the table has not."""
        return {self.header(key): value for key, value in values.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the template draws it. ``about`` is what the Cover says the tab is for; ``note`` what
    stands under its title, that where there is none. ``board`` is one that is printed for the board.
    """

    name: str
    title: str
    about: str
    note: str = ""
    protected: bool = False
    hidden: bool = False
    board: bool = False
    portrait: bool = False


class Name(StrEnum):
    """Defined names of single cells."""

    BOARD = "Board"
    PLAN_TITLE = "PlanTitle"
    CHAIR = "Chair"
    YEAR_FIRST = "YearFirst"
    YEAR_LAST = "YearLast"
    CYCLE = "CycleName"
    AS_AT = "AsAt"
    DUE_SOON_DAYS = "DueSoonDays"
    NEXT_MEETING = "NextMeeting"
    HEADLINE = "Headline"
    LISTS_CHECK = "ListsCheck"
    LISTS_CHANGED = "ListsChanged"
    EXCEPTIONS_NOTE = "ExceptionsNote"
    MISSED_NOTE = "MissedNote"
    DUE_SOON_NOTE = "DueSoonNote"
    WITHDRAWN_NOTE = "WithdrawnNote"
    BY_OFFICER_NOTE = "ByOfficerNote"
    BY_ORGANISATION_NOTE = "ByOrganisationNote"
    MOVEMENT_NOTE = "MovementNote"
    MOVED_NOTE = "MovedNote"
    MOVED_DATES_NOTE = "MovedDatesNote"
    EVIDENCE_NOTE = "EvidenceNote"
    TIMELINE_NOTE = "TimelineNote"
    QUALITY_NOTE = "QualityNote"
    CONFLICTS_NOTE = "ConflictsNote"
    RATINGS = "RagStatuses"
    COPY_TITLE = "CopyTitle"
    COPY_FOR = "CopyFor"
    COPY_RETURN = "CopyReturn"


DAYS = frozenset({Name.YEAR_FIRST, Name.YEAR_LAST, Name.AS_AT, Name.NEXT_MEETING})
"""The names of cells that hold a day."""
LATER_NAMES = frozenset(
    {
        Name.NEXT_MEETING,
        Name.LISTS_CHANGED,
        Name.BY_OFFICER_NOTE,
        Name.BY_ORGANISATION_NOTE,
        Name.WITHDRAWN_NOTE,
        Name.MOVED_NOTE,
        Name.MOVED_DATES_NOTE,
        Name.EVIDENCE_NOTE,
        Name.TIMELINE_NOTE,
        Name.QUALITY_NOTE,
    }
)
"""Those that masters of earlier versions lack."""
