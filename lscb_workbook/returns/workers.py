"""Workers that may all be lost: an executor whose answers are given up once nobody is left to give them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

__all__ = ["Workers"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Workers(Executor):
    """Hands work on to ``executor``, until :meth:`give_up` is called.

    From then on each answer that is still to come is a BrokenExecutor, and so is each attempt to submit
    more. ``executor`` itself may go on waiting for ever: nothing waits for it.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._waiting: set[Future[Any]] = set()
        self._lost = ""
        self._lock = threading.Lock()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        answer: Future[_T] = Future()
        with self._lock:
            if self._lost:
                raise BrokenExecutor(self._lost)
            asked = self._executor.submit(fn, *args, **kwargs)
            self._waiting.add(answer)
        answer.add_done_callback(lambda _: self._done(answer, asked))
        asked.add_done_callback(lambda _: _hand_on(asked, answer))
        return answer

    def give_up(self, why: str) -> None:
        """Wait for no answer any more. ``why`` is what the errors say. May be called from any thread."""
        with self._lock:
            self._lost = why
            waiting = tuple(self._waiting)
        for answer in waiting:
            with suppress(InvalidStateError):  # it came at the last moment
                answer.set_exception(BrokenExecutor(why))

    def _done(self, answer: Future[_T], asked: Future[_T]) -> None:
        with self._lock:
            self._waiting.discard(answer)
        if answer.cancelled():
            asked.cancel()


def _hand_on(asked: Future[_T], answer: Future[_T]) -> None:
    """Give an answer to whoever waits for it; one that was given up keeps its error."""
    if asked.cancelled():
        if answer.cancel():
            answer.set_running_or_notify_cancel()
        return
    error = asked.exception()
    with suppress(InvalidStateError):
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(asked.result())
