"""Which rows of a tall chart go into which picture."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["MOST_ROWS", "pages"]

MOST_ROWS = 40
"""Rows of one picture; a longer chart goes on in the next."""


def pages(heights: Sequence[float], most: float, rows: int) -> list[tuple[int, int]]:
    """From which to before which row each picture goes: as few as hold all, none with more than ``rows`` rows
    or taller than ``most``, but for a single row that is; and about equally full, so that no row is alone."""
    fewest = len(_filled(heights, most, rows))
    low, high = 0.0, most
    for _ in range(24):  # halving: the lowest height that asks for no more pictures
        middle = (low + high) / 2
        if len(_filled(heights, middle, rows)) > fewest:
            low = middle
        else:
            high = middle
    return _filled(heights, high, rows)


def _filled(heights: Sequence[float], most: float, rows: int) -> list[tuple[int, int]]:
    """The same with each picture as full as it can be."""
    found, start, used = [], 0, 0.0
    for at, height in enumerate(heights):
        if at > start and (at - start == rows or used + height > most):
            found.append((start, at))
            start, used = at, 0.0
        used += height
    return [*found, (start, len(heights))]
