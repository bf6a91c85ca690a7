"""One entry of the catalogue of findings: how grave it is, what is wrong, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from lscb_workbook.plan.records import Severity

__all__ = ["ERROR", "INFO", "WARNING", "Entry"]

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Entry(NamedTuple):
    """``{…}`` in ``message`` and ``action`` is filled in with the facts of the case."""

    severity: Severity
    message: str
    action: str
