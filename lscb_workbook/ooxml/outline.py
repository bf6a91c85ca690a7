"""What a workbook consists of: its own part, its sheets, and what each of them leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element

from lscb_workbook.ooxml.addresses import parse_area
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.following import SHEET_AREA
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import Relationship, parsed, relationships
from lscb_workbook.ooxml.tables import Tables

__all__ = ["Outline", "Place"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Place(NamedTuple):
    """A cell: the sheet's name, row and column from 1."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class Outline:
    """A workbook as it was opened.

    ``part`` is its own part, ``roots`` the parts that the package leads to and ``links`` those that the
    workbook leads to, by kind; ``sheets`` are the parts of the worksheets by name, and ``led`` what each
    sheet leads to, by part.
    """

    part: str
    roots: Mapping[str, str]
    links: Mapping[str, str]
    sheets: Mapping[str, str]
    led: Mapping[str, list[Relationship]]
    date1904: bool

    @classmethod
    def of(cls, package: Package) -> Outline:
        """Raises PackageError where the package is no workbook, or is a 'strict' one."""
        roots = {one.kind: one.target for one in relationships(package, "")}
        part = roots.get("officeDocument", "")
        if part not in package:
            raise PackageError("It is not an Excel workbook.")
        tree = package.once(parsed, part)
        if tree.tag == f"{_STRICT}workbook":
            raise PackageError(
                "It is saved as a 'Strict Open XML Spreadsheet'. "
                "Save it as 'Excel Workbook (.xlsx)' and try again."
            )
        if tree.tag != f"{_MAIN}workbook":
            raise PackageError("It is not an Excel workbook.")
        settings = tree.find(f"{_MAIN}workbookPr")
        targets = {one.id: one for one in relationships(package, part)}
        drawn = [one.target for one in targets.values() if one.kind in ("worksheet", "chartsheet")]
        return cls(
            part,
            roots,
            {one.kind: one.target for one in targets.values()},
            dict(_sheets(tree, targets)),
            {one: relationships(package, one) for one in drawn},
            settings is not None and settings.get("date1904") in ("1", "true"),
        )

    def tables(self, package: Package) -> Tables:
        """The tables on the sheets, by name."""
        led = ((link, sheet) for sheet, part in self.sheets.items() for link in self.led[part])
        parts = {link.target: sheet for link, sheet in led if link.kind == "table"}
        return Tables(package, {part: sheet for part, sheet in parts.items() if part in package})

    def charts(self, package: Package) -> tuple[str, ...]:
        """The parts of all charts on the sheets."""
        drawings = [link.target for links in self.led.values() for link in links if link.kind == "drawing"]
        charts = [link for drawing in drawings for link in relationships(package, drawing)]
        return tuple(link.target for link in charts if link.kind == "chart" and link.target in package)

    def places(self, workbook: Element) -> dict[str, Place]:
        """The single cells that names mean; what follows a table as it grows are ranges."""
        places = {}
        for element in workbook.iter(f"{_MAIN}definedName"):
            found = SHEET_AREA.fullmatch(element.text or "")
            area = parse_area(found[3]) if found else None
            sheet = (found[1] or found[2]).replace("''", "'") if found else ""
            if area and sheet in self.sheets and element.get("localSheetId") is None:
                places[element.get("name", "")] = Place(sheet, area.first_row, area.first_column)
        return places


def _sheets(workbook: Element, targets: Mapping[str, Relationship]) -> Iterator[tuple[str, str]]:
    """The part of each worksheet by its name, in their order."""
    for sheet in workbook.findall(f"{_MAIN}sheets/{_MAIN}sheet"):
        link = targets.get(sheet.get(_ID, ""))
        if link and link.kind == "worksheet":
            yield sheet.get("name", ""), link.target
