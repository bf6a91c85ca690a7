"""A tracker that is open in Excel, as a step has it: read, written and saved through Excel."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.live.changes import Changes, changes, unlike
from lscb_workbook.live.excel import copy_of, open_book, patiently, refuse_read_only
from lscb_workbook.live.holding import NotAsItWasError, held_still, uncalculated
from lscb_workbook.live.picture import Picture, picture_of
from lscb_workbook.live.writing import Protection, Writer
from lscb_workbook.ooxml.saving import real_path
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.backups import prune
from lscb_workbook.tracker.layout import TIMELINE, TRACKER_TABLES
from lscb_workbook.tracker.locking import Tell, alone
from lscb_workbook.tracker.saving import Held, keep_backup, refuse_long_name, take_away

if TYPE_CHECKING:
    import xlwings

__all__ = ["held_in_excel"]

_CHARTS = {TRACKER_TABLES["Timeline"].sheet: TIMELINE}
"""The charts with a day on their axes, by sheet."""


@contextmanager
def held_in_excel(master: Path, *, tell: Tell | None = None, to_read: bool = False) -> Iterator[Held]:
    """A master that is open in Excel, as :func:`~lscb_workbook.tracker.saving.held` gives one that is not.

    Its bytes are those that Excel would save now. Saved, it is written into the open workbook. Raises
    WorkbookError, with nothing changed, where it is not open in Excel, or cannot be written there.
    """
    refuse_long_name(master)
    path = real_path(master)
    book = open_book(path)
    if to_read:
        yield Held(path, copy_of(book))
        return
    refuse_read_only(book)
    with alone(path, tell):
        yield Held(path, copy_of(book), _Open(book))


@dataclass(frozen=True, slots=True)
class _Open:
    """The open workbook, to save a master in."""

    book: xlwings.Book

    def __call__(self, master: Held, data: bytes, now: datetime, keep: int) -> Path | None:
        """Turn the open workbook into what these bytes say, and have Excel save it; the backup's path, or
        None where it says so already.

        Raises WorkbookError where that fails, or the workbook is not what was read any more; it is then as
        it was.
        """
        before, after = picture_of(master.data, _CHARTS), picture_of(data, _CHARTS)
        wanted = changes(before, after)
        if not wanted.sheets:
            return None
        backup = keep_backup(master, now)
        saved = False
        try:
            with held_still(self.book):
                shown = self._shown_still(master, before)
                self._write(wanted, shown, after, backup)
                saved = True
        except NotAsItWasError:
            raise
        except BaseException as error:
            if not saved:
                take_away(backup)
            if saved or isinstance(error, WorkbookError) or not isinstance(error, Exception):
                raise
            raise WorkbookError(
                f"{self.book.name} could not be written in Excel. Excel refused ({error}). Nothing was "
                "written. Close the tracker and run the command without --live, or try again."
            ) from error
        prune(master.path, keep, backup, data)
        return backup

    def _write(self, wanted: Changes, before: Picture, after: Picture, backup: Path) -> None:
        writer, protection = Writer(self.book, before), Protection(self.book, wanted.sheets)
        try:
            with uncalculated(self.book.app), protection.away():
                writer.write(wanted)
                patiently(self.book.app.calculate)
                self._refuse_if_unlike(after)
                writer.tidy(wanted)
            patiently(lambda: self.book.api.Save())
        except BaseException as error:
            if writer.has_written:
                self._take_back(writer, protection, before, backup, error)
            raise

    def _shown_still(self, master: Held, before: Picture) -> Picture:
        """What the open workbook shows now, which rows are filtered too. Raises where it holds something else
        than what was read."""
        shown = picture_of(copy_of(self.book), _CHARTS)
        where = unlike(before, shown)
        if where:
            raise WorkbookError(
                f"{master.path.name} was changed in Excel while this command worked ({where}). Run the "
                "command again, on what it holds now. Nothing was written."
            )
        return shown

    def _refuse_if_unlike(self, after: Picture) -> None:
        """Raise where the open workbook does not say what it should."""
        where = unlike(after, picture_of(copy_of(self.book), _CHARTS))
        if where:
            raise WorkbookError(f"Excel does not show at {where} what was written there.")

    def _take_back(
        self, writer: Writer, protection: Protection, before: Picture, backup: Path, error: BaseException
    ) -> None:
        """Put back what was written, and raise what is to be said."""
        failed: Sequence[BaseException] = ()
        try:
            with uncalculated(self.book.app), protection.away():
                failed = writer.take_back()
        except BaseException as more:  # stopped once more by hand, too: what is half written is to be told
            failed = [more]
        where: str | None = "it cannot be read"
        with contextlib.suppress(Exception):
            where = unlike(before, picture_of(copy_of(self.book), _CHARTS))
        if failed or where:
            raise NotAsItWasError(
                f"{self.book.name} could not be written in Excel, nor put back as it was "
                f"({where or failed[0]}). Close it in Excel without saving. What it held before, with what "
                f"was not saved then, is {backup}. What went wrong: {error}"
            ) from error
        if not isinstance(error, Exception):
            raise error
        said = str(error) if isinstance(error, WorkbookError) else f"Excel refused ({error})."
        raise WorkbookError(
            f"{self.book.name} could not be written in Excel. {said} What was written has been put back, and "
            "nothing was saved. Close the tracker and run the command without --live, or try again."
        ) from error
