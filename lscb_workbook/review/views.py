"""What a rule is shown: one action, or one officer's copy, with all that a judgement needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.plan.records import (
    Action,
    ActionUpdate,
    Change,
    Cycle,
    Entries,
    Issued,
    Meaning,
    Plan,
    RagStatus,
)
from lscb_workbook.review.milestones import MilestoneState
from lscb_workbook.review.updates import action_update, rating_status
from lscb_workbook.review.wording import NOBODY, titles
from lscb_workbook.tracker.layout import TRACKER_TABLES

__all__ = ["ActionView", "Fault", "OfficerView", "action_views", "officer_views"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a rule does not hold, and what its message in the catalogue is to be filled in with."""

    sheet: str
    ref: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action as at a day.

    ``status`` is the scheme's status that the action is rated, None where it is not rated or by a word
    the scheme does not know. ``cycle`` is the one issued last, None before the first. ``changes`` are
    those of the action and its milestones up to the day, oldest first.
    """

    plan: Plan
    action: Action
    update: ActionUpdate
    status: RagStatus | None
    milestones: tuple[MilestoneState, ...]
    as_at: date
    cycle: Cycle | None
    changes: tuple[Change, ...]

    def rated(self, *meanings: Meaning) -> bool:
        """Whether the action's status means one of these."""
        return self.status is not None and self.status.meaning in meanings

    def fault(self, **facts: object) -> Fault:
        """A fault of the action. ``ref``, ``rating`` and ``leads`` need not be given."""
        known = {
            "rating": self.status.name if self.status else "",
            "leads": titles(self.plan, self.action.leads) or NOBODY,
        }
        return Fault(TRACKER_TABLES["Plan"].sheet, self.action.ref, known | facts)

    def milestone_fault(self, state: MilestoneState, *, ref: str = "", **facts: object) -> Fault:
        """A fault of one milestone. ``milestone`` and ``leads`` (its own) need not be given; ``ref`` is
        the action's unless another is."""
        known = {
            "milestone": state.milestone.id,
            "leads": titles(self.plan, state.milestone.leads or self.action.leads) or NOBODY,
        }
        return Fault(TRACKER_TABLES["Milestones"].sheet, ref or self.action.ref, known | facts)


@dataclass(frozen=True, slots=True)
class OfficerView:
    """One officer's copy of the latest cycle, as at a day. ``title`` is how the officer is addressed."""

    title: str
    issued: Issued
    as_at: date

    def fault(self, **facts: object) -> Fault:
        """A fault of the copy. ``officer`` and ``cycle`` need not be given."""
        known: dict[str, object] = {"officer": self.title, "cycle": self.issued.cycle}
        return Fault(TRACKER_TABLES["Returns"].sheet, "", known | facts)


def action_views(
    plan: Plan,
    entries: Entries,
    states: Sequence[MilestoneState],
    history: Sequence[Change],
    *,
    cycle: Cycle | None,
    as_at: date,
) -> tuple[ActionView, ...]:
    """A view of each action, in the plan's order."""
    milestones: dict[str, list[MilestoneState]] = {}
    changes: dict[str, list[Change]] = {}
    for state in states:
        milestones.setdefault(state.milestone.ref, []).append(state)
    for change in history:
        if change.when <= as_at:
            changes.setdefault(change.cell.ref, []).append(change)
    views = []
    for action in plan.actions:
        update = action_update(entries, action.ref)
        views.append(
            ActionView(
                plan=plan,
                action=action,
                update=update,
                status=rating_status(plan.scheme, update.rating),
                milestones=tuple(milestones.get(action.ref, ())),
                as_at=as_at,
                cycle=cycle,
                changes=tuple(changes.get(action.ref, ())),
            )
        )
    return tuple(views)


def officer_views(
    plan: Plan, issued: Sequence[Issued], *, cycle: Cycle | None, as_at: date
) -> tuple[OfficerView, ...]:
    """A view of each copy of the latest cycle, in the order they were issued."""
    return tuple(
        OfficerView(titles(plan, [one.officer]), one, as_at)
        for one in issued
        if cycle and one.cycle == cycle.name
    )
