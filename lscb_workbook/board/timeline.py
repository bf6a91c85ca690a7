"""The Timeline: each dated milestone as a mark on the year, and how far its date was moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from lscb_workbook.board import formulas
from lscb_workbook.board.formulas import as_number, as_text, of_milestone, this
from lscb_workbook.board.masters import Row
from lscb_workbook.ooxml import Formula, Workbook
from lscb_workbook.plan.records import PlanYear
from lscb_workbook.review import MilestoneState, Review, State
from lscb_workbook.tracker.layout import SERIES, TIMELINE

__all__ = ["MARK_DAYS", "MOST", "dated", "frame_timeline", "timeline_rows"]

MOST = 52
"""The most milestones that a page shows as a chart, and the next as a table."""
MARK_DAYS = 9
"""How wide a mark is, in days. It ends on the day."""
_LABEL, _WHAT = 34, 58
_GROUPS: dict[str, tuple[State, ...]] = dict(
    zip(
        SERIES,
        (
            (State.COMPLETE, State.COMPLETE_LATE),
            (State.MISSED,),
            (State.DUE_SOON,),
            (State.NOT_YET_DUE,),
        ),
        strict=True,
    )
)
_LINE, _AROUND = 14.0, 70.0
"""The height of a milestone's line in the chart, and of what is round them, in points."""
_LOWEST, _HIGHEST = 180.0, 730.0
"""The least and the most height of the chart; the most fits a page of A4."""
_MOVED = "Moved from the original date"


def dated(review: Review) -> tuple[MilestoneState, ...]:
    """The milestones that the Timeline shows, the earliest first; those not done with where it cannot hold
    them all. What is no longer needed is left out."""
    known = [one for one in review.milestones if one.due and one.state is not State.NOT_NEEDED]
    if len(known) > MOST:
        known = sorted(known, key=lambda one: (one.state.closed, one.due or date.max))[:MOST]
    return tuple(sorted(known, key=lambda one: one.due or date.max))


def timeline_rows(review: Review, year: PlanYear) -> list[Row]:
    """A row for each; the hidden columns are what the chart is drawn from, in days."""
    return [_row(one, year) for one in dated(review)]


def frame_timeline(book: Workbook, review: Review, year: PlanYear) -> None:
    """Scale the chart to the year, draw its line at the as-at day, and give each milestone its line."""
    if "Timeline" in book.tables:
        sheet = book.tables["Timeline"].sheet
        height = min(_HIGHEST, max(_LOWEST, _AROUND + _LINE * len(dated(review))))
        day = max(year.first, min(year.last, review.as_at))
        book.frame_chart(sheet, TIMELINE, height=height, low=year.first, high=year.last, crosses=day)


def _row(one: MilestoneState, year: PlanYear) -> Row:
    original, counts = this("Timeline", "Original date"), this("Timeline", "Date that counts")
    earlier = _within(f'IF({original}="",{counts},MIN({original},{counts}))')
    start = this("Timeline", "Start")
    due = one.due or year.last
    first = _clipped(min(due, one.planned or due), year)
    last = _clipped(due, year)
    begins = first - timedelta(days=MARK_DAYS)
    return {
        "Milestone": one.milestone.id,
        "What": _short(one.milestone.text, _WHAT),
        "Original date": one.planned,
        "Date that counts": Formula(as_number(of_milestone("Timeline", "Date that counts")), due),
        "State": Formula(as_text(of_milestone("Timeline", "State")), formulas.words(one.state)),
        "Label": f"{one.milestone.id}  {_short(one.milestone.text, _LABEL)}",
        "Start": Formula(f'IF({counts}="",0,{earlier}-{MARK_DAYS})', begins),
        _MOVED: Formula(f'IF({counts}="",0,{_within(counts)}-{MARK_DAYS}-{start})', (last - first).days),
        **{name: _mark(states, one.state) for name, states in _GROUPS.items()},
    }


def _mark(states: Sequence[State], state: State) -> Formula:
    said = this("Timeline", "State")
    either = ",".join(f"{said}={formulas.quoted(formulas.words(one))}" for one in states)
    return Formula(f"IF(OR({either}),{MARK_DAYS},0)", MARK_DAYS if state in states else 0)


def _within(day: str) -> str:
    """A day, or the nearest of the year where it lies outside it; a mark's width stays inside."""
    return f"MAX(YearFirst+{MARK_DAYS},MIN(YearLast,{day}))"


def _clipped(day: date, year: PlanYear) -> date:
    return max(year.first + timedelta(days=MARK_DAYS), min(year.last, day))


def _short(text: str, most: int) -> str:
    """The beginning of a text, whole words, in one line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rpartition(" ")[0].rstrip(",;:") + "…"
