"""What has changed: the direction of travel, what moved and on whose word, dates that were moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import groupby

from lscb_workbook.board.content import (
    Block,
    Column,
    Grid,
    Paragraph,
    Section,
    Text,
)
from lscb_workbook.board.sections.told import MOST_ROWS, InFull, Told, day_text, foremost, listing, state_word
from lscb_workbook.plan.records import Field, MilestoneStatus
from lscb_workbook.review import (
    MilestoneState,
    Moved,
    Movement,
    RatingMove,
    State,
)
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["moved", "moved_dates", "travel"]


def travel(told: Told) -> Section:
    found = told.found
    since = f"{found.cycle.name} was issued" if found.cycle else told.plan.began
    counts = Counter(one.movement for one in found.movement)
    said = [
        f"{counts[word]} {word.value.rpartition(' ')[2].lower()}"
        for word in (Movement.IMPROVED, Movement.WORSE)
    ]
    other = counts[Movement.NEW_RATING] + counts[Movement.CHANGED]
    said += [f"{other} rated anew or otherwise changed", f"{counts[Movement.SAME]} the same"]
    every = [one for one in found.movement if {one.movement, one.over_year} != {Movement.SAME}]
    moved, few = foremost(
        told, every, _worst_first, "those that got worse, improved and changed, in this order", "Movement"
    )
    columns = (
        Column("Action", 3.6),
        Column("At the year's start", 1.0),
        Column("Last issued", 1.0),
        Column("Now", 1.0),
        Column("Since last cycle", 1.2),
        Column("Since the year's start", 1.2),
    )
    rows = [
        (
            told.action(one.action),
            told.named(one.at_start, one.action.ref),
            told.named(one.before, one.action.ref),
            told.named(one.now, one.action.ref),
            one.movement.value,
            one.over_year.value,
        )
        for one in moved
    ]
    blocks: list[Block] = [Paragraph(f"Since {since}: {', '.join(said)}."), *few]
    if rows:
        blocks.append(Grid("Actions whose rating has moved this year", columns, tuple(rows)))
    return Section("Direction of travel", tuple(blocks))


def _worst_first(one: RatingMove) -> int:
    order = (Movement.WORSE, Movement.IMPROVED, Movement.CHANGED, Movement.NEW_RATING, Movement.SAME)
    return order.index(one.movement)


def moved(told: Told) -> Section:
    since = told.found.since.words
    columns = (
        Column("Row", 0.7),
        Column("What", 1.1),
        Column("From", 1.0),
        Column("To", 1.0),
        Column("Why", 3.0),
        Column("Source", 3.0),
    )
    groups = [tuple(group) for _, group in groupby(told.found.moved, _return_of)]
    shown, few = foremost(
        told, groups, _ratings_first, "ratings first, then dates and states", "What has moved"
    )
    reasons = InFull("Reason", _told_above(told))
    rows = [_moved_together(told, group, reasons) for group in shown]
    caption, none = f"What has moved since {since}", f"Nothing has moved since {since}."
    below = reasons.block()
    return listing("What has moved, and why", caption, columns, rows, none, above=few, below=below)


def _told_above(told: Told) -> set[str]:
    """The actions whose commentary, and the milestones whose note, an earlier section has in full."""
    found = told.found
    actions = [one for one in (found.exceptions, found.withdrawn) if len(one) <= MOST_ROWS]
    milestones = [one for one in (found.in_state(State.MISSED), found.coming) if len(one) <= MOST_ROWS]
    return {view.action.ref for views in actions for view in views} | {
        one.milestone.id for states in milestones for one in states
    }


def _ratings_first(group: Sequence[Moved]) -> int:
    return 0 if group[0].cell.field is Field.RATING else 1


def _return_of(one: Moved) -> tuple[object, ...]:
    """What is told in one row: what one return, or one edit, moved of an action or of a milestone."""
    return one.cell.ref, one.cell.milestone, one.source.officer, one.source.when, one.source.file


def _moved_together(told: Told, group: Sequence[Moved], reasons: InFull) -> tuple[Text, ...]:
    first = group[0]
    if first.cell.field is Field.RATING:
        before, now = (told.named(text, first.cell.ref) for text in (first.before, first.now))
    else:
        before = "\n".join(_value(told, one, one.before) for one in group)
        now = "\n".join(_value(told, one, one.now) for one in group)
    why = dict.fromkeys(filter(None, (_why(told, one) for one in group)))
    row = first.cell.milestone or first.cell.ref
    return (
        row,
        "\n".join(FIELD_HEADERS[one.cell.field] for one in group),
        before,
        now,
        reasons.cell(row, "\n".join(why)) or "No reason was given.",
        told.source(first.source),
    )


def _value(told: Told, one: Moved, text: str) -> str:
    """What stands in a milestone's cell: days as the plan writes them; what is none, as it was typed."""
    field = one.cell.field
    if field is not Field.STATUS:
        with suppress(ValueError):
            return day_text(date.fromisoformat(text))
    if not text or text in tuple(MilestoneStatus):
        return text or "Blank"
    said = told.voice.text(one.cell.milestone, FIELD_HEADERS[field].lower(), text)
    return f"'{said}', which does not count"


def _why(told: Told, one: Moved) -> str:
    if one.cell.field is Field.APPROVED_DATE:
        if not one.why.strip():
            return "By whom it was approved is not said."
        return f"Approved by {one.why}." if told.voice.shows_files else "Approved."
    what = "commentary" if one.cell.field is Field.RATING else "note"
    return told.voice.text(one.cell.milestone or one.cell.ref, what, one.why)


def moved_dates(told: Told) -> Section:
    shown, few = foremost(
        told, told.found.moved_dates, _slipped, "those that slipped furthest", "Moved dates"
    )
    columns = (
        Column("Milestone", 2.6),
        Column("Original date", 1.0),
        Column("Each revision", 2.8),
        Column("Times moved", 0.7, number=True),
        Column("Date that counts", 1.0),
        Column("Days slipped", 0.8, number=True),
        Column("State", 1.0),
    )
    rows = [
        (
            told.milestone(one.milestone),
            day_text(one.planned) or "Not stated",
            "\n".join(_revisions(told, one)),
            str(one.times_moved),
            day_text(one.due) or "None",
            "" if one.slipped_days is None else str(one.slipped_days),
            state_word(one),
        )
        for one in shown
    ]
    honest = Paragraph(
        "A date that the board has not approved hides nothing: lateness counts from the date agreed."
    )
    caption = "Every date that was moved or is proposed to be"
    none = "No milestone's date has been moved, or is proposed to be."
    return listing("Moved dates", caption, columns, rows, none, above=(honest, *few))


def _slipped(one: MilestoneState) -> int:
    return -(one.slipped_days or 0)


def _revisions(told: Told, one: MilestoneState) -> Iterator[str]:
    for move in one.moves:
        to = day_text(move.after) if move.after else "no date"
        waits = ", not approved" if one.revised and move.after == one.revised else ""
        if move.approved:
            by = f" by {move.approved_by}" if told.voice.shows_files else ""
            by = by if move.approved_by.strip() else ", by whom is not said"
            yield f"{to} approved{by} ({day_text(move.when)})"
        else:
            by = f" by {told.voice.officer(move.officer)}" if move.officer else " in the tracker"
            yield f"{to} proposed{by} ({day_text(move.when)}){waits}"
