"""Masters that are not merged into, or not as they are: what is said of them, and that nothing is harmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossless.building import Master
from lossless.comparing import harm, members
from lossless.merging import Shop
from lossless.programs import as_strict, signed
from tracking import AS_AT, NOW

import lscb_workbook as lw
from lscb_workbook.plan.errors import WorkbookError


def refused(path: Path, data: bytes, says: str) -> None:
    path.write_bytes(data)
    with pytest.raises(WorkbookError, match=says):
        lw.merge(path, as_at=AS_AT, now=NOW)
    assert path.read_bytes() == data
    assert not path.with_name("backups").exists()


def test_a_strict_workbook_is_refused_with_what_to_do(shop: Shop, tmp_path: Path) -> None:
    refused(tmp_path / "master.xlsx", as_strict(shop.issued), "Strict Open XML.*Save it as 'Excel Workbook")


def test_a_heading_renamed_is_said_with_its_tab(shop: Shop, tmp_path: Path) -> None:
    master = Master(shop.issued)
    master.change(master.table("Plan"), 'name="Commentary"', 'name="Comments"')
    refused(tmp_path / "master.xlsx", master.to_bytes(), "tab 'Plan' has lost the heading 'Commentary'")


def test_a_table_turned_into_a_range_is_said(shop: Shop, tmp_path: Path) -> None:
    master = Master(shop.issued)
    sheet = master.tab("History")
    master.change(sheet, r"<tableParts.*?</tableParts>", "")
    rels = f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels"
    master.change(rels, r"<Relationship .*?/>", "")
    refused(tmp_path / "master.xlsx", master.to_bytes(), "no table named 'History'")


def test_a_document_type_is_refused_wherever_it_stands(shop: Shop, tmp_path: Path) -> None:
    master = Master(shop.issued)
    master.put(master.tab("Plan"), '<!DOCTYPE x [<!ENTITY a "b">]>' + master.text(master.tab("Plan")))
    refused(tmp_path / "master.xlsx", master.to_bytes(), "document type")


def test_a_signature_that_a_change_breaks_is_taken_off_and_kept_in_the_backup(
    shop: Shop, tmp_path: Path
) -> None:
    """As Excel does when a signed workbook is edited."""
    path = tmp_path / "master.xlsx"
    before = signed(shop.issued)
    path.write_bytes(before)
    result = lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    gone = {name for name in members(before) if name.startswith("_xmlsignatures/")}
    assert len(gone) == 3
    assert harm(before, path.read_bytes(), gone) == []
    assert b"ignature" not in members(path.read_bytes())["[Content_Types].xml"]
    assert result.backup is not None
    assert result.backup.read_bytes() == before
