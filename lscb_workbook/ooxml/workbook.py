"""A workbook as its tables, names and properties: found by name, filled in place, everything else kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from lscb_workbook.ooxml.addresses import Area, move_areas, parse_area
from lscb_workbook.ooxml.charts import refreshed
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.following import (
    DEFINED_NAMES,
    RANGES,
    SHEET_AREA,
    follower,
    moved_name,
    moved_ranges,
    moved_table,
)
from lscb_workbook.ooxml.formats import Format, column_widths, formats
from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.properties import (
    Core,
    core_properties,
    custom_properties,
    set_core_properties,
    set_custom_property,
)
from lscb_workbook.ooxml.relationships import drop_part, parsed, relationships
from lscb_workbook.ooxml.sheets import Sheet
from lscb_workbook.ooxml.values import Value, read_text

__all__ = ["Place", "TableInfo", "Workbook"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_FOOTER = re.compile(rb"(<(?:\w+:)?oddFooter>)(.*?)(</(?:\w+:)?oddFooter>)", re.S)


class Place(NamedTuple):
    """A cell: the sheet's name, row and column from 1."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table: its sheet, its headings, and the rows of its data, counted from 1."""

    name: str
    sheet: str
    columns: tuple[str, ...]
    first_row: int
    last_row: int
    first_col: int
    part: str
    totals: bool = False

    @property
    def last_col(self) -> int:
        return self.first_col + len(self.columns) - 1

    @property
    def area(self) -> Area:
        """The headings and the data."""
        return Area(self.first_row - 1, self.first_col, self.last_row, self.last_col)

    def column(self, header: str) -> int:
        """The sheet's column under this heading. Raises PackageError where there is none."""
        if header not in self.columns:
            raise PackageError(
                f"The table '{self.name}' on the sheet '{self.sheet}' has no column '{header}'. "
                "Put the heading back as it was."
            )
        return self.first_col + self.columns.index(header)


class Workbook:
    """An .xlsx package, opened to be filled. Nothing is written until :meth:`to_bytes`."""

    def __init__(self, package: Package) -> None:
        self._package = package
        root = next((one for one in relationships(package, "") if one.kind == "officeDocument"), None)
        if root is None or root.target not in package:
            raise PackageError("It is not an Excel workbook.")
        self._part = root.target
        self._xml = package.read(self._part)
        tree = parsed(self._xml, self._part)
        if not tree.tag.endswith("}workbook"):
            raise PackageError("It is not an Excel workbook.")
        settings = tree.find(f"{_MAIN}workbookPr")
        self._date1904 = settings is not None and settings.get("date1904") in ("1", "true")
        targets = {one.id: one for one in relationships(package, self._part)}
        self._parts: dict[str, str] = {}
        for sheet in tree.findall(f"{_MAIN}sheets/{_MAIN}sheet"):
            link = targets.get(sheet.get(f"{{{_OFFICE}/relationships}}id", ""))
            if link and link.kind == "worksheet":
                self._parts[sheet.get("name", "")] = link.target
        self._links = {one.kind: one.target for one in targets.values()}
        self._sheets: dict[str, Sheet] = {}
        self.tables: dict[str, TableInfo] = dict(self._find_tables())
        self._moves: list[tuple[TableInfo, int]] = []
        self._formats: list[Format] | None = None
        self._widths: dict[str, dict[int, float]] = {}

    @classmethod
    def open(cls, source: Path | bytes) -> Workbook:
        """Open a workbook. Raises PackageError where it is none, or is damaged, protected or a bomb."""
        return cls(Package.open(source))

    def copy(self) -> Workbook:
        """A workbook of its own that starts as this one now is."""
        return Workbook(self._written())

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    # --- tables ------------------------------------------------------------------------------

    def _find_tables(self) -> Iterable[tuple[str, TableInfo]]:
        for sheet, part in self._parts.items():
            for link in relationships(self._package, part):
                if link.kind == "table" and link.target in self._package:
                    tree = parsed(self._package.read(link.target), link.target)
                    area = parse_area(tree.get("ref", ""))
                    if area:
                        yield self._table_info(tree, sheet, link.target, area)

    @staticmethod
    def _table_info(tree: ElementTree.Element, sheet: str, part: str, area: Area) -> tuple[str, TableInfo]:
        name = tree.get("displayName") or tree.get("name") or ""
        columns = tuple(read_text(column.get("name", "")) for column in tree.iter(f"{_MAIN}tableColumn"))
        totals = tree.get("totalsRowCount", "0") != "0"
        head = 0 if tree.get("headerRowCount") == "0" else 1
        last = area.last_row - (1 if totals else 0)
        first = area.first_row + head
        return name, TableInfo(name, sheet, columns, first, last, area.first_column, part, totals)

    def _table(self, name: str) -> TableInfo:
        if name not in self.tables:
            raise PackageError(
                f"The workbook has no table '{name}'. Make its range a table of that name again, "
                "or take the last backup."
            )
        return self.tables[name]

    def fill(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Put these rows, by heading, in the place of all of a table's; the table grows or shrinks.

        Columns that no row names are the owner's: what is written in them stays with the row whose first
        column holds the same, and formulas stay where they are. No rows leave one blank row, which a
        table needs. Raises PackageError where what stands below the table is in the way.
        """
        info = self._table(table)
        sheet = self._sheet(info.sheet)
        named = {header for row in rows for header in row}
        columns = {header: info.column(header) for header in sorted(named)}
        own = [header for header in info.columns if header not in named] if named else []
        kept = self._kept_by_key(info, own)
        styles = self._row_styles(info)
        info = self._resize(info, info.first_row + max(1, len(rows)) - 1)
        for number in range(info.first_row, info.last_row + 1):
            row = rows[number - info.first_row] if rows else {}
            key = row.get(info.columns[0])
            for offset, header in enumerate(info.columns):
                column = info.first_col + offset
                raw = kept.get((str(key), header)) if header in own else None
                if header in own and sheet.calculates(number, column):
                    continue
                if raw:
                    sheet.put(number, column, raw)
                else:
                    sheet.set(number, column, row.get(header), styles[offset])
        self._measure(info, range(info.first_row, info.last_row + 1))
        assert set(columns) == named

    def _kept_by_key(self, info: TableInfo, own: Sequence[str]) -> dict[tuple[str, str], bytes]:
        sheet = self._sheet(info.sheet)
        kept: dict[tuple[str, str], bytes] = {}
        for row in range(info.first_row, info.last_row + 1) if own else ():
            key = sheet.text(row, info.first_col, self._shared)
            name = str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)
            for header in own:
                raw = sheet.raw(row, info.column(header))
                if raw and not sheet.calculates(row, info.column(header)):
                    kept.setdefault((name, header), raw)
        return kept

    def append(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Put rows, by heading, below the last of a table; into its blank row where it has nothing else."""
        if not rows:
            return
        info = self._table(table)
        sheet = self._sheet(info.sheet)
        styles = self._row_styles(info)
        area = Area(info.first_row, info.first_col, info.last_row, info.last_col)
        blank = info.first_row == info.last_row and sheet.holds(area) is None
        start = info.first_row if blank else info.last_row + 1
        info = self._resize(info, start + len(rows) - 1)
        for number, row in enumerate(rows, start):
            for header in row:
                info.column(header)
            for offset, header in enumerate(info.columns):
                sheet.set(number, info.first_col + offset, row.get(header), styles[offset])
        self._measure(info, range(start, info.last_row + 1))

    def set_cell(self, table: str, row: int, column: str, value: Value) -> None:
        """Put a value into one cell of a table: the sheet's row, and the column's heading."""
        info = self._table(table)
        if not info.first_row <= row <= info.last_row:
            raise PackageError(f"The table '{table}' has no row {row}.")
        sheet, number = self._sheet(info.sheet), info.column(column)
        sheet.set(row, number, value, sheet.style(row, number))
        self._measure(info, [row])

    def _row_styles(self, info: TableInfo) -> list[str | None]:
        """The styles that new rows take: those of the first."""
        sheet = self._sheet(info.sheet)
        return [sheet.style(info.first_row, info.first_col + n) for n in range(len(info.columns))]

    def _resize(self, info: TableInfo, last: int) -> TableInfo:
        if last == info.last_row:
            return info
        sheet = self._sheet(info.sheet)
        if last > info.last_row:
            below = Area(info.last_row + 1, info.first_col, last, info.last_col)
            blocked = sheet.holds(below)
            if blocked or info.totals:
                raise PackageError(
                    f"The table '{info.name}' must grow to row {last} of the sheet '{info.sheet}', where "
                    f"{blocked or 'its totals row'} is in the way. Move it to another place and try again."
                )
        for row in range(last + 1, info.last_row + 1):
            for column in range(info.first_col, info.last_col + 1):
                sheet.clear(row, column)
        grown = replace(info, last_row=last)
        follow = follower(info.area, last)
        self._package.replace(info.part, moved_table(self._package.read(info.part), follow))
        sheet.replace_outside(RANGES, lambda match: moved_ranges(match, follow))
        self._xml = DEFINED_NAMES.sub(lambda match: moved_name(match, info.sheet, follow), self._xml)
        self._moves.append((info, last))
        self.tables[info.name] = grown
        return grown

    # --- names, properties and settings ------------------------------------------------------

    def place(self, name: str) -> Place | None:
        """The single cell that a defined name means; None where there is no such name or cell."""
        for element in parsed(self._xml, self._part).iter(f"{_MAIN}definedName"):
            if element.get("name") == name and element.get("localSheetId") is None:
                found = SHEET_AREA.fullmatch(element.text or "")
                area = parse_area(found[3]) if found else None
                sheet = (found[1] or found[2]).replace("''", "'") if found else ""
                if area and sheet in self._parts:
                    return Place(sheet, area.first_row, area.first_column)
        return None

    def set_name(self, name: str, value: Value) -> None:
        """Put a value into the cell that a defined name means. Raises PackageError where there is none."""
        place = self.place(name)
        if place is None:
            raise PackageError(f"The workbook has no cell named '{name}'. Give its cell that name again.")
        sheet = self._sheet(place.sheet)
        sheet.set(place.row, place.column, value, sheet.style(place.row, place.column))

    @property
    def properties(self) -> Mapping[str, str]:
        """The custom document properties, as text."""
        return custom_properties(self._package)

    def set_property(self, name: str, value: str) -> None:
        """Set a custom document property to a text."""
        set_custom_property(self._package, name, value)

    @property
    def core(self) -> Core:
        """When the workbook was made and last saved."""
        return core_properties(self._package)

    def set_core(
        self,
        *,
        title: str | None = None,
        creator: str | None = None,
        created: datetime | None = None,
        modified: datetime | None = None,
    ) -> None:
        """Set the document properties that every program shows; moments are UTC. None leaves one as it is."""
        set_core_properties(self._package, title=title, creator=creator, created=created, modified=modified)

    def set_footer(self, sheet: str, left: str) -> None:
        """Set the left part of a sheet's printed footer; ``&`` in it is text."""
        said = escape("&L&9" + left.replace("&", "&&")).encode()

        def footer(match: re.Match[bytes]) -> bytes:
            rest = re.search(rb"&amp;[CR](?!\w*&amp;L).*", match[2], flags=re.S)
            return match[1] + said + (rest[0] if rest else b"") + match[3]

        self._sheet(sheet).replace_outside(_FOOTER, footer)

    def recalculate_on_load(self) -> None:
        """Have Excel calculate every formula when it opens the workbook, the owner's own as well."""
        attribute = b' fullCalcOnLoad="1"'
        found = re.search(rb"<((?:\w+:)?)calcPr\b([^>]*?)\s*(/?)>", self._xml)
        if found:
            if b"fullCalcOnLoad" in found[2]:
                changed = re.sub(rb"\sfullCalcOnLoad=\"[^\"]*\"", attribute, found[0])
            else:
                changed = b"<" + found[1] + b"calcPr" + found[2] + attribute + found[3] + b">"
            self._xml = self._xml.replace(found[0], changed, 1)
            return
        for before in (b"definedNames", b"externalReferences", b"functionGroups", b"sheets"):
            end = re.search(rb"</((?:\w+:)?)" + before + rb"\s*>", self._xml)
            if end:
                made = b"<" + end[1] + b"calcPr" + attribute + b"/>"
                self._xml = self._xml[: end.end()] + made + self._xml[end.end() :]
                return

    def hide_sheets(self, names: Iterable[str]) -> None:
        """Hide sheets, and show the first that is left. Raises PackageError where none would be."""
        hidden = set(names)
        left = [n for n, name in enumerate(self._parts) if name not in hidden]
        if not left:
            raise PackageError("A workbook must show at least one of its sheets.")

        def sheet(match: re.Match[bytes]) -> bytes:
            name = re.search(rb"\sname=\"([^\"]*)\"", match[0])
            if name is None or unescape(name[1].decode()) not in hidden or b"veryHidden" in match[0]:
                return match[0]
            plain = re.sub(rb"\sstate=\"[^\"]*\"", b"", match[0])
            return plain[:-2].rstrip() + b' state="hidden"/>'

        self._xml = re.sub(rb"<(?:\w+:)?sheet\s[^>]*/>", sheet, self._xml)
        view = re.search(rb"<(?:\w+:)?workbookView\b[^>]*?/?>", self._xml)
        if view:
            plain = re.sub(rb"\s(?:activeTab|firstSheet)=\"[^\"]*\"", b"", view[0])
            cut = plain.index(b"workbookView") + len(b"workbookView")
            changed = plain[:cut] + f' firstSheet="{left[0]}" activeTab="{left[0]}"'.encode() + plain[cut:]
            self._xml = self._xml.replace(view[0], changed, 1)

    # --- writing -----------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """The package with everything that was set; parts that were not touched keep their bytes."""
        return self._written().to_bytes()

    def _written(self) -> Package:
        package = self._package.copy()
        xml = self._xml
        formulas = False
        for name, sheet in self._sheets.items():
            data = sheet.to_bytes()
            if data != package.read(self._parts[name]):
                formulas = formulas or sheet.touches_formulas
                package.replace(self._parts[name], data)
        for part in self._chart_parts():
            old = package.read(part)
            new = refreshed(old, self._moved_formula, self._area_values)
            if new != old:
                package.replace(part, new)
        if xml != package.read(self._part):
            package.replace(self._part, xml)
        chain = self._links.get("calcChain")
        if formulas and chain and chain in package:
            drop_part(package, chain, self._part)
        return package

    def _chart_parts(self) -> Iterable[str]:
        for part in self._parts.values():
            for drawing in relationships(self._package, part):
                if drawing.kind == "drawing":
                    for chart in relationships(self._package, drawing.target):
                        if chart.kind == "chart" and chart.target in self._package:
                            yield chart.target

    def _moved_formula(self, formula: str) -> str:
        for info, last in self._moves:
            found = SHEET_AREA.fullmatch(formula)
            if found and (found[1] or found[2]).replace("''", "'") == info.sheet:
                sheet = formula[: -len(found[3])]
                formula = sheet + move_areas(found[3], follower(info.area, last))
        return formula

    def _area_values(self, sheet: str, area: Area) -> list[str | float | None] | None:
        if sheet not in self._sheets or not self._sheets[sheet].edited:
            return None
        return [
            self._sheets[sheet].text(row, column, self._shared)
            for row in range(area.first_row, area.last_row + 1)
            for column in range(area.first_column, area.last_column + 1)
        ]

    # --- parts -------------------------------------------------------------------------------

    def _sheet(self, name: str) -> Sheet:
        if name not in self._sheets:
            self._sheets[name] = Sheet(self._package.read(self._parts[name]), date1904=self._date1904)
        return self._sheets[name]

    @property
    def _shared(self) -> list[str]:
        part = self._links.get("sharedStrings")
        if part is None or part not in self._package:
            return []
        if not hasattr(self, "_strings"):
            items = parsed(self._package.read(part), part).findall(f"{_MAIN}si")
            self._strings = ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in items]
        return self._strings

    def _measure(self, info: TableInfo, rows: Iterable[int]) -> None:
        """Give these rows of a table the height that shows their wrapped text."""
        sheet = self._sheet(info.sheet)
        if self._formats is None:
            styles = self._links.get("styles", "")
            found = parsed(self._package.read(styles), styles) if styles in self._package else None
            self._formats = formats(found) if found is not None else []
        if info.sheet not in self._widths:
            data = self._package.read(self._parts[info.sheet])
            cols = re.search(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", data, flags=re.S)
            plain = re.sub(rb"(</?)\w+:", rb"\1", cols[0]) if cols else b""
            self._widths[info.sheet] = column_widths(parsed(plain, info.sheet) if plain else None)
        widths = self._widths[info.sheet]
        tables = [one for one in self.tables.values() if one.sheet == info.sheet]
        columns = sorted({c for one in tables for c in range(one.first_col, one.last_col + 1)})
        for row in rows:
            cells = []
            for column in columns:
                style = int(sheet.style(row, column) or 0)
                look = self._formats[style] if style < len(self._formats) else Format(False, 11, False)
                text = sheet.text(row, column, self._shared)
                if look.wraps and isinstance(text, str):
                    cells.append(WrappedText(text, widths.get(column, 8.43), look.size, look.bold))
            sheet.set_height(row, row_height(cells))
