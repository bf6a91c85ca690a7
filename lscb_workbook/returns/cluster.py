"""Workers on other machines: a Dask cluster, named by the address of its scheduler."""

from __future__ import annotations

import importlib.metadata
import logging
import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lscb_workbook.plan.errors import WorkbookError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["cluster"]

_PATIENCE = 15
"""Seconds to wait for a scheduler to answer, and then for it to have a worker."""
_ADDRESS = re.compile(r"[a-z]+://.+|[^/:\s]+:\d+|\[[0-9A-Fa-f:]+\]:\d+")
_LARGEST = "1 GiB"
_PACKAGE = "lscb-workbook"
_LOUD = ("distributed", "distributed.client")


@contextmanager
def cluster(scheduler: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler (``tcp://host:8786``), to read returns.

    Raises WorkbookError where Dask is not installed here, the scheduler does not answer or has no workers,
    or a worker has no lscb_workbook of this version.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise WorkbookError(
            "Reading returns on a cluster needs Dask. Install it with: "
            "pip install 'lscb-workbook[distributed]'"
        ) from error
    if not _ADDRESS.fullmatch(scheduler):
        raise WorkbookError(
            f"'{scheduler}' is no address of a Dask scheduler. Write it like tcp://host:8786 (or tls://host:8786)."
        )
    # A handful of files is one argument of a task, and Dask warns of large ones.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGEST}):
        try:
            client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise WorkbookError(
                f"No Dask scheduler answers at {scheduler}. Check the address (like tcp://host:8786), and "
                "that the scheduler runs and can be reached from here."
            ) from error
        for name in _LOUD:
            # What they tell of a lost connection is a traceback; the returns are then read here.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with client:
            _refuse_unfit(client, scheduler)
            with client.get_executor(pure=False) as executor:
                yield executor


def _refuse_unfit(client: Client, scheduler: str) -> None:
    """Raise WorkbookError where there is no worker, or one that cannot do what it is asked."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise WorkbookError(
            f"The Dask scheduler at {scheduler} has no workers. Start some (dask worker {scheduler}) "
            "and run the command again."
        ) from error
    ours = _own_version()
    theirs = client.run(importlib.metadata.version, _PACKAGE, on_error="return")
    for worker, version in theirs.items():
        if version != ours:
            has = f"has {_PACKAGE} {version}" if isinstance(version, str) else f"has no {_PACKAGE}"
            raise WorkbookError(
                f"The Dask worker at {worker} {has}; here it is {ours}. Install {_PACKAGE} {ours} on every "
                "worker, start them again, and run the command again."
            )


def _own_version() -> str:
    return importlib.metadata.version(_PACKAGE)
