"""A chart found by its frame's name, scaled, and the rows it stands on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from lscb_workbook.ooxml import Workbook
from lscb_workbook.ooxml.charts import refreshed, speaks_of
from lscb_workbook.ooxml.frames import axes_of, with_axes
from lscb_workbook.ooxml.package import Package
from lscb_workbook.tracker.layout import TIMELINE

TEMPLATE = Path(__file__).resolve().parents[2] / "workbook_template.xlsx"
DAYS = {"low": date(2016, 4, 1), "high": date(2017, 3, 31), "crosses": date(2016, 10, 1)}


def test_an_axis_is_scaled_anew_however_it_was_scaled() -> None:
    chart = (
        b'<c:catAx><c:crossAx val="1"/><c:crosses val="autoZero"/></c:catAx>'
        b'<c:valAx><c:scaling><c:orientation val="minMax"/></c:scaling></c:valAx>'
    )
    once = with_axes(chart, 1, 9, 5)
    assert b'<c:max val="9"/><c:min val="1"/></c:scaling>' in once
    assert b'<c:crossAx val="1"/><c:crossesAt val="5"/></c:catAx>' in once
    assert with_axes(with_axes(chart, 2, 8, 3), 1, 9, 5) == once


def test_the_rows_of_a_chart_are_given_its_height(tmp_path: Path) -> None:
    book = Workbook.open(TEMPLATE)
    book.frame_chart("Timeline", TIMELINE, height=300, **DAYS)
    path = tmp_path / "framed.xlsx"
    path.write_bytes(book.to_bytes())
    rows = load_workbook(path)["Timeline"].row_dimensions
    assert (rows[4].height, rows[5].height) == (150, 150)


def test_a_chart_in_another_encoding_is_scaled_and_one_that_cannot_be_read_is_left() -> None:
    before = Workbook.open(TEMPLATE)
    before.frame_chart("Timeline", TIMELINE, height=300, **DAYS)
    plain = Package.open(before.to_bytes())
    axes = Workbook(plain).axes("Timeline", TIMELINE)
    assert axes is not None
    for name in [one for one in plain.names if one.startswith("xl/charts/chart")]:
        said = plain.read(name).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        plain.replace(name, said.encode("utf-16"))
    wide = Workbook(plain)
    assert wide.axes("Timeline", TIMELINE) == axes
    assert wide.to_bytes() == plain.to_bytes()
    wide.frame_chart("Timeline", TIMELINE, height=300, **DAYS | {"crosses": date(2016, 12, 1)})
    moved = Workbook.open(wide.to_bytes()).axes("Timeline", TIMELINE)
    assert moved is not None
    assert moved.crosses == axes.crosses + 61
    for broken in (b"\xff\xfeodd", b"<c:valAx>\xff</c:valAx>"):
        assert (with_axes(broken, 1, 9, 5), axes_of(broken)) == (broken, None)
        assert not speaks_of(broken, ["Timeline"])
        assert refreshed(broken, str, lambda _sheet, _area: None) == broken


def test_a_sheet_without_the_chart_stays_as_it_is() -> None:
    book = Workbook.open(TEMPLATE)
    before = book.to_bytes()
    book.frame_chart("Timeline", "a chart that its owner took away", height=300, **DAYS)
    assert book.to_bytes() == before
