"""Stacked bars, lying or upright: each piece says its number, and each series has a hatch of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lscb_workbook.board.content import Bars, Word
from lscb_workbook.board.drawing import LINE, Canvas, clipped, text_width, wrapped
from lscb_workbook.board.legends import GRID, PAD, RULE, legend, legend_height, name_width, row_heights
from lscb_workbook.board.lettering import colours, labelled, legible
from lscb_workbook.board.paging import MOST_ROWS, pages

__all__ = ["bar_parts", "draw_bars"]

_HATCHES = ("", "///", "...", "xx", "\\\\\\", "++", "--", "oo")
_PLOT = 56.0  # the height of upright bars, in millimetres
_LEAST = 8.4  # the height of a lying bar with the gap to the next


def bar_parts(bars: Bars, width: float, height: float) -> list[tuple[int, int]]:
    """From which to which bar each picture goes."""
    if bars.upright:
        room = (width - _axis_width(_most(bars)) - 2 * PAD) // (_thinnest(_most(bars)) + _beside(_most(bars)))
        return pages([1.0] * len(bars.labels), max(1, room), MOST_ROWS)
    free = height - legend_height(bars.series, width) - 2 * LINE - 4
    return pages(row_heights(bars.labels, width, _LEAST), free, MOST_ROWS)


def draw_bars(bars: Bars, width: float, start: int, end: int) -> Canvas:
    """The bars from ``start`` to before ``end``, on the scale of all."""
    if bars.upright:
        values = tuple(row[start:end] for row in bars.values)
        part = replace(bars, labels=bars.labels[start:end], values=values)
        return _upright(part, width, max(_most(bars), 1))
    return _lying(bars, width, range(start, end))


def _most(bars: Bars) -> int:
    return max((sum(column) for column in zip(*bars.values, strict=True)), default=0)


def _swatch(canvas: Canvas) -> Callable[[float, float, int, Word], None]:
    def drawn(x: float, y: float, number: int, word: Word) -> None:
        fill, ink = colours(word)
        canvas.box(x, y - 1.7, 5.4, 3.4, fill, ink, _HATCHES[number % len(_HATCHES)])

    return drawn


def _lying(bars: Bars, width: float, shown: range) -> Canvas:
    names = name_width(bars.labels, width)
    heights = row_heights(bars.labels, width, _LEAST)
    top = legend_height(bars.series, width)
    bottom = top + sum(heights[at] for at in shown)
    canvas = Canvas(width, bottom + 2 * LINE + 4)
    legend(canvas, bars.series, _swatch(canvas))
    left, most = names + 2 * PAD, max(_most(bars), 1)
    span = whole = width - left - 2 * PAD
    for _ in range(3):  # the more is said at the bars' ends, the shorter the bars, the more is to be said
        said_at_ends = [_too_narrow(bars, at, span / most) for at in range(len(bars.labels))]
        room = max((text_width(note) + 2 for note in said_at_ends), default=0.0)
        span = whole - min(room, whole * 0.6)
    for tick in _ticks(most):
        x = left + span * tick / most
        canvas.line((x, top), (x, bottom), GRID)
        canvas.text(x, bottom + LINE / 2 + 0.5, str(tick), align="center")
    canvas.text(
        left + span / 2, bottom + LINE * 1.5 + 1, clipped(legible(bars.axis), width - left), align="center"
    )
    y = top
    for at in shown:
        x, middle = left, y + heights[at] / 2
        canvas.block(PAD, middle, wrapped(bars.labels[at], names))
        for number, (word, values) in enumerate(zip(bars.series, bars.values, strict=True)):
            wide = span * values[at] / most
            if not values[at]:
                continue
            fill, ink = colours(word)
            canvas.box(x, middle - 3, wide, 6, fill, ink, _HATCHES[number % len(_HATCHES)])
            said = labelled(word.text, values[at])
            if text_width(said, bold=True) > wide - 1.6:
                said = str(values[at])
            if text_width(said, bold=True) <= wide - 0.6:
                canvas.text(x + wide / 2, middle, said, ink, bold=True, align="center", ground=fill)
            x += wide
        canvas.text(x + 1.2, middle, _too_narrow(bars, at, span / most))
        y += heights[at]
    canvas.line((left, top), (left, bottom), RULE)
    return canvas


def _too_narrow(bars: Bars, at: int, unit: float) -> str:
    """What is said at a bar's end: nought, or those pieces that have no room for their number."""
    values = [series[at] for series in bars.values]
    if not any(values):
        return "0"
    return ", ".join(
        labelled(word.text, value)
        for word, value in zip(bars.series, values, strict=True)
        if value and text_width(str(value), bold=True) > unit * value - 0.6
    )


def _upright(bars: Bars, width: float, most: int) -> Canvas:
    count = max(len(bars.labels), 1)
    axis = wrapped(bars.axis, _PLOT)
    left = _axis_width(most)
    top = legend_height(bars.series, width) + LINE * (len(axis) + 1)
    bottom, slot = top + _PLOT, (width - left - 2 * PAD) / count
    names = [wrapped(label, slot - 1) for label in bars.labels]
    canvas = Canvas(width, bottom + LINE * max((len(name) for name in names), default=1) + 3)
    legend(canvas, bars.series, _swatch(canvas))
    canvas.block(PAD, legend_height(bars.series, width) + LINE * len(axis) / 2, axis)
    for tick in _ticks(most):
        y = bottom - _PLOT * tick / most
        canvas.line((left, y), (width - PAD, y), GRID)
        canvas.text(left - 1.5, y, str(tick), align="right")
    wide = max(min(slot * 0.55, slot - _beside(most), 22.0), _thinnest(most))
    for at, name in enumerate(names):
        centre = left + slot * (at + 0.5)
        canvas.block(centre, bottom + 1 + LINE * len(name) / 2, name, align="center")
        y, beside = bottom, bottom + LINE
        for number, (word, values) in enumerate(zip(bars.series, bars.values, strict=True)):
            tall = _PLOT * values[at] / most
            if not values[at]:
                continue
            fill, ink = colours(word)
            canvas.box(centre - wide / 2, y - tall, wide, tall, fill, ink, _HATCHES[number % len(_HATCHES)])
            if tall >= LINE:
                canvas.text(
                    centre, y - tall / 2, str(values[at]), ink, bold=True, align="center", ground=fill
                )
            else:  # beside the bar, never upon the number below it
                beside = min(y - tall / 2, beside - LINE)
                canvas.text(centre + wide / 2 + 0.8, beside, str(values[at]), bold=True)
            y -= tall
        total = sum(series[at] for series in bars.values)
        canvas.text(centre, y - LINE / 2 - 0.3, f"{total}", align="center")
    canvas.line((left, bottom), (width - PAD, bottom), RULE)
    return canvas


def _axis_width(most: int) -> float:
    return PAD + max(text_width(str(most)) + 2, 6)


def _thinnest(most: int) -> float:
    """The width of an upright bar that holds its numbers."""
    return max(5.0, text_width(str(most), bold=True) + 1.2)


def _beside(most: int) -> float:
    """The room between upright bars that the number of a piece asks for which is lower than its number."""
    return text_width(str(round(most * LINE / _PLOT)), bold=True) + 1.6


def _ticks(most: int) -> Iterator[int]:
    """Whole numbers along an axis: nought, and at most six more at an even step of 1, 2 or 5 times ten."""
    steps = (unit * 10**power for power in range(9) for unit in (1, 2, 5))
    step = next(step for step in steps if most <= step * 6)
    yield from range(0, most + 1, step)
