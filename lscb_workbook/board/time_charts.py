"""A timeline: a row for each date, with a mark whose shape and word say how it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lscb_workbook.board.content import Mark, Timeline, Word
from lscb_workbook.board.drawing import LINE, Canvas, clipped, text_width, wrapped
from lscb_workbook.board.legends import GRID, INK, PAD, RULE, legend, legend_height, name_width, row_heights
from lscb_workbook.board.lettering import colours, legible
from lscb_workbook.board.paging import MOST_ROWS, pages

__all__ = ["draw_timeline", "time_parts"]

_SHAPES = ("o", "s", "D", "^", "v", "P", "X", "*")
_NOW = "1F3864"
_LEAST = 6.6  # the height of a row


def _states(timeline: Timeline) -> tuple[Word, ...]:
    found = {word.text: word for word in (*timeline.states, *(mark.state for mark in timeline.marks))}
    return tuple(found.values())


def time_parts(timeline: Timeline, width: float, height: float) -> list[tuple[int, int]]:
    """From which to which mark each picture goes."""
    free = height - legend_height(_states(timeline), width) - 2 * LINE - PAD - 3
    return pages(row_heights([mark.label for mark in timeline.marks], width, _LEAST), free, MOST_ROWS)


def draw_timeline(timeline: Timeline, width: float, start: int, end: int) -> Canvas:
    """The marks from ``start`` to before ``end``, with shapes as all have them."""
    timeline = replace(timeline, states=_states(timeline))
    labels = [mark.label for mark in timeline.marks]
    names, heights = name_width(labels, width), row_heights(labels, width, _LEAST)
    shape = {word.text: _SHAPES[at % len(_SHAPES)] for at, word in enumerate(timeline.states)}
    months_at = legend_height(timeline.states, width) + LINE + 2
    top = months_at + LINE + 1
    rows = list(zip(timeline.marks, heights, strict=True))[start:end]
    bottom = top + sum(height for _, height in rows)
    canvas = Canvas(width, bottom + PAD)

    def swatch(x: float, y: float, _number: int, word: Word) -> None:
        canvas.mark(x + 2.7, y, shape[word.text], *colours(word))

    legend(canvas, timeline.states, swatch)
    left, right = names + 3 * PAD, width - 3 * PAD
    unit = (right - left) / max(timeline.days, 1)

    def place(day: int) -> float:
        return left + unit * min(max(day, 0), timeline.days)

    _months(canvas, timeline, place, months_at, (top, bottom))
    y = top
    for mark, height in rows:
        middle = y + height / 2
        canvas.block(PAD, middle, wrapped(mark.label, names))
        canvas.line((left, y + height), (right, y + height), GRID)
        y += height
    now = place(timeline.now)
    canvas.line((now, months_at - LINE / 2 - 0.5), (now, bottom), _NOW, width=1.6, dashes=True)
    _label_now(canvas, timeline.now_label, now, months_at - LINE / 2 - 0.5 - LINE / 2)
    y = top
    for mark, height in rows:
        _mark(canvas, mark, shape[mark.state.text], place, y + height / 2, timeline)
        y += height
    return canvas


def _months(
    canvas: Canvas, timeline: Timeline, place: Callable[[int], float], y: float, span: tuple[float, float]
) -> None:
    ends = [day for day, _ in timeline.months[1:]] + [timeline.days]
    for (day, name), end in zip(timeline.months, ends, strict=True):
        room = place(end) - place(day)
        canvas.line((place(day), y - LINE / 2), (place(day), span[1]), GRID)
        canvas.text((place(day) + place(end)) / 2, y, clipped(legible(name), room), align="center")
    canvas.line((place(0), span[0]), (place(timeline.days), span[0]), RULE)


def _label_now(canvas: Canvas, label: str, x: float, y: float) -> None:
    text = clipped(legible(label).replace("\n", " "), canvas.width - 2 * PAD, bold=True)
    half = text_width(text, bold=True) / 2
    canvas.text(min(max(x, half + PAD), canvas.width - half - PAD), y, text, _NOW, bold=True, align="center")


def _mark(
    canvas: Canvas, mark: Mark, shape: str, place: Callable[[int], float], y: float, period: Timeline
) -> None:
    fill, ink = colours(mark.state)
    x, planned = place(mark.day), place(mark.planned)
    if mark.planned != mark.day:
        canvas.line((planned, y), (x, y), ink, width=1.4)
        canvas.mark(planned, y, "|", "FFFFFF", ink, size=8)
    canvas.mark(x, y, shape, fill, ink)
    word = legible(mark.state.text).replace("\n", " ")
    if mark.day < 0:
        word = f"\N{LEFTWARDS ARROW} {word}"
    elif mark.day > period.days:
        word = f"{word} \N{RIGHTWARDS ARROW}"
    wide, before, after = text_width(word), min(x, planned) - 2.4, max(x, planned) + 2.4
    outside = after + wide > canvas.width - PAD
    crossing = after - 1 < place(period.now) < after + wide + 1 and place(0) < before - wide
    if outside or crossing:
        canvas.text(before, y, word, INK, align="right", ground="FFFFFF")
    else:
        canvas.text(after, y, word, INK, ground="FFFFFF")
