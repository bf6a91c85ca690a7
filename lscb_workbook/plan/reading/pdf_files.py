"""A plan in a PDF: the tables that pdfplumber finds on its pages, from the first to the last."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable

if TYPE_CHECKING:
    from pdfplumber.page import Page

__all__ = ["source_of_pdf"]

_DAMAGE = re.compile(r"data-loss|not adding object|corrupt", re.IGNORECASE)
_BULLET = re.compile(r"^[•●▪◦‣·\uf0b7\uf0a7]")
_DASH = re.compile(r"^(?:[•●▪◦‣·\uf0b7\uf0a7]|[-–]\s)")


def source_of_pdf(data: bytes, name: str) -> Source:
    """The tables of a PDF, a table for each on each page, and the lines outside them.

    Raises WorkbookError where the file is no PDF, is locked with a password, or holds no text at all.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    tables: list[SourceTable] = []
    paragraphs: list[str] = []
    try:
        with _told() as told, pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages, 1):
                found, lines = _read_page(page, number)
                tables += found
                paragraphs += lines
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
    damage = ("the file is damaged in places and words may be missing: compare it with the paper",)
    return Source(name, tuple(tables), tuple(paragraphs), doubts=damage if told else ())


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
    outside = page.filter(lambda one: one["object_type"] == "char" and not _is_in(one, cells))
    lines = [line for line in outside.extract_text_lines() if line["text"].strip()]
    tables = []
    above = 0.0
    for at, table in enumerate(found):
        place = f"page {number}" if len(found) == 1 else f"page {number}, table {at + 1}"
        rows = tuple(
            SourceRow(
                f"{place}, row {row}",
                tuple(_unwrapped(cell or "") for cell in held),
                new_page=row == 1 and at == 0,
                spans=len(held) > 2 and bool(held[0]) and all(cell is None for cell in held[1:]),
            )
            for row, held in enumerate(table.extract(), 1)
        )
        top = table.bbox[1]
        heading = [line["text"] for line in lines if above <= line["top"] and line["bottom"] <= top + 2]
        tables.append(SourceTable(rows, place, heading[-1] if heading else ""))
        above = table.bbox[3] - 2
    return tables, [line["text"] for line in lines]


def _is_in(char: Mapping[str, float], cells: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether the middle of a letter is in a cell, which is when pdfplumber counts it to the cell."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(left <= across < right and top <= down < bottom for left, top, right, bottom in cells)


def _unwrapped(cell: str) -> str:
    """A cell whose lines are those of the page: each joined to the one before, unless a bullet begins it."""
    lines: list[str] = []
    begins = _DASH if _DASH.match(cell.strip()) else _BULLET
    for line in cell.split("\n"):
        if lines and not begins.match(line.strip()):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)
