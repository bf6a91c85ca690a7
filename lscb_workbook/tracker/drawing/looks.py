"""Colours and number formats of the workbooks that are drawn. Fills and inks are RRGGBB."""

from __future__ import annotations

from openpyxl.styles import Border, Side

from lscb_workbook.tracker.columns import Kind, Writer

__all__ = [
    "BOX",
    "ENTRY_FILL",
    "FORMATS",
    "HEAD_FILL",
    "INK",
    "LINES",
    "MARKS",
    "MET",
    "MISSED",
    "MOVED_FROM",
    "NAVY",
    "NOT_RATED",
    "ONGOING",
    "PLUM",
    "STATES",
    "TEAL",
    "TO_COME",
]

NAVY, TEAL, PLUM = "1F3864", "0B5351", "5A2A6B"
ENTRY_FILL = "FFFBE8"
LINE = Side(style="thin", color="BFC5CE")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_FILL = {Writer.OFFICER: TEAL, Writer.MANAGER: PLUM}
FORMATS = {Kind.DATE: "dd/mm/yyyy", Kind.PERCENT: "0%", Kind.COUNT: "0"}
STATES = {
    "Missed": ("F4B6B0", "5F0F08"),
    "Due soon": ("FCE8B2", "4D3800"),
    "Complete late": ("E4DFEC", "3B2A57"),
}
MET, MISSED, TO_COME = ("1F5A3C", "FFFFFF"), ("D97B72", "000000"), ("DDE1E7", "000000")
ONGOING = ("B9B3D6", "000000")
"""The fills and inks of the milestones in charts: told apart in grey too."""
NOT_RATED = ("D9D9D9", "000000")
MARKS = (("1F5A3C", "FFFFFF"), ("C9372C", "FFFFFF"), ("FFCC5C", "000000"), ("A9B1BD", "000000"))
"""Those of the Timeline's marks, in the order of ``SERIES``."""
MOVED_FROM = "E4E0F0"
INK, LINES = "262626", "7F7F7F"
