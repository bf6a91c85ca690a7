"""A plan read out of a source: the plan document, and the report beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.about import about, set_apart
from lscb_workbook.plan.reading.drafting import draft
from lscb_workbook.plan.reading.found import Doubt
from lscb_workbook.plan.reading.gathering import gather
from lscb_workbook.plan.reading.headings import Role
from lscb_workbook.plan.reading.reporting import commented, lost_words, report
from lscb_workbook.plan.reading.sources import Source
from lscb_workbook.plan.records import Plan
from lscb_workbook.plan.writing import write_plan

__all__ = ["PlanReading", "plan_in"]


@dataclass(frozen=True)
class PlanReading:
    """What reading gave. ``toml`` is the plan document with its comments, ``report`` the text beside it.

    ``plan`` is as the document has it, though a lead or a definition may still be missing: ``check_plan`` of
    the written document says what. ``lost`` counts the cells with words that only the report has.
    """

    plan: Plan
    toml: str
    report: str
    doubts: tuple[Doubt, ...]
    lost: int
    left_out: int

    @property
    def in_doubt(self) -> bool:
        """Whether a person is needed: something was read that is not certain."""
        return bool(self.doubts)


def plan_in(
    source: Source, columns: Mapping[Role, str] | None = None, first_day: date | None = None
) -> PlanReading:
    """The plan that a source holds.

    Args:
        columns: what a person said of the columns, by
        :func:`~lscb_workbook.plan.reading.columns.parse_columns`. first_day: the first day of the plan year,
        where the source does not say it.

    Raises WorkbookError where the source has no table of actions, or no plan year can be found.
    """
    if not any(row.filled for table in source.tables for row in table.rows):
        raise WorkbookError(
            f"{source.name} has no table in it. A plan is read from its tables: give the document that "
            f"has them, "
            "or fill in the blank one that 'lscb-workbook plan template' makes."
        )
    rest, said, rows = set_apart(source)
    head = about(source, first_day, said)
    found = gather(rest, head.year, columns or {})
    found.about += rows
    if not found.actions:
        what = "No action was found below the headings" if found.headings else "No table of actions was found"
        raise WorkbookError(
            f"{what} in {source.name}. Give the plan once it is filled in; if it is, say which column holds "
            "what: --columns ref=1,action=2,lead=3,when=4,measures=5,rating=6."
        )
    drafted = draft(found, replace(head, doubts=(*source.doubts, *head.doubts)))
    return PlanReading(
        drafted.plan,
        commented(write_plan(drafted.plan), drafted.doubts),
        report(source, found, drafted),
        drafted.doubts,
        len(lost_words(drafted)),
        len(found.headings) + len(found.pages) + len(found.repeats) + len(found.left_over),
    )
