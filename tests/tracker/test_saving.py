"""Saving a master: what it keeps, and what is noticed before anything is changed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from struck import Server, server
from tracking import AS_AT, NOW, copy_of, issue, new_tracker

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook, saving
from lscb_workbook.steps import masters, papers
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.backups import backups_of
from lscb_workbook.tracker.reading import read_tracker


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_tracker(tmp_path_factory.mktemp("made"))


@pytest.fixture
def master(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "master.xlsx"))


def review(master: Path) -> None:
    """A command that changes a new master."""
    lw.review(master, as_at=AS_AT, now=NOW)


def refuses(master: Path, says: str, command: Callable[[Path], object] = review) -> None:
    """The command stops with a sentence, and nothing in the folder is another than before."""
    before = listed(master.parent)
    with pytest.raises(lw.WorkbookError, match=says) as stopped:
        command(master)
    assert "Nothing was changed" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert listed(master.parent) == before


def listed(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# --- what a save keeps -----------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_are_those_of_the_master_for_the_backup_too(master: Path) -> None:
    master.chmod(0o640)
    review(master)
    assert {path.stat().st_mode & 0o777 for path in (master, backups_of(master)[0].path)} == {0o640}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_that_of_the_master_for_the_backup_too(master: Path) -> None:
    os.chown(master, 65534, 65534)
    review(master)
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in (master, backups_of(master)[0].path)}
    assert owners == {(65534, 65534)}


def test_access_lists_and_other_attributes_of_the_master_stay_with_it(master: Path) -> None:
    if not hasattr(os, "setxattr"):
        pytest.skip("this system keeps no such attributes")
    try:
        os.setxattr(master, "user.about", b"the board's")
    except OSError:
        pytest.skip("this disk keeps no such attributes")
    review(master)
    for path in (master, backups_of(master)[0].path):
        assert os.getxattr(path, "user.about") == b"the board's"


def test_a_link_stays_a_link_and_the_file_that_it_leads_to_is_saved(master: Path, tmp_path: Path) -> None:
    before = master.read_bytes()
    (tmp_path / "desktop").mkdir()
    link = tmp_path / "desktop" / "tracker.xlsx"
    try:
        link.symlink_to(Path("..") / "master.xlsx")
    except OSError:
        pytest.skip("this system lets nobody make links")
    review(link)
    assert link.is_symlink()
    assert master.read_bytes() != before
    assert [one.path.read_bytes() for one in backups_of(master)] == [before]
    assert [path.name for path in link.parent.iterdir()] == ["tracker.xlsx"]
    lw.undo(link)
    assert link.is_symlink()
    assert master.read_bytes() == before


def test_any_file_behind_a_link_is_written_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"old")
    try:
        (tmp_path / "link.pdf").symlink_to("paper.pdf")
    except OSError:
        pytest.skip("this system lets nobody make links")
    saving.write_atomically(tmp_path / "link.pdf", b"new")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "paper.pdf").read_bytes() == b"new"


def test_a_group_that_cannot_be_given_is_given_no_rights(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "chown"):
        pytest.skip("this system has no groups of files")
    known = master.stat()
    master.chmod(0o664)

    class Other:
        st_mode, st_uid, st_gid = 0o100664, known.st_uid + 1, known.st_gid + 1

    real = Path.stat
    monkeypatch.setattr(
        Path, "stat", lambda path, **kw: Other if path.name == "like.xlsx" else real(path, **kw)
    )
    monkeypatch.setattr(os, "chown", failing(PermissionError(errno.EPERM, "no")))
    saving.write_atomically(master, b"new", like=master.with_name("like.xlsx"))
    monkeypatch.undo()
    assert master.stat().st_mode & 0o777 == 0o604


def test_what_a_killed_run_left_of_this_master_goes_with_the_next_save_and_nothing_else(
    master: Path, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    left = [tmp_path / ".saving-master.xlsx-0123456789ab.xlsx", backups / ".saving-master.xlsx-ba98.xlsx"]
    others = [tmp_path / ".saving-other.xlsx-0123456789ab.xlsx", tmp_path / ".master.xlsx.mine"]
    for path in (*left, *others, tmp_path / ".master.xlsx.lock"):
        path.write_bytes(b"half a master")
    review(master)
    assert set(tmp_path.rglob(".*")) == set(others)


def failing(error: OSError) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


# --- open, read-only, full -------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["~$master.xlsx", ".~lock.master.xlsx#"])
@pytest.mark.parametrize(
    "command",
    [
        review,
        lambda master: lw.merge(master, []),
        lambda master: lw.undo(master),
        lambda master: lw.board(master, master.with_name("paper.pdf")),
        lambda master: issue(master, master.with_name("copies")),
    ],
    ids=["review", "merge", "undo", "board", "issue"],
)
def test_a_master_that_is_open_is_noticed_by_every_command_that_writes_it(
    master: Path, lock: str, command: Callable[[Path], object]
) -> None:
    master.with_name(lock).write_bytes(b"")
    refuses(master, "is open in another program.*delete that file", command)


def test_a_master_that_is_opened_while_a_command_works_is_noticed(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = master.with_name("~$master.xlsx")
    meanwhile(monkeypatch, lambda: opened.write_bytes(b""))
    before = master.read_bytes()
    with pytest.raises(lw.WorkbookError, match="is open in another program"):
        review(master)
    assert master.read_bytes() == before


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something happens while a command works, after it has read the master."""
    real = masters.review_plan

    def done(*args: Any, **kwargs: Any) -> Any:
        happens()
        return real(*args, **kwargs)

    monkeypatch.setattr(masters, "review_plan", done)


def test_a_master_marked_read_only_is_left_alone(master: Path) -> None:
    master.chmod(0o444)
    refuses(master, "may only be read")
    master.chmod(0o644)


def test_a_master_that_windows_lets_nobody_write_is_left_alone(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def shared(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if path == master and mode == "r+b":
            raise PermissionError(errno.EACCES, "used by another process")
        return real(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", shared)
    refuses(master, "open in another program")


def test_a_rename_that_something_is_in_the_way_of_for_a_moment_is_tried_again(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, waits = Path.replace, iter(range(3))

    def held(path: Path, target: Path) -> Path:
        if next(waits, None) is not None:
            raise PermissionError(errno.EACCES, "used by another process")
        return real(path, target)

    monkeypatch.setattr(saving.time, "sleep", lambda _: None)
    monkeypatch.setattr(Path, "replace", held)
    review(master)
    assert next(waits, None) is None
    assert len(backups_of(master)) == 1


def test_a_rename_that_never_succeeds_is_given_up(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(saving.time, "sleep", slept.append)
    monkeypatch.setattr(Path, "replace", failing(PermissionError(errno.EACCES, "used by another process")))
    refuses(master, "cannot be written: it is open in another program")
    assert 1 < sum(slept) < 5


def test_too_little_room_is_noticed_beforehand(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 1_100_000

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage)
    refuses(master, "too little room.*1.1 MB are free")


def test_a_drive_that_does_not_say_what_room_it_has_is_written_all_the_same(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", failing(OSError(errno.ENOSYS, "not here")))
    review(master)
    assert len(backups_of(master)) == 1


@pytest.fixture(scope="session")
def humble(made: Path) -> Iterator[Server]:
    """Does steps as somebody who may not write everywhere."""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no such users")
    folder = Path(tempfile.mkdtemp())
    shutil.copy(made, folder / "master.xlsx")
    (folder / "returns").mkdir()
    (folder / "returns" / "a.csv").write_bytes(b"")
    with server(folder) as made_server:
        yield made_server
    shutil.rmtree(folder)


@pytest.fixture
def shared(made: Path) -> Iterator[Path]:
    """A master that is not its user's, in a folder that everybody can get to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        master = Path(shutil.copy(made, folder))
        master.chmod(0o644)
        yield master


@pytest.mark.parametrize("what", ["folder", "file"])
def test_who_may_not_write_is_told_so_and_may_still_read(humble: Server, shared: Path, what: str) -> None:
    if what == "folder":
        shared.chmod(0o666)
        shared.parent.chmod(0o555)
    else:
        shared.chmod(0o444 if os.getuid() else 0o644)
        shared.parent.chmod(0o777)
    before = listed(shared.parent)
    ran = humble.run("undo", shared.parent, humbly=True)
    assert ran.code == 2
    assert ("may not write to the folder" if what == "folder" else "may only be read") in ran.said
    assert "Nothing was changed" in ran.said
    read = humble.run("history", shared.parent, humbly=True)
    assert (read.code, read.said) == (0, "")
    assert listed(shared.parent) == before
    shared.parent.chmod(0o755)


@pytest.mark.parametrize("letters", [225, 245, 300])
def test_a_name_that_is_too_long_is_one_sentence_for_every_command(made: Path, letters: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / f"{'m' * letters}.xlsx"
        if letters < 250:
            shutil.copy(made, long)
        commands: list[Callable[[], object]] = [
            lambda: lw.new(None, Path(folder) / f"{'n' * letters}.xlsx"),
            lambda: review(long),
            lambda: lw.merge(long, [], dry_run=True),
            lambda: lw.undo(long),
            lambda: issue(long, Path(folder) / "copies"),
        ]
        before = listed(Path(folder))
        for command in commands:
            with pytest.raises(lw.WorkbookError, match=r"is too long: .*Make it shorter by \d+ letters"):
                command()
        assert listed(Path(folder)) == before


def test_undo_to_a_name_that_is_too_long_is_one_sentence(master: Path) -> None:
    review(master)
    with pytest.raises(lw.WorkbookError, match="xxx cannot be read: "):
        lw.undo(master, to=Path("x" * 300))


# --- a master that changes under the command -------------------------------------------------


def test_a_master_that_was_saved_by_another_meanwhile_is_not_written_over(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: master.write_bytes(b"what a colleague wrote"))
    with pytest.raises(lw.WorkbookError, match=r"was changed by another program.*Nothing was changed\."):
        review(master)
    assert listed(master.parent) == {"master.xlsx": b"what a colleague wrote"}


def test_a_master_that_was_renamed_meanwhile_is_not_made_again(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = master.read_bytes()
    meanwhile(monkeypatch, lambda: master.rename(master.with_name("master-PC12.xlsx")))
    with pytest.raises(lw.WorkbookError, match=r"was moved, renamed or deleted.*Nothing was changed\."):
        review(master)
    assert listed(master.parent) == {"master-PC12.xlsx": before}


def test_a_master_that_changes_in_the_last_moment_is_not_written_over_and_what_it_was_is_kept(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = master.read_bytes(), saving._write_out

    def written(waiting: Path, data: bytes, like: Path) -> None:
        real(waiting, data, like)
        if waiting.parent == master.parent:
            master.write_bytes(b"brought up to date")

    monkeypatch.setattr(saving, "_write_out", written)
    with pytest.raises(lw.WorkbookError, match="was changed by another program"):
        review(master)
    assert sorted(listed(master.parent).values()) == sorted([b"brought up to date", before])


# --- History never shrinks -------------------------------------------------------------------


@pytest.mark.parametrize("command", ["review", "merge", "issue"])
def test_a_save_that_would_lose_history_is_refused(
    master: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def shortened(book: Workbook, *_: object) -> None:
        book.fill("History", [])

    monkeypatch.setattr(writing, "append_history", shortened)
    before = listed(master.parent)
    with pytest.raises(lw.WorkbookError, match="History never shrinks"):
        {
            "review": review,
            "merge": lambda one: lw.merge(one, [], as_at=AS_AT),
            "issue": lambda one: issue(one, one.with_name("copies")),
        }[command](master)
    assert listed(master.parent) == before


def test_a_paper_that_cannot_be_written_does_not_say_that_nothing_was_changed(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "print_tabs", lambda _, output: saving.write_atomically(output, b"%PDF"))
    before = master.read_bytes()
    with pytest.raises(
        lw.WorkbookError, match=r"cannot be written.*The master itself was reviewed and saved"
    ):
        lw.board(master, master.parent / "none" / "paper.pdf", as_at=AS_AT, now=NOW)
    assert master.read_bytes() != before


# --- an issue that was cut short -------------------------------------------------------------


def test_copies_that_an_interrupted_issue_left_are_taken_as_they_are(master: Path, tmp_path: Path) -> None:
    before = master.read_bytes()
    issue(master, tmp_path / "copies")
    copies = listed(tmp_path / "copies")
    master.write_bytes(before)
    first = min(copies)
    (tmp_path / "copies" / first).unlink()
    (tmp_path / "copies" / f".saving-{first}-0123456789ab.xlsx").write_bytes(b"half a copy")
    issue(master, tmp_path / "copies")
    assert listed(tmp_path / "copies") == copies
    assert len(read_tracker(master).issued) == len(copies)


def test_a_copy_that_somebody_has_written_in_is_never_taken_for_one_that_was_left(
    master: Path, tmp_path: Path
) -> None:
    before = master.read_bytes()
    issue(master, tmp_path / "copies")
    master.write_bytes(before)
    filled = copy_of(tmp_path / "copies", read_tracker(master).plan.officers[3].title)
    filled.write_bytes(filled.read_bytes() + b" ")
    kept = listed(tmp_path / "copies")
    with pytest.raises(lw.WorkbookError, match=r"is there already.*cut short.*Move that file away"):
        issue(master, tmp_path / "copies")
    assert listed(tmp_path / "copies") == kept
    assert master.read_bytes() == before
