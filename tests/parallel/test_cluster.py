"""A Dask cluster: one that will not do is said to in a sentence, and one that is lost is done without."""

from __future__ import annotations

import asyncio
import http.server
import itertools
import pickle
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from parallel.crowds import Crowd
from tracking import CHAIR, copy_of, issued_tracker

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.cluster import _watch, cluster
from lscb_workbook.returns.workers import Workers

pytestmark = [
    pytest.mark.usefixtures("dask"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

_ROOT = Path(__file__).parents[2]
_PATIENCE = 120
"""Seconds after which a process that should have ended never will."""
_WRITE_IT = "Write it like tcp://host:8786"


@contextmanager
def started(*command: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process of Python that is ended with the ``with``, and after a while whatever happens."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, *command], text=True, **(pipes | options))
    limit = threading.Timer(2 * _PATIENCE, process.kill)
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        process.kill()
        process.communicate()


# --- one that will not do --------------------------------------------------------------------

_COMMAND = f"""
import sys
sys.path.insert(0, {str(_ROOT)!r})
from lscb_workbook import cli
from lscb_workbook.returns import cluster

cluster._PATIENCE = 1
cli.main()
"""


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tcp://127.0.0.1:9", "No Dask scheduler answers at tcp://127.0.0.1:9. Check the address"),
        ("ws://127.0.0.1:9", "No Dask scheduler answers at ws://127.0.0.1:9. Check the address"),
        ("127.0.0.1:9", "No Dask scheduler answers at 127.0.0.1:9. Check the address"),
        ("tls://127.0.0.1:9", "tls://127.0.0.1:9 needs certificates, and Dask's settings"),
        ("http://127.0.0.1:9", f"'http://127.0.0.1:9' is no address of a Dask scheduler. {_WRITE_IT}"),
        ("nonsense", f"'nonsense' is no address of a Dask scheduler. {_WRITE_IT}"),
        ("tcp://ann:hunter2@127.0.0.1:9", "'tcp://…@127.0.0.1:9' has a user or password in it"),
    ],
)
def test_a_scheduler_that_will_not_do_is_said_to_in_one_sentence(
    address: str, says: str, tmp_path: Path
) -> None:
    master, copies = issued_tracker(tmp_path)
    before = master.read_bytes()
    arguments = ["merge", str(master), str(copy_of(copies, CHAIR)), "--scheduler", address, "--debug"]
    without_debug = arguments[:-1]
    with started("-c", _COMMAND, *without_debug) as process:
        out, err = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 2
    assert out == ""
    assert err.startswith(f"Could not do it. {says}")
    assert err.count("\n") == 1
    assert master.read_bytes() == before
    with started("-c", _COMMAND, *arguments) as process:
        _, err = process.communicate(timeout=_PATIENCE)
    assert says in err
    assert "hunter2" not in err


@pytest.mark.parametrize(
    "address",
    [
        "tcp://host",
        "tcp://host:0",
        "tcp://host:99999",
        "tcp://host:port",
        "tcp://a:b:1",
        "tcp://::1:8786",
        "tcp://host:8786/path",
        "inproc://127.0.0.1/1/1",
        "ucx://host:8786",
        "C:\\returns",
        "",
    ],
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(WorkbookError, match=re.escape(f"'{address}' is no address")), cluster(address):
        pass


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ann:hunter2@host:1", "'…@host:1'"),
        ("tls://ann:hun/ter2@x@host:1", "'tls://…@host:1'"),
        ("http://host/?token=hunter2", "'http://host/?…'"),
        ("tcp://ann:hunter2@host:1\x1b[31m", "'tcp://…@host:1\ufffd[31m'"),
        ("ann:hunter2\n@host:1", "'…@host:1'"),
    ],
)
def test_what_may_be_secret_in_an_address_is_not_shown(address: str, shown: str) -> None:
    with pytest.raises(WorkbookError) as error, cluster(address):
        pass
    assert str(error.value).startswith(shown)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lscb_workbook.returns.cluster._PATIENCE", 1)


@pytest.mark.usefixtures("impatient")
def test_what_answers_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(WorkbookError, match=f"No Dask scheduler answers at {address}"), cluster(address):
            pass


@pytest.mark.usefixtures("impatient")
def test_what_answers_something_else_is_no_scheduler() -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Tell nobody."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        for scheme in ("tcp", "ws"):
            address = f"{scheme}://127.0.0.1:{web.server_port}"
            with (
                pytest.raises(WorkbookError, match=f"No Dask scheduler answers at {address}"),
                cluster(address),
            ):
                pass
        web.shutdown()


def test_certificates_that_cannot_be_read_are_said_to(tmp_path: Path) -> None:
    import dask

    nowhere = str(tmp_path / "nowhere.pem")
    with (
        dask.config.set({f"distributed.comm.tls.{name}": nowhere for name in ("ca-file", "client.cert")}),
        pytest.raises(WorkbookError, match=r"The certificates that Dask's settings name .* cannot be read"),
        cluster("tls://127.0.0.1:9"),
    ):
        pass


def test_without_dask_the_way_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(WorkbookError, match=r"pip install 'lscb-workbook\[distributed\]'"),
        cluster("tcp://x:1"),
    ):
        pass


def test_workers_that_will_not_do_are_said_to(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=True, dashboard_address=":0", silence_logs=50) as empty:
        address = empty.scheduler_address
        monkeypatch.setattr("lscb_workbook.returns.cluster._PATIENCE", _PATIENCE)
        monkeypatch.setattr("lscb_workbook.returns.cluster._FIRST_WORKER", 1)
        with pytest.raises(WorkbookError, match="has no workers"), cluster(address):
            pass
        monkeypatch.setattr("lscb_workbook.returns.cluster._FIRST_WORKER", _PATIENCE)
        empty.scale(1)
        with cluster(address) as executor:
            assert crowd.harvest(executor=executor) == crowd.serial
            (worker,) = empty.workers.values()
            with pytest.raises(WorkbookError, match="No Dask scheduler"), cluster(worker.worker_address):
                pass
        monkeypatch.setattr("lscb_workbook.returns.cluster._own_version", lambda: "9.9")
        with pytest.raises(WorkbookError, match=r"has lscb-workbook \S+; here it is 9\.9"), cluster(address):
            pass
        monkeypatch.setattr("lscb_workbook.returns.cluster._PACKAGE", "a-package-that-is-not")
        with (
            pytest.raises(WorkbookError, match=r"has no a-package-that-is-not; here it is 9\.9"),
            cluster(address),
        ):
            pass


# --- one that is lost ------------------------------------------------------------------------

_HARVEST = f"""
import pickle, sys
sys.path.insert(0, {str(_ROOT)!r})
from pathlib import Path
from lscb_workbook.returns import forerunning, harvest
from lscb_workbook.returns.cluster import _watch, cluster

def wait(what):
    print(what, flush=True)
    sys.stdin.readline()

if __name__ == "__main__":
    forerunning._HANDFUL, forerunning._UNDER_WAY = 2, 3
    tracker = pickle.loads(Path(sys.argv[3]).read_bytes())
    with cluster(sys.argv[1], deserted=2) as executor:
        midway = lambda done, total: done == 3 and wait("midway")
        found = harvest([sys.argv[2]], tracker, midway, executor=executor)
        wait("harvested")
    print("as alone" if found == harvest([sys.argv[2]], tracker) else "otherwise")
"""


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ("worker", "The Dask scheduler at {} has had no workers for 2 seconds."),
        ("scheduler", "The Dask scheduler at {} can no longer be reached."),
    ],
)
def test_a_cluster_that_is_lost_midway_is_done_without_and_told_of(
    lost: str, says: str, crowd: Crowd, tmp_path: Path
) -> None:
    known, tracker = tmp_path / "scheduler.json", tmp_path / "tracker"
    tracker.write_bytes(pickle.dumps(crowd.tracker))
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    plain = ("--scheduler-file", str(known), "--no-dashboard")
    alone = ("--no-nanny", "--nthreads", "1", "--local-directory", str(tmp_path))
    host = ("--host", "127.0.0.1", "--port", "0")
    with (
        started("-m", "dask", "scheduler", *host, *plain, **silent) as scheduler,
        started("-m", "dask", "worker", *alone, *plain, **silent) as worker,
    ):
        address = _address_in(known, scheduler)
        with started("-c", _HARVEST, address, str(crowd.folder), str(tracker)) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline() == "midway\n"
            {"worker": worker, "scheduler": scheduler}[lost].kill()
            process.stdin.write("\n")
            process.stdin.flush()
            told = process.stderr.readline()
            assert process.stdout.readline() == "harvested\n"
            out, err = process.communicate("\n", timeout=_PATIENCE)
    sentence = f"{says.format(address)} The returns that it has not read are read on this computer."
    assert told == f"{sentence}\n"
    assert (out, err) == ("as alone\n", "")
    assert process.returncode == 0


def _address_in(known: Path, scheduler: subprocess.Popen[str]) -> str:
    """The address that a scheduler writes into its file once it runs."""
    while scheduler.poll() is None:
        found = re.search(r'"address": "(tcp://[^"]+)"', known.read_text() if known.exists() else "")
        if found:
            return found[1]
    raise AssertionError("the scheduler came to its end")


class Looked:
    """A client whose cluster has so many workers at each look; None: it answers nothing."""

    status = "running"

    def __init__(self, *looks: int | None) -> None:
        self.scheduler = self
        self.looks = list(looks)

    async def ncores(self) -> dict[str, int]:
        now = self.looks.pop(0)
        if now is None:
            await asyncio.Event().wait()
        return dict.fromkeys(map(str, range(now or 0)), 1)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which each time it is read is a second after the time before."""
    clock = itertools.count()
    monkeypatch.setattr("lscb_workbook.returns.cluster._LOOK", 0)
    monkeypatch.setattr("lscb_workbook.returns.cluster.monotonic", lambda: next(clock))


def told_by_watch(client: Looked, deserted: float) -> str:
    told: list[str] = []
    workers = Workers(Slow())
    waiting = workers.submit(abs, -1)
    asyncio.run(_watch(client, "tcp://host:1", workers, deserted, told.append))  # type: ignore[arg-type]
    (sentence,) = told
    assert isinstance(waiting.exception(0), BrokenExecutor)
    return sentence


@pytest.mark.usefixtures("seconds")
def test_workers_that_come_back_in_time_are_waited_for() -> None:
    client = Looked(2, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0)
    assert "has had no workers for 4 seconds" in told_by_watch(client, 4)
    assert client.looks == [0]


def test_a_scheduler_that_answers_nothing_is_not_waited_for() -> None:
    assert "can no longer be reached" in told_by_watch(Looked(None), 0.1)


def test_a_client_that_lost_its_scheduler_is_not_asked() -> None:
    client = Looked()
    client.status = "connecting"
    assert "can no longer be reached" in told_by_watch(client, 0.1)


# --- answers that are given up ---------------------------------------------------------------


class Slow(Executor):
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Future[Any]] = []
        self.tasks: list[tuple[Any, ...]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks.append((fn, args, kwargs))
        self.asked.append(Future())
        return self.asked[-1]


def test_answers_and_errors_are_handed_on() -> None:
    slow = Slow()
    workers = Workers(slow)
    good, bad, gone = (workers.submit(abs, -1) for _ in range(3))
    slow.asked[0].set_result(1)
    slow.asked[1].set_exception(KeyError("bad"))
    slow.asked[2].cancel()
    assert good.result(0) == 1
    assert isinstance(bad.exception(0), KeyError)
    with pytest.raises(CancelledError):
        gone.result(0)


def test_what_is_cancelled_is_cancelled_where_it_is_done() -> None:
    slow = Slow()
    assert Workers(slow).submit(max, -1, 2, key=abs).cancel()
    assert slow.asked[0].cancelled()
    assert slow.tasks == [(max, (-1, 2), {"key": abs})]


def test_what_is_given_up_is_not_waited_for_and_stays_given_up() -> None:
    slow = Slow()
    workers = Workers(slow)
    answered, waiting = workers.submit(abs, -1), workers.submit(abs, -2)
    slow.asked[0].set_result(1)
    workers.give_up("all gone")
    assert answered.result(0) == 1
    for late in (lambda: slow.asked[1].set_result(2), lambda: None):
        with pytest.raises(BrokenExecutor, match="all gone"):
            waiting.result(0)
        late()
    with pytest.raises(BrokenExecutor, match="all gone"):
        workers.submit(abs, -3)
    assert len(slow.asked) == 2
