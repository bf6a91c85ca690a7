"""Excel as it runs on this computer: the workbook that is open in it, and a copy of that.

What xlwings gives for every system is used where it has it; what it has not is asked of Excel's own objects
(``api``), as Excel for Windows has them.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.backups import tracker_id

if TYPE_CHECKING:
    import xlwings

__all__ = [
    "SYSTEM",
    "copy_of",
    "excel_is_here",
    "is_busy",
    "offer",
    "open_book",
    "patiently",
    "refuse_read_only",
    "the_xlwings",
]

SYSTEM = "win32"
"""Where an open workbook can be worked on: Excel for the Mac saves no copy of one for a program."""
_BUSY = frozenset((-2147418111, -2147417846, -2146777998))
"""What Windows answers while a cell is being edited or a dialogue is open (RPC_E_CALL_REJECTED,
RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE)."""
_ATTEMPTS = 20
"""How often xlwings asks a busy Excel again before it says so; left alone it asks for ever."""
_PATIENCE, _PAUSE = 10.0, 0.25
"""Seconds for which a busy Excel is asked again, and between two times."""

T = TypeVar("T")


def the_xlwings() -> ModuleType:
    """The package xlwings. Raises WorkbookError where it is not installed, or there is no Excel for it."""
    if sys.platform != SYSTEM:
        raise WorkbookError(
            "A tracker that is open in Excel can be worked on in Excel for Windows alone. Save it, close it, "
            "and run the command without --live. Nothing was changed."
        )
    if importlib.util.find_spec("xlwings") is None:
        raise WorkbookError(
            'Working in an open Excel needs the package xlwings: pip install "lscb-workbook[excel]". '
            "Or close the tracker in Excel and run the command without --live. Nothing was changed."
        )
    import xlwings

    if getattr(xlwings.engines.active, "type", "") != "desktop":
        raise WorkbookError(
            "xlwings does not reach Excel on this computer; lscb-workbook excel doctor says what is missing. "
            "Nothing was changed."
        )
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        windows.N_COM_ATTEMPTS = _ATTEMPTS  # type: ignore[attr-defined]
        # xlwings ends, when Python does, every Excel that shows no workbook, whoever started it.
        windows.Apps.cleanup = staticmethod(lambda: None)
    return xlwings


def excel_is_here() -> bool:
    """Whether Excel for Windows is installed, and xlwings."""
    if sys.platform != "win32":
        return False
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, "Excel.Application"))
    except OSError:
        return False
    return importlib.util.find_spec("xlwings") is not None


def offer(here: Callable[[], bool] = excel_is_here) -> str:
    """What is said beside 'close it' of a tracker that is open, where it need not be closed."""
    return ", or add --live to work on it as it is open in Excel" if here() else ""


def open_book(path: Path) -> xlwings.Book:
    """The open workbook that a file is, in whichever window of Excel.

    Raises WorkbookError where it is open in none, in two, or Excel is busy.
    """
    xw = the_xlwings()
    apps: list[xlwings.App] = patiently(lambda: list(xw.apps))
    found = [book for app in apps for book in _books(app) if _is(book, path)]
    if not found:
        raise WorkbookError(
            f"{path} is not open in Excel. Open it there (if a yellow bar says Protected View, choose Enable "
            "Editing), or run the command without --live. Nothing was changed."
        )
    if len(found) > 1:
        raise WorkbookError(
            f"{path} is open in Excel more than once. Close all but the one that you work in, then run the "
            "command again. Nothing was changed."
        )
    return found[0]


def _books(app: xlwings.App) -> list[xlwings.Book]:
    """The workbooks of one Excel; none where Windows does not let us ask it, as of another person's."""
    try:
        return patiently(lambda: list(app.books))
    except WorkbookError:
        raise
    except Exception:  # each version of Windows has errors of its own
        return []


def _is(book: xlwings.Book, path: Path) -> bool:
    """Whether an open workbook is a file; one that lies in OneDrive or SharePoint has an address there."""
    name = str(patiently(lambda: book.api.FullName))
    if "://" not in name:
        return _same(Path(name), path)
    place = PurePosixPath(unquote(urlsplit(name).path))
    if place.name.casefold() != path.name.casefold() or not path.is_file():
        return False
    return tracker_id(copy_of(book)) == tracker_id(path.read_bytes()) is not None


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return os.path.normcase(one.absolute()) == os.path.normcase(other.absolute())


def copy_of(book: xlwings.Book) -> bytes:
    """The open workbook as Excel would save it now, with what is not saved yet. It stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        suffix = PurePosixPath(book.name).suffix or ".xlsx"
        copy = Path(folder) / f"copy{suffix}"
        try:
            patiently(lambda: book.api.SaveCopyAs(str(copy)))
            return copy.read_bytes()
        except WorkbookError:
            raise
        except Exception as error:  # each version of Excel has errors of its own
            raise WorkbookError(
                f"Excel gave no copy of {book.name} to read ({error}). See that the disk is not full, or "
                "close the tracker in Excel and run the command without --live."
            ) from error


def refuse_read_only(book: xlwings.Book) -> None:
    """Raise where Excel may not save a workbook that it has open."""
    if patiently(lambda: book.api.ReadOnly):
        raise WorkbookError(
            f"{book.name} is open in Excel to be read only: somebody else has it open, or it may not be "
            "written. Open it so that it can be saved, then run the command again. Nothing was changed."
        )


def patiently(act: Callable[[], T]) -> T:
    """Do what needs Excel; while it is busy, wait and do it again. Raises WorkbookError where it stays so."""
    waited = 0.0
    while True:
        try:
            return act()
        except Exception as error:
            if not is_busy(error):
                raise
            if waited >= _PATIENCE:
                raise WorkbookError(
                    "Excel does not answer: a cell is being edited there, or a dialogue is open. Press Enter "
                    "or Esc in Excel, then run the command again."
                ) from error
        time.sleep(_PAUSE)
        waited += _PAUSE


def is_busy(error: BaseException) -> bool:
    """Whether Excel refused because somebody is at work in it."""
    if type(error).__name__ == "ExcelBusyError":
        return True
    if isinstance(error, AttributeError):  # so pywin32 says it, where something is to be set
        return "can not be set" in str(error)
    more: Sequence[object] = getattr(error, "excepinfo", None) or ()
    return bool(_BUSY & {getattr(error, "hresult", None), more[5] if len(more) > 5 else None})
