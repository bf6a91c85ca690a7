"""Which part leads to which: the package's relationships and content types."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from xml.etree import ElementTree

from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.escaping import quoteattr
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.spans import in_utf8
from lscb_workbook.ooxml.tags import attribute

__all__ = ["Relationship", "add_part", "drop_part", "drop_signatures", "relationships"]

_TYPES = "[Content_Types].xml"


class Relationship(NamedTuple):
    """``kind`` is the last word of the relationship's type; ``target`` a part's name."""

    id: str
    kind: str
    target: str


def _rels_of(package: Package, part: str) -> str:
    """The part that holds a part's relationships; there may be none."""
    folder, slash, name = part.rpartition("/")
    return package.spelt(f"{folder}{slash}_rels/{name}.rels")


def relationships(package: Package, part: str) -> list[Relationship]:
    """The parts that a part (``""`` for the package itself) leads to, those inside the package."""
    name = _rels_of(package, part)
    if name not in package:
        return []
    listed = package.once(_inside, name)
    return [
        one if one.target in package else one._replace(target=package.spelt(one.target)) for one in listed
    ]


def _inside(data: bytes, name: str) -> list[Relationship]:
    """The relationships to parts inside the package, each target in the package's own folders."""
    folder = posixpath.dirname(posixpath.dirname(name))
    return [
        Relationship(
            element.get("Id", ""),
            element.get("Type", "").rpartition("/")[2],
            _whole(folder, element.get("Target", "")),
        )
        for element in parsed(data, name)
        if element.get("TargetMode") != "External"
    ]


def _part_of(package: Package, folder: str, target: str) -> str:
    """The part that a relationship's target means, as the package spells it."""
    return package.spelt(_whole(folder, target))


def _whole(folder: str, target: str) -> str:
    """A target that is written as seen from a folder, as seen from the whole package."""
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


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
    _insert(package, _rels_of(package, source), "Relationships", rel)
    package.replace(name, data)


def drop_part(package: Package, name: str, source: str) -> None:
    """Remove a part, its content type, and its relationship from ``source``."""
    folder = posixpath.dirname(source)
    rels = _rels_of(package, source)

    def link(match: re.Match[bytes]) -> bytes:
        said = attribute(match[0], "Target") or ""
        return b"" if _part_of(package, folder, said) == name else match[0]

    def override(match: re.Match[bytes]) -> bytes:
        said = attribute(match[0], "PartName") or ""
        return b"" if said.lstrip("/").casefold() == name.casefold() else match[0]

    package.replace(rels, re.sub(rb"<(?:\w+:)?Relationship\s[^>]*?/>", link, in_utf8(package.read(rels))))
    package.replace(_TYPES, re.sub(rb"<(?:\w+:)?Override\s[^>]*?/>", override, in_utf8(package.read(_TYPES))))
    package.remove(name)


def drop_signatures(package: Package) -> None:
    """Take off the digital signatures of a package that was changed, as Excel does: they no longer hold.

    A macro project's own signature, which is of the project alone, stays.
    """
    for origin in [one.target for one in relationships(package, "") if one.kind == "origin"]:
        for signature in relationships(package, origin):
            if signature.target in package:
                drop_part(package, signature.target, origin)
        if origin in package:
            drop_part(package, origin, "")
        package.remove(_rels_of(package, origin))


def _insert(package: Package, part: str, root: str, element: str) -> None:
    data = in_utf8(package.read(part))
    closing = re.search(rb"</(\w+:)?" + root.encode() + rb"\s*>\s*$", data)
    if closing is None:
        raise PackageError(f"It is damaged: its part {part} cannot be read.")
    prefix = (closing[1] or b"").decode()
    new = element.replace("<", f"<{prefix}", 1).encode()
    package.replace(part, data[: closing.start()] + new + data[closing.start() :])
