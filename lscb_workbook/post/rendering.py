"""The process in which a board's own templates are at work (:mod:`~lscb_workbook.post.bounds`).

Run as ``python -m lscb_workbook.post.rendering FOLDER``: it is given kinds of letters and facts, and answers
each with the letter, what is wrong with its template, or where that goes beyond the bounds.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

import psutil

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post.bounds import MEMORY, Broken, Made, Stuck
from lscb_workbook.post.letters import Kind, Templates
from lscb_workbook.processes import questions_and_answers, tell

__all__ = ["main"]

_LOOK_EVERY = 0.05


def main(folder: str) -> None:
    """Make letters from the templates in a folder until there are no more."""
    questions, answers = questions_and_answers()
    templates, looking = Templates(Path(folder)), _Looking(answers)
    _limit_memory()
    while True:
        try:
            kind, facts, seconds = pickle.load(questions)
        except EOFError:
            return
        answer: Made | Broken
        looking.begin(seconds)
        try:
            answer = templates.render_here(Kind(kind), facts)
        except WorkbookError as error:
            answer = Broken(str(error))
        looking.end()
        tell(answers, answer)


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
                    tell(self._answers, Stuck(where, line, said))
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


if __name__ == "__main__":
    main(sys.argv[1])
