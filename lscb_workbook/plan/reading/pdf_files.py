"""A plan in a PDF: the tables that pdfplumber finds on its pages, from the first to the last."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.banners import heading_among
from lscb_workbook.plan.reading.pdf_cells import is_in, table_cells
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable

if TYPE_CHECKING:
    from pdfplumber.page import Page

__all__ = ["source_of_pdf"]

_FIGURES = re.compile(r"\d+")
_DAMAGE = re.compile(r"data-loss|not adding object|corrupt", re.IGNORECASE)


def source_of_pdf(data: bytes, name: str) -> Source:
    """The tables of a PDF, a table for each on each page, and the lines outside them.

    Raises WorkbookError where the file is no PDF, is locked with a password, or holds no text at all.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    tables: list[SourceTable] = []
    paragraphs: list[str] = []
    notes: list[str] = []
    doubts: list[str] = []
    try:
        with _told() as told, pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages, 1):
                found, lines = _read_page(page, number)
                tables += found
                paragraphs += lines
                notes += (
                    f"a remark on page {number}: {text}" for one in page.annots if (text := _remark(one))
                )
                if page.images and not page.chars:
                    doubts.append(f"page {number} holds only a picture, and nothing was read of it")
                page.close()
    except Exception as error:  # whatever pdfminer stumbles over in a damaged file
        if any(isinstance(one, PDFPasswordIncorrect) for one in error.args):
            raise WorkbookError(
                f"{name} is locked with a password. Save a copy without one and read that."
            ) from None
        raise WorkbookError(
            f"{name} cannot be opened as a PDF. Open it, print it to PDF again, and read that."
        ) from None
    if not tables and not paragraphs:
        raise WorkbookError(
            f"{name} holds no text, only pictures of pages. Read the document that it was made from, or put "
            "it through text recognition first."
        )
    tables = _without_running_heads(tables, paragraphs)
    if told:
        doubts.append("the file is damaged in places and words may be missing: compare it with the paper")
    return Source(name, tuple(tables), tuple(paragraphs), tuple(notes), tuple(doubts))


def _is_title(line: Mapping[str, Any]) -> bool:
    """Whether a line is set in bold from end to end."""
    return all("bold" in char["fontname"].casefold() for char in line["chars"] if char["text"].strip())


def _without_running_heads(tables: Sequence[SourceTable], lines: Sequence[str]) -> list[SourceTable]:
    """Tables without the titles that are the heads of pages: lines that are there again, but for figures."""
    often = Counter(_FIGURES.sub("", line) for line in lines)
    return [
        replace(table, titles=tuple(one for one in table.titles if often[_FIGURES.sub("", one)] == 1))
        for table in tables
    ]


def _remark(note: Mapping[str, object]) -> str:
    """What a person wrote in a note on a page."""
    text = note.get("contents")
    return " ".join(text.split()) if isinstance(text, str) else ""


class _Ear(logging.Handler):
    """Keeps what is said to a log of words that may be lost; much else is said of sound files too."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if _DAMAGE.search(said := record.getMessage()):
            self.told.append(said)


@contextmanager
def _told() -> Iterator[list[str]]:
    """What pdfminer says to its log meanwhile, instead of to the screen: of damage it says nothing else."""
    log, ear = logging.getLogger("pdfminer"), _Ear()
    before = log.propagate
    log.addHandler(ear)
    log.propagate = False
    try:
        yield ear.told
    finally:
        log.removeHandler(ear)
        log.propagate = before


def _read_page(page: Page, number: int) -> tuple[list[SourceTable], list[str]]:
    """The tables of a page from its top down, and every line of it that stands in no cell of them."""
    found = sorted(page.find_tables(), key=lambda table: (table.bbox[1], table.bbox[0]))
    cells = [cell for table in found for cell in table.cells]
    outside = page.filter(lambda one: one["object_type"] == "char" and not is_in(one, cells))
    lines = [line for line in outside.extract_text_lines() if line["text"].strip()]
    tables = []
    above = 0.0
    for at, table in enumerate(found):
        place = f"page {number}" if len(found) == 1 else f"page {number}, table {at + 1}"
        rows = tuple(
            SourceRow(
                f"{place}, row {row}",
                tuple(cell or "" for cell in held),
                new_page=row == 1 and at == 0,
                spans=len(held) > 2 and bool(held[0]) and all(cell is None for cell in held[1:]),
            )
            for row, held in enumerate(table_cells(page, table), 1)
        )
        top = table.bbox[1]
        between = [line for line in lines if above <= line["top"] and line["bottom"] <= top + 2]
        titles = [line["text"] for line in between if _is_title(line)]
        heading = heading_among([line["text"] for line in between])
        tables.append(SourceTable(rows, place, heading, tuple(titles[-1:])))
        above = table.bbox[3] - 2
    return tables, [line["text"] for line in lines]
