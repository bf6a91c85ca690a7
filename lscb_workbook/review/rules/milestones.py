"""Rules on milestones: missed, moved without approval, or entered so that they contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.records import MilestoneStatus
from lscb_workbook.review.milestones import State
from lscb_workbook.review.rules.registry import action_rule
from lscb_workbook.review.views import ActionView, Fault
from lscb_workbook.review.wording import counted, written

__all__ = [
    "approved_before_due",
    "approved_without_approver",
    "complete_without_date",
    "completed_in_future",
    "completed_without_status",
    "milestone_missed",
    "revised_date_not_approved",
]


@action_rule("milestone-missed")
def milestone_missed(view: ActionView) -> Iterator[Fault]:
    """'Timescale and milestones': due, by the plan or by the board's approval, and not complete."""
    for state in view.milestones:
        if state.state is State.MISSED and state.due:
            yield view.milestone_fault(state, due=written(state.due), days=counted(state.days_late, "day"))


@action_rule("revised-date-not-approved")
def revised_date_not_approved(view: ActionView) -> Iterator[Fault]:
    """A revised date is a proposal and hides nothing; only the board's approval moves a deadline."""
    for state in view.milestones:
        if state.revised:
            due = written(state.due) if state.due else "the plan"
            yield view.milestone_fault(state, revised=written(state.revised), due=due)


@action_rule("approved-without-approver")
def approved_without_approver(view: ActionView) -> Iterator[Fault]:
    """Only the board moves a deadline: whose word a date stands on must be known."""
    for state in view.milestones:
        approved = state.update.approved_date
        if approved and not state.update.approved_by.strip():
            yield view.milestone_fault(state, approved=written(approved))


@action_rule("approved-before-due")
def approved_before_due(view: ActionView) -> Iterator[Fault]:
    """A date brought forward is rare, and a year mistyped is not."""
    for state in view.milestones:
        approved, planned = state.update.approved_date, state.planned
        if approved and planned and approved < planned:
            yield view.milestone_fault(state, approved=written(approved), planned=written(planned))


@action_rule("completed-in-future")
def completed_in_future(view: ActionView) -> Iterator[Fault]:
    """Nothing is completed on a day that has not come."""
    for state in view.milestones:
        day = state.update.completed_on
        if day and day > view.as_at:
            yield view.milestone_fault(state, completed=written(day), as_at=written(view.as_at))


@action_rule("completed-without-status")
def completed_without_status(view: ActionView) -> Iterator[Fault]:
    """A day of completion beside a status that says otherwise: the status counts until somebody asks."""
    for state in view.milestones:
        if state.update.completed_on and state.update.status != MilestoneStatus.COMPLETE:
            yield view.milestone_fault(state, status=state.update.status or "blank")


@action_rule("complete-without-date")
def complete_without_date(view: ActionView) -> Iterator[Fault]:
    """Complete, but nobody can tell whether in time."""
    for state in view.milestones:
        complete = state.update.status == MilestoneStatus.COMPLETE
        if complete and state.due and not state.update.completed_on:
            yield view.milestone_fault(state)
