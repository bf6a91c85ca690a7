"""A worker of our own that reads what another died on, so that it cannot end the process with the master."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from lscb_workbook.returns.working import Item, Order, Outcome, work

__all__ = ["Alone", "NoProcessError", "main"]

_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[2])


class NoProcessError(Exception):
    """The process cannot be started; no file is to blame for that."""


class Alone:
    """One process, started when there is something to read. To be used in a ``with``."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Alone:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def work(self, order: Order, items: tuple[Item, ...]) -> tuple[Outcome, ...] | None:
        """What :func:`work` says of these files; None where the process came to its end over them.

        Raises NoProcessError where it does not even begin.
        """
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            pickle.dump((order, items), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            answer: tuple[Outcome, ...] = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._end()
            return None
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        # As the reading process: it sees this package, and no file of the working folder is a module.
        further = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        path = os.pathsep.join([_PACKAGE_FOLDER, *(one for one in further if Path(one).is_absolute())])
        try:
            self._process = process = subprocess.Popen(
                [sys.executable, "-P", "-m", "lscb_workbook.returns.alone"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            assert process.stdout is not None
            pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._end()
            raise NoProcessError from error
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                try:
                    if pipe:
                        pipe.close()
                except OSError:
                    pass  # what was left in it can no longer be handed over
            process.wait()


def main() -> None:
    """Work until there is nothing more to read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process itself
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    _answer(answers, "ready")
    while True:
        try:
            order, items = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _answer(answers, work(order, items))


def _answer(answers: IO[bytes], what: object) -> None:
    pickle.dump(what, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
