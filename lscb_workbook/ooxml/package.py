"""The zip package: parts by name, and saving that copies what was not replaced as it is, still compressed."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

from lscb_workbook.ooxml.errors import PackageError

__all__ = ["Package"]

_MAX_ENTRIES = 20_000
_MAX_TOTAL = 1 << 30
_MAX_RATIO, _RATIO_FROM = 250, 20 << 20
_LOCAL, _CENTRAL, _END = 0x04034B50, 0x02014B50, 0x06054B50
_SMALL = 1 << 16  # the bytes up to which a part is kept once it was read
_TINY = 1 << 10  # the bytes below which deflating a part is not worth its time
_LEVEL = 1  # deflating harder takes 1.5 to 3 times as long, for files a tenth to a quarter smaller
_DAY_1980 = 0x21  # 1 January 1980 as a zip's date, the fixed date of what is written
_UTF8, _DESCRIPTOR = 0x800, 0x8
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.S)


class Package:
    """An Open Packaging package. Parts that are not replaced keep their compressed bytes and their order."""

    def __init__(self, data: bytes, archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> None:
        self._data = data
        self._archive = archive
        self._infos = infos
        self._written: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._small: dict[str, bytes] = {}
        self._kept: dict[str, tuple[bytes, bytes, int]] = {}
        self._spellings: dict[str, str] | None = None

    @classmethod
    def open(cls, source: Path | bytes) -> Package:
        """Open a package.

        Raises PackageError where it is none, is encrypted, or would inflate beyond all measure.
        """
        data = source if isinstance(source, bytes) else _file(source)
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise PackageError(
                "It is protected by a password, or in the old .xls format. "
                "Remove the password, or save it as an Excel workbook (.xlsx)."
            )
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
            infos = archive.infolist()
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError):
            raise PackageError("It is not an Excel workbook, or it is damaged.") from None
        _refuse_bombs(infos, len(data))
        by_name = {info.filename: info for info in infos if not info.is_dir()}
        if len(by_name) != sum(not info.is_dir() for info in infos):
            raise PackageError("It is damaged: it holds two parts of the same name.")
        if "[Content_Types].xml" not in by_name:
            raise PackageError("It is not an Excel workbook, or it is damaged.")
        return cls(data, archive, by_name)

    @property
    def changed(self) -> bool:
        """Whether a part was written anew, added or left out."""
        return bool(self._written or self._removed)

    def copy(self) -> Package:
        """A package of its own that starts as this one; the bytes read are shared."""
        twin = Package(self._data, self._archive, self._infos)
        twin._written, twin._removed = dict(self._written), set(self._removed)
        twin._small, twin._kept = self._small, self._kept
        return twin

    @property
    def names(self) -> tuple[str, ...]:
        known = (*self._infos, *(name for name in self._written if name not in self._infos))
        return tuple(name for name in known if name not in self._removed)

    def __contains__(self, name: str) -> bool:
        return (name in self._infos or name in self._written) and name not in self._removed

    def spelt(self, name: str) -> str:
        """A part's name as the package spells it: capitals and small letters are the same in part names.

        Source: ECMA-376 part 2, 9.1.1.2. The name itself where there is no such part.
        """
        if name in self:
            return name
        if self._spellings is None:
            self._spellings = {one.casefold(): one for one in self._infos}
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
            data = self._inflated(self._infos[name])
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OSError):
            raise PackageError(f"It is damaged: its part {name} cannot be read.") from None
        if name.endswith((".xml", ".rels", ".vml")) and _declares_type(data):
            raise PackageError(f"Its part {name} declares a document type, which no workbook does.")
        if len(data) <= _SMALL:
            self._small[name] = data
        return data

    def _inflated(self, info: zipfile.ZipInfo) -> bytes:
        """A member's bytes, no more of them than the directory says, and just those that it means."""
        if info.compress_type == zipfile.ZIP_STORED:
            data = self._body(info)
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            data = zlib.decompressobj(-15).decompress(self._body(info), info.file_size + 1)
        else:
            data = self._archive.read(info)
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise zipfile.BadZipFile
        return data

    def _body(self, info: zipfile.ZipInfo) -> bytes:
        """A member's bytes as they stand in the zip. Raises where its own header gives it another name."""
        flags, name, extra = struct.unpack_from("<6xH18xHH", self._data, info.header_offset)
        start = info.header_offset + 30
        said = self._data[start : start + name].decode("utf-8" if flags & _UTF8 else "cp437")
        if said != info.orig_filename:
            raise zipfile.BadZipFile
        return self._data[start + name + extra : start + name + extra + info.compress_size]

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
        out = bytearray()
        directory = bytearray()
        names = self.names
        for name in names:
            offset = len(out)
            head, body, attributes = self._entry(name)
            encoded = name.encode()
            out += struct.pack("<I", _LOCAL) + head + struct.pack("<HH", len(encoded), 0) + encoded + body
            directory += struct.pack("<IH", _CENTRAL, 20) + head
            directory += struct.pack("<HHHHHII", len(encoded), 0, 0, 0, 0, attributes, offset) + encoded
        if len(out) + len(directory) > 0xFFFFFFFF or len(names) > 0xFFFF:
            raise PackageError("The workbook is larger than 4 GB and cannot be written.")
        end = struct.pack("<IHHHHIIH", _END, 0, 0, len(names), len(names), len(directory), len(out), 0)
        return bytes(out + directory + end)

    def _entry(self, name: str) -> tuple[bytes, bytes, int]:
        """The header's common fields, the compressed bytes, and the external attributes of a member."""
        if name in self._written:
            data = self._written[name]
            method, body = (0, data) if len(data) < _TINY else (8, _deflated(data))
            fields = (20, _UTF8, method, 0, _DAY_1980, zlib.crc32(data), len(body), len(data))
            return struct.pack("<HHHHHIII", *fields), body, 0
        if name in self._kept:
            return self._kept[name]
        info = self._infos[name]
        year, month, day, hour, minute, second = info.date_time
        moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
        flags = (info.flag_bits & ~_DESCRIPTOR) | _UTF8
        sizes = (info.CRC, info.compress_size, info.file_size)
        head = struct.pack("<HHHHHIII", 20, flags, info.compress_type, *moment, *sizes)
        self._kept[name] = entry = head, self._body(info), info.external_attr
        return entry


def _declares_type(data: bytes) -> bool:
    """Whether an XML part declares a document type, which stands before its first element or nowhere."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        return any("<!DOCTYPE".encode(code) in data for code in ("utf-16-le", "utf-16-be"))
    return _DOCTYPE.match(data) is not None


def _deflated(data: bytes) -> bytes:
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush()


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackageError(f"{path} cannot be read: {error.strerror or error}.") from error


def _refuse_bombs(infos: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(info.file_size for info in infos)
    if len(infos) > _MAX_ENTRIES or total > _MAX_TOTAL or (total > _RATIO_FROM and total > _MAX_RATIO * size):
        raise PackageError(
            f"It would unpack to {total / (1 << 20):,.0f} MB in {len(infos):,} parts, "
            "which no tracker or copy does."
        )
    if any(info.flag_bits & 1 for info in infos):
        raise PackageError("It is protected by a password. Remove the password and save it again.")
