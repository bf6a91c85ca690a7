"""How much of a returned file is read: what goes beyond is set aside, and said so."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RATIO_FROM", "SHEETS", "TOGETHER", "Limits"]

RATIO_FROM = 20 * 1024 * 1024
"""Bytes from which ``Limits.ratio`` applies: a small file of one repeated row shrinks a great deal."""

SHEETS = 250
"""How many sheets a workbook may have; a copy has four."""
TOGETHER = 10
"""All that came inside one file may take so many times the seconds that one file may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one returned file may be and cost.

    ``file_bytes`` is the largest file read and ``unpacked_bytes`` the most that it may unpack to, in bytes;
    ``ratio`` how many times its own size that may be (from ``RATIO_FROM``); ``entries`` how many files one
    container may hold; ``depth`` how many containers may lie one inside the other; ``cells`` the most cells
    in its sheets together; ``seconds`` and ``memory_bytes`` what the process may take that reads one file.
    """

    file_bytes: int = 50_000_000
    unpacked_bytes: int = 300_000_000
    ratio: int = 250
    entries: int = 20_000
    depth: int = 4
    cells: int = 2_000_000
    seconds: float = 30
    memory_bytes: int = 1_500_000_000
