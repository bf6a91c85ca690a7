"""Findings about the master: what stands in it, and what waits to be settled."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import ERROR, INFO, WARNING, Entry

__all__ = ["OF_MASTER"]

OF_MASTER: dict[str, Entry] = {
    "master-cell-not-recognised": Entry(
        ERROR,
        "'{text}' in '{column}' of {ref} is not {wanted}.",
        "Correct the cell in the tracker; until then it counts as blank.",
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
    "remark-without-row": Entry(
        WARNING,
        "Your note '{text}' in the column '{column}' of the tab '{tab}' stood beside a row that is no longer "
        "listed there: {beside}.",
        "Copy the note to where it belongs, then delete this row; it stays here until you do.",
    ),
    "manager-edit": Entry(
        INFO,
        "The {column} of {ref} was changed in the tracker itself.",
        "Nothing to do; it is recorded on the History tab.",
    ),
}
