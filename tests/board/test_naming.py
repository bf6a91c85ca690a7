"""What a public paper names, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from board_year import PLAN

from lscb_workbook.board.naming import WITHHELD, Everything, InPublic, is_named_in_public
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Officer

OFFICERS = (
    Officer("head", "Head of Safeguarding", "LBR"),
    Officer("nurse", "Designated Nurse", "CCG", "jo@ccg.example", ("Des. Nurse", "Jo Bloggs")),
    Officer("manager", "Business Manager", ""),
)
LED = replace(PLAN, officers=OFFICERS)


@pytest.mark.parametrize(
    ("role", "named"),
    [
        ("Head of Research and Data", True),
        ("Director of Nursing", True),
        ("Operational Director, Civic Pride", True),
        ("Chair of LSCB Training Sub-Group", True),
        ("Vice-Chair", True),
        ("Borough Commander", True),
        ("Chief Executive", True),
        ("Detective Superintendent", True),
        ("Lead Member for Children", True),
        ("Deputy Head of Safeguarding", False),
        ("Assistant to the Director", False),
        ("PA to the Chief Executive", False),
        ("Executive Support Officer", False),
        ("PREVENT Co-ordinator", False),
        ("LSCB Business Manager", False),
        ("Headteacher", False),
        ("HEAD  OF SERVICE", True),
        ("Head\u00a0of Service", True),
        ("Chief Executive Officer", True),
        ("Director for Children, Personal Services", True),
        ("Chair's PA", False),
        ("Personal Assistant, Director of Children's Services", False),
        ("PA Director of Nursing", False),
        ("Social worker, Chief Executive's Office", False),
        ("Business Support Officer - Director's Office", False),
        ("Secretary of the Chair", False),
        ("Minute taker to the Chair", False),
        ("Councillor Support Officer", False),
        ("Deputy to the Head of Service", False),
        ("Dep. Head of Service", False),
        ("Deputy\u00a0Head of Service", False),
        ("Team Manager (reports to Head of Safeguarding)", False),
        ("Project Officer, President's Programme", False),
        ("Chief Inspector's Staff Officer", False),
    ],
)
def test_heads_of_service_and_above_are_named_by_their_title(role: str, named: bool) -> None:
    assert is_named_in_public(Officer("x", role, "")) is named


@pytest.mark.parametrize(("chosen", "named"), [("Named", True), ("Not named", False)])
def test_what_the_manager_chose_comes_before_the_title(chosen: str, named: bool) -> None:
    for role in ("Director of Nursing", "Social Worker"):
        assert is_named_in_public(Officer("x", role, "", public=chosen)) is named


def test_of_the_shipped_plan_three_officers_are_not_named() -> None:
    unnamed = [one.role for one in default_plan().officers if not is_named_in_public(one)]
    assert unnamed == [
        "LSCB Business Manager",
        "Strategic Lead – Domestic Abuse and Harmful Practices",
        "PREVENT Co-ordinator",
    ]


def test_the_boards_own_paper_gives_everything() -> None:
    voice = Everything(LED)
    assert voice.officer("nurse") == "Designated Nurse, CCG"
    assert voice.officer("gone") == "gone"
    assert voice.text("1.1", "commentary", "Ring 07700 900123") == "Ring 07700 900123"


def test_the_public_paper_names_an_officer_by_the_organisation_and_says_so() -> None:
    voice = InPublic(LED)
    assert voice.officer("head") == "Head of Safeguarding, LBR"
    assert voice.left_out() == ()
    assert voice.officer("nurse") == "Lead officer 1, CCG"
    assert voice.officer("manager") == "Lead officer 2"
    assert voice.officer("gone") == "A lead officer"
    assert voice.left_out() == (
        "3 officers below head of service, called by a number and their organisation.",
    )


@pytest.mark.parametrize(
    "words",
    [
        "The Designated Nurse, CCG has it in hand.",
        "the designated  nurse\nhas it in hand.",
        "Jo Bloggs: it is in hand.",
        "Ask des. nurse.",
        "The Designated-Nurse, Designated_Nurses, De\u00adsignated Nurse and Designated\u2011Nurse's deputy.",
        "Ｄesignated Nurse, CCG",
        "DesignatedNurse",
    ],
)
def test_an_officer_who_is_not_named_is_not_named_in_what_was_written_either(words: str) -> None:
    voice = InPublic(LED)
    said = voice.text("1.10", "commentary", words)
    assert not {"nurse", "bloggs"} & set(said.casefold().replace(",", " ").replace(":", " ").split())
    assert "[lead officer 1, CCG]" in said
    assert "1.10" in voice.left_out()[1]


def test_a_word_that_only_looks_like_a_title_stays() -> None:
    for words in ("Business Managerial work.", "A nurse designated it.", "½ done, ﬁrst half."):
        assert InPublic(LED).text("1.1", "note", words) == words


def test_text_that_may_hold_personal_data_is_left_out_whole_and_told_of_without_it() -> None:
    voice = InPublic(LED)
    said = voice.text("1.10", "commentary", "NHS number 943 476 5919 was seen.")
    assert said == WITHHELD
    voice.text("1.2", "evidence of impact", "Ring 07700 900123")
    first, second = voice.left_out()
    assert first.startswith("The evidence of impact of 1.2, which may hold personal data")
    assert second.startswith("The commentary of 1.10, which may hold personal data")
    assert "943" not in second
