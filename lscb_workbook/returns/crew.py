"""Processes of this computer that read returns: how many are worth it, and their beginning and end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from lscb_workbook.returns.working import end_readers

__all__ = ["crew", "worthwhile"]

_FILES_WORTH_ONE = 150
"""So many files take about as long to read as a process takes to start (docs/scale.md)."""


def worthwhile(jobs: int | None, files: int) -> int:
    """How many processes are worth starting for so many files; 0 where reading them here is quicker.

    ``jobs`` is the most that may be (None: as many as there are cores).
    """
    most = _cores() if jobs is None else jobs
    count = min(most, files // _FILES_WORTH_ONE)
    return count if count > 1 else 0


def _cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows, macOS
        return os.cpu_count() or 1


@contextmanager
def crew(count: int) -> Iterator[Executor]:
    """So many processes to read returns. They end with the ``with``: at once where it is left by an error,
    and also where this process is killed."""
    context = get_context("spawn")  # the one way that all systems have; nothing of this process gets in
    ear, mouth = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_heed, initargs=(ear,))
    try:
        yield pool
    except BaseException:
        mouth.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        mouth.close()
        ear.close()


def _heed(ear: Connection) -> None:
    """Prepare a process: an interruption is for the one that started it to deal with; with that one's end
    this one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(ear,), daemon=True).start()


def _end_with(ear: Connection) -> None:
    try:
        ear.recv_bytes()
    except (EOFError, OSError):
        end_readers()
        os._exit(1)
