"""Fuzzing what reads returns: real files changed at random, in their bytes and inside their packing.

`scripts/fuzz.py` runs this for as long as it is told; `tests/returns/test_fuzz.py` for a little while. A
failure is anything but a record or an UnreadableError from opening a file, anything but a result or a
WorkbookError from merging a folder of them, a merge that goes on beyond the limits, and a file written.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from conformance import convert
from hostile import filled_copy, mail, zipped
from office import as_msg
from tracking import AS_AT, issued_tracker

import lscb_workbook as lw
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import UnreadableError
from lscb_workbook.returns.files.opening import open_file

__all__ = ["Failure", "bases", "main", "merge_fails", "mutated", "opening_fails"]

LIMITS = Limits(seconds=10, memory_bytes=800_000_000)
IN_PROCESS = ("xlsx", "csv", "zip", "eml", "msg")
"""The kinds that are also opened in this process, which is quicker. The others' readers may abort."""
BATCH = 30
_NUMBERS = (0, 1, 255, 256, 65_535, 65_536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (
    "", "0", "-1", "1e999", "NaN", "inf", "99999999999999999999", "1048576", "1048577", "16384",
    "A1:XFD1048576", "XFD1048576", "ZZZZZZ9", "A0", "#REF!", "=1+1", "true", "s", "str", "e", "d", "b",
    "inlineStr", "shared",
    "../../x", "/", "&#0;", "&x;", "\ufffd", "\U0001f40e", "2016-13-45", "2016-09-01T25:61:00", "Amber",
    "6.3", "x" * 9_999,
)  # fmt: skip
_TOKEN = re.compile(rb"<[^<>]*>|[^<>]+")
_VALUE = re.compile(rb'"[^"]*"')


class Failure(NamedTuple):
    """A file that was not borne, and what became of it."""

    name: str
    data: bytes
    what: str


# --- what is changed -------------------------------------------------------------------------


def bases(folder: Path) -> dict[str, bytes]:
    """The same return in every form that there is a program here for."""
    filled = filled_copy()
    attached = {"name": "return.xlsx", "base64": base64.b64encode(filled).decode()}
    spec = {"subject": "x", "sender": {"name": "A", "email": "a@example.org"}, "attachments": [attached]}
    found = {"xlsx": filled, "zip": zipped({"a/return.xlsx": filled}), "eml": mail(xlsx=filled)}
    (folder / "return.xlsx").write_bytes(filled)
    made: dict[str, Callable[[], Path]] = {
        form: lambda form=form: convert(folder / "return.xlsx", form, folder)  # type: ignore[misc]
        for form in ("ods", "xls", "csv")
    }
    made["msg"] = lambda: as_msg(spec, folder / "return.msg")
    for form, make in made.items():
        try:
            found[form] = make().read_bytes()
        except pytest.skip.Exception:
            continue
    return found


def mutated(form: str, data: bytes, chance: random.Random) -> bytes:
    """A file changed at random: its bytes as they stand, or what is packed in it, packed again."""
    if form in ("xlsx", "ods") and chance.random() < 0.8:
        return _with_a_member_changed(data, chance)
    if form in ("zip", "eml") and chance.random() < 0.5:
        inner = _with_a_member_changed(filled_copy(), chance)
        return zipped({_named(chance): inner}) if form == "zip" else mail(xlsx=inner)
    return _bytes_changed(data, chance)


def _named(chance: random.Random) -> str:
    return chance.choice(
        ("a.xlsx", "../a.xlsx", "C:\\a.xlsx", "a\n.xlsx", "\u202ea", "a.csv", "a.ods", "a.zip", "a.msg")
    )


def _with_a_member_changed(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {info.filename: package.read(info) for info in package.infolist()}
    for _ in range(chance.choice((1, 1, 1, 3))):
        name = chance.choice(sorted(members))
        lot = chance.random()
        if lot < 0.03:
            del members[name]
        elif lot < 0.06:
            members[chance.choice(sorted(members))] = members[name]
        elif lot < 0.15:
            members[name] = _bytes_changed(members[name], chance)
        else:
            members[name] = _xml_changed(members[name], chance)
        if not members:
            break
    return zipped(members)


def _xml_changed(xml: bytes, chance: random.Random) -> bytes:
    """XML with some of its tags, attributes and texts changed, mostly still well formed."""
    tokens = _TOKEN.findall(xml)
    for _ in range(chance.choice((1, 2, 5, 20))):
        if not tokens:
            break
        at = chance.randrange(len(tokens))
        word = chance.choice(_WORDS).encode()
        values = [*_VALUE.finditer(tokens[at])]
        lot = chance.random()
        if values and lot < 0.6:
            value = chance.choice(values)
            tokens[at] = tokens[at][: value.start()] + b'"' + word + b'"' + tokens[at][value.end() :]
        elif not tokens[at].startswith(b"<"):
            tokens[at] = word
        elif lot < 0.75:
            tokens[at] += tokens[chance.randrange(len(tokens))]
        elif lot < 0.85:
            del tokens[at]
        elif lot < 0.95:
            end = min(at + chance.randrange(1, 30), len(tokens))
            tokens[at:at] = tokens[at:end] * chance.choice((1, 2, 50))
        else:
            tokens[at] = _bytes_changed(tokens[at], chance)
    return b"".join(tokens)


def _bytes_changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        if not changed:
            break
        at = chance.randrange(len(changed))
        kind = chance.randrange(6)
        if kind == 0:
            del changed[at:]
        elif kind == 1:
            del changed[at : at + chance.choice((1, 4, 512))]
        elif kind == 2:
            changed[at:at] = changed[at : at + chance.choice((1, 16, 512))]
        elif kind == 3:
            width = chance.choice((2, 4))
            number = chance.choice(_NUMBERS) % (1 << 8 * width)
            changed[at : at + width] = number.to_bytes(width, "little")
        else:
            changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


# --- what must hold --------------------------------------------------------------------------


def opening_fails(name: str, data: bytes) -> Failure | None:
    """What goes wrong where a file is opened in this process; None where nothing does."""
    start = time.monotonic()
    try:
        open_file(data, name, LIMITS, ("secret",))
    except (UnreadableError, MemoryError):
        pass
    except Exception:
        return Failure(name, data, traceback.format_exc())
    took = time.monotonic() - start
    return Failure(name, data, f"opening took {took:.0f} seconds") if took > LIMITS.seconds else None


def merge_fails(files: Mapping[str, bytes], issued: Path) -> Iterator[Failure]:
    """What goes wrong where files are merged together, all that is the reader's part among it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, data in files.items():
            (place / name).write_bytes(data)
        before = _tree(place), _tree(issued)
        start = time.monotonic()
        try:
            made = lw.merge(issued / "master.xlsx", [place], as_at=AS_AT, dry_run=True, limits=LIMITS)
        except WorkbookError:
            made = None
        except Exception:
            yield from _guilty(files, issued, traceback.format_exc())
            return
        took = time.monotonic() - start
        if took > (LIMITS.seconds + 2) * len(files):
            yield from _guilty(files, issued, f"merging took {took:.0f} seconds")
        if (_tree(place), _tree(issued)) != before:
            yield from _guilty(files, issued, "something was written")
        for one in made.harvest.quarantined if made else ():
            if "the reader fails on it" in one.message:
                name = Path(one.file).relative_to(place).parts[0]
                yield Failure(name, files[name], one.message)


def _guilty(files: Mapping[str, bytes], issued: Path, what: str) -> Iterator[Failure]:
    """Of several files, those that are at fault by themselves."""
    if len(files) == 1:
        yield from (Failure(name, data, what) for name, data in files.items())
        return
    found = [failure for name, data in files.items() for failure in merge_fails({name: data}, issued)]
    yield from found or (Failure(f"all {len(files)} files together", b"", what) for _ in range(1))


def _tree(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_size for path in folder.rglob("*")}


# --- running it ------------------------------------------------------------------------------


def cases(made: Mapping[str, bytes], seed: int) -> Iterator[tuple[str, bytes]]:
    """Files without end, by name; the same for the same seed and the same files to begin with."""
    number = 0
    while True:
        chance = random.Random(f"{seed}-{number}")
        form = chance.choice(sorted(made))
        ending = form if chance.random() < 0.9 else chance.choice(("xlsx", "csv", "eml", "zip", "dat"))
        yield f"{number}-{form}.{ending}", mutated(form, made[form], chance)
        number += 1


def fuzz(
    made: Mapping[str, bytes], issued: Path, seed: int, goes_on: Callable[[int], bool]
) -> Iterator[Failure]:
    """Open and merge files as long as it ``goes_on`` (asked with their number)."""
    batch: dict[str, bytes] = {}
    for number, (name, data) in enumerate(cases(made, seed)):
        if not goes_on(number):
            break
        failure = (
            opening_fails(name, data) if name.partition("-")[2].partition(".")[0] in IN_PROCESS else None
        )
        if failure:
            yield failure
        elif number % 3 == 0 or not name.partition("-")[2].startswith(IN_PROCESS):
            batch[name] = data
        if len(batch) == BATCH:
            yield from merge_fails(batch, issued)
            batch = {}
    if batch:
        yield from merge_fails(batch, issued)


def main(arguments: list[str]) -> int:
    """Fuzz until told to stop; 1 where something failed."""
    parser = argparse.ArgumentParser(prog="fuzz.py", description="Fuzz what reads returned files.")
    parser.add_argument("--seconds", type=float, default=300, help="how long (default: 300)")
    parser.add_argument("--count", type=int, default=0, help="how many files at most (default: no end)")
    parser.add_argument("--seed", type=int, default=0, help="what the files depend on (default: 0)")
    parser.add_argument("--keep", type=Path, help="a folder for the files that fail")
    chosen = parser.parse_args(arguments)
    until = time.monotonic() + chosen.seconds
    done, failed = 0, Counter[str]()

    def goes_on(number: int) -> bool:
        nonlocal done
        done = number
        if number and number % 500 == 0:
            print(f"{number} files, {failed.total()} failures", flush=True)
        return time.monotonic() < until and (not chosen.count or number < chosen.count)

    with tempfile.TemporaryDirectory() as folder:
        issued = Path(folder) / "issued"
        issued.mkdir()
        issued_tracker(issued)
        made = bases(Path(folder))
        print(f"Changing a return as {', '.join(sorted(made))}; seed {chosen.seed}.", flush=True)
        for failure in fuzz(made, issued, chosen.seed, goes_on):
            last = failure.what.strip().splitlines()[-1]
            failed[last] += 1
            if failed[last] == 1:
                print(f"\n{failure.name}:\n{failure.what}", flush=True)
            if chosen.keep:
                chosen.keep.mkdir(parents=True, exist_ok=True)
                kept = chosen.keep / f"{hashlib.sha256(failure.data).hexdigest()[:12]}-{failure.name}"
                kept.write_bytes(failure.data)
                kept.with_suffix(".txt").write_text(failure.what, encoding="utf-8")
    print(f"{done} files, {failed.total()} failures")
    for last, count in failed.most_common():
        print(f"{count:6} {last}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
