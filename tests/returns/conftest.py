"""A master with its copies issued, made once for all tests of returns."""

from __future__ import annotations

from pathlib import Path

import pytest
from tracking import issued_tracker


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``master.xlsx`` and ``copies``. To be read, not written to."""
    folder = tmp_path_factory.mktemp("issued")
    issued_tracker(folder)
    return folder
