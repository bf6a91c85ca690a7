"""A small quarter to save: a master with copies issued, and one return."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from struck import Server, server, strace
from tracking import CHAIR, copy_of, fill_in, issued_tracker


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a master, one backup of it and one return; made once, and worked on in copies."""
    folder = tmp_path_factory.mktemp("filled")
    _, copies = issued_tracker(folder)
    answers = {
        ("6.1", "RAG rating"): "Amber",
        ("6.1", "Commentary"): "Nine audits of ten are done.",
        ("6.1.1", "Completed on"): date(2016, 7, 18),
    }
    fill_in(copy_of(copies, CHAIR), folder / "returns" / "a.xlsx", answers)
    shutil.rmtree(copies)
    return folder


@pytest.fixture
def quarter(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "quarter"))


@pytest.fixture(scope="session")
def struck(filled: Path) -> Iterator[Server]:
    """Does steps that are killed, or whose system calls fail; skipped, or in CI failed, without strace."""
    strace()
    with server(filled) as made:
        yield made
