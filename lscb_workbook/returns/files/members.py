"""What a stranger's zip file lists and holds, within the limits; every fault is the file's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lscb_workbook.ooxml.members import ENTRY, Member, members_of, packed_of, unpacked
from lscb_workbook.returns.files.guards import guarded, refuse_number, refuse_size
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import UnreadableError

__all__ = ["Directory", "content_of", "directory_of", "inflated", "packed_in"]


class Directory(NamedTuple):
    """What a zip file lists, or ``fault``, why that cannot be had."""

    members: Sequence[Member]
    fault: UnreadableError | None = None

    @property
    def sound(self) -> Sequence[Member]:
        """The members. Raises UnreadableError."""
        if self.fault:
            raise self.fault
        return self.members


def directory_of(data: bytes, limits: Limits, damaged: str = "it is damaged") -> Directory:
    """What a zip file lists, within the limits by what it declares."""
    try:
        with guarded(damaged):
            # Counted first, since a record is made of every entry.
            refuse_number(limits, data.count(ENTRY))
            found = members_of(data)
            refuse_size(limits, len(data), sum(member.size for member in found), len(found))
            return Directory(found)
    except UnreadableError as fault:
        return Directory((), fault)


def packed_in(data: bytes, member: Member) -> bytes:
    """A member's bytes as they stand in the zip file; none where it has no head."""
    found = packed_of(data, member)
    return bytes(found[1]) if found else b""


def content_of(data: bytes, member: Member) -> bytes:
    """What a member holds, up to the fault if there is one, and never more than the directory says.

    Raises UnreadableError where it is protected, compressed in a way that cannot be read, or larger.
    """
    return inflated(packed_in(data, member), member)


def inflated(packed: bytes, member: Member) -> bytes:
    """The same of its bytes as they stand in the zip file."""
    if member.is_encrypted:
        raise UnreadableError("return-protected", "the zip file is protected by a password")
    try:
        content = unpacked(memoryview(packed), member)
    except ValueError:
        how = f"compressed in a way that cannot be read (method {member.method})"
        raise UnreadableError("return-unreadable", f"a file in it is {how}") from None
    if len(content) > member.size:
        raise UnreadableError("return-too-large", "a file in it unpacks to more than the zip file says")
    return content
