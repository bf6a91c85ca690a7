"""A plan in a Word document: its tables with their drop-downs, merged cells and bullets.

The XML is walked itself, since python-docx passes over what content controls hold. A table that only lays out
others, with headings of their own, is read as those.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.banners import heading_among
from lscb_workbook.plan.reading.fills import colour_named
from lscb_workbook.plan.reading.headings import heading_roles
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element

__all__ = ["source_of_word"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LATER = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr"))
_BOX = f"{_W}txbxContent"
_HEADING = re.compile(r"heading [1-9]", re.IGNORECASE)
_BOLD = 10  # the level of a bold line, below those of all headings
_HEAD = 3  # rows of a table among which its headings are
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SIGNS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xB7: "•", 0xA7: "•", 0xE0: "→"}
"""What Wingdings shows, by the last byte of its code."""
_ASIDE = {
    "header": "at the head of its pages",
    "footer": "at the foot of its pages",
    "comments": "in a comment",
    "footnotes": "in a footnote",
    "endnotes": "in an endnote",
}
"""Parts of a document beside its text, by the kind of their relationship, and where a reader sees them."""


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
    titles = _titles(document)
    tables = tuple(
        _table(table, number, _above(table), titles.get(table, ()))
        for number, table in enumerate(_tables(body), 1)
    )
    paragraphs = tuple(text for text in (_text(one) for one in _outside(body)) if text.strip())
    notes = []
    gone = ["".join(one.itertext()) for one in body.iter(f"{_W}delText")]
    if any(text.strip() for text in gone):
        notes.append(f"text struck out in tracked changes, not read: {' | '.join(filter(str.strip, gone))}")
    notes += _aside(document)
    doubts = (f"'{text}' is struck through: see whether it still counts" for text in _struck(body))
    return Source(name, tables, paragraphs, tuple(dict.fromkeys(notes)), tuple(doubts))


def _titles(document: WordDocument) -> dict[_Element, tuple[str, ...]]:
    """The titles that each table of the body stands under, the widest first: paragraphs of a heading's style,
    and those that are bold from end to end right above a table, as its narrowest."""
    levels = {style.style_id: int(style.name[-1]) for style in document.styles if _is_title(style.name)}
    found: dict[_Element, tuple[str, ...]] = {}
    above: dict[int, str] = {}
    for one in document.element.body.iter(f"{_W}p", f"{_W}tbl"):
        if any(parent.tag == f"{_W}tbl" for parent in one.iterancestors()):
            continue
        if one.tag == f"{_W}tbl":
            found[one] = tuple(above[level] for level in sorted(above))
            continue
        style = one.find(f"{_W}pPr/{_W}pStyle")
        level = levels.get(style.get(f"{_W}val", ""), 0) if style is not None else 0
        level = level or (_BOLD if _is_bold(one) else 0)
        if level and (text := _text(one).strip()):
            above = {known: title for known, title in above.items() if known < level} | {level: text}
    return found


def _is_title(style: str | None) -> bool:
    return style is not None and _HEADING.fullmatch(style) is not None


def _is_bold(paragraph: _Element) -> bool:
    """Whether a paragraph has a text and all of it is bold."""
    runs = [run for run in paragraph.iter(f"{_W}r") if _text(run).strip()]
    return bool(runs) and all(_is_on(run.find(f"{_W}rPr/{_W}b")) for run in runs)


def _struck(body: _Element) -> Iterator[str]:
    """What a line goes through, paragraph by paragraph."""
    for paragraph in body.iter(f"{_W}p"):
        runs = [one for one in paragraph.iter(f"{_W}r") if _is_on(one.find(f"{_W}rPr/{_W}strike"))]
        if text := "".join(map(_text, runs)).strip():
            yield text


def _is_on(mark: _Element | None) -> bool:
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


def _aside(document: WordDocument) -> Iterator[str]:
    """What stands beside the text, at the head of pages or in comments, each with where it does."""
    from lxml import etree

    for related in document.part.rels.values():
        where = _ASIDE.get(related.reltype.rpartition("/")[2])
        if where is None or related.is_external:
            continue
        part = etree.fromstring(related.target_part.blob, etree.XMLParser(resolve_entities=False))
        each = [part] if where.startswith("at") else list(part)
        for one in each:
            text = " ".join(filter(None, (_text(line).strip() for line in one.iter(f"{_W}p"))))
            if text:
                yield f"{where}: {text}"


def _tables(within: _Element) -> Iterator[_Element]:
    """The tables of a document, and behind one that lays out others those."""
    for table in _outermost(within, f"{_W}tbl"):
        yield table
        yield from _laid_out(table)


def _laid_out(table: _Element) -> list[_Element]:
    """The tables with headings of their own inside one that has none; a plan's cell may hold tables too."""
    if _is_headed(table):
        return []
    inner = _outermost(table, f"{_W}tbl")
    return [one for table in inner for one in ([table] if _is_headed(table) else _laid_out(table))]


def _is_headed(table: _Element) -> bool:
    """Whether one of a table's first rows holds the headings of a plan."""
    rows = list(_outermost(table, f"{_W}tr"))[:_HEAD]
    return any(heading_roles([_cell(one) for one in _outermost(row, f"{_W}tc")]) for row in rows)


def _above(table: _Element) -> str:
    """The text above a table that heads it, up to the table before."""
    above = takewhile(lambda one: one.tag == f"{_W}p", table.itersiblings(preceding=True))
    lines = [text for one in above if (text := _text(one).strip())]
    return heading_among(lines[::-1])


def _table(table: _Element, number: int, heading: str, titles: tuple[str, ...]) -> SourceTable:
    rows: list[SourceRow] = []
    apart = _laid_out(table)
    for at, row in enumerate(_outermost(table, f"{_W}tr"), 1):
        cells: list[str] = [""] * _skipped(row, "gridBefore")
        fills = list(cells)
        held = list(_outermost(row, f"{_W}tc"))
        for cell in held:
            wide = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            below = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = below is not None and below.get(f"{_W}val", "continue") == "continue"
            text = _cell(cell, apart)
            cells += ["" if goes_on and not text.strip() else text, *[""] * (wide - 1)]
            shade = cell.find(f"{_W}tcPr/{_W}shd")
            fill = colour_named(shade.get(f"{_W}fill", "")) if shade is not None and not goes_on else ""
            fills += [fill] * wide
        place, spans = f"table {number}, row {at}", len(held) == 1 and len(cells) > 2
        rows.append(SourceRow(place, tuple(cells), spans=spans, fills=tuple(fills)))
    return SourceTable(tuple(rows), f"table {number}", heading, titles)


def _cell(cell: _Element, apart: Sequence[_Element] = ()) -> str:
    """The paragraphs of a cell as lines; those of a table within it too, unless that is read ``apart``."""
    texts = []
    for paragraph in cell.iter(f"{_W}p"):
        if any(parent.tag in _LATER or parent in apart for parent in paragraph.iterancestors()):
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
        if child.tag in _LATER or child.tag == _BOX or _is_unfilled(child):
            continue
        if child.tag in (f"{_W}t", _MATHS):
            yield child.text or ""
        elif child.tag == f"{_W}sym":
            yield _sign(child.get(f"{_W}char", ""))
        elif child.tag == f"{_W}ddList":
            yield _chosen(child)
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag != f"{_W}p" and isinstance(child.tag, str):
            yield from _pieces(child)


def _is_unfilled(element: _Element) -> bool:
    """Whether a content control shows only what to do: ``Choose an item.``"""
    return element.tag == f"{_W}sdt" and _is_on(element.find(f"{_W}sdtPr/{_W}showingPlcHdr"))


def _sign(code: str) -> str:
    """A sign of a font of signs: a tick or a box as everybody writes it, another as its font has it."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return _SIGNS.get(number & 0xFF, chr(number)) if number <= 0xFFFF else ""


def _chosen(form: _Element) -> str:
    """What is chosen in a drop-down of an old form; the first entry where nothing else was."""
    entries = [entry.get(f"{_W}val", "") for entry in form.iter(f"{_W}listEntry")]
    at = _number(form.find(f"{_W}result"), 0)
    return entries[at] if at < len(entries) else ""


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
