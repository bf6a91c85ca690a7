"""The blocks of a paper as WordprocessingML, in the styles of a template.

Each function gives the XML of one or more elements of a document's body. All text is data: it is escaped, and
characters that XML cannot hold are replaced. Sizes are millimetres unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lscb_workbook.board.charts import Picture
from lscb_workbook.board.content import Column, Grid, Text, Word
from lscb_workbook.board.lettering import colours, legible
from lscb_workbook.ooxml.escaping import escape, quoteattr

__all__ = ["NAMESPACES", "STYLES", "Area", "Sheet"]

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{name}"'
    for prefix, name in {
        "w": "wordprocessingml/2006/main",
        "r": "officeDocument/2006/relationships",
        "wp": "drawingml/2006/wordprocessingDrawing",
        "a": "drawingml/2006/main",
        "pic": "drawingml/2006/picture",
    }.items()
)
STYLES = (
    "Normal", "Heading 1", "List Bullet", "Caption", "Key Point", "Notice", "Chart",
    "Table Text", "Table Heading", "Table Row Heading", "Table Number", "Table End", "Board Table",
)  # fmt: skip
"""The styles that a template must have, by the names that Word shows. LibreOffice makes a PDF's structure of
their names: a style called 'Figure' would turn every picture into a paragraph there, and 'Table Heading' is
what it takes for the heading of a column."""

_TWIPS, _EMU = 1440 / 25.4, 914400 / 25.4
_LETTER, _LINE = 1.9, 4.4  # what a letter and a line of a table's text take up, on average


@dataclass(frozen=True, slots=True)
class Area:
    """What a page holds within its margins."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Writes blocks for pages of an ``area``, in the styles whose ids ``styles`` gives by name."""

    styles: Mapping[str, str]
    area: Area

    def paragraph(self, text: str, style: str = "Normal", *, keep: bool = False) -> str:
        """``keep`` has it stand on the page of what follows."""
        return self._paragraph(style, _run(text), "<w:keepNext/>" * keep)

    def bullets(self, items: Iterable[str]) -> str:
        return "".join(self._paragraph("List Bullet", _run(item)) for item in items)

    def caption(self, kind: str, number: int, text: str, *, again: bool = False) -> str:
        """'Table 3. text', numbered by a field, so that Word can list all; ``again`` repeats the number."""
        code = rf" SEQ {kind} \c " if again else rf" SEQ {kind} \* ARABIC "
        field = f'<w:fldSimple w:instr="{code}">{_run(str(number))}</w:fldSimple>'
        return self._paragraph("Caption", _run(f"{kind} ") + field + _run(f". {text}"))

    def end(self) -> str:
        """The next to nothing that must stand between a table and the end of its page."""
        return self._paragraph("Table End", "")

    def picture(self, picture: Picture, link: str, number: int) -> str:
        """A picture with its words for those who do not see it; ``link`` is its relationship's id."""
        fit = min(_EMU, _EMU * self.area.height / picture.height)  # one row may be taller than a page
        size = f'cx="{round(picture.width * fit)}" cy="{round(picture.height * fit)}"'
        said = f'id="{number}" name="Chart {number}" descr={quoteattr(picture.alt)}'
        uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
        return self._paragraph(
            "Chart",
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f"<wp:docPr {said}/><wp:cNvGraphicFramePr>"
            '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            f'<a:graphic><a:graphicData uri="{uri}">'
            f"<pic:pic><pic:nvPicPr><pic:cNvPr {said}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        )

    def table(self, grid: Grid) -> str:
        """A table: its first row heads every page; short rows stay whole; none is left on a page alone."""
        total = round(self.area.width * _TWIPS)
        widths = _widths([column.share for column in grid.columns], total)
        shown = f'w:firstRow="1" w:lastRow="{int(grid.total)}" w:firstColumn="1" w:lastColumn="0"'
        look = f"{0x06A0 + 0x40 * grid.total:04X}"
        rows = [_height(row, widths) < self.area.height / 2 for row in grid.rows]
        body = "".join(
            self._row(
                [self._cell(cell, column, width, head=at == 0, keep=keep)
                 for at, (cell, column, width) in enumerate(zip(row, grid.columns, widths, strict=True))],
                "<w:cantSplit/>" if short else "",
            )
            for row, short, keep in zip(grid.rows, rows, _kept(rows), strict=True)
        )  # fmt: skip
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        heads = [self._head(column, width) for column, width in zip(grid.columns, widths, strict=True)]
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.styles["Board Table"]}"/>'
            f'<w:tblW w:w="{total}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="{look}" {shown} w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(legible(grid.caption))}/></w:tblPr>"
            f"<w:tblGrid>{columns}</w:tblGrid>"
            f"{self._row(heads, '<w:cantSplit/><w:tblHeader/>')}{body}</w:tbl>"
        )

    def _row(self, cells: Iterable[str], how: str) -> str:
        return f"<w:tr>{f'<w:trPr>{how}</w:trPr>' if how else ''}{''.join(cells)}</w:tr>"

    def _head(self, column: Column, width: int) -> str:
        para = "<w:keepNext/>" + ('<w:jc w:val="right"/>' if column.number else "")
        return _cell(width, "", self._paragraph("Table Heading", _run(column.header), para))

    def _cell(self, cell: Text, column: Column, width: int, *, head: bool, keep: bool) -> str:
        style = "Table Row Heading" if head else "Table Number" if column.number else "Table Text"
        shade, run = "", ""
        if isinstance(cell, Word):
            fill, ink = colours(cell)
            shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
            run = f'<w:b/><w:bCs/><w:color w:val="{ink}"/>'
        text = cell.text if isinstance(cell, Word) else cell
        return _cell(width, shade, self._paragraph(style, _run(text, run), "<w:keepNext/>" * keep))

    def _paragraph(self, style: str, runs: str, how: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{how}</w:pPr>{runs}</w:p>'


def _cell(width: int, shade: str, content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{content}</w:tc>'


def _run(text: str, how: str = "") -> str:
    said = escape(legible(text))
    for mark, tag in (("\n", "<w:br/>"), ("\t", "<w:tab/>")):
        said = said.replace(mark, f'</w:t>{tag}<w:t xml:space="preserve">')
    return f'<w:r>{f"<w:rPr>{how}</w:rPr>" if how else ""}<w:t xml:space="preserve">{said}</w:t></w:r>'


def _widths(shares: list[float], total: int) -> list[int]:
    """Whole numbers in proportion to the shares, with the total as their sum."""
    edges = [round(total * sum(shares[:end]) / sum(shares)) for end in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _height(row: Iterable[Text], widths: list[int]) -> float:
    """About how tall a row becomes: enough to tell a short one from one of half a page."""
    tallest = 0
    for cell, width in zip(row, widths, strict=True):
        letters = max(1.0, (width / _TWIPS - 3) / _LETTER)
        text = legible(cell.text if isinstance(cell, Word) else cell)
        tallest = max(tallest, sum(1 + int(len(line) / letters) for line in text.split("\n")))
    return tallest * _LINE


def _kept(short: list[bool]) -> list[bool]:
    """Which rows stay with the next: the first and the last but one, where that asks for no great gap."""
    ends = {0, len(short) - 2}
    return [at in ends and at + 1 < len(short) and short[at] and short[at + 1] for at in range(len(short))]
