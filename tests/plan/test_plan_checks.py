"""What a person must know of a plan itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import BoardMeeting, Plan


def plan_with(words: str) -> Plan:
    """The shipped plan's first action alone, with one milestone of these words."""
    plan = default_plan()
    milestone = replace(plan.milestones[0], text=words, due=read_deadline(words, plan.year))
    return replace(
        plan, priorities=(), actions=plan.actions[:1], milestones=(milestone,), meetings=(), events=()
    )


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("by 31.8.16", []),
        ("LSCB July 2016", []),
        ("Ongoing", []),
        ("see 1.1", ["deadline-leads-round"]),
        ("see 9.9", ["deadline-not-understood"]),
        ("TBC", ["deadline-not-understood"]),
        ("31.2.16", ["deadline-not-understood"]),
        ("Pathway agreed", ["deadline-not-stated"]),
        ("by 30.6.17", ["deadline-outside-plan-year"]),
        ("LSCB March 2016", ["deadline-outside-plan-year"]),
    ],
)
def test_a_deadline_that_needs_a_person_is_found(words: str, codes: list[str]) -> None:
    found = plan_findings(plan_with(words), "plan.toml")
    assert [finding.code for finding in found] == codes
    assert all((finding.file, finding.ref) == ("plan.toml", "1.1") for finding in found)


def test_a_finding_names_the_milestone_the_words_and_the_day() -> None:
    (found,) = plan_findings(plan_with("31.2.16"))
    assert "1.1.1" in found.message
    assert "31.2.16" in found.message
    (found,) = plan_findings(plan_with("by 30.6.17"))
    assert "30 June 2017" in found.message
    assert "2016-17" in found.message


def test_a_meeting_is_outside_the_year_by_its_day_once_that_is_known() -> None:
    plan = plan_with("LSCB March 2016")
    assert plan_findings(replace(plan, meetings=(BoardMeeting(2016, 3),)))


def test_doubtful_text_is_found_wherever_it_is_marked() -> None:
    plan = plan_with("by 31.8.16")
    doubtful = replace(
        plan,
        priorities=(replace(default_plan().priorities[4], uncertain="A word is lost."),),
        actions=(replace(plan.actions[0], uncertain="A word is lost."),),
        milestones=(replace(plan.milestones[0], uncertain="A word is lost."),),
    )
    found = plan_findings(doubtful)
    assert [(finding.code, finding.ref) for finding in found] == [
        ("source-uncertain", ""),
        ("source-uncertain", "1.1"),
        ("source-uncertain", "1.1"),
    ]
    assert [finding.message.split(" of ")[1].split(" cannot")[0] for finding in found] == [
        "priority 5",
        "action 1.1",
        "milestone 1.1.1",
    ]
