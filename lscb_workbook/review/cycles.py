"""The cycle a review looks back on, and who has returned their copy in it.

No return is a state of its own, never a rating.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from lscb_workbook.plan.records import Change, Cycle, Issued

__all__ = ["ReturnState", "change_since", "latest_cycle", "return_of"]


class ReturnState(StrEnum):
    """What came back of an officer's copy in the latest cycle, as a tab says it. Unchanged is one in which
    nothing was filled in or changed, as that of a copy as it was issued."""

    RETURNED = "Returned"
    UNCHANGED = "Returned unchanged"
    NOT_RETURNED = "Not returned"
    NOT_ISSUED = "Not issued"


def latest_cycle(cycles: Sequence[Cycle], as_at: date) -> Cycle | None:
    """The cycle issued last on or before a day; of two issued on one day, the later in the Calendar."""
    begun = [cycle for cycle in cycles if cycle.issued_on <= as_at]
    return max(reversed(begun), key=lambda cycle: cycle.issued_on, default=None)


def return_of(
    issued: Iterable[Issued], cycle: Cycle | None, officer: str, *, said: bool
) -> tuple[ReturnState, date | None]:
    """Whether an officer has returned in a cycle, and the day the return was saved. ``said`` is whether any
    return of theirs changed anything.

    A return counts once it is recorded, even where it was saved after the as-at date: its edits are
    in the tracker, and to call the officer silent would be false.
    """
    theirs = [one for one in issued if cycle and one.cycle == cycle.name and one.officer == officer]
    days = [one.returned_on for one in theirs if one.returned_on]
    if days:
        return (ReturnState.RETURNED if said else ReturnState.UNCHANGED), max(days)
    return (ReturnState.NOT_RETURNED if theirs else ReturnState.NOT_ISSUED), None


def change_since(change: Change, cycle: Cycle) -> bool:
    """Whether a change was made since a cycle was issued.

    What was merged or edited as at the day of issue stood in the copies, unless it came back in them.
    """
    return change.when > cycle.issued_on or change.cycle == cycle.name
