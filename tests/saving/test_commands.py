"""What a person reads when a master is put back, kept, or worked on by somebody else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lscb_workbook import cli
from lscb_workbook.tracker import locking
from lscb_workbook.tracker.backups import KEEP, backups_of
from lscb_workbook.tracker.locking import alone


class Commands:
    """Runs the command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        """The exit code, what was said, and what was said on standard error."""
        self._patch.setattr(sys, "argv", ["lscb-workbook", *map(str, arguments)])
        self._patch.setenv("COLUMNS", "300")
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = self._capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(monkeypatch, capsys)


@pytest.fixture
def master(quarter: Path) -> Path:
    return quarter / "master.xlsx"


def test_undo_says_what_it_went_back_to_and_the_command_that_it_names_brings_the_newer_back(
    run: Commands, master: Path
) -> None:
    run("review", master, "--as-at", "2016-10-01")
    newer = master.read_bytes()
    gone_back_to = backups_of(master)[-1]
    code, out, _ = run("undo", master)
    assert code == 0
    assert f"{gone_back_to.until:%d/%m/%Y at %H:%M:%S}" in out
    assert str(gone_back_to.path) in out
    kept = backups_of(master)[-1].path.name
    assert f'undo "{master}" --to "{kept}"' in out
    assert run("undo", master, "--to", kept)[0] == 0
    assert master.read_bytes() == newer


def test_backups_marks_the_one_that_undo_goes_back_to(run: Commands, master: Path) -> None:
    run("review", master, "--as-at", "2016-10-01")
    code, out, _ = run("backups", master)
    lines = [line for line in out.splitlines() if "master 20" in line and "--to" not in line]
    assert code == 0
    assert [line.count("undo goes here") for line in lines] == [1, 0]
    assert backups_of(master)[-1].path.name in lines[0]
    assert "copies issued" in out
    assert f'Next: lscb-workbook undo "{master}" goes back to the one marked' in out
    assert f'lscb-workbook undo "{master}" --to "{backups_of(master)[0].path.name}"' in out


def test_a_master_without_backups_says_so(run: Commands, master: Path) -> None:
    for backup in backups_of(master):
        backup.path.unlink()
    out = run("backups", master)[1]
    assert str(master.with_name("backups")) in out
    assert "Version History" in out
    code, _, err = run("undo", master)
    assert code == 2
    assert "no backup" in err
    assert err.count("\n") == 1


def test_keep_is_at_least_one_and_the_help_says_how_many_there_are_without_it(
    run: Commands, master: Path
) -> None:
    before = master.read_bytes()
    assert run("review", master, "--keep", "0")[0] == 2
    assert master.read_bytes() == before
    for command in ("issue", "merge", "review", "board"):
        assert f"default: {KEEP}" in run(command, "--help")[1]
    run("review", master, "--as-at", "2016-10-01", "--keep", "1")
    assert len(backups_of(master)) == 1


@pytest.mark.parametrize("command", ["merge", "review", "undo"])
def test_who_must_wait_is_told_for_what_and_then_what_to_do(
    run: Commands, master: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(locking, "SOON", 0.01)
    monkeypatch.setattr(locking, "PATIENCE", 0.02)
    with alone(master):
        code, out, err = run(command, master)
    assert (code, out) == (2, "")
    waiting, stopped = err.splitlines()
    assert "waiting for it to finish" in waiting
    assert "Wait until it has finished, then run the command again" in stopped
