"""Finding the rows of a copy in whatever sheets came back."""

from __future__ import annotations

from lscb_workbook.returns.files.opened import Grid
from lscb_workbook.returns.grids import FoundTable, find_tables
from lscb_workbook.tracker.cells import Raw

KNOWN = {"MyActions": {"1.1", "1.2", "1.3"}, "MyMilestones": {"1.1.1", "1.2.1"}}
HEAD: list[Raw] = ["Ref", "Action", "RAG rating", "Commentary", "Evidence of impact"]
ROW: list[Raw] = ["1.1", "Do it", "Red", "late", ""]
SECOND: list[Raw] = ["1.2", "Do more", "Green", "", ""]


def tables(**sheets: Grid) -> list[FoundTable]:
    return find_tables(sheets, KNOWN)


def test_a_table_is_found_wherever_it_stands_and_whatever_its_sheet_is_called() -> None:
    (found,) = tables(Notes=[["hello"]], Sheet3=[[], ["", *HEAD], ["", *ROW]])
    assert (found.name, found.sheet, found.rows[0].number, found.rows[0].key) == (
        "MyActions",
        "Sheet3",
        3,
        "1.1",
    )
    assert found.rows[0].cells["rating"] == "Red"


def test_columns_are_found_in_any_order_and_any_case() -> None:
    (found,) = tables(S=[["EVIDENCE OF  IMPACT", "rag rating", "ref"], ["e", "Red", "1.1"]])
    assert found.rows[0].cells == {"evidence": "e", "rating": "Red", "ref": "1.1"}
    assert "Commentary" in found.missing


def test_text_beside_and_below_the_rows_is_not_lost() -> None:
    (found,) = tables(S=[HEAD, [*ROW, "beside"], ["", "", "", "below"], SECOND])
    assert found.rows[0].beside == (((2, 6), "beside"),)
    assert found.below == (((3, 4), "below"),)
    assert [row.number for row in found.rows] == [2, 4]


def test_a_sheet_without_the_headings_has_no_table() -> None:
    assert tables(S=[["Ref", "Name"], ["1", "x"]]) == []


def test_a_ref_that_became_a_number_is_still_in_its_row() -> None:
    (found,) = tables(S=[HEAD, [1.1, "Do it", "Red", "", ""]])
    assert found.rows[0].key == 1.1


def test_a_heading_that_is_nearly_right_is_taken_and_said_so() -> None:
    head: list[Raw] = ["Ref", "Action", "RAG Rating (select)", "Comentary", "Evidence"]
    (found,) = tables(S=[head, ROW])
    assert found.near == {
        "rating": "RAG Rating (select)",
        "commentary": "Comentary",
        "evidence": "Evidence",
    }
    assert found.rows[0].cells["commentary"] == "late"


def test_a_heading_that_could_be_two_columns_is_taken_for_neither() -> None:
    head: list[Raw] = ["Ref", "Action", "RAG rating", "Comments", "Commentry", "Evidence of impact"]
    (found,) = tables(S=[head, ["1.1", "Do it", "Red", "one", "two", ""]])
    assert "commentary" not in found.rows[0].cells
    assert [text for _, text in found.rows[0].beside] == ["one", "two"]


def test_a_column_of_refs_is_known_by_what_it_holds() -> None:
    head: list[Raw] = ["", "Action", "RAG rating", "Commentary", "Evidence of impact"]
    (found,) = tables(S=[head, ROW, SECOND])
    assert [row.key for row in found.rows] == ["1.1", "1.2"]


def test_two_tables_one_below_the_other_are_two_tables() -> None:
    below: Grid = [["Milestone", "Milestone as written", "Status", "Note"], ["1.1.1", "x", "Complete", ""]]
    actions, milestones = tables(S=[HEAD, ROW, [], *below])
    assert [row.key for row in actions.rows] == ["1.1"]
    assert (milestones.name, [row.key for row in milestones.rows]) == ("MyMilestones", ["1.1.1"])


def test_headings_that_stand_again_are_no_row() -> None:
    again: list[Raw] = ["Ref", "Commentary", "RAG rating"]
    first, second = tables(S=[HEAD, ROW, again, ["1.2", "moved", "Red"]])
    assert [row.key for row in (*first.rows, *second.rows)] == ["1.1", "1.2"]
    assert second.rows[0].cells["commentary"] == "moved"


def test_a_table_on_each_of_two_sheets_is_found_on_both() -> None:
    assert [table.sheet for table in tables(One=[HEAD, ROW], Two=[HEAD, SECOND])] == ["One", "Two"]
