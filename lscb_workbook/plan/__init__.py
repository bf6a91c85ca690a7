"""What was agreed: the plan, its priorities, actions, lead officers, milestones and RAG scheme.

The records of the whole toolkit are here, with the catalogue of findings. Plans are read from text
files that a person can edit, deadlines out of the free text of their milestones, day first and never
guessed. Apart from reading such a file, all is pure: records in, records out, no clock.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.plan.calendar import board_meetings, due_on, events
    from lscb_workbook.plan.checks import plan_findings
    from lscb_workbook.plan.deadlines import read_deadline, split_deadlines
    from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
    from lscb_workbook.plan.errors import WorkbookError
    from lscb_workbook.plan.findings import finding
    from lscb_workbook.plan.officers import match_officer, officer_key

__all__ = [
    "WorkbookError",
    "board_meetings",
    "default_plan",
    "due_on",
    "events",
    "finding",
    "match_officer",
    "officer_key",
    "plan_findings",
    "read_deadline",
    "read_plan",
    "split_deadlines",
    "write_plan",
]

show_lazily(
    __name__,
    {
        "WorkbookError": "errors",
        "board_meetings": "calendar",
        "default_plan": "documents",
        "due_on": "calendar",
        "events": "calendar",
        "finding": "findings",
        "match_officer": "officers",
        "officer_key": "officers",
        "plan_findings": "checks",
        "read_deadline": "deadlines",
        "read_plan": "documents",
        "split_deadlines": "deadlines",
        "write_plan": "documents",
    },
)
