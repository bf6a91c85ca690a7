"""Findings of the review: milestones and ratings held against the plan's own definitions."""

from __future__ import annotations

from lscb_workbook.plan.catalogue.entries import ERROR, INFO, WARNING, Entry

__all__ = ["OF_REVIEW"]

OF_REVIEW: dict[str, Entry] = {
    "milestone-missed": Entry(
        ERROR,
        "Milestone {milestone} was due on {due} and is not complete: {days} late.",
        "Ask {leads} for a revised date, and for the board's approval of it.",
        "Milestones missed",
        "Milestone {milestone} was due on {due}. Has it been done since, and when? If not, what "
        "holds it up, and what date do you propose?",
    ),
    "revised-date-not-approved": Entry(
        WARNING,
        "Milestone {milestone}: a revised date of {revised} is proposed but not approved.",
        "If the board approves it, enter it as the approved date; until then the date of {due} counts.",
        "Revised dates that no board has approved",
    ),
    "approved-without-approver": Entry(
        ERROR,
        "Milestone {milestone}: the date of {approved} counts as approved, but by whom is not said.",
        "Enter who approved it; if no board did, take the approved date out.",
        "Approved dates without an approver",
    ),
    "approved-before-due": Entry(
        WARNING,
        "Milestone {milestone}: the approved date of {approved} is before the plan's own, {planned}.",
        "If that is right, leave it; else correct the date.",
        "Approved dates before the plan's own",
    ),
    "completed-in-future": Entry(
        ERROR,
        "Milestone {milestone} is said to be completed on {completed}, after {as_at}.",
        "Ask {leads} for the right date.",
        "Completion dates in the future",
        "Milestone {milestone} is given as completed on {completed}, which is still to come. What "
        "is the right day?",
    ),
    "completed-without-status": Entry(
        WARNING,
        "Milestone {milestone} has a completion date but its status is '{status}'.",
        "Ask {leads} whether it is complete; until the status says so it counts as not complete.",
        "Completion dates beside another status",
        "Milestone {milestone} has a completion date, but its status is '{status}'. Is it complete?",
    ),
    "complete-without-date": Entry(
        INFO,
        "Milestone {milestone} is complete but the day is not given.",
        "Ask {leads} for the day, so that the board can see whether it was in time.",
        "Milestones complete without a day",
        "On which day was milestone {milestone} completed?",
    ),
    "rating-without-commentary": Entry(
        ERROR,
        "{ref} is rated {rating} without commentary; the definition asks for a brief explanation.",
        "Ask {leads} for an explanation.",
        "Ratings without the explanation they need",
        "Action {ref} is rated {rating}. Please explain briefly why, as the definition of that rating asks.",
    ),
    "rating-contradicts-milestone": Entry(
        ERROR,
        "{ref} is rated {rating} but milestone {milestone} was missed by {days}.",
        "Ask {leads} to explain or to change the rating.",
        "Ratings that a missed milestone contradicts",
        "Action {ref} is rated {rating}, yet its milestone {milestone} is {days} late. Is the "
        "rating right? If it is, please say why in the commentary; if not, please choose another.",
    ),
    "not-started-with-work-reported": Entry(
        WARNING,
        "{ref} is rated {rating} (not started) but work is reported.",
        "Ask {leads} to change the rating.",
        "Not started, but work is reported",
        "Action {ref} is rated {rating}, not started, but work is reported on it. Which rating "
        "says best how it stands?",
    ),
    "complete-without-evidence": Entry(
        WARNING,
        "{ref} is rated {rating} {how}, but no evidence of impact is given.",
        "Ask {leads} for evidence of impact.",
        "Complete without evidence of impact",
        "{what} {ref} is complete. What difference has it made to children, and how do you know?",
    ),
    "complete-with-open-milestones": Entry(
        ERROR,
        "{ref} is rated {rating} (complete) but {count} not: {milestones}.",
        "Ask {leads} whether what is open is done, no longer needed, or the rating wrong.",
        "Rated complete with milestones open",
        "Action {ref} is rated {rating}, complete, yet {count} not: {milestones}. Are they done, and when? "
        "If not, which rating says best how it stands?",
    ),
    "withdrawn-without-reason": Entry(
        ERROR,
        "{ref} is rated {rating} (no longer appropriate) without a reason.",
        "Ask {leads} for the reason.",
        "No longer appropriate, without a reason",
        "Action {ref} is rated {rating}. Which change outside the board's control has made it no "
        "longer appropriate or achievable?",
    ),
    "rating-unknown": Entry(
        ERROR,
        "{ref} has {what}.",
        "Correct it on the Plan tab, or ask {leads} for a rating: {names}.",
        "Actions without a rating that the plan knows",
        "How do you rate action {ref}: {names}?",
    ),
    "nothing-new": Entry(
        WARNING,
        "No lead officer returned anything on {ref} since {cycle} was issued.",
        "Ask {leads} for an update.",
        "Actions on which nothing was returned this cycle",
        "What has happened on action {ref} since {cycle} was issued, even if nothing has changed?",
    ),
    "no-return": Entry(
        WARNING,
        "{officer} has not returned the copy for {cycle}, due back on {return_by}.",
        "Remind them; their actions stand as they were.",
        "Copies not returned",
        "We have not had your copy for {cycle}, which was due back on {return_by}. When can we expect it?",
    ),
    "personal-data": Entry(
        ERROR,
        "The {column} of {ref} may hold personal data: {kind}.",
        "Take it out before any paper is published.",
        "Text that may hold personal data",
        "The {column} of {ref} may identify a person ({kind}), and it goes into a published paper. "
        "How can it be put without that?",
    ),
    "commentary-repeated": Entry(
        WARNING,
        "The commentary of {ref} is word for word what went out with {cycle}.",
        "Ask {leads} what has changed since.",
        "Commentary that says the same two cycles running",
        "The commentary on action {ref} says what it said before {cycle}. What has happened since?",
    ),
}
