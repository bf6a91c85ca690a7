"""A master in other hands: putting into its package what Excel and other programs put there.

Elements go where the schema has them (ECMA-376 part 1, 18.2.27 and 18.3.1.99), parts get a content type
and a relationship, and what XlsxWriter made in a workbook of its own can be grafted onto a tab.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import add_part, relationships

__all__ = ["MAIN", "OFFICE", "RELATION", "Draw", "Master", "drawn"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
RELATION = f"{OFFICE}/relationships"

_WORKSHEET = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells "
    "phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup "
    "headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing "
    "legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst"
)
_WORKBOOK = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr "
    "smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)

Draw = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]


def drawn(draw: Draw, *others: str) -> bytes:
    """A workbook as XlsxWriter writes it: the sheet drawn, and blank ones that it may refer to."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Piece")
        for name in others:
            book.add_worksheet(name)
        draw(book, sheet)
    return raw.getvalue()


class Master:
    """The package of a master, to be changed as a program would change it."""

    def __init__(self, data: bytes) -> None:
        self.package = Package.open(data)
        self.workbook = "xl/workbook.xml"

    def to_bytes(self) -> bytes:
        return self.package.to_bytes()

    def text(self, part: str) -> str:
        return self.package.read(part).decode()

    def put(self, part: str, text: str) -> None:
        self.package.replace(part, text.encode())

    def change(
        self, part: str, pattern: str, new: str | Callable[[re.Match[str]], str], count: int = 0
    ) -> None:
        """Substitute in a part; it is a mistake of the test where nothing matches."""
        changed, found = re.subn(pattern, new, self.text(part), count=count, flags=re.S)
        assert found, f"{pattern} is not in {part}"
        self.put(part, changed)

    # --- finding -----------------------------------------------------------------------------

    def tab(self, name: str) -> str:
        """The part of a tab."""
        tag = next(
            tag
            for tag in re.findall(r"<sheet\s[^>]*>", self.text(self.workbook))
            if f'name="{escape(name)}"' in tag
        )
        id_ = re.search(r'r:id="([^"]*)"', tag)
        assert id_
        return self.target(self.workbook, id_[1])

    def target(self, part: str, id_: str) -> str:
        return next(one.target for one in relationships(self.package, part) if one.id == id_)

    def table(self, name: str) -> str:
        """The part of a table."""
        return next(
            part
            for part in self.package.names
            if part.startswith("xl/tables/") and f'displayName="{name}"' in self.text(part)
        )

    def tab_of(self, table: str) -> str:
        """The part of the tab that a table is on."""
        part = self.table(table)
        return next(
            sheet
            for sheet in self.package.names
            if sheet.startswith("xl/worksheets/sheet")
            and part in [one.target for one in relationships(self.package, sheet)]
        )

    def range_of(self, table: str) -> str:
        found = re.search(r'\sref="([^"]*)"', self.text(self.table(table)))
        assert found
        return found[1]

    # --- parts -------------------------------------------------------------------------------

    def add(self, name: str, data: str | bytes, content: str, source: str, kind: str) -> str:
        """Add a part that ``source`` leads to; the relationship's id. ``kind`` is Office's word, or a URI."""
        self._open_links(source)
        before = {one.id for one in relationships(self.package, source)}
        raw = data.encode() if isinstance(data, str) else data
        add_part(self.package, name, raw, content, source, kind if "://" in kind else f"{RELATION}/{kind}")
        return next(one.id for one in relationships(self.package, source) if one.id not in before)

    def link(self, source: str, kind: str, target: str) -> str:
        """A relationship to what is outside the package; its id."""
        rels = self._open_links(source)
        number = len(re.findall("<Relationship ", self.text(rels))) + 1
        element = f'<Relationship Id="rIdE{number}" Type="{RELATION}/{kind}" Target={quoteattr(target)} '
        self.change(rels, "</Relationships>", f'{element}TargetMode="External"/></Relationships>')
        return f"rIdE{number}"

    def _open_links(self, source: str) -> str:
        """The part that holds a part's relationships, made where there is none."""
        rels = _rels_of(source)
        if rels not in self.package:
            kind = "http://schemas.openxmlformats.org/package/2006/relationships"
            self.put(rels, f'<Relationships xmlns="{kind}"></Relationships>')
        return rels

    # --- elements ----------------------------------------------------------------------------

    def insert(self, part: str, element: str, as_: str = "") -> None:
        """Put an element into a sheet or the workbook where the schema has it (or the element ``as_``)."""
        name = re.match(r"<(?:\w+:)?(\w+)", f"<{as_}" if as_ else element)
        assert name
        order = (_WORKBOOK if part == self.workbook else _WORKSHEET).split()
        text = self.text(part)
        if name[1] == "extLst" and "<extLst>" in text:
            inner = element.removeprefix("<extLst>").removesuffix("</extLst>")
            head, _, tail = text.rpartition("</extLst>")
            self.put(part, f"{head}{inner}</extLst>{tail}")
            return
        following = order[order.index(name[1]) + 1 :]
        if name[1] != "conditionalFormatting":
            assert not re.search(rf"<{name[1]}[\s>/]", text), f"{part} has a {name[1]} already"
        place = len(text) - len("</worksheet>" if part != self.workbook else "</workbook>")
        body = text.find("</sheetData>") if part != self.workbook else 0
        for one in following:
            found = re.compile(rf"<{one}[\s>/]").search(text, max(body, 0))
            if found:
                place = min(place, found.start())
        self.put(part, text[:place] + element + text[place:])

    def declare(self, part: str, namespaces: Mapping[str, str], ignorable: Iterable[str] = ()) -> None:
        """Declare namespaces on a part's root, as Excel does, some of them ignorable."""
        text = self.text(part)
        said = "".join(
            f' xmlns:{prefix}="{uri}"' for prefix, uri in namespaces.items() if f"xmlns:{prefix}=" not in text
        )
        if ignorable:
            said += ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            said += f' mc:Ignorable="{" ".join(ignorable)}"'
        self.put(part, re.sub(r"(<(?!\?)[\w:]+)", rf"\1{said}", text, count=1))

    # --- cells -------------------------------------------------------------------------------

    def write(self, part: str, where: str, content: str, attributes: str = "") -> None:
        """Put a cell with this content (``<v>1</v>``, ``<f>…</f>``) on a sheet."""
        number = coordinate_from_string(where)[1]
        cell = f'<c r="{where}"{attributes}>{content}</c>' if content else f'<c r="{where}"{attributes}/>'
        text = self.text(part)
        row = re.search(rf'<row r="{number}"[^>]*?(?:/>|>(.*?)</row>)', text, flags=re.S)
        if row is None:
            later = [m for m in re.finditer(r'<row r="(\d+)"', text) if int(m[1]) > number]
            at = later[0].start() if later else text.index("</sheetData>")
            self.put(part, f'{text[:at]}<row r="{number}">{cell}</row>{text[at:]}')
            return
        tag = re.match(r"<row[^>]*?/?>", row[0])
        assert tag
        cells = [m[0] for m in re.finditer(r"<c [^>]*?(?:/>|>.*?</c>)", row[1] or "", flags=re.S)]
        cells = [one for one in cells if f' r="{where}"' not in one] + [cell]
        cells.sort(key=lambda one: column_index_from_string(_column(one)))
        opened = tag[0].replace("/>", ">")
        self.put(part, text[: row.start()] + opened + "".join(cells) + "</row>" + text[row.end() :])

    def say(self, part: str, where: str, words: str, attributes: str = "") -> None:
        """Put a text on a sheet."""
        self.write(part, where, f"<is><t>{escape(words)}</t></is>", f' t="inlineStr"{attributes}')

    def cell(self, part: str, where: str) -> str:
        """A cell's XML; empty where there is none."""
        found = re.search(rf'<c r="{where}"[^>]*?(?:/>|>.*?</c>)', self.text(part), flags=re.S)
        return found[0] if found else ""

    def widen(self, table: str, heading: str, cells: Mapping[int, str], formula: str = "") -> str:
        """A column of her own at a table's right end, by row of the sheet (texts); the column's letters."""
        first, last = self.range_of(table).split(":")
        (left, top), (right, bottom) = coordinate_from_string(first), coordinate_from_string(last)
        column = get_column_letter(column_index_from_string(right) + 1)
        part, sheet = self.table(table), self.tab_of(table)
        count = column_index_from_string(column) - column_index_from_string(left) + 1
        self.change(part, rf'ref="{first}:{last}"', f'ref="{first}:{column}{bottom}"')
        self.change(part, r'<tableColumns count="\d+"', f'<tableColumns count="{count}"')
        calculated = (
            f"<calculatedColumnFormula>{escape(formula)}</calculatedColumnFormula>" if formula else ""
        )
        ids = max(map(int, re.findall(r'<tableColumn id="(\d+)"', self.text(part)))) + 1
        new = f'<tableColumn id="{ids}" name={quoteattr(heading)}>{calculated}</tableColumn></tableColumns>'
        self.change(part, "</tableColumns>", new)
        self.say(sheet, f"{column}{top}", heading)
        for row in range(top + 1, bottom + 1):
            if formula:
                self.write(sheet, f"{column}{row}", f"<f>{escape(formula)}</f><v>0</v>")
            elif row in cells:
                self.say(sheet, f"{column}{row}", cells[row])
        return column

    # --- grafting ----------------------------------------------------------------------------

    def add_tab(self, name: str, sheet: str, kind: str = "worksheet") -> str:
        """A tab of her own at the end, with this XML; its part. ``kind`` may be ``chartsheet``."""
        number = sum(part.startswith(f"xl/{kind}s/sheet") for part in self.package.names) + 1
        part = f"xl/{kind}s/sheet{number}.xml"
        content = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"
        id_ = self.add(part, sheet, content, self.workbook, kind)
        ids = max(map(int, re.findall(r'sheetId="(\d+)"', self.text(self.workbook)))) + 1
        self.change(
            self.workbook, "</sheets>", f'<sheet name="{name}" sheetId="{ids}" r:id="{id_}"/></sheets>'
        )
        return part

    def graft_tab(self, name: str, piece: bytes, kind: str = "worksheet") -> str:
        """A piece's sheet as a tab of her own, with all that it leads to; its part."""
        other = Package.open(piece)
        source = f"xl/{kind}s/sheet1.xml"
        text = _plain(other.read(source).decode(), _strings(other))
        part = self.add_tab(name, text, kind)
        ids = self._carry(other, source, part)
        self.put(part, re.sub(r'r:id="([^"]*)"', lambda m: f'r:id="{ids[m[1]]}"', text))
        return part

    def graft(self, tab: str, piece: bytes) -> None:
        """What stands after the cells of a piece's sheet, and all it leads to, put onto a tab."""
        other = Package.open(piece)
        source = "xl/worksheets/sheet1.xml"
        part = self.tab(tab)
        ids = self._carry(other, source, part)
        text = other.read(source).decode()
        after = text[text.index("<sheetData") :]
        after = re.sub(r"^<sheetData(?:/>|.*?</sheetData>)", "", after, flags=re.S)
        for found in re.finditer(r"<(\w+)(?:\s[^>]*?)?(?:/>|>.*?</\1>)", after, flags=re.S):
            if found[1] in ("pageMargins", "pageSetup", "headerFooter"):
                continue
            element = re.sub(
                r'r:id="([^"]*)"', lambda m: f'xmlns:r="{RELATION}" r:id="{ids[m[1]]}"', found[0]
            )
            self.insert(part, element)

    def _carry(self, other: Package, source: str, to: str) -> dict[str, str]:
        """Copy the parts that a part of another package leads to; the new ids by the old ones."""
        types = other.read("[Content_Types].xml").decode()
        ids = {}
        folder, rels = posixpath.dirname(source), _rels_of(source)
        text = other.read(rels).decode() if rels in other else ""
        for tag in re.findall(r"<Relationship\s[^>]*>", text):
            id_, kind, target = (_attribute(tag, one) for one in ("Id", "Type", "Target"))
            if 'TargetMode="External"' in tag:
                ids[id_] = self.link(to, kind.rpartition("/")[2], target)
                continue
            whole = posixpath.normpath(posixpath.join(folder, target))
            stem, dot, ending = whole.rpartition(".")
            number = 1
            while f"{stem}h{number}{dot}{ending}" in self.package:
                number += 1
            new = f"{stem}h{number}{dot}{ending}"
            override = re.search(rf'PartName="/{re.escape(whole)}" ContentType="([^"]*)"', types)
            default = re.search(rf'Extension="{ending}" ContentType="([^"]*)"', types)
            content = override or default
            assert content
            ids[id_] = self.add(new, other.read(whole), content[1], to, kind)
            inner = self._carry(other, whole, new)
            if inner:
                self.put(
                    new,
                    re.sub(
                        r'(r:(?:id|embed|link)|o:relid)="([^"]*)"',
                        lambda m, i=inner: f'{m[1]}="{i.get(m[2], m[2])}"',
                        self.text(new),
                    ),
                )
        return ids


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    assert found
    return found[1]


def _column(cell: str) -> str:
    found = re.search(r'\sr="([A-Z]+)', cell)
    assert found
    return found[1]


def _strings(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package:
        return []
    return re.findall(r"<si>(.*?)</si>", package.read("xl/sharedStrings.xml").decode(), flags=re.S)


def _plain(sheet: str, strings: list[str]) -> str:
    """A sheet without styles of its own, its shared strings put inline."""
    sheet = re.sub(r'(<c r="[A-Z]+\d+") s="\d+"', r"\1", sheet)
    return re.sub(
        r'<c r="([A-Z]+\d+)" t="s"><v>(\d+)</v></c>',
        lambda m: f'<c r="{m[1]}" t="inlineStr"><is>{strings[int(m[2])]}</is></c>',
        sheet,
    )
