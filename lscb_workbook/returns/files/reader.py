"""Reading untrusted files in a process of their own, which is ended when one goes beyond the limits.

A damaged file can stop its reader altogether (a library that aborts, memory that runs out), and a
hostile one can keep it busy for ever. Neither must stop a merge, so the process that holds the master
never opens a returned file itself: it hands over the bytes and takes back plain records.
"""

from __future__ import annotations

import math
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil

from lscb_workbook.returns.files import opened
from lscb_workbook.returns.files.limits import TOGETHER, Limits
from lscb_workbook.returns.files.opened import Opened, Request, Unpacked, UnreadableError

__all__ = ["Reader"]

_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[3])
_LOOK_EVERY = 0.05
"""Seconds between two looks at how much memory the reading process holds."""
_RECORDS = {"Marks", "Merged", "Opened", "Parcel", "Sent", "Spot", "Unpacked"}
_DAYS = {"date", "datetime", "time", "timedelta", "timezone"}


class Reader:
    """Opens files, one at a time, in a process of its own. To be used in a ``with``."""

    def __init__(self, limits: Limits, known_fills: frozenset[str] = frozenset()) -> None:
        """``known_fills`` are the colours (RRGGBB) that cells have as issued: they are no marks."""
        self.limits = limits
        self._known_fills = known_fills
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._until = math.inf

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def begin(self) -> None:
        """From here on comes what is in one file; it is read for so long and no longer."""
        self._until = time.monotonic() + TOGETHER * self.limits.seconds

    def read(self, data: bytes, name: str, passwords: tuple[str, ...] = ()) -> Opened | Unpacked:
        """What a file holds. Raises UnreadableError where it cannot be read, or not within the limits."""
        if time.monotonic() > self._until:
            most = TOGETHER * self.limits.seconds
            raise UnreadableError(
                "return-stopped", f"the files it came with take longer than the {most:g} seconds allowed"
            )
        if self._process and (self._process.poll() is not None or not self._answers.empty()):
            self._end()  # it ended between two files, or said something that was not asked
        process = self._process or self._start()
        request: Request = (data, name, self.limits, passwords, self._known_fills)
        writer = threading.Thread(target=_hand_over, args=(process.stdin, request), daemon=True)
        writer.start()
        answer = self._await(process)
        writer.join()
        if isinstance(answer, (Opened, Unpacked)):
            return answer
        if isinstance(answer, tuple) and len(answer) == 2:
            raise UnreadableError(str(answer[0]), str(answer[1]))
        self._end()
        raise UnreadableError("return-stopped", "the reader gave way under it")

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process. It sees this package and no folder of returns: ``-P`` keeps the working folder,
        where an officer's file may bear a module's name, out of the modules' path."""
        # (So it drops what is relative in the path that is handed down.)
        further = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        path = os.pathsep.join([_PACKAGE_FOLDER, *(one for one in further if Path(one).is_absolute())])
        self._process = process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lscb_workbook.returns.files.reading"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_take_back, args=(process.stdout, self._answers), daemon=True).start()
        return process

    def _await(self, process: subprocess.Popen[bytes]) -> object:
        """The answer, or None where the process ended without one."""
        limits = self.limits
        until = time.monotonic() + limits.seconds
        while True:
            try:
                return self._answers.get(timeout=_LOOK_EVERY)
            except queue.Empty:
                held = _memory(process)
            if held > limits.memory_bytes:
                self._end()
                most = limits.memory_bytes // 1_000_000
                raise UnreadableError(
                    "return-stopped", f"it needs more than the {most:,} MB of memory allowed"
                )
            if time.monotonic() > until:
                self._end()
                raise UnreadableError(
                    "return-stopped", f"it takes longer than the {limits.seconds:g} seconds allowed"
                )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                _close(pipe)


def _hand_over(pipe: IO[bytes] | None, request: Request) -> None:
    try:
        if pipe:
            pickle.dump(request, pipe, pickle.HIGHEST_PROTOCOL)
            pipe.flush()
    except (OSError, ValueError):
        pass  # the process has ended; who waits for the answer is told so


def _take_back(pipe: IO[bytes] | None, answers: queue.SimpleQueue[object]) -> None:
    try:
        while pipe:
            answers.put(_Records(pipe).load())
    except Exception:  # the process ended, or what it wrote is no answer
        answers.put(None)


class _Records(pickle.Unpickler):
    """Takes records of ``opened.py`` and days, and nothing else: a reader that a file has got the better of
    must not bring code across."""

    def find_class(self, module: str, name: str) -> object:
        if name in {"datetime": _DAYS, opened.__name__: _RECORDS}.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no record")


def _memory(process: subprocess.Popen[bytes]) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except OSError:
        pass  # what was left in it can no longer be handed over
