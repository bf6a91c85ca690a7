"""Actions and their milestones out of the tables of a plan document."""

from __future__ import annotations

from collections.abc import Sequence

from lscb_workbook.plan.deadlines import deadline_given, read_deadline, split_deadlines
from lscb_workbook.plan.officers import match_officer, nearest_officer
from lscb_workbook.plan.records import Action, Milestone, Officer, PlanYear, RagScheme
from lscb_workbook.plan.tables import Table, hint

__all__ = ["read_actions"]


def read_actions(
    document: Table,
    year: PlanYear,
    officers: Sequence[Officer],
    scheme: RagScheme,
    priorities: Sequence[int],
) -> tuple[tuple[Action, ...], tuple[Milestone, ...]]:
    """The actions of a document and their milestones, checked against the rest of it.

    Adds to the document's problems a ref given twice, a priority, rating or lead that is not there, and
    a milestone that is none. A sentence that states two deadlines gives two milestones, unless its
    ``due`` says which words count.
    """
    actions: list[Action] = []
    milestones: list[Milestone] = []
    for table in document.tables("action", "ref"):
        ref = table.text("ref")
        if ref and ref in [action.ref for action in actions]:
            table.problems.add(table.where, "is there twice", "Give each action its own ref.")
        priority = table.number("priority")
        if priority is not None and priority not in priorities:
            table.problems.add(
                f"{table.where}, priority",
                f"there is no priority {priority}",
                "Correct the number or add the [[priority]].",
            )
        rating = table.text("rating", needed=False)
        if rating and scheme.named(rating) is None:
            table.problems.add(
                f"{table.where}, rating",
                f"'{rating}' is not a status of the RAG key",
                f"{hint(rating, list(scheme.names))}Write one of: {', '.join(scheme.names)}.",
            )
        leads = _leads(table, officers, needed=True)
        action = Action(
            ref,
            priority or 0,
            table.text("text"),
            leads,
            table.texts("measures"),
            rating,
            table.text("uncertain", needed=False),
        )
        actions.append(action)
        milestones += _milestones(table, action, year, officers)
        table.done()
    if not actions:
        document.problems.add("[[action]]", "there is none", "Add the actions of the plan.")
    return tuple(actions), tuple(milestones)


def _leads(table: Table, officers: Sequence[Officer], *, needed: bool) -> tuple[str, ...]:
    keys: list[str] = []
    for name in table.texts("leads", needed=needed):
        officer = match_officer(officers, name)
        if officer is None:
            near = nearest_officer(officers, name)
            meant = f"Did you mean '{near}'? " if near else ""
            table.problems.add(
                f"{table.where}, leads",
                f"'{name}' is not an officer of this plan",
                f"{meant}Correct the name, or add it as an [[officer]] or to an officer's aliases.",
            )
        elif officer.key not in keys:
            keys.append(officer.key)
    return tuple(keys)


def _milestones(table: Table, action: Action, year: PlanYear, officers: Sequence[Officer]) -> list[Milestone]:
    found: list[Milestone] = []
    for number, value in enumerate(table.items("milestones"), 1):
        where = f"{table.where}, milestone {number}"
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            table.problems.add(
                where, f"{value!r} is not a milestone", 'Write a sentence in quotes or { text = "…" }.'
            )
            continue
        one = Table(value, where, table.problems)
        text, due = one.text("text"), one.text("due", needed=False)
        leads = _leads(one, officers, needed=False) or action.leads
        if others := [key for key in leads if key not in action.leads]:
            title = next(officer.title for officer in officers if officer.key == others[0])
            one.problems.add(
                f"{where}, leads", f"'{title}' does not lead action {action.ref}", "Add them to its leads."
            )
        uncertain = one.text("uncertain", needed=False)
        one.done()
        if "due" in value:
            dated = [deadline_given(text, due, year)]
        else:
            dated = [(piece, read_deadline(piece, year)) for piece in split_deadlines(text, year)]
        for piece, deadline in dated:
            id_ = f"{action.ref}.{len(found) + 1}"
            found.append(Milestone(id_, action.ref, leads, piece, deadline, uncertain))
    return found
