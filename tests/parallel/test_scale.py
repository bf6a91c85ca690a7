"""The script behind docs/scale.md measures every way of reading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_measuring_script_reads_the_same_returns_in_every_way() -> None:
    command = [sys.executable, "-P", "scripts/scale.py", "--returns", "20", "--repeats", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    first, head, *rows = run.stdout.splitlines()
    assert first.startswith("20 returns of ")
    assert head.split() == ["seconds", "a", "second", "processor", "memory"]
    assert [row.split("  ")[0] for row in rows[:3]] == ["alone", "1 process", "2 processes"]
    assert rows[3].startswith("one board's merge of 60 returns")
