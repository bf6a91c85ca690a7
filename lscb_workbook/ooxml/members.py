"""The members of a zip file: what its directory lists, and what each holds, never more than it says."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import deflate

__all__ = [
    "ENTRY",
    "MEMBER",
    "UTF8",
    "Member",
    "content_of",
    "is_damaged",
    "members_of",
    "packed_of",
    "unpacked",
]

ENTRY, MEMBER, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
"""What a member's entry in the directory, a member, and the end of a zip file begin with."""
UTF8 = 0x800
_ENCRYPTED = 0x1
_ENTRY_HEAD = struct.Struct("<4s2xHHHHHIIIHHH4xII")
_END_WHOLE = struct.Struct("<4sHHHHIIH")
_MEMBER_HEAD = struct.Struct("<4s22xHH")
_NEWEST = 63
_MOST = 0xFFFFFFFF
"""What stands for a number that is too large for 32 bits."""
_CHUNK = 4096
_BEYOND = 1024 * 1024


class Member(NamedTuple):
    """A member as the directory lists it: ``packed`` and ``size`` are its bytes before and after inflating,
    ``checksum`` its CRC-32, ``moment`` the day and the time it was written, as the format has them.
    ``raw_name`` is the name with all that stands in it."""

    name: str
    raw_name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int
    attributes: int
    moment: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & _ENCRYPTED)

    @property
    def date_time(self) -> tuple[int, int, int, int, int, int]:
        """When it was written: year to second."""
        day, time = self.moment >> 16, self.moment & 0xFFFF
        return (day >> 9) + 1980, day >> 5 & 15, day & 31, time >> 11, time >> 5 & 63, 2 * (time & 31)


_MADE: Callable[[tuple[object, ...]], Member] = partial(tuple.__new__, Member)
"""The member that ten values are, made without a call of Python's own."""


def members_of(data: bytes) -> Sequence[Member]:
    """What a zip file lists. Raises whatever the standard library does where that cannot be read."""
    return _plainly_listed(data) or _listed(data)


def _plainly_listed(data: bytes) -> list[Member]:
    """The members of a zip file as most are; none where it has anything that takes a closer look."""
    end = len(data) - _END_WHOLE.size
    if end < 0:
        return []
    sign, disk, first, here, count, size, at, comment = _END_WHOLE.unpack_from(data, end)
    if sign != _END or disk or first or here != count or comment or at + size != end:
        return []
    members = []
    unpack = _ENTRY_HEAD.unpack_from
    for _ in range(count):
        begin = at + _ENTRY_HEAD.size
        if begin > end:
            return []
        (
            sign, version, flags, method, time, day, checksum, packed, inflated, long, extra, comment,
            attributes, offset,
        ) = unpack(data, at)  # fmt: skip
        raw = data[begin : begin + long]
        at = begin + long + extra + comment
        if sign != ENTRY or version & 0xFF > _NEWEST or b"\0" in raw or b"\\" in raw:
            return []
        if packed == _MOST or inflated == _MOST or offset == _MOST:
            return []
        name = raw.decode("utf-8" if flags & UTF8 else "cp437")
        moment = day << 16 | time
        members.append(
            _MADE((name, name, flags, method, checksum, packed, inflated, offset, attributes, moment))
        )
    return members if at == end else []


def _listed(data: bytes) -> list[Member]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            Member(
                one.filename,
                one.orig_filename,
                one.flag_bits,
                one.compress_type,
                one.CRC,
                one.compress_size,
                one.file_size,
                one.header_offset,
                one.external_attr,
                _moment(*one.date_time),
            )
            for one in archive.infolist()
        ]


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    return ((year - 1980) << 9 | month << 5 | day) << 16 | hour << 11 | minute << 5 | second // 2


# --- contents --------------------------------------------------------------------------------


def packed_of(data: bytes, member: Member) -> tuple[bytes, memoryview] | None:
    """The name in a member's own head, and its bytes as they stand in the zip file; None where it has no
    head."""
    start = member.offset
    if not 0 <= start <= len(data) - _MEMBER_HEAD.size:
        return None
    sign, name, extra = _MEMBER_HEAD.unpack_from(data, start)
    if sign != MEMBER:
        return None
    start += _MEMBER_HEAD.size
    body = start + name + extra
    return data[start : start + name], memoryview(data)[body : body + member.packed]


def content_of(data: bytes, member: Member) -> bytes:
    """What a member holds, up to the fault if there is one (see :func:`is_damaged`); a byte more than the
    directory says where it is larger. (The standard library's reader cannot tell such a one from one that is
    damaged, nor give what comes before the fault.)

    Raises ValueError where it is compressed in a way that cannot be read.
    """
    found = packed_of(data, member)
    return unpacked(found[1], member) if found else b""


def unpacked(packed: memoryview, member: Member) -> bytes:
    """The same of a member's bytes as they stand in the zip file."""
    if member.method == zipfile.ZIP_STORED:
        return bytes(packed[: member.size + 1])
    if member.method == zipfile.ZIP_DEFLATED:
        return _inflated_at_once(packed, member) or _inflated(packed, member)
    raise ValueError(member.method)


def is_damaged(content: bytes, member: Member) -> bool:
    """Whether what a member holds is not what the directory says of it."""
    return len(content) != member.size or deflate.crc32(content) != member.checksum


def _inflated_at_once(packed: memoryview, member: Member) -> bytes:
    """A member that is as large as its entry says; nothing where it is not."""
    try:
        content = deflate.deflate_decompress(packed, member.size) if member.size else b""
    except deflate.DeflateError:
        return b""
    return bytes(content) if len(content) == member.size else b""


def _inflated(packed: memoryview, member: Member) -> bytes:
    """Inflated up to the fault, if there is one; one byte more than the member's size where it is larger.

    What is damaged often inflates to some nonsense more, and must not be taken for a bomb. So a little more
    is looked at than the size, and one that is within it is larger only if its checksum is right.
    """
    most = member.size + _BEYOND
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    for at in range(0, len(packed), _CHUNK):
        try:
            content += inflater.decompress(packed[at : at + _CHUNK], most - len(content))
        except zlib.error:
            break
        if inflater.eof or len(content) == most:
            break
    if len(content) == most or zlib.crc32(content) == member.checksum:
        return bytes(content[: member.size + 1])
    return bytes(content[: member.size])
