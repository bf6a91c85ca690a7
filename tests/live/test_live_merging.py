"""A merge and a review of the tracker that is open in Excel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from live.fake_excel import FakeApp, FakeBook
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import to_excel
from tracking import AS_AT, NOW, entry

import lscb_workbook as lw
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Field
from lscb_workbook.tracker.backups import backup_folder
from lscb_workbook.tracker.reading import read_tracker

RATING, COMMENTARY, EVIDENCE = Field.RATING, Field.COMMENTARY, Field.EVIDENCE


def cells_of(book: Workbook) -> dict[tuple[str, str], object]:
    """What every cell of a workbook holds, as another program reads it."""
    return {
        (sheet.title, cell.coordinate): to_excel(cell.value) if isinstance(cell.value, date) else cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def settings_of(app: FakeApp) -> Mapping[str, object]:
    return dict(app.settings) | vars(app.AutoCorrect)


def type_in(book: FakeBook, ref: str, heading: str, value: object) -> None:
    """The manager types into the Plan tab of the open workbook, and does not save."""
    sheet = book.book["Plan"]
    row = next(cell.row for cell in sheet["A"] if cell.value == ref)
    column = next(cell.column for cell in sheet[4] if cell.value == heading)
    sheet.cell(row, column).value = value


def saved_beside(book: FakeBook, folder: Path) -> Path:
    """The open workbook with what is not saved yet, as a file elsewhere."""
    folder.mkdir()
    book.SaveCopyAs(str(folder / "master.xlsx"))
    return folder / "master.xlsx"


def test_a_merge_does_in_the_open_tracker_what_it_does_in_the_file_and_can_be_undone(
    app: FakeApp, book: FakeBook, master: Path, back: Path, tmp_path: Path
) -> None:
    type_in(book, "1.2", "Commentary", "Typed, not saved")
    type_in(book, "6.3", "RAG rating", "Red")
    type_in(book, "6.3", "Evidence of impact", "Otherwise")
    book.book["Conflicts"].oddFooter.left.text = "as at the day before"
    book.book["Conflicts"].oddFooter.left.size = 9
    closed = saved_beside(book, tmp_path / "closed")
    before, held, first_ends = cells_of(book.book), settings_of(app), ends_of(book.book)
    shown = lw.merge(master, [back], as_at=AS_AT, dry_run=True, live=True)
    assert (shown.written, book.writes, app.log, backup_folder(master).exists()) == (None, [], [], False)
    in_file = lw.merge(closed, [back], as_at=AS_AT, now=NOW)
    made = lw.merge(master, [back], as_at=AS_AT, now=NOW, live=True)
    assert (made.changes, made.findings, made.written) == (in_file.changes, in_file.findings, master)
    assert (made.changes, len(made.conflicts)) == (shown.changes, 2)
    one, other = read_tracker(master), read_tracker(closed)
    assert (one.entries, one.history, one.issued) == (other.entries, other.history, other.issued)
    entries = [entry(master, "6.3", field) for field in (RATING, COMMENTARY, EVIDENCE)]
    assert entries == ["Red", "1.40", "Otherwise"]
    assert entry(master, "1.2", COMMENTARY) == "Typed, not saved"
    saved = load_workbook(master)
    after = cells_of(saved)
    assert after == cells_of(load_workbook(closed))
    assert needless(book, before, after, first_ends) == []
    assert_grown(saved)
    assert (settings_of(app), saved.calculation.calcMode) == (held, "auto")
    assert app.log == ["calculate", "save"]
    assert made.backup
    assert cells_of(load_workbook(made.backup)) == before
    app.opened.clear()
    lw.undo(master)
    assert master.read_bytes() == made.backup.read_bytes()


def test_the_open_tracker_is_left_alone_where_nothing_is_new(app: FakeApp, master: Path) -> None:
    lw.review(master, as_at=AS_AT, now=NOW)
    book = FakeBook(app, master)
    again = lw.review(master, as_at=AS_AT, now=NOW, live=True)
    assert (book.writes, again.written, again.backup) == ([], None, None)
    assert lw.review(master, as_at=AS_AT.replace(month=9), live=True).past
    assert book.writes == []


def test_no_receipt_goes_out_where_excel_refuses(
    app: FakeApp, book: FakeBook, master: Path, back: Path, tmp_path: Path
) -> None:
    def refuse(number: int) -> None:
        if book.copies:  # the tracker has been read
            raise OSError(f"no more after {number}")

    app.before_it_does = refuse
    drafts = tmp_path / "drafts"
    receipts = lw.Mailing("Ann <ann@board.org>", drafts)
    with pytest.raises(WorkbookError, match="no more after"):
        lw.merge(master, [back], as_at=AS_AT, now=NOW, live=True, receipts=receipts)
    assert not drafts.exists()


# --- what the tests ask ------------------------------------------------------------------------


def assert_grown(book: Workbook) -> None:
    """The list of conflicts has a row more, and that the drop-downs, looks and protection of the first."""
    sheet = book["Conflicts"]
    assert sheet.tables["Conflicts"].ref == "A4:O6"
    (rule,) = sheet.data_validations.dataValidation
    assert all(f"I{row}" in rule.sqref for row in (5, 6))
    assert sheet["I6"].fill.fgColor.rgb == sheet["I5"].fill.fgColor.rgb
    assert str(sheet.oddFooter.left.text).endswith("as at 1 October 2016")
    protected = book["History"].protection
    assert (protected.sheet, protected.sort, protected.insertRows) == (True, False, True)


def ends_of(book: Workbook) -> dict[str, list[tuple[int, int, int]]]:
    """By sheet, the last row of each table, and its first and last column."""
    areas = {sheet.title: [range_boundaries(one.ref) for one in sheet.tables.values()] for sheet in book}
    return {name: [(last, left, right) for left, _, right, last in found] for name, found in areas.items()}


def needless(
    book: FakeBook,
    before: Mapping[tuple[str, str], object],
    after: Mapping[tuple[str, str], object],
    ends: Mapping[str, list[tuple[int, int, int]]],
) -> list[tuple[str, str]]:
    """The cells that were written though they hold what they held; but for the new rows of tables."""

    def is_new(sheet: str, place: str) -> bool:
        row, column = coordinate_to_tuple(place)
        return any(left <= column <= right and row > last for last, left, right in ends[sheet])

    same = {one for one in book.writes if before.get(one) == after.get(one)}
    return sorted(one for one in same if not is_new(*one))
