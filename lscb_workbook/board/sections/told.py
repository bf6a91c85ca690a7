"""What every section is made with: the review, the voice it speaks in, and the small parts they share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lscb_workbook.board.content import (
    Block,
    Column,
    Grid,
    Paragraph,
    Section,
    Text,
    Word,
)
from lscb_workbook.board.naming import Voice
from lscb_workbook.plan.records import Action, Change, Field, Milestone, Plan
from lscb_workbook.plan.refs import came_from, of_year
from lscb_workbook.review import (
    ActionView,
    MilestoneState,
    Review,
    State,
)
from lscb_workbook.review.wording import written
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["MOST_ROWS", "STATES", "InFull", "Told", "day_text", "foremost", "listing", "state_word"]


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
        """An action's rating in its colours."""
        return self.named(view.status.name if view.status else view.update.rating, view.action.ref)

    def named(self, name: str, ref: str) -> Text:
        """A rating of an action, by name; one that the scheme does not know is none."""
        if status := self.plan.scheme.named(name):
            return Word(status.name, status.fill, status.ink)
        return f"Not rated ('{self.voice.text(ref, 'rating', name)}')" if name.strip() else "Not rated"

    def action(self, one: Action) -> str:
        """An action by ref and words, with the ref by which the board knew it last year, if another."""
        said = f"{one.ref} {self.voice.text(one.ref, 'action', one.text)}"
        before = came_from(one.carried)[:1]
        return said + "".join(f" (was {of_year(*was)})" for was in before if was.name != one.ref)

    def milestone(self, one: Milestone) -> str:
        """A milestone by id and words."""
        return f"{one.id} {self.voice.text(one.id, 'milestone', one.text)}"

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
    *,
    above: Sequence[Block] = (),
    below: Sequence[Block] = (),
) -> Section:
    """A section of one table with what stands above and below it, or of the sentence that there is nothing
    to list."""
    if not rows:
        return Section(heading, (Paragraph(none),))
    grid = Grid(caption, tuple(columns), tuple(tuple(row) for row in rows))
    return Section(heading, (*above, grid, *below))


MOST_ROWS = 60
"""The most rows of a list: more than that no board reads."""


_Listed = TypeVar("_Listed")


def foremost(
    told: Told, all_of: Sequence[_Listed], order: Callable[[_Listed], int], which: str, tab: str
) -> tuple[Sequence[_Listed], tuple[Paragraph, ...]]:
    """What a list shows: all, as they stand, or where they are too many the first by ``order``, with the
    sentence that says so. ``which`` says what these are ('the most severe'), ``tab`` where all are."""
    if len(all_of) <= MOST_ROWS:
        return all_of, ()
    said = (
        f"Of {len(all_of)}, the {MOST_ROWS} listed are {which}. All are on the tab '{tab}' of the board's "
        f"tracker, as at {written(told.found.as_at)}."
    )
    return sorted(all_of, key=order)[:MOST_ROWS], (Paragraph(said),)


class InFull:
    """Texts too long for a column beside others: in their cell they begin, and in a table of their own below
    they stand in full, across the page. What is ``above`` stands in full in an earlier section."""

    def __init__(self, what: str, above: Collection[str] = ()) -> None:
        self._what, self._above = what, above
        self._rows: list[tuple[Text, ...]] = []

    def cell(self, of: str, text: str) -> str:
        """What the list's cell says; ``of`` names its row."""
        if len(text) <= _LONG:
            return text
        begins = text[:_BEGINNING].rpartition(" ")[0] or text[:_BEGINNING]
        if of in self._above:
            return f"{begins} … (in full in an earlier section)"
        self._rows.append((of, text))
        return f"{begins} … (in full below the table)"

    def block(self) -> tuple[Grid, ...]:
        """The table of what is too long, where anything is."""
        if not self._rows:
            return ()
        columns = (Column("Of", 0.7), Column(f"{self._what} in full", 9.0))
        return (Grid(f"{self._what} too long for the table above", columns, tuple(self._rows)),)


_LONG, _BEGINNING = 700, 320
"""Letters: of a text that goes below its list, and of what then stands in the list."""


def day_text(day: date | None) -> str:
    """``31/08/2016``, as the plan writes days; nothing where there is none."""
    return f"{day:%d/%m/%Y}" if day else ""


def state_word(one: MilestoneState) -> Text:
    return STATES.get(one.state) or one.state.value.replace("_", " ").capitalize()
