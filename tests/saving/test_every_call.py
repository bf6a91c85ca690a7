"""The same as with strace, on every system: the k-th call that writes fails, or the run ends there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from tracking import AS_AT, NOW

import lscb_workbook as lw
from lscb_workbook.steps import harvesting
from lscb_workbook.tracker.backups import backups_of
from lscb_workbook.tracker.reading import read_tracker

CALLS = ("open", "fsync", "replace", "rename", "unlink", "mkdir", "chmod")
"""Of ``os``: what writes. What is written to a file that ``os.fdopen`` opens counts as well."""


class Killed(BaseException):
    """The run ends here. Nothing that tidies up gets to do it."""


class Disk:
    """Counts the calls that write, and has one of them fail, or it and all that follow."""

    def __init__(self, strike: int, fault: Callable[[], BaseException], *, for_good: bool) -> None:
        self.count, self._strike, self._fault, self._for_good = 0, strike, fault, for_good

    @property
    def struck(self) -> bool:
        return self.count >= self._strike

    def call(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **kwargs: Any) -> Any:
            if name != "open" or args[1] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
                self.tick()
            return real(*args, **kwargs)

        return done

    def tick(self) -> None:
        self.count += 1
        if self.count == self._strike or (self.struck and self._for_good):
            raise self._fault()


class Slow:
    """A file whose every write is a call of its own."""

    def __init__(self, file: IO[bytes], disk: Disk) -> None:
        self._file, self._disk = file, disk

    def __enter__(self) -> Slow:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: bytes) -> None:
        self._file.write(data[: len(data) // 2])
        self._file.flush()
        self._disk.tick()
        self._file.write(data[len(data) // 2 :])


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def faulty() -> OSError:
    return OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize(
    ("fault", "for_good"), [(Killed, True), (KeyboardInterrupt, False), (full, True), (faulty, False)]
)
def test_whichever_call_that_writes_fails_the_master_is_whole_and_the_next_merge_succeeds(
    filled: Path, tmp_path: Path, fault: Callable[[], BaseException], for_good: bool
) -> None:
    returns = filled / "returns"
    found = harvesting.harvest([returns], read_tracker(filled / "master.xlsx"))
    old = (filled / "master.xlsx").read_bytes()

    def merge_in(folder: Path) -> None:
        lw.merge(folder / "master.xlsx", [returns], as_at=AS_AT, keep=1, now=NOW)

    with pytest.MonkeyPatch.context() as always:
        always.setattr(harvesting, "harvest", lambda *_, **__: found)
        whole = Path(shutil.copytree(filled, tmp_path / "whole"))
        merge_in(whole)
        new = (whole / "master.xlsx").read_bytes()
        for number in range(1, 100):
            folder = Path(shutil.copytree(filled, tmp_path / f"{number}"))
            master = folder / "master.xlsx"
            disk = Disk(number, fault, for_good=for_good)
            said = ""
            with pytest.MonkeyPatch.context() as patch:
                struck_by(disk, patch)
                try:
                    merge_in(folder)
                except lw.WorkbookError as error:
                    said = str(error)
                except (Killed, KeyboardInterrupt):
                    said = "stopped"
            if not disk.struck:
                break
            there = master.read_bytes()
            assert there in (old, new)
            assert there == new or said
            if not for_good and there == old:
                assert not list(folder.rglob(".saving-*"))
                assert len(backups_of(master)) == 1
            merge_in(folder)
            assert master.read_bytes() == new
            assert old in [one.path.read_bytes() for one in backups_of(master)]
            assert not list(folder.rglob(".*"))
            shutil.rmtree(folder)
        assert number > 12
        assert master.read_bytes() == new


def struck_by(disk: Disk, patch: pytest.MonkeyPatch) -> None:
    for name in CALLS:
        patch.setattr(os, name, disk.call(name, getattr(os, name)))
    real = os.fdopen
    patch.setattr(os, "fdopen", lambda *args, **kwargs: Slow(real(*args, **kwargs), disk))
