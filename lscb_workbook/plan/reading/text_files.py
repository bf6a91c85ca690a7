"""A plan's text with its tables as lines of cells parted by tabs, as copied out of a PDF or a web page."""

from __future__ import annotations

from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable

__all__ = ["source_of_text", "text_of"]


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
    heading = ""
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            rows.append(SourceRow(f"line {number}", tuple(line.split("\t")), new_page=not rows))
            continue
        if rows:
            tables.append(SourceTable(tuple(rows), heading=heading))
            rows, heading = [], ""
        if line.strip():
            heading = line.strip()
            paragraphs.append(heading)
    if rows:
        tables.append(SourceTable(tuple(rows), heading=heading))
    return Source(name, tuple(tables), tuple(paragraphs))
