"""Whatever a master becomes in a manager's hands, a merge changes its own cells and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conformance import validator_errors
from lossless.additions import VBA
from lossless.comparing import harm, members
from lossless.edits import EDITS
from lossless.merging import EXPECTED, Merged, Shop
from lossless.programs import PROGRAMS
from rewriting import by_libreoffice
from tracking import AS_AT, NOW, entry

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.records import Decision

Get = Callable[[str], Merged]

SAVED = [program.__name__ for program in PROGRAMS]
EDITED = [edit.__name__ for edit in EDITS]
MASTERS = ["as it was", "with everything", "with macros", *SAVED, *EDITED]
"""``with everything`` has all that a manager may add (``additions.py``) in one."""
SHOWN = [
    "with everything",
    "with macros",
    "shared_strings",
    "calculated",
    "from_1904",
    "prefixed",
    "other_quotes",
    "columns_between",
    "tables_moved",
    "tabs_renamed",
    "tabs_copied",
    "totals_rows",
]
"""Those that LibreOffice is asked about, which takes its time."""


CHAIN = ("xl/calcChain.xml",)


def each(names: list[str]) -> pytest.MarkDecorator:
    """Once with each; tests of the same master run one after the other, so that one process merges it."""
    return pytest.mark.parametrize("name", names, scope="session")


@each(MASTERS)
def test_a_merge_changes_its_own_cells_and_nothing_else(merged: Get, name: str) -> None:
    one = merged(name)
    assert {change.decision for change in one.result.changes} == {Decision.TAKEN}
    assert harm(one.before, one.after, CHAIN if name == "calculated" else ()) == []


@each(MASTERS)
def test_what_was_returned_stands_in_it(merged: Get, name: str) -> None:
    path = merged(name).path
    assert {place: entry(path, *place) for place in EXPECTED} == EXPECTED


@each(MASTERS[: 3 + len(SAVED)])
def test_merging_the_same_again_changes_no_byte(merged: Get, name: str, tmp_path: Path, shop: Shop) -> None:
    one = merged(name)
    path = tmp_path / one.path.name
    path.write_bytes(one.after)
    again = lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
    assert (again.written, again.changes) == (None, ())
    assert path.read_bytes() == one.after


@each(MASTERS)
def test_microsofts_validator_finds_nothing_wrong(merged: Get, name: str) -> None:
    assert validator_errors(merged(name).path) == []


def test_libreoffice_opens_each_and_what_it_saves_is_merged_into(
    merged: Get, tmp_path: Path, shop: Shop
) -> None:
    saved = by_libreoffice([merged(name).path for name in SHOWN], "xlsx", tmp_path / "saved")
    said = {
        name: {place: entry(path, *place) for place in EXPECTED}
        for name, path in zip(SHOWN, saved, strict=True)
    }
    assert {name for name in SHOWN if said[name] != EXPECTED} == set()
    for name in ("with everything", "from_1904", "tabs_copied", "tables_moved"):
        path = saved[SHOWN.index(name)]
        before = path.read_bytes()
        again = lw.merge(path, [shop.returned], as_at=AS_AT, now=NOW)
        assert (again.changes, again.conflicts) == ((), ())
        assert harm(before, path.read_bytes()) == []


# --- one by one ------------------------------------------------------------------------------


def test_a_master_with_macros_keeps_them_and_its_name(merged: Get) -> None:
    one = merged("with macros")
    assert one.path.suffix == ".xlsm"
    assert one.result.backup is not None
    assert one.result.backup.suffix == ".xlsm"
    assert one.result.backup.read_bytes() == one.before
    parts = members(one.after)
    assert parts["xl/vbaProject.bin"] == VBA
    assert b"sheet.macroEnabled.main+xml" in parts["[Content_Types].xml"]


def test_the_order_of_calculation_stays_while_formulas_stay_where_they_are(merged: Get) -> None:
    """A merge lists other rows, and the formulas with them; a program then finds the order anew."""
    one = merged("calculated")
    assert not set(CHAIN) & set(members(one.after))
    book = Workbook.open(one.before)
    book.set_cell("Plan", book.tables["Plan"].first_row, "Commentary", "Another word.")
    assert members(book.to_bytes())[CHAIN[0]] == members(one.before)[CHAIN[0]]


def test_how_a_text_is_read_aloud_is_no_part_of_it(shop: Shop) -> None:
    master = shop.merge(shop.changed("shared_strings"), "aloud").path
    assert lw.merge(master, as_at=AS_AT, now=NOW).changes == ()
    assert not [change for change in lw.history(master).changes if change.decision is Decision.EDITED]
