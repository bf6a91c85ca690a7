"""A tracker, a crowd of returns of every kind, and those who may read them."""

from __future__ import annotations

import random
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lscb_workbook.returns import Harvest, harvest
from lscb_workbook.tracker.state import Tracker

__all__ = ["PASSWORD", "Crowd", "Unsteady"]

PASSWORD = "Redbridge 2016"


@dataclass(frozen=True)
class Crowd:
    """A tracker, the folder of its returns, and the harvest of them without help."""

    tracker: Tracker
    folder: Path
    serial: Harvest

    def harvest(self, **options: Any) -> Harvest:
        return harvest([self.folder], self.tracker, **options)


class Unsteady(Executor):
    """Does what is waiting in any order, once somebody asks for any of it; or fails, as ``fails`` has it.

    ``fails`` is asked with the number of each task; it may raise, and what it gives, if anything, is done
    to the answer to come.
    """

    def __init__(self, seed: int = 0, fails: Any = None) -> None:
        self._random = random.Random(seed)
        self._waiting: list[_Asked] = []
        self._fails = fails or (lambda _: None)
        self.tasks = 0
        self.items: list[Any] = []
        """What was sent out to be read."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks += 1
        self.items += args[1]
        what = self._fails(self.tasks)
        answer = _Asked(self)
        if what is not None:
            what(answer)
        else:
            answer.task = lambda: fn(*args, **kwargs)
            self._waiting.append(answer)
        return answer

    def run(self) -> None:
        """Do all that waits."""
        waiting, self._waiting = self._waiting, []
        self._random.shuffle(waiting)
        for one in waiting:
            if one.set_running_or_notify_cancel():
                one.set_result(one.task())


class _Asked(Future[Any]):
    def __init__(self, executor: Unsteady) -> None:
        super().__init__()
        self._executor = executor
        self.task: Any = None

    def result(self, timeout: float | None = None) -> Any:
        self._executor.run()
        return super().result(timeout)
