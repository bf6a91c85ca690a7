"""Excel held still while cells are written: nothing calculated, drawn, asked or typed meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from lscb_workbook.live.excel import patiently
from lscb_workbook.plan.errors import WorkbookError

if TYPE_CHECKING:
    import xlwings

__all__ = ["NotAsItWasError", "held_still", "told", "uncalculated"]

_BUSY_WITH = "lscb-workbook is writing the tracker..."
_SAVES = "AutoSaveOn"
_SETTINGS = (
    ("app", "interactive", False),
    ("app", "screen_updating", False),
    ("app", "enable_events", False),
    ("app", "display_alerts", False),
    ("AutoCorrect", "AutoExpandListRange", False),
    ("AutoCorrect", "AutoFillFormulasInLists", False),
    ("book", _SAVES, False),
)
"""What is set while cells are written, and to what: of Excel, of what it corrects by itself, and of the
workbook. It is put back in the other order, so that nobody can type until all is as it was."""
_TIMES = 3
"""How often Excel is told to be as it was."""
_MAY_LACK = ("AutoCorrect", "book")
"""What earlier versions of Excel have not all of."""


class NotAsItWasError(WorkbookError):
    """The open workbook is neither what it was nor what it should be."""


@contextmanager
def held_still(book: xlwings.Book) -> Iterator[None]:
    """Hold Excel still; each setting is put back as it was, whatever happens.

    But a workbook that is not as it was is not saved by Excel of its own accord any more.
    """
    app = book.app
    homes = {"app": app, "AutoCorrect": app.api.AutoCorrect, "book": book.api}
    with ExitStack() as stack:
        for home, name, value in _SETTINGS:
            lacks = contextlib.suppress(Exception) if home in _MAY_LACK else contextlib.nullcontext()
            with lacks:
                before = patiently(_get(homes[home], name))
                if before != value:
                    stack.push(partial(_put_back, homes[home], name, before))
                    patiently(_set(homes[home], name, value))
        stack.push(partial(_put_back, app, "calculation", patiently(_get(app, "calculation"))))
        stack.enter_context(told(app, _BUSY_WITH))
        yield


@contextmanager
def uncalculated(app: xlwings.App) -> Iterator[None]:
    """Let Excel calculate nothing by itself for a while.

    Excel saves with a workbook how it calculates at that moment, and whoever opens the workbook next has it
    so: nothing is to be saved in here.
    """
    before = patiently(_get(app, "calculation"))
    patiently(_set(app, "calculation", "manual"))
    try:
        yield
    finally:
        patiently(_set(app, "calculation", before))


@contextmanager
def told(app: xlwings.App, what: str) -> Iterator[None]:
    """Say in Excel's status bar what is going on."""
    with contextlib.suppress(Exception):
        app.status_bar = what
    try:
        yield
    finally:
        _surely(_set(app, "status_bar", False))


def _put_back(home: object, name: str, value: object, kind: type[BaseException] | None, *_: object) -> None:
    if name == _SAVES and kind is not None and issubclass(kind, NotAsItWasError):
        return
    _surely(lambda: _settle(home, name, value))


def _settle(home: object, name: str, value: object) -> None:
    if patiently(_get(home, name)) != value:
        patiently(_set(home, name, value))


def _surely(act: Callable[[], None]) -> None:
    """Do what leaves Excel as it was: once more where it is refused, or somebody stops it by hand, and where
    that does not help either, the rest is done all the same."""
    stopped: KeyboardInterrupt | None = None
    for _ in range(_TIMES):
        try:
            act()
            break
        except KeyboardInterrupt as error:
            stopped = error
        except Exception:  # each version of Excel has errors of its own
            continue
    if stopped:
        raise stopped


def _get(home: object, name: str) -> Callable[[], object]:
    return lambda: getattr(home, name)


def _set(home: object, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(home, name, value)
