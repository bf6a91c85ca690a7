"""Filling a tracker: the empty template for a new year, and an existing master after a merge.

Both are the same act through ``ooxml``: set cells and fill tables of a workbook that exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Change, Conflict, Cycle, Entries, Finding, Issued, Plan
from lscb_workbook.tracker import agreed, lists, plan_rows, record_rows
from lscb_workbook.tracker.by_hand import AsTyped
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.earlier import Archived, Earlier, archive_rows, earlier_settings
from lscb_workbook.tracker.filling import fill, remark_findings, remarks_left_by
from lscb_workbook.tracker.layout import FIELD_HEADERS, SCHEMA, TRACKER_SHEETS, TRACKER_TABLES, tables_for
from lscb_workbook.tracker.lists import Filled, Overtyped
from lscb_workbook.tracker.plan_rows import entry_value
from lscb_workbook.tracker.state import Tracker
from lscb_workbook.tracker.unread import hidden_formula, hides

__all__ = [
    "append_history",
    "append_marks",
    "fill_new",
    "set_right",
    "template_path",
    "write_agreed",
    "write_checks",
    "write_conflicts",
    "write_cycle_name",
    "write_cycles",
    "write_due_dates",
    "write_entries",
    "write_history_count",
    "write_issued",
    "write_leads",
    "write_settings",
]

_TEMPLATE = "workbook_template.xlsx"
_NOTHING: Filled = {}


def template_path() -> Path:
    """Where the template is: at the top of the checkout, or installed with the package."""
    beside = Path(__file__).resolve().parents[2] / _TEMPLATE
    if beside.is_file():
        return beside
    try:
        files = distribution("lscb-workbook").files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.name == _TEMPLATE and Path(str(file.locate())).is_file():
            return Path(str(file.locate())).resolve()
    raise WorkbookError(f"{_TEMPLATE} is missing from the installation. Install lscb-workbook again.")


def fill_new(
    book: Workbook,
    plan: Plan,
    entries: Entries,
    *,
    tracker_id: str,
    key: str,
    archive: Sequence[Archived] = (),
    earlier: Sequence[Earlier] = (),
    changes: int = 0,
) -> None:
    """Fill an empty template with a plan. ``key`` signs copies (hexadecimal); ``earlier`` are the trackers
    that it follows, ``archive`` what became of their actions and milestones; ``changes`` is how many its
    History will begin with.

    Raises WorkbookError where the template has no place for these, or where its summary tabs have no column
    for one of the plan's ratings.
    """
    _refuse_unlike(book, plan.scheme.names)
    if archive:
        _refuse_without_earlier(book)
        fill(book, "Archive", archive_rows(archive))
    actions, milestones = plan_rows.action_rows(plan, entries), plan_rows.milestone_rows(plan, entries)
    fill(book, "Plan", actions)
    fill(book, "Milestones", milestones)
    fill(book, "Priorities", plan_rows.priority_rows(plan))
    fill(book, "Officers", plan_rows.officer_rows(plan))
    fill(book, "Meetings", plan_rows.meeting_rows(plan))
    fill(book, "Events", plan_rows.event_rows(plan))
    fill(book, "RagKey", plan_rows.rag_rows(plan.scheme))
    known = [sheet for sheet in TRACKER_SHEETS if sheet.about and sheet.name in book.sheet_names]
    tabs = [{"tab": sheet.name, "about": sheet.about} for sheet in known]
    fill(book, "Tabs", [TRACKER_TABLES["Tabs"].line(tab) for tab in tabs[1:]])
    words = agreed.words_in("Plan", actions) | agreed.words_in("Milestones", milestones)
    settings = {"tracker": tracker_id, "schema": str(SCHEMA), "key": key} | earlier_settings(earlier)
    _write_settings(book, settings | record_rows.history_setting(changes) | agreed.hidden(words))
    for name, value in (
        (Name.BOARD, plan.board),
        (Name.PLAN_TITLE, plan.title),
        (Name.CHAIR, plan.chair or None),
        (Name.YEAR_FIRST, plan.year.first),
        (Name.YEAR_LAST, plan.year.last),
    ):
        book.set_name(name, value)


def _refuse_unlike(book: Workbook, ratings: tuple[str, ...]) -> None:
    for name, table in tables_for(ratings).items():
        drawn = book.tables[name].columns if name in book.tables else ()
        for rating in ratings:
            if drawn and f"count {rating}" in table.keys and table.header(f"count {rating}") not in drawn:
                raise WorkbookError(
                    f"The template has no column for the rating '{rating}' on its tab "
                    f"'{book.tables[name].sheet}': it was made for other ratings than the plan's. Leave out "
                    "--template, and restyle the new tracker itself in Excel."
                )


def _refuse_without_earlier(book: Workbook) -> None:
    header = TRACKER_TABLES["Plan"].header("carried")
    if "Archive" not in book.tables or any(
        header not in book.tables[table].columns for table in ("Plan", "Milestones")
    ):
        raise WorkbookError(
            "The template is of an earlier version: it has no tab "
            f"'{TRACKER_TABLES['Archive'].sheet}', or no column '{header}' on its tabs Plan and Milestones. "
            "Leave out --template, or restyle the one that comes with this version."
        )


def write_entries(book: Workbook, tracker: Tracker, entries: Entries) -> None:
    """Write the entries that are not what the tracker holds, each into its own cell; touch no other.

    Raises WorkbookError where a cell that reads as blank holds a formula or an error value: what the manager
    put there would be lost.
    """
    for cell in sorted(entries.keys() | tracker.entries.keys()):
        text = entries.get(cell, "")
        if text != tracker.entry(cell):
            table = "Milestones" if cell.milestone else "Plan"
            row, column = tracker.rows[cell.milestone or cell.ref], FIELD_HEADERS[cell.field]
            if hidden := hidden_formula(book, tracker, cell):
                raise hides(book, cell, hidden, "something else is to be written there")
            book.set_cell(table, row, column, entry_value(cell.field, text))


def set_right(book: Workbook, tracker: Tracker) -> None:
    """Write each entry that its cell does not hold to the letter, so that formulas read what a review reads.

    A formula is left as it is.
    """
    for cell in sorted(tracker.amiss):
        table = "Milestones" if cell.milestone else "Plan"
        row, column = tracker.rows[cell.milestone or cell.ref], FIELD_HEADERS[cell.field]
        if not book.formula_or_error(table, row, column):
            book.set_cell(table, row, column, entry_value(cell.field, tracker.entry(cell)))
    for one in tracker.amiss_days:
        if not book.formula_or_error(one.table, one.row, one.header):
            book.set_cell(one.table, one.row, one.header, one.day)


def write_agreed(book: Workbook, tracker: Tracker) -> None:
    """Put back what was typed over the plan's own words, and set right what was typed otherwise than it is
    read."""
    set_right(book, tracker)
    agreed.put_back(book, tracker.typed)


def write_settings(book: Workbook, tracker: Tracker, filled: Filled) -> None:
    """Note on the hidden sheet the plan's own words as they now stand, how much History the tracker has, and
    what was written into its lists."""
    words = agreed.dated(tracker.words, tracker.plan)
    same = words == agreed.kept_in(tracker.settings)
    _note(book, tracker, filled, len(tracker.history), {} if same else agreed.hidden(words))


def write_history_count(book: Workbook, tracker: Tracker, added: int, filled: Filled) -> None:
    """Note on the hidden sheet how many changes History has with those added, for a step that tells of none
    that were lost: they count on; and what was written into lists."""
    count = max(record_rows.history_noted(tracker.settings), len(tracker.history)) + added
    _note(book, tracker, filled, count, {})


def _note(book: Workbook, tracker: Tracker, filled: Filled, changes: int, words: Mapping[str, str]) -> None:
    """Write the hidden sheet; ``words`` are the plan's, as its rows, where they are not what stands there."""
    kept = lists.replaced(tracker.overtyped, filled)[1]
    rest = {name: value for name, value in tracker.settings.items() if not lists.is_mark(name)}
    if words:
        rest = {name: value for name, value in rest.items() if not agreed.is_word(name)}
    count = record_rows.history_setting(changes)
    now = {**rest, **count, **words, **lists.marks(tracker.settings, filled, kept)}
    if now != tracker.settings:
        _write_settings(book, now)


def append_marks(book: Workbook, filled: Filled) -> None:
    """Note on the hidden sheet of a new tracker what was written into its lists."""
    book.append("Lscb", [{"Key": name, "Value": value} for name, value in lists.marks({}, filled).items()])


def _write_settings(book: Workbook, settings: Mapping[str, str]) -> None:
    book.fill("Lscb", [{"Key": name, "Value": value} for name, value in settings.items()])


def write_due_dates(book: Workbook, tracker: Tracker) -> None:
    """Write each milestone's due date as the Calendar now gives it."""
    header = TRACKER_TABLES["Milestones"].header("due")
    for milestone in tracker.plan.milestones:
        due: date | None = due_on(milestone.due, tracker.plan.meetings, tracker.plan.events)
        book.set_cell("Milestones", tracker.rows[milestone.id], header, due)


def write_leads(book: Workbook, tracker: Tracker) -> None:
    """Write each row's lead officers, and their organisations, as the Officers tab now calls them; the
    formulas go by what they are called. A formula that says who leads is left as it is."""
    plan = tracker.plan
    leads = [("Plan", action.ref, action.leads) for action in plan.actions]
    leads += [("Milestones", milestone.id, milestone.leads) for milestone in plan.milestones]
    for table, name, keys in leads:
        header, organisations = map(TRACKER_TABLES[table].header, ("leads", "organisations"))
        if not book.formula_or_error(table, tracker.rows[name], header):
            book.set_cell(table, tracker.rows[name], header, plan.titles(keys))
        if organisations in book.tables[table].columns:
            value = plan_rows.organisations(plan, keys) or None
            book.set_cell(table, tracker.rows[name], organisations, value)


def append_history(book: Workbook, plan: Plan, changes: Sequence[Change]) -> None:
    if changes:
        book.append("History", record_rows.change_rows(plan, changes))


def write_conflicts(book: Workbook, plan: Plan, conflicts: Sequence[Conflict]) -> Filled:
    """Write the conflicts; the rows that they are."""
    rows = record_rows.conflict_rows(plan, conflicts)
    fill(book, "Conflicts", rows)
    return {"Conflicts": rows}


def write_checks(
    book: Workbook, findings: Sequence[Finding], typed: Sequence[Overtyped] = (), filled: Filled = _NOTHING
) -> tuple[tuple[Finding, ...], Filled]:
    """Write the findings, and what became of the manager's remarks, and of what she typed into lists, as the
    tables were filled (``filled``): all of them, and the rows that they are."""
    rows = record_rows.check_rows(findings)
    left = (*book.left, *remarks_left_by(book, "Checks", rows))
    gone = lists.replaced(typed, {**filled, "Checks": rows})[0]
    said = (*findings, *remark_findings(left), *lists.overtyped_findings(gone))
    rows = record_rows.check_rows(said)
    fill(book, "Checks", rows)
    return said, {"Checks": rows}


def write_issued(
    book: Workbook, plan: Plan, issued: Sequence[Issued], typed: Sequence[AsTyped] = ()
) -> Filled:
    """Write what was issued and came back, with what was ``typed`` there; the rows that it is."""
    rows = record_rows.issued_rows(plan, issued, typed)
    fill(book, "Returns", rows)
    return {"Returns": rows}


def write_cycles(book: Workbook, cycles: Sequence[Cycle], typed: Sequence[AsTyped] = ()) -> Filled:
    """Write the cycles, with what was ``typed`` there; the rows that they are."""
    rows = record_rows.cycle_rows(cycles, typed)
    fill(book, "Cycles", rows)
    return {"Cycles": rows}


def write_cycle_name(book: Workbook, cycles: Sequence[Cycle]) -> None:
    """Write the name of the last cycle on the Cover."""
    if cycles:
        book.set_name(Name.CYCLE, cycles[-1].name)
