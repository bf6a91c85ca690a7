"""Fuzz what reads returned files: `python3 scripts/fuzz.py --seconds 3600 --keep failures`.

Changes a real return at random, in every form that there is a program here for, and says where reading or
merging it does anything but read it or set it aside. `--seed` makes another run; `--keep` names a folder
for the files that fail; `--count` ends it after so many files.
"""

from __future__ import annotations

import sys

from environment import ROOT, run

if __name__ == "__main__":
    sys.exit(run(str(ROOT / "tests" / "fuzzing.py"), *sys.argv[1:], extra="test"))
