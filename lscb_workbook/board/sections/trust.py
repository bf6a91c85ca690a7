"""Impact, people, and how far the figures can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from lscb_workbook.board.content import (
    Column,
    Paragraph,
    Section,
    Word,
)
from lscb_workbook.board.sections.told import Told, listing
from lscb_workbook.plan.records import Field
from lscb_workbook.review.wording import counted

__all__ = ["evidence", "glossary", "officers", "organisations", "quality"]


def evidence(told: Told) -> Section:
    columns = (
        Column("Action", 2.6),
        Column("Rating", 0.9),
        Column("Evidence of impact", 4.6),
        Column("Source", 2.0),
    )
    rows = [
        (
            f"{one.view.action.ref} {one.view.action.text}",
            told.rating(one.view),
            told.said(one.view, Field.EVIDENCE, one.text),
            told.source(one.source),
        )
        for one in told.found.evidence
    ]
    total = len(told.found.actions)
    caption = f"Evidence of impact recorded for {len(rows)} of {counted(total, 'action')}"
    return listing("Evidence of impact", caption, columns, rows, "No evidence of impact has been recorded.")


def officers(told: Told) -> Section:
    names = told.plan.scheme.names
    rows = [
        (
            told.voice.officer(one.officer.key),
            str(one.ratings.total),
            *(str(one.ratings.by_status[name]) for name in names),
            str(one.ratings.not_rated),
            str(one.milestones.missed),
            str(one.milestones.due_soon),
            one.returned.value,
        )
        for one in told.found.officers
    ]
    columns = (*_counting("Lead officer", names), Column("Return", 1.4))
    return listing("By lead officer", "What each officer leads", columns, rows, "Nobody leads anything.")


def organisations(told: Told) -> Section:
    names = told.plan.scheme.names
    rows = [
        (
            one.name or "No organisation stated",
            str(one.ratings.total),
            *(str(one.ratings.by_status[name]) for name in names),
            str(one.ratings.not_rated),
            str(one.milestones.missed),
            str(one.milestones.due_soon),
        )
        for one in told.found.organisations
    ]
    caption = "What each organisation's officers lead; what two lead together counts for each"
    return listing(
        "By organisation", caption, _counting("Organisation", names), rows, "Nobody leads anything."
    )


def _counting(head: str, names: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column(head, 3.4),
        Column("Actions", number=True),
        *(Column(name, number=True) for name in names),
        Column("Not rated", number=True),
        Column("Milestones missed", 1.2, number=True),
        Column("Due soon", number=True),
    )


def quality(told: Told) -> Section:
    columns = (Column("What", 4.0), Column("Number", 0.8, number=True), Column("Where", 4.0))
    rows = [(one.title, str(one.count), _where(one.refs)) for one in told.found.quality]
    section = listing(
        "How far the figures can be trusted",
        "What the tool's checks found",
        columns,
        rows,
        "The checks found nothing to question.",
    )
    note = Paragraph(
        "Ratings and commentary are the officers' own and were not changed. The business manager has each of "
        "these, with a question to the officer."
    )
    return Section(section.heading, (note, *section.blocks) if rows else section.blocks)


def _where(refs: Sequence[str], most: int = 24) -> str:
    shown = ", ".join(refs[:most])
    return f"{shown} and {len(refs) - most} more" if len(refs) > most else shown


def glossary(told: Told) -> Section:
    columns = (Column("Rating", 1.0), Column("What it means, word for word", 7.0))
    rows = [(Word(one.name, one.fill, one.ink), one.definition) for one in told.plan.scheme.statuses]
    return listing("What the ratings mean", "The plan's RAG key", columns, rows, "The plan has no ratings.")
