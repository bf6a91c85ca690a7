"""Merging and saving: in a board's master of 27 actions, and in one of 5,000 with 100,000 rows of History.

To save a change is to open the master, set a cell of the Plan, add a row to History and make the new
workbook's bytes; openpyxl does just that by loading, setting and saving. The floor is inflating, copying and
compressing the parts that change. The whole merge is everything else that the command does beside harvesting
returns: reading the master, merging, reviewing, writing every tab, reading back, and saving, with a backup,
flushed to the disk. It is held against what openpyxl takes for its save alone.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import deflate
from boards import board, master
from measuring import Row, interleaved, on_one_core, timed
from openpyxl import load_workbook

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.records import Change, Decision, Plan
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.reading import read_tracker

_AS_AT = date(2016, 10, 1)
_SAID = "What was done since the last board, in the words of the officer who leads it"


def edited(folder: Path, plan: Plan, changes: int) -> Path:
    """A reviewed master in which the manager then changed a commentary, which a merge has to record."""
    made = master(folder / "master.xlsx", plan, changes=changes)
    lw.review(made, as_at=_AS_AT)
    book = Workbook.open(made)
    book.set_cell("Plan", book.tables["Plan"].first_row, TRACKER_TABLES["Plan"].header("commentary"), _SAID)
    made.write_bytes(book.to_bytes())
    return made


def merge(made: Path) -> None:
    """The whole step, as the command does it."""
    work = made.with_name("work.xlsx")
    shutil.copyfile(made, work)
    lw.merge(work, as_at=_AS_AT)
    shutil.rmtree(work.with_name("backups"))


def save(data: bytes, change: Change, plan: Plan) -> bytes:
    """What one change costs to write: open the workbook, set its cell, append to History, save."""
    book = Workbook.open(data)
    row = book.tables["Plan"].first_row
    book.set_cell("Plan", row, TRACKER_TABLES["Plan"].header("commentary"), change.result)
    writing.append_history(book, plan, [change])
    return book.to_bytes()


def by_openpyxl(data: bytes, change: Change) -> None:
    """The same change by openpyxl: load, set the cell, append a row to History, save."""
    book = load_workbook(io.BytesIO(data))
    table = TRACKER_TABLES["Plan"]
    column = [one.key for one in table.columns].index("commentary") + 1
    book["Plan"].cell(table.row + 1, column).value = change.result
    book["History"].append([change.when, change.cycle, change.cell.ref, change.cell.milestone, change.result])
    book.save(io.BytesIO())


def floor(data: bytes, touched: list[str]) -> None:
    """What no way can do without: the bytes of the parts that change, inflated, copied and compressed as
    the product compresses them."""
    with ZipFile(io.BytesIO(data)) as package:
        for name in touched:
            part = bytearray(package.read(name))
            deflate.crc32(part)
            deflate.deflate_compress(part, 1)


def touched_by(before: bytes, after: bytes) -> list[str]:
    """The names of the parts that differ between two packages."""
    with ZipFile(io.BytesIO(before)) as old, ZipFile(io.BytesIO(after)) as new:
        crcs = {info.filename: info.CRC for info in old.infolist()}
        return [info.filename for info in new.infolist() if crcs.get(info.filename) != info.CRC]


def _ways(folder: Path, actions: int, changes: int) -> dict[str, Callable[[], object]]:
    """Each way by name: ``step`` is the whole merge, ``ours`` writes the one change that the others write."""
    plan = board(actions=actions, officers=min(60, max(12, actions // 3)))
    made = edited(folder, plan, changes)
    data, tracker = made.read_bytes(), read_tracker(made)
    model = next(change for change in reversed(tracker.history) if change.decision is Decision.TAKEN)
    change = replace(model, base=model.result, master=model.result, returned=_SAID, result=_SAID, when=_AS_AT)
    touched = touched_by(data, save(data, change, plan))
    return {
        "ours": lambda: save(data, change, plan),
        "step": lambda: merge(made),
        "openpyxl": lambda: by_openpyxl(data, change),
        "floor": lambda: floor(data, touched),
    }


def _rows(actions: int, changes: int, repeats: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, on_one_core():
        ways = _ways(Path(folder), actions, changes)
        timings = {name: lambda way=way: timed(way) for name, way in ways.items()}  # type: ignore[misc]
        found = interleaved(timings, repeats)
    size = f"{actions:,} actions, {changes:,} changes in History"
    rivals, detail = {"openpyxl": found["openpyxl"]}, {"actions": actions, "changes": changes}
    return [
        Row(
            f"save a change ({size})",
            found["ours"],
            rivals,
            floor=found["floor"],
            floor_is="rewriting",
            least=5,
            most=1.5,
            goal=">= 5x others, <= 1.5x the least",
            detail=detail,
        ),
        Row(
            f"the whole merge ({size})",
            found["step"],
            rivals,
            least=5,
            goal=">= 5x others, for a save alone",
            detail=detail,
        ),
    ]


def measure(*, quick: bool) -> list[Row]:
    """What a change costs to write, and a whole merge, in a small master and in a large one."""
    if quick:
        return _rows(27, 20, 1)
    return [*_rows(27, 200, 9), *_rows(5_000, 100_000, 1)]
