"""Unpacking a zip file: what its directory says is judged before anything is inflated."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import datetime

from lscb_workbook.ooxml.members import UTF8, Member, is_damaged
from lscb_workbook.returns.files.guards import guarded
from lscb_workbook.returns.files.labels import label
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.litter import is_litter
from lscb_workbook.returns.files.members import content_of, directory_of
from lscb_workbook.returns.files.opened import Parcel, Unpacked

__all__ = ["unpack_zip"]

_DAMAGED = "it is a zip file but damaged"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""What programs write that know no time: the first that the format can tell."""


def unpack_zip(data: bytes, limits: Limits) -> Unpacked:
    """What a zip file holds. Raises UnreadableError, which says why it is set aside.

    A member that is damaged is given as far as it could be inflated, and a symbolic link as an empty file.
    """
    members = directory_of(data, limits, _DAMAGED).sound
    with guarded(_DAMAGED):
        return _unpacked(data, members)


def _unpacked(data: bytes, members: Sequence[Member]) -> Unpacked:
    parcels: list[Parcel] = []
    ignored: list[str] = []
    for member in members:
        name = _name(member)
        if name.endswith(("/", "\\")):
            continue
        shown = label(name)
        if is_litter(shown):
            ignored.append(shown)
        elif stat.S_ISLNK(member.attributes >> 16):
            parcels.append(Parcel(shown, b"", written_at=_written_at(member)))
        else:
            content = content_of(data, member)
            damaged = is_damaged(content, member)
            parcels.append(Parcel(shown, content, written_at=_written_at(member), damaged=damaged))
    return Unpacked(tuple(parcels), tuple(ignored))


def _name(member: Member) -> str:
    """The member's name. Many programs write UTF-8 without saying so."""
    name = member.raw_name
    if member.flags & UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _written_at(member: Member) -> datetime | None:
    if member.date_time == _NO_TIME:
        return None
    try:
        return datetime(*member.date_time)
    except ValueError:
        return None
