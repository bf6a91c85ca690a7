"""How the benchmarks measure: ways of doing one work, run in turn, so that noise hits all of them alike."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = ["Row", "interleaved", "on_one_core", "report", "table", "timed"]

_VERSIONS = ("lscb-workbook", "openpyxl", "pandas", "python-calamine", "deflate", "typer")


@dataclass(frozen=True)
class Row:
    """What one work costs, in seconds: ours, by rivals, and at the floor, below which no way can go.

    ``least`` is how many times as fast as each rival it is to be, ``most`` how many times the floor it may
    cost; ``detail`` holds whatever else was measured. ``also_met`` is false where another goal was missed.
    """

    work: str
    ours: float
    rivals: Mapping[str, float] = field(default_factory=dict)
    floor: float | None = None
    floor_is: str = ""
    least: float | None = None
    most: float | None = None
    goal: str = ""
    also_met: bool = True
    detail: Mapping[str, object] = field(default_factory=dict)

    @property
    def times_faster(self) -> dict[str, float]:
        return {name: seconds / self.ours for name, seconds in self.rivals.items()}

    @property
    def times_floor(self) -> float | None:
        return self.ours / self.floor if self.floor else None

    @property
    def met(self) -> bool:
        fast = self.least is None or all(times >= self.least for times in self.times_faster.values())
        near = self.most is None or (self.times_floor or 0) <= self.most
        return fast and near and self.also_met


def timed(way: Callable[[], object]) -> float:
    """Seconds that a way takes, once."""
    begin = time.perf_counter()
    way()
    return time.perf_counter() - begin


def interleaved(ways: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, float]:
    """The median of what each way measures, in seconds; each is run once before, then all in turn."""
    for way in ways.values():
        way()
    gc.collect()
    gc.freeze()  # what the rivals' libraries keep in memory must not slow whoever makes objects beside them
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            found[name].append(way())
    return {name: statistics.median(seconds) for name, seconds in found.items()}


@contextmanager
def on_one_core() -> Iterator[None]:
    """Everything inside, and each process started there, keeps to one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


# --- showing ---------------------------------------------------------------------------------


def table(rows: Sequence[Row]) -> str:
    """The rows as text, a line each under a heading."""
    lines = [("work", "ours", "rivals", "floor", "goal", "met")]
    for row in rows:
        rivals = ", ".join(
            f"{name} {_shown(seconds)} ({row.times_faster[name]:.1f}x)"
            for name, seconds in row.rivals.items()
        )
        floor = (
            f"{row.floor_is} {_shown(row.floor)} ({row.times_floor:.2f}x)"
            if row.floor and row.times_floor
            else ""
        )
        lines.append((row.work, _shown(row.ours), rivals, floor, row.goal, "yes" if row.met else "NO"))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def report(rows: Sequence[Row], command: Sequence[str]) -> dict[str, object]:
    """The rows with the day and what they were measured on, for JSON."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(command),
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in _VERSIONS},
        "rows": [_as_json(row) for row in rows],
    }


def _as_json(row: Row) -> dict[str, object]:
    rivals = {
        name: {"ms": seconds * 1000, "times_as_fast": row.times_faster[name]}
        for name, seconds in row.rivals.items()
    }
    floor = (
        {"name": row.floor_is, "ms": row.floor * 1000, "times_the_floor": row.times_floor}
        if row.floor
        else None
    )
    return {
        "work": row.work,
        "ours_ms": row.ours * 1000,
        "rivals": rivals,
        "floor": floor,
        "goal": row.goal,
        "met": row.met,
        "detail": dict(row.detail),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
