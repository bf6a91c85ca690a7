"""The charts of the year: ratings as bars, milestones by date, the trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from lscb_workbook.board.content import (
    Bars,
    Block,
    Chart,
    Column,
    Grid,
    Mark,
    Paragraph,
    Section,
    Timeline,
    Word,
)
from lscb_workbook.board.sections.told import STATES, Told, day_text
from lscb_workbook.plan.schemes import NOT_RATED, heading_of
from lscb_workbook.review import (
    MilestoneState,
    RatingCounts,
)
from lscb_workbook.review.wording import counted, written

__all__ = ["bars_in_words", "rating_bars", "timeline", "trend"]


_NOT_RATED = Word(NOT_RATED, "D9D9D9", "262626")
_MOST_MARKS = 60
_LABEL = 34
"""The most characters of a milestone's name in a chart: a line."""


def timeline(told: Told) -> Section:
    dated = [one for one in told.found.milestones if one.due and one.state in STATES]
    heading = "Milestones over the year"
    if not dated:
        return Section(heading, (Paragraph("No milestone has a day."),))
    shown = sorted(dated, key=lambda one: (one.state.closed, one.due or date.max))[:_MOST_MARKS]
    shown.sort(key=lambda one: one.due or date.max)
    year, as_at = told.plan.year, told.found.as_at
    marks = tuple(_mark(told, one) for one in shown)
    drawing = Timeline(
        marks,
        tuple(_months(told)),
        (year.last - year.first).days + 1,
        (as_at - year.first).days,
        f"As at {day_text(as_at)}",
        tuple(STATES.values()),
    )
    counts = Counter(mark.state.text for mark in marks)
    alt = ", ".join(
        f"{counts[word.text]} {word.text.lower()}" for word in STATES.values() if counts[word.text]
    )
    alt = f"{counted(len(marks), 'milestone')} by date, with a line at {written(as_at)}: {alt}."
    blocks: list[Block] = [Chart("Milestones by date, with the as-at day", alt, drawing)]
    if len(shown) < len(dated):
        blocks.insert(
            0, Paragraph(f"Of {len(dated)} milestones with a day the {len(shown)} most pressing are shown.")
        )
    return Section(heading, tuple(blocks))


def _mark(told: Told, one: MilestoneState) -> Mark:
    first = told.plan.year.first
    due = one.due or first
    planned = one.planned or due
    text = " ".join(told.milestone(one.milestone).split())
    label = text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"
    return Mark(
        label, (due - first).days, (planned - first).days, STATES[one.state], day_text(due), day_text(planned)
    )


def _months(told: Told) -> Iterator[tuple[int, str]]:
    first, last = told.plan.year.first, told.plan.year.last
    month = first.replace(day=1)
    while month <= last:
        yield max(0, (month - first).days), f"{month:%b}"
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


_MOST_ON_A_NARROW_PAGE = 6
"""The most ratings whose headings a page that stands upright has the width for."""


def trend(told: Told) -> Section:
    points, names = told.found.trend, told.plan.scheme.names
    counts = [one.ratings for one in points]
    bars = rating_bars(told, [one.name for one in points], counts, "Cycle", upright=True)
    columns = (
        Column("Cycle", 2.0),
        Column("As at", 1.4),
        *(Column(heading_of(name), number=True) for name in names),
        Column(NOT_RATED, number=True),
        Column("Milestones missed", 1.4, number=True),
    )
    rows = tuple(
        (
            one.name,
            day_text(one.as_at),
            *(str(one.ratings.by_status[name]) for name in names),
            str(one.ratings.not_rated),
            str(one.missed),
        )
        for one in points
    )
    blocks: list[Block] = [Grid("Ratings and missed milestones at the end of each cycle", columns, rows)]
    if any(one.total for one in counts):
        blocks.insert(0, Chart("RAG rating of the actions, cycle by cycle", bars_in_words(bars), bars))
    return Section("Trend over the year", tuple(blocks), wide=len(names) > _MOST_ON_A_NARROW_PAGE)


def rating_bars(
    told: Told, labels: Sequence[str], counts: Sequence[RatingCounts], rows: str, *, upright: bool
) -> Bars:
    """Bars of actions by the scheme's ratings, in its order; 'Not rated' only where something is not.
    ``rows`` says what the labels are."""
    statuses = told.plan.scheme.statuses
    series = [Word(heading_of(one.name), one.fill, one.ink) for one in statuses]
    values = [tuple(one.by_status[status.name] for one in counts) for status in statuses]
    if any(one.not_rated for one in counts):
        series.append(_NOT_RATED)
        values.append(tuple(one.not_rated for one in counts))
    return Bars(tuple(labels), tuple(series), tuple(values), "Actions", upright, rows)


def bars_in_words(bars: Bars) -> str:
    said = []
    for position, label in enumerate(bars.labels):
        parts = [
            f"{values[position]} {word.text}"
            for word, values in zip(bars.series, bars.values, strict=True)
            if values[position]
        ]
        said.append(f"{label}: {', '.join(parts) or 'no actions'}")
    return "; ".join(said) + "."
