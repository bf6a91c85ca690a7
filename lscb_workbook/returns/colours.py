"""What a colour says: which rating a cell filled with it was meant to show."""

from __future__ import annotations

import colorsys
import re

from lscb_workbook.plan.records import RagScheme

__all__ = ["rating_of_colour"]

_RGB = re.compile(r"[0-9A-Fa-f]{6}")
_SATURATED, _DARK = 0.15, 0.2
"""Creams and greys say nothing, nor does what is nearly black. (HSV; Excel's 'Good' has 0.17.)"""
_OF_A_RATING = 0.05
_HUES = {"red": 0, "amber": 45, "green": 120, "blue": 225, "purple": 275, "pink": 325}
"""What people call a hue, in degrees: Excel's orange (ED7D31) is amber, its light green (92D050) green."""


def rating_of_colour(rgb: str, scheme: RagScheme) -> str | None:
    """The one status whose own fill people would call by the same name as a colour (RRGGBB).

    None where the colour is pale, grey or nearly black, no status's, or that of two.
    """
    name = _name(rgb, _SATURATED)
    if name is None:
        return None
    found = [status.name for status in scheme.statuses if _name(status.fill, _OF_A_RATING) == name]
    return found[0] if len(found) == 1 else None


def _name(rgb: str, least: float) -> str | None:
    if not _RGB.fullmatch(rgb):
        return None
    red, green, blue = bytes.fromhex(rgb)
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if saturation < least or value < _DARK:
        return None
    return min(_HUES, key=lambda name: _apart(hue * 360, _HUES[name]))


def _apart(one: float, other: float) -> float:
    """How far apart two hues are, around the circle."""
    apart = abs(one - other) % 360
    return min(apart, 360 - apart)
