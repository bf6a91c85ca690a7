"""The text of the Redbridge plan, read by the tool, against the plan that people made of it and ship."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lscb_workbook.plan.documents import default_plan, read_plan
from lscb_workbook.plan.reading.files import read_plan_from, read_source
from lscb_workbook.plan.reading.reading import PlanReading
from lscb_workbook.plan.reading.wording import words
from lscb_workbook.plan.records import Plan

SOURCE = Path(__file__).parents[1] / "data" / "redbridge-lscb-business-plan-2016-17.txt"


@pytest.fixture(scope="module")
def reading() -> PlanReading:
    return read_plan_from(SOURCE)


@pytest.fixture(scope="module")
def shipped() -> Plan:
    return default_plan()


REFS = [action.ref for action in default_plan().actions]


def test_every_action_is_found_in_its_order(reading: PlanReading, shipped: Plan) -> None:
    assert [action.ref for action in reading.plan.actions] == REFS
    assert reading.plan.title == shipped.title
    assert reading.plan.chair == shipped.chair
    assert reading.plan.year == shipped.year


@pytest.mark.parametrize("ref", REFS)
def test_an_action_is_read_as_the_shipped_plan_has_it(reading: PlanReading, shipped: Plan, ref: str) -> None:
    mine, wanted = reading.plan.action(ref), shipped.action(ref)
    assert (mine.priority, mine.text, mine.leads) == (wanted.priority, wanted.text, wanted.leads)
    assert (mine.measures, mine.rating) == (wanted.measures, wanted.rating)


@pytest.mark.parametrize("ref", REFS)
def test_its_milestones_are_those_of_the_shipped_plan(reading: PlanReading, shipped: Plan, ref: str) -> None:
    mine = [(one.id, one.text, one.leads, one.due) for one in reading.plan.milestones_of(ref)]
    assert mine == [(one.id, one.text, one.leads, one.due) for one in shipped.milestones_of(ref)]


def test_the_officers_and_the_rag_key_are_those_of_the_shipped_plan(
    reading: PlanReading, shipped: Plan
) -> None:
    assert [one.key for one in reading.plan.officers] == [one.key for one in shipped.officers]
    assert reading.plan.scheme == shipped.scheme


def test_headings_in_one_piece_are_whole_and_those_in_pieces_are_doubted(
    reading: PlanReading, shipped: Plan
) -> None:
    mine = {one.number: one.title for one in reading.plan.priorities}
    assert list(mine) == [1, 2, 3, 4, 5, 6]
    whole = {one.number: one.title for one in shipped.priorities if not one.uncertain}
    assert {number: mine[number] for number in whole} == whole
    doubted = {doubt.name for doubt in reading.doubts if doubt.kind == "priority"}
    assert doubted == {"1", "2", "3", "4", "5"}


def test_every_garbled_place_of_the_source_is_in_the_report(reading: PlanReading, shipped: Plan) -> None:
    doubted = {(doubt.kind, doubt.name) for doubt in reading.doubts}
    garbled = {("priority", str(one.number)) for one in shipped.priorities if one.uncertain}
    garbled |= {("action", one.ref) for one in shipped.actions if one.uncertain}
    garbled |= {("action", one.ref) for one in shipped.milestones if one.uncertain}
    assert garbled <= doubted
    assert all(f"{kind} {name}" in reading.report for kind, name in garbled)


def test_few_places_are_doubted_that_are_not_garbled(reading: PlanReading) -> None:
    doubted = {doubt.name for doubt in reading.doubts if doubt.kind == "action"}
    assert doubted == {"1.2", "2.1", "3.1", "4.1", "6.3", "6.4"}


def test_every_word_of_every_row_is_in_the_plan_or_in_the_report(reading: PlanReading) -> None:
    kept = Counter(words(reading.toml)) + Counter(words(reading.report))
    for table in read_source(SOURCE).tables:
        for row in table.rows:
            assert not Counter(word for cell in row.cells for word in words(cell)) - kept, row.place


def test_what_was_left_out_is_counted(reading: PlanReading) -> None:
    assert "Headings and repeated headings, left out (8)" in reading.report
    assert "- line 38: RIORITY 3" in reading.report
    assert "[said before, in 3.1]" in reading.report
    assert reading.lost == 27  # the label 'Grade:' of every action's drop-down


def test_the_document_is_a_plan_with_a_comment_at_every_doubtful_table(
    reading: PlanReading, tmp_path: Path
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(reading.toml, encoding="utf-8")
    assert read_plan(path)[0] == reading.plan
    lines = reading.toml.splitlines()
    assert sum(line.startswith("# CHECK: ") for line in lines) == len(reading.doubts)
    at = lines.index('ref = "6.4"')
    assert lines[at - 2].startswith("# CHECK: 'Evidence base on impact")
