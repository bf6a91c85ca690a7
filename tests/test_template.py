"""The templates: what the layout makes, and open to restyling."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType
from xml.etree.ElementTree import canonicalize

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font, PatternFill
from tracking import AS_AT, CHAIR, CYCLE, ISSUED, NOW, RETURN_BY, copy_of, entry, fill_in

import lscb_workbook as lw
from lscb_workbook.plan.documents import default_plan, default_scheme
from lscb_workbook.plan.records import Field
from lscb_workbook.tracker.reading import read_tracker

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ("workbook_template.xlsx", "lscb_workbook/copies/copy_template.xlsx")


@pytest.fixture(scope="module")
def make_template() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_template", ROOT / "scripts" / "make_template.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parts(path: Path) -> dict[str, str]:
    """The parts of a package, their XML in canonical form: who wrote it (lxml or not) makes no difference."""
    with zipfile.ZipFile(path) as package:
        return {name: canonicalize(package.read(name), rewrite_prefixes=True) for name in package.namelist()}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_committed_template_is_what_the_script_makes(
    make_template: ModuleType, tmp_path: Path, name: str
) -> None:
    make_template.main(tmp_path)
    assert parts(ROOT / name) == parts(tmp_path / name)


def test_the_shipped_ratings_are_read_without_the_rest_of_the_plan() -> None:
    assert default_scheme() == default_plan().scheme


def restyled(source: Path, target: Path) -> Path:
    """A template as a board would restyle it: other fonts, colours and widths, a tab of its own."""
    book = load_workbook(source)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                cell.font = Font(name="Arial", size=12, italic=True)
                cell.fill = PatternFill("solid", start_color="EEF6FF")
        page.column_dimensions["A"].width = 22
    book.create_sheet("Our own", 0)["A1"] = "Ours"
    book.save(target)
    book.close()
    return target


def test_restyled_templates_work_unchanged(tmp_path: Path) -> None:
    tracker = restyled(ROOT / TEMPLATES[0], tmp_path / "t.xlsx")
    copy = restyled(ROOT / TEMPLATES[1], tmp_path / "c.xlsx")
    master = tmp_path / "master.xlsx"
    lw.new(None, master, template=tracker)
    lw.issue(
        master,
        tmp_path / "copies",
        cycle=CYCLE,
        issued_on=ISSUED,
        return_by=RETURN_BY,
        template=copy,
        now=NOW,
    )
    fill_in(copy_of(tmp_path / "copies", CHAIR), tmp_path / "r" / "a.xlsx", {("6.1", "RAG rating"): "Red"})
    lw.merge(master, [tmp_path / "r"], as_at=AS_AT, now=NOW)
    assert read_tracker(master).plan == default_plan()
    assert entry(master, "6.1", Field.RATING) == "Red"
    book = load_workbook(master)
    assert book.sheetnames[0] == "Our own"
    assert book["Plan"]["C5"].font.name == "Arial"
