"""The law of reading a plan: every word of the source's tables is in the plan or in the report."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscb_workbook.plan.checking import check_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.headings import SYNONYMS, Role
from lscb_workbook.plan.reading.reading import plan_in
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable
from lscb_workbook.plan.reading.wording import words

FIRST = date(2016, 4, 1)

HEADINGS = [synonym for synonyms in SYNONYMS.values() for synonym in synonyms]
SHAPES = [
    *("1.1", "1.2", "2.1", "A3", "7", "Red", "Grade: White", "Amber, late since #", "R", "by 31.8.16"),
    *("Head of #", "Chair, # Group", "Director of #, LBR", "# Manager; # Officer", "LSCB July 2016"),
    *("<ul> <li># #</li> <li>#</li> </ul>", "# # by 30.6.16. # # # # then", "PRIORITY #: # #", "• # • #"),
    *("# #\n#", "Page 3", "3", "", "", "•", "multi- # -#", "see 1.1", "# and # by 1.9.16 and # by 1.10.16"),
    *("#", "# # # #. #", "RAG", "Status", "Definition", "Action", "Lead", "Choose an item.", "Ongoing"),
    *("PRIORITY 3: # #", "<b>#</b> &amp; #"),
]


@st.composite
def tables(draw: st.DrawFn) -> tuple[SourceTable, ...]:
    """Tables in which every word that stands for ``#`` is there once: if it is lost, it is missed."""
    number = itertools.count()
    cell = st.sampled_from(SHAPES) | st.sampled_from(HEADINGS)

    def filled(shape: str) -> str:
        while "#" in shape:
            shape = shape.replace("#", f"word{next(number)}x", 1)
        return shape

    found = []
    for _ in range(draw(st.integers(1, 3))):
        width = draw(st.integers(1, 8))
        rows: list[list[str]] = []
        if draw(st.booleans()):
            roles = draw(st.permutations([one for one in Role if one is not Role.PRIORITY]))
            rows.append([draw(st.sampled_from(SYNONYMS[role])) for role in roles[:width]])
        for _ in range(draw(st.integers(1, 6))):
            rows.append([filled(one) for one in draw(st.lists(cell, min_size=1, max_size=width))])
        if draw(st.booleans()):
            long = " ".join(word for row in rows for one in row for word in one.split())
            rows.append(["", f"{long} {long} {long}"])
        found.append(
            SourceTable(
                tuple(
                    SourceRow(f"row {at}", tuple(row), draw(st.booleans()), draw(st.booleans()))
                    for at, row in enumerate(rows)
                )
            )
        )
    return tuple(found)


def lost(made: tuple[SourceTable, ...], columns: dict[Role, str]) -> set[str]:
    """The words of the tables that are neither in the plan nor in the report. A source in which no action
    can be seen is refused whole, and nothing is written."""
    try:
        reading = plan_in(Source("plan.docx", made), columns, FIRST)
    except WorkbookError:
        return set()
    said = {word for table in made for row in table.rows for cell in row.cells for word in words(cell)}
    return said - set(words(reading.toml)) - set(words(reading.report))


@settings(max_examples=400)
@given(tables())
def test_every_word_is_in_the_plan_or_in_the_report(made: tuple[SourceTable, ...]) -> None:
    assert lost(made, {}) == set()


@settings(max_examples=200)
@given(tables(), st.dictionaries(st.sampled_from(Role), st.integers(1, 9).map(str), max_size=4))
def test_whatever_a_person_says_of_the_columns(
    made: tuple[SourceTable, ...], columns: dict[Role, str]
) -> None:
    assert lost(made, columns) == set()


@settings(max_examples=300)
@given(tables())
def test_the_document_reads_back_as_the_plan_or_says_only_what_a_person_must_name(
    written: Path, made: tuple[SourceTable, ...]
) -> None:
    try:
        reading = plan_in(Source("plan.docx", made), {}, FIRST)
    except WorkbookError:
        return
    written.write_bytes(reading.toml.encode())
    check = check_plan(written)
    assert {note.where.rpartition(", ")[2] for note in check.problems} <= {"leads"}
    assert check.plan == (None if check.problems else reading.plan)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans") / "plan.toml"


def test_the_law_is_tried_on_sources_that_are_read() -> None:
    row = SourceRow("row 2", ("1.1", "word", "Head of It", "by 1.5.16"))
    made = (SourceTable((SourceRow("row 1", ("Ref", "Action", "Lead", "When")), row)),)
    reading = plan_in(Source("plan.docx", made), first_day=FIRST)
    assert [action.text for action in reading.plan.actions] == ["word"]
    with pytest.raises(WorkbookError, match="No table of actions"):
        plan_in(Source("plan.docx", (SourceTable((SourceRow("row 1", ("a", "b")),)),)), first_day=FIRST)
