"""A chart on a sheet, found by the name of its frame: where it stands, and how its axes are scaled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple

from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import relationships
from lscb_workbook.ooxml.spans import text_of

__all__ = ["Axes", "Frame", "axes_of", "frame_named", "with_axes"]

_ANCHOR = re.compile(r"<((?:\w+:)?)twoCellAnchor\b.*?</\1twoCellAnchor>", re.S)
_NAME = re.compile(r"<(?:\w+:)?cNvPr\b[^>]*?\sname=\"([^\"]*)\"")
_CHART = re.compile(r"<(?:\w+:)?chart\b[^>]*?\s(?:\w+:)?id=\"([^\"]*)\"")
_CORNER = re.compile(r"<(?:\w+:)?row>\s*(\d+)\s*</(?:\w+:)?row>\s*<(?:\w+:)?rowOff>\s*(-?\d+)\s*<")
_VALUES = re.compile(r"<((?:\w+:)?)valAx>.*?</\1valAx>", re.S)
_CATEGORIES = re.compile(r"<((?:\w+:)?)catAx>.*?</\1catAx>", re.S)
_CROSSES = re.compile(
    r"(<((?:\w+:)?)crossAx\s+val=\"[^\"]*\"\s*/>)(?:<\2crosses(?:At)?\s+val=\"[^\"]*\"\s*/>)?"
)


_BOUND = r"<(?:\w+:)?{}\s+val=\"([^\"]*)\""


class Axes(NamedTuple):
    """Where a chart's value axis begins and ends, and where the category axis meets it."""

    low: float
    high: float
    crosses: float


class Frame(NamedTuple):
    """A chart's part, and the first and last row of the sheet that it covers, counted from 1."""

    part: str
    first_row: int
    last_row: int


def frame_named(package: Package, drawings: Iterable[str], name: str) -> Frame | None:
    """The chart whose frame has this name and moves with its cells; None where there is none."""
    for drawing in drawings:
        links = {link.id: link.target for link in relationships(package, drawing) if link.kind == "chart"}
        for anchor in _ANCHOR.finditer(text_of(package.read(drawing)) or ""):
            named, chart = _NAME.search(anchor[0]), _CHART.search(anchor[0])
            corners = _CORNER.findall(anchor[0])
            part = links.get(chart[1], "") if chart else ""
            if named and unescape(named[1]) == name and part in package and len(corners) == 2:
                (first, _), (last, into) = corners
                return Frame(part, int(first) + 1, int(last) + (int(into) > 0))
    return None


def with_axes(chart: bytes, low: float, high: float, crosses: float) -> bytes:
    """A chart part whose value axis goes from ``low`` to ``high``, and whose category axis meets it at
    ``crosses``. One that cannot be read stays as it is."""

    def scaled(axis: re.Match[str]) -> str:
        prefix = axis[1]
        bare = re.sub(rf"<{prefix}(?:max|min)\s+val=\"[^\"]*\"\s*/>", "", axis[0])
        ends = f'<{prefix}max val="{high:g}"/><{prefix}min val="{low:g}"/></{prefix}scaling>'
        return bare.replace(f"</{prefix}scaling>", ends, 1)

    def crossed(axis: re.Match[str]) -> str:
        return _CROSSES.sub(lambda at: f'{at[1]}<{at[2]}crossesAt val="{crosses:g}"/>', axis[0], count=1)

    text = text_of(chart) or ""
    new = _CATEGORIES.sub(crossed, _VALUES.sub(scaled, text))
    return chart if new == text else new.encode()


def axes_of(chart: bytes) -> Axes | None:
    """The axes of a chart part; None where they are not all said in it."""
    text = text_of(chart) or ""
    values, categories = _VALUES.search(text), _CATEGORIES.search(text)
    if values is None or categories is None:
        return None
    low, high = (re.search(_BOUND.format(one), values[0]) for one in ("min", "max"))
    crosses = re.search(_BOUND.format("crossesAt"), categories[0])
    return Axes(float(low[1]), float(high[1]), float(crosses[1])) if low and high and crosses else None
