"""Writing the summary tabs: figures as live formulas with the review's counts as their cached values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lscb_workbook.board import figures, formulas, lists
from lscb_workbook.board.fingerprint import changed, parts
from lscb_workbook.board.masters import Row, fits, put, show
from lscb_workbook.board.notes import list_checks, list_notes, lists_check
from lscb_workbook.board.timeline import frame_timeline, timeline_rows
from lscb_workbook.ooxml import Formula, Value, Workbook
from lscb_workbook.plan.records import Plan
from lscb_workbook.review import Review, State
from lscb_workbook.review.wording import written
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.layout import TRACKER_SHEETS, TRACKER_TABLES
from lscb_workbook.tracker.lists import NAMED, Filled

__all__ = ["write_summaries"]


def write_summaries(book: Workbook, plan: Plan, found: Review, *, rows: Mapping[str, int]) -> Filled:
    """Write every tab that the review makes, and the as-at day; the rows that its tables then have. ``rows``
    gives the sheet row of each action and milestone; actions that it has not stand in the plan's order.

    A master of an earlier version is written as far as it has the tabs.
    """
    book.set_name(Name.AS_AT, found.as_at)
    cells: dict[str, Value] = {Name.NEXT_MEETING: Formula(formulas.NEXT_MEETING, found.horizon.until)}
    next_meeting = Name.NEXT_MEETING if book.place(Name.NEXT_MEETING) else formulas.NEXT_MEETING
    _states(book, found, rows)
    filled: dict[str, Sequence[Row]] = {}
    for table, shown in (
        ("ByPriority", figures.priority_rows(plan, found)),
        ("Exceptions", lists.exception_rows(plan, found)),
        ("Missed", lists.missed_rows(plan, found)),
        ("DueSoon", lists.due_soon_rows(plan, found)),
        ("Withdrawn", lists.withdrawn_rows(plan, found)),
        ("ByOfficer", figures.officer_rows(plan, found)),
        ("ByOrganisation", figures.organisation_rows(plan, found)),
        ("Movement", lists.movement_rows(plan, found)),
        ("Moved", lists.moved_rows(plan, found)),
        ("MovedDates", lists.moved_date_rows(plan, found)),
        ("Evidence", lists.evidence_rows(plan, found)),
        ("Trend", figures.trend_rows(plan, found)),
        ("Timeline", timeline_rows(found, plan.year)),
        ("Quality", figures.quality_rows(found)),
        ("Figures", figures.cover_rows(plan, found, next_meeting)),
        ("CoverKey", figures.key_rows(plan.scheme)),
    ):
        filled |= show(book, table, shown, plan.scheme.names)
    frame_timeline(book, found, plan.year)
    cells[Name.HEADLINE] = Formula(formulas.headline(plan.scheme), found.headline)
    known = [one for one in parts(book, plan, found, next_meeting, rows) if fits(book, one.formula)]
    cells[Name.LISTS_CHANGED] = Formula(changed(known), 0)
    cells |= _notes(book, plan, found, next_meeting)
    for name, value in cells.items():
        put(book, Name(name), value)
    for sheet in TRACKER_SHEETS:
        if not sheet.hidden and sheet.name in book.sheet_names:
            book.set_footer(sheet.name, f"{plan.board}: {plan.title}, as at {written(found.as_at)}")
    return {**filled, NAMED: [{**cells, Name.AS_AT: found.as_at}]}


def _states(book: Workbook, found: Review, rows: Mapping[str, int]) -> None:
    """The calculated columns of the Milestones tab, with what the review says as their cached values."""
    table = TRACKER_TABLES["Milestones"]
    for one in found.milestones:
        days = one.days_late if one.state in (State.MISSED, State.COMPLETE_LATE) else 0
        shown: dict[str, str | int | date] = {
            "counts": one.due or "",
            "state": formulas.words(one.state),
            "days_late": days,
        }
        for column in table.columns:
            if column.formula:
                value = Formula(column.formula, shown[column.key])
                book.set_cell(table.name, rows[one.milestone.id], column.header, value)


def _notes(book: Workbook, plan: Plan, found: Review, next_meeting: str) -> Iterator[tuple[Name, Value]]:
    """The notes of the lists, and on the Cover whether all of them are up to date."""
    checks = {
        name: [condition for condition in conditions if fits(book, condition)]
        for name, conditions in list_checks(plan, next_meeting).items()
    }
    unique = dict.fromkeys(one for conditions in checks.values() for one in conditions)
    yield from list_notes(plan, found, checks)
    yield Name.LISTS_CHECK, lists_check(tuple(unique))
