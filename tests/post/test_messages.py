"""Letters as mail: any program reads them whole, and the same letter is the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from post.smtp import MANAGER, NOW, TRACKER, a_letter, faults
from tracking import issued_tracker

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post import (
    Attachment,
    Kind,
    Letter,
    Sender,
    open_journal,
    read_journal,
    sender_of,
    write_drafts,
)
from lscb_workbook.post.journal import Noted
from lscb_workbook.post.messages import MisaddressedError, address_of, message_of
from lscb_workbook.returns import harvest
from lscb_workbook.tracker.reading import read_tracker

LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


def parsed(letter: Letter, *, draft: bool = False, sender: Sender | None = MANAGER) -> EmailMessage:
    data = message_of(letter, sender, NOW, draft=draft).as_bytes()
    assert data.replace(b"\r\n", b"").count(b"\n") == data.replace(b"\r\n", b"").count(b"\r") == 0
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not faults(message)
    return message


def shown(letter: Letter, header: str) -> str:
    """A name or a subject as a mail program shows it. The library's newer reader leaves spaces between
    encoded words, so the older is asked."""
    data = message_of(letter, MANAGER, NOW).as_bytes()
    raw = message_from_bytes(data, policy=policy.compat32)[header]
    said = parseaddr(raw)[0] if header == "To" else raw
    return str(make_header(decode_header(said)))


def plain(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=100, deadline=None)
@given(name=LINES, subject=LINES, file=LINES, text=LINES)
def test_names_subjects_and_files_come_back_as_they_were(
    name: str, subject: str, file: str, text: str
) -> None:
    letter = replace(
        a_letter(),
        name=name,
        subject=subject,
        text=f"{text}\n.\nFrom me\n",
        attachments=(Attachment(f"{file}.xlsx", b"1"), Attachment("b.ics", b"2", "text/calendar")),
    )
    message = parsed(letter)
    assert [one.addr_spec for one in message["To"].addresses] == ["officer-1@council.example"]
    assert plain(shown(letter, "To")) == plain(name)
    assert plain(shown(letter, "Subject")) == plain(subject)
    assert [one.get_filename() for one in message.iter_attachments()] == [f"{file}.xlsx".strip(), "b.ics"]
    body = message.get_body(("plain",))
    assert body
    assert body.get_content().splitlines() == letter.text.splitlines()


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y.example", "a\nb", "a\x00b\x1b", "a\u2028b", "\ud800"])
def test_no_text_becomes_a_header(text: str) -> None:
    letter = replace(a_letter(), name=text, subject=text, attachments=(Attachment(f"{text}.xlsx", b""),))
    message = parsed(letter)
    assert message.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert len(message["To"].addresses) == 1


def test_the_same_letter_is_the_same_bytes_and_has_the_same_id() -> None:
    one, two = (message_of(a_letter(), MANAGER, NOW).as_bytes() for _ in range(2))
    assert one == two
    later = message_of(a_letter(), MANAGER, NOW + timedelta(days=1))
    assert later["Message-ID"] == parsed(a_letter())["Message-ID"]
    others = [a_letter(2), a_letter(nth=2), a_letter(kind=Kind.REMINDER)]
    assert len({parsed(one)["Message-ID"] for one in (a_letter(), *others)}) == 4
    assert parsed(a_letter())["Message-ID"].endswith("@board.example>")


def test_a_draft_opens_ready_to_be_sent() -> None:
    draft = parsed(a_letter(), draft=True)
    assert draft["X-Unsent"] == "1"
    assert draft["Date"].datetime == NOW
    blank = parsed(replace(a_letter(), to=""), draft=True, sender=None)
    assert blank["To"] is blank["From"] is None


@pytest.mark.parametrize(
    "email",
    [
        "", "a", "a@b", "a b@c.example", "a@b.example, c@d.example", "<a@b.example>", "mailto:a@b.example",
        "a@b..example", "a@-\u2029.example", "a..b@c.example", ".a@c.example", "ŵyn@c.example",
        "a@b.example\n", "a" * 250 + "@b.example", "a@" + "b" * 70 + "ü.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_with_the_name(email: str) -> None:
    with pytest.raises(MisaddressedError, match=r"The Office.* has no address.*Officers tab"):
        address_of("The Office", email)


def test_an_address_with_another_alphabet_in_its_domain_is_given_as_servers_know_it() -> None:
    assert address_of("A", "a@bücher.example").addr_spec == "a@xn--bcher-kva.example"
    assert address_of("A", "O'Neil+lscb@council.example").addr_spec == "O'Neil+lscb@council.example"


def test_a_sender_is_a_name_and_an_address_or_an_address_alone() -> None:
    assert sender_of('"Siân, Manager" <m@board.example>') == Sender("Siân, Manager", "m@board.example")
    assert sender_of("m@board.example") == Sender("m@board.example", "m@board.example")
    for text in ("", "nobody", "A <b>"):
        with pytest.raises(WorkbookError, match="address"):
            sender_of(text)


# --- drafts ----------------------------------------------------------------------------------


def test_drafts_are_written_for_all_also_for_whom_no_address_is_known(tmp_path: Path) -> None:
    letters = [
        a_letter(1, name='Head: of "Research" / Data?'),
        a_letter(2, name="Siân Ŵyn", kind=Kind.REMINDER, nth=2),
        replace(a_letter(3), to=""),
        replace(a_letter(4), to="nobody"),
    ]
    drafts = write_drafts(letters, tmp_path / "outbox", when=NOW, sender=MANAGER)
    assert [path.name for path in drafts.files] == [
        "2016-17 Q2 - Head of Research Data.eml",
        "2016-17 Q2 reminder 2 - Siân Ŵyn.eml",
        "2016-17 Q2 - Officer 3.eml",
        "2016-17 Q2 - Officer 4.eml",
    ]
    assert drafts.unaddressed == (letters[2],)
    ((misaddressed, said),) = drafts.misaddressed
    assert misaddressed == letters[3]
    assert "Officer 4" in said
    assert "'nobody'" in said
    for path in drafts.files:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert message["X-Unsent"] == "1"
        assert not faults(message)  # type: ignore[arg-type]
        assert b"\r\n" in path.read_bytes()


def test_the_copies_in_drafts_are_those_that_were_issued(tmp_path: Path) -> None:
    """What the tool attaches it reads back itself, from the very files that officers forward."""
    master, copies = issued_tracker(tmp_path)
    tracker = read_tracker(master)
    letters = []
    for one in tracker.issued[:3]:
        officer = tracker.plan.officer(one.officer)
        copy = Attachment(one.file, (copies / one.file).read_bytes())
        letters.append(replace(a_letter(), officer=one.officer, name=officer.title, attachments=(copy,)))
    drafts = write_drafts(letters, tmp_path / "outbox", when=NOW, sender=MANAGER)
    found = harvest([tmp_path / "outbox"], tracker)
    assert {one.officer for one in found.returns} == {one.officer for one in tracker.issued[:3]}
    assert not found.quarantined
    assert len(drafts.files) == 3


def test_two_officers_of_one_name_get_a_file_each(tmp_path: Path) -> None:
    drafts = write_drafts([a_letter(1, name="Chair"), a_letter(2, name="CHAIR")], tmp_path, when=NOW)
    assert [path.name for path in drafts.files] == ["2016-17 Q2 - Chair.eml", "2016-17 Q2 - CHAIR (2).eml"]


def test_drafts_that_are_there_already_will_do_and_others_are_not_written_over(tmp_path: Path) -> None:
    first = write_drafts([a_letter()], tmp_path, when=NOW)
    assert write_drafts([a_letter()], tmp_path, when=NOW) == first
    with pytest.raises(WorkbookError, match="is there already"):
        write_drafts([replace(a_letter(), subject="Another")], tmp_path, when=NOW)


@pytest.mark.parametrize("before", ["", "nobody"])
def test_a_draft_without_an_address_gives_way_to_the_same_with_one_unless_somebody_edited_it(
    tmp_path: Path, before: str
) -> None:
    letters = [replace(a_letter(number), to=before) for number in (1, 2)]
    first, second = write_drafts(letters, tmp_path, when=NOW, sender=MANAGER).files
    second.write_bytes(second.read_bytes() + b"and my own words")
    write_drafts([a_letter(1)], tmp_path, when=NOW, sender=MANAGER)
    sent = message_from_bytes(first.read_bytes(), policy=policy.default)
    assert sent["To"].addresses[0].addr_spec == a_letter(1).to  # type: ignore[attr-defined]
    with pytest.raises(WorkbookError, match="is there already"):
        write_drafts([a_letter(2)], tmp_path, when=NOW, sender=MANAGER)
    assert second.read_bytes().endswith(b"and my own words")


def test_what_the_journal_knows_is_not_drafted_again(tmp_path: Path) -> None:
    letters = [a_letter(number, kind=kind) for number, kind in enumerate(Kind, 1)]
    master = tmp_path / "master.xlsx"
    with open_journal(master, TRACKER) as journal:
        first = write_drafts(letters, tmp_path / "outbox", when=NOW, journal=journal)
        assert (len(first.files), first.before) == (len(letters), ())
        again = write_drafts(letters, tmp_path / "outbox", when=NOW, journal=journal)
        assert [path.name for path in again.files] == ["2016-17 Q2 - Officer 1.eml"]
        assert [said for _, said in again.before] == [
            f"Officer {number}: drafted already today." for number in (2, 3, 4)
        ]
        journal.add(letters[0], Noted.SENT, NOW)
        journal.add(letters[1], Noted.SENT, NOW)
        later = write_drafts(
            letters,
            tmp_path / "later",
            when=NOW + timedelta(days=1),
            journal=journal,
            again=("officer-4",),
        )
        assert [path.name for path in later.files] == ["2016-17 Q2 escalation - Officer 4.eml"]
        assert [said for _, said in later.before] == [
            "Officer 1: sent already on 1 September 2016.",
            "Officer 2: sent already on 1 September 2016.",
            "Officer 3: drafted already on 1 September 2016.",
        ]
    assert [entry.uid.kind for entry in read_journal(master, TRACKER) if entry.noted is Noted.DRAFTED] == [
        "issue", "receipt", "reminder", "escalation", "issue", "escalation",
    ]  # fmt: skip


def test_where_the_address_of_an_officers_manager_belongs_is_told(tmp_path: Path) -> None:
    letter = a_letter(kind=Kind.ESCALATION, to="nowhere", name="The manager of Officer 1")
    ((_, said),) = write_drafts([letter], tmp_path, when=NOW).misaddressed
    assert "in the column Manager's email of the Officers tab" in said


def test_a_copy_that_was_made_anew_is_drafted_though_another_was_sent(tmp_path: Path) -> None:
    with open_journal(tmp_path / "master.xlsx", TRACKER) as journal:
        journal.add(a_letter(), Noted.SENT, NOW)
        assert not write_drafts([a_letter()], tmp_path / "outbox", when=NOW, journal=journal).files
        anew = a_letter(data=b"another copy")
        assert write_drafts([anew], tmp_path / "outbox", when=NOW, journal=journal).files


def test_a_receipt_bears_its_day_and_another_of_the_day_a_name_of_its_own(tmp_path: Path) -> None:
    one, other = (a_letter(kind=Kind.RECEIPT, nth=nth) for nth in (118665468, 7))
    names = []
    for letter in (one, other, one):
        (path,) = write_drafts([letter], tmp_path, when=NOW).files
        names.append(path.name)
    usual = "2016-17 Q2 receipt 2016-09-01 - Officer 1"
    assert names == [f"{usual}.eml", f"{usual} (2).eml", f"{usual}.eml"]


def test_a_sender_without_a_good_address_stops_the_drafts(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="The Manager has no address"):
        write_drafts([a_letter()], tmp_path, when=NOW, sender=Sender("The Manager", "nowhere"))
