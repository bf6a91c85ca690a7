"""Rules on reporting: what nobody spoke of in the latest cycle, and who did not return."""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.records import Decision, Meaning
from lscb_workbook.review.cycles import change_since
from lscb_workbook.review.rules.registry import action_rule, officer_rule
from lscb_workbook.review.views import ActionView, Fault, OfficerView
from lscb_workbook.review.wording import written

__all__ = ["no_return", "nothing_new"]


@action_rule("nothing-new")
def nothing_new(view: ActionView) -> Iterator[Fault]:
    """The plan's last column, 'RAG rating ..., commentary and evidence of impact', is reported each cycle.

    Looked for once the day to return by has passed. Anything a lead returned counts, even if it was
    already so, superseded or waits among the conflicts; what was refused does not. Of an action that is
    no longer appropriate, or on track with every milestone closed, nothing more is expected.
    """
    cycle = view.cycle
    if cycle is None or view.as_at <= cycle.return_by or _finished(view):
        return
    said = any(
        change.officer and change.decision is not Decision.REFUSED and change_since(change, cycle)
        for change in view.changes
    )
    if not said:
        yield view.fault(cycle=cycle.name)


@officer_rule("no-return")
def no_return(view: OfficerView) -> Iterator[Fault]:
    """A copy that was issued comes back by the day it names. No return is never taken as a rating."""
    if view.issued.returned_on is None and view.as_at > view.issued.return_by:
        yield view.fault(return_by=written(view.issued.return_by))


def _finished(view: ActionView) -> bool:
    closed = bool(view.milestones) and all(state.state.closed for state in view.milestones)
    return view.rated(Meaning.WITHDRAWN) or (view.rated(Meaning.ON_TRACK) and closed)
