"""Work on many records, during which Python need not look for rubbish over and over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collecting_later"]


@contextmanager
def collecting_later() -> Iterator[None]:
    """Put off the search for objects that hold each other, in a ``with`` or as a decorator.

    A long History makes hundreds of thousands of records, none of which is in a circle; looking for one
    time and again takes a fifth of the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
