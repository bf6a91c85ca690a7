"""Findings about the plan itself."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import INFO, WARNING, Entry

__all__ = ["OF_PLAN"]

OF_PLAN: dict[str, Entry] = {
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
    "deadline-leads-round": Entry(
        WARNING,
        "The deadline of milestone {milestone} is that of action {other}, which is to be seen in action "
        "{ref} again.",
        "Agree a date with the lead and enter it as the approved date on the Milestones tab.",
    ),
    "deadline-outside-plan-year": Entry(
        WARNING,
        "Milestone {milestone} is due on {due}, outside the plan year {year}.",
        "Check the date with the lead; if the plan's date is wrong, enter the right one as the "
        "approved date on the Milestones tab.",
    ),
    "meeting-without-day": Entry(
        WARNING,
        "The Calendar has no day of a coming meeting of the board, so what is due next is what is due within "
        "{within}, by {until}.",
        "Enter the next meeting's day on the Calendar tab, under Day beside its month, and review again.",
    ),
    "source-uncertain": Entry(
        INFO,
        "The source of {what} cannot be read with certainty: {uncertain}",
        "Compare with the signed-off plan; if it differs, correct the plan file and make the tracker from "
        "that.",
    ),
}
