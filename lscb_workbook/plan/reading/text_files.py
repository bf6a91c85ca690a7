"""A plan's text with its tables as lines of cells parted by tabs, as copied out of a PDF or a web page."""

from __future__ import annotations

import re

from lscb_workbook.plan.reading.banners import heading_among
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable

__all__ = ["source_of_text", "text_of"]

_STROKE = re.compile(r"(?<!\\)\|")


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or else in the code page of Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def source_of_text(text: str, name: str) -> Source:
    """The tables and paragraphs of a text. A blank line ends a table, and the next begins a page."""
    tables: list[SourceTable] = []
    rows: list[SourceRow] = []
    paragraphs: list[str] = []
    above: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if (cells := _cells(line)) is not None:
            if any(cell.strip(" :-") for cell in cells):  # not the rule below a table's headings
                rows.append(SourceRow(f"line {number}", cells, new_page=not rows))
            continue
        if rows:
            tables.append(_table(rows, above))
            rows, above = [], []
        if line.strip():
            above.append(line.strip())
            paragraphs.append(line.strip())
    if rows:
        tables.append(_table(rows, above))
    return Source(name, tuple(tables), tuple(paragraphs))


def _cells(line: str) -> tuple[str, ...] | None:
    """The cells of a line, parted by tabs, or by upright strokes from its first sign to its last; None of any
    other line."""
    if "\t" in line:
        return tuple(line.split("\t"))
    bare = line.strip()
    if len(bare) > 1 and bare.startswith("|") and bare.endswith("|"):
        return tuple(cell.strip().replace("\\|", "|") for cell in _STROKE.split(bare[1:-1]))
    return None


def _table(rows: list[SourceRow], above: list[str]) -> SourceTable:
    """A table below the lines ``above`` it; the last of them is its title."""
    lines = [line.lstrip("# ") for line in above]
    return SourceTable(tuple(rows), heading=heading_among(lines), titles=tuple(lines[-1:]))
