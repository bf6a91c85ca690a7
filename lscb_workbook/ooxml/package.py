"""The zip package: parts by name, and saving that copies what was not replaced as it is, still compressed."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

import deflate

from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.members import UTF8, Member, is_damaged, members_of, packed_of, unpacked

__all__ = ["Package"]

T = TypeVar("T")

_MAX_ENTRIES = 20_000
_MAX_TOTAL = 1 << 30
_MAX_RATIO, _RATIO_FROM = 250, 20 << 20
_SIGN_OF_LOCAL, _SIGN_OF_CENTRAL, _END = b"PK\3\4", b"PK\1\2\x14\0", 0x06054B50
_COMMON = struct.Struct("<HHHHHIII")
_NAME_OF_LOCAL = struct.Struct("<HH")
_NAME_OF_CENTRAL = struct.Struct("<HHHHHI")
_SMALL = 1 << 16  # the bytes up to which a part is kept once it was read
_TINY = 1 << 10  # the bytes below which deflating a part is not worth its time
_LEVEL = 1  # deflating harder takes up to twice as long, for files up to a tenth smaller
_DAY_1980 = 0x21  # 1 January 1980 as a zip's date, the fixed date of what is written
_DESCRIPTOR = 0x8
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.S)


class _Entry(NamedTuple):
    """A member as it stands in a zip, and its entry in the directory up to where it starts."""

    member: bytes
    directory: bytes


class Package:
    """An Open Packaging package. Parts that are not replaced keep their compressed bytes and their order."""

    def __init__(
        self,
        data: bytes,
        members: dict[str, Member],
        like: Package | None = None,
    ) -> None:
        self._data = data
        self._members = members
        self._like = like
        self._made: dict[object, object] = like._made if like else {}
        self._written: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._small: dict[str, bytes] = {}
        self._kept: dict[str, _Entry] = {}
        self._spellings: dict[str, str] | None = None

    @classmethod
    def open(cls, source: Path | bytes, *, like: Package | None = None) -> Package:
        """Open a package. What it has in common with another (``like``) is inflated and parsed but once.

        Raises PackageError where it is none, is encrypted, or would inflate beyond all measure.
        """
        data = source if isinstance(source, bytes) else _file(source)
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise PackageError(
                "It is protected by a password, or in the old .xls format. "
                "Remove the password, or save it as an Excel workbook (.xlsx)."
            )
        try:
            members = members_of(data)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError):
            raise PackageError("It is not an Excel workbook, or it is damaged.") from None
        _refuse_bombs(members, len(data))
        by_name = {one.name: one for one in members if not one.is_folder}
        if len(by_name) != sum(not one.is_folder for one in members):
            raise PackageError("It is damaged: it holds two parts of the same name.")
        if "[Content_Types].xml" not in by_name:
            raise PackageError("It is not an Excel workbook, or it is damaged.")
        return cls(data, by_name, like)

    @property
    def changed(self) -> bool:
        """Whether a part was written anew, added or left out."""
        return bool(self._written or self._removed)

    def copy(self) -> Package:
        """A package of its own that starts as this one; the bytes read are shared."""
        twin = Package(self._data, self._members, self._like)
        twin._made = self._made
        twin._written, twin._removed = dict(self._written), set(self._removed)
        twin._small, twin._kept = self._small, self._kept
        return twin

    @property
    def names(self) -> tuple[str, ...]:
        known = (*self._members, *(name for name in self._written if name not in self._members))
        return tuple(name for name in known if name not in self._removed)

    def __contains__(self, name: str) -> bool:
        return (name in self._members or name in self._written) and name not in self._removed

    def spelt(self, name: str) -> str:
        """A part's name as the package spells it: capitals and small letters are the same in part names.

        Source: ECMA-376 part 2, 9.1.1.2. The name itself where there is no such part.
        """
        if name in self:
            return name
        if self._spellings is None:
            self._spellings = {one.casefold(): one for one in self._members}
        other = self._spellings.get(name.casefold(), name)
        return other if other in self else name

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises PackageError where it is missing, damaged, or holds a document type."""
        if name in self._written and name not in self._removed:
            return self._written[name]
        if name not in self:
            raise PackageError(f"It is damaged: its part {name} is missing.")
        if name in self._small:
            return self._small[name]
        try:
            alike = self._like if self._like and self.same(name, self._like) else None
            data = alike.read(name) if alike else self._inflated(self._members[name])
        except ValueError:
            raise PackageError(f"It is damaged: its part {name} cannot be read.") from None
        if name.endswith((".xml", ".rels", ".vml")) and _declares_type(data):
            raise PackageError(f"Its part {name} declares a document type, which no workbook does.")
        if len(data) <= _SMALL:
            self._small[name] = data
        return data

    def same(self, name: str, other: Package) -> bool:
        """Whether a part is compressed here to the very bytes that it has in another package, both as they
        were opened."""
        if any(name in one._written or name in one._removed for one in (self, other)):
            return False
        mine, its = self._members.get(name), other._members.get(name)
        if mine is None or its is None:
            return False
        if (mine.checksum, mine.size, mine.method) != (its.checksum, its.size, its.method):
            return False
        try:
            return bytes(self._body(mine)) == bytes(other._body(its))  # views are compared far slower
        except ValueError:
            return False

    def once(self, make: Callable[[bytes, str], T], name: str) -> T:
        """What a function makes of a part's bytes and name.

        It is made once of the same ones, in packages that are copies of each other or were opened alike too.
        """
        key = make, name, self.read(name)
        if key not in self._made:
            self._made[key] = make(key[2], name)
        return cast(T, self._made[key])

    def _inflated(self, member: Member) -> bytes:
        """A member's bytes. Raises ValueError where they are not just those that the directory means."""
        data = unpacked(self._body(member), member)
        if is_damaged(data, member):
            raise ValueError(member.name)
        return data

    def _body(self, member: Member) -> memoryview:
        """A member's bytes as they stand in the zip. Raises ValueError where its own head gives it another
        name."""
        found = packed_of(self._data, member)
        if found is None or found[0] != member.raw_name.encode("utf-8" if member.flags & UTF8 else "cp437"):
            raise ValueError(member.name)
        return found[1]

    def replace(self, name: str, data: bytes) -> None:
        """Write a part anew, or add it."""
        self._written[name] = data
        self._removed.discard(name)

    def remove(self, name: str) -> None:
        """Leave a part out."""
        self._removed.add(name)
        self._written.pop(name, None)

    def to_bytes(self) -> bytes:
        """The package. The same parts give the same bytes."""
        names = self.names
        members: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for name in names:
            member, said = self._entry(name)
            members.append(member)
            directory += (said, offset.to_bytes(8, "little")[:4], name.encode())
            offset += len(member)
        listed = b"".join(directory)
        if offset + len(listed) > 0xFFFFFFFF or len(names) > 0xFFFF:
            raise PackageError("The workbook is larger than 4 GB and cannot be written.")
        end = struct.pack("<IHHHHIIH", _END, 0, 0, len(names), len(names), len(listed), offset, 0)
        return b"".join([*members, listed, end])

    def _entry(self, name: str) -> _Entry:
        if name in self._written:
            data = self._written[name]
            deflated = None if len(data) < _TINY else deflate.deflate_compress(data, _LEVEL)
            method, body = (0, data) if deflated is None else (8, deflated)
            sizes = (deflate.crc32(data), len(body), len(data))
            return _entry(name, _COMMON.pack(20, UTF8, method, 0, _DAY_1980, *sizes), body, 0)
        if name in self._kept:
            return self._kept[name]
        one = self._members[name]
        flags, moment = (one.flags & ~_DESCRIPTOR) | UTF8, (one.moment & 0xFFFF, one.moment >> 16)
        common = _COMMON.pack(20, flags, one.method, *moment, one.checksum, one.packed, one.size)
        self._kept[name] = entry = _entry(name, common, self._body(one), one.attributes)
        return entry


def _entry(name: str, common: bytes, body: bytes | bytearray | memoryview, attributes: int) -> _Entry:
    """A member of these fields, which its own header and the directory have alike, and compressed bytes."""
    said = name.encode()
    local = (_SIGN_OF_LOCAL, common, _NAME_OF_LOCAL.pack(len(said), 0), said, body)
    central = (_SIGN_OF_CENTRAL, common, _NAME_OF_CENTRAL.pack(len(said), 0, 0, 0, 0, attributes))
    return _Entry(b"".join(local), b"".join(central))


def _declares_type(data: bytes) -> bool:
    """Whether an XML part declares a document type, which stands before its first element or nowhere."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        return any("<!DOCTYPE".encode(code) in data for code in ("utf-16-le", "utf-16-be"))
    return _DOCTYPE.match(data) is not None


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackageError(f"{path} cannot be read: {error.strerror or error}.") from error


def _refuse_bombs(members: Sequence[Member], size: int) -> None:
    total = sum(one.size for one in members)
    bomb = total > _MAX_TOTAL or (total > _RATIO_FROM and total > _MAX_RATIO * size)
    if bomb or len(members) > _MAX_ENTRIES:
        raise PackageError(
            f"It would unpack to {total / (1 << 20):,.0f} MB in {len(members):,} parts, "
            "which no tracker or copy does."
        )
    if any(one.is_encrypted for one in members):
        raise PackageError("It is protected by a password. Remove the password and save it again.")
