"""What is printed: whole words, within the width of the window."""

from datetime import date

import pytest

from lscb_workbook import terminal
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Cell, Change, Decision, Field

ROWS = [
    ("LSCB Training Officer", "reminder", "tom@borough.gov.uk", "The copy for 2025-26 Q1 has not come back."),
    ("Detective Superintendent, Police", "reminder", "det.sup@wexshire.police.uk", "No explanation of 2.1."),
]


@pytest.mark.parametrize("width", [40, 72, 80, 81, 100, 200])
def test_no_word_of_a_table_is_cut_off_at_the_windows_edge(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    terminal.show_table("To be written to", ("Officer", "Letter", "To", "Why"), ROWS)
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= width
    for word in " ".join(cell for row in ROWS for cell in row).split():
        assert word in said


def test_a_refused_locked_cell_is_shown_with_what_the_plan_says(capsys: pytest.CaptureFixture[str]) -> None:
    cell = Cell("6.3", "", Field.OTHER)
    facts = ("Head of Research", "", "Somebody", "", Decision.REFUSED, "", "a.xlsx", "sha", "Q2")
    terminal.show_changes("Refused", default_plan(), [Change(cell, *facts, date(2016, 10, 1))])
    assert "Somebody returned, Head of Research in the tracker" in capsys.readouterr().out
