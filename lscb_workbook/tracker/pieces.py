"""What is too long for one cell of the very hidden sheet: its JSON, in pieces under numbered keys."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lscb_workbook.tracker.cells import count_of

__all__ = ["joined", "pieces"]

_PIECE = 16_000
"""The most characters in one cell of the hidden sheet."""


def pieces(key: str, said: object) -> dict[str, str]:
    """A value as rows of the hidden sheet, by key: ``key`` with a number."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    parts = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    return {f"{key}{number}": part for number, part in enumerate(parts, start=1)}


def joined(key: str, settings: Mapping[str, str]) -> dict[str, object]:
    """The object that rows of the hidden sheet hold under a key; an empty one where they are not there or
    damaged."""
    numbers = sorted(count_of(name.removeprefix(key)) for name in settings if name.startswith(key))
    try:
        found = json.loads("".join(settings[f"{key}{number}"] for number in numbers) or "{}")
    except (ValueError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}
