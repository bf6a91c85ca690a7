"""The post as the steps use it: letters go out once what they tell of is saved, and to nobody twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import load_workbook
from post.conftest import MemoryKeyring
from post.smtp import DROP, PASSWORD, USER, Inbox
from tracking import AS_AT, CYCLE, HEAD_OF_RESEARCH, ISSUED, NOW, RETURN_BY, copy_of, fill_in, new_tracker

import lscb_workbook as lw
from lscb_workbook.post import Fate, Outcome, Server
from lscb_workbook.results import IssueResult
from lscb_workbook.tracker.reading import read_tracker

FROM = "Jo Bloggs <jo@board.example>"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A tracker whose officers have addresses, the LSCB Chair apart."""
    made = new_tracker(tmp_path)
    officers(made, {number: {"Email": f"officer{number}@council.example"} for number in range(11)})
    return made


def officers(master: Path, said: Mapping[int, Mapping[str, str]]) -> None:
    """Type into rows of the Officers tab, the first being 0."""
    book = load_workbook(master)
    sheet = book["Officers"]
    columns = {cell.value: cell.column for cell in sheet[4]}
    for number, cells in said.items():
        for heading, text in cells.items():
            sheet.cell(5 + number, columns[heading]).value = text
    book.save(master)


def issue(master: Path, mailing: lw.Mailing | None, *, protect: bool = False) -> IssueResult:
    return lw.issue(
        master,
        master.parent / "copies",
        cycle=CYCLE,
        issued_on=ISSUED,
        return_by=RETURN_BY,
        protect=protect,
        mailing=mailing,
        now=NOW,
    )


def drafts_in(folder: Path) -> dict[str, EmailMessage]:
    found = {}
    for path in folder.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert not message.defects
        found[path.name] = message
    return found


@pytest.fixture
def by_server(post_office: tuple[Server, Inbox], kept: MemoryKeyring) -> tuple[lw.Mailing, Inbox]:
    server, inbox = post_office
    kept.set_password("lscb-workbook", USER, PASSWORD)
    address = f"smtp://{server.host}:{server.port}"
    return lw.Mailing(FROM, server=address, user=USER, authorities=server.authorities), inbox


def test_each_copy_goes_out_with_a_draft_to_its_officer(master: Path, tmp_path: Path) -> None:
    made = issue(master, lw.Mailing(drafts=tmp_path / "outbox"))
    drafts = drafts_in(tmp_path / "outbox")
    assert len(drafts) == len(made.issued) == 12
    mine = drafts[f"{CYCLE} - {HEAD_OF_RESEARCH}.eml"]
    assert mine["To"].addresses[0].addr_spec == "officer1@council.example"
    assert mine["X-Unsent"] == "1"
    (copy,) = mine.iter_attachments()
    assert copy.get_content() == copy_of(tmp_path / "copies", HEAD_OF_RESEARCH).read_bytes()
    assert made.posted
    assert made.posted.drafts
    assert [letter.name for letter in made.posted.drafts.unaddressed] == ["LSCB Chair"]


def test_addresses_that_were_put_in_later_come_into_the_drafts(master: Path, tmp_path: Path) -> None:
    mailing = lw.Mailing(drafts=tmp_path / "outbox")
    issue(master, mailing)
    officers(master, {11: {"Email": "chair@council.example"}})
    again = issue(master, mailing).posted
    assert again
    assert not again.failed
    drafts = drafts_in(tmp_path / "outbox")
    assert len(drafts) == 12
    assert drafts[f"{CYCLE} - LSCB Chair.eml"]["To"].addresses[0].addr_spec == "chair@council.example"


def test_a_wrong_server_or_template_stops_before_anything_is_issued(master: Path, tmp_path: Path) -> None:
    before = master.read_bytes()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "issue.txt.j2").write_text("Subject: x\n\n{{ nonsense }}")
    for mailing in (
        lw.Mailing(FROM, server="http://mail.example"),
        lw.Mailing(server="smtps://mail.example"),
        lw.Mailing(FROM, server="smtps://mail.example", user="nobody"),
        lw.Mailing(drafts=tmp_path / "outbox", templates=tmp_path / "mine"),
        lw.Mailing("no address", drafts=tmp_path / "outbox"),
        lw.Mailing(FROM, drafts=tmp_path / "outbox", server="smtps://mail.example"),
        lw.Mailing(drafts=master),
        lw.Mailing(drafts=tmp_path / "outbox", again=("Nobody",)),
    ):
        with pytest.raises(lw.WorkbookError, match="Nothing was sent"):
            issue(master, mailing)
        assert master.read_bytes() == before
        assert not (tmp_path / "copies").exists()


def test_copies_are_sent_and_a_run_that_was_cut_off_goes_on_where_it_ended(
    master: Path, tmp_path: Path, by_server: tuple[lw.Mailing, Inbox]
) -> None:
    mailing, inbox = by_server
    inbox.answer = lambda step, who: "451 later" if step == "rcpt" and "officer5" in who else None
    made = issue(master, mailing)
    assert made.posted
    fates = [one.fate for one in made.posted.outcomes]
    assert fates.count(Fate.SENT) == 10
    assert fates.count(Fate.DEFERRED) == fates.count(Fate.UNADDRESSED) == 1
    inbox.answer = lambda _step, _who: None
    again = issue(master, mailing)
    assert again.posted
    assert again.backup is None
    assert [one.fate for one in again.posted.outcomes].count(Fate.BEFORE) == 10
    assert sorted(inbox.recipients) == sorted(f"officer{number}@council.example" for number in range(11))
    sent = dict(inbox.received)["officer5@council.example"]
    (copy,) = sent.iter_attachments()
    files = {path.read_bytes() for path in (tmp_path / "copies").iterdir()}
    assert copy.get_content() in files


def test_a_master_that_was_moved_sends_nothing_until_its_journal_is_there(
    master: Path, tmp_path: Path, by_server: tuple[lw.Mailing, Inbox]
) -> None:
    mailing, inbox = by_server
    issue(master, mailing)
    sent = len(inbox.recipients)
    (tmp_path / "shared").mkdir()
    moved = master.rename(tmp_path / "shared" / "tracker 2016.xlsx")
    (tmp_path / "copies").rename(tmp_path / "shared" / "copies")
    again = issue(moved, mailing)
    assert again.posted
    assert "It is not known who has got which letter" in again.posted.failed
    (tmp_path / "post").rename(tmp_path / "shared" / "post")
    assert {one.fate for one in posted(issue(moved, mailing))} == {Fate.BEFORE, Fate.UNADDRESSED}
    assert len(inbox.recipients) == sent


@pytest.mark.parametrize("way", ["the copies", "reminders", "to me"])
def test_neither_drafts_nor_a_rehearsal_of_a_moved_master_open_the_way_to_send_twice(
    master: Path, tmp_path: Path, by_server: tuple[lw.Mailing, Inbox], way: str
) -> None:
    mailing, inbox = by_server
    issue(master, mailing)
    sent = len(inbox.recipients)
    (tmp_path / "shared").mkdir()
    moved = master.rename(tmp_path / "shared" / "master.xlsx")
    (tmp_path / "copies").rename(tmp_path / "shared" / "copies")
    if way == "the copies":
        assert issue(moved, lw.Mailing(drafts=tmp_path / "outbox")).posted
    elif way == "to me":
        lw.chase(moved, as_at=date(2016, 9, 26), mailing=replace(mailing, to_me=True))
        sent = len(inbox.recipients)
    else:
        first, later = (
            lw.chase(moved, as_at=day, mailing=lw.Mailing(drafts=tmp_path / "reminders")).posted
            for day in (date(2016, 9, 26), date(2016, 9, 29))
        )
        assert first
        assert later
        assert "put the folder 'post' that was beside it there" in first.caution
        assert not later.caution
    again = issue(moved, mailing).posted
    assert again
    assert "It is not known who has got which letter" in again.failed
    assert len(inbox.recipients) == sent


def posted(made: IssueResult) -> tuple[Outcome, ...]:
    assert made.posted
    assert not made.posted.failed
    return made.posted.outcomes


def test_a_server_that_drops_out_leaves_the_master_issued_and_the_rest_for_the_next_run(
    master: Path, by_server: tuple[lw.Mailing, Inbox]
) -> None:
    mailing, inbox = by_server
    inbox.answer = lambda step, _who: DROP if step == "mail" else None
    made = issue(master, mailing)
    assert made.posted
    assert not any(one.fate is Fate.SENT for one in made.posted.outcomes)
    assert len(read_tracker(master).issued) == 12


def test_letters_that_cannot_go_out_do_not_hide_that_the_rest_is_done(
    master: Path, tmp_path: Path, by_server: tuple[lw.Mailing, Inbox]
) -> None:
    mailing, inbox = by_server
    inbox.answer = lambda step, _who: DROP if step == "connect" else None
    made = issue(master, mailing)
    assert made.posted
    assert made.posted.needs_a_person
    assert "The copies are written and the issue is recorded; only letters are missing" in made.posted.failed
    assert "Nothing" not in made.posted.failed
    assert len(read_tracker(master).issued) == len(list((tmp_path / "copies").iterdir())) == 12


@pytest.mark.parametrize("wrong", ["swapped", "junk", "filled in", "a path", "another tracker's"])
def test_a_run_that_goes_on_sends_nothing_but_the_copy_that_was_issued(
    master: Path, tmp_path: Path, wrong: str
) -> None:
    issue(master, None)
    mine, other = (copy_of(tmp_path / "copies", title) for title in (HEAD_OF_RESEARCH, "LSCB Chair"))
    if wrong == "swapped":
        data = mine.read_bytes()
        mine.write_bytes(other.read_bytes())
        other.write_bytes(data)
    elif wrong == "junk":
        mine.write_bytes(b"hello")
    elif wrong == "filled in":
        fill_in(mine, mine, {("1.2", "Commentary"): "Half done"})
    elif wrong == "a path":
        book = load_workbook(master)
        column = next(cell.column for cell in book["Returns"][4] if cell.value == "Copy issued")
        book["Returns"].cell(5, column).value = "../master.xlsx"
        book.save(master)
    else:
        (tmp_path / "second").mkdir()
        second = tmp_path / "second" / "master.xlsx"
        lw.new(None, second)
        issue(second, None)
        mine.write_bytes(copy_of(tmp_path / "second" / "copies", HEAD_OF_RESEARCH).read_bytes())
    with pytest.raises(lw.WorkbookError, match="Nothing was sent"):
        issue(master, lw.Mailing(drafts=tmp_path / "outbox"))
    assert not (tmp_path / "outbox").exists()


def test_a_cycle_issued_open_is_not_said_to_be_protected(master: Path, tmp_path: Path) -> None:
    issue(master, None)
    with pytest.raises(lw.WorkbookError, match="issued without passwords"):
        issue(master, lw.Mailing(drafts=tmp_path / "outbox"), protect=True)


def test_passwords_are_given_again_where_the_letters_go_out_later(
    master: Path, by_server: tuple[lw.Mailing, Inbox]
) -> None:
    mailing, inbox = by_server
    inbox.answer = lambda step, _who: DROP if step == "connect" else None
    first = issue(master, mailing, protect=True)
    assert first.posted
    assert first.posted.failed
    inbox.answer = lambda _step, _who: None
    again = issue(master, mailing, protect=True)
    assert again.passwords == first.passwords
    assert len(first.passwords) == 12


def test_letters_for_an_issued_cycle_need_its_own_day_and_folder(master: Path, tmp_path: Path) -> None:
    issue(master, None)
    facts = {"cycle": CYCLE, "issued_on": ISSUED, "mailing": lw.Mailing(drafts=tmp_path / "outbox")}
    with pytest.raises(lw.WorkbookError, match="to be back by 23/09/2016, not 30/09/2016"):
        lw.issue(master, tmp_path / "copies", return_by=date(2016, 9, 30), **facts)  # type: ignore[arg-type]
    with pytest.raises(lw.WorkbookError, match="Give the folder that its copies were written to"):
        lw.issue(master, tmp_path / "other", return_by=RETURN_BY, **facts)  # type: ignore[arg-type]
    assert not (tmp_path / "outbox").exists()


def test_nobody_is_chased_whose_return_is_here(master: Path) -> None:
    back = returned(master)
    found = lw.chase(master, [back], as_at=date(2016, 9, 26))
    assert [one.title for one in found.unmerged] == [HEAD_OF_RESEARCH]
    assert len(found.chasing.chases) == len(found.silent) == 11


def test_an_issue_of_the_same_cycle_without_letters_is_refused_as_ever(master: Path) -> None:
    issue(master, None)
    with pytest.raises(lw.WorkbookError, match="was issued already"):
        issue(master, None)


def test_protected_copies_go_out_encrypted_and_the_letter_says_so(master: Path, tmp_path: Path) -> None:
    made = issue(master, lw.Mailing(drafts=tmp_path / "outbox"), protect=True)
    assert len(made.passwords) == 12
    for name, message in drafts_in(tmp_path / "outbox").items():
        (copy,) = message.iter_attachments()
        assert copy.get_content()[:2] != b"PK", name
        body = message.get_body(("plain",))
        assert body
        assert "password" in body.get_content()
        assert not any(password in body.get_content() for password in made.passwords.values())


def returned(master: Path) -> Path:
    answers = {
        ("1.2", "RAG rating"): "amber ",
        ("1.2", "Commentary"): "Slow.",
        ("1.3", "Commentary"): "Not mine.",
    }
    issue(master, None)
    mine = {key: value for key, value in answers.items() if key[0] == "1.2"}
    return fill_in(
        copy_of(master.parent / "copies", HEAD_OF_RESEARCH), master.parent / "back" / "x.xlsx", mine
    )


def test_whoever_returned_gets_a_receipt_cell_by_cell_and_once(master: Path, tmp_path: Path) -> None:
    back = returned(master)
    mailing = lw.Mailing(drafts=tmp_path / "receipts")
    made = lw.merge(master, [back], as_at=AS_AT, receipts=mailing, now=NOW)
    assert made.posted
    ((_, receipt),) = drafts_in(tmp_path / "receipts").items()
    assert receipt["To"].addresses[0].addr_spec == "officer1@council.example"
    body = receipt.get_body(("plain",))
    assert body
    text = body.get_content()
    for part in ("1.2, RAG rating: recorded", "Slow."):
        assert part in text
    lw.merge(master, [back], as_at=AS_AT, receipts=mailing, now=NOW)
    assert len(drafts_in(tmp_path / "receipts")) == 1


@pytest.mark.parametrize("filled", [True, False])
def test_a_receipt_asks_for_what_the_next_reminder_would(master: Path, tmp_path: Path, filled: bool) -> None:
    partly = returned(master)
    back = partly if filled else copy_of(tmp_path / "copies", HEAD_OF_RESEARCH)
    lw.merge(master, [back], as_at=AS_AT, receipts=lw.Mailing(drafts=tmp_path / "receipts"), now=NOW)
    reminder = next(
        one
        for one in lw.chase(master, as_at=date(2016, 9, 26)).chasing.chases
        if one.officer.title == HEAD_OF_RESEARCH
    )
    ((_, receipt),) = drafts_in(tmp_path / "receipts").items()
    body = receipt.get_body(("plain",))
    assert body
    text = " ".join(body.get_content().split())
    assert "Nothing more is needed" not in text
    assert ("says nothing new of" if filled else "came back with nothing filled in") in text
    assert all(one.to_them in text for one in reminder.reasons)


def test_copies_that_count_as_no_returns_get_no_receipt(master: Path, tmp_path: Path) -> None:
    issue(master, None)
    lw.merge(
        master,
        [tmp_path / "copies"],
        as_at=AS_AT,
        receipts=lw.Mailing(drafts=tmp_path / "receipts"),
        now=NOW,
    )
    assert not drafts_in(tmp_path / "receipts")


def test_a_dry_run_writes_no_receipt(master: Path, tmp_path: Path) -> None:
    mailing = lw.Mailing(drafts=tmp_path / "receipts")
    lw.merge(master, [returned(master)], as_at=AS_AT, receipts=mailing, dry_run=True)
    assert not (tmp_path / "receipts").exists()


def test_the_silent_are_chased_and_their_manager_is_after_the_last_reminder(
    master: Path, by_server: tuple[lw.Mailing, Inbox]
) -> None:
    mailing, inbox = by_server
    officers(master, {0: {"Manager's email": "boss@council.example"}})
    issue(master, None)
    with pytest.raises(lw.WorkbookError, match=r"not known who has got which letter: .*--resend"):
        lw.chase(master, as_at=date(2016, 9, 26), mailing=mailing)
    assert not inbox.recipients
    found = lw.chase(master, as_at=date(2016, 9, 26), mailing=replace(mailing, resend=True))
    assert found.posted
    assert [one.fate for one in found.posted.outcomes].count(Fate.SENT) == 11
    assert "boss@council.example" not in inbox.recipients
    text = dict(inbox.received)["officer0@council.example"].get_body(("plain",))
    assert text
    assert "1.1" in text.get_content()


def test_the_copy_goes_with_a_reminder_to_whoever_has_not_returned(master: Path, tmp_path: Path) -> None:
    back = returned(master)
    lw.merge(master, [back], as_at=date(2016, 9, 24), now=NOW)
    out = lw.Mailing(drafts=tmp_path / "reminders")
    lw.chase(master, as_at=date(2016, 9, 26), mailing=out, copies=tmp_path / "copies")
    drafts = drafts_in(tmp_path / "reminders")
    attached = {
        name: [one.get_filename() for one in draft.iter_attachments()] for name, draft in drafts.items()
    }
    mine = attached.pop(f"{CYCLE} reminder - {HEAD_OF_RESEARCH}.eml")
    assert mine == [], "that return came, and only something in it is lacking"
    assert sorted(files[0] for files in attached.values()) == sorted(
        path.name for path in (tmp_path / "copies").iterdir() if HEAD_OF_RESEARCH not in path.name
    )
    with pytest.raises(lw.WorkbookError, match=r"is not in .*Nothing was sent"):
        lw.chase(master, as_at=date(2016, 9, 29), mailing=out, copies=tmp_path)


def test_the_rest_get_their_copy_where_some_had_it_before(master: Path, tmp_path: Path) -> None:
    facts = {"cycle": CYCLE, "issued_on": ISSUED, "return_by": RETURN_BY, "now": NOW}
    lw.issue(master, tmp_path / "copies", only=[HEAD_OF_RESEARCH], **facts)  # type: ignore[arg-type]
    first = copy_of(tmp_path / "copies", HEAD_OF_RESEARCH).read_bytes()
    with pytest.raises(lw.WorkbookError, match="without --officer to issue it to all who have none"):
        lw.issue(master, tmp_path / "copies", only=[HEAD_OF_RESEARCH], **facts)  # type: ignore[arg-type]
    made = issue(master, lw.Mailing(drafts=tmp_path / "outbox"))
    assert (len(made.issued), len(made.before)) == (11, 1)
    assert len(drafts_in(tmp_path / "outbox")) == 11
    assert copy_of(tmp_path / "copies", HEAD_OF_RESEARCH).read_bytes() == first
    assert len({one.officer for one in read_tracker(master).issued}) == 12
    with pytest.raises(lw.WorkbookError, match="was issued already"):
        issue(master, None)


def test_a_cycle_written_a_little_otherwise_is_no_second_round(master: Path) -> None:
    issue(master, None)
    before = master.read_bytes()
    for cycle in ("2016-17 q2", "2016/17 Q2", "2016-17Q2 ", "2016\u201317 Q2"):
        with pytest.raises(lw.WorkbookError, match=f"has a cycle '{CYCLE}'.*Nothing was changed"):
            lw.issue(master, master.parent / "more", cycle=cycle, issued_on=ISSUED, return_by=RETURN_BY)
    assert master.read_bytes() == before


def test_a_leavers_copy_goes_to_the_successor(master: Path, tmp_path: Path) -> None:
    officers(master, {1: {"Successor": "Integrated Care Director, NELFT"}})
    issue(master, lw.Mailing(drafts=tmp_path / "outbox"))
    name = f"{CYCLE} - {HEAD_OF_RESEARCH}.xlsx"
    ((to, text),) = [
        (draft["To"].addresses[0].addr_spec, draft.get_body(("plain",)))
        for draft in drafts_in(tmp_path / "outbox").values()
        if [one.get_filename() for one in draft.iter_attachments()] == [name]
    ]
    heir = next(one for one in read_tracker(master).plan.officers if one.title.startswith("Integrated Care"))
    assert to == heir.email
    assert text
    assert f"actions of {HEAD_OF_RESEARCH}" in " ".join(text.get_content().split())


def test_chase_alone_says_who_and_sends_nothing(master: Path) -> None:
    issue(master, None)
    before = master.read_bytes()
    found = lw.chase(master, as_at=date(2016, 9, 26))
    assert found.posted is None
    assert len(found.silent) == len(found.chasing.chases) == 12
    assert master.read_bytes() == before
    assert not (master.parent / "post").exists()


def test_drafts_count_as_reminders_so_that_the_manager_is_written_to_at_last(
    master: Path, tmp_path: Path
) -> None:
    officers(master, {0: {"Manager's email": "boss@council.example"}})
    issue(master, None)
    mailing = lw.Mailing(drafts=tmp_path / "reminders")
    for day in (date(2016, 9, 26), date(2016, 9, 26), date(2016, 9, 29), date(2016, 10, 20)):
        lw.chase(master, as_at=day, mailing=mailing)
    to = [
        message["To"].addresses[0].addr_spec
        for message in drafts_in(tmp_path / "reminders").values()
        if message["To"]
    ]
    assert to.count("officer1@council.example") == 2
    assert to.count("boss@council.example") == 1


def test_calendars_are_written_and_made_anew(master: Path, tmp_path: Path) -> None:
    issue(master, None)
    made = lw.calendar(master, tmp_path / "calendars", as_at=AS_AT)
    first = {path: path.read_bytes() for path in made.files}
    assert len(first) == 13
    assert all(data.startswith(b"BEGIN:VCALENDAR") for data in first.values())
    lw.calendar(master, tmp_path / "calendars", as_at=AS_AT)
    assert {path: path.read_bytes() for path in made.files} == first
