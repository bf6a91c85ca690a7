"""The pages say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lscb_workbook.plan.catalogue import CATALOGUE

PAGE = (Path(__file__).parents[1] / "docs" / "returns.md").read_text(encoding="utf-8")
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.+?) \| (.+?) \|$", PAGE, re.M)}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_finding_is_on_the_page_with_what_to_do(code: str) -> None:
    severity, message, action = ROWS[code]
    entry = CATALOGUE[code]
    words = re.sub(r"\{\w+\}", "", entry.action).split()
    assert severity == entry.severity.value
    assert message
    assert set(words) <= set(re.sub(r"\*[^*]+\*", "", action).split())


def test_the_page_has_no_finding_that_there_is_not() -> None:
    assert set(ROWS) == set(CATALOGUE)
