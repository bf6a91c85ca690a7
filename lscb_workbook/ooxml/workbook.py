"""A workbook as its tables, names and properties: found by name, filled in place, everything else kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from lscb_workbook.ooxml.addresses import Area, address, move_areas
from lscb_workbook.ooxml.charts import refreshed, speaks_of
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.faults import with_old_errors
from lscb_workbook.ooxml.following import (
    DEFINED_NAMES,
    RANGES,
    SHEET_AREA,
    changed_formulas,
    covering,
    covers,
    followed,
    followed_formula,
    follower,
    moved_name,
    moved_ranges,
    moved_table,
)
from lscb_workbook.ooxml.formats import Format, formats, showing_days
from lscb_workbook.ooxml.frames import Axes, Frame, axes_of, frame_named, with_axes
from lscb_workbook.ooxml.heights import WrappedText, row_height
from lscb_workbook.ooxml.looks import Look, looks
from lscb_workbook.ooxml.outline import Outline, Place
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.properties import (
    Core,
    core_properties,
    custom_properties,
    set_core_properties,
    set_custom_properties,
)
from lscb_workbook.ooxml.references import LAST_COLUMN
from lscb_workbook.ooxml.relationships import drop_part, drop_signatures, parsed
from lscb_workbook.ooxml.remarks import Beside, Remark, calculated
from lscb_workbook.ooxml.room import Gap, in_the_way, put_in_rows
from lscb_workbook.ooxml.settings import FOOTER, footer, recalculated, with_hidden_sheets
from lscb_workbook.ooxml.sheets import Sheet
from lscb_workbook.ooxml.spans import in_utf8
from lscb_workbook.ooxml.strings import strings
from lscb_workbook.ooxml.tables import TableInfo
from lscb_workbook.ooxml.values import Formula, Value, number_of

__all__ = ["Opened", "Place", "TableInfo", "Workbook"]


class Opened(NamedTuple):
    """A workbook as it was opened: its package and what it consists of."""

    package: Package
    outline: Outline


class NewRows(NamedTuple):
    """What the rows to come of a table look like.

    ``first`` is where they begin, in the table's blank row where it has nothing else (``blank``); ``styles``
    are those of its columns in order, ``looks`` the columns in which text is wrapped.
    """

    columns: tuple[str, ...]
    first: int
    first_col: int
    blank: bool
    styles: list[str | None]
    looks: list[Look]
    prefix: str
    date1904: bool


class Workbook:
    """An .xlsx package, opened to be filled. Nothing is written until :meth:`to_bytes`."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._outline = Outline.of(package)
        self._part, self._parts, self._led = self._outline.part, self._outline.sheets, self._outline.led
        self._roots, self._date1904 = dict(self._outline.roots), self._outline.date1904
        self._xml = self._xml_read = in_utf8(package.read(self._part))
        self._sheets: dict[str, Sheet] = {}
        self.tables = self._outline.tables(package)
        self._moves: list[tuple[TableInfo, int]] = []
        self.left: list[Remark] = []
        """What an owner wrote beside rows that filling their tables took away (see :meth:`left_by`)."""
        self._looks: dict[str, list[Look]] = {}

    @classmethod
    def open(cls, source: Path | bytes, *, like: Package | None = None) -> Workbook:
        """Open a workbook; what it has in common with another package (``like``) is read but once.

        Raises PackageError where it is none, or is damaged, protected or a bomb.
        """
        return cls(Package.open(source, like=like))

    def copy(self) -> Workbook:
        """A workbook of its own that starts as this one now is.

        What was read is shared: a workbook that is opened once and copied many times is read once.
        """
        for name in self._parts:
            self._sheet(name)
        _ = self._places, self.shared_strings, self._formats, self._charts
        twin = object.__new__(Workbook)
        twin.__dict__.update(self.__dict__)
        twin._package = self._package.copy()
        twin._sheets = {name: sheet.copy() for name, sheet in self._sheets.items()}
        twin.tables, twin._moves, twin._roots = self.tables.copy(), list(self._moves), dict(self._roots)
        twin.left = list(self.left)
        return twin

    @property
    def opened(self) -> Opened:
        """The workbook as it was opened."""
        return Opened(self._package, self._outline)

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    # --- tables ------------------------------------------------------------------------------

    def _table(self, name: str) -> TableInfo:
        if name not in self.tables:
            raise PackageError(
                f"The workbook has no table '{name}'. Make its range a table of that name again, "
                "or take the last backup."
            )
        return self.tables[name]

    def fill(
        self,
        table: str,
        rows: Sequence[Mapping[str, Value]],
        *,
        keys: Sequence[Sequence[str]] = (),
        headings: Sequence[str] = (),
    ) -> None:
        """Put these rows, by heading, in the place of all of a table's; the table grows or shrinks.

        Columns that are neither among ``headings`` nor named by a row are the owner's: what is written in
        them stays with its row, which is told from others by ``keys`` (see
        :func:`~lscb_workbook.ooxml.remarks.matched`; its first heading where none are given), or is added to
        :attr:`left`. No rows leave one blank row, which a table needs; what stands below moves down where a
        table grows. Raises PackageError where it cannot.
        """
        info = self._table(table)
        own = self._own(info, rows, headings)
        last = info.first_row + max(1, len(rows)) - 1
        self._make_room(info, last)
        beside = self._beside(info, own) if own else None
        styles, was = self._row_styles(info, rows), info
        info = self._resize(info, last)
        sheet = self._sheet(info.sheet)
        new = []
        for number, row in enumerate(rows or [{}], info.first_row):
            values = [row.get(header) for header in info.columns]
            if sheet.says(number, info.first_col, values, styles) and sheet.is_measured(number):
                continue
            if sheet.hides(number) and not self._is_same(info, number, row):
                sheet.show(number)
            sheet.set_row(number, info.first_col, values, styles)
            new.append(number)
        if beside:
            by = keys or self._first_key(info, own)
            self.left += beside.left(rows or [{}], by)
            beside.put(sheet, rows or [{}], by, dict(zip(info.columns, styles, strict=True)))
            if info.last_row != was.last_row:  # what was put there anew follows as well
                self._follow_formulas(was, info.last_row)
            new = [*range(info.first_row, info.last_row + 1)]
        self._measure(info, new)

    def left_by(
        self,
        table: str,
        rows: Sequence[Mapping[str, Value]],
        *,
        keys: Sequence[Sequence[str]] = (),
        headings: Sequence[str] = (),
    ) -> list[Remark]:
        """What an owner wrote beside rows that :meth:`fill` would take away; nothing is changed."""
        info = self._table(table)
        own = self._own(info, rows, headings)
        return self._beside(info, own).left(rows or [{}], keys or self._first_key(info, own)) if own else []

    @staticmethod
    def _own(info: TableInfo, rows: Sequence[Mapping[str, Value]], headings: Sequence[str]) -> list[str]:
        """The owner's columns of a table. Raises PackageError where one that is to be filled is missing."""
        named = {*headings, *(header for row in rows for header in row)}
        for header in sorted(named):
            info.column(header)
        return [header for header in info.columns if header not in named] if named else []

    @staticmethod
    def _first_key(info: TableInfo, own: Sequence[str]) -> list[list[str]]:
        return [[header for header in info.columns if header not in own][:1]]

    def _is_same(self, info: TableInfo, number: int, row: Mapping[str, Value]) -> bool:
        """Whether a row says just this already, so that it may stay hidden."""
        sheet = self._sheet(info.sheet)
        return all(
            sheet.shows(number, info.column(h), value, self.shared_strings) for h, value in row.items()
        )

    def _beside(self, info: TableInfo, own: Sequence[str]) -> Beside:
        sheet = self._sheet(info.sheet)
        return Beside(
            sheet,
            info,
            own,
            shown=lambda row, column: sheet.text(row, column, self.shared_strings),
            number=partial(number_of, date1904=self._date1904),
        )

    def append(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Put rows, by heading, below the last of a table; into its blank row where it has nothing else."""
        if not rows:
            return
        info = self._table(table)
        styles = self._row_styles(info, rows)
        start = info.first_row if self._is_blank(info) else info.last_row + 1
        self._make_room(info, start + len(rows) - 1)
        info = self._resize(info, start + len(rows) - 1)
        sheet = self._sheet(info.sheet)
        for header in {header for row in rows for header in row}:
            info.column(header)
        for number, row in enumerate(rows, start):
            own = {h: Formula(calculated(sheet, info, h, number)) for h in info.formulas if h not in row}
            values = {**own, **row} if own else row
            sheet.set_row(number, info.first_col, map(values.get, info.columns), styles)
            sheet.show(number)
        self._measure(info, range(start, info.last_row + 1))

    def _is_blank(self, info: TableInfo) -> bool:
        area = Area(info.first_row, info.first_col, info.last_row, info.last_col)
        return info.first_row == info.last_row and self._sheet(info.sheet).holds(area) is None

    def set_cell(self, table: str, row: int, column: str, value: Value) -> None:
        """Put a value into one cell of a table: the sheet's row, and the column's heading.

        A cell that holds it already keeps its bytes.
        """
        info = self._table(table)
        if not info.first_row <= row <= info.last_row:
            raise PackageError(f"The table '{table}' has no row {row}.")
        sheet, number = self._sheet(info.sheet), info.column(column)
        if not sheet.shows(row, number, value, self.shared_strings):
            sheet.set(row, number, value, sheet.style(row, number))
            if value is None or isinstance(value, str):
                self._measure(info, [row])

    def _row_styles(self, info: TableInfo, rows: Sequence[Mapping[str, Value]] = ()) -> list[str | None]:
        """The styles that new rows take: of each column that of most of its first two cells and its last, so
        that what one cell was given by hand does not spread; where days come into it, one that shows them."""
        sheet, first, last = self._sheet(info.sheet), info.first_row, info.last_row
        places = sorted({first, min(first + 1, last), last})
        each = zip(*(sheet.styles(row, info.first_col, len(info.columns)) for row in places), strict=True)
        usual = [max(dict.fromkeys(column), key=column.count) for column in each]
        for place, header in enumerate(info.columns):
            value = next((one for row in rows if (one := row.get(header)) is not None), None)
            if isinstance(value.value if isinstance(value, Formula) else value, date):
                usual[place] = showing_days(self._formats, usual[place])
        return usual

    def _resize(self, info: TableInfo, last: int) -> TableInfo:
        if last == info.last_row:
            return info
        sheet = self._sheet(info.sheet)
        for row in range(last + 1, info.last_row + 1):
            for column in range(info.first_col, info.last_col + 1):
                sheet.put(row, column, b"")
        if last < info.last_row and info.totals:
            return info  # its totals stay where they are, below rows that are blank for now
        grown = replace(info, last_row=last)
        follow = follower(info.area, last)
        self._package.replace(info.part, moved_table(in_utf8(self._package.read(info.part)), follow))
        sheet.replace_outside(RANGES, lambda match: moved_ranges(match, follow))
        self._xml = DEFINED_NAMES.sub(lambda match: moved_name(match, info.sheet, info.area, last), self._xml)
        self.tables[info.name] = grown
        self._follow_formulas(info, last)
        self._moves.append((info, last))
        return self.tables[info.name]

    def _follow_formulas(self, info: TableInfo, last: int) -> None:
        """Have the formulas that are over a whole column of a table be so still, as Excel does."""
        follow = follower(info.area, last)

        def whole(area: Area) -> int:
            return follow(area) if area.first_row <= info.first_row else area.last_row

        pattern = covering(info.last_row)
        for home in self._parts:
            if home in self._sheets or covers(in_utf8(self._package.read(self._parts[home])), info.last_row):
                change = partial(followed_formula, home=home, sheet=info.sheet, follow=whole)
                self._sheet(home).change_formulas(pattern, change)
        for name, (part, home) in self.tables.parts.items():
            data = in_utf8(self._package.read(part))
            change = partial(followed_formula, home=home, sheet=info.sheet, follow=whole)
            new = changed_formulas(data, pattern, change) if covers(data, info.last_row) else data
            if new != data:
                self._package.replace(part, new)
                says = self.tables[name].formulas.items()
                formulas = {header: followed(text, home, info.sheet, whole) for header, text in says}
                self.tables[name] = replace(self.tables[name], formulas=formulas)

    def _make_room(self, info: TableInfo, last: int) -> None:
        """Move what stands below a table down, its totals row too, where the table grows to this row."""
        if last <= info.last_row:
            return
        part, sheet = self._parts[info.sheet], self._sheet(info.sheet)
        below = Area(info.last_row + 1, info.first_col, last, info.last_col)
        targets = [one.target for one in self._led[part] if one.kind == "drawing"]
        drawings = (self._package.read(target) for target in targets if target in self._package)
        blocked = sheet.holds(below)
        if not (blocked or info.totals or in_the_way(sheet.tail, drawings, below)):
            return
        for name in self._parts:
            if name == info.sheet or self._sheet(name).shares:
                self._sheet(name).write_out_formulas()
        package = self._written()
        gap = Gap(info.sheet, part, info.last_row, last - info.last_row, info.part)
        try:
            put_in_rows(package, gap, self._part, self._parts)
        except PackageError as error:
            raise PackageError(
                f"The table '{info.name}' must grow to row {last} of the sheet '{info.sheet}', where "
                f"{blocked or 'what stands below it'} is in the way and cannot be moved down: {error}. "
                "Move it to another place and try again."
            ) from None
        self.__dict__ = Workbook(package).__dict__ | {"left": self.left}

    def formula_or_error(self, table: str, row: int, column: str) -> str | None:
        """The address of a cell of a table where it holds a formula or an error value; else None."""
        info = self._table(table)
        number = info.column(column)
        return address(row, number) if self._sheet(info.sheet).calculates(row, number) else None

    def new_rows(self, table: str) -> NewRows:
        """What the rows to come of a table look like. Raises PackageError where something stands where they
        would be, or below."""
        info = self._table(table)
        sheet, blank = self._sheet(info.sheet), self._is_blank(info)
        first = info.first_row if blank else info.last_row + 1
        below = sheet.holds(Area(first, 1, sheet.last_row, LAST_COLUMN))
        if below or info.totals:
            raise PackageError(
                f"Below the table '{table}' on the sheet '{info.sheet}', where its rows will come, there is "
                f"{below or 'a totals row'}. Move that above the table or to another sheet, and try again."
            )
        columns = range(info.first_col, info.last_col + 1)
        wrapped = [look for look in self._looks_of(info.sheet) if look.column in columns]
        styles, prefix = self._row_styles(info), sheet.prefix
        return NewRows(info.columns, first, info.first_col, blank, styles, wrapped, prefix, self._date1904)

    def reach(self, table: str, last: int) -> None:
        """Let a table reach to this row, with all that follows it."""
        self._resize(self._table(table), last)

    # --- names, properties and settings ------------------------------------------------------

    def place(self, name: str) -> Place | None:
        """The single cell that a defined name means; None where there is no such name or cell."""
        return self._places.get(name)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return self._outline.places(self._package.once(parsed, self._part))

    def calculates(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell of a sheet held a formula or an error value as it was read."""
        return self._sheet(sheet).calculates(row, column)

    def formula(self, sheet: str, row: int, column: int) -> str | None:
        """The formula of a cell of a sheet, one that it shares as its own; None where it has none."""
        return self._sheet(sheet).formula(row, column)

    def set_name(self, name: str, value: Value) -> None:
        """Put a value into the cell that a defined name means. Raises PackageError where there is none."""
        place = self.place(name)
        if place is None:
            raise PackageError(
                f"The workbook has no cell named '{name}': its tab was probably deleted. Take the last "
                "backup, or give the cell that name again."
            )
        sheet, row, column = self._sheet(place.sheet), place.row, place.column
        if not sheet.shows(row, column, value, self.shared_strings):
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

    def frame_chart(
        self, sheet: str, name: str, *, height: float, low: date, high: date, crosses: date
    ) -> None:
        """Give a chart a height in points, and the days that its value axis goes between and is crossed at.

        It is found by the name of its frame, and as high as the rows that it stands on. A sheet that has no
        such chart, as where its owner took it away, stays as it is.
        """
        frame = self._frame(sheet, name)
        if frame is None:
            return
        rows = range(frame.first_row, frame.last_row + 1)
        for row in rows:
            self._sheet(sheet).fix_height(row, round(height / len(rows) * 4) / 4)
        low_number, high_number, at = (
            number_of(day, date1904=self._date1904) for day in (low, high, crosses)
        )
        chart = self._package.read(frame.part)
        scaled = with_axes(chart, low_number, high_number, at)
        if scaled != chart:
            self._package.replace(frame.part, scaled)

    def axes(self, sheet: str, name: str) -> Axes | None:
        """The axes of a chart, found as :meth:`frame_chart` does; None where there are none to be read."""
        frame = self._frame(sheet, name)
        return axes_of(self._package.read(frame.part)) if frame else None

    def _frame(self, sheet: str, name: str) -> Frame | None:
        drawings = [one.target for one in self._led[self._parts[sheet]] if one.kind == "drawing"]
        return frame_named(self._package, [one for one in drawings if one in self._package], name)

    def set_footer(self, sheet: str, left: str) -> None:
        """Set the left part of a sheet's printed footer, as :func:`footer_text` has it."""
        self._sheet(sheet).replace_outside(FOOTER, footer(left))

    def recalculate_on_load(self) -> None:
        """Have Excel calculate every formula when it opens the workbook, the owner's own as well."""
        self._xml = recalculated(self._xml)

    def hide_sheets(self, names: Iterable[str]) -> None:
        """Hide sheets, and show the first that is left. Raises PackageError where none would be."""
        hidden = set(names)
        left = [n for n, name in enumerate(self._parts) if name not in hidden]
        if not left:
            raise PackageError("A workbook must show at least one of its sheets.")
        self._xml = with_hidden_sheets(self._xml, hidden, left[0])

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
        touched = {name for name, sheet in self._sheets.items() if sheet.rewritten}
        touched |= {info.sheet for info, _ in self._moves}
        for part in self._charts:
            old = package.read(part)
            if speaks_of(old, touched):
                new = refreshed(old, self._moved_formula, self._area_values)
                if new != old:
                    package.replace(part, new)
        if self._xml != self._xml_read:
            package.replace(self._part, self._xml)
        chain = self._outline.links.get("calcChain", "")
        if chain in package and any(sheet.moves_formulas for sheet in self._sheets.values()):
            drop_part(package, chain, self._part)
        if package.changed:
            drop_signatures(package)
        return package

    @cached_property
    def _charts(self) -> tuple[str, ...]:
        return self._outline.charts(self._package)

    def _moved_formula(self, formula: str) -> str:
        for info, last in self._moves:
            follow, found = follower(info.area, last), SHEET_AREA.fullmatch(formula)
            if not found or ":" in found[3]:
                formula = followed(formula, "", info.sheet, follow)
            elif (found[1] or found[2]).replace("''", "'").casefold() == info.sheet.casefold():
                formula = formula[: -len(found[3])] + move_areas(found[3], follow)  # all that the table had
        return formula

    def _area_values(self, sheet: str, area: Area) -> list[str | float | None] | None:
        held = next((one for name, one in self._sheets.items() if name.casefold() == sheet.casefold()), None)
        if held is None or not held.rewritten:
            return None
        return [
            held.text(row, column, self.shared_strings)
            for row in range(area.first_row, area.last_row + 1)
            for column in range(area.first_column, area.last_column + 1)
        ]

    # --- parts -------------------------------------------------------------------------------

    @property
    def package(self) -> Package:
        """The package as it was opened."""
        return self._package

    def to_be_read(self) -> bytes:
        """The package as it was opened, for readers that know only the error values of old."""
        package = self._package.copy()
        for part in self._parts.values():
            data = package.read(part)
            plain = with_old_errors(data)
            if plain is not data and plain != data:
                package.replace(part, plain)
        return package.to_bytes()

    def part_of(self, table: str) -> str:
        """The name of the part of the sheet that a table is on. Raises PackageError where there is none."""
        return self._parts[self._table(table).sheet]

    def stands_alone(self, table: str) -> bool:
        """Whether a table is there, and no other table nor a cell with a name is on its sheet."""
        sheet = self.tables[table].sheet if table in self.tables else None
        if sheet is None or len(self.tables.on(sheet)) > 1:
            return False
        return all(place.sheet != sheet for place in self._places.values())

    def _sheet(self, name: str) -> Sheet:
        if name not in self._sheets:
            self._sheets[name] = Sheet(self._package.read(self._parts[name]), date1904=self._date1904)
        return self._sheets[name]

    @cached_property
    def shared_strings(self) -> tuple[str, ...]:
        """The texts that cells share, in their order."""
        part = self._outline.links.get("sharedStrings", "")
        return self._package.once(strings, part) if part in self._package else ()

    @cached_property
    def _formats(self) -> list[Format]:
        styles = self._outline.links.get("styles", "")
        return self._package.once(formats, styles) if styles in self._package else []

    def _measure(self, info: TableInfo, rows: Iterable[int]) -> None:
        """Give these rows of a table the height that shows their wrapped text."""
        wrapped, sheet = self._looks_of(info.sheet), self._sheet(info.sheet)
        for row in rows if wrapped else ():
            shown = [(sheet.text(row, look.column, self.shared_strings), look) for look in wrapped]
            cells = [
                WrappedText(text, look.width, look.format.size, look.format.bold)
                for text, look in shown
                if isinstance(text, str)
            ]
            sheet.set_height(row, row_height(cells))

    def _looks_of(self, sheet: str) -> list[Look]:
        if sheet not in self._looks:
            self._looks[sheet] = looks(self._sheet(sheet), self.tables.on(sheet), self._formats)
        return self._looks[sheet]
