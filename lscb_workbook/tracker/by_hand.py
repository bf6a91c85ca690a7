"""What people typed into the tables Returns and Cycles, which are the tool's own record.

A cycle that was never issued, a day that is none, a return that was never merged: none of these counts. Each
stays on its tab as it was typed, and is told of, until the tool has something of its own to put there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from lscb_workbook.ooxml import Value, Workbook, address
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.tracker.cells import Raw, day_of, held_day, number_of, words_of
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.sheets import Row

__all__ = [
    "AsTyped",
    "Days",
    "as_typed_findings",
    "day_in",
    "known_days",
    "the_day",
    "typed_in",
    "with_typed",
]

Days = Mapping[tuple[str, str], date]
"""When each cycle was issued and is to be back by, by its name and the key of the column."""

_NAME = {"Cycles": "name", "Returns": "cycle"}
_SENT = ("issued_on", "return_by")
_OF_RETURN = ("returned_file", "recognised_by", "signature")
"""What the tool records of every return, besides its day."""


class AsTyped(NamedTuple):
    """Cells of a row that hold what is not the tool's, by heading, and the day that counts instead of each.

    ``name`` is the row's cycle and, of the Returns table, the officer's key; ``about`` is what people call
    it; ``whole`` is whether the row counts nowhere, and ``cells`` is then all of it.
    """

    table: str
    row: int
    name: tuple[str, ...]
    about: str
    cells: Mapping[str, Value]
    counts: Mapping[str, date | None]
    whole: bool


def known_days(cycles: Sequence[Row], issued: Sequence[Row]) -> Days:
    """When the cycles of which copies were sent were issued, and are to be back by."""
    header = TRACKER_TABLES["Returns"].header
    sent = {row.text(header("cycle")) for row in issued} - {""}
    days: dict[tuple[str, str], date] = {}
    for table, rows in (("Cycles", cycles), ("Returns", issued)):
        header = TRACKER_TABLES[table].header
        for row in rows:
            name = row.text(header(_NAME[table]))
            for key in _SENT if name in sent else ():
                if day := the_day(row.raw(header(key))):
                    days.setdefault((name, key), day)
    return days


def day_in(row: Row, table: str, key: str, days: Days) -> date | None:
    """The day on which a row's copy or cycle was sent, or is to be back by; where its cell holds none, that
    of its cycle; None where nothing was sent."""
    header = TRACKER_TABLES[table].header
    name = row.text(header(_NAME[table]))
    counts = all((name, one) in days for one in _SENT)
    return (the_day(row.raw(header(key))) or days[name, key]) if counts else None


def typed_in(
    table: str, row: Row, name: tuple[str, ...], days: Days, merged: Mapping[tuple[str, ...], date]
) -> AsTyped | None:
    """What was typed into a row; None where nothing was. ``merged`` are the cycles and officers of whom
    History has a return, and its day."""
    header = TRACKER_TABLES[table].header
    about = row.text(header({"Cycles": "name", "Returns": "officer"}[table]))
    if day_in(row, table, "issued_on", days) is None:
        cells = {one.header: _value(row.raw(one.header)) for one in TRACKER_TABLES[table].columns}
        return AsTyped(table, row.number, name, about, cells, {}, whole=True)
    counts = {
        header(key): day_in(row, table, key, days)
        for key in _SENT
        if words_of(row.raw(header(key))) and not the_day(row.raw(header(key)))
    }
    if table == "Returns" and words_of(back := row.raw(header("returned_on"))):
        if name not in merged and not all(row.text(header(key)) for key in _OF_RETURN):
            counts[header("returned_on")] = None
        elif not the_day(back):
            counts[header("returned_on")] = merged.get(name) or day_in(row, table, "return_by", days)
    cells = {heading: _value(row.raw(heading)) for heading in counts}
    return AsTyped(table, row.number, name, about, cells, counts, whole=False) if counts else None


def the_day(raw: Raw) -> date | None:
    """The day in a cell of these tables, whoever put it there."""
    return held_day(raw) or day_of(raw)


def _value(raw: Raw) -> Value:
    return number_of(raw) if isinstance(raw, time | timedelta) else raw if raw != "" else None


def with_typed(
    table: str,
    rows: Sequence[tuple[tuple[str, ...], Mapping[str, Value]]],
    typed: Sequence[AsTyped],
) -> list[Mapping[str, Value]]:
    """The rows of a table, each given with its name, with what was typed where the tool has nothing new to
    put; and below them those that count nowhere."""
    of_table = [one for one in typed if one.table == table]
    kept = {one.name: one for one in of_table if not one.whole}
    made: list[Mapping[str, Value]] = []
    for name, row in rows:
        one = kept.get(name)
        same = {key: value for key, value in one.cells.items() if row[key] == one.counts[key]} if one else {}
        made.append({**row, **same})
    names = {name for name, _ in rows}
    return made + [one.cells for one in of_table if one.whole and one.name not in names]


def as_typed_findings(
    book: Workbook, typed: Sequence[AsTyped], back: Collection[tuple[str, ...]]
) -> Iterator[Finding]:
    """A finding for each row that counts nowhere, and for each cell that does not. ``back`` are the cycles
    and officers of whom there is a return by now."""
    for one in typed:
        info = book.tables[one.table]
        if one.whole:
            said = ", ".join(filter(None, map(_shown, one.cells.values())))
            yield finding("cycle-not-issued", sheet=info.sheet, tab=info.sheet, row=str(one.row), text=said)
            continue
        for heading, value in one.cells.items():
            day, cell = one.counts[heading], address(one.row, info.column(heading))
            if not day and one.name in back:
                continue
            yield finding(
                "record-day-unread" if day else "return-by-hand",
                sheet=info.sheet,
                cell=cell,
                text=_shown(value),
                place=f"{info.sheet} {cell}",
                column=heading,
                about=one.about,
                counts=f"{day:%d/%m/%Y}" if day else "",
            )


def _shown(value: Value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else words_of(value)  # type: ignore[arg-type]
