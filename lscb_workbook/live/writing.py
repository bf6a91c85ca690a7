"""Writing changes into an open workbook through Excel, and taking them back where that fails.

Text is written as text: Excel would make ``1.4`` a number, ``31/8`` a day and ``=1+1`` a formula. What was
written is read again at once, cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lscb_workbook.live.changes import Changes, Resized, Run, same_content
from lscb_workbook.live.excel import patiently
from lscb_workbook.live.picture import BLANK, Content, Picture, Shown
from lscb_workbook.ooxml import address
from lscb_workbook.plan.errors import WorkbookError

if TYPE_CHECKING:
    import xlwings

__all__ = ["Protection", "Writer"]

_TEXT = "@"
"""The number format of a cell in which all that is typed is text."""
_PLAIN = re.compile(r"[^\W\d_](?:\D*|.{40,})", re.S)
"""Texts that Excel takes as they are: from a letter on, and without a digit or too long for a day."""
_LONG, _LONGEST = 8_000, 32_767
"""Characters from which a text is written by itself, as Excel takes longer ones in a block only lately, and
how many a cell holds: a mark before the text is one of them."""
_CATEGORIES, _VALUES = 1, 2
_ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)
"""What a sheet's protection allows all the same, in the order in which Excel is told."""

Undo = Callable[[], None]


class Writer:
    """Writes into one open workbook, and knows how to take back what it wrote."""

    def __init__(self, book: xlwings.Book, before: Picture) -> None:
        """``before`` is what the workbook shows now."""
        self._book, self._before = book, before
        self._undo: list[Undo] = []

    @property
    def has_written(self) -> bool:
        """Whether there is anything to be taken back."""
        return bool(self._undo)

    def write(self, changes: Changes) -> None:
        """Do all of it. Raises where Excel refuses; then :meth:`take_back`."""
        for one in changes.resized:
            self._resize(one)
        for run in changes.runs:
            self._undo.append(self._back(run))
            patiently(partial(self._put, run))
        for sheet, rows in changes.shown.items():
            for row in rows:
                self._set(self._row(sheet, row).api.EntireRow, "Hidden", False)
        for sheet, heights in changes.heights.items():
            for row, height in heights.items():
                self._set(self._row(sheet, row), "row_height", height)
        for sheet, rows in changes.fitted.items():
            for first, last in _spans(rows):
                patiently(self._book.sheets[sheet].range(f"{first}:{last}").rows.autofit)
        for sheet, left in changes.footers.items():
            self._set(self._book.sheets[sheet].api.PageSetup, "LeftFooter", left)
        for (sheet, chart), axes in changes.axes.items():
            _, drawn = self._book.sheets[sheet].charts[chart].api
            values = drawn.Axes(_VALUES)
            for name, number in (
                ("MinimumScale", axes.low),
                ("MaximumScale", axes.high),
                ("CrossesAt", axes.crosses),
            ):
                self._set(values, name, number)

    def tidy(self, changes: Changes) -> None:
        """Take the looks of rows that a table gave up."""
        for one in changes.resized:
            self._strip(one.after.last_row, one)

    def take_back(self) -> list[Exception]:
        """Put back what was written, the last of it first; what of that failed. Nobody stops it by hand."""
        failed: list[Exception] = []
        while self._undo:
            undo = self._undo.pop()
            try:
                if failed:  # waited for once already
                    undo()
                else:
                    patiently(undo)
            except KeyboardInterrupt:
                self._undo.append(undo)
            except Exception as error:  # the others are put back all the same
                failed.append(error)
        return failed

    def _row(self, sheet: str, row: int) -> xlwings.Range:
        return self._book.sheets[sheet].range((row, 1))

    def _set(self, home: Any, name: str, value: object) -> None:
        """Set what Excel's object says of itself, to be taken back."""
        before = patiently(lambda: getattr(home, name))
        self._undo.append(lambda: setattr(home, name, before))
        patiently(lambda: setattr(home, name, value))

    # --- tables ------------------------------------------------------------------------------

    def _resize(self, one: Resized) -> None:
        self._undo.append(lambda: self._lay_back(one))
        patiently(partial(self._lay, one))

    def _lay_back(self, one: Resized) -> None:
        self._lay(Resized(one.after, one.before))
        self._strip(one.before.last_row, one)

    def _lay(self, one: Resized) -> None:
        """Let a table reach as far as it shall; rows that are added look like its first, and are ruled so.
        Of rows that a filter hides Excel copies nothing: then the first that is shown is the pattern."""
        sheet = self._book.sheets[one.after.sheet]
        area = one.after.area
        sheet.tables[one.after.name].resize(
            sheet.range((area.first_row, area.first_column), (area.last_row, area.last_column))
        )
        if one.after.last_row <= one.before.last_row:
            return
        hidden = self._before.sheets[one.after.sheet].hidden
        rows = range(one.after.first_row, one.before.last_row + 1)
        pattern = next((row for row in rows if row not in hidden), one.after.first_row)
        first = self._rows_of(one, pattern, pattern)
        added = self._rows_of(one, one.before.last_row + 1, one.after.last_row)
        columns = range(one.after.first_col, one.after.last_col + 1)
        ruled = any(self._before.sheets[one.after.sheet].rules(pattern, c) for c in columns)
        for what in ("formats", "validation") if ruled else ("formats",):
            first.copy()
            added.paste(what)
        self._book.app.cut_copy_mode = False

    def _strip(self, last: int, one: Resized) -> None:
        """Take the looks of the rows below this one, as far as the table went before or after."""
        reached = max(one.before.last_row, one.after.last_row)
        if last < reached:
            self._rows_of(one, last + 1, reached).clear_formats()

    def _rows_of(self, one: Resized, first: int, last: int) -> xlwings.Range:
        sheet = self._book.sheets[one.after.sheet]
        return sheet.range((first, one.after.first_col), (last, one.after.last_col))

    # --- cells -------------------------------------------------------------------------------

    def _back(self, run: Run) -> Undo:
        sheet = self._before.sheets[run.sheet]
        rows = range(run.first_row, run.last_row + 1)
        before = [sheet.at(row, run.column) for row in rows]

        def undo() -> None:
            for row, content in zip(rows, before, strict=True):
                self._put(Run(run.sheet, run.column, row, (content,)))

        return undo

    def _put(self, run: Run) -> None:
        """Write a run, in as few blocks as may be; rows that a filter hides, and long texts, each alone."""
        hidden = self._before.sheets[run.sheet].hidden

        def alone(at: int) -> int:
            """A number that is the same for neighbours in a block, and each its own for those alone."""
            value = run.contents[at].value
            long = isinstance(value, str) and len(value) >= _LONG
            return at + 1 if long or run.first_row + at in hidden else 0

        for _, found in groupby(range(len(run.contents)), key=alone):
            block = list(found)
            contents = run.contents[block[0] : block[-1] + 1]
            self._put_block(Run(run.sheet, run.column, run.first_row + block[0], contents))

    def _put_block(self, run: Run) -> None:
        cells = self._book.sheets[run.sheet].range((run.first_row, run.column), (run.last_row, run.column))
        form = cells.number_format
        if form is None and len(run.contents) > 1:  # formatted one way and another
            for at, content in enumerate(run.contents):
                self._put_block(Run(run.sheet, run.column, run.first_row + at, (content,)))
            return
        if run.contents[0].formula is not None:
            self._put_formulas(cells, run, form)
        else:
            self._put_values(cells, run, form)

    def _put_formulas(self, cells: xlwings.Range, run: Run, form: str | None) -> None:
        if form == _TEXT:
            cells.number_format = "General"  # as text it would never be calculated
        try:
            cells.formula = [[f"={content.formula}"] for content in run.contents]
        finally:
            if form is not None and cells.number_format != form:  # Excel takes over that of what it refers to
                cells.number_format = form
        said = cells.formula
        rows = (
            [said]
            if isinstance(said, str)
            else [row[0] if isinstance(row, tuple | list) else row for row in said]
        )
        for at, (one, content) in enumerate(zip(rows, run.contents, strict=True)):
            if not str(one).startswith("="):
                raise _not_taken(run, at, content)

    def _put_values(self, cells: xlwings.Range, run: Run, form: str | None) -> None:
        typed = [_typed(content, marked=form != _TEXT) for content in run.contents]
        if len(typed) > 1:
            cells.value = [[one] for one in typed]
        elif isinstance(typed[0], str) and len(typed[0]) >= _LONGEST:
            _put_as_text(cells, run.contents[0])
        else:  # not as a block of one, of which a long text is not taken
            cells.value = typed[0]
        for at, content in _amiss(cells, run.contents):
            cell = cells[at, 0]
            for put in (_put_marked, _put_as_text):
                put(cell, content)
                if not _amiss(cell, (content,)):
                    break
            else:
                raise _not_taken(run, at, content)


class Protection:
    """What protects some sheets of an open workbook: taken away for a while, and put back as it was, as often
    as need be."""

    def __init__(self, book: xlwings.Book, sheets: Sequence[str]) -> None:
        self._book, self._sheets = book, sheets
        self._again: dict[str, Undo] = {}

    @contextmanager
    def away(self) -> Iterator[None]:
        """Take it away, and put it back. Raises WorkbookError where a sheet has a password."""
        try:
            for name in self._sheets:
                self._take(name)
            yield
        finally:
            with ExitStack() as stack:  # those after one that fails are put back all the same
                for name, again in self._again.items():
                    stack.callback(self._put_back, name, again)

    def _take(self, name: str) -> None:
        sheet = self._book.sheets[name].api
        if not patiently(lambda: sheet.ProtectContents):
            return
        if name not in self._again:
            drawings, scenarios = sheet.ProtectDrawingObjects, sheet.ProtectScenarios
            allowed = [getattr(sheet.Protection, one) for one in _ALLOWED]
            selected = sheet.EnableSelection

            def again() -> None:
                # No password, the contents protected, and that for people and programs alike.
                sheet.Protect("", drawings, True, scenarios, False, *allowed)
                sheet.EnableSelection = selected

            self._again[name] = again
        try:
            patiently(lambda: sheet.Unprotect(""))
        except WorkbookError:
            raise
        except Exception as error:
            raise _locked(name) from error
        if sheet.ProtectContents:
            raise _locked(name)

    def _put_back(self, name: str, again: Undo) -> None:
        if not self._book.sheets[name].api.ProtectContents:
            patiently(again)


def _amiss(cells: xlwings.Range, contents: Sequence[Content]) -> list[tuple[int, Content]]:
    """The cells of a column that do not hold what was written, by their place in it."""
    said = cells.api.Value2  # days and money as the numbers that they are in the file
    values = [said] if len(contents) == 1 else [row[0] for row in said]
    return [
        (at, content)
        for at, (value, content) in enumerate(zip(values, contents, strict=True))
        if not same_content(Content(None, _read(value)), content)
    ]


def _read(value: object) -> Shown:
    """What Excel says a cell holds; an error value is a whole number, as no other value is."""
    return value if value is None or isinstance(value, str | bool | float) else f"error {value}"


def _put_marked(cell: xlwings.Range, content: Content) -> None:
    cell.value = _marked(content)


def _put_as_text(cell: xlwings.Range, content: Content) -> None:
    """Write into a cell while it is formatted as text; what it holds stays text when it is formatted back."""
    form = cell.number_format
    cell.number_format = _TEXT
    try:
        cell.value = content.value
    finally:
        cell.number_format = form


def _locked(name: str) -> WorkbookError:
    return WorkbookError(
        f"The tab '{name}' is protected by a password, so nothing can be written there. Take the protection "
        "away in Excel (Review > Unprotect Sheet), then run the command again. Nothing was written."
    )


def _typed(content: Content, *, marked: bool) -> object:
    """A value as it is typed into Excel; ``marked`` has a text that Excel may make something else of marked
    as one. Plain words are not: the mark stays with a cell."""
    if isinstance(content.value, str) and marked and not _PLAIN.fullmatch(content.value):
        return _marked(content)
    return content.value


def _marked(content: Content) -> object:
    """A value as it is typed into Excel, a text with the apostrophe before it that says that it is one."""
    value = content.value
    return f"'{value}" if isinstance(value, str) and len(value) < _LONGEST else value


def _not_taken(run: Run, at: int, content: Content) -> WorkbookError:
    what = "formula" if content.formula is not None else "value" if content != BLANK else "blank"
    return WorkbookError(
        f"Excel did not take the {what} for {run.sheet}!{address(run.first_row + at, run.column)}."
    )


def _spans(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows as first and last of those without a gap between them."""
    for _, found in groupby(enumerate(rows), key=lambda one: one[1] - one[0]):
        span = [row for _, row in found]
        yield span[0], span[-1]
