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
    from lscb_workbook.plan.errors import WorkbookError as WorkbookError
    from lscb_workbook.post.outbox import Mailing as Mailing
    from lscb_workbook.returns.files.limits import Limits as Limits
    from lscb_workbook.returns.imap_server import Access as Access
    from lscb_workbook.steps import backups as backups
    from lscb_workbook.steps import board as board
    from lscb_workbook.steps import calendar as calendar
    from lscb_workbook.steps import chase as chase
    from lscb_workbook.steps import history as history
    from lscb_workbook.steps import issue as issue
    from lscb_workbook.steps import merge as merge
    from lscb_workbook.steps import new as new
    from lscb_workbook.steps import plan as plan
    from lscb_workbook.steps import review as review
    from lscb_workbook.steps import status as status
    from lscb_workbook.steps import undo as undo

_STEPS = (
    "backups",
    "board",
    "calendar",
    "chase",
    "history",
    "issue",
    "merge",
    "new",
    "plan",
    "review",
    "status",
    "undo",
)
_HOMES = dict.fromkeys(_STEPS, "lscb_workbook.steps") | {
    "Access": "lscb_workbook.returns.imap_server",
    "demo": "lscb_workbook.demo",
    "Front": "lscb_workbook.board.paper",
    "Limits": "lscb_workbook.returns.files.limits",
    "Mailing": "lscb_workbook.post.outbox",
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
    "history",
    "issue",
    "merge",
    "new",
    "plan",
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
