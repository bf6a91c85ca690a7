"""A table of a workbook: where it lies, what its columns are called, which of them it calculates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lscb_workbook.ooxml.addresses import Area, parse_area
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.relationships import parsed
from lscb_workbook.ooxml.values import read_text

__all__ = ["TableInfo", "table_from"]

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


def table_from(data: bytes, part: str) -> TableInfo | None:
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
