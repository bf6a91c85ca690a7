"""The records of a board's year: what was agreed, and what officers say of it.

Every record is immutable. Text is kept as the board or the officer wrote it. Dates are
``datetime.date``. Keys of officers are lower-case words joined by hyphens, made from the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

__all__ = [
    "ACTION_FIELDS",
    "DATE_FIELDS",
    "DEADLINE_FIELDS",
    "MILESTONE_FIELDS",
    "OFFICER_FIELDS",
    "TEXT_FIELDS",
    "Action",
    "ActionUpdate",
    "AfterEvent",
    "AtBoard",
    "BoardMeeting",
    "Cell",
    "Change",
    "Conflict",
    "Cycle",
    "Decision",
    "Due",
    "EndOfPlanYear",
    "Entries",
    "Event",
    "Field",
    "Finding",
    "Issued",
    "Meaning",
    "Milestone",
    "MilestoneStatus",
    "MilestoneUpdate",
    "NotStated",
    "Officer",
    "OnDate",
    "Ongoing",
    "Plan",
    "PlanYear",
    "Priority",
    "RagScheme",
    "RagStatus",
    "Repeating",
    "SeeAction",
    "Settlement",
    "Severity",
]


# --- what was agreed -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The year a plan runs for, first and last day included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """``2016-17``, or ``2016`` where the year is a calendar year."""
        if self.first.year == self.last.year:
            return str(self.first.year)
        return f"{self.first.year}-{self.last.year % 100:02d}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def quarter_end(self, number: int) -> date:
        """Last day of quarter ``number`` (1 to 4), counted from the first day of the plan year."""
        month = self.first.month - 1 + number * 3
        return date(self.first.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


class Meaning(StrEnum):
    """What a status says about an action, whatever a board calls or colours it.

    A board has one status for what is on track and what is complete, or one for each.
    """

    OFF_TRACK = "off track"
    AT_RISK = "at risk"
    ON_TRACK = "on track or complete"
    STILL_ON_TRACK = "on track"
    COMPLETE = "complete"
    WITHDRAWN = "no longer appropriate"
    NOT_STARTED = "not started"

    @property
    def of_progress(self) -> bool:
        """Whether it says how well an action goes, so that there is a better and a worse."""
        return self not in (Meaning.WITHDRAWN, Meaning.NOT_STARTED)

    @property
    def may_be_complete(self) -> bool:
        """Whether a complete action is rated so."""
        return self in (Meaning.ON_TRACK, Meaning.COMPLETE)


_SEVERITY = {
    Meaning.OFF_TRACK: 0,
    Meaning.AT_RISK: 1,
    Meaning.STILL_ON_TRACK: 2,
    Meaning.ON_TRACK: 2,
    Meaning.WITHDRAWN: 3,
    Meaning.NOT_STARTED: 4,
    Meaning.COMPLETE: 5,
}
"""What is still to be delivered, worst first; then what is not to be, or not yet; then what is done."""


@dataclass(frozen=True, slots=True)
class RagStatus:
    """One status of a RAG scheme, with its definition word for word.

    ``fill`` and ``ink`` are RRGGBB. ``needs_commentary`` is true where the definition asks for one.
    """

    name: str
    letter: str
    definition: str
    meaning: Meaning
    fill: str
    ink: str
    needs_commentary: bool = False


@dataclass(frozen=True)
class RagScheme:
    """The statuses a board rates by, in the order in which it prints them."""

    statuses: tuple[RagStatus, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(status.name for status in self.statuses)

    @cached_property
    def by_severity(self) -> tuple[RagStatus, ...]:
        """The statuses, most severe first by what they mean; of two that mean the same, as printed."""
        return tuple(sorted(self.statuses, key=lambda status: _SEVERITY[status.meaning]))

    def meaning(self, *meanings: Meaning) -> tuple[RagStatus, ...]:
        """The statuses that mean one of these, most severe first."""
        return tuple(status for status in self.by_severity if status.meaning in meanings)

    def named(self, name: str) -> RagStatus | None:
        """The status of exactly this name, or None."""
        return next((status for status in self.statuses if status.name == name), None)

    def most_severe(self, names: tuple[str, ...]) -> str:
        """The first of ``names`` in order of severity. Raises StopIteration if none is a status."""
        return next(status.name for status in self.by_severity if status.name in names)


@dataclass(frozen=True, slots=True)
class OnDate:
    """Due on a day that the plan states, or on the last day of a stated week, month or quarter."""

    words: str
    on: date


@dataclass(frozen=True, slots=True)
class AtBoard:
    """Due at the board's meeting of a month; the day is the Calendar's to say."""

    words: str
    year: int
    month: int


@dataclass(frozen=True, slots=True)
class EndOfPlanYear:
    """Due by the end of the plan year."""

    words: str
    on: date


@dataclass(frozen=True, slots=True)
class AfterEvent:
    """Due a number of days, weeks or months after something that has no date yet."""

    words: str
    event: str
    count: int
    unit: str  # "days", "weeks", "months" or "years"


@dataclass(frozen=True, slots=True)
class Repeating:
    """Due again and again, with no single date: ``every`` is ``week``, ``month``, ``quarter`` or ``year``."""

    words: str
    every: str


@dataclass(frozen=True, slots=True)
class Ongoing:
    """Never due as such: the plan says it goes on."""

    words: str


@dataclass(frozen=True, slots=True)
class SeeAction:
    """To be set by another action of the plan."""

    words: str
    ref: str


@dataclass(frozen=True, slots=True)
class NotStated:
    """No date is stated, or the words that state one are not understood."""

    words: str


Due = OnDate | AtBoard | EndOfPlanYear | AfterEvent | Repeating | Ongoing | SeeAction | NotStated


@dataclass(frozen=True, slots=True)
class Priority:
    """``uncertain`` says what is garbled in the source; empty where nothing is."""

    number: int
    title: str
    uncertain: str = ""


@dataclass(frozen=True, slots=True)
class Officer:
    """An office that leads actions. ``aliases`` are other spellings of it in the plan or in returns.

    ``public`` is whether public papers name it, as the manager chose (``Named``, ``Not named``); ``""`` where
    she did not. ``manager_email`` is the address of the officer's own manager, ``successor`` who has taken
    the place of one who left, both as the Officers tab has them.
    """

    key: str
    role: str
    organisation: str
    email: str = ""
    aliases: tuple[str, ...] = ()
    public: str = ""
    manager_email: str = ""
    successor: str = ""

    @property
    def title(self) -> str:
        """The office as it is addressed: ``Head of Research and Data, LBR``."""
        return f"{self.role}, {self.organisation}" if self.organisation else self.role


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the plan. ``leads`` are officers' keys, ``rating`` the one printed in the plan, or, of an
    action carried forward, the one it came with. ``carried`` is what it was in earlier years, the last first,
    one a line (``3.2 of 2016-17``)."""

    ref: str
    priority: int
    text: str
    leads: tuple[str, ...]
    measures: tuple[str, ...]
    rating: str = ""
    uncertain: str = ""
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing to be done by one deadline, in the plan's words. ``id`` is the action's ref and a number,
    ``carried`` as an action's."""

    id: str
    ref: str
    leads: tuple[str, ...]
    text: str
    due: Due
    uncertain: str = ""
    carried: str = ""


@dataclass(frozen=True, slots=True)
class BoardMeeting:
    """A meeting of the board; ``on`` is None until its day is known."""

    year: int
    month: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something a deadline hangs on; ``on`` is None until it has happened or been dated."""

    name: str
    on: date | None = None


@dataclass(frozen=True)
class Plan:
    """A board's business plan for one year."""

    board: str
    title: str
    chair: str
    year: PlanYear
    scheme: RagScheme
    priorities: tuple[Priority, ...]
    officers: tuple[Officer, ...]
    actions: tuple[Action, ...]
    milestones: tuple[Milestone, ...]
    meetings: tuple[BoardMeeting, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def follows(self) -> bool:
        """Whether anything in it was carried forward from the year before."""
        return any(action.carried for action in self.actions)

    @property
    def began(self) -> str:
        """The moment that everything in it stood as it came, in words."""
        return "the year began" if self.follows else "the plan was agreed"

    def officer(self, key: str) -> Officer:
        """The officer with this key. Raises KeyError."""
        return self._officers[key]

    def action(self, ref: str) -> Action:
        """The action with this ref. Raises KeyError."""
        return self._actions[ref]

    def milestones_of(self, ref: str) -> tuple[Milestone, ...]:
        """The milestones of an action, in the plan's order."""
        return self._milestones.get(ref, ())

    def titles(self, keys: tuple[str, ...]) -> str:
        """Officers as a cell shows them: one a line, in the order given."""
        return "\n".join(self.officer(key).title for key in keys)

    @cached_property
    def _officers(self) -> dict[str, Officer]:
        return {officer.key: officer for officer in reversed(self.officers)}

    @cached_property
    def _actions(self) -> dict[str, Action]:
        return {action.ref: action for action in reversed(self.actions)}

    @cached_property
    def _milestones(self) -> dict[str, tuple[Milestone, ...]]:
        found: dict[str, list[Milestone]] = {}
        for milestone in self.milestones:
            found.setdefault(milestone.ref, []).append(milestone)
        return {ref: tuple(milestones) for ref, milestones in found.items()}


# --- what officers say of it -----------------------------------------------------------------


class Field(StrEnum):
    """What can be said of an action or of a milestone."""

    RATING = "rating"
    COMMENTARY = "commentary"
    EVIDENCE = "evidence"
    STATUS = "status"
    COMPLETED_ON = "completed_on"
    REVISED_DATE = "revised_date"
    NOTE = "note"
    APPROVED_DATE = "approved_date"
    APPROVED_BY = "approved_by"
    ASK = "asked_of_board"
    OTHER = "other"
    """Anything else that came back written somewhere; only ever refused."""


ACTION_FIELDS = (Field.RATING, Field.COMMENTARY, Field.EVIDENCE)
MILESTONE_FIELDS = (Field.STATUS, Field.COMPLETED_ON, Field.REVISED_DATE, Field.NOTE)
TEXT_FIELDS = (Field.COMMENTARY, Field.EVIDENCE, Field.NOTE)
"""The fields in which what several people say can stand side by side."""
DATE_FIELDS = (Field.COMPLETED_ON, Field.REVISED_DATE, Field.APPROVED_DATE)
OFFICER_FIELDS = ACTION_FIELDS + MILESTONE_FIELDS
DEADLINE_FIELDS = (Field.APPROVED_DATE, Field.APPROVED_BY)  # the manager's alone, as ASK is


class Cell(NamedTuple):
    """One field of one row. ``milestone`` is empty for a field of the action itself."""

    ref: str
    milestone: str
    field: Field


Entries = Mapping[Cell, str]
"""What stands in the cells that people fill in. Dates are ISO text; a blank cell is absent or ``""``."""


class MilestoneStatus(StrEnum):
    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    COMPLETE = "Complete"
    NO_LONGER_NEEDED = "No longer needed"


@dataclass(frozen=True, slots=True)
class ActionUpdate:
    """What stands beside an action. ``rating`` is ``""`` or a word the scheme may or may not know; ``ask`` is
    what the manager would have of the board."""

    rating: str = ""
    commentary: str = ""
    evidence: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneUpdate:
    """What stands beside a milestone. ``status`` is ``""`` or a word that may not be a status."""

    status: str = ""
    completed_on: date | None = None
    revised_date: date | None = None
    note: str = ""
    approved_date: date | None = None
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round of asking: ``2016-17 Q2``."""

    name: str
    issued_on: date
    return_by: date
    as_at: date | None = None


class Decision(StrEnum):
    """What became of one edit."""

    AGREED_IN_PLAN = "as agreed in the plan"
    TAKEN = "taken"
    ALREADY = "already so"
    REPEATED = "said before"
    COMBINED = "combined"
    CONFLICT = "conflict"
    PROPOSED = "proposed"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    SETTLED_TAKEN = "settled: returned value taken"
    SETTLED_PROPOSAL = "settled: proposal taken"
    SETTLED_KEPT = "settled: tracker kept"
    SETTLED_BOTH = "settled: both kept"
    EDITED = "edited in the tracker"
    CARRIED = "carried forward"
    ARCHIVED = "left with the year before"


@dataclass(frozen=True, slots=True)
class Change:
    """What one officer's edit of one cell met, and what became of it.

    ``base`` is the value as issued, ``master`` the tracker's before the merge, ``returned`` the
    officer's, ``result`` the tracker's after it. ``when`` is the as-at date of the merge,
    ``saved_at`` the moment the return was last saved, ``sent`` by whom and when it was sent, if by
    mail. ``reason`` says why where a person will ask.
    ``officer`` is a key, empty for the manager's own edits and for the plan itself.
    """

    cell: Cell
    base: str
    master: str
    returned: str
    result: str
    decision: Decision
    officer: str
    file: str
    sha256: str
    cycle: str
    when: date
    saved_at: datetime | None = None
    reason: str = ""
    sent: str = ""


class Settlement(StrEnum):
    """How the manager settles a conflict, as the drop-down says it."""

    KEEP = "Keep the tracker's value"
    TAKE = "Take the returned value"
    PROPOSAL = "Take the proposal"
    BOTH = "Keep both texts"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that waits for the manager. ``proposal`` is what the tool would take, ``""`` if nothing;
    ``settlement`` is what stands in the drop-down cell, ``""`` until something does."""

    change: Change
    proposal: str = ""
    settlement: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """One copy sent to one officer in one cycle, and what came back of it.

    ``returned_on`` is the day the latest return was saved, None while nothing came back.
    """

    cycle: str
    officer: str
    file: str
    issued_on: date
    return_by: date
    returned_on: date | None = None
    returned_file: str = ""
    recognised_by: str = ""
    signature: str = ""
    edits: int = 0


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person must see: where, what is wrong, and what to do about it.

    ``cell`` is an A1 address where one is known; ``question`` is drafted to the lead officer, where one is to
    be asked. Made by :func:`lscb_workbook.plan.findings.finding`.
    """

    code: str
    severity: Severity
    message: str
    action: str
    file: str = ""
    sheet: str = ""
    ref: str = ""
    cell: str = ""
    question: str = ""
