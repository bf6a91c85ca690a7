"""A plan out of a file, and a new master out of a plan, out of last year's master, or out of both."""

from __future__ import annotations

import hashlib
import os
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from lscb_workbook.board import write_summaries
from lscb_workbook.merge import initial_history, open_findings
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Change, Entries, Field, Finding, Plan
from lscb_workbook.plan.rolling import next_year
from lscb_workbook.results import NewResult
from lscb_workbook.review import review as review_plan
from lscb_workbook.review.rolling import Rolled, first_day_of, roll
from lscb_workbook.review.wording import listed, written
from lscb_workbook.steps.masters import in_plain_words, opened_tracker, opened_workbook, verify
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.blanks import blank_tracker
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.earlier import of_the_managers_own
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.saving import Held, held, refuse_long_name, refuse_other_ending, save_new
from lscb_workbook.tracker.state import Tracker

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
    source: Path | None,
    output: Path,
    *,
    as_at: date | None = None,
    template: Path | None = None,
    previous: Path | None = None,
    first_day: date | None = None,
    tell: Tell | None = None,
) -> NewResult:
    """Make a master tracker from a plan, or from last year's tracker, or both.

    ``as_at`` is the day the tracker stands at (default: the first day of the plan year); ``template``
    a restyled ``workbook_template.xlsx``. ``previous`` is the tracker of the year before: what is unfinished
    in it goes on in the new one, below what the plan of ``source`` has, or alone; it is only read, and
    ``tell`` is told where another run on it must be waited for. ``first_day`` is that of the new plan year
    where no plan says it (default: the day after the old one's last). Raises WorkbookError where the plan is
    wrong, where ``previous`` is no tracker or the days do not fit it, or where ``output`` is there already or
    cannot be written.
    """
    refuse_long_name(output)
    refuse_other_ending(output, ".xlsx", *([template.suffix.casefold()] if template else []))
    if previous is None:
        if first_day:
            raise WorkbookError(
                "--first-day goes with --from, the tracker of the year before. A plan file says itself when "
                "its year begins."
            )
        agreed, findings = plan(source)
        entries: Entries = {
            Cell(action.ref, "", Field.RATING): action.rating for action in agreed.actions if action.rating
        }
        day = as_at or agreed.year.first
        begun = _Begun(agreed, entries, initial_history(entries, day), findings)
        return NewResult(output, agreed, _written(output, begun, day, template))
    with held(previous, tell=tell, to_read=not _can_be_written(previous)) as file:
        tracker, sheets = opened_tracker(file)
    rolled, day = _rolled(tracker, file, source, as_at, first_day)
    if own := of_the_managers_own(sheets):
        left = finding("carried-not-own", before=previous.name, what=listed(own, "and"))
        rolled = replace(rolled, findings=(*rolled.findings, left))
    begun = _Begun(rolled.plan, rolled.entries, rolled.history, plan_findings(rolled.plan), tracker, rolled)
    return NewResult(output, rolled.plan, _written(output, begun, day, template), rolled)


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a new tracker begins with; ``before`` is the one of the year before, if it follows one."""

    plan: Plan
    entries: Entries
    history: Sequence[Change]
    findings: Sequence[Finding]
    before: Tracker | None = None
    rolled: Rolled | None = None


def _written(output: Path, begun: _Begun, day: date, template: Path | None) -> tuple[Finding, ...]:
    """Write a new tracker; what a person must know of its plan and of what it took over."""
    agreed, rolled = begun.plan, begun.rolled
    blank = read_bytes(template, "the template") if template else blank_tracker(agreed.scheme)
    book = opened_workbook(template or writing.template_path(), blank)
    writing.fill_new(
        book,
        agreed,
        begun.entries,
        tracker_id=str(uuid.uuid4()),
        key=secrets.token_hex(32),
        archive=rolled.archive if rolled else (),
        earlier=rolled.earlier if rolled else (),
        changes=len(begun.history),
    )
    writing.append_history(book, agreed, begun.history)
    conflicts = rolled.conflicts if rolled else ()
    review = partial(
        review_plan, agreed, begun.entries, history=begun.history, conflicts=conflicts, as_at=day
    )
    if begun.before:
        book.set_name(Name.DUE_SOON_DAYS, begun.before.due_soon_days)
        found = review(due_soon_days=begun.before.due_soon_days)
    else:
        found = review()
    told = (*rolled.findings, *open_findings(conflicts)) if rolled else ()
    filled = writing.write_conflicts(book, agreed, conflicts) if conflicts else {}
    _, checks = writing.write_checks(book, (*told, *found.findings, *begun.findings))
    shown = write_summaries(book, agreed, found, rows=_milestone_rows(book, agreed))
    writing.append_marks(book, {**filled, **checks, **shown})
    data = book.to_bytes()
    verify(data, agreed, begun.entries, begun.history)
    save_new(output, data, what="the new tracker")
    return (*told, *begun.findings)


def _rolled(
    tracker: Tracker, file: Held, source: Path | None, as_at: date | None, first_day: date | None
) -> tuple[Rolled, date]:
    """What goes on of a tracker, and the day the new one stands at."""
    old = tracker.plan.year
    agreed = plan(source)[0] if source else None
    if agreed and first_day:
        raise WorkbookError(
            f"{source} says itself that its year begins on {written(agreed.year.first)}. Leave out "
            "--first-day."
        )
    year = agreed.year if agreed else next_year(old, first_day)
    if year.first <= old.first:
        raise WorkbookError(
            f"The new plan year would begin on {written(year.first)}, and that of {file.path} began on "
            f"{written(old.first)}. Give a later year: in the plan file, or with --first-day."
        )
    begins = first_day_of(tracker, year)
    if as_at and as_at < begins:
        raise WorkbookError(
            f"The new tracker cannot stand at {written(as_at)}: its year begins on {written(year.first)}, "
            f"and {file.path} was last brought up to {written(first_day_of(tracker, old))}. Give "
            f"{written(begins)} or later with --as-at, or leave it out."
        )
    day = as_at or begins
    sha256 = hashlib.sha256(file.data).hexdigest()
    rolled = roll(tracker, agreed=agreed, year=year, day=day, file=file.path.name, sha256=sha256)
    if not rolled.plan.actions:
        raise WorkbookError(
            f"Every action of {file.path} is finished, so nothing goes on. Give the new year's plan: "
            f"lscb-workbook new PLAN.toml --from {file.path.name}"
        )
    return rolled, day


def _can_be_written(path: Path) -> bool:
    """Whether another run could write a file meanwhile; one that is marked read-only nobody writes."""
    able = os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)
    return able and bool(path.stat().st_mode & 0o222)


def _milestone_rows(book: Workbook, agreed: Plan) -> dict[str, int]:
    """The worksheet row of each milestone of a plan that was just filled in."""
    first = book.tables["Milestones"].first_row
    return {milestone.id: row for row, milestone in enumerate(agreed.milestones, start=first)}
