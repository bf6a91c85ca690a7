"""Findings about the master: what stands in it, and what waits to be settled."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import ERROR, INFO, WARNING, Entry

__all__ = ["OF_MASTER"]

OF_MASTER: dict[str, Entry] = {
    "master-cell-not-recognised": Entry(
        ERROR,
        "'{text}' in '{column}' of {about} is not {wanted}.",
        "Correct the cell in the tracker; until then it counts as blank.",
    ),
    "master-formula-unread": Entry(
        WARNING,
        "{place} ({column} of {ref}) holds a formula or an error value that shows nothing that can be read.",
        "Write what it is to say in its place, or open the master in Excel, save it and run the command "
        "again; until then it counts as blank.",
    ),
    "lead-blank": Entry(
        WARNING,
        "{place} ('{column}' of {ref}) is blank: nobody's copy holds it, and nobody is asked about it.",
        "Name its lead officer there as the Officers tab does. If it was emptied by mistake, the backups "
        "have what stood there.",
    ),
    "cycle-not-issued": Entry(
        WARNING,
        "Row {row} of the {tab} tab ('{text}') was typed in by hand. No copy was issued for it, so it counts "
        "nowhere.",
        "If it is planned, nothing: it counts once 'lscb-workbook issue' has been run for that cycle, which "
        "fills in its days. If not, empty the row.",
    ),
    "record-day-unread": Entry(
        ERROR,
        "'{text}' in {place} ('{column}' of {about}) is not a date.",
        "Put the day back; until then {counts} counts, as the tracker's other rows have it.",
    ),
    "return-by-hand": Entry(
        WARNING,
        "'{text}' stands in {place} ('{column}' of {about}), but no return of that officer's was merged. It "
        "does not count: the copy is still out.",
        "Merge the copy that came back, which fills in the row. What you were told without one, enter into "
        "the tracker itself, and empty the cell.",
    ),
    "master-row-missing": Entry(
        ERROR,
        "The {tab} tab no longer has the row {ref}, which says: '{text}'. It counts nowhere: in no list, "
        "figure or paper.",
        "Put the row back as {ref}, or take the last backup that has it; what was filled in there is on the "
        "History tab. If it is really no longer part of the plan, put it back all the same and {instead}. "
        "This stays here until the row is back.",
    ),
    "master-history-shrunk": Entry(
        ERROR,
        "The History tab has lost {count} since the tracker was last saved.",
        "Take the last backup that still has them, or put them back from it where they stood: who said what "
        "and when is known from there alone. Then delete this row; it stays here until you do.",
    ),
    "plan-cell-typed": Entry(
        WARNING,
        "{place} ('{column}' of {ref}) follows from the plan and was {typed}; {agreed} is put back.",
        "What was typed is kept on the History tab. To move a deadline, enter the approved date and who "
        "approved it; to say something of the plan, use the commentary, the note, or a column of your own.",
    ),
    "edits-not-recorded": Entry(
        WARNING,
        "{count} typed into the tracker since it was last recorded, on {rows}; that carries no day, so it is "
        "not in what stood before.",
        "If it belongs in it, review as at {stands} or later, and then look at the day that you want; if "
        "the tracker was brought to a later day by mistake, undo that first.",
    ),
    "merged-before-as-at": Entry(
        WARNING,
        "The tracker was merged as at {day}, though it stood at {stood} already: papers made for days "
        "between would now come out otherwise.",
        "If that was not meant: undo, and merge as at {stood} or later.",
    ),
    "plan-amended": Entry(
        WARNING,
        "{place} ('{column}' of {ref}) was {typed}; the plan said {agreed}.",
        "It stands, and the History tab keeps what the plan said before. If it was not meant, put that back.",
    ),
    "master-without-tabs": Entry(
        INFO,
        "The tracker was made by an earlier version and has not {missing}.",
        "All else is up to date. A tracker that 'lscb-workbook new' makes has them all.",
    ),
    "settlement-contradictory": Entry(
        ERROR,
        "Two conflicts about the {column} of {ref} are settled differently.",
        "Choose again on the Conflicts tab, one value, and merge; until then the tracker's value stands.",
    ),
    "settlement-not-recognised": Entry(
        ERROR,
        "'{text}' is not a way to settle the conflict about {ref}.",
        "Choose again from the drop-down on the Conflicts tab (both texts: only for texts that fit one "
        "cell; the proposal: only where there is one) and merge.",
    ),
    "conflict-open": Entry(
        WARNING,
        "{ref}: {count} returned {what} to settle.",
        "Choose in the drop-down on the Conflicts tab and merge again.",
    ),
    "row-below-list": Entry(
        WARNING,
        "Row {row} of the {tab} tab ('{text}') stands below the list, so it does not count.",
        "Insert a row inside the list and put it there, or in Excel drag the list's lower right corner down "
        "over it; then run the command again.",
    ),
    "remark-without-row": Entry(
        WARNING,
        "Your note '{text}' in the column '{column}' of the tab '{tab}' stood beside a row that is no longer "
        "listed there: {beside}.",
        "Copy the note to where it belongs, then delete this row; it stays here until you do.",
    ),
    "list-cell-typed": Entry(
        WARNING,
        "'{text}' was typed into {place} ('{column}'), in a list that is written anew, beside {beside}. It "
        "stands in that list no more.",
        "If it is to be kept, write it {where}; then delete this row. It stays here until you do.",
    ),
    "note-typed-over": Entry(
        WARNING,
        "'{text}' was typed into {place}, a cell that each review writes anew. It stands there no more.",
        "If it is to be kept, write it into another cell, which stays yours; then delete this row. It stays "
        "here until you do.",
    ),
    "manager-edit": Entry(
        INFO,
        "The {column} of {ref} was changed in the tracker itself.",
        "Nothing to do; it is recorded on the History tab.",
    ),
}
