"""Starting: ``lscb-workbook --help`` against Python doing nothing, each as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from measuring import Row, interleaved, timed

__all__ = ["measure"]


def measure(*, quick: bool) -> list[Row]:
    """What it costs until the help is shown."""
    ways: dict[str, Callable[[], float]] = {
        "ours": lambda: _run("-m", "lscb_workbook", "--help"),
        "pass": lambda: _run("-c", "pass"),
    }
    found = interleaved(ways, 2 if quick else 20)
    return [
        Row(
            "start of the command (--help)",
            found["ours"],
            floor=found["pass"],
            floor_is="python -c pass",
            most=8,
            goal="<= 8x",
        )
    ]


def _run(*arguments: str) -> float:
    command = [sys.executable, *arguments]
    return timed(lambda: subprocess.run(command, capture_output=True, check=True))
