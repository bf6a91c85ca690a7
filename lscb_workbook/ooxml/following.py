"""What follows a table as it grows or shrinks: drop-downs, rules, names and chart ranges that end with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from xml.sax.saxutils import escape

from lscb_workbook.ooxml.addresses import Area, move_areas

__all__ = [
    "DEFINED_NAMES",
    "RANGES",
    "SHEET_AREA",
    "Follower",
    "follower",
    "moved_name",
    "moved_ranges",
    "moved_table",
]

RANGES = re.compile(rb"(sqref(?:=\"|>))([^\"<]*)")
DEFINED_NAMES = re.compile(rb"(<(?:\w+:)?definedName\b[^>]*>)([^<]*)")
SHEET_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,]+))!([^!,]+)", re.S)

Follower = Callable[[Area], int]


def follower(table: Area, last: int) -> Follower:
    """The new last row of an area: that of the table where the area ended with it and lies within it."""

    def follow(area: Area) -> int:
        within = table.first_column <= area.first_column and area.last_column <= table.last_column
        ends_with = area.last_row == table.last_row and table.first_row <= area.first_row
        return last if within and ends_with else area.last_row

    return follow


def moved_table(data: bytes, follow: Follower) -> bytes:
    """A table part with its own and its filter's range moved."""
    pattern = re.compile(rb"(<(?:\w+:)?(?:table|autoFilter|sortState)\b[^>]*?\sref=\")([^\"]*)")
    return pattern.sub(lambda m: m[1] + move_areas(m[2].decode(), follow).encode(), data)


def moved_ranges(match: re.Match[bytes], follow: Follower) -> bytes:
    """The ranges that a rule or drop-down is for, moved."""
    return match[1] + move_areas(match[2].decode(), follow).encode()


def moved_name(match: re.Match[bytes], sheet: str, follow: Follower) -> bytes:
    """A defined name with each of its areas on this sheet moved. A single cell is left where it is."""
    if b":" not in match[2]:
        return match[0]

    def area(found: re.Match[str]) -> str:
        if (found[1] or found[2]).replace("''", "'") != sheet or ":" not in found[3]:
            return found[0]
        return found[0][: -len(found[3])] + move_areas(found[3], follow)

    return match[1] + escape(SHEET_AREA.sub(area, unescape(match[2].decode()))).encode()
