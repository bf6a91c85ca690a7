"""Copies under a password: what opens them, where their passwords are kept, and how returns are read."""

from __future__ import annotations

import io
import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msoffcrypto
import olefile
import pytest
from conformance import missing
from keyring.errors import NoKeyringError
from keyrings import ForgetfulKeyring, LockedKeyring, MemoryKeyring, using
from msoffcrypto.exceptions import InvalidKeyError
from openpyxl import load_workbook
from tracking import (
    CYCLE,
    HEAD_OF_RESEARCH,
    ISSUED,
    WEEKS,
    copy_of,
    fill_in,
    issued_tracker,
)

from lscb_workbook.copies import COPY_TEMPLATE, Copy, copies_of
from lscb_workbook.copies.protecting import (
    KeptPasswords,
    make_password,
    passwords_for,
    passwords_of,
    protect,
    protected,
)
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Officer
from lscb_workbook.returns import harvest
from lscb_workbook.tracker.reading import read_tracker

_UNLOCKING = Path(__file__).parents[1] / "unlocking.py"
OFFICERS = default_plan().officers


@pytest.fixture
def kept() -> Iterator[MemoryKeyring]:
    with using(backend := MemoryKeyring()):
        yield backend


def officer(title: str) -> Officer:
    return next(one for one in OFFICERS if one.title == title)


def opened(data: bytes, password: str) -> bytes:
    file = msoffcrypto.OfficeFile(io.BytesIO(data))
    file.load_key(password=password)
    inner = io.BytesIO()
    file.decrypt(inner, verify_integrity=True)
    return inner.getvalue()


# --- encrypting --------------------------------------------------------------------------------


def test_a_protected_workbook_opens_with_its_password_alone() -> None:
    data = COPY_TEMPLATE.read_bytes()
    locked = protect(data, "k7wm-3xqp")
    assert opened(locked, "k7wm-3xqp") == data
    with pytest.raises(InvalidKeyError):
        opened(locked, "k7wm-3xqq")


def test_a_protected_workbook_is_encrypted_as_excel_does_it_now() -> None:
    with olefile.OleFileIO(protect(COPY_TEMPLATE.read_bytes(), "k7wm-3xqp")) as file:
        how = file.openstream("EncryptionInfo").read()
    assert how[:8] == bytes.fromhex("0400040040000000")  # agile (MS-OFFCRYPTO, 2.3.4.10)
    for said in (
        b'keyBits="256"',
        b'hashAlgorithm="SHA512"',
        b'spinCount="100000"',
        b'cipherChaining="ChainingModeCBC"',
    ):
        assert said in how


def test_nothing_of_the_workbook_can_be_read_without_the_password() -> None:
    locked = protect(COPY_TEMPLATE.read_bytes(), "k7wm-3xqp")
    for telling in (b"xl/workbook.xml", b"docProps", b"k7wm-3xqp", "k7wm-3xqp".encode("utf-16-le")):
        assert telling not in locked


def test_libreoffice_opens_a_protected_copy_with_its_password(tmp_path: Path) -> None:
    soffice, python = shutil.which("soffice"), "/usr/bin/python3"
    asked = [python, "-c", "import uno"]
    if soffice is None or not Path(python).exists():
        missing("LibreOffice")
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        missing("LibreOffice's bridge for Python (python3-uno)")
    source, target, pipe = tmp_path / "locked.xlsx", tmp_path / "open.xlsx", secrets.token_hex(8)
    source.write_bytes(protect(COPY_TEMPLATE.read_bytes(), "k7wm-3xqp"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(soffice), profile, "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    told = {"pipe": pipe, "source": source.as_uri(), "target": target.as_uri(), "password": "k7wm-3xqp"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as office:
        run = subprocess.run(
            [python, str(_UNLOCKING)], input=json.dumps(told), capture_output=True, text=True, check=False
        )
        if run.returncode:
            office.kill()
    assert target.exists(), run.stderr
    assert load_workbook(target).sheetnames == load_workbook(COPY_TEMPLATE).sheetnames


def test_without_a_password_nothing_is_made() -> None:
    with pytest.raises(ValueError, match="a password is needed"):
        protect(COPY_TEMPLATE.read_bytes(), "")


def test_what_is_no_workbook_is_not_encrypted() -> None:
    with pytest.raises(ValueError, match="only a workbook"):
        protect(b"Ref,RAG rating\n", "k7wm-3xqp")


# --- passwords ---------------------------------------------------------------------------------


def test_passwords_can_be_read_out_and_are_never_the_same() -> None:
    made = {make_password() for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}", one) for one in made)
    assert set("".join(made)) == set("abcdefghjkmnpqrstuvwxyz23456789-")


def test_each_officer_has_a_password_of_their_own_in_the_keyring(kept: MemoryKeyring) -> None:
    made = passwords_for("t-1", CYCLE, OFFICERS)
    assert len(set(made.values())) == len(OFFICERS)
    assert kept.kept == {("lscb-workbook t-1", f"{CYCLE}/{one.key}"): made[one.key] for one in OFFICERS}


def test_a_copy_issued_again_has_the_password_that_the_officer_knows(kept: MemoryKeyring) -> None:
    first = passwords_for("t-1", CYCLE, OFFICERS[:1])
    again = passwords_for("t-1", CYCLE, OFFICERS[:2])
    assert again[OFFICERS[0].key] == first[OFFICERS[0].key]
    assert passwords_for("t-1", "2016-17 Q3", OFFICERS[:1]) != first
    assert passwords_for("t-2", CYCLE, OFFICERS[:1]) != first
    assert len(kept.kept) == 4


def test_the_passwords_of_a_tracker_are_found_by_cycle_and_officer(kept: MemoryKeyring) -> None:
    older = passwords_for("t-1", "2016-17 Q1", OFFICERS[:2])
    newer = passwords_for("t-1", CYCLE, OFFICERS[1:3])
    passwords_for("t-2", CYCLE, OFFICERS)
    kept.set_password("lscb-workbook", "ann", "of a mailbox")
    found = passwords_of("t-1", [CYCLE, "2016-17 Q1"], OFFICERS)
    assert found == (*newer.values(), *older.values())


@pytest.mark.usefixtures("kept")
def test_the_likeliest_password_for_a_file_is_tried_first() -> None:
    older = passwords_for("t-1", "2016-17 Q1", OFFICERS)
    newer = passwords_for("t-1", CYCLE, OFFICERS)
    nursing = officer("Director of Nursing, CCG")
    passwords = KeptPasswords("t-1", ["2016-17 Q1", CYCLE], OFFICERS)
    for file in (
        f"returns/{CYCLE} - Director of Nursing, CCG.xlsx",
        "returns/2016-17_Q2_-_Director_of_Nursing__CCG (1).xlsx",
        "returns/director of nursing completed 2016-17 Q2.xlsx",
    ):
        assert passwords(file)[0] == newer[nursing.key], file
    assert passwords("2016-17 Q1 - Director of Nursing, CCG.xlsx")[0] == older[nursing.key]
    assert sorted(passwords("a.xlsx")) == sorted((*older.values(), *newer.values()))
    assert set(passwords("a.xlsx")[: len(newer)]) == set(newer.values())


def test_the_senders_address_tells_whose_password_is_tried_first(kept: MemoryKeyring) -> None:
    known = [replace(one, email=f"officer{n}@lbr.example") for n, one in enumerate(OFFICERS)]
    made = passwords_for("t-1", CYCLE, known)
    passwords = KeptPasswords("t-1", [CYCLE], known)
    for one in known:
        name = f"imaps://m@board.example/Returns/{one.email} 2016-09-20 12.05 <1@x>.eml/form.xlsx"
        assert passwords(name)[0] == made[one.key]
    assert len(kept.kept) == len(known)


def test_the_keyring_is_not_asked_before_a_password_is_needed(kept: MemoryKeyring) -> None:
    passwords = KeptPasswords("t-1", [CYCLE], OFFICERS)
    assert kept.asked == 0
    assert passwords("a.xlsx") == ()
    assert passwords("b.xlsx") == ()
    assert kept.asked == len(OFFICERS)


# --- keyrings that fail ------------------------------------------------------------------------


class _NoKeyring(MemoryKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError(f"{service} {username} {password}")


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        (ForgetfulKeyring(), f"does not give back the password for {OFFICERS[0].title}'s copy"),
        (LockedKeyring(), "keyring does not open"),
        (_NoKeyring(), "has no keyring to keep the password"),
    ],
)
def test_a_keyring_that_fails_is_told_without_the_password(
    backend: MemoryKeyring, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lscb_workbook.copies.protecting.make_password", lambda: "k7wm-3xqp")
    with using(backend), pytest.raises(WorkbookError) as refused:
        passwords_for("t-1", CYCLE, OFFICERS)
    assert said in str(refused.value)
    assert "k7wm-3xqp" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_a_keyring_there_are_no_passwords_to_try() -> None:
    class Nothing(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise NoKeyringError(f"{service} {username}")

    with using(Nothing()):
        assert passwords_of("t-1", [CYCLE], OFFICERS) == ()


def _nothing(_: Copy) -> None:
    return None


# --- copies and returns ------------------------------------------------------------------------


def test_copies_go_out_under_their_officers_passwords(tmp_path: Path, kept: MemoryKeyring) -> None:
    master, _ = issued_tracker(tmp_path)
    tracker = read_tracker(master)
    some = [officer(HEAD_OF_RESEARCH), officer("LSCB Chair")]
    plain = list(
        copies_of(
            tracker,
            some,
            cycle=CYCLE,
            issued_on=ISSUED,
            return_by=ISSUED + WEEKS,
            template=COPY_TEMPLATE.read_bytes(),
        )
    )
    passwords = passwords_for(tracker.id, CYCLE, some)
    locked = list(protected(plain, passwords, _nothing))
    assert len(kept.kept) == 2
    assert [(one.officer, one.file) for one in locked] == [(one.officer, one.file) for one in plain]
    for open_copy, copy in zip(plain, locked, strict=True):
        assert opened(copy.data, passwords[copy.officer.key]) == open_copy.data
    with pytest.raises(KeyError):
        list(protected(plain, {some[0].key: "k7wm-3xqp"}, _nothing))


def test_a_copy_that_is_there_already_under_its_password_stays_as_it_is() -> None:
    one, other = (Copy(who, f"{who.key}.xlsx", COPY_TEMPLATE.read_bytes()) for who in OFFICERS[:2])
    passwords = {one.officer.key: "k7wm-3xqp", other.officer.key: "vt9h-ca4n"}
    there = {
        one.file: protect(one.data, "k7wm-3xqp"),
        other.file: protect(other.data, "k7wm-3xqp"),
    }
    kept, made = protected([one, other], passwords, lambda copy: there[copy.file])
    assert kept.data == there[one.file]
    assert opened(made.data, "vt9h-ca4n") == other.data
    (anew,) = protected([one], passwords, lambda _: b"PK\x03\x04 another file")
    assert opened(anew.data, "k7wm-3xqp") == one.data


def test_a_protected_return_is_read_with_the_keyrings_passwords(tmp_path: Path, kept: MemoryKeyring) -> None:
    master, copies = issued_tracker(tmp_path)
    tracker = read_tracker(master)
    made = passwords_for(tracker.id, CYCLE, OFFICERS[:4])
    back = fill_in(
        copy_of(copies, HEAD_OF_RESEARCH), tmp_path / "in" / "a.xlsx", {("6.3", "RAG rating"): "Green"}
    )
    back.write_bytes(protect(back.read_bytes(), made[officer(HEAD_OF_RESEARCH).key]))
    found = harvest([back], tracker, passwords=passwords_of(tracker.id, [CYCLE], tracker.plan.officers))
    assert [edit.returned for one in found.returns for edit in one.edits] == ["Green"]
    assert found.quarantined == ()
    kept.kept.clear()
    without = harvest([back], tracker, passwords=passwords_of(tracker.id, [CYCLE], tracker.plan.officers))
    assert [one.code for one in without.quarantined] == ["return-protected"]
