"""What goes to the board: the summary tabs, and the paper printed from them.

Every figure on a tab is a live formula over the plan's own tables, with the review's count as its
cached value, so that a phone, a preview or a script sees what Excel would calculate.
"""

from lscb_workbook.board.masters import missing_tabs
from lscb_workbook.board.paper import Front, make_paper
from lscb_workbook.board.papers import Format, paper_files, refuse_written_over, write_paper
from lscb_workbook.board.printing import office_program, print_tabs
from lscb_workbook.board.summaries import write_summaries

__all__ = [
    "Format",
    "Front",
    "make_paper",
    "missing_tabs",
    "office_program",
    "paper_files",
    "print_tabs",
    "refuse_written_over",
    "write_paper",
    "write_summaries",
]
