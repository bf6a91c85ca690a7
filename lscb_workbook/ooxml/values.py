"""Values as cells hold them, written as the file format wants them.

Text is written inline and is always text: what begins with ``=`` stays what was typed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from lscb_workbook.ooxml.addresses import address, column_letters
from lscb_workbook.ooxml.errors import PackageError
from lscb_workbook.ooxml.escaping import escape

__all__ = [
    "MAX_TEXT",
    "CellWriter",
    "Edit",
    "Formula",
    "UnfitError",
    "Value",
    "escaped_text",
    "number_of",
    "read_text",
]

MAX_TEXT = 32_767
"""The most characters (UTF-16 units) a cell holds: Excel's limit."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its ``=``, in the file format's own form, and the value to show until the next
    calculation (None for none)."""

    text: str
    value: str | int | float | date | None = None


Value = str | int | float | bool | date | None | Formula

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Edit = tuple[str | None, Value] | bytes
"""What a cell becomes: a style and a value, or another cell's bytes; none (``b""``) to take it away."""

_OWN_ADDRESS = re.compile(rb"(\sr\s*=\s*[\"'])[A-Za-z]+[0-9]+")
_SHORT = 40  # letters up to which a text, as refs and names of fields are, may well come again
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped_text(text: str) -> str:
    """Text as an element's content: what XML does not allow is ``_xHHHH_``.

    Source: ST_Xstring, ECMA-376 part 1, 22.9.2.19.
    """
    return _escaped_word(text) if len(text) <= _SHORT else _escaped(text)


def _escaped(text: str) -> str:
    if (text.isprintable() or text.replace("\n", "").isprintable()) and "_x" not in text:
        plain = "&" not in text and "<" not in text and ">" not in text
        return text if plain else escape(text)
    text = _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r\n", "\n")
    text = _NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text.replace("\r", "_x000D_"))


_escaped_word = lru_cache(maxsize=4096)(_escaped)
_escaped_formula = lru_cache(maxsize=1024)(escape)  # it is the same in each row of a column


def read_text(text: str) -> str:
    """The text that :func:`escaped_text` wrote, entities already resolved."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class UnfitError(ValueError):
    """A value is none that a cell can hold: ``what`` it is and ``why`` not."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self._what, self._why = what, why

    def of(self, where: str) -> PackageError:
        """The same for the user, who is told where (``cell B3``)."""
        return PackageError(f"The {self._what} for {where} {self._why}")


class _Openings(NamedTuple):
    """What follows the address of a cell of one style, up to its value, by what that is."""

    number: str
    text: str
    kept: str
    blank: str


class CellWriter:
    """Writes the cells of a sheet's rows. ``prefix`` is that of the main namespace, with its colon."""

    def __init__(self, prefix: str = "", *, date1904: bool = False) -> None:
        self._date1904 = date1904
        self._prefix = prefix
        self.start = f'<{prefix}c r="'
        """What comes before a cell's address."""
        self._after = f"</{prefix}t></{prefix}is></{prefix}c>"
        self._openings: dict[str | None, _Openings] = {}

    def cells(self, row: int, edits: Mapping[int, Edit]) -> str:
        """The ``<c>`` elements of these edits of a row, by column; a blank without a style is none.

        Raises PackageError where a value is none that a cell can hold.
        """
        written = []
        for column in sorted(edits):
            edit = edits[column]
            if isinstance(edit, bytes):
                written.append(_moved(edit, row, column))
                continue
            try:
                rest = self.rest(edit[0], edit[1])
            except UnfitError as error:
                raise error.of(f"cell {address(row, column)}") from None
            if rest:
                written.append(f"{self.start}{column_letters(column)}{row}{rest}")
        return "".join(written)

    def rest(self, style: str | None, value: Value) -> str:
        """What follows the address of a cell; nothing for a blank without a style, which is no cell.

        Raises UnfitError.
        """
        openings = self._openings.get(style) or self._opened(style)
        if value is None or value == "":
            return openings.blank
        if isinstance(value, str):
            if len(value) > MAX_TEXT // 2:
                _refuse_long(value)
            opening = openings.kept if value[0].isspace() or value[-1].isspace() else openings.text
            text = _escaped_word(value) if len(value) <= _SHORT else _escaped(value)
            return f"{opening}{text}{self._after}"
        return openings.number + self._content(value)

    def _opened(self, style: str | None) -> _Openings:
        number, prefix = f'" s="{style}"' if style else '"', self._prefix
        text = f'{number} t="inlineStr"><{prefix}is><{prefix}t'
        openings = _Openings(
            number, f"{text}>", f'{text} xml:space="preserve">', f"{number}/>" if style else ""
        )
        return self._openings.setdefault(style, openings)

    def _content(self, value: float | date | Formula) -> str:
        """What follows the address and style of a cell that holds no text."""
        prefix = self._prefix
        if isinstance(value, Formula):
            formula = f"<{prefix}f>{_escaped_formula(value.text)}</{prefix}f>"
            if value.value is None:
                return f">{formula}</{prefix}c>"
            if isinstance(value.value, str):
                return f' t="str">{formula}<{prefix}v>{escaped_text(value.value)}</{prefix}v></{prefix}c>'
            shown = number_of(value.value, date1904=self._date1904)
            return f">{formula}<{prefix}v>{shown!r}</{prefix}v></{prefix}c>"
        if isinstance(value, bool):
            return f' t="b"><{prefix}v>{int(value)}</{prefix}v></{prefix}c>'
        number = number_of(value, date1904=self._date1904)
        if not math.isfinite(number):
            raise UnfitError("number", f"is not one that a cell can hold ({number}).")
        return f"><{prefix}v>{number!r}</{prefix}v></{prefix}c>"


def _refuse_long(text: str) -> None:
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise UnfitError("text", f"is longer than the {MAX_TEXT:,} characters it can hold.")


def _moved(cell: bytes, row: int, column: int) -> str:
    """Another cell under this address. Bytes that are no UTF-8 come out again as they are."""
    moved = _OWN_ADDRESS.sub(rb"\g<1>" + address(row, column).encode(), cell, count=1)
    return moved.decode("utf-8", "surrogateescape")


def number_of(value: float | date, *, date1904: bool) -> int | float:
    """The number that a cell holds; of a day, and of its part for a time, in the workbook's date system."""
    if not isinstance(value, date):
        return value
    epoch = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
    if isinstance(value, datetime):
        whole = (value.date() - epoch).days
        return whole + (value - datetime.combine(value.date(), datetime.min.time())).total_seconds() / 86_400
    return (value - epoch).days
