"""Growth: 10,000 returns, no two alike, against 100: the time for each, and the memory at its highest.

Each harvest runs in a process of its own. The time is that from the first file done to the last, over the
files between. The memory is the most that the process ever held and the most that its reading process ever
did, added up, though the two need not fall together.
"""

from __future__ import annotations

import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Row

__all__ = ["measure"]

_MOST_MEGABYTES = 200
_MOST_TIMES = 1.2


def measure(*, quick: bool) -> list[Row]:
    """What a return costs among many, against among few."""
    from returned import board, filled_in, told_apart  # not loaded where memory is measured

    few, many = (4, 12) if quick else (100, 10_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        master, copies = board(folder)
        models = filled_in(copies[:2] if quick else copies, folder / "models", times=1)
        for count in (few, many):
            told_apart(models, folder / str(count), count)
        # The few go fast, so they are timed before and after the many: noise comes and goes.
        runs = [(count, _harvested(master, folder / str(count))) for count in (few, few, many, few)]
    seconds = {
        count: statistics.median(one["seconds"] for of, one in runs if of == count) for count in (few, many)
    }
    megabytes = {count: max(one["megabytes"] for of, one in runs if of == count) for count in (few, many)}
    return [
        Row(
            f"harvest a return among {many:,}",
            seconds[many],
            floor=seconds[few],
            floor_is=f"among {few}",
            most=_MOST_TIMES,
            goal=f"<= {_MOST_TIMES}x, <= {_MOST_MEGABYTES} MB",
            also_met=megabytes[many] <= _MOST_MEGABYTES,
            detail={"peak_megabytes": {str(count): most for count, most in megabytes.items()}},
        )
    ]


def _harvested(master: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, str(master), str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _harvest(master: Path, folder: Path) -> dict[str, float]:
    """Harvest a folder here, once."""
    from pacing import paced

    from lscb_workbook.tracker.reading import read_tracker

    seconds, _ = paced(sorted(folder.iterdir()), read_tracker(master))
    most = _most_held() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"seconds": seconds, "megabytes": most / 1024}


def _most_held() -> int:
    """The most kilobytes that this process held. (What ``getrusage`` says of it begins with what the process
    held that started it.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(_harvest(Path(sys.argv[1]), Path(sys.argv[2]))))
