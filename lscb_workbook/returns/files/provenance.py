"""What a returned .xlsx says of itself: its custom properties, and when it was last saved."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from lscb_workbook.ooxml.values import read_text
from lscb_workbook.returns.files.opened import UnreadableError

__all__ = ["Provenance", "provenance"]

_MOMENT = r"<dcterms:{}[^>]*>\s*(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)"
_CREATED, _MODIFIED = (re.compile(_MOMENT.format(name)) for name in ("created", "modified"))
_WORKBOOK = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]*\?>\s*)?<(?:\w+:)?workbook[\s>]")

_SMALL = 10_000
"""The most bytes of a part that is kept to be known again."""


class Provenance(NamedTuple):
    """``saved_at`` is when the program that saved the file says it did (naive UTC), None where it left the
    moment of issue standing; ``properties`` are the custom ones, as text."""

    saved_at: datetime | None
    properties: Mapping[str, str]


def provenance(parts: Mapping[str, bytes]) -> Provenance:
    """What the parts of a package, by name, say of it.

    Raises UnreadableError where they are no workbook or cannot be read.
    """
    listed = parts.get("_rels/.rels", b"")
    links = (_links_as_before if len(listed) <= _SMALL else _links)(listed)
    if not _is_workbook(parts, links.get("officeDocument", "")):
        raise UnreadableError("return-unreadable", "it is not an Excel workbook")
    core = parts.get(links.get("core-properties", ""), b"").decode("utf-8", "replace")
    created, modified = _moment(core, _CREATED), _moment(core, _MODIFIED)
    custom = _parsed(parts, links.get("custom-properties", ""))
    named = () if custom is None else custom
    properties = {one.get("name", ""): read_text("".join(one.itertext())) for one in named}
    return Provenance(modified if modified != created else None, properties)


def _is_workbook(parts: Mapping[str, bytes], name: str) -> bool:
    if _WORKBOOK.match(parts.get(name, b"")):
        return True
    root = _parsed(parts, name)
    return root is not None and root.tag.endswith("}workbook")


def _links(part: bytes) -> Mapping[str, str]:
    """The parts that the package itself leads to, the first of each kind."""
    links: dict[str, str] = {}
    tree = _parsed({"_rels/.rels": part} if part else {}, "_rels/.rels")
    for element in () if tree is None else tree:
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(element.get("Target", "").lstrip("/"))
            links.setdefault(element.get("Type", "").rpartition("/")[2], target)
    return links


_links_as_before = lru_cache(maxsize=16)(_links)
"""The same of a part that is alike in many copies."""


def _parsed(parts: Mapping[str, bytes], name: str) -> ElementTree.Element | None:
    """A small part as a tree; None where there is none of this name."""
    if name not in parts:
        return None
    try:
        return ElementTree.fromstring(parts[name])
    except ElementTree.ParseError:
        reason = f"it is damaged: its part {name} cannot be read"
        raise UnreadableError("return-unreadable", reason) from None


def _moment(core: str, pattern: re.Pattern[str]) -> datetime | None:
    found = pattern.search(core)
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
