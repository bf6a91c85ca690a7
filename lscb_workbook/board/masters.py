"""What a master has of the board's tabs: one that an earlier version made lacks some of them.

Such a master is filled as far as it goes. No formula is written that asks for what is not there, for Excel
would not open it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lscb_workbook.ooxml import Formula, Value, Workbook
from lscb_workbook.plan.catalogue import CATALOGUE
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.review.wording import listed
from lscb_workbook.tracker.columns import LATER_NAMES, Name
from lscb_workbook.tracker.filling import fill
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.lists import Filled

__all__ = ["Row", "fits", "missing_tabs", "put", "show"]

Row = Mapping[str, Value]

_CODE = "master-without-tabs"
_REFERENCE = re.compile(r"\b([A-Za-z_]\w*)\[(?:\[#This Row\],\[)?((?:'.|[^\[\]'])+)\]")
_NAMES = (
    Name.AS_AT,
    Name.DUE_SOON_DAYS,
    Name.LISTS_CHANGED,
    Name.NEXT_MEETING,
    Name.YEAR_FIRST,
    Name.YEAR_LAST,
)
"""The named cells that formulas ask for."""
_TEXT = re.compile(r'"(?:[^"]|"")*"')


def fits(book: Workbook, formula: str) -> bool:
    """Whether a workbook has every table, column and named cell that a formula asks for."""
    plain = _TEXT.sub('""', formula)
    return all(book.place(name) for name in _NAMES if name in plain) and all(
        table in book.tables and re.sub("'(.)", r"\1", header) in book.tables[table].columns
        for table, header in _REFERENCE.findall(plain)
    )


def show(book: Workbook, name: str, rows: Sequence[Row], ratings: tuple[str, ...]) -> Filled:
    """Fill a table that shows what others hold, as far as the workbook has it; the rows that it then has.

    ``ratings`` are the plan's.
    """
    if name not in book.tables:
        return {}
    known: dict[str, bool] = {}

    def value(one: Value) -> Value:
        if not isinstance(one, Formula):
            return one
        if one.text not in known:
            known[one.text] = fits(book, one.text)
        return one if known[one.text] else (None if one.value == "" else one.value)

    shown = [{header: value(one) for header, one in row.items()} for row in rows]
    fill(book, name, shown, ratings)
    return {name: shown}


def put(book: Workbook, name: Name, value: Value) -> None:
    """Put a value into a named cell. Raises PackageError where one is gone that every master has."""
    if name not in LATER_NAMES or book.place(name):
        book.set_name(name, value)


def missing_tabs(book: Workbook) -> tuple[Finding, ...]:
    """A finding that says which tabs and columns the workbook has not, if there are any."""
    tabs: list[str] = []
    columns: list[str] = []
    for table in TRACKER_TABLES.values():
        info = book.tables.get(table.name)
        if info is None and table.sheet not in book.sheet_names:
            tabs.append(f"'{table.sheet}'")
            continue
        known, sheet = (info.columns, info.sheet) if info else ((), table.sheet)
        gone = [one.header for one in table.columns if one.header not in known and not one.hidden]
        columns += [f"'{header}' ({sheet})" for header in gone]
    parts = [
        f"the {what if len(names) == 1 else what + 's'} {listed(names, 'and')}"
        for what, names in (("tab", tabs), ("column", columns))
        if names
    ]
    if not parts:
        return ()
    # In full, where a finding's facts are shortened: what is not named here is not known to be missing.
    said = CATALOGUE[_CODE].message.format(missing=" and ".join(parts))
    return (replace(finding(_CODE, missing=""), message=said),)
