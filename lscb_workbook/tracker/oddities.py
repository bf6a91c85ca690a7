"""What is typed and would be passed over, a finding for each: cells of the Calendar and Officers tabs that
are not understood, and rows that stand below their list.

What is not understood counts as blank; without a word the manager would take it for counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from lscb_workbook.ooxml import address
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.tracker.cells import Raw, count_of, day_of, text_of
from lscb_workbook.tracker.columns import CHOICES, Choice, Name
from lscb_workbook.tracker.filling import in_full
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.sheets import Row, Sheets

__all__ = ["DUE_SOON_DAYS", "chosen", "due_soon_days", "odd_cells", "odd_cover"]

DUE_SOON_DAYS = 28
"""How far ahead a milestone is due soon, where the Cover does not say."""
_MOST_DAYS = 3660
_YES, _NO = {"yes", "y", "true", "named"}, {"no", "n", "false", "not named"}
_LISTS = ("Plan", "Milestones", "Officers", "Meetings", "Events")
_DAYS = (("Meetings", "month", "on"), ("Events", "name", "on"))


def chosen(text: str) -> str:
    """What a cell of *In public papers* says, as the drop-down would: ``yes`` is Named.

    What is not understood is Not named: nobody is named in public by mistake.
    """
    named, not_named = CHOICES[Choice.PUBLIC]
    said = " ".join(text.casefold().split())
    if not said:
        return ""
    return named if said in _YES else not_named


def odd_cells(sheets: Sheets) -> Iterator[Finding]:
    """A finding for each row that stands below its list, each day of a meeting or event that is none, and
    each choice on the Officers tab that is none."""
    for name in _LISTS:
        yield from _below(sheets, name) if name in sheets else ()
    for name, key, column in _DAYS:
        for row in sheets.rows(name) if name in sheets else ():
            header = TRACKER_TABLES[name].header
            if row.text(header(column)) and day_of(row.raw(header(column))) is None:
                about = f"the {row.text(header(key)) or 'nameless'} row of the Calendar tab"
                yield _not_understood(row, name, column, about, "a date")
    for row in sheets.rows("Officers"):
        header = TRACKER_TABLES["Officers"].header
        said = " ".join(row.text(header("public")).casefold().split())
        if said and said not in _YES | _NO:
            about = row.text(header("role")) or "an officer"
            yield _not_understood(row, "Officers", "public", about, "Named or Not named")


def due_soon_days(raw: Raw) -> int | None:
    """How far ahead a milestone is due soon, as the Cover says; None where it says no number of days."""
    days = count_of(raw)
    said = isinstance(raw, date) or text_of(raw) == str(days)
    return days if said and 0 <= days <= _MOST_DAYS else None


def odd_cover(sheets: Sheets, cycle: str, known: Collection[str]) -> Iterator[Finding]:
    """A finding for what was typed over the cycle on the Cover, which each review writes anew, and for days
    that are no number. ``cycle`` is the one issued last, ``known`` are the names of all."""
    said, place = text_of(sheets.value(Name.CYCLE)), sheets.book.place(Name.CYCLE)
    if place and cycle and said and said not in known:
        cell = address(place.row, place.column)
        for one in in_full("note-typed-over", place.sheet, said, place=f"{place.sheet} {cell}"):
            yield replace(one, cell=cell)
    days, place = sheets.value(Name.DUE_SOON_DAYS), sheets.book.place(Name.DUE_SOON_DAYS)
    if place and text_of(days) and due_soon_days(days) is None:
        yield finding(
            "master-cell-not-recognised",
            sheet=place.sheet,
            cell=address(place.row, place.column),
            text=text_of(days),
            column="A milestone is due soon within (days)",
            about=f"the {place.sheet}",
            wanted=f"a whole number of days (where it is blank, {DUE_SOON_DAYS} count)",
        )


def _below(sheets: Sheets, table: str) -> Iterator[Finding]:
    """A finding for each row below a list that looks like one of it; a single cell is the manager's note."""
    for row in sheets.rows_below(table):
        said = [text for cell in row.cells if (text := text_of(cell))]
        if len(said) > 1:
            tab = TRACKER_TABLES[table].sheet
            yield finding("row-below-list", sheet=tab, ref="", row=str(row.number), tab=tab, text=said[0])


def _not_understood(row: Row, table: str, column: str, about: str, wanted: str) -> Finding:
    header = TRACKER_TABLES[table].header(column)
    return finding(
        "master-cell-not-recognised",
        sheet=TRACKER_TABLES[table].sheet,
        ref="",
        text=row.text(header),
        column=header,
        about=about,
        wanted=wanted,
    )
