"""Lists that the tool writes anew, on tabs that a manager filters, hides rows of, and prints a part of."""

from __future__ import annotations

import re
from pathlib import Path

from lossless.building import Master
from lossless.comparing import members, tables_of
from lossless.merging import Shop
from openpyxl import load_workbook
from tracking import AS_AT, NOW

import lscb_workbook as lw
from lscb_workbook.tracker.layout import TRACKER_SHEETS


def test_a_filter_set_before_hides_nothing_that_was_not_there_yet(shop: Shop, tmp_path: Path) -> None:
    """Excel does not filter again on opening: a row hidden for what stood there would hide what now does."""
    master = Master(shop.issued)
    for name in ("Checks", "History", "Missed"):
        one = next(one for one in tables_of(members(master.to_bytes())) if one.name == name)
        number = one.area[1] + 1
        master.put(
            one.sheet,
            re.sub(
                r'<row r="(\d+)"',
                lambda m, n=number: f'{m[0]} hidden="1"' if int(m[1]) >= n else m[0],
                master.text(one.sheet),
            ),
        )
    before = Master(master.to_bytes())
    path = tmp_path / "master.xlsx"
    path.write_bytes(before.to_bytes())
    old = load_workbook(path)
    lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    new = load_workbook(path)
    for tab in ("Checks", "History", "Missed milestones"):
        hidden = {row for row, one in new[tab].row_dimensions.items() if one.hidden}
        said = {row: [cell.value for cell in new[tab][row]] for row in hidden}
        assert said == {row: [cell.value for cell in old[tab][row]] for row in hidden}
    assert any(one.hidden for one in new["History"].row_dimensions.values())


def test_a_chart_on_a_sheet_of_its_own_shows_the_whole_of_a_list(shop: Shop) -> None:
    after = members(shop.merged("with everything").after)
    bottom = next(one for one in tables_of(after) if one.name == "Missed").area[3]
    said = [part.decode() for name, part in after.items() if name.startswith("xl/charts/")]
    [chart] = [text for text in said if "Missed milestones" in text]
    assert f"'Missed milestones'!$E$5:$E${bottom}</c:f>" in chart
    assert f'<c:ptCount val="{bottom - 4}"/>' in chart


def test_a_print_area_that_showed_a_whole_list_still_does(shop: Shop, tmp_path: Path) -> None:
    master = Master(shop.issued)
    places = [sheet.name for sheet in TRACKER_SHEETS]
    names = "".join(
        f'<definedName name="_xlnm.Print_Area" localSheetId="{places.index(tab)}">'
        f"'{tab}'!{area}</definedName>"
        for tab, area in (
            ("Missed milestones", "$A$1:$J$5"),
            ("History", "$A$1:$K$20"),
            ("Checks", "$A$1:$G$500"),
        )
    )
    master.change(master.workbook, "</definedNames>", f"{names}</definedNames>")
    path = tmp_path / "master.xlsx"
    path.write_bytes(master.to_bytes())
    lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    bottom = next(one for one in tables_of(members(path.read_bytes())) if one.name == "Missed").area[3]
    assert bottom > 5
    book = load_workbook(path)
    assert book["Missed milestones"].print_area == f"'Missed milestones'!$A$1:$J${bottom}"
    assert book["History"].print_area == "'History'!$A$1:$K$20"
    assert book["Checks"].print_area == "'Checks'!$A$1:$G$500"
