"""Workers on other machines: a Dask cluster, named by the address of its scheduler."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import short
from lscb_workbook.returns.places import shown_name
from lscb_workbook.returns.workers import Workers

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["cluster"]

_PATIENCE = 15
"""Seconds to wait for a scheduler to answer."""
_FIRST_WORKER = 15
"""Seconds to wait then for it to have a worker."""
_DESERTED = 30.0
"""Seconds that a cluster may be without any worker before the returns are read here."""
_LOOK = 1.0
"""Seconds from one look at whether there are workers to the next."""
_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?([\w.-]+|\[[0-9A-Fa-f:.]+(%\w+)?\]):(?P<port>\d{1,5})/?")
_WITH_CERTIFICATE = ("tls://", "wss://")
_LARGEST_PORT = 65_535
_LARGEST = "1 GiB"
_PACKAGE = "lscb-workbook"
_LOUD = ("distributed", "distributed.client", "tornado.application", "asyncio")
_WRITE_IT = "Write it like tcp://host:8786 (or tls://, ws://, wss://)"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


@contextmanager
def cluster(
    scheduler: str, *, deserted: float = _DESERTED, tell: Callable[[str], None] = _say
) -> Iterator[Executor]:
    """The workers of a Dask scheduler (``tcp://host:8786``), to read returns.

    Where there is none left for ``deserted`` seconds, or the scheduler can no longer be reached, the answers
    to come are given up (BrokenExecutor), and ``tell`` is told so in a sentence, from a thread of Dask's; by
    default it stands on standard error. Raises WorkbookError where Dask is not installed here, the address
    is none, the scheduler does not answer or has no workers, or a worker has not lscb_workbook of this
    version.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise WorkbookError(
            "Reading returns on a cluster needs Dask. Install it with: "
            "pip install 'lscb-workbook[distributed]'"
        ) from error
    address = _address(scheduler)
    # A handful of files is one argument of a task, and Dask warns of large ones.
    with _silence(), dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGEST}):
        _refuse_silent(address)
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except OSError as error:  # it was there a moment ago; Dask has closed what it began
            raise _no_answer(address) from error
        with _closing(client):
            _refuse_unfit(client, address)
            workers = Workers(client.get_executor(pure=False))
            watch = asyncio.run_coroutine_threadsafe(
                _watch(client, address, workers, deserted, tell), client.loop.asyncio_loop
            )
            try:
                yield workers
            finally:
                watch.cancel()


@contextmanager
def _closing(client: Client) -> Iterator[None]:
    """Leave the cluster at the end; with that it forgets what was asked of it and not done yet."""
    try:
        yield
    finally:
        with suppress(OSError):  # a scheduler that does not say good-bye spoils no result
            client.close()


# --- the address -----------------------------------------------------------------------------


def _address(scheduler: str) -> str:
    """An address as Dask takes it. Raises WorkbookError where it would not."""
    if "@" in scheduler:
        raise WorkbookError(
            f"'{_shown(scheduler)}' has a user or password in it, which a Dask scheduler does not take. "
            f"{_WRITE_IT}, without them; who may connect is a matter of tls:// and its certificates."
        )
    match = _ADDRESS.fullmatch(scheduler)
    if match is None or not 0 < int(match["port"]) <= _LARGEST_PORT:
        raise WorkbookError(f"'{_shown(scheduler)}' is no address of a Dask scheduler. {_WRITE_IT}.")
    return scheduler.rstrip("/")


def _shown(scheduler: str) -> str:
    """What was given for an address, without what may be secret in it: all before an @ or after a ?."""
    bare = re.sub(r"\A([A-Za-z][\w+.-]*://)?.*@", r"\1…@", scheduler, flags=re.S)
    return short(shown_name(re.sub(r"[?#].*", "?…", bare, flags=re.S)))


# --- whether it will do ----------------------------------------------------------------------


def _refuse_silent(address: str) -> None:
    """Raise WorkbookError where no scheduler answers.

    It is asked before there is a client: one that cannot connect goes on trying behind one's back, and waits
    for ever for what answers without being a scheduler.
    """
    from distributed.security import Security

    try:
        arguments = Security().get_connection_args("client")
    except (OSError, ValueError) as error:
        raise WorkbookError(
            "The certificates that Dask's settings name (distributed.comm.tls) cannot be read: "
            f"{short(shown_name(str(error)))}. Mend the settings and run the command again."
        ) from error
    if address.startswith(_WITH_CERTIFICATE) and arguments.get("ssl_context") is None:
        raise WorkbookError(
            f"{address} needs certificates, and Dask's settings on this computer name none. Enter them there "
            "(distributed.comm.tls: ca-file, client.cert, client.key) and run the command again."
        )
    try:
        # In a thread, since there may be a loop in this one already, as in a notebook.
        with ThreadPoolExecutor(1) as thread:
            kind = thread.submit(asyncio.run, _kind(address, arguments)).result()
    except Exception as error:  # whatever its reader makes of what is no scheduler's answer
        raise _no_answer(address) from error
    if kind != "Scheduler":
        raise _no_answer(address)


async def _kind(address: str, arguments: dict[str, object]) -> object:
    """What answers at an address: ``Scheduler``, or another of Dask's servers."""
    from distributed.core import rpc

    async with (
        asyncio.timeout(_PATIENCE),
        rpc(address, timeout=_PATIENCE, connection_args=arguments) as there,
    ):
        return (await there.identity())["type"]


def _no_answer(address: str) -> WorkbookError:
    return WorkbookError(
        f"No Dask scheduler answers at {address}. Check the address (like tcp://host:8786), and "
        "that the scheduler runs and can be reached from here."
    )


def _refuse_unfit(client: Client, address: str) -> None:
    """Raise WorkbookError where there is no worker, or one that cannot do what it is asked."""
    try:
        client.wait_for_workers(1, timeout=_FIRST_WORKER)
    except TimeoutError as error:
        raise WorkbookError(
            f"The Dask scheduler at {address} has no workers. Start some (dask worker {address}) "
            "and run the command again."
        ) from error
    except OSError as error:
        raise _no_answer(address) from error
    ours = _own_version()
    try:
        theirs = client.run(importlib.metadata.version, _PACKAGE, on_error="return")
    except OSError as error:
        raise _no_answer(address) from error
    for worker, version in theirs.items():
        if version != ours and not isinstance(version, OSError):  # that one was lost while it was asked
            has = f"has {_PACKAGE} {version}" if isinstance(version, str) else f"has no {_PACKAGE}"
            raise WorkbookError(
                f"The Dask worker at {worker} {has}; here it is {ours}. Install {_PACKAGE} {ours} on every "
                "worker, start them again, and run the command again."
            )


def _own_version() -> str:
    return importlib.metadata.version(_PACKAGE)


# --- whether it goes on ----------------------------------------------------------------------


async def _watch(
    client: Client, address: str, workers: Workers, deserted: float, tell: Callable[[str], None]
) -> None:
    """Give the workers up where there are none for so many seconds. Runs in the client's own loop, where
    nothing may wait for anything but the network."""
    last_seen = monotonic()
    while monotonic() - last_seen < deserted:
        await asyncio.sleep(min(_LOOK, deserted))
        try:
            if client.status != "running":
                raise ConnectionError  # Dask has dropped what was under way
            async with asyncio.timeout(deserted):
                there = await client.scheduler.ncores()
        except OSError:
            why = f"The Dask scheduler at {address} can no longer be reached"
            break
        if there:
            last_seen = monotonic()
    else:
        why = f"The Dask scheduler at {address} has had no workers for {deserted:.0f} seconds"
    workers.give_up(why)
    tell(f"{why}. The returns that it has not read are read on this computer.")


@contextmanager
def _silence() -> Iterator[None]:
    """What Dask and its parts tell of a lost connection is a traceback; here it is told in a sentence."""
    loggers = [logging.getLogger(name) for name in _LOUD]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
