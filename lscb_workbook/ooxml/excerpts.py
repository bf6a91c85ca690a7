"""A workbook without the rows that are known to stand in it, so that the others can be read back quickly."""

from __future__ import annotations

from lscb_workbook.ooxml.spans import Spans
from lscb_workbook.ooxml.workbook import Workbook

__all__ = ["without_known_rows"]


def without_known_rows(data: bytes, before: bytes, table: str) -> tuple[bytes, bool]:
    """The workbook ``data`` without the rows of a table's sheet that stand in it just as in ``before``.

    Returns all of it and False where they do not stand there first of all and byte for byte, or where
    more than that table is on the sheet. Comparing the bytes of a History of years takes a tenth of the
    time of reading it.
    """
    new, old = Workbook.open(data), Workbook.open(before)
    if not (new.stands_alone(table) and old.stands_alone(table)):
        return data, False
    part = new.part_of(table)
    if part != old.part_of(table) or new.shared_strings != old.shared_strings:
        return data, False
    sheet, known = Spans(new.package.read(part)), Spans(old.package.read(part))
    rows = known.data[known.first : known.last]
    if not rows or not sheet.data.startswith(rows, sheet.first):
        return data, False
    rest = new.package.copy()
    rest.replace(part, sheet.data[: sheet.first] + sheet.data[sheet.first + len(rows) :])
    return rest.to_bytes(), True
