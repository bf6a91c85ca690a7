"""Findings of the review: milestones and ratings held against the plan's own definitions."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import ERROR, INFO, WARNING, Entry

__all__ = ["OF_REVIEW"]

OF_REVIEW: dict[str, Entry] = {
    "milestone-missed": Entry(
        ERROR,
        "Milestone {milestone} was due on {due} and is not complete: {days} late.",
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
        "{ref} is rated {rating} but milestone {milestone} was missed by {days}.",
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
        "Correct it on the Plan tab, or ask {leads} for a rating: {names}.",
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
