"""Other programs' word on our workbooks: Microsoft's Open XML SDK validator, and LibreOffice.

Where a program is missing a test says so and is skipped; with CI=true it fails instead.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

__all__ = ["EACH_SHEET", "convert", "convert_all", "each_sheet", "missing", "profile", "validator_errors"]

ROOT = Path(__file__).resolve().parents[1]

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>
</oor:items>
"""
EACH_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""LibreOffice's CSV, one file for each sheet: commas, quotes, UTF-8, cells as they are shown."""
_RECALCULATE = ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0")


def missing(what: str) -> None:
    """Skip the test, or fail it in CI, since a program that it needs is not there."""
    message = f"{what} is not installed"
    if os.environ.get("CI", "").casefold() == "true":
        pytest.fail(message)
    pytest.skip(message)


@functools.cache
def _validator() -> str | None:
    """The program itself, for this system; the package's own command starts Node to start it."""
    beside = (ROOT / "node_modules" / "@xarsh").glob("ooxml-validator-*/ooxml-validator*")
    return next(map(str, beside), None)


def validator_errors(path: Path) -> list[str]:
    """What Microsoft's validator finds wrong with a workbook."""
    program = _validator()
    if program is None:
        missing("the Open XML validator (npm install)")
    command = [str(program), str(path), "Microsoft365"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said = json.loads(run.stdout)
    errors = [json.dumps(error) for error in said["errors"]]
    return errors if errors or said["ok"] else ["not ok, without a reason"]


@functools.cache
def profile(*setting: str) -> str:
    """A profile of LibreOffice's for this process, as its option: to make a new one takes longer than most
    conversions. ``setting`` is one of its settings: where it stands, its name, its value."""
    folder = Path(tempfile.mkdtemp(prefix="lscb-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if setting:
        settings = folder / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(_SETTINGS.format(*setting), encoding="utf-8")
    return f"-env:UserInstallation={folder.as_uri()}"


def convert(path: Path, form: str, folder: Path, *, recalculate: bool = False) -> Path:
    """The workbook as LibreOffice writes it in another format (or, recalculated, in the same)."""
    return convert_all([path], form, folder, recalculate=recalculate)[0]


def convert_all(paths: Sequence[Path], form: str, folder: Path, *, recalculate: bool = False) -> list[Path]:
    """The same of several workbooks of different names, in one run: to start it takes as long as a file."""
    said = _converted(paths, form, folder, recalculate)
    made = [folder / f"{path.stem}.{form}" for path in paths]
    assert all(path.exists() for path in made), said
    return made


def each_sheet(paths: Sequence[Path], folder: Path, *, recalculate: bool = False) -> list[dict[str, Path]]:
    """The same as CSV, which takes half as long: a file for each sheet, by the sheet's name."""
    said = _converted(paths, EACH_SHEET, folder, recalculate)
    made = [
        {one.stem.removeprefix(f"{p.stem}-"): one for one in folder.glob(f"{p.stem}-*.csv")} for p in paths
    ]
    assert all(made), said
    return made


def _converted(paths: Sequence[Path], form: str, folder: Path, recalculate: bool) -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        missing("LibreOffice")
    folder.mkdir(parents=True, exist_ok=True)
    settings = profile(*_RECALCULATE) if recalculate else profile()
    command = [str(program), settings, "--headless"]
    command += ["--convert-to", form, "--outdir", str(folder), *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    return run.stderr
