"""What every section is made with: the review, the voice it speaks in, and the small parts they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.board.content import (
    Column,
    Grid,
    Paragraph,
    Section,
    Text,
    Word,
)
from lscb_workbook.board.naming import Voice
from lscb_workbook.plan.records import Change, Field, Plan
from lscb_workbook.review import (
    ActionView,
    MilestoneState,
    Review,
    State,
)
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["STATES", "Told", "day_text", "listing", "state_word"]


STATES = {
    State.COMPLETE: Word("Complete", "8CC5A2", "0E3B20"),
    State.COMPLETE_LATE: Word("Complete late", "BFD9C8", "0E3B20"),
    State.MISSED: Word("Missed", "E58A84", "4A0905"),
    State.DUE_SOON: Word("Due soon", "FCE8B2", "4D3800"),
    State.NOT_YET_DUE: Word("Not yet due", "C9CED6", "1F2933"),
}
"""The states that a milestone with a day can stand in, in the order a chart gives them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper is made from, and the voice it speaks in."""

    plan: Plan
    found: Review
    voice: Voice

    def leads(self, keys: Iterable[str]) -> str:
        return "\n".join(dict.fromkeys(map(self.voice.officer, keys)))

    def rating(self, view: ActionView) -> Text:
        """A rating in its colours; a word that is none of the scheme's as it was typed."""
        if view.status is None:
            return view.update.rating or "Not rated"
        return Word(view.status.name, view.status.fill, view.status.ink)

    def named(self, name: str) -> Text:
        status = self.plan.scheme.named(name)
        return Word(status.name, status.fill, status.ink) if status else name or "Not rated"

    def said(self, view: ActionView, field: Field, words: str) -> str:
        return self.voice.text(view.action.ref, FIELD_HEADERS[field].lower(), words)

    def note(self, state: MilestoneState) -> str:
        return self.voice.text(state.milestone.id, "note", state.update.note)

    def source(self, change: Change | None) -> str:
        """Who said so, on what day it was merged, and in which file where files are shown."""
        if change is None:
            return ""
        who = self.voice.officer(change.officer) if change.officer else "Entered in the tracker"
        file = change.file.replace("\\", "/").rpartition("/")[2] if self.voice.shows_files else ""
        return "\n".join(filter(None, (who, day_text(change.when), file)))


def listing(
    heading: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Text]],
    none: str,
) -> Section:
    """A section of one table, or of the sentence that there is nothing to list."""
    if not rows:
        return Section(heading, (Paragraph(none),))
    return Section(heading, (Grid(caption, tuple(columns), tuple(tuple(row) for row in rows)),))


def day_text(day: date | None) -> str:
    """``31/08/2016``, as the plan writes days; nothing where there is none."""
    return f"{day:%d/%m/%Y}" if day else ""


def state_word(one: MilestoneState) -> Text:
    return STATES.get(one.state) or one.state.value.replace("_", " ").capitalize()
