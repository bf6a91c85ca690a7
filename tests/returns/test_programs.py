"""Copies that other programs saved: what was written arrives, and what the program did accuses nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import pytest
from office import by_sheetjs
from openpyxl import load_workbook
from returning import Outcome, outcome
from rewriting import (
    as_excel_online,
    as_google,
    as_numbers,
    as_wps,
    by_libreoffice,
    csv_by_libreoffice,
    rewritten,
    with_numbers_for_refs,
)
from tracking import CYCLE, HEAD_OF_RESEARCH, Answers, copy_of, fill_in, issue

import lscb_workbook as lw
from lscb_workbook.returns import Recognised, Signature

Rewrite = Callable[[Path, Path], Path]

DIRECTOR = "Operational Director, Civic Pride, LBR"
COMMENTARY = "On target – the “scorecard” is agreed.\nSecond line: 5% up, Zoë’s team, £3,000 ✓"
ANSWERS: Answers = {
    ("6.3", "RAG rating"): "Amber",
    ("6.3", "Commentary"): COMMENTARY,
    ("6.3.1", "Status"): "In progress",
    ("6.3.2", "Completed on"): datetime(2016, 9, 14),
}
ON_ACTIONS = {"6.3 rating": "Amber", "6.3 commentary": COMMENTARY}
ON_MILESTONES = {"6.3.1 status": "In progress", "6.3.2 completed_on": "2016-09-14"}
WRITTEN = ON_ACTIONS | ON_MILESTONES

RESAVED = {"return-recognised-by-hidden-sheet", "date-recognised", "return-as-issued"}
LOST = {"return-recognised-by-content", "date-recognised"}


@pytest.fixture(scope="session")
def filled(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Head of Research's copy, filled in."""
    return fill_in(_copy(issued), tmp_path_factory.mktemp("filled") / "return.xlsx", ANSWERS)


def _copy(issued: Path, title: str = HEAD_OF_RESEARCH) -> Path:
    return copy_of(issued / "copies", title)


def _how(found: Outcome) -> set[tuple[str, str]]:
    assert found.result
    return {(one.recognised_by.value, one.signature.value) for one in found.result.harvest.returns}


def _empty(*what: Mapping[str, object]) -> bool:
    return not any(what)


SURE = {(Recognised.HIDDEN_SHEET.value, Signature.VALID.value)}
UNSURE = {(Recognised.CONTENT.value, Signature.ABSENT.value)}


# --- by LibreOffice and SheetJS, as they really write ----------------------------------------


PROGRAMS = [("LibreOffice", form) for form in ("xlsx", "ods", "xls")]
PROGRAMS += [("SheetJS", form) for form in ("xlsx", "xls", "xlsb", "ods")]


@pytest.mark.parametrize(("program", "form"), PROGRAMS)
def test_a_copy_that_was_only_saved_again_says_nothing(
    program: str, form: str, issued: Path, tmp_path: Path
) -> None:
    copies = sorted((issued / "copies").glob("*.xlsx"))
    if program == "LibreOffice":
        made = by_libreoffice(copies, form, tmp_path)
    else:
        made = [by_sheetjs(copy, tmp_path / f"{copy.stem}.{form}") for copy in copies[::6]]
    found = outcome(issued, tmp_path)
    allowed = {"return-recognised-by-hidden-sheet", "return-unchanged", "return-as-issued"}
    allowed |= {"return-marks-unread"} if form == "xlsb" else set()
    assert found.codes <= allowed
    assert found.result
    assert len(found.result.harvest.returns) == len(made)
    assert _empty(found.taken, found.proposed, found.refused, found.aside)


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_what_was_written_arrives_from_libreoffice(
    form: str, filled: Path, issued: Path, tmp_path: Path
) -> None:
    (back,) = by_libreoffice([filled], form, tmp_path)
    found = outcome(issued, back)
    assert found.taken == WRITTEN
    assert found.codes <= RESAVED
    assert _empty(found.proposed, found.refused)


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls", "xlsb"])
def test_what_was_written_arrives_from_sheetjs(form: str, filled: Path, issued: Path, tmp_path: Path) -> None:
    found = outcome(issued, by_sheetjs(filled, tmp_path / f"return.{form}"))
    assert found.taken == WRITTEN
    assert found.codes <= RESAVED | {"return-marks-unread"}
    # Whether it keeps the document properties depends on how another program wrote them.
    assert _how(found) <= SURE | {("properties", "valid")}
    assert _empty(found.proposed, found.refused)


@pytest.mark.parametrize(
    ("first", "second"), [("ods", "xlsx"), ("xls", "ods"), ("xlsx", "xlsb"), ("xlsb", "xls"), ("ods", "xls")]
)
def test_what_was_written_arrives_through_two_programs(
    first: str, second: str, filled: Path, issued: Path, tmp_path: Path
) -> None:
    once = by_sheetjs(filled, tmp_path / f"return.{first}")
    again = tmp_path / "again"
    if second == "xlsb":
        again.mkdir()
        back = by_sheetjs(once, again / "return.xlsb")
    else:
        (back,) = by_libreoffice([once], second, again)
    found = outcome(issued, back)
    assert found.taken == WRITTEN
    assert _empty(found.proposed, found.refused)


def test_a_text_that_a_program_cuts_short_does_not_replace_the_whole(tmp_path: Path) -> None:
    lw.new(None, tmp_path / "master.xlsx")
    long = "A long account of what was done. " * 20
    issue(tmp_path / "master.xlsx", tmp_path / "first")
    back = fill_in(
        copy_of(tmp_path / "first", HEAD_OF_RESEARCH), tmp_path / "a.xlsx", {("6.3", "Commentary"): long}
    )
    lw.merge(tmp_path / "master.xlsx", [back], as_at=date(2016, 10, 1))
    issue(tmp_path / "master.xlsx", tmp_path / "second", "2016-17 Q3", date(2016, 12, 1))
    copy = copy_of(tmp_path / "second", HEAD_OF_RESEARCH, "2016-17 Q3")
    rated = fill_in(copy, tmp_path / "b.xlsx", {("6.3", "RAG rating"): "Green"})
    found = outcome(tmp_path, by_sheetjs(rated, tmp_path / "b.xls"))
    assert found.taken == {"6.3 rating": "Green"}
    assert _empty(found.proposed, found.refused)


# --- as CSV ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def as_csv(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each sheet of the filled copy as LibreOffice in Britain saves it as CSV."""
    return csv_by_libreoffice(filled, tmp_path_factory.mktemp("csv"))


@pytest.mark.parametrize(
    ("sheet", "written", "other"),
    [("Actions", ON_ACTIONS, "Milestones"), ("Milestones", ON_MILESTONES, "Actions")],
)
def test_a_csv_of_one_tab_is_recognised_by_its_title_and_proposed(
    sheet: str, written: Mapping[str, str], other: str, as_csv: Mapping[str, Path], issued: Path
) -> None:
    found = outcome(issued, as_csv[sheet])
    assert found.proposed == written
    assert {"return-recognised-by-content", "sheet-missing"} <= found.codes <= LOST | {"sheet-missing"}
    assert found.result
    missing = [one.message for one in found.result.harvest.findings if one.code == "sheet-missing"]
    assert missing == [f"The sheet '{other}' is not in the file."]
    assert _empty(found.taken, found.refused)


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_a_day_as_issued_is_no_edit_however_the_region_writes_it(
    locale: str, issued: Path, tmp_path: Path
) -> None:
    saved = csv_by_libreoffice(_copy(issued), tmp_path, locale)
    found = outcome(issued, saved["Milestones"])
    assert found.codes == {"return-recognised-by-content", "sheet-missing", "return-unchanged"}
    assert _empty(found.taken, found.proposed, found.refused)


def test_a_csv_by_sheetjs_holds_the_first_tab(filled: Path, issued: Path, tmp_path: Path) -> None:
    found = outcome(issued, by_sheetjs(filled, tmp_path / "return.csv"))
    assert found.proposed == ON_ACTIONS
    assert found.codes == {"return-recognised-by-content", "sheet-missing"}


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-16", "\t"), ("cp1252", ";"), ("utf-8", ";")]
)
def test_a_csv_is_read_in_every_way_that_excel_writes_it(
    encoding: str, delimiter: str, issued: Path, tmp_path: Path
) -> None:
    words = "Zoë’s team – £3,000; done"
    lines = [
        ["Ref", "RAG rating", "Commentary"],
        ["6.3", "Amber", f'"{words}"'],
    ]
    path = tmp_path / f"{HEAD_OF_RESEARCH}.csv"
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert outcome(issued, path).proposed == {"6.3 rating": "Amber", "6.3 commentary": words}


def test_last_quarters_copy_as_csv_is_held_against_last_quarters_values(tmp_path: Path) -> None:
    lw.new(None, tmp_path / "master.xlsx")
    issue(tmp_path / "master.xlsx", tmp_path / "first")
    first = copy_of(tmp_path / "first", HEAD_OF_RESEARCH)
    back = fill_in(first, tmp_path / "a.xlsx", {("6.3", "RAG rating"): "Amber"})
    lw.merge(tmp_path / "master.xlsx", [back], as_at=date(2016, 10, 1))
    issue(tmp_path / "master.xlsx", tmp_path / "second", "2016-17 Q3", date(2016, 12, 1))
    late = fill_in(first, tmp_path / "late.xlsx", {("6.3", "Commentary"): "Sorry, late."})
    found = outcome(tmp_path, csv_by_libreoffice(late, tmp_path / "csv")["Actions"])
    assert found.proposed == {"6.3 commentary": "Sorry, late."}
    assert found.codes == {"return-recognised-by-content", "return-older-cycle", "sheet-missing"}
    assert found.result
    assert [one.cycle for one in found.result.harvest.returns] == [CYCLE]


# --- as Excel Online, Google Sheets, Numbers and WPS are known to write ----------------------

KNOWN = [as_excel_online, as_google, as_numbers, as_wps]


@pytest.mark.parametrize("program", KNOWN)
def test_what_was_written_arrives_from_other_programs(
    program: Rewrite, filled: Path, issued: Path, tmp_path: Path
) -> None:
    found = outcome(issued, program(filled, tmp_path / "Copy of return.xlsx"))
    assert found.taken == WRITTEN
    assert found.codes <= RESAVED
    assert _how(found) == SURE
    assert _empty(found.proposed, found.refused)


@pytest.mark.parametrize("program", KNOWN)
def test_an_untouched_copy_from_other_programs_says_nothing(
    program: Rewrite, issued: Path, tmp_path: Path
) -> None:
    for number, copy in enumerate(sorted((issued / "copies").glob("*.xlsx"))[::6]):
        program(copy, tmp_path / f"{number}.xlsx")
    found = outcome(issued, tmp_path)
    assert found.codes == {"return-recognised-by-hidden-sheet", "return-unchanged"}
    assert _empty(found.taken, found.proposed, found.refused)


def test_what_an_officer_adds_to_the_summary_sheet_of_numbers_is_not_lost(
    filled: Path, issued: Path, tmp_path: Path
) -> None:
    path = as_numbers(filled, tmp_path / "return.xlsx")
    book = load_workbook(path)
    book["Export Summary"]["B40"] = "Please ring me about 6.3"
    book.save(path)
    found = outcome(issued, path)
    assert found.refused == {"other": ["Please ring me about 6.3"]}
    assert "entry-outside-table" in found.codes


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_the_hidden_sheet_tells_whose_it_is_however_visible_it_is(
    state: Literal["visible", "hidden", "veryHidden"], filled: Path, issued: Path, tmp_path: Path
) -> None:
    path = rewritten(filled, tmp_path / "Book1.xlsx", hidden_sheet=True)
    book = load_workbook(path)
    book["_lscb"].sheet_state = state
    book["_lscb"].title = "Sheet4"
    book.save(path)
    found = outcome(issued, path)
    assert found.taken == WRITTEN
    assert _how(found) == SURE


# --- numbers for refs ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tracker with an officer who leads both 1.1 and 1.10, and that officer's copy."""
    folder = tmp_path_factory.mktemp("ten")
    lw.plan(None, folder / "plan.toml")
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    more = "".join(
        f'[[action]]\nref = "1.{number}"\npriority = 1\ntext = "The action that is {number}th in the plan."\n'
        f'leads = ["{DIRECTOR}"]\nmilestones = ["Do it {number} times by 31.3.17."]\n'
        f'measures = ["It is done {number} times."]\nrating = "White"\n\n'
        for number in (8, 9, 10)
    )
    before = '[[action]]\nref = "2.1"'
    assert before in plan
    (folder / "plan.toml").write_text(plan.replace(before, more + before), encoding="utf-8")
    lw.new(folder / "plan.toml", folder / "master.xlsx")
    issue(folder / "master.xlsx", folder / "copies")
    return folder, copy_of(folder / "copies", DIRECTOR)


BOTH: Answers = {
    ("1.1", "Commentary"): "Of the first.",
    ("1.10", "Commentary"): "Of the tenth.",
    ("1.5", "Commentary"): "Of the fifth.",
}


def test_refs_as_they_are_tell_the_first_action_from_the_tenth(
    ten: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, copy = ten
    found = outcome(folder, fill_in(copy, tmp_path / "a.xlsx", BOTH))
    assert found.taken == {
        "1.1 commentary": "Of the first.",
        "1.10 commentary": "Of the tenth.",
        "1.5 commentary": "Of the fifth.",
    }


def test_refs_turned_into_numbers_are_told_apart_by_their_words_and_proposed(
    ten: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, copy = ten
    found = outcome(
        folder, with_numbers_for_refs(fill_in(copy, tmp_path / "a.xlsx", BOTH), tmp_path / "b.xlsx")
    )
    assert found.taken == {"1.5 commentary": "Of the fifth."}
    assert found.proposed == {"1.1 commentary": "Of the first.", "1.10 commentary": "Of the tenth."}
    assert "row-recognised" in found.codes
    assert not found.refused


@pytest.mark.parametrize("program", KNOWN)
def test_no_program_mixes_the_first_action_up_with_the_tenth(
    program: Rewrite, ten: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, copy = ten
    found = outcome(folder, program(fill_in(copy, tmp_path / "a.xlsx", BOTH), tmp_path / "b.xlsx"))
    assert found.taken | found.proposed == {
        "1.1 commentary": "Of the first.",
        "1.10 commentary": "Of the tenth.",
        "1.5 commentary": "Of the fifth.",
    }
    assert not found.refused


def test_a_ref_that_can_be_two_without_words_to_tell_them_is_refused(
    ten: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, _ = ten
    path = tmp_path / f"{DIRECTOR}.csv"
    path.write_text("Ref,RAG rating,Commentary\n1.1,Green,Mine\n1.5,Amber,Mine too\n", encoding="utf-8")
    found = outcome(folder, path)
    assert found.proposed == {"1.5 commentary": "Mine too", "1.5 rating": "Amber"}
    assert (
        found.refused.items() >= {"1.1 or 1.10 commentary": ["Mine"], "1.1 or 1.10 rating": ["Green"]}.items()
    )
    assert "row-unknown" in found.codes


# --- copies that lost everything -------------------------------------------------------------


def test_a_copy_that_lost_everything_is_recognised_by_the_title_at_its_head(
    filled: Path, issued: Path, tmp_path: Path
) -> None:
    found = outcome(issued, rewritten(filled, tmp_path / "Book1.xlsx"))
    assert found.proposed == WRITTEN
    assert _how(found) == UNSURE
    assert found.codes == {"return-recognised-by-content"}
    assert _empty(found.taken, found.refused)


@pytest.mark.parametrize("name", [f"{HEAD_OF_RESEARCH}.xlsx", f"{CYCLE} - {HEAD_OF_RESEARCH} (2) FINAL.xlsx"])
def test_without_its_head_it_is_recognised_by_the_file_name(
    name: str, filled: Path, issued: Path, tmp_path: Path
) -> None:
    found = outcome(issued, rewritten(filled, tmp_path / name, head=False))
    assert found.proposed == WRITTEN
    assert found.codes == {"return-recognised-by-content"}


def test_without_a_telling_name_it_is_recognised_by_its_rows(
    filled: Path, issued: Path, tmp_path: Path
) -> None:
    found = outcome(issued, rewritten(filled, tmp_path / "Book1.xlsx", head=False))
    assert found.proposed == WRITTEN
    assert found.result
    (message,) = (one.message for one in found.result.harvest.findings)
    assert HEAD_OF_RESEARCH in message


def test_rows_that_two_officers_share_are_not_given_to_either(issued: Path, tmp_path: Path) -> None:
    path = tmp_path / "Book1.csv"
    path.write_text("Ref,RAG rating,Commentary\n1.2,Green,Ours\n", encoding="utf-8")
    found = outcome(issued, path)
    assert found.aside == {"Book1.csv": "return-not-a-copy"}
    assert _empty(found.taken, found.proposed)
    assert found.result
    assert "those of 3 officers" in found.result.harvest.quarantined[0].message


def test_a_workbook_of_something_else_is_set_aside(issued: Path, tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    path.write_text("Item,Cost\nTea,3\nCake,4\n", encoding="utf-8")
    assert outcome(issued, path).aside == {"budget.csv": "return-not-a-copy"}


@pytest.mark.parametrize("program", [as_excel_online, as_google, as_numbers, as_wps, rewritten])
def test_status_says_who_has_returned_and_how_that_is_known(
    program: Rewrite, filled: Path, issued: Path, tmp_path: Path
) -> None:
    found = lw.status(issued / "master.xlsx", [program(filled, tmp_path / "Book1.xlsx")])
    (one,) = (one for one in found.officers if one.latest)
    assert one.officer.title == HEAD_OF_RESEARCH
    assert one.latest
    assert one.latest.recognised_by is (
        Recognised.CONTENT if program is rewritten else Recognised.HIDDEN_SHEET
    )
    assert len(found.missing) == 11


# --- wrong endings ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "ending", "kind"),
    [
        ("xlsx", "xls", "an Excel workbook"),
        ("csv", "xlsx", "a text file of values"),
        ("xls", "xlsx", "an old Excel workbook"),
        ("ods", "csv", "an OpenDocument spreadsheet"),
        ("xlsb", "zip", "a binary Excel workbook"),
    ],
)
def test_a_file_is_read_as_what_it_is_whatever_its_ending(
    form: str, ending: str, kind: str, filled: Path, issued: Path, tmp_path: Path
) -> None:
    made = by_sheetjs(filled, tmp_path / f"x.{form}")
    path = tmp_path / f"return.{ending}"
    made.rename(path)
    found = outcome(issued, path)
    assert (found.taken | found.proposed)["6.3 commentary"] == COMMENTARY
    assert found.result
    (said,) = (one.message for one in found.result.harvest.findings if one.code == "return-kind")
    assert re.search(kind, said)
