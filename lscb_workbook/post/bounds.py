"""A board's own templates at work in a process of their own, within bounds of time, memory and size.

A template may loop without end, or grow a text until nothing else has room; neither must hold up the tracker.
That process looks at itself, since it alone knows the line; a watch from outside ends it where it cannot.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import IO, NamedTuple

import psutil

from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.watching import Watch

__all__ = ["LONGEST", "Bounded", "Broken", "Stuck", "main"]

SECONDS = 10.0
"""The most that one letter may take."""
MEMORY = 600_000_000
"""The most bytes that the process may take; it needs a tenth of it."""
LONGEST = 5_000_000
"""The most characters that a letter may have."""

_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[2])
_LOOK_EVERY = 0.05


class Stuck(NamedTuple):
    """Where a template goes beyond the bounds, and how. ``line`` is 0 where it is not known."""

    where: str
    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A sentence that says what is wrong with a template."""

    said: str


_Made = tuple[str, str, str]
"""Subject, plain text and HTML of a letter."""


class Bounded:
    """The process for a folder of templates, started for the first letter; it ends with this object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None

    def render(self, kind: str, facts: Mapping[str, object]) -> _Made | Stuck | Broken:
        """What comes of a letter of this kind. Raises OSError where no process can be started."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        assert self._watch is not None
        # From outside a little later, so that where it can it says itself in which line it is.
        self._watch.begin(replace(Limits(), seconds=SECONDS + 2, memory_bytes=MEMORY + MEMORY // 4))
        answer: _Made | Stuck | Broken
        try:
            pickle.dump((kind, dict(facts), SECONDS), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            answer = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            answer = Stuck("", 0, self._watch.end() or "it stops the program that makes letters")
        self._watch.end()
        if isinstance(answer, Stuck):
            self._process = None
            _end(process, self._watch)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        # It sees this package, and no file of the working folder is a module.
        further = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        path = os.pathsep.join([_PACKAGE_FOLDER, *(one for one in further if Path(one).is_absolute())])
        self._process = process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lscb_workbook.post.bounds", str(self._folder.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._watch = Watch(process)
        weakref.finalize(self, _end, process, self._watch)
        return process


def _end(process: subprocess.Popen[bytes], watch: Watch) -> None:
    watch.close()
    process.kill()
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe:
                pipe.close()
        except OSError:
            pass  # what was left in it can no longer be handed over
    process.wait()


# --- in the process --------------------------------------------------------------------------


def main(folder: str) -> None:
    """Make letters from the templates in a folder until there are no more."""
    from lscb_workbook.plan.errors import WorkbookError
    from lscb_workbook.post.letters import Kind, Templates

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process itself
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    templates, looking = Templates(Path(folder)), _Looking(answers)
    _limit_memory()
    while True:
        try:
            kind, facts, seconds = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer: _Made | Broken
        looking.begin(seconds)
        try:
            answer = templates.render_here(Kind(kind), facts)
        except WorkbookError as error:
            answer = Broken(str(error))
        looking.end()
        _answer(answers, answer)


class _Looking:
    """A thread that looks at the one with the template, and ends the process with the line it is in."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers, self._limit, self._until = answers, 0.0, 0.0
        self._of = threading.get_ident()
        self._lock = threading.Lock()
        threading.Thread(target=self._look_on, daemon=True).start()

    def begin(self, seconds: float) -> None:
        with self._lock:
            self._limit, self._until = seconds, time.monotonic() + seconds

    def end(self) -> None:
        with self._lock:
            self._until = 0.0

    def _look_on(self) -> None:
        own = psutil.Process()
        while True:
            time.sleep(_LOOK_EVERY)
            with self._lock:
                if not self._until:
                    continue
                said = ""
                if time.monotonic() > self._until:
                    said = f"it takes more than {self._limit:g} seconds; a loop in it may have no end"
                elif own.memory_info().rss > MEMORY:
                    said = f"it takes more than {MEMORY // 1_000_000} MB of memory"
                if said:
                    where, line = _place(sys._current_frames()[self._of])
                    _answer(self._answers, Stuck(where, line, said))
                    os._exit(1)


def _place(frame: FrameType | None) -> tuple[str, int]:
    """The file and line of the template that is at work."""
    while frame:
        made = frame.f_globals.get("__jinja_template__")
        if made is not None:
            return frame.f_code.co_filename, made.get_corresponding_lineno(frame.f_lineno)
        frame = frame.f_back
    return "", 0


def _limit_memory() -> None:
    """Let a text that would be too large be refused where it is made, on systems that can."""
    try:
        import resource

        most = psutil.Process().memory_info().vms + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):
        pass  # the watch looks after it all the same


def _answer(answers: IO[bytes], what: object) -> None:
    pickle.dump(what, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    from lscb_workbook.post import bounds  # what it answers is of that module, which the parent knows

    bounds.main(sys.argv[1])
