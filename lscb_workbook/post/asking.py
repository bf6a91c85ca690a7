"""The letter that goes with a copy: what is asked of an officer, by when, and what is overdue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lscb_workbook.copies.rows import led_actions, led_milestones
from lscb_workbook.merge.ledger import open_conflicts
from lscb_workbook.plan.records import Action, Cell, Change, Decision, Field, Officer, Plan
from lscb_workbook.plan.refs import came_from, of_year
from lscb_workbook.post.letters import Attachment, Kind, Letter, Occasion, Sender, Templates, letter
from lscb_workbook.review import MilestoneState, State

__all__ = ["AskedAction", "AskedMilestone", "asked_of", "issue_letters"]


_RATES = (
    Decision.EDITED,
    Decision.TAKEN,
    Decision.ALREADY,
    Decision.SETTLED_TAKEN,
    Decision.SETTLED_PROPOSAL,
)
"""The decisions by which somebody has given the rating that stands."""


_OF_DUE = (Field.STATUS, Field.COMPLETED_ON, Field.REVISED_DATE)
"""What is said of a milestone so that it is not overdue, or why."""


@dataclass(frozen=True, slots=True)
class AskedMilestone:
    """A milestone that is an officer's and not yet closed. ``words`` is its deadline as the plan has it,
    ``due`` the day that counts, None where there is none; ``days_late`` is 0 where it is not overdue, or
    where what came back of it ``waits`` to be decided."""

    id: str
    text: str
    words: str
    due: date | None
    days_late: int
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AskedAction:
    """An action that an officer is asked about. ``rating`` is the one that stands, ``""`` where nobody has
    rated it since the plan; ``was`` what it was last year (``3.2 of 2016-17``), if carried forward; ``waits``
    says that the officer's own rating came back and waits to be decided."""

    ref: str
    text: str
    rating: str
    milestones: tuple[AskedMilestone, ...]
    was: str = ""
    waits: bool = False


def asked_of(
    plan: Plan,
    ratings: Mapping[str, str],
    states: Iterable[MilestoneState],
    officer: str,
    rated: Collection[str] = (),
    waiting: Collection[Cell] = (),
) -> tuple[AskedAction, ...]:
    """What an officer (by key) is asked about, in the plan's order: the actions led, and those in which just
    a milestone is theirs. ``ratings`` is by ref; a rating that is the plan's own is left out, but of the refs
    that were ``rated`` since; milestones that are closed are left out. ``waiting`` are the cells of which
    something came back from the officer and waits to be decided."""
    own = {one.id for one in led_milestones(plan, officer)}
    refs = {action.ref for action in led_actions(plan, officer)}
    mine: dict[str, list[AskedMilestone]] = {}
    for state in states:
        one = state.milestone
        if one.id in own and not state.state.closed:
            waits = any(cell.milestone == one.id and cell.field in _OF_DUE for cell in waiting)
            late = state.days_late if state.state is State.MISSED and not waits else 0
            asked = AskedMilestone(one.id, one.text, one.due.words, state.due, late, waits)
            mine.setdefault(one.ref, []).append(asked)

    def rating(action: Action) -> str:
        now = ratings.get(action.ref, "")
        return "" if now == action.rating and action.ref not in rated else now

    return tuple(
        AskedAction(
            action.ref,
            action.text,
            rating(action),
            tuple(mine.get(action.ref, ())),
            "".join(of_year(*before) for before in came_from(action.carried)[:1]),
            Cell(action.ref, "", Field.RATING) in waiting,
        )
        for action in plan.actions
        if action.ref in refs or action.ref in mine
    )


def issue_letters(
    plan: Plan,
    copies: Iterable[tuple[Officer, Attachment]],
    occasion: Occasion,
    *,
    ratings: Mapping[str, str],
    states: Iterable[MilestoneState],
    templates: Templates,
    protected: bool = False,
    history: Iterable[Change] = (),
    heirs: Mapping[str, Officer] | None = None,
) -> Iterator[Letter]:
    """The letter to each officer whose copy is here, one after the other, so that not all are in memory.

    ``ratings`` and ``states`` are a review's. ``protected`` says that copies open with a password only.
    ``history`` tells which actions were rated since the plan, also by the rating that the plan has, and what
    waits to be decided; ``heirs`` who answers for a leaver now, by key: the leaver's letter goes to them, and
    says so. Raises WorkbookError where a template is wrong.
    """
    known, past = tuple(states), tuple(history)
    waiting: dict[str, set[Cell]] = {}
    for change in open_conflicts(past):
        waiting.setdefault(change.officer, set()).add(change.cell)
    rated = {
        change.cell.ref for change in past if change.cell.field is Field.RATING and change.decision in _RATES
    }
    for officer, copy in copies:
        actions = asked_of(plan, ratings, known, officer.key, rated, waiting.get(officer.key, ()))
        overdue = tuple(one for action in actions for one in action.milestones if one.days_late)
        facts: dict[str, object] = {
            "actions": actions,
            "overdue": overdue,
            "file": copy.name,
            "protected": protected,
        }
        heir = (heirs or {}).get(officer.key)
        facts["leaver"] = officer.title if heir else ""
        to = Sender(heir.title, heir.email) if heir else None
        yield letter(
            Kind.ISSUE, officer, occasion, facts, templates=templates, attachments=(copy,), addressee=to
        )
