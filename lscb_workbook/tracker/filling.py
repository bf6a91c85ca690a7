"""Filling the tracker's tables anew, with what the manager wrote beside their rows in columns of her own.

That stays with its row. Where the tool no longer lists the row, it is told of on the Checks tab.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lscb_workbook.ooxml import Remark, Value, Workbook
from lscb_workbook.plan.catalogue import CATALOGUE
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.tracker.layout import TRACKER_TABLES, tables_for

__all__ = ["beginning", "fill", "in_full", "remark_findings", "remarks_left_by"]

Rows = Sequence[Mapping[str, Value]]

_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Checks": (("where", "ref", "code", "message"), ("where", "ref", "code")),
    "Conflicts": (("ref", "milestone", "field", "officer", "cycle", "sha256", "returned"),),
    "Moved": (("ref", "id", "field"),),
    "Returns": (("cycle", "officer"),),
}
"""The columns that tell the rows of a table apart, where its first does not; the next where they fail."""
_PIECE = 30_000
"""The most characters of a text in one finding, so that it fits a cell."""
_BESIDE = 200
"""The most characters of the row that it stood beside."""


def fill(book: Workbook, name: str, rows: Rows, ratings: tuple[str, ...] = ()) -> None:
    """Put these rows, by heading, in the place of all of a table's. Raises PackageError where it cannot.

    Columns that masters of earlier versions lack are left out where they are missing. ``ratings`` are the
    plan's, where the table has columns for each.
    """
    headings = _headings(book, name, ratings)
    book.fill(name, _fitting(book, name, rows), keys=_keys(name), headings=headings)


def remarks_left_by(book: Workbook, name: str, rows: Rows) -> list[Remark]:
    """The manager's remarks that would have no row, were a table filled with these rows."""
    fitting = _fitting(book, name, rows)
    return book.left_by(name, fitting, keys=_keys(name), headings=_headings(book, name))


def remark_findings(remarks: Sequence[Remark]) -> Iterator[Finding]:
    """What to say of remarks whose row is gone. They are given in full, since they stand nowhere else."""
    for one in remarks:
        facts = {"column": one.column, "tab": one.sheet, "beside": beginning(one.beside)}
        yield from in_full("remark-without-row", one.sheet, one.text, **facts)


def beginning(beside: str) -> str:
    """As much of what stood beside a text as tells which row it was."""
    return beside if len(beside) <= _BESIDE else beside[:_BESIDE] + "…"


def in_full(code: str, sheet: str, text: str, **facts: str) -> Iterator[Finding]:
    """The findings of a code that give a text whole, a piece in each where it is too long for a cell."""
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE]
        said = finding(code, sheet=sheet, text=piece, **facts)
        yield replace(said, message=CATALOGUE[code].message.format(text=piece, **facts))


def _fitting(book: Workbook, name: str, rows: Rows) -> Rows:
    """The rows without what the table has no column for and need not have."""
    known = set(book.tables[name].columns) if name in book.tables else set()
    table, can_lack = TRACKER_TABLES[name], _optional(name)
    named = {header for row in rows for header in row}
    left_out = {header for header in named - known if table.view or header in can_lack}
    if not left_out:
        return rows
    return [{header: value for header, value in row.items() if header not in left_out} for row in rows]


def _optional(name: str, ratings: tuple[str, ...] = ()) -> set[str]:
    """The headings that a table may lack: masters of earlier versions do."""
    table = tables_for(ratings)[name]
    return {column.header for column in table.columns if column.later or table.view}


def _keys(name: str) -> list[list[str]]:
    return [[TRACKER_TABLES[name].header(key) for key in keys] for keys in _KEYS.get(name, ())]


def _headings(book: Workbook, name: str, ratings: tuple[str, ...] = ()) -> list[str]:
    known, can_lack = book.tables[name].columns if name in book.tables else (), _optional(name, ratings)
    headings = [column.header for column in tables_for(ratings)[name].columns]
    return [header for header in headings if header in known or header not in can_lack]
