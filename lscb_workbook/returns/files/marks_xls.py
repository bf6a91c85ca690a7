"""What a returned .xls carries beside its values: notes, errors, fills, merged areas, where formulas are.

The words of a formula cannot be told in an .xls, only that there is one. Nor can text boxes, shapes and
pictures.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import olefile
import xlrd

from lscb_workbook.returns.files.marks_xlsx import own_words
from lscb_workbook.returns.files.opened import UNKNOWN_FORMULA, Marks, Merged, Spot
from lscb_workbook.returns.files.tints import WHITE
from lscb_workbook.tracker.cells import text_of

__all__ = ["marks_of_xls"]

_SOLID = 1
_FORMULA, _BOUNDSHEET, _EOF, _BOF = 0x0006, 0x0085, 0x000A, 0x0809


def marks_of_xls(data: bytes, known_fills: frozenset[str]) -> dict[str, Marks]:
    """The marks of an .xls by sheet, those that have any. Never raises.

    ``known_fills`` are the colours (RRGGBB) that cells have as issued. A workbook that cannot be read with
    its formats has every sheet ``unread``; one that cannot be read at all, a single sheet without a name.
    """
    for formats in (True, False):
        try:
            with Path(os.devnull).open("w", encoding="utf-8") as log:
                book = xlrd.open_workbook(
                    file_contents=data,
                    formatting_info=formats,
                    on_demand=False,
                    ragged_rows=True,  # else one far cell would make as many of every row
                    logfile=log,
                )
            fills = _fills(book, known_fills | {WHITE}) if formats else {}
            typed = _formulas(data)
            found = {
                sheet.name: _marks(sheet, fills, typed[number], unread=not formats)
                for number, sheet in enumerate(book.sheets())
            }
        except Exception:  # whatever a damaged file makes the reader do, it is one file's fault
            continue
        return {name: marks for name, marks in found.items() if marks != Marks()}
    return {"": Marks(unread=True)}


def _fills(book: Any, own: frozenset[str]) -> dict[int, str]:
    """The solid fill of each cell format, those that are not the workbook's own."""
    found: dict[int, str] = {}
    for number, xf in enumerate(book.xf_list):
        colour = book.colour_map.get(xf.background.pattern_colour_index)
        if xf.background.fill_pattern == _SOLID and colour:
            rgb = bytes(colour).hex().upper()
            if rgb not in own:
                found[number] = rgb
    return found


def _formulas(data: bytes) -> list[dict[Spot, str]]:
    """Where there are formulas, by sheet in the workbook's order. Source: MS-XLS, 2.1.4, 2.4.28, 2.4.127."""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    starts = [
        struct.unpack_from("<I", content)[0]
        for number, content in _records(stream, 0)
        if number == _BOUNDSHEET and content[5] == 0  # a worksheet, no chart or macro sheet
    ]
    found = []
    for start in starts:
        spots = (
            struct.unpack_from("<HH", one) for number, one in _records(stream, start) if number == _FORMULA
        )
        found.append({Spot(row + 1, column + 1): UNKNOWN_FORMULA for row, column in spots})
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of the workbook, up to its end; those of charts within a sheet are its own."""
    depth = 0
    while at + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, at)
        depth += (number == _BOF) - (number == _EOF)
        yield number, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if number == _EOF and depth <= 0:
            return


def _marks(sheet: Any, formats: dict[int, str], formulas: dict[Spot, str], *, unread: bool) -> Marks:
    notes: dict[Spot, str] = {}
    errors: dict[Spot, str] = {}
    fills: dict[Spot, str] = {}
    for (row, column), note in sheet.cell_note_map.items():
        if text := own_words(text_of(note.text)):
            notes[Spot(row + 1, column + 1)] = text
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                value = sheet.cell_value(row, column)
                errors[Spot(row + 1, column + 1)] = xlrd.error_text_from_code.get(value, "#VALUE!")
            if formats and (rgb := formats.get(sheet.cell_xf_index(row, column))):
                fills[Spot(row + 1, column + 1)] = rgb
    merged = tuple(
        Merged(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    )
    return Marks(notes, formulas, errors, fills, merged=merged, unread=unread)
