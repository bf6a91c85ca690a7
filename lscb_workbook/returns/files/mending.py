"""Workbooks that are as they should be but that the reader of values cannot take, put in a way it can.

It loses every cell of a binary workbook but the first of a row where a program wrote the short form. It
refuses an OpenDocument spreadsheet whose elements stand on lines of their own, and takes a day that is
written with a time of midnight for text. Given back as they came where there is nothing to mend.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import partial

from lscb_workbook.returns.files.guards import attempt

__all__ = ["mended_ods", "mended_xlsb"]

_GAP = re.compile(
    rb"(<table:table-row\b[^<>]*>|</table:(?:covered-)?table-cell>|<table:(?:covered-)?table-cell\b[^<>]*>"
    rb"|</text:p>|</office:annotation>)\s+(?=<)"
)
_MIDNIGHT = re.compile(rb"""(office:date-value=["'][0-9-]{10})T00:00(?::00(?:[.,]0+)?)?Z?(?=["'])""")
_ROW = 0
_WHOLE = range(1, 12)
_SHORT = {12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6, 18: 7}
"""The record numbers of cells in the short form, which leaves out the column (it is the one after that of the
cell before), and of the same in the whole form."""


def mended_ods(data: bytes) -> bytes:
    """Without the blanks between the elements of a row, and with days as days."""

    def mend(part: bytes) -> bytes:
        return _MIDNIGHT.sub(rb"\1", _GAP.sub(rb"\1", part))

    return _mended(data, lambda name: name == "content.xml", mend)


def mended_xlsb(data: bytes) -> bytes:
    """With every cell in the whole form."""
    return _mended(data, lambda name: name.startswith("xl/worksheets/") and name.endswith(".bin"), _whole)


def _mended(data: bytes, concerned: Callable[[str], bool], mend: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        before = {name: attempt(partial(package.read, name), b"") for name in filter(concerned, names)}
        mended = {name: mend(part) for name, part in before.items()}
        if mended == before:
            return data
        others = {name: attempt(partial(package.read, name), b"") for name in names if name not in mended}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, part in (others | mended).items():
            package.writestr(name, part)
    return file.getvalue()


def _whole(part: bytes) -> bytes:
    if not any(number in _SHORT for number, _ in _records(part)):
        return part
    made = bytearray()
    column = -1
    for number, content in _records(part):
        if number == _ROW:
            column = -1
        elif number in _WHOLE and len(content) >= 4:
            (column,) = struct.unpack_from("<I", content)
        elif number in _SHORT:
            column += 1
            number, content = _SHORT[number], struct.pack("<I", column) + content
        made += _varied(number, 2) + _varied(len(content), 4) + content
    return bytes(made)


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part: number and content. Source: MS-XLSB, 2.1.4."""
    at = 0
    while at < len(part):
        number, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield number, part[at : at + size]
        at += size


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to so many bytes, seven bits in each (the last has its high bit clear), and its end."""
    number = 0
    for count in range(most):
        if at >= len(part):
            break
        byte = part[at]
        at += 1
        number |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            break
    return number, at


def _varied(number: int, most: int) -> bytes:
    made = bytearray()
    for _ in range(most):
        number, low = number >> 7, number & 0x7F
        made.append(low | (0x80 if number else 0))
        if not number:
            break
    return bytes(made)
