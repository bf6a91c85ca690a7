"""A board paper as one page for a browser: everything in it, no script, nothing fetched from anywhere.

The page forbids the browser all but its own styles (by their hash) and its own pictures, so that no text
in it can become anything else. The same paper gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from lscb_workbook.board.charts import PAGE_WIDTH, draw
from lscb_workbook.board.content import (
    Bars,
    Block,
    Chart,
    Column,
    FrontMatter,
    Grid,
    Lines,
    Paper,
    Paragraph,
    Text,
    Timeline,
    Word,
)
from lscb_workbook.board.lettering import colours, legible

__all__ = ["figures", "write_web"]

_WIDE = 250.0  # millimetres: the width of a chart in a wide section
_PIXELS = 96 / 25.4
_NARROWEST, _WIDEST = (
    5,
    72,
)  # in the browser's rem: of a column, and of a table before its columns get narrower
_SHORT = 1000  # letters in a cell: a row with no more stays whole on a printed page


def write_web(paper: Paper) -> bytes:
    """The paper as the bytes of an HTML file (UTF-8)."""
    page = _Page()
    sections = [
        {
            "id": f"section-{number}",
            "heading": legible(section.heading),
            "wide": section.wide,
            "blocks": [page.block(block, wide=section.wide) for block in section.blocks],
        }
        for number, section in enumerate(paper.sections, start=1)
    ]
    style = _template("paper.css.j2").render(
        looks=[{"name": name, "fill": fill, "ink": ink} for (fill, ink), name in page.looks.items()],
        widths=[{"name": name, "percent": f"{share:g}"} for share, name in page.widths.items()],
        spans=[{"name": name, "rem": rem} for rem, name in page.spans.items()],
    )
    made = _template("paper.html.j2").render(
        board=legible(paper.board),
        title=legible(paper.title),
        notice=legible(paper.notice),
        as_at=legible(paper.as_at),
        as_at_words=legible(paper.as_at_words),
        author=legible(paper.front.author),
        about=[(name, legible(text)) for name, text in _front(paper.front)],
        sections=sections,
        style=Markup(style),  # our own, made of numbers and colours that were checked
        style_hash="sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return made.encode()


def figures(chart: Chart) -> Grid:
    """The figures that a chart is drawn from, as a table."""
    caption, drawing = f"Figures: {chart.title}", chart.drawing
    if isinstance(drawing, Bars):
        columns = (Column(drawing.rows, 3), *(Column(word.text, number=True) for word in drawing.series))
        rows = zip(drawing.labels, *drawing.values, strict=True)
        return Grid(caption, columns, tuple((label, *map(str, values)) for label, *values in rows))
    columns = (Column("Milestone", 3), Column("State"), Column("Date"), Column("Date before it was moved"))
    return Grid(caption, columns, tuple(
        (
            mark.label,
            mark.state,
            mark.when or _month(drawing, mark.day),
            (mark.planned_when or _month(drawing, mark.planned)) if mark.planned != mark.day else "Not moved",
        )
        for mark in drawing.marks
    ))  # fmt: skip


def _month(timeline: Timeline, day: int) -> str:
    """The month of a day, where no more is said of it."""
    if not 0 <= day <= timeline.days:
        return "Before the period" if day < 0 else "After the period"
    return [name for start, name in timeline.months if start <= day][-1]


def _front(front: FrontMatter) -> Iterable[tuple[str, str]]:
    return (
        ("Meeting", front.meeting),
        ("Date", front.date),
        ("Agenda item", front.agenda_item),
        ("Author", front.author),
        ("Purpose", front.purpose),
        ("Recommendation", front.recommendation),
    )


def _template(name: str) -> Template:
    text = resources.files("lscb_workbook.board").joinpath(name).read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)


@dataclass
class _Page:
    """What a page's blocks are called, and the classes that its styles must have."""

    looks: dict[tuple[str, str], str] = field(default_factory=dict)
    widths: dict[float, str] = field(default_factory=dict)
    spans: dict[int, str] = field(default_factory=dict)
    tables: int = 0
    charts: int = 0

    def block(self, block: Block, *, wide: bool) -> dict[str, object]:
        """A block as the template takes it."""
        if isinstance(block, Paragraph):
            return {"kind": "paragraph", "text": legible(block.text), "strong": block.strong}
        if isinstance(block, Lines):
            return {"kind": "list", "lines": [legible(item) for item in block.items]}
        if isinstance(block, Chart):
            return self._chart(block, _WIDE if wide else PAGE_WIDTH)
        if not block.rows:
            return {"kind": "paragraph", "text": f"{legible(block.caption)}: none.", "strong": False}
        self.tables += 1
        caption = f"Table {self.tables}. {block.caption}"
        return {"kind": "table", "table": self._table(block, caption, f"table-{self.tables}")}

    def _chart(self, chart: Chart, width: float) -> dict[str, object]:
        self.charts += 1
        name = f"figure-{self.charts}"
        pictures = [
            {
                "address": "data:image/svg+xml;base64," + base64.b64encode(picture.data).decode(),
                "alt": picture.alt,
                "width": round(picture.width * _PIXELS),
                "height": round(picture.height * _PIXELS),
            }
            for picture in draw(chart, "svg", width=width)
        ]
        grid = figures(chart)
        return {
            "kind": "chart",
            "id": name,
            "caption": legible(f"Figure {self.charts}. {chart.title}"),
            "pictures": pictures,
            "table": self._table(grid, grid.caption, f"{name}-table"),
        }

    def _table(self, grid: Grid, caption: str, name: str) -> dict[str, object]:
        total = sum(column.share for column in grid.columns)
        columns = [
            {
                "header": legible(column.header),
                "number": column.number,
                "width": self._width(round(100 * column.share / total, 2)),
            }
            for column in grid.columns
        ]
        rows = [
            [self._cell(cell, one) for cell, one in zip(row, grid.columns, strict=True)] for row in grid.rows
        ]
        return {
            "id": name,
            "span": self._span(min(column.share for column in grid.columns) / total),
            "caption": legible(caption),
            "columns": columns,
            "rows": [
                {"cells": row, "short": max(len(cell["text"]) for cell in row) < _SHORT} for row in rows
            ],
            "total": grid.total,
        }

    def _cell(self, cell: Text, column: Column) -> dict[str, str]:
        if isinstance(cell, Word):
            return {"text": legible(cell.text), "look": self._look(cell)}
        return {"text": legible(cell), "look": "number" if column.number else ""}

    def _look(self, word: Word) -> str:
        return self.looks.setdefault(colours(word), f"look-{len(self.looks) + 1}")

    def _span(self, narrowest: float) -> str:
        """The width below which a table scrolls: where its narrowest column just holds a heading."""
        rem = min(round(_NARROWEST / narrowest), _WIDEST)
        return self.spans.setdefault(rem, f"span-{len(self.spans) + 1}")

    def _width(self, share: float) -> str:
        return self.widths.setdefault(share, f"width-{len(self.widths) + 1}")
