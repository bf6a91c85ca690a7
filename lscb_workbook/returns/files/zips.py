"""Unpacking a zip file: what its directory says is judged before anything is inflated."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from datetime import datetime

from lscb_workbook.returns.files.guards import guarded, refuse_number, refuse_size
from lscb_workbook.returns.files.labels import label
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.litter import is_litter
from lscb_workbook.returns.files.opened import Parcel, Unpacked, UnreadableError

__all__ = ["refuse_bomb", "unpack_zip"]

_ENTRY = b"PK\x01\x02"
_MEMBER = b"PK\x03\x04"
_HEADER = 30
_CHUNK = 4096
_BEYOND = 1024 * 1024
_ENCRYPTED = 0x1
_UTF8 = 0x800
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_OLD_MANIFEST = "META-INF/"
"""The folder of OpenOffice's list of files, which declares a type in old versions. Nothing of it is read."""
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""What programs write that know no time: the first that the format can tell."""


def unpack_zip(data: bytes, limits: Limits) -> Unpacked:
    """What a zip file holds. Raises UnreadableError, which says why it is set aside.

    A member that is damaged is given as far as it could be inflated, and a symbolic link as an empty file.
    """
    with guarded("it is a zip file but damaged"):
        return _unpacked(data, _members(data, limits))


def refuse_bomb(data: bytes, limits: Limits) -> None:
    """Refuse a package (a workbook, say) that would unpack to more than is allowed, or to more than it says,
    one that is damaged, and one whose XML declares a document type (through which entities come in).

    It is inflated here, one member after the other within the size it declares: who opens it afterwards may
    not look at what it declares, nor at the checksums of all that it reads.
    """
    with guarded("it is damaged"):
        for member in _members(data, limits):
            content = _content(data, member)
            if _is_damaged(content, member):
                raise UnreadableError(
                    "return-unreadable", f"it is damaged: its part {label(member.filename)} cannot be read"
                )
            if _declares_a_type(content) and not member.filename.startswith(_OLD_MANIFEST):
                reason = f"its part {label(member.filename)} declares a document type, which no workbook does"
                raise UnreadableError("return-unreadable", reason)


def _is_damaged(content: bytes, member: zipfile.ZipInfo) -> bool:
    return len(content) != member.file_size or zlib.crc32(content) != member.CRC


def _declares_a_type(content: bytes) -> bool:
    head = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\0 \t\r\n")
    return head.startswith(b"<") and any(mark in content for mark in _DOCTYPES)


def _members(data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    """What the directory lists, within the limits by what it declares."""
    # Counted first, since the standard library makes a record of every entry.
    refuse_number(limits, data.count(_ENTRY))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    refuse_size(limits, len(data), sum(member.file_size for member in members), len(members))
    return members


def _unpacked(data: bytes, members: list[zipfile.ZipInfo]) -> Unpacked:
    parcels: list[Parcel] = []
    ignored: list[str] = []
    for member in members:
        name = _name(member)
        if name.endswith(("/", "\\")):
            continue
        shown = label(name)
        if is_litter(shown):
            ignored.append(shown)
        elif stat.S_ISLNK(member.external_attr >> 16):
            parcels.append(Parcel(shown, b"", written_at=_written_at(member)))
        else:
            content = _content(data, member)
            damaged = _is_damaged(content, member)
            parcels.append(Parcel(shown, content, written_at=_written_at(member), damaged=damaged))
    return Unpacked(tuple(parcels), tuple(ignored))


def _content(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """What a member holds, never more than the directory says. (The standard library's reader cannot tell
    one that is larger from one that is damaged, nor give what comes before the fault.)"""
    if member.flag_bits & _ENCRYPTED:
        raise UnreadableError("return-protected", "the zip file is protected by a password")
    start = member.header_offset
    header = data[start : start + _HEADER] if start >= 0 else b""
    if len(header) < _HEADER or not header.startswith(_MEMBER):
        return b""
    start += _HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        content = bytes(packed[: member.file_size + 1])
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflated(packed, member)
    else:
        raise UnreadableError(
            "return-unreadable",
            f"a file in it is compressed in a way that cannot be read (method {member.compress_type})",
        )
    if len(content) > member.file_size:
        raise UnreadableError("return-too-large", "a file in it unpacks to more than the zip file says")
    return content


def _inflated(packed: memoryview, member: zipfile.ZipInfo) -> bytes:
    """Inflated up to the fault, if there is one; one byte more than the member's size where it is larger.

    What is damaged often inflates to some nonsense more, and must not be taken for a bomb. So a little more
    is looked at than the size, and one that is within it is larger only if its checksum is right.
    """
    most = member.file_size + _BEYOND
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    for at in range(0, len(packed), _CHUNK):
        try:
            content += inflater.decompress(packed[at : at + _CHUNK], most - len(content))
        except zlib.error:
            break
        if inflater.eof or len(content) == most:
            break
    if len(content) == most or zlib.crc32(content) == member.CRC:
        return bytes(content[: member.file_size + 1])
    return bytes(content[: member.file_size])


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name. Many programs write UTF-8 without saying so."""
    name = member.orig_filename
    if member.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _written_at(member: zipfile.ZipInfo) -> datetime | None:
    if member.date_time == _NO_TIME:
        return None
    try:
        return datetime(*member.date_time)
    except ValueError:
        return None
