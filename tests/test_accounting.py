"""The law on real files: every cell that an officer edited is in the tracker, a conflict, or a refusal."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tracking import AS_AT, NOW, issued_tracker

import lscb_workbook as lw
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.tracker.cells import text_of

ENTRIES: dict[str, list[object]] = {
    "RAG rating": ["Red", "amber ", "G", "Amber/Green", "done", "n/a", "=1+1", None, 3],
    "Commentary": ["Late.", "  spaced  ", "two\nlines", "=SUM(A1)", "ünïcode 😀", "x" * 5000],
    "Evidence of impact": ["12 of 14 cases.", "-", "@home"],
    "Status": ["Complete", "in progress", "half done", None, 1],
    "Completed on": [date(2016, 7, 1), "31.7.16", "30 June 2016", "soon", 42613],
    "Revised date": [date(2016, 12, 1), "Dec 16", "1/12/2016", "TBC"],
    "Note": ["A note.", "'quoted'", "1.10"],
    "Lead officer": ["Somebody else"],
    "Milestone as written": ["We changed it."],
}


def scribble(copy: Path, to: Path, chance: random.Random) -> list[tuple[str, str]]:
    """Fill in some cells of a copy at random, sort or delete a row now and then: (row, what was typed)."""
    book = load_workbook(copy)
    typed: list[tuple[str, str]] = []
    for name in ("MyActions", "MyMilestones"):
        table = COPY_TABLES[name]
        page = book[table.sheet]
        heads = {cell.value: cell.column for cell in page[table.row]}
        for row in range(table.row + 1, page.max_row + 1):
            for head, values in ENTRIES.items():
                if head in heads and chance.random() < 0.25:
                    value = chance.choice(values)
                    cell = page.cell(row, heads[head])
                    if text_of(cell.value) != text_of(value):
                        cell.value = value
                        if isinstance(value, str) and value.startswith("="):
                            cell.data_type = "s"
                        typed.append((str(page.cell(row, 1).value), text_of(value)))
        if chance.random() < 0.5:
            page.move_range(f"A{table.row + 1}:H{page.max_row}", rows=chance.randrange(3))
    to.parent.mkdir(exist_ok=True)
    book.save(to)
    book.close()
    return typed


def the_same(said: str, typed: str) -> bool:
    """Whether what is listed is what was typed, or the value it was recognised as."""
    known = {"amber": "Amber", "G": "Green", "in progress": "In progress", "done": "Complete"}
    days = {"31.7.16": "2016-07-31", "30 June 2016": "2016-06-30", "1/12/2016": "2016-12-01"}
    days["42613"] = "2016-08-31"  # a number in a cell that shows days is a day
    return said.strip() in (typed, known.get(typed), days.get(typed))


@pytest.mark.parametrize("seed", range(4))
def test_every_edited_cell_is_accounted_for(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    master, copies = issued_tracker(tmp_path)
    typed = {}
    for number, copy in enumerate(sorted(copies.iterdir())):
        typed[f"return {number}.xlsx"] = scribble(copy, tmp_path / "r" / f"return {number}.xlsx", chance)
    said = lw.merge(master, [tmp_path / "r"], as_at=AS_AT, now=NOW).as_json()
    listed: dict[str, list[tuple[str, str]]] = {name: [] for name in typed}
    for kind in ("changes", "conflicts", "refusals"):
        for one in said[kind]:  # type: ignore[attr-defined]
            listed[Path(one["file"]).name].append((one["milestone"] or one["ref"], one["returned"]))
    for name, edits in typed.items():
        for row, text in edits:
            assert any(row == where and the_same(what, text) for where, what in listed[name]), (
                name,
                row,
                text,
            )
    again = lw.merge(master, [tmp_path / "r"], as_at=AS_AT, now=NOW + timedelta(hours=1))
    assert (again.changes, again.written) == ((), None)
