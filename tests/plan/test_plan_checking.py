"""A plan document checked: every problem with its line and what to do."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lscb_workbook.plan.checking import check_plan
from lscb_workbook.plan.documents import default_plan, write_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.toml_lines import table_lines

PLAN = '''\
# A plan with [[action]] in a comment
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
definition = """
Late, or [[action]] not begun.
ref = "9.9"
"""

[[priority]]
number = 1
title = "Safety"

[[officer]]
role = "Head of Data"

[[action]]
ref = "1.1"
priority = 1
text = "Do it, [really]."
leads = ["Head of Data"]
milestones = [
    "Done by 31.8.16, and again by 30.9.16",
    { text = "A plan, with commas", due = "by 31.12.16" },
    "Last thing by 31.1.17",
]
measures = ["It is done."]

[[action]]
ref = "1.2"
priority = 1
text = "Another."
leads = ["Head of Data"]
milestones = ["Ongoing"]
'''


def numbered(text: str, wanted: str, nth: int = 1) -> int:
    lines = [number for number, line in enumerate(text.split("\n"), 1) if wanted in line]
    return lines[nth - 1]


def checked(path: Path, text: str) -> list[tuple[int, str]]:
    path.write_text(text, encoding="utf-8")
    return [(note.line, note.where) for note in check_plan(path).problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plan.toml"


def test_a_good_plan_has_no_problem(path: Path) -> None:
    path.write_text(PLAN, encoding="utf-8")
    check = check_plan(path)
    assert (check.problems, check.comments) == ((), ())
    assert check.plan is not None
    assert [action.ref for action in check.plan.actions] == ["1.1", "1.2"]


# what is put for what | where the message says it is | the words on its line
@pytest.mark.parametrize(
    ("old", "new", "where", "on"),
    [
        ('title = "Plan"\n', "title = 7\n", "[plan], title", "title = 7"),
        ('title = "Plan"\n', "", "[plan], title", "[plan]"),
        ('fill = "FF9999"', 'fill = "red"', "status Red, fill", 'fill = "red"'),
        ('meaning = "off track"', 'meaning = "of track"', "status Red, meaning", "meaning ="),
        ("number = 1\n", 'number = "1"\n', "priority 1, number", 'number = "1"'),
        ('leads = ["Head of Data"]', 'leads = ["Head of Date"]', "action 1.1, leads", "Head of Date"),
        ('"Last thing by 31.1.17"', "31", "action 1.1, milestone 3", "    31,"),
        ('{ text = "A plan, with commas"', '{ txt = "A"', "action 1.1, milestone 2, text", "{ txt ="),
        ('text = "Another."', 'texts = "Another."', "action 1.2, texts", "texts = "),
        ('ref = "1.2"', 'ref = "1.1"', "action 1.1", "[[action]]|4"),
        ('ref = "1.2"', 'ref = ""', "[[action]] number 2, ref", 'ref = ""'),
        ('[[officer]]\nrole = "Head of Data"', "[[officer]]", "[[officer]] number 1, role", "[[officer]]"),
        ("[[priority]]", "[[priorities]]", "the file, priorities", "[[priorities]]"),
    ],
)
def test_a_problem_has_the_line_it_stands_on(path: Path, old: str, new: str, where: str, on: str) -> None:
    assert old in PLAN
    text = PLAN.replace(old, new, 1)
    wanted, _, nth = on.partition("|")
    assert (numbered(text, wanted, int(nth or 1)), where) in checked(path, text)


def test_every_problem_is_named_at_once_in_the_order_of_the_lines(path: Path) -> None:
    text = PLAN.replace('"Head of Data"]', '"Nobody"]').replace('fill = "FF9999"', 'fill = "red"')
    found = checked(path, text)
    assert [where for _, where in found] == ["status Red, fill", "action 1.1, leads", "action 1.2, leads"]
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    assert "line 12: status Red, fill: 'red' is not a colour. Write six figures" in str(
        check_plan(path).problems[0]
    )


def test_officers_without_work_or_address_are_told_of(path: Path) -> None:
    text = PLAN.replace('role = "Head of Data"', 'role = "Head of Data"\n\n[[officer]]\nrole = "Hed of Data"')
    path.write_text(text, encoding="utf-8")
    check = check_plan(path)
    line = numbered(text, "Hed of Data") - 1
    assert [(note.line, note.grave) for note in check.findings if "leads no action" in note.what] == [
        (line, True)
    ]
    assert [note.what for note in check.findings if not note.grave] == [
        "2 of 2 have no organisation",
        "2 of 2 have no email address",
    ]


def test_officers_who_have_an_organisation_are_not_counted_among_those_without(path: Path) -> None:
    second = '\n\n[[officer]]\nrole = "Nurse"\norganisation = "Anytown Trust"'
    path.write_text(PLAN.replace('role = "Head of Data"', f'role = "Head of Data"{second}'), encoding="utf-8")
    [note] = [one for one in check_plan(path).findings if "organisation" in one.what]
    assert (note.what, note.grave) == ("1 of 2 have no organisation", False)


def test_deadlines_that_send_the_reader_round_in_a_circle_are_told_of(path: Path) -> None:
    text = PLAN.replace('"Last thing by 31.1.17"', '"see 1.2"').replace('"Ongoing"', '"see 1.1"')
    path.write_text(text, encoding="utf-8")
    check = check_plan(path)
    assert [note.where for note in check.findings if note.grave] == ["milestone 1.1.4", "milestone 1.2.1"]
    assert check.in_doubt


def test_a_doubt_left_by_reading_is_called_by_what_stands_below_it(path: Path) -> None:
    text = PLAN.replace('[[action]]\nref = "1.2"', '# CHECK: no lead is sure\n[[action]]\nref = "1.2"')
    path.write_text(text, encoding="utf-8")
    (comment,) = check_plan(path).comments
    assert (comment.line, comment.where) == (numbered(text, "# CHECK"), "action 1.2")


def test_a_doubtful_deadline_has_the_line_of_its_milestone(path: Path) -> None:
    text = PLAN.replace("Last thing by 31.1.17", "Last thing TBC").replace('"Ongoing"', '"by 30.6.17"')
    path.write_text(text, encoding="utf-8")
    check = check_plan(path)
    assert [(note.line, note.where) for note in check.findings if note.grave] == [
        (numbered(text, "Last thing TBC"), "milestone 1.1.4"),
        (numbered(text, "by 30.6.17"), "milestone 1.2.1"),
    ]
    assert check.plan is not None
    assert str(check.findings[-1]).startswith("line 43: Milestone 1.2.1 is due on 30 June 2017")


def test_comments_that_wait_for_a_person_are_named(path: Path) -> None:
    text = PLAN.replace("[[officer]]", "# CHECK: two spellings are taken to be one office\n[[officer]]")
    path.write_text(text, encoding="utf-8")
    (note,) = check_plan(path).comments
    assert (note.line, note.what) == (numbered(text, "CHECK"), "two spellings are taken to be one office")


def test_a_file_saved_by_notepad_has_the_same_lines(path: Path) -> None:
    text = PLAN.replace('fill = "FF9999"', 'fill = "red"')
    wanted = checked(path, text)
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert [(note.line, note.where) for note in check_plan(path).problems] == wanted


def test_a_file_that_is_not_toml_is_refused_with_its_line(path: Path) -> None:
    path.write_text(PLAN.replace('title = "Plan"', "title = Plan"), encoding="utf-8")
    with pytest.raises(WorkbookError, match="line 4"):
        check_plan(path)


def test_the_shipped_plan_has_findings_on_the_lines_of_their_milestones(path: Path) -> None:
    text = resources.files("lscb_workbook.plan").joinpath("redbridge-2016-17.toml").read_text("utf-8")
    path.write_text(text, encoding="utf-8")
    check = check_plan(path)
    lines = {note.where: note.line for note in check.findings}
    assert check.problems == ()
    assert lines["milestone 1.6.2"] == numbered(text, "Recruit CSE & Missing Children Co-ordinator")
    assert lines["milestone 3.1.4"] == numbered(text, "Development and publication of an eLearning module")
    assert lines["priority 4"] == numbered(text, "[[priority]]", 4)


def test_every_action_of_a_written_plan_is_found_on_its_line(path: Path) -> None:
    text = write_plan(default_plan())
    tables = [table for table in table_lines(text) if table.kind == "action"]
    lines = text.split("\n")
    for table, action in zip(tables, default_plan().actions, strict=True):
        assert lines[table.line - 1] == "[[action]]"
        assert lines[table.keys["ref"] - 1] == f'ref = "{action.ref}"'
        assert path.suffix == ".toml"
        first = table.items["milestones"][0]
        assert default_plan().milestones_of(action.ref)[0].text[:20] in lines[first - 1]


STRINGS = st.sampled_from(
    ['"a"', '"[["', "'x # y'", '"""\n[[action]]\n"""', '"\\""', "'''\nref = 1\n'''", "{ a = 1 }"]
)


@given(st.lists(st.lists(STRINGS, max_size=4), min_size=1, max_size=4), st.booleans())
def test_items_are_found_whatever_strings_hold(lists: list[list[str]], spread: bool) -> None:
    joint = ",  # [\n" if spread else ", "
    text = "".join(f"[[action]]\nmilestones = [{joint.join(items)}]\n" for items in lists)
    tables = table_lines(text)[1:]
    assert [len(table.items.get("milestones", [])) for table in tables] == [len(items) for items in lists]
