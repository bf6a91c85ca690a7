"""Copies changed under the lid: nothing of them is taken silently, and both values are listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from editing import Edit, edited, form, issued_as, rows_from, together, typed
from openpyxl import Workbook, load_workbook
from returning import Outcome, outcome
from tracking import CHAIR, HEAD_OF_RESEARCH, copy_of, issue

import lscb_workbook as lw

ANSWER = typed("6.3", "Commentary", "Ours.")
PROPOSED = {"6.3 commentary": "Ours."}


def returned(issued: Path, folder: Path, *edits: Edit) -> Outcome:
    return outcome(issued, edited(issued, folder / "return.xlsx", together(*edits), HEAD_OF_RESEARCH))


def told(fact: str, otherwise: str | None, *, hidden: bool = True, properties: bool = True) -> Edit:
    """A fact of the copy's identity changed (or, for None, taken out) where it stands."""

    def edit(book: Workbook) -> None:
        if properties:
            if otherwise is None:
                del book.custom_doc_props[fact]
            else:
                book.custom_doc_props[fact].value = otherwise
        for line in form(book, "_lscb").iter_rows(max_col=2) if hidden else ():
            if line[0].value == fact:
                line[1].value = otherwise

    return edit


def both_values(found: Outcome, name: str) -> set[tuple[str, str]]:
    """The refused changes of a row: what was issued, and what is said instead."""
    assert found.result
    return {(one.base, one.returned) for one in found.result.refusals if one.cell.ref == name}


def no_longer_readable(book: Workbook) -> None:
    for line in form(book, "_lscb").iter_rows(max_col=2):
        if line[0].value == "lscb-issued":
            line[1].value = str(line[1].value)[1:]


def no_hidden_sheet(book: Workbook) -> None:
    del book["_lscb"]


def no_properties(book: Workbook) -> None:
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


# --- signatures ------------------------------------------------------------------------------


def test_what_an_unsigned_copy_says_is_only_proposed(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, told("lscb-signature", None))
    assert (found.taken, found.proposed, found.codes) == ({}, PROPOSED, {"return-unsigned"})


def test_a_copy_without_its_hidden_sheet_is_signed_if_its_properties_vouch_for_what_was_issued(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, ANSWER, no_hidden_sheet)
    assert (found.taken, found.proposed, found.codes) == (PROPOSED, {}, set())


def test_a_copy_without_its_hidden_sheet_and_with_another_signature_is_only_proposed(
    issued: Path, tmp_path: Path
) -> None:
    forged = told("lscb-signature", "00" * 32, hidden=False)
    found = returned(issued, tmp_path, ANSWER, forged, no_hidden_sheet)
    assert (found.taken, found.proposed, found.codes) == ({}, PROPOSED, {"return-unsigned"})


@pytest.mark.parametrize(
    "change",
    [
        told("lscb-signature", "00" * 32),
        told("lscb-signature", "no signature at all"),
        told("lscb-issued-on", "2016-09-02"),
        told("lscb-return-by", "2026-09-23"),
        told("lscb-officer", "lscb-chair", properties=False),
        issued_as("6.3", "commentary", "Ours."),
        issued_as("6.3", "rating", ""),
        no_longer_readable,
    ],
    ids=[
        "signature",
        "no hexadecimal",
        "issued on",
        "return by",
        "hidden officer",
        "commentary",
        "rating",
        "torn",
    ],
)
def test_what_a_copy_changed_under_the_lid_says_is_only_proposed(
    issued: Path, tmp_path: Path, change: Edit
) -> None:
    found = returned(issued, tmp_path, ANSWER, change)
    assert (found.taken, found.proposed) == ({}, PROPOSED)
    assert "return-signature-invalid" in found.codes


@pytest.mark.parametrize(
    "change",
    [
        no_properties,
        told("lscb-signature", None, hidden=False),
        told("lscb-signature", "00", properties=False),
    ],
    ids=["properties gone", "one signature gone", "the other signature changed"],
)
def test_a_signature_that_stands_in_one_place_is_enough(issued: Path, tmp_path: Path, change: Edit) -> None:
    assert returned(issued, tmp_path, ANSWER, change).taken == PROPOSED


def test_a_cycle_that_was_never_issued_makes_all_of_it_a_proposal(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, ANSWER, told("lscb-cycle", "2016-17 Q9"))
    assert (found.taken, found.proposed) == ({}, PROPOSED)
    assert {"return-signature-invalid", "return-unknown-cycle"} <= found.codes


# --- values as issued ------------------------------------------------------------------------


def test_a_value_as_issued_that_was_changed_is_listed_with_the_true_one(issued: Path, tmp_path: Path) -> None:
    found = returned(issued, tmp_path, issued_as("6.3", "rating", "Red"), typed("6.3", "RAG rating", "Red"))
    assert (found.taken, found.proposed) == ({}, {"6.3 rating": "Red"})
    assert both_values(found, "6.3") == {("White", "Red")}
    assert found.codes == {"return-signature-invalid", "as-issued-changed"}
    assert found.result
    (note,) = [one for one in found.result.findings if one.code == "as-issued-changed"]
    assert "'Red'" in note.message
    assert "'White'" in note.message


def test_a_locked_cell_changed_together_with_its_value_as_issued_is_refused(
    issued: Path, tmp_path: Path
) -> None:
    words = "Our own words."
    found = returned(issued, tmp_path, issued_as("6.3", "text", words), typed("6.3", "Action", words))
    assert found.taken == {}
    assert {said for _, said in both_values(found, "6.3")} == {words}
    assert all(issued.startswith("Strengthen LSCB scrutiny") for issued, _ in both_values(found, "6.3"))
    assert {"as-issued-changed", "locked-cell-changed"} <= found.codes


def test_a_value_as_issued_of_somebody_elses_row_is_listed(issued: Path, tmp_path: Path) -> None:
    def add(book: Workbook) -> None:
        sheet = form(book, "_lscb")
        sheet["A200"], sheet["B200"] = "lscb-issued", '["1.1","",{"rating":"Forged value"}]'

    found = returned(issued, tmp_path, ANSWER, add)
    assert (found.taken, found.proposed) == ({}, PROPOSED)
    assert "Forged value" in found.refused["other"]


# --- other officers, other trackers ----------------------------------------------------------


def test_a_copy_that_claims_another_officer_in_its_properties_takes_nothing(
    issued: Path, tmp_path: Path
) -> None:
    found = returned(issued, tmp_path, ANSWER, told("lscb-officer", "lscb-chair", hidden=False))
    assert (found.taken, found.proposed) == ({}, {})
    assert found.refused["6.3 commentary"] == ["Ours."]
    assert {"return-signature-invalid", "row-not-theirs"} <= found.codes


def test_with_the_whole_identity_of_another_officer_only_that_officers_rows_are_taken(
    issued: Path, tmp_path: Path
) -> None:
    """Such a copy is, by all that can be told, the other officer's own."""
    chair = copy_of(issued / "copies", CHAIR)

    def paste(book: Workbook) -> None:
        other = load_workbook(chair)
        for name in book.custom_doc_props.names:
            book.custom_doc_props[name].value = other.custom_doc_props[name].value
        del book["_lscb"]
        sheet = book.create_sheet("_lscb")
        for line in form(other, "_lscb").iter_rows():
            for cell in line:
                sheet[cell.coordinate].value = cell.value

    found = returned(issued, tmp_path, ANSWER, paste)
    assert (found.taken, found.proposed) == ({}, {})
    assert both_values(found, "6.3") == {("", "Ours.")}
    assert "row-not-theirs" in found.codes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (told("lscb-tracker", "another"), "return-other-tracker"),
        (told("lscb-schema", "99"), "return-other-schema"),
        (told("lscb-schema", "1"), "return-other-schema"),
        (told("lscb-officer", "nobody"), "return-unknown-officer"),
    ],
    ids=["tracker", "newer schema", "older schema", "officer"],
)
def test_a_copy_whose_identity_is_not_of_this_tracker_is_set_aside(
    issued: Path, tmp_path: Path, change: Edit, code: str
) -> None:
    found = returned(issued, tmp_path, ANSWER, change)
    assert found.aside == {"return.xlsx": code}
    assert (found.taken, found.proposed, found.refused) == ({}, {}, {})


def test_a_copy_of_another_tracker_is_set_aside(issued: Path, tmp_path: Path) -> None:
    lw.new(None, tmp_path / "master.xlsx")
    issue(tmp_path / "master.xlsx", tmp_path / "copies")
    copy = edited(tmp_path, tmp_path / "return.xlsx", ANSWER)
    assert outcome(issued, copy).aside == {"return.xlsx": "return-other-tracker"}


def test_rows_of_other_officers_are_refused_with_what_the_tracker_says(issued: Path, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        form(book)["B8"], form(book)["F8"], form(book)["G8"] = "Other words.", "Green", "We did it."

    chair = copy_of(issued / "copies", CHAIR)
    found = returned(issued, tmp_path, ANSWER, rows_from(chair, ["6.1"], 8), fill)
    assert found.taken == PROPOSED
    assert {("White", "Green"), ("", "We did it.")} <= both_values(found, "6.1")
    assert {said for _, said in both_values(found, "6.1")} == {"Green", "We did it.", "Other words."}
    assert found.codes == {"row-not-theirs"}
