"""Reading untrusted files in a process of their own, which is ended when one goes beyond the limits.

A damaged file can stop its reader altogether (a library that aborts, memory that runs out), and a
hostile one can keep it busy for ever. Neither must stop a merge, so the process that holds the master
never opens a returned file itself: it hands over the bytes and takes back plain records.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from lscb_workbook.returns.files import opened
from lscb_workbook.returns.files.limits import TOGETHER, Limits
from lscb_workbook.returns.files.opened import TOKEN, Opened, Request, Unpacked, UnreadableError
from lscb_workbook.returns.files.watching import Watch

__all__ = ["Reader"]

_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[3])
_PIPE = 1 << 16
_RECORDS = {"Marks", "Merged", "Opened", "Parcel", "Sent", "Spot", "Unpacked"}
_DAYS = {"date", "datetime", "time", "timedelta", "timezone"}


class Reader:
    """Opens files, one at a time, in a process of its own. To be used in a ``with``."""

    def __init__(self, limits: Limits, known_fills: frozenset[str] = frozenset()) -> None:
        """``known_fills`` are the colours (RRGGBB) that cells have as issued: they are no marks."""
        self.limits = limits
        self._known_fills = known_fills
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None
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
        request: Request = (data, name, self.limits, passwords, self._known_fills)
        answer = self._asked(request)
        if isinstance(answer, (Opened, Unpacked)):
            return answer
        if isinstance(answer, tuple) and len(answer) == 2:
            raise UnreadableError(str(answer[0]), str(answer[1]))
        self._end()
        raise UnreadableError("return-stopped", "the reader gave way under it")

    def _asked(self, request: Request) -> object:
        """The answer, or None where the process ended without one.

        What it says that was not asked is not taken for an answer: it is ended, and another one asked.
        """
        for _ in range(2):
            if self._process and self._process.poll() is not None:
                self._end()  # it ended between two files
            process, watch = self._process, self._watch
            if process is None or watch is None:
                process, watch = self._start()
            watch.begin(self.limits)
            try:
                token, answer = _exchanged(process, request, self.limits.memory_bytes)
            finally:
                reason = watch.end()
            if reason:
                self._end()
                raise UnreadableError("return-stopped", reason)
            if token:
                return answer
            self._end()
        return None

    def _start(self) -> tuple[subprocess.Popen[bytes], Watch]:
        """Start the process. It sees this package and no folder of returns: ``-P`` keeps the working folder,
        where an officer's file may bear a module's name, out of the modules' path."""
        # (So it drops what is relative in the path that is handed down.)
        further = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        path = os.pathsep.join([_PACKAGE_FOLDER, *(one for one in further if Path(one).is_absolute())])
        self._process = process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lscb_workbook.returns.files.reading"],
            bufsize=_PIPE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._watch = watch = Watch(process)
        return process, watch

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                _close(pipe)
        if self._watch:
            self._watch.close()


def _exchanged(process: subprocess.Popen[bytes], request: Request, most: int) -> tuple[bool, object]:
    """Whether what the process says next is the answer to a request, and the answer, of ``most`` bytes.

    The answer is None where the process ends first or says what is none. It bears the token of its request,
    which nobody can foresee.
    """
    token = os.urandom(TOKEN)
    asked = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
    try:
        if process.stdin is None or process.stdout is None:
            return True, None
        process.stdin.write(token + struct.pack("<Q", len(asked)) + asked)
        process.stdin.flush()
        head = process.stdout.read(TOKEN + 8)
        if head and head[:TOKEN] != token:
            return False, None
        (size,) = struct.unpack_from("<Q", head, TOKEN)
        if size > most:
            return True, None
        return True, _Records(io.BytesIO(process.stdout.read(size))).load()
    except Exception:  # the process ended, or what it wrote is no answer
        return True, None


class _Records(pickle.Unpickler):
    """Takes records of ``opened.py`` and days, and nothing else: a reader that a file has got the better of
    must not bring code across."""

    def find_class(self, module: str, name: str) -> object:
        if name in {"datetime": _DAYS, opened.__name__: _RECORDS}.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no record")


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except OSError:
        pass  # what was left in it can no longer be handed over
