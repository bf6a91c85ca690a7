"""A board paper out of a review: its front matter, its sections, and what a public version leaves out."""

from __future__ import annotations

from dataclasses import dataclass, fields

from lscb_workbook.board.content import FrontMatter, Lines, Paper, Paragraph, Section
from lscb_workbook.board.naming import Everything, InPublic
from lscb_workbook.board.sections import Told, sections
from lscb_workbook.plan.records import Plan
from lscb_workbook.review import Review, State
from lscb_workbook.review.wording import counted, listed, written

__all__ = ["Front", "make_paper"]

_TO_CONFIRM = "To be confirmed"


@dataclass(frozen=True, slots=True)
class Front:
    """What the manager gave of the front matter; what is empty is said from the tracker."""

    meeting: str = ""
    date: str = ""
    agenda_item: str = ""
    author: str = ""
    purpose: str = ""
    recommendation: str = ""


def make_paper(plan: Plan, found: Review, front: Front | None = None, *, public: bool = False) -> Paper:
    """The paper of a tracker as at the review's day. Nothing in it depends on the moment it is made.

    With ``public`` no officer below head of service is named, and no text that may hold personal data is
    given; its last section says what was left out.
    """
    voice = InPublic(plan) if public else Everything(plan)
    made = sections(Told(plan, found, voice))
    notice, left_out = "", tuple[str, ...]()
    if isinstance(voice, InPublic):
        notice, left_out = "Public version. The last section says what it leaves out.", voice.left_out()
        made = (*made, _left_out(left_out))
    return Paper(
        board=plan.board,
        title=f"{plan.title}: progress as at {written(found.as_at)}",
        front=_front(plan, found, front or Front()),
        sections=made,
        as_at=found.as_at.isoformat(),
        as_at_words=written(found.as_at),
        notice=notice,
        left_out=left_out,
    )


def _front(plan: Plan, found: Review, given: Front) -> FrontMatter:
    meeting = found.horizon.meeting
    said = {
        "meeting": plan.board,
        "date": written(meeting) if meeting else _TO_CONFIRM,
        "agenda_item": _TO_CONFIRM,
        "author": _TO_CONFIRM,
        "purpose": f"To tell the board how far the actions of the {plan.title} have come as at "
        f"{written(found.as_at)}, and what needs its attention.",
        "recommendation": _recommendation(found),
    }
    said |= {one.name: getattr(given, one.name) for one in fields(given) if getattr(given, one.name)}
    return FrontMatter(**said)


def _recommendation(found: Review) -> str:
    """What the figures ask of the board; nothing that nobody has said."""
    asks = ["note the progress reported"]
    if requests := sum(bool(view.update.ask.strip()) for view in found.actions):
        asks.append(f"decide on {counted(requests, 'request')}, listed under 'For decision'")
    if proposed := sum(one.revised is not None for one in found.milestones):
        asks.append(f"decide on {counted(proposed, 'revised date')} proposed")
    if off := len(found.exceptions):
        asks.append(f"consider {counted(off, 'action')} off track or at risk")
    if gone := len(found.withdrawn):
        asks.append(f"consider {counted(gone, 'action')} no longer appropriate")
    if missed := len(found.in_state(State.MISSED)):
        asks.append(f"challenge {counted(missed, 'missed milestone')}")
    return f"That the board {listed(asks, 'and')}."


def _left_out(lines: tuple[str, ...]) -> Section:
    names = Paragraph(
        "Names of people that officers wrote in their own words are not recognised by the tool: read the "
        "text before it is published."
    )
    said = Lines(lines) if lines else Paragraph("Nothing had to be left out.")
    return Section("What this version leaves out", (said, names))
