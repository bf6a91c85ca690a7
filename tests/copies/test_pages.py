"""The pages of a copy, once they are printed: each says whose it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tracking import CYCLE, HEAD_OF_RESEARCH, ISSUED, RETURN_BY, issued_tracker

from lscb_workbook.copies import COPY_TEMPLATE, copies_of
from lscb_workbook.tracker.reading import read_tracker

WHEN = f"{CYCLE}, return by 23 September 2016"


def feet(role: str, folder: Path) -> Iterator[str]:
    """What stands at the foot of each tab's pages, left and right, in the copy of an officer of this role."""
    tracker = read_tracker(issued_tracker(folder)[0])
    found = next(one for one in tracker.plan.officers if one.title == HEAD_OF_RESEARCH)
    officer = replace(found, role=role, organisation="")
    copies = copies_of(
        tracker,
        [officer],
        cycle=CYCLE,
        issued_on=ISSUED,
        return_by=RETURN_BY,
        template=COPY_TEMPLATE.read_bytes(),
    )
    for page in load_workbook(io.BytesIO(next(copies).data)):
        if page.sheet_state == "visible":
            yield f"{page.oddFooter.left.text} | {page.oddFooter.right.text}"


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("LSCB Chair", "LSCB Chair"),
        ("Head of Law & Order", "Head of Law && Order"),
        ("0-19 Lead", "0-19 Lead"),
    ],
)
def test_each_page_says_whose_copy_it_is_of_which_cycle_and_when_it_is_due(
    role: str, said: str, tmp_path: Path
) -> None:
    assert list(feet(role, tmp_path)) == [f"{WHEN}: {said} | Page &P of &N"] * 3


def test_a_footer_is_never_longer_than_excel_takes(tmp_path: Path) -> None:
    for foot in feet("Head of Law & Order " * 12, tmp_path):
        assert foot.startswith(f"{WHEN}: Head of Law && Order Head")
        assert len(foot) < 255
        assert foot.count("&") % 2 == 0
