"""How a milestone's date has moved: every proposal and every approval, out of the History."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.plan.records import Change, Field, MilestoneUpdate

__all__ = ["Move", "changes_by_milestone", "deadline_moves", "open_proposal"]

_FIELDS = (Field.REVISED_DATE, Field.APPROVED_DATE, Field.APPROVED_BY)


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a milestone's revised date or approved date.

    ``when`` is the as-at date of the merge that took it; ``before`` and ``after`` are what stood in
    the cell (None: nothing); ``officer`` is a key, empty for the manager; ``approved_by`` is empty
    for a revised date.
    """

    when: date
    field: Field
    before: date | None
    after: date | None
    officer: str
    approved_by: str = ""

    @property
    def approved(self) -> bool:
        """Whether the date that counts moved, not just the officer's proposal."""
        return self.field is Field.APPROVED_DATE


def changes_by_milestone(history: Iterable[Change], as_at: date) -> Mapping[str, Sequence[Change]]:
    """Up to a day, the changes that touch dates, by milestone id, in the order of the History."""
    found: dict[str, list[Change]] = {}
    for change in history:
        if change.when <= as_at and change.cell.milestone and change.cell.field in _FIELDS:
            found.setdefault(change.cell.milestone, []).append(change)
    return found


def deadline_moves(changes: Sequence[Change]) -> tuple[Move, ...]:
    """The moves among the changes of one milestone, oldest first; what changed nothing is no move."""
    approvers: dict[date, str] = {}
    for change in changes:
        if change.cell.field is Field.APPROVED_BY:
            approvers[change.when] = change.result
    stands: dict[Field, date | None] = {}
    moves = []
    for change in changes:
        field, after = change.cell.field, _day(change.result)
        before = stands.get(field)
        if field is Field.APPROVED_BY or after == before:
            continue
        stands[field] = after
        approver = _as_of(approvers, change.when) if field is Field.APPROVED_DATE else ""
        moves.append(Move(change.when, field, before, after, change.officer, approver))
    return tuple(moves)


def open_proposal(update: MilestoneUpdate, due: date | None, moves: Sequence[Move]) -> date | None:
    """The revised date that waits for the board's approval; None where there is none.

    It waits unless it is the date that counts already, or the board has approved another date since
    it was proposed.
    """
    revised = update.revised_date
    if revised is None or revised == due:
        return None
    latest = {move.field: number for number, move in enumerate(moves)}
    proposed, approved = latest.get(Field.REVISED_DATE, -1), latest.get(Field.APPROVED_DATE, -1)
    answered = update.approved_date is not None and -1 < proposed < approved
    return None if answered else revised


def _as_of(approvers: Mapping[date, str], day: date) -> str:
    """Who stands as approver at the end of a day: name and date are entered in either order."""
    days = [when for when in approvers if when <= day]
    return approvers[max(days)] if days else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
