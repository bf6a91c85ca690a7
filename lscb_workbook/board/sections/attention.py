"""What needs the board: exceptions, what was missed, what is due next, what is no longer appropriate."""

from __future__ import annotations

from datetime import date

from lscb_workbook.board.content import (
    Column,
    Section,
)
from lscb_workbook.board.sections.told import Told, day_text, listing
from lscb_workbook.plan.records import Field
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
    rows = [
        (
            f"{view.action.ref} {view.action.text}",
            told.rating(view),
            _how_long(view),
            told.leads(view.action.leads),
            told.said(view, Field.COMMENTARY, view.update.commentary) or "No explanation was given.",
            _next(view),
            told.said(view, Field.ASK, view.update.ask) or "Nothing was asked.",
        )
        for view in told.found.exceptions
    ]
    none = "No action is off track or at risk."
    heading = "Exceptions: actions off track or at risk"
    return listing(heading, "Actions off track or at risk, the most severe first", columns, rows, none)


def _how_long(view: ActionView) -> str:
    since = rated_since(view)
    if since is None:
        return "Not known"
    days = (view.as_at - since).days
    return f"{day_text(since)}\n({counted(days, 'day')})" if days else day_text(since)


def _next(view: ActionView) -> str:
    open_ = [one for one in view.milestones if not one.state.closed]
    one = min(open_, key=lambda one: one.due or date.max, default=None)
    if one is None:
        return "None is open."
    when = day_text(one.due) if one.due else one.state.value.replace("_", " ")
    return (
        f"{one.milestone.id} {one.milestone.text}\n({when}{', missed' if one.state is State.MISSED else ''})"
    )


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
    rows = [
        (
            f"{one.milestone.id} {one.milestone.text}",
            day_text(one.due),
            str(one.days_late),
            told.leads(one.milestone.leads),
            told.rating(views[one.milestone.ref]),
            day_text(one.revised),
            told.note(one),
        )
        for one in late
    ]
    caption = "Milestones due and not complete, the latest first"
    return listing("Missed milestones", caption, columns, rows, "No milestone has been missed.")


def coming(told: Told) -> Section:
    words = told.found.horizon.words
    columns = (
        Column("Milestone", 3.6),
        Column("Due", 0.9),
        Column("Lead officer", 2.0),
        Column("Status", 1.0),
        Column("Note", 2.4),
    )
    rows = [
        (
            f"{one.milestone.id} {one.milestone.text}",
            day_text(one.due),
            told.leads(one.milestone.leads),
            one.update.status or "Not stated",
            told.note(one),
        )
        for one in told.found.coming
    ]
    return listing(
        "Due next", f"Milestones due by {words}", columns, rows, f"No milestone is due by {words}."
    )


def withdrawn(told: Told) -> Section:
    columns = (
        Column("Action", 3.2),
        Column("Rating", 0.9),
        Column("Since", 1.0),
        Column("Lead officer", 1.8),
        Column("Reason", 3.6),
    )
    rows = [
        (
            f"{view.action.ref} {view.action.text}",
            told.rating(view),
            day_text(rated_since(view)),
            told.leads(view.action.leads),
            told.said(view, Field.COMMENTARY, view.update.commentary) or "No reason was given.",
        )
        for view in told.found.withdrawn
    ]
    heading = "No longer appropriate"
    return listing(heading, "Actions no longer appropriate, with reasons", columns, rows, "No action is.")
