"""Making room below a table that grows: whole rows put in, and everything that stands or points below moved.

That is what Excel does as rows are put in. Where something cannot be moved for certain, nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from lscb_workbook.ooxml.addresses import Area, parse_area
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.references import (
    LAST_COLUMN,
    LAST_ROW,
    UnsureError,
    moved_areas,
    moved_formula,
    rows_put_in,
)
from lscb_workbook.ooxml.relationships import drop_part, relationships
from lscb_workbook.ooxml.spans import in_utf8
from lscb_workbook.ooxml.tags import TAG, attribute

__all__ = ["Gap", "in_the_way", "put_in_rows"]

_BODY = re.compile(rb"<(?:\w+:)?sheetData\b.*</(?:\w+:)?sheetData\s*>", re.S)
_ROW = re.compile(rb"(<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'])(\d+)")
_CELL = re.compile(rb"(<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"'][A-Z]+)(\d+)")
_FORMULA_TAG = re.compile(rb"<(?:\w+:)?f\s[^>]*>")
_RANGE = re.compile(rb"(\s(?:ref|sqref|activeCell)\s*=\s*[\"'])([^\"']*)")
_LISTED = re.compile(rb"(<(?:\w+:)?sqref>)([^<]*)")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*>")
_BREAKS = re.compile(rb"<(?:\w+:)?rowBreaks\b.*?</(?:\w+:)?rowBreaks>", re.S)
_BREAK = re.compile(rb"(<(?:\w+:)?brk\s[^>]*?\bid\s*=\s*[\"'])(\d+)")
_NOTE_TAG = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)\s[^>]*>")
_TABLE = re.compile(rb"<(?:\w+:)?table\s[^>]*>")
_SOURCE = re.compile(rb"<(?:\w+:)?worksheetSource\b[^>]*>")
_ANCHOR = re.compile(rb"<((?:\w+:)?)(twoCellAnchor|oneCellAnchor|anchor)\b.*?</\1\2>", re.S)
_ANCHOR_ROW = re.compile(rb"(<(?:\w+:)?row>\s*)(\d+)")
_ANCHOR_COLUMN = re.compile(rb"<(?:\w+:)?col>\s*(\d+)")
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.S)
_SHAPE_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)")
_SHAPE_ROW = re.compile(rb"(<x:Row>\s*)(\d+)")
_FORMULAS = re.compile(
    rb"(<(?:\w+:)?(?:f|formula|formula1|formula2|definedName|calculatedColumnFormula|totalsRowFormula|Fmla\w+)"
    rb"(?:\s[^>]*)?(?<!/)>)([^<]*)"
)
_LINKS = re.compile(rb"(\s(?:textlink|location|fmla\w+)\s*=\s*[\"'])((?<=\")[^\"]*|(?<=')[^']*)")
_TIED = re.compile(
    rb"<(?:\w+:)?(?:f\s[^>]*\bt\s*=\s*[\"']dataTable|scenarios|dataConsolidate|customSheetViews"
    rb"|cellWatches|smartTags)\b"
)
_MOVED = ("worksheets", "charts", "drawings", "tables", "ctrlProps", "pivotCache")
"""The folders of the parts in which what refers to the sheet is moved."""
_UNMOVED = ("docProps/", "customXml/", "xl/theme/", "xl/sharedStrings", "xl/comments", "xl/threadedComments")
"""Parts that may name the sheet without pointing to a cell of it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows to put in: on which sheet (its name and part), below which row, how many; for which table."""

    sheet: str
    part: str
    after: int
    count: int
    table: str

    def move(self, area: Area) -> Area:
        """Where an area of the sheet comes to lie."""
        return rows_put_in(self.after, self.count)(area)

    def row(self, number: int) -> int:
        """Where a row of the sheet comes to lie."""
        return number + (self.count if number > self.after else 0)


def in_the_way(tail: bytes, drawings: Iterable[bytes], area: Area) -> bool:
    """Whether merged cells, or a drawing that begins there, lie in an area of a sheet.

    ``tail`` is what comes after the sheet's rows; ``drawings`` are the parts it leads to.
    """
    merged = (parse_area(attribute(tag[0], "ref") or "") for tag in _MERGED.finditer(tail))
    if any(one and _meet(one, area) for one in merged):
        return True
    for anchor in (found[0] for data in drawings for found in _ANCHOR.finditer(data)):
        rows = [int(one[2]) + 1 for one in _ANCHOR_ROW.finditer(anchor)]
        columns = [int(one[1]) + 1 for one in _ANCHOR_COLUMN.finditer(anchor)]
        if rows and columns and _meet(Area(rows[0], columns[0], rows[0], columns[-1]), area):
            return True
    return False


def _meet(one: Area, other: Area) -> bool:
    rows = one.first_row <= other.last_row and other.first_row <= one.last_row
    return rows and one.first_column <= other.last_column and other.first_column <= one.last_column


def _led(package: Package, part: str, *kinds: str) -> Iterator[str]:
    """The parts of these kinds that a part leads to."""
    for link in relationships(package, part):
        if link.kind in kinds and link.target in package:
            yield link.target


def put_in_rows(package: Package, gap: Gap, workbook: str, sheets: Mapping[str, str]) -> None:
    """Put rows into a sheet and move all that is below them, and all that refers to it.

    Formulas that several cells share must have been written out.
    ``workbook`` is the workbook's part; ``sheets`` the part of each sheet by name. Raises PackageError,
    with nothing changed, where something there cannot be moved for certain: its message is the reason.
    """
    _refuse_unsure(package, gap, workbook)
    changed: dict[str, bytes] = {}

    def read(part: str) -> bytes:
        return in_utf8(package.read(part))

    try:
        for name, part in sheets.items():
            here = part == gap.part
            data = _sheet_references(read(part), name, gap)
            changed[part] = _rows(data, gap) if here else data
            for table in _led(package, part, "table"):
                data = _references(read(table), name, gap)
                changed[table] = _ranges(data, gap) if here else data
            for control in _led(package, part, "ctrlProp"):
                changed[control] = _references(read(control), name, gap)
            for drawing in _led(package, part, "drawing"):
                data = _references(read(drawing), name, gap)
                changed[drawing] = _anchors(data, gap) if here else data
            for shapes in _led(package, part, "vmlDrawing"):
                data = _references(read(shapes), name, gap)
                changed[shapes] = _shapes(data, gap) if here else data
        drawn = (*sheets.values(), *_led(package, workbook, "chartsheet"))
        for drawing in (one for part in drawn for one in _led(package, part, "drawing")):
            for chart in _led(package, drawing, "chart", "chartEx"):
                changed[chart] = _references(read(chart), "", gap)
        for cache in _led(package, workbook, "pivotCacheDefinition"):
            changed[cache] = _SOURCE.sub(lambda tag: _source(tag[0], gap), read(cache))
        changed[workbook] = _references(read(workbook), "", gap)
    except UnsureError as error:
        raise PackageError(f"the formula {error} cannot be moved for certain") from None
    for notes in _led(package, gap.part, "comments", "threadedComment"):
        changed[notes] = _NOTE_TAG.sub(lambda tag: _ranges(tag[0], gap), read(notes))
    for part, data in changed.items():
        if data != read(part):
            package.replace(part, data)
    for chain in list(_led(package, workbook, "calcChain")):
        drop_part(package, chain, workbook)


# --- what is moved ---------------------------------------------------------------------------


def _rows(data: bytes, gap: Gap) -> bytes:
    """A sheet with its own rows, cells and ranges moved."""

    def number(match: re.Match[bytes]) -> bytes:
        return match[1] + str(gap.row(int(match[2]))).encode()

    def page_break(match: re.Match[bytes]) -> bytes:  # its id is that of the last row before it
        return match[1] + str(gap.row(int(match[2]) + 1) - 1).encode()

    def body(match: re.Match[bytes]) -> bytes:
        moved = _CELL.sub(number, _ROW.sub(number, match[0]))
        return _FORMULA_TAG.sub(lambda tag: _RANGE.sub(lambda one: _areas(one, gap), tag[0]), moved)

    def outside(text: bytes) -> bytes:
        text = _BREAKS.sub(lambda found: _BREAK.sub(page_break, found[0]), text)
        return _anchors(_ranges(text, gap), gap)

    found = _BODY.search(data)
    if found is None:
        return outside(data)
    return outside(data[: found.start()]) + body(found) + outside(data[found.end() :])


def _areas(match: re.Match[bytes], gap: Gap) -> bytes:
    return match[1] + moved_areas(match[2].decode(), gap.move).encode()


def _ranges(data: bytes, gap: Gap) -> bytes:
    """Markup with the ranges moved that its tags name."""
    data = TAG.sub(lambda tag: _RANGE.sub(lambda one: _areas(one, gap), tag[0]), data)
    return _LISTED.sub(lambda one: _areas(one, gap), data)


def _sheet_references(data: bytes, home: str, gap: Gap) -> bytes:
    """A sheet with its formulas moved, and its links; what is typed in its cells is left alone."""
    found = _BODY.search(data)
    if found is None:
        return _references(data, home, gap)
    head, tail = data[: found.start()], data[found.end() :]
    return _references(head, home, gap) + _formulas(found[0], home, gap) + _references(tail, home, gap)


def _references(data: bytes, home: str, gap: Gap) -> bytes:
    """Markup with the formulas and links in it moved; ``home`` is the sheet that it belongs to."""
    links = TAG.sub(lambda tag: _LINKS.sub(lambda one: _formula(one, home, gap), tag[0]), data)
    return _formulas(links, home, gap)


def _formulas(data: bytes, home: str, gap: Gap) -> bytes:
    return _FORMULAS.sub(lambda one: _formula(one, home, gap), data)


def _formula(match: re.Match[bytes], home: str, gap: Gap) -> bytes:
    said = unescape(match[2].decode())
    moved = moved_formula(said, home, gap.sheet, gap.move)
    written = escape(moved).replace('"', "&quot;")
    if match[1].endswith(b"'"):
        written = written.replace("'", "&apos;")
    return match[0] if moved == said else match[1] + written.encode()


def _source(tag: bytes, gap: Gap) -> bytes:
    """What a pivot table takes its records from."""
    same = (attribute(tag, "sheet") or "").casefold() == gap.sheet.casefold()
    return _ranges(tag, gap) if same else tag


def _anchors(data: bytes, gap: Gap) -> bytes:
    """Drawings and controls: what begins below is moved; what begins above keeps its place and size."""

    def one(match: re.Match[bytes]) -> bytes:
        first = _ANCHOR_ROW.search(match[0])
        if first is None or int(first[2]) < gap.after:
            return match[0]
        return _ANCHOR_ROW.sub(lambda row: row[1] + str(int(row[2]) + gap.count).encode(), match[0])

    return _ANCHOR.sub(one, data)


def _shapes(data: bytes, gap: Gap) -> bytes:
    """The shapes of notes and controls: where they stand (numbers 3 and 7), and whose they are."""

    def anchor(match: re.Match[bytes]) -> bytes:
        numbers = [int(one) for one in match[2].split(b",")]
        if len(numbers) != 8 or numbers[2] < gap.after:
            return match[0]
        numbers[2] += gap.count
        numbers[6] += gap.count
        return match[1] + ", ".join(map(str, numbers)).encode()

    def row(match: re.Match[bytes]) -> bytes:
        return match[1] + str(gap.row(int(match[2]) + 1) - 1).encode()

    return _SHAPE.sub(lambda shape: _SHAPE_ROW.sub(row, _SHAPE_ANCHOR.sub(anchor, shape[0])), data)


# --- what is not -----------------------------------------------------------------------------


def _refuse_unsure(package: Package, gap: Gap, workbook: str) -> None:
    """Raise PackageError where the sheet, or what refers to it, holds what cannot be moved for certain."""
    data = in_utf8(package.read(gap.part))
    below = Area(gap.after + 1, 1, LAST_ROW, LAST_COLUMN)
    for table in _led(package, gap.part, "table"):
        found = _TABLE.search(in_utf8(package.read(table)))
        area = parse_area(attribute(found[0], "ref") or "") if found else None
        if table != gap.table and (area is None or _meet(area, below)):
            raise PackageError("another table lies there or beside it")
    if any(True for _ in _led(package, gap.part, "pivotTable", "queryTable", "tableSingleCells")):
        raise PackageError("the sheet holds a pivot table or a query")
    if _TIED.search(data):
        raise PackageError("the sheet holds formulas or settings that are tied to its rows")
    if max((int(row[2]) for row in _ROW.finditer(data)), default=0) + gap.count > LAST_ROW:
        raise PackageError("the sheet has no more rows")
    for part in package.names:
        known = part.split("/")[1:2] and part.split("/")[1] in _MOVED
        if known or part == workbook or part.startswith(_UNMOVED) or not part.endswith(".xml"):
            continue
        if _names(in_utf8(package.read(part)), gap.sheet):
            raise PackageError(f"its part {part} refers to the sheet")


def _names(data: bytes, sheet: str) -> bool:
    """Whether a formula in this markup names a sheet."""
    plain = unescape(data.decode("utf-8", "replace")).casefold()
    name = sheet.casefold()
    return f"{name}!" in plain or name.replace("'", "''") + "'!" in plain or f"{name}:" in plain
