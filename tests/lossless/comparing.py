"""What a merge changed in a master beyond what it may: two packages compared part by part, cell by cell.

What the merge may touch is worked out from the master itself: the sheets that the tool's tables and named
cells are on, the parts of those tables, the workbook part, and the charts over those sheets. Everything else
must be the same to the byte, and in the same order. A touched part is compared as XML: only the tables'
own cells and the named ones, and ranges that end with a table that grew, may differ.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from lscb_workbook.tracker.columns import Name, Writer
from lscb_workbook.tracker.layout import TRACKER_TABLES

__all__ = ["Table", "harm", "members", "tables_of"]

Area = tuple[int, int, int, int]
"""First column and row, last column and row, counted from 1."""

_TYPES, _RELS = "[Content_Types].xml", re.compile(r"(.*?)/?_rels/([^/]*)\.rels")


@dataclass(frozen=True)
class Table:
    """A table as a package has it: its part, its sheet's part, headings and data, and its headings' words."""

    name: str
    part: str
    sheet: str
    area: Area
    columns: tuple[str, ...]


def members(package: bytes) -> dict[str, bytes]:
    """The parts of a package in their order."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def harm(before: bytes, after: bytes, gone: Iterable[str] = ()) -> list[str]:
    """Every difference between two masters that no merge may make, in words; none where all is well.

    ``gone`` are the parts that are rightly left out, whose content type and relationship go with them.
    """
    old, new = members(before), members(after)
    gone = set(gone)
    found = []
    if list(new) != [name for name in old if name not in gone]:
        found.append(f"parts or their order: {sorted(set(old) ^ set(new)) or 'order'}")
    tables = {one.name: one for one in tables_of(old) if one.name in TRACKER_TABLES}
    grown = {one.name: one for one in tables_of(new)}
    pairs = [(one, grown[name]) for name, one in tables.items() if name in grown]
    if len(pairs) != len(tables):
        found.append(f"tables lost: {sorted(tables.keys() - grown.keys())}")
    workbook = _workbook_of(old)
    sheets = _sheets_of(old, workbook)
    named = {part: set(_named_cells(old[workbook], sheets, part)) for part in sheets.values()}
    touched = {one.sheet for one in tables.values()} | {part for part, cells in named.items() if cells}
    charts = _charts_of(old, set(sheets.values()))
    for name in old.keys() & new.keys():
        if old[name] == new[name]:
            continue
        if name in touched:
            here = [pair for pair in pairs if pair[0].sheet == name]
            found += [f"{name}: {one}" for one in _sheet(old[name], new[name], here, named[name])]
        elif name in {one.part for one in tables.values()}:
            pair = next(pair for pair in pairs if pair[0].part == name)
            found += [f"{name}: {one}" for one in _table(old[name], new[name], pair)]
        elif name == workbook:
            moves = {words: [p for p in pairs if p[0].sheet == part] for words, part in sheets.items()}
            found += [f"{name}: {one}" for one in _book(old[name], new[name], moves)]
        elif name in charts:
            found += [f"{name}: {one}" for one in _chart(old[name], new[name])]
        elif gone and (name == _TYPES or name.endswith(".rels")):
            found += [f"{name}: {one}" for one in _without(old[name], new[name], gone)]
        else:
            found.append(f"{name}: its bytes differ")
    return found


# --- where things are ------------------------------------------------------------------------


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _links(parts: dict[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """The kind and target of each relationship of a part, by id."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    rels = next((one for one in parts if one.casefold() == rels.casefold()), "")
    found = {}
    for one in ElementTree.fromstring(parts[rels]) if rels else ():
        target = one.get("Target", "")
        steps = [] if target.startswith("/") else folder.split("/") if folder else []
        for step in target.lstrip("/").split("/"):
            steps = steps[:-1] if step == ".." else steps if step == "." else [*steps, step]
        whole = "/".join(steps)
        whole = next((name for name in parts if name.casefold() == whole.casefold()), whole)
        found[one.get("Id", "")] = one.get("Type", "").rpartition("/")[2], whole
    return found


def _workbook_of(parts: dict[str, bytes]) -> str:
    return next(target for kind, target in _links(parts, "").values() if kind == "officeDocument")


def _sheets_of(parts: dict[str, bytes], workbook: str) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    links = _links(parts, workbook)
    found = {}
    for element in ElementTree.fromstring(parts[workbook]).iter():
        if _local(element.tag) == "sheet":
            id_ = next(value for key, value in element.items() if _local(key) == "id")
            found[element.get("name", "")] = links[id_][1]
    return found


def tables_of(parts: dict[str, bytes]) -> Iterator[Table]:
    """Every table of a package."""
    for sheet in _sheets_of(parts, _workbook_of(parts)).values():
        for kind, target in _links(parts, sheet).values():
            if kind == "table":
                root = ElementTree.fromstring(parts[target])
                columns = tuple(
                    one.get("name", "") for one in root.iter() if _local(one.tag) == "tableColumn"
                )
                yield Table(root.get("displayName", ""), target, sheet, _area(root.get("ref", "")), columns)


def _named_cells(workbook: bytes, sheets: dict[str, str], part: str) -> Iterator[tuple[int, int]]:
    """Row and column of the tool's named cells on a sheet."""
    for element in ElementTree.fromstring(workbook).iter():
        if _local(element.tag) == "definedName" and element.get("name") in set(Name):
            sheet, _, where = (element.text or "").rpartition("!")
            if (
                sheets.get(sheet.strip("'").replace("''", "'")) == part
                and "localSheetId" not in element.attrib
            ):
                column, row, _, _ = _area(where)
                yield row, column


def _charts_of(parts: dict[str, bytes], sheets: set[str]) -> set[str]:
    return {
        target
        for sheet in sheets
        for drawing in [target for kind, target in _links(parts, sheet).values() if kind == "drawing"]
        for kind, target in _links(parts, drawing).values()
        if kind == "chart"
    }


def _area(text: str) -> Area:
    found = range_boundaries(text.replace("$", ""))
    assert all(found)
    return found  # type: ignore[return-value]


# --- what may differ -------------------------------------------------------------------------

Pairs = list[tuple[Table, Table]]


def _followed(ranges: str, pairs: Pairs) -> str:
    """Ranges as they must read after tables on their sheet grew or shrank."""

    def one(match: re.Match[str]) -> str:
        left, top, right, bottom = _area(match[0])
        for old, new in pairs:
            first_column, first_row, last_column, last_row = old.area
            inside = first_column <= left and right <= last_column and first_row <= top
            if inside and bottom == last_row and new.area[3] != last_row:
                start = match[0].partition(":")[0]
                end = match[0].rpartition(":")[2]
                return f"{start}:{re.sub(r'[0-9]+$', '', end)}{new.area[3]}"
        return match[0]

    return re.sub(r"\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?", one, ranges)


def _canonical(element: Element) -> str:
    tail, element.tail = element.tail, None
    text = ElementTree.canonicalize(ElementTree.tostring(element, encoding="unicode"))
    element.tail = tail
    return text


def _same(one: Element, other: Element) -> bool:
    """Whether two elements are one in their canonical form, which is made only where they differ at all."""
    return _alike(one, other) or _canonical(one) == _canonical(other)


def _alike(one: Element, other: Element) -> bool:
    return (
        one.tag == other.tag
        and one.attrib == other.attrib
        and one.text == other.text
        and len(one) == len(other)
        and all(a.tail == b.tail and _alike(a, b) for a, b in zip(one, other, strict=True))
    )


def _root_tag(data: bytes) -> bytes:
    found = re.search(rb"<[A-Za-z][^>]*>", data)
    assert found
    return found[0]


def _sheet(before: bytes, after: bytes, pairs: Pairs, named: set[tuple[int, int]]) -> Iterator[str]:
    if _root_tag(before) != _root_tag(after):
        yield "its root's namespaces"
    old, new = ElementTree.fromstring(before), ElementTree.fromstring(after)
    if [one.tag for one in old] != [one.tag for one in new]:
        yield f"its elements {[_local(one.tag) for one in old]} are now {[_local(one.tag) for one in new]}"
        return
    for one, other in zip(old, new, strict=True):
        name = _local(one.tag)
        if name == "sheetData":
            yield from _cells(one, other, pairs, named)
        elif name != "dimension":
            for element in one.iter():
                if "sqref" in element.attrib:
                    element.set("sqref", _followed(element.get("sqref", ""), pairs))
                if _local(element.tag) == "sqref":
                    element.text = _followed(element.text or "", pairs)
            for element in (*one.iter(), *other.iter()):
                if _local(element.tag) == "oddFooter" and (element.text or "").startswith("&L"):
                    element.text = re.sub(r"^&L.*?(?=&[CR])", "", element.text or "", flags=re.S)
            if not _same(one, other):
                yield f"{name} was {_canonical(one)[:300]} and is {_canonical(other)[:300]}"


_CHART_ROW = 90.0
"""The least height of the two rows that the Timeline's chart stands on, which the tool sets."""


def _cells(old: Element, new: Element, pairs: Pairs, named: set[tuple[int, int]]) -> Iterator[str]:
    def by_row(data: Element) -> dict[int, Element]:
        return {int(row.get("r", "0")): row for row in data}

    _address(old)
    _address(new)
    was, now = by_row(old), by_row(new)
    if list(now) != sorted(now):
        yield "its rows are out of order"
    for number in sorted(was.keys() | now.keys()):
        ours = [(a, b) for a, b in pairs if a.area[1] < number <= max(a.area[3], b.area[3])]
        one, other = was.get(number), now.get(number)
        if one is None and not ours:
            yield f"row {number} is new"
        if one is not None and other is None:
            yield f"row {number} is gone"
        if one is not None and other is not None:
            free = {"ht", "spans"} if ours else set()
            if any(_is_written_anew(a) for a, _ in ours):  # what was hidden is another row now
                free |= {"hidden"}
            if one.get("customHeight") in ("1", "true"):
                free -= {"ht"}
            if not len(one) and float(one.get("ht", 0)) >= _CHART_ROW:
                free |= {"ht"}
            for key in one.attrib.keys() | other.attrib.keys():
                cells = {int(_area(cell.get("r", ""))[0]) for cell in one}
                wide = key == "spans" and any((number, column) in named for column in cells)
                if key not in free and not wide and one.get(key) != other.get(key):
                    yield f"row {number}: {key} was {one.get(key)} and is {other.get(key)}"
        yield from _row(number, one, other, ours, named)


def _address(data: Element) -> None:
    """Say of each row and cell where it is, which may be left out where it follows from the order."""
    row = 0
    for one in data:
        row = int(one.get("r", row + 1))
        one.set("r", str(row))
        column = 0
        for cell in one:
            column = _area(cell.get("r", ""))[0] if "r" in cell.attrib else column + 1
            cell.set("r", f"{get_column_letter(column)}{row}")


def _row(
    number: int, one: Element | None, other: Element | None, ours: Pairs, named: set[tuple[int, int]]
) -> Iterator[str]:
    def by_column(row: Element | None) -> dict[int, Element]:
        return {_area(cell.get("r", ""))[0]: cell for cell in (row if row is not None else ())}

    was, now = by_column(one), by_column(other)
    if list(now) != sorted(now):
        yield f"row {number}: its cells are out of order"
    for column in sorted(was.keys() | now.keys()):
        a, b = was.get(column), now.get(column)
        if a is not None and b is not None and _same(a, b):
            continue
        if _is_ours(column, ours):
            stays = a is not None and not any(_is_written_anew(old) for old, _ in ours)
            if stays and (b is None or a.get("s") != b.get("s")):
                yield f"cell {column},{number} has another look"
            continue
        if (number, column) in named and a is not None and b is not None and a.get("s") == b.get("s"):
            continue
        said = ["nothing" if one is None else _canonical(one)[:200] for one in (a, b)]
        yield f"cell {column},{number} was {said[0]} and is {said[1]}"


def _is_ours(column: int, pairs: Pairs) -> bool:
    """Whether a cell is the tool's to write, in a table's data as it was or is."""
    for old, _ in pairs:
        left, _, right, _ = old.area
        if left <= column <= right:
            heading = old.columns[column - left]
            known = heading in {one.header for one in TRACKER_TABLES[old.name].columns}
            return known or _is_written_anew(old)  # a remark goes with its row: ``test_remarks.py``
    return False


def _is_written_anew(table: Table) -> bool:
    """Whether the tool makes the rows of a table, where in others people do."""
    return TRACKER_TABLES[table.name].columns[0].writer is Writer.TOOL


def _table(before: bytes, after: bytes, pair: tuple[Table, Table]) -> Iterator[str]:
    old, new = ElementTree.fromstring(before), ElementTree.fromstring(after)
    for element in old.iter():
        if "ref" in element.attrib:
            element.set("ref", _followed(element.get("ref", ""), [pair]))
    if _root_tag(before).partition(b" ref=")[0] != _root_tag(after).partition(b" ref=")[0]:
        yield "its root"
    if not _same(old, new):
        yield f"was {_canonical(old)[:600]} and is {_canonical(new)[:600]}"


def _book(before: bytes, after: bytes, moves: dict[str, Pairs]) -> Iterator[str]:
    old, new = ElementTree.fromstring(before), ElementTree.fromstring(after)
    for element in (*old.iter(), *new.iter()):
        if _local(element.tag) == "calcPr":
            element.attrib.pop("fullCalcOnLoad", None)
    for element in old.iter():
        if _local(element.tag) == "definedName":
            element.text = ",".join(_moved(one, moves) for one in (element.text or "").split(","))
    if _root_tag(before) != _root_tag(after):
        yield "its root"
    for one, other in zip(old, new, strict=False):
        if not _same(one, other):
            yield f"was {_canonical(one)[:3000]} and is {_canonical(other)[:3000]}"
    if len(old) != len(new):
        yield "its elements"


TIMELINE_TITLE = "When the milestones are due"


def _moved(name: str, moves: dict[str, Pairs]) -> str:
    sheet, mark, where = name.rpartition("!")
    if ":" not in where or "(" in name:
        return name
    return (
        f"{sheet}{mark}{_followed(where, moves.get(sheet.strip(chr(39)).replace(chr(39) * 2, chr(39)), []))}"
    )


def _chart(before: bytes, after: bytes) -> Iterator[str]:
    old, new = ElementTree.fromstring(before), ElementTree.fromstring(after)
    let_be = ["numCache", "strCache", "f"]
    if b"Timeline" in before and TIMELINE_TITLE.encode() in before:
        let_be += ["max", "min", "crosses", "crossesAt"]  # the tool scales this chart of its own to the year
    for tree in (old, new):
        for element in tree.iter():
            for child in list(element):
                if _local(child.tag) in let_be:
                    element.remove(child)
    if not _same(old, new):
        yield "more than its ranges and cached values"


def _without(before: bytes, after: bytes, gone: set[str]) -> Iterator[str]:
    old, new = ElementTree.fromstring(before), ElementTree.fromstring(after)
    for element in list(old):
        name = element.get("PartName") or element.get("Target") or ""
        if any(one.endswith(name.lstrip("/")) or name.lstrip("/").endswith(one) for one in gone if name):
            old.remove(element)
    if not _same(old, new):
        yield "more than what leads to the parts left out"
