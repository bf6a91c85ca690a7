"""The tables of a workbook: where they lie, what their columns are called, which of them are calculated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lscb_workbook.ooxml.addresses import Area, parse_area
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import parsed
from lscb_workbook.ooxml.tags import attribute
from lscb_workbook.ooxml.values import read_text

__all__ = ["TableInfo", "Tables"]

_TABLE = re.compile(rb"<(?:\w+:)?table(?=[\s/>])(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table: its sheet, its headings, and the rows of its data, counted from 1.

    ``formulas`` are those of the calculated columns by heading, in the file format's own form.
    """

    name: str
    sheet: str
    columns: tuple[str, ...]
    first_row: int
    last_row: int
    first_col: int
    part: str
    totals: bool = False
    formulas: Mapping[str, str] = field(default_factory=dict)

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


class Tables(Mapping[str, TableInfo]):
    """The tables of a workbook by name, each parsed when it is first asked for: most steps need a few."""

    def __init__(self, package: Package, parts: Mapping[str, str]) -> None:
        """``parts`` are the sheets of the table parts, by name. Raises PackageError where one is no XML."""
        self._package = package
        self._parts = {name: (part, sheet) for part, sheet in parts.items() if (name := _name(package, part))}
        self._parsed: dict[str, TableInfo] = {}

    def copy(self) -> Tables:
        """Tables of their own that start as these now are."""
        twin = object.__new__(Tables)
        twin._package, twin._parts, twin._parsed = self._package, dict(self._parts), dict(self._parsed)
        return twin

    @property
    def parts(self) -> Mapping[str, tuple[str, str]]:
        """The part of each table by its name, and the sheet that it is on."""
        return dict(self._parts)

    def on(self, sheet: str) -> list[TableInfo]:
        """The tables on a sheet."""
        return [self[name] for name, (_, its) in self._parts.items() if its == sheet]

    def __getitem__(self, name: str) -> TableInfo:
        if name not in self._parsed:
            part, sheet = self._parts[name]
            info = self._package.once(_table_from, part)
            assert info is not None  # it has a name only if it says where it lies
            self._parsed[name] = replace(info, sheet=sheet)
        return self._parsed[name]

    def __setitem__(self, name: str, info: TableInfo) -> None:
        self._parts[name], self._parsed[name] = (info.part, info.sheet), info

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def _name(package: Package, part: str) -> str:
    """The name of a table; none where it does not say where it lies."""
    tag = _TABLE.search(package.read(part))
    if tag is None:  # it is written in UTF-16, say
        info = package.once(_table_from, part)
        return info.name if info else ""
    area = parse_area(attribute(tag[0], "ref") or "")
    return (attribute(tag[0], "displayName") or attribute(tag[0], "name") or "") if area else ""


def _table_from(data: bytes, part: str) -> TableInfo | None:
    """The table that a table part describes, its sheet left open; None where it does not say where it lies.

    Raises PackageError where it is no XML.
    """
    tree = parsed(data, part)
    area = parse_area(tree.get("ref", ""))
    if area is None:
        return None
    columns = list(tree.iter(f"{_MAIN}tableColumn"))
    formulas = {
        read_text(one.get("name", "")): one.findtext(f"{_MAIN}calculatedColumnFormula", "") for one in columns
    }
    totals = tree.get("totalsRowCount", "0") != "0"
    return TableInfo(
        name=tree.get("displayName") or tree.get("name") or "",
        sheet="",
        columns=tuple(read_text(column.get("name", "")) for column in columns),
        first_row=area.first_row + (0 if tree.get("headerRowCount") == "0" else 1),
        last_row=area.last_row - (1 if totals else 0),
        first_col=area.first_column,
        part=part,
        totals=totals,
        formulas={header: formula for header, formula in formulas.items() if formula},
    )
