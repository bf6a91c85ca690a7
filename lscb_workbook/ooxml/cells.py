"""What a cell's own bytes say: its value, its formula, whether it holds anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from lscb_workbook.ooxml.escaping import escape
from lscb_workbook.ooxml.values import read_text

__all__ = ["ERROR", "FORMULA", "formula_of", "holds", "is_error", "is_formula", "shown"]

_ATTRIBUTE = r"""\s{}\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_KIND = re.compile(_ATTRIBUTE.format("t"))
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_HELD = re.compile(rb"<(?:\w+:)?(?:v|f|is)\b")
_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.S)
_TEXTS = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", re.S)
_VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v>", re.S)


def holds(raw: bytes) -> bool:
    """Whether a cell of these bytes is more than a blank with a style."""
    return _HELD.search(raw) is not None


def formula_of(raw: bytes) -> str | None:
    """The formula in a cell of these bytes, empty where it is written in another cell; None for none."""
    found = _FORMULA_TEXT.search(raw)
    return unescape((found[1] or b"").decode("utf-8", "replace")) if found else None


def is_error(raw: bytes) -> bool:
    """Whether a cell of these bytes shows an error value."""
    return ERROR.search(raw, 0, raw.find(b">") + 1) is not None


def is_formula(raw: bytes) -> bool:
    """Whether a formula stands in a cell of these bytes."""
    return FORMULA.search(raw) is not None


def shown(raw: bytes, shared: Sequence[str]) -> str | float | None:
    """What a cell of these bytes shows; ``shared`` are the texts that cells share. None where it is blank."""
    text = raw.decode("utf-8", "replace")
    if "<![CDATA[" in text:
        text = _CDATA.sub(lambda match: escape(match[1]), text)
    kind = _KIND.search(text, 0, text.index(">") + 1)
    name = (kind[1] or kind[2]) if kind else "n"
    if name == "inlineStr":
        return read_text(unescape("".join(_TEXTS.findall(_PHONETIC.sub("", text)))))
    value = _VALUE.search(text)
    if value is None:
        return None
    said = unescape(value[1])
    if name == "s":
        return shared[int(said)] if int(said) < len(shared) else None
    if name in ("str", "e", "d"):
        return read_text(said)
    try:
        return float(said)
    except ValueError:
        return said
