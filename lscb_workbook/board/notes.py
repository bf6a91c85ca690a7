"""What each list tab says of itself, so that an empty one is not taken for an unfinished one, and an old one
not for a true one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lscb_workbook.board import formulas
from lscb_workbook.board.formulas import column, filled, quoted, rated, said, sum_of
from lscb_workbook.board.timeline import dated
from lscb_workbook.ooxml import Formula, Value
from lscb_workbook.plan.records import Meaning, Plan
from lscb_workbook.review import Movement, Review, State
from lscb_workbook.review.wording import counted, written
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.layout import TRACKER_SHEETS

__all__ = ["CHECKED", "OUT_OF_DATE", "list_checks", "list_notes", "lists_check"]

OUT_OF_DATE = "OUT OF DATE: run lscb-workbook review"
CHECKED = "as on the Plan tab"

Checks = Mapping[Name, Sequence[str]]

_OFF = (Meaning.OFF_TRACK, Meaning.AT_RISK)
_UNCHANGED = f"{Name.LISTS_CHANGED}=0"
_LISTS = (
    Name.EXCEPTIONS_NOTE,
    Name.WITHDRAWN_NOTE,
    Name.MISSED_NOTE,
    Name.DUE_SOON_NOTE,
    Name.BY_OFFICER_NOTE,
    Name.BY_ORGANISATION_NOTE,
    Name.MOVEMENT_NOTE,
    Name.MOVED_NOTE,
    Name.MOVED_DATES_NOTE,
    Name.EVIDENCE_NOTE,
    Name.TIMELINE_NOTE,
    Name.QUALITY_NOTE,
)


def list_checks(plan: Plan, next_meeting: str) -> Checks:
    """What must hold of each list while it says what the Plan and Milestones tabs say, by its note.

    Its ratings and states are live, so a row that no longer belongs, or is missing, makes the counts differ.
    What the counts do not tell, ``fingerprint`` does, of all lists alike.
    """
    off = [one.name for one in plan.scheme.meaning(*_OFF)]
    out = [one.name for one in plan.scheme.meaning(Meaning.WITHDRAWN)]
    missed, coming = formulas.milestones_in_state(State.MISSED), formulas.due_by_next_meeting
    counts: dict[Name, list[str]] = {
        Name.EXCEPTIONS_NOTE: _rated_so("Exceptions", off),
        Name.WITHDRAWN_NOTE: _rated_so("Withdrawn", out),
        Name.MISSED_NOTE: [
            f"{_rows('Missed', 'Milestone')}={missed}",
            f"{said('Missed', 'State', formulas.words(State.MISSED))}={missed}",
        ],
        Name.DUE_SOON_NOTE: [
            f"{_rows('DueSoon', 'Milestone')}={coming(next_meeting)}",
            f"{coming(next_meeting, 'DueSoon', 'Due')}={coming(next_meeting)}",
        ],
        Name.MOVEMENT_NOTE: [f"{_rows('Movement', 'Ref')}={formulas.actions()}"],
        Name.EVIDENCE_NOTE: [
            f"{_rows('Evidence', 'Ref')}={filled('Plan', 'Evidence of impact')}",
            f"{filled('Evidence', 'Evidence of impact')}={filled('Plan', 'Evidence of impact')}",
        ],
    }
    return {name: [_UNCHANGED, *counts.get(name, ())] for name in _LISTS}


def _rated_so(table: str, names: Sequence[str]) -> list[str]:
    each = [f"{said(table, 'RAG rating', name)}={rated(name)}" for name in names]
    return [f"{_rows(table, 'Ref')}={sum_of([rated(name) for name in names])}", *each]


def _rows(table: str, header: str) -> str:
    return f"COUNTA({column(table, header)})"


def lists_check(conditions: Sequence[str]) -> Formula:
    """Whether every list still says what the Plan and Milestones tabs say."""
    return Formula(_checked(conditions, quoted(CHECKED)), CHECKED)


def _checked(conditions: Sequence[str], otherwise: str) -> str:
    return f"IF(AND({','.join(conditions) or 'TRUE'}),{otherwise},{quoted(OUT_OF_DATE)})"


def list_notes(plan: Plan, found: Review, checks: Checks) -> Iterator[tuple[Name, Value]]:
    """The notes: the name of the cell, and what it says. One that is checked turns out of date by itself."""
    for name, sentence in _sentences(plan, found):
        conditions = checks.get(name, ())
        yield name, Formula(_checked(conditions, quoted(sentence)), sentence) if conditions else sentence


def _sentences(plan: Plan, found: Review) -> Iterator[tuple[Name, str]]:
    missed = found.in_state(State.MISSED)
    yield Name.EXCEPTIONS_NOTE, _rated(plan, len(found.exceptions), "off track or at risk", *_OFF)
    yield Name.WITHDRAWN_NOTE, _rated(plan, len(found.withdrawn), "no longer appropriate", Meaning.WITHDRAWN)
    yield Name.MISSED_NOTE, f"{_said(len(missed), 'milestone')} due and not complete."
    yield Name.DUE_SOON_NOTE, f"{_said(len(found.coming), 'milestone')} due by {found.horizon.words}."
    notes = {sheet.name: sheet.note for sheet in TRACKER_SHEETS}
    yield Name.BY_OFFICER_NOTE, notes["By officer"]
    yield Name.BY_ORGANISATION_NOTE, notes["By organisation"]
    yield Name.MOVEMENT_NOTE, _movement(found)
    moved = counted(len(found.moved), "thing has", "things have").capitalize()
    yield Name.MOVED_NOTE, f"{moved} moved since {found.since.words}."
    dates = counted(len(found.moved_dates), "milestone has", "milestones have").capitalize()
    yield (
        Name.MOVED_DATES_NOTE,
        f"{dates} another date than at first, or are proposed one. What is proposed but not approved does "
        "not count: the milestone is judged on the date before.",
    )
    yield (
        Name.EVIDENCE_NOTE,
        (
            f"{len(found.evidence)} of {counted(len(found.actions), 'action')} "
            f"{'has' if len(found.evidence) == 1 else 'have'} evidence of impact recorded."
        ),
    )
    yield Name.TIMELINE_NOTE, _timeline(found)
    points = _said(sum(one.count for one in found.quality), "point")
    yield (
        Name.QUALITY_NOTE,
        f"{points} to ask about. The tool never changes a rating.",
    )
    settle = " Choose in the Settle column, save, and merge again." if found.open_conflicts else ""
    yield Name.CONFLICTS_NOTE, f"{_said(found.open_conflicts, 'returned value')} to settle.{settle}"


def _rated(plan: Plan, count: int, what: str, *meanings: Meaning) -> str:
    """How many actions are rated so; a plan that has no rating for it does not tell."""
    if not plan.scheme.meaning(*meanings):
        return f"The plan has no rating for an action that is {what}."
    return f"{_said(count, 'action')} {what}."


def _movement(found: Review) -> str:
    since = f"{found.cycle.name}, as issued on {written(found.cycle.issued_on)}" if found.cycle else ""
    moves = [one.movement for one in found.movement]
    counts = {
        "improved": moves.count(Movement.IMPROVED),
        "worse": moves.count(Movement.WORSE),
        "new or changed": moves.count(Movement.NEW_RATING) + moves.count(Movement.CHANGED),
    }
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    follows = any(one.action.carried for one in found.movement)
    since = since or ("the year's start" if follows else "the plan as agreed")
    return f"Compared with {since}: {told or 'nothing has moved'}."


def _timeline(found: Review) -> str:
    known = sum(one.due is not None and one.state is not State.NOT_NEEDED for one in found.milestones)
    shown = len(dated(found))
    few = f"{shown} of the {known} milestones" if shown < known else counted(shown, "milestone").capitalize()
    return f"{few} with a date, the earliest first."


def _said(count: int, what: str) -> str:
    return counted(count, f"{what} is", f"{what}s are").capitalize()
