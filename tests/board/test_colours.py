"""The colours are told apart by everyone, on paper too, and what is written on them can be read.

Colour vision is simulated by the matrices of Machado, Oliveira and Fernandes (2009) for the full deficiency,
on linear light; differences are Euclidean in CIE Lab (D65); contrast is that of WCAG 2.1, 1.4.3.
"""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.tracker.drawing import looks

Triple = tuple[float, float, float]

FULL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
GREY = ((0.2126, 0.7152, 0.0722),) * 3
VISIONS = {"full": FULL, "protan": PROTAN, "deutan": DEUTAN, "tritan": TRITAN, "grey": GREY}
APART = {"full": 40.0, "protan": 25.0, "deutan": 25.0, "tritan": 25.0, "grey": 14.0}
"""The least difference between two ratings; one of 2.3 can just be seen side by side."""


def light(colour: str) -> Triple:
    """A colour RRGGBB as linear light."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return red, green, blue


def lab(linear: Triple) -> Triple:
    red, green, blue = (min(1.0, max(0.0, x)) for x in linear)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, vision: str) -> Triple:
    linear = light(colour)
    red, green, blue = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in VISIONS[vision])
    return lab((red, green, blue))


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        red, green, blue = light(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("vision", VISIONS)
def test_two_ratings_are_told_apart(vision: str) -> None:
    fills = [status.fill for status in default_plan().scheme.statuses]
    for one, other in combinations(fills, 2):
        assert math.dist(seen(one, vision), seen(other, vision)) >= APART[vision], (one, other)


def test_colours_that_are_known_to_be_confused_would_be_caught() -> None:
    red, green = "C06060", "7F8A50"
    assert math.dist(seen(red, "full"), seen(green, "full")) > APART["full"]
    assert math.dist(seen(red, "deutan"), seen(green, "deutan")) < APART["deutan"]


@pytest.mark.parametrize("status", default_plan().scheme.statuses, ids=lambda status: status.name)
def test_a_rating_can_be_read_on_its_colour(status: object) -> None:
    assert contrast(status.fill, status.ink) >= 4.5  # type: ignore[attr-defined]


def test_everything_else_that_is_coloured_can_be_read() -> None:
    pairs = [*looks.STATES.values(), *looks.MARKS, looks.MET, looks.MISSED]
    pairs += [looks.TO_COME, looks.ONGOING, looks.NOT_RATED]
    pairs += [(fill, "FFFFFF") for fill in (looks.NAVY, looks.TEAL, looks.PLUM)]
    pairs += [(looks.ENTRY_FILL, "000000"), ("FFFFFF", looks.INK), ("FFFFFF", looks.NAVY)]
    assert {pair for pair in pairs if contrast(*pair) < 4.5} == set()


def test_the_milestones_of_a_chart_are_told_apart_in_grey() -> None:
    for series in ((looks.MET, looks.MISSED, looks.TO_COME, looks.ONGOING), looks.MARKS):
        for (one, _), (other, _) in combinations(series, 2):
            assert math.dist(seen(one, "grey"), seen(other, "grey")) >= 10, (one, other)
