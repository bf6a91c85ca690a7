"""What needs the board: exceptions, what was missed, what is due next, what is no longer appropriate."""

from __future__ import annotations

from datetime import date

from lscb_workbook.board.content import (
    Column,
    Section,
)
from lscb_workbook.board.sections.told import InFull, Told, day_text, foremost, listing
from lscb_workbook.plan.records import Field, Meaning
from lscb_workbook.review import (
    ActionView,
    State,
    rated_since,
)
from lscb_workbook.review.wording import counted

__all__ = ["coming", "exceptions", "missed", "withdrawn"]


def exceptions(told: Told) -> Section:
    columns = (
        Column("Action", 2.6),
        Column("Rating", 0.9),
        Column("Rated so since", 1.1),
        Column("Lead officer", 1.6),
        Column("Commentary", 3.6),
        Column("Next milestone", 2.2),
        Column("Asked of the board", 1.7),
    )
    shown, few = foremost(told, told.found.exceptions, _as_listed, "the most severe", "Exceptions")
    comments, asks = InFull("Commentary"), InFull("What is asked of the board")
    rows = [
        (
            told.action(view.action),
            told.rating(view),
            _how_long(view),
            told.leads(view.action.leads),
            comments.cell(view.action.ref, told.said(view, Field.COMMENTARY, view.update.commentary))
            or "No explanation was given.",
            _next(told, view),
            asks.cell(view.action.ref, told.said(view, Field.ASK, view.update.ask)) or "Nothing was asked.",
        )
        for view in shown
    ]
    none = "No action is off track or at risk."
    if not told.plan.scheme.meaning(Meaning.OFF_TRACK, Meaning.AT_RISK):
        none = "The plan has no rating for an action that is off track or at risk."
    heading = "Exceptions: actions off track or at risk"
    caption = "Actions off track or at risk, the most severe first"
    below = (*comments.block(), *asks.block())
    return listing(heading, caption, columns, rows, none, above=few, below=below)


def _as_listed(_one: object) -> int:
    """The order of a list that stands in the right one."""
    return 0


def _how_long(view: ActionView) -> str:
    since = rated_since(view)
    if since is None:
        return "Not known"
    days = (view.as_at - since).days
    return f"{day_text(since)}\n({counted(days, 'day')})" if days else day_text(since)


def _next(told: Told, view: ActionView) -> str:
    open_ = [one for one in view.milestones if not one.state.closed]
    one = min(open_, key=lambda one: one.due or date.max, default=None)
    if one is None:
        return "None is open."
    when = day_text(one.due) if one.due else one.state.value.replace("_", " ")
    return f"{told.milestone(one.milestone)}\n({when}{', missed' if one.state is State.MISSED else ''})"


def missed(told: Told) -> Section:
    columns = (
        Column("Milestone", 3.4),
        Column("Due", 1.0),
        Column("Days late", 0.7, number=True),
        Column("Lead officer", 1.9),
        Column("Action rated", 0.9),
        Column("Revised date proposed", 1.1),
        Column("Note", 2.4),
    )
    views = {view.action.ref: view for view in told.found.actions}
    late = sorted(told.found.in_state(State.MISSED), key=lambda one: -one.days_late)
    shown, few = foremost(told, late, _as_listed, "the longest overdue", "Missed milestones")
    notes = InFull("Note")
    rows = [
        (
            told.milestone(one.milestone),
            day_text(one.due),
            str(one.days_late),
            told.leads(one.milestone.leads),
            told.rating(views[one.milestone.ref]),
            day_text(one.revised),
            notes.cell(one.milestone.id, told.note(one)),
        )
        for one in shown
    ]
    caption = "Milestones due and not complete, the longest overdue first"
    none = "No milestone has been missed."
    return listing("Missed milestones", caption, columns, rows, none, above=few, below=notes.block())


def coming(told: Told) -> Section:
    words = told.found.horizon.words
    shown, few = foremost(
        told, told.found.coming, lambda one: _day_number(one.due), "the soonest", "Due soon"
    )
    notes = InFull("Note")
    columns = (
        Column("Milestone", 3.6),
        Column("Due", 0.9),
        Column("Lead officer", 2.0),
        Column("Status", 1.0),
        Column("Note", 2.4),
    )
    rows = [
        (
            told.milestone(one.milestone),
            day_text(one.due),
            told.leads(one.milestone.leads),
            one.update.status or "Not stated",
            notes.cell(one.milestone.id, told.note(one)),
        )
        for one in shown
    ]
    caption, none = f"Milestones due by {words}", f"No milestone is due by {words}."
    return listing("Due next", caption, columns, rows, none, above=few, below=notes.block())


def _day_number(day: date | None) -> int:
    return (day or date.max).toordinal()


def withdrawn(told: Told) -> Section:
    heading = "No longer appropriate"
    shown, few = foremost(told, told.found.withdrawn, _latest_change, "those rated so last", heading)
    reasons = InFull("Reason")
    columns = (
        Column("Action", 3.2),
        Column("Rating", 0.9),
        Column("Since", 1.0),
        Column("Lead officer", 1.8),
        Column("Reason", 3.6),
    )
    rows = [
        (
            told.action(view.action),
            told.rating(view),
            day_text(rated_since(view)),
            told.leads(view.action.leads),
            reasons.cell(view.action.ref, told.said(view, Field.COMMENTARY, view.update.commentary))
            or "No reason was given.",
        )
        for view in shown
    ]
    caption = "Actions no longer appropriate, with reasons"
    below, none = reasons.block(), "No action is."
    if not told.plan.scheme.meaning(Meaning.WITHDRAWN):
        none = "The plan has no rating for an action that is no longer appropriate."
    return listing(heading, caption, columns, rows, none, above=few, below=below)


def _latest_change(view: ActionView) -> int:
    since = rated_since(view)
    return -since.toordinal() if since else 0
