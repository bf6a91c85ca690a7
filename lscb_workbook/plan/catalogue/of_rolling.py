"""Findings of making the next plan year's tracker out of this one's."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import INFO, WARNING, Entry

__all__ = ["OF_ROLLING"]

_AGAIN = "move the new tracker away and run the command again"

OF_ROLLING: dict[str, Entry] = {
    "carried-in-doubt": Entry(
        WARNING,
        "{name} is carried forward as {ref}, and may be finished: {why}.",
        "If it is finished, say so in last year's tracker (rating, milestones), merge or review that, "
        f"{_AGAIN}. If it goes on, agree milestones for the new year.",
    ),
    "carried-on-track": Entry(
        INFO,
        "{count} carried forward rated on track or complete, with milestones open: {refs} of {year}.",
        "Nothing to do, if they go on. If one is complete, close its milestones in last year's tracker, "
        f"merge or review that, {_AGAIN}.",
    ),
    "carried-conflicts-open": Entry(
        WARNING,
        "{count} to be settled in {year}, on {rows}; the rows and their conflicts are carried forward.",
        "Settle each on the Conflicts tab of the new tracker and merge; or settle them in last year's, merge "
        f"that, {_AGAIN}.",
    ),
    "carried-copies-out": Entry(
        WARNING,
        "{count} not come back ({cycle}): {who}.",
        f"If they are still to come: wait, merge them into last year's tracker, {_AGAIN}. The new tracker "
        "refuses last year's copies.",
    ),
    "carried-edits": Entry(
        INFO,
        "{count} typed into {before} since it was last recorded, on {rows}.",
        "They are taken as they stand and recorded on the History tab of the new tracker. To have them in "
        f"last year's as well: review that, {_AGAIN}.",
    ),
    "carried-like-new": Entry(
        WARNING,
        "{name}, carried forward as {ref}, says nearly what {other} of the new plan says.",
        f"If they are one action, take {{other}} out of the plan file, {_AGAIN}: the one that is carried "
        "forward has the history. If they are two, leave them.",
    ),
    "carried-without-priority": Entry(
        WARNING,
        "The new plan has no priority like '{title}' of {year}; what goes on of it stands under that title, "
        "as priority {number}.",
        f"If it belongs to another priority, give that one the old title in the plan file, {_AGAIN}.",
    ),
    "carried-priority-renamed": Entry(
        INFO,
        "Priority {number} was '{title}' in {year} and is '{now}' now; what goes on of it stands there.",
        "Nothing to do, if it is the same priority; if not, give each its own number in the plan file, "
        f"{_AGAIN}.",
    ),
    "carried-rating-unknown": Entry(
        WARNING,
        "{name}, carried forward as {ref}, was rated '{rating}', by which the new plan means nothing or "
        "something else; it is not rated now.",
        "Ask the lead officer for a rating by the new key. The History tab keeps the old one.",
    ),
    "carried-ask": Entry(
        WARNING,
        "{name}, carried forward as {ref}, still asks of the board: '{ask}'.",
        "If the board has answered, clear 'Asked of the board' on the Plan tab of the new tracker; its "
        "History tab keeps what was asked.",
    ),
    "carried-not-own": Entry(
        WARNING,
        "{before} has of your own {what}; the new tracker has not.",
        "They stay in last year's tracker. Copy what you still need into the new one, in Excel.",
    ),
    "carried-refs-named": Entry(
        WARNING,
        "What was written of {name}, carried forward as {ref}, names others by earlier refs: last "
        "year's {others}.",
        "The words stand as they were written. Where they would mislead, put them right on the Plan and "
        "Milestones tabs of the new tracker.",
    ),
    "carried-words-amended": Entry(
        WARNING,
        "The Plan and Milestones tabs did not say the same of the timescale and milestones of {name}. On the "
        "Plan tab: '{words}'. The new tracker gives what the Milestones tab said.",
        "If the words of the Plan tab should stand, put them into {ref} on that of the new tracker.",
    ),
}
