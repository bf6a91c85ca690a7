"""A worker of our own that reads what another died on, so that it cannot end the process with the master."""

from __future__ import annotations

import pickle
import subprocess
from types import TracebackType
from typing import cast

from lscb_workbook.processes import ask, end, questions_and_answers, start, tell
from lscb_workbook.returns.working import Item, Order, Outcome, work

__all__ = ["Alone", "NoProcessError", "main"]


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
        try:
            return cast(tuple[Outcome, ...], ask(process, (order, items)))
        except (OSError, EOFError, pickle.UnpicklingError):
            self._end()
            return None

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            self._process = process = start("lscb_workbook.returns.alone")
            assert process.stdout is not None
            pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._end()
            raise NoProcessError from error
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            end(process)


def main() -> None:
    """Work until there is nothing more to read."""
    questions, answers = questions_and_answers()
    tell(answers, "ready")
    while True:
        try:
            order, items = pickle.load(questions)
        except EOFError:
            return
        tell(answers, work(order, items))


if __name__ == "__main__":
    main()
