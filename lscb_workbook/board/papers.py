"""The files that a paper is written as, each beside the others under one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from lscb_workbook.board.content import Paper
from lscb_workbook.ooxml import PackageError, write_atomically
from lscb_workbook.ooxml.saving import real_path
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.saving import is_there

__all__ = ["Format", "paper_files", "refuse_written_over", "write_paper"]


class Format(StrEnum):
    """What a paper can be written as, by the ending of its file."""

    WORD = ".docx"
    PDF = ".pdf"
    WEB = ".html"


def write_paper(
    paper: Paper, files: Mapping[Path, Format], *, template: bytes | None = None
) -> tuple[Path, ...]:
    """Write a paper in each of these formats; the files, in that order.

    ``template`` is a board's own Word template, for the Word paper and the PDF that is made of it. All are
    made before the first is written. Raises WorkbookError where LibreOffice is needed and missing, or a file
    cannot be written.
    """
    made = _made(paper, tuple(files.values()), template)
    for path, kind in files.items():
        try:
            write_atomically(path, made[kind])
        except PackageError as error:
            raise WorkbookError(str(error)) from error
    return tuple(files)


def paper_files(output: Path, formats: Iterable[Format]) -> dict[Path, Format]:
    """Where a paper is written: beside ``output`` under its name, and what each file is."""
    return {
        output if kind == output.suffix.casefold() else output.with_suffix(kind): kind
        for kind in dict.fromkeys(formats)
    }


def refuse_written_over(files: Iterable[Path], others: Iterable[Path], *, replace: bool) -> None:
    """Raise WorkbookError where a paper would take the place of one of the ``others`` (the master, a
    template, backups), or, without ``replace``, of any file that is there."""
    kept = {real_path(path.absolute()) for path in others}
    for path in files:
        if real_path(path.absolute()) in kept:
            raise WorkbookError(
                f"{path} is the master itself, its template or a backup, and a paper must not take its "
                "place. Give the paper another name. Nothing was changed."
            )
        if is_there(path) and not replace:
            raise WorkbookError(
                f"{path} is there already: a paper that you edited, perhaps, or the public version. Move it "
                "away, give another name, or say --replace. Nothing was changed."
            )


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
