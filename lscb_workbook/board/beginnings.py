"""Texts that the highest row cannot show: on the board's tabs they begin, and say where they go on.

What is longer would be there, but under the edge of its row, where no print and no phone shows it.
"""

from __future__ import annotations

from functools import lru_cache

from lscb_workbook.board import formulas
from lscb_workbook.ooxml import Formula
from lscb_workbook.ooxml.heights import WrappedText, letters_shown
from lscb_workbook.tracker.layout import TRACKER_TABLES

__all__ = ["beginning", "live_beginning"]

_SIZE = 10.0
"""The font size of the lists, in points."""
_ORDINARY = "and partners have agreed what each of them does next. " * 200


def beginning(table: str, header: str, text: str, tab: str) -> str:
    """A text as its column shows it: whole, or its beginning and the tab on which all of it stands."""
    return _cut(text, _shown(table, header, text), tab)


def live_beginning(table: str, header: str, formula: str, text: str, tab: str) -> Formula:
    """The same of a text that a formula finds: whatever it becomes, it is cut to what the row shows."""
    ordinary = _shown(table, header, _ORDINARY)
    shown = _shown(table, header, text)
    most = shown if shown < len(text) else max(len(text), ordinary)
    return Formula(formulas.beginning(formula, most, _where(tab)), _cut(text, most, tab))


def _cut(text: str, most: int, tab: str) -> str:
    return text if len(text) <= most else text[:most] + _where(tab)


def _where(tab: str) -> str:
    return f" … (goes on: see the {tab} tab)"


@lru_cache(maxsize=4_000)
def _shown(table: str, header: str, text: str) -> int:
    width = next(one.width for one in TRACKER_TABLES[table].columns if one.header == header)
    return letters_shown(WrappedText(text, width, _SIZE))
