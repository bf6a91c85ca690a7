"""A plan in a Word document: its tables with their drop-downs, merged cells and bullets.

The XML is walked itself, since python-docx passes over what content controls hold.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["source_of_word"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LATER = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr"))
_BOX = f"{_W}txbxContent"


def source_of_word(data: bytes, name: str) -> Source:
    """The tables of a document, and the text outside them.

    Raises WorkbookError where the file is no Word document, is damaged, or is locked with a password.
    """
    from docx import Document

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookError(
            f"{name} is locked with a password, or a document of Word before 2007. "
            "Save it as .docx without a password."
        )
    try:
        document = Document(io.BytesIO(data))
    except Exception:  # whatever zip, XML or python-docx stumble over in a damaged file
        raise WorkbookError(
            f"{name} cannot be opened as a Word document. Open it in Word, save it as .docx, and read that."
        ) from None
    body = document.element.body
    tables = tuple(
        _table(table, number, _above(table)) for number, table in enumerate(_outermost(body, f"{_W}tbl"), 1)
    )
    paragraphs = tuple(text for text in (_text(one) for one in _outside(body)) if text.strip())
    notes = []
    gone = ["".join(one.itertext()) for one in body.iter(f"{_W}delText")]
    if any(text.strip() for text in gone):
        notes.append(f"text struck out in tracked changes, not read: {' | '.join(filter(str.strip, gone))}")
    for section in document.sections:
        for part in (section.header, section.footer):
            text = " ".join(_text(one) for one in part._element.iter(f"{_W}p")).strip()
            if text and (note := f"at the head or foot of its pages: {text}") not in notes:
                notes.append(note)
    return Source(name, tables, paragraphs, tuple(notes))


def _above(table: _Element) -> str:
    """The text of the nearest paragraph above a table that has any, up to the table before."""
    for element in table.itersiblings(preceding=True):
        if element.tag != f"{_W}p":
            return ""
        if text := _text(element).strip():
            return text
    return ""


def _table(table: _Element, number: int, heading: str) -> SourceTable:
    rows: list[SourceRow] = []
    for at, row in enumerate(_outermost(table, f"{_W}tr"), 1):
        cells: list[str] = [""] * _skipped(row, "gridBefore")
        held = list(_outermost(row, f"{_W}tc"))
        for cell in held:
            wide = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            below = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = below is not None and below.get(f"{_W}val", "continue") == "continue"
            text = _cell(cell)
            cells += ["" if goes_on and not text.strip() else text, *[""] * (wide - 1)]
        rows.append(
            SourceRow(f"table {number}, row {at}", tuple(cells), spans=len(held) == 1 and len(cells) > 2)
        )
    return SourceTable(tuple(rows), f"table {number}", heading)


def _cell(cell: _Element) -> str:
    """The paragraphs of a cell as lines; those of a table within it too."""
    texts = []
    for paragraph in cell.iter(f"{_W}p"):
        if any(parent.tag in _LATER for parent in paragraph.iterancestors()):
            continue
        text = _text(paragraph)
        listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        listed = listed or (style is not None and style.get(f"{_W}val", "").startswith("List"))
        texts.append(f"• {text}" if listed and text.strip() else text)
    return "\n".join(text for text in texts if text.strip())


def _text(paragraph: _Element) -> str:
    """The text of one paragraph. Text boxes in it have paragraphs of their own; what a drop-down shows before
    anything is chosen is no text."""
    return "".join(_pieces(paragraph))


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag in _LATER or child.tag == _BOX:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag != f"{_W}p" and isinstance(child.tag, str):
            yield from _pieces(child)


def _outermost(element: _Element, tag: str) -> Iterator[_Element]:
    """The elements of a tag that stand in no other of it; content controls are looked into."""
    for child in element:
        if child.tag in _LATER:
            continue
        if child.tag == tag:
            yield child
        else:
            yield from _outermost(child, tag)


def _outside(body: _Element) -> Iterator[_Element]:
    for paragraph in body.iter(f"{_W}p"):
        if not any(parent.tag == f"{_W}tbl" for parent in paragraph.iterancestors()):
            yield paragraph


def _skipped(row: _Element, name: str) -> int:
    return _number(row.find(f"{_W}trPr/{_W}{name}"), 0)


def _number(element: _Element | None, usual: int) -> int:
    written = element.get(f"{_W}val", "") if element is not None else ""
    return min(int(written), 100) if written.isdigit() else usual
