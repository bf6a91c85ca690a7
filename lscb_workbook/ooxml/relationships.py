"""Which part leads to which: the package's relationships and content types."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.package import Package

__all__ = ["Relationship", "add_part", "drop_part", "relationships"]

_TYPES = "[Content_Types].xml"


class Relationship(NamedTuple):
    """``kind`` is the last word of the relationship's type; ``target`` a part's name."""

    id: str
    kind: str
    target: str


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relationships(package: Package, part: str) -> list[Relationship]:
    """The parts that a part (``""`` for the package itself) leads to, those inside the package."""
    name = _rels_of(part)
    if name not in package:
        return []
    folder = posixpath.dirname(part)
    found = []
    for element in parsed(package.read(name), name):
        if element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "")
        whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found.append(Relationship(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], whole))
    return found


def parsed(data: bytes, name: str) -> ElementTree.Element:
    """A small part as a tree. Raises PackageError where it is no XML."""
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError:
        raise PackageError(f"It is damaged: its part {name} cannot be read.") from None


def add_part(package: Package, name: str, data: bytes, content_type: str, source: str, kind: str) -> None:
    """Add a part, with its content type and a relationship from ``source``. ``kind`` is the type's URI."""
    override = f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(content_type)}/>"
    _insert(package, _TYPES, "Types", override)
    taken = {one.id for one in relationships(package, source)}
    number = next(n for n in range(1, len(taken) + 2) if f"rIdL{n}" not in taken)
    target = quoteattr("/" + name)
    rel = f'<Relationship Id="rIdL{number}" Type={quoteattr(kind)} Target={target}/>'
    _insert(package, _rels_of(source), "Relationships", rel)
    package.replace(name, data)


def drop_part(package: Package, name: str, source: str) -> None:
    """Remove a part, its content type, and its relationship from ``source``."""
    folder = posixpath.dirname(source)
    rels = _rels_of(source)

    def kept(match: re.Match[bytes]) -> bytes:
        target = re.search(rb"\sTarget=\"([^\"]*)\"", match[0])
        said = target[1].decode() if target else ""
        whole = said[1:] if said.startswith("/") else posixpath.normpath(posixpath.join(folder, said))
        return b"" if whole == name else match[0]

    package.replace(rels, re.sub(rb"<(?:\w+:)?Relationship\s[^>]*?/>", kept, package.read(rels)))
    override = rb"<(?:\w+:)?Override\s[^>]*?PartName=\"/" + re.escape(name).encode() + rb"\"[^>]*?/>"
    package.replace(_TYPES, re.sub(override, b"", package.read(_TYPES)))
    package.remove(name)


def _insert(package: Package, part: str, root: str, element: str) -> None:
    data = package.read(part)
    closing = re.search(rb"</(\w+:)?" + root.encode() + rb"\s*>\s*$", data)
    if closing is None:
        raise PackageError(f"It is damaged: its part {part} cannot be read.")
    prefix = (closing[1] or b"").decode()
    new = element.replace("<", f"<{prefix}", 1).encode()
    package.replace(part, data[: closing.start()] + new + data[closing.start() :])
