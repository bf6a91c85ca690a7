"""What a returned .ods carries beside its values: notes, formulas, errors, fills, merged areas, shapes, tabs.

Read row by row; of cells and rows that are repeated only the first counts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lscb_workbook.returns.files.marks_xlsx import own_words
from lscb_workbook.returns.files.opened import Marks, Merged, Spot, UnreadableError
from lscb_workbook.returns.files.tints import WHITE
from lscb_workbook.tracker.cells import words_of

__all__ = ["marks_of_ods"]

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _DRAW = f"{_OASIS}table:1.0}}", f"{_OASIS}text:1.0}}", f"{_OASIS}drawing:1.0}}"
_OFFICE, _STYLE = f"{_OASIS}office:1.0}}", f"{_OASIS}style:1.0}}"
_BACKGROUND = f"{_OASIS}xsl-fo-compatible:1.0}}background-color"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_OBJECTS = {f"{_DRAW}object", f"{_DRAW}object-ole"}
"""What has a picture only to stand in for it: charts and the like."""
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_MAX_PART = 1 << 28
_MAX_SPACES = 100
"""No more blanks than these for one ``text:s``, which can ask for any number."""
_REFERENCE = re.compile(r"\[\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::\.(\$?[A-Z]{1,3}\$?[0-9]{1,7}))?\]")

_Styles = dict[str, tuple[str, str]]
"""The background (``""`` where it has none of its own) and the parent of each cell style."""


@dataclass(slots=True)
class _Sheet:
    """The marks of the sheet being read, and the row that has been reached."""

    row: int = 0
    notes: dict[Spot, str] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    errors: dict[Spot, str] = field(default_factory=dict)
    fills: dict[Spot, str] = field(default_factory=dict)
    texts: dict[Spot, str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    pictures: int = 0

    def marks(self) -> Marks:
        return Marks(
            notes=self.notes,
            formulas=self.formulas,
            errors=self.errors,
            fills=self.fills,
            texts=self.texts,
            merged=tuple(self.merged),
            shapes=tuple(self.shapes),
            pictures=self.pictures,
        )


def marks_of_ods(data: bytes, known_fills: frozenset[str]) -> dict[str, Marks]:
    """The marks of an .ods by sheet, those that have any. Raises UnreadableError.

    ``known_fills`` are the colours (RRGGBB) that cells have as issued.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            common = _part(package, "styles.xml") if "styles.xml" in package.namelist() else b""
            content = _part(package, "content.xml")
        found = _sheets(common, content, known_fills | {WHITE})
    except UnreadableError:
        raise
    except Exception as error:  # whatever a damaged file makes a reader do, it is one file's fault
        raise UnreadableError("return-unreadable", f"it is damaged ({error})") from error
    return {name: marks for name, marks in found.items() if marks != Marks()}


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _MAX_PART:
        raise UnreadableError("return-unreadable", f"it would unpack to more than {_MAX_PART >> 20} MB")
    data = package.read(name)
    if any(mark in data for mark in _DOCTYPES):
        raise UnreadableError(
            "return-unreadable", "its content declares a document type, which no workbook does"
        )
    return data


def _sheets(common: bytes, content: bytes, own: frozenset[str]) -> dict[str, Marks]:
    styles: _Styles = {}
    for _, element in ElementTree.iterparse(io.BytesIO(common)) if common else ():
        if element.tag == f"{_STYLE}style":
            _note_style(element, styles)
    found: dict[str, Marks] = {}
    sheet, depth = _Sheet(), 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        tag = element.tag
        if tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                sheet = _Sheet()
            elif depth == 0:
                found.setdefault(element.get(f"{_TABLE}name", ""), sheet.marks())
                element.clear()
        elif event == "start":
            continue
        elif tag == f"{_STYLE}style":
            _note_style(element, styles)
        elif depth == 1 and tag == f"{_TABLE}shapes":
            _draw(element, sheet)
        elif depth == 1 and tag == f"{_TABLE}table-row":
            _read_row(element, sheet, styles, own)
            element.clear()
    return found


def _note_style(element: Element, styles: _Styles) -> None:
    if element.get(f"{_STYLE}family") == "table-cell":
        properties = element.find(f"{_STYLE}table-cell-properties")
        background = properties.get(_BACKGROUND, "") if properties is not None else ""
        styles[element.get(f"{_STYLE}name", "")] = (background, element.get(f"{_STYLE}parent-style-name", ""))


def _fill(style: str, styles: Mapping[str, tuple[str, str]]) -> str | None:
    """The background of a style or of the nearest that it is made from, as RRGGBB."""
    for _ in range(20):  # a style can be made to be its own ancestor
        background, style = styles.get(style, ("", ""))
        if background:
            return background[1:].upper() if re.fullmatch("#[0-9A-Fa-f]{6}", background) else None
    return None


# --- a row -----------------------------------------------------------------------------------


def _read_row(element: Element, sheet: _Sheet, styles: _Styles, own: frozenset[str]) -> None:
    column = 1
    for cell in element:
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            _read_cell(cell, Spot(sheet.row + 1, column), sheet)
            rgb = _fill(cell.get(f"{_TABLE}style-name", ""), styles)
            if rgb and rgb not in own:
                sheet.fills[Spot(sheet.row + 1, column)] = rgb
            column += _count(cell, f"{_TABLE}number-columns-repeated")
    sheet.row += _count(element, f"{_TABLE}number-rows-repeated")


def _count(element: Element, name: str) -> int:
    return max(int(element.get(name, "1")), 1)


def _read_cell(cell: Element, spot: Spot, sheet: _Sheet) -> None:
    down, across = (_count(cell, f"{_TABLE}number-{side}-spanned") for side in ("rows", "columns"))
    if down > 1 or across > 1:
        sheet.merged.append(Merged(*spot, spot.row + down - 1, spot.column + across - 1))
    if formula := cell.get(f"{_TABLE}formula"):
        sheet.formulas[spot] = _typed(formula)
    if len(cell) == 0:
        return
    if cell.get(f"{_CALC}value-type") == "error":
        sheet.errors[spot] = _text(cell)
    elif any(True for _ in cell.iter(f"{_TEXT}tab")) and "\t" in (text := _text(cell)):
        sheet.texts[spot] = text
    notes = [own_words(_text(note, deep=True)) for note in cell.findall(f"{_OFFICE}annotation")]
    if said := "\n".join(note for note in notes if note):
        sheet.notes[spot] = said
    _draw(cell, sheet)


def _typed(formula: str) -> str:
    """A formula as it is typed in Excel, where that is plain; else as it stands, from its ``=``."""
    formula = re.sub(r"^[A-Za-z]+:(?==)", "", formula)
    if "'" in formula or "{" in formula:
        return formula
    parts = formula.split('"')
    for number in range(0, len(parts), 2):  # outside quotes
        said = _REFERENCE.sub(lambda match: f"{match[1]}:{match[2]}" if match[2] else match[1], parts[number])
        parts[number] = said.replace(";", ",")
    return '"'.join(parts)


def _draw(place: Element, sheet: _Sheet) -> None:
    """Note the shapes and pictures in a cell, or on the sheet."""
    drawn = [*place][::-1]
    while drawn:
        element = drawn.pop()
        if element.tag in (f"{_DRAW}g", f"{_DRAW}a"):
            drawn += [*element][::-1]
        elif element.tag.startswith(_DRAW) and element.tag != f"{_DRAW}control":
            if text := _text(element, deep=True):
                sheet.shapes.append(text)
            kinds = {child.tag for child in element}
            sheet.pictures += f"{_DRAW}image" in kinds and not kinds & _OBJECTS


# --- text ------------------------------------------------------------------------------------


def _text(element: Element, *, deep: bool = False) -> str:
    """The paragraphs of an element, one a line; with ``deep`` those within what is in it as well."""
    paragraphs = element.iter(f"{_TEXT}p") if deep else element.findall(f"{_TEXT}p")
    return words_of("\n".join("".join(_pieces(paragraph)) for paragraph in paragraphs))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag == f"{_TEXT}s":
            yield " " * min(_count(child, f"{_TEXT}c"), _MAX_SPACES)
        elif child.tag.startswith(_TEXT):
            yield from _pieces(child)
        yield child.tail or ""
