"""What a workbook holds beside the values of its cells: notes, text boxes, and formulas never calculated."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from zipfile import ZipFile

from lscb_workbook.plan.reading.fills import colour_named

if TYPE_CHECKING:
    from lxml.etree import _Element
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Beside", "as_seen", "beside_cells"]

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OPEN = b"application/vnd.oasis.opendocument.spreadsheet"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_PLACES = re.compile(r"[#,]*0(?:\.(?P<places>0+))?(?P<share>%)?")
_MONTH_ONLY = re.compile(r"[^\W\d_]{3,9}[ ./'’-]*(?:\d\d|\d{4})|\d{1,2}[/.-]\d{4}")
_DRAWING = re.compile(r"xl/drawings/[^/]+\.xml")
_THREAD = re.compile(r"xl/threadedComments/[^/]+\.xml", re.IGNORECASE)


Place = tuple[str, int, int]
"""A sheet's name, and the row and column of a cell in it, from 1."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a workbook says beside the values of its cells. ``seen`` has the cells that a reader sees
    otherwise than as their value, such as a month of which the value is its first day; ``fills``
    has the colours of cells."""

    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    seen: Mapping[Place, str] = field(default_factory=dict)
    fills: Mapping[Place, str] = field(default_factory=dict)


def beside_cells(data: bytes, shown: Mapping[str, Sequence[Sequence[str]]]) -> Beside:
    """What else a workbook says, what of its cells a person must look at, and how they look.

    Args:
        data: the file; of an ``.ods`` only notes are told, of one that is not zipped nothing.
        shown: the cells of each sheet as they were read, by its name.
    """
    from openpyxl import load_workbook

    if not data.startswith(b"PK"):
        return Beside()
    seen: dict[Place, str] = {}
    fills: dict[Place, str] = {}
    try:
        if _OPEN in data[:200]:
            content = _content(data)
            return Beside(tuple(dict.fromkeys(_annotated(content))), seen=dict(_months(content)))
        notes = list(_drawn(data))
        doubts: list[str] = []
        sheets = load_workbook(io.BytesIO(data)).worksheets
        doubts += (text for sheet in sheets for text in _hidden(sheet))
        for sheet, cell in _cells(sheets):
            at = (sheet, cell.row, cell.column)
            if text := as_seen(cell.value, cell.number_format):
                seen[at] = text
            if fill := _fill(cell):
                fills[at] = fill
            where = f"{sheet}, {cell.coordinate}"
            if cell.comment:
                notes.append(f"in a note at {where}: {' '.join(cell.comment.text.split())}")
            if cell.data_type in "fe" and not _value(shown.get(sheet, ()), cell.row, cell.column):
                doubts.append(
                    f"{where} has no value to be read ({cell.value}): mend it, or save the workbook in "
                    "Excel, and read it again"
                )
            if cell.value is not None and cell.font.strike:
                doubts.append(f"{where} is struck through: see whether it still counts")
    except Exception:  # whatever zip, XML or openpyxl stumble over; the cells themselves were read
        return Beside((), ("its notes and formulas could not be read: look for them in Excel",))
    return Beside(tuple(dict.fromkeys(notes)), tuple(doubts), seen, fills)


def as_seen(value: object, number_format: str) -> str:
    """What a reader sees of a number or a date that is shown otherwise than as it stands: of a month that, of
    a share its percentage, of 1.1 with two places 1.10; ``""`` of any other."""
    shape = _QUOTED.sub("", number_format.split(";")[0]).casefold()
    if isinstance(value, date) and "y" in shape and "m" in shape and "d" not in shape:
        return f"{value:%B %Y}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if found := _PLACES.fullmatch(shape):
        places = len(found["places"] or "")
        return f"{value * 100:.{places}f}%" if found["share"] else f"{value:.{places}f}" if places else ""
    return ""


def _fill(cell: Cell) -> str:
    """The colour of a cell that has one of its own, by name."""
    fill = cell.fill
    code = fill.fgColor.rgb if fill.patternType == "solid" and fill.fgColor.type == "rgb" else None
    return colour_named(code[-6:]) if isinstance(code, str) else ""


def _hidden(sheet: Worksheet) -> Iterator[str]:
    """What of a sheet is hidden and read all the same."""
    if sheet.sheet_state != "visible":
        yield f"{sheet.title} is a hidden sheet: see whether what it holds is of the plan"
        return
    rows = [number for number, row in sheet.row_dimensions.items() if row.hidden and number <= sheet.max_row]
    filled = [str(number) for number in rows if any(cell.value is not None for cell in sheet[number])]
    if filled:
        which = ", ".join(filled[:10]) + (", ..." if len(filled) > 10 else "")
        yield f"{sheet.title} has hidden rows ({which}): see whether they are of the plan"
    columns = [name for name, column in sheet.column_dimensions.items() if column.hidden]
    if columns:
        yield f"{sheet.title} has hidden columns ({', '.join(columns)}): see whether they are of the plan"


def _content(data: bytes) -> _Element:
    """The sheets of an OpenDocument."""
    from lxml import etree

    with ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read("content.xml"), etree.XMLParser(resolve_entities=False))


def _months(content: _Element) -> Iterator[tuple[Place, str]]:
    """The cells of an OpenDocument whose value is a day but that show only its month."""
    for sheet in content.iter(f"{_TABLE}table"):
        down = 0
        for row in sheet.iter(f"{_TABLE}table-row"):
            across = 0
            for cell in row:
                day = cell.get(f"{_OFFICE}date-value", "")
                line = cell.find(f"{_TEXT}p")
                text = "".join(line.itertext()).strip() if line is not None else ""
                if day and _MONTH_ONLY.fullmatch(text):
                    month = f"{date.fromisoformat(day[:10]):%B %Y}"
                    yield (sheet.get(f"{_TABLE}name", ""), down + 1, across + 1), month
                across += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            down += int(row.get(f"{_TABLE}number-rows-repeated", "1"))


def _annotated(content: _Element) -> Iterator[str]:
    """The notes on the cells of an OpenDocument."""
    for note in content.iter(f"{_OFFICE}annotation"):
        lines = ("".join(line.itertext()).strip() for line in note.iter(f"{_TEXT}p"))
        yield f"in a note on a cell: {' '.join(filter(None, lines))}"


def _drawn(data: bytes) -> Iterator[str]:
    """The text of shapes, and of threads of comments, which openpyxl passes over."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False)
    with ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            if _DRAWING.fullmatch(part):
                for line in etree.fromstring(package.read(part), parser).iter(f"{_DRAWN}p"):
                    if text := "".join(piece.text or "" for piece in line.iter(f"{_DRAWN}t")).strip():
                        yield f"in a text box: {text}"
            elif _THREAD.fullmatch(part):
                for one in etree.fromstring(package.read(part), parser).iter(f"{_THREADED}threadedComment"):
                    text = " ".join("".join(one.itertext()).split())
                    yield f"in a comment at {one.get('ref', 'a cell')}: {text}"


def _cells(sheets: Sequence[Worksheet]) -> Iterator[tuple[str, Cell]]:
    """Every cell with the name of its sheet; of merged cells the first."""
    from openpyxl.cell.cell import Cell

    for sheet in sheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell):
                    yield sheet.title, cell


def _value(rows: Sequence[Sequence[str]], row: int, column: int) -> str:
    """What was read of a cell; ``""`` where nothing was."""
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
