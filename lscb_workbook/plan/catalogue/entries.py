"""One entry of the catalogue of findings: how grave it is, what is wrong, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from lscb_workbook.plan.records import Severity

__all__ = ["ERROR", "INFO", "WARNING", "Entry"]

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Entry(NamedTuple):
    """``{…}`` in ``message``, ``action`` and ``question`` is filled in with the facts of the case.

    ``question`` is drafted to the lead officer, in words that can be sent as they are; ``title`` is what such
    findings are called where they are counted. Either is empty where there is none.
    """

    severity: Severity
    message: str
    action: str
    title: str = ""
    question: str = ""
