"""Findings about what stands in a return: its sheets, columns, rows and cells."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import ERROR, INFO, WARNING, Entry

__all__ = ["OF_CELLS", "OF_PROPOSALS"]

OF_PROPOSALS: dict[str, Entry] = {
    "column-recognised": Entry(
        WARNING,
        "The heading '{heading}' was taken for '{column}'.",
        "What stands under it is put on the Conflicts tab as proposals; settle each there.",
    ),
    "row-recognised": Entry(
        WARNING,
        "The row '{text}' was taken for {ref} by its words.",
        "What it says is put on the Conflicts tab as proposals; settle each there.",
    ),
    "row-repeated": Entry(
        WARNING,
        "The row of {ref} stands more than once, blank in one place and as it was issued in another.",
        "To wipe it out is put on the Conflicts tab as a proposal; ask the officer which row holds.",
    ),
    "rating-proposed": Entry(
        WARNING,
        "The rating of {ref} was read as {rating} from {what}.",
        "It is put on the Conflicts tab as a proposal; settle it there, or ask the officer.",
    ),
    "status-proposed": Entry(
        WARNING,
        "The status of milestone {ref} was read as {status} from {what}.",
        "It is put on the Conflicts tab as a proposal; settle it there, or ask the officer.",
    ),
    "date-proposed": Entry(
        WARNING,
        "The {column} of milestone {ref} was read as {date} from {what}.",
        "It is put on the Conflicts tab as a proposal; settle it there, or ask the officer.",
    ),
    "note-on-cell": Entry(
        WARNING,
        "A note on the {column} of {ref} says something: '{text}'.",
        "It is put on the Conflicts tab as a proposal, below what the officer wrote in the cells.",
    ),
    "entry-beside-row": Entry(
        WARNING,
        "Something is written beside the row of {ref}: '{text}'.",
        "It is put on the Conflicts tab as a proposal, below what the officer wrote in the cells.",
    ),
    "cells-merged": Entry(
        WARNING,
        "The {column} of {ref} is merged with a cell above it or beside it.",
        "The first of the merged cells counts; for a row below, its value is put on the Conflicts tab as a "
        "proposal.",
    ),
}
"""What is less than certain, and waits on the Conflicts tab."""

OF_CELLS: dict[str, Entry] = OF_PROPOSALS | {
    "column-missing": Entry(
        WARNING,
        "The column '{column}' is not in the sheet.",
        "Nothing was taken for it; ask the officer whether they meant to remove it.",
    ),
    "sheet-missing": Entry(
        WARNING,
        "The sheet '{wanted}' is not in the file.",
        "Nothing was taken for it; ask the officer for the whole workbook.",
    ),
    "row-missing": Entry(
        WARNING,
        "The row of {ref} is not in the return.",
        "Nothing was changed; ask the officer whether they have anything to report on it.",
    ),
    "row-unknown": Entry(
        ERROR,
        "The row '{ref}' is not in the plan.",
        "What it says is refused and kept on the History tab; ask the officer what it belongs to.",
    ),
    "row-not-theirs": Entry(
        ERROR,
        "The officer edited {ref}, which is not theirs.",
        "The edit is refused and kept on the History tab; ask the lead officer.",
    ),
    "row-twice": Entry(
        ERROR,
        "The row of {ref} stands more than once with different entries.",
        "The differing entries are refused and kept on the History tab; ask the officer which holds.",
    ),
    "locked-cell-changed": Entry(
        ERROR,
        "The {column} of {ref} was changed, which officers may not change.",
        "The change is refused and kept on the History tab; if it is right, make it in the tracker.",
    ),
    "entry-outside-table": Entry(
        WARNING,
        "Something is written outside the rows of the plan: '{text}'.",
        "It is kept among the refusals; ask the officer which row it belongs to.",
    ),
    "rating-recognised": Entry(
        INFO,
        "The rating '{text}' of {ref} was read as {rating}.",
        "Nothing to do if that is what was meant.",
    ),
    "rating-not-recognised": Entry(
        ERROR,
        "The rating '{text}' of {ref} is none of {names}.",
        "It is refused and kept on the History tab; ask the officer for one rating.",
    ),
    "rating-cleared": Entry(
        WARNING,
        "The rating of {ref} came back blank.",
        "The rating in the tracker stands; ask the officer if it should change.",
    ),
    "text-cleared": Entry(
        WARNING,
        "The {column} of {ref} came back blank; it was '{was}'.",
        "It was taken as wiped out, and the old text is on the History tab; ask the officer if it was meant.",
    ),
    "status-recognised": Entry(
        INFO,
        "The status '{text}' of milestone {ref} was read as {status}.",
        "Nothing to do if that is what was meant.",
    ),
    "status-not-recognised": Entry(
        ERROR,
        "The status '{text}' of milestone {ref} is none of {names}.",
        "It is refused and kept on the History tab; ask the officer for one status.",
    ),
    "status-cleared": Entry(
        WARNING,
        "The status of milestone {ref} came back blank.",
        "The status in the tracker stands; ask the officer if it should change.",
    ),
    "date-recognised": Entry(
        INFO,
        "The date '{text}' of milestone {ref} was read as {date}.",
        "Nothing to do if that is what was meant.",
    ),
    "date-not-recognised": Entry(
        ERROR,
        "'{text}' in '{column}' of milestone {ref} is not a date.",
        "It is refused and kept on the History tab; ask the officer for the day.",
    ),
    # taken or refused as they stand
    "formula-typed": Entry(
        WARNING,
        "The {column} of {ref} holds the formula '{text}', which shows '{shown}'.",
        "As a text it is kept as it was typed; of a rating, a status or a day what it shows is proposed, or "
        "refused. Ask the officer for the words if they meant what it shows.",
    ),
    "formula-not-read": Entry(
        WARNING,
        "The {column} of {ref} holds a formula, which cannot be read in this kind of file; it shows "
        "'{shown}'.",
        "What it shows is put on the Conflicts tab as a proposal; ask the officer for the words.",
    ),
    "error-value": Entry(
        ERROR,
        "The {column} of {ref} shows the error {text}.",
        "It is refused; the value in the tracker stands. Ask the officer for what should stand there.",
    ),
    "text-too-long": Entry(
        ERROR,
        "The {column} of {ref} is longer than the {most} characters that a cell can hold.",
        "It is refused and kept, in pieces, on the History tab; ask the officer to shorten it.",
    ),
    "put-right-later": Entry(
        INFO,
        "{said} The officer has said otherwise there since, in {later}.",
        "Nothing to do. What was written first is kept on the History tab.",
    ),
    "colour-contradicts-rating": Entry(
        WARNING,
        "The rating of {ref} says {rating}, but the cell was coloured as {colour}.",
        "The word counts; ask the officer which was meant.",
    ),
    "entries-outside-table": Entry(
        WARNING,
        "{count} cells of the sheet '{where}' are written on outside the rows of the plan.",
        "They are kept among the refusals; ask the officer which rows they belong to.",
    ),
    "entries-not-kept": Entry(
        ERROR,
        "The sheet '{where}' holds more text outside the rows of the plan than is kept "
        "({count} cells were passed over).",
        "Keep the file, and read that sheet in it.",
    ),
}
