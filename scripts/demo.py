"""Play two quarters of a safeguarding board's year: `python3 scripts/demo.py [options of the demo]`.

Makes `.venv` and installs the project there on the first run. Works on Windows, macOS and Linux.
"""

from __future__ import annotations

import sys

from environment import run

if __name__ == "__main__":
    sys.exit(run("-P", "-m", "lscb_workbook", "demo", *sys.argv[1:]))
