"""The add-in that puts the tab 'Tracker' on Excel's ribbon, made on the manager's own computer.

A program in Excel's own language cannot be written without Excel. The add-in that xlwings brings for others
to build on (BSD licence) has one that runs the function ``main`` of a Python module named after the add-in's
file; so this one is called after this package, with a ribbon and settings of its own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path

from lscb_workbook.live.excel import the_xlwings
from lscb_workbook.ooxml import PackageError, write_atomically
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.saving import reason
from lscb_workbook.plan.errors import WorkbookError

__all__ = ["NAME", "addin_bytes", "excel_install", "interpreter_in", "start_folder"]

NAME = "lscb_workbook.xlam"
"""Its file: up to the ending, the module whose ``main`` the button runs."""
_MADE_FROM = "quickstart_addin_ribbon.xlam"
_RIBBON, _SHEET, _WORKBOOK = "customUI/customUI.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"
_ACTION = re.compile(r'onAction="([\w.]+)"')
_NAMED = 'name="_myaddin.conf"'
_ROWS = re.compile(r"<sheetData>.*</sheetData>", re.S)
_INTERPRETER = re.compile(r"Interpreter_Win</t>.*?<t>(.*?)</t>", re.S)
_TIP = "Issue copies, merge returns, review, and write the board paper of the tracker that is open here"


def start_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of which Excel opens everything as it starts. Raises WorkbookError outside Windows."""
    home = environment.get("APPDATA")
    if not home:
        raise WorkbookError(
            "The add-in is for Excel for Windows, and this is none. Use the commands: lscb-workbook --help."
        )
    return Path(home) / "Microsoft" / "Excel" / "XLSTART"


def excel_install(*, remove: bool = False, folder: Path | None = None) -> Path | None:
    """Make the add-in and put it into the folder that Excel starts with (``folder`` for another); its path.

    With ``remove`` it is taken away: where it was, or None where it was not. Raises WorkbookError where
    xlwings is missing, or the file cannot be written.
    """
    place = (folder or start_folder()) / NAME
    try:
        if remove:
            there = place.exists()
            place.unlink(missing_ok=True)
            return place if there else None
        data = addin_bytes(_pattern(), sys.executable)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, data)
    except (OSError, PackageError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise WorkbookError(f"{place} cannot be written: {why} Close Excel, then run this again.") from error
    return place


def addin_bytes(pattern: bytes, python: str) -> bytes:
    """The add-in, out of xlwings' own (``pattern``); ``python`` is the program that runs this package.

    Raises WorkbookError where the pattern is not what it was built for.
    """
    try:
        package = Package.open(pattern)
        ribbon, sheet, workbook = (package.read(part).decode() for part in (_RIBBON, _SHEET, _WORKBOOK))
    except PackageError as error:
        raise _unknown() from error
    action = _ACTION.search(ribbon)
    if action is None or _NAMED not in workbook or not _ROWS.search(sheet):
        raise _unknown()
    settings = {
        "Interpreter_Win": python,
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",  # no file beside a workbook is run
    }
    package.replace(_RIBBON, _ribbon(action[1]).encode())
    package.replace(_SHEET, _ROWS.sub(lambda _: _rows(settings), sheet).encode())
    package.replace(_WORKBOOK, workbook.replace(_NAMED, 'name="myaddin.conf"').encode())
    return package.to_bytes()


def interpreter_in(addin: bytes) -> str | None:
    """The Python that an add-in runs; None where that is not said in it."""
    try:
        found = _INTERPRETER.search(Package.open(addin).read(_SHEET).decode())
    except (PackageError, UnicodeDecodeError):
        return None
    return found[1].replace("&amp;", "&") if found else None


def _pattern() -> bytes:
    the_xlwings()
    spec = importlib.util.find_spec("xlwings")
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        path = Path(place) / _MADE_FROM
        if path.is_file():
            return path.read_bytes()
    raise _unknown()


def _unknown() -> WorkbookError:
    return WorkbookError(
        "The installed xlwings has no add-in that the tracker's could be made from. Install it again: "
        'pip install --upgrade "lscb-workbook[excel]".'
    )


def _ribbon(action: str) -> str:
    return (
        '<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui"><ribbon><tabs>'
        '<tab id="lscbTracker" label="Tracker"><group id="lscbSteps" label="Steps of the quarter">'
        f'<button id="lscbOpen" label="Issue, merge, review, paper" size="large" imageMso="MacroPlay" '
        f'onAction="{action}" screentip="Tracker" supertip="{escape(_TIP)}"/>'
        "</group></tab></tabs></ribbon></customUI>"
    )


def _rows(settings: Mapping[str, str]) -> str:
    def cell(place: str, text: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c>'

    rows = (
        f'<row r="{n}">{cell(f"A{n}", name)}{cell(f"B{n}", value)}</row>'
        for n, (name, value) in enumerate(settings.items(), 1)
    )
    return f"<sheetData>{''.join(rows)}</sheetData>"
