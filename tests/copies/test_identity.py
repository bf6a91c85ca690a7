"""Whose copy it is, and that nobody can say so without the tracker's key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lscb_workbook.copies.identity import Identity, Place, signature, signed_by
from lscb_workbook.copies.issuing import copy_name
from lscb_workbook.plan.records import Officer

KEY = "ab" * 32
IDENTITY = Identity.of("tracker-1", 1, "2016-17 Q2", "lscb-chair", date(2016, 9, 1), date(2016, 9, 23))
BASE = {Place("6.1", "", "rating"): "White", Place("6.1", "", "commentary"): ""}


def test_a_copy_is_signed_by_the_tracker_that_issued_it() -> None:
    assert signed_by(signature(IDENTITY, BASE, KEY), IDENTITY, BASE, KEY)


@pytest.mark.parametrize("fact", ["tracker", "schema", "cycle", "officer", "issued_on", "return_by"])
def test_a_changed_fact_breaks_the_signature(fact: str) -> None:
    forged = replace(IDENTITY, **{fact: "other"})
    assert not signed_by(signature(IDENTITY, BASE, KEY), forged, BASE, KEY)


def test_a_changed_value_as_issued_breaks_the_signature() -> None:
    forged = BASE | {Place("6.1", "", "rating"): "Green"}
    assert not signed_by(signature(IDENTITY, BASE, KEY), IDENTITY, forged, KEY)


def test_another_trackers_key_does_not_sign() -> None:
    assert not signed_by(signature(IDENTITY, BASE, "cd" * 32), IDENTITY, BASE, KEY)


def test_the_order_of_the_values_does_not_matter() -> None:
    assert signature(IDENTITY, BASE, KEY) == signature(IDENTITY, dict(reversed(BASE.items())), KEY)


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
