"""A board paper as a Word document, out of a template that a board may restyle in Word.

The template holds the front page, with placeholders such as ``{{ title }}``, the footer and the styles; the
sections are written after what it holds. The same paper and template give the same bytes.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from importlib import resources
from itertools import zip_longest

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from lscb_workbook.board.charts import draw
from lscb_workbook.board.content import Chart, Grid, Lines, Paper, Paragraph, Section
from lscb_workbook.board.lettering import legible
from lscb_workbook.board.wordml import NAMESPACES, STYLES, Area, Sheet
from lscb_workbook.plan.errors import WorkbookError

__all__ = ["PLACEHOLDERS", "paper_template", "write_word"]

PLACEHOLDERS = (
    "board", "title", "as_at", "front.meeting", "front.date", "front.agenda_item", "front.author",
    "front.purpose", "front.recommendation",
)  # fmt: skip
"""What a template may ask for, each between double braces; what it leaves out is not in the paper."""

_TWIPS = 1440 / 25.4
_CAPTION = 24.0  # millimetres of a page that a chart leaves to the heading and caption above it
_LONGEST = 255  # letters of a document property
_UNDERSCORE = "\U0001fffe"  # stands for "_" where docxtpl would take it for a sign of its own; no text has it


def paper_template() -> bytes:
    """The tool's own template: the bytes of a .docx file."""
    return resources.files("lscb_workbook.board").joinpath("paper_template.docx").read_bytes()


def write_word(paper: Paper, *, template: bytes | None = None) -> bytes:
    """The paper as the bytes of a .docx file, in the look of ``template`` (default: the tool's own). Raises
    WorkbookError where the template is no Word document, asks for what a paper has not, or lacks a style."""
    document = _filled(paper_template() if template is None else template, paper)
    _Writer(document).write(paper)
    _describe(document, paper)
    raw = io.BytesIO()
    document.save(raw)
    return _packed(raw.getvalue())


# --- the template ----------------------------------------------------------------------------


def _filled(template: bytes, paper: Paper) -> Document:
    """The template with the paper's front matter in the places of its placeholders."""
    try:
        made = DocxTemplate(io.BytesIO(template))
        about = made.get_docx().core_properties
        about.title = about.subject = about.author = ""  # they are written anew, and would be filled in first
    except Exception as error:  # whatever a file that is no document does to its reader
        raise WorkbookError(
            "The paper's template is not a Word document (.docx). Open it in Word, save it as 'Word "
            "Document', and run the command again."
        ) from error
    said: dict[str, object] = {
        "board": paper.board,
        "title": paper.title,
        "as_at": paper.as_at_words,
        "front": asdict(paper.front),
    }
    # the sandbox, since a template may come from anyone; what is filled in is never read as a template
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        made.render(_guarded(said), environment)
    except TemplateError as error:
        known = ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
        raise WorkbookError(
            f"The paper's template has a placeholder that cannot be filled in: {_line(error)}. "
            f"Correct it in Word; those that can be used are {known}."
        ) from error
    except Exception as error:  # an expression that fails on its values, or braces that tear the XML apart
        raise WorkbookError(
            f"The paper's template cannot be filled in: {_line(error)}. Compare its placeholders with those "
            "of the tool's own template, correct them in Word, and run the command again."
        ) from error
    document: Document = made.docx  # get_docx() would read the template again
    for root in [document.element, *_edges(document)]:
        for text in root.iter(qn("w:t")):
            if text.text:
                text.text = text.text.replace(_UNDERSCORE, "_")
    return document


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _guarded(said: dict[str, object]) -> dict[str, object]:
    """The values with every text fit to be printed, and safe from docxtpl's signs for literal braces."""
    return {
        name: _guarded(value) if isinstance(value, dict) else legible(str(value)).replace("_", _UNDERSCORE)
        for name, value in said.items()
    }


def _edges(document: Document) -> Iterator[BaseOxmlElement]:
    """The headers and footers."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")):
            yield relation.target_part.element


def _style_ids(document: Document) -> dict[str, str]:
    ids = {style.name: style.style_id for style in document.styles if style.name}
    if lacking := [name for name in STYLES if name not in ids]:
        raise WorkbookError(
            f"The paper's template has no style named '{lacking[0]}'. Start again from the tool's own "
            "template and change how its styles look, not their names."
        )
    return ids


# --- the sections ----------------------------------------------------------------------------


class _Writer:
    """Writes a paper's sections at the end of a document, upright and wide pages apart."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._body = document.element.body
        self._ids = _style_ids(document)
        self._page = document.sections[-1]._sectPr
        self._body.remove(self._page)
        self._first = True
        self._tables = self._charts = 0
        numbers = (int(one.get("id", "0")) for one in self._body.iter(qn("wp:docPr")))
        self._drawings = max(numbers, default=0)

    def write(self, paper: Paper) -> None:
        wide = False
        if paper.notice:
            notice = self._sheet(wide).paragraph(paper.notice, "Notice")
            for at, element in enumerate(_elements(notice)):
                self._body.insert(at, element)
        for section in paper.sections:
            if section.wide != wide:
                self._end_pages(wide)
                wide = section.wide
            self._section(section, self._sheet(wide))
        if self._ends_with_table():
            self._add(self._sheet(wide).end())
        self._body.append(self._layout(wide))

    def _section(self, section: Section, sheet: Sheet) -> None:
        self._add(sheet.paragraph(section.heading, "Heading 1"))
        for block, following in zip_longest(section.blocks, section.blocks[1:]):
            if isinstance(block, Paragraph):
                style, keep = "Key Point" if block.strong else "Normal", isinstance(following, Grid | Chart)
                self._add(sheet.paragraph(block.text, style, keep=keep))
            elif isinstance(block, Lines):
                self._add(sheet.bullets(block.items))
            elif isinstance(block, Grid):
                self._table(block, sheet)
            else:
                self._chart(block, sheet)

    def _table(self, grid: Grid, sheet: Sheet) -> None:
        if not grid.rows:
            self._add(sheet.paragraph(f"{grid.caption}: none."))
            return
        self._tables += 1
        self._add(sheet.caption("Table", self._tables, grid.caption) + sheet.table(grid))

    def _chart(self, chart: Chart, sheet: Sheet) -> None:
        self._charts += 1
        pictures = draw(chart, width=sheet.area.width, height=sheet.area.height - _CAPTION)
        for at, picture in enumerate(pictures):
            link, _ = self._document.part.get_or_add_image(io.BytesIO(picture.data))
            self._drawings += 1
            self._add(
                sheet.caption("Figure", self._charts, picture.title, again=at > 0)
                + sheet.picture(picture, link, self._drawings)
            )

    def _add(self, xml: str) -> None:
        self._body.extend(_elements(xml))

    def _ends_with_table(self) -> bool:
        return len(self._body) > 0 and self._body[-1].tag == qn("w:tbl")

    def _end_pages(self, wide: bool) -> None:
        """End the pages of one orientation with what stands in the document so far."""
        if not len(self._body) or self._body[-1].tag != qn("w:p"):
            self._add(self._sheet(wide).end())
        self._body[-1].set_sectPr(self._layout(wide))

    def _layout(self, wide: bool) -> BaseOxmlElement:
        """The page as the template has it, or on its side. Only the first names headers and footers; those
        after it inherit them."""
        page = copy.deepcopy(self._page)
        size = page.find(qn("w:pgSz"))
        if wide:
            width, height = sorted((size.get(qn("w:w")), size.get(qn("w:h"))), key=int)
            size.set(qn("w:w"), height)
            size.set(qn("w:h"), width)
            size.set(qn("w:orient"), "landscape")
        if not self._first:
            for name in ("w:headerReference", "w:footerReference", "w:titlePg", "w:pgNumType", "w:type"):
                for one in page.findall(qn(name)):
                    page.remove(one)
        self._first = False
        return page

    def _sheet(self, wide: bool) -> Sheet:
        size, margin = self._page.find(qn("w:pgSz")), self._page.find(qn("w:pgMar"))
        width, height = int(size.get(qn("w:w"))), int(size.get(qn("w:h")))
        if wide:
            width, height = max(width, height), min(width, height)
        across, down = (
            sum(int(margin.get(qn(f"w:{side}"), "0")) for side in sides)
            for sides in (("left", "right", "gutter"), ("top", "bottom"))
        )
        return Sheet(self._ids, Area((width - across) / _TWIPS, (height - down) / _TWIPS))


def _elements(xml: str) -> list[BaseOxmlElement]:
    return list(parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>"))


# --- the file --------------------------------------------------------------------------------


def _describe(document: Document, paper: Paper) -> None:
    """The properties of the document; its only date is the paper's own. Its language is British English."""
    about = document.core_properties
    moment = datetime.combine(date.fromisoformat(paper.as_at), time(), UTC)
    about.title = legible(paper.title)[:_LONGEST]
    about.subject = legible(f"{paper.board}: position as at {paper.as_at_words}")[:_LONGEST]
    about.author = about.last_modified_by = legible(paper.front.author)[:_LONGEST]
    about.created = about.modified = moment
    about.revision = 1
    about.language = "en-GB"
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _packed(data: bytes) -> bytes:
    """The same package without the moment at which it was packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, source.read(name))
    return made.getvalue()
