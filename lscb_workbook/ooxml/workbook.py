"""A workbook as its tables, names and properties: found by name, filled in place, everything else kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
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
from lscb_workbook.ooxml.formats import DEFAULT_WIDTH, Format, column_widths, formats
from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.properties import (
    Core,
    core_properties,
    custom_properties,
    set_core_properties,
    set_custom_properties,
)
from lscb_workbook.ooxml.relationships import drop_part, parsed, relationships
from lscb_workbook.ooxml.sheets import Sheet, is_formula
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


class _Look(NamedTuple):
    """A column in which text is wrapped: its width in Excel's units, and its cells' format."""

    column: int
    width: float
    format: Format


class Workbook:
    """An .xlsx package, opened to be filled. Nothing is written until :meth:`to_bytes`."""

    def __init__(self, package: Package) -> None:
        self._package = package
        root = next((one for one in relationships(package, "") if one.kind == "officeDocument"), None)
        if root is None or root.target not in package:
            raise PackageError("It is not an Excel workbook.")
        self._part = root.target
        self._xml = self._xml_read = package.read(self._part)
        tree = parsed(self._xml, self._part)
        if not tree.tag.endswith("}workbook"):
            raise PackageError("It is not an Excel workbook.")
        settings = tree.find(f"{_MAIN}workbookPr")
        self._date1904 = settings is not None and settings.get("date1904") in ("1", "true")
        targets = {one.id: one for one in relationships(package, self._part)}
        self._roots = {one.kind: one.target for one in relationships(package, "")}
        self._parts: dict[str, str] = {}
        for sheet in tree.findall(f"{_MAIN}sheets/{_MAIN}sheet"):
            link = targets.get(sheet.get(f"{{{_OFFICE}/relationships}}id", ""))
            if link and link.kind == "worksheet":
                self._parts[sheet.get("name", "")] = link.target
        self._links = {one.kind: one.target for one in targets.values()}
        self._led = {part: relationships(package, part) for part in self._parts.values()}
        self._sheets: dict[str, Sheet] = {}
        self.tables: dict[str, TableInfo] = dict(self._find_tables())
        self._moves: list[tuple[TableInfo, int]] = []
        self._looks: dict[str, list[_Look]] = {}

    @classmethod
    def open(cls, source: Path | bytes) -> Workbook:
        """Open a workbook. Raises PackageError where it is none, or is damaged, protected or a bomb."""
        return cls(Package.open(source))

    def copy(self) -> Workbook:
        """A workbook of its own that starts as this one now is.

        What was read is shared: a workbook that is opened once and copied many times is read once.
        """
        for name in self._parts:
            self._sheet(name)
        _ = self._places, self._shared, self._formats, self._charts
        twin = object.__new__(Workbook)
        twin.__dict__.update(self.__dict__)
        twin._package = self._package.copy()
        twin._sheets = {name: sheet.copy() for name, sheet in self._sheets.items()}
        twin.tables, twin._moves, twin._roots = dict(self.tables), list(self._moves), dict(self._roots)
        return twin

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    # --- tables ------------------------------------------------------------------------------

    def _find_tables(self) -> Iterable[tuple[str, TableInfo]]:
        for sheet, part in self._parts.items():
            for link in self._led[part]:
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
        for header in sorted(named):
            info.column(header)
        own = [header for header in info.columns if header not in named] if named else []
        kept = self._kept_by_key(info, own)
        styles = self._row_styles(info)
        info = self._resize(info, info.first_row + max(1, len(rows)) - 1)
        for number, row in enumerate(rows or [{}], info.first_row):
            sheet.set_row(number, info.first_col, map(row.get, info.columns), styles)
            for header in own:
                raw = sheet.raw(number, info.column(header))
                if not is_formula(raw):
                    raw = kept.get((str(row.get(info.columns[0])), header), b"")
                if raw:
                    sheet.put(number, info.column(header), raw)
        self._measure(info, range(info.first_row, info.last_row + 1))

    def _kept_by_key(self, info: TableInfo, own: Sequence[str]) -> dict[tuple[str, str], bytes]:
        sheet = self._sheet(info.sheet)
        kept: dict[tuple[str, str], bytes] = {}
        for row in range(info.first_row, info.last_row + 1) if own else ():
            key = sheet.text(row, info.first_col, self._shared)
            name = str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)
            for header in own:
                raw = sheet.raw(row, info.column(header))
                if raw and not is_formula(raw):
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
        for header in {header for row in rows for header in row}:
            info.column(header)
        for number, row in enumerate(rows, start):
            sheet.set_row(number, info.first_col, map(row.get, info.columns), styles)
        self._measure(info, range(start, info.last_row + 1))

    def set_cell(self, table: str, row: int, column: str, value: Value) -> None:
        """Put a value into one cell of a table: the sheet's row, and the column's heading.

        A cell that holds it already keeps its bytes.
        """
        info = self._table(table)
        if not info.first_row <= row <= info.last_row:
            raise PackageError(f"The table '{table}' has no row {row}.")
        sheet, number = self._sheet(info.sheet), info.column(column)
        if not sheet.shows(row, number, value, self._shared):
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
                sheet.put(row, column, b"")
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
        return self._places.get(name)

    @cached_property
    def _places(self) -> dict[str, Place]:
        """The single cells that names mean; what follows a table as it grows are ranges."""
        places = {}
        for element in parsed(self._xml, self._part).iter(f"{_MAIN}definedName"):
            found = SHEET_AREA.fullmatch(element.text or "")
            area = parse_area(found[3]) if found else None
            sheet = (found[1] or found[2]).replace("''", "'") if found else ""
            if area and sheet in self._parts and element.get("localSheetId") is None:
                places[element.get("name", "")] = Place(sheet, area.first_row, area.first_column)
        return places

    def set_name(self, name: str, value: Value) -> None:
        """Put a value into the cell that a defined name means. Raises PackageError where there is none."""
        place = self.place(name)
        if place is None:
            raise PackageError(f"The workbook has no cell named '{name}'. Give its cell that name again.")
        sheet, row, column = self._sheet(place.sheet), place.row, place.column
        if not sheet.shows(row, column, value, self._shared):
            sheet.set(row, column, value, sheet.style(row, column))

    @property
    def properties(self) -> Mapping[str, str]:
        """The custom document properties, as text."""
        return custom_properties(self._package, self._roots.get("custom-properties"))

    def set_properties(self, values: Mapping[str, str]) -> None:
        """Set custom document properties to texts; the others stay as they are."""
        kind = "custom-properties"
        self._roots[kind] = set_custom_properties(self._package, self._roots.get(kind), values)

    @property
    def core(self) -> Core:
        """When the workbook was made and last saved."""
        return core_properties(self._package, self._roots.get("core-properties"))

    def set_core(
        self,
        *,
        title: str | None = None,
        creator: str | None = None,
        created: datetime | None = None,
        modified: datetime | None = None,
    ) -> None:
        """Set the document properties that every program shows; moments are UTC. None leaves one as it is."""
        values = {"title": title, "creator": creator, "created": created, "modified": modified}
        part = self._roots.get("core-properties")
        set_core_properties(self._package, part, {name: value for name, value in values.items() if value})

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
        for name, sheet in self._sheets.items():
            data = sheet.to_bytes()
            if data != sheet.data:
                package.replace(self._parts[name], data)
        for part in self._charts:
            old = package.read(part)
            new = refreshed(old, self._moved_formula, self._area_values)
            if new != old:
                package.replace(part, new)
        if self._xml != self._xml_read:
            package.replace(self._part, self._xml)
        chain = self._links.get("calcChain", "")
        if chain in package and any(sheet.touches_formulas for sheet in self._sheets.values()):
            drop_part(package, chain, self._part)
        return package

    @cached_property
    def _charts(self) -> tuple[str, ...]:
        """The parts of all charts on the sheets."""
        drawings = [link.target for links in self._led.values() for link in links if link.kind == "drawing"]
        charts = [link for drawing in drawings for link in relationships(self._package, drawing)]
        return tuple(link.target for link in charts if link.kind == "chart" and link.target in self._package)

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

    @cached_property
    def _shared(self) -> tuple[str, ...]:
        part = self._links.get("sharedStrings")
        if part is None or part not in self._package:
            return ()
        items = parsed(self._package.read(part), part).findall(f"{_MAIN}si")
        return tuple("".join(text.text or "" for text in _runs(item)) for item in items)

    @cached_property
    def _formats(self) -> list[Format]:
        styles = self._links.get("styles", "")
        return formats(parsed(self._package.read(styles), styles)) if styles in self._package else []

    def _measure(self, info: TableInfo, rows: Iterable[int]) -> None:
        """Give these rows of a table the height that shows their wrapped text."""
        looks = self._looks.get(info.sheet)
        if looks is None:
            looks = self._looks[info.sheet] = list(self._find_looks(info.sheet))
        sheet = self._sheet(info.sheet)
        for row in rows if looks else ():
            shown = [(sheet.text(row, look.column, self._shared), look) for look in looks]
            cells = [
                WrappedText(text, look.width, look.format.size, look.format.bold)
                for text, look in shown
                if isinstance(text, str)
            ]
            sheet.set_height(row, row_height(cells))

    def _find_looks(self, name: str) -> Iterable[_Look]:
        """The columns of a sheet's tables in which text is wrapped, going by the first row of each."""
        sheet = self._sheet(name)
        plain = re.sub(rb"(</?)\w+:", rb"\1", sheet.columns)
        widths = column_widths(parsed(plain, name) if plain else None)
        for table in self.tables.values():
            for column in range(table.first_col, table.last_col + 1) if table.sheet == name else ():
                style = int(sheet.style(table.first_row, column) or 0)
                if style < len(self._formats) and self._formats[style].wraps:
                    yield _Look(column, widths.get(column, DEFAULT_WIDTH), self._formats[style])


def _runs(item: ElementTree.Element) -> Iterable[ElementTree.Element]:
    """The elements that hold a shared text's words; how they are read aloud is not among them."""
    yield from item.findall(f"{_MAIN}t")
    yield from item.findall(f"{_MAIN}r/{_MAIN}t")
