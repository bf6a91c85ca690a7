"""A board's own templates at work in a process of their own, within bounds of time, memory and size.

A template may loop without end, or grow a text until nothing else has room; neither must hold up the tracker.
That process (:mod:`~lscb_workbook.post.rendering`) looks at itself, since it alone knows the line; a watch
from outside ends it where it cannot.
"""

from __future__ import annotations

import pickle
import subprocess
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, cast

from lscb_workbook.processes import ask, end, start
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.watching import Watch

__all__ = ["LONGEST", "MEMORY", "Bounded", "Broken", "Made", "Stuck"]

SECONDS = 10.0
"""The most that one letter may take."""
MEMORY = 600_000_000
"""The most bytes that the process may take; it needs a tenth of it."""
LONGEST = 5_000_000
"""The most characters that a letter may have."""


class Stuck(NamedTuple):
    """Where a template goes beyond the bounds, and how. ``line`` is 0 where it is not known."""

    where: str
    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A sentence that says what is wrong with a template."""

    said: str


Made = tuple[str, str, str]
"""Subject, plain text and HTML of a letter."""


class Bounded:
    """The process for a folder of templates, started for the first letter; it ends with this object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None

    def render(self, kind: str, facts: Mapping[str, object]) -> Made | Stuck | Broken:
        """What comes of a letter of this kind. Raises OSError where no process can be started."""
        process = self._process or self._start()
        assert self._watch is not None
        # From outside a little later, so that where it can it says itself in which line it is.
        self._watch.begin(replace(Limits(), seconds=SECONDS + 2, memory_bytes=MEMORY + MEMORY // 4))
        answer: Made | Stuck | Broken
        try:
            answer = cast(Made | Stuck | Broken, ask(process, (kind, dict(facts), SECONDS)))
        except (OSError, EOFError, pickle.UnpicklingError):
            answer = Stuck("", 0, self._watch.end() or "it stops the program that makes letters")
        self._watch.end()
        if isinstance(answer, Stuck):
            self._process = None
            _end(process, self._watch)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = process = start("lscb_workbook.post.rendering", str(self._folder.absolute()))
        self._watch = Watch(process)
        weakref.finalize(self, _end, process, self._watch)
        return process


def _end(process: subprocess.Popen[bytes], watch: Watch) -> None:
    watch.close()
    end(process)
