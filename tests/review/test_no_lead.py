"""What the review says of an action that nobody leads reads as a sentence all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from board_year import AS_AT, CYCLE, PLAN, cell, entries

from lscb_workbook.plan.records import Cycle
from lscb_workbook.review import review

ORPHANED = replace(
    PLAN,
    actions=tuple(replace(action, leads=()) for action in PLAN.actions),
    milestones=tuple(replace(milestone, leads=()) for milestone in PLAN.milestones),
)
CYCLES = (Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 23)),)
DONE = {"1.1.1 status": "Complete", "1.1.1 completed_on": "2016-08-30"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"1.1 rating": ""}, "rating-unknown"),
        ({"1.1 rating": "Red"}, "rating-without-commentary"),
        ({"1.1 rating": "Green"}, "rating-contradicts-milestone"),
        ({"1.1 evidence": "some"}, "not-started-with-work-reported"),
        ({"1.1 rating": "Green"} | DONE, "complete-without-evidence"),
        ({"1.1 rating": "Purple"}, "withdrawn-without-reason"),
        ({}, "milestone-missed"),
        ({"1.1.1 status": "Complete", "1.1.1 completed_on": "2017-01-01"}, "completed-in-future"),
        ({"1.1.1 completed_on": "2016-08-30"}, "completed-without-status"),
        ({"1.1.1 status": "Complete"}, "complete-without-date"),
        ({}, "nothing-new"),
    ],
)
def test_somebody_is_asked_even_where_nobody_leads(said: dict[str, str], code: str) -> None:
    held = entries() | {cell(name): text for name, text in said.items()}
    found = review(ORPHANED, held, cycles=CYCLES, as_at=AS_AT).findings
    assert code in {one.code for one in found}
    for one in found:
        assert "  " not in one.message + one.action
        assert "Ask to" not in one.action
        assert "Ask for" not in one.action
    assert any("whoever is to lead it" in one.action for one in found if one.code == code)
