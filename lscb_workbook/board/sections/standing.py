"""Where the year stands: the headline, and ratings and milestones by priority."""

from __future__ import annotations

from collections.abc import Sequence

from lscb_workbook.board.content import (
    Block,
    Chart,
    Column,
    Grid,
    Lines,
    Paragraph,
    Section,
    Text,
)
from lscb_workbook.board.sections.drawings import bars_in_words, rating_bars
from lscb_workbook.board.sections.told import Told
from lscb_workbook.plan.records import Field
from lscb_workbook.plan.refs import came_from
from lscb_workbook.plan.schemes import NOT_RATED, heading_of
from lscb_workbook.review import (
    Moved,
    RatingCounts,
    ReturnState,
)
from lscb_workbook.review.wording import counted, listed

__all__ = ["by_priority", "headline"]


def headline(told: Told) -> Section:
    found = told.found
    blocks: list[Block] = [Paragraph(found.headline, strong=True)]
    silent = [one.officer.key for one in found.officers if one.returned is ReturnState.NOT_RETURNED]
    points = [
        f"Since {found.since.words} {_changed(found.moved)} changed.",
        f"{counted(len(found.coming), 'milestone is', 'milestones are')} due by {found.horizon.words}.",
    ]
    proposed = sum(one.revised is not None for one in found.milestones)
    if went_on := _carried(told):
        points.insert(0, went_on)
    if proposed:
        dates = counted(proposed, "revised date waits", "revised dates wait")
        points.append(f"{dates} for the board's approval; until then the date agreed counts.")
    if silent:
        names = listed(list(dict.fromkeys(map(told.voice.officer, silent))), "and")
        cycle = found.cycle.name if found.cycle else "this cycle"
        points.append(f"Not returned for {cycle}: {names}. What they lead stands as it was.")
    if found.open_conflicts:
        answers = counted(found.open_conflicts, "answer is", "answers are")
        points.append(
            f"{answers} still being checked with the officers; what stood before counts until then."
        )
    blocks.append(Lines(tuple(_sentence(point) for point in points)))
    return Section("Where the year stands", tuple(blocks))


def _carried(told: Told) -> str:
    """How many actions are of earlier years, and how much of what was overdue; ``""`` where none is."""
    actions = [came_from(one.carried) for one in told.plan.actions if one.carried]
    if not actions:
        return ""
    last = actions[0][0].year
    said = f"{counted(len(actions), 'action was', 'actions were')} carried forward from {last}"
    older = sum(len(one) > 1 for one in actions)
    said += f", {older} of them for the second time or more often" if older else ""
    began = told.found.trend[0].missed if told.found.trend else 0
    if not began:
        return f"{said}."
    return f"{said}, with {counted(began, 'milestone', 'milestones')} missed by then."


def _changed(moved: Sequence[Moved]) -> str:
    """How many ratings, and how many statuses and dates of milestones."""
    ratings = sum(one.cell.field is Field.RATING for one in moved)
    others = len(moved) - ratings
    said = f"{counted(ratings, 'rating')} and {counted(others, 'status or date', 'statuses and dates')}"
    return f"{said} {'has' if (others or ratings) == 1 else 'have'}"


def by_priority(told: Told) -> Section:
    found, names = told.found, told.plan.scheme.names
    everything, *each = found.priorities
    columns = (
        Column("Priority", 3.4),
        Column("Actions", number=True),
        *(Column(heading_of(name), number=True) for name in names),
        Column(NOT_RATED, number=True),
        Column("Milestones met", 1.4, number=True),
        Column("Missed", number=True),
        Column("To come", number=True),
        Column("Ongoing", 1.1, number=True),
    )
    rows: list[tuple[Text, ...]] = []
    for one in (*each, everything):
        title = "All priorities"
        if one.priority:
            name = str(one.priority.number)
            title = f"{name}. {told.voice.text(name, 'title of the priority', one.priority.title)}"
        states = one.milestones
        rows.append(
            (
                title,
                str(one.ratings.total),
                *(_with_share(one.ratings, name) for name in names),
                str(one.ratings.not_rated),
                str(states.met),
                str(states.missed),
                str(states.still_to_come),
                str(states.ongoing),
            )
        )
    labels = [f"Priority {one.priority.number}" for one in each if one.priority]
    bars = rating_bars(told, labels, [one.ratings for one in each], "Priority", upright=False)
    blocks: list[Block] = [Grid("Actions and milestones by priority", columns, tuple(rows), total=True)]
    if everything.ratings.total:
        blocks.insert(0, Chart("RAG rating of the actions, by priority", bars_in_words(bars), bars))
    return Section("Ratings by priority", tuple(blocks))


def _with_share(counts: RatingCounts, name: str) -> str:
    count = counts.by_status[name]
    return f"{count} ({counts.share(name):.0%})" if count else "0"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
