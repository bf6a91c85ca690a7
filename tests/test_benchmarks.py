"""The benchmarks run, and say what they measured; how much is for people to judge, on a quiet machine."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_RUN = _ROOT / "benchmarks" / "run.py"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(_RUN), *arguments], capture_output=True, text=True, timeout=300, check=False
    )


def test_every_benchmark_measures_ours_and_what_it_is_held_against(tmp_path: Path) -> None:
    ran = _run("--quick", "--json", str(tmp_path / "figures.json"))
    assert ran.returncode == 0, ran.stderr
    told = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert datetime.fromisoformat(told["date"])
    assert told["command"].startswith("python3 benchmarks/run.py --quick")
    assert all(told[key] for key in ("python", "cores"))
    assert {"openpyxl", "pandas", "python-calamine"} <= told["versions"].keys()
    for row in told["rows"]:
        assert row["work"] in ran.stdout
        assert row["ours_ms"] > 0
        assert row["goal"]
        assert isinstance(row["met"], bool)
        if row["floor"]:
            assert row["floor"]["times_the_floor"] == pytest.approx(row["ours_ms"] / row["floor"]["ms"])
        assert row["floor"] or row["rivals"]
        assert all(rival["times_as_fast"] > 0 for rival in row["rivals"].values())
    works = " ".join(row["work"] for row in told["rows"])
    assert all(
        word in works for word in ("harvest a copy", "issue a copy", "save a change", "among 12", "--help")
    )


def test_a_benchmark_that_there_is_not_is_told_with_those_there_are() -> None:
    ran = _run("writing")
    assert ran.returncode == 2
    assert "There is no benchmark writing. Choose of harvest" in ran.stderr
