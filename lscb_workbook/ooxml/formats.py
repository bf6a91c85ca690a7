"""What of a workbook's cell formats decides how high a row must be: wrapping, font size, bold."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree.ElementTree import Element

from lscb_workbook.ooxml.relationships import parsed

__all__ = ["DEFAULT_WIDTH", "Format", "column_widths", "formats"]

DEFAULT_WIDTH = 8.43
"""The width of a column that has none of its own, in Excel's character units."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Format(NamedTuple):
    wraps: bool
    size: float
    bold: bool


def formats(data: bytes, part: str) -> list[Format]:
    """The cell formats of a styles part, by index. Raises PackageError where it is no XML."""
    styles = parsed(data, part)
    fonts = [
        (_number(font.find(f"{_MAIN}sz"), 11.0), font.find(f"{_MAIN}b") is not None)
        for font in styles.findall(f"{_MAIN}fonts/{_MAIN}font")
    ]
    found = []
    for xf in styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf"):
        alignment = xf.find(f"{_MAIN}alignment")
        wraps = alignment is not None and alignment.get("wrapText") in ("1", "true")
        font = int(xf.get("fontId", "0"))
        size, bold = fonts[font] if font < len(fonts) else (11.0, False)
        found.append(Format(wraps, size, bold))
    return found


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
