"""Run all tests: `python3 scripts/test.py [options of pytest]`.

Makes `.venv` and installs the project and its test tools there on the first run. Tests that open
workbooks in LibreOffice or hold them against the Open XML validator (Node) say that they are skipped
where those programs are missing; with CI=true they fail instead.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from environment import ROOT, run


def install_validator() -> None:
    """Fetch what `package.json` names, where Node is there and it is not."""
    npm = shutil.which("npm")
    if npm and not (ROOT / "node_modules").is_dir():
        print("Installing the Open XML validator (once) ...", flush=True)
        subprocess.run(
            [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=ROOT,
            check=False,
        )


if __name__ == "__main__":
    install_validator()
    sys.exit(run("-m", "pytest", *sys.argv[1:], extra="test", cwd=ROOT))
