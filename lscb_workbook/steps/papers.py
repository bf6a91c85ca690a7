"""The board's paper."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.board import (
    Format,
    Front,
    make_paper,
    paper_files,
    print_tabs,
    refuse_written_over,
    write_paper,
)
from lscb_workbook.live import excel_printer
from lscb_workbook.ooxml import PackageError
from lscb_workbook.ooxml.saving import real_path
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.results import BoardResult
from lscb_workbook.steps.live import holding
from lscb_workbook.steps.masters import in_plain_words
from lscb_workbook.steps.reviewing import has_moved_on, looked_back, reviewed_master
from lscb_workbook.tracker.backups import KEEP, backups_of
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes

if TYPE_CHECKING:
    pass

__all__ = ["board"]


@in_plain_words
def board(
    master: Path,
    output: Path,
    *,
    as_at: date | None = None,
    front: Front | None = None,
    public: bool = False,
    pdf: bool = False,
    html: bool = False,
    tabs: bool = False,
    template: Path | None = None,
    replace_files: bool = False,
    keep: int = KEEP,
    live: bool = False,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> BoardResult:
    """Review the master and write the board's paper, as Word (.docx), PDF or web page (.html) by the ending
    of ``output``; ``pdf`` and ``html`` write these beside it as well.

    ``front`` is what the manager gives of the front matter. With ``public`` no officer below head of service
    is named, and no text that may hold personal data is given. With ``tabs`` the board tabs of the master are
    printed to a PDF instead. ``template`` is a board's own Word template. Files that are there are written
    over only with ``replace_files``. As at a day that the tracker has moved on from, the paper is made out of
    History, and the master stays as it is. ``keep``, ``live`` and ``tell`` are those of :func:`merge`. Raises
    WorkbookError where LibreOffice is needed and not installed, or a file cannot be written.
    """
    formats = _formats(output, pdf=pdf, html=html, tabs=tabs, public=public)
    targets = paper_files(output, formats)
    path = real_path(master)
    others = (master, path, *(one.path for one in backups_of(path)), *([template] if template else []))
    refuse_written_over(targets, others, replace=replace_files)
    own = read_bytes(template, "the Word template") if template else None
    day = as_at or date.today()
    if past := has_moved_on(master, day, live=live):
        with holding(live)(master, to_read=True) as file:
            found, tracker, data = looked_back(file, day)
    else:
        with holding(live)(master, tell=tell) as file:
            found, tracker, data = reviewed_master(file, day, keep=keep, now=now)
    left_out: tuple[str, ...] = ()
    try:
        if tabs:
            print_tabs(data, output, by_excel=excel_printer())
            files: tuple[Path, ...] = (output,)
        else:
            paper = make_paper(tracker.plan, found.review, front, public=public)
            files, left_out = write_paper(paper, targets, template=own), paper.left_out
    except (PackageError, WorkbookError) as error:
        done = "The master itself stays as it was." if past else "The master itself was reviewed and saved."
        raise WorkbookError(f"{error} {done}") from error
    return BoardResult(files, found.findings, len(tracker.conflicts), past, left_out, found.recorded)


def _formats(output: Path, *, pdf: bool, html: bool, tabs: bool, public: bool) -> tuple[Format, ...]:
    """What a paper is to be written as. Raises WorkbookError where that cannot be."""
    kinds = {kind.value: kind for kind in Format}
    kind = kinds.get(output.suffix.casefold())
    if kind is None:
        raise WorkbookError(
            f"The paper {output} can be written as Word, PDF or web page; give it a name that ends in .docx, "
            ".pdf or .html."
        )
    if tabs and (kind is not Format.PDF or html):
        raise WorkbookError(f"The tabs are printed as PDF alone; give {output} a name that ends in .pdf.")
    if tabs and public:
        raise WorkbookError(
            "The tabs name every officer and hold all that was written, so they have no public version. "
            "Leave out --tabs for the public version of the paper, or leave out --public."
        )
    more = [Format.PDF] * pdf + [Format.WEB] * html
    return (kind, *more)
