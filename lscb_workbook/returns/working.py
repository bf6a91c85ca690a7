"""What a worker does, in whatever process or on whatever machine: it reads files and says what they hold.

It gets the tracker without the key that signs copies. Signatures are noted for whoever has the key to check.
"""

from __future__ import annotations

import functools
import os
import pickle
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from lscb_workbook.copies.identity import Claim, Witness
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.reader import Reader
from lscb_workbook.returns.judging import Came
from lscb_workbook.returns.places import Place
from lscb_workbook.returns.taking import Taken, Taker, known_fills
from lscb_workbook.tracker.state import Tracker

__all__ = ["Held", "Item", "Order", "Outcome", "end_readers", "packed", "work"]

_IDLE_SECONDS = 20
"""How long a reading process is kept for the next files."""


class Held(NamedTuple):
    """A file's bytes, read by whoever gave it to the worker. ``written_at`` is naive UTC."""

    name: str
    data: bytes
    written_at: datetime


Item = Held | Place
"""A file to be read: its bytes, or where the worker finds it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told once for all files: the tracker (:func:`packed`), the limits, the passwords."""

    tracker: bytes
    limits: Limits
    passwords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker made of one file. ``claims`` are the signatures that it took to be true; ``tried`` is how
    many passwords it had; ``failed`` whether it could not do it at all."""

    taken: Taken
    claims: tuple[Claim, ...] = ()
    tried: int = 0
    failed: bool = False

    def holds(self, key: str) -> bool:
        """Whether it is what whoever has the key would have made of the file."""
        return not self.failed and all(claim.holds(key) for claim in self.claims)


def packed(tracker: Tracker) -> bytes:
    """A tracker as workers get it: without the key, and without what reading a return does not need. (Of its
    rows and words that is only which are gone.)"""
    gone: Mapping[str, Any] = {key: {} for key in sorted(tracker.words.keys() - tracker.rows.keys())}
    bare: Mapping[str, Any] = {"rows": {}, "settings": {}, "words": gone}
    needed = replace(tracker, key="", conflicts=(), issued=(), findings=(), typed=(), **bare)
    return zlib.compress(pickle.dumps(needed, pickle.HIGHEST_PROTOCOL), 1)


def work(order: Order, items: tuple[Item, ...]) -> tuple[Outcome, ...]:
    """What each of these files holds, in their order."""
    with _lent_reader(order.limits) as reader:
        reader.foresee(((one.data, one.name) for one in items if isinstance(one, Held)), order.passwords)
        return tuple(_outcome(item, order, reader) for item in items)


def _outcome(item: Item, order: Order, reader: Reader) -> Outcome:
    tracker, witness = _unpacked(order.tracker)
    taker = Taker(reader, tracker, list(order.passwords))
    witness.noted()  # of a file that was given up
    try:
        if isinstance(item, Held):
            taken = taker.take_bytes(Came(item.name, item.data, item.written_at, None, 0))
        else:
            taken = taker.take(item)
    except Exception:  # it is read again where the fault can be told as it is
        return Outcome(Taken(""), failed=True)
    unseen = not isinstance(item, Held) and taken.fault is not None and not taken.digest
    return Outcome(taken, witness.noted(), len(order.passwords), failed=unseen)


@functools.lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> tuple[Tracker, Witness]:
    """A tracker, the same each time, and the witness in the place of its key."""
    tracker: Tracker = pickle.loads(zlib.decompress(packed))
    witness = Witness()
    return replace(tracker, key=witness), witness


# --- reading processes, kept from one call to the next ---------------------------------------


class _Kept(NamedTuple):
    """A reading process that waits for files, and the process that it belongs to."""

    reader: Reader
    owner: int


_kept: list[_Kept] = []
_lock = threading.Lock()
_ending: list[threading.Timer] = []


@contextmanager
def _lent_reader(limits: Limits) -> Iterator[Reader]:
    """A reading process for one call alone; it waits a while for the next, since starting one takes longer
    than reading many files."""
    with _lock:
        fits = [one for one in _kept if one.reader.limits == limits and one.owner == os.getpid()]
        for one in fits[:1]:
            _kept.remove(one)
    reader = fits[0].reader if fits else Reader(limits, known_fills())
    try:
        yield reader
    except BaseException:
        reader.__exit__(None, None, None)
        raise
    with _lock:
        _kept.append(_Kept(reader, os.getpid()))
    _end_later()


def end_readers() -> None:
    """End the reading processes that wait for files."""
    with _lock:
        # One that a parent process started before it forked is that parent's.
        mine = [one for one in _kept if one.owner == os.getpid()]
        for one in mine:
            _kept.remove(one)
    for one in mine:
        one.reader.__exit__(None, None, None)


def _end_later() -> None:
    with _lock:
        while _ending:
            _ending.pop().cancel()
        timer = threading.Timer(_IDLE_SECONDS, end_readers)
        timer.daemon = True
        timer.start()
        _ending.append(timer)
