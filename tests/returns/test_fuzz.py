"""A short fuzz run: whatever a file has become, it is read or set aside. (`scripts/fuzz.py` runs longer.)"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzzing import bases, cases, fuzz, mutated
from hostile import parts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return bases(tmp_path_factory.mktemp("bases"))


def test_no_file_changed_at_random_stops_anything(made: dict[str, bytes], issued: Path) -> None:
    failures = [*fuzz(made, issued, 3, lambda number: number < 400)]
    assert not failures, failures[0].what


def test_the_same_seed_makes_the_same_files(made: dict[str, bytes]) -> None:
    first, second = ([next(files)[1] for _ in range(20)] for files in (cases(made, 5), cases(made, 5)))
    assert first == second
    assert len(set(first)) > 15


def test_a_changed_part_is_packed_with_the_right_checksum(made: dict[str, bytes]) -> None:
    chance = random.Random(1)
    readable = 0
    for _ in range(40):
        try:
            readable += parts(mutated("xlsx", made["xlsx"], chance)) != parts(made["xlsx"])
        except Exception:  # these were changed in their bytes
            continue
    assert readable > 20
