"""A harvest, and how fast it goes once it is under way. Nothing else is loaded here, to measure memory by."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from lscb_workbook.returns.harvest import harvest
from lscb_workbook.tracker.state import Tracker

__all__ = ["paced"]


def paced(files: Sequence[Path], tracker: Tracker) -> tuple[float, float]:
    """Seconds for each file after the first, and until the first was done."""
    moments: list[float] = []
    begin = time.perf_counter()
    found = harvest(files, tracker, lambda _done, _total: moments.append(time.perf_counter()))
    if len(found.returns) != len(files):
        raise RuntimeError(f"{len(found.returns)} returns of {len(files)} files")
    return (moments[-1] - moments[0]) / max(len(files) - 1, 1), moments[0] - begin
