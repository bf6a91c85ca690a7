"""What a person must know of a plan itself: deadlines without a day, days outside the year, doubtful text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding, Milestone, NotStated, Plan, SeeAction

__all__ = ["plan_findings"]


def plan_findings(plan: Plan, file: str = "") -> tuple[Finding, ...]:
    """The findings of a plan, in its order. ``file`` is what it was read from, where there is one.

    A pointer to an action that the plan does not have is a deadline that is not understood.
    """
    return tuple(_findings(plan, file))


def _findings(plan: Plan, file: str) -> Iterator[Finding]:
    for priority in plan.priorities:
        if priority.uncertain:
            what = f"priority {priority.number}"
            yield finding("source-uncertain", file=file, what=what, uncertain=priority.uncertain)
    for action in plan.actions:
        if action.uncertain:
            what = f"action {action.ref}"
            yield finding(
                "source-uncertain", file=file, ref=action.ref, what=what, uncertain=action.uncertain
            )
        for milestone in plan.milestones_of(action.ref):
            yield from _of_milestone(plan, milestone, file)


def _of_milestone(plan: Plan, milestone: Milestone, file: str) -> Iterator[Finding]:
    ref, due = milestone.ref, milestone.due
    if milestone.uncertain:
        what = f"milestone {milestone.id}"
        yield finding("source-uncertain", file=file, ref=ref, what=what, uncertain=milestone.uncertain)
    lost = isinstance(due, SeeAction) and due.ref not in [action.ref for action in plan.actions]
    if lost or (isinstance(due, NotStated) and due.words):
        yield finding("deadline-not-understood", file=file, ref=ref, milestone=milestone.id, words=due.words)
    elif isinstance(due, NotStated):
        yield finding("deadline-not-stated", file=file, ref=ref, milestone=milestone.id)
    elif isinstance(due, SeeAction) and ref in _seen_from(plan, due.ref):
        yield finding("deadline-leads-round", file=file, ref=ref, milestone=milestone.id, other=due.ref)
    on = due_on(due, plan.meetings, plan.events)
    before = bool(milestone.carried) and on is not None and on < plan.year.first  # known, and told as missed
    if on and on not in plan.year and not before:
        yield finding(
            "deadline-outside-plan-year",
            file=file,
            ref=ref,
            milestone=milestone.id,
            due=_written(on),
            year=plan.year.name,
        )


def _seen_from(plan: Plan, ref: str) -> set[str]:
    """The action of a ref, and every other that its deadlines say to see, directly or through another."""
    seen: set[str] = set()
    ahead = [ref]
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead += [one.due.ref for one in plan.milestones_of(at) if isinstance(one.due, SeeAction)]
    return seen


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
