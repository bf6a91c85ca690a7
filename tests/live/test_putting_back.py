"""Whatever Excel refuses, and whenever: all of it is written and saved, or nothing is, or it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from live.conftest import an_excel
from live.fake_excel import FakeBook
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from tracking import NOW

from lscb_workbook.live import held_in_excel
from lscb_workbook.live.holding import NotAsItWasError
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.backups import backup_folder
from lscb_workbook.tracker.saving import save_master

LISTS = {"Said": (("1.1", "as it was"), ("1.2", "too")), "Kept": (("1", "2"), ("3", "4"), ("5", "6"))}


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A workbook of two lists, the second on a protected tab, and what is to become of it: the first is a row
    longer, the second one shorter."""
    book = Book()
    book.remove(book.active)
    for name, rows in LISTS.items():
        sheet = book.create_sheet(name)
        for row in (("Ref", "Text", "Sum"), *((*row, f"=LEN(B{n})") for n, row in enumerate(rows, 2))):
            sheet.append(row)
        sheet.add_table(Table(displayName=name, ref=f"A1:C{len(rows) + 1}"))
        sheet.add_data_validation(DataValidation("list", formula1='"x,y"', sqref=f"B2:B{len(rows) + 1}"))
    book["Kept"].protection.sheet = book["Kept"].protection.selectLockedCells = True
    book["Kept"].protection.sort = False
    path = tmp_path_factory.mktemp("lists") / "lists.xlsx"
    book.save(path)
    filled = Workbook.open(path)
    filled.set_cell("Said", 2, "Text", "31/8")
    filled.append("Said", [{"Ref": "1.3", "Text": "=new", "Sum": 4}])
    filled.fill("Kept", [{"Ref": "1", "Text": "-2", "Sum": 1}, {"Ref": "3", "Text": "4", "Sum": 1}])
    return path.read_bytes(), filled.to_bytes()


class Open:
    """That workbook, open in an Excel that is as somebody left it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]) -> None:
        self.app = an_excel(patch)
        self.app.settings["calculation"] = "semiautomatic"
        self.path, self._after = folder / "lists.xlsx", lists[1]
        self.path.write_bytes(lists[0])
        for backup in self.backups:
            backup.unlink()
        self.book = FakeBook(self.app, self.path, address="")
        self.book.AutoSaveOn = True
        self.before, self.held = self.state(), self.settings()

    def save(self) -> Path | None:
        self.app.done = -1_000
        with held_in_excel(self.path) as held:
            self.app.done = 0  # counted from where it is to be written
            return save_master(held, self._after, NOW)

    def error(self) -> BaseException | None:
        """What a save of it comes to nothing by."""
        try:
            self.save()
        except (WorkbookError, KeyboardInterrupt) as error:
            return error
        return None

    def state(self) -> Mapping[str, object]:
        return {sheet.title: state_of(sheet) for sheet in self.book.book}

    def settings(self) -> Mapping[str, object]:
        return {**self.app.settings, **vars(self.app.AutoCorrect), "saves": self.book.AutoSaveOn}

    @property
    def backups(self) -> Sequence[Path]:
        return sorted(backup_folder(self.path).glob("*"))


def state_of(sheet: object) -> object:
    """What a sheet holds, how its lists lie, and how it is protected."""
    cells = {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.value is not None}  # type: ignore[attr-defined]
    return cells, [one.ref for one in sheet.tables.values()], dict(sheet.protection)  # type: ignore[attr-defined]


def how_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]) -> int:
    """How many things Excel does for a save of it."""
    it = Open(tmp_path, monkeypatch, lists)
    assert it.save() is not None
    return it.app.done


def test_all_is_written_and_the_file_calculates_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    it = Open(tmp_path, monkeypatch, lists)
    backup = it.save()
    saved = load_workbook(it.path)
    assert [saved["Said"][place].value for place in ("B2", "A4", "B4")] == ["31/8", "1.3", "=new"]
    assert saved["Said"]["B4"].data_type == "s"
    assert (saved["Said"].tables["Said"].ref, saved["Kept"].tables["Kept"].ref) == ("A1:C4", "A1:C3")
    assert [saved["Kept"][place].value for place in ("B2", "A4", "B4", "C4")] == ["-2", None, None, None]
    assert dict(saved["Kept"].protection) == it.before["Kept"][2]  # type: ignore[index]
    assert saved.calculation.calcMode == "autoNoTable"
    assert it.settings() == it.held
    assert backup is not None
    assert {sheet.title: state_of(sheet) for sheet in load_workbook(backup)} == it.before


@pytest.mark.parametrize(("what", "step"), [(OSError, 1), (KeyboardInterrupt, 3)])
def test_wherever_excel_refuses_once_or_the_manager_stops_it_all_is_put_back_or_all_is_saved(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lists: tuple[bytes, bytes],
    what: type[BaseException],
    step: int,
) -> None:
    often = how_often(tmp_path, monkeypatch, lists)
    it, again = Open(tmp_path, monkeypatch, lists), 0
    for at in range(1, often + 1, step):
        if "save" in it.app.log:  # else it is as it was
            it = Open(tmp_path, monkeypatch, lists)
        it.app.before_it_does = refusing(at, at, what)
        error, saved = it.error(), "save" in it.app.log
        again += isinstance(error, KeyboardInterrupt) or "has been put back" in str(error)
        assert saved or (it.state(), it.path.read_bytes()) == (it.before, lists[0]), f"{at}: {error}"
        assert len(it.backups) == saved, f"{at}: {error}"
        assert not (error and saved) or what is KeyboardInterrupt, f"{at}: {error}"
        assert it.settings() == it.held, at
        assert it.state()["Kept"][2] == it.before["Kept"][2], at  # type: ignore[index]
    assert again * step > often / 2


def test_wherever_excel_refuses_all_from_then_on_it_is_told_and_the_backup_has_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    told = 0
    for at in range(2, how_often(tmp_path, monkeypatch, lists) + 1, 3):
        it = Open(tmp_path, monkeypatch, lists)
        it.app.before_it_does = refusing(at, 100_000, OSError)
        error = it.error()
        if isinstance(error, NotAsItWasError):
            told += 1
            (backup,) = it.backups
            assert backup.name in str(error)
            assert {sheet.title: state_of(sheet) for sheet in load_workbook(backup)} == it.before
            assert not it.book.AutoSaveOn
        elif error:
            assert it.state() == it.before, f"{at}: {error}"
            assert it.backups == [], f"{at}: {error}"
        if "save" not in it.app.log:
            assert it.path.read_bytes() == lists[0]
    assert told > 3


def test_all_is_put_back_where_excel_shows_something_else_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    it = Open(tmp_path, monkeypatch, lists)

    def spoil() -> None:
        it.book.book["Said"]["B2"].value = "something else"

    it.app.calculated = spoil
    with pytest.raises(WorkbookError, match=r"does not show at Said!B2 what was written.*put back"):
        it.save()
    assert (it.state(), it.path.read_bytes()) == (it.before, lists[0])


def test_what_is_typed_in_excel_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    it = Open(tmp_path, monkeypatch, lists)
    with held_in_excel(it.path) as held:
        it.book.book["Said"]["B3"].value = "typed meanwhile"
        with pytest.raises(WorkbookError, match=r"changed in Excel while .* \(Said!B3\)"):
            save_master(held, lists[1], NOW)
    assert (it.book.writes, it.backups, it.settings()) == ([], [], it.held)


def test_what_the_manager_s_own_formula_fills_may_be_more_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    it = Open(tmp_path, monkeypatch, lists)
    own = it.book.book["Said"]
    own["E1"] = ArrayFormula("E1:E2", "=Said[Ref]")
    own["E2"] = "1.2"
    it.book.book.save(it.path)
    filled = Workbook.open(it.path)
    filled.append("Said", [{"Ref": "1.3", "Text": "new", "Sum": 4}])

    def spill() -> None:
        own["E1"].value.ref = "E1:E3"
        own["E3"] = "1.3"

    it.app.calculated = spill
    with held_in_excel(it.path) as held:
        assert save_master(held, filled.to_bytes(), NOW)
    assert load_workbook(it.path)["Said"]["E3"].value == "1.3"


def test_new_rows_look_like_one_that_the_filter_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    it = Open(tmp_path, monkeypatch, lists)
    sheet = it.book.book["Said"]
    sheet["B3"].number_format = "@"
    sheet.row_dimensions[2].hidden = True
    it.save()
    assert load_workbook(it.path)["Said"]["B4"].number_format == "@"


def test_an_excel_that_is_busy_for_a_moment_is_waited_for_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: tuple[bytes, bytes]
) -> None:
    often = how_often(tmp_path, monkeypatch, lists)
    it = Open(tmp_path, monkeypatch, lists)

    def busy(number: int) -> None:
        if number in range(3, often, 3):
            it.app.editing = 2

    it.app.before_it_does = busy
    assert it.save()
    assert load_workbook(it.path)["Said"]["B4"].value == "=new"


def refusing(first: int, last: int, what: type[BaseException]) -> object:
    def refuse(number: int) -> None:
        if first <= number <= last:
            raise what("Excel has had enough.")

    return refuse
