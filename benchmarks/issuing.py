"""Issuing: what one officer's copy costs, from the tracker to the bytes of the file.

A board of 60 officers, each lead of three actions. Ours counts everything, making the template ready too;
no file is written. The rival loads the template by openpyxl, puts the same values in and saves it. The floor
renders the text of the parts that differ and compresses them as the product does, and copies all other
members' compressed bytes.
"""

from __future__ import annotations

import io
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import deflate
from boards import board, tracker
from measuring import Row, interleaved, on_one_core, timed
from openpyxl import load_workbook

from lscb_workbook.copies import COPY_TEMPLATE, Copy, copies_of
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.tracker.state import Tracker

_ISSUED, _BACK = date(2016, 9, 1), date(2016, 9, 23)


def measure(*, quick: bool) -> list[Row]:
    """What a copy costs."""
    officers, repeats = (3, 1) if quick else (60, 9)
    with tempfile.TemporaryDirectory() as folder:
        of = tracker(board(actions=officers * 3 // 2, officers=officers), Path(folder))
    template = COPY_TEMPLATE.read_bytes()
    copies = issue(of, template)
    values = [values_of(copy) for copy in copies]
    parts, members = [parts_of(copy, template) for copy in copies], members_of(template)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: issue(of, template),
        "openpyxl": lambda: by_openpyxl(values, template),
        "floor": lambda: floor(parts, members),
    }
    with on_one_core():
        found = interleaved({name: _each(way, len(copies)) for name, way in ways.items()}, repeats)
    return [
        Row(
            "issue a copy",
            found["ours"],
            {"openpyxl": found["openpyxl"]},
            floor=found["floor"],
            floor_is="rendering",
            least=20,
            most=1.6,
            goal=">= 20x others, <= 1.6x the least",
            detail={"copies": len(copies)},
        )
    ]


def _each(way: Callable[[], object], copies: int) -> Callable[[], float]:
    return lambda: timed(way) / copies


def issue(of: Tracker, template: bytes) -> list[Copy]:
    """Every officer's copy, as the product makes it."""
    made = copies_of(
        of, of.plan.officers, cycle="2016-17 Q2", issued_on=_ISSUED, return_by=_BACK, template=template
    )
    return list(made)


Filled = dict[str, list[list[object]]]
"""What a copy's tables hold, row by row, by the table's name."""


def values_of(copy: Copy) -> Filled:
    """What stands in a copy's tables."""
    book = load_workbook(io.BytesIO(copy.data))
    found: Filled = {}
    for table in COPY_TABLES.values():
        area = book[table.sheet].tables[table.name].ref
        found[table.name] = [[cell.value for cell in row] for row in book[table.sheet][area][1:]]
    return found


def by_openpyxl(copies: Sequence[Filled], template: bytes) -> None:
    """The same copies by openpyxl: load the template, put in values and the tables' ranges, save."""
    for copy in copies:
        book = load_workbook(io.BytesIO(template))
        for name, rows in copy.items():
            sheet = book[COPY_TABLES[name].sheet]
            first, left = COPY_TABLES[name].row + 1, COPY_TABLES[name].left
            for number, row in enumerate(rows, first):
                for column, value in enumerate(row, left):
                    sheet.cell(number, column).value = value  # type: ignore[assignment]
            start, _, end = sheet.tables[name].ref.partition(":")
            letters = re.sub(r"\d", "", end)
            sheet.tables[name].ref = f"{start}:{letters}{COPY_TABLES[name].row + len(rows)}"
        book.save(io.BytesIO())


# --- the floor -------------------------------------------------------------------------------


class Member(NamedTuple):
    """A zip's member: CRC, size, method (0 or 8) and its bytes as they stand in the zip."""

    crc: int
    size: int
    method: int
    body: bytes


class Sheet(NamedTuple):
    """A filled sheet taken apart: what comes before the rows, each row's tag and cells (address, style,
    text, number), what comes after."""

    head: str
    rows: list[tuple[str, list[tuple[str, str, str | None, str | None]]]]
    tail: str


def members_of(package: bytes) -> dict[str, Member]:
    """The members of a zip, still compressed."""
    found = {}
    for info in zipfile.ZipFile(io.BytesIO(package)).infolist():
        name, extra = struct.unpack_from("<HH", package, info.header_offset + 26)
        start = info.header_offset + 30 + name + extra
        body = package[start : start + info.compress_size]
        found[info.filename] = Member(info.CRC, info.file_size, info.compress_type, body)
    return found


def parts_of(copy: Copy, template: bytes) -> dict[str, Sheet | bytes]:
    """The parts of a copy that differ from the template's: sheets taken apart, others as they are."""
    blank, made = members_of(template), zipfile.ZipFile(io.BytesIO(copy.data))
    parts: dict[str, Sheet | bytes] = {}
    for info in made.infolist():
        known = blank.get(info.filename)
        if known is None or known.crc != info.CRC:
            data = made.read(info)
            sheet = info.filename.startswith("xl/worksheets/sheet")
            parts[info.filename] = _apart(data.decode()) if sheet else data
    return parts


_ROW = re.compile(r"<row\b[^>]*?/>|(<row\b[^>]*>)(.*?)</row>", re.S)
_CELL = re.compile(r'<c r="([A-Z]+\d+)"( s="\d+")?(?: t="\w+")?(?:/>|>(.*?)</c>)', re.S)


def _apart(sheet: str) -> Sheet:
    head, rest = sheet.split("<sheetData>")
    rows, tail = rest.split("</sheetData>")
    taken = []
    for row in _ROW.finditer(rows):
        cells = []
        for where, style, held in _CELL.findall(row[2] or ""):
            text = re.search(r"<t[^>]*>(.*?)</t>", held, re.S)
            number = re.search(r"<v>(.*?)</v>", held)
            cells.append((where, style, unescape(text[1]) if text else None, number[1] if number else None))
        taken.append((row[1] or row[0], cells))
    return Sheet(f"{head}<sheetData>", taken, f"</sheetData>{tail}")


def floor(copies: Sequence[dict[str, Sheet | bytes]], template: dict[str, Member]) -> None:
    """What no way can do without: each filled part's text rendered and compressed as the product
    compresses it, all other members' bytes copied as they are."""
    for parts in copies:
        zipped({**template, **{name: _member(part) for name, part in parts.items()}})


def _member(part: Sheet | bytes) -> Member:
    data = part if isinstance(part, bytes) else _rendered(part)
    if len(data) < 1024:
        return Member(deflate.crc32(data), len(data), 0, data)
    return Member(deflate.crc32(data), len(data), 8, bytes(deflate.deflate_compress(data, 1)))


def _rendered(sheet: Sheet) -> bytes:
    out = [sheet.head]
    for tag, cells in sheet.rows:
        out.append(tag)
        for where, style, text, number in cells:
            if text is not None:
                kept = f"<is><t>{escape(text)}</t></is>"
                out.append(f'<c r="{where}"{style} t="inlineStr">{kept}</c>')
            elif number is not None:
                out.append(f'<c r="{where}"{style}><v>{number}</v></c>')
            else:
                out.append(f'<c r="{where}"{style}/>')
        out.append("</row>" if cells else "")
    out.append(sheet.tail)
    return "".join(out).encode()


def zipped(members: dict[str, Member]) -> bytes:
    """A zip of these members."""
    out, directory, offset = [], [], 0
    for name, (crc, size, method, body) in members.items():
        said = name.encode()
        head = struct.pack("<HHHHHIII", 20, 0x800, method, 0, 0x21, crc, len(body), size)
        out += [struct.pack("<I", 0x04034B50) + head + struct.pack("<HH", len(said), 0) + said, body]
        directory.append(
            struct.pack("<IH", 0x02014B50, 20)
            + head
            + struct.pack("<HHHHHII", len(said), 0, 0, 0, 0, 0, offset)
        )
        directory.append(said)
        offset += len(out[-2]) + len(body)
    listed = b"".join(directory)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(listed), offset, 0)
    return b"".join([*out, listed, end])
