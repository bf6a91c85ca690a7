"""What a board paper says, whatever it is written as: headings, paragraphs, tables and charts, in order.

Plain records. They are made from a review (``board/paper.py``) and written out by ``board/word.py`` and
``board/web.py``, which know nothing of plans or ratings.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Bars",
    "Block",
    "Chart",
    "Column",
    "FrontMatter",
    "Grid",
    "Lines",
    "Mark",
    "Paper",
    "Paragraph",
    "Section",
    "Text",
    "Timeline",
    "Word",
]


@dataclass(frozen=True, slots=True)
class Word:
    """Text in the colours of a status: ``fill`` and ``ink`` are RRGGBB. The word says it all alone."""

    text: str
    fill: str
    ink: str


Text = str | Word


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words on their own. ``strong`` is for the one sentence a reader must not miss."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. ``share`` is its part of the width; ``number`` columns are set to the right."""

    header: str
    share: float = 1.0
    number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with one row of headings. Each row has a cell for each column, its first one being the row's
    own heading; a line break in a cell is a new line. ``total`` sets the last row off as their sum. A table
    without rows is written as its caption and 'None.'."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    total: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"each row of '{self.caption}' must have {len(self.columns)} cells")


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars: for each of ``labels`` one bar, of one piece for each of ``series``.

    ``values`` are by series, then by label. ``upright`` draws columns, as for time; else bars lie flat, the
    first on top. ``series`` have the colours of their statuses, and a hatch each, so that they can be told
    apart without colour. ``rows`` says what the labels are ('Priority'), as the heading of their column in
    the table of the chart's figures.
    """

    labels: tuple[str, ...]
    series: tuple[Word, ...]
    values: tuple[tuple[int, ...], ...]
    axis: str
    upright: bool = False
    rows: str = "Group"

    def __post_init__(self) -> None:
        if [len(values) for values in self.values] != [len(self.labels)] * len(self.series):
            raise ValueError("stacked bars need a value for each series and label")


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of a timeline: ``day`` is a number of days since its first, ``planned`` where it stood before it
    was moved (the same where it was not), ``state`` the word that says how it stands. ``when`` and
    ``planned_when`` are those two days in words, for the table of a chart's figures. A day before or after
    the period is drawn at its edge with an arrow."""

    label: str
    day: int
    planned: int
    state: Word
    when: str = ""
    planned_when: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dates of a period as marks, one row each, with a line at ``now``. ``months`` are the names along the
    axis, each with the day it begins; ``days`` is how long the period is. Days are counted from 0.
    ``states`` are all that a mark can have, in fixed order, so that each has the same shape in every cycle's
    chart; left out, they are those of the marks, in order of appearance."""

    marks: tuple[Mark, ...]
    months: tuple[tuple[int, str], ...]
    days: int
    now: int
    now_label: str
    states: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title and, for whoever does not see it, what it shows, in words (``alt``)."""

    title: str
    alt: str
    drawing: Bars | Timeline


Block = Paragraph | Lines | Grid | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it. ``wide`` asks for a landscape page, for tables of many columns."""

    heading: str
    blocks: tuple[Block, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands at the head of every paper to the board; each is text as it is to be printed."""

    meeting: str
    date: str
    agenda_item: str
    author: str
    purpose: str
    recommendation: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to the board. ``as_at`` is an ISO date, the only moment that a paper carries, and
    ``as_at_words`` the same as it is printed ('1 October 2016'); ``notice`` stands above all else where the
    paper is not the whole one (a public version)."""

    board: str
    title: str
    front: FrontMatter
    sections: tuple[Section, ...]
    as_at: str
    as_at_words: str
    notice: str = ""
    left_out: tuple[str, ...] = ()
