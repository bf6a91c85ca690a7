"""A plan out of a file, and a new master out of a plan."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.board import write_summaries
from lscb_workbook.merge import initial_history
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
from lscb_workbook.plan.records import Cell, Entries, Field, Finding, Plan
from lscb_workbook.results import NewResult
from lscb_workbook.review import review as review_plan
from lscb_workbook.steps.masters import in_plain_words, opened_workbook, verify
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.saving import refuse_long_name, save_new

if TYPE_CHECKING:
    pass

__all__ = ["new", "plan"]


def plan(source: Path | None = None, output: Path | None = None) -> tuple[Plan, tuple[Finding, ...]]:
    """A plan from a TOML file, or the plan the product ships with, and what is uncertain in it.

    With ``output`` it is written there as TOML, to be edited. Raises WorkbookError naming every
    problem in the file.
    """
    if source is None:
        agreed = default_plan()
        findings = plan_findings(agreed)
    else:
        agreed, findings = read_plan(source)
    if output:
        save_new(output, write_plan(agreed).encode(), what="the plan")
    return agreed, findings


@in_plain_words
def new(
    source: Path | None, output: Path, *, as_at: date | None = None, template: Path | None = None
) -> NewResult:
    """Make a master tracker from a plan.

    ``as_at`` is the day the tracker stands at (default: the first day of the plan year); ``template``
    a restyled ``workbook_template.xlsx``. Raises WorkbookError where the plan is wrong or ``output``
    is there already or cannot be written.
    """
    refuse_long_name(output)
    agreed, findings = plan(source)
    day = as_at or agreed.year.first
    entries: Entries = {
        Cell(action.ref, "", Field.RATING): action.rating for action in agreed.actions if action.rating
    }
    path = template or writing.template_path()
    book = opened_workbook(path, read_bytes(path, "the template"))
    key = secrets.token_hex(32)
    writing.fill_new(book, agreed, entries, tracker_id=str(uuid.uuid4()), key=key)
    changes = initial_history(entries, day)
    writing.append_history(book, agreed, changes)
    found = review_plan(agreed, entries, history=changes, as_at=day)
    writing.write_checks(book, (*found.findings, *findings))
    write_summaries(book, agreed, found, rows=_milestone_rows(book, agreed))
    data = book.to_bytes()
    verify(data, agreed, entries, changes)
    save_new(output, data, what="the new tracker")
    return NewResult(output, agreed, findings)


def _milestone_rows(book: Workbook, agreed: Plan) -> dict[str, int]:
    """The worksheet row of each milestone of a plan that was just filled in."""
    first = book.tables["Milestones"].first_row
    return {milestone.id: row for row, milestone in enumerate(agreed.milestones, start=first)}
