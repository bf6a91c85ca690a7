"""Returns at addresses are read as those in folders are, and no password is shown."""

from __future__ import annotations

import io
import json
import pickle
import sys
import traceback
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st
from parallel.crowds import Crowd, Unsteady
from tracking import AS_AT, CHAIR, copy_of, entry, fill_in, issued_tracker

import lscb_workbook as lw
from lscb_workbook import cli
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Field
from lscb_workbook.returns import Harvest, harvest
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.finding import returned_files
from lscb_workbook.returns.urls import Address, is_url

WRITTEN = datetime(2016, 9, 20, 19, 33, 20)
"""When the files of the crowd were written (UTC)."""

Run = Callable[..., tuple[int, str, str]]


class Store(MemoryFileSystem):
    """Files in memory, as a store that only machines with the network see: no protocol says 'here'."""

    protocol = "store"
    store: dict[str, object] = {}  # noqa: RUF012 (as its parent has it)
    pseudo_dirs = [""]  # noqa: RUF012

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        bare = path.removeprefix("store://").rpartition("@")[2].strip("/")
        return f"/{bare}" if bare else ""


fsspec.register_implementation("store", Store, clobber=True)


@pytest.fixture
def memory(crowd: Crowd) -> Iterator[str]:
    """The address of the crowd's files in memory."""
    yield from _filled(MemoryFileSystem(), crowd)


@pytest.fixture
def store(crowd: Crowd) -> Iterator[str]:
    """The address of the crowd's files in the store."""
    yield from _filled(Store(), crowd)


def _filled(system: MemoryFileSystem, crowd: Crowd) -> Iterator[str]:
    for path in sorted(crowd.folder.iterdir()):
        system.pipe(f"/bucket/returns/{path.name}", path.read_bytes())
        system.store[f"/bucket/returns/{path.name}"].created = WRITTEN.replace(tzinfo=UTC)
    yield f"{system.protocol}://bucket/returns"
    system.store.clear()


def said(found: Harvest, root: object) -> dict[str, object]:
    """What a harvest says, but for where the files lie and when they were written."""
    return {
        "returns": [
            (back.file.removeprefix(str(root)), back.sha256, back.officer, back.edits, back.saved_at)
            for back in found.returns
        ],
        "aside": [(one.file.removeprefix(str(root)), one.code) for one in found.quarantined],
        "findings": sorted((one.file.removeprefix(str(root)), one.code, one.ref) for one in found.findings),
        "ignored": [name.removeprefix(str(root)) for name in found.ignored],
    }


# --- where they may lie ----------------------------------------------------------------------


def test_a_folder_in_memory_is_read_as_one_on_disk(crowd: Crowd, memory: str) -> None:
    found = harvest([memory], crowd.tracker)
    assert said(found, memory) == said(crowd.serial, crowd.folder)
    assert {back.written_at for back in found.returns if "/mail.eml/" not in back.file} >= {WRITTEN}


def test_a_folder_on_disk_may_be_named_by_its_address(crowd: Crowd) -> None:
    address = crowd.folder.as_uri()
    assert said(harvest([address], crowd.tracker), address) == said(crowd.serial, crowd.folder)


def test_a_zip_at_an_address_may_be_looked_into(crowd: Crowd) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for path in crowd.folder.iterdir():
            archive.writestr(zipfile.ZipInfo(f"q2/{path.name}", (2016, 9, 20, 19, 33, 20)), path.read_bytes())
    MemoryFileSystem().pipe("/all.zip", whole.getvalue())
    found = harvest(["zip://q2::memory://all.zip"], crowd.tracker)
    assert said(found, "memory://all.zip/q2") == said(crowd.serial, crowd.folder)
    assert datetime(2016, 9, 20, 19, 33, 20) in {back.written_at for back in found.returns}
    MemoryFileSystem.store.clear()


def test_one_file_may_be_named(crowd: Crowd, memory: str) -> None:
    found = harvest([f"{memory}/03 chair.xlsx"], crowd.tracker)
    assert [back.file for back in found.returns] == [f"{memory}/03 chair.xlsx"]
    litter = harvest([f"{memory}/~$03 chair.xlsx"], crowd.tracker)
    assert [one.code for one in litter.quarantined] == ["return-not-a-copy"]


def test_folders_and_addresses_go_together_and_each_file_counts_once(crowd: Crowd, memory: str) -> None:
    places = [f"{memory}/03 chair.xlsx", f"{memory}/04 chair.xlsx"]
    found = harvest([*places, crowd.folder / "03 chair.xlsx"], crowd.tracker)
    assert [Path(back.file).name for back in found.returns] == ["03 chair.xlsx", "04 chair.xlsx"]
    assert [one.file for one in found.findings if one.code == "return-duplicate"] == [places[0]]


def test_workers_read_by_themselves_what_only_the_network_has(crowd: Crowd, store: str) -> None:
    executor = Unsteady()
    alone = harvest([store], crowd.tracker)
    assert harvest([store], crowd.tracker, executor=executor) == alone
    assert executor.tasks
    assert all(not isinstance(one, tuple) for one in executor.items)
    assert said(alone, store) == said(crowd.serial, crowd.folder)


def test_what_a_worker_cannot_see_is_read_here(crowd: Crowd, store: str) -> None:
    # In the worker's process nobody has registered the protocol.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        assert harvest([store], crowd.tracker, executor=executor) == harvest([store], crowd.tracker)


def test_what_only_this_process_sees_is_sent_to_workers(crowd: Crowd, memory: str) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        assert harvest([memory], crowd.tracker, executor=executor) == harvest([memory], crowd.tracker)


# --- files that are not as they should be ----------------------------------------------------


def test_a_file_that_changes_while_it_is_read_is_said_to(
    crowd: Crowd, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = MemoryFileSystem._open

    def writing(system: MemoryFileSystem, path: str, *args: object, **kwargs: object) -> object:
        system.store[path].created = datetime.now()
        return opened(system, path, *args, **kwargs)

    monkeypatch.setattr(MemoryFileSystem, "_open", writing)
    found = harvest([f"{memory}/03 chair.xlsx"], crowd.tracker)
    assert [one.code for one in found.quarantined] == ["return-changing"]


def test_a_file_that_is_too_large_is_not_read(crowd: Crowd, memory: str) -> None:
    found = harvest([f"{memory}/03 chair.xlsx"], crowd.tracker, limits=Limits(file_bytes=1_000))
    assert [one.code for one in found.quarantined] == ["return-too-large"]


def test_a_file_that_may_not_be_read_stops_no_other(
    crowd: Crowd, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = MemoryFileSystem._open

    def refused(system: MemoryFileSystem, path: str, *args: object, **kwargs: object) -> object:
        if "03 chair" in path:
            raise PermissionError(13, "Access denied for sftp://ann:hunter2@host/x")
        return opened(system, path, *args, **kwargs)

    monkeypatch.setattr(MemoryFileSystem, "_open", refused)
    found = harvest([memory], crowd.tracker)
    assert (f"{memory}/03 chair.xlsx", "return-unreadable") in {
        (one.file, one.code) for one in found.quarantined
    }
    assert len(found.returns) > 15


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("memory://nowhere", "There is no file or folder memory://nowhere. Check the address."),
        ("nonsense://x", "nonsense://x cannot be read: Protocol not known: nonsense. Check the address"),
        (
            "s3://bucket/x",
            "Reading returns from s3://bucket/x needs one more Python package. Its reader says: 'Install",
        ),
        ("sftp://ann:hunter2@host/x", "Reading returns from sftp://ann@host/x needs one more Python package"),
    ],
)
def test_an_address_that_cannot_be_read_is_said_why(crowd: Crowd, place: str, message: str) -> None:
    with pytest.raises(WorkbookError) as error:
        harvest([place], crowd.tracker)
    assert str(error.value).startswith(message)
    assert "hunter2" not in str(error.value)


def test_without_fsspec_the_way_to_install_it_is_said(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(WorkbookError, match=r"pip install 'lscb-workbook\[urls\]'"):
        harvest(["memory://bucket"], crowd.tracker)


# --- what is shown of an address -------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/a", "s3://bucket/a"),
        ("sftp://ann@host:22/a@b", "sftp://ann@host:22/a@b"),
        ("sftp://host:22/a@b.xlsx", "sftp://host:22/a@b.xlsx"),
        ("sftp://ann:hunter2@host/a", "sftp://ann@host/a"),
        ("sftp://ann:hun@ter:2@host/a", "sftp://ann@host/a"),
        ("sftp://ann:hun/ter2@host/a", "sftp://ann@host/a"),
        ("https://hunter2@host/a?sig=hunter2", "https://host/a"),
        ("zip://a/b::sftp://ann:hunter2@host/all.zip", "sftp://ann@host/all.zip/a/b"),
        ("zip://::memory://all.zip", "memory://all.zip"),
        ("simplecache::s3://bucket/a", "s3://bucket/a"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    address = Address(url)
    assert address.shown == shown
    assert "hunter" not in repr(address)


@given(
    password=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/@"), min_size=8)
)
def test_no_password_is_shown_whatever_is_in_it(password: str) -> None:
    address = Address(f"sftp://ann:{password}@host/returns")
    assert password not in address.shown
    assert password not in address.without_secrets(f"cannot reach {address.url}: bad password '{password}'")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("s3://bucket/x", True),
        ("zip://a::s3://b/c", True),
        ("simplecache::s3://b/c", True),
        ("C:\\returns", False),
        ("C:/returns", False),
        ("c://returns", False),
        ("returns", False),
        ("/home/ann/a:b/returns", False),
        ("ab::cd.xlsx", False),
    ],
)
def test_an_address_is_told_from_a_path(text: str, is_one: bool) -> None:
    assert is_url(text) == is_one


def test_a_password_is_nowhere_in_what_is_kept(tmp_path: Path, run: Run) -> None:
    master, copies = issued_tracker(tmp_path)
    system = Store()
    answers = {("6.1", "Commentary"): "From afar", ("6.1", "RAG rating"): "turquoise"}
    back = fill_in(copy_of(copies, CHAIR), tmp_path / "back.xlsx", answers)
    system.pipe("/host/returns/back.xlsx", back.read_bytes())
    system.pipe("/host/returns/junk.bin", b"\0junk")
    address = "store://ann:hunter2@host/returns"
    code, out, err = run("status", master, address, "--json")
    assert code == 0, err
    assert [one["file"] for one in json.loads(out)["returns"]] == ["store://ann@host/returns/back.xlsx"]
    code, out, err = run("merge", master, address, "--as-at", "2016-10-01")
    assert code == 0, err
    assert entry(master, "6.1", Field.COMMENTARY) == "From afar"
    with zipfile.ZipFile(master) as package:
        kept = b"".join(package.read(name) for name in package.namelist())
    assert b"store://ann@host/returns/back.xlsx" in kept
    assert b"hunter2" not in kept
    assert "hunter2" not in out + err
    system.store.clear()


def test_the_place_of_a_file_travels_to_workers_whole(memory: str) -> None:
    (file, *_) = returned_files([memory]).files
    assert pickle.loads(pickle.dumps(file)) == file


# --- what must be here -----------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process: the exit code, and what it prints."""

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lscb-workbook", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "300")
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        told = capsys.readouterr()
        return int(end.value.code or 0), told.out, told.err

    return command


@pytest.mark.parametrize("command", ["status", "merge", "review", "history", "chase", "undo"])
def test_a_master_at_an_address_is_refused_in_one_sentence(run: Run, command: str) -> None:
    code, _, err = run(command, "s3://ann:hunter2@bucket/master.xlsx")
    assert code == 2
    assert "s3://ann@bucket/master.xlsx is an address" in err
    assert "hunter2" not in err


def test_copies_and_new_masters_are_not_written_to_addresses(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    master, _ = issued_tracker(tmp_path)
    days = ("--cycle", "Q3", "--issued", "2016-12-01", "--return-by", "2016-12-20")
    assert run("issue", master, "-o", "s3://bucket/copies", *days)[0] == 2
    assert run("new", "-o", "s3://bucket/master.xlsx")[0] == 2
    assert not (tmp_path / "s3:").exists()


def test_the_library_says_the_same_of_a_master(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="is an address"):
        lw.merge(Path("s3://bucket/master.xlsx"), [tmp_path], as_at=AS_AT)


def test_no_password_is_in_what_led_to_an_error_either() -> None:
    """``--debug`` prints the errors that an error came from; a store's own may quote the whole address."""

    class Gossip(Store):
        protocol = "gossip"

        def find(self, path: str, *_args: object, **_facts: object) -> object:
            raise RuntimeError(f"gossip://ann:hunter2@store/{path} does not answer")

    fsspec.register_implementation("gossip", Gossip, clobber=True)
    with pytest.raises(WorkbookError) as caught:
        list(returned_files(["gossip://ann:hunter2@store/returns"]).files)
    shown = "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in shown.replace('["gossip://ann:hunter2@store/returns"]', "")
