"""The rule on personal data in text that is bound for a public paper."""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.personal_data import kinds_of_personal_data
from lscb_workbook.plan.records import Field
from lscb_workbook.review.rules.registry import action_rule
from lscb_workbook.review.views import ActionView, Fault
from lscb_workbook.review.wording import listed
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["personal_data"]


@action_rule("personal-data")
def personal_data(view: ActionView) -> Iterator[Fault]:
    """Board papers are published; what identifies a person must not stand in them (UK GDPR, Article
    5(1)(c): personal data shall be 'limited to what is necessary').

    The finding says what kind of thing it may be, never the text: findings are printed and sent too.
    """
    for field, text in (
        (Field.COMMENTARY, view.update.commentary),
        (Field.EVIDENCE, view.update.evidence),
        (Field.ASK, view.update.ask),
    ):
        if kinds := kinds_of_personal_data(text):
            yield view.fault(column=_column(field), kind=listed(kinds, "and"))
    for state in view.milestones:
        if kinds := kinds_of_personal_data(state.update.note):
            kind = listed(kinds, "and")
            yield view.milestone_fault(state, ref=state.milestone.id, column=_column(Field.NOTE), kind=kind)


def _column(field: Field) -> str:
    return FIELD_HEADERS[field].lower()
