"""What a later return puts right, and what does not."""

from __future__ import annotations

import pytest
from board_year import AS_AT, CYCLE, PLAN, back, cell, entries

from lscb_workbook.merge import LaterWords, initial_history, merge
from lscb_workbook.returns.records import Edit, Return

REFUSED = Edit(cell("1.1 rating"), "White", "Amber/Green", refused="none of them")


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (back("ann", {"1.1 rating": "Red"}, hour=10), "Red"),
        (back("ann", {"1.1 rating": "Red"}, hour=8), None),
        (back("ann", {"1.1 commentary": "Red"}, hour=10), None),
        (back("ann", {"1.1 rating": "Red"}, hour=10, doubt="no signature"), None),
        (back("ann", (REFUSED,), hour=10), None),
        (back("bob", {"1.1 rating": "Red"}, hour=10), None),
    ],
)
def test_only_the_officers_own_later_sure_word_puts_right(later: Return, said: str | None) -> None:
    first = back("ann", (REFUSED,), hour=9)
    before = initial_history(entries(), PLAN.year.first)
    made = merge(PLAN, entries(), before, (first, later), as_at=AS_AT, cycle=CYCLE)
    found = LaterWords.of((*before, *made.history)).after(first, REFUSED)
    assert (found and found.returned) == said
