"""The catalogue of findings: every code, how grave it is, what is wrong and what to do about it.

A test names the code, never the wording. ``{…}`` in a message or an action is filled in by
:func:`finding`.
"""

from __future__ import annotations

from typing import NamedTuple

from lscb_workbook.plan.records import Finding, Severity

__all__ = ["CATALOGUE", "Entry", "finding", "is_of_returns"]

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Entry(NamedTuple):
    severity: Severity
    message: str
    action: str


CATALOGUE: dict[str, Entry] = {
    # the plan
    "deadline-not-understood": Entry(
        WARNING,
        "The deadline of milestone {milestone} is not understood: '{words}'.",
        "Agree a date with the lead and enter it as the approved date on the Milestones tab.",
    ),
    "deadline-not-stated": Entry(
        WARNING,
        "Milestone {milestone} has no deadline.",
        "Agree a date with the lead and enter it as the approved date on the Milestones tab.",
    ),
    "deadline-outside-plan-year": Entry(
        WARNING,
        "Milestone {milestone} is due on {due}, outside the plan year {year}.",
        "Check the date with the lead; if the plan's date is wrong, enter the right one as the "
        "approved date on the Milestones tab.",
    ),
    "source-uncertain": Entry(
        INFO,
        "The source of {what} cannot be read with certainty: {uncertain}",
        "Compare with the signed-off plan and correct the plan's text if it differs.",
    ),
    # returns: the file
    "return-unreadable": Entry(
        ERROR,
        "The file cannot be read: {reason}.",
        "Ask the officer to send the workbook again, saved as an Excel workbook (.xlsx).",
    ),
    "return-not-a-copy": Entry(
        WARNING,
        "The file is not a copy that this tracker issued: {reason}.",
        "If it should be a return, ask the officer to fill in the copy they were sent.",
    ),
    "return-other-tracker": Entry(
        ERROR,
        "The copy was issued from another tracker.",
        "Merge it into the tracker it was issued from.",
    ),
    "return-unknown-officer": Entry(
        ERROR,
        "The copy names an officer who is not on the Officers tab: {officer}.",
        "Add the officer or the alias on the Officers tab and merge again.",
    ),
    "return-newer-schema": Entry(
        ERROR,
        "The copy was made by a newer version of this tool (schema {schema}).",
        "Install the newer version and merge again.",
    ),
    "return-duplicate": Entry(
        INFO,
        "The file holds the same as {other}.",
        "Nothing to do: it is counted once.",
    ),
    "return-older-cycle": Entry(
        WARNING,
        "The copy was issued for {cycle}, not for the latest cycle {latest}.",
        "Its edits are merged against the values of its own cycle; check the changes it makes.",
    ),
    "return-unknown-cycle": Entry(
        WARNING,
        "The copy names a cycle that this tracker did not issue: {cycle}.",
        "Its edits are put on the Conflicts tab as proposals; settle each there.",
    ),
    "return-unsigned": Entry(
        WARNING,
        "The copy carries no signature, so it cannot be told from a forged one.",
        "Its edits are put on the Conflicts tab as proposals; settle each there.",
    ),
    "return-signature-invalid": Entry(
        ERROR,
        "The copy's identity or its values as issued were changed after it was issued.",
        "Its edits are put on the Conflicts tab as proposals; ask the officer before settling them.",
    ),
    "return-recognised-by-hidden-sheet": Entry(
        INFO,
        "The copy has lost its document properties; it was recognised by its hidden sheet.",
        "Nothing to do; the file was probably re-saved by another program.",
    ),
    "return-recognised-by-content": Entry(
        WARNING,
        "The file has lost everything that says whose it is; "
        "it was recognised by its refs and text as {officer}.",
        "Check that it is theirs; its edits are put on the Conflicts tab as proposals.",
    ),
    "return-unchanged": Entry(
        INFO,
        "The copy came back with nothing filled in.",
        "Ask the officer whether there is nothing to report.",
    ),
    "return-same-moment": Entry(
        WARNING,
        "Two returns of the same officer were saved at the same moment and differ, "
        "so the later cannot be told.",
        "Settle the difference on the Conflicts tab.",
    ),
    # returns: rows and cells
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
    # the master
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
    "manager-edit": Entry(
        INFO,
        "The {column} of {ref} was changed in the tracker itself.",
        "Nothing to do; it is recorded on the History tab.",
    ),
    # review
    "milestone-missed": Entry(
        ERROR,
        "Milestone {milestone} was due on {due} and is not complete: {days} days late.",
        "Ask {leads} for a revised date, and for the board's approval of it.",
    ),
    "revised-date-not-approved": Entry(
        WARNING,
        "Milestone {milestone}: a revised date of {revised} is proposed but not approved.",
        "If the board approves it, enter it as the approved date; until then the date of {due} counts.",
    ),
    "completed-in-future": Entry(
        ERROR,
        "Milestone {milestone} is said to be completed on {completed}, after {as_at}.",
        "Ask {leads} for the right date.",
    ),
    "completed-without-status": Entry(
        WARNING,
        "Milestone {milestone} has a completion date but its status is '{status}'.",
        "Ask {leads} whether it is complete; until the status says so it counts as not complete.",
    ),
    "complete-without-date": Entry(
        INFO,
        "Milestone {milestone} is complete but the day is not given.",
        "Ask {leads} for the day, so that the board can see whether it was in time.",
    ),
    "rating-without-commentary": Entry(
        ERROR,
        "{ref} is rated {rating} without commentary; the definition asks for a brief explanation.",
        "Ask {leads} for an explanation.",
    ),
    "rating-contradicts-milestone": Entry(
        ERROR,
        "{ref} is rated {rating} but milestone {milestone} was missed by {days} days.",
        "Ask {leads} to explain or to change the rating.",
    ),
    "not-started-with-work-reported": Entry(
        WARNING,
        "{ref} is rated {rating} (not started) but work is reported.",
        "Ask {leads} to change the rating.",
    ),
    "complete-without-evidence": Entry(
        WARNING,
        "{ref} is rated {rating} with every milestone complete, but no evidence of impact is given.",
        "Ask {leads} for evidence of impact.",
    ),
    "withdrawn-without-reason": Entry(
        ERROR,
        "{ref} is rated {rating} (no longer appropriate) without a reason.",
        "Ask {leads} for the reason.",
    ),
    "rating-unknown": Entry(
        ERROR,
        "{ref} has {what}.",
        "Ask {leads} for a rating: {names}.",
    ),
    "nothing-new": Entry(
        WARNING,
        "Nothing was said of {ref} since {cycle} was issued.",
        "Ask {leads} for an update.",
    ),
    "no-return": Entry(
        WARNING,
        "{officer} has not returned the copy for {cycle}, due back on {return_by}.",
        "Remind them; their actions stand as they were.",
    ),
    "personal-data": Entry(
        ERROR,
        "The {column} of {ref} may hold personal data: {kind}.",
        "Take it out before any paper is published.",
    ),
}


def finding(
    code: str, *, file: str = "", sheet: str = "", ref: str = "", cell: str = "", **facts: object
) -> Finding:
    """The finding of this code, its message and action filled in with ``facts`` (and ``ref``).

    Raises KeyError where the code is not in the catalogue or a fact is missing.
    """
    entry = CATALOGUE[code]
    facts = {"ref": ref, **facts}
    return Finding(
        code=code,
        severity=entry.severity,
        message=entry.message.format(**facts),
        action=entry.action.format(**facts),
        file=file,
        sheet=sheet,
        ref=ref,
        cell=cell,
    )


_OF_RETURNS = ("return-", "sheet-", "column-", "row-", "locked-", "entry-", "status-", "date-")
_RATING_READ = ("rating-recognised", "rating-not-recognised", "rating-cleared")


def is_of_returns(code: str) -> bool:
    """Whether a finding of this code comes from reading a return: it stands until the next are read."""
    return code.startswith(_OF_RETURNS) or code in _RATING_READ
