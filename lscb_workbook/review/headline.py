"""A review in a few numbers, and in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lscb_workbook.plan.schemes import in_words
from lscb_workbook.review.cycles import ReturnState
from lscb_workbook.review.figures import MilestoneCounts, OfficerFigures, RatingCounts
from lscb_workbook.review.wording import counted

__all__ = ["Summary", "headline", "summary"]

Summary = Mapping[str, int | Mapping[str, int]]
"""``actions``, ``ratings`` (by status), ``not_rated``, ``milestones`` (by state), ``missed``,
``due_soon``, ``officers_not_returned``, ``open_conflicts``."""


def summary(
    ratings: RatingCounts,
    milestones: MilestoneCounts,
    officers: Sequence[OfficerFigures],
    open_conflicts: int,
) -> Summary:
    """The headline figures, ready to be written as JSON."""
    return {
        "actions": ratings.total,
        "ratings": dict(ratings.by_status),
        "not_rated": ratings.not_rated,
        "milestones": {state.value: count for state, count in milestones.by_state.items()},
        "missed": milestones.missed,
        "due_soon": milestones.due_soon,
        "officers_not_returned": _silent(officers),
        "open_conflicts": open_conflicts,
    }


def headline(
    ratings: RatingCounts,
    milestones: MilestoneCounts,
    officers: Sequence[OfficerFigures],
    open_conflicts: int,
) -> str:
    """``27 actions: 3 Red, 24 Green; 4 milestones missed; 2 officers have not returned.``

    Returns are left out while no copy is issued, conflicts where there are none.
    """
    parts = [_rated(ratings), f"{counted(milestones.missed, 'milestone')} missed"]
    if any(one.returned is not ReturnState.NOT_ISSUED for one in officers):
        parts.append(_returns(officers))
    if open_conflicts:
        parts.append(f"{counted(open_conflicts, 'conflict')} to settle")
    sentence = "; ".join(parts) + "."
    return sentence[0].upper() + sentence[1:]


def _rated(ratings: RatingCounts) -> str:
    counts = [f"{count} {in_words(name)}" for name, count in ratings.by_status.items() if count]
    counts += [f"{ratings.not_rated} not rated"] if ratings.not_rated else []
    return ": ".join(part for part in (counted(ratings.total, "action"), ", ".join(counts)) if part)


def _returns(officers: Sequence[OfficerFigures]) -> str:
    """How many have not returned, and how many of those who have did not say anything."""
    silent = _silent(officers)
    unchanged = sum(one.returned is ReturnState.UNCHANGED for one in officers)
    if silent:
        who, others = f"{counted(silent, 'officer has', 'officers have')} not returned", "returned"
    else:
        who, others = "every officer has returned", "of them"
    return f"{who}, {unchanged} {others} the copy unchanged" if unchanged else who


def _silent(officers: Sequence[OfficerFigures]) -> int:
    return sum(one.returned is ReturnState.NOT_RETURNED for one in officers)
