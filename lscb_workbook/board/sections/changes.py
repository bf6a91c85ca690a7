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
from lscb_workbook.board.sections.told import Told, day_text, listing, state_word
from lscb_workbook.plan.records import Field
from lscb_workbook.review import (
    MilestoneState,
    Moved,
    Movement,
)
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["moved", "moved_dates", "travel"]


def travel(told: Told) -> Section:
    found = told.found
    since = f"{found.cycle.name} was issued" if found.cycle else "the plan was agreed"
    counts = Counter(one.movement for one in found.movement)
    said = [
        f"{counts[word]} {word.value.rpartition(' ')[2].lower()}"
        for word in (Movement.IMPROVED, Movement.WORSE)
    ]
    other = counts[Movement.NEW_RATING] + counts[Movement.CHANGED]
    said += [f"{other} rated anew or otherwise changed", f"{counts[Movement.SAME]} the same"]
    moved = [one for one in found.movement if {one.movement, one.over_year} != {Movement.SAME}]
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
            f"{one.action.ref} {one.action.text}",
            told.named(one.at_start),
            told.named(one.before),
            told.named(one.now),
            one.movement.value,
            one.over_year.value,
        )
        for one in moved
    ]
    blocks: list[Block] = [Paragraph(f"Since {since}: {', '.join(said)}.")]
    if rows:
        blocks.append(Grid("Actions whose rating has moved this year", columns, tuple(rows)))
    return Section("Direction of travel", tuple(blocks))


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
    rows = [_moved_together(told, tuple(group)) for _, group in groupby(told.found.moved, _return_of)]
    none = f"Nothing has moved since {since}."
    return listing("What has moved, and why", f"What has moved since {since}", columns, rows, none)


def _return_of(one: Moved) -> tuple[object, ...]:
    """What is told in one row: what one return, or one edit, moved of an action or of a milestone."""
    return one.cell.ref, one.cell.milestone, one.source.officer, one.source.when, one.source.file


def _moved_together(told: Told, group: Sequence[Moved]) -> tuple[Text, ...]:
    first = group[0]
    if first.cell.field is Field.RATING:
        before, now = told.named(first.before), told.named(first.now)
    else:
        before = "\n".join(_value(one.cell.field, one.before) for one in group)
        now = "\n".join(_value(one.cell.field, one.now) for one in group)
    why = dict.fromkeys(filter(None, (_why(told, one) for one in group)))
    return (
        first.cell.milestone or first.cell.ref,
        "\n".join(FIELD_HEADERS[one.cell.field] for one in group),
        before,
        now,
        "\n".join(why) or "No reason was given.",
        told.source(first.source),
    )


def _value(field: Field, text: str) -> str:
    """What stands in a milestone's cell: days as the plan writes them."""
    if field is not Field.STATUS:
        with suppress(ValueError):
            return day_text(date.fromisoformat(text))
    return text or "Blank"


def _why(told: Told, one: Moved) -> str:
    if one.cell.field is Field.APPROVED_DATE:
        by = f"Approved by {one.why}." if one.why and told.voice.shows_files else ""
        return by or "Approved."
    what = "commentary" if one.cell.field is Field.RATING else "note"
    return told.voice.text(one.cell.milestone or one.cell.ref, what, one.why)


def moved_dates(told: Told) -> Section:
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
            f"{one.milestone.id} {one.milestone.text}",
            day_text(one.planned) or "Not stated",
            "\n".join(_revisions(told, one)),
            str(one.times_moved),
            day_text(one.due) or "None",
            "" if one.slipped_days is None else str(one.slipped_days),
            state_word(one),
        )
        for one in told.found.moved_dates
    ]
    section = listing(
        "Moved dates",
        "Every date that was moved or is proposed to be",
        columns,
        rows,
        "No milestone's date has been moved, or is proposed to be.",
    )
    if not rows:
        return section
    honest = Paragraph(
        "A date that the board has not approved hides nothing: lateness counts from the date agreed."
    )
    return Section(section.heading, (honest, *section.blocks))


def _revisions(told: Told, one: MilestoneState) -> Iterator[str]:
    for move in one.moves:
        to = day_text(move.after) if move.after else "no date"
        if move.approved:
            by = f" by {move.approved_by}" if move.approved_by and told.voice.shows_files else ""
            yield f"{to} approved{by} ({day_text(move.when)})"
        else:
            by = f" by {told.voice.officer(move.officer)}" if move.officer else " in the tracker"
            yield f"{to} proposed{by} ({day_text(move.when)})"
    if one.revised:
        yield f"{day_text(one.revised)} is not approved."
