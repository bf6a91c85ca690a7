"""The cells of a table on a PDF's page as text: lines that the page broke joined, those a person broke kept.

A page keeps no ends of paragraphs. Where the first word of a line would have had room behind the line before,
a person ended that one: so ``Designated Nurse`` and ``Police`` below it are two leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

__all__ = ["Box", "is_in", "table_cells"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the page's left upper corner."""

_BULLET = re.compile(r"^[•●▪◦‣·\uf0b7\uf0a7]")
_DASH = re.compile(r"^(?:[•●▪◦‣·\uf0b7\uf0a7]|[-–]\s)")
_BLANK = 3.0  # points that a space takes, at the least
_FIGURE = 5.0  # points that a figure takes, at the most
_SLACK = 4.0  # points by which the margin at a cell's right may be wider than that at its left
_LINE = 3.0  # points by which words of a line may stand higher or lower


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a cell: its text, its left and right edge, and the width of its first word, in points. A sign
    by itself belongs to the word before it, as no line begins with one."""

    text: str
    left: float
    right: float
    first: float


def table_cells(page: Page, table: Table) -> list[list[str | None]]:
    """The cells of a table row by row as ``Table.extract`` gives them, None where another goes across; but
    text turned by a quarter is read as it is turned, and lines are parted only where a person ended one."""
    chars = page.chars
    rows: list[list[tuple[Box, list[_Line]] | None]] = []
    for row in table.rows:
        near = [char for char in chars if is_in(char, [row.bbox])]
        rows.append([None if box is None else (box, _lines(near, box)) for box in row.cells])
    edges = _edges(held for row in rows for held in row if held)
    return [[held and _text(held[1], edges[_across(held[0])]) for held in row] for row in rows]


def is_in(char: Mapping[str, Any], boxes: Sequence[Box]) -> bool:
    """Whether the middle of a letter is in a box, which is when pdfplumber counts it to a cell."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(left <= across < right and top <= down < bottom for left, top, right, bottom in boxes)


def _lines(chars: Sequence[Mapping[str, Any]], box: Box) -> list[_Line]:
    from pdfplumber.utils.clustering import cluster_objects
    from pdfplumber.utils.text import extract_words

    mine = [_turned(char) for char in chars if is_in(char, [box])]
    words = extract_words(mine)
    return [
        _Line(
            " ".join(word["text"] for word in line),
            line[0]["x0"],
            line[-1]["x1"],
            _unbroken(line)["x1"] - line[0]["x0"],
        )
        for line in cluster_objects(words, lambda word: word["top"], _LINE)
    ]


def _unbroken(line: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The last word of a line that stands with the first: that itself, or the signs behind it."""
    signs = takewhile(lambda word: not any(map(str.isalnum, word["text"])), line[1:])
    return [line[0], *signs][-1]


def _turned(char: Mapping[str, Any]) -> dict[str, Any]:
    """A letter of a text that is turned by a quarter, upright: its place in the line that it reads in."""
    if char["upright"]:
        return dict(char)
    if char["matrix"][1] > 0:  # from the bottom up, its lines from the left
        x0, x1, top, bottom = -char["bottom"], -char["top"], char["x0"], char["x1"]
    else:  # from the top down, its lines from the right
        x0, x1, top, bottom = char["top"], char["bottom"], -char["x1"], -char["x0"]
    place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top}
    return {**char, **place, "upright": True}


def _across(box: Box) -> tuple[int, int]:
    return round(box[0]), round(box[2])


def _edges(cells: Iterator[tuple[Box, list[_Line]]]) -> dict[tuple[int, int], float]:
    """How far to the right the text of each column goes: as far as it does anywhere, or would with the margin
    that it has at the left."""
    columns: dict[tuple[int, int], list[tuple[Box, list[_Line]]]] = {}
    for box, lines in cells:
        columns.setdefault(_across(box), []).append((box, lines))
    edges: dict[tuple[int, int], float] = {}
    for column, held in columns.items():
        lefts = [line.left - box[0] for box, lines in held for line in lines]
        rights = [line.right for _, lines in held for line in lines]
        edges[column] = max([*rights, held[0][0][2] - min(lefts, default=0.0) - _SLACK])
    return edges


def _is_cut(before: _Line, line: _Line, edge: float) -> bool:
    """Whether a figure goes on in the next line, as a date does in a column that is narrower than it."""
    alone = " " not in before.text and before.right + _FIGURE > edge
    return alone and before.text[-1:].isdigit() and line.text[:1].isdigit()


def _text(lines: Sequence[_Line], edge: float) -> str:
    begins = _DASH if lines and _DASH.match(lines[0].text) else _BULLET
    text = ""
    before: _Line | None = None
    for line in lines:
        ended = before is not None and before.right + _BLANK + line.first <= edge
        if before is not None:
            cut = not ended and _is_cut(before, line, edge)
            text += "\n" if ended or begins.match(line.text) else "" if cut else " "
        text += line.text
        before = line
    return text
