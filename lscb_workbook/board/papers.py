"""The files that a paper is written as, each beside the others under one name."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from lscb_workbook.board.content import Paper
from lscb_workbook.ooxml import PackageError, write_atomically
from lscb_workbook.ooxml.saving import holds
from lscb_workbook.plan.errors import WorkbookError

__all__ = ["Format", "write_paper"]


class Format(StrEnum):
    """What a paper can be written as, by the ending of its file."""

    WORD = ".docx"
    PDF = ".pdf"
    WEB = ".html"


def write_paper(
    paper: Paper, output: Path, formats: Iterable[Format], *, template: bytes | None = None
) -> tuple[Path, ...]:
    """Write a paper in each of these formats, beside ``output`` under its name; the files, in that order.

    ``template`` is a board's own Word template, for the Word paper and the PDF that is made of it. All are
    made before the first is written. A Word paper that is there already may have been edited, so it is not
    written over; PDFs and web pages are. Raises WorkbookError where that, or LibreOffice, is in the way.
    """
    made = _made(paper, tuple(dict.fromkeys(formats)), template)
    files = {output.with_suffix(kind): data for kind, data in made.items()}
    for path, data in files.items():
        if path.suffix == Format.WORD and path.exists() and not holds(path, data):
            raise WorkbookError(
                f"{path} is there already, and may have been edited. Move it away, or give another name."
            )
    for path, data in files.items():
        try:
            write_atomically(path, data)
        except PackageError as error:
            raise WorkbookError(str(error)) from error
    return tuple(files)


def _made(paper: Paper, formats: tuple[Format, ...], template: bytes | None) -> dict[Format, bytes]:
    # What each needs takes longer to load than most commands take.
    made: dict[Format, bytes] = {}
    if {Format.WORD, Format.PDF} & set(formats):
        from lscb_workbook.board.printing import word_to_pdf
        from lscb_workbook.board.word import write_word

        word = write_word(paper, template=template)
        made[Format.WORD] = word
        if Format.PDF in formats:
            made[Format.PDF] = word_to_pdf(word)
    if Format.WEB in formats:
        from lscb_workbook.board.web import write_web

        made[Format.WEB] = write_web(paper)
    return {kind: made[kind] for kind in formats}
