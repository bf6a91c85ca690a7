"""What each step gives back, and its one JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.merge import Known
from lscb_workbook.plan.findings import is_kept
from lscb_workbook.plan.records import Change, Conflict, Decision, Finding, Issued, Officer, Plan
from lscb_workbook.returns import Harvest, Quarantined, Return
from lscb_workbook.review import Review
from lscb_workbook.tracker.backups import Backup, Recorded, Unfit

if TYPE_CHECKING:
    from lscb_workbook.plan.reading import PlanReading
    from lscb_workbook.post.chasing import Chasing
    from lscb_workbook.post.outbox import Posted
    from lscb_workbook.returns.mailbox import Marked
    from lscb_workbook.review.rolling import Rolled

__all__ = [
    "BackupsResult",
    "BoardResult",
    "CalendarResult",
    "ChaseResult",
    "HistoryResult",
    "IssueResult",
    "Json",
    "MergeResult",
    "NewResult",
    "OfficerStatus",
    "PlanReadResult",
    "ReviewResult",
    "Silent",
    "Standing",
    "StatusResult",
    "UndoResult",
    "is_to_see",
    "officer_title",
]

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class NewResult:
    """A new tracker: where it is, the plan it holds, and what is uncertain in that plan. ``rolled`` is what
    it took over from the year before, None where it follows no tracker."""

    written: Path
    plan: Plan
    findings: tuple[Finding, ...]
    rolled: Rolled | None = None


@dataclass(frozen=True, slots=True)
class PlanReadResult:
    """A plan read out of a document: where it was written, the report beside it, and what reading gave."""

    written: Path
    report: Path
    reading: PlanReading


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The copies made. ``backup`` is the master as it was before the issue was recorded in it, None where it
    was recorded before and only the letters go out; ``passwords`` are those of protected copies, by officer's
    key, to be told to the manager once and kept nowhere; ``posted`` is what became of the letters, None where
    none were to go out; ``before`` are the copies of the cycle that had been issued and are left alone."""

    folder: Path
    plan: Plan
    issued: tuple[Issued, ...]
    unwritten: tuple[Officer, ...]
    backup: Path | None
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    posted: Posted | None = None
    before: tuple[Issued, ...] = ()


class Standing(StrEnum):
    """Where an officer's copy of the latest cycle is."""

    RETURNED = "returned"
    MERGED = "merged before"
    SILENT = "not returned"


@dataclass(frozen=True, slots=True)
class OfficerStatus:
    """Where one officer's copy is, and, of those among the files, the return that was saved last."""

    officer: Officer
    issued: Issued
    standing: Standing
    latest: Return | None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """Who has returned what, and who has not; nothing is written. ``asked`` are the copies of the latest
    cycle, ``known`` where each returned edit is, or would be after a merge; ``empty`` says that the places
    named hold no file, where that is so."""

    plan: Plan
    cycle: str
    harvest: Harvest
    asked: tuple[Issued, ...]
    known: Known
    empty: str = ""

    @property
    def officers(self) -> tuple[OfficerStatus, ...]:
        """Everybody who was sent a copy, in the plan's order."""
        back: dict[str, Return] = {}
        for one in sorted(self.harvest.returns, key=lambda one: one.moment):
            if one.cycle == self.cycle:
                back[one.officer] = one
        asked = {one.officer: one for one in self.asked}
        found = []
        for officer in self.plan.officers:
            if issued := asked.get(officer.key):
                latest = back.get(officer.key)
                found.append(OfficerStatus(officer, issued, self._standing(issued, latest), latest))
        return tuple(found)

    def _standing(self, issued: Issued, latest: Return | None) -> Standing:
        if latest is None:
            return Standing.MERGED if issued.returned_on else Standing.SILENT
        met = issued.returned_on and not self.known.tally(latest).new
        # Of one that says nothing History has no line; the Returns log has its day.
        merged = met and (latest.edits or issued.returned_on == latest.came_on)
        return Standing.MERGED if merged else Standing.RETURNED

    @property
    def to_merge(self) -> bool:
        """Whether these files hold anything that no merge has met."""
        return any(one.standing is Standing.RETURNED for one in self.officers) or any(
            self.known.tally(one).new for one in self.harvest.returns
        )

    @property
    def missing(self) -> tuple[Officer, ...]:
        """Who was sent a copy and has not returned it."""
        return tuple(one.officer for one in self.officers if one.standing is Standing.SILENT)

    def as_json(self) -> Json:
        return {
            "returns": [self._return_json(one) for one in self.harvest.returns],
            "missing": [officer.title for officer in self.missing],
            "quarantined": [quarantined_json(one) for one in self.harvest.quarantined],
            "ignored": list(self.harvest.ignored),
            "findings": [finding_json(one) for one in self.harvest.findings],
        }

    def _return_json(self, back: Return) -> Json:
        return return_json(self.plan, back) | asdict(self.known.tally(back))


_AT_ONCE = ("settlement-", "personal-data", "plan-cell-", "plan-amended", "master-", "merged-")


def is_to_see(one: Finding) -> bool:
    """Whether a finding is one that the manager must see at once, for it is of what she typed or did."""
    return one.code.startswith(_AT_ONCE) or is_kept(one.code)


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What a merge did, or with ``dry_run`` would do. ``written`` is None where nothing was written;
    ``marked`` is what became of messages that were to be moved, ``posted`` of receipts; None where there were
    to be none."""

    as_at: date
    plan: Plan
    harvest: Harvest
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    refusals: tuple[Change, ...]
    findings: tuple[Finding, ...]
    review: Review
    written: Path | None
    backup: Path | None
    marked: Marked | None = None
    posted: Posted | None = None

    @property
    def to_see(self) -> tuple[Finding, ...]:
        """What the manager must see at once: of the returns, of her settlements, of what she typed that does
        not count or is gone, and what may be personal."""
        return (*self.harvest.findings_of_returns, *filter(is_to_see, self.findings))

    def count(self, *decisions: Decision) -> int:
        """How many of the changes ended so."""
        return sum(change.decision in decisions for change in self.changes)

    def as_json(self) -> Json:
        return {
            "as_at": self.as_at.isoformat(),
            "returns": [return_json(self.plan, one) for one in self.harvest.returns],
            "changes": [change_json(self.plan, one) for one in self.changes],
            "conflicts": [change_json(self.plan, one.change) for one in self.conflicts],
            "refusals": [change_json(self.plan, one) for one in self.refusals],
            "quarantined": [quarantined_json(one) for one in self.harvest.quarantined],
            "ignored": list(self.harvest.ignored),
            "findings": [finding_json(one) for one in self.findings],
            "written": str(self.written) if self.written else None,
            "backup": str(self.backup) if self.backup else None,
        }


@dataclass(frozen=True, slots=True)
class BoardResult:
    """A paper: the files it is in, what the review of it found, and how many returned values are not settled.

    ``past`` is true where it was made out of History, as at a day that the tracker has moved on from;
    ``left_out`` says what a public version does not give.
    """

    written: tuple[Path, ...]
    findings: tuple[Finding, ...]
    waiting: int
    past: bool
    left_out: tuple[str, ...] = ()
    recorded: int = 0
    """How many cells that were typed in the tracker were recorded, as at the paper's day."""


@dataclass(frozen=True, slots=True)
class BackupsResult:
    """The backups of a master, newest first, and the one that ``undo`` goes back to, if any. ``unfit`` says
    of files that are only named like one, by path, why nothing goes back to them; ``came`` what the command
    that came after each recorded, where that is known."""

    master: Path
    folder: Path
    backups: tuple[Backup, ...]
    next_back: Backup | None
    unfit: Mapping[Path, Unfit]
    came: Mapping[Path, Recorded]


@dataclass(frozen=True, slots=True)
class UndoResult:
    """A master put back. ``until`` is when it was last so, None where it was no backup of the tool's;
    ``kept`` is where it is as it was before the undo. ``passed_over`` are newer files that are only named
    like backups of it."""

    written: Path
    restored: Path
    until: datetime | None
    kept: Path
    passed_over: Mapping[Path, Unfit]


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """A review as at a day, where it was written, and the backup (None where nothing changed).

    ``past`` is true where it was made out of History, as at a day that the tracker has moved on from; then
    nothing is written.
    """

    plan: Plan
    review: Review
    findings: tuple[Finding, ...]
    written: Path | None
    backup: Path | None
    past: bool = False
    recorded: int = 0
    """How many cells that were typed in the tracker were recorded, as at the review's day."""

    def as_json(self) -> Json:
        return {
            "as_at": self.review.as_at.isoformat(),
            "milestones": [
                {
                    "id": state.milestone.id,
                    "ref": state.milestone.ref,
                    "leads": [self.plan.officer(key).title for key in state.milestone.leads],
                    "due": state.due.isoformat() if state.due else None,
                    "due_as_written": state.milestone.due.words,
                    "state": state.state.value,
                    "days_late": state.days_late,
                }
                for state in self.review.milestones
            ],
            "ratings": dict(self.review.ratings),
            "summary": dict(self.review.summary),
            "findings": [finding_json(one) for one in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Silent:
    """An officer who was sent a copy and has not returned it. ``days_late`` is 0 until the return-by day
    has passed."""

    officer: Officer
    issued: Issued
    refs: tuple[str, ...]
    days_late: int


@dataclass(frozen=True, slots=True)
class ChaseResult:
    """Who is to be reminded, as at a day. ``sent`` is whether any copy was issued yet; ``chasing`` is who is
    to be written to on that day, and of what; ``posted`` what became of the letters, None where none were to
    go out; ``unmerged`` whose return is among the files given and is not merged yet."""

    as_at: date
    silent: tuple[Silent, ...]
    sent: bool
    chasing: Chasing
    posted: Posted | None = None
    unmerged: tuple[Officer, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarResult:
    """The calendars written: the manager's first, then each officer's."""

    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class HistoryResult:
    """Every change, or those of one action or milestone, oldest first."""

    plan: Plan
    changes: tuple[Change, ...]

    def as_json(self) -> Json:
        return {"changes": [change_json(self.plan, one) for one in self.changes]}


# --- the parts -------------------------------------------------------------------------------


def return_json(plan: Plan, one: Return) -> Json:
    return {
        "file": one.file,
        "officer": officer_title(plan, one.officer),
        "cycle": one.cycle,
        "recognised_by": one.recognised_by.value,
        "signature": one.signature.value,
        "edits": len(one.edits),
        "proposed": len(one.proposed),
        "refused": len(one.refused),
        "sent_by": one.sent.by if one.sent else None,
        "sent_on": one.sent.on.isoformat() if one.sent and one.sent.on else None,
    }


def change_json(plan: Plan, change: Change) -> Json:
    return {
        "ref": change.cell.ref,
        "milestone": change.cell.milestone or None,
        "field": change.cell.field.value,
        "base": change.base,
        "master": change.master,
        "returned": change.returned,
        "result": change.result,
        "decision": change.decision.value,
        "reason": change.reason,
        "officer": officer_title(plan, change.officer),
        "file": change.file,
        "sent": change.sent or None,
        "when": change.when.isoformat(),
    }


def quarantined_json(one: Quarantined) -> Json:
    return {"file": one.file, "code": one.code, "message": one.message}


def finding_json(one: Finding) -> Json:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "file": one.file,
        "sheet": one.sheet,
        "ref": one.ref,
        "cell": one.cell,
        "message": one.message,
        "action": one.action,
    }


def officer_title(plan: Plan, key: str) -> str:
    """The officer as people know them; the key itself where the officer has left the Officers tab."""
    return next((officer.title for officer in plan.officers if officer.key == key), key)
