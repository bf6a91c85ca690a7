"""The processes of one's own computer that read returns: how many, and that none is left behind."""

from __future__ import annotations

import importlib
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from parallel.crowds import Crowd, Unsteady
from tracking import issued_tracker

import lscb_workbook as lw
from lscb_workbook.returns import crew as crews
from lscb_workbook.returns import harvest
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.working import Held, Order, packed

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60
"""Seconds after which a process that should have ended never will."""


# --- how many --------------------------------------------------------------------------------


def test_a_few_files_are_read_without_help() -> None:
    assert crews.worthwhile(8, 10) == 0
    assert crews.worthwhile(8, 0) == 0


def test_many_files_are_read_by_as_many_as_asked_for_and_no_more() -> None:
    assert crews.worthwhile(4, 100_000) == 4
    assert crews.worthwhile(1, 100_000) == 0
    assert 0 < crews.worthwhile(1_000, 1_000) < 100


def test_there_are_at_most_as_many_as_cores_where_nobody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "_cores", lambda: 3)
    assert crews.worthwhile(None, 100_000) == 3


def test_jobs_start_a_crew_where_there_are_files_enough(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(crews, "_FILES_WORTH_ONE", 10)
    module = importlib.import_module("lscb_workbook.returns.harvest")
    monkeypatch.setattr(module, "crew", lambda count: started.append(count) or crews.crew(count))
    assert crowd.harvest(jobs=2) == crowd.serial
    assert started == [2]
    harvest([crowd.folder / "03 chair.xlsx"], crowd.tracker, jobs=2)
    assert started == [2]


# --- none is left behind ---------------------------------------------------------------------

_BUSY = f"""
import pickle, sys, time
sys.path.insert(0, {str(_ROOT)!r})
from concurrent.futures import wait
from pathlib import Path
from lscb_workbook.returns.crew import crew
from lscb_workbook.returns.working import work

if __name__ == "__main__":
    order, item = pickle.loads(Path(sys.argv[1]).read_bytes())
    with crew(2) as executor:
        wait([executor.submit(work, order, (item,)) for _ in range(50)])
        slow = [executor.submit(time.sleep, {10 * _PATIENCE}) for _ in range(4)]
        print("busy", flush=True)
        wait(slow)
"""


@pytest.fixture
def busy(crowd: Crowd, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process whose crew has read files and has work for a long time."""
    script, asked = tmp_path / "busy.py", tmp_path / "asked"
    script.write_text(_BUSY)
    order = Order(packed(crowd.tracker), Limits(), ())
    asked.write_bytes(pickle.dumps((order, Held("a.csv", b"a,b", datetime(2016, 9, 20)))))
    process = subprocess.Popen(
        [sys.executable, str(script), str(asked)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_crew_ends_with_the_process_that_started_it(
    busy: subprocess.Popen[str], how: signal.Signals
) -> None:
    assert busy.stdout is not None
    assert busy.stdout.readline() == "busy\n"
    crew = psutil.Process(busy.pid).children(recursive=True)
    assert [one for one in crew if "lscb_workbook.returns.files.reading" in one.cmdline()]
    busy.send_signal(how)
    assert busy.wait(_PATIENCE) != 0
    _, alive = psutil.wait_procs(crew, _PATIENCE)
    assert not alive


# --- whoever asks ------------------------------------------------------------------------------


def test_the_steps_take_an_executor_or_jobs(tmp_path: Path) -> None:
    master, copies = issued_tracker(tmp_path)
    executor = Unsteady()
    alone = lw.status(master, [copies])
    assert lw.status(master, [copies], executor=executor) == alone
    merged = lw.merge(master, [copies], dry_run=True, jobs=None)
    assert merged.harvest == alone.harvest
    assert executor.tasks
