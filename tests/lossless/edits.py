"""What people do with a master in Excel: rows and columns inserted, tables sorted, filtered and moved, tabs
renamed, moved and copied. Each function gives the bytes of the master as Excel saves it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape

from lossless.building import MAIN, RELATION, Master
from lossless.comparing import Table, members, tables_of
from openpyxl.utils import column_index_from_string, get_column_letter

from lscb_workbook.ooxml.relationships import relationships

__all__ = ["EDITS", "below", "insert_columns", "insert_rows", "totals_row"]

_AREA = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)\b(?!\()")
_CELL = re.compile(r'<c r="[A-Z]+[0-9]+"[^>]*?(?:/>|>.*?</c>)', re.S)
_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.S)


def _table(master: Master, name: str) -> Table:
    return next(one for one in tables_of(members(master.to_bytes())) if one.name == name)


def _shifted(master: Master, tab: str, move: Callable[[int, int], tuple[int, int]]) -> None:
    """Every address on a tab, and of it elsewhere, as ``move`` says (column and row to column and row)."""

    def area(text: str) -> str:
        def one(match: re.Match[str]) -> str:
            column, row = move(column_index_from_string(match[2]), int(match[4]))
            return f"{match[1]}{get_column_letter(column)}{match[3]}{row}"

        return _AREA.sub(one, text)

    def rows(text: str) -> str:
        return re.sub(
            r"\$(\d+):\$(\d+)", lambda m: f"${move(1, int(m[1]))[1]}:${move(1, int(m[2]))[1]}", text
        )

    part = master.tab(tab)
    text = re.sub(r'(<row r=")(\d+)', lambda m: m[1] + str(move(1, int(m[2]))[1]), master.text(part))
    text = re.sub(
        r'(<c r="|\s(?:sq)?ref="|topLeftCell="|activeCell=")([^"]*)', lambda m: m[1] + area(m[2]), text
    )
    master.put(part, text)
    for table in tables_of(members(master.to_bytes())):
        if table.sheet == part:
            master.put(
                table.part, re.sub(r'(\sref=")([^"]*)', lambda m: m[1] + area(m[2]), master.text(table.part))
            )
    quoted = re.escape(escape("'" + tab.replace("'", "''") + "'"))
    for name in (master.workbook, *(n for n in master.package.names if n.startswith("xl/charts/chart"))):
        master.put(
            name,
            re.sub(rf"({quoted}!)([$A-Z0-9:]+)", lambda m: m[1] + rows(area(m[2])), master.text(name)),
        )
    for link in relationships(master.package, part):
        if link.kind == "drawing":
            new = re.sub(
                r"<((?:xdr:)?row)>(\d+)",
                lambda m: f"<{m[1]}>{move(1, int(m[2]) + 1)[1] - 1}",
                master.text(link.target),
            )
            master.put(link.target, new)


def insert_rows(master: Master, tab: str, at: int, count: int = 1) -> None:
    """Whole rows inserted above a row of a tab."""
    _shifted(master, tab, lambda column, row: (column, row + count if row >= at else row))


def insert_columns(master: Master, tab: str, at: int, count: int = 1) -> None:
    """Whole columns inserted left of a column of a tab."""
    _shifted(master, tab, lambda column, row: (column + count if column >= at else column, row))


# --- rows and columns ------------------------------------------------------------------------


def rows_above(data: bytes) -> bytes:
    """Two rows inserted above the tables of the tabs, and a note put into one."""
    master = Master(data)
    for tab in ("Cover", "Plan", "Milestones", "History", "Checks", "Summary", "RAG key", "Calendar"):
        insert_rows(master, tab, 2, 2)
        master.say(master.tab(tab), "A2", "for the away day")
    return master.to_bytes()


def rows_between(data: bytes) -> bytes:
    """Blank rows inserted between the rows of tables, to set priorities apart."""
    master = Master(data)
    insert_rows(master, "Plan", 12)
    insert_rows(master, "Milestones", 20, 2)
    insert_rows(master, "Officers", 7)
    return master.to_bytes()


def columns_left(data: bytes) -> bytes:
    """Columns inserted left of tables, one of them filled."""
    master = Master(data)
    for tab in ("Plan", "Milestones", "Checks", "History", "Cover"):
        insert_columns(master, tab, 1, 2)
    master.say(master.tab("Plan"), "A5", "left of 1.1")
    return master.to_bytes()


def columns_between(data: bytes) -> bytes:
    """A column of her own inserted in the middle of tables."""
    master = Master(data)
    for name in ("Plan", "Missed", "Checks"):
        table = _table(master, name)
        left, top, _, bottom = table.area
        tab = {"Plan": "Plan", "Missed": "Missed milestones", "Checks": "Checks"}[name]
        insert_columns(master, tab, left + 2)
        letters = get_column_letter(left + 2)
        master.say(table.sheet, f"{letters}{top}", "My own")
        for row in range(top + 1, bottom + 1):
            master.say(table.sheet, f"{letters}{row}", f"mine in row {row}")
        columns = re.findall(r"<tableColumn .*?(?:/>|</tableColumn>)", master.text(table.part), flags=re.S)
        new = f'{columns[1]}<tableColumn id="90" name="My own"/>'
        text = master.text(table.part).replace(columns[1], new)
        count = len(columns) + 1
        master.put(table.part, re.sub(r'(<tableColumns count=")\d+', rf"\g<1>{count}", text))
    return master.to_bytes()


def sorted_rows(data: bytes) -> bytes:
    """The Plan and the Milestones sorted the other way round."""
    master = Master(data)
    for name in ("Plan", "Milestones", "Officers"):
        table = _table(master, name)
        first, last = table.area[1] + 1, table.area[3]

        def row(match: re.Match[str], first: int = first, last: int = last) -> str:
            number = int(match[1])
            new = first + last - number if first <= number <= last else number
            return re.sub(rf'(<(?:row|c) r="[A-Z]*){number}"', rf'\g<1>{new}"', match[0])

        text = master.text(table.sheet)
        start, end = text.index("<sheetData>") + 11, text.index("</sheetData>")
        rows = [row(m) for m in _ROW.finditer(text[start:end])]
        rows.sort(key=lambda one: int(re.findall(r'<row r="(\d+)"', one)[0]))
        master.put(table.sheet, text[:start] + "".join(rows) + text[end:])
        column = get_column_letter(table.area[0])
        state = (
            f'<sortState ref="A{first}:{get_column_letter(table.area[2])}{last}"><sortCondition '
            f'descending="1" '
            f'ref="{column}{first}:{column}{last}"/></sortState>'
        )
        master.change(table.part, r"(<autoFilter ref=\"[^\"]*\")\s*/>", rf"\1/>{state}")
    return master.to_bytes()


def filtered_rows(data: bytes) -> bytes:
    """Tables filtered, so that rows are hidden: the Plan to one rating, and lists that the tool writes."""
    master = Master(data)
    for name, column in (("Plan", 6), ("Checks", 0), ("History", 4)):
        table = _table(master, name)
        column_filter = (
            f'<filterColumn colId="{column}"><filters><filter val="Red"/></filters></filterColumn>'
        )
        master.change(table.part, r"(<autoFilter ref=\"[^\"]*\")\s*/>", rf"\1>{column_filter}</autoFilter>")
        first, last = table.area[1] + 1, table.area[3]
        master.put(
            table.sheet,
            re.sub(
                r'<row r="(\d+)"',
                lambda m, f=first, n=last: f'{m[0]} hidden="1"' if f <= int(m[1]) <= n else m[0],
                master.text(table.sheet),
            ),
        )
    return master.to_bytes()


# --- tables and tabs -------------------------------------------------------------------------


def tables_moved(data: bytes) -> bytes:
    """Tables cut and pasted: the Plan further down and to the right, Meetings to a tab of its own."""
    master = Master(data)
    insert_rows(master, "Plan", 3, 30)
    insert_columns(master, "Plan", 1, 5)
    table = _table(master, "Meetings")
    left, top, right, bottom = table.area
    part = master.add_tab(
        "Meetings", f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATION}"><sheetData></sheetData></worksheet>'
    )
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            where = f"{get_column_letter(column)}{row}"
            cell = master.cell(table.sheet, where)
            if cell:
                inner = re.sub(r"^<c [^>]*?/?>|</c>$", "", cell)
                attributes = re.sub(r'^<c r="[A-Z0-9]+"|\s*/?>.*$', "", cell, flags=re.S)
                master.write(part, where, inner, attributes)
                master.put(table.sheet, master.text(table.sheet).replace(cell, ""))
    rels = "xl/worksheets/_rels/" + table.sheet.rpartition("/")[2] + ".rels"
    tag = next(
        t
        for t in re.findall(r"<Relationship\s[^>]*>", master.text(rels))
        if table.part.rpartition("/")[2] in t
    )
    id_ = re.findall(r'\sId="([^"]*)"', tag)[0]
    master.put(rels, master.text(rels).replace(tag, ""))
    master.put(
        table.sheet,
        re.sub(rf'<tablePart [^>]*r:id="{id_}"\s*/>', "", master.text(table.sheet)).replace(
            '<tableParts count="3">', '<tableParts count="2">'
        ),
    )
    own = "xl/worksheets/_rels/" + part.rpartition("/")[2] + ".rels"
    master.put(
        own,
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{tag}</Relationships>',
    )
    master.insert(part, f'<tableParts count="1"><tablePart r:id="{id_}"/></tableParts>')
    return master.to_bytes()


def tabs_renamed(data: bytes) -> bytes:
    """Tabs renamed, one with an apostrophe, an ampersand and a language other than English."""
    master = Master(data)
    names = {
        "Plan": "The plan & actions",
        "History": "Ann's history",
        "RAG key": "RAG",
        "Cover": "Übersicht",
        "Summary": "Summary (old)",
    }
    for old, new in names.items():
        master.change(master.workbook, f'<sheet name="{old}"', f'<sheet name="{escape(new)}"')
        quoted = escape("'" + new.replace("'", "''") + "'")
        for part in master.package.names:
            if part == master.workbook or part.startswith(("xl/worksheets/sheet", "xl/charts/chart")):
                text = master.text(part)
                master.put(part, re.sub(rf"(?:'{old}'|\b{old})!", lambda _, q=quoted: f"{q}!", text))
    return master.to_bytes()


def tabs_moved(data: bytes) -> bytes:
    """Tabs in another order: names that a tab keeps to itself go by its place (18.2.5)."""
    master = Master(data)
    text = master.text(master.workbook)
    sheets = re.findall(r"<sheet\s[^>]*>", text)
    order = [*reversed(range(len(sheets)))]
    start, end = text.index("<sheets>") + 8, text.index("</sheets>")
    text = text[:start] + "".join(sheets[n] for n in order) + text[end:]
    text = re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{order.index(int(m[1]))}"', text)
    master.put(master.workbook, re.sub(r'activeTab="\d+"', 'activeTab="3"', text))
    return master.to_bytes()


def tabs_copied(data: bytes) -> bytes:
    """Tabs copied to keep the last quarter: Excel names the copies' tables anew, here in front."""
    master = Master(data)
    for tab, table in (("Plan", "Plan"), ("History", "History"), ("Cover", "Figures")):
        source, part = master.tab(tab), master.table(table)
        copy = master.add_tab(f"{tab} (2)", re.sub(r"<tableParts.*?</tableParts>", "", master.text(source)))
        text = master.text(part)
        ids = 100 + int(re.findall(r' id="(\d+)"', text)[0])
        text = re.sub(r' id="\d+"', f' id="{ids}"', text, count=1)
        text = text.replace(f'"{table}"', f'"{table}{ids}"', 2)
        content = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
        id_ = master.add(f"xl/tables/table{ids}.xml", text, content, copy, "table")
        master.insert(
            copy, f'<tableParts count="1"><tablePart xmlns:r="{RELATION}" r:id="{id_}"/></tableParts>'
        )
    number = master.text(master.workbook).count("<sheet ") - 1
    local = f'<definedName name="AsAt" localSheetId="{number}">\'Cover (2)\'!$B$9</definedName>'
    master.change(master.workbook, "</definedNames>", f"{local}</definedNames>")
    text = master.text(master.workbook)
    sheets = re.findall(r"<sheet\s[^>]*>", text)
    moved = "".join([*sheets[-3:], *sheets[:-3]])
    start, end = text.index("<sheets>") + 8, text.index("</sheets>")
    text = text[:start] + moved + text[end:]
    count = len(sheets)
    master.put(
        master.workbook,
        re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{(int(m[1]) + 3) % count}"', text),
    )
    return master.to_bytes()


def tabs_hidden(data: bytes) -> bytes:
    """Tabs hidden, and the very hidden one only hidden (as LibreOffice leaves it)."""
    master = Master(data)
    master.change(master.workbook, r'(name="(?:History|Checks)"[^>]*?state=")visible', r"\1hidden")
    master.change(master.workbook, "veryHidden", "hidden")
    return master.to_bytes()


def own_tables(data: bytes) -> bytes:
    """Tables of her own, named like the tool's."""
    master = Master(data)
    part = master.add_tab(
        "Plan notes", f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATION}"><sheetData></sheetData></worksheet>'
    )
    ids = []
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    for number, (name, column) in enumerate((("Plan_2", "A"), ("MyHistory", "C")), start=80):
        for row, words in enumerate(("Ref", "1.1", "1.2"), start=1):
            master.say(part, f"{column}{row}", words)
        text = (
            f'<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" '
            f'ref="{column}1:{column}3">'
            f'<autoFilter ref="{column}1:{column}3"/><tableColumns count="1"><tableColumn id="1" name="Ref"/>'
            "</tableColumns></table>"
        )
        ids.append(master.add(f"xl/tables/table{number}.xml", text, content, part, "table"))
    links = "".join(f'<tablePart r:id="{one}"/>' for one in ids)
    master.insert(part, f'<tableParts count="2">{links}</tableParts>')
    return master.to_bytes()


def totals_row(master: Master, name: str) -> None:
    """A table's totals row switched on: below its data, counting its first column (18.5.1.2, 18.5.1.3)."""
    table = _table(master, name)
    left, top, right, bottom = table.area
    old = f"{get_column_letter(left)}{top}:{get_column_letter(right)}"
    text = master.text(table.part)
    text = text.replace(f'ref="{old}{bottom}"', f'ref="{old}{bottom + 1}" totalsRowCount="1"', 1)
    first = re.findall(r"<tableColumn .*?/>", text)[0]
    counted = first.replace("/>", 'totalsRowFunction="count"/>')
    master.put(table.part, text.replace(first, counted, 1))
    formula = f"SUBTOTAL(103,{name}[{table.columns[0]}])"
    master.write(
        table.sheet, f"{get_column_letter(left)}{bottom + 1}", f"<f>{formula}</f><v>{bottom - top}</v>"
    )


def totals_rows(data: bytes) -> bytes:
    """Totals rows switched on, under tables that stay as long as they are (others: ``test_growing.py``)."""
    master = Master(data)
    for name in ("Plan", "Milestones", "Officers"):
        totals_row(master, name)
    return master.to_bytes()


def below(master: Master, name: str, gap: int = 2) -> str:
    """A note of hers below a table, in its first column; the cell's address."""
    table = _table(master, name)
    where = f"{get_column_letter(table.area[0])}{table.area[3] + gap}"
    master.say(table.sheet, where, f"my note below {name}")
    return where


EDITS = (
    rows_above,
    rows_between,
    columns_left,
    columns_between,
    sorted_rows,
    filtered_rows,
    tables_moved,
    tabs_renamed,
    tabs_moved,
    tabs_copied,
    tabs_hidden,
    own_tables,
    totals_rows,
)
