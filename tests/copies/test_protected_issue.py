"""Issuing copies under passwords, from end to end."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import msoffcrypto
import pytest
from keyrings import ForgetfulKeyring, MemoryKeyring, using
from tracking import AS_AT, CYCLE, HEAD_OF_RESEARCH, ISSUED, NOW, WEEKS, copy_of, entry, fill_in, new_tracker

import lscb_workbook as lw
from lscb_workbook.copies.protecting import protect
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Field
from lscb_workbook.results import IssueResult


@pytest.fixture(autouse=True)
def kept() -> Iterator[MemoryKeyring]:
    with using(backend := MemoryKeyring()):
        yield backend


def issue(master: Path, folder: Path) -> IssueResult:
    return lw.issue(
        master, folder, cycle=CYCLE, issued_on=ISSUED, return_by=ISSUED + WEEKS, now=NOW, protect=True
    )


def test_each_copy_opens_with_its_officers_password_alone(tmp_path: Path) -> None:
    made = issue(new_tracker(tmp_path), tmp_path / "copies")
    assert len(set(made.passwords.values())) == len(made.issued)
    for one in made.issued:
        file = msoffcrypto.OfficeFile(io.BytesIO((tmp_path / "copies" / one.file).read_bytes()))
        file.load_key(password=made.passwords[one.officer], verify_password=True)
    assert not any(password in repr(made) for password in made.passwords.values())


def test_what_comes_back_under_its_password_is_merged_without_asking(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    made = issue(master, tmp_path / "copies")
    locked = copy_of(tmp_path / "copies", HEAD_OF_RESEARCH)
    password = next(made.passwords[one.officer] for one in made.issued if one.file == locked.name)
    plain = tmp_path / "plain.xlsx"
    file = msoffcrypto.OfficeFile(io.BytesIO(locked.read_bytes()))
    file.load_key(password=password)
    with plain.open("wb") as inner:
        file.decrypt(inner)
    back = fill_in(plain, tmp_path / "in" / "form (1).xlsx", {("6.3", "RAG rating"): "Green"})
    back.write_bytes(protect(back.read_bytes(), password))
    result = lw.merge(master, [back], as_at=AS_AT, now=NOW)
    assert result.harvest.quarantined == ()
    assert entry(master, "6.3", Field.RATING) == "Green"


def test_an_issue_that_was_cut_short_goes_on(tmp_path: Path) -> None:
    master, folder = new_tracker(tmp_path), tmp_path / "copies"
    before = master.read_bytes()
    first = issue(master, folder)
    copies = {one.name: one.read_bytes() for one in folder.iterdir()}
    master.write_bytes(before)
    again = issue(master, folder)
    assert again.passwords == first.passwords
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == copies


def test_without_a_keyring_nothing_is_issued(tmp_path: Path) -> None:
    master = new_tracker(tmp_path)
    before = master.read_bytes()
    with using(ForgetfulKeyring()), pytest.raises(WorkbookError, match="does not give back"):
        issue(master, tmp_path / "copies")
    assert master.read_bytes() == before
    assert not (tmp_path / "copies").exists()
