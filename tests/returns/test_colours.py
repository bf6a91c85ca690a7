"""Which rating a coloured cell was meant to show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import RagScheme
from lscb_workbook.returns.colours import rating_of_colour
from lscb_workbook.returns.files.tints import tinted

SCHEME = default_plan().scheme


@pytest.mark.parametrize(
    "status", [one for one in SCHEME.statuses if one.name != "White"], ids=lambda s: s.name
)
def test_a_ratings_own_colour_says_that_rating(status: object) -> None:
    assert rating_of_colour(status.fill, SCHEME) == status.name  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rgb", "rating"),
    [
        ("FF0000", "Red"),
        ("C00000", "Red"),
        ("FFC7CE", "Red"),
        ("C6EFCE", "Green"),
        ("FFC000", "Amber"),
        ("FFFF00", "Amber"),
        ("ED7D31", "Amber"),
        ("FFEB9C", "Amber"),
        ("00B050", "Green"),
        ("92D050", "Green"),
        ("70AD47", "Green"),
        ("7030A0", "Purple"),
        ("7030a0", "Purple"),
    ],
)
def test_a_programs_own_colour_says_the_rating_that_people_call_it(rgb: str, rating: str) -> None:
    assert rating_of_colour(rgb, SCHEME) == rating


@pytest.mark.parametrize(
    ("rgb", "what"),
    [
        ("FFFFFF", "white"),
        ("FFFBE8", "the cream of the cells to fill in"),
        ("0000FF", "pure blue"),
        ("0070C0", "blue"),
        ("002060", "dark blue"),
        ("4472C4", "the blue of a theme"),
        ("000000", "black"),
        ("200000", "nearly black"),
        ("D9D9D9", "grey"),
        ("red", "no colour"),
    ],
)
def test_a_colour_that_is_nobodys_rating_says_none(rgb: str, what: str) -> None:
    assert rating_of_colour(rgb, SCHEME) is None, what


def test_a_colour_that_two_ratings_have_says_neither() -> None:
    light, dark = (replace(SCHEME.statuses[n], fill=fill) for n, fill in ((0, "00B050"), (1, "92D050")))
    assert rating_of_colour("00FF00", RagScheme((light, dark))) is None


def test_a_scheme_without_coloured_ratings_has_no_colour_that_says_one() -> None:
    assert rating_of_colour("FF0000", RagScheme(SCHEME.statuses[-1:])) is None


@pytest.mark.parametrize(
    ("rgb", "tint", "tinted_rgb"),
    [("4472C4", 0.0, "4472C4"), ("FFFFFF", -0.15, "D9D9D9"), ("000000", 0.5, "808080")],
)
def test_a_themes_colour_is_made_lighter_or_darker(rgb: str, tint: float, tinted_rgb: str) -> None:
    assert tinted(rgb, tint) == tinted_rgb
