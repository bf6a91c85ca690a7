"""A year on other ratings than the shipped ones, from the plan to the paper, through every step."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from conformance import validator_errors
from openpyxl import load_workbook
from recalculation import recalculated
from schemes import SCHEMES, plan_rated_by
from tracking import entry, fill_in, type_into

import lscb_workbook as lw
from lscb_workbook.board.content import Grid
from lscb_workbook.board.paper import make_paper
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Field
from lscb_workbook.plan.schemes import heading_of
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets

AS_AT, NOW = date(2016, 10, 1), datetime(2016, 10, 1, 9)
HEAD, NURSING = "Head of Early Help, LBA", "Director of Nursing, CCG"


def played(name: str, folder: Path, *typed: object) -> Path:
    """A master on this scheme, after a cycle in which the two officers rated 1.1 and 1.2 as ``typed``."""
    master, copies = folder / "master.xlsx", folder / "copies"
    lw.new(plan_rated_by(SCHEMES[name], folder / "plan.toml"), master)
    day, back = date(2016, 9, 1), date(2016, 9, 23)
    lw.issue(master, copies, cycle="Q2", issued_on=day, return_by=back, now=NOW)
    for officer, ref, rating in zip((HEAD, NURSING), ("1.1", "1.2"), typed, strict=True):
        said = {(ref, "RAG rating"): rating, (ref, "Commentary"): "As agreed."}
        fill_in(copies / f"Q2 - {officer}.xlsx", folder / "back" / f"{ref}.xlsx", said)
    lw.merge(master, [folder / "back"], as_at=AS_AT, now=NOW)
    return master


def cells(master: Path, table: str) -> list[dict[str, str]]:
    rows = Sheets(master.read_bytes()).rows(table)
    return [{header: row.text(header) for header in row.places} for row in rows]


@pytest.mark.parametrize(
    ("name", "typed", "ratings"),
    [
        ("brag", ("b", "RED"), ("Blue", "Red", "Green")),
        ("complete", ("complete", "Amber."), ("Complete", "Amber", "Complete")),
        ("numbers", (3, "1"), ("3", "1", "4")),
        ("symbols", ("▲", " ● "), ("▲", "●", "■")),
    ],
)
def test_a_cycle_on_other_ratings_loses_no_figure(
    name: str, typed: tuple[object, ...], ratings: tuple[str, ...], tmp_path: Path
) -> None:
    master = played(name, tmp_path, *typed)
    scheme = SCHEMES[name]
    entries = read_tracker(master).entries
    stand = [text for cell, text in sorted(entries.items()) if cell.field is Field.RATING]
    assert stand == list(ratings)
    everything = cells(master, "ByPriority")[0]
    heads = [heading_of(status.name) for status in scheme]
    assert [int(everything[head]) for head in heads] == [ratings.count(status.name) for status in scheme]
    assert (everything["Not rated"], everything["Ongoing"]) == ("0", "1")
    assert sum(int(everything[head]) for head in ("Met", "Missed", "Still to come", "Ongoing")) == 5
    off = [status.name for status in scheme if status.meaning in ("off track", "at risk")]
    assert [row["RAG rating"] for row in cells(master, "Exceptions")] == sorted(
        (rating for rating in ratings if rating in off), key=off.index
    )
    copy = tmp_path / "copies" / f"Q2 - {HEAD}.xlsx"
    found = lw.review(master, as_at=AS_AT, now=NOW)
    grids = [block for part in make_paper(found.plan, found.review).sections for block in part.blocks]
    printed = {text for grid in grids if isinstance(grid, Grid) for row in grid.rows for text in row}
    shown = {str(cell.value) for row in load_workbook(copy)["Guide and RAG key"] for cell in row}
    cover = {row["What each rating means, word for word"] for row in cells(master, "CoverKey")}
    definitions = {f"The action is {status.meaning}, says the board." for status in scheme}
    assert definitions <= printed & shown & cover


def test_the_most_awkward_ratings_are_calculated_and_drawn_as_they_should(tmp_path: Path) -> None:
    master = played("eight", tmp_path, "Met", 'some "slippage"')
    compared, wrong = recalculated(master, tmp_path / "again")
    assert wrong == []
    copy = tmp_path / "copies" / f"Q2 - {HEAD}.xlsx"
    assert [validator_errors(one) for one in (master, copy)] == [[], []]
    cover = load_workbook(master)["Cover"]
    assert cover["A3"].alignment.wrap_text
    assert (cover.row_dimensions[3].height or 0) > 2 * 12  # points: the headline takes lines
    assert {"Cover", "Summary", "By officer", "Movement", "Trend"} <= compared.keys()


def test_a_number_that_the_manager_types_is_the_rating_of_that_name_and_looks_like_it(tmp_path: Path) -> None:
    master = tmp_path / "master.xlsx"
    lw.new(plan_rated_by(SCHEMES["numbers"], tmp_path / "plan.toml"), master)
    type_into(master, "1.2", "RAG rating", 1)
    lw.review(master, as_at=AS_AT, now=NOW)
    assert entry(master, "1.2", Field.RATING) == "1"
    plan = load_workbook(master)["Plan"]
    column = next(cell.column for cell in plan[4] if cell.value == "RAG rating")
    row = next(cell.row for cell in plan["A"] if cell.value == "1.2")
    assert plan.cell(row, column).value == "1"  # as text: only that is coloured


def test_a_template_made_for_other_ratings_is_refused_with_what_to_do(tmp_path: Path) -> None:
    template = Path(__file__).resolve().parents[1] / "workbook_template.xlsx"
    plan, master = plan_rated_by(SCHEMES["brag"], tmp_path / "plan.toml"), tmp_path / "master.xlsx"
    with pytest.raises(WorkbookError, match=r"no column for the rating 'Blue'.*Leave out --template"):
        lw.new(plan, master, template=template)
    assert not master.exists()


def test_a_plan_without_a_rating_for_it_does_not_say_that_nothing_is_off_track(tmp_path: Path) -> None:
    master = tmp_path / "master.xlsx"
    lw.new(plan_rated_by(SCHEMES["nothing off track"], tmp_path / "plan.toml"), master)
    said = Sheets(master.read_bytes()).value("ExceptionsNote")
    assert said == "The plan has no rating for an action that is off track or at risk."
