"""Handing over: whoever takes a leaver's place gets the leaver's actions, with what was last said of each.

Nothing moves in the plan: the actions keep their lead, and History keeps who said what. Letters about them
go to the successor whom the Officers tab names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.merge.ledger import open_conflicts
from lscb_workbook.plan.personal_data import withheld
from lscb_workbook.plan.records import (
    ACTION_FIELDS,
    DATE_FIELDS,
    MILESTONE_FIELDS,
    Cell,
    Change,
    Decision,
    Plan,
)
from lscb_workbook.review import MilestoneState, Review
from lscb_workbook.review.views import ActionView
from lscb_workbook.review.wording import written
from lscb_workbook.tracker.cells import date_of
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["HandedMilestone", "HandedOver", "LastSaid", "handed_over"]


@dataclass(frozen=True, slots=True)
class LastSaid:
    """What stands in one cell, and by whose word. ``column`` is its heading; ``by`` an officer's title, ``the
    plan`` or ``the business manager``; ``on`` the day it was returned or noted. Both are empty where History
    does not tell, and where what the leaver returned waits to be decided, which ``text`` then says. A text
    that may hold personal data is withheld: a letter goes by mail."""

    column: str
    text: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class HandedMilestone:
    """A milestone that a successor takes over. ``due`` is the day that counts, ``words`` its deadline as the
    plan has it."""

    id: str
    text: str
    words: str
    due: date | None
    said: tuple[LastSaid, ...]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An action that a successor takes over, whole or in some of its milestones. ``leaver`` is the title of
    the officer who led it; ``said`` what was last said of it, blank cells left out."""

    ref: str
    text: str
    leaver: str
    said: tuple[LastSaid, ...]
    milestones: tuple[HandedMilestone, ...]


def handed_over(plan: Plan, reviewed: Review, leaver: str) -> tuple[HandedOver, ...]:
    """The actions that a leaver (by key) leads, alone or with others, or has a milestone of, in the plan's
    order, with what was last said of each as at the review's day. Milestones that are closed are left out."""
    titles = {officer.key: officer.title for officer in plan.officers}
    made = []
    for view in reviewed.actions:
        own = [one for one in view.milestones if leaver in one.milestone.leads]
        if leaver not in view.action.leads and not own:
            continue
        said = _said(view, [Cell(view.action.ref, "", field) for field in ACTION_FIELDS], leaver, titles)
        milestones = tuple(_milestone(view, one, leaver, titles) for one in own if not one.state.closed)
        title = titles.get(leaver, leaver)
        made.append(HandedOver(view.action.ref, view.action.text, title, said, milestones))
    return tuple(made)


def _milestone(
    view: ActionView, state: MilestoneState, leaver: str, titles: Mapping[str, str]
) -> HandedMilestone:
    one = state.milestone
    said = _said(view, [Cell(one.ref, one.id, field) for field in MILESTONE_FIELDS], leaver, titles)
    return HandedMilestone(one.id, one.text, one.due.words, state.due, said)


_WAITS = "what came back waits to be decided by the business manager"


def _said(
    view: ActionView, cells: Sequence[Cell], leaver: str, titles: Mapping[str, str]
) -> tuple[LastSaid, ...]:
    """What stands in these cells by the word of the change that last made them say something else; or that
    what the leaver returned waits."""
    waiting = {one.cell for one in open_conflicts(view.changes) if one.officer == leaver}
    sources: dict[Cell, Change] = {}
    for change in view.changes:
        before = sources.get(change.cell)
        if change.result != (before.result if before else ""):
            sources[change.cell] = change
    found = []
    for cell in cells:
        source = sources.get(cell)
        if cell in waiting:
            found.append(LastSaid(FIELD_HEADERS[cell.field], _WAITS))
        elif source and source.result:
            day = date_of(source.result)
            text = written(day) if day and cell.field in DATE_FIELDS else withheld(source.result)
            on = source.saved_at.date() if source.saved_at else source.when
            found.append(LastSaid(FIELD_HEADERS[cell.field], text, _by(source, titles), on))
    return tuple(found)


def _by(change: Change, titles: Mapping[str, str]) -> str:
    if change.officer:
        return titles.get(change.officer, change.officer)
    return "the plan" if change.decision is Decision.AGREED_IN_PLAN else "the business manager"
