"""A whole quarter on a master that has everything: issue, merge, review, undo."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conformance import validator_errors
from lossless.additions import with_everything, with_macros
from lossless.comparing import harm, members
from rewriting import by_libreoffice
from tracking import AS_AT, HEAD_OF_RESEARCH, ISSUED, NOW, copy_of, entry, fill_in, issue, new_tracker

import lscb_workbook as lw
from lscb_workbook.plan.records import Field


@pytest.mark.parametrize("kind", ["xlsx", "xlsm", "libreoffice"])
def test_a_quarter_harms_nothing_of_hers(tmp_path: Path, kind: str) -> None:
    made = with_everything(new_tracker(tmp_path).read_bytes())
    master = tmp_path / f"tracker.{'xlsm' if kind == 'xlsm' else 'xlsx'}"
    master.write_bytes(with_macros(made) if kind == "xlsm" else made)
    if kind == "libreoffice":
        [saved] = by_libreoffice([master], "xlsx", tmp_path / "saved")
        master.write_bytes(saved.read_bytes())
    start = master.read_bytes()
    errors = validator_errors(master) if kind == "libreoffice" else []
    issue(master, tmp_path / "copies")
    assert harm(start, master.read_bytes()) == []
    answers = {("6.3", "RAG rating"): "Red", ("6.3", "Commentary"): "No data yet"}
    back = fill_in(copy_of(tmp_path / "copies", HEAD_OF_RESEARCH), tmp_path / "back.xlsx", answers)
    lw.merge(master, [back], as_at=AS_AT, now=NOW)
    merged = master.read_bytes()
    assert harm(start, merged) == []
    lw.review(master, as_at=AS_AT + timedelta(days=60), now=NOW + timedelta(days=60))
    assert harm(start, master.read_bytes()) == []
    assert entry(master, "6.3", Field.RATING) == "Red"
    assert validator_errors(master) == errors
    lw.undo(master, now=NOW + timedelta(days=61))
    assert master.read_bytes() == merged


def test_no_copy_has_anything_of_the_managers_own(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    master.write_bytes(with_everything(master.read_bytes()))
    issue(master, tmp_path / "copies", issued_on=ISSUED)
    for copy in sorted((tmp_path / "copies").iterdir()):
        said = b"".join(members(copy.read_bytes()).values())
        assert not [words for words in (b"remark on", b"ask the chair", b"away day") if words in said]
