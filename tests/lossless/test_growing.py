"""Tables that grow over what a manager put below them: it moves down, and what points to it follows."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from conformance import validator_errors
from lossless.additions import PNG
from lossless.building import RELATION, Master, drawn
from lossless.comparing import Table, members, tables_of
from lossless.edits import below, totals_row
from lossless.merging import EXPECTED, Shop
from openpyxl import Workbook, load_workbook
from tracking import AS_AT, NOW, entry

import lscb_workbook as lw
from lscb_workbook.plan.errors import WorkbookError

GROWING = ("History", "Missed", "Checks")
"""Tables that the merge of these tests makes longer, each alone on its tab."""


def table(data: bytes, name: str) -> Table:
    return next(one for one in tables_of(members(data)) if one.name == name)


def merged(shop: Shop, path: Path, change: Callable[[Master], object]) -> tuple[bytes, bytes]:
    """The master before and after a merge, changed so beforehand."""
    master = Master(shop.issued)
    change(master)
    before = master.to_bytes()
    path.write_bytes(before)
    lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    assert {place: entry(path, *place) for place in EXPECTED} == EXPECTED
    assert validator_errors(path) == []
    return before, path.read_bytes()


def grown_by(before: bytes, after: bytes, name: str) -> int:
    grown = table(after, name).area[3] - table(before, name).area[3]
    assert grown > 0
    return grown


@functools.lru_cache(maxsize=1)
def _book(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def cell(data: bytes, tab: str, where: str) -> object:
    value: object = _book(data)[tab][where].value
    return value


def picture_rows(data: bytes) -> list[int]:
    """The rows at which pictures begin."""
    texts = [part.decode() for name, part in members(data).items() if name.startswith("xl/drawings/drawing")]
    anchors = [
        one for text in texts for one in re.findall(r"<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", text)
    ]
    return [int(re.findall(r"<xdr:row>(\d+)", one)[0]) + 1 for one in anchors if "<xdr:pic>" in one]


@pytest.mark.parametrize("name", GROWING)
def test_a_note_below_a_table_moves_down_as_it_grows(shop: Shop, tmp_path: Path, name: str) -> None:
    where = ""

    def change(master: Master) -> None:
        nonlocal where
        where = below(master, name)

    before, after = merged(shop, tmp_path / "master.xlsx", change)
    row = int(where[1:]) + grown_by(before, after, name)
    tab = load_workbook(tmp_path / "master.xlsx")[_tab(name)]
    assert tab[f"A{row}"].value == f"my note below {name}"
    assert [line[0].value for line in tab.iter_rows()].count(f"my note below {name}") == 1


def _tab(name: str) -> str:
    return {"Missed": "Missed milestones"}.get(name, name)


def test_formulas_names_links_notes_pictures_and_rules_follow(shop: Shop, tmp_path: Path) -> None:
    first = table(shop.issued, "History").area[3] + 2

    def change(master: Master) -> None:
        part = master.tab("History")
        master.write(part, f"A{first}", "<v>5</v>")
        master.write(
            part, f"B{first}", f"<f>A{first}*2+COUNTA(A5:A{first})+SUM({first}:{first})</f><v>10</v>"
        )
        master.write(part, f"S{first}", "<v>7</v>")
        master.insert(part, f'<mergeCells count="1"><mergeCell ref="C{first}:D{first + 1}"/></mergeCells>')
        master.insert(
            part,
            f'<rowBreaks count="1" manualBreakCount="1"><brk id="{first}" max="16383" man="1"/></rowBreaks>',
        )
        plan = master.tab("Plan")
        master.write(plan, "T5", f"<f>History!A{first}+'History'!$B${first}+A{first}</f><v>15</v>")
        names = f'<definedName name="MyFive">History!$A${first}</definedName>'
        master.change(master.workbook, "</definedNames>", f"{names}</definedNames>")
        master.insert(
            plan,
            f'<conditionalFormatting sqref="T5"><cfRule type="expression" priority="40" '
            f'dxfId="0"><formula>History!$A${first}&gt;1'
            "</formula></cfRule></conditionalFormatting>",
        )

        def draw(book: object, sheet: object) -> None:
            sheet.write_comment(f"A{first}", "ask Ann")  # type: ignore[attr-defined]
            sheet.insert_image(f"F{first}", "a.png", {"image_data": BytesIO(PNG)})  # type: ignore[attr-defined]
            sheet.data_validation(f"A{first}", {"validate": "integer", "criteria": ">", "value": 1})  # type: ignore[attr-defined]
            sheet.write_url(f"E{first}", "https://example.org/")  # type: ignore[attr-defined]
            chart = book.add_chart({"type": "line"})  # type: ignore[attr-defined]
            chart.add_series({"values": f"=History!$A${first}:$B${first}"})
            sheet.insert_chart(f"F{first + 10}", chart)  # type: ignore[attr-defined]

        master.graft("History", drawn(draw, "History"))

    before, after = merged(shop, tmp_path / "master.xlsx", change)
    row = first + grown_by(before, after, "History")
    assert cell(after, "History", f"A{row}") == 5
    assert cell(after, "History", f"S{row}") == 7
    assert cell(after, "History", f"B{row}") == f"=A{row}*2+COUNTA(A5:A{row})+SUM({row}:{row})"
    assert cell(after, "Plan", "T5") == f"=History!A{row}+'History'!$B${row}+A{first}"
    book = load_workbook(BytesIO(after))
    sheet = book["History"]
    assert book.defined_names["MyFive"].attr_text == f"History!$A${row}"
    assert [str(one) for one in sheet.merged_cells.ranges] == [f"C{row}:D{row + 1}"]
    assert [one.id for one in sheet.row_breaks.brk] == [row]
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == [f"A{row}"]
    assert sheet[f"A{row}"].comment.text == "ask Ann"
    assert sheet[f"E{row}"].hyperlink.target == "https://example.org/"
    assert picture_rows(after) == [row]
    assert [one.anchor._from.row + 1 for one in sheet._charts] == [row + 10]
    texts = {name: data.decode() for name, data in members(after).items() if name.endswith((".xml", ".vml"))}
    assert any(f"History!$A${row}:$B${row}" in text for name, text in texts.items() if "chart" in name)
    assert any(f"<x:Row>{row - 1}</x:Row>" in text for name, text in texts.items() if name.endswith(".vml"))
    assert any(f"History!$A${row}&gt;1" in text for text in texts.values())


def test_formulas_that_cells_share_are_written_out_as_they_move(shop: Shop, tmp_path: Path) -> None:
    first = table(shop.issued, "History").area[3] + 2

    def change(master: Master) -> None:
        for tab, column, row, formula in (
            ("History", "A", first, f"ROW(B{first})+B5"),
            ("Plan", "T", 5, f"History!A{first}"),
        ):
            part, shared = master.tab(tab), f't="shared" ref="{column}{row}:{column}{row + 1}" si="0"'
            master.write(part, f"{column}{row}", f"<f {shared}>{formula}</f><v>1</v>")
            master.write(part, f"{column}{row + 1}", '<f t="shared" si="0"/><v>2</v>')

    before, after = merged(shop, tmp_path / "master.xlsx", change)
    row = first + grown_by(before, after, "History")
    said = [cell(after, "History", f"A{row}"), cell(after, "History", f"A{row + 1}")]
    assert said == [f"=ROW(B{row})+B5", f"=ROW(B{row + 1})+B6"]
    said = [cell(after, "Plan", "T5"), cell(after, "Plan", "T6")]
    assert said == [f"=History!A{row}", f"=History!A{row + 1}"]


@pytest.mark.parametrize("name", ["History", "Checks", "Missed"])
def test_a_totals_row_stays_below_the_rows_it_counts(shop: Shop, tmp_path: Path, name: str) -> None:
    def change(master: Master) -> None:
        totals_row(master, name)
        bottom = table(master.to_bytes(), name).area[3]
        master.write(master.tab("Plan"), "T5", f"<f>'{_tab(name)}'!A{bottom}</f><v>1</v>")

    before, after = merged(shop, tmp_path / "master.xlsx", change)
    bottom = table(after, name).area[3]
    assert bottom == table(before, name).area[3] + grown_by(before, after, name)
    assert str(cell(after, _tab(name), f"A{bottom}")).startswith("=SUBTOTAL(103,")
    assert cell(after, "Plan", "T5") == f"='{_tab(name)}'!A{bottom}"
    part = members(after)[table(after, name).part].decode()
    assert re.findall(r'<autoFilter ref="A4:[A-Z]+(\d+)"', part) == [str(bottom - 1)]


def test_a_list_that_gets_shorter_keeps_its_totals_row_below_it(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    path.write_bytes(shop.issued)
    lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    master = Master(path.read_bytes())
    totals_row(master, "Missed")
    path.write_bytes(master.to_bytes())
    bottom = table(path.read_bytes(), "Missed").area[3]
    lw.review(path, as_at=AS_AT.replace(month=4), now=NOW)
    assert validator_errors(path) == []
    after = table(path.read_bytes(), "Missed").area[3]
    assert str(cell(path.read_bytes(), "Missed milestones", f"A{after}")).startswith("=SUBTOTAL(103,")
    lw.review(path, as_at=AS_AT, now=NOW)
    assert table(path.read_bytes(), "Missed").area[3] == bottom
    assert validator_errors(path) == []


def test_a_picture_or_merged_cells_below_a_table_move_out_of_its_way(shop: Shop, tmp_path: Path) -> None:
    first = table(shop.issued, "Missed").area[3] + 2

    def change(master: Master) -> None:
        def draw(_: object, sheet: object) -> None:
            sheet.insert_image(f"B{first}", "a.png", {"image_data": BytesIO(PNG)})  # type: ignore[attr-defined]

        master.graft("Missed milestones", drawn(draw))
        part = master.tab("Checks")
        last = table(shop.issued, "Checks").area[3]
        master.insert(part, f'<mergeCells count="1"><mergeCell ref="A{last + 1}:B{last + 1}"/></mergeCells>')

    before, after = merged(shop, tmp_path / "master.xlsx", change)
    assert picture_rows(after) == [first + grown_by(before, after, "Missed")]
    bottom = table(after, "Checks").area[3]
    merged_cells = load_workbook(BytesIO(after))["Checks"].merged_cells.ranges
    assert [str(one) for one in merged_cells] == [f"A{bottom + 1}:B{bottom + 1}"]


# --- what cannot be moved for certain --------------------------------------------------------


def table_below(master: Master) -> None:
    part = master.tab("History")
    first = table(master.to_bytes(), "History").area[3] + 2
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    master.say(part, f"A{first}", "Mine")
    master.say(part, f"A{first + 1}", "one")
    text = (
        f'<table xmlns="{main}" id="90" name="Mine" displayName="Mine" '
        f'ref="A{first}:A{first + 1}"><tableColumns '
        'count="1"><tableColumn id="1" name="Mine"/></tableColumns></table>'
    )
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    id_ = master.add("xl/tables/table90.xml", text, content, part, "table")
    link = f'<tablePart xmlns:r="{RELATION}" r:id="{id_}"/>'
    master.change(part, r'<tableParts count="1">', f'<tableParts count="2">{link}')


def what_if_below(master: Master) -> None:
    part = master.tab("History")
    first = table(master.to_bytes(), "History").area[3] + 2
    data = f'<f t="dataTable" ref="A{first}:A{first + 1}" dt2D="0" dtr="0" r1="B{first}"/><v>1</v>'
    master.write(part, f"A{first}", data)


def across_sheets(master: Master) -> None:
    first = table(master.to_bytes(), "History").area[3] + 2
    master.say(master.tab("History"), f"A{first}", "note")
    master.write(master.tab("Plan"), "T5", f"<f>SUM(History:Officers!A{first})</f><v>0</v>")


@pytest.mark.parametrize("change", [table_below, what_if_below, across_sheets])
def test_what_cannot_be_moved_for_certain_stops_the_merge_and_nothing_is_changed(
    shop: Shop, tmp_path: Path, change: Callable[[Master], None]
) -> None:
    master = Master(shop.issued)
    change(master)
    path = tmp_path / "master.xlsx"
    path.write_bytes(master.to_bytes())
    with pytest.raises(WorkbookError, match=r"'History' must grow .* Move it .* Nothing was changed"):
        lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    assert path.read_bytes() == master.to_bytes()


def test_formulas_over_a_whole_column_of_a_list_are_so_still(shop: Shop, tmp_path: Path) -> None:
    """As in Excel; what is over less, over more or over one cell means just that."""
    bottom = table(shop.issued, "History").area[3]

    def change(master: Master) -> None:
        plan, history = master.tab("Plan"), master.tab("History")
        for row, formula in enumerate(
            (
                f"COUNTA(History!A5:A{bottom})+COUNTA('History'!$B$5:$C${bottom})",
                f"COUNTA(History!A6:A{bottom})",
                f"COUNTA(History!A5:A{bottom - 1})+COUNTA(Plan!A5:A{bottom})",
                f"History!A{bottom}",
            ),
            start=5,
        ):
            master.write(plan, f"T{row}", f"<f>{formula}</f><v>1</v>")
        master.write(history, "S2", f"<f>COUNTA(A5:A{bottom})</f><v>1</v>")
        rule = f"<formula>COUNTA(History!$A$5:$A${bottom})&gt;1</formula>"
        master.insert(
            plan,
            '<conditionalFormatting sqref="T5"><cfRule type="expression" priority="40" dxfId="0">'
            f"{rule}</cfRule></conditionalFormatting>",
        )

    before, after = merged(shop, tmp_path / "master.xlsx", change)
    last = bottom + grown_by(before, after, "History")
    assert [cell(after, "Plan", f"T{row}") for row in range(5, 9)] == [
        f"=COUNTA(History!A5:A{last})+COUNTA('History'!$B$5:$C${last})",
        f"=COUNTA(History!A6:A{bottom})",
        f"=COUNTA(History!A5:A{bottom - 1})+COUNTA(Plan!A5:A{bottom})",
        f"=History!A{bottom}",
    ]
    assert cell(after, "History", "S2") == f"=COUNTA(A5:A{last})"
    assert f"COUNTA(History!$A$5:$A${last})&gt;1" in Master(after).text(Master(after).tab("Plan"))
