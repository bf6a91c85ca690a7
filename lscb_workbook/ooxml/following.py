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
    "changed_formulas",
    "covering",
    "covers",
    "followed",
    "followed_formula",
    "follower",
    "moved_name",
    "moved_ranges",
    "moved_table",
]

_TABLE_RANGE = re.compile(
    rb"(<(?:\w+:)?(?:table|autoFilter|sortState|sortCondition)(?=\s)(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*?"
    rb"\sref\s*=\s*[\"'])([^\"']*)"
)
RANGES = re.compile(rb"(sqref(?:\s*=\s*[\"']|>))([^\"'<]*)")
DEFINED_NAMES = re.compile(rb"(<(?:\w+:)?definedName\b(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+(?<!/)>)([^<]*)")
_SELECTION = re.compile(rb"<(?:\w+:)?selection\s")
SHEET_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,]+))!([^!,]+)", re.S)

Follower = Callable[[Area], int]


def follower(table: Area, last: int) -> Follower:
    """The new last row of an area: that of the table where the area ended with it and lies within it.

    One that lies wholly below the new last row stays as it was.
    """

    def follow(area: Area) -> int:
        within = table.first_column <= area.first_column and area.last_column <= table.last_column
        ends_with = area.last_row == table.last_row and table.first_row <= area.first_row <= last
        return last if within and ends_with else area.last_row

    return follow


def covering(last: int) -> re.Pattern[bytes]:
    """What a formula element must read like to hold an area that ends with this row: tag, text."""
    ends = rb":\$?[A-Za-z]{1,3}\$?" + str(last).encode() + rb"(?!\d)"
    name = rb"(?:f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula)"
    return re.compile(rb"(<(?:\w+:)?" + name + rb"(?:\s[^>]*)?>)([^<]*" + ends + rb"[^<]*)")


def covers(sheet: bytes, last: int) -> bool:
    """Whether a sheet may hold what :func:`covering` finds; to be asked first, because it is quick."""
    return str(last).encode() in sheet


def followed(formula: str, home: str, sheet: str, follow: Follower) -> str:
    """A formula on the sheet ``home`` with its areas of another moved; a single cell is left where it is."""
    try:
        return moved_formula(formula, home, sheet, lambda area: area._replace(last_row=follow(area)))
    except UnsureError:
        return formula


def followed_formula(formula: bytes, home: str, sheet: str, follow: Follower) -> bytes:
    """The same for a formula as XML writes it; one that stays keeps its bytes."""
    said = unescape(formula.decode("utf-8", "surrogateescape"))
    moved = followed(said, home, sheet, follow)
    return formula if moved == said else escape(moved).encode("utf-8", "surrogateescape")


def changed_formulas(data: bytes, pattern: re.Pattern[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """Markup with the formulas changed that :func:`covering` finds in it."""
    return pattern.sub(lambda match: match[1] + change(match[2]), data)


def moved_table(data: bytes, follow: Follower) -> bytes:
    """A table part with its own range moved, and those that it is filtered and sorted in."""
    return _TABLE_RANGE.sub(lambda m: m[1] + move_areas(m[2].decode(), follow).encode(), data)


def moved_ranges(match: re.Match[bytes], follow: Follower) -> bytes:
    """The ranges that a rule or drop-down is for, moved; cells that are selected stay so."""
    if _SELECTION.match(match.string, match.string.rfind(b"<", 0, match.start())):
        return match[0]
    return match[1] + move_areas(match[2].decode(), follow).encode()


def _printer(table: Area, last: int) -> Follower:
    """The new last row of an area that is printed: what showed the whole of the table still does."""

    def follow(area: Area) -> int:
        beside = area.last_column < table.first_column or table.last_column < area.first_column
        if beside or area.first_row > min(table.last_row, last) or area.last_row < table.last_row:
            return area.last_row
        return last if area.last_row == table.last_row else max(area.last_row, last)

    return follow


def moved_name(match: re.Match[bytes], sheet: str, table: Area, last: int) -> bytes:
    """A defined name with each of its areas on this sheet moved, as a table's last row becomes ``last``.

    A single cell is left where it is.
    """
    follow = (_printer if b"_xlnm.Print_Area" in match[1] else follower)(table, last)
    return match[1] + followed_formula(match[2], "", sheet, follow)
