"""What a harvest gives does not depend on who reads the files, nor on what becomes of them."""

from __future__ import annotations

import os
import pickle
import shutil
import zlib
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster
from hostile import filled_copy, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parallel.crowds import PASSWORD, Crowd, Unsteady

from lscb_workbook.copies.identity import Claim, Witness
from lscb_workbook.returns import harvest
from lscb_workbook.returns.crew import crew
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.working import packed
from lscb_workbook.tracker.state import Tracker

pytestmark = pytest.mark.usefixtures("in_small_handfuls")

Asked = Callable[[str], str]


def test_the_crowd_holds_every_kind_that_needs_a_decision(crowd: Crowd) -> None:
    codes = {one.code for one in crowd.serial.findings}
    assert codes >= {
        "return-crowded",
        "return-duplicate",
        "return-not-a-copy",
        "return-protected",
        "return-recognised-by-content",
        "return-signature-invalid",
        "return-too-large",
        "return-unreadable",
    }
    assert len(crowd.serial.returns) > 20
    assert crowd.serial.ignored


# --- the same from every executor ------------------------------------------------------------


def test_threads_give_the_same(crowd: Crowd) -> None:
    with ThreadPoolExecutor(3) as executor:
        assert crowd.harvest(executor=executor) == crowd.serial


def test_processes_give_the_same(crowd: Crowd) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert crowd.harvest(executor=executor) == crowd.serial


def test_a_crew_gives_the_same(crowd: Crowd) -> None:
    with crew(2) as executor:
        assert crowd.harvest(executor=executor) == crowd.serial


@pytest.mark.parametrize("seed", range(3))
def test_an_executor_that_takes_them_in_any_order_gives_the_same(crowd: Crowd, seed: int) -> None:
    executor = Unsteady(seed)
    assert crowd.harvest(executor=executor) == crowd.serial
    assert executor.tasks > 10


@pytest.mark.parametrize("passwords", [(), (PASSWORD,), ("nothing", "secret")])
def test_passwords_given_go_along(crowd: Crowd, passwords: tuple[str, ...]) -> None:
    serial = crowd.harvest(passwords=passwords)
    assert crowd.harvest(passwords=passwords, executor=Unsteady()) == serial
    assert (serial == crowd.serial) == (not passwords)


def test_whoever_knows_the_passwords_is_asked_as_without_help(crowd: Crowd) -> None:
    def somebody() -> tuple[Asked, list[str]]:
        names: list[str] = []
        said = iter([PASSWORD, "wrong", "secret"])

        def ask(name: str) -> str:
            names.append(Path(name).name)
            return next(said, "")

        return ask, names

    (ask, names), (ask_again, names_again) = somebody(), somebody()
    assert crowd.harvest(ask=ask) == crowd.harvest(ask=ask_again, executor=Unsteady())
    assert names == names_again
    assert len(names) == 3


def test_limits_hold_alike(crowd: Crowd) -> None:
    limits = Limits(file_bytes=12_000, depth=1)
    serial = crowd.harvest(limits=limits)
    assert crowd.harvest(limits=limits, executor=Unsteady()) == serial
    assert serial != crowd.serial


def test_progress_tells_of_every_file_once(crowd: Crowd) -> None:
    alone: list[tuple[int, int]] = []
    helped: list[tuple[int, int]] = []
    crowd.harvest(progress=lambda *now: alone.append(now))
    crowd.harvest(progress=lambda *now: helped.append(now), executor=Unsteady())
    assert helped == alone == [(number, len(alone)) for number in range(1, len(alone) + 1)]


# --- whatever becomes of the workers ---------------------------------------------------------


def _cancelled(answer: Future[Any]) -> None:
    answer.cancel()


def _broken(answer: Future[Any]) -> None:
    answer.set_exception(BrokenExecutor("a worker died"))


def _failed(answer: Future[Any]) -> None:
    answer.set_exception(ModuleNotFoundError("No module named 'lscb_workbook'"))


@pytest.mark.parametrize("fate", [_cancelled, _broken, _failed])
def test_what_workers_do_not_answer_is_read_again(crowd: Crowd, fate: Callable[[Future[Any]], None]) -> None:
    executor = Unsteady(fails=lambda number: fate if number % 3 == 1 else None)
    assert crowd.harvest(executor=executor) == crowd.serial


def test_no_file_is_blamed_where_no_process_can_be_started(
    crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_startup(
        tmp_path,
        monkeypatch,
        "import os, sys\nif 'lscb_workbook.returns.alone' in sys.orig_argv: os._exit(3)",
    )
    assert crowd.harvest(executor=Unsteady(fails=lambda _: _broken)) == crowd.serial


def test_an_executor_that_takes_no_more_is_done_without(crowd: Crowd) -> None:
    def shut(number: int) -> None:
        if number > 4:
            raise RuntimeError("cannot schedule new futures after shutdown")

    assert crowd.harvest(executor=Unsteady(fails=shut)) == crowd.serial


def test_a_fault_of_the_tool_in_a_worker_is_told_as_without_help(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise KeyError("a fault of the tool")

    monkeypatch.setattr("lscb_workbook.returns.taking.returns_of", fault)
    with pytest.raises(KeyError, match="a fault of the tool"):
        crowd.harvest(executor=Unsteady())


@pytest.fixture
def killer(crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A file that ends every process of ours but this one that judges it, and the folder it lies in."""
    folder = tmp_path / "returns"
    shutil.copytree(crowd.folder, folder)
    deadly = folder / "05 chair, deadly.xlsx"
    deadly.write_bytes(filled_copy())
    _at_startup(tmp_path, monkeypatch, _DEADLY)
    return deadly, folder


def _at_startup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let every process that is started from here on begin with this code."""
    startup = tmp_path / "startup"
    startup.mkdir()
    (startup / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(startup))


_DEADLY = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from lscb_workbook.returns import taking

def returns_of(what, file, tracker, real=taking.returns_of):
    if "deadly" in file.name:
        os._exit(9)
    return real(what, file, tracker)

taking.returns_of = returns_of
"""


def test_a_file_that_ends_its_workers_is_set_aside_and_the_others_are_read(
    crowd: Crowd, killer: tuple[Path, Path]
) -> None:
    deadly, folder = killer
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = harvest([folder], crowd.tracker, executor=executor)
    deadly.unlink()
    rest = harvest([folder], crowd.tracker)
    assert found.returns == rest.returns
    aside = [one for one in found.quarantined if one not in rest.quarantined]
    assert [(one.file, one.code) for one in aside] == [(str(deadly), "return-stopped")]
    assert set(rest.findings) < set(found.findings)
    assert len(found.findings) == len(rest.findings) + 1


# --- a cluster -------------------------------------------------------------------------------


@pytest.mark.usefixtures("dask")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_cluster_gives_the_same_though_a_worker_is_killed_midway(crowd: Crowd) -> None:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
        client.get_executor(pure=False) as executor,
    ):
        processes = client.run(os.getpid)

        def kill(done: int, _: int) -> None:
            if done == 3:
                os.kill(next(iter(processes.values())), 9)

        assert crowd.harvest(executor=executor, progress=kill) == crowd.serial
        client.wait_for_workers(2, timeout=60)
        assert client.run(os.getpid) != processes


# --- what goes out ---------------------------------------------------------------------------


def test_the_key_that_signs_copies_does_not_leave_this_process(crowd: Crowd) -> None:
    sent: list[bytes] = []

    class Listening(Unsteady):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            sent.append(pickle.dumps((fn, args, kwargs)))
            sent.append(zlib.decompress(args[0].tracker))
            return super().submit(fn, *args, **kwargs)

    found = crowd.harvest(executor=Listening())
    assert sent
    assert not [one for one in sent if crowd.tracker.key.encode() in one]
    assert {back.signature.value for back in found.returns} == {"valid", "absent", "invalid"}


def test_a_witness_keeps_apart_what_each_thread_noted() -> None:
    witness = Witness()

    def note(number: int) -> tuple[Claim, ...]:
        witness.noted()
        claims = tuple(Claim(f"{number} {one}", b"") for one in range(3))
        for claim in claims:
            witness.note(claim)
        return claims if witness.noted() == claims else ()

    with ThreadPoolExecutor(4) as executor:
        assert all(executor.map(note, range(100)))
    assert not witness.noted()


def test_workers_know_which_rows_of_the_plan_are_gone(crowd: Crowd) -> None:
    tracker = replace(crowd.tracker, words={**crowd.tracker.words, "9.9.1": {"text": "No more."}})
    there: Tracker = pickle.loads(zlib.decompress(packed(tracker)))
    assert there.words.keys() - there.rows.keys() == {"9.9.1"}


def test_a_tracker_is_packed_alike_each_time(crowd: Crowd) -> None:
    assert packed(crowd.tracker) == packed(crowd.tracker)


# --- any pile of files -----------------------------------------------------------------------

_PILES = st.recursive(
    st.sampled_from(["return", "other", "junk", "empty", "text"]),
    lambda inner: st.lists(inner, min_size=1, max_size=4),
    max_leaves=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(piles=st.lists(_PILES, min_size=3, max_size=12), seed=st.integers(0, 99), depth=st.integers(1, 3))
def test_any_pile_of_zips_within_zips_is_counted_as_without_help(
    crowd: Crowd, tmp_path_factory: pytest.TempPathFactory, piles: list[Any], seed: int, depth: int
) -> None:
    leaves = {
        "return": (crowd.folder / "01 chair.xlsx").read_bytes(),
        "other": (crowd.folder / "forged.xlsx").read_bytes(),
        "junk": b"\0junk",
        "empty": b"",
        "text": b"hello",
    }

    def made(pile: Any) -> bytes:
        if isinstance(pile, str):
            return leaves[pile]
        return zipped({f"{number}.dat": made(one) for number, one in enumerate(pile)})

    folder = tmp_path_factory.mktemp("pile")
    for number, pile in enumerate(piles):
        (folder / f"{number}.dat").write_bytes(made(pile))
        os.utime(folder / f"{number}.dat", (1_474_400_000, 1_474_400_000))
    limits = Limits(depth=depth)
    executor = Unsteady(seed, fails=lambda number: _failed if number % 3 == seed % 4 else None)
    alone = harvest([folder], crowd.tracker, limits=limits)
    assert harvest([folder], crowd.tracker, limits=limits, executor=executor) == alone
