"""The rows of an officer's copy, and what they hold as issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lscb_workbook.copies.identity import Place
from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.records import (
    ACTION_FIELDS,
    MILESTONE_FIELDS,
    Action,
    Cell,
    Entries,
    Field,
    Milestone,
    Plan,
)
from lscb_workbook.tracker.cells import date_of, iso
from lscb_workbook.tracker.plan_rows import bullets

__all__ = ["action_places", "as_issued", "led_actions", "led_milestones", "milestone_places", "text_places"]


def led_actions(plan: Plan, officer: str) -> tuple[Action, ...]:
    """The actions an officer (by key) leads, alone or with others."""
    return tuple(action for action in plan.actions if officer in action.leads)


def led_milestones(plan: Plan, officer: str) -> tuple[Milestone, ...]:
    """The milestones that are an officer's (by key)."""
    return tuple(milestone for milestone in plan.milestones if officer in milestone.leads)


def as_issued(plan: Plan, entries: Entries, officer: str) -> dict[Place, str]:
    """What every cell of this officer's copy holds, by place; dates are ISO text."""
    held: dict[Place, str] = {}
    for action in led_actions(plan, officer):
        held |= action_places(plan, entries, action)
    for milestone in led_milestones(plan, officer):
        held |= milestone_places(plan, entries, milestone)
    return held


def text_places(texts: Iterable[str]) -> dict[Place, str]:
    """The texts that stand in a copy outside its rows, as places of no row, each once."""
    return {
        Place("", "", f"text {number}"): text for number, text in enumerate(dict.fromkeys(texts), start=1)
    }


def action_places(plan: Plan, entries: Entries, action: Action) -> dict[Place, str]:
    """The cells of an action's row in a copy."""
    texts = {
        "text": action.text,
        "leads": plan.titles(action.leads),
        "milestones": "\n".join(milestone.text for milestone in plan.milestones_of(action.ref)),
        "measures": bullets(action.measures),
    }
    return _places(action.ref, "", texts, _fields(entries, action.ref, "", ACTION_FIELDS))


def milestone_places(plan: Plan, entries: Entries, milestone: Milestone) -> dict[Place, str]:
    """The cells of a milestone's row in a copy."""
    approved = date_of(entries.get(Cell(milestone.ref, milestone.id, Field.APPROVED_DATE)))
    due = approved or due_on(milestone.due, plan.meetings, plan.events)
    texts = {"text": milestone.text, "words": milestone.due.words, "due": iso(due)}
    fields = _fields(entries, milestone.ref, milestone.id, MILESTONE_FIELDS)
    return _places(milestone.ref, milestone.id, texts, fields)


def _fields(entries: Entries, ref: str, milestone: str, fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.value: entries.get(Cell(ref, milestone, field), "") for field in fields}


def _places(ref: str, milestone: str, *columns: Mapping[str, str]) -> dict[Place, str]:
    return {Place(ref, milestone, key): value for held in columns for key, value in held.items()}
