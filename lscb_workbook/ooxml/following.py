"""What follows a table as it grows or shrinks: rules, drop-downs, names, formulas and chart ranges that
end with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from lscb_workbook.ooxml.addresses import Area, move_areas
from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.references import UnsureError, moved_formula

__all__ = [
    "DEFINED_NAMES",
    "RANGES",
    "SHEET_AREA",
    "Follower",
    "covering",
    "covers",
    "followed_formula",
    "follower",
    "moved_name",
    "moved_ranges",
    "moved_table",
]

RANGES = re.compile(rb"(sqref(?:\s*=\s*[\"']|>))([^\"'<]*)")
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


def covering(last: int) -> re.Pattern[bytes]:
    """What a formula element must read like to hold an area that ends with this row: tag, text."""
    ends = rb":\$?[A-Za-z]{1,3}\$?" + str(last).encode() + rb"(?!\d)"
    name = rb"(?:f|formula|formula1|formula2)"
    return re.compile(rb"(<(?:\w+:)?" + name + rb"(?:\s[^>]*)?>)([^<]*" + ends + rb"[^<]*)")


def covers(sheet: bytes, last: int) -> bool:
    """Whether a sheet may hold what :func:`covering` finds; to be asked first, because it is quick."""
    return str(last).encode() in sheet


def followed_formula(formula: bytes, home: str, sheet: str, follow: Follower) -> bytes:
    """A formula on the sheet ``home`` with its areas of another moved; a single cell is left where it is."""
    said = unescape(formula.decode("utf-8", "surrogateescape"))
    try:
        moved = moved_formula(said, home, sheet, lambda area: area._replace(last_row=follow(area)))
    except UnsureError:
        return formula
    return formula if moved == said else escape(moved).encode("utf-8", "surrogateescape")


def moved_table(data: bytes, follow: Follower) -> bytes:
    """A table part with its own and its filter's range moved."""
    pattern = re.compile(rb"(<(?:\w+:)?(?:table|autoFilter|sortState)\b[^>]*?\sref\s*=\s*[\"'])([^\"']*)")
    return pattern.sub(lambda m: m[1] + move_areas(m[2].decode(), follow).encode(), data)


def moved_ranges(match: re.Match[bytes], follow: Follower) -> bytes:
    """The ranges that a rule or drop-down is for, moved."""
    return match[1] + move_areas(match[2].decode(), follow).encode()


def _printer(table: Area, last: int) -> Follower:
    """The new last row of an area that is printed: what showed the whole of the table still does."""

    def follow(area: Area) -> int:
        beside = area.last_column < table.first_column or table.last_column < area.first_column
        if beside or area.first_row > table.last_row or area.last_row < table.last_row:
            return area.last_row
        return last if area.last_row == table.last_row else max(area.last_row, last)

    return follow


def moved_name(match: re.Match[bytes], sheet: str, table: Area, last: int) -> bytes:
    """A defined name with each of its areas on this sheet moved, as a table's last row becomes ``last``.

    A single cell is left where it is.
    """
    if b":" not in match[2]:
        return match[0]
    follow = (_printer if b"_xlnm.Print_Area" in match[1] else follower)(table, last)

    def area(found: re.Match[str]) -> str:
        if (found[1] or found[2]).replace("''", "'") != sheet or ":" not in found[3]:
            return found[0]
        return found[0][: -len(found[3])] + move_areas(found[3], follow)

    return match[1] + escape(SHEET_AREA.sub(area, unescape(match[2].decode()))).encode()
