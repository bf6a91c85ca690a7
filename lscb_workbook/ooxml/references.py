"""The cells that a formula refers to, moved as rows are put in: what Excel does to every formula then."""

from __future__ import annotations

import re
from collections.abc import Callable

from lscb_workbook.ooxml.addresses import Area, column_letters, column_number

__all__ = [
    "LAST_COLUMN",
    "LAST_ROW",
    "UnsureError",
    "copied_formula",
    "moved_areas",
    "moved_formula",
    "rows_put_in",
]

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column that a sheet has (Excel's limits)."""

Move = Callable[[Area], Area]

_ONE = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
    | (?P<sheet>(?:'(?:[^']|'')+'|(?!{_ONE}:)(?:\[[^\]]*\])?[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!)
    | (?P<column>\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
    | (?P<area>{_ONE}(?::{_ONE})?(?![\w.(!]))
    | (?P<columns>\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w.(!]))
    | (?P<rows>\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}(?![\w.]))
    | (?P<word>[\w.\\?]+)
    | (?P<rest>.)
    """,
    re.X | re.S,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
_COLUMN = re.compile(r"(\$?)([A-Za-z]{1,3})")
_ROW = re.compile(r"(\$?)([0-9]{1,7})")


class UnsureError(ValueError):
    """A formula refers to cells in a way that cannot be moved for certain."""


def rows_put_in(after: int, count: int) -> Move:
    """Where an area comes to lie as ``count`` rows are put in below row ``after``."""

    def move(area: Area) -> Area:
        first = area.first_row + (count if area.first_row > after else 0)
        last = area.last_row + (count if area.last_row > after else 0)
        return area._replace(first_row=min(first, LAST_ROW), last_row=min(last, LAST_ROW))

    return move


def moved_formula(formula: str, home: str, sheet: str, move: Move) -> str:
    """A formula with what it refers to on ``sheet`` moved; ``home`` is the sheet that it stands on.

    Texts, names, functions and references to tables stay. Raises UnsureError where it refers to a row of
    sheets at once, of which this may be one.
    """
    qualifier: str | None = None
    parts = []
    for token in _TOKEN.finditer(formula):
        kind, text = token.lastgroup, token[0]
        if kind == "sheet":
            qualifier = text[:-1].strip("'").replace("''", "'")
            if ":" in qualifier:
                raise UnsureError(formula)
        elif kind in ("area", "rows"):
            on = home if qualifier is None else qualifier
            same = on.casefold() == sheet.casefold()
            parts.append((_moved_rows if kind == "rows" else moved_areas)(text, move) if same else text)
            qualifier = None
            continue
        elif text != ":":
            qualifier = None
        parts.append(text)
    return "".join(parts)


def copied_formula(formula: str, rows: int, columns: int = 0) -> str:
    """A formula as it reads when its cell is copied so many rows down and columns to the right: what is not
    fixed goes along."""

    def corner(match: re.Match[str]) -> str:
        column = column_number(match[2].upper()) + (0 if match[1] else columns)
        row = int(match[4]) + (0 if match[3] else rows)
        if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
            return "#REF!"
        return f"{match[1]}{column_letters(column)}{match[3]}{row}"

    def whole_row(match: re.Match[str]) -> str:
        row = int(match[2]) + (0 if match[1] else rows)
        return f"{match[1]}{row}" if 1 <= row <= LAST_ROW else "#REF!"

    def whole_column(match: re.Match[str]) -> str:
        column = column_number(match[2].upper()) + (0 if match[1] else columns)
        return f"{match[1]}{column_letters(column)}" if 1 <= column <= LAST_COLUMN else "#REF!"

    kinds = {"area": (_CORNER, corner), "rows": (_ROW, whole_row), "columns": (_COLUMN, whole_column)}
    parts = []
    for token in _TOKEN.finditer(formula):
        pattern, copied = kinds.get(token.lastgroup or "", (None, corner))
        parts.append(pattern.sub(copied, token[0]) if pattern else token[0])
    return "".join(parts)


def moved_areas(text: str, move: Move) -> str:
    """One or more areas, parted by blanks, each moved; dollar signs stay."""
    return " ".join(_moved_area(one, move) for one in text.split(" "))


def _moved_area(text: str, move: Move) -> str:
    corners = [_CORNER.fullmatch(one) for one in text.split(":")]
    first, last = corners[0], corners[-1]
    if first is None or last is None:
        return text
    area = Area(int(first[4]), column_number(first[2].upper()), int(last[4]), column_number(last[2].upper()))
    moved = move(area)
    start = f"{first[1]}{first[2]}{first[3]}{moved.first_row}"
    return start if len(corners) == 1 else f"{start}:{last[1]}{last[2]}{last[3]}{moved.last_row}"


def _moved_rows(text: str, move: Move) -> str:
    first, last = (_ROW.fullmatch(one) for one in text.split(":"))
    assert first is not None
    assert last is not None
    moved = move(Area(int(first[2]), 1, int(last[2]), LAST_COLUMN))
    return f"{first[1]}{moved.first_row}:{last[1]}{moved.last_row}"
