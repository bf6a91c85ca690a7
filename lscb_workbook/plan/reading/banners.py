"""Headings of priorities among the rows of a plan, and their words where these stand in pieces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lscb_workbook.plan.reading.sources import Source
from lscb_workbook.plan.reading.wording import words

__all__ = ["BANNER", "Vocabulary", "banner_number", "heading_among"]

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

BANNER = re.compile(
    r"^\W*(?:(?:strategic|key)\s+)?"
    r"(?:P?\s?R?\s?IORITY(?:\s+AREA)?|OBJECTIVE|AIM|THEME|OUTCOME|GOAL|WORKSTREAM|STRAND"
    r"|SECTION(?=\s*\d+\s*(?:[:.–—-]|$)))"
    rf"\s*(?P<number>\d{{1,2}}|{'|'.join(_NUMBERS)})\b\W*(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""``PRIORITY 2: …``, letters at its beginning cut off or not; ``Objective One``. A section has a mark behind
its number, for ``Section 11 audit`` is work of the law's section."""


def banner_number(banner: re.Match[str]) -> int:
    """The number of the priority that a banner names."""
    number = banner["number"].casefold()
    return _NUMBERS.index(number) + 1 if number in _NUMBERS else int(number)


def heading_among(lines: Sequence[str]) -> str:
    """The line above a table that heads it: the last that names a priority, else the last; ``""`` of none."""
    return next((line for line in reversed(lines) if BANNER.match(line)), lines[-1] if lines else "")


class Vocabulary:
    """The words of a source, by which a word that was cut at a cell's edge is known."""

    def __init__(self, source: Source) -> None:
        self._words = Counter(
            word
            for table in source.tables
            for row in table.rows
            for cell in row.cells
            for word in words(cell)
        )
        self._well = {word for word, count in self._words.items() if count > 1}

    def mended(self, pieces: Sequence[str]) -> str:
        """Pieces of a heading put together: a word that was cut at a cell's edge is joined again."""
        whole = ""
        for piece in pieces:
            last, first = re.search(r"[A-Za-z]+$", whole), re.match(r"[A-Za-z]+", piece)
            if not last or not first:
                whole = f"{whole} {piece}".strip()
                continue
            one, two = last.group().casefold(), first.group().casefold()
            if one[-1] == two[0] and one + two[1:] in self._words and one not in self._well:
                whole += piece[1:]
            elif first.group()[0].islower() and (
                one + two in self._words or (len(two) > 1 and not {one, two} & self._well)
            ):
                whole += piece
            else:
                whole = f"{whole} {piece}"
        return whole
