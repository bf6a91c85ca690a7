"""Whose copy it is, and that nobody can say so without the tracker's key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lscb_workbook.copies.identity import (
    AROUND,
    Identity,
    RowKey,
    issued_in,
    pieces_of,
    rows_written,
    signature,
    signed_by,
)
from lscb_workbook.copies.issuing import copy_name
from lscb_workbook.ooxml import MAX_TEXT
from lscb_workbook.plan.records import Officer

KEY = "ab" * 32
IDENTITY = Identity.of("tracker-1", 1, "2016-17 Q2", "lscb-chair", date(2016, 9, 1), date(2016, 9, 23))
BASE = {
    RowKey("6.1", ""): {"rating": "White", "commentary": ""},
    RowKey("6.1", "6.1.1"): {"status": ""},
    AROUND: {"text 1": "Guide"},
}
ROWS = rows_written(BASE)
ISSUED = "".join(ROWS)


def test_a_copy_is_signed_by_the_tracker_that_issued_it() -> None:
    assert signed_by(signature(IDENTITY, ROWS, KEY), IDENTITY, ISSUED, KEY)


@pytest.mark.parametrize("fact", ["tracker", "schema", "cycle", "officer", "issued_on", "return_by"])
def test_a_changed_fact_breaks_the_signature(fact: str) -> None:
    forged = replace(IDENTITY, **{fact: "other"})
    assert not signed_by(signature(IDENTITY, ROWS, KEY), forged, ISSUED, KEY)


def test_a_changed_value_as_issued_breaks_the_signature() -> None:
    forged = "".join(rows_written(BASE | {RowKey("6.1", ""): {"rating": "Green", "commentary": ""}}))
    assert not signed_by(signature(IDENTITY, ROWS, KEY), IDENTITY, forged, KEY)


def test_another_trackers_key_does_not_sign() -> None:
    assert not signed_by(signature(IDENTITY, ROWS, "cd" * 32), IDENTITY, ISSUED, KEY)


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert rows_written(BASE) == rows_written(dict(reversed(BASE.items())))


@given(st.dictionaries(st.sampled_from(["note", "completed_on"]), st.text()))
def test_what_was_issued_is_read_back_from_letters_that_no_program_changes(values: dict[str, str]) -> None:
    base = BASE | {RowKey("1.1", "1.1.1"): values}
    written = "".join(pieces_of(rows_written(base)))
    assert issued_in(written) == base
    assert written.isascii()
    assert written.isprintable()
    assert "_x" not in written


def test_a_row_longer_than_a_cell_is_cut_into_pieces() -> None:
    base = {RowKey("1.1", ""): {"commentary": "é" * MAX_TEXT}}
    pieces = pieces_of(rows_written(base))
    assert max(map(len, pieces)) == MAX_TEXT
    assert issued_in("".join(pieces)) == base


@pytest.mark.parametrize(
    "written",
    [
        "words",
        '["1.1","",{"rating":',
        '["1.1","",{"rating":1}]',
        '["1.1",{}]',
        "[" * 100_000,
        '{"1.1":"","":{}}',
    ],
)
def test_what_is_no_row_is_nothing_that_was_issued(written: str) -> None:
    assert issued_in(written) == {}


def test_an_identity_is_read_back_from_its_facts() -> None:
    assert Identity.from_facts(IDENTITY.facts) == IDENTITY


def test_an_identity_with_a_fact_missing_is_none() -> None:
    assert Identity.from_facts(IDENTITY.facts | {"lscb-officer": ""}) is None


@pytest.mark.parametrize(
    ("cycle", "role", "organisation", "name"),
    [
        (
            "2016-17 Q2",
            "Head of Research and Data",
            "LBR",
            "2016-17 Q2 - Head of Research and Data, LBR.xlsx",
        ),
        ("2016/17 Q2", 'Lead: "early" help?', "", "2016 17 Q2 - Lead early help.xlsx"),
        (
            "Q2",
            "Strategic Lead – Domestic Abuse",
            "NELFT",
            "Q2 - Strategic Lead – Domestic Abuse, NELFT.xlsx",
        ),
        ("con.", "x", "", "Copy con. - x.xlsx"),
    ],
)
def test_a_file_is_named_as_people_say_it_and_windows_allows(
    cycle: str, role: str, organisation: str, name: str
) -> None:
    assert copy_name(cycle, Officer("key", role, organisation)) == name


def test_two_officers_of_one_name_get_two_files() -> None:
    officer = Officer("key", "Lead", "A/B")
    first = copy_name("Q1", officer)
    assert copy_name("Q1", officer, {first.casefold()}) == "Q1 - Lead, A B (2).xlsx"


def test_a_very_long_office_gives_a_name_that_fits() -> None:
    assert len(copy_name("Q1", Officer("key", "Lead " * 100, ""))) <= 150
