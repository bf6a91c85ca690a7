"""Colours as files hold them: a theme's colours made lighter or darker."""

from __future__ import annotations

import colorsys

__all__ = ["WHITE", "tinted"]

WHITE = "FFFFFF"


def tinted(rgb: str, tint: float) -> str:
    """A colour made lighter (``tint`` up to 1) or darker (down to -1), as a theme's colours are.

    Source: ECMA-376 part 1, 18.3.1.15.
    """
    red, green, blue = bytes.fromhex(rgb)
    hue, light, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    parts = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return "".join(f"{round(part * 255):02X}" for part in parts)
