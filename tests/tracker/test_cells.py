"""What a cell holds, as the records hold it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lscb_workbook.tracker.cells import Raw, count_of, date_of, text_of


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, ""),
        ("  a \r\nb\r", "a \nb"),
        (3.0, "3"),
        (1.1, "1.1"),
        (True, "TRUE"),
        (date(2016, 8, 31), "2016-08-31"),
        (datetime(2016, 8, 31), "2016-08-31"),
        (datetime(2016, 8, 31, 9, 30), "2016-08-31 09:30:00"),
    ],
)
def test_any_cell_has_a_text(raw: Raw, text: str) -> None:
    assert text_of(raw) == text


def test_only_a_true_day_or_iso_text_is_a_day() -> None:
    assert [date_of(raw) for raw in (datetime(2016, 8, 31, 9), "2016-08-31", "31/08/2016", 42613.0)] == [
        date(2016, 8, 31),
        date(2016, 8, 31),
        None,
        None,
    ]


def test_what_is_no_number_counts_as_none() -> None:
    assert [count_of(raw) for raw in ("3", 3.0, "", "three", None)] == [3, 3, 0, 0, 0]
