"""The colours of a status: an ink that can be read on its fill, and a fill where the plan gives none."""

from __future__ import annotations

import re
from collections.abc import Collection

from lscb_workbook.plan.records import Meaning

__all__ = ["LEAST_CONTRAST", "contrast", "fill_for", "ink_on"]

LEAST_CONTRAST = 4.5
"""Ink to ground, as the Web Content Accessibility Guidelines ask at level AA (criterion 1.4.3)."""

_CALLED = {
    "red": "C9372C",
    "amber": "FFCC5C",
    "yellow": "FFE680",
    "orange": "F5A04A",
    "green": "6DB583",
    "blue": "1F5FA8",
    "purple": "4A2474",
    "grey": "D0D0D0",
    "gray": "D0D0D0",
    "white": "FFFFFF",
    "black": "262626",
}
_MEANING = {
    Meaning.OFF_TRACK: ("C9372C", "8E1B12", "F2A7A0"),
    Meaning.AT_RISK: ("FFCC5C", "F5A04A", "FFE680"),
    Meaning.STILL_ON_TRACK: ("6DB583", "B9DFC4", "2E7D4F"),
    Meaning.ON_TRACK: ("6DB583", "B9DFC4", "2E7D4F"),
    Meaning.COMPLETE: ("1F5FA8", "9CC3EA", "123A68"),
    Meaning.WITHDRAWN: ("4A2474", "CDB8EC", "7A52A8"),
    Meaning.NOT_STARTED: ("FFFFFF", "D0D0D0", "8A93A0"),
}
"""Usual fills, for the first status of a meaning and those after it."""

_INKS = {
    "FFCC5C": "332200",
    "FFE680": "332200",
    "F5A04A": "331800",
    "6DB583": "06210F",
    "D0D0D0": "262626",
    "FFFFFF": "262626",
}
"""Inks that suit some of these fills better than black."""


def fill_for(name: str, meaning: Meaning, taken: Collection[str] = ()) -> str:
    """The fill (RRGGBB) of a status: the colour its name says, midway where it says two (``Amber/Green``),
    else one usual for what it means and not yet ``taken``."""
    said = dict.fromkeys(_CALLED[word] for word in re.findall(r"[a-z]+", name.casefold()) if word in _CALLED)
    if len(said) == 2:
        return _midway(*said)
    usual = _MEANING[meaning]
    return next(iter(said)) if said else next((fill for fill in usual if fill not in taken), usual[-1])


def _midway(one: str, other: str) -> str:
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return bytes((here + there) // 2 for here, there in pairs).hex().upper()


def ink_on(fill: str, ink: str = "") -> str:
    """This ink (RRGGBB), or one that can be read where it is none or cannot be read on the fill."""
    if ink and contrast(fill, ink) >= LEAST_CONTRAST:
        return ink
    return _INKS.get(fill) or max("000000", "FFFFFF", key=lambda plain: contrast(fill, plain))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (RRGGBB), from 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
