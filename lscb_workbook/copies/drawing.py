"""The empty officer's copy, drawn for a board's RAG scheme."""

from __future__ import annotations

from openpyxl.styles import Font

from lscb_workbook.copies.layout import COPY_SHEETS, COPY_TABLES
from lscb_workbook.plan.records import RagScheme
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.drawing.looks import TEAL
from lscb_workbook.tracker.drawing.packing import packed
from lscb_workbook.tracker.drawing.sheets import body_of, new_book, point

__all__ = ["draw_copy"]

_GUIDE = (
    "1.  Actions tab: for each action choose a RAG rating from the drop-down, then say why under Commentary.",
    "2.  Evidence of impact: say what difference it has made to children, and how you know.",
    "3.  Milestones tab: choose a status. If done, give the day; if it will be late, propose a revised date.",
    "4.  Only ratings and cream cells can be filled in. To correct anything else, write it under Commentary.",
    "5.  If an action is shared, each lead gets a copy; the manager sees where you differ.",
    "6.  Do not name children, or give anything that could tell who they are: this goes to a public board.",
    "7.  Save the workbook under any name you like and send it back by the day stated on the Actions tab.",
)


def draw_copy(scheme: RagScheme) -> bytes:
    """The empty officer's copy, as the bytes of an .xlsx file."""
    book = new_book("Officer's copy", COPY_SHEETS, COPY_TABLES.values(), scheme)
    actions = book["Actions"]
    for name, address in ((Name.COPY_FOR, "A2"), (Name.COPY_RETURN, "A3")):
        point(book, name, "Actions", address)
    actions["A3"].font = Font(name="Calibri", size=11, bold=True, color=TEAL)
    point(book, Name.COPY_TITLE, "Guide and RAG key", "A2")
    book["Milestones"]["A2"] = "Say where each milestone stands. A revised date is a proposal to the board."
    book["Milestones"]["A3"] = "Fill in the cream cells only; the rest is the plan as agreed."
    guide = book["Guide and RAG key"]
    for row, line in enumerate(_GUIDE, start=4):
        guide.cell(row, 1, line).font = Font(name="Calibri", size=11)
    guide.cell(13, 1, "What each rating means, word for word").font = Font(name="Calibri", size=12, bold=True)
    point(book, Name.RATINGS, "Guide and RAG key", body_of(COPY_TABLES["GuideKey"], "name"))
    return packed(book, COPY_TABLES.values())
