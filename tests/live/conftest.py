"""Excel with a tracker open in it, and returns to merge into that."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import xlwings
from live.fake_excel import FakeApp, FakeBook, FakeEngine
from openpyxl import Workbook
from openpyxl.worksheet.table import Table
from tracking import HEAD_OF_RESEARCH, copy_of, fill_in, issue

import lscb_workbook as lw
from lscb_workbook.live import excel
from lscb_workbook.plan.documents import default_plan, write_plan
from lscb_workbook.plan.records import Plan


def small(plan: Plan) -> Plan:
    """Two actions of a plan, so that Excel's stand-in has little to save each time."""
    actions = tuple(one for one in plan.actions if one.ref in ("1.2", "6.3"))
    milestones = tuple(one for one in plan.milestones if one.ref in ("1.2", "6.3"))
    leads = {key for one in (*actions, *milestones) for key in one.leads}
    officers = tuple(one for one in plan.officers if one.key in leads)
    return replace(plan, actions=actions, milestones=milestones, officers=officers)


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A master of which copies were issued, and a return to it."""
    folder = tmp_path_factory.mktemp("issued")
    (folder / "plan.toml").write_text(write_plan(small(default_plan())))
    master, copies = folder / "master.xlsx", folder / "copies"
    lw.new(folder / "plan.toml", master)
    issue(master, copies)
    answers = {
        ("6.3", "RAG rating"): "Amber",
        ("6.3", "Commentary"): "1.40",
        ("6.3", "Evidence of impact"): "31/8",
    }
    return master, fill_in(copy_of(copies, HEAD_OF_RESEARCH), folder / "returns" / "back.xlsx", answers)


@pytest.fixture
def master(issued: tuple[Path, Path], tmp_path: Path) -> Path:
    path = tmp_path / "master.xlsx"
    path.write_bytes(issued[0].read_bytes())
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A workbook that says which tracker it is, and nothing else: quick to open."""
    book = Workbook()
    sheet = book.active
    sheet.title = "_lscb"
    for row in (("Key", "Value"), ("tracker", "one")):
        sheet.append(row)
    sheet.add_table(Table(displayName="Lscb", ref="A1:B2"))
    book.save(tmp_path / "bare.xlsx")
    return tmp_path / "bare.xlsx"


@pytest.fixture
def back(issued: tuple[Path, Path]) -> Path:
    return issued[1]


def an_excel(patch: pytest.MonkeyPatch) -> FakeApp:
    """An Excel that xlwings finds, with no workbook open."""
    fake = FakeApp()
    patch.setattr(excel, "SYSTEM", sys.platform)
    patch.setattr(xlwings.engines, "active", xlwings.main.Engine(impl=FakeEngine(fake)))
    patch.setattr(excel.time, "sleep", lambda _: None)
    return fake


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """The one Excel that runs, with no workbook open."""
    return an_excel(monkeypatch)


@pytest.fixture
def book(app: FakeApp, master: Path) -> FakeBook:
    """The tracker, open in Excel."""
    return FakeBook(app, master)
