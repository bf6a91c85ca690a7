"""Error values that readers of older days do not know keep nobody from what stands beside them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from tracking import AS_AT, CHAIR, copy_of, entry, fill_in, issued_tracker

import lscb_workbook as lw
from lscb_workbook.ooxml import Formula, Workbook, with_old_errors
from lscb_workbook.plan.records import Field

NEW = (
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#BUSY!",
    "#UNKNOWN!",
    "#PYTHON!",
)


@pytest.mark.parametrize("error", NEW)
def test_a_newer_error_value_is_read_as_an_old_one(error: str) -> None:
    cell = f'<c r="A1" s="3" t="e"><f>B1#</f><v>{error}</v></c>'.encode()
    assert with_old_errors(cell) == cell.replace(error.encode(), b"#N/A")


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A1" t="e"><v>#DIV/0!</v></c>',
        b'<c r="A1" t="str"><f>"#SPILL!"</f><v>#SPILL!</v></c><c r="B1" t="e"><v>#N/A</v></c>',
        b'<c r="A1" t="inlineStr"><is><t>#SPILL! t="e"</t></is></c>',
        b'<c r="A1" t="e"/><c r="B1" t="str"><v>#CALC!</v></c>',
        b'<c r="A1" t="e"><f>X</f></c><c r="B1" t="str"><v>#CALC!</v></c>',
    ],
)
def test_what_is_old_or_a_text_stands(cell: bytes) -> None:
    assert with_old_errors(cell) == cell


def spilling(path: Path, tab: str, row: int, column: int) -> None:
    """Put a formula that does not find room to spill into a cell of a file."""
    book = Workbook.open(path)
    book._sheet(tab).set(row, column, Formula("_xlfn.ANCHORARRAY(A1)", "#SPILL!"), None)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            part = old.read(info).replace(b' t="str"><f>_xlfn', b' t="e"><f>_xlfn')
            new.writestr(info, part)
    path.write_bytes(out.getvalue())
    with pytest.raises(Exception, match="SPILL"):
        CalamineWorkbook.from_path(str(path)).get_sheet_by_name(tab)


def test_a_master_with_one_in_a_column_of_the_managers_is_merged_into_and_keeps_it(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    spilling(master, "Plan", 6, 16)
    returned = fill_in(copy_of(copies, CHAIR), tmp_path / "in" / "r.xlsx", {("6.1", "Commentary"): "Done."})
    result = lw.merge(master, [returned], as_at=AS_AT)
    assert [change.returned for change in result.changes] == ["Done."]
    assert entry(master, "6.1", Field.COMMENTARY) == "Done."
    assert b"<v>#SPILL!</v>" in b"".join(
        zipfile.ZipFile(master).read(name) for name in zipfile.ZipFile(master).namelist()
    )


def test_a_return_with_one_beside_its_rows_is_taken(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    returned = fill_in(copy_of(copies, CHAIR), tmp_path / "in" / "r.xlsx", {("6.1", "Commentary"): "Done."})
    spilling(returned, "Actions", 6, 14)
    result = lw.merge(master, [returned], as_at=AS_AT)
    assert "Done." in [change.returned for change in result.changes]
    assert not result.harvest.quarantined
