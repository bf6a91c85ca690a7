"""Files as other programs write them: Outlook's mails, and workbooks in the formats that SheetJS knows.

Both are made by ``tests/returns/office.js`` with the npm package ``xlsx``. Where node or the package is
missing a test says so and is skipped; with CI=true it fails instead.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from conformance import missing

__all__ = ["as_msg", "by_sheetjs"]

_SCRIPT = Path(__file__).parent / "returns" / "office.js"


def as_msg(spec: Mapping[str, object], to: Path) -> Path:
    """A mail as Outlook saves it. What ``spec`` may say is at the head of ``office.js``."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "spec.json"
        written.write_text(json.dumps(spec), encoding="utf-8")
        return _made("msg", written, to)


def by_sheetjs(source: Path, to: Path) -> Path:
    """A workbook as SheetJS writes it, in the format that the ending of ``to`` names (``.xlsb``)."""
    return _made(to.suffix.lstrip("."), source, to)


def _made(form: str, source: Path, to: Path) -> Path:
    program = shutil.which("node")
    if program is None:
        missing("node")
    if not _has_package():
        missing("the npm package xlsx (npm install)")
    command = [str(program), str(_SCRIPT), form, str(source), str(to)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert to.exists(), run.stderr
    return to


@functools.cache
def _has_package() -> bool:
    asked = ["node", "-e", "require.resolve('xlsx')"]
    return (
        subprocess.run(asked, cwd=_SCRIPT.parent, capture_output=True, timeout=60, check=False).returncode
        == 0
    )
