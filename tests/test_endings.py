"""What is written has a name by which the right program opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import lscb_workbook as lw

_WRITE: dict[str, tuple[Callable[[Path], object], str]] = {
    "new": (lambda path: lw.new(None, path), ".xlsx"),
    "plan template": (lw.plan_template, ".xlsx"),
    "plan read": (lambda path: lw.plan_read(Path("plan.csv"), path), ".toml"),
}


@pytest.mark.parametrize("ending", ["", ".xls", ".docx"])
@pytest.mark.parametrize("what", _WRITE)
def test_a_name_that_no_program_would_open_is_refused(what: str, ending: str, tmp_path: Path) -> None:
    write, right = _WRITE[what]
    with pytest.raises(lw.WorkbookError, match=f"one that ends in {right}, as in board{right}"):
        write(tmp_path / f"board{ending}")
    assert not any(tmp_path.iterdir())
