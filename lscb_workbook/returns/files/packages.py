"""The parts of a workbook's package, each inflated once: what has a part's bytes from here may trust them to
be within the limits, whole, and without a document type."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from lscb_workbook.ooxml.members import ENTRY, MEMBER, UTF8, Member, is_damaged
from lscb_workbook.returns.files.guards import guarded
from lscb_workbook.returns.files.labels import label
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.members import Directory, directory_of, inflated, packed_in
from lscb_workbook.returns.files.opened import UnreadableError

__all__ = ["Part", "parts_of", "refuse_bomb", "stored"]

_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_PLAIN_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]*\?>\s*)?<[A-Za-z_]")
"""The beginning of a document that has no type: behind that of its root no parser takes one."""
_XML = (".xml", ".rels", ".vml")
_OLD_MANIFEST = "META-INF/"
"""The folder of OpenOffice's list of files, which declares a type in old versions. Nothing of it is read."""
_HEAD, _TAIL, _END = struct.Struct("<HHHHHIIIHH"), struct.Struct("<HHHII"), struct.Struct("<4sHHHHIIH")
_VERSION, _DAY_1980 = 20, 0x21
_SMALL = 100_000
"""The most bytes of a part that is kept to be known again."""


class Part(NamedTuple):
    """A part of a package: its name, what it holds, and the checksum (CRC-32) of that."""

    name: str
    content: bytes
    checksum: int


def refuse_bomb(data: bytes, limits: Limits) -> None:
    """Refuse a package that :func:`parts_of` refuses."""
    parts_of(data, directory_of(data, limits))


def parts_of(data: bytes, directory: Directory) -> list[Part]:
    """The parts of a package in its own order; a name may stand twice.

    Each is inflated within the size it declares, and held against its checksum: whoever opens the package
    otherwise may not look at either. Raises UnreadableError where the package would unpack to more than is
    allowed, or to more than it says, where it is damaged, and where its XML declares a document type (through
    which entities come in).
    """
    with guarded("it is damaged"):
        return [_part(data, member) for member in directory.sound if not member.is_folder]


def _part(data: bytes, member: Member) -> Part:
    look = _looked_at_before if max(member.packed, member.size) <= _SMALL else _looked_at
    return look(packed_in(data, member), member._replace(offset=0, attributes=0, moment=0))


def _looked_at(packed: bytes, member: Member) -> Part:
    """A part from its bytes as they stand in the package."""
    content = inflated(packed, member)
    if is_damaged(content, member):
        raise UnreadableError(
            "return-unreadable", f"it is damaged: its part {label(member.name)} cannot be read"
        )
    if _declares_a_type(content, member.name):
        reason = f"its part {label(member.name)} declares a document type, which no workbook does"
        raise UnreadableError("return-unreadable", reason)
    return Part(member.name, content, member.checksum)


_looked_at_before = lru_cache(maxsize=64)(_looked_at)
"""The same of a part whose very bytes stand in many copies, as its styles do. A fault is not kept."""


def _declares_a_type(content: bytes, name: str) -> bool:
    if _PLAIN_HEAD.match(content) or name.startswith(_OLD_MANIFEST):
        return False
    if not any(mark in content for mark in _DOCTYPES):
        return False
    head = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\0 \t\r\n")
    return head.startswith(b"<") or name.endswith(_XML)


def stored(parts: Iterable[Part]) -> bytes:
    """A zip file of these parts, uncompressed: cheap to make, and cheap to read."""
    members: list[bytes] = []
    entries: list[bytes] = []
    offset = 0
    for name, content, checksum in parts:
        head, encoded = _head(name, len(content), checksum)
        members += (MEMBER, head, encoded, content)
        entries += (ENTRY, b"\x14\0", head, _TAIL.pack(0, 0, 0, 0, offset), encoded)
        offset += len(MEMBER) + len(head) + len(encoded) + len(content)
    directory = b"".join(entries)
    count = len(members) // 4
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
    return b"".join((*members, directory, end))


@lru_cache(maxsize=256)
def _head(name: str, size: int, checksum: int) -> tuple[bytes, bytes]:
    """What a member's own head and its entry in the directory have alike, and its name."""
    encoded = name.encode("utf-8", "surrogateescape")
    sizes = (size, size, len(encoded), 0)
    return _HEAD.pack(_VERSION, UTF8, zipfile.ZIP_STORED, 0, _DAY_1980, checksum, *sizes), encoded
