"""Two runs on one master at once: one waits, or stops, and nothing of either is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from tracking import AS_AT, CHAIR, CYCLE, HEAD_OF_RESEARCH, NOW, copy_of, entry, fill_in, issued_tracker

import lscb_workbook as lw
from lscb_workbook.plan.records import Field
from lscb_workbook.steps import papers
from lscb_workbook.tracker import locking
from lscb_workbook.tracker.backups import backups_of
from lscb_workbook.tracker.locking import alone, lock_path


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A master, and beside it two officers' returns in folders of their own."""
    made, copies = issued_tracker(tmp_path)
    for title, ref in ((CHAIR, "6.1"), (HEAD_OF_RESEARCH, "6.3")):
        answers = {(ref, "RAG rating"): "Amber", (ref, "Commentary"): f"{title} says so."}
        fill_in(copy_of(copies, title), tmp_path / title / "return.xlsx", answers)
    return made


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    """A process of its own, as when two people start the tool on a shared folder."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_two_merges_at_the_same_time_are_both_in_the_master_at_the_end(master: Path) -> None:
    with ExitStack() as stack:
        with alone(master):
            runs = [
                stack.enter_context(
                    started(
                        "-m", "lscb_workbook", "merge", master, master.parent / title, "--as-at", "2016-10-01"
                    )
                )
                for title in (CHAIR, HEAD_OF_RESEARCH)
            ]
            # Each has started, says that it waits, and goes for the master as soon as it may.
            for run in runs:
                assert run.stderr
                assert "Another run of lscb-workbook is working on" in run.stderr.readline()
        for run in runs:
            said, failed = run.communicate(timeout=120)
            assert run.returncode == 0, failed
            assert "Wrote" in said
    for title, ref in ((CHAIR, "6.1"), (HEAD_OF_RESEARCH, "6.3")):
        assert entry(master, ref, Field.COMMENTARY) == f"{title} says so."
    assert len(lw.history(master, "6.1").changes) == len(lw.history(master, "6.3").changes) == 3
    assert len(backups_of(master)) == 3
    assert not lock_path(master).exists()


def test_a_run_that_waits_says_so_and_then_does_its_work(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "SOON", 0.01)
    told: list[str] = []
    free = threading.Event()

    def tell(text: str) -> None:
        told.append(text)
        free.set()

    def hold() -> None:
        with alone(master):
            held.set()
            free.wait(60)

    held = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    held.wait(60)
    lw.review(master, as_at=AS_AT, now=NOW, tell=tell)
    other.join()
    assert len(told) == 1
    assert "waiting for it to finish" in told[0]
    assert len(backups_of(master)) == 2


@pytest.mark.parametrize("step", ["merge", "issue", "review", "board", "undo"])
def test_a_run_that_has_waited_long_enough_stops_and_changes_nothing(
    master: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(locking, "SOON", 0.01)
    monkeypatch.setattr(locking, "PATIENCE", 0.02)
    monkeypatch.setattr(papers, "print_tabs", lambda *_: None)
    before = master.read_bytes()
    steps = {
        "merge": lambda: lw.merge(master, [master.parent / CHAIR], as_at=AS_AT),
        "issue": lambda: lw.issue(
            master, master.parent / "next", cycle=f"{CYCLE} b", issued_on=AS_AT, return_by=AS_AT
        ),
        "review": lambda: lw.review(master, as_at=AS_AT),
        "board": lambda: lw.board(master, master.parent / "paper.pdf", as_at=AS_AT),
        "undo": lambda: lw.undo(master),
    }
    with alone(master), pytest.raises(lw.WorkbookError, match=r"still working on .*Nothing was changed\."):
        steps[step]()
    assert master.read_bytes() == before
    assert not (master.parent / "next").exists()
    steps[step]()


def test_commands_that_only_read_neither_wait_nor_leave_a_lock(master: Path) -> None:
    before = {path.name for path in master.parent.iterdir()}
    with alone(master):
        lw.history(master)
        lw.chase(master, as_at=AS_AT)
        lw.backups(master)
        lw.status(master, [master.parent / CHAIR])
        assert lw.merge(master, [master.parent / CHAIR], as_at=AS_AT, dry_run=True).changes
    assert {path.name for path in master.parent.iterdir()} == before


def test_the_lock_of_a_run_that_was_killed_is_free(master: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from lscb_workbook.tracker.locking import alone\n"
        "with alone(Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", code, str(master)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == "held\n"
        assert lock_path(master).exists()
        run.kill()
    told: list[str] = []
    lw.review(master, as_at=AS_AT, now=NOW, tell=told.append)
    assert told == []
    assert not lock_path(master).exists()


def test_masters_in_one_folder_do_not_wait_for_each_other(master: Path) -> None:
    other = master.with_name("other.xlsx")
    lw.new(None, other)
    told: list[str] = []
    with alone(master):
        lw.review(other, as_at=AS_AT, now=NOW, tell=told.append)
    assert told == []


def test_a_lock_is_left_to_whoever_comes_next_when_a_step_fails(master: Path) -> None:
    with pytest.raises(RuntimeError), alone(master):
        raise RuntimeError
    with alone(master):
        assert lock_path(master).exists()
    assert not lock_path(master).exists()
