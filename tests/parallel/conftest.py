"""A crowd of returns of every kind, and what reading them one after the other gives."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile import mail, zipped
from msoffcrypto.format.ooxml import OOXMLFile
from parallel.crowds import PASSWORD, Crowd
from rewriting import rewritten
from tracking import CHAIR, HEAD_OF_RESEARCH, INTEGRATED_CARE, NURSING, copy_of, fill_in, issued_tracker

from lscb_workbook.copies.identity import SIGNATURE
from lscb_workbook.ooxml import Workbook
from lscb_workbook.returns import harvest
from lscb_workbook.tracker.reading import read_tracker


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """Some thirty files: good ones, and every kind that needs a decision of whoever counts them."""
    home = tmp_path_factory.mktemp("crowd")
    master, copies = issued_tracker(home)
    folder = home / "returns"
    folder.mkdir()
    chair = copy_of(copies, CHAIR)
    for number in range(16):
        fill_in(chair, folder / f"{number:02} chair.xlsx", {("6.1", "Commentary"): f"As at {number}"}, hour=9)
    for title in (HEAD_OF_RESEARCH, INTEGRATED_CARE, NURSING):
        shutil.copy(copy_of(copies, title), folder / f"{title}.xlsx")
    one = folder / "03 chair.xlsx"
    inside = fill_in(chair, home / "inside.xlsx", {("6.1", "RAG rating"): "Amber"})
    shutil.copy(one, folder / "again.xlsx")
    both = {"again.xlsx": one.read_bytes(), "inside.xlsx": inside.read_bytes(), "junk.bin": b"\0junk"}
    (folder / "all.zip").write_bytes(zipped(both))
    deep = zipped(both)
    for number in range(5):
        deep = zipped({f"{number}.zip": deep, f"{number}.txt": b"hello"})
    (folder / "a deep one.zip").write_bytes(deep)
    (folder / "twice.zip").write_bytes(zipped({"1.xlsx": inside.read_bytes(), "2.xlsx": inside.read_bytes()}))
    (folder / "twin.zip").write_bytes((folder / "all.zip").read_bytes())
    (folder / "crowded.zip").write_bytes(zipped({f"{n}.bin": b"\0junk %d" % n for n in range(120)}))
    (folder / "mail.eml").write_bytes(mail(xlsx=inside.read_bytes(), bin=b"\0junk"))
    (folder / "empty.xlsx").touch()
    (folder / "damaged.xlsx").write_bytes(one.read_bytes()[:5_000])
    (folder / "~$03 chair.xlsx").write_bytes(b"lock")
    rewritten(inside, folder / "no properties.xlsx", hidden_sheet=True)
    rewritten(fill_in(chair, home / "bare.xlsx", {("6.1", "Commentary"): "Bare"}), folder / "bare.xlsx")
    forged = _forged(one, folder / "forged.xlsx")
    _protected(forged, folder / "protected.xlsx")
    _protected(inside, folder / "protected, another password.xlsx", "secret")
    for path in folder.iterdir():
        os.utime(path, (1_474_400_000, 1_474_400_000))
    tracker = read_tracker(master)
    return Crowd(tracker, folder, harvest([folder], tracker))


@pytest.fixture
def in_small_handfuls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go out two by two, and few are under way, so that what happens midway happens midway."""
    monkeypatch.setattr("lscb_workbook.returns.forerunning._HANDFUL", 2)
    monkeypatch.setattr("lscb_workbook.returns.forerunning._UNDER_WAY", 3)


@pytest.fixture
def dask() -> Iterator[None]:
    """Close what Dask leaves open in this process once in a while when a worker is killed or does not
    answer: collected later, it would be laid to whatever test is running then."""
    before = {id(one) for one in _open_sockets()}
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    for left in _open_sockets():
        if id(left) not in before:
            left.close()


def _open_sockets() -> list[socket.socket]:
    return [one for one in gc.get_objects() if isinstance(one, socket.socket) and one.fileno() >= 0]


@pytest.fixture
def asked() -> Callable[[str], str]:
    """Somebody who knows the passwords, the second only at the second time of asking."""
    passwords = iter([PASSWORD, "wrong", "secret"])
    return lambda _: next(passwords, "")


def _forged(copy: Path, to: Path) -> Path:
    """A copy whose signature is another's."""
    book = Workbook.open(copy)
    book.set_properties({**book.properties, SIGNATURE: "ab" * 32})
    to.write_bytes(book.to_bytes())
    return to


def _protected(file: Path, to: Path, password: str = PASSWORD) -> None:
    with file.open("rb") as plain, to.open("wb") as locked:
        OOXMLFile(plain).encrypt(password, locked)
