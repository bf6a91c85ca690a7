"""The addresses in a cell, however people type them."""

from __future__ import annotations

import pytest

from lscb_workbook.plan.addresses import first_address, typed_addresses


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", ()),
        (" a@x.org ", ("a@x.org",)),
        ("a@x.org; b@x.org", ("a@x.org", "b@x.org")),
        ("a@x.org, b@x.org\nc@x.org d@x.org", ("a@x.org", "b@x.org", "c@x.org", "d@x.org")),
        ("Jane Smith <jane@x.org>", ("jane@x.org",)),
        ("Smith, Jane <jane@x.org>, B <b@x.org>", ("jane@x.org", "b@x.org")),
        ('"jane@x.org" <Jane@x.org>; c@x.org', ("jane@x.org", "c@x.org")),
        ("a@x.org, Jane <jane@x.org>", ("a@x.org", "jane@x.org")),
        ("A@x.org; b@x.org; a@X.org", ("A@x.org", "b@x.org")),
        ("ask Ann", ("ask", "Ann")),
    ],
)
def test_all_that_is_given_is_found_once(cell: str, found: tuple[str, ...]) -> None:
    assert typed_addresses(cell) == found


def test_the_first_is_written_to_where_all_are_addresses() -> None:
    assert first_address("Jane <jane@x.org>; b@x.org") == "jane@x.org"
    assert first_address("  ") == ""
    assert first_address(" a b@x.org ") == "a b@x.org"
