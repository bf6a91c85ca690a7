"""Harvesting: what one returned copy costs to open, verify, identify, clean and compare.

Ours is the product's own harvest, with its reading process, on one core: the time from the first file done
to the last, over the files between, so that starting the process (given apart) is not in it. The files are
read from disk, which is warm. Rivals and floor read the same files, all their sheets, and do nothing with
what they read: pandas and openpyxl as they come, python-calamine as the floor. All of them read what a copy
carries hidden, so a smaller copy lowers the floor as well.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas
from measuring import Row, interleaved, on_one_core, timed
from openpyxl import load_workbook
from pacing import paced
from python_calamine import CalamineWorkbook
from returned import board, by_libreoffice, filled_in

from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.state import Tracker

__all__ = ["measure"]

_GOAL = ">= 10x others, <= 2x the least"


def measure(*, quick: bool) -> list[Row]:
    """What a copy costs, as each program saves it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        master, copies = board(folder)
        tracker = read_tracker(master)
        by_excel = filled_in(copies[:3] if quick else copies, folder / "excel", times=1 if quick else 5)
        forms = {"shared strings, as Excel saves": by_excel}
        if not quick and (saved := by_libreoffice(by_excel, folder / "libreoffice")):
            forms["saved by LibreOffice"] = saved
        with on_one_core():
            return [_row(form, files, tracker, 1 if quick else 5) for form, files in forms.items()]


def _row(form: str, files: Sequence[Path], tracker: Tracker, repeats: int) -> Row:
    reading: dict[str, Callable[[Path], object]] = {
        "pandas": lambda path: pandas.read_excel(path, sheet_name=None, engine="openpyxl"),
        "openpyxl": _by_openpyxl,
        "calamine": _by_calamine,
    }
    ways: dict[str, Callable[[], float]] = {"ours": lambda: paced(files, tracker)[0]}
    for name, read in reading.items():
        ways[name] = lambda read=read: timed(lambda: [read(path) for path in files]) / len(files)  # type: ignore[misc]
    found = interleaved(ways, repeats)
    before = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    _, start = paced(files, tracker)
    after = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    child = sum(getattr(after[0], part) - getattr(before[0], part) for part in ("ru_utime", "ru_stime"))
    return Row(
        f"harvest a copy ({form})",
        found["ours"],
        {name: found[name] for name in ("pandas", "openpyxl")},
        floor=found["calamine"],
        floor_is="calamine",
        least=10,
        most=2,
        goal=_GOAL,
        detail={
            "files": len(files),
            "first_file_with_start_ms": start * 1000,
            "processor_seconds_of_a_whole_harvest": {"judging": after[1] - before[1], "reading": child},
        },
    )


def _by_openpyxl(path: Path) -> object:
    book = load_workbook(path)
    values = [list(sheet.values) for sheet in book.worksheets]
    book.close()
    return values


def _by_calamine(path: Path) -> object:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
