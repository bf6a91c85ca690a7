"""The rows of an officer's copy, and what they hold as issued."""

from __future__ import annotations

from collections.abc import Iterable

from lscb_workbook.copies.identity import AROUND, AsIssued, RowKey
from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.deadlines import timescale
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

__all__ = ["action_cells", "as_issued", "led_actions", "led_milestones", "milestone_cells", "texts_around"]


def led_actions(plan: Plan, officer: str) -> tuple[Action, ...]:
    """The actions an officer (by key) leads, alone or with others."""
    return tuple(action for action in plan.actions if officer in action.leads)


def led_milestones(plan: Plan, officer: str) -> tuple[Milestone, ...]:
    """The milestones that are an officer's (by key)."""
    return tuple(milestone for milestone in plan.milestones if officer in milestone.leads)


def as_issued(plan: Plan, entries: Entries, officer: str, texts: Iterable[str] = ()) -> AsIssued:
    """What every cell of this officer's copy holds; ``texts`` are those outside its rows."""
    held = {RowKey(one.ref, ""): action_cells(plan, entries, one) for one in led_actions(plan, officer)}
    for one in led_milestones(plan, officer):
        held[RowKey(one.ref, one.id)] = milestone_cells(plan, entries, one)
    held[AROUND] = texts_around(texts)
    return held


def texts_around(texts: Iterable[str]) -> dict[str, str]:
    """The texts that stand in a copy outside its rows, each once, with keys as columns have them."""
    return {f"text {number}": text for number, text in enumerate(dict.fromkeys(texts), start=1)}


def action_cells(plan: Plan, entries: Entries, action: Action) -> dict[str, str]:
    """The cells of an action's row in a copy, by column key; dates are ISO text."""
    texts = {
        "text": action.text,
        "leads": plan.titles(action.leads),
        "milestones": timescale(plan.milestones_of(action.ref)),
        "measures": bullets(action.measures),
    }
    return texts | _fields(entries, action.ref, "", ACTION_FIELDS)


def milestone_cells(plan: Plan, entries: Entries, milestone: Milestone) -> dict[str, str]:
    """The cells of a milestone's row in a copy, by column key; dates are ISO text."""
    approved = date_of(entries.get(Cell(milestone.ref, milestone.id, Field.APPROVED_DATE)))
    due = approved or due_on(milestone.due, plan.meetings, plan.events)
    texts = {"text": milestone.text, "words": milestone.due.words, "due": iso(due)}
    return texts | _fields(entries, milestone.ref, milestone.id, MILESTONE_FIELDS)


def _fields(entries: Entries, ref: str, milestone: str, fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.value: entries.get(Cell(ref, milestone, field), "") for field in fields}
