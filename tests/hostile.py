"""Files that mean harm or came to harm: a filled-in copy taken apart and put together again.

What is changed in a part is packed again with the right checksum, so that readers really meet it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tracking import HEAD_OF_RESEARCH, copy_of, fill_in, issued_tracker

__all__ = [
    "ACTIONS",
    "ANSWERS",
    "TAKEN",
    "cell",
    "filled_copy",
    "kernel_bomb",
    "mail",
    "parts",
    "row",
    "sheet",
    "with_cells",
    "with_parts",
    "with_sheet",
    "zipped",
]

ACTIONS = "xl/worksheets/sheet1.xml"
"""The part of the sheet with the officer's actions, as openpyxl names it."""
ANSWERS = {
    ("6.3", "RAG rating"): "Amber",
    ("6.3", "Commentary"): "Going well",
    ("6.3.1", "Status"): "Complete",
}
TAKEN = {"6.3 rating": "Amber", "6.3 commentary": "Going well", "6.3.1 status": "Complete"}
"""What is taken of a copy filled in with these answers."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WRITTEN = (2016, 9, 20, 12, 0, 0)
Change = bytes | Callable[[bytes], bytes]


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A zip file of these members."""
    file = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, _WRITTEN)
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """What a zip file holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def with_parts(data: bytes, changes: Mapping[str, Change]) -> bytes:
    """A package with some parts changed, or added."""
    held = parts(data)
    for name, change in changes.items():
        held[name] = change(held[name]) if callable(change) else change
    return zipped(held)


def cell(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def row(number: int, *cells: bytes) -> bytes:
    return b'<row r="%d">%s</row>' % (number, b"".join(cells))


def with_cells(data: bytes, rows: bytes, part: str = ACTIONS) -> bytes:
    """A workbook with rows put below those of a sheet."""
    return with_parts(data, {part: lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")})


def sheet(rows: bytes) -> bytes:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"


def with_sheet(data: bytes, xml: bytes, *, times: int = 1, texts: bytes = b"") -> bytes:
    """A workbook with a further sheet, which so many of its tabs show; ``texts`` are its shared strings."""

    def linked(rels: bytes) -> bytes:
        made = f'<Relationship Id="rIdX" Type="{_OFFICE}/worksheet" Target="/xl/worksheets/x.xml"/>'
        made += (
            f'<Relationship Id="rIdS" Type="{_OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            if texts
            else ""
        )
        return rels.replace(b"</Relationships>", made.encode() + b"</Relationships>")

    def named(book: bytes) -> bytes:
        tabs = (
            f'<sheet xmlns:r="{_OFFICE}" name="x{n}" sheetId="{900 + n}" r:id="rIdX"/>' for n in range(times)
        )
        return book.replace(b"</sheets>", "".join(tabs).encode() + b"</sheets>")

    def typed(types: bytes) -> bytes:
        made = f'<Override PartName="/xl/worksheets/x.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        made += (
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
            if texts
            else ""
        )
        return types.replace(b"</Types>", made.encode() + b"</Types>")

    changes: dict[str, Change] = {
        "xl/worksheets/x.xml": xml,
        "xl/_rels/workbook.xml.rels": linked,
        "xl/workbook.xml": named,
        "[Content_Types].xml": typed,
    }
    if texts:
        changes["xl/sharedStrings.xml"] = (
            f'<sst xmlns="{_MAIN}"><si><t>'.encode() + texts + b"</t></si></sst>"
        )
    return with_parts(data, changes)


def kernel_bomb(name: str, copies: int, size: int) -> bytes:
    """A zip whose directory lists one compressed member so many times."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(size)
    packed = deflater.compress(content) + deflater.flush()
    common = struct.pack("<HHHHHIII", 20, 0, 8, 0, 0x21, zlib.crc32(content), len(packed), size)
    local = b"PK\x03\x04" + common + struct.pack("<HH", 1, 0) + b"k" + packed
    directory = bytearray()
    for number in range(copies):
        called = f"{number}{name}".encode()
        rest = struct.pack("<HHHHHII", len(called), 0, 0, 0, 0, 0, 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + rest + called
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, copies, copies, len(directory), len(local), 0)
    return local + bytes(directory) + end


def mail(**files: bytes) -> bytes:
    """A saved mail with these files, named by their ending."""
    made = EmailMessage()
    made["From"], made["Subject"], made["To"] = "ann@example.org", "Return", "manager@example.org"
    made.set_content("")
    for ending, data in files.items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"return.{ending}")
    made.set_boundary("=_return")
    return made.as_bytes()


@cache
def filled_copy() -> bytes:
    """A copy filled in with ``ANSWERS``, for those who have no folder of issued copies."""
    with TemporaryDirectory() as folder:
        _, copies = issued_tracker(Path(folder))
        to = Path(folder) / "filled.xlsx"
        return fill_in(copy_of(copies, HEAD_OF_RESEARCH), to, ANSWERS).read_bytes()
