"""The project's own Python environment, `.venv`, made when it is missing or out of date.

Needs nothing but Python 3.11. A second run is quick: the project is installed again only when
`setup.cfg` or `pyproject.toml` changed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_with(extra: str = "") -> Path:
    """The environment's Python, with the project and, if given, one of its extras installed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well be what runs this
        sys.exit(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. See https://www.python.org"
        )
    wanted = hashlib.sha256((ROOT / "setup.cfg").read_bytes() + (ROOT / "pyproject.toml").read_bytes())
    stamp = FOLDER / f"installed{'-' + extra if extra else ''}.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted.hexdigest():
        return PYTHON
    if not PYTHON.exists():
        print(f"Making the environment {FOLDER.name} (once) ...", flush=True)
        venv.create(FOLDER, with_pip=True, clear=FOLDER.exists())
    print("Installing what the project needs (once) ...", flush=True)
    project = f"{ROOT}[{extra}]" if extra else str(ROOT)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", project]
    if subprocess.run(install, cwd=ROOT, check=False).returncode:
        sys.exit("The installation failed; the lines above say why. Mend that and run the command again.")
    stamp.write_text(wanted.hexdigest())
    return PYTHON


def run(*arguments: str, extra: str = "", cwd: Path | None = None) -> int:
    """Run the environment's Python with these arguments; its exit code."""
    return subprocess.run([str(python_with(extra)), *arguments], cwd=cwd, check=False).returncode
