"""What was typed over the lists that the tool writes anew, so that none of it goes without a word.

Of each cell that it writes into them the tool keeps a mark on the very hidden sheet: a few characters that
its value gives; and of each formula, of its words and functions, which stay the same whatever program saves
it. What gives another mark, and is no formula of the tool's, was typed. Rows are told apart by all their
marks, so they may be sorted, moved and deleted. A list without marks, as earlier versions leave it, tells
nothing.
"""

from __future__ import annotations

import re
from base64 import b64encode
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from itertools import chain, repeat
from typing import NamedTuple
from zlib import crc32

from lscb_workbook.ooxml import Formula, Value, address
from lscb_workbook.plan.records import Entries, Finding
from lscb_workbook.tracker.cells import Raw, date_of, number_of, words_of
from lscb_workbook.tracker.columns import Name, Writer
from lscb_workbook.tracker.filling import beginning, in_full
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
"""The length of a mark; what stands before a heading under which formulas were written, on both sides of
their marks."""
_PARTS = re.compile(r'"((?:[^"]|"")*)"|\b([A-Z][A-Z0-9.]*)\(|<>(-?\d+)' rf"|\b({Name.LISTS_CHANGED})\b")
"""Of a formula what no program writes otherwise: its words, its functions, the numbers it asks for, and
whether it asks if the lists have changed, as those of the first versions do not."""
_BETWEEN = re.compile(r"[\d,:]+")
_CUT = " … ("
"""What stands between the words of a text that a formula puts together, and before those with which it says
that a text goes on elsewhere."""
_NOTES = (Name.EXCEPTIONS_NOTE, Name.MISSED_NOTE, Name.DUE_SOON_NOTE)
"""Cells that every version of the tool writes."""
_NEAR = 100
"""Among how many rows, above and below, the one is looked for that a row is."""
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


@lru_cache(maxsize=1024)
def _marks_of_formula(text: str) -> frozenset[str]:
    """The mark of a formula, and those of the words in it, which it may show."""
    found = _PARTS.findall(text)
    return frozenset({_mark_of_formula(text), *(_mark_of(words) for words, *_ in found)} - {_BLANK})


def _mark_of_formula(formula: str) -> str:
    return _mark_of(_LIVE + "|".join(map("".join, _PARTS.findall(formula))))


def marks(settings: Mapping[str, str], filled: Filled, kept: Collection[Overtyped] = ()) -> dict[str, str]:
    """The marks of all lists as rows of the hidden sheet: those of the tables that were filled, the others'
    as they are there. ``kept`` is what was typed and is in what was filled."""
    made = joined(_KEY, settings)
    typed = {(one.table, one.first, one.column, one.mark) for one in kept}
    for name, rows in filled.items():
        headers = _headers(name, rows)
        live: dict[str, set[str]] = {}
        for row in rows:
            for header, value in row.items():
                if isinstance(value, Formula):
                    live.setdefault(header, set()).update(_marks_of_formula(value.text))
        lines = [[_mark(row.get(header)) for header in headers] for row in rows]
        for line in lines if typed else ():
            first = line[0]
            for place, header in enumerate(headers):
                if (name, first, header, line[place]) in typed:
                    line[place] = _KEPT
        made[name] = [
            "\n".join(_heading(header, live.get(header)) for header in headers),
            *("".join(line) for line in lines),
        ]
    return pieces(_KEY, made) if made else {}


def _heading(header: str, formulas: Collection[str] | None) -> str:
    return header if formulas is None else f"{_LIVE}{''.join(sorted(formulas))}{_LIVE}{header}"


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


class _Noted(NamedTuple):
    """What was noted of a list: its headings, the marks of its rows, and by heading those of its formulas."""

    headers: list[str]
    lines: list[tuple[str, ...]]
    live: Mapping[str, frozenset[str]]


class _Row(NamedTuple):
    """A row of a list as it stands: what its cells show, by place among the headings, and where they are: the
    tab and column of each (None where the workbook has no such cell), and its row."""

    values: list[Raw]
    columns: Sequence[tuple[str, int] | None]
    rows: Sequence[int]

    def at(self, place: int) -> tuple[str, int, int] | None:
        """The tab, row and column of a cell."""
        column = self.columns[place]
        return column and (column[0], self.rows[place], column[1])


class _Words:
    """The words that the tool's formulas may show: those of the Plan, the milestones and the RAG key."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    @cached_property
    def _texts(self) -> list[str]:
        """Without blanks, in order."""
        tables = (table for table in ("Plan", "Milestones", "RagKey") if table in self._sheets)
        rows = (row for table in tables for row in self._sheets.rows(table))
        return sorted({"".join(text.split()) for row in rows for text in row.cells if isinstance(text, str)})

    def have(self, said: str, *, begun: bool) -> bool:
        """Whether they have this text, or, ``begun``, one that begins so."""
        at = bisect_left(self._texts, said)
        found = self._texts[at] if at < len(self._texts) else ""
        return found.startswith(said) if begun else found == said


def overtyped(sheets: Sheets, settings: Mapping[str, str], changes: int) -> tuple[Overtyped, ...]:
    """What stands in the lists of a tracker and is not what the tool wrote there.

    ``changes`` is how many its History has: where those are more than were noted with the marks, an earlier
    version, which knows of none, may have written since.
    """
    noted = {name: one for name, said in joined(_KEY, settings).items() if (one := _noted(said))}
    if _written_since(sheets, noted.get(NAMED), more=changes > history_noted(settings)):
        return ()
    words = _Words(sheets)
    found: list[Overtyped] = []
    for name, one in noted.items():
        if name == NAMED or (name in sheets and name in TRACKER_TABLES):
            found += _typed(sheets, name, one, _standing(sheets, name, one.headers), words)
    return tuple(found)


def _noted(said: object) -> _Noted | None:
    if not isinstance(said, list) or not said or not all(isinstance(text, str) for text in said):
        return None
    headers: list[str] = []
    live: dict[str, frozenset[str]] = {}
    for text in said[0].split("\n"):
        formulas, _, header = text.removeprefix(_LIVE).rpartition(_LIVE)
        headers.append(header)
        if text.startswith(_LIVE):
            live[header] = frozenset(_split(formulas))
    return _Noted(headers, [_split(line) for line in said[1:]], live)


def _split(line: str) -> tuple[str, ...]:
    return tuple(line[at : at + _SIZE] for at in range(0, len(line), _SIZE))


def _written_since(sheets: Sheets, named: _Noted | None, *, more: bool) -> bool:
    """Whether a version that keeps no marks wrote the lists since: it writes the formula that asks whether
    they are up to date for what they then are; or, where it knows of none, it writes their notes. ``more`` is
    whether History has grown."""
    if named is None:
        return more

    def stands(name: str) -> bool | None:
        place, known = sheets.book.place(name), named.live.get(name)
        formula = sheets.book.formula(place.sheet, place.row, place.column) if place else None
        return None if not known or formula is None else _mark_of_formula(formula) in known

    notes = [stands(name) for name in _NOTES]
    others = stands(Name.LISTS_CHANGED) is False or all(one is False for one in notes)
    return others or (more and not any(notes))


def _standing(sheets: Sheets, name: str, headers: Sequence[str]) -> list[_Row]:
    """The rows of a list as they stand."""
    if name == NAMED:
        places = [sheets.book.place(header) for header in headers]
        columns = [at and (at.sheet, at.column) for at in places]
        return [
            _Row(
                [sheets.value(header) for header in headers], columns, [at.row if at else 0 for at in places]
            )
        ]
    info = sheets.book.tables[name]
    known = {header: place for place, header in enumerate(info.columns)}
    columns = [(info.sheet, info.column(header)) if header in known else None for header in headers]
    cells = [known.get(header) for header in headers]
    return [
        _Row(
            [None if place is None else row.cells[place] for place in cells],
            columns,
            [row.number] * len(headers),
        )
        for row in sheets.rows(name)
    ]


def _typed(
    sheets: Sheets, name: str, noted: _Noted, rows: Sequence[_Row], words: _Words
) -> Iterator[Overtyped]:
    """What stands in one list and is not what the tool wrote there.

    Where all of its formulas are gone, a program took them away and not a hand, and what they may have shown
    is nobody's words; where all are others, a program wrote them otherwise.
    """
    gone = all(header == Name.LISTS_CHANGED for header, _ in _formulas(sheets, noted, rows))  # out of reach
    alien = not gone and not any(
        _is_own(noted, header, text) for header, text in _formulas(sheets, noted, rows)
    )

    def another(row: _Row, place: int) -> str | None:
        """The formula in a cell, where another hand wrote it."""
        text, header = _formula(sheets, row, place), noted.headers[place]
        own = text is None or (alien and header in noted.live) or _is_own(noted, header, text)
        return None if own else text

    def shown(row: _Row) -> tuple[list[Raw], tuple[str, ...]]:
        """What the cells of a row show, a formula that shows nothing its text; and their marks."""
        values, made = list(row.values), [_mark(value) for value in row.values]
        for place, mark in enumerate(made):
            if mark == _BLANK and (text := another(row, place)) is not None:
                values[place] = f"{_LIVE}{text}"
                made[place] = _mark(values[place])
        return values, tuple(made)

    def is_typed(row: _Row, place: int) -> bool:
        header, raw = noted.headers[place], row.values[place]
        if header not in noted.live or another(row, place) is not None:
            return True
        if (where := row.at(place)) and sheets.book.calculates(*where):
            return False
        if name == NAMED and _mark(raw) in noted.live[header]:
            return False  # its own words, as those that a list is out of date
        return not (gone and _may_show(words, noted.live[header], raw))

    now = [shown(row) for row in rows]
    written = set(noted.lines)
    rest = _Rest(noted.lines, {line for _, line in now})
    for place, (row, (values, line)) in enumerate(zip(rows, now, strict=True)):
        if line in written:
            continue
        was = noted.lines[0] if name == NAMED and noted.lines else rest.like(line, place)
        for at, (mark, before) in enumerate(zip(line, chain(was, repeat(_BLANK)), strict=False)):
            where = row.at(at)
            if where and mark not in (before, _BLANK) and is_typed(row, at):
                others = (_shown(value) for other, value in enumerate(values) if other != at)
                beside = "" if name == NAMED else ", ".join(filter(None, others))
                tab, cell, first = where[0], address(*where[1:]), "" if name == NAMED else line[0]
                yield Overtyped(name, tab, cell, noted.headers[at], _shown(values[at]), beside, mark, first)


def _formulas(sheets: Sheets, noted: _Noted, rows: Sequence[_Row]) -> Iterator[tuple[str, str]]:
    """The formulas in the columns that the tool wrote formulas into, with the heading of each."""
    places = [place for place, header in enumerate(noted.headers) if header in noted.live]
    for row in rows:
        for place in places:
            if (text := _formula(sheets, row, place)) is not None:
                yield noted.headers[place], text


def _formula(sheets: Sheets, row: _Row, place: int) -> str | None:
    """The formula in a cell; None where there is none."""
    where = row.at(place)
    if where is None or not sheets.book.calculates(*where):
        return None
    return sheets.book.formula(*where)


def _is_own(noted: _Noted, header: str, text: str) -> bool:
    """Whether a formula under a heading is the tool's, as far as can be told."""
    known = noted.live.get(header)
    return known is not None and (not text or not known or _mark_of_formula(text) in known)


def _may_show(words: _Words, formulas: Collection[str], raw: Raw) -> bool:
    """Whether formulas of these marks may have shown a value: a figure, a day, words that stand in them or on
    the tabs that they look at."""
    if (
        not isinstance(raw, str)
        or all(_mark(part) in (_BLANK, *formulas) for part in _BETWEEN.split(raw))
        or _mark(raw) in formulas
    ):
        return True
    begins, _, rest = raw.rpartition(_CUT)
    cut = _mark(_CUT + rest) in formulas
    return words.have("".join((begins if cut else raw).split()), begun=cut)


class _Rest:
    """The rows that were written and stand there no more. ``lines`` are all that were, ``stand`` those that
    stand."""

    def __init__(self, lines: Sequence[tuple[str, ...]], stand: Collection[tuple[str, ...]]) -> None:
        self._all = [(place, line) for place, line in enumerate(lines) if line not in stand]
        self._named: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for place, line in self._all:
            self._named.setdefault(line[0] if line else _BLANK, []).append((place, line))

    def like(self, line: tuple[str, ...], place: int) -> tuple[str, ...]:
        """Which of them a row at this place is: the one most alike, of several the nearest; none where it is
        like no one. Of many only those about there are looked at."""

        def alike(one: Sequence[str]) -> int:
            return sum(a == b != _BLANK for a, b in zip(line, one, strict=False))

        named = self._named.get(line[0], ()) if line and line[0] != _BLANK else ()
        some = named or self._all
        about = bisect_left(some, (place, ()))
        near = some[max(0, about - _NEAR) : about + _NEAR]
        _, nearest = max(near, key=lambda one: (alike(one[1]), -abs(one[0] - place)), default=(0, ()))
        return nearest if alike(nearest) else ()


def _shown(raw: Raw) -> str:
    if isinstance(raw, datetime) and raw.time() != time():
        return f"{raw:%d/%m/%Y %H:%M}"
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
        beside = beginning(one.beside) or "nothing else"
        facts = {"place": f"{one.tab} {one.cell}", "column": one.column, "where": _where(one)}
        code = "note-typed-over" if one.table == NAMED else "list-cell-typed"
        for said in in_full(code, one.tab, one.text, beside=beside, **facts):
            yield replace(said, cell=one.cell)


def _where(one: Overtyped) -> str:
    """Where what was typed is kept."""
    for name in ("Milestones", "Plan"):
        table = TRACKER_TABLES[name]
        by_people = {one.header for one in table.columns if one.writer in (Writer.OFFICER, Writer.MANAGER)}
        if one.table != NAMED and one.column in by_people and TRACKER_TABLES[one.table].view:
            return f"into '{one.column}' on the {table.sheet} tab, or {_BESIDE}"
    return _BESIDE
