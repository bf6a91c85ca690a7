"""Rules on ratings that the plan's own definitions contradict. What is quoted is the Redbridge RAG key.

A rule judges by what a status means, never by its name or colour, so any board's scheme works.
"""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.records import Meaning, MilestoneStatus
from lscb_workbook.review.milestones import State
from lscb_workbook.review.rules.registry import action_rule
from lscb_workbook.review.views import ActionView, Fault
from lscb_workbook.review.wording import counted, listed

__all__ = [
    "complete_with_open_milestones",
    "complete_without_evidence",
    "not_started_with_work_reported",
    "rating_contradicts_milestone",
    "rating_unknown",
    "rating_without_commentary",
    "withdrawn_without_reason",
]


@action_rule("rating-unknown")
def rating_unknown(view: ActionView) -> Iterator[Fault]:
    """'RAG rating (select from drop down menu)': one of the statuses and nothing else."""
    if view.status is None:
        typed = view.update.rating
        what = f"the rating '{typed}', which is none of the plan's" if typed else "no rating"
        yield view.fault(what=what, names=listed(view.plan.scheme.names))


@action_rule("rating-without-commentary")
def rating_without_commentary(view: ActionView) -> Iterator[Fault]:
    """Red and Amber: 'Brief explanation to be provided in the Comments section.'"""
    if view.status and view.status.needs_commentary and not view.update.commentary:
        yield view.fault()


@action_rule("rating-contradicts-milestone")
def rating_contradicts_milestone(view: ActionView) -> Iterator[Fault]:
    """Green: 'on target to being completed within the timeframe'. White: 'not started as scheduled for a
    later date'. Where 'the timeframe for the action has been exceeded' the action is Red."""
    if view.rated(Meaning.ON_TRACK, Meaning.STILL_ON_TRACK, Meaning.COMPLETE, Meaning.NOT_STARTED):
        for state in view.milestones:
            if state.state is State.MISSED:
                yield view.fault(milestone=state.milestone.id, days=counted(state.days_late, "day"))


@action_rule("not-started-with-work-reported")
def not_started_with_work_reported(view: ActionView) -> Iterator[Fault]:
    """White: 'Action not started as scheduled for a later date.' Commentary alone may well say why."""
    begun = (MilestoneStatus.IN_PROGRESS, MilestoneStatus.COMPLETE)
    work = view.update.evidence or any(state.update.status in begun for state in view.milestones)
    if view.rated(Meaning.NOT_STARTED) and work:
        yield view.fault()


@action_rule("complete-without-evidence")
def complete_without_evidence(view: ActionView) -> Iterator[Fault]:
    """Green: 'the action has been completed and has resulted in the required outcome/impact.'

    A board that has a status for what is complete has said so by the rating alone.
    """
    finished = all(state.state.closed for state in view.milestones)
    met = any(state.state.met for state in view.milestones)
    if view.update.evidence:
        return
    if view.rated(Meaning.COMPLETE):
        yield view.fault(how="(complete)", what="Action")
    elif view.rated(Meaning.ON_TRACK) and finished and met:
        yield view.fault(how="with every milestone complete", what="Every milestone of action")


@action_rule("complete-with-open-milestones")
def complete_with_open_milestones(view: ActionView) -> Iterator[Fault]:
    """A rating of its own for what is complete says that nothing is left to do.

    What was missed is told of by itself; what goes on keeps no action from being complete.
    """
    if view.rated(Meaning.COMPLETE):
        over = (State.MISSED, State.ONGOING)
        left = [one for one in view.milestones if not one.state.closed and one.state not in over]
        if left:
            yield view.fault(
                count=counted(len(left), "milestone is", "milestones are"),
                milestones=listed([one.milestone.id for one in left], "and"),
            )


@action_rule("withdrawn-without-reason")
def withdrawn_without_reason(view: ActionView) -> Iterator[Fault]:
    """Purple: 'no longer appropriate/achievable due to external changes', which are to be named."""
    if view.rated(Meaning.WITHDRAWN) and not view.update.commentary:
        yield view.fault()
