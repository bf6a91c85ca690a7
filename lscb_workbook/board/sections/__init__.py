"""The sections of a board paper, each out of the review: what the board asks, in the order it asks it."""

from __future__ import annotations

from dataclasses import replace

from lscb_workbook.board.content import Section
from lscb_workbook.board.sections.attention import coming, exceptions, missed, withdrawn
from lscb_workbook.board.sections.changes import moved, moved_dates, travel
from lscb_workbook.board.sections.decisions import decisions
from lscb_workbook.board.sections.drawings import timeline, trend
from lscb_workbook.board.sections.standing import by_priority, headline
from lscb_workbook.board.sections.told import Told
from lscb_workbook.board.sections.trust import evidence, glossary, officers, organisations, quality

__all__ = ["Told", "sections"]


def sections(told: Told) -> tuple[Section, ...]:
    """Every section, in order. What is mostly tables of many columns lies together on landscape pages."""
    return (
        headline(told),
        trend(told),
        glossary(told),
        *(
            replace(make(told), wide=True)
            for make in (
                decisions,
                by_priority,
                exceptions,
                missed,
                coming,
                withdrawn,
                travel,
                moved,
                moved_dates,
                evidence,
                officers,
                organisations,
            )
        ),
        timeline(told),
        quality(told),
    )
