"""Finding the rows of a copy in whatever sheets came back."""

from __future__ import annotations

from lscb_workbook.returns.grids import find_table
from lscb_workbook.tracker.cells import Raw

HEAD: list[Raw] = ["Ref", "Action", "RAG rating", "Commentary", "Evidence of impact"]
ROW: list[Raw] = ["1.1", "Do it", "Red", "late", ""]


def test_a_table_is_found_wherever_it_stands_and_whatever_its_sheet_is_called() -> None:
    found = find_table({"Notes": [["hello"]], "Sheet3": [[], ["", *HEAD], ["", *ROW]]}, "MyActions")
    assert found is not None
    assert (found.sheet, found.rows[0].number, found.rows[0].key) == ("Sheet3", 3, "1.1")
    assert found.rows[0].cells["rating"] == "Red"


def test_columns_are_found_in_any_order_and_any_case() -> None:
    found = find_table(
        {"S": [["EVIDENCE OF  IMPACT", "rag rating", "ref"], ["e", "Red", "1.1"]]}, "MyActions"
    )
    assert found is not None
    assert found.rows[0].cells == {"evidence": "e", "rating": "Red", "ref": "1.1"}
    assert "Commentary" in found.missing


def test_text_beside_and_below_the_rows_is_not_lost() -> None:
    grid: list[list[Raw]] = [HEAD, [*ROW, "beside"], ["", "below"], ROW]
    found = find_table({"S": grid}, "MyActions")
    assert found is not None
    assert found.loose == (("F2", "beside"), ("B3", "below"))
    assert [row.number for row in found.rows] == [2, 4]


def test_a_sheet_without_the_headings_has_no_table() -> None:
    assert find_table({"S": [["Ref", "Name"], ["1", "x"]]}, "MyActions") is None


def test_a_ref_that_became_a_number_is_still_the_ref() -> None:
    found = find_table({"S": [HEAD, [1.1, "Do it", "Red", "", ""]]}, "MyActions")
    assert found is not None
    assert found.rows[0].key == "1.1"
