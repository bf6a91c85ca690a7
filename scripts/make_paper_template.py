"""Make the Word template of a board paper.

    python scripts/make_paper_template.py [FOLDER]

Writes ``lscb_workbook/board/paper_template.docx`` below FOLDER (default: the project): its front page with
placeholders such as ``{{ title }}``, its footer, and every style that a paper is set in. The same bytes each
time. It may then be restyled in Word: the tool finds its way by the placeholders and the styles' names.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "lscb_workbook/board/paper_template.docx"

NAVY, TEAL, INK, LINE, PALE = "1F3864", "0B5351", "262626", "BFC5CE", "EEF2F7"
FRONT = (
    ("Meeting", "front.meeting"),
    ("Date", "front.date"),
    ("Agenda item", "front.agenda_item"),
    ("Author", "front.author"),
    ("Purpose", "front.purpose"),
    ("Recommendation", "front.recommendation"),
)
WIDTHS = (2268, 7370)
"""Of the front table's two columns, in twentieths of a point; an A4 page less two margins of 2 cm."""

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def main(folder: Path = ROOT) -> None:
    path = folder / TEMPLATE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(paper_template())
    print(f"wrote {path}")


def paper_template() -> bytes:
    """The template as the bytes of a .docx file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in PARTS.items():
            entry = zipfile.ZipInfo(name, (2016, 4, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            package.writestr(entry, _HEAD + xml)
    return made.getvalue()


# --- styles ----------------------------------------------------------------------------------


def _style(
    name: str, *, kind: str = "paragraph", based: str = "Normal", after: str = "", para: str = "",
    run: str = "", extra: str = "", default: bool = False, quick: bool = True,
) -> str:  # fmt: skip
    """A style; ``after`` is the name of the style of the next paragraph."""
    own = name in ("Board", "Key Point", "Notice", "Chart") or name.startswith(("Table ", "Front ", "Board "))
    marks = (' w:default="1"' if default else "") + (' w:customStyle="1"' if own else "")
    return (
        f'<w:style w:type="{kind}"{marks} w:styleId="{_id(name)}"><w:name w:val="{_stored(name)}"/>'
        + ("" if default or not based else f'<w:basedOn w:val="{_id(based)}"/>')
        + (f'<w:next w:val="{_id(after)}"/>' if after else "")
        + ("<w:qFormat/>" if quick else "")
        + (f"<w:pPr>{para}</w:pPr>" if para else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + f"{extra}</w:style>"
    )


def _id(name: str) -> str:
    return name.replace(" ", "")


def _stored(name: str) -> str:
    """The name as Word stores it: its own styles have small letters there."""
    return name.lower() if name.startswith("Heading ") or name in ("Caption", "Header", "Footer") else name


def _space(before: int, after: int, line: int = 264) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _font(size: float, colour: str = "", *, bold: bool = False) -> str:
    """``size`` in points."""
    half = round(size * 2)
    return (
        ("<w:b/><w:bCs/>" if bold else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    )


def _borders(tag: str, sides: Sequence[str], *, size: int = 4, colour: str = LINE, space: int = 0) -> str:
    lines = (f'<w:{s} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>' for s in sides)
    return f"<w:{tag}>{''.join(lines)}</w:{tag}>"


_KEEP = "<w:keepNext/><w:keepLines/>"
_BOX = ("top", "left", "bottom", "right", "insideH", "insideV")


def _table_style(name: str, borders: str, parts: str) -> str:
    margins = (("top", 40), ("left", 85), ("bottom", 40), ("right", 85))
    cells = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in margins)
    table = (
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{borders}<w:tblCellMar>{cells}</w:tblCellMar></w:tblPr>'
    )
    return _style(name, kind="table", based="Normal Table", extra=table + parts)


def _part(kind: str, run: str, fill: str = "") -> str:
    shade = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/></w:tcPr>' if fill else ""
    return f'<w:tblStylePr w:type="{kind}"><w:rPr>{run}</w:rPr>{shade}</w:tblStylePr>'


_BOLD = "<w:b/><w:bCs/>"
_PLAIN_MARGINS = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr>"
)
STYLES = (
    _style("Normal", default=True),
    _style("Default Paragraph Font", kind="character", based="", default=True, quick=False),
    _style("Normal Table", kind="table", based="", default=True, quick=False, extra=_PLAIN_MARGINS),
    _style("No List", kind="numbering", based="", default=True, quick=False),
    _style("Board", after="Title", para=_KEEP + _space(0, 60), run=_font(13, TEAL, bold=True)),
    _style(
        "Title",
        after="Normal",
        para=_KEEP + _space(0, 240, 240),
        run=_font(24, NAVY, bold=True),
    ),
    _style(
        "Heading 1",
        after="Normal",
        para=_KEEP + _space(360, 120, 240) + '<w:outlineLvl w:val="0"/>',
        run=_font(16, NAVY, bold=True),
    ),
    _style(
        "Heading 2",
        after="Normal",
        para=_KEEP + _space(240, 80, 240) + '<w:outlineLvl w:val="1"/>',
        run=_font(13, TEAL, bold=True),
    ),
    _style(
        "List Bullet",
        para='<w:numPr><w:numId w:val="1"/></w:numPr>' + _space(0, 60) + "<w:contextualSpacing/>",
    ),
    _style("Caption", after="Normal", para=_KEEP + _space(200, 80, 240), run=_font(11, NAVY, bold=True)),
    _style(
        "Key Point",
        para="<w:keepLines/>"
        + _borders("pBdr", ("left",), size=24, colour=TEAL, space=8)
        + _space(60, 160)
        + '<w:ind w:left="200"/>',
        run=_font(12, bold=True),
    ),
    _style(
        "Notice",
        para="<w:keepLines/>"
        + _borders("pBdr", ("top", "left", "bottom", "right"), size=12, colour=NAVY, space=6)
        + _space(0, 240)
        + '<w:ind w:left="140" w:right="140"/>',
        run=_font(11, bold=True),
    ),
    _style("Chart", para="<w:keepLines/>" + _space(0, 160, 240)),
    _style("Table Text", para=_space(0, 0, 240), run=_font(10)),
    _style("Table Heading", based="Table Text", run=_BOLD),
    _style("Table Row Heading", based="Table Text", run=_BOLD),
    _style("Table Number", based="Table Text", para='<w:jc w:val="right"/>'),
    _style("Table End", para=_space(0, 0, 20).replace("auto", "exact"), run=_font(1)),
    _style("Front Text", para=_space(20, 20, 252)),
    _style("Front Heading", based="Front Text", run=_font(11, NAVY, bold=True)),
    _style("Header", para=_space(0, 0, 240)),
    _style(
        "Footer",
        para=_borders("pBdr", ("top",), space=4) + _space(0, 0, 240) + '<w:jc w:val="right"/>',
        run=_font(10),
    ),
    _table_style(
        "Board Table",
        _borders("tblBorders", _BOX),
        _part("firstRow", _BOLD + '<w:color w:val="FFFFFF"/>', NAVY) + _part("lastRow", _BOLD, PALE),
    ),
    _table_style(
        "Front Table", _borders("tblBorders", ("top", "bottom", "insideH")), _part("firstCol", "", PALE)
    ),
)  # fmt: skip

_STYLES = (
    f'<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Calibri" w:eastAsia="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
    f'<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'
    f"</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>{_space(0, 120)}</w:pPr></w:pPrDefault></w:docDefaults>"
    f"{''.join(STYLES)}</w:styles>"
)


# --- the page --------------------------------------------------------------------------------


def _paragraph(style: str, text: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


def _front_table() -> str:
    """Name and entry beside each other; no row is a heading, so each name heads its row."""
    rows = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + _cell(WIDTHS[0], _paragraph("FrontHeading", name))
        + _cell(WIDTHS[1], _paragraph("FrontText", "{{ " + placeholder + " }}"))
        + "</w:tr>"
        for name, placeholder in FRONT
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in WIDTHS)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="FrontTable"/>'
        f'<w:tblW w:w="{sum(WIDTHS)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0680" w:firstRow="0" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="About this paper"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _cell(width: int, content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


_DOCUMENT = (
    f'<w:document xmlns:w="{_MAIN}" xmlns:r="{_LINKS}"><w:body>'
    + _paragraph("Board", "{{ board }}")
    + _paragraph("Title", "{{ title }}")
    + _front_table()
    + '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567"'
    ' w:gutter="0"/></w:sectPr></w:body></w:document>'
)
_FOOTER = (
    f'<w:ftr xmlns:w="{_MAIN}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:t xml:space="preserve">{{ title }}  |  Page </w:t></w:r>'
    f'{_field("PAGE")}<w:r><w:t xml:space="preserve"> of </w:t></w:r>{_field("NUMPAGES")}</w:p></w:ftr>'
)
_NUMBERING = (
    f'<w:numbering xmlns:w="{_MAIN}"><w:abstractNum w:abstractNumId="0">'
    '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="357" w:hanging="357"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_SETTINGS = (
    f'<w:settings xmlns:w="{_MAIN}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>Paper to the board</dc:title><dc:creator>lscb-workbook</dc:creator>"
    "<dc:language>en-GB</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2016-04-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2016-04-01T00:00:00Z</dcterms:modified></cp:coreProperties>'
)


def _links(*targets: tuple[str, str]) -> str:
    """Relationships, numbered in order: each its kind and where it leads."""
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _types() -> str:
    kinds = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/numbering.xml": f"{_WORD}.numbering+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    lines = (f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(lines)}</Types>'
    )


PARTS = {
    "[Content_Types].xml": _types(),
    "_rels/.rels": _links(
        (f"{_LINKS}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ),
    "word/document.xml": _DOCUMENT,
    "word/_rels/document.xml.rels": _links(
        (f"{_LINKS}/styles", "styles.xml"),
        (f"{_LINKS}/numbering", "numbering.xml"),
        (f"{_LINKS}/settings", "settings.xml"),
        (f"{_LINKS}/footer", "footer1.xml"),
    ),
    "word/styles.xml": _STYLES,
    "word/numbering.xml": _NUMBERING,
    "word/settings.xml": _SETTINGS,
    "word/footer1.xml": _FOOTER,
    "docProps/core.xml": _CORE,
}


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
