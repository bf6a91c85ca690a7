"""Writing the summary tabs: figures as live formulas with the review's counts as their cached values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lscb_workbook.board import formulas
from lscb_workbook.ooxml import Formula, Value, Workbook
from lscb_workbook.plan.records import Meaning, Plan
from lscb_workbook.review import MilestoneState, PriorityFigures, RatingCounts, Review, State
from lscb_workbook.review.wording import counted, written
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.filling import fill
from lscb_workbook.tracker.layout import TRACKER_SHEETS, TRACKER_TABLES

__all__ = ["write_summaries"]

Row = Mapping[str, Value]


def write_summaries(book: Workbook, plan: Plan, found: Review, *, rows: Mapping[str, int]) -> None:
    """Write every tab that the review makes, and the as-at day. ``rows`` gives each milestone's sheet row."""
    _states(book, found, rows)
    fill(book, "ByPriority", [_priority(plan, one) for one in found.priorities])
    fill(book, "Exceptions", _exceptions(plan, found))
    fill(book, "Missed", [_missed(plan, found, one) for one in found.in_state(State.MISSED)])
    fill(book, "DueSoon", [_due_soon(plan, one) for one in found.in_state(State.DUE_SOON)])
    fill(book, "ByOfficer", _officers(plan, found))
    fill(book, "Movement", _movement(plan, found))
    _cover(book, plan, found)
    for sheet in TRACKER_SHEETS:
        if not sheet.hidden and sheet.name in book.sheet_names:
            book.set_footer(sheet.name, f"{plan.board}: {plan.title}, as at {written(found.as_at)}")


def _states(book: Workbook, found: Review, rows: Mapping[str, int]) -> None:
    """The calculated columns of the Milestones tab, with what the review says as their cached values."""
    table = TRACKER_TABLES["Milestones"]
    for one in found.milestones:
        days = one.days_late if one.state in (State.MISSED, State.COMPLETE_LATE) else 0
        shown: dict[str, str | int | date] = {
            "counts": one.due or "",
            "state": _words(one.state),
            "days_late": days,
        }
        for column in table.columns:
            if column.formula:
                value = Formula(column.formula, shown[column.key])
                book.set_cell(table.name, rows[one.milestone.id], column.header, value)


def _words(state: State) -> str:
    return state.value.replace("_", " ").capitalize()


# --- figures ---------------------------------------------------------------------------------


def _priority(plan: Plan, one: PriorityFigures) -> Row:
    number = one.priority.number if one.priority else None
    names = plan.scheme.names
    milestones = one.milestones
    met = (_words(State.COMPLETE), _words(State.COMPLETE_LATE))
    missed = _words(State.MISSED)
    others = [_words(state) for state in State if not state.closed and state is not State.MISSED]
    return {
        "Priority": "All" if number is None else number,
        "Title": one.priority.title if one.priority else "All priorities",
        "Actions": Formula(formulas.actions_of_priority(number), one.ratings.total),
        **_ratings(
            one.ratings,
            {name: formulas.rated_of_priority(number, name) for name in names},
            formulas.without("ByPriority", "Actions", names),
        ),
        **{f"{name} %": Formula(formulas.share_of_actions(name), one.ratings.share(name)) for name in names},
        "Milestones": Formula(formulas.milestones_of_priority(number), milestones.total),
        "Met": Formula(formulas.milestones_of_priority(number, *met), milestones.met),
        "Missed": Formula(formulas.milestones_of_priority(number, missed), milestones.missed),
        "Still to come": Formula(formulas.milestones_of_priority(number, *others), milestones.still_to_come),
    }


def _ratings(counts: RatingCounts, by_name: Mapping[str, str], rest: str) -> Row:
    found = {name: Formula(formula, counts.by_status[name]) for name, formula in by_name.items()}
    return found | {"Not rated": Formula(rest, counts.not_rated)}


def _officers(plan: Plan, found: Review) -> list[Row]:
    names = plan.scheme.names
    return [
        {
            "Lead officer": one.officer.title,
            "Actions": Formula(formulas.actions_of_officer(), one.ratings.total),
            **_ratings(
                one.ratings,
                {name: formulas.rated_of_officer(name) for name in names},
                formulas.without("ByOfficer", "Actions", names),
            ),
            "Milestones missed": Formula(
                formulas.milestones_of_officer(_words(State.MISSED)), one.milestones.missed
            ),
            "Milestones due soon": Formula(
                formulas.milestones_of_officer(_words(State.DUE_SOON)), one.milestones.due_soon
            ),
            "Return": one.returned.value,
            "Returned on": one.returned_on,
        }
        for one in found.officers
    ]


def _cover(book: Workbook, plan: Plan, found: Review) -> None:
    everything = found.priorities[0]
    figures: list[tuple[str, Formula]] = [("Actions", Formula("COUNTA(Plan[Ref])", everything.ratings.total))]
    for name in plan.scheme.names:
        figures.append((f"Rated {name}", Formula(formulas.rated(name), everything.ratings.by_status[name])))
    figures.append(("Milestones", Formula("COUNTA(Milestones[Milestone])", everything.milestones.total)))
    for state, count in everything.milestones.by_state.items():
        words = _words(state)
        figures.append((f"Milestones: {words.lower()}", Formula(formulas.milestones_in_state(words), count)))
    silent = Formula(
        'COUNTIFS(ByOfficer[Return],"Not returned")',
        sum(o.returned.value == "Not returned" for o in found.officers),
    )
    figures.append(("Officers who have not returned", silent))
    conflicts = found.summary["open_conflicts"]
    assert isinstance(conflicts, int)
    figures.append(("Conflicts to settle", Formula("COUNTA(Conflicts[Ref])", conflicts)))
    fill(book, "Figures", [{"Headline figures": what, "Number": figure} for what, figure in figures])
    book.set_name(Name.AS_AT, found.as_at)
    counts = ", ".join(f"{everything.ratings.by_status[name]} {name}" for name in plan.scheme.names)
    total, missed = everything.ratings.total, everything.milestones.missed
    sentence = f"{total} {'action' if total == 1 else 'actions'}: {counts}; "
    sentence += f"{missed} {'milestone' if missed == 1 else 'milestones'} missed."
    book.set_name(Name.HEADLINE, Formula(formulas.headline_formula(plan.scheme), sentence))
    off = (Meaning.OFF_TRACK, Meaning.AT_RISK)
    exceptions = tuple(status.name for status in plan.scheme.statuses if status.meaning in off)
    book.set_name(Name.LISTS_CHECK, Formula(formulas.lists_check(exceptions), "as on the Plan tab"))
    _notes(book, found)


def _notes(book: Workbook, found: Review) -> None:
    """What each list tab says of itself, so that an empty one is not taken for an unfinished one."""
    missed, soon = found.in_state(State.MISSED), found.in_state(State.DUE_SOON)
    since = f"{found.cycle.name}, as issued on {written(found.cycle.issued_on)}" if found.cycle else ""
    moved = sum(one.before != one.now for one in found.movement)
    book.set_name(Name.EXCEPTIONS_NOTE, f"{_said(len(found.exceptions), 'action')} off track or at risk.")
    book.set_name(Name.MISSED_NOTE, f"{_said(len(missed), 'milestone')} due and not complete.")
    book.set_name(
        Name.DUE_SOON_NOTE, f"{_said(len(soon), 'milestone')} due within the days stated on the Cover."
    )
    changes = f"{counted(moved, 'rating')} changed".capitalize()
    book.set_name(Name.MOVEMENT_NOTE, f"Compared with {since or 'the plan as agreed'}. {changes}.")
    waiting = found.summary["open_conflicts"]
    assert isinstance(waiting, int)
    settle = " Choose in the Settle column, save, and merge again." if waiting else ""
    book.set_name(Name.CONFLICTS_NOTE, f"{_said(waiting, 'returned value')} to settle.{settle}")


def _said(count: int, what: str) -> str:
    return counted(count, f"{what} is", f"{what}s are").capitalize()


# --- lists -----------------------------------------------------------------------------------


def _exceptions(plan: Plan, found: Review) -> list[Row]:
    rows: list[Row] = []
    for view in found.exceptions:
        waiting = [state for state in view.milestones if not state.state.closed]
        following = min(waiting, key=lambda state: state.due or date.max, default=None)
        rows.append(
            {
                "Ref": view.action.ref,
                "Action": view.action.text,
                "Lead officer": plan.titles(view.action.leads),
                "RAG rating": view.update.rating,
                "Commentary": view.update.commentary or None,
                "Next milestone": following.milestone.text if following else None,
                "Due": following.due if following else None,
            }
        )
    return rows


def _missed(plan: Plan, found: Review, one: MilestoneState) -> Row:
    return {
        "Milestone": one.milestone.id,
        "Milestone as written": one.milestone.text,
        "Lead officer": plan.titles(one.milestone.leads),
        "Due": one.due,
        "Days late": one.days_late,
        "Status": one.update.status or None,
        "Revised date proposed": one.revised,
        "RAG rating of the action": found.ratings[one.milestone.ref] or None,
        "Note": one.update.note or None,
    }


def _due_soon(plan: Plan, one: MilestoneState) -> Row:
    return {
        "Milestone": one.milestone.id,
        "Milestone as written": one.milestone.text,
        "Lead officer": plan.titles(one.milestone.leads),
        "Due": one.due,
        "Status": one.update.status or None,
        "Note": one.update.note or None,
    }


def _movement(plan: Plan, found: Review) -> Sequence[Row]:
    return [
        {
            "Ref": one.action.ref,
            "Action": one.action.text,
            "Lead officer": plan.titles(one.action.leads),
            "Rating before": one.before or None,
            "Rating now": one.now or None,
            "Movement": one.movement.value,
            "Commentary": one.commentary or None,
            "From": _source(plan, one.source.officer, one.source.file) if one.source else None,
        }
        for one in found.movement
    ]


def _source(plan: Plan, officer: str, file: str) -> str:
    name = file.replace("\\", "/").rpartition("/")[2]
    known = {one.key: one.title for one in plan.officers}
    return f"{known.get(officer, officer)}\n{name}" if officer else "Entered in the tracker"
