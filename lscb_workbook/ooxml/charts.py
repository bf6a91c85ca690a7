"""The values that a chart carries with it, kept true to the cells they were taken from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape

from lscb_workbook.ooxml.addresses import Area, parse_area
from lscb_workbook.ooxml.escaping import escape

__all__ = ["refreshed", "speaks_of"]

_REFERENCE = re.compile(r"<((?:\w+:)?)(num|str)Ref>\s*<\1f>(.*?)</\1f>(.*?)</\1\2Ref>", re.S)
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)", re.S)

Values = Callable[[str, Area], list[str | float | None] | None]


def speaks_of(chart: bytes, sheets: Iterable[str]) -> bool:
    """Whether a chart part may refer to one of these sheets; quickly said, since most do not."""
    said = unescape(chart.decode())
    return any(sheet.replace("'", "''") in said for sheet in sheets)


def refreshed(chart: bytes, move: Callable[[str], str], values: Values) -> bytes:
    """A chart part with its references moved and its cached values taken anew.

    ``move`` gives a formula as it now reads; ``values`` the values of an area of a sheet, row by row,
    or None for a sheet that was not touched, whose cache then stands.
    """

    def reference(match: re.Match[str]) -> str:
        prefix, kind, formula, rest = match.groups()
        moved = move(unescape(formula))
        found = _SHEET.fullmatch(moved)
        area = parse_area(found[3]) if found else None
        shown = values((found[1] or found[2]).replace("''", "'"), area) if found and area else None
        if shown is None:
            return match[0] if moved == unescape(formula) else match[0].replace(formula, escape(moved), 1)
        extra = re.sub(rf"<{prefix}{kind}Cache>.*?</{prefix}{kind}Cache>", "", rest, flags=re.S)
        code = re.search(rf"<{prefix}formatCode>.*?</{prefix}formatCode>", rest, flags=re.S)
        cache = _cache(prefix, kind, shown, code[0] if code else "")
        return f"<{prefix}{kind}Ref><{prefix}f>{escape(moved)}</{prefix}f>{cache}{extra}</{prefix}{kind}Ref>"

    return _REFERENCE.sub(reference, chart.decode()).encode()


def _cache(prefix: str, kind: str, values: list[str | float | None], code: str) -> str:
    points = "".join(
        f'<{prefix}pt idx="{index}"><{prefix}v>{escape(_text(value))}</{prefix}v></{prefix}pt>'
        for index, value in enumerate(values)
        if value is not None and (kind == "str" or not isinstance(value, str))
    )
    form = (code or f"<{prefix}formatCode>General</{prefix}formatCode>") if kind == "num" else ""
    count = f'<{prefix}ptCount val="{len(values)}"/>'
    return f"<{prefix}{kind}Cache>{form}{count}{points}</{prefix}{kind}Cache>"


def _text(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else repr(value)
