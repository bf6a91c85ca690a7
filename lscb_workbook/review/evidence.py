"""What difference the plan has made: the evidence of impact that officers recorded, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lscb_workbook.plan.records import Change, Field
from lscb_workbook.review.views import ActionView

__all__ = ["EvidenceNote", "evidence_notes"]


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """An action's evidence as it stands. ``source`` is the change that brought it, None where the History
    does not tell."""

    view: ActionView
    text: str
    source: Change | None


def evidence_notes(views: Sequence[ActionView]) -> tuple[EvidenceNote, ...]:
    """The evidence recorded, in the plan's order; actions without any are left out."""
    return tuple(
        EvidenceNote(view, view.update.evidence, _source(view)) for view in views if view.update.evidence
    )


def _source(view: ActionView) -> Change | None:
    found: Change | None = None
    stands = ""
    for change in view.changes:
        if change.cell.field is Field.EVIDENCE and change.result != stands:
            found, stands = change, change.result
    return found if stands == view.update.evidence else None
