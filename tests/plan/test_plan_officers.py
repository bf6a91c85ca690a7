"""One office is one officer, however it is written."""

from __future__ import annotations

import pytest

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.officers import match_officer, nearest_officer, officer_key

OFFICERS = default_plan().officers


def test_a_key_is_the_words_of_the_office() -> None:
    assert officer_key("Head of Research and Data, LBR") == "head-of-research-and-data-lbr"
    assert officer_key(" head of  Research & Data LBR.") == "head-of-research-and-data-lbr"
    assert officer_key("LBR Children’s Services") == "lbr-childrens-services"
    assert officer_key(" – ") == ""


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Chair, Learning & Improvement Sub Group", "Chair of LSCB Learning and Improvement Sub-Group"),
        ("chair, learning and improvement sub-group.", "Chair of LSCB Learning and Improvement Sub-Group"),
        ("Chair of LSCB Training Sub- Group.", "Chair of LSCB Training Sub-Group"),
        ("Chair, Training Sub Group", "Chair of LSCB Training Sub-Group"),
        ("HEAD OF RESEARCH & DATA, LBR", "Head of Research and Data, LBR"),
        ("Strategic Lead - Domestic Abuse and Harmful Practices, NELFT", None),
        ("head-of-research-and-data-lbr", "Head of Research and Data, LBR"),
    ],
)
def test_case_spaces_and_punctuation_make_no_difference(written: str, title: str | None) -> None:
    found = match_officer(OFFICERS, written)
    assert found is not None
    assert found.title == (title or "Strategic Lead – Domestic Abuse and Harmful Practices, NELFT")


@pytest.mark.parametrize("written", ["", "Chair", "Chair of Training", "Head of Research", "LSCB"])
def test_a_part_of_a_name_is_nobody(written: str) -> None:
    assert match_officer(OFFICERS, written) is None


def test_a_near_name_is_a_hint_and_a_far_one_is_none() -> None:
    assert nearest_officer(OFFICERS, "Head of Reserch and Data, LBR") == "Head of Research and Data, LBR"
    assert nearest_officer(OFFICERS, "Zoo keeper") is None
