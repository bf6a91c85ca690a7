"""A tracker on the shipped plan, and officers who fill in real copies of it: for tests of whole steps."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook

import lscb_workbook as lw
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml import Formula, Workbook, address
from lscb_workbook.plan.records import Cell, Field
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets

WEEKS = timedelta(days=22)
ISSUED, AS_AT = date(2016, 9, 1), date(2016, 10, 1)
RETURN_BY = ISSUED + WEEKS
CYCLE = "2016-17 Q2"
NOW = datetime(2016, 10, 1, 9, 0)

HEAD_OF_RESEARCH = "Head of Research and Data, LBR"
INTEGRATED_CARE = "Integrated Care Director, NELFT"
NURSING = "Director of Nursing, CCG"
CHAIR = "LSCB Chair"

Answers = Mapping[tuple[str, str], object]
"""By (ref or milestone id, column heading): what the officer types."""


@functools.cache
def _made() -> Path:
    """Where this process keeps a new tracker, and the same one issued: to make them takes longer than most
    tests."""
    folder = Path(tempfile.mkdtemp(prefix="lscb-tracker-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    lw.new(None, folder / "new.xlsx")
    shutil.copy2(folder / "new.xlsx", folder / "master.xlsx")
    issue(folder / "master.xlsx", folder / "copies")
    return folder


def new_tracker(folder: Path) -> Path:
    """A new master on the shipped plan: the same tracker each time, where ``lw.new`` makes another."""
    return Path(shutil.copy2(_made() / "new.xlsx", folder / "master.xlsx"))


def issued_tracker(folder: Path) -> tuple[Path, Path]:
    """A master, and the folder of the copies issued for one cycle: the same each time."""
    for name in ("backups", "copies"):
        shutil.copytree(_made() / name, folder / name)
    return Path(shutil.copy2(_made() / "master.xlsx", folder)), folder / "copies"


def issue(master: Path, copies: Path, cycle: str = CYCLE, issued_on: date = ISSUED) -> None:
    lw.issue(master, copies, cycle=cycle, issued_on=issued_on, return_by=issued_on + WEEKS, now=NOW)


def copy_of(copies: Path, title: str, cycle: str = CYCLE) -> Path:
    return copies / f"{cycle} - {title}.xlsx"


def fill_in(copy: Path, to: Path, answers: Answers, *, hour: int = 12) -> Path:
    """Fill in a copy as another program would, and save it as ``to`` at this hour of 20 September."""
    book = load_workbook(copy)
    for (name, column), value in answers.items():
        table = COPY_TABLES["MyMilestones" if name.count(".") > 1 else "MyActions"]
        sheet = book[table.sheet]
        columns = {cell.value: cell.column for cell in sheet[table.row]}
        row = next(r for r in range(table.row + 1, sheet.max_row + 1) if sheet.cell(r, 1).value == name)
        sheet.cell(row, columns[column]).value = value
    to.parent.mkdir(parents=True, exist_ok=True)
    book.save(to)
    book.close()
    saved = Workbook.open(to)
    saved.set_core(modified=datetime(2016, 9, 20, hour))
    to.write_bytes(saved.to_bytes())
    moment = datetime(2016, 9, 20, hour).timestamp()
    os.utime(to, (moment, moment))
    return to


def entry(master: Path, name: str, field: Field) -> str:
    """What the master holds for an action (by ref) or a milestone (by id)."""
    cell = Cell(name.rpartition(".")[0], name, field) if name.count(".") > 1 else Cell(name, "", field)
    return read_tracker(master).entry(cell)


def type_into(master: Path, name: str, heading: str, value: object) -> None:
    """The manager types into a cell of the Plan tab (by ref) or of the Milestones tab (by id); what begins
    with ``=`` is a formula that nothing has calculated. All else stays as it is, as with Excel."""
    book = Workbook.open(master)
    table = "Milestones" if name.count(".") > 1 else "Plan"
    [row] = [row.number for row in Sheets(master.read_bytes()).rows(table) if row.cells[0] == name]
    typed = Formula(value[1:]) if isinstance(value, str) and value.startswith("=") else value
    book.set_cell(table, row, heading, typed)  # type: ignore[arg-type]
    master.write_bytes(book.to_bytes())


def typed_over(master: Path, table: str, name: str, heading: str, value: object, *, key: str = "") -> str:
    """The manager types over a cell of the first row of a table that says this in its first column, or in
    another (``key``); the tab and address."""
    book = Workbook.open(master)
    info = book.tables[table]
    rows = Sheets(master.read_bytes()).rows(table)
    row = next(row.number for row in rows if row.text(key or info.columns[0]) == name)
    book.set_cell(table, row, heading, value)  # type: ignore[arg-type]
    master.write_bytes(book.to_bytes())
    return f"{info.sheet} {address(row, info.column(heading))}"


def emptied(master: Path, table: str, *names: str) -> int:
    """Empty the rows of a table that begin with these names, all of them where none is given; how many."""
    book = Workbook.open(master)
    rows = [row for row in Sheets(master.read_bytes()).rows(table) if not names or row.cells[0] in names]
    for row in rows:
        for heading in row.places:
            book.set_cell(table, row.number, heading, None)
    master.write_bytes(book.to_bytes())
    return len(rows)
