"""What the board is asked to decide: requests, dates to approve, and actions to let go."""

from __future__ import annotations

from lscb_workbook.board.content import Column, Section, Text
from lscb_workbook.board.sections.told import InFull, Told, day_text, foremost, listing
from lscb_workbook.plan.records import Field
from lscb_workbook.review import ActionView

__all__ = ["decisions"]


def decisions(told: Told) -> Section:
    """Every request, of whatever rating; every revised date that waits; what was given up since the last
    board."""
    columns = (
        Column("For decision", 1.3),
        Column("Of", 3.0),
        Column("Rated", 0.9),
        Column("Asked", 3.4),
        Column("Lead officer", 1.9),
        Column("Why", 2.6),
    )
    asks, whys = InFull("What is asked"), InFull("Reason")
    rows = [*_requests(told, asks), *_dates(told, whys), *_given_up(told, whys)]
    order = {"Request": 0, "New date": 1, "To be given up": 2}
    which = "requests first, then dates, then actions to be given up"
    shown, few = foremost(told, rows, lambda row: order[str(row[0])], which, "Moved dates")
    below = (*asks.block(), *whys.block())
    none = "Nothing is asked of the board for a single action."
    return listing(
        "For decision", "What the board is asked to decide", columns, shown, none, above=few, below=below
    )


def _requests(told: Told, asks: InFull) -> list[tuple[Text, ...]]:
    found = []
    for view in told.found.actions:
        if view.update.ask.strip():
            said = told.said(view, Field.ASK, view.update.ask)
            asked = asks.cell(view.action.ref, said)
            found.append(_row(told, "Request", view, asked, ""))
    return found


def _dates(told: Told, whys: InFull) -> list[tuple[Text, ...]]:
    views = {view.action.ref: view for view in told.found.actions}
    return [
        (
            "New date",
            told.milestone(one.milestone),
            told.rating(views[one.milestone.ref]),
            f"{day_text(one.revised)} in place of {day_text(one.due) or 'no date'}",
            told.leads(one.milestone.leads or views[one.milestone.ref].action.leads),
            whys.cell(one.milestone.id, told.note(one)) or "No reason was given.",
        )
        for one in told.found.milestones
        if one.revised
    ]


def _given_up(told: Told, whys: InFull) -> list[tuple[Text, ...]]:
    changed = {one.cell.ref for one in told.found.moved if one.cell.field is Field.RATING}
    found = []
    for view in told.found.withdrawn:
        if view.action.ref in changed:
            said = told.said(view, Field.COMMENTARY, view.update.commentary)
            why = whys.cell(view.action.ref, said) or "No reason was given."
            found.append(_row(told, "To be given up", view, "The action is no longer appropriate.", why))
    return found


def _row(told: Told, kind: str, view: ActionView, asked: str, why: str) -> tuple[Text, ...]:
    return (kind, told.action(view.action), told.rating(view), asked, told.leads(view.action.leads), why)
