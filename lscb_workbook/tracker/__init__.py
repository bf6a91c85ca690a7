"""The master workbook: its layout, reading it, filling it in place, saving it.

Everything a board's year holds is in it; there is no database beside it. Sheets, tables, columns and
named cells are declared once, in ``layout.py``; a master is read into one record, ``Tracker``, and
written by setting just the cells that change.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.tracker.reading import read_tracker
    from lscb_workbook.tracker.state import Tracker

__all__ = ["Tracker", "read_tracker"]

show_lazily(__name__, {"Tracker": "state", "read_tracker": "reading"})
