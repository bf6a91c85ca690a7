"""Masters in other hands, each merged once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lossless.merging import Merged, Shop
from tracking import issued_tracker


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A master with its copies issued, and returns to merge into whatever it has become."""
    folder = tmp_path_factory.mktemp("lossless")
    master, copies = issued_tracker(folder)
    return Shop(folder, master.read_bytes(), copies)


@pytest.fixture(scope="session")
def merged(shop: Shop) -> Callable[[str], Merged]:
    """The master changed in a named way, before and after a merge; made when it is first asked for."""
    return shop.merged


@pytest.fixture
def master(tmp_path: Path, shop: Shop) -> Path:
    """A master of the test's own, its copies issued."""
    path = tmp_path / "master.xlsx"
    path.write_bytes(shop.issued)
    return path
