"""What officers do to their copies: what is taken of it, what is proposed, what is refused."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from conformance import convert
from editing import (
    BUSINESS_MANAGER,
    Edit,
    coloured,
    edited,
    form,
    retold,
    rows_from,
    together,
    typed,
    unnamed,
    with_text_box,
    with_threaded_comment,
)
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from returning import Outcome, outcome
from rewriting import by_libreoffice
from tracking import CHAIR, CYCLE, HEAD_OF_RESEARCH, INTEGRATED_CARE, copy_of, emptied, issue, issued_tracker

ANSWER = together(typed("6.3", "RAG rating", "Green"), typed("6.3", "Commentary", "Well on the way."))
"""What the Head of Research says in most of these returns."""
TRAINING = "Chair of LSCB Training Sub-Group"
TAKEN = {"6.3 rating": "Green", "6.3 commentary": "Well on the way."}
FORMS = ("xlsx", "ods", "xls")


def returned(issued: Path, folder: Path, *edits: Edit, title: str = HEAD_OF_RESEARCH) -> Outcome:
    """What becomes of a copy with these edits."""
    return outcome(issued, edited(issued, folder / "return.xlsx", together(*edits), title))


def shuffled(order: Sequence[int]) -> Edit:
    """The columns of the Actions tab put in another order."""

    def edit(book: Workbook) -> None:
        for line in form(book).iter_rows(min_row=5, max_row=7):
            values = [line[number].value for number in order]
            for cell, value in zip(line, values, strict=True):
                cell.value = value

    return edit


def inserted(row: int, *values: object) -> Edit:
    """A row put in on the Actions tab."""

    def edit(book: Workbook) -> None:
        form(book).insert_rows(row)
        for column, value in enumerate(values, start=1):
            form(book).cell(row, column).value = value  # type: ignore[assignment]

    return edit


def again(row: int, to: int, **otherwise: object) -> Edit:
    """A row of the Actions tab copied to another, some columns (by letter) otherwise."""

    def edit(book: Workbook) -> None:
        sheet = form(book)
        for cell in sheet[row]:
            value = otherwise.get(cell.column_letter, cell.value)
            sheet.cell(to, cell.column).value = value  # type: ignore[assignment]

    return edit


def put(cell: str, value: object, sheet: str = "Actions") -> Edit:
    """Something typed anywhere."""

    def edit(book: Workbook) -> None:
        form(book, sheet)[cell] = value  # type: ignore[assignment]

    return edit


def noted(cell: str, text: str, sheet: str = "Actions") -> Edit:
    def edit(book: Workbook) -> None:
        form(book, sheet)[cell].comment = Comment(text, "Ann")

    return edit


def merged(cells: str) -> Edit:
    return lambda book: form(book).merge_cells(cells)


# --- columns ---------------------------------------------------------------------------------


def test_columns_in_another_order_say_the_same(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, shuffled([7, 6, 0, 5, 1, 2, 3, 4]))
    assert (found.taken, found.codes) == (TAKEN, set())


def test_columns_and_rows_that_are_hidden_or_filtered_say_the_same(issued: Path, tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        form(book).column_dimensions["G"].hidden = True
        form(book).row_dimensions[7].hidden = True
        form(book).auto_filter.ref = "A5:H7"

    found = returned(issued, tmp_path, ANSWER, hide)
    assert (found.taken, found.codes) == (TAKEN, set())


@pytest.mark.parametrize("heading", ["COMMENTARY:", " commentary ", "Commentary\n"])
def test_a_heading_in_another_case_or_with_other_punctuation_is_the_heading(
    issued: Path, tmp_path: Path, heading: str
) -> None:
    found = returned(issued, tmp_path, ANSWER, put("G5", heading))
    assert (found.taken, found.refused, found.codes) == (TAKEN, {}, set())


@pytest.mark.parametrize("heading", ["Comentary", "Commentary / progress", "Comments"])
def test_what_stands_under_a_heading_that_is_nearly_right_is_proposed(
    issued: Path, tmp_path: Path, heading: str
) -> None:
    found = returned(issued, tmp_path, ANSWER, put("G5", heading))
    assert found.taken == {"6.3 rating": "Green"}
    assert found.proposed == {"6.3 commentary": "Well on the way."}
    assert found.codes == {"column-recognised"}


def test_what_stands_under_a_heading_of_the_officers_own_is_proposed_as_beside_the_row(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, ANSWER, put("G5", "What we did"))
    assert found.proposed == {"6.3 commentary": "Well on the way."}
    assert found.refused == {"other": ["What we did"]}
    assert found.codes == {"column-missing", "entry-beside-row", "entry-outside-table"}


def test_a_column_put_in_does_not_move_what_stands_in_the_others(issued: Path, tmp_path: Path) -> None:
    def insert(book: Workbook) -> None:
        form(book).insert_cols(7)
        form(book)["G7"] = "Ask Ann."

    found = returned(issued, tmp_path, ANSWER, insert)
    assert found.taken == TAKEN
    assert found.proposed == {"6.3 commentary": "Well on the way.\nAsk Ann."}
    assert found.codes == {"entry-beside-row"}


def test_a_column_taken_out_is_said_and_the_others_are_taken(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, lambda book: form(book).delete_cols(6))
    assert (found.taken, found.codes) == ({"6.3 commentary": "Well on the way."}, {"column-missing"})


def test_a_title_above_the_headings_moves_nothing_and_is_listed(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, inserted(1, "Our return"), inserted(1))
    assert found.taken == TAKEN
    assert (found.refused, found.codes) == ({"other": ["Our return"]}, {"entry-outside-table"})


# --- rows ------------------------------------------------------------------------------------


def test_rows_in_another_order_say_the_same(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, again(6, 8), again(7, 6), again(8, 7), again(9, 8))
    assert (found.taken, found.codes) == (TAKEN, set())


def test_where_only_the_refs_were_sorted_the_words_tell_the_rows_and_all_is_proposed(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, ANSWER, put("A6", "6.3"), put("A7", "1.2"))
    assert (found.taken, found.refused) == ({}, {})
    assert (found.proposed, found.codes) == (TAKEN, {"row-recognised"})


@pytest.mark.parametrize("over", ["6.3 (ours)", "Data", 12.5])
def test_a_row_with_something_typed_over_its_ref_is_told_by_its_words_and_proposed(
    issued: Path, tmp_path: Path, over: object
) -> None:
    found = returned(issued, tmp_path, ANSWER, put("A7", over))
    assert (found.taken, found.proposed) == ({}, TAKEN)
    assert (found.refused, found.codes) == ({"6.3 other": [str(over)]}, {"row-recognised"})


def test_a_row_that_was_taken_out_is_said_and_nothing_is_changed(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, lambda book: form(book).delete_rows(6))
    assert (found.taken, found.codes) == (TAKEN, {"row-missing"})


def test_words_in_a_row_of_their_own_are_listed(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, inserted(7, *[None] * 6, "in between"))
    assert found.taken == TAKEN
    assert (found.refused, found.codes) == ({"other": ["in between"]}, {"entry-outside-table"})


def test_a_row_the_officer_made_is_refused_with_all_its_words(issued: Path, tmp_path: Path) -> None:
    row = ("9.9", "A new action", None, None, None, "Green", "We want this.")
    found = returned(issued, tmp_path, ANSWER, inserted(7, *row))
    assert (found.taken, found.codes) == (TAKEN, {"row-unknown"})
    assert found.refused == {
        "9.9 rating": ["Green"],
        "9.9 commentary": ["We want this."],
        "9.9 other": ["9.9 | A new action"],
    }


@pytest.mark.parametrize("edit", [together(), unnamed], ids=["as issued", "nameless"])
def test_a_row_that_is_gone_from_the_tracker_is_no_other_row_whose_words_are_the_same(
    tmp_path: Path, edit: Edit
) -> None:
    master, _ = issued_tracker(tmp_path)
    answer = together(typed("1.4.1", "Status", "Complete"), typed("1.4.1", "Note", "All trained."), edit)
    copy = edited(tmp_path, tmp_path / "return.xlsx", answer, TRAINING)
    emptied(master, "Milestones", "1.4.1")
    found = outcome(tmp_path, copy)
    assert (found.taken, found.proposed) == ({}, {})
    assert found.refused["1.4.1 status"] == ["Complete"]
    assert found.refused["1.4.1 note"] == ["All trained."]
    assert "row-unknown" in found.codes
    assert "row-recognised" not in found.codes


@pytest.mark.parametrize(
    "otherwise",
    [{}, {"F": "White", "G": None}],
    ids=["filled in alike", "left as it was issued"],
)
def test_a_row_that_stands_twice_and_says_nothing_else_is_taken_once(
    issued: Path, tmp_path: Path, otherwise: dict[str, object]
) -> None:
    found = returned(issued, tmp_path, ANSWER, again(7, 8, **otherwise))
    assert (found.taken, found.refused, found.codes) == (TAKEN, {}, set())


def test_a_row_that_stands_twice_with_different_words_is_refused_with_both(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, ANSWER, again(7, 8, G="Not at all."))
    assert found.taken == {"6.3 rating": "Green"}
    assert sorted(found.refused["6.3 commentary"]) == ["Not at all.", "Well on the way."]
    assert found.codes == {"row-twice"}


# --- merged cells ----------------------------------------------------------------------------


def test_a_cell_merged_over_two_rows_is_the_firsts_and_is_proposed_for_the_second(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, typed("1.2", "Commentary", "For both."), merged("G6:G7"))
    assert found.taken == {"1.2 commentary": "For both."}
    assert (found.proposed, found.codes) == ({"6.3 commentary": "For both."}, {"cells-merged"})


def test_cells_merged_across_say_what_the_first_says_and_clear_nothing(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, merged("G7:H7"), merged("B7:C7"))
    assert (found.taken, found.refused, found.codes) == (TAKEN, {}, {"cells-merged"})


# --- sheets ----------------------------------------------------------------------------------


def renamed(book: Workbook) -> None:
    form(book).title = "Sheet1"


def moved(book: Workbook) -> None:
    book.move_sheet("Actions", 2)


def doubled(book: Workbook) -> None:
    book.copy_worksheet(form(book))


@pytest.mark.parametrize("change", [renamed, moved, doubled])
def test_a_sheet_renamed_moved_or_doubled_says_the_same(issued: Path, tmp_path: Path, change: Edit) -> None:
    found = returned(issued, tmp_path, ANSWER, change)
    assert (found.taken, found.codes) == (TAKEN, set())


def test_a_sheet_doubled_before_it_was_filled_in_takes_nothing_back(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, doubled, ANSWER)
    assert (found.taken, found.codes) == (TAKEN, set())


def test_a_sheet_doubled_and_filled_in_otherwise_is_refused_where_they_differ(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, ANSWER, doubled, put("G7", "Later words.", "Actions Copy"))
    assert found.taken == {"6.3 rating": "Green"}
    assert sorted(found.refused["6.3 commentary"]) == ["Later words.", "Well on the way."]
    assert found.codes == {"row-twice"}


def test_a_sheet_taken_out_is_said(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, lambda book: book.remove(form(book, "Milestones")))
    assert (found.taken, found.codes) == (TAKEN, {"sheet-missing"})


# --- ratings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "becomes", "rating", "code"),
    [
        ("Amber", "taken", "Amber", None),
        ("amber ", "taken", "Amber", "rating-recognised"),
        ("A", "taken", "Amber", "rating-recognised"),
        ("AMBER - on track", "proposed", "Amber", "rating-proposed"),
        ("R→A", "proposed", "Amber", "rating-proposed"),
        ("Amber?", "proposed", "Amber", "rating-proposed"),
        ("Amber/Green", "refused", "Amber/Green", "rating-not-recognised"),
        ("completed", "refused", "completed", "rating-not-recognised"),
        ("n/a", "refused", "n/a", "rating-not-recognised"),
        (3, "refused", "3", "rating-not-recognised"),
        ("#N/A", "refused", "#N/A", "error-value"),
        ('="Amber"', "refused", '="Amber"', "formula-typed"),
        (None, "refused", "", "rating-cleared"),
    ],
)
def test_a_rating_pasted_over_is_taken_proposed_or_refused_by_the_rule(
    issued: Path, tmp_path: Path, value: object, becomes: str, rating: str, code: str | None
) -> None:
    found = returned(issued, tmp_path, typed("6.3", "RAG rating", value))
    expected = [rating] if becomes == "refused" else rating
    assert getattr(found, becomes) == {"6.3 rating": expected}
    assert len(found.taken) + len(found.proposed) + len(found.refused) == 1
    assert found.codes == ({code} if code else set())


def test_a_rating_is_never_read_from_a_row_that_is_highlighted(issued: Path, tmp_path: Path) -> None:
    def highlight(book: Workbook) -> None:
        for cell in form(book)[7]:
            cell.fill = PatternFill("solid", fgColor="FFFFFF00")

    found = returned(issued, tmp_path, highlight)
    assert (found.proposed, found.codes) == ({}, {"return-unchanged"})


# --- statuses and days -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "becomes", "read", "code"),
    [
        ("Status", "done", "taken", "Complete", "status-recognised"),
        ("Status", "Done - see minutes", "proposed", "Complete", "status-proposed"),
        ("Status", "50%", "refused", "50%", "status-not-recognised"),
        ("Completed on", date(2016, 9, 30), "taken", "2016-09-30", None),
        ("Completed on", "30 September 2016", "taken", "2016-09-30", "date-recognised"),
        ("Completed on", "30/9/16", "taken", "2016-09-30", "date-recognised"),
        ("Completed on", "30th Sept", "proposed", "2016-09-30", "date-proposed"),
        ("Revised date", "end of next month", "refused", "end of next month", "date-not-recognised"),
        ("Revised date", "9/30/2016", "refused", "9/30/2016", "date-not-recognised"),
        ("Revised date", "30/9/16 or 1/10/16", "refused", "30/9/16 or 1/10/16", "date-not-recognised"),
        ("Revised date", "=TODAY()", "refused", "=TODAY()", "formula-typed"),
    ],
)
def test_a_status_or_a_day_in_words_is_taken_proposed_or_refused_by_the_rule(
    issued: Path, tmp_path: Path, column: str, value: object, becomes: str, read: str, code: str | None
) -> None:
    found = returned(issued, tmp_path, typed("6.3.1", column, value))
    name = {"Status": "status", "Completed on": "completed_on", "Revised date": "revised_date"}[column]
    assert getattr(found, becomes) == {f"6.3.1 {name}": [read] if becomes == "refused" else read}
    assert found.codes == ({code} if code else set())


# --- colours, formulas and notes, in the formats of other programs ---------------------------

FORMULAS = together(
    typed("1.2", "RAG rating", '=IF(1,"Green","Red")'),
    typed("6.3", "RAG rating", '="White"'),
    typed("6.3", "Commentary", "=SUM(1,2)"),
    typed("6.3.1", "Status", "=1+1"),
    typed("6.3.1", "Completed on", "=DATE(2016,8,1)"),
    typed("6.3.1", "Revised date", "=1/0"),
)
MADE: dict[str, Edit] = {
    "coloured": coloured("6.3", "RAG rating", "FFC000"),
    "contradicted": together(typed("6.3", "RAG rating", "Green"), coloured("6.3", "RAG rating", "FF0000")),
    "formulas": FORMULAS,
    "noted": together(
        typed("6.3", "Commentary", "Mine."),
        noted("F7", "Waiting for NELFT"),
        noted("B7", "The words are old."),
        noted("E7", "Moved by the board", "Milestones"),
        noted("A2", "Ann filled this in"),
    ),
}


@pytest.fixture(scope="module")
def resaved(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Each of these copies as LibreOffice saves it in each format, by name and format."""
    folder = tmp_path_factory.mktemp("officers")
    files = [edited(issued, folder / f"{name}.xlsx", edit) for name, edit in MADE.items()]
    return {(path.stem, kind): path for kind in FORMS for path in by_libreoffice(files, kind, folder / kind)}


@pytest.mark.parametrize("kind", FORMS)
def test_a_rating_that_is_coloured_instead_of_typed_is_proposed(
    issued: Path, resaved: dict[tuple[str, str], Path], kind: str
) -> None:
    found = outcome(issued, resaved["coloured", kind])
    assert (found.taken, found.proposed) == ({}, {"6.3 rating": "Amber"})
    assert "rating-proposed" in found.codes


@pytest.mark.parametrize("kind", FORMS)
def test_a_colour_that_contradicts_the_word_is_said_and_the_word_is_taken(
    issued: Path, resaved: dict[tuple[str, str], Path], kind: str
) -> None:
    found = outcome(issued, resaved["contradicted", kind])
    assert (found.taken, found.proposed) == ({"6.3 rating": "Green"}, {})
    assert "colour-contradicts-rating" in found.codes


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_a_formula_shows_is_only_proposed_and_in_words_the_formula_is_the_text(
    issued: Path, resaved: dict[tuple[str, str], Path], kind: str
) -> None:
    found = outcome(issued, resaved["formulas", kind])
    assert found.taken == {"6.3 commentary": "=SUM(1,2)"}
    assert found.proposed == {"1.2 rating": "Green", "6.3.1 completed_on": "2016-08-01"}
    assert found.refused == {
        "6.3 rating": ['="White"'],
        "6.3.1 revised_date": ["=1/0"],
        "6.3.1 status": ["=1+1"],
    }
    assert "formula-typed" in found.codes


def test_a_formula_without_a_value_is_refused_where_a_word_or_a_day_is_asked_for(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, FORMULAS)
    assert (found.taken, found.proposed) == ({"6.3 commentary": "=SUM(1,2)"}, {})
    assert found.refused == {
        "1.2 rating": ['=IF(1,"Green","Red")'],
        "6.3 rating": ['="White"'],
        "6.3.1 status": ["=1+1"],
        "6.3.1 completed_on": ["=DATE(2016,8,1)"],
        "6.3.1 revised_date": ["=1/0"],
    }
    assert found.codes == {"formula-typed"}


@pytest.mark.parametrize("kind", FORMS)
def test_a_note_is_proposed_below_what_was_written_in_its_row(
    issued: Path, resaved: dict[tuple[str, str], Path], kind: str
) -> None:
    found = outcome(issued, resaved["noted", kind])
    assert found.taken == {"6.3 commentary": "Mine."}
    assert found.proposed == {
        "6.3 commentary": "Mine.\nThe words are old.\nWaiting for NELFT",
        "6.3.1 note": "Moved by the board",
    }
    assert found.refused == {"other": ["Ann filled this in"]}
    assert {"note-on-cell", "entry-outside-table"} <= found.codes


def test_a_threaded_comment_is_proposed_with_its_replies(issued: Path, tmp_path: Path) -> None:
    copy = edited(issued, tmp_path / "return.xlsx", ANSWER)
    found = outcome(issued, with_threaded_comment(copy, "F7", "Waiting for NELFT", "Since when?"))
    assert found.taken == TAKEN
    assert found.proposed == {"6.3 commentary": "Well on the way.\nWaiting for NELFT\nSince when?"}
    assert found.codes == {"note-on-cell"}


# --- words in other places -------------------------------------------------------------------


def test_words_beside_a_row_are_proposed_for_it(issued: Path, tmp_path: Path) -> None:
    beside = (put("J7", "Beside."), put("I6", 12), put("J6", date(2016, 9, 1), "Milestones"))
    found = returned(issued, tmp_path, ANSWER, *beside)
    assert found.taken == TAKEN
    assert found.proposed == {
        "6.3 commentary": "Well on the way.\nBeside.",
        "1.2 commentary": "12",
        "1.2.1 note": "2016-09-01",
    }
    assert found.codes == {"entry-beside-row"}


@pytest.mark.parametrize(
    ("cell", "sheet"),
    [("C12", "Actions"), ("G30", "Milestones"), ("C15", "Guide and RAG key"), ("A16", "Guide and RAG key")],
)
def test_words_below_the_rows_or_in_the_guide_are_listed(
    issued: Path, tmp_path: Path, cell: str, sheet: str
) -> None:
    found = returned(issued, tmp_path, ANSWER, put(cell, "All of it is late.", sheet))
    assert (found.taken, found.refused) == (TAKEN, {"other": ["All of it is late."]})
    assert found.codes == {"entry-outside-table"}


def test_a_sentence_below_the_refs_is_no_row(issued: Path, tmp_path: Path) -> None:
    sentence = "All of the above is late, and we are sorry for it."
    found = returned(issued, tmp_path, ANSWER, put("A9", sentence))
    assert (found.taken, found.codes) == (TAKEN, {"entry-outside-table"})
    assert [text for texts in found.refused.values() for text in texts] == [sentence]


def test_a_text_box_is_listed(issued: Path, tmp_path: Path) -> None:
    copy = edited(issued, tmp_path / "return.xlsx", ANSWER)
    found = outcome(issued, with_text_box(copy, "In a box"))
    assert (found.taken, found.refused) == (TAKEN, {"other": ["In a box"]})
    assert found.codes == {"entry-outside-table"}


def test_words_on_a_new_sheet_are_listed_one_by_one(issued: Path, tmp_path: Path) -> None:
    found = returned(
        issued, tmp_path, ANSWER, lambda book: book.create_sheet("Data"), put("B2", "Data", "Data")
    )
    assert (found.taken, found.refused) == (TAKEN, {"other": ["Data"]})
    assert found.codes == {"entry-outside-table"}


def test_a_sheet_full_of_words_is_kept_in_one_piece(issued: Path, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.create_sheet("Data")
        for number in range(500):
            sheet.cell(number + 1, 1).value = f"line {number}"

    found = returned(issued, tmp_path, ANSWER, fill)
    (whole,) = found.refused["other"]
    assert {line.split(": ")[1] for line in whole.split("\n")} == {f"line {n}" for n in range(500)}
    assert (found.taken, found.codes) == (TAKEN, {"entries-outside-table"})


@pytest.mark.parametrize(
    ("cell", "becomes", "where"),
    [
        ("J7", "proposed", "6.3 commentary"),
        ("C12", "refused", "other"),
        ("B7", "refused", "6.3 other"),
        ("A7", "refused", "6.3 other"),
    ],
    ids=["beside", "below", "in a locked cell", "over the ref"],
)
def test_a_formula_without_a_value_is_not_lost_wherever_it_stands(
    issued: Path, tmp_path: Path, cell: str, becomes: str, where: str
) -> None:
    found = returned(issued, tmp_path, put(cell, "=2+2"))
    assert getattr(found, becomes) == {where: "=2+2" if becomes == "proposed" else ["=2+2"]}


# --- text ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "‘smart’ “quotes” – and a dash…",
        "a\u00a0b\u200bc\u2028d",
        "one\ntwo\n\nthree",
        "😀 🟢 é e\u0301",
        "  leading, trailing  ",
        "\ta tab\tand another",
        "x" * 32_767,
    ],
    ids=["smart", "blanks", "lines", "emoji", "around", "tabs", "longest"],
)
def test_text_is_taken_exactly_as_it_was_typed(issued: Path, tmp_path: Path, text: str) -> None:
    found = returned(issued, tmp_path, typed("6.3", "Commentary", text))
    assert (found.taken, found.codes) == ({"6.3 commentary": text}, set())


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a bell_x0007_ and a_x000B_b", "a bell\x07 and a\x0bb"),
        ("one_x000D_&#10;two&#13;three", "one\ntwo\nthree"),
        ("nothing_x0000_", "nothing\x00"),
    ],
    ids=["control characters", "line ends", "a nought"],
)
def test_characters_that_only_programs_write_are_kept(
    issued: Path, tmp_path: Path, written: str, text: str
) -> None:
    copy = edited(issued, tmp_path / "return.xlsx", typed("6.3", "Commentary", "Here"))
    assert outcome(issued, retold(copy, "Here", written)).taken == {"6.3 commentary": text}


def test_text_longer_than_a_cell_can_hold_is_refused_and_kept_in_pieces(issued: Path, tmp_path: Path) -> None:
    copy = edited(issued, tmp_path / "return.xlsx", typed("6.3", "Commentary", "Here"))
    found = outcome(issued, retold(copy, "Here", "y" * 40_000))
    assert "".join(found.refused["6.3 commentary"]) == "y" * 40_000
    assert (found.taken, found.codes) == ({}, {"text-too-long"})


def as_csv(copy: Path, to: Path, **otherwise: str) -> Path:
    """The Actions tab of a copy as a text file, some texts otherwise."""
    lines = load_workbook(copy)["Actions"].iter_rows(values_only=True)
    with to.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[otherwise.get(str(text), text) for text in line] for line in lines])
    return to


@pytest.mark.parametrize("text", ["y" * 40_000, "a bell\x07 and a\x0bb", '"quoted", and\nbroken'])
def test_a_text_file_brings_every_character(issued: Path, tmp_path: Path, text: str) -> None:
    copy = edited(issued, tmp_path / "return.xlsx", typed("6.3", "Commentary", "Here"))
    found = outcome(issued, as_csv(copy, tmp_path / "return.csv", Here=text))
    said = found.proposed.get("6.3 commentary") or "".join(found.refused["6.3 commentary"])
    assert (said, found.taken) == (text, {})
    assert {"return-recognised-by-content", "sheet-missing"} <= found.codes


# --- whose it is, and which ------------------------------------------------------------------


def test_a_copy_filled_in_for_a_colleagues_rows_is_refused_where_they_are_not_the_officers(
    issued: Path, tmp_path: Path
) -> None:
    chair = copy_of(issued / "copies", CHAIR)
    found = returned(issued, tmp_path, ANSWER, rows_from(chair, ["6.1"], 8), put("G8", "For the chair."))
    assert found.taken == TAKEN
    assert (found.refused, found.codes) == ({"6.1 commentary": ["For the chair."]}, {"row-not-theirs"})


def two_officers(issued: Path, at: int, sheet: str) -> Edit:
    """The Chair's action on the Head of Research's copy, both filled in."""
    chair = copy_of(issued / "copies", CHAIR)
    names = ["6.1"] if sheet == "Actions" else ["Ref", "6.1"]
    row = at + len(names) - 1
    return together(ANSWER, rows_from(chair, names, at, sheet), put(f"G{row}", "For the chair.", sheet))


@pytest.mark.parametrize(("at", "sheet"), [(8, "Actions"), (1, "Chair")], ids=["below", "on a sheet"])
def test_of_two_officers_in_one_file_only_the_one_whose_copy_it_is_is_taken(
    issued: Path, tmp_path: Path, at: int, sheet: str
) -> None:
    found = returned(issued, tmp_path, two_officers(issued, at, sheet))
    assert found.taken == TAKEN
    assert (found.refused, found.codes) == ({"6.1 commentary": ["For the chair."]}, {"row-not-theirs"})


@pytest.mark.parametrize(("at", "sheet"), [(8, "Actions"), (1, "Chair")], ids=["below", "on a sheet"])
def test_of_two_officers_in_a_file_that_is_nobodys_each_ones_rows_are_proposed(
    issued: Path, tmp_path: Path, at: int, sheet: str
) -> None:
    found = returned(issued, tmp_path, two_officers(issued, at, sheet), unnamed)
    assert found.taken == {}
    assert found.proposed == {**TAKEN, "6.1 commentary": "For the chair."}
    assert {"return-of-several", "return-recognised-by-content"} <= found.codes
    assert found.result
    assert [one.officer for one in found.result.harvest.returns] == [
        "head-of-research-and-data-lbr",
        "lscb-chair",
    ]


def test_what_stands_outside_the_rows_of_two_officers_is_kept_once(issued: Path, tmp_path: Path) -> None:
    strays = (put("C12", "Below."), put("A13", "9.9"), put("G13", "Whose?"), put("J8", "Beside."))
    found = returned(issued, tmp_path, two_officers(issued, 8, "Actions"), *strays, unnamed)
    assert found.proposed == {**TAKEN, "6.1 commentary": "For the chair.\nBeside."}
    assert found.refused == {"other": ["Below."], "9.9 commentary": ["Whose?"]}


def test_rows_of_joint_leads_that_differ_in_one_file_are_refused_with_both(
    issued: Path, tmp_path: Path
) -> None:
    other = copy_of(issued / "copies", INTEGRATED_CARE)
    found = returned(
        issued,
        tmp_path,
        typed("1.2", "Commentary", "Ours."),
        rows_from(other, ["1.2"], 8),
        put("G8", "Theirs."),
    )
    assert sorted(found.refused["1.2 commentary"]) == ["Ours.", "Theirs."]
    assert found.codes == {"row-twice"}


def test_of_two_versions_of_a_return_the_later_holds_and_the_earlier_is_recorded(
    issued: Path, tmp_path: Path
) -> None:
    early = edited(
        issued,
        tmp_path / "b.xlsx",
        together(typed("6.3", "Commentary", "First."), typed("6.3", "RAG rating", "Red")),
        hour=10,
    )
    late = edited(issued, tmp_path / "a.xlsx", typed("6.3", "Commentary", "Second."), hour=11)
    found = outcome(issued, early, late)
    assert found.taken == {"6.3 commentary": "Second.", "6.3 rating": "Red"}
    assert found.result
    assert {(one.decision.value, one.returned) for one in found.result.changes} >= {("superseded", "First.")}


def test_two_versions_saved_at_the_same_moment_are_both_put_to_the_manager(
    issued: Path, tmp_path: Path
) -> None:
    versions = [
        edited(issued, tmp_path / f"{text}.xlsx", typed("6.3", "Commentary", text))
        for text in ("First.", "Second.")
    ]
    found = outcome(issued, *versions)
    assert found.result
    assert (found.taken, {one.change.returned for one in found.result.conflicts}) == (
        {},
        {"First.", "Second."},
    )
    assert "return-same-moment" in {one.code for one in found.result.findings}


def test_last_quarters_copy_is_merged_against_what_it_was_issued_with(tmp_path: Path) -> None:
    master, _ = issued_tracker(tmp_path)
    late = edited(tmp_path, tmp_path / "late.xlsx", ANSWER)
    issue(master, tmp_path / "next", "2016-17 Q3", date(2016, 12, 1))
    found = outcome(tmp_path, late)
    assert (found.taken, found.codes) == (TAKEN, {"return-older-cycle"})


def test_a_copy_that_came_back_as_it_was_issued_is_said_to_be_blank(issued: Path) -> None:
    found = outcome(issued, copy_of(issued / "copies", BUSINESS_MANAGER, CYCLE))
    assert (found.taken, found.refused, found.codes) == ({}, {}, {"return-as-issued"})


def test_words_after_which_the_cell_was_coloured_are_refused_as_typed(issued: Path, tmp_path: Path) -> None:
    found = returned(
        issued, tmp_path, typed("6.3", "RAG rating", "on track"), coloured("6.3", "RAG rating", "00B050")
    )
    assert (found.refused, found.codes) == ({"6.3 rating": ["on track"]}, {"rating-not-recognised"})


def test_a_locked_cell_that_was_changed_is_refused_with_both_values(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, typed("6.3.1", "Date that counts", date(2016, 12, 1)))
    assert found.result
    (refused,) = found.result.refusals
    assert (refused.base, refused.returned) == ("2016-07-31", "2016-12-01")
    assert (found.taken, found.codes) == (TAKEN, {"locked-cell-changed"})


def test_every_edit_of_one_row_is_read_on_its_own(issued: Path, tmp_path: Path) -> None:
    found = returned(
        issued,
        tmp_path,
        typed("6.3", "RAG rating", "not sure"),
        typed("6.3", "Evidence of impact", "12 of 14 cases."),
        typed("6.3", "Lead officer", "Somebody"),
    )
    assert found.taken == {"6.3 evidence": "12 of 14 cases."}
    assert found.refused == {"6.3 rating": ["not sure"], "6.3 other": ["Somebody"]}
    assert found.codes == {"rating-not-recognised", "locked-cell-changed"}


def test_a_formula_in_an_old_workbook_only_proposes_what_it_shows(issued: Path, tmp_path: Path) -> None:
    copy = edited(issued, tmp_path / "return.xlsx", put("G7", '="Going "&"well"'))
    found = outcome(issued, convert(copy, "xls", tmp_path / "old"))
    assert (found.taken, list(found.proposed)) == ({}, ["6.3 commentary"])
    assert "formula-not-read" in found.codes
