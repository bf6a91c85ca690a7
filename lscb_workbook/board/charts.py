"""The charts of a paper as pictures: stacked bars, and the marks of a timeline.

Nothing is told by colour alone: each series has a hatch and its number in each bar, each mark a shape and
its word. Order, colours, hatches and shapes depend on the series alone, so that cycles compare. A chart
too tall for its page is drawn as several pictures, on one scale.
"""

from __future__ import annotations

from dataclasses import dataclass

from lscb_workbook.board.bar_charts import bar_parts, draw_bars
from lscb_workbook.board.content import Bars, Chart
from lscb_workbook.board.drawing import Kind, settings
from lscb_workbook.board.lettering import legible
from lscb_workbook.board.time_charts import draw_timeline, time_parts

__all__ = ["PAGE_HEIGHT", "PAGE_WIDTH", "Picture", "draw"]

PAGE_WIDTH, PAGE_HEIGHT = 170.0, 225.0
"""What an upright A4 page holds beside its margins and a chart's caption, in millimetres."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, or a part of one, drawn: its file, its size in millimetres, and its title and words."""

    data: bytes
    width: float
    height: float
    title: str
    alt: str


def draw(
    chart: Chart, kind: Kind = "png", *, width: float = PAGE_WIDTH, height: float = PAGE_HEIGHT
) -> tuple[Picture, ...]:
    """The chart as pictures of ``width`` millimetres: one, or as many as its rows need so that none is taller
    than ``height``, but for a single row that is. The same chart gives the same bytes."""
    drawing = chart.drawing
    if isinstance(drawing, Bars):
        parts, rows = bar_parts(drawing, width, height), drawing.labels
    else:
        parts, rows = time_parts(drawing, width, height), tuple(mark.label for mark in drawing.marks)
    pictures = []
    for number, (start, end) in enumerate(parts, start=1):
        with settings():
            if isinstance(drawing, Bars):
                canvas = draw_bars(drawing, width, start, end)
            else:
                canvas = draw_timeline(drawing, width, start, end)
            data = canvas.save(kind)
        title, alt = legible(chart.title), legible(chart.alt)
        if len(parts) > 1:
            title += f" (part {number} of {len(parts)})"
            alt += f" Part {number} of {len(parts)}, from {legible(rows[start])} to {legible(rows[end - 1])}."
        pictures.append(Picture(data, canvas.width, canvas.height, title, alt))
    return tuple(pictures)
