"""Text and colours as every form of a paper can hold them: no character that XML lacks, no ink too pale."""

from __future__ import annotations

import re

from lscb_workbook.board.content import Word
from lscb_workbook.plan.colours import ink_on

__all__ = ["colours", "labelled", "legible"]

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


def legible(text: str) -> str:
    """The text with every kind of line break as ``\\n``, and U+FFFD for each character that cannot be printed
    (controls, halves of pairs, what Unicode sets aside), so that its place is seen."""
    return _UNPRINTABLE.sub("\ufffd", _BREAKS.sub("\n", text))


def labelled(text: str, number: int) -> str:
    """What a piece of a chart says: ``Red 3``, but ``Rated 1: 3`` where two figures would meet."""
    said = legible(text)
    return f"{said}: {number}" if said[-1:].isdigit() else f"{said} {number}"


def colours(word: Word) -> tuple[str, str]:
    """Fill and ink of a status as RRGGBB. What is not a colour counts as white; an ink that cannot be read on
    its fill gives way to black or white, since they come from a sheet that anyone may edit."""
    fill = word.fill.upper() if _COLOUR.fullmatch(word.fill) else "FFFFFF"
    ink = word.ink.upper() if _COLOUR.fullmatch(word.ink) else "000000"
    return fill, ink_on(fill, ink)
