"""On which line of a plan document each table, each value and each item of a list begins.

The standard reader of TOML keeps no lines. This follows the text of a document that it has read, so that it
need know strings and brackets only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["TableLines", "table_lines"]

_HEADING = re.compile(r"^\s*\[\[?\s*(?P<kind>[\w.\"'-]+)\s*\]")
_KEY = re.compile(r"^\s*(?P<key>[\w\"'-]+)\s*=\s*")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{},]|\\.|[^\s"\'#\[\]{},\\]+|["\']')


@dataclass
class TableLines:
    """The lines of one table, from 1: of its heading, its keys, and the items of each list in it."""

    kind: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)
    items: dict[str, list[int]] = field(default_factory=dict)


def table_lines(text: str) -> list[TableLines]:
    """The tables of a document in order; the first, of kind ``""``, is what stands before any heading."""
    tables = [TableLines("", 1)]
    within = ""  # the quotes of a string over several lines
    depth = 0
    key = ""
    waits = False  # for the next item of the list
    for number, line in enumerate(text.split("\n"), 1):
        at = 0
        if not within and depth == 0:
            if heading := _HEADING.match(line):
                tables.append(TableLines(heading["kind"].strip("\"'"), number))
                continue
            if found := _KEY.match(line):
                key, at, waits = found["key"].strip("\"'"), found.end(), False
                tables[-1].keys.setdefault(key, number)
        while at < len(line):
            if within:
                end = _end_of(line, within, at)
                if end is None:
                    break
                within, at = "", end
                continue
            token = _TOKEN.search(line, at)
            if token is None:
                break
            at, sign = token.end(), token.group()
            if sign.startswith("#"):
                break
            if sign in ('"""', "'''"):
                within = sign
            if depth == 1 and waits and sign not in "],":
                tables[-1].items.setdefault(key, []).append(number)
                waits = False
            if sign in ("[", "{"):
                depth += 1
                waits = waits or (depth == 1 and sign == "[")
            elif sign in ("]", "}"):
                depth -= 1
            elif sign == "," and depth == 1:
                waits = True
    return tables


def _end_of(line: str, quotes: str, at: int) -> int | None:
    """Where a string over several lines ends in this line, a quote behind a backslash not counted."""
    while (end := line.find(quotes, at)) >= 0:
        slashes = len(line[:end]) - len(line[:end].rstrip("\\"))
        if quotes == "'''" or slashes % 2 == 0:
            return end + 3
        at = end + 1
    return None
