"""Settings of a whole workbook, in the bytes of its own part, and what is printed at the foot of a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.tags import attribute, with_attribute

__all__ = ["FOOTER", "footer", "footer_text", "recalculated", "with_hidden_sheets"]

FOOTER = re.compile(rb"(<(?:\w+:)?oddFooter>)(.*?)(</(?:\w+:)?oddFooter>)", re.S)
_LONGEST = 220
"""The most characters of a footer's left part: Excel takes 255 of a whole footer, with its marks."""


def recalculated(workbook: bytes) -> bytes:
    """The workbook's part, asking for every formula to be calculated when it is opened."""
    found = re.search(rb"<(?:\w+:)?calcPr\b[^>]*>", workbook)
    if found:
        changed = with_attribute(found[0], "fullCalcOnLoad", "1")
        return workbook.replace(found[0], changed, 1)
    for before in (b"definedNames", b"externalReferences", b"functionGroups", b"sheets"):
        end = re.search(rb"</((?:\w+:)?)" + before + rb"\s*>", workbook)
        if end:
            made = b"<" + end[1] + b'calcPr fullCalcOnLoad="1"/>'
            return workbook[: end.end()] + made + workbook[end.end() :]
    return workbook


def with_hidden_sheets(workbook: bytes, hidden: Collection[str], first: int) -> bytes:
    """The workbook's part with these sheets hidden, and another, by its place from 0, shown first."""

    def sheet(match: re.Match[bytes]) -> bytes:
        if attribute(match[0], "name") not in hidden or attribute(match[0], "state") == "veryHidden":
            return match[0]
        return with_attribute(match[0], "state", "hidden")

    workbook = re.sub(rb"<(?:\w+:)?sheet\s[^>]*>", sheet, workbook)
    view = re.search(rb"<(?:\w+:)?workbookView\b[^>]*>", workbook)
    if view is None:
        return workbook
    changed = with_attribute(view[0], "firstSheet", str(first))
    changed = with_attribute(changed, "activeTab", str(first))
    return workbook.replace(view[0], changed, 1)


def footer_text(text: str) -> str:
    """Text as a footer says it: ``&`` is no mark, a number at its beginning no font's size, and what is
    longer than Excel takes is cut."""
    said = text.replace("&", "&&")
    said = f" {said}" if said[:1].isdigit() else said
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rstrip('&')}…"


def footer(left: str) -> Callable[[re.Match[bytes]], bytes]:
    """What :data:`FOOTER` finds with another left part (see :func:`footer_text`)."""
    said = escape(f"&L&9{footer_text(left)}").encode()

    def changed(match: re.Match[bytes]) -> bytes:
        rest = re.search(rb"&amp;[CR](?!\w*&amp;L).*", match[2], flags=re.S)
        return match[1] + said + (rest[0] if rest else b"") + match[3]

    return changed
