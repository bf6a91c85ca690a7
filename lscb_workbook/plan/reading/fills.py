"""The colour of a cell by the name that a rating has."""

from __future__ import annotations

import colorsys
import re

__all__ = ["colour_named"]

_HUES = ((15, "Red"), (70, "Amber"), (165, "Green"), (255, "Blue"), (320, "Purple"), (360, "Red"))
"""Degrees up to which a hue has a name. Yellow is what many boards fill in for amber."""
_GREY = 0.15
_DARK = 0.25


def colour_named(code: str) -> str:
    """What a colour is called, of six figures such as ``FFC000``; ``""`` of white, grey, black or none."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", code):
        return ""
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, depth, light = colorsys.rgb_to_hsv(red, green, blue)
    if depth < _GREY or light < _DARK:
        return ""
    return next(name for edge, name in _HUES if hue * 360 <= edge)
