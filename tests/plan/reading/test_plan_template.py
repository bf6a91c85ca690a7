"""The blank plan that a manager fills in: written, filled in and read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conformance import convert, validator_errors
from openpyxl import load_workbook

from lscb_workbook.plan.documents import read_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.files import read_plan_from
from lscb_workbook.plan.reading.template import plan_template
from lscb_workbook.plan.records import Meaning, OnDate


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(plan_template())
    return path


@pytest.fixture
def filled(blank: Path, tmp_path: Path) -> Path:
    book = load_workbook(blank)
    about, plan = book["About"], book["Plan"]
    for row, said in enumerate(
        ("Anytown Safeguarding Partnership", "Plan 2026-27", "Pat Example", "1.4.2026"), 2
    ):
        about.cell(row, 2, said)
    rows = [
        ["1.1", "1 Early help", "Publish it", "Head of Help, LBR",
         "Agreed by 30.6.2026\nIn use by 31.3.2027", "Seen", "White"],
        ["1.10", "1 Early help", "Use it", "Head of Help, LBR\nLSCB Chair", "Ongoing", "Used", "Amber"],
        ["2.1", "2 Neglect", "Audit it", "LSCB Chair", "LSCB July 2026", "Learnt", ""],
    ]  # fmt: skip
    for at, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            plan.cell(at, column, value)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    return path


def test_a_blank_plan_filled_in_is_the_plan(filled: Path, tmp_path: Path) -> None:
    reading = read_plan_from(filled)
    plan = reading.plan
    assert (plan.board, plan.title, plan.chair) == (
        "Anytown Safeguarding Partnership",
        "Plan 2026-27",
        "Pat Example",
    )
    assert (plan.year.first, plan.year.last) == (date(2026, 4, 1), date(2027, 3, 31))
    assert [(one.number, one.title) for one in plan.priorities] == [(1, "Early help"), (2, "Neglect")]
    assert [action.ref for action in plan.actions] == ["1.1", "1.10", "2.1"]
    assert [one.text for one in plan.milestones_of("1.1")] == ["Agreed by 30.6.2026", "In use by 31.3.2027"]
    assert plan.milestones[0].due == OnDate("by 30.6.2026", date(2026, 6, 30))
    assert plan.action("1.10").leads == ("head-of-help-lbr", "lscb-chair")
    assert [action.rating for action in plan.actions] == ["White", "Amber", ""]
    written = tmp_path / "plan.toml"
    written.write_text(reading.toml, encoding="utf-8")
    assert read_plan(written)[0] == plan


def test_its_rag_key_means_what_its_definitions_say(filled: Path) -> None:
    scheme = read_plan_from(filled).plan.scheme
    assert [status.meaning for status in scheme.statuses] == [
        Meaning.OFF_TRACK,
        Meaning.AT_RISK,
        Meaning.ON_TRACK,
        Meaning.WITHDRAWN,
        Meaning.NOT_STARTED,
    ]
    assert [status.needs_commentary for status in scheme.statuses] == [True, True, False, False, False]


def test_nothing_filled_in_is_doubted(filled: Path) -> None:
    assert read_plan_from(filled).doubts == ()


def test_the_day_may_be_a_date_of_excel(filled: Path) -> None:
    book = load_workbook(filled)
    book["About"]["B5"] = date(2026, 4, 1)
    book.save(filled)
    assert read_plan_from(filled).plan.year.first == date(2026, 4, 1)


def test_a_first_day_that_is_none_is_said(filled: Path) -> None:
    book = load_workbook(filled)
    book["About"]["B5"] = "next April"
    book.save(filled)
    with pytest.raises(WorkbookError, match="'next April' is not the first day"):
        read_plan_from(filled)


def test_a_blank_plan_that_is_not_filled_in_is_said(blank: Path) -> None:
    with pytest.raises(WorkbookError):
        read_plan_from(blank)


def test_the_blank_plan_is_a_valid_workbook(blank: Path) -> None:
    assert validator_errors(blank) == []


def test_it_survives_libreoffice(filled: Path, tmp_path: Path) -> None:
    assert read_plan_from(convert(filled, "ods", tmp_path / "as")).plan == read_plan_from(filled).plan
