"""The values that a chart carries with it, kept true to the cells they were taken from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape

from lscb_workbook.ooxml.addresses import Area, parse_area
from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.spans import text_of

__all__ = ["refreshed", "speaks_of"]

_REFERENCE = re.compile(r"<((?:\w+:)?)(num|str)Ref>\s*<\1f>(.*?)</\1f>(.*?)</\1\2Ref>", re.S)
_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,()]+))!([^'!,()]+)", re.S)

Values = Callable[[str, Area], list[str | float | None] | None]


def speaks_of(chart: bytes, sheets: Iterable[str]) -> bool:
    """Whether a chart part may refer to one of these sheets; quickly said, since most do not."""
    said = unescape(text_of(chart) or "").casefold()
    return any(sheet.replace("'", "''").casefold() in said for sheet in sheets)


def refreshed(chart: bytes, move: Callable[[str], str], values: Values) -> bytes:
    """A chart part with its references moved and its cached values taken anew.

    ``move`` gives a formula as it now reads; ``values`` the values of an area of a sheet, row by row,
    or None for a sheet that was not touched, whose cache then stands. A part that cannot be read stays.
    """

    def reference(match: re.Match[str]) -> str:
        prefix, kind, formula, rest = match.groups()
        moved = move(unescape(formula))
        shown = _shown(moved, values)
        if shown is None:
            return match[0] if moved == unescape(formula) else match[0].replace(formula, escape(moved), 1)
        extra = re.sub(rf"<{prefix}{kind}Cache>.*?</{prefix}{kind}Cache>", "", rest, flags=re.S)
        code = re.search(rf"<{prefix}formatCode>.*?</{prefix}formatCode>", rest, flags=re.S)
        cache = _cache(prefix, kind, shown, code[0] if code else "")
        return f"<{prefix}{kind}Ref><{prefix}f>{escape(moved)}</{prefix}f>{cache}{extra}</{prefix}{kind}Ref>"

    text = text_of(chart) or ""
    new = _REFERENCE.sub(reference, text)
    return chart if new == text else new.encode()


def _shown(formula: str, values: Values) -> list[str | float | None] | None:
    """The values of a formula's area, or of all where it lists several; None where those of one stand."""
    found = list(_AREA.finditer(formula))
    if ",".join(one[0] for one in found) != formula.removeprefix("(").removesuffix(")"):
        return None
    areas = [((one[1] or one[2]).replace("''", "'"), parse_area(one[3])) for one in found]
    held = [values(sheet, area) if area else None for sheet, area in areas]
    whole = [one for one in held if one is not None]
    return [value for one in whole for value in one] if whole and len(whole) == len(held) else None


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
