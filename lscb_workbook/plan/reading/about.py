"""What a source says of the plan as a whole: its year, its title, the board and its chair."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lscb_workbook.plan.days import read_day
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.banners import BANNER
from lscb_workbook.plan.reading.headings import heading_roles
from lscb_workbook.plan.reading.sources import Source, SourceRow
from lscb_workbook.plan.reading.wording import one_line
from lscb_workbook.plan.records import PlanYear

__all__ = ["About", "about", "set_apart"]

_PAIR = re.compile(r"(?<!\d)(20\d\d)\s?[/–—-]\s?(?:20)?(\d\d)(?!\d)")
_SHORT_PAIR = re.compile(r"(?<![\d/.-])(\d\d)/(\d\d)(?![\d/.-])")
_DAY = re.compile(r"(?<!\d)\d{1,2}[./ -](\d{1,2})[./ -](?:20)?(\d\d)(?!\d)")
_MONTH = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?:20)(\d\d)\b", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHAIR = re.compile(r"\bChair(?:person|man|woman)?\s*:\s*(?P<name>[^\n]{2,60})")
_BOARD = re.compile(
    r"(?:[A-Z][\w'’&-]*\s+(?:(?:and|of|&)\s+)?){0,6}"
    r"(?:L?SCB|L?SCP|L?SAB|Safeguarding\s+(?:Children(?:['’]?s)?\s+|Adults?\s+)?(?:Board|Partnership))\b"
)
_HEAD = 12
_PLAN = re.compile(r"\b(?:plan|strategy|programme|tracker)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """The head of a plan. ``doubts`` say what was worked out rather than read."""

    board: str
    title: str
    chair: str
    year: PlanYear
    doubts: tuple[str, ...] = ()


_LABELS = {
    "board": "board",
    "name of the board": "board",
    "title": "title",
    "title of the plan": "title",
    "chair": "chair",
    "independent chair": "chair",
    "first day of the plan year": "first day",
    "first day": "first day",
}


def set_apart(source: Source) -> tuple[Source, dict[str, str], tuple[SourceRow, ...]]:
    """The source without the table that is about the plan as a whole, what that says by ``board``, ``title``,
    ``chair`` and ``first day``, and its rows. Such a table names at least two of these in its first
    column."""
    for table in source.tables:
        said: dict[str, str] = {}
        for row in table.rows:
            filled = [one_line(cell) for cell in row.filled]
            label = _LABELS.get(filled[0].casefold().rstrip(" :")) if filled else None
            if label and len(row.cells) > 1 and row.cells[1].strip():
                said.setdefault(label, one_line(row.cells[1]))
        if len(said) >= 2 and all(len(row.filled) <= 3 for row in table.rows):
            others = tuple(one for one in source.tables if one is not table)
            return replace(source, tables=others), said, tuple(row for row in table.rows if row.filled)
    return source, {}, ()


def about(source: Source, first_day: date | None = None, said: Mapping[str, str] | None = None) -> About:
    """What the text outside the tables says of the plan. ``first_day`` is the first day of the plan year,
    where a person gave it; ``said`` is what a sheet about the plan says, by ``board``, ``title``, ``chair``.

    Raises WorkbookError where no plan year is given and none can be worked out.
    """
    said = said or {}
    doubts: list[str] = []
    heads = [one_line(text).lstrip("# ").strip("* ") for text in (*source.paragraphs, *_above(source))]
    heads = [text for text in heads if text]
    title = said.get("title") or next((text for text in heads if _PLAN.search(text) and len(text) < 120), "")
    if not title:
        title = re.sub(r"[-_]+", " ", source.name.rpartition(".")[0] or source.name)
        doubts.append("no title is stated: the name of the file is taken")
    chair = said.get("chair") or next(
        (m["name"].strip(" .") for text in heads if (m := _CHAIR.search(text))), ""
    )
    board = said.get("board") or ""
    if not board:
        named = next((m.group().strip() for text in heads if (m := _BOARD.search(text))), "")
        board = named or "The board"
        doubts.append(f"the board's name is taken to be '{board}': put its full name")
    year, unsure = _year(
        source, title, heads, first_day or _first_day(said.get("first day", ""), source.name)
    )
    return About(board, title, chair, year, (*doubts, *unsure))


def _above(source: Source) -> Iterator[str]:
    """The lone cells above the headings of each table, where a workbook has its title."""
    for table in source.tables:
        for row in table.rows[:_HEAD]:
            if heading_roles(row.cells):
                break
            if len(row.filled) == 1 and not BANNER.match(row.filled[0]):
                yield row.filled[0]


def _year(
    source: Source, title: str, heads: Iterable[str], first_day: date | None
) -> tuple[PlanYear, list[str]]:
    if first_day:
        following = first_day.replace(year=first_day.year + 1, day=min(first_day.day, 28))
        last = following.replace(day=first_day.day) if first_day.day <= 28 else following
        return PlanYear(first_day, last - timedelta(days=1)), []
    for text in (title, *heads, source.name):
        if pair := _PAIR.search(text):
            begins, ends = int(pair[1]), int(pair[2])
            if (begins + 1) % 100 == ends:
                return _financial(begins), []
            if begins % 100 < ends:
                note = f"the plan runs for several years ({pair.group()}): the first is taken, April to March"
                return _financial(begins), [note]
    years = Counter(_years_of(source))
    if not years:
        raise WorkbookError(
            f"{source.name} does not say which year its plan is for. Say its first day: --first-day "
            f"2016-04-01."
        )
    begins = years.most_common(1)[0][0]
    return _financial(begins), [
        f"no plan year is stated: most dates are of April {begins} to March {begins + 1}"
    ]


def _first_day(written: str, name: str) -> date | None:
    if not written:
        return None
    read = read_day(written, 0, _financial(2000))
    if (
        read is None
        or read.period is None
        or read.end != len(written)
        or not re.search(r"20\d\d|\d\d$", written)
    ):
        raise WorkbookError(
            f"{name}: '{written}' is not the first day of a plan year. Write it in figures: 1.4.2026."
        )
    return read.period.first


def _financial(begins: int) -> PlanYear:
    return PlanYear(date(begins, 4, 1), date(begins + 1, 3, 31))


def _years_of(source: Source) -> Iterator[int]:
    """The financial year of every date and pair of years in the tables."""
    for table in source.tables:
        for row in table.rows:
            for cell in row.cells:
                for day in _DAY.finditer(cell):
                    if 1 <= int(day[1]) <= 12:
                        yield 2000 + int(day[2]) - (int(day[1]) < 4)
                for month in _MONTH.finditer(cell):
                    yield 2000 + int(month[2]) - (_MONTHS.index(month[1].casefold()) < 3)
                for pair in (*_PAIR.finditer(cell), *_SHORT_PAIR.finditer(cell)):
                    begins = int(pair[1]) % 100
                    if (begins + 1) % 100 == int(pair[2]):
                        yield 2000 + begins
