"""What was typed over the lists that the tool writes anew, so that none of it goes without a word.

Of each cell that it writes into them the tool keeps a mark on the very hidden sheet: a few characters that
its value gives. What gives another mark, and is no formula, was typed. Rows are told apart by all their
marks, so they may be sorted, moved and deleted. A list without marks, as earlier versions leave it, tells
nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain, repeat
from zlib import crc32

from lscb_workbook.ooxml import Formula, Value, address
from lscb_workbook.plan.records import Entries, Finding
from lscb_workbook.tracker.cells import Raw, date_of, number_of, words_of
from lscb_workbook.tracker.columns import Writer
from lscb_workbook.tracker.filling import in_full
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.pieces import joined, pieces
from lscb_workbook.tracker.record_rows import history_noted
from lscb_workbook.tracker.sheets import Sheets

__all__ = [
    "NAMED",
    "Filled",
    "Overtyped",
    "is_mark",
    "marks",
    "overtyped",
    "overtyped_findings",
    "replaced",
    "without_settled",
]

Filled = Mapping[str, Sequence[Mapping[str, Value]]]
"""The rows, by heading, that a step puts into each of some tables."""
NAMED = ""
"""Stands there for a table of one row, the cells that have a name: the headline, the note of each list."""

_KEY, _BLANK, _KEPT = "list ", "...", "???"
"""The key of the marks on the hidden sheet; the mark of a blank; and that of what the manager typed and a
list keeps, which no value gives."""
_SIZE, _LIVE = len(_BLANK), "="
"""The length of a mark; what stands before a heading under which formulas were written."""
_BESIDE = "into a column of your own beside the list, whose notes stay with their rows"


@dataclass(frozen=True, slots=True)
class Overtyped:
    """A cell of a list that holds what the tool did not write: its table, tab and address, the column's
    heading, what stands there and what in the row beside it, its mark, and that of the row's first cell."""

    table: str
    tab: str
    cell: str
    column: str
    text: str
    beside: str
    mark: str
    first: str


# --- marks -----------------------------------------------------------------------------------


def _mark(value: Value | Raw) -> str:
    """The mark of a value: the same before and after another program saved it, or showed it otherwise."""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, str):
        return _mark_of(value)
    return _BLANK if value is None else _mark_of(f"{number_of(value):.9g}")


@lru_cache(maxsize=8192)
def _mark_of(text: str) -> str:
    said = "".join(text.split())
    if not said.isprintable():
        said = "".join(filter(str.isprintable, said))
    if not said:
        return _BLANK
    return b64encode(crc32(said.encode("utf-8", "surrogatepass")).to_bytes(4, "big"))[:_SIZE].decode()


def marks(settings: Mapping[str, str], filled: Filled, kept: Collection[Overtyped] = ()) -> dict[str, str]:
    """The marks of all lists as rows of the hidden sheet: those of the tables that were filled, the others'
    as they are there. ``kept`` is what was typed and is in what was filled."""
    made = joined(_KEY, settings)
    typed = {(one.table, one.first, one.column, one.mark) for one in kept}
    for name, rows in filled.items():
        headers = _headers(name, rows)
        live = {header for row in rows for header, value in row.items() if isinstance(value, Formula)}
        lines = [[_mark(row.get(header)) for header in headers] for row in rows]
        for line in lines if typed else ():
            first = line[0]
            for place, header in enumerate(headers):
                if (name, first, header, line[place]) in typed:
                    line[place] = _KEPT
        made[name] = [
            "\n".join(_LIVE * (header in live) + header for header in headers),
            *("".join(line) for line in lines),
        ]
    return pieces(_KEY, made) if made else {}


def _headers(name: str, rows: Sequence[Mapping[str, Value]]) -> list[str]:
    """The headings of the columns that are the tool's own and can be seen, the table's first one first."""
    columns = TRACKER_TABLES[name].columns if name != NAMED else ()
    others = {one.header for one in columns if one.hidden or one.writer is Writer.MANAGER}
    named = dict.fromkeys(header for row in rows for header in row)
    known = [one.header for one in columns if one.header in named or not named]
    return [header for header in dict.fromkeys((*known, *named)) if header not in others]


def is_mark(key: str) -> bool:
    """Whether a row of the hidden sheet under this key holds marks."""
    return key.startswith(_KEY)


# --- what was typed --------------------------------------------------------------------------


def overtyped(
    sheets: Sheets, settings: Mapping[str, str], changes: int, *, calculates: bool
) -> tuple[Overtyped, ...]:
    """What stands in the lists of a tracker and is not what the tool wrote there.

    ``changes`` is how many its History has: where those are more than were noted with the marks, an earlier
    version, which knows of none, has written since. ``calculates`` is whether its formulas are there: where
    not, a program took them away and not a hand, and what they showed is nobody's words.
    """
    if changes > history_noted(settings):
        return ()
    found: list[Overtyped] = []
    for name, said in joined(_KEY, settings).items():
        if not isinstance(said, list) or not said or not all(isinstance(text, str) for text in said):
            continue
        headings = said[0].split("\n")
        headers = [text.removeprefix(_LIVE) for text in headings]
        nobodys = {text.removeprefix(_LIVE) for text in headings if text.startswith(_LIVE) and not calculates}
        lines = [[line[at : at + _SIZE] for at in range(0, len(line), _SIZE)] for line in said[1:]]
        if name == NAMED:
            found += (one for line in lines for one in _named(sheets, headers, line, nobodys))
        elif name in sheets and name in TRACKER_TABLES:
            found += _listed(sheets, name, headers, lines, nobodys)
    return tuple(found)


def _named(
    sheets: Sheets, names: Sequence[str], line: Sequence[str], nobodys: Collection[str]
) -> Iterator[Overtyped]:
    """The same of the cells that have a name. ``nobodys`` are those of which nothing is anybody's words."""
    for name, before in zip(names, line, strict=False):
        raw, place = sheets.value(name), sheets.book.place(name)
        if not place or _mark(raw) in (before, _BLANK) or name in nobodys or sheets.book.calculates(name):
            continue
        cell = address(place.row, place.column)
        yield Overtyped(NAMED, place.sheet, cell, name, _shown(raw), "", _mark(raw), "")


def _listed(
    sheets: Sheets,
    name: str,
    headers: Sequence[str],
    lines: Sequence[Sequence[str]],
    nobodys: Collection[str],
) -> Iterator[Overtyped]:
    """The same of a table. ``nobodys`` are the columns of which nothing is anybody's words."""
    info = sheets.book.tables[name]
    written = {*map(tuple, lines)}
    rows = sheets.rows(name)
    places = [rows[0].places.get(header) for header in headers] if rows else []
    now = [
        (tuple(_BLANK if place is None else _mark(row.cells[place]) for place in places), row) for row in rows
    ]
    rest = written - {line for line, _ in now}
    for line, row in now:
        if line in written:
            continue
        was = chain(_written_as(line, rest), repeat(_BLANK))
        for header, mark, before in zip(headers, line, was, strict=False):
            if mark in (before, _BLANK) or header in nobodys:
                continue
            if sheets.book.formula_or_error(name, row.number, header) is None:
                cell, text = address(row.number, info.column(header)), _shown(row.raw(header))
                others = (_shown(row.raw(one)) for one in headers if one != header)
                beside = ", ".join(filter(None, others))
                yield Overtyped(name, info.sheet, cell, header, text, beside, mark, line[0])


def _written_as(line: Sequence[str], rest: Collection[tuple[str, ...]]) -> Sequence[str]:
    """Which of the rows that were written this one is; none where it is like no one."""

    def alike(one: Sequence[str]) -> int:
        return sum(a == b for a, b in zip(line, one, strict=False))

    named = [one for one in rest if one[0] == line[0] != _BLANK]
    nearest = max(named or rest, key=alike, default=())
    return nearest if named or 2 * alike(nearest) > len(line) else ()


def _shown(raw: Raw) -> str:
    day = date_of(raw) if isinstance(raw, date) else None
    return f"{day:%d/%m/%Y}" if day else words_of(raw)


def replaced(
    typed: Sequence[Overtyped], filled: Filled
) -> tuple[tuple[Overtyped, ...], tuple[Overtyped, ...]]:
    """Of what was typed into the tables that are filled: what goes by it, and what is there still because the
    tool reads those tables as well."""
    gone, kept = [], []
    for name, rows in filled.items():
        over = [one for one in typed if one.table == name]
        there = {
            ("" if name == NAMED else _mark(row.get(first)), header, _mark(value))
            for row in (rows if over else ())
            for first in _headers(name, rows)[:1]
            for header, value in row.items()
        }
        for one in over:
            if (one.first, one.column, one.mark) not in there:
                gone.append(one)
            elif name != NAMED and not TRACKER_TABLES[name].view:
                kept.append(one)
    return tuple(gone), tuple(kept)


def without_settled(typed: Sequence[Overtyped], entries: Entries) -> tuple[Overtyped, ...]:
    """The same without proposals that the manager worded herself, and that now stand in their action."""
    stands = {(_mark(cell.ref), _mark(text)) for cell, text in entries.items()} if typed else set()
    return tuple(one for one in typed if one.table != "Conflicts" or (one.first, one.mark) not in stands)


def overtyped_findings(typed: Sequence[Overtyped]) -> Iterator[Finding]:
    """What to say of what was replaced. It is given in full, since it stands nowhere else."""
    for one in typed:
        facts = {"place": f"{one.tab} {one.cell}", "column": one.column, "where": _where(one)}
        code = "note-typed-over" if one.table == NAMED else "list-cell-typed"
        for said in in_full(code, one.tab, one.text, one.beside, **facts):
            yield replace(said, cell=one.cell)


def _where(one: Overtyped) -> str:
    """Where what was typed is kept."""
    for name in ("Milestones", "Plan"):
        table = TRACKER_TABLES[name]
        by_people = {one.header for one in table.columns if one.writer in (Writer.OFFICER, Writer.MANAGER)}
        if one.table != NAMED and one.column in by_people and TRACKER_TABLES[one.table].view:
            return f"into '{one.column}' on the {table.sheet} tab, or {_BESIDE}"
    return _BESIDE
