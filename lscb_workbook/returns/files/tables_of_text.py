"""Tables in text files: what a spreadsheet becomes when it is saved as CSV or tab-separated text."""

from __future__ import annotations

import csv
import io

from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import Grid, UnreadableError
from lscb_workbook.tracker.cells import Raw

__all__ = ["grid_of_text"]

_DELIMITERS = (",", ";", "\t")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def grid_of_text(data: bytes, limits: Limits) -> Grid:
    """The cells of a text file, all of them text, blank rows kept.

    Raises UnreadableError where it holds more cells than is allowed.
    """
    text = _decoded(data)
    delimiter = _delimiter(text)
    csv.field_size_limit(max(len(text), 131_072))
    grid: Grid = []
    cells = 0
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            row: list[Raw] = list(line)
            grid.append(row)
            cells += len(row)
            if cells > limits.cells:
                raise UnreadableError("return-too-large", f"it holds more than {limits.cells:,} cells")
    except csv.Error as error:
        raise UnreadableError("return-unreadable", f"it is no table of text ({error})") from None
    return grid


def _decoded(data: bytes) -> str:
    """The text: by its byte order mark, else UTF-8, else as Windows writes it in Britain."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace").replace("\0", "\ufffd")
    try:
        return data.decode("utf-8").replace("\0", "\ufffd")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").replace("\0", "\ufffd")


def _delimiter(text: str) -> str:
    """The separator that cuts the text's rows into most cells; in Excel it depends on the region."""
    sample = text[:200_000]
    widths = {mark: _widest(sample, mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: widths[mark])


def _widest(sample: str, delimiter: str) -> int:
    try:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = sorted(len(row) for _, row in zip(range(200), rows, strict=False))
    except csv.Error:
        return 0
    return widths[-1] if widths else 0
