"""Workers that read ahead: files go out to them by the handful, and what they found comes back in order.

However many files there are, only so many are under way at a time. Where a worker died, its files are read
again by one of our own that does nothing else; a file that ends that one too, and again, is set aside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import NamedTuple

from lscb_workbook.returns.alone import Alone, NoProcessError
from lscb_workbook.returns.files.opened import UnreadableError
from lscb_workbook.returns.places import Place
from lscb_workbook.returns.taking import Fault, Taken
from lscb_workbook.returns.working import Held, Item, Order, Outcome, work

__all__ = ["read_ahead"]

_HANDFUL = 8
"""How many files a worker gets at once: few, so that all workers end at about the same time and little is
read again where one dies; more than one, since handing over takes time."""
_HANDFUL_BYTES = 4_000_000
_UNDER_WAY = 96
"""How many handfuls are out at a time: enough for some thirty workers."""
_BYTES_UNDER_WAY = 48_000_000
_TRIES = 2
"""How often a file may end the process that reads it."""


class _Out(NamedTuple):
    """A handful that is out: its files with what was sent of each (None: nothing), and the answer to come
    (None: nobody takes it)."""

    files: tuple[tuple[Place, Item | None], ...]
    answer: Future[tuple[Outcome, ...]] | None

    @property
    def sent(self) -> tuple[Item, ...]:
        return tuple(item for _, item in self.files if item is not None)

    @property
    def size(self) -> int:
        return sum(map(_size, self.sent))


def read_ahead(
    places: Iterable[Place], order: Order, executor: Executor
) -> Iterator[tuple[Place, Outcome | None]]:
    """Each file in order, with what a worker made of it; None where it is to be read here."""
    out: deque[_Out] = deque()
    with Alone() as alone:
        try:
            for handful in _handfuls(places, order):
                out.append(_Out(handful, _submit(executor, order, handful)))
                while len(out) > _UNDER_WAY or (len(out) > 1 and _weight(out) > _BYTES_UNDER_WAY):
                    yield from _back(out.popleft(), order, alone)
            while out:
                yield from _back(out.popleft(), order, alone)
        finally:
            for one in out:
                if one.answer is not None:
                    one.answer.cancel()


def _handfuls(places: Iterable[Place], order: Order) -> Iterator[tuple[tuple[Place, Item | None], ...]]:
    handful: list[tuple[Place, Item | None]] = []
    size = 0
    for place in places:
        item = _item(place, order)
        if handful and (len(handful) == _HANDFUL or size + _size(item) > _HANDFUL_BYTES):
            yield tuple(handful)
            handful, size = [], 0
        handful.append((place, item))
        size += _size(item)
    if handful:
        yield tuple(handful)


def _item(place: Place, order: Order) -> Item | None:
    """What a worker gets of a file. A worker may be on another machine: it sees addresses and no disk of
    this one, so what is here is read here."""
    if not place.is_here:
        return place
    try:
        return Held(place.shown, *place.read(order.limits))
    except UnreadableError:
        return None


def _size(item: Item | None) -> int:
    return len(item.data) if isinstance(item, Held) else 0


def _weight(out: Iterable[_Out]) -> int:
    return sum(one.size for one in out)


def _submit(
    executor: Executor, order: Order, handful: tuple[tuple[Place, Item | None], ...]
) -> Future[tuple[Outcome, ...]] | None:
    try:
        return executor.submit(work, order, _Out(handful, None).sent)
    except Exception:  # it is broken, was shut down, or cannot be reached any more
        return None


def _back(one: _Out, order: Order, alone: Alone) -> Iterator[tuple[Place, Outcome | None]]:
    outcomes = iter(_outcomes(one, order, alone))
    for place, item in one.files:
        yield place, None if item is None else next(outcomes)


def _outcomes(one: _Out, order: Order, alone: Alone) -> tuple[Outcome | None, ...]:
    """What became of the files sent, in their order."""
    nothing = (None,) * len(one.sent)
    if one.answer is None:
        return nothing
    try:
        return one.answer.result()
    except Exception as error:  # the executor's own; what goes wrong with a file is in its outcome
        if not _is_death(error):
            return nothing
    try:
        again = alone.work(order, one.sent)
        return again or tuple(_one_by_one(item, order, alone) for item in one.sent)
    except NoProcessError:
        return nothing


def _is_death(error: Exception) -> bool:
    """Whether a worker's process died, as executors of processes and as Dask say it."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _one_by_one(item: Item, order: Order, alone: Alone) -> Outcome:
    for _ in range(_TRIES):
        if made := alone.work(order, (item,)):
            return made[0]
    name = item.name if isinstance(item, Held) else item.shown
    return Outcome(Taken(name, fault=Fault("return-stopped", "each process that read it came to its end")))
