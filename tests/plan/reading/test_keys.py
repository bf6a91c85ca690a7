"""A RAG key of any kind, read out of a document, becomes a plan that a tracker can be made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreeing import as_list

from lscb_workbook.plan.checking import check_plan
from lscb_workbook.plan.reading import read_plan_from
from lscb_workbook.plan.records import Meaning

HEADING = ["Ref", "Action", "Lead officer", "Timescale and milestones", "Success measures", "RAG"]
OFF, RISK, ON, DONE = Meaning.OFF_TRACK, Meaning.AT_RISK, Meaning.STILL_ON_TRACK, Meaning.COMPLETE


@pytest.mark.parametrize(
    ("key", "rated", "meanings"),
    [
        (
            {
                "Blue": "Action complete and embedded",
                "Red": "Off track: the deadline has passed",
                "Amber": "Some slippage",
                "Green": "On track to be delivered",
            },
            "Blue",
            (DONE, OFF, RISK, ON),
        ),
        (
            {
                "Red": "Little or no progress; it will not be completed on time",
                "Amber": "At risk of delay",
                "Green": "On track",
                "Complete": "The action has been completed",
            },
            "Complete",
            (OFF, RISK, ON, DONE),
        ),
        (
            {"1": "Not on track", "2": "At risk", "3": "On track", "4": "Completed"},
            "3",
            (OFF, RISK, ON, DONE),
        ),
        (
            {"●": "Off track", "▲": "Some risk", "■": "On track or completed and signed off"},
            "▲",
            (OFF, RISK, Meaning.ON_TRACK),
        ),
        ({"Red": "Late", "Blue": "Not yet started"}, "Blue", (OFF, Meaning.NOT_STARTED)),
    ],
)
def test_a_key_of_any_kind_is_read_and_can_be_a_master(
    key: dict[str, str], rated: str, meanings: tuple[Meaning, ...], tmp_path: Path
) -> None:
    rows = [HEADING, ["1.1", "Do it", "Head of It", "by 1.5.16", "It is done", rated], []]
    rows += [["Status", "Definition"], *map(list, key.items())]
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"))
    scheme = reading.plan.scheme
    assert {one.name: one.definition for one in scheme.statuses} == key
    assert tuple(one.meaning for one in scheme.statuses) == meanings
    assert reading.plan.actions[0].rating == rated
    (tmp_path / "plan.toml").write_text(reading.toml, encoding="utf-8")
    assert check_plan(tmp_path / "plan.toml").problems == ()


def test_a_list_of_abbreviations_is_no_key(tmp_path: Path) -> None:
    rows = [HEADING, ["1.1", "Do it", "Head of It", "by 1.5.16", "It is done", "Red"], []]
    rows += [["Key", "Meaning"], ["CSE", "Child sexual exploitation"], ["FGM", "Female genital mutilation"]]
    reading = read_plan_from(as_list(rows, tmp_path / "plan.csv"))
    assert reading.plan.scheme.names == ("Red", "Amber", "Green")
