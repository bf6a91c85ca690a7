"""The button on the ribbon: the add-in behind it, what it needs, and the steps that it does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlwings
from live.fake_excel import FakeApp, FakeBook
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

import lscb_workbook as lw
from lscb_workbook import ribbon
from lscb_workbook.board import print_tabs, printing
from lscb_workbook.live import addin
from lscb_workbook.live.doctor import Probes, State, excel_doctor
from lscb_workbook.live.excel import open_book
from lscb_workbook.plan.errors import WorkbookError

PYTHON = r"C:\Users\Ann & Bob\python.exe"
PATTERN = Path(xlwings.__path__[0]) / "quickstart_addin_ribbon.xlam"


# --- the add-in --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> bytes:
    return addin.addin_bytes(PATTERN.read_bytes(), PYTHON)


def test_the_ribbon_has_a_tab_whose_button_runs_the_add_in_s_own_program(made: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(made))
    ribbon = ElementTree.fromstring(package.read("customUI/customUI.xml"))
    name = "{http://schemas.microsoft.com/office/2006/01/customui}"
    assert [tab.get("label") for tab in ribbon.iter(f"{name}tab")] == ["Tracker"]
    assert [button.get("onAction") for button in ribbon.iter(f"{name}button")] == ["RibbonMyAddin.RunMain"]
    program = "xl/vbaProject.bin"
    assert package.read(program) == zipfile.ZipFile(PATTERN).read(program)


def test_the_add_in_runs_the_python_that_it_was_installed_with_and_no_file_beside_a_workbook(
    made: bytes,
) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("myaddin.conf").to_python()
    assert rows == [["Interpreter_Win", PYTHON], ["ADD_WORKBOOK_TO_PYTHONPATH", "false"]]
    assert addin.interpreter_in(made) == PYTHON


def test_the_module_that_the_add_in_runs_has_what_it_runs() -> None:
    assert addin.NAME.removesuffix(".xlam") == lw.__name__
    assert lw.main is ribbon.main


def test_the_add_in_is_put_where_excel_starts_and_taken_away(
    app: FakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert lw.excel_install() == tmp_path / "Microsoft" / "Excel" / "XLSTART" / "lscb_workbook.xlam"
    assert lw.excel_install(remove=True) is not None
    assert lw.excel_install(remove=True) is None
    assert app.log == []


def test_another_add_in_of_xlwings_is_not_guessed_at(made: bytes) -> None:
    with pytest.raises(WorkbookError, match="Install it again"):
        addin.addin_bytes(made.replace(b"customUI/customUI.xml", b"customUI/customUX.xml"), PYTHON)


# --- what it needs -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(made: bytes) -> Probes:
    return Probes(
        system="win32",
        excel=lambda: "Excel.Application.16",
        packages=lambda _: "0.37.8",
        window=lambda: True,
        addin=lambda: made,
        python=PYTHON,
        macros=lambda: 2,
        places=lambda: None,
    )


def test_nothing_is_missing_where_all_is_there(good: Probes) -> None:
    assert {line.state for line in excel_doctor(good)} == {State.GOOD}


@pytest.mark.parametrize(
    ("change", "what", "mend"),
    [
        ({"system": "darwin"}, ["Windows"], "without --live"),
        ({"system": "linux"}, ["Windows"], "without --live"),
        ({"excel": lambda: None}, ["Excel"], "Install Microsoft Excel"),
        ({"packages": lambda name: None if name == "xlwings" else "1"}, ["xlwings"], "pip install"),
        ({"packages": lambda name: "0.33.1" if name == "xlwings" else "1"}, ["xlwings"], "--upgrade"),
        ({"packages": lambda name: None if name == "pywin32" else "0.40"}, ["pywin32"], "pip install"),
        ({"window": lambda: False}, ["Windows of Python's"], "tcl/tk"),
        ({"addin": lambda: None}, ["Add-in"], "excel install"),
        ({"python": r"C:\other\python.exe"}, ["Add-in"], "excel install"),
        ({"macros": lambda: 4}, ["Macros"], "Trust Center"),
        ({"macros": lambda: 3}, ["Macros"], "Trust Center"),
        ({"places": lambda: 1}, ["Trusted places"], "untick"),
    ],
)
def test_what_is_missing_is_named_with_how_to_mend_it(
    good: Probes, change: dict[str, object], what: Sequence[str], mend: str
) -> None:
    missing = [line for line in excel_doctor(replace(good, **change)) if line.state is State.MISSING]  # type: ignore[arg-type]
    assert [line.what for line in missing] == what
    assert mend in missing[0].mend


def test_macros_that_nobody_set_are_not_called_forbidden(good: Probes) -> None:
    states = {line.what: line.state for line in excel_doctor(replace(good, macros=lambda: None))}
    assert states["Macros"] is State.UNKNOWN


# --- what it does ------------------------------------------------------------------------------


class Manager:
    """Answers what the windows would ask."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)

    def answer(self, *_: object, **__: object) -> object:
        return self._answers.pop(0)

    choose = text = folder = new_file = show = answer


def test_the_button_merges_a_folder_of_returns_and_shows_the_tab_with_the_result(
    app: FakeApp, book: FakeBook, back: Path
) -> None:
    said = ribbon.run_step(
        "Merge returns", open_book(book.path), Manager(back.parent, "tomorrow", "1/10/2016")
    )  # type: ignore[arg-type]
    assert said is not None
    assert said.startswith("Merged: 3 changes, no conflicts to settle")
    assert (book.shown, app.settings["status_bar"]) == ("Checks", False)


@pytest.mark.parametrize("step", ribbon.STEPS)
def test_the_button_does_nothing_where_the_manager_thinks_better_of_it(
    app: FakeApp, bare: Path, step: str
) -> None:
    book = FakeBook(app, bare)
    assert ribbon.run_step(step, open_book(book.path), Manager(None)) is None  # type: ignore[arg-type]
    assert (book.writes, app.log, book.shown) == ([], [], "")


# --- tabs as a PDF -----------------------------------------------------------------------------


def test_the_board_tabs_are_printed_by_excel_where_it_is_there(
    issued: tuple[Path, Path], tmp_path: Path
) -> None:
    given = []

    def excel(workbook: bytes) -> bytes:
        given.append(load_workbook(io.BytesIO(workbook)))
        return b"%PDF by Excel"

    print_tabs(issued[0].read_bytes(), tmp_path / "tabs.pdf", by_excel=excel)
    assert (tmp_path / "tabs.pdf").read_bytes() == b"%PDF by Excel"
    visible = [sheet.title for sheet in given[0] if sheet.sheet_state == "visible"]
    assert "Summary" in visible
    assert "History" not in visible


def test_libreoffice_prints_the_tabs_where_excel_fails_and_else_it_is_said_why(
    issued: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def excel(workbook: bytes) -> bytes:
        raise WorkbookError(f"Excel did not make the PDF of {len(workbook)} bytes.")

    monkeypatch.setattr(printing, "office_program", lambda: "soffice")
    monkeypatch.setattr(printing, "_printed", lambda *_: b"%PDF by LibreOffice")
    print_tabs(issued[0].read_bytes(), tmp_path / "tabs.pdf", by_excel=excel)
    assert (tmp_path / "tabs.pdf").read_bytes() == b"%PDF by LibreOffice"
    monkeypatch.setattr(printing, "office_program", lambda: None)
    with pytest.raises(WorkbookError, match="Excel did not make the PDF"):
        print_tabs(issued[0].read_bytes(), tmp_path / "again.pdf", by_excel=excel)
