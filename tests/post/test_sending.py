"""Letters sent to a real server: each arrives once, and what is said of it is true, whatever happens."""

from __future__ import annotations

import base64
import re
import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from post.conftest import MemoryKeyring
from post.smtp import (
    DROP,
    MANAGER,
    NOW,
    PASSWORD,
    SILENCE,
    TRACKER,
    USER,
    Authority,
    Inbox,
    a_letter,
    faults,
    mail_server,
)

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post import (
    Credentials,
    Fate,
    Letter,
    Outcome,
    Sender,
    Server,
    credentials,
    open_journal,
    read_journal,
    send,
    server_at,
)
from lscb_workbook.post.journal import journal_path
from lscb_workbook.post.letters import Kind

Sent = tuple[Outcome, ...]
THREE = [a_letter(1), a_letter(2), a_letter(3)]
SMALL = [a_letter(number) for number in range(1, 6)]
LARGE = [a_letter(number, data=bytes(4_000_000)) for number in range(1, 6)]
"""Letters that are on their way for so long that a connection may end in the middle of them."""


@pytest.fixture
def sent(master: Path, known: Credentials) -> Callable[..., Sent]:
    """Sends letters by a server, as the manager would."""

    def run(server: Server, letters: Sequence[Letter], at: datetime = NOW, **how: object) -> Sent:
        facts = {"known": known, "sender": MANAGER} | how
        with open_journal(master, TRACKER) as journal:
            return send(letters, server=server, journal=journal, now=lambda: at, **facts)  # type: ignore[arg-type]

    return run


def fates(outcomes: Sent) -> list[Fate]:
    return [one.fate for one in outcomes]


def noted(master: Path) -> list[tuple[str, str]]:
    return [(entry.uid.officer[-1], entry.noted.value) for entry in read_journal(master, TRACKER)]


def once(step: str, said: str, who: str = "") -> Callable[[str, str], str | None]:
    """An answer that is given the first time that it is asked for at a step."""
    left = [said]
    return lambda at, to: left.pop() if left and at == step and who in to else None


# --- a good day ------------------------------------------------------------------------------


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS"])
def test_letters_arrive_whole_over_tls(
    authority: Authority, sent: Callable[..., Sent], implicit: bool
) -> None:
    with mail_server(authority.context(), implicit=implicit) as (port, inbox):
        assert fates(sent(authority.server(port, implicit=implicit), THREE)) == [Fate.SENT] * 3
    assert inbox.recipients == [letter.to for letter in THREE]
    assert all(inbox.on_tls)
    assert inbox.connections == 1
    for letter, (_, message) in zip(THREE, inbox.received, strict=True):
        assert not faults(message)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text
        assert html
        assert text.get_content().replace("\r\n", "\n") == letter.text
        assert html.get_content().replace("\r\n", "\n") == letter.html
        (attached,) = message.iter_attachments()
        assert (attached.get_filename(), attached.get_content()) == (letter.attachments[0].name, b"copy")
        assert message["X-Unsent"] is None


def test_a_second_run_sends_to_nobody_again(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    sent(server, THREE[:2])
    later = sent(server, THREE, NOW + timedelta(days=1))
    assert fates(later) == [Fate.BEFORE, Fate.BEFORE, Fate.SENT]
    assert later[0].sentence == "Officer 1 (officer-1@council.example): sent on 1 September 2016 already."
    assert len(inbox.received) == 3


def test_a_letter_that_was_drafted_is_sent_and_told_of(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], master: Path
) -> None:
    server, inbox = post_office
    reminders = [a_letter(number, kind=Kind.REMINDER) for number in (1, 2)]
    with open_journal(master, TRACKER) as journal:
        journal.draft(reminders[:1], NOW.date())
    first, second = sent(server, reminders)
    assert first.fate is second.fate is Fate.SENT
    assert first.sentence == (
        "Officer 1 (officer-1@council.example): sent. A draft of it was written on 1 September 2016; sent "
        "now, so do not send the draft as well."
    )
    assert second.sentence == "Officer 2 (officer-2@council.example): sent."
    assert fates(sent(server, reminders)) == [Fate.BEFORE] * 2
    assert len(inbox.received) == 2


def test_another_reminder_is_held_on_the_day_of_a_draft(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], master: Path
) -> None:
    with open_journal(master, TRACKER) as journal:
        journal.draft([a_letter(1, kind=Kind.REMINDER)], NOW.date())
    assert fates(sent(post_office[0], [a_letter(1, kind=Kind.REMINDER, nth=2)])) == [Fate.HELD]


def test_no_address_is_said_once(post_office: tuple[Server, Inbox], sent: Callable[..., Sent]) -> None:
    (outcome,) = sent(post_office[0], [Letter("c", "C", "", "S", "t\n", "h\n", Kind.ISSUE, THREE[2].uid)])
    assert outcome.sentence == ("C: not sent; no address. Put one in the column Email of the Officers tab.")


def test_where_all_was_sent_before_no_server_is_needed(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    sent(server, THREE)
    sent(server, THREE)
    assert inbox.connections == 1


def test_each_is_noted_before_and_after(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], master: Path
) -> None:
    server, inbox = post_office
    seen: list[list[tuple[str, str]]] = []
    inbox.answer = lambda step, _: seen.append(noted(master)) if step == "mail" else None  # type: ignore[func-returns-value]
    sent(server, THREE[:2])
    assert seen == [[("1", "sending")], [("1", "sending"), ("1", "sent"), ("2", "sending")]]
    assert noted(master)[-1] == ("2", "sent")


def test_the_manager_gets_all_first_and_it_counts_for_nothing(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    letters = [
        a_letter(1),
        a_letter(2, kind=Kind.REMINDER),
        Letter("c", "C", "", "S", "t\n", "h\n", Kind.ISSUE, THREE[2].uid),
    ]
    for _ in range(2):
        assert fates(sent(server, letters, to_me=True)) == [Fate.SENT] * 3
    assert inbox.recipients == [USER] * 6
    subjects = [str(message["Subject"]) for _, message in inbox.received[:3]]
    assert subjects[0] == "[For Officer 1 <officer-1@council.example>] Your actions, 1"
    assert subjects[2] == "[For C, who has no address] S"
    assert fates(sent(server, letters)) == [Fate.SENT, Fate.SENT, Fate.UNADDRESSED]


def test_nobody_is_chased_twice_a_day(post_office: tuple[Server, Inbox], sent: Callable[..., Sent]) -> None:
    server, inbox = post_office
    shared = "office@council.example"
    first = a_letter(1, kind=Kind.REMINDER, to=shared)
    second = a_letter(2, kind=Kind.ESCALATION, to="Office@Council.example")
    assert fates(sent(server, [a_letter(1, to=shared), first, second])) == [Fate.SENT, Fate.SENT, Fate.HELD]
    assert fates(sent(server, [second], NOW + timedelta(days=1))) == [Fate.SENT]
    assert len(inbox.received) == 3


def test_hundreds_of_letters_over_a_server_that_hangs_up_after_every_thirty(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    turned = set[int]()

    def answer(step: str, _who: str) -> str | None:
        count = len(inbox.received)
        if step == "mail" and count and count % 30 == 0 and count not in turned:
            turned.add(count)
            return "421 4.7.0 Too many messages on this connection"
        return None

    inbox.answer = answer
    letters = [a_letter(number) for number in range(300)]
    told: list[Outcome] = []
    assert fates(sent(server, letters, progress=told.append)) == [Fate.SENT] * 300
    assert inbox.recipients == [letter.to for letter in letters]
    assert len({message["Message-ID"] for _, message in inbox.received}) == 300
    assert inbox.connections == 10
    assert len(told) == 300


def test_an_attachment_of_thirty_megabytes(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    data = bytes(range(256)) * (30_000_000 // 256)
    assert fates(sent(server, [a_letter(1, data=data)])) == [Fate.SENT]
    (attached,) = inbox.received[0][1].iter_attachments()
    assert attached.get_content() == data


def test_what_is_too_large_for_the_server_is_told_and_the_rest_goes(
    authority: Authority, sent: Callable[..., Sent]
) -> None:
    with mail_server(authority.context(), size=10_000) as (port, inbox):
        outcomes = sent(authority.server(port), [a_letter(1, data=b"x" * 20_000), a_letter(2)])
    assert fates(outcomes) == [Fate.REFUSED, Fate.SENT]
    assert "the server takes 0.0 MB at most" in outcomes[0].sentence
    assert inbox.recipients == ["officer-2@council.example"]


def test_names_in_all_the_worlds_letters(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    letters = [
        a_letter(1, name="Siân Ŵyn, “Nyrsio”; 日本", to="sian@bücher.example"),
    ]
    assert fates(sent(server, letters)) == [Fate.SENT]
    assert inbox.recipients == ["sian@xn--bcher-kva.example"]
    message = inbox.received[0][1]
    assert message["To"].addresses[0].display_name == "Siân Ŵyn, “Nyrsio”; 日本"
    assert not faults(message)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b.example; c@d.example",
        "A <a@b.example>",
        "ŵyn@b.example",
        "a@b.example\r\nBcc: x@y.example",
    ],
)
def test_an_officer_without_a_good_address_is_named_and_the_rest_goes(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], address: str, master: Path
) -> None:
    server, inbox = post_office
    bad = Letter("o", "Officer 9", address, "S", "t\n", "h\n", Kind.ISSUE, THREE[0].uid)
    outcomes = sent(server, [bad, a_letter(2)])
    assert fates(outcomes) == [Fate.UNADDRESSED, Fate.SENT]
    assert "Officer 9" in outcomes[0].sentence
    assert "Officers tab" in outcomes[0].sentence
    assert inbox.recipients == ["officer-2@council.example"]
    assert noted(master) == [("2", "sending"), ("2", "sent")]


# --- faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("connect", DROP),
        *(
            (step, said)
            for step in ("ehlo", "starttls", "auth")
            for said in (DROP, "421 4.3.2 Closing", SILENCE)
        ),
    ],
)
def test_a_server_that_fails_before_the_first_letter_gets_none(
    authority: Authority, sent: Callable[..., Sent], master: Path, step: str, fault: str
) -> None:
    with mail_server(authority.context()) as (port, inbox):
        inbox.answer = once(step, fault)
        with pytest.raises(WorkbookError, match=f"The mail server 127.0.0.1:{port}"):
            sent(authority.server(port, timeout=2 if fault == SILENCE else 20), THREE)
        assert noted(master) == []
        assert fates(sent(authority.server(port), THREE)) == [Fate.SENT] * 3
    assert len(inbox.received) == 3


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "body"])
def test_a_connection_that_drops_before_the_end_of_a_message_is_made_anew(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], master: Path, step: str
) -> None:
    server, inbox = post_office
    count = [0]

    def answer(at: str, _who: str) -> str | None:
        count[0] += at == step
        return DROP if at == step and count[0] == 2 else None

    inbox.answer = answer
    letters = LARGE if step == "body" else SMALL
    assert fates(sent(server, letters)) == [Fate.SENT] * 5
    assert inbox.recipients == [letter.to for letter in letters]
    assert noted(master)[2:6] == [("2", "sending"), ("2", "deferred"), ("2", "sending"), ("2", "sent")]


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "body"])
def test_a_server_that_always_drops_is_given_up_and_the_next_run_sends_all(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], step: str
) -> None:
    server, inbox = post_office
    inbox.answer = lambda at, _: DROP if at == step else None
    letters = LARGE if step == "body" else SMALL
    outcomes = sent(server, letters)
    assert fates(outcomes) == [Fate.DEFERRED] * 3 + [Fate.LEFT] * 2
    assert "officer-4@council.example" in outcomes[3].sentence
    inbox.answer = lambda *_: None
    assert fates(sent(server, letters)) == [Fate.SENT] * 5
    assert inbox.recipients == [letter.to for letter in letters]


@pytest.mark.parametrize("fault", [DROP, SILENCE])
def test_a_connection_that_ends_before_the_answer_to_a_message_leaves_it_unknown(
    authority: Authority, sent: Callable[..., Sent], master: Path, fault: str
) -> None:
    with mail_server(authority.context()) as (port, inbox):
        inbox.answer = once("dot", fault, "officer-2")
        outcomes = sent(authority.server(port, patience=2 if fault == SILENCE else 20), THREE)
        assert fates(outcomes) == [Fate.SENT, Fate.UNKNOWN, Fate.SENT]
        assert "Officer 2 (officer-2@council.example)" in outcomes[1].sentence
        again = sent(authority.server(port), THREE)
        assert fates(again) == [Fate.BEFORE, Fate.UNCERTAIN, Fate.BEFORE]
        assert "Officer 2 (officer-2@council.example)" in again[1].sentence
        assert "--resend" in again[1].sentence
        assert inbox.recipients == ["officer-1@council.example", "officer-3@council.example"]
        assert fates(sent(authority.server(port), THREE, resend=True)) == [
            Fate.BEFORE,
            Fate.SENT,
            Fate.BEFORE,
        ]
        assert fates(sent(authority.server(port), THREE, resend=True)) == [Fate.BEFORE] * 3
    assert len(inbox.received) == 3
    assert ("2", "unknown") in noted(master)


def test_a_server_that_ponders_a_message_longer_than_other_answers_may_take(
    authority: Authority, sent: Callable[..., Sent]
) -> None:
    with mail_server(authority.context(), ponders=3.5) as (port, inbox):
        assert fates(sent(authority.server(port, timeout=3), [a_letter(1)])) == [Fate.SENT]
    assert len(inbox.received) == 1


@pytest.mark.parametrize("step", ["rcpt", "data", "dot"])
def test_a_letter_that_is_refused_is_told_and_the_rest_goes(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], step: str
) -> None:
    server, inbox = post_office
    inbox.answer = once(step, "550 5.1.1 No such person here", "officer-2")
    outcomes = sent(server, THREE)
    assert fates(outcomes) == [Fate.SENT, Fate.REFUSED, Fate.SENT]
    assert "Officer 2 (officer-2@council.example)" in outcomes[1].sentence
    assert "550 5.1.1 No such person here" in outcomes[1].sentence
    mended = [THREE[0], a_letter(2, to="right@council.example"), THREE[2]]
    assert fates(sent(server, mended)) == [Fate.BEFORE, Fate.SENT, Fate.BEFORE]
    assert inbox.recipients[-1] == "right@council.example"


@pytest.mark.parametrize("step", ["rcpt", "dot"])
def test_a_letter_that_is_put_off_goes_with_the_next_run(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], step: str
) -> None:
    server, inbox = post_office
    inbox.answer = once(step, "450 4.2.1 Busy", "officer-2")
    assert fates(sent(server, THREE)) == [Fate.SENT, Fate.DEFERRED, Fate.SENT]
    assert fates(sent(server, THREE)) == [Fate.BEFORE, Fate.SENT, Fate.BEFORE]
    assert len(inbox.received) == 3


@pytest.mark.parametrize("step", ["mail", "data", "dot"])
def test_a_server_that_is_full_is_given_up_until_the_next_run(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], step: str
) -> None:
    server, inbox = post_office
    inbox.answer = lambda at, _: "452 4.3.1 Insufficient system storage" if at == step else None
    letters = [a_letter(number) for number in range(1, 9)]
    outcomes = sent(server, letters)
    assert fates(outcomes) == [Fate.DEFERRED] * 3 + [Fate.LEFT] * 5
    assert "452 4.3.1 Insufficient system storage" in outcomes[-1].sentence
    inbox.answer = lambda *_: None
    assert fates(sent(server, letters)) == [Fate.SENT] * 8
    assert inbox.recipients == [letter.to for letter in letters]


def test_a_server_that_takes_nothing_from_this_sender_is_not_asked_again(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    inbox.answer = lambda at, _: "550 5.7.60 Not your address" if at == "mail" else None
    outcomes = sent(server, THREE)
    assert fates(outcomes) == [Fate.REFUSED, Fate.LEFT, Fate.LEFT]
    assert f"takes no letters from {USER}" in outcomes[1].sentence


def test_a_server_that_is_gone_in_the_middle_leaves_the_rest_for_the_next_run(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    gone = [False]

    def answer(step: str, who: str) -> str | None:
        gone[0] = gone[0] or (step == "rcpt" and "officer-2" in who)
        return DROP if gone[0] else None

    inbox.answer = answer
    outcomes = sent(server, THREE)
    assert fates(outcomes) == [Fate.SENT, Fate.LEFT, Fate.LEFT]
    gone[0], inbox.answer = False, lambda *_: None
    assert fates(sent(server, THREE)) == [Fate.BEFORE, Fate.SENT, Fate.SENT]


def test_an_answer_that_is_none_leaves_a_message_unknown(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    inbox.answer = once("dot", "hello?")
    assert fates(sent(server, THREE[:2])) == [Fate.UNKNOWN, Fate.SENT]


def test_a_run_that_is_stopped_by_hand_notes_what_it_knows(
    post_office: tuple[Server, Inbox],
    sent: Callable[..., Sent],
    master: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, inbox = post_office

    def stopped(_link: smtplib.SMTP, _to: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "rcpt", stopped)
        with pytest.raises(KeyboardInterrupt):
            sent(server, THREE)
    assert noted(master) == [("1", "sending"), ("1", "deferred")]
    assert fates(sent(server, THREE)) == [Fate.SENT] * 3
    assert len(inbox.received) == 3


def test_letters_that_cannot_all_be_made_are_not_begun(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    def letters():  # type: ignore[no-untyped-def]
        yield a_letter(1)
        raise WorkbookError("A mistake in a template. Nothing was sent.")

    server, inbox = post_office
    with pytest.raises(WorkbookError, match="Nothing was sent"):
        sent(server, letters())
    assert inbox.connections == 0


def test_an_officer_who_has_another_address_now_is_asked_about(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    server, inbox = post_office
    sent(server, THREE[:1])
    moved = [a_letter(1, to="new@council.example")]
    outcomes = sent(server, moved)
    assert fates(outcomes) == [Fate.UNCERTAIN]
    assert "but to officer-1@council.example" in outcomes[0].sentence
    assert fates(sent(server, moved, resend=True)) == [Fate.SENT]
    assert fates(sent(server, moved, again=["officer-1"])) == [Fate.SENT]
    assert inbox.recipients[1:] == ["new@council.example"] * 2


# --- cover and passwords ---------------------------------------------------------------------


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS"])
@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        ("expired", "certificate has expired"),
        ("another name", "certificate is not valid for"),
        ("unknown", "unable to get"),
    ],
)
def test_a_server_that_cannot_be_trusted_is_told_nothing(
    authority: Authority, sent: Callable[..., Sent], implicit: bool, certificate: str, said: str
) -> None:
    name = "10.0.0.1" if certificate == "another name" else "127.0.0.1"
    context = authority.context(name, expired=certificate == "expired")
    with mail_server(context, implicit=implicit) as (port, inbox):
        server = authority.server(port, implicit=implicit)
        if certificate == "unknown":
            server = Server(server.host, server.port, server.cover)
        with pytest.raises(WorkbookError, match=said):
            sent(server, THREE)
    assert inbox.tried == inbox.received == []


def test_a_server_that_offers_no_cover_is_told_nothing(sent: Callable[..., Sent]) -> None:
    with mail_server(None) as (port, inbox):
        server = server_at(f"smtp://127.0.0.1:{port}")
        with pytest.raises(WorkbookError, match="cannot cover the connection"):
            sent(server, THREE)
        assert inbox.tried == inbox.received == []
        bare = server_at(f"smtp://127.0.0.1:{port}", insecure=True)
        assert fates(sent(bare, THREE)) == [Fate.SENT] * 3
    assert inbox.on_tls == [False] * 3


def test_a_port_that_speaks_tls_otherwise_is_told(authority: Authority, sent: Callable[..., Sent]) -> None:
    with (
        mail_server(authority.context()) as (port, _),
        pytest.raises(WorkbookError, match="does not speak TLS as it should"),
    ):
        sent(authority.server(port, implicit=True), THREE)


def test_a_server_that_is_not_there_is_named(authority: Authority, sent: Callable[..., Sent]) -> None:
    with mail_server(authority.context()) as (port, _):
        pass
    with pytest.raises(WorkbookError, match=f"127.0.0.1:{port} cannot be reached"):
        sent(authority.server(port), THREE)


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "127.0.0.1.example.org"])
def test_uncovered_letters_go_to_this_computer_only(host: str) -> None:
    with pytest.raises(WorkbookError, match="uncovered"):
        server_at(f"smtp://{host}:25", insecure=True)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mail.example.org",
        "http://x.example",
        "smtp://",
        "smtp://h:99999",
        "smtp://h/x",
        "smtp://a:s3/cret@h",
    ],
)
def test_what_is_no_address_of_a_server_is_told_without_it(address: str) -> None:
    with pytest.raises(WorkbookError, match="needs an address like smtps://") as told:
        server_at(address)
    assert "s3" not in str(told.value)


def test_a_password_in_an_address_is_not_taken_and_not_shown() -> None:
    with pytest.raises(WorkbookError, match="Leave them out") as told:
        server_at("smtp://manager:s3cret@mail.example.org")
    assert "s3cret" not in str(told.value)


def test_an_address_says_port_and_cover() -> None:
    addresses = ("smtps://mail.example.org", "smtp://mail.example.org", "smtp://[::1]:2525")
    shown = [(one.shown, one.cover.value) for one in map(server_at, addresses)]
    assert shown == [
        ("mail.example.org:465", "TLS"),
        ("mail.example.org:587", "STARTTLS"),
        ("::1:2525", "STARTTLS"),
    ]


def test_the_password_comes_from_the_environment_or_the_keyring(kept: MemoryKeyring) -> None:
    assert credentials("", {}) is None
    with pytest.raises(WorkbookError, match=f"keyring set lscb-workbook {USER}"):
        credentials(USER, {})
    kept.set_password("lscb-workbook", USER, "from the keyring")
    assert credentials(USER, {}) == Credentials(USER, "from the keyring")
    assert credentials("", {"LSCB_SMTP_USER": USER}) == Credentials(USER, "from the keyring")
    assert credentials(USER, {"LSCB_SMTP_PASSWORD": "given"}) == Credentials(USER, "given")


@pytest.mark.parametrize("password", ["wrong-horse-7", "würong-7"])
def test_a_wrong_password_stops_all_and_is_nowhere_to_be_seen(
    post_office: tuple[Server, Inbox],
    sent: Callable[..., Sent],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    password: str,
) -> None:
    server, inbox = post_office
    wrong = Credentials(USER, password)
    with caplog.at_level(0), pytest.raises(WorkbookError) as told:
        sent(server, THREE, known=wrong)
    captured = capsys.readouterr()
    shown = f"{told.value!r}{told.value}{wrong!r}{captured.out}{captured.err}"
    shown += "".join(record.getMessage() for record in caplog.records if record.name.startswith("lscb"))
    assert password not in shown
    assert told.value.__cause__ is told.value.__context__ is None
    assert inbox.received == []


def test_a_password_that_the_server_says_back_is_not_passed_on(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent], master: Path
) -> None:
    server, inbox = post_office
    coded = base64.b64encode(PASSWORD.encode()).decode()
    inbox.answer = once("rcpt", f"550 no, {PASSWORD} {coded}", "officer-1")
    outcomes = sent(server, THREE[:1])
    shown = outcomes[0].sentence + journal_path(master, TRACKER).read_text()
    assert "550 no, … …" in shown
    assert PASSWORD not in shown
    assert coded not in shown
    inbox.answer = lambda at, _: f"535 not {PASSWORD}" if at == "auth" else None
    with pytest.raises(WorkbookError, match="does not take the password of") as told:
        sent(server, THREE)
    assert PASSWORD not in str(told.value)


def test_the_sender_needs_an_address_too(
    post_office: tuple[Server, Inbox], sent: Callable[..., Sent]
) -> None:
    with pytest.raises(WorkbookError, match="The Manager has no address"):
        sent(post_office[0], THREE, sender=Sender("The Manager", "nowhere"))


def test_a_file_of_authorities_that_is_none_is_told(tmp_path: Path, sent: Callable[..., Sent]) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing")
    with pytest.raises(WorkbookError, match="holds no certificates"):
        sent(server_at("smtps://127.0.0.1:1", authorities=file), THREE)


@pytest.mark.parametrize("fate", Fate)
def test_whatever_becomes_of_a_letter_is_a_sentence_with_name_and_address(fate: Fate) -> None:
    said = Outcome(THREE[0].uid, "The Office", "office@council.example", fate, "550 No.").sentence
    assert said.startswith("The Office (office@council.example): ")
    assert re.fullmatch(r"[^\n{}]+\w\)?\.", said)
    assert ".." not in said
