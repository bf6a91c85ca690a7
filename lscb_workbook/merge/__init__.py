"""Three-way merge: what was issued, what the tracker says, what came back.

Pure: records in, records out. History is the truth; the entries are its sum, and the Conflicts tab a
view of what in it is open. Every edit of every return ends in the tracker, among the conflicts, or
among the refusals, never nowhere.
"""

from lscb_workbook.merge.conflicts import as_it_stands
from lscb_workbook.merge.known import Known, Tally
from lscb_workbook.merge.ledger import hand_edits, initial_history, open_conflicts
from lscb_workbook.merge.righting import LaterWords, put_right
from lscb_workbook.merge.three_way import Merged, merge, open_findings

__all__ = [
    "Known",
    "LaterWords",
    "Merged",
    "Tally",
    "as_it_stands",
    "hand_edits",
    "initial_history",
    "merge",
    "open_conflicts",
    "open_findings",
    "put_right",
]
