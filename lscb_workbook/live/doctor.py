"""What working in Excel needs, and what of it is missing on this computer."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lscb_workbook.live.addin import NAME, interpreter_in

__all__ = ["Line", "Probes", "State", "excel_doctor", "probes_here"]

_INSTALL = 'pip install "lscb-workbook[excel]"'
_ADD_IN = "lscb-workbook excel install"
_OFFICE = r"Software\{}Microsoft\Office\16.0\Excel\Security"
_OLDEST = (0, 37)
"""The version of xlwings from which all that is used is there."""


class State(StrEnum):
    """How something that is needed stands."""

    GOOD = "good"
    MISSING = "missing"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is needed: what, how it stands, and how to mend it where it does not."""

    what: str
    state: State
    said: str
    mend: str = ""


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Probes:
    """How this computer is asked; each answer is None where there is none.

    ``excel`` is Excel's name for itself, ``packages`` the version of a Python package by name, ``window``
    whether Python can open windows, ``addin`` the add-in's bytes, ``python`` the program that runs this;
    ``macros`` and ``places`` are what Excel's trust settings say: 1 to 4 of macros, 1 of trusted places where
    there are none.
    """

    system: str = sys.platform
    excel: Callable[[], str | None] = _nothing
    packages: Callable[[str], str | None] = field(default=lambda name: _version(name))
    window: Callable[[], bool] = lambda: importlib.util.find_spec("tkinter") is not None
    addin: Callable[[], bytes | None] = _nothing
    python: str = sys.executable
    macros: Callable[[], int | None] = _nothing
    places: Callable[[], int | None] = _nothing


def excel_doctor(probes: Probes | None = None) -> tuple[Line, ...]:
    """What is needed to work in Excel, in the order in which it is to be mended."""
    asked = probes or probes_here()
    if asked.system != "win32":
        said = "this is macOS" if asked.system == "darwin" else "this is not Windows"
        mend = "Close the tracker in Excel and run the commands without --live; all else works here."
        return (Line("Windows", State.MISSING, said, mend),)
    return (
        Line("Windows", State.GOOD, "there"),
        _excel(asked),
        _xlwings(asked),
        _package(asked, "pywin32", "which xlwings reaches Excel through"),
        _window(asked),
        _addin(asked),
        _macros(asked),
        _places(asked),
    )


def _excel(asked: Probes) -> Line:
    name = asked.excel()
    if name is None:
        return Line("Excel", State.MISSING, "not installed", "Install Microsoft Excel for the desktop.")
    return Line("Excel", State.GOOD, name)


def _xlwings(asked: Probes) -> Line:
    version = asked.packages("xlwings")
    if version is None:
        return Line("xlwings", State.MISSING, "not installed", _INSTALL)
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < _OLDEST:
        wanted = ".".join(map(str, _OLDEST))
        return Line("xlwings", State.MISSING, f"{version}, older than {wanted}", f"{_INSTALL} --upgrade")
    return Line("xlwings", State.GOOD, version)


def _package(asked: Probes, name: str, what: str) -> Line:
    version = asked.packages(name)
    return Line(
        name,
        State.GOOD if version else State.MISSING,
        version or f"not installed, {what}",
        "" if version else _INSTALL,
    )


def _window(asked: Probes) -> Line:
    if asked.window():
        return Line("Windows of Python's", State.GOOD, "there")
    mend = "Install Python from python.org with 'tcl/tk and IDLE'. Only the button on the ribbon needs it."
    return Line("Windows of Python's", State.MISSING, "Python was installed without them", mend)


def _addin(asked: Probes) -> Line:
    data = asked.addin()
    if data is None:
        return Line("Add-in", State.MISSING, "not installed", _ADD_IN)
    python = interpreter_in(data)
    if python is None or os.path.normcase(python) != os.path.normcase(asked.python):
        return Line("Add-in", State.MISSING, f"it runs another Python, {python or 'not named'}", _ADD_IN)
    return Line("Add-in", State.GOOD, NAME)


def _macros(asked: Probes) -> Line:
    level = asked.macros()
    settings = "Excel: File > Options > Trust Center > Trust Center Settings > Macro Settings"
    if level is None:
        return Line("Macros", State.UNKNOWN, "not set; Excel's own default allows the add-in")
    if level >= 3:
        said = "only signed ones run" if level == 3 else "none runs"
        mend = f"{settings}; where your organisation sets it, ask its IT. The commands work all the same."
        return Line("Macros", State.MISSING, said, mend)
    return Line("Macros", State.GOOD, "those of trusted places run")


def _places(asked: Probes) -> Line:
    if asked.places() == 1:
        mend = "Excel: Trust Center Settings > Trusted Locations: untick 'Disable all Trusted Locations'."
        return Line("Trusted places", State.MISSING, "all are turned off", mend)
    return Line("Trusted places", State.GOOD, "the folder that Excel starts with is one")


def probes_here() -> Probes:
    """How this very computer is asked."""
    return Probes(excel=_excel_here, addin=_addin_here, macros=_macros_here, places=_places_here)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _addin_here() -> bytes | None:
    home = os.environ.get("APPDATA")
    path = Path(home) / "Microsoft" / "Excel" / "XLSTART" / NAME if home else None
    try:
        return path.read_bytes() if path else None
    except OSError:
        return None


def _excel_here() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    try:
        return winreg.QueryValue(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CurVer")
    except OSError:
        return None


def _macros_here() -> int | None:
    return _setting("", "VBAWarnings")


def _places_here() -> int | None:
    return _setting(r"\Trusted Locations", "AllLocationsDisabled")


def _setting(below: str, name: str) -> int | None:
    """A number among Excel's trust settings: what the organisation says, else what the user chose."""
    if sys.platform != "win32":
        return None
    import winreg

    for policy in ("Policies\\", ""):
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _OFFICE.format(policy) + below) as key:
                value, _ = winreg.QueryValueEx(key, name)
        except OSError:
            continue
        if isinstance(value, int):
            return value
    return None
