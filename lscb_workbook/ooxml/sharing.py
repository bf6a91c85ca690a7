"""Formulas that are written once for several cells, and the same written out in each.

Source: ECMA-376 part 1, 18.3.1.40: the first cell holds the text; the others read it as if it were copied.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.references import copied_formula
from lscb_workbook.ooxml.tags import attribute

__all__ = ["Owner", "group_of", "owner_of", "written_out"]

_FORMULA = re.compile(rb"<((?:\w+:)?)f(\s[^>]*?)?(?:/>|>([^<]*)</(?:\w+:)?f>)")


class Owner(NamedTuple):
    """The cell that holds the text of a shared formula, by row and column, and that text."""

    row: int
    column: int
    formula: str


def group_of(cell: bytes) -> str | None:
    """The group whose formula a cell shares; None where it shares none."""
    found = _FORMULA.search(cell)
    return attribute(found[0], "si") if found and attribute(found[0], "t") == "shared" else None


def owner_of(cell: bytes, row: int, column: int) -> Owner | None:
    """The text of a shared formula, where this cell holds it."""
    found = _FORMULA.search(cell)
    if not found or not found[3] or attribute(found[0], "ref") is None:
        return None
    return Owner(row, column, unescape(found[3].decode("utf-8", "surrogateescape")))


def written_out(cell: bytes, owner: Owner, row: int, column: int) -> bytes:
    """The cell in this place with the owner's formula as its own."""
    text = escape(copied_formula(owner.formula, row - owner.row, column - owner.column))

    def plain(match: re.Match[bytes]) -> bytes:
        prefix = match[1]
        return b"<" + prefix + b"f>" + text.encode("utf-8", "surrogateescape") + b"</" + prefix + b"f>"

    return _FORMULA.sub(plain, cell, count=1)
