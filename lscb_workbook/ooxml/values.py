"""Values as cells hold them, written as the file format wants them.

Text is written inline and is always text: what begins with ``=`` stays what was typed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from lscb_workbook.ooxml.errors import PackageError

__all__ = ["MAX_TEXT", "Formula", "Value", "cell_xml", "escaped_text", "read_text"]

MAX_TEXT = 32_767
"""The most characters (UTF-16 units) a cell holds: Excel's limit."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its ``=``, in the file format's own form, and the value to show until the next
    calculation (None for none)."""

    text: str
    value: str | int | float | None = None


Value = str | int | float | bool | date | None | Formula

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped_text(text: str) -> str:
    """Text as an element's content: what XML does not allow is ``_xHHHH_``.

    Source: ST_Xstring, ECMA-376 part 1, 22.9.2.19.
    """
    text = _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r\n", "\n")
    text = _NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text.replace("\r", "_x000D_"))


def read_text(text: str) -> str:
    """The text that :func:`escaped_text` wrote, entities already resolved."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def cell_xml(where: str, style: str | None, value: Value, *, date1904: bool, prefix: str = "") -> str:
    """A ``<c>`` element. Raises PackageError where the text is longer than a cell can hold."""
    head = f'<{prefix}c r="{where}"' + (f' s="{style}"' if style else "")
    if value is None or value == "":
        return f"{head}/>"
    if isinstance(value, Formula):
        formula = f"<{prefix}f>{escape(value.text)}</{prefix}f>"
        if value.value is None:
            return f"{head}>{formula}</{prefix}c>"
        kind = ' t="str"' if isinstance(value.value, str) else ""
        shown = escaped_text(value.value) if isinstance(value.value, str) else repr(value.value)
        return f"{head}{kind}>{formula}<{prefix}v>{shown}</{prefix}v></{prefix}c>"
    if isinstance(value, str):
        if len(value.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
            raise PackageError(
                f"The text for cell {where} is longer than the {MAX_TEXT:,} characters it can hold."
            )
        text = f'<{prefix}t xml:space="preserve">{escaped_text(value)}</{prefix}t>'
        return f'{head} t="inlineStr"><{prefix}is>{text}</{prefix}is></{prefix}c>'
    if isinstance(value, bool):
        return f'{head} t="b"><{prefix}v>{int(value)}</{prefix}v></{prefix}c>'
    number = _serial(value, date1904) if isinstance(value, date) else value
    if not math.isfinite(number):
        raise PackageError(f"The number for cell {where} is not one that a cell can hold ({number}).")
    return f"{head}><{prefix}v>{number!r}</{prefix}v></{prefix}c>"


def _serial(day: date, date1904: bool) -> int | float:
    """The number of a day, and of its part for a time, in the workbook's date system."""
    epoch = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
    if isinstance(day, datetime):
        whole = (day.date() - epoch).days
        return whole + (day - datetime.combine(day.date(), datetime.min.time())).total_seconds() / 86_400
    return (day - epoch).days
