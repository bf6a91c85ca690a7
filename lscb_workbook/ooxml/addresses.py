"""Cell addresses and ranges as the file format writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

__all__ = ["Area", "address", "column_letters", "column_number", "move_areas", "parse_area", "quoted_sheet"]


class Area(NamedTuple):
    """A rectangle of cells, first and last row and column included, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@cache
def column_letters(number: int) -> str:
    """``A`` for 1, ``AA`` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """1 for ``A``, 27 for ``AA``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """``B3`` for row 3, column 2."""
    return f"{column_letters(column)}{row}"


_AREA = re.compile(
    r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?::(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7}))?(?![A-Za-z0-9_(])"
)
_WHOLE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


def parse_area(text: str) -> Area | None:
    """The area that ``A1:B2`` or ``$A$1`` is; None where the text is no single area."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        return None
    first_column, first_row, last_column, last_row = match.groups()
    return Area(
        int(first_row),
        column_number(first_column),
        int(last_row or first_row),
        column_number(last_column or first_column),
    )


def move_areas(text: str, last_row_of: Callable[[Area], int]) -> str:
    """The text with the last row of each area in it as ``last_row_of`` says; dollar signs stay."""

    def moved(match: re.Match[str]) -> str:
        d1, c1, d2, r1, d3, c2, d4, r2 = match.groups()
        area = Area(int(r1), column_number(c1), int(r2 or r1), column_number(c2 or c1))
        last = last_row_of(area)
        if last == area.last_row:
            return match[0]
        d3, c2, d4 = (d3, c2, d4) if c2 else (d1, c1, d2)
        return f"{d1}{c1}{d2}{r1}:{d3}{c2}{d4}{last}"

    return _AREA.sub(moved, text)


def quoted_sheet(name: str) -> str:
    """A sheet's name as formulas quote it."""
    return "'" + name.replace("'", "''") + "'"
