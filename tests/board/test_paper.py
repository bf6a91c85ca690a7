"""What a board paper says: all that the board asks, and in public nothing that it may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date

import pytest
from board_year import AS_AT, PLAN, cell, entries

from lscb_workbook.board.content import Bars, Chart, Grid, Paper, Paragraph, Section, Timeline
from lscb_workbook.board.naming import WITHHELD
from lscb_workbook.board.paper import Front, make_paper
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import (
    BoardMeeting,
    Cell,
    Change,
    Cycle,
    Decision,
    Field,
    Issued,
    Officer,
    Plan,
)
from lscb_workbook.review import Review, review

Q2 = Cycle("Q2", date(2016, 9, 1), date(2016, 9, 20))
SHIPPED = default_plan()
SECRET = "Ring 07700 900123 about it"


def words(part: object) -> Iterator[str]:
    """Every text that a paper, or a part of one, holds."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from words(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from words(getattr(part, field.name))


def section(paper: Paper, heading: str) -> Section:
    (found,) = (one for one in paper.sections if one.heading.startswith(heading))
    return found


def grid(paper: Paper, heading: str) -> Grid:
    (found,) = (block for block in section(paper, heading).blocks if isinstance(block, Grid))
    return found


def said(name: str, text: str, officer: str = "ann", when: date = date(2016, 9, 25)) -> Change:
    file = f"C:\\returns\\{officer}.xlsx"
    return Change(cell(name), "", "", text, text, Decision.TAKEN, officer, file, "sha", "Q2", when)


HISTORY = (
    said("1.1 rating", "Red"),
    said("1.1 commentary", "Stopped for want of staff."),
    said("1.1 evidence", "Fewer referrals."),
    said("1.1.1 revised_date", "2016-12-01"),
    said("1.2 rating", "Purple", "bob"),
    said("1.2 commentary", "The law changed.", "bob"),
)
HELD = entries() | {one.cell: one.result for one in HISTORY} | {cell("1.1 asked_of_board"): "Two posts."}


def reviewed(plan: Plan = PLAN, as_at: date = AS_AT) -> Review:
    copies = tuple(
        Issued("Q2", who, f"{who}.xlsx", Q2.issued_on, Q2.return_by, back)
        for who, back in (("ann", date(2016, 9, 24)), ("bob", None))
    )
    return review(plan, HELD, history=HISTORY, cycles=(Q2,), issued=copies, as_at=as_at)


def test_the_headline_stands_first_with_who_has_not_returned_by_name() -> None:
    first = make_paper(PLAN, reviewed()).sections[0]
    assert first.blocks[0] == Paragraph(reviewed().headline, strong=True)
    assert any("Not returned for Q2: Bob." in text for text in words(first))
    assert any("1 revised date waits" in text for text in words(first))


def test_an_exception_says_all_that_the_board_asks_of_it() -> None:
    (row,) = grid(make_paper(PLAN, reviewed()), "Exceptions").rows
    text = " | ".join(words(row))
    for part in ("1.1 Ann's own", "Red", "25/09/2016", "6 days", "Ann", "Stopped for want of staff."):
        assert part in text
    assert "1.1.1 by 31.8.16\n(31/08/2016, missed)" in text
    assert text.endswith("Two posts.")


def test_what_needs_a_decision_stands_together_whatever_the_rating() -> None:
    held = HELD | {cell("1.2 asked_of_board"): "Agree to stop."}
    found = review(PLAN, held, history=HISTORY, cycles=(Q2,), as_at=AS_AT)
    rows = grid(make_paper(PLAN, found), "For decision").rows
    assert [(row[0], " ".join(words(row[1])).split()[0], row[3]) for row in rows] == [
        ("Request", "1.1", "Two posts."),
        ("Request", "1.2", "Agree to stop."),
        ("New date", "1.1.1", "01/12/2016 in place of 31/08/2016"),
        ("To be given up", "1.2", "The action is no longer appropriate."),
    ]


def test_what_is_no_rating_and_no_date_is_said_to_count_for_nothing() -> None:
    odd = {"1.1 rating": "Blue", "1.1.1 approved_date": "soon", "1.1.1 status": "nearly"}
    history = tuple(said(name, text) for name, text in odd.items())
    held = entries() | {one.cell: one.result for one in history}
    paper = make_paper(PLAN, review(PLAN, held, history=history, cycles=(Q2,), as_at=AS_AT))
    moved = grid(paper, "What has moved").rows
    assert [row[3] for row in moved] == [
        "Not rated ('Blue')",
        "'nearly', which does not count\n'soon', which does not count",
    ]
    assert grid(paper, "Missed milestones").rows[0][4] == "Not rated ('Blue')"


def test_what_moved_is_traced_to_the_return_by_officer_day_and_file() -> None:
    rows = grid(make_paper(PLAN, reviewed()), "What has moved").rows
    assert [(row[0], row[1]) for row in rows] == [
        ("1.1", "RAG rating"),
        ("1.1.1", "Revised date"),
        ("1.2", "RAG rating"),
    ]
    assert all(row[5] == "Ann\n25/09/2016\nann.xlsx" for row in rows[:2])


def test_a_date_not_approved_is_shown_and_lateness_counts_from_the_date_agreed() -> None:
    paper = make_paper(PLAN, reviewed())
    (row,) = grid(paper, "Moved dates").rows
    assert row[1:3] == ("31/08/2016", "01/12/2016 proposed by Ann (25/09/2016), not approved")
    assert row[3:6] == ("0", "31/08/2016", "0")
    assert [row[2] for row in grid(paper, "Missed milestones").rows] == ["31", "31"]


def test_purple_is_given_with_its_reason_and_evidence_with_its_source() -> None:
    paper = make_paper(PLAN, reviewed())
    assert grid(paper, "No longer appropriate").rows[0][4] == "The law changed."
    (row,) = grid(paper, "Evidence").rows
    assert row[2:] == ("Fewer referrals.", "Ann\n25/09/2016\nann.xlsx")


def test_the_charts_say_in_words_what_they_show() -> None:
    paper = make_paper(PLAN, reviewed())
    charts = [block for one in paper.sections for block in one.blocks if isinstance(block, Chart)]
    assert [type(chart.drawing) for chart in charts] == [Bars, Bars, Timeline]
    assert charts[0].alt == "As agreed: 2 White; Q2: 1 Red, 1 Purple."
    assert charts[1].alt == "Priority 1: 1 Red, 1 Purple."
    assert charts[2].alt == "2 milestones by date, with a line at 1 October 2016: 2 missed."


def test_the_front_matter_is_the_managers_own_where_she_gives_it() -> None:
    plan = replace(PLAN, meetings=(BoardMeeting(2016, 10, date(2016, 10, 12)),))
    front = make_paper(plan, reviewed(plan), Front(author="Jo Bloggs", agenda_item="7")).front
    assert (front.author, front.agenda_item) == ("Jo Bloggs", "7")
    assert (front.meeting, front.date) == ("A board", "12 October 2016")
    assert front.recommendation == (
        "That the board note the progress reported; decide on 1 request, listed under 'For decision'; decide "
        "on 1 revised date proposed; consider 1 action off track or at risk; consider 1 action no longer "
        "appropriate; and challenge 2 missed milestones."
    )
    assert make_paper(PLAN, reviewed()).front.date == "To be confirmed"


def test_a_new_tracker_makes_a_paper_of_plain_sentences() -> None:
    paper = make_paper(PLAN, review(PLAN, entries(), as_at=date(2016, 4, 1)))
    for heading in ("Exceptions", "Missed milestones", "No longer appropriate", "Moved dates", "Evidence"):
        (block,) = section(paper, heading).blocks
        assert isinstance(block, Paragraph), heading


def test_a_plan_without_actions_still_makes_a_paper() -> None:
    plan = replace(PLAN, priorities=(), actions=(), milestones=(), officers=())
    paper = make_paper(plan, review(plan, {}, as_at=AS_AT))
    assert paper.sections[0].blocks[0] == Paragraph("No actions; no milestones missed.", strong=True)


def test_of_very_many_milestones_the_most_pressing_are_drawn_and_the_paper_says_so() -> None:
    many = tuple(replace(PLAN.milestones[0], id=f"1.1.{number}") for number in range(1, 151))
    plan = replace(PLAN, milestones=many)
    blocks = section(make_paper(plan, review(plan, entries(), as_at=AS_AT)), "Milestones over").blocks
    assert blocks[0] == Paragraph("Of 150 milestones with a day the 60 most pressing are shown.")
    assert isinstance(blocks[1], Chart)
    assert isinstance(blocks[1].drawing, Timeline)
    assert len(blocks[1].drawing.marks) == 60


# --- the public version ------------------------------------------------------------------------

UNNAMED = [one for one in SHIPPED.officers if one.role.startswith(("PREVENT", "Strategic", "LSCB Business"))]


def everything_said(plan: Plan) -> dict[Cell, str]:
    """Entries in which every cell mentions an officer who is not to be named."""
    held: dict[Cell, str] = {}
    for action in plan.actions:
        held[Cell(action.ref, "", Field.RATING)] = "Red" if action.priority % 2 else "Purple"
        for field in (Field.COMMENTARY, Field.EVIDENCE, Field.ASK):
            held[Cell(action.ref, "", field)] = f"Asked the {UNNAMED[0].role} about {action.ref}."
    for milestone in plan.milestones:
        held[Cell(milestone.ref, milestone.id, Field.NOTE)] = f"{UNNAMED[1].title}: late."
    held[Cell("1.1", "", Field.COMMENTARY)] = SECRET
    held[Cell("1.1", "1.1.1", Field.NOTE)] = SECRET
    for ref, field in (("1.2", Field.RATING), ("1.3", Field.RATING)):
        held[Cell(ref, "", field)] = f"{SECRET} {UNNAMED[0].role}"
    for field in (Field.STATUS, Field.COMPLETED_ON, Field.REVISED_DATE, Field.APPROVED_DATE):
        held[Cell("1.4", "1.4.1", field)] = f"{SECRET} {UNNAMED[0].role}"
    return held


def written_over(plan: Plan) -> Plan:
    """The plan with words of its own that should not be in it."""
    actions = tuple(
        replace(one, text=f"{SECRET}, or the {UNNAMED[0].role}") if one.ref in ("1.1", "1.2", "2.1") else one
        for one in plan.actions
    )
    milestones = tuple(
        replace(one, text=f"{SECRET}, or the {UNNAMED[1].role}") if one.ref in ("1.1", "1.2") else one
        for one in plan.milestones
    )
    priorities = (replace(plan.priorities[0], title=SECRET), *plan.priorities[1:])
    return replace(plan, actions=actions, milestones=milestones, priorities=priorities)


def in_full(public: bool) -> str:
    held = everything_said(SHIPPED)
    history = tuple(
        Change(where, "", "", text, text, Decision.TAKEN, UNNAMED[2].key, "Jo.xlsx", "s", "Q2", AS_AT)
        for where, text in held.items()
    )
    plan = written_over(SHIPPED)
    found = review(plan, held, history=history, cycles=(Q2,), as_at=AS_AT)
    return "\n".join(words(make_paper(plan, found, public=public)))


@pytest.fixture(scope="module")
def public() -> str:
    return in_full(public=True)


@pytest.mark.parametrize("officer", UNNAMED, ids=lambda one: one.key)
def test_in_public_no_officer_below_head_of_service_is_named_anywhere(public: str, officer: Officer) -> None:
    assert officer.role in in_full(public=False)
    assert officer.role.casefold() not in public.casefold()


def test_in_public_no_text_that_may_hold_personal_data_and_no_file_is_given(public: str) -> None:
    assert SECRET in in_full(public=False)
    assert "07700" not in public
    assert "Jo.xlsx" not in public
    assert WITHHELD in public
    assert "The commentary of 1.1, which may hold personal data" in public
    assert "The note of 1.1.1, which may hold personal data" in public


def test_the_public_version_says_that_it_is_one() -> None:
    paper = make_paper(PLAN, reviewed(), public=True)
    assert "Public version" in paper.notice
    assert paper.sections[-1].heading == "What this version leaves out"
    assert make_paper(PLAN, reviewed()).notice == ""


def test_the_same_review_makes_the_same_paper() -> None:
    for public in (False, True):
        assert make_paper(PLAN, reviewed(), public=public) == make_paper(PLAN, reviewed(), public=public)


@pytest.mark.parametrize("decision", [Decision.EDITED, Decision.SETTLED_TAKEN])
def test_what_the_manager_entered_or_settled_is_not_called_the_officers_own(decision: Decision) -> None:
    by_hand = replace(HISTORY[1], decision=decision, officer="" if decision is Decision.EDITED else "ann")
    for history, named in ((HISTORY, False), ((HISTORY[0], by_hand), True), ((by_hand, HISTORY[1]), True)):
        paper = make_paper(PLAN, review(PLAN, HELD, history=history, cycles=(Q2,), as_at=AS_AT))
        note = section(paper, "How far the figures can be trusted").blocks[0]
        assert isinstance(note, Paragraph)
        assert ("the business manager entered or settled: of 1.1." in note.text) is named


def test_without_a_day_of_the_next_meeting_the_paper_says_how_far_it_looks_ahead() -> None:
    said = " ".join(words(make_paper(PLAN, reviewed())))
    assert "due by 29 October 2016 (within 28 days; the Calendar has no day of a coming meeting)." in said


@pytest.mark.parametrize(("edits", "said_before", "unchanged"), [(0, False, 1), (3, False, 0), (0, True, 0)])
def test_a_copy_that_came_back_without_any_change_is_told_of(
    edits: int, said_before: bool, unchanged: int
) -> None:
    back = Issued("Q2", "ann", "ann.xlsx", Q2.issued_on, Q2.return_by, date(2016, 9, 24), edits=edits)
    history = HISTORY if said_before else ()
    found = review(PLAN, HELD, history=history, cycles=(Q2,), issued=(back,), as_at=AS_AT)
    told = " ".join(words(make_paper(PLAN, found).sections[0]))
    assert told.count("every officer has returned, 1 of them the copy unchanged") == unchanged
