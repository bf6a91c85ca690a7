"""How ratings have moved, since the last cycle was issued and since the year's start, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Action, Cell, Change, Cycle, Field, RagScheme
from lscb_workbook.review.cycles import change_since
from lscb_workbook.review.updates import rating_status
from lscb_workbook.review.views import ActionView

__all__ = ["Movement", "RatingMove", "direction", "rated_since", "rating_moves", "ratings_at_issue"]


class Movement(StrEnum):
    """An arrow for the eye and a word for everyone. Only what is better or worse points up or down."""

    IMPROVED = "↑ Improved"
    SAME = "→ Same"
    WORSE = "↓ Worse"
    NEW_RATING = "New rating"
    CHANGED = "Changed"


@dataclass(frozen=True, slots=True)
class RatingMove:
    """An action's rating at the year's start, before and now, by name, ``""`` where there was none.

    ``before`` is what went out in the copies of the last cycle. ``movement`` is since then, ``over_year``
    since the year's start. ``source`` is the change in the History that brought the rating that stands now;
    None where the rating is the same or the History does not tell.
    """

    action: Action
    at_start: str
    before: str
    now: str
    movement: Movement
    over_year: Movement
    commentary: str
    source: Change | None = None


def rating_moves(
    scheme: RagScheme,
    actions: Sequence[ActionView],
    history: Sequence[Change],
    cycle: Cycle | None,
) -> tuple[RatingMove, ...]:
    """Every action's move since ``cycle`` was issued, or since the plan's start where none was."""
    stood = ratings_at_issue([view.action for view in actions], history, cycle)
    moves = []
    for view in actions:
        started, before = _name(scheme, view.action.rating), _name(scheme, stood[view.action.ref])
        now = view.status.name if view.status else ""
        movement = direction(scheme, before, now)
        moves.append(
            RatingMove(
                action=view.action,
                at_start=started,
                before=before,
                now=now,
                movement=movement,
                over_year=direction(scheme, started, now),
                commentary=view.update.commentary,
                source=None if movement is Movement.SAME else _source(view, scheme, now),
            )
        )
    return tuple(moves)


def ratings_at_issue(
    actions: Sequence[Action], history: Sequence[Change], cycle: Cycle | None
) -> Mapping[str, str]:
    """By ref, the ratings that went out in a cycle's copies; those printed in the plan where it is None.

    The History is folded up to the day of issue. An action it says nothing of stood as printed.
    """
    if cycle is None:
        return {action.ref: action.rating for action in actions}
    before = [change for change in history if not change_since(change, cycle)]
    touched, stood = {change.cell for change in before}, entries_at(before)
    ratings = {}
    for action in actions:
        cell = Cell(action.ref, "", Field.RATING)
        ratings[action.ref] = stood.get(cell, "") if cell in touched else action.rating
    return ratings


def direction(scheme: RagScheme, before: str, now: str) -> Movement:
    """How a rating moved, by the scheme's order of severity.

    Only among statuses that say how well an action is going is there a better and a worse. To or from
    'not started' or 'no longer appropriate' the action changed its course, not its progress, and a
    rating taken away is no progress either: Changed.
    """
    if before == now:
        return Movement.SAME
    if not before:
        return Movement.NEW_RATING
    under_way = [status.name for status in scheme.by_severity if status.meaning.of_progress]
    if before not in under_way or now not in under_way:
        return Movement.CHANGED
    return Movement.IMPROVED if under_way.index(now) > under_way.index(before) else Movement.WORSE


def rated_since(view: ActionView) -> date | None:
    """The day since which an action has had the rating that it has: that of the merge or the edit which
    brought it. None where it has none, or the History does not tell."""
    since: date | None = None
    stands = ""
    for change in view.changes:
        if change.cell.field is Field.RATING and change.result.casefold() != stands:
            since, stands = change.when, change.result.casefold()
    return since if view.status and stands == view.update.rating.casefold() else None


def _name(scheme: RagScheme, rating: str) -> str:
    status = rating_status(scheme, rating)
    return status.name if status else ""


def _source(view: ActionView, scheme: RagScheme, now: str) -> Change | None:
    """The change that brought the rating: the last that altered it, if it left it as it is now."""
    found: Change | None = None
    stands = ""
    for change in view.changes:
        if change.cell.field is Field.RATING and change.result != stands:
            found, stands = change, change.result
    return found if _name(scheme, stands) == now else None
