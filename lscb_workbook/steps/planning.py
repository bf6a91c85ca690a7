"""From a board's document to a plan: read out of it, checked, or filled in on a blank one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lscb_workbook.plan.checking import PlanCheck, check_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading import plan_template as blank_plan
from lscb_workbook.plan.reading import read_plan_from
from lscb_workbook.results import PlanReadResult
from lscb_workbook.steps.masters import in_plain_words
from lscb_workbook.tracker.saving import is_there, refuse_other_ending, save_new

__all__ = ["plan_check", "plan_read", "plan_template"]


@in_plain_words
def plan_read(
    source: Path, output: Path, *, columns: str = "", first_day: date | None = None
) -> PlanReadResult:
    """Read the plan out of the document that the board agreed it in, and write it as TOML to be gone through.

    Beside ``output`` goes a report of every doubt, and of every word that is not in the plan.

    Args:
        source: ``.docx``, ``.pdf``, ``.xlsx``, ``.ods``, ``.csv`` or text with its tables.
        output: the plan to write; ``plan.toml`` gets ``plan.report.txt`` beside it.
        columns: which column holds what, where the headings do not say it: ``ref=1,action=2,lead=Owner``.
        first_day: the first day of the plan year, where the document does not say it.

    Raises WorkbookError where the document cannot be read or holds no plan, where ``output`` does not end in
    ``.toml``, and where either file is there already; then nothing is written.
    """
    refuse_other_ending(output, ".toml")
    report = output.with_name(f"{output.name.removesuffix('.toml')}.report.txt")
    for path, what in ((output, "the plan"), (report, "the plan and so for its report")):
        if is_there(path):
            raise WorkbookError(
                f"{path} is there already. Move that file away, or choose another name for {what}."
            )
    reading = read_plan_from(source, columns, first_day)
    save_new(report, reading.report.encode(), what="the report")
    save_new(output, reading.toml.encode(), what="the plan")
    return PlanReadResult(output, report, reading)


@in_plain_words
def plan_check(source: Path) -> PlanCheck:
    """Everything that keeps a plan document from becoming a master, and whatever is doubtful in it, by line.

    Raises WorkbookError where the file cannot be read or is not TOML; the message has the line.
    """
    return check_plan(source)


@in_plain_words
def plan_template(output: Path) -> Path:
    """Write the blank plan, a workbook to fill in and then read with :func:`plan_read`; its path.

    Raises WorkbookError where the name does not end in ``.xlsx``, or a file of that name is there already.
    """
    refuse_other_ending(output, ".xlsx")
    save_new(output, blank_plan(), what="the blank plan")
    return output
