"""Plans as boards keep them, made by script: the same table as a Word document, a workbook, a list, a PDF.

A row of one text is the heading of a priority, and goes across the table.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from conformance import convert
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table
from openpyxl import Workbook

__all__ = ["ANYTOWN", "as_list", "as_pdf", "as_word", "as_workbook", "drop_down", "word_table"]

Row = Sequence[str]

ANYTOWN: list[Row] = [
    ["Ref", "What we will do", "Lead Agency", "By when", "Intended outcomes", "BRAG status"],
    ["Priority 1: Early help reaches families sooner"],
    [
        "1.1",
        "Publish the threshold document",
        "Head of Early Help",
        "By end of Feb 2015",
        "Referrals are apt",
        "Amber",
    ],
    [
        "1.2",
        "Train front line staff",
        "Chair of the Training Sub-Group\nDirector of Nursing, CCG",
        "First course held by 30.6.14\nAll courses evaluated by 31.3.15",
        "• 200 people trained\n• Practice is better",
        "Green",
    ],
    ["Priority 2: Neglect is seen and answered"],
    ["2.1", "Use the neglect tool", "Head of Early Help", "Ongoing", "Fewer repeat plans", "Red"],
    ["2.10", "Audit twelve cases", "Chair, Training Sub Group", "September 2014", "They are shared", "Green"],
]
"""A plan for 2014/15 with two priorities, four actions and five milestones."""


def word_table(document: WordDocument, rows: Sequence[Row], width: int) -> Table:
    """A table of these rows, the first of them repeated at the head of each page."""
    table = document.add_table(len(rows), width)
    table.style = "Table Grid"
    for at, row in enumerate(rows):
        cells = table.rows[at].cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            continue
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    head = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    return table


def as_word(rows: Sequence[Row], path: Path, *heads: str) -> Path:
    """A document with these lines and one table, on pages that lie across."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for line in heads:
        document.add_paragraph(line)
    word_table(document, rows, max(map(len, rows)))
    document.save(str(path))
    return path


def drop_down(cell: object, chosen: str) -> None:
    """Put a drop-down into a Word cell, with what was chosen in it."""
    xml = (
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:dropDownList><w:listItem "
        f"w:value='Red'/></w:dropDownList></w:sdtPr>"
        f"<w:sdtContent><w:r><w:t>{chosen}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    cell._tc.find(qn("w:p")).append(parse_xml(xml))  # type: ignore[attr-defined]


def as_workbook(rows: Sequence[Row], path: Path, *heads: str) -> Path:
    """A workbook with these lines above the table, and the headings of priorities merged across it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    width = max(map(len, rows))
    for line in heads:
        sheet.append([line])
    for row in rows:
        sheet.append(list(row))
        if len(row) == 1:
            sheet.merge_cells(
                start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=width
            )
    book.save(path)
    return path


def as_list(rows: Sequence[Row], path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def as_pdf(rows: Sequence[Row], path: Path, *heads: str) -> Path:
    """The Word document of these rows, printed by LibreOffice."""
    return convert(as_word(rows, path.with_suffix(".docx"), *heads), "pdf", path.parent)
