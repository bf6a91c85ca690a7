"""What a workbook's bytes show, cell by cell: what two of them are compared by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element

from lscb_workbook.ooxml import TableInfo, Workbook
from lscb_workbook.ooxml.addresses import Area, column_number, parse_area
from lscb_workbook.ooxml.cells import formula_of
from lscb_workbook.ooxml.frames import Axes
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import parsed
from lscb_workbook.ooxml.sheets import Sheet
from lscb_workbook.ooxml.values import read_text

__all__ = ["BLANK", "Content", "Picture", "SheetPicture", "Shown", "picture_of", "same_formula"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
_LEFT = re.compile(r"&L(.*?)(?:&C|&R|$)", re.S)
_DRAWN = re.compile(rb"<(?:\w+:)?f>([^<]*)<")
_STRING = re.compile(r'("(?:[^"]|"")*")')
_REWRITTEN = re.compile(r"\s|_xlfn\.|_xlws\.|@|'")

Shown = str | float | bool | None
Cell = tuple[int, int]
"""Row and column, from 1."""


class Content(NamedTuple):
    """What stands in a cell: its formula without the ``=``, or else its value; days are numbers."""

    formula: str | None = None
    value: Shown = None


BLANK = Content()


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """A sheet: its cells that are not blank; the heights of its rows in points, which of these somebody
    ``fixed``, and which rows are hidden; the left part of its printed footer; the areas with a drop-down or
    another rule of entry. What an array formula fills is not among the cells: Excel makes it larger and
    smaller as it calculates."""

    cells: Mapping[Cell, Content]
    heights: Mapping[int, float]
    fixed: frozenset[int]
    hidden: frozenset[int]
    footer: str
    ruled: tuple[Area, ...]

    def at(self, row: int, column: int) -> Content:
        return self.cells.get((row, column), BLANK)

    def rules(self, row: int, column: int) -> bool:
        """Whether there is a rule for what may be entered in a cell."""
        return any(_within((row, column), one) for one in self.ruled)


@dataclass(frozen=True, slots=True)
class Picture:
    """A workbook: its sheets and tables by name, its drawings by part, the areas that its charts draw, and
    the axes of the charts with a day on them, by sheet and chart."""

    sheets: Mapping[str, SheetPicture]
    tables: Mapping[str, TableInfo]
    drawings: Mapping[str, bytes]
    drawn: tuple[str, ...]
    axes: Mapping[tuple[str, str], Axes]
    date1904: bool


def picture_of(data: bytes, charts: Mapping[str, str]) -> Picture:
    """A workbook's picture. ``charts`` are those whose axes are looked at, by sheet. Raises PackageError
    where it cannot be read."""
    book = Workbook.open(data)
    package, outline = book.opened
    drawings = {
        link.target: package.read(link.target)
        for links in outline.led.values()
        for link in links
        if link.kind == "drawing" and link.target in package
    }
    framed = {
        (sheet, chart): book.axes(sheet, chart) for sheet, chart in charts.items() if sheet in outline.sheets
    }
    return Picture(
        {name: _sheet(package, part, book.shared_strings) for name, part in outline.sheets.items()},
        dict(book.tables),
        drawings,
        tuple(sorted(_areas_drawn(package, outline.charts(package)))),
        {place: axes for place, axes in framed.items() if axes},
        outline.date1904,
    )


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas are one but for the spaces and signs that Excel writes otherwise."""
    return one == other or _plain(one) == _plain(other)


def _plain(formula: str) -> str:
    parts = _STRING.split(formula)
    return "".join(part if n % 2 else _REWRITTEN.sub("", part).casefold() for n, part in enumerate(parts))


def _areas_drawn(package: Package, charts: Iterable[str]) -> Iterator[str]:
    for part in charts:
        for found in _DRAWN.finditer(package.read(part)):
            yield unescape(found[1].decode()).replace("'", "").replace("$", "")


def _sheet(package: Package, part: str, shared: tuple[str, ...]) -> SheetPicture:
    data = package.read(part)
    tree = parsed(data, part)
    cells, heights, fixed, hidden = {}, {}, set(), set()
    own = Sheet(data)
    rows = tree.find(f"{_MAIN}sheetData")
    arrays: list[Area] = []
    number = 0
    for row in rows if rows is not None else ():
        number = int(row.get("r", number + 1))
        if height := row.get("ht"):
            heights[number] = float(height)
        if row.get("customHeight") in ("1", "true"):
            fixed.add(number)
        if row.get("hidden") in ("1", "true"):
            hidden.add(number)
        for column, cell in _cells(row):
            content = _content(cell, own, number, column, shared, arrays)
            if content != BLANK:
                cells[number, column] = content
    for area in arrays:  # what an array formula fills is its own to say, but for its first cell
        for place in [one for one in cells if one != area[:2] and _within(one, area)]:
            del cells[place]
    footer = tree.findtext(f"{_MAIN}headerFooter/{_MAIN}oddFooter") or ""
    left = _LEFT.search(footer)
    return SheetPicture(
        cells,
        heights,
        frozenset(fixed),
        frozenset(hidden),
        left[1] if left else "",
        tuple(_ruled(tree)),
    )


def _within(place: Cell, area: Area) -> bool:
    row, column = place
    rows = area.first_row <= row <= area.last_row
    return rows and area.first_column <= column <= area.last_column


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    """The cells of a row with their columns; one that does not say it follows the one before."""
    column = 0
    for cell in row:
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = column_number(place[1]) if place else column + 1
        yield column, cell


def _content(
    cell: Element, sheet: Sheet, row: int, column: int, shared: tuple[str, ...], arrays: list[Area]
) -> Content:
    formula = cell.find(f"{_MAIN}f")
    if formula is None:
        return Content(None, _value(cell, shared))
    text = formula.text or ""
    kind = formula.get("t")
    if kind == "shared":
        text = formula_of(sheet.plain(row, column)) or ""
    elif kind == "array" and (area := parse_area(formula.get("ref", ""))):
        arrays.append(area)
    return Content(text, None)


def _value(cell: Element, shared: tuple[str, ...]) -> Shown:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        texts = inline.iter(f"{_MAIN}t") if inline is not None else ()
        return read_text("".join(one.text or "" for one in texts)) or None
    said = cell.findtext(f"{_MAIN}v")
    if said is None:
        return None
    if kind == "s":
        return (shared[int(said)] if int(said) < len(shared) else "") or None
    if kind == "b":
        return said in ("1", "true")
    if kind in ("str", "e", "d"):
        return read_text(said) or None
    return float(said)


def _ruled(tree: Element) -> Iterator[Area]:
    for rule in tree.iter(f"{_MAIN}dataValidation"):
        for said in rule.get("sqref", "").split():
            if area := parse_area(said):
                yield area
