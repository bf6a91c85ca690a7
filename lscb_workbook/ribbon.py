"""The window behind the ribbon's button: the four steps of the quarter, on the tracker open in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lscb_workbook.live.excel import the_xlwings
from lscb_workbook.live.holding import told
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.review.wording import counted
from lscb_workbook.steps.issuing import issue
from lscb_workbook.steps.merging import merge
from lscb_workbook.steps.papers import board
from lscb_workbook.steps.reviewing import review

if TYPE_CHECKING:
    import xlwings

__all__ = ["STEPS", "Asking", "main", "run_step"]

STEPS = ("Issue copies", "Merge returns", "Review", "Board paper")
_TITLE = "Tracker"


class Asking(Protocol):
    """Asks the manager; each answer is None where she thinks better of it."""

    def choose(self, question: str, answers: Sequence[str]) -> str | None: ...
    def text(self, question: str, default: str) -> str | None: ...
    def folder(self, question: str) -> Path | None: ...
    def new_file(self, question: str, ending: str) -> Path | None: ...
    def show(self, text: str, *, wrong: bool = False) -> None: ...


def main() -> None:
    """Ask which step is to be done on the workbook that Excel shows, do it, and say what came of it.

    It is what the button on the ribbon runs.
    """
    from lscb_workbook.windows import Windows

    windows = Windows(_TITLE)
    try:
        book = the_xlwings().Book.caller()
        step = windows.choose(f"{book.name}: what shall be done?", STEPS)
        if step and (said := run_step(step, book, windows)):
            windows.show(said)
    except WorkbookError as error:
        windows.show(str(error), wrong=True)
    finally:
        windows.close()


def run_step(step: str, book: xlwings.Book, asking: Asking) -> str | None:
    """Do a step (one of :data:`STEPS`) on an open tracker: what came of it, None where nothing was done.

    The tab with the result is shown. Raises WorkbookError as the steps do.
    """
    try:
        path = Path(book.fullname)
    except Exception as error:  # xlwings looks for the file of an address of OneDrive's
        raise WorkbookError(
            f"The file of {book.name} was not found on this computer. Keep it on this device (OneDrive: "
            "right click, 'Always keep on this device'), or use the commands."
        ) from error
    do = {"Issue copies": _issue, "Merge returns": _merge, "Review": _review, "Board paper": _board}[step]
    done = do(path, book, asking)
    if done is None:
        return None
    said, tab = done
    if any(sheet.name == tab for sheet in book.sheets):
        book.sheets[tab].activate()
    return said


Done = tuple[str, str] | None
"""What came of a step, and the tab that shows it."""


def _issue(path: Path, book: xlwings.Book, asking: Asking) -> Done:
    cycle = asking.text("The name of the cycle, for example 2016-17 Q2:", "")
    back = _asked_day(asking, "The day by which copies are to be back:") if cycle else None
    folder = asking.folder("The folder to write the copies into") if back else None
    if not (cycle and back and folder):
        return None
    with told(book.app, "Writing copies..."):
        made = issue(
            path,
            folder,
            cycle=cycle,
            issued_on=date.today(),
            return_by=back,
            live=True,
            progress=partial(_show, book.app, "Writing copies"),
        )
    return (
        f"Wrote {counted(len(made.issued), 'copy', 'copies')} to {folder}. Send each to its officer.",
        "Returns",
    )


def _merge(path: Path, book: xlwings.Book, asking: Asking) -> Done:
    folder = asking.folder("The folder with the returned copies")
    day = _asked_day(asking, "The day to judge by:") if folder else None
    if not (folder and day):
        return None
    with told(book.app, "Reading returns..."):
        made = merge(
            path, [folder], as_at=day, live=True, progress=partial(_show, book.app, "Reading returns")
        )
    if not made.harvest.returns:
        return f"None of the files in {folder} is a return of this tracker. Nothing was written.", "Checks"
    counts = (
        counted(len(made.changes), "change"),
        f"{counted(len(made.conflicts), 'conflict')} to settle",
        f"{len(made.refusals)} refused",
        f"{counted(len(made.harvest.quarantined), 'file')} set aside",
    )
    tab = "Conflicts" if made.conflicts else "Checks"
    kept = f" The tracker before is {made.backup}." if made.backup else " Nothing was new."
    return f"Merged: {', '.join(counts)}.{kept} Look at the tab '{tab}'.", tab


def _review(path: Path, book: xlwings.Book, asking: Asking) -> Done:
    day = _asked_day(asking, "The day to judge by:")
    if day is None:
        return None
    with told(book.app, "Reviewing..."):
        made = review(path, as_at=day, live=True)
    if made.past:
        return "The tracker has moved on from that day, so nothing was written.", "Cover"
    return f"{made.review.headline} {counted(len(made.findings), 'finding')} on the tab 'Checks'.", "Checks"


def _board(path: Path, book: xlwings.Book, asking: Asking) -> Done:
    day = _asked_day(asking, "The day that the paper is as at:")
    paper = asking.new_file("Where to write the board's paper", ".docx") if day else None
    if not (day and paper):
        return None
    with told(book.app, "Writing the paper..."):
        board(path, paper, as_at=day, live=True, replace_files=True)  # the window asked before
    return f"Wrote {paper}. Read it as the board will, and take out names of children.", "Summary"


def _asked_day(asking: Asking, question: str) -> date | None:
    """A day as people write one, asked for again until it is one."""
    said = asking.text(f"{question} (day/month/year)", f"{date.today():%d/%m/%Y}")
    while said:
        for form in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y"):
            try:
                return datetime.strptime(said.strip(), form).date()
            except ValueError:
                continue
        said = asking.text(f"'{said}' is not a day. {question} (day/month/year)", "")
    return None


def _show(app: xlwings.App, what: str, done: int, total: int) -> None:
    app.status_bar = f"{what}: {done} of {total}"
