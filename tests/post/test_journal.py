"""What the journal says is true whenever a run ends, and the next run sends to nobody twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from post.smtp import CYCLE, DROP, MANAGER, NOW, TRACKER, Inbox, a_letter
from post.struck import AFTER, BEFORE, TORN, struck

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post import Credentials, Fate, Journal, Outcome, Server, open_journal, read_journal, send
from lscb_workbook.post.journal import Noted, has_journal, journal_path
from lscb_workbook.post.letters import Kind
from lscb_workbook.tracker import locking

LETTERS = [a_letter(1), a_letter(2)]


def again(server: Server, master: Path, known: Credentials, **how: bool) -> dict[str, Outcome]:
    """The next run, and what it says of each address."""
    with open_journal(master, TRACKER) as journal:
        done = send(
            LETTERS, server=server, sender=MANAGER, known=known, journal=journal, now=lambda: NOW, **how
        )
    return {one.to: one for one in done}


def lines(master: Path) -> list[tuple[str, Noted]]:
    return [(entry.uid.officer, entry.noted) for entry in read_journal(master, TRACKER)]


# --- runs that are killed --------------------------------------------------------------------


@pytest.mark.parametrize("where", [BEFORE, TORN, AFTER])
@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_a_run_that_is_killed_at_any_line_and_started_again_sends_to_nobody_twice(
    post_office: tuple[Server, Inbox], known: Credentials, master: Path, line: int, where: str
) -> None:
    server, inbox = post_office
    assert struck(master, server, 2, line, where).wait(60) == -signal.SIGKILL
    outcomes = again(server, master, known)
    count = {letter.to: inbox.recipients.count(letter.to) for letter in LETTERS}
    for to, outcome in outcomes.items():
        assert count[to] <= 1
        if outcome.fate is Fate.UNCERTAIN:
            assert to in outcome.sentence
            assert outcome.name in outcome.sentence
        else:
            assert outcome.fate in (Fate.SENT, Fate.BEFORE)
            assert count[to] == 1
    # Just the one is uncertain whose message was begun and not noted as ended.
    begun = (line % 2 == 1) == (where == AFTER)
    uncertain = [to for to, one in outcomes.items() if one.fate is Fate.UNCERTAIN]
    assert uncertain == ([LETTERS[(line - 1) // 2].to] if begun else [])
    after = again(server, master, known)
    assert all(one.fate is Fate.BEFORE for one in after.values() if one.to not in uncertain)
    again(server, master, known, resend=True)
    assert all(one.fate is Fate.BEFORE for one in again(server, master, known).values())


@pytest.mark.parametrize("taken", [True, False])
def test_a_run_that_is_killed_while_the_server_has_a_message_leaves_it_unknown(
    post_office: tuple[Server, Inbox], known: Credentials, master: Path, taken: bool
) -> None:
    server, inbox = post_office
    started: list[subprocess.Popen[bytes]] = []
    ready = threading.Event()

    def answer(step: str, who: str) -> str | None:
        if step == "dot" and who == "officer-2@council.example":
            assert ready.wait(60)
            started[0].kill()
            started[0].wait(60)
            return None if taken else DROP
        return None

    inbox.answer = answer
    started.append(struck(master, server, 2))
    ready.set()
    assert started[0].wait(60) == -signal.SIGKILL
    inbox.answer = lambda *_: None
    outcomes = again(server, master, known)
    assert [one.fate for one in outcomes.values()] == [Fate.BEFORE, Fate.UNCERTAIN]
    assert inbox.recipients.count("officer-2@council.example") == taken


# --- masters and copies that move ------------------------------------------------------------


def test_a_master_under_another_name_or_moved_with_its_post_sends_to_nobody_twice(
    post_office: tuple[Server, Inbox], known: Credentials, master: Path, tmp_path: Path
) -> None:
    server, inbox = post_office
    again(server, master, known)
    journal_path(master, TRACKER).rename(master.with_name("post") / "post-LAPTOP.jsonl")
    (tmp_path / "elsewhere").mkdir()
    master.with_name("post").rename(tmp_path / "elsewhere" / "post")
    after = again(server, tmp_path / "elsewhere" / "tracker, final.xlsx", known)
    assert {one.fate for one in after.values()} == {Fate.BEFORE}
    assert len(inbox.recipients) == 2


def test_a_journal_in_the_folder_counts_for_its_own_tracker_alone(master: Path) -> None:
    written(master, Noted.SENDING, Noted.SENT)
    assert (read_journal(master, "another"), has_journal(master, "another")) == ((), False)
    assert has_journal(master, TRACKER)
    with open_journal(master, "../another") as journal:
        assert not has_journal(master, "../another")
        journal.begin("../another", NOW.date())
    assert has_journal(master, "../another")


def test_the_latest_of_several_journals_is_what_holds(master: Path) -> None:
    path = journal_path(master, TRACKER)
    with open_journal(master, TRACKER) as journal:
        journal.add(LETTERS[0], Noted.SENT, NOW + timedelta(hours=1))
    path.rename(path.with_name("a copy.jsonl"))
    with open_journal(master, TRACKER) as journal:
        journal.add(LETTERS[0], Noted.DEFERRED, NOW)
    with open_journal(master, TRACKER) as journal:
        assert (one := journal.of(LETTERS[0].uid))
        assert one.noted is Noted.SENT


def test_a_letter_whose_copy_was_made_anew_goes_out_with_the_managers_word_alone(
    post_office: tuple[Server, Inbox], known: Credentials, master: Path
) -> None:
    server, inbox = post_office
    again(server, master, known)
    anew = [a_letter(1, data=b"another copy"), LETTERS[1]]

    def run(**how: bool) -> tuple[Outcome, ...]:
        with open_journal(master, TRACKER) as journal:
            return send(
                anew, server=server, sender=MANAGER, known=known, journal=journal, now=lambda: NOW, **how
            )

    first, other = run()
    assert (first.fate, other.fate) == (Fate.OTHER_COPY, Fate.BEFORE)
    assert first.fate.needs_a_person
    assert "sent on 1 September 2016, and the copy was made anew since" in first.sentence
    assert "--resend" in first.sentence
    assert [one.fate for one in run(resend=True)] == [Fate.SENT, Fate.BEFORE]
    assert [one.fate for one in run(resend=True)] == [Fate.BEFORE, Fate.BEFORE]
    ids = [message["Message-ID"] for _, message in inbox.received]
    assert len(set(ids)) == 3, "a server keeps only the first of two messages with one number"


# --- the file --------------------------------------------------------------------------------


def written(master: Path, *noted: Noted) -> bytes:
    with open_journal(master, TRACKER) as journal:
        for one in noted:
            journal.add(a_letter(), one, NOW, "250 “taken”")
    return journal_path(master, TRACKER).read_bytes()


def test_a_line_says_which_letter_to_whom_when_and_what_the_server_said(master: Path) -> None:
    data = written(master, Noted.SENDING, Noted.SENT)
    assert journal_path(master, TRACKER) == master.with_name("post") / f"{TRACKER} post.jsonl"
    assert [json.loads(line) for line in data.splitlines()][1] == {
        "at": "2016-09-01T09:00:00+00:00", "state": "sent", "tracker": TRACKER, "cycle": CYCLE,
        "officer": "officer-1", "kind": "issue", "number": 1, "name": "Officer 1",
        "to": "officer-1@council.example", "said": "250 “taken”",
        "copy": a_letter(1).copy,
    }  # fmt: skip
    assert read_journal(master, TRACKER)[1].said == "250 “taken”"


def test_there_is_nothing_before_the_first_letter(master: Path) -> None:
    assert read_journal(master, TRACKER) == ()
    assert not journal_path(master, TRACKER).parent.exists()


def test_a_last_line_that_was_cut_short_anywhere_is_passed_over_and_the_next_is_whole(master: Path) -> None:
    data = written(master, Noted.SENDING, Noted.SENT)
    start = data.index(b"\n") + 1
    path = journal_path(master, TRACKER)
    for end in range(start, len(data) - 1):
        path.write_bytes(data[:end])
        assert lines(master) == [("officer-1", Noted.SENDING)]
        with open_journal(master, TRACKER) as journal:
            entry = journal.of(a_letter().uid)
            assert entry
            assert entry.noted is Noted.SENDING
            journal.add(a_letter(2), Noted.SENDING, NOW)
        assert lines(master) == [("officer-1", Noted.SENDING), ("officer-2", Noted.SENDING)]


def test_a_last_line_that_lacks_only_its_end_counts(master: Path) -> None:
    data = written(master, Noted.SENDING, Noted.SENT)
    journal_path(master, TRACKER).write_bytes(data[:-1])
    assert lines(master) == [("officer-1", Noted.SENDING), ("officer-1", Noted.SENT)]
    written(master, Noted.REFUSED)
    assert [noted for _, noted in lines(master)] == [Noted.SENDING, Noted.SENT, Noted.REFUSED]


def test_a_run_that_is_killed_while_it_mends_a_line_does_no_harm(master: Path) -> None:
    data = written(master, Noted.SENDING, Noted.SENT)
    path = journal_path(master, TRACKER)
    path.write_bytes(data[:-9])
    with open_journal(master, TRACKER):
        mended = path.read_bytes()
    for end in range(len(data) - 4, len(mended)):
        path.write_bytes(mended[:end])
        written(master, Noted.REFUSED)
        assert lines(master) == [("officer-1", Noted.SENDING), ("officer-1", Noted.REFUSED)]


def test_a_line_that_was_cut_short_excuses_no_other(master: Path) -> None:
    data = written(master, Noted.SENDING, Noted.SENT)
    journal_path(master, TRACKER).write_bytes(data[:9] + b"\n" + data[:-9])
    with pytest.raises(WorkbookError, match="Line 1 of"):
        written(master, Noted.SENDING)


@pytest.mark.parametrize("odd", [b"{}", b"nonsense", b'{"state": "sent"}', b"[]", b"\0\0\0", b""])
def test_another_line_that_cannot_be_read_stops_all(master: Path, odd: bytes) -> None:
    data = written(master, Noted.SENDING, Noted.SENT)
    journal_path(master, TRACKER).write_bytes(odd + b"\n" + data)
    with pytest.raises(WorkbookError, match=r"Line 1 of .*post.jsonl.*Nothing was sent"):
        read_journal(master, TRACKER)


def test_what_was_noted_is_never_changed(master: Path) -> None:
    before = written(master, Noted.SENDING, Noted.UNKNOWN)
    assert written(master, Noted.SENDING, Noted.SENT).startswith(before)


def test_a_line_is_on_the_disk_before_anything_else_is_done(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[bytes] = []
    usual = os.fsync

    def seen(number: int) -> None:
        usual(number)
        on_disk.append(journal_path(master, TRACKER).read_bytes())

    monkeypatch.setattr(os, "fsync", seen)
    data = written(master, Noted.SENDING, Noted.SENT)
    assert on_disk[-2:] == [data[: data.index(b"\n") + 1], data]


def test_another_trackers_letters_are_not_these(master: Path) -> None:
    written(master, Noted.SENT)
    with open_journal(master, TRACKER) as journal:
        assert journal.of(a_letter().uid)
        assert journal.of(a_letter().uid._replace(tracker="another")) is None
        assert journal.of(a_letter().uid._replace(number=2)) is None


def test_a_day_of_chasing_ends_with_the_day_and_counts_only_what_may_have_arrived(master: Path) -> None:
    refused, sent = a_letter(1, kind=Kind.REMINDER), a_letter(2, kind=Kind.ESCALATION)
    with open_journal(master, TRACKER) as journal:
        journal.add(refused, Noted.SENDING, NOW)
        assert journal.chased(refused.to, NOW.date())
        journal.add(refused, Noted.REFUSED, NOW)
        journal.add(a_letter(3), Noted.SENT, NOW)
        journal.add(sent, Noted.SENT, NOW)
        assert not journal.chased(refused.to, NOW.date())
        assert not journal.chased("officer-3@council.example", NOW.date())
        assert journal.chased(sent.to.upper(), NOW.date())
        assert not journal.chased(sent.to, NOW.date(), but=sent.uid)
        assert not journal.chased(sent.to, NOW.date() + timedelta(days=1))


def test_a_draft_is_noted_on_its_day_and_counts_as_chasing(master: Path) -> None:
    one = a_letter(1, kind=Kind.REMINDER)
    day = NOW.date() + timedelta(days=3)
    with open_journal(master, TRACKER) as journal:
        journal.draft([one, a_letter(2, kind=Kind.RECEIPT)], day)
        assert journal.chased(one.to, day)
        assert not journal.chased(one.to, NOW.date())
        assert not journal.chased("officer-2@council.example", day)
    first, second = read_journal(master, TRACKER)
    assert (first.noted, first.uid, first.to, first.at.date()) == (Noted.DRAFTED, one.uid, one.to, day)
    assert first.counts
    assert not first.may_have_arrived
    assert second.uid.kind == "receipt"


def test_a_second_run_waits_for_the_first(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "SOON", 0.01)
    monkeypatch.setattr(locking, "PATIENCE", 0.02)
    told: list[str] = []
    with (
        open_journal(master, TRACKER),
        pytest.raises(WorkbookError, match="Another run of lscb-workbook"),
        open_journal(master, TRACKER, told.append),
    ):
        pass
    assert len(told) == 1


def test_a_journal_that_cannot_be_written_stops_all_before_anything_is_sent(
    post_office: tuple[Server, Inbox], known: Credentials, master: Path
) -> None:
    master.with_name("post").write_text("a file in the folder's place")
    with pytest.raises(WorkbookError, match="which cannot be written"):
        again(post_office[0], master, known)
    assert post_office[1].connections == 0


@pytest.mark.parametrize("nth", [1, 2])
def test_a_disk_that_is_full_at_a_line_ends_the_run_and_names_the_letter(
    post_office: tuple[Server, Inbox],
    known: Credentials,
    master: Path,
    monkeypatch: pytest.MonkeyPatch,
    nth: int,
) -> None:
    server, inbox = post_office
    usual, count = Journal._append, [0]

    def append(journal: Journal, data: bytes) -> None:
        count[0] += 1
        if count[0] == nth:
            usual(journal, data[:20])
            raise OSError(28, os.strerror(28))
        usual(journal, data)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_append", append)
        with pytest.raises(WorkbookError, match=r"Officer 1 \(officer-1@council.example\)") as told:
            again(server, master, known)
    assert ("had not been sent" if nth == 1 else "counts as sent") in str(told.value)
    assert inbox.recipients == [LETTERS[0].to] * (nth - 1)
    outcomes = again(server, master, known)
    assert outcomes[LETTERS[0].to].fate is (Fate.SENT if nth == 1 else Fate.UNCERTAIN)
    assert inbox.recipients.count(LETTERS[0].to) == 1
