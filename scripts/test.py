"""Run all tests: `python3 scripts/test.py [options of pytest]`.

Makes `.venv` and installs the project and its test tools there on the first run. Tests that need
LibreOffice or Node (the Open XML validator, files of another writer) say that they are skipped where
those programs are missing; with CI=true they fail instead.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

from environment import ROOT, run


def install_node_packages() -> None:
    """Fetch what `package.json` names, where Node is there and one of them is not."""
    npm = shutil.which("npm")
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    if npm and not all((ROOT / "node_modules" / name).is_dir() for name in wanted):
        print("Installing what the tests need of Node (once) ...", flush=True)
        subprocess.run(
            [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=ROOT,
            check=False,
        )


if __name__ == "__main__":
    install_node_packages()
    sys.exit(run("-m", "pytest", *sys.argv[1:], extra="test", cwd=ROOT))
