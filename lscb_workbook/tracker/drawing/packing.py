"""The parts of a workbook as openpyxl saves it, put into the order and form that the file format asks for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook

from lscb_workbook.tracker.columns import Table
from lscb_workbook.tracker.drawing.charts import CHARTS
from lscb_workbook.tracker.drawing.sheets import body_of

__all__ = ["packed"]


def _unflagged(sheet: bytes, tables: Iterable[Table]) -> bytes:
    """Have Excel pass over refs such as ``1.4`` that are text and look like numbers."""
    areas = [body_of(table, key) for table in tables for key in _REFS if key in table.keys]
    if not areas:
        return sheet
    sqref = " ".join(f"{area}:{area}" for area in areas)
    made = f'<ignoredErrors><ignoredError sqref="{sqref}" numberStoredAsText="1"/></ignoredErrors>'
    at = min(sheet.find(tag) for tag in (b"<drawing", b"<legacyDrawing", b"<tableParts") if tag in sheet)
    return sheet[:at] + made.encode() + sheet[at:]


_REFS = ("ref", "id", "milestone")


def packed(book: Workbook, tables: Iterable[Table]) -> bytes:
    """The workbook, saved so that the same layout gives the same bytes and the file format's order holds."""
    raw = io.BytesIO()
    book.save(raw)
    made = io.BytesIO()
    parts = {f"xl/worksheets/sheet{number}.xml": page.title for number, page in enumerate(book.worksheets, 1)}
    drawn = [page.title for page in book.worksheets if page._charts]  # type: ignore[attr-defined]
    frames = {f"xl/drawings/drawing{number}.xml": CHARTS[tab] for number, tab in enumerate(drawn, start=1)}
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "xl/styles.xml":
                data = _order_fonts(data)
            if item.filename in parts:
                here = [table for table in tables if table.sheet == parts[item.filename]]
                data = _unflagged(data, here)
            if item.filename.startswith("xl/charts/"):
                data = _finished_chart(data)
            if item.filename in frames:
                data = _with_alternative_texts(data, frames[item.filename])
            if item.filename == "docProps/app.xml":
                data = re.sub(rb"(<Application>)[^<]*", rb"\g<1>lscb-workbook", data)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2016-04-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(item.filename, (2016, 4, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return made.getvalue()


def _finished_chart(chart: bytes) -> bytes:
    """A chart with its language, and its labels' formats as the file format wants them said."""
    chart = re.sub(rb"<(\w+:)?r><(\w+:)?t ?(?:/>|></\2t>)</\1r>", b"", chart)
    chart = re.sub(rb'(<(?:c:)?numFmt formatCode="[^"]*")(?= ?/>)', rb'\1 sourceLinked="0"', chart)
    return re.sub(rb"(<(?:c:)?)(roundedCorners|chart)\b", rb'\1lang val="en-GB"/>\1\2', chart, count=1)


def _with_alternative_texts(drawing: bytes, charts: Sequence[tuple[str, str]]) -> bytes:
    """A drawing whose frames have names, and say what they show."""
    named = iter(charts)

    def frame(match: re.Match[bytes]) -> bytes:
        name, words = map(quoteattr, next(named))
        return match[1] + f" name={name} descr={words}".encode()

    return re.sub(rb'(<(?:\w+:)?cNvPr id="\d+")\s+name="[^"]*"', frame, drawing)


_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color"),
    *("name", "family", "charset", "scheme"),
)


def _order_fonts(styles: bytes) -> bytes:
    """Put the children of each ``<font>`` in the order of CT_Font; openpyxl writes another."""

    def ordered(match: re.Match[bytes]) -> bytes:
        children = re.findall(rb"<(\w+)[^>]*/>", match[1])
        parts = dict(zip(children, re.findall(rb"<\w+[^>]*/>", match[1]), strict=True))
        return b"<font>" + b"".join(parts[n] for n in map(str.encode, _FONT_ORDER) if n in parts) + b"</font>"

    return re.sub(rb"<font>(.*?)</font>", ordered, styles, flags=re.S)
