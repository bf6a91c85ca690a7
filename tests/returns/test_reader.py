"""The reading process: whatever a file does to it, the one that holds the master goes on."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from hostile import cell, filled_copy, row, sheet, with_sheet
from returning import outcome

from lscb_workbook.returns.files import reader as reading
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import Grid, Marks, Opened, Spot, UnreadableError
from lscb_workbook.returns.files.reader import AHEAD, Reader, _Records

LIMITS = Limits(seconds=20)
HELD = "lscb_workbook.returns.files.reading"


def _readers() -> list[psutil.Process]:
    """The reading processes that this process has started."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if HELD in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


def _slow() -> bytes:
    """A workbook that takes some seconds to read."""
    rows = b"".join(row(n, *(cell(f"{one}{n}", "s") for one in "ABCDEFGHIJ")) for n in range(1, 9_000))
    return with_sheet(filled_copy(), sheet(rows), times=20)


def _refusal(reader: Reader, data: bytes, name: str = "return.xlsx") -> tuple[str, str]:
    with pytest.raises(UnreadableError) as caught:
        reader.read(data, name)
    return caught.value.code, str(caught.value)


# --- ends ------------------------------------------------------------------------------------


def test_one_process_reads_file_after_file_and_is_gone_at_the_end() -> None:
    with Reader(LIMITS) as reader:
        assert isinstance(reader.read(filled_copy(), "a.xlsx"), Opened)
        (first,) = _readers()
        reader.read(filled_copy(), "b.xlsx")
        assert _readers() == [first]
    assert _readers() == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_no_process_is_left_behind_whatever_ends_the_work(error: type[BaseException]) -> None:
    def work() -> None:
        with Reader(LIMITS) as reader:
            reader.read(filled_copy(), "a.xlsx")
            raise error

    with pytest.raises(error):
        work()
    assert _readers() == []


def test_no_process_is_left_behind_when_a_merge_is_interrupted(issued: Path) -> None:
    def interrupt(_done: int, _total: int) -> None:
        assert _readers()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outcome(issued, issued / "copies", progress=interrupt)
    assert _readers() == []


def test_a_process_killed_while_it_reads_costs_that_file_alone() -> None:
    def kill() -> None:
        while not (found := _readers()):
            time.sleep(0.01)
        time.sleep(0.3)
        found[0].kill()

    with Reader(LIMITS) as reader:
        killer = threading.Thread(target=kill)
        killer.start()
        assert _refusal(reader, _slow()) == ("return-stopped", "the reader gave way under it")
        killer.join()
        assert isinstance(reader.read(filled_copy(), "b.xlsx"), Opened)
    assert _readers() == []


def test_a_process_killed_between_two_files_costs_neither() -> None:
    with Reader(LIMITS) as reader:
        reader.read(filled_copy(), "a.xlsx")
        (found,) = _readers()
        found.kill()
        psutil.wait_procs([found], timeout=10)
        assert isinstance(reader.read(filled_copy(), "b.xlsx"), Opened)


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read() -> None:
    with Reader(Limits(seconds=1.0)) as reader:
        code, reason = _refusal(reader, _slow())
        assert (code, reason) == ("return-stopped", "it takes longer than the 1 seconds allowed")
        assert _readers() == []
        reader.limits = LIMITS
        assert isinstance(reader.read(filled_copy(), "b.xlsx"), Opened)


def test_a_file_that_takes_too_much_memory_is_stopped() -> None:
    with Reader(Limits(seconds=20, memory_bytes=20_000_000)) as reader:
        code, reason = _refusal(reader, _slow())
    assert (code, reason) == ("return-stopped", "it needs more than the 20 MB of memory allowed")


def test_all_that_comes_in_one_file_is_read_for_so_long_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "TOGETHER", 0)
    with Reader(LIMITS) as reader:
        reader.read(filled_copy(), "a.xlsx")
        reader.begin()
        code, reason = _refusal(reader, filled_copy())
    assert code == "return-stopped"
    assert "the files it came with" in reason


# --- answers ---------------------------------------------------------------------------------


def _standing_in(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let this program stand in for the reading process."""
    started = subprocess.Popen

    def start(_command: list[str], **options: object) -> object:
        return started([sys.executable, "-c", program], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", start)


@pytest.mark.parametrize(
    "program",
    [
        "print('hello', flush=True); import time; time.sleep(60)",
        "import sys; sys.exit(3)",
        "import os; os.abort()",
        "import os; os.close(1); import time; time.sleep(60)",
        "import sys, pickle; pickle.dump([1, 2], sys.stdout.buffer)",
        "import sys, pickle; pickle.dump(None, sys.stdout.buffer)",
        "import sys, pickle, os; pickle.dump(os.system, sys.stdout.buffer)",
        "import sys; sys.stdout.buffer.write(b'x' * 1_000_000)",
    ],
)
def test_a_process_that_gives_no_answer_is_told_as_the_files_fault(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _standing_in(monkeypatch, program)
    with Reader(Limits(seconds=3)) as reader:
        assert _refusal(reader, b"x")[0] == "return-stopped"


def test_what_a_library_prints_does_not_stand_among_the_answers() -> None:
    program = (
        "import sys, lscb_workbook.returns.files.reading as reading\n"
        "told = reading._answer\n"
        "def noisy(request):\n"
        "    print('noise', flush=True)\n"
        "    import os; os.write(1, b'more noise'); os.write(2, b'and more')\n"
        "    return told(request)\n"
        "reading._answer = noisy\n"
        "reading.main()\n"
    )
    with pytest.MonkeyPatch.context() as patch, Reader(LIMITS) as reader:
        _standing_in(patch, program)
        for name in ("a.xlsx", "b.xlsx"):
            assert isinstance(reader.read(filled_copy(), name), Opened)


def test_an_answer_to_nothing_is_not_taken_for_the_next_files() -> None:
    program = (
        "import sys, pickle, struct\n"
        "def asked():\n"
        "    head = sys.stdin.buffer.read(24)\n"
        "    sys.stdin.buffer.read(*struct.unpack('<Q', head[16:]))\n"
        "    return head[:16]\n"
        "token = asked()\n"
        "for n in range(2):\n"
        "    told = pickle.dumps(('return-unreadable', f'answer {n}'))\n"
        "    sys.stdout.buffer.write(token + struct.pack('<Q', len(told)) + told)\n"
        "sys.stdout.buffer.flush()\n"
        "asked()\n"
    )
    with Reader(LIMITS) as reader:
        with pytest.MonkeyPatch.context() as patch:
            _standing_in(patch, program)
            assert _refusal(reader, b"x") == ("return-unreadable", "answer 0")
        time.sleep(0.5)
        assert isinstance(reader.read(filled_copy(), "b.xlsx"), Opened)


def test_records_come_across_as_they_are() -> None:
    moment = datetime(2016, 9, 20, 12)
    grid: Grid = [["a", 1, 1.5, True, None, date(2016, 9, 1), moment, moment.time(), timedelta(hours=30)]]
    marks = {"x": Marks(notes={Spot(1, 2): "note"})}
    record = Opened("an Excel workbook", "0" * 64, moment, {"a": "b"}, {"x": grid}, marks)
    assert _Records(io.BytesIO(pickle.dumps(record, pickle.HIGHEST_PROTOCOL))).load() == record


def _naming(module: str, name: str, *arguments: str) -> bytes:
    """A pickle that fetches this name and, given arguments, calls it."""
    said = b"\x80\x04"
    for word in (module, name):
        said += b"\x8c" + bytes([len(word)]) + word.encode()
    said += b"\x93"
    if arguments:
        said += b"".join(b"\x8c" + bytes([len(one)]) + one.encode() for one in arguments)
        said += {1: b"\x85", 2: b"\x86"}[len(arguments)] + b"R"
    return said + b"."


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("datetime", "sys"),
        ("datetime", "sys.modules.get"),
        ("datetime", "__builtins__.get"),
        ("datetime", "datetime.__class__"),
        ("datetime", "__loader__.get_data"),
        ("lscb_workbook.returns.files.opened", "Mapping"),
        ("lscb_workbook.returns.files.opened", "Opened.__class__"),
        ("lscb_workbook.returns.files.opened", "__builtins__"),
        ("lscb_workbook.returns.files.opening", "open_file"),
        ("lscb_workbook.ooxml", "Workbook"),
    ],
)
def test_nothing_but_records_comes_across(module: str, name: str) -> None:
    with pytest.raises(pickle.UnpicklingError):
        _Records(io.BytesIO(_naming(module, name))).load()


# --- ahead of their turn ---------------------------------------------------------------------


def _files(count: int) -> list[tuple[bytes, str]]:
    """So many files, each of its own bytes and name."""
    return [
        (with_sheet(filled_copy(), sheet(row(1, cell("A1", f"file {n}")))), f"{n}.xlsx") for n in range(count)
    ]


def _first_cell(reader: Reader, data: bytes, name: str) -> object:
    found = reader.read(data, name)
    assert isinstance(found, Opened)
    return next(grid[0][0] for grid in found.sheets.values() if str(grid[0][0]).startswith("file "))


def test_files_handed_over_beforehand_are_read_as_by_themselves() -> None:
    files = _files(2 * AHEAD)
    with Reader(LIMITS) as alone, Reader(LIMITS) as reader:
        for some in (files[:AHEAD], files[AHEAD:]):
            reader.foresee(some)
            for data, name in some:
                assert reader.read(data, name) == alone.read(data, name)


def test_files_may_be_read_in_another_order_than_they_were_handed_over_or_not_at_all() -> None:
    files = _files(5)
    with Reader(LIMITS) as reader:
        reader.foresee(files[:4])
        assert [_first_cell(reader, *files[n]) for n in (2, 4, 0, 3)] == [
            "file 2",
            "file 4",
            "file 0",
            "file 3",
        ]


def test_other_passwords_are_another_question() -> None:
    (data, name), *_ = _files(1)
    with Reader(LIMITS) as reader:
        reader.foresee([(data, name)], ("wrong",))
        assert isinstance(reader.read(data, name, ("right",)), Opened)
        assert isinstance(reader.read(data, name, ("wrong",)), Opened)


def test_a_file_that_takes_too_long_costs_none_of_those_handed_over_with_it() -> None:
    (first, one), (third, other) = _files(2)
    slow = _slow()
    with Reader(Limits(seconds=1.0)) as reader:
        reader.foresee([(first, one), (slow, "slow.xlsx"), (third, other)])
        assert _first_cell(reader, first, one) == "file 0"
        assert _refusal(reader, slow, "slow.xlsx") == (
            "return-stopped",
            "it takes longer than the 1 seconds allowed",
        )
        assert _first_cell(reader, third, other) == "file 1"


def test_a_process_that_is_killed_over_files_handed_over_costs_none() -> None:
    files = _files(AHEAD)
    with Reader(LIMITS) as reader:
        reader.foresee(files)
        (found,) = _readers()
        found.kill()
        psutil.wait_procs([found], timeout=10)
        assert [_first_cell(reader, *one) for one in files] == [f"file {n}" for n in range(AHEAD)]


@pytest.mark.parametrize(
    ("tokens", "taken"),
    [("[0, 0, 1, 2]", 1), ("[1, 0, 2]", 0), ("[0, 0, 0]", 1), ("[0]", 1), ("[]", 0), ("[2, 1, 0]", 0)],
    ids=["one twice", "in another order", "one for all", "one alone", "none", "backwards"],
)
def test_an_answer_goes_to_no_other_file_than_its_own(tokens: str, taken: int) -> None:
    program = (
        "import sys, pickle, struct\n"
        "head = sys.stdin.buffer.read(24)\n"
        "sys.stdin.buffer.read(*struct.unpack('<Q', head[16:]))\n"
        f"for n in {tokens}:\n"
        "    token = (int.from_bytes(head[:16], 'big') + n) % 2 ** 128\n"
        "    told = pickle.dumps(('return-unreadable', f'answer {n}'))\n"
        "    sys.stdout.buffer.write(token.to_bytes(16, 'big') + struct.pack('<Q', len(told)) + told)\n"
        "sys.stdout.buffer.flush()\n"
    )
    files = _files(3)
    with Reader(LIMITS) as reader:
        with pytest.MonkeyPatch.context() as patch:
            _standing_in(patch, program)
            reader.foresee(files)
        for number in range(taken):
            assert _refusal(reader, *files[number]) == ("return-unreadable", f"answer {number}")
        rest = range(taken, 3)
        assert [_first_cell(reader, *files[n]) for n in rest] == [f"file {n}" for n in rest]


def test_answers_of_files_whose_turn_has_not_come_are_held_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_TOLD_BYTES", 1)
    files = _files(3)
    with Reader(LIMITS) as reader:
        reader.foresee(files)
        assert [_first_cell(reader, *one) for one in files] == ["file 0", "file 1", "file 2"]


def test_answers_that_nobody_asked_for_are_let_go() -> None:
    files = _files(9)
    with Reader(LIMITS) as reader:
        for some in (files[:3], files[3:6], files[6:]):
            reader.foresee(some)
        assert [asked.name for asked, _ in reader._told] == ["3.xlsx", "4.xlsx", "5.xlsx"]
        reader.foresee(())
        reader.foresee(())
        assert not reader._told


def test_a_large_file_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_AHEAD_BYTES", 1)
    files = _files(2)
    with Reader(LIMITS) as reader:
        reader.foresee(files)
        assert not _readers()
        assert [_first_cell(reader, *one) for one in files] == ["file 0", "file 1"]


# --- the folder it is started in -------------------------------------------------------------

_MARKER = "import pathlib; pathlib.Path(r'{marker}').write_text('run')\n"


@pytest.mark.parametrize("python_path", ["", ".", os.pathsep, f"{os.pathsep}."])
def test_no_file_of_a_folder_of_returns_is_taken_for_a_module(
    python_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, marker = tmp_path / "returns", tmp_path / "marker"
    (place / "lscb_workbook").mkdir(parents=True)
    for name in ("openpyxl.py", "pickle.py", "python_calamine.py", "io.py", "lscb_workbook/__init__.py"):
        (place / name).write_text(_MARKER.format(marker=marker), encoding="utf-8")
    (place / "good.xlsx").write_bytes(filled_copy())
    monkeypatch.chdir(place)
    monkeypatch.setenv("PYTHONPATH", python_path)
    with Reader(LIMITS) as reader:
        assert isinstance(reader.read(filled_copy(), "a.xlsx"), Opened)
    assert not marker.exists()


@pytest.mark.parametrize("options", [["-P"], []])
def test_the_command_line_takes_no_file_of_the_current_folder_for_a_library(
    options: list[str], tmp_path: Path, issued: Path
) -> None:
    marker = tmp_path / "marker"
    for name in ("openpyxl.py", "typer.py", "rich.py", "psutil.py"):
        (tmp_path / name).write_text(_MARKER.format(marker=marker), encoding="utf-8")
    command = [sys.executable, *options, "-m", "lscb_workbook", "status", str(issued / "master.xlsx")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60)
    assert not marker.exists()
    assert ran.returncode == 0, ran.stderr
