"""Names as a sentence lists them."""

from __future__ import annotations

import pytest

from lscb_workbook.review.wording import joined, listed


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Chair, LBR"], "Chair, LBR"),
        (["Red", "Amber", "Green"], "Red, Amber or Green"),
        (["Chair, LBR", "Clerk"], "Chair, LBR; or Clerk"),
        (["Chair", "Clerk", "Director, CCG"], "Chair; Clerk; or Director, CCG"),
    ],
)
def test_names_with_commas_in_them_are_told_apart(names: list[str], said: str) -> None:
    assert listed(names) == said
    assert joined(names) == said.replace("; or ", "; ").replace(" or ", ", ")
