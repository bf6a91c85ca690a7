"""Names and senders as a stranger's file gives them, made fit to show. Nothing is ever written under them."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["label", "one_line"]

_LONGEST = 255
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DRIVE = re.compile(r"^\s*[A-Za-z]:")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make what follows read backwards, so that a name shows another ending than it has."""


def label(name: str, otherwise: str = "unnamed") -> str:
    """A name from a container: its folders and last name parted by ``/``, and nothing that leads anywhere."""
    parts = _DRIVE.sub("", _shown(name)).replace("\\", "/").split("/")
    kept = "/".join(part.strip() for part in parts if part.strip() not in ("", ".", ".."))
    # The end is kept, since it tells what sort of file it is.
    return (kept if len(kept) <= _LONGEST else f"…{kept[1 - _LONGEST :]}") or otherwise


def one_line(text: str) -> str:
    """A header's text on one line."""
    return _shown(" ".join(text.split()))[: 4 * _LONGEST]


def _shown(text: str) -> str:
    if text.isprintable():  # as names are
        return text
    return "".join(_REPLACEMENT if _hidden(char) else char for char in text)


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNS
