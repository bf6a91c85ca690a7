"""Watching over a process that works on untrusted files: it is ended where one makes it too slow or large."""

from __future__ import annotations

import math
import subprocess
import threading
import time

import psutil

from lscb_workbook.returns.files.limits import Limits

__all__ = ["Watch"]

_LOOK_EVERY = 0.05
"""Seconds between two looks."""


class Watch:
    """Looks after a process from a thread of its own, as long as it lives.

    So whoever waits for the process needs no clock: where it goes beyond the limits it is ended, and with it
    whatever was waited for.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._limits = Limits()
        self._until = math.inf
        self._reason = ""
        self._lock = threading.Lock()
        self._over = threading.Event()
        threading.Thread(target=self._look_on, daemon=True).start()

    def begin(self, limits: Limits) -> None:
        """The process begins with a file."""
        with self._lock:
            self._limits, self._until = limits, time.monotonic() + limits.seconds

    def end(self) -> str:
        """The process is done with the file, or was ended: then this says why."""
        with self._lock:
            self._until = math.inf
            return self._reason

    def close(self) -> None:
        """The process is gone."""
        self._over.set()

    def _look_on(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            # Whether a file is beyond a limit and which file it is must be told as one.
            with self._lock:
                if self._until < math.inf and (reason := self._beyond()):
                    self._reason = reason
                    self._process.kill()
                    return

    def _beyond(self) -> str:
        limits = self._limits
        if _memory(self._process) > limits.memory_bytes:
            return f"it needs more than the {limits.memory_bytes // 1_000_000:,} MB of memory allowed"
        if time.monotonic() > self._until:
            return f"it takes longer than the {limits.seconds:g} seconds allowed"
        return ""


def _memory(process: subprocess.Popen[bytes]) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0
