"""Whatever moment a run is killed at, and whichever call the disk refuses: the master is the old one or the
new one, whole, and the next run succeeds. Real processes and real system calls, struck by strace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from struck import Blow, Call, Ran, Server, calls, strace
from tracking import entry

import lscb_workbook as lw
from lscb_workbook.plan.records import Field
from lscb_workbook.tracker.backups import backups_of
from lscb_workbook.tracker.reading import read_tracker

KILLED, FULL, FAULTY = "signal=KILL", "error=ENOSPC", "error=EIO"


class Stage:
    """Where a step is struck over and over: each time in a new copy of a folder as it was before."""

    def __init__(self, step: str, server: Server, before: Path, work: Path) -> None:
        self.step, self._server, self._before, self._work = step, server, before, work
        self.folder = work / "struck"
        self.old = (before / "master.xlsx").read_bytes()
        whole = self.again()
        assert whole.code == 0, whole.said
        self.calls: list[Call] = calls(whole.trace, self.folder)
        self.new = self.master.read_bytes()
        self.files = self.listed()

    @property
    def master(self) -> Path:
        return self.folder / "master.xlsx"

    def again(self) -> Ran:
        """The step, in a folder as it was before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._before, self.folder)
        return self._server.run(self.step, self.folder, trace=True)

    def strike(self, call: Call, fault: str) -> Ran:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._before, self.folder)
        ran = self._server.run(self.step, self.folder, Blow(call.name, call.number, fault))
        assert self._was_struck(ran, call, fault), (call.shown, ran.trace[-400:])
        return ran

    def next_run(self) -> Ran:
        return self._server.run(self.step, self.folder)

    def listed(self) -> list[str]:
        """Every file and folder, but for what tells backups of one second apart."""
        names = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))
        return sorted(re.sub(r" \(\d+\)", "", name) for name in names)

    def _was_struck(self, ran: Ran, call: Call, fault: str) -> bool:
        """Whether it was this very call: strace shows it last, or shows that it was refused."""
        lines = ran.trace.splitlines()
        if fault == KILLED:
            return ran.code == -9 and lines[-1] == "+++ killed by SIGKILL +++" and _alike(lines[-2], call)
        return any("(INJECTED)" in line and _alike(line, call) for line in lines)


def _alike(line: str, call: Call) -> bool:
    """Whether a line shows this call, whatever the waiting file's random name is."""

    def plain(text: str) -> str:
        return re.sub(r"-[0-9a-f]{12}\.|<[^>]*>|\d+", "", text)[:90]

    return plain(line).startswith(plain(call.shown).split(" = ")[0][:60])


@pytest.fixture
def first(filled: Path, tmp_path: Path, struck: Server) -> Stage:
    """A merge into a master that has no backup yet."""
    before = Path(shutil.copytree(filled, tmp_path / "before"))
    shutil.rmtree(before / "backups")
    return Stage("merge", struck, before, tmp_path)


def whole_and_one_of(stage: Stage) -> None:
    """The master is the old one or the new one to the byte, opens, and every backup is the old one."""
    assert stage.master.read_bytes() in (stage.old, stage.new)
    read_tracker(stage.master)
    assert {one.path.read_bytes() for one in backups_of(stage.master)} <= {stage.old}


def test_a_merge_killed_at_any_call_that_writes_leaves_the_old_or_the_new_and_is_done_the_next_time(
    first: Stage,
) -> None:
    names = [call.name for call in first.calls]
    assert {"openat", "write", "fsync", "rename", "mkdir"} <= set(names)
    assert names.count("rename") == 2
    for call in first.calls:
        first.strike(call, KILLED)
        whole_and_one_of(first)
        replaced = first.master.read_bytes() == first.new
        after = first.next_run()
        assert (after.code, after.said) == (0, ""), call.shown
        assert first.master.read_bytes() == first.new, call.shown
        assert first.listed() == first.files, call.shown
        assert [one.path.read_bytes() for one in backups_of(first.master)] == [first.old], (
            call.shown,
            replaced,
        )
    assert entry(first.master, "6.1", Field.COMMENTARY) == "Nine audits of ten are done."


def test_each_file_is_on_the_disk_before_it_takes_its_name_and_its_name_before_anything_follows(
    first: Stage,
) -> None:
    saving = [call for call in first.calls if call.name in ("write", "fsync", "rename", "unlink")]
    made = [(call.name, "backups" in call.shown, ".saving-" in call.shown) for call in saving]
    folder_of_backups = ("fsync", False, False)  # That it is there at all.
    backup = [("write", True, True), ("fsync", True, True), ("rename", True, True), ("fsync", True, False)]
    master = [
        ("write", False, True),
        ("fsync", False, True),
        ("rename", False, True),
        ("fsync", False, False),
    ]
    assert made == [folder_of_backups, *backup, *master, ("unlink", False, False)]


@pytest.mark.parametrize("fault", [FULL, FAULTY])
def test_a_merge_that_the_disk_refuses_says_so_in_a_sentence_and_is_done_the_next_time(
    first: Stage, fault: str
) -> None:
    for call in first.calls:
        ran = first.strike(call, fault)
        whole_and_one_of(first)
        new = first.master.read_bytes() == first.new
        if ran.code == 0:  # Only tidying up was refused, or what is refused anyway, a folder that is there,
            assert new, call.shown  # or the nameless file by which filelock tries whether locks are kept.
            assert call.name == "unlink" or any(one in call.shown for one in (" = -1 EEXIST", "O_TMPFILE")), (
                call.shown
            )
        else:
            assert ran.code == 2, (call.shown, ran.said)
            assert_plain(ran.said, changed=new)
            assert len(backups_of(first.master)) == new, call.shown
        after = first.next_run()
        assert (after.code, after.said) == (0, ""), call.shown
        assert first.master.read_bytes() == first.new, call.shown
        assert first.listed() == first.files, call.shown


def assert_plain(said: str, *, changed: bool) -> None:
    """One line that says what is wrong, and whether anything was changed."""
    assert re.search("full|fault", said), said
    assert "\n" not in said
    assert ("Nothing was changed" in said) is not changed, said
    assert "Errno" not in said


def test_a_disk_that_only_says_it_wrote_is_found_out_before_the_master_is_replaced(first: Stage) -> None:
    writes = [call for call in first.calls if call.name == "write"]
    assert len(writes) == 2
    for call in writes:
        size = int(call.shown.rpartition(" = ")[2])
        ran = first.strike(call, f"retval={size}")
        assert ran.code == 2
        assert "does not read back the same" in ran.said
        assert first.master.read_bytes() == first.old
        assert backups_of(first.master) == []


@pytest.mark.parametrize("fault", [KILLED, FULL, FAULTY])
def test_an_old_backup_that_is_not_got_rid_of_goes_the_next_time(
    filled: Path, tmp_path: Path, struck: Server, fault: str
) -> None:
    stage = Stage("merge", struck, filled, tmp_path)
    (call,) = (call for call in stage.calls if call.name == "unlink" and "/backups/" in call.shown)
    ran = stage.strike(call, fault)
    assert ran.code == (-9 if fault == KILLED else 0)
    assert stage.master.read_bytes() == stage.new
    assert len(backups_of(stage.master)) == 2
    lw.review(stage.master, as_at=read_tracker(stage.master).as_at, keep=1)
    lw.undo(stage.master)
    assert lw.merge(stage.master, [], as_at=read_tracker(stage.master).as_at, keep=1).backup
    assert [one.undone for one in backups_of(stage.master)] == [True, False]


@pytest.mark.parametrize("fault", [KILLED, FULL, FAULTY])
def test_an_issue_that_is_struck_is_done_the_next_time_and_no_copy_is_lost_or_left_over(
    filled: Path, tmp_path: Path, struck: Server, fault: str
) -> None:
    stage = Stage("issue", struck, filled, tmp_path)
    copies = {path.name: path.read_bytes() for path in (stage.folder / "next").iterdir()}
    assert len(copies) == 2
    for call in stage.calls:
        ran = stage.strike(call, fault)
        assert stage.master.read_bytes() in (stage.old, stage.new)
        recorded = stage.master.read_bytes() == stage.new
        there = {path.name for path in stage.folder.glob("next/*")}
        if recorded:
            assert there == set(copies), call.shown
        elif fault != KILLED:
            assert_plain(ran.said, changed=False)
            refused_to_go = call.name == "unlink"
            assert not there or refused_to_go, call.shown
        after = stage.next_run()
        if recorded:
            assert "was issued already" in after.said, call.shown
        else:
            assert (after.code, after.said) == (0, ""), call.shown
        assert stage.master.read_bytes() == stage.new, call.shown
        assert {path.name: path.read_bytes() for path in stage.folder.glob("next/*")} == copies, call.shown


def test_an_undo_killed_at_any_call_that_writes_loses_neither_state(
    filled: Path, tmp_path: Path, struck: Server
) -> None:
    stage = Stage("undo", struck, filled, tmp_path)
    for call in stage.calls:
        stage.strike(call, KILLED)
        assert stage.master.read_bytes() in (stage.old, stage.new), call.shown
        undone = stage.master.read_bytes() == stage.new
        after = stage.next_run()
        assert after.code == (2 if undone else 0), (call.shown, after.said)
        assert stage.master.read_bytes() == stage.new, call.shown
        kept = [one.path for one in backups_of(stage.master) if one.path.read_bytes() == stage.old]
        assert len(kept) == 1, call.shown
        assert not list(stage.folder.rglob(".*")), call.shown


# --- the command itself ----------------------------------------------------------------------


def command(folder: Path, *blow: str) -> subprocess.CompletedProcess[str]:
    """``lscb-workbook merge`` as it is run, under strace."""
    merge = [
        sys.executable,
        "-m",
        "lscb_workbook",
        "merge",
        str(folder / "master.xlsx"),
        str(folder / "returns"),
    ]
    traced = [strace(), "-qq", "-o", str(folder.parent / "trace"), *blow] if blow else []
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(
        [*traced, *merge, "--as-at", "2016-10-01"],
        capture_output=True, text=True, env=environment, timeout=300, check=False,
    )  # fmt: skip


def injected(name: str, fault: str, number: int) -> Iterator[str]:
    yield from ("-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={number}")


@pytest.mark.parametrize("number", [1, 2])
def test_the_command_killed_at_either_rename_leaves_the_old_master_and_is_done_the_next_time(
    quarter: Path, number: int
) -> None:
    master = quarter / "master.xlsx"
    old = master.read_bytes()
    assert command(quarter, *injected("rename", KILLED, number)).returncode == -9
    assert master.read_bytes() == old
    after = command(quarter)
    assert after.returncode == 0, after.stderr
    assert entry(master, "6.1", Field.RATING) == "Amber"
    assert not list(quarter.rglob(".*"))


def test_the_command_on_a_full_disk_exits_with_2_and_one_sentence(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    old = master.read_bytes()
    ran = command(quarter, *injected("fsync", FULL, 3))
    assert ran.returncode == 2
    assert ran.stderr.startswith("Could not do it.")
    assert ran.stderr.count("\n") == 1
    assert "the disk is full" in ran.stderr
    assert master.read_bytes() == old
    assert not list(quarter.rglob(".*"))
