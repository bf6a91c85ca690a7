"""How far the figures can be trusted: the review's findings counted by what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lscb_workbook.plan.catalogue import OF_REVIEW
from lscb_workbook.plan.records import Finding

__all__ = ["Quality", "quality"]


@dataclass(frozen=True, slots=True)
class Quality:
    """So many findings of one kind; ``refs`` are the actions and milestones they are about, once each."""

    code: str
    title: str
    count: int
    refs: tuple[str, ...]


def quality(findings: Iterable[Finding]) -> tuple[Quality, ...]:
    """A review's findings by kind, in the catalogue's order; kinds of which there are none are left out."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.code, []).append(one)
    return tuple(
        Quality(
            code,
            entry.title,
            len(found[code]),
            tuple(dict.fromkeys(one.ref for one in found[code] if one.ref)),
        )
        for code, entry in OF_REVIEW.items()
        if code in found
    )
