"""Findings about a returned file as a whole: what it is, whose it is, whether it is genuine."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import ERROR, INFO, WARNING, Entry

__all__ = ["OF_FILES"]

OF_FILES: dict[str, Entry] = {
    "return-unreadable": Entry(
        ERROR,
        "The file cannot be read: {reason}.",
        "Ask the officer to send the workbook again, saved as an Excel workbook (.xlsx).",
    ),
    "return-document": Entry(
        ERROR,
        "The file is {reason}, not a workbook that can be read.",
        "Read it: nothing in it was taken. Ask the officer to fill in the workbook they were sent.",
    ),
    "return-protected": Entry(
        ERROR,
        "The file is protected by a password: {reason}.",
        "Put the password into a file, a line for each, and give it with --password-file; or ask the officer "
        "to send it without one.",
    ),
    "return-too-large": Entry(
        ERROR,
        "The file is beyond the limits: {reason}.",
        "Look at it with care, or ask the officer for a plain copy. The limits can be raised; see --help.",
    ),
    "return-stopped": Entry(
        ERROR,
        "Reading the file was stopped: {reason}.",
        "Do not open it without care: no ordinary copy does that. Ask the officer to send it again.",
    ),
    "return-changing": Entry(
        ERROR,
        "The file was changed while it was being read.",
        "Wait until it is saved or copied to the end, then run the command again.",
    ),
    "return-link": Entry(
        WARNING,
        "It is a link to another place, which is not followed.",
        "Put the file itself in the folder, or give the place it is in.",
    ),
    "return-kind": Entry(
        INFO,
        "The file is {kind}, whatever its name says, and was read as that.",
        "Nothing to do.",
    ),
    "return-marks-unread": Entry(
        WARNING,
        "Notes, comments, colours and shapes cannot be read in this file.",
        "Open it and look for them; what they say was not taken.",
    ),
    "return-picture": Entry(
        WARNING,
        "The sheet '{where}' holds {count} pictures or drawings, which cannot be read.",
        "Open it and look; what they show was not taken.",
    ),
    "return-of-several": Entry(
        WARNING,
        "The file does not say whose it is and holds rows of {count} officers; "
        "each row was taken as its own lead's.",
        "Ask who filled it in; its edits are put on the Conflicts tab as proposals.",
    ),
    "return-clock-wrong": Entry(
        WARNING,
        "The file says that it was saved on {day}, after it came.",
        "The day it came counts instead; a clock was wrong, or somebody changed it.",
    ),
    "return-heading-of-other": Entry(
        ERROR,
        "The copy is {officer}'s, but its heading names {other}.",
        "Its edits are put on the Conflicts tab as proposals; ask whose they are before settling them.",
    ),
    "return-crowded": Entry(
        WARNING,
        "The file gives {count} more findings of the same kinds than are listed.",
        "Look at the file itself: it holds far more than a copy does.",
    ),
    "as-issued-changed": Entry(
        ERROR,
        "The copy claims that the {column} of {ref} was issued as '{claimed}'; it was '{issued}'.",
        "The tracker's own value is used; ask the officer how the hidden sheet came to be changed.",
    ),
    "mail-without-attachment": Entry(
        WARNING,
        "The mail holds no file.",
        "Read it: nothing in it was taken. Ask the officer for the filled-in copy.",
    ),
    "mail-words": Entry(
        INFO,
        "The mail that brought the file has words of its own.",
        "Read the mail: nothing in it was taken.",
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
    "return-earlier-year": Entry(
        ERROR,
        "The copy is of an earlier plan year, which this tracker follows: {reason}. Nothing in it was taken.",
        "Merge it into that year's own tracker; enter by hand here, on the Plan and Milestones tabs, what is "
        "new in it of actions that were carried forward.",
    ),
    "return-unknown-officer": Entry(
        ERROR,
        "The copy names an officer who is not on the Officers tab: {officer}.",
        "Add the officer or the alias on the Officers tab and merge again.",
    ),
    "return-other-schema": Entry(
        ERROR,
        "The copy was made by another version of this tool, which this one cannot read (schema {schema}).",
        "Merge it with the version that made it, or copy what the officer wrote into a new copy.",
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
    "return-as-issued": Entry(
        WARNING,
        "The copy came back as it was issued, and does not say that anybody saved it since.",
        "If you gave the folder of copies, give the folder of returns. If the officer sent it so, ask "
        "whether there is nothing to report.",
    ),
    "returns-all-as-issued": Entry(
        WARNING,
        "All {count} files are copies as they were issued, which nobody says they saved since; none of them "
        "counts as a return.",
        "If you gave the folder of copies, give the folder of returns. If the officers sent them so, ask "
        "whether there is nothing to report.",
    ),
    "return-same-moment": Entry(
        WARNING,
        "Two returns of the same officer were saved at the same moment and differ, "
        "so the later cannot be told.",
        "Settle the difference on the Conflicts tab.",
    ),
}
