"""Cells of the Calendar and Officers tabs that say something which is not understood: a finding for each.

What is not understood counts as blank; without a word the manager would take it for counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.tracker.cells import day_of
from lscb_workbook.tracker.columns import CHOICES, Choice
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.sheets import Row, Sheets

__all__ = ["chosen", "odd_cells"]

_YES, _NO = {"yes", "y", "true", "named"}, {"no", "n", "false", "not named"}
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
    """A finding for each day of a meeting or event that is none, and for each choice on the Officers tab."""
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
