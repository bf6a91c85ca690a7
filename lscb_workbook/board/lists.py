"""The tabs that are lists: of actions, of milestones, of what has moved."""

from __future__ import annotations

from datetime import date

from lscb_workbook.board import formulas
from lscb_workbook.board.beginnings import beginning, live_beginning
from lscb_workbook.board.formulas import as_number, as_text, of_action, of_milestone, this
from lscb_workbook.board.masters import Row
from lscb_workbook.ooxml import Formula
from lscb_workbook.plan.records import DATE_FIELDS, Change, Field, Plan
from lscb_workbook.review import ActionView, MilestoneState, Movement, RatingMove, Review, State, rated_since
from lscb_workbook.review.moves import Move
from lscb_workbook.tracker.cells import date_of
from lscb_workbook.tracker.layout import FIELD_HEADERS
from lscb_workbook.tracker.plan_rows import course

__all__ = [
    "due_soon_rows",
    "evidence_rows",
    "exception_rows",
    "missed_rows",
    "moved_date_rows",
    "moved_rows",
    "movement_rows",
    "withdrawn_rows",
]

_BY_HAND = "Entered in the tracker"


# --- actions ---------------------------------------------------------------------------------


def exception_rows(plan: Plan, review: Review) -> list[Row]:
    rows: list[Row] = []
    for view in review.exceptions:
        waiting = [state for state in view.milestones if not state.state.closed]
        following = min(waiting, key=lambda state: state.due or date.max, default=None)
        since = rated_since(view)
        days = formulas.days_since(this("Exceptions", "Rated so since"))
        rows.append(
            {
                **_action("Exceptions", plan, view),
                "Commentary": _written("Exceptions", "Commentary", view.update.commentary),
                "Rated so since": since,
                "Days so": Formula(days, (review.as_at - since).days if since else ""),
                "Next milestone": following.milestone.text if following else None,
                "Due": following.due if following else None,
                "Asked of the board": _written("Exceptions", "Asked of the board", view.update.ask),
            }
        )
    return rows


def withdrawn_rows(plan: Plan, review: Review) -> list[Row]:
    return [
        {
            **_action("Withdrawn", plan, view),
            "Reason": _written("Withdrawn", "Reason", view.update.commentary, of="Commentary"),
            "Since": rated_since(view),
        }
        for view in review.withdrawn
    ]


def evidence_rows(plan: Plan, review: Review) -> list[Row]:
    return [
        {
            **_action("Evidence", plan, note.view),
            "Evidence of impact": _written("Evidence", "Evidence of impact", note.text),
            "Recorded on": note.source.when if note.source else None,
            "From": _origin(plan, note.source) if note.source else None,
        }
        for note in review.evidence
    ]


def _action(table: str, plan: Plan, view: ActionView) -> Row:
    return {
        "Ref": view.action.ref,
        "Action": view.action.text,
        "Lead officer": plan.titles(view.action.leads),
        "RAG rating": _rating(table, view),
    }


def _written(table: str, header: str, text: str, *, of: str = "") -> Formula:
    """What the Plan tab says of an action, under ``of`` (default: the same heading)."""
    return live_beginning(table, header, of_action(table, of or header), text, "Plan")


def _rating(table: str, view: ActionView) -> Formula:
    return Formula(formulas.rating_of_action(this(table, "Ref")), view.update.rating)


# --- milestones ------------------------------------------------------------------------------


def missed_rows(plan: Plan, review: Review) -> list[Row]:
    late = as_number(of_milestone("Missed", "Days late"))
    rating = formulas.rating_of_action(of_milestone("Missed", "Ref"))
    return [
        {
            **_milestone("Missed", plan, one),
            "Due": _counts("Missed", one),
            "Days late": Formula(late, one.days_late),
            "Status": one.update.status or None,
            "Revised date proposed": one.revised,
            "RAG rating of the action": Formula(rating, review.ratings[one.milestone.ref]),
            "Note": _note("Missed", one),
        }
        for one in review.in_state(State.MISSED)
    ]


def due_soon_rows(plan: Plan, review: Review) -> list[Row]:
    return [
        {
            **_milestone("DueSoon", plan, one),
            "Due": _counts("DueSoon", one),
            "Status": one.update.status or None,
            "Note": _note("DueSoon", one),
        }
        for one in review.coming
    ]


def moved_date_rows(plan: Plan, review: Review) -> list[Row]:
    table = "MovedDates"
    slipped = formulas.difference(this(table, "Date that counts"), this(table, "Original date"))
    approved = as_number(of_milestone(table, "Approved date"))
    return [
        {
            **_milestone(table, plan, one),
            "Original date": one.planned,
            "Each revision": beginning(table, "Each revision", _revisions(plan, one), "History") or None,
            "Times moved": one.times_moved,
            "Proposed and not approved": one.revised,
            "Approved date": Formula(approved, one.update.approved_date or ""),
            "Approved by": Formula(as_text(of_milestone(table, "Approved by")), one.update.approved_by),
            "Date that counts": _counts(table, one),
            "Days slipped": Formula(slipped, "" if one.slipped_days is None else one.slipped_days),
        }
        for one in review.moved_dates
    ]


def _milestone(table: str, plan: Plan, one: MilestoneState) -> Row:
    return {
        "Milestone": one.milestone.id,
        "Milestone as written": one.milestone.text,
        "Lead officer": plan.titles(one.milestone.leads),
        "State": Formula(as_text(of_milestone(table, "State")), formulas.words(one.state)),
    }


def _counts(table: str, one: MilestoneState) -> Formula:
    return Formula(as_number(of_milestone(table, "Date that counts")), one.due or "")


def _note(table: str, one: MilestoneState) -> str | None:
    return beginning(table, "Note", one.update.note, "Milestones") or None


def _revisions(plan: Plan, one: MilestoneState) -> str:
    return "\n".join(_told(plan, move) for move in one.moves)


def _told(plan: Plan, move: Move) -> str:
    """``proposed 01/12/2016 by Head of Research on 28/09/2016``."""
    if move.approved:
        what = f"approved {_day(move.after)}" if move.after else f"approval of {_day(move.before)} taken back"
        who = move.approved_by
    else:
        what = f"proposed {_day(move.after)}" if move.after else f"proposal of {_day(move.before)} taken back"
        who = _who(plan, move.officer) if move.officer else ""
    return f"{what}{f' by {who}' if who else ''} on {_day(move.when)}"


# --- what has moved --------------------------------------------------------------------------


def movement_rows(plan: Plan, review: Review) -> list[Row]:
    return [_moved(plan, one, view) for one, view in zip(review.movement, review.actions, strict=True)]


def _moved(plan: Plan, one: RatingMove, view: ActionView) -> Row:
    def way(before: str, movement: Movement) -> Formula:
        return Formula(formulas.moved_in_words(before), movement.value)

    return {
        "Ref": one.action.ref,
        "Action": one.action.text,
        "Lead officer": plan.titles(one.action.leads),
        "Rating at the year's start": one.at_start or None,
        "Rating before": one.before or None,
        "Rating now": _rating("Movement", view),
        "Movement": way("Course before", one.movement),
        "Movement over the year": way("Course at the start", one.over_year),
        "Commentary": _written("Movement", "Commentary", one.commentary),
        "From": _origin(plan, one.source) if one.source else None,
        "Course at the start": course(plan.scheme, one.at_start),
        "Course before": course(plan.scheme, one.before),
        "Course now": Formula(formulas.course_now(), course(plan.scheme, one.now)),
    }


def moved_rows(plan: Plan, review: Review) -> list[Row]:
    return [
        {
            "Ref": one.cell.ref,
            "Milestone": one.cell.milestone or None,
            "What": FIELD_HEADERS[one.cell.field],
            "From": _value(one.cell.field, one.before) or None,
            "To": _value(one.cell.field, one.now) or None,
            "Why": beginning("Moved", "Why", one.why, "History") or None,
            "Who": _who(plan, one.source.officer),
            "Recorded on": one.source.when,
            "File": _file(one.source) or None,
        }
        for one in review.moved
    ]


def _value(field: Field, text: str) -> str:
    day = date_of(text) if field in DATE_FIELDS else None
    return _day(day) if day else text


# --- where it comes from ---------------------------------------------------------------------


def _origin(plan: Plan, change: Change) -> str:
    """Who said it, on which day, and in which file; or that it was entered by hand, and when."""
    day = change.saved_at.date() if change.saved_at else change.when
    return "\n".join(filter(None, (_who(plan, change.officer), _day(day), _file(change))))


def _who(plan: Plan, officer: str) -> str:
    """The officer as addressed, the key itself of one who has left the plan, or the manager."""
    try:
        return plan.officer(officer).title
    except KeyError:
        return officer or _BY_HAND


def _file(change: Change) -> str:
    return change.file.replace("\\", "/").rpartition("/")[2]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
