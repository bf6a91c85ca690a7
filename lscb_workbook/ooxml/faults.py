"""Error values in cells: Excel has brought new ones (``#SPILL!``), at which readers of older days give up."""

from __future__ import annotations

import re

__all__ = ["with_old_errors"]

_OLD = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
"""The error values of ECMA-376 part 1, 18.17.3, but for ``#GETTING_DATA``: it is as unknown."""
_ERROR_CELL = re.compile(
    rb"(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*[\"']e[\"'][^<>]*(?<!/)>(?:(?!</?(?:\w+:)?c\b).)*?<(?:\w+:)?v>)(#[^<]*)(?=<)",
    re.S,
)


def with_old_errors(sheet: bytes) -> bytes:
    """A sheet's XML, to be read, in which ``#N/A`` stands for each error value that is newer."""
    if b"#" not in sheet or not (b'"e"' in sheet or b"'e'" in sheet):
        return sheet
    return _ERROR_CELL.sub(lambda cell: cell[0] if cell[2] in _OLD else cell[1] + b"#N/A", sheet)
