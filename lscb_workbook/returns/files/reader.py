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
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple

from lscb_workbook.processes import end, start
from lscb_workbook.returns.files import opened
from lscb_workbook.returns.files.limits import TOGETHER, Limits
from lscb_workbook.returns.files.opened import (
    TOKEN,
    Opened,
    Requests,
    Unpacked,
    UnreadableError,
    token_of_answer,
)
from lscb_workbook.returns.files.watching import Watch

__all__ = ["AHEAD", "Reader"]

AHEAD = 16
"""How many files are handed over at once: turning from one process to the other takes its time."""
_AHEAD_BYTES = 1_000_000
"""The most bytes of files that are handed over at once; a file larger than that goes by itself."""
_TOLD_BYTES = 16_000_000
"""The most bytes of answers that are taken back before their files' turn has come."""

_RECORDS = {"Marks", "Merged", "Opened", "Parcel", "Sent", "Spot", "Unpacked"}
_DAYS = {"date", "datetime", "time", "timedelta", "timezone"}


class _Asked(NamedTuple):
    """What was asked of the process: a file and the passwords to try."""

    data: bytes
    name: str
    passwords: tuple[str, ...]

    def is_of(self, other: _Asked) -> bool:
        """Whether it is the same question, of the very bytes."""
        return self.data is other.data and self[1:] == other[1:]


class _StrayError(Exception):
    """What the process said is no answer to what it was asked."""


class Reader:
    """Opens files, one at a time, in a process of its own. To be used in a ``with``.

    Files whose turn comes soon may be handed over beforehand (:meth:`foresee`).
    """

    def __init__(self, limits: Limits, known_fills: frozenset[str] = frozenset()) -> None:
        """``known_fills`` are the colours (RRGGBB) that cells have as issued: they are no marks."""
        self.limits = limits
        self._known_fills = known_fills
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None
        self._until = math.inf
        self._sent: deque[tuple[_Asked, bytes]] = deque()
        """What was handed over beforehand and is not answered yet, each with the token of its answer."""
        self._told: list[tuple[_Asked, bytes]] = []
        """The answers whose files' turn has not come, pickled."""
        self._latest: list[_Asked] = []
        """What was handed over last. The turn of all that was handed over before it is past."""

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
        asked = _Asked(data, name, passwords)
        answer = self._foreseen(asked) or self._answer(asked)
        if isinstance(answer, (Opened, Unpacked)):
            return answer
        if isinstance(answer, tuple) and len(answer) == 2:
            raise UnreadableError(str(answer[0]), str(answer[1]))
        self._end()
        raise UnreadableError("return-stopped", "the reader gave way under it")

    def foresee(self, files: Iterable[tuple[bytes, str]], passwords: tuple[str, ...] = ()) -> None:
        """Hand over files (bytes and name) that are about to be read, so that they are opened meanwhile.

        Nothing but time depends on it: a file of which nothing comes back, since it or another one ended the
        process, is handed over by itself when its turn comes. Large files wait for that too.
        """
        asked: list[_Asked] = []
        size = 0
        for data, name in files:
            if len(asked) < AHEAD and size + len(data) <= _AHEAD_BYTES:
                asked.append(_Asked(data, name, passwords))
                size += len(data)
        latest = {id(one) for one in self._latest}
        self._told = [told for told in self._told if id(told[0]) in latest]
        self._take_back()
        self._latest = asked
        if not asked:
            return
        process, watch = self._running()
        token = os.urandom(TOKEN)
        watch.begin(self.limits)
        try:
            _send(process, token, self._requests(asked))
        except OSError:
            self._end()
            return
        self._sent.extend((one, token_of_answer(token, number)) for number, one in enumerate(asked))

    def _foreseen(self, asked: _Asked) -> object:
        """The answer to what was asked beforehand; None where there is none."""
        if not any(one.is_of(asked) for one, _ in (*self._told, *self._sent)):
            self._take_back()
            return None
        while True:
            for told in self._told:
                if told[0].is_of(asked):
                    self._told.remove(told)
                    return _record(told[1])
            if not self._sent:
                return None
            self._take_one_back()

    def _take_back(self) -> None:
        """Take back what was handed over: the process has nothing to do then."""
        while self._sent:
            self._take_one_back()

    def _take_one_back(self) -> None:
        """The next answer. Where it does not come, the process is ended, and no other comes either."""
        process, watch = self._process, self._watch
        asked, token = self._sent.popleft()
        answer = None
        if process and watch:
            with suppress(_StrayError, OSError, ValueError, struct.error):
                answer = _frame(process, token, _TOLD_BYTES - sum(len(told) for _, told in self._told))
            # The clock of each file begins when the one before it is done.
            reason = watch.end()
            if reason or answer is None:
                self._end()
            elif self._sent:
                watch.begin(self.limits)
        if answer is not None:
            self._told.append((asked, answer))

    def _requests(self, asked: Iterable[_Asked]) -> Requests:
        files = tuple((one.data, one.name, one.passwords) for one in asked)
        return files, self.limits, self._known_fills

    def _answer(self, asked: _Asked) -> object:
        """The answer, or None where the process ended without one.

        What it says that was not asked is not taken for an answer: it is ended, and another one asked.
        """
        for _ in range(2):
            process, watch = self._running()
            watch.begin(self.limits)
            try:
                token, answer = _exchanged(process, self._requests([asked]), self.limits.memory_bytes)
            finally:
                reason = watch.end()
            if reason:
                self._end()
                raise UnreadableError("return-stopped", reason)
            if token:
                return answer
            self._end()
        return None

    def _running(self) -> tuple[subprocess.Popen[bytes], Watch]:
        """The process, started where there is none."""
        if self._process and self._process.poll() is not None:
            self._end()  # it ended between two files
        if self._process is None or self._watch is None:
            return self._start()
        return self._process, self._watch

    def _start(self) -> tuple[subprocess.Popen[bytes], Watch]:
        self._process = process = start("lscb_workbook.returns.files.reading")
        self._watch = watch = Watch(process)
        return process, watch

    def _end(self) -> None:
        process, self._process = self._process, None
        self._sent.clear()
        if process:
            end(process)
        if self._watch:
            self._watch.close()


def _exchanged(process: subprocess.Popen[bytes], requests: Requests, most: int) -> tuple[bool, object]:
    """Whether what the process says next is the answer to a request, and the answer, of ``most`` bytes.

    The answer is None where the process ends first or says what is none. It bears the token of its request,
    which nobody can foresee.
    """
    token = os.urandom(TOKEN)
    try:
        _send(process, token, requests)
        return True, _record(_frame(process, token, most))
    except _StrayError:
        return False, None
    except Exception:  # the process ended, or what it wrote is no answer
        return True, None


def _send(process: subprocess.Popen[bytes], token: bytes, requests: Requests) -> None:
    """Hand a request over. Raises OSError where nobody takes it."""
    asked = pickle.dumps(requests, pickle.HIGHEST_PROTOCOL)
    assert process.stdin is not None
    process.stdin.write(token + struct.pack("<Q", len(asked)) + asked)
    process.stdin.flush()


def _frame(process: subprocess.Popen[bytes], token: bytes, most: int) -> bytes:
    """The next answer, pickled: it must bear this token, or _StrayError is raised.

    Raises struct.error where there is none, and ValueError where it has more than ``most`` bytes.
    """
    assert process.stdout is not None
    head = process.stdout.read(TOKEN + 8)
    if head and head[:TOKEN] != token:
        raise _StrayError
    (size,) = struct.unpack_from("<Q", head, TOKEN)
    if size > most:
        raise ValueError(size)
    return process.stdout.read(size)


def _record(answer: bytes) -> object:
    """An answer as it was before it was pickled; None where it is none."""
    try:
        return _Records(io.BytesIO(answer)).load()
    except Exception:  # it was cut off, or is what it may not be
        return None


class _Records(pickle.Unpickler):
    """Takes records of ``opened.py`` and days, and nothing else: a reader that a file has got the better of
    must not bring code across."""

    def find_class(self, module: str, name: str) -> object:
        if name in {"datetime": _DAYS, opened.__name__: _RECORDS}.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no record")
