"""Which workbook of which Excel is the tracker, and whether Excel can be worked with now."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings
from live.fake_excel import BusyError, FakeApp, FakeBook, FakeBooks, FakeEngine
from tracking import AS_AT

import lscb_workbook as lw
from lscb_workbook.live.excel import is_busy, offer, open_book, patiently, the_xlwings
from lscb_workbook.live.holding import held_still, uncalculated
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.steps import live

ADDRESS = "https://board.sharepoint.com/sites/LSCB/Shared%20Documents/{}"


@pytest.fixture
def master(bare: Path) -> Path:
    return bare


def test_a_tracker_is_found_in_whichever_excel_has_it_open(
    app: FakeApp, master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FakeApp(pid=2)
    monkeypatch.setattr(xlwings.engines, "active", xlwings.main.Engine(impl=FakeEngine(app, other)))
    book = FakeBook(other, master)
    assert open_book(master).impl is book


def test_a_tracker_in_onedrive_is_found_by_what_it_is(app: FakeApp, master: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = FakeBook(app, Path(shutil.copy(master, tmp_path / "other")), address=ADDRESS.format(master.name))
    (name,) = (cell for cell in other.book["_lscb"]["A"] if cell.value == "tracker")
    name.offset(column=1).value = "another"
    with pytest.raises(WorkbookError, match="is not open in Excel"):
        open_book(master)
    book = FakeBook(app, master, address=ADDRESS.format(master.name))
    assert open_book(master).impl is book


def test_a_tracker_open_twice_is_worked_on_in_neither(app: FakeApp, book: FakeBook, master: Path) -> None:
    FakeBook(app, book.path)
    with pytest.raises(WorkbookError, match="more than once"):
        open_book(master)


def test_a_tracker_open_to_be_read_only_is_not_written(book: FakeBook, master: Path) -> None:
    book.ReadOnly = True
    with pytest.raises(WorkbookError, match="read only"):
        lw.merge(master, as_at=AS_AT, live=True)
    assert book.writes == []


def test_excel_is_waited_for_while_a_cell_is_edited_and_then_no_longer(app: FakeApp, book: FakeBook) -> None:
    app.editing = 5
    assert open_book(book.path).impl is book
    app.editing = 1_000
    with pytest.raises(WorkbookError, match="Press Enter or Esc"):
        open_book(book.path)


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (BusyError(), True),
        (OSError("no"), False),
        (type("ExcelBusyError", (Exception,), {})(), True),
        (AttributeError("Property '<unknown>.Interactive' can not be set."), True),
        (AttributeError("no such thing"), False),
    ],
)
def test_only_an_excel_at_work_is_waited_for(error: Exception, busy: bool) -> None:
    assert is_busy(error) is busy


def test_what_is_no_waiting_is_told_at_once() -> None:
    def refuse() -> None:
        raise OSError("no such sheet")

    with pytest.raises(OSError, match="no such sheet"):
        patiently(refuse)


def test_excel_is_as_it_was_after_an_error_too(app: FakeApp, book: FakeBook) -> None:
    app.settings["calculation"], app.settings["screen_updating"] = "semiautomatic", False
    before = dict(app.settings)

    def go_wrong() -> None:
        with held_still(open_book(book.path)), uncalculated(open_book(book.path).app):
            assert (app.settings["calculation"], app.settings["interactive"]) == ("manual", False)
            assert not app.AutoCorrect.AutoFillFormulasInLists
            raise ValueError("midway")

    with pytest.raises(ValueError, match="midway"):
        go_wrong()
    assert app.settings == before
    assert app.AutoCorrect.AutoFillFormulasInLists


def test_a_master_that_is_open_is_offered_to_be_worked_on_as_it_is(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master.with_name(f"~${master.name}").touch()
    with pytest.raises(WorkbookError) as plain:
        lw.review(master, as_at=AS_AT)
    monkeypatch.setattr(live, "offer", lambda: offer(lambda: True))
    with pytest.raises(WorkbookError) as offered:
        lw.merge(master, as_at=AS_AT)
    assert "--live" not in str(plain.value)
    assert "add --live" in str(offered.value)


@pytest.mark.usefixtures("app")
def test_an_excel_that_xlwings_does_not_reach_is_for_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings.engines, "active", None)
    with pytest.raises(WorkbookError, match="excel doctor"):
        open_book(Path("master.xlsx"))


@pytest.mark.usefixtures("app")
def test_without_xlwings_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(WorkbookError, match=r'pip install "lscb-workbook\[excel\]"'):
        open_book(Path("master.xlsx"))


def test_an_excel_that_cannot_be_asked_is_passed_over(
    app: FakeApp, book: FakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Foreign(FakeApp):
        @property
        def books(self) -> FakeBooks:
            raise OSError("access is denied")

    both = xlwings.main.Engine(impl=FakeEngine(Foreign(pid=2), app))
    monkeypatch.setattr(xlwings.engines, "active", both)
    assert open_book(book.path).impl is book


def test_a_copy_that_excel_does_not_give_is_told_in_words(book: FakeBook) -> None:
    book.refuse_copies = True
    with pytest.raises(WorkbookError, match=r"gave no copy of bare.xlsx .*disk is full"):
        lw.merge(book.path, as_at=AS_AT, live=True)


@pytest.mark.usefixtures("app")
def test_no_excel_of_anybody_s_is_ended_when_python_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []
    windows = SimpleNamespace(Apps=type("Apps", (), {"cleanup": staticmethod(lambda: ended.append(1))}))
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    the_xlwings()
    windows.Apps.cleanup()  # what xlwings does then
    assert ended == []
    assert windows.N_COM_ATTEMPTS > 0  # for nought it asks a busy Excel for ever
