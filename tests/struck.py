"""A step that something strikes at one of its system calls: strace kills it there, or has the call fail.

Run as a program it is a server: it reads a return once, then for each line on standard input forks and does
a step in the fork, so that none of the many runs pays for starting.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from conformance import missing

__all__ = ["Blow", "Ran", "Server", "calls", "server", "strace"]

WRITING = (
    *("write", "pwrite64", "writev", "fsync", "fdatasync", "truncate", "ftruncate", "fallocate", "sendfile"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "link", "linkat"),
    *("symlink", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "setxattr", "fsetxattr"),
    "copy_file_range",
)
"""System calls that write to a file or a folder; of ``openat`` those that may make or write one."""

_TO_WRITE = re.compile(r"O_CREAT|O_WRONLY|O_RDWR")
_ANY_TRACER = (
    0x59616D61  # prctl(PR_SET_PTRACER): where only parents may trace, let strace do it all the same.
)


class Blow(NamedTuple):
    """Where a run is struck: the ``number``-th call of ``name``, and with what (``signal=KILL``)."""

    name: str
    number: int
    fault: str


class Call(NamedTuple):
    """A call that writes in a folder: its name, its number among those of that name, how strace shows it."""

    name: str
    number: int
    shown: str


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended: its exit code (-9 where it was killed), what it said, and what strace saw."""

    code: int
    said: str
    trace: str


def strace() -> str:
    """The program; without it, or where it may not trace, the test is skipped, or in CI fails."""
    program = shutil.which("strace")
    if program is None:
        missing("strace")
    assert program
    tried = subprocess.run(
        [program, "-qq", "-o", os.devnull, "-e", "trace=none", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        missing(f"a strace that may trace processes here ({tried.stderr.strip()})")
    return program


def calls(trace: str, folder: Path) -> list[Call]:
    """The calls of a run that write in a folder."""
    seen: dict[str, int] = {}
    found = []
    for line in trace.splitlines():
        name = line.partition("(")[0]
        if name in (*WRITING, "openat"):
            seen[name] = seen.get(name, 0) + 1
            if str(folder) in line and (name != "openat" or _TO_WRITE.search(line)):
                found.append(Call(name, seen[name], line))
    return found


class Server:
    """The other end: does a step in a folder, struck or not."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self, step: str, folder: Path, blow: Blow | None = None, *, trace: bool = False, humbly: bool = False
    ) -> Ran:
        """``humbly``: not as root, who may write everywhere."""
        task = {
            "step": step,
            "folder": str(folder),
            "blow": blow,
            "trace": trace or bool(blow),
            "humbly": humbly,
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server of struck runs has ended"
        return Ran(**json.loads(answer))


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A server whose merges merge the returns in this folder."""
    command = [sys.executable, __file__, str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield Server(process)
        finally:
            assert process.stdin
            process.stdin.close()


# --- the server ------------------------------------------------------------------------------


def _serve(folder: Path) -> None:
    steps = _steps(folder)
    _warmed(steps, folder)
    for line in sys.stdin:
        task = json.loads(line)
        blow = Blow(*task["blow"]) if task["blow"] else None
        place = Path(task["folder"])
        ran = _forked(
            lambda step=task["step"], place=place: steps[step](place), blow, task["trace"], task["humbly"]
        )  # type: ignore[misc]
        print(json.dumps({"code": ran.code, "said": ran.said, "trace": ran.trace}), flush=True)


def _warmed(steps: Mapping[str, Callable[[Path], object]], folder: Path) -> None:
    """Each step once, as far as it can be done, so that no fork has to load what every run needs."""
    from lscb_workbook.plan.errors import WorkbookError

    with tempfile.TemporaryDirectory() as made:
        place = Path(shutil.copytree(folder, Path(made) / "warm"))
        for name in ("merge", "history", "undo", "issue"):
            with suppress(WorkbookError):
                steps[name](place)


def _steps(folder: Path) -> dict[str, Callable[[Path], object]]:
    """The steps to strike, each with everything it needs loaded."""
    import filelock
    from tracking import AS_AT, CYCLE, INTEGRATED_CARE, NOW, NURSING

    from lscb_workbook.steps import harvesting
    from lscb_workbook.steps.issuing import issue
    from lscb_workbook.steps.merging import merge
    from lscb_workbook.steps.restoring import undo
    from lscb_workbook.steps.reviewing import history
    from lscb_workbook.tracker.reading import read_tracker

    assert filelock.UnixFileLock
    returns = folder / "returns"
    found = harvesting.harvest([returns], read_tracker(folder / "master.xlsx"))
    harvesting.harvest = lambda *_, **__: found  # type: ignore[assignment]
    back, two = date(2016, 12, 20), [INTEGRATED_CARE, NURSING]
    return {
        "merge": lambda place: merge(place / "master.xlsx", [returns], as_at=AS_AT, keep=1, now=NOW),
        "history": lambda place: history(place / "master.xlsx"),
        "undo": lambda place: undo(place / "master.xlsx", now=datetime(2016, 11, 1)),
        "issue": lambda place: issue(
            place / "master.xlsx", place / "next", cycle=f"{CYCLE} again", issued_on=date(2016, 12, 1),
            return_by=back, only=two, keep=1, now=NOW,
        ),
    }  # fmt: skip


def _forked(step: Callable[[], object], blow: Blow | None, trace: bool, humbly: bool) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        said, seen = Path(folder) / "said", Path(folder) / "trace"
        with said.open("w") as out:
            child = os.fork()
            if child == 0:
                _do(step, out.fileno(), wait=trace, humbly=humbly)
            tracer = _traced(child, seen, blow) if trace else None
            _, status = os.waitpid(child, 0)
            if tracer:
                tracer.communicate(timeout=60)
        code = os.waitstatus_to_exitcode(status)
        return Ran(code, said.read_text(), seen.read_text() if tracer else "")


def _do(step: Callable[[], object], out: int, *, wait: bool, humbly: bool) -> None:
    """In the fork: the step, and never back."""
    from lscb_workbook.plan.errors import WorkbookError

    code = 70
    try:
        if wait:
            ctypes.CDLL(None).prctl(_ANY_TRACER, ctypes.c_ulong(-1), 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
        if humbly and os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            step()
            code = 0
        except WorkbookError as error:
            os.write(out, str(error).encode())
            code = 2
        except BaseException as error:
            os.write(out, f"Not in plain words: {error!r}".encode())
    finally:
        os._exit(code)


def _traced(child: int, seen: Path, blow: Blow | None) -> subprocess.Popen[str]:
    """strace on a process that has stopped itself; it then goes on."""
    os.waitpid(child, os.WUNTRACED)
    command = ["strace", "-y", "-s", "200", "-o", str(seen), "-p", str(child)]
    command += ["-e", f"trace={','.join((*WRITING, 'openat'))}"]
    if blow:
        command += ["-e", f"inject={blow.name}:{blow.fault}:when={blow.number}"]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    said = tracer.stderr.readline()
    if "attached" not in said:
        os.kill(child, signal.SIGKILL)
        raise SystemExit(f"strace may not trace: {said}")
    os.kill(child, signal.SIGCONT)
    return tracer


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
