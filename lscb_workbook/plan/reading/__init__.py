"""Any board's plan, read out of the document it was agreed in: tables in, plan and report out.

The readers of files give a :class:`~lscb_workbook.plan.reading.sources.Source`, tables of text and where each
row stands; the rest is pure. What is uncertain is said, and every word of the tables is in the plan or the
report.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.plan.reading.files import read_plan_from
    from lscb_workbook.plan.reading.reading import PlanReading, plan_in
    from lscb_workbook.plan.reading.template import plan_template

__all__ = ["PlanReading", "plan_in", "plan_template", "read_plan_from"]

show_lazily(
    __name__,
    {
        "PlanReading": "reading",
        "plan_in": "reading",
        "read_plan_from": "files",
        "plan_template": "template",
    },
)
