"""A look at the bytes of an .xlsx package's parts, which tells what need not be read closely: most returns
hold nothing but values, near the top left of their sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lscb_workbook.returns.files.tints import WHITE

__all__ = ["has_far_cells", "may_be_marked"]

_PLAIN = re.compile(
    r"\[Content_Types\]|docProps/|xl/(?:tables|theme|media|printerSettings)/"
    r"|xl/(?:workbook|sharedStrings|calcChain)\.xml$"
)
"""Parts in which no program puts cells, styles or links to what is drawn."""
_MAYBE_FAR = re.compile(rb'r="(?:[A-Z]{3}|[A-Z]{1,2}\d{5})')
_FAR = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="(?:[A-Z]{3,}\d+|[A-Z]+\d{5,})"[^>]*[^/]>')
"""A cell that holds something beyond column ZZ or row 9,999, whichever reader would lay a field up to it."""
_SHEETS = "xl/worksheets/"
_SMALL = 100_000
"""The most bytes of a part that is kept to be known again."""
_LINKS = re.compile(rb"/(?:comments|threadedComment|drawing)[\"']")
_FORMULA = re.compile(rb"<f[\s/>]")
_ERROR = re.compile(rb"t=[\"']e[\"']")
_COLOUR = re.compile(rb"<fgColor\b[^<>]*>")
_RGB = re.compile(rb"\srgb=[\"'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})[\"']")


@lru_cache(maxsize=1024)
def _is_plain(name: str) -> bool:
    return _PLAIN.match(name) is not None


def has_far_cells(parts: Mapping[str, bytes]) -> bool:
    """Whether a part has a cell that is filled in far from the others."""
    return any(
        (_has_far_cells if name.startswith(_SHEETS) or len(part) > _SMALL else _has_far_cells_as_before)(part)
        for name, part in parts.items()
        if not _is_plain(name)
    )


def _has_far_cells(part: bytes) -> bool:
    return _MAYBE_FAR.search(part) is not None and _FAR.search(part) is not None


_has_far_cells_as_before = lru_cache(maxsize=64)(_has_far_cells)
"""The same of parts that are alike in many copies (styles)."""


def may_be_marked(parts: Mapping[str, bytes], known_fills: frozenset[str]) -> bool:
    """Whether a part holds anything that marks are made of, or is written in a way that hides it from this
    look: in UTF-16, with prefixes, with colours of a theme. ``known_fills`` are the colours (RRGGBB) that
    cells have as issued."""
    for name, part in parts.items():
        if _is_plain(name):
            continue
        if b"\0" in part[:4]:
            return True
        if name.endswith(".rels"):
            if _LINKS.search(part):
                return True
        elif (at := part.find(b"sheetData")) > 0:
            if _is_marked(part, at):
                return True
        elif (_is_odd_as_before if len(part) <= _SMALL else _is_odd)(part, known_fills):
            return True
    return False


def _is_marked(part: bytes, at: int) -> bool:
    """Whether a sheet, whose cells begin at this place, has marks of its own, or elements with prefixes."""
    # No program puts merged areas among the cells, and every error that can be read has a number sign.
    after = part.rfind(b"sheetData")
    return (
        part[at - 1 : at] != b"<"
        or b"<mergeCell" in part[:at]
        or b"<mergeCell" in part[after:]
        or _FORMULA.search(part) is not None
        or (b"#" in part and _ERROR.search(part) is not None)
    )


def _is_odd(part: bytes, known_fills: frozenset[str]) -> bool:
    """Whether a part that is no sheet has marks, or colours of fills that no copy has as issued."""
    if _FORMULA.search(part) or b"<mergeCell" in part or _ERROR.search(part):
        return True
    at = part.find(b"fills")
    if at <= 0:
        return False
    fills = part[at:].partition(b"</fills")[0]
    return part[at - 1 : at] != b"<" or _has_other_colours(fills, known_fills)


_is_odd_as_before = lru_cache(maxsize=64)(_is_odd)
"""The same of parts that are alike in many copies (styles)."""


def _has_other_colours(fills: bytes, known_fills: frozenset[str]) -> bool:
    own = known_fills | {WHITE}
    colours = [_RGB.search(one) for one in _COLOUR.findall(fills)]
    return any(rgb is None or rgb[1].decode().upper() not in own for rgb in colours)
