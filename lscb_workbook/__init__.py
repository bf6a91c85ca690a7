"""Action trackers for safeguarding boards: issue, collect, merge and report in Excel, losing nothing.

    import lscb_workbook as lw
    lw.merge(Path("master.xlsx"), [Path("returns")], as_at=date(2016, 10, 1))

Every command of the command line is a function of the same name here. They are imported when first
used.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lscb_workbook.board.paper import Front as Front
    from lscb_workbook.demo import demo as demo
    from lscb_workbook.live.addin import excel_install as excel_install
    from lscb_workbook.live.doctor import excel_doctor as excel_doctor
    from lscb_workbook.plan.errors import WorkbookError as WorkbookError
    from lscb_workbook.post.outbox import Mailing as Mailing
    from lscb_workbook.returns.files.limits import Limits as Limits
    from lscb_workbook.returns.imap_server import Access as Access
    from lscb_workbook.ribbon import main as main
    from lscb_workbook.steps.building import new as new
    from lscb_workbook.steps.building import plan as plan
    from lscb_workbook.steps.chasing import calendar as calendar
    from lscb_workbook.steps.chasing import chase as chase
    from lscb_workbook.steps.issuing import issue as issue
    from lscb_workbook.steps.merging import merge as merge
    from lscb_workbook.steps.merging import status as status
    from lscb_workbook.steps.papers import board as board
    from lscb_workbook.steps.planning import plan_check as plan_check
    from lscb_workbook.steps.planning import plan_read as plan_read
    from lscb_workbook.steps.planning import plan_template as plan_template
    from lscb_workbook.steps.restoring import backups as backups
    from lscb_workbook.steps.restoring import undo as undo
    from lscb_workbook.steps.reviewing import history as history
    from lscb_workbook.steps.reviewing import review as review

_HOMES = {
    "Access": "lscb_workbook.returns.imap_server",
    "backups": "lscb_workbook.steps.restoring",
    "board": "lscb_workbook.steps.papers",
    "calendar": "lscb_workbook.steps.chasing",
    "chase": "lscb_workbook.steps.chasing",
    "demo": "lscb_workbook.demo",
    "excel_doctor": "lscb_workbook.live.doctor",
    "excel_install": "lscb_workbook.live.addin",
    "Front": "lscb_workbook.board.paper",
    "history": "lscb_workbook.steps.reviewing",
    "issue": "lscb_workbook.steps.issuing",
    "Limits": "lscb_workbook.returns.files.limits",
    "Mailing": "lscb_workbook.post.outbox",
    "main": "lscb_workbook.ribbon",
    "merge": "lscb_workbook.steps.merging",
    "new": "lscb_workbook.steps.building",
    "plan": "lscb_workbook.steps.building",
    "plan_check": "lscb_workbook.steps.planning",
    "plan_read": "lscb_workbook.steps.planning",
    "plan_template": "lscb_workbook.steps.planning",
    "review": "lscb_workbook.steps.reviewing",
    "status": "lscb_workbook.steps.merging",
    "undo": "lscb_workbook.steps.restoring",
    "WorkbookError": "lscb_workbook.plan.errors",
}

__all__ = [
    "Access",
    "Front",
    "Limits",
    "Mailing",
    "WorkbookError",
    "backups",
    "board",
    "calendar",
    "chase",
    "demo",
    "excel_doctor",
    "excel_install",
    "history",
    "issue",
    "merge",
    "new",
    "plan",
    "plan_check",
    "plan_read",
    "plan_template",
    "review",
    "status",
    "undo",
]


class _Face(ModuleType):
    """The package as its users see it. Some folders bear the name of the step they serve (``merge``,
    ``review``); here the name means the step, and the folder is reached by importing from it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'lscb_workbook' has no attribute '{name}'")
        value: object = getattr(importlib.import_module(_HOMES[name]), name)
        setattr(self, name, value)
        return value


sys.modules[__name__].__class__ = _Face
