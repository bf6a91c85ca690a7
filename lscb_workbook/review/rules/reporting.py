"""Rules on reporting: what nobody spoke of in the latest cycle, and who did not return."""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cell, Cycle, Decision, Field, Meaning
from lscb_workbook.review.cycles import change_since
from lscb_workbook.review.milestones import State
from lscb_workbook.review.rules.registry import action_rule, officer_rule
from lscb_workbook.review.views import ActionView, Fault, OfficerView
from lscb_workbook.review.wording import written

__all__ = ["commentary_repeated", "no_return", "nothing_new"]


@action_rule("nothing-new")
def nothing_new(view: ActionView) -> Iterator[Fault]:
    """The plan's last column, 'RAG rating ..., commentary and evidence of impact', is reported each cycle.

    Looked for once the day to return by has passed. Anything a lead returned counts, even if it was
    already so, superseded or waits among the conflicts; what was refused does not. Of an action that is
    no longer appropriate, or complete, nothing more is expected: one that has a rating of its own for that,
    or is on track with every milestone closed.
    """
    cycle = view.cycle
    if cycle is None or view.as_at <= cycle.return_by or _finished(view):
        return
    if not _said(view, cycle):
        yield view.fault(cycle=cycle.name)


@action_rule("commentary-repeated")
def commentary_repeated(view: ActionView) -> Iterator[Fault]:
    """Commentary that a lead let stand, or wrote once more, while other things of the action changed.

    Letters' case and spaces make no difference. Where nothing at all was said, that is what is to be asked.
    """
    cycle, now = view.cycle, _plain(view.update.commentary)
    if cycle and now and not _finished(view) and _said(view, cycle):
        before = [one for one in view.changes if not change_since(one, cycle)]
        stood = entries_at(before).get(Cell(view.action.ref, "", Field.COMMENTARY), "")
        if _plain(stood) == now:
            yield view.fault(cycle=cycle.name)


@officer_rule("no-return")
def no_return(view: OfficerView) -> Iterator[Fault]:
    """A copy that was issued comes back by the day it names. No return is never taken as a rating."""
    if view.issued.returned_on is None and view.as_at > view.issued.return_by:
        yield view.fault(return_by=written(view.issued.return_by))


def _said(view: ActionView, cycle: Cycle) -> bool:
    """Whether a lead returned anything on the action in a cycle that was not refused."""
    return any(
        change.officer and change.decision is not Decision.REFUSED and change_since(change, cycle)
        for change in view.changes
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _finished(view: ActionView) -> bool:
    closed = bool(view.milestones) and all(state.state.closed for state in view.milestones)
    over = all(state.state.closed or state.state is State.ONGOING for state in view.milestones)
    return (
        view.rated(Meaning.WITHDRAWN)
        or (view.rated(Meaning.ON_TRACK) and closed)
        or (view.rated(Meaning.COMPLETE) and over)
    )
