"""Reading back what was written, but for what stands in it byte for byte as it did before."""

from __future__ import annotations

from lscb_workbook.ooxml.spans import Spans
from lscb_workbook.ooxml.workbook import Opened

__all__ = ["says_the_same", "without_known_rows"]


def says_the_same(sheet: str, new: Opened, old: Opened) -> bool:
    """Whether a sheet, by name, holds the same values in two workbooks: all that says them is the same."""
    part = new.outline.sheets.get(sheet)
    return (
        part is not None
        and part == old.outline.sheets.get(sheet)
        and new.package.same(part, old.package)
        and _is_read_alike(new, old)
    )


def without_known_rows(new: Opened, old: Opened, sheet: str) -> bytes | None:
    """The workbook without the rows of a sheet that stand in it just as in the one before.

    None where they do not stand there first of all and byte for byte. Comparing the bytes of a History takes
    a small part of the time of reading it.
    """
    part = new.outline.sheets[sheet]
    if part != old.outline.sheets.get(sheet) or not _is_read_alike(new, old):
        return None
    spans, known = Spans(new.package.read(part)), Spans(old.package.read(part))
    rows = known.data[known.first : known.last]
    if not rows or not spans.data.startswith(rows, spans.first):
        return None
    rest = new.package.copy()
    rest.replace(part, spans.data[: spans.first] + spans.data[spans.first + len(rows) :])
    return rest.to_bytes()


def _is_read_alike(new: Opened, old: Opened) -> bool:
    """Whether the cells of a sheet of the same bytes mean the same in both workbooks: the texts that they
    share, the formats that make days of numbers, and the day that these count from are the same."""
    linked = [[one.outline.links.get(kind, "") for kind in ("sharedStrings", "styles")] for one in (new, old)]
    return (
        new.outline.date1904 == old.outline.date1904
        and linked[0] == linked[1]
        and all(new.package.same(part, old.package) for part in linked[0] if part in new.package)
    )
