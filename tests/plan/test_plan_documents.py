"""Plan documents: read, written, and refused with words that help."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscb_workbook.plan.calendar import board_meetings, events
from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.documents import default_plan, read_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.officers import officer_key
from lscb_workbook.plan.records import (
    Action,
    BoardMeeting,
    Due,
    Event,
    Meaning,
    Milestone,
    NotStated,
    Officer,
    OnDate,
    Plan,
    PlanYear,
    Priority,
    RagScheme,
    RagStatus,
)

SMALL = """\
[plan]
board = "Anytown LSCB"
title = "Plan"
first_day = 2016-04-01
last_day = 2017-03-31

[[status]]
name = "Red"
letter = "R"
meaning = "off track"
fill = "FF9999"
ink = "330000"
definition = "Late."

[[priority]]
number = 1
title = "Safety"

[[officer]]
role = "Head of Research and Data"
organisation = "LBR"

[[officer]]
role = "LSCB Chair"
aliases = ["Chair of the Board"]

[[action]]
ref = "1.1"
priority = 1
text = "Do it."
leads = ["Head of Research & Data, LBR"]
milestones = ["Done by 31.8.16."]
measures = ["It is done."]
rating = "Red"
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def refused(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WorkbookError) as caught:
        read_plan(path)
    return str(caught.value)


def test_a_small_plan_is_read(small: Path) -> None:
    plan, findings = read_plan(small)
    assert plan.actions[0].leads == ("head-of-research-and-data-lbr",)
    assert plan.milestones[0].due == read_deadline("by 31.8.16", plan.year)
    assert findings == ()


def test_a_file_saved_by_notepad_is_read_alike(small: Path) -> None:
    plan = read_plan(small)
    small.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_plan(small) == plan


def test_the_findings_name_the_file(small: Path) -> None:
    small.write_text(SMALL.replace("31.8.16", "30.6.17"), encoding="utf-8")
    (finding,) = read_plan(small)[1]
    assert (finding.code, finding.file, finding.ref) == ("deadline-outside-plan-year", "plan.toml", "1.1")


def test_a_sentence_with_two_deadlines_gives_two_milestones_unless_due_says_which(small: Path) -> None:
    two = "Draft by 30.6.16 and final by 30.9.16"
    small.write_text(SMALL.replace("Done by 31.8.16.", two), encoding="utf-8")
    plan, _ = read_plan(small)
    assert [(m.id, m.text) for m in plan.milestones] == [
        ("1.1.1", "Draft by 30.6.16"),
        ("1.1.2", "and final by 30.9.16"),
    ]
    small.write_text(
        SMALL.replace('"Done by 31.8.16."', f'{{ text = "{two}", due = "30.9.16" }}'), encoding="utf-8"
    )
    (milestone,) = read_plan(small)[0].milestones
    assert (milestone.text, milestone.due) == (two, read_deadline("30.9.16", plan.year))


IN_APRIL = OnDate("by 30.4.16", date(2016, 4, 30))


@pytest.mark.parametrize(
    ("due", "text", "kept"),
    [
        ("When funds allow", "Done.", NotStated("When funds allow")),
        (
            "by 30.4.16 at the latest",
            "Done. – by 30.4.16 at the latest",
            IN_APRIL,
        ),
        ("by 30.4.16", "Done.", IN_APRIL),
    ],
)
def test_no_word_of_a_deadline_written_by_hand_is_lost(
    tmp_path: Path, due: str, text: str, kept: Due
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        SMALL.replace('"Done by 31.8.16."', f'{{ text = "Done.", due = "{due}" }}'), encoding="utf-8"
    )
    (milestone,) = (one for one in read_plan(path)[0].milestones if one.text.startswith("Done."))
    assert (milestone.text, milestone.due) == (text, kept)
    path.write_text(write_plan(read_plan(path)[0]), encoding="utf-8")
    assert next(one for one in read_plan(path)[0].milestones if one.id == milestone.id) == milestone


def test_meetings_and_events_may_be_dated_in_the_document(small: Path) -> None:
    small.write_text(
        SMALL.replace("by 31.8.16", "for LSCB July 2016")
        + '[[meeting]]\nmonth = "July 2016"\non = 2016-07-18\n[[meeting]]\non = 2016-09-05\n'
        + '[[event]]\nname = "publication"\non = 2016-05-01\n',
        encoding="utf-8",
    )
    plan, _ = read_plan(small)
    assert plan.meetings == (
        BoardMeeting(2016, 7, date(2016, 7, 18)),
        BoardMeeting(2016, 9, date(2016, 9, 5)),
    )
    assert plan.events == (Event("publication", date(2016, 5, 1)),)


# what is put for what in the small plan | words that the message must hold
@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('board = "Anytown LSCB"', "", ("[plan], board", "missing")),
        ('board = "Anytown LSCB"', 'board = " "', ("[plan], board", "empty")),
        ('board = "Anytown LSCB"', "board = 7", ("[plan], board", "quotes")),
        ('board = "Anytown LSCB"', 'bored = "A"', ("[plan], bored", "not known")),
        ("[plan]", "[plam]", ("[plan]", "missing")),
        ("first_day = 2016-04-01", 'first_day = "1 April"', ("[plan], first_day", "2016-04-01")),
        ("2017-03-31", "2016-03-31", ("[plan], last_day", "2016-04-01")),
        ("2017-03-31", "2019-03-31", ("[plan], last_day", "one plan year")),
        ("off track", "of track", ("status Red, meaning", "off track")),
        ("FF9999", "red", ("status Red, fill", "RRGGBB")),
        ("number = 1", 'number = "1"', ("priority 1, number", "without quotes")),
        ("priority = 1\n", "priority = 9\n", ("action 1.1, priority", "no priority 9")),
        ("priority = 1\n", "", ("action 1.1, priority", "missing")),
        ('rating = "Red"', 'rating = "Redd"', ("action 1.1, rating", "Did you mean 'Red'")),
        ("Research & Data", "Reserch & Data", ("action 1.1, leads", "mean 'Head of Research and Data, LBR'")),
        ('["Head of Research & Data, LBR"]', "[]", ("action 1.1, leads", "at least one")),
        ('["Head of Research & Data, LBR"]', '"LSCB Chair"', ("action 1.1, leads", "square brackets")),
        ("Chair of the Board", "Head of Research and data LBR", ("officer LSCB Chair", "also a name of")),
        ('role = "LSCB Chair"', 'role = "–"', ("officer –", "no word")),
        ('"Done by 31.8.16."', "31", ("action 1.1, milestone 1", "not a milestone")),
        ('"Done by 31.8.16."', '{ due = "May" }', ("action 1.1, milestone 1, text", "missing")),
        (
            '"Done by 31.8.16."',
            '{ text = "x", leads = ["LSCB Chair"] }',
            ("action 1.1, milestone 1, leads", "does not lead action 1.1"),
        ),
        ("milestones =", "milestone =", ("action 1.1, milestone", "Did you mean 'milestones'")),
        ('ref = "1.1"', "ref = 1.1", ("action 1.1, ref", "quotes")),
        ("[[status]]", "[status]", ("the file, status", "[[status]]")),
    ],
)
def test_a_slip_is_named_with_its_place_and_what_to_do(
    small: Path, old: str, new: str, wanted: tuple[str, ...]
) -> None:
    assert old in SMALL
    message = refused(small, SMALL.replace(old, new))
    assert str(small) in message
    for part in wanted:
        assert part in message


def test_what_is_said_twice_is_refused(small: Path) -> None:
    action = SMALL[SMALL.index("[[action]]") :]
    assert "action 1.1: is there twice" in refused(small, SMALL + action)
    priority = SMALL[SMALL.index("[[priority]]") : SMALL.index("[[officer]]")]
    assert "priority 1: is there twice" in refused(small, SMALL + priority)
    status = SMALL[SMALL.index("[[status]]") : SMALL.index("[[priority]]")]
    assert "status Red, name" in refused(small, SMALL + status)


def test_all_that_is_wrong_is_said_at_once(small: Path) -> None:
    text = SMALL.replace("priority = 1\n", "priority = 9\n").replace('rating = "Red"', 'rating = "Pink"')
    message = refused(small, text.replace("Research & Data", "Everything"))
    assert "3 things" in message
    assert len(message.splitlines()) == 4


def test_an_empty_plan_is_refused(small: Path) -> None:
    assert "[plan]" in refused(small, "")
    assert "[[action]]: there is none" in refused(small, SMALL[: SMALL.index("[[action]]")])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SMALL.replace('"Plan"', '"Plan'), "line 3"),
        (SMALL + "[[action]\n", f"line {SMALL.count(chr(10)) + 1}"),
        (SMALL.encode("utf-16"), "line 1"),
        (b"PK\x03\x04\xff\xfe", "line 1"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_the_line(small: Path, text: str | bytes, line: str) -> None:
    assert f"{small}, {line}:" in refused(small, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"There is no file .*plan\.toml"):
        read_plan(tmp_path / "plan.toml")
    with pytest.raises(WorkbookError, match="is a folder"):
        read_plan(tmp_path)


# --- written and read back -------------------------------------------------------------------


def test_the_shipped_plan_is_written_and_read_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(write_plan(default_plan()), encoding="utf-8")
    assert read_plan(path)[0] == default_plan()


def test_a_written_plan_is_for_people_to_read() -> None:
    lines = write_plan(default_plan()).splitlines()
    assert 'leads = ["Integrated Care Director, NELFT", "Director of Nursing, CCG"]' in lines
    assert '    "Complete profile by 31.8.16.",' in lines
    assert 'milestones = ["Complete by 30 09 2016"]' in lines


YEAR = PlanYear(date(2016, 4, 1), date(2017, 3, 31))
TEXTS = st.text(max_size=20).map(str.strip)
FILLED = TEXTS.filter(bool) | st.sampled_from(
    ["Report by 31.8.16 and 30.9.16", 'Say "no" \\ maybe', "two\nlines"]
)
DUES = st.sampled_from(["", "by 31.8.16", "LSCB July 2016", "within 2 weeks of launch", "TBC", "see 1.1"])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    roles = draw(st.lists(FILLED.filter(officer_key), min_size=1, max_size=3, unique_by=officer_key))
    officers = tuple(Officer(officer_key(role), role, "", draw(TEXTS)) for role in roles)
    statuses = tuple(
        RagStatus(
            name,
            name[0],
            draw(FILLED),
            draw(st.sampled_from(Meaning)),
            "FFFFFF",
            "000000",
            draw(st.booleans()),
        )
        for name in draw(st.sampled_from([("Red",), ("Red", "Amber"), ("Späth", "Õ")]))
    )
    keys = st.lists(st.sampled_from([o.key for o in officers]), min_size=1, unique=True).map(tuple)
    actions, milestones = [], []
    for number in range(draw(st.integers(1, 3))):
        ref = f"1.{number + 1}"
        leads = draw(keys)
        measures = tuple(draw(st.lists(FILLED, max_size=2)))
        rating = draw(st.sampled_from(["", statuses[0].name]))
        actions.append(Action(ref, 1, draw(FILLED), leads, measures, rating, draw(TEXTS)))
        for one in range(draw(st.integers(0, 3))):
            whose = leads[:1] if draw(st.booleans()) else leads
            due = read_deadline(draw(DUES), YEAR)
            milestones.append(Milestone(f"{ref}.{one + 1}", ref, whose, draw(FILLED), due, draw(TEXTS)))
    return Plan(
        draw(FILLED),
        draw(FILLED),
        draw(TEXTS),
        YEAR,
        RagScheme(statuses),
        (Priority(1, draw(FILLED), draw(TEXTS)),),
        officers,
        tuple(actions),
        tuple(milestones),
        board_meetings(milestones, draw(st.sampled_from([(), (BoardMeeting(2016, 7, date(2016, 7, 4)),)]))),
        events(milestones, draw(st.sampled_from([(), (Event("launch", date(2016, 5, 1)),)]))),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans") / "plan.toml"


@settings(max_examples=80)
@given(plan=plans())
def test_any_plan_is_written_and_read_back_as_it_was(written: Path, plan: Plan) -> None:
    written.write_bytes(write_plan(plan).encode())
    assert read_plan(written)[0] == plan
