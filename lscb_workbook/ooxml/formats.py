"""What of a workbook's cell formats counts here: how high a row must be (wrapping, font size, bold), and
whether a number is shown as a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from lscb_workbook.ooxml.relationships import parsed

__all__ = ["DEFAULT_WIDTH", "Format", "column_widths", "formats", "showing_days"]

DEFAULT_WIDTH = 8.43
"""The width of a column that has none of its own, in Excel's character units."""

_DAYS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
"""The number formats of the file format's own that show a day (ECMA-376 part 1, 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Format(NamedTuple):
    wraps: bool
    size: float
    bold: bool
    is_day: bool = False
    looks: tuple[str | None, ...] = ()
    """Its font, fill, border and place in the cell, and whether it is locked."""


def formats(data: bytes, part: str) -> list[Format]:
    """The cell formats of a styles part, by index. Raises PackageError where it is no XML."""
    styles = parsed(data, part)
    fonts = [
        (_number(font.find(f"{_MAIN}sz"), 11.0), font.find(f"{_MAIN}b") is not None)
        for font in styles.findall(f"{_MAIN}fonts/{_MAIN}font")
    ]
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iter(f"{_MAIN}numFmt")}
    found = []
    for xf in styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf"):
        alignment = xf.find(f"{_MAIN}alignment")
        wraps = alignment is not None and alignment.get("wrapText") in ("1", "true")
        font = int(xf.get("fontId", "0"))
        size, bold = fonts[font] if font < len(fonts) else (11.0, False)
        number = xf.get("numFmtId", "0")
        is_day = re.search("[dy]", _LITERAL.sub("", codes.get(number, "")), re.I) is not None
        looks = [xf.get(name) for name in ("fontId", "fillId", "borderId")]
        looks += [one.get(name) for one in xf for name in ("horizontal", "vertical", "wrapText", "locked")]
        found.append(Format(wraps, size, bold, is_day or int(number) in _DAYS, tuple(looks)))
    return found


def showing_days(formats: Sequence[Format], style: str | None) -> str | None:
    """The cell format, by index, that shows days and else looks most like this one, which may be it."""
    wanted = int(style or 0)
    if wanted >= len(formats) or formats[wanted].is_day:
        return style
    looks = formats[wanted].looks

    def alike(number: int) -> int:
        return sum(one == other for one, other in zip(looks, formats[number].looks, strict=False))

    days = [number for number, one in enumerate(formats) if one.is_day]
    return str(max(days, key=alike)) if days else style


def _number(element: Element | None, default: float) -> float:
    return float(element.get("val", default)) if element is not None else default


def column_widths(cols: Element | None) -> dict[int, float]:
    """The width of each column that has one of its own, in Excel's character units, by number."""
    widths: dict[int, float] = {}
    for col in cols if cols is not None else ():
        first, last = int(col.get("min", "1")), int(col.get("max", "1"))
        for number in range(first, min(last, first + 1000) + 1):
            widths[number] = float(col.get("width", DEFAULT_WIDTH))
    return widths
