"""Text and colours as every form of a paper can hold them: no character that XML lacks, no ink too pale."""

from __future__ import annotations

import re

from lscb_workbook.board.content import Word

__all__ = ["LEAST_CONTRAST", "colours", "contrast", "legible"]

LEAST_CONTRAST = 4.5
"""Ink to ground, as the Web Content Accessibility Guidelines ask at level AA (criterion 1.4.3)."""

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


def colours(word: Word) -> tuple[str, str]:
    """Fill and ink of a status as RRGGBB. What is not a colour counts as white; an ink that cannot be read on
    its fill gives way to black or white, since they come from a sheet that anyone may edit."""
    fill = word.fill.upper() if _COLOUR.fullmatch(word.fill) else "FFFFFF"
    ink = word.ink.upper() if _COLOUR.fullmatch(word.ink) else "000000"
    if contrast(fill, ink) < LEAST_CONTRAST:
        ink = max("000000", "FFFFFF", key=lambda plain: contrast(fill, plain))
    return fill, ink


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (RRGGBB), from 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
