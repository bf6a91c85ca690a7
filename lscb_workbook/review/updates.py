"""What people have entered, as records. What is no status or no day counts as blank, and is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import (
    ACTION_FIELDS,
    DATE_FIELDS,
    ActionUpdate,
    Cell,
    Entries,
    Field,
    Finding,
    Milestone,
    MilestoneStatus,
    MilestoneUpdate,
    Plan,
    RagScheme,
    RagStatus,
)
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["action_update", "milestone_update", "rating_status", "unreadable_entries"]


def action_update(entries: Entries, ref: str) -> ActionUpdate:
    """What stands beside an action."""
    rating, commentary, evidence, ask = (
        entries.get(Cell(ref, "", field), "") for field in (*ACTION_FIELDS, Field.ASK)
    )
    return ActionUpdate(rating, commentary, evidence, ask)


def milestone_update(entries: Entries, milestone: Milestone) -> MilestoneUpdate:
    """What stands beside a milestone."""

    def text(field: Field) -> str:
        return entries.get(Cell(milestone.ref, milestone.id, field), "")

    status = text(Field.STATUS)
    return MilestoneUpdate(
        status=status if status in tuple(MilestoneStatus) else "",
        completed_on=_day(text(Field.COMPLETED_ON)),
        revised_date=_day(text(Field.REVISED_DATE)),
        note=text(Field.NOTE),
        approved_date=_day(text(Field.APPROVED_DATE)),
        approved_by=text(Field.APPROVED_BY),
    )


def rating_status(scheme: RagScheme, rating: str) -> RagStatus | None:
    """The status that a rating is; None where it is blank or none of the scheme's.

    Case makes no difference, as it makes none to the formulas that count ratings.
    """
    said = rating.strip().casefold()
    return next((status for status in scheme.statuses if status.name.casefold() == said), None)


def unreadable_entries(plan: Plan, entries: Entries) -> Iterator[Finding]:
    """A finding for each status and day of the tracker that is none."""
    for milestone in plan.milestones:
        for field in (Field.STATUS, *DATE_FIELDS):
            text = entries.get(Cell(milestone.ref, milestone.id, field), "")
            status = field is Field.STATUS
            if text and not (text in tuple(MilestoneStatus) if status else _day(text)):
                yield finding(
                    "master-cell-not-recognised",
                    sheet="Milestones",
                    ref=milestone.id,
                    about=milestone.id,
                    text=text,
                    column=FIELD_HEADERS[field],
                    wanted="a status" if status else "a date",
                )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
