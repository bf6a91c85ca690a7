"""Cells that people fill in and that read as blank, though a formula or an error value stands in them."""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.ooxml import Workbook, address
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import Cell, Finding
from lscb_workbook.tracker.layout import FIELD_HEADERS, TRACKER_TABLES
from lscb_workbook.tracker.state import Tracker

__all__ = ["hidden_formula", "hides", "refuse_hidden", "unread_findings"]


_LEADS = TRACKER_TABLES["Plan"].header("leads")
"""The heading that the Milestones tab has too."""


def hidden_formula(book: Workbook, tracker: Tracker, cell: Cell) -> str | None:
    """The address of a cell that reads as blank and holds a formula or an error value; else None."""
    if tracker.entry(cell):
        return None
    row = tracker.rows.get(cell.milestone or cell.ref)
    if row is None or FIELD_HEADERS[cell.field] not in book.tables[_table(cell)].columns:
        return None
    return book.formula_or_error(_table(cell), row, FIELD_HEADERS[cell.field])


def refuse_hidden(book: Workbook, tracker: Tracker) -> None:
    """Raise WorkbookError where such a cell would make the tracker forget what History says stood there, or
    who leads an action or milestone."""
    for cell in sorted(entries_at(tracker.history).keys() - tracker.entries.keys()):
        if found := hidden_formula(book, tracker, cell):
            raise hides(book, cell, found, "what stood there before would count as wiped out")
    for table, name in _led_by_nobody(tracker):
        if found := book.formula_or_error(table, tracker.rows[name], _LEADS):
            raise _hides(book, table, _LEADS, name, found, "nobody would be known to lead it")


def hides(book: Workbook, cell: Cell, found: str, why: str) -> WorkbookError:
    """What stops a step at such a cell."""
    return _hides(book, _table(cell), FIELD_HEADERS[cell.field], cell.milestone or cell.ref, found, why)


def _hides(book: Workbook, table: str, column: str, name: str, found: str, why: str) -> WorkbookError:
    return WorkbookError(
        f"Cell {found} of the tab '{book.tables[table].sheet}' ({column} of {name}) holds a formula or an "
        f"error value and shows nothing that can be read, and {why}. Put what it is to say in its place, or "
        "empty it, save, and run the command again. Nothing was changed."
    )


def unread_findings(book: Workbook, tracker: Tracker) -> Iterator[Finding]:
    """A finding for each such cell: it counts as blank; and for each row that has no lead officer."""
    for table, names in (
        ("Plan", [(action.ref, "") for action in tracker.plan.actions]),
        ("Milestones", [(milestone.ref, milestone.id) for milestone in tracker.plan.milestones]),
    ):
        headers = {column.header for column in TRACKER_TABLES[table].columns}
        headers &= set(book.tables[table].columns)
        fields = [field for field, header in FIELD_HEADERS.items() if header in headers]
        for ref, milestone in names:
            for field in fields:
                cell = Cell(ref, milestone, field)
                if found := hidden_formula(book, tracker, cell):
                    yield finding(
                        "master-formula-unread",
                        sheet=book.tables[table].sheet,
                        ref=milestone or ref,
                        cell=found,
                        place=f"{book.tables[table].sheet} {found}",
                        column=FIELD_HEADERS[field],
                    )

    for table, name in _led_by_nobody(tracker):
        sheet = book.tables[table].sheet
        cell_of_lead = address(tracker.rows[name], book.tables[table].column(_LEADS))
        place = f"{sheet} {cell_of_lead}"
        yield finding("lead-blank", sheet=sheet, ref=name, cell=cell_of_lead, place=place, column=_LEADS)


def _led_by_nobody(tracker: Tracker) -> Iterator[tuple[str, str]]:
    """The table and name of each action and milestone without a lead officer."""
    yield from (("Plan", action.ref) for action in tracker.plan.actions if not action.leads)
    yield from (("Milestones", one.id) for one in tracker.plan.milestones if not one.leads)


def _table(cell: Cell) -> str:
    return "Milestones" if cell.milestone else "Plan"
