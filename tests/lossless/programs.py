"""A master as programs save it anew: the same workbook, said in another way.

Each function gives the bytes of a master that says what the one given says. Excel's ways are by the
standard's text and by what its own files look like; LibreOffice saves for itself (``rewriting.py``).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from xml.sax.saxutils import escape

from lossless.building import MAIN, RELATION, Master
from lossless.comparing import members, tables_of

__all__ = [
    "PROGRAMS",
    "as_strict",
    "from_1904",
    "shared_strings",
    "signed",
]

_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
_SHEETS = re.compile(r"xl/worksheets/sheet\d+\.xml")
_TEXT = re.compile(r"<t(?:\s[^>]*)?>(.*?)</t>", re.S)


def _each_sheet(master: Master, change: Callable[[str], str]) -> bytes:
    for part in master.package.names:
        if _SHEETS.fullmatch(part):
            master.put(part, change(master.text(part)))
    return master.to_bytes()


def shared_strings(data: bytes) -> bytes:
    """As Excel saves every text: in one part, counted, some of them in runs, with a reading aid whose text is
    no part of the text (``rPh``: ECMA-376 part 1, 18.4.6)."""
    master = Master(data)
    strings: dict[str, int] = {}
    uses = 0

    def cell(match: re.Match[str]) -> str:
        nonlocal uses
        column, row, attributes, content = match.groups()
        if 't="inlineStr"' not in attributes:
            return match[0]
        text = "".join(_TEXT.findall(content))
        half = len(unescape(text)) // 2
        runs = [escape(part) for part in (unescape(text)[:half], unescape(text)[half:])]
        if len(strings) % 5 == 1:
            said = "".join(f'<r><rPr><b/></rPr><t xml:space="preserve">{run}</t></r>' for run in runs if run)
            item = f'<si>{said}<rPh sb="0" eb="1"><t>kana</t></rPh><phoneticPr fontId="0"/></si>'
        else:
            item = f'<si><t xml:space="preserve">{text}</t></si>'
        uses += 1
        index = strings.setdefault(item, len(strings))
        return f'<c r="{column}{row}"{attributes.replace("inlineStr", "s")}><v>{index}</v></c>'

    _each_sheet(master, lambda text: _CELL.sub(cell, text))
    table = f'<sst xmlns="{MAIN}" count="{uses}" uniqueCount="{len(strings)}">{"".join(strings)}</sst>'
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    master.add("xl/sharedStrings.xml", table, content, master.workbook, "sharedStrings")
    return master.to_bytes()


def calculated(data: bytes) -> bytes:
    """As Excel saves a workbook that it has calculated: with the order of calculation (18.6), dimensions of
    rows, and no wish to be calculated in full on loading."""
    master = Master(data)
    cells = []
    numbers = dict(re.findall(r'<sheet name="([^"]*)" sheetId="(\d+)"', master.text(master.workbook)))
    for name, number in numbers.items():
        part = master.tab(unescape(name))
        for found in _CELL.finditer(master.text(part)):
            if "<f" in (found[4] or ""):
                cells.append(f'<c r="{found[1]}{found[2]}" i="{number}"/>')
        master.put(part, re.sub(r'<row r="(\d+)"', r'<row r="\1" spans="1:30"', master.text(part)))
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    chain = f'<calcChain xmlns="{MAIN}">{"".join(cells)}</calcChain>'
    master.add("xl/calcChain.xml", chain, content, master.workbook, "calcChain")
    master.change(master.workbook, r"<calcPr [^>]*/>", '<calcPr calcId="191029"/>')
    return master.to_bytes()


def from_1904(data: bytes) -> bytes:
    """As Excel for Mac of old saved it: days counted from 1904 (18.17.4.1), here 1,462 fewer."""
    master = Master(data)
    styles = master.text("xl/styles.xml")
    days = {m[0] for m in re.findall(r'numFmtId="(\d+)" formatCode="([^"]*)"', styles) if "yy" in m[1]} | {
        "14"
    }
    formats = re.findall(r"<xf [^>]*", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")])
    dated = {str(n) for n, xf in enumerate(formats) if set(re.findall(r'numFmtId="(\d+)"', xf)) & days}

    def cell(match: re.Match[str]) -> str:
        style = re.search(r' s="(\d+)"', match[3])
        if not style or style[1] not in dated or " t=" in match[3]:
            return match[0]
        return re.sub(r"<v>(\d+)(?:\.0)?</v>", lambda m: f"<v>{int(m[1]) - 1462}</v>", match[0])

    master.change(master.workbook, r"<workbookPr\s*/>", '<workbookPr date1904="1"/>')
    return _each_sheet(master, lambda text: _CELL.sub(cell, text))


def styles_renumbered(data: bytes) -> bytes:
    """As a program that sorts its cell formats: in the reverse order, every cell and column renumbered."""
    master = Master(data)
    styles = master.text("xl/styles.xml")
    start, end = styles.index("<cellXfs"), styles.index("</cellXfs>")
    formats = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", styles[start:end], flags=re.S)
    head = styles[start : styles.index(">", start) + 1]
    master.put("xl/styles.xml", styles[:start] + head + "".join(reversed(formats)) + styles[end:])
    last = len(formats) - 1

    def tag(match: re.Match[str]) -> str:
        if not re.search(r'\ss="', match[0]):
            return re.sub(r"^<c\b", f'<c s="{last}"', match[0])
        return re.sub(r'\ss="(\d+)"', lambda m: f' s="{last - int(m[1])}"', match[0])

    return _each_sheet(master, lambda text: re.sub(r"<c\s[^>]*>", tag, text))


def prefixed(data: bytes) -> bytes:
    """As the Open XML SDK and some servers write: every element under a prefix, ``x:worksheet``."""
    master = Master(data)
    for part in master.package.names:
        if part.endswith(".xml") and f'xmlns="{MAIN}"' in master.text(part):
            text = master.text(part).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
            master.put(part, re.sub(r"<(/?)(\w+)(?=[\s/>])(?![^<]*\?>)", r"<\1x:\2", text))
    return master.to_bytes()


def other_quotes(data: bytes) -> bytes:
    """As a program that writes attributes in single quotes, a byte order mark, comments and line ends."""
    master = Master(data)
    for part in master.package.names:
        if part.startswith("xl/") and part.endswith(".xml") and "xl/theme" not in part:
            text = re.sub(r'(\s[\w:]+)="([^"\']*)"', r"\1='\2'", master.text(part))
            text = text.replace("<sheetData>", "<!-- rows -->\r\n<sheetData >").replace(
                "</row>", "</row>\r\n"
            )
            master.package.replace(part, b"\xef\xbb\xbf" + text.encode())
    return master.to_bytes()


def relative_targets(data: bytes) -> bytes:
    """As Excel writes relationships: relative to the part (part 2, 9.3), where this tool's are absolute."""
    master = Master(data)
    for part in master.package.names:
        if part.endswith(".rels") and part != "_rels/.rels":
            depth = part.count("/") - 1
            up = "" if depth == 1 else "../" * (depth - 1)
            master.put(part, master.text(part).replace('Target="/xl/', f'Target="{up}'))
    return master.to_bytes()


def other_case(data: bytes) -> bytes:
    """Part names in another case than the relationships have: they are the same (part 2, 9.1.1.2)."""

    def other(text: str) -> str:
        return text.replace("xl/worksheets/sheet", "xl/Worksheets/Sheet").replace(
            "tables/table", "Tables/table"
        )

    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in members(data).items():
            new = other(part.decode()).encode() if name == "[Content_Types].xml" else part
            package.writestr(name if name.endswith(".rels") else other(name), new)
    return raw.getvalue()


def streamed(data: bytes) -> bytes:
    """As a program that writes to a pipe: sizes after each part, some parts not compressed."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += data  # type: ignore[operator]
            return len(data)  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, part) in enumerate(members(data).items()):
            kind = zipfile.ZIP_STORED if number % 7 == 3 else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name, (2016, 9, 1, 12, 0, 0)), part, compress_type=kind)
    return bytes(pipe.data)


def without_addresses(data: bytes) -> bytes:
    """As a program that leaves out the optional: no addresses where they follow from the order (18.3.1.4)."""

    def sheet(text: str) -> str:
        def row(match: re.Match[str]) -> str:
            columns = re.findall(r'<c r="([A-Z]+)', match[0])
            regular = columns == [chr(65 + n) for n in range(len(columns))] and len(columns) < 26
            return re.sub(r'<c r="[A-Z]+\d+"', "<c", match[0]) if regular else match[0]

        return re.sub(r"<row .*?</row>", row, text, flags=re.S)

    return _each_sheet(Master(data), sheet)


def shared_formulas(data: bytes) -> bytes:
    """As Excel writes a calculated column of the tool's: the formula once, shared by the cells below
    (18.3.1.40)."""
    master = Master(data)
    table = next(one for one in tables_of(members(data)) if one.name == "Milestones")
    column = table.columns.index("Days late")
    letters = chr(65 + column)
    first, last = table.area[1] + 1, table.area[3]
    group = f'<f t="shared" ref="{letters}{first}:{letters}{last}" si="0">'

    def cell(match: re.Match[str]) -> str:
        if match[1] != letters or not first <= int(match[2]) <= last:
            return match[0]
        if int(match[2]) == first:
            return match[0].replace("<f>", group)
        return re.sub(r"<f>.*?</f>", '<f t="shared" si="0"/>', match[0])

    master.put(table.sheet, _CELL.sub(cell, master.text(table.sheet)))
    return master.to_bytes()


def signed(data: bytes) -> bytes:
    """With the parts of a digital signature (part 2, 12), as Excel adds them to a finished workbook."""
    master = Master(data)
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
    content = "application/vnd.openxmlformats-package.digital-signature"
    origin = "_xmlsignatures/origin.sigs"
    master.add(origin, b"", f"{content}-origin", "", f"{kind}/origin")
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="idPackageSignature"></Signature>'
    master.add(
        "_xmlsignatures/sig1.xml", signature, f"{content}-xmlsignature+xml", origin, f"{kind}/signature"
    )
    return master.to_bytes()


def as_strict(data: bytes) -> bytes:
    """As Excel saves a 'Strict Open XML Spreadsheet': the namespaces of ISO/IEC 29500-1 strict."""
    master = Master(data)
    strict = "http://purl.oclc.org/ooxml"
    for part in master.package.names:
        if part.endswith((".xml", ".rels")):
            text = master.text(part).replace(MAIN, f"{strict}/spreadsheetml/main")
            master.put(part, text.replace(RELATION, f"{strict}/officeDocument/relationships"))
    master.change(master.workbook, r"<workbook ", '<workbook conformance="strict" ')
    return master.to_bytes()


PROGRAMS = (
    shared_strings,
    calculated,
    from_1904,
    styles_renumbered,
    prefixed,
    other_quotes,
    relative_targets,
    other_case,
    streamed,
    without_addresses,
    shared_formulas,
)
