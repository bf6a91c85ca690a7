"""How high a row must be to show its wrapped text in full.

Excel measures rows only as they are edited, LibreOffice not at all when it prints; so a row that is
written gets a height. It is reckoned from the widths of Calibri's letters, a little to the wide side,
and is not fixed: a program that measures again may.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

__all__ = ["MAX_HEIGHT", "WrappedText", "letters_shown", "row_height"]

MAX_HEIGHT = 409.0
"""The highest a row can be, in points (Excel's limit)."""


def _listed(letters: str, widths: str) -> dict[str, int]:
    return dict(zip(letters, map(int, widths.split()), strict=True))


_LOWER = _listed(
    "abcdefghijklmnopqrstuvwxyz",
    "479 525 423 525 498 305 471 525 229 239 455 229 799 525 527 525 525 349 391 335 525 452 715 433 453 395",
)
_UPPER = _listed(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "579 544 533 615 488 459 631 623 252 319 520 420 855 646 662 517 673 543 459 487 642 567 890 519 487 468",
)
_OTHER = {"-": 306, "–": 498, "—": 905, "@": 894, "%": 715, "&": 682, "/": 386, "…": 690} | dict.fromkeys(
    " .,:;'’‘!|()", 280
)
_WIDTHS = _LOWER | _UPPER | _OTHER
"""The widths of Calibri's letters, in thousandths of the font size."""
_SPACE = 226
_WIDEST = max(_WIDTHS[letter] for letter in _WIDTHS if letter.isascii())

_PIXELS_PER_POINT = 96 / 72
_DIGIT_PIXELS, _PADDING_PIXELS = 7.0, 8.0  # Calibri 11, by which column widths are counted
_SAFETY = 1.04
_LINE = 1.23  # a line's height, in font sizes


class WrappedText(NamedTuple):
    """A cell's text, its column's width in Excel's units, and its font's size in points."""

    text: str
    width: float
    size: float
    bold: bool = False


def row_height(cells: Iterable[WrappedText]) -> float:
    """The height in points that shows all of these cells, at most :data:`MAX_HEIGHT`."""
    heights = (_lines(cell) * cell.size * _LINE + 2.5 for cell in cells if cell.text)
    return min(MAX_HEIGHT, round(max(heights, default=15.0) * 4) / 4)


def letters_shown(cell: WrappedText) -> int:
    """How many of a cell's letters the highest row shows, with a line to spare: all of them, or as many as
    there are before the first word that it does not."""
    most = int((MAX_HEIGHT - 2.5) / (cell.size * _LINE)) - 2
    if _lines(cell) <= most:
        return len(cell.text)
    low, high = 0, len(cell.text)
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (
            (middle, high) if _lines(cell._replace(text=cell.text[:middle])) <= most else (low, middle)
        )
    word = max(cell.text.rfind(" ", 0, low + 1), cell.text.rfind("\n", 0, low + 1))
    return word if word > low // 2 else low


@lru_cache(maxsize=20_000)
def _lines(cell: WrappedText) -> int:
    """The lines that a cell's text fills. Leads of a joint action get the same texts, as does each review."""
    room = cell.width * _DIGIT_PIXELS - _PADDING_PIXELS
    em = cell.size * _PIXELS_PER_POINT * _SAFETY * (1.06 if cell.bold else 1.0) / 1000
    return sum(_wrapped(line, max(room / em, 1000)) for line in cell.text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    """The lines that one line of text fills when words are kept whole where they fit; ``room`` is in
    thousandths of the font size."""
    if len(line) * _WIDEST <= room and line.isascii():
        return 1
    lines, used = 1, 0.0
    for word in line.split(" "):
        width = float(_width(word))
        space = _SPACE if used else 0
        if used + space + width <= room:
            used += space + width
            continue
        lines += 1 if used else 0
        while width > room:  # a word longer than the column is broken
            lines += 1
            width -= room
        used = width
    return lines


@lru_cache(maxsize=20_000)
def _width(word: str) -> int:
    """The width of a word in thousandths of the font size. Plans and papers use few words, many times."""
    return sum(_WIDTHS.get(letter, 507 if ord(letter) < 0x2E80 else 1000) for letter in word)
