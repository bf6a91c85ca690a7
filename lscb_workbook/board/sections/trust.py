"""Impact, people, and how far the figures can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lscb_workbook.board.content import (
    Column,
    Paragraph,
    Section,
    Word,
)
from lscb_workbook.board.sections.told import InFull, Told, foremost, listing
from lscb_workbook.plan.records import Change, Decision, Field
from lscb_workbook.plan.schemes import NOT_RATED, heading_of
from lscb_workbook.review import ActionView, EvidenceNote, Quality, ReturnState
from lscb_workbook.review.wording import counted, joined

__all__ = ["evidence", "glossary", "officers", "organisations", "quality"]


def evidence(told: Told) -> Section:
    columns = (
        Column("Action", 2.6),
        Column("Rating", 0.9),
        Column("Evidence of impact", 4.6),
        Column("Source", 2.0),
    )
    recorded, heading = told.found.evidence, "Evidence of impact"
    shown, few = foremost(told, recorded, _latest_first, "those recorded last", heading)
    words = InFull(heading)
    rows = [
        (
            told.action(one.view.action),
            told.rating(one.view),
            words.cell(one.view.action.ref, told.said(one.view, Field.EVIDENCE, one.text)),
            told.source(one.source),
        )
        for one in shown
    ]
    total = len(told.found.actions)
    caption = f"{heading} recorded for {len(recorded)} of {counted(total, 'action')}"
    none = "No evidence of impact has been recorded."
    return listing(heading, caption, columns, rows, none, above=few, below=words.block())


def _latest_first(one: EvidenceNote) -> int:
    return -one.source.when.toordinal() if one.source else 0


def officers(told: Told) -> Section:
    names = told.plan.scheme.names
    rows = [
        (
            told.voice.officer(one.officer.key),
            str(one.ratings.total),
            *(str(one.ratings.by_status[name]) for name in names),
            str(one.ratings.not_rated),
            str(one.milestones.missed),
            str(_coming(told, {one.officer.key})),
            one.returned.value,
        )
        for one in told.found.officers
    ]
    columns = (*_counting("Lead officer", names), Column("Return", 1.4))
    return listing("By lead officer", "What each officer leads", columns, rows, "Nobody leads anything.")


def organisations(told: Told) -> Section:
    names = told.plan.scheme.names
    members: dict[str, set[str]] = {}
    for officer in told.plan.officers:
        members.setdefault(officer.organisation, set()).add(officer.key)
    rows = [
        (
            one.name or "No organisation stated",
            str(one.ratings.total),
            *(str(one.ratings.by_status[name]) for name in names),
            str(one.ratings.not_rated),
            str(one.milestones.missed),
            str(_coming(told, members[one.name])),
        )
        for one in told.found.organisations
    ]
    caption = "What each organisation's officers lead; what two lead together counts for each"
    return listing(
        "By organisation", caption, _counting("Organisation", names), rows, "Nobody leads anything."
    )


def _coming(told: Told, keys: set[str]) -> int:
    """How many of the milestones that are due next any of these officers leads."""
    return sum(not keys.isdisjoint(one.milestone.leads) for one in told.found.coming)


def _counting(head: str, names: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column(head, 3.4),
        Column("Actions", number=True),
        *(Column(heading_of(name), number=True) for name in names),
        Column(NOT_RATED, number=True),
        Column("Milestones missed", 1.2, number=True),
        Column("Due next", number=True),
    )


def quality(told: Told) -> Section:
    columns = (Column("What", 4.0), Column("Number", 0.8, number=True), Column("Where", 4.0))
    rows = [(one.title, str(one.count), _where(_found_at(told, one))) for one in told.found.quality]
    section = listing(
        "How far the figures can be trusted",
        "What was checked and found wanting; in brackets how often, where more than once",
        columns,
        rows,
        "The checks found nothing to question.",
    )
    said = "Ratings and commentary are as the plan and the officers gave them, and the tool changed none."
    if by_hand := [view.action.ref for view in told.found.actions if _entered_by_hand(view)]:
        said = (
            "The tool changed no rating and no commentary. They are as the plan and the officers gave them, "
            f"save what the business manager entered or settled: of {_where(by_hand)}."
        )
    note = Paragraph(f"{said} The business manager has each point below, with a question to the officer.")
    return Section(section.heading, (note, *section.blocks) if rows else section.blocks)


def _entered_by_hand(view: ActionView) -> bool:
    """Whether the rating or the commentary that stands is one that the manager typed or settled."""
    latest: dict[Field, Change] = {}
    for change in view.changes:
        field = change.cell.field
        if field in (Field.RATING, Field.COMMENTARY) and (
            field not in latest or change.result != latest[field].result
        ):
            latest[field] = change
    return any(change.decision in _BY_HAND for change in latest.values())


_BY_HAND = frozenset(
    (Decision.EDITED, Decision.SETTLED_TAKEN, Decision.SETTLED_PROPOSAL, Decision.SETTLED_BOTH)
)


def _found_at(told: Told, one: Quality) -> list[str]:
    """Where findings of a kind are: actions and milestones, or the officers whose copy is not back."""
    if not any(found.ref for found in told.found.findings if found.code == one.code):
        silent = (of for of in told.found.officers if of.returned is ReturnState.NOT_RETURNED)
        return [told.voice.officer(of.officer.key) for of in silent]
    times = Counter(found.ref for found in told.found.findings if found.code == one.code)
    return [f"{ref} ({times[ref]})" if times[ref] > 1 else ref for ref in one.refs]


def _where(refs: Sequence[str], most: int = 24) -> str:
    shown = joined(refs[:most])
    return f"{shown} and {len(refs) - most} more" if len(refs) > most else shown


def glossary(told: Told) -> Section:
    columns = (Column("Rating", 1.0), Column("What it means, word for word", 7.0))
    rows = [(Word(one.name, one.fill, one.ink), one.definition) for one in told.plan.scheme.statuses]
    return listing("What the ratings mean", "The plan's RAG key", columns, rows, "The plan has no ratings.")
