"""A merge from a mailbox, from end to end: what is taken, what strangers may only propose, what is moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dovecot import PASSWORD, USER, Dovecot, dovecot
from keyrings import LockedKeyring, MemoryKeyring, using
from mails import mail
from openpyxl import load_workbook
from tracking import (
    AS_AT,
    CYCLE,
    HEAD_OF_RESEARCH,
    INTEGRATED_CARE,
    NOW,
    copy_of,
    entry,
    fill_in,
    issued_tracker,
)

import lscb_workbook as lw
from lscb_workbook.copies.protecting import passwords_for, protect
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Decision, Field
from lscb_workbook.results import MergeResult
from lscb_workbook.returns.imap_server import Access
from lscb_workbook.tracker.reading import read_tracker

ANN = "Ann Smith <ann@lbr.example>"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    monkeypatch.setenv("LSCB_IMAP_PASSWORD", PASSWORD)
    with using(backend := MemoryKeyring()):
        yield backend


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A master with copies issued, and Ann's address on its Officers tab."""
    path, _ = issued_tracker(tmp_path)
    book = load_workbook(path)
    sheet = book["Officers"]
    for row in sheet.iter_rows(min_row=5):
        if row[0].value == "Head of Research and Data":
            row[2].value = "ann@lbr.example"
    book.save(path)
    book.close()
    return path


def copy(master: Path, said: str, title: str = HEAD_OF_RESEARCH, ref: str = "6.3") -> bytes:
    to = master.parent / "filled.xlsx"
    return fill_in(copy_of(master.parent / "copies", title), to, {(ref, "RAG rating"): said}).read_bytes()


def merge(master: Path, server: Dovecot, folder: str, **more: object) -> MergeResult:
    access = Access(authority=server.certificate)
    options: dict[str, object] = {"as_at": AS_AT, "now": NOW, "access": access, **more}
    return lw.merge(master, [server.url(folder)], **options)  # type: ignore[arg-type]


def test_what_the_officer_sent_is_taken_with_who_sent_it(server: Dovecot, master: Path) -> None:
    server.put("Officer", mail(("a.xlsx", copy(master, "Green")), sender=ANN).as_bytes())
    made = merge(master, server, "Officer")
    assert entry(master, "6.3", Field.RATING) == "Green"
    assert made.conflicts == ()
    assert made.marked is None
    assert [one for one in read_tracker(master).history if ANN in one.sent]
    assert server.flags("Officer") == [()]


def test_what_a_stranger_sent_is_only_proposed(server: Dovecot, master: Path) -> None:
    before = entry(master, "6.3", Field.RATING)
    stranger = "Ann Smith <ann@lbr.examp1e>"
    server.put("Stranger", mail(("a.xlsx", copy(master, "Green")), sender=stranger).as_bytes())
    made = merge(master, server, "Stranger")
    assert entry(master, "6.3", Field.RATING) == before
    (conflict,) = made.conflicts
    assert "sent by ann@lbr.examp1e, not from" in conflict.change.reason


def test_what_the_manager_passed_on_is_taken(server: Dovecot, master: Path) -> None:
    server.put("Passed", mail(("a.xlsx", copy(master, "Green")), sender=USER).as_bytes())
    assert merge(master, server, "Passed").conflicts == ()
    assert entry(master, "6.3", Field.RATING) == "Green"


def test_a_message_with_two_senders_is_nobodys_for_sure(server: Dovecot, master: Path) -> None:
    data = mail(("a.xlsx", copy(master, "Green")), sender=ANN).as_bytes()
    server.put("Two", data.replace(b"\r\nTo: ", b"\r\nFrom: mallory@evil.example\r\nTo: ", 1))
    made = merge(master, server, "Two")
    assert {one.change.decision for one in made.conflicts} == {Decision.PROPOSED}
    assert "mallory@evil.example" in made.conflicts[0].change.reason
    assert entry(master, "6.3", Field.RATING) != "Green"


def test_messages_are_moved_only_where_that_is_asked_for_and_written(server: Dovecot, master: Path) -> None:
    server.put(
        "Asked",
        mail(("a.xlsx", copy(master, "Green")), sender=ANN).as_bytes(),
        mail(text="Please call.", sender=ANN, number=2).as_bytes(),
    )
    assert merge(master, server, "Asked", dry_run=True, move="Asked done").marked is None
    assert merge(master, server, "Asked").marked is None
    assert server.flags("Asked") == [(), ()]
    again = merge(master, server, "Asked", move="Asked done")
    assert again.marked is not None
    assert len(again.marked.moved) == 1
    assert server.flags("Asked") == [()]
    assert server.flags("Asked done") == [()]
    assert Decision.TAKEN not in {one.decision for one in again.changes}


def test_a_master_that_cannot_be_saved_moves_nothing(
    server: Dovecot, master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("Unsaved", mail(("a.xlsx", copy(master, "Green")), sender=ANN).as_bytes())

    def full(*_: object, **__: object) -> None:
        raise WorkbookError("The disk is full.")

    monkeypatch.setattr("lscb_workbook.steps.merging.save_step", full)
    with pytest.raises(WorkbookError, match="disk is full"):
        merge(master, server, "Unsaved", move="Merged")
    assert server.flags("Unsaved") == [()]


def test_a_protected_copy_is_opened_with_the_keyrings_password(
    server: Dovecot, master: Path, kept: MemoryKeyring
) -> None:
    tracker = read_tracker(master)
    passwords = passwords_for(tracker.id, CYCLE, tracker.plan.officers)
    key = next(one.key for one in tracker.plan.officers if one.title == HEAD_OF_RESEARCH)
    locked = protect(copy(master, "Green"), passwords[key])
    server.put("Locked", mail(("form.xlsx", locked), sender=ANN).as_bytes())
    made = merge(master, server, "Locked")
    assert made.harvest.quarantined == ()
    assert entry(master, "6.3", Field.RATING) == "Green"
    assert kept.asked > 0


def test_a_keyring_that_does_not_open_stops_no_other_return(server: Dovecot, master: Path) -> None:
    locked = protect(copy(master, "Amber", INTEGRATED_CARE, "1.2"), "k7wm-3xqp")
    server.put("Half", mail(("a.xlsx", locked), ("b.xlsx", copy(master, "Green")), sender=ANN).as_bytes())
    with using(LockedKeyring()):
        made = merge(master, server, "Half", move="Merged")
    (aside,) = made.harvest.quarantined
    assert "keyring, which may have its password, does not open" in aside.message
    assert entry(master, "6.3", Field.RATING) == "Green"
    assert made.marked is not None
    assert made.marked.moved == ()
    assert server.flags("Half") == [()]


def test_the_status_of_a_mailbox_changes_nothing(server: Dovecot, master: Path) -> None:
    server.put("Status", mail(("a.xlsx", copy(master, "Green")), sender=ANN).as_bytes())
    found = lw.status(master, [server.url("Status")], access=Access(authority=server.certificate))
    assert [one.edits[0].returned for one in found.harvest.returns] == ["Green"]
    assert server.flags("Status") == [()]
