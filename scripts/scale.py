"""Measure what docs/scale.md works out: reading many returns alone, by processes, and on a Dask cluster.

    .venv/bin/python scripts/scale.py [--returns 1000] [--repeats 3] [--scheduler tcp://HOST:PORT]

Real copies of the shipped plan are issued and filled in, no two alike. Each way reads the same files, in
turn, so that whatever else the machine does hits all alike; of its runs the quickest is shown. ``seconds``
is from the call to the harvest; ``processor`` what this process and those below it computed; ``memory`` what
they held at most that no other process shares.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path

import psutil

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.returns import harvest
from lscb_workbook.returns.cluster import cluster
from lscb_workbook.returns.crew import crew
from lscb_workbook.tracker.reading import read_tracker

_BOARD = 60
"""Officers of a board."""
_LOOK_EVERY = 0.05
Ways = dict[str, Callable[[], AbstractContextManager[Executor | None]]]


def issued(home: Path) -> tuple[Path, list[Path]]:
    """A master on the shipped plan, and its copies."""
    master = home / "master.xlsx"
    lw.new(None, master)
    issued_on, return_by = date(2016, 9, 1), date(2016, 9, 23)
    lw.issue(master, home / "copies", cycle="2016-17 Q2", issued_on=issued_on, return_by=return_by)
    return master, sorted((home / "copies").iterdir())


def fill_in(copies: list[Path], to: Path, count: int) -> None:
    """So many returns, no two alike: every action rated and commented on."""
    to.mkdir()
    for number in range(count):
        copy = copies[number % len(copies)]
        book = Workbook.open(copy)
        table = book.tables["MyActions"]
        for row in range(table.first_row, table.area.last_row + 1):
            text = f"Return {number}: partners met on row {row} and agreed what each of them does next."
            book.set_cell("MyActions", row, "RAG rating", "Green")
            book.set_cell("MyActions", row, "Commentary", text)
        book.set_core(modified=datetime(2016, 9, 20) + timedelta(seconds=number))
        (to / f"{number:05} {copy.name}").write_bytes(book.to_bytes())


def processor() -> dict[int, float]:
    """Seconds that this process and each below it have computed, and under 0 those that have ended."""
    me = psutil.Process()
    seconds = {0: sum(os.times()[2:4])}
    for one in (me, *me.children(recursive=True)):
        try:
            seconds[one.pid] = sum(one.cpu_times()[:2])
        except psutil.Error:
            continue
    return seconds


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most bytes that this process and those below it held, in a list, once the ``with`` is left."""
    most, over = [0], threading.Event()

    def look() -> None:
        me = psutil.Process()
        while not over.wait(_LOOK_EVERY):
            held = 0
            for one in (me, *me.children(recursive=True)):
                try:
                    held += one.memory_full_info().uss
                except psutil.Error:
                    continue
            most[0] = max(most[0], held)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()


def measure(folder: Path, master: Path, ways: Ways, repeats: int) -> dict[str, tuple[float, float, int]]:
    """For each way: seconds, processor seconds, bytes of memory. Memory is looked at apart, since looking
    takes time."""
    tracker = read_tracker(master)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    memory: dict[str, int] = {}
    for repeat in range(repeats + 1):
        for name, way in ways.items():
            with watched() if repeat == repeats else nullcontext([0]) as most:
                start = time.perf_counter()
                with way() as executor:
                    before = processor()
                    found = harvest([folder], tracker, executor=executor)
                    seconds = time.perf_counter() - start
                    used = sum(spent - before.get(pid, 0) for pid, spent in processor().items())
            assert not found.quarantined
            if repeat == repeats:
                memory[name] = most[0]
            else:
                taken[name].append((seconds, used))
    return {name: (*min(runs), memory[name]) for name, runs in taken.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--returns", type=int, default=1_000, help="how many (default: %(default)s)")
    options.add_argument("--repeats", type=int, default=3, help="how often each (default: %(default)s)")
    options.add_argument("--scheduler", help="a Dask scheduler to be measured too", metavar="tcp://HOST:PORT")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        master, copies = issued(home)
        fill_in(copies, home / "returns", asked.returns)
        fill_in(copies, home / "board", _BOARD)
        ways: Ways = {
            "alone": nullcontext,
            "1 process": lambda: crew(1),
            "2 processes": lambda: crew(2),
        }
        if asked.scheduler:
            ways["cluster"] = lambda: cluster(asked.scheduler)
        size = statistics.mean(path.stat().st_size for path in (home / "returns").iterdir())
        print(f"{asked.returns} returns of {size / 1000:.0f} kB on {psutil.cpu_count()} cores")
        print(f"{'':20}{'seconds':>10}{'a second':>10}{'processor':>11}{'memory':>10}")
        for name, (seconds, used, held) in measure(home / "returns", master, ways, asked.repeats).items():
            a_second = asked.returns / seconds
            print(f"{name:20}{seconds:>8.2f} s{a_second:>10.0f}{used:>9.2f} s{held / 1e6:>7.0f} MB")
        start = time.perf_counter()
        lw.merge(master, [home / "board"], as_at=date(2016, 10, 1))
        print(f"one board's merge of {_BOARD} returns, saved: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
