"""Tabs as a PDF, by Excel's own export: what Excel prints its own workbooks as."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.live.excel import excel_is_here, the_xlwings
from lscb_workbook.plan.errors import WorkbookError

if TYPE_CHECKING:
    import xlwings

__all__ = ["excel_printer", "printed"]


def excel_printer(here: Callable[[], bool] = excel_is_here) -> Callable[[bytes], bytes] | None:
    """What makes a PDF of a workbook's visible tabs; None without Excel for Windows and xlwings."""
    return printed if here() else None


def printed(workbook: bytes) -> bytes:
    """A PDF of a workbook's visible tabs, by an Excel of its own that nobody sees and that is closed again.

    Raises WorkbookError where Excel does not make it.
    """
    xw = the_xlwings()
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "paper.xlsx", Path(folder) / "paper.pdf"
        source.write_bytes(workbook)
        try:
            app: xlwings.App = xw.App(visible=False, add_book=False)
            try:
                app.display_alerts = False
                book = app.books.open(str(source), update_links=False, read_only=True)
                try:
                    book.to_pdf(str(made))
                finally:
                    with contextlib.suppress(Exception):
                        book.close()
            finally:
                app.quit()
            return made.read_bytes()
        except Exception as error:  # each version of Excel has errors of its own
            raise WorkbookError(f"Excel did not make the PDF ({error}).") from error
