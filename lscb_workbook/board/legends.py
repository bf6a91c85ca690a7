"""What the charts have in common: the column of row names, and the legend that says what stands for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lscb_workbook.board.content import Word
from lscb_workbook.board.drawing import LINE, Canvas, clipped, text_width, wrapped
from lscb_workbook.board.lettering import legible

__all__ = ["GRID", "INK", "PAD", "RULE", "legend", "legend_height", "name_width", "row_heights"]

GRID, RULE, INK = "E3E6EA", "8A93A0", "262626"
PAD = 2.0
"""Millimetres between what is drawn and the edge, or what is beside it."""


def name_width(labels: Sequence[str], width: float) -> float:
    """How wide the column of row names is: as the longest asks, but two fifths of the picture at most."""
    longest = max((text_width(legible(label).replace("\n", " ")) for label in labels), default=0.0)
    return min(longest + 0.5, width * 0.4)


def row_heights(labels: Sequence[str], width: float, least: float) -> list[float]:
    """The height of each row, in millimetres: as its name needs in a picture of ``width``."""
    column = name_width(labels, width)
    return [max(len(wrapped(label, column)) * LINE + 2.2, least) for label in labels]


def _legend_places(series: Sequence[Word], width: float) -> list[tuple[float, float, str]]:
    """Where each entry stands (x, y) and its word."""
    places, x, y = [], PAD, PAD + LINE / 2
    for word in series:
        name = clipped(legible(word.text).replace("\n", " "), width - 12)
        wide = 7 + text_width(name) + 5
        if x > PAD and x + wide > width:
            x, y = PAD, y + LINE + 1
        places.append((x, y, name))
        x += wide
    return places


def legend_height(series: Sequence[Word], width: float) -> float:
    places = _legend_places(series, width)
    return places[-1][1] + LINE / 2 + 2 if places else PAD


def legend(canvas: Canvas, series: Sequence[Word], swatch: Callable[[float, float, int, Word], None]) -> None:
    for number, (x, y, name) in enumerate(_legend_places(series, canvas.width)):
        swatch(x, y, number, series[number])
        canvas.text(x + 7, y, name)
