"""Start tags as bytes: reading and setting their attributes, in whichever quotes a program writes them."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from lscb_workbook.ooxml.escaping import quoteattr

__all__ = ["TAG", "attribute", "with_attribute"]

TAG = re.compile(rb"<(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
"""A start or end tag."""


@cache
def _pattern(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\s" + re.escape(name).encode() + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def attribute(tag: bytes, name: str) -> str | None:
    """An attribute's value; None where the tag has none of this name."""
    found = _pattern(name).search(tag)
    return unescape((found[1] if found[1] is not None else found[2]).decode()) if found else None


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """The tag with an attribute set, or (None) taken out; the others stay as they are."""
    said = b"" if value is None else f" {name}={quoteattr(value)}".encode()
    if _pattern(name).search(tag):
        return _pattern(name).sub(lambda _: said, tag, count=1)
    cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:cut].rstrip() + said + tag[cut:]
