"""Returns in a mailbox, read from a real mail server, with the faults of networks and servers."""

from __future__ import annotations

import io
import os
import socket
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from dovecot import PASSWORD, USER, Dovecot, Network, dovecot, token
from keyrings import LockedKeyring, MemoryKeyring, using
from mails import mail
from tracking import HEAD_OF_RESEARCH, INTEGRATED_CARE, copy_of, fill_in

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns import Harvest
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import UnreadableError
from lscb_workbook.returns.files.reader import Reader
from lscb_workbook.returns.imap_address import is_mailbox, mailbox_address
from lscb_workbook.returns.imap_server import Access
from lscb_workbook.returns.mailbox import Mailbox, Message, mailboxes, mark, merged_messages
from lscb_workbook.returns.settling import Settled, settle
from lscb_workbook.returns.taking import Taker, known_fills
from lscb_workbook.tracker.reading import read_tracker


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LSCB_IMAP_USER", "LSCB_IMAP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LSCB_IMAP_PASSWORD", PASSWORD)


def trusting(server: Dovecot, **more: object) -> Access:
    return Access(authority=server.certificate, **more)  # type: ignore[arg-type]


def harvested(places: Sequence[object], master: Path) -> Harvest:
    """What the messages hold, read as any other file is."""
    messages = [one for one in places if isinstance(one, Message)]
    settled = Settled()
    with Reader(Limits(), known_fills()) as reader:
        taker = Taker(reader, read_tracker(master), [], None, settled.digests)
        for taken in taker.take_each(messages):
            made = settle(taken, settled.digests)
            assert made is not None
            settled.add(made)
    return settled.harvest()


def harvest_of(server: Dovecot, folder: str, issued: Path, **more: object) -> Harvest:
    with mailboxes([server.url(folder)], trusting(server, **more)) as places:
        return harvested(places, issued / "master.xlsx")


@pytest.fixture(scope="module")
def copy(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A copy with one rating filled in."""
    to = tmp_path_factory.mktemp("filled") / "back.xlsx"
    return filled(issued, to, "6.3", "Green").read_bytes()


def filled(issued: Path, to: Path, ref: str, rating: str) -> Path:
    title = INTEGRATED_CARE if ref == "1.2" else HEAD_OF_RESEARCH
    return fill_in(copy_of(issued / "copies", title), to, {(ref, "RAG rating"): rating})


def zipped(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, data in files:
            file.writestr(name, data)
    return packed.getvalue()


def edits(found: Harvest) -> list[str]:
    return [one.returned for back in found.returns for one in back.edits]


def aside(found: Harvest) -> list[str]:
    return [one.code for one in found.quarantined]


# --- what messages hold ------------------------------------------------------------------------


def test_a_copy_attached_to_a_message_is_a_return_with_its_sender(
    server: Dovecot, issued: Path, copy: bytes
) -> None:
    server.put("Attached", mail(("back.xlsx", copy)).as_bytes())
    found = harvest_of(server, "Attached", issued)
    (back,) = found.returns
    assert edits(found) == ["Green"]
    assert back.file == (
        f"{server.url()}Attached/ann@borough.example 2016-09-20 12.05 <1@borough.example>.eml/back.xlsx"
    )
    assert back.provenance == "sent by Ann Smith <ann@borough.example> on 20 September 2016 at 12:05 UTC"
    assert back.doubt == ""


def test_imap_begins_tls_before_the_password_is_sent(server: Dovecot, issued: Path, copy: bytes) -> None:
    server.put("Starttls", mail(("back.xlsx", copy)).as_bytes())
    with mailboxes([server.url("Starttls", scheme="imap")], trusting(server)) as places:
        assert edits(harvested(places, issued / "master.xlsx")) == ["Green"]


def test_copies_in_zips_and_forwarded_mails_are_found(server: Dovecot, issued: Path, copy: bytes) -> None:
    forwarded = mail(sender="PA <pa@borough.example>", number=2)
    forwarded.add_attachment(mail(("inner.xlsx", copy), number=3))
    server.put("Packed", forwarded.as_bytes())
    assert edits(harvest_of(server, "Packed", issued)) == ["Green"]
    server.put("Zipped", mail(("all.zip", zipped(("in/back.xlsx", copy)))).as_bytes())
    assert edits(harvest_of(server, "Zipped", issued)) == ["Green"]


def test_pictures_in_the_text_are_passed_over(server: Dovecot, issued: Path, copy: bytes) -> None:
    made = mail()
    made.set_content('<p><img src="cid:logo"></p>', subtype="html")
    logo = b"\x89PNG\r\n\x1a\n"
    made.add_related(logo, "image", "png", cid="<logo>", filename="logo.png", disposition="inline")
    made.add_attachment(copy, maintype="application", subtype="octet-stream", filename="back.xlsx")
    server.put("Pictures", made.as_bytes())
    found = harvest_of(server, "Pictures", issued)
    assert (edits(found), aside(found)) == (["Green"], [])
    assert [name.rpartition("/")[2] for name in found.ignored] == ["logo.png"]


def test_a_message_without_an_attachment_is_told_of(server: Dovecot, issued: Path) -> None:
    server.put("Words", mail(text="Rate 6.3 Green, please.").as_bytes())
    found = harvest_of(server, "Words", issued)
    assert aside(found) == ["mail-without-attachment"]
    assert "ann@borough.example 2016-09-20" in found.quarantined[0].file


def test_winmail_dat_is_refused_with_what_to_ask_the_officer(server: Dovecot, issued: Path) -> None:
    packed = b"\x78\x9f\x3e\x22" + bytes(2000)
    server.put("Winmail", mail(("winmail.dat", packed)).as_bytes())
    (one,) = harvest_of(server, "Winmail", issued).quarantined
    assert one.code == "return-document"
    assert "ask for the mail as HTML or plain text" in one.message


def test_names_may_have_letters_of_any_language(server: Dovecot, issued: Path, copy: bytes) -> None:
    sender = "Zoë Müller <zoë@borough.example>"
    made = mail(("Rücklauf – 第一季度.xlsx", copy), sender=sender.replace("zoë@", "zoe@"), number=7)
    server.put("Rückläufe.2016–17 &ca", made.as_bytes())
    url = server.url("R%C3%BCckl%C3%A4ufe/2016–17 &ca")
    with mailboxes([url], trusting(server)) as places:
        (back,) = harvested(places, issued / "master.xlsx").returns
    assert back.file.endswith("/Rücklauf – 第一季度.xlsx")
    assert "/Rückläufe/2016–17 &ca/zoe@borough.example" in back.file
    assert back.provenance.startswith("sent by Zoë Müller <zoe@borough.example>")


def test_hundreds_of_messages_are_all_read_and_none_is_marked_as_read(
    server: Dovecot, issued: Path, copy: bytes
) -> None:
    server.put("Many", mail(("back.xlsx", copy)).as_bytes())
    server.put("Many", *(mail(text="Sorry, later.", number=n).as_bytes() for n in range(2, 301)))
    found = harvest_of(server, "Many", issued)
    assert edits(found) == ["Green"]
    assert aside(found) == ["mail-without-attachment"] * 299
    assert len({one.file for one in found.quarantined}) == 299
    assert server.flags("Many") == [()] * 300


def test_a_copy_of_thirty_megabytes_is_read(server: Dovecot, issued: Path, copy: bytes) -> None:
    large = io.BytesIO(copy)
    with zipfile.ZipFile(large, "a") as package:
        package.writestr("xl/media/picture.png", os.urandom(30_000_000))
    server.put("Large", mail(("back.xlsx", large.getvalue())).as_bytes())
    found = harvest_of(server, "Large", issued)
    assert (edits(found), aside(found)) == (["Green"], [])


def test_a_message_beyond_the_limit_is_refused_before_it_is_fetched(server: Dovecot) -> None:
    server.put("Heavy", mail(("big.bin", bytes(200_000))).as_bytes())
    with Network(server.tls, after=100_000_000) as network:
        url = server.url("Heavy", port=network.port)
        with mailboxes([url], trusting(server)) as places:
            (message,) = places
            assert isinstance(message, Message)
            with pytest.raises(UnreadableError) as refused:
                message.read(Limits(file_bytes=100_000))
    assert refused.value.code == "return-too-large"


def test_messages_marked_as_deleted_are_left_where_they_are_and_not_read(
    server: Dovecot, issued: Path, copy: bytes
) -> None:
    server.put("Struck", mail(("back.xlsx", copy)).as_bytes(), mail(text="x", number=2).as_bytes())
    with server.box("Struck") as box:
        box.client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
    with mailboxes([server.url("Struck")], trusting(server)) as places:
        messages = merged_messages(places, harvested(places, issued / "master.xlsx"))
    assert [one.uid for one in messages] == [1]
    assert mark(messages, trusting(server)).flagged == (messages[0].shown,)
    assert server.flags("Struck") == [("\\Flagged",), ("\\Deleted",)]


def test_two_messages_of_one_id_have_names_of_their_own(server: Dovecot) -> None:
    server.put("Twins", mail(text="one").as_bytes(), mail(text="two").as_bytes())
    with mailboxes([server.url("Twins")], trusting(server)) as places:
        names = [one.name for one in places if isinstance(one, Message)]
    assert names == [
        "ann@borough.example 2016-09-20 12.05 <1@borough.example>.eml",
        "ann@borough.example 2016-09-20 12.05 <1@borough.example> (message 2).eml",
    ]


def test_a_message_without_any_headers_has_a_name_all_the_same(server: Dovecot) -> None:
    server.put("Bare", b"\r\nnothing but a line\r\n")
    with mailboxes([server.url("Bare")], trusting(server)) as places:
        (message,) = places
    assert isinstance(message, Message)
    assert message.name == "unknown sender 2016-09-20 12.00 message 1.eml"


def test_files_beside_a_mailbox_stay_what_they_are(server: Dovecot, tmp_path: Path) -> None:
    server.put("Beside", mail(text="x").as_bytes())
    with mailboxes([tmp_path, server.url("Beside"), "s3://bucket"], trusting(server)) as places:
        folder, message, address = places
    assert (folder, address) == (tmp_path, "s3://bucket")
    assert isinstance(message, Message)


# --- what is refused ---------------------------------------------------------------------------


def refusal(url: str, access: Access) -> str:
    with pytest.raises(WorkbookError) as refused, mailboxes([url], access):
        raise AssertionError("it was opened")
    assert PASSWORD not in spoken(refused.value)
    return str(refused.value)


def spoken(error: BaseException | None) -> str:
    """All that an error and those behind it say, as a log would have it."""
    said = ""
    while error is not None:
        said += f"{error!s} {error!r} {vars(error)}"
        error = error.__cause__ or error.__context__
    return said


def test_a_wrong_password_is_told_by_user_and_mailbox(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSCB_IMAP_PASSWORD", "wröng")
    with pytest.raises(WorkbookError) as refused:
        Mailbox(mailbox_address(server.url("INBOX")), trusting(server))
    assert f"does not let {USER} in" in str(refused.value)
    assert f"imaps://{USER}@localhost:{server.tls}" in str(refused.value)
    assert "wröng" not in spoken(refused.value)


def test_a_token_of_a_sign_in_service_opens_the_mailbox(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("Token", mail(text="x").as_bytes())
    monkeypatch.delenv("LSCB_IMAP_PASSWORD")
    monkeypatch.setenv("LSCB_IMAP_TOKEN", token())
    with mailboxes([server.url("Token")], trusting(server)) as places:
        assert len(places) == 1
    stale = token(minutes=-10)
    monkeypatch.setenv("LSCB_IMAP_TOKEN", stale)
    with pytest.raises(WorkbookError, match="Get a new token") as refused:
        Mailbox(mailbox_address(server.url("Token")), trusting(server))
    assert stale not in spoken(refused.value)


def test_the_password_is_taken_from_the_keyring_of_the_user(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LSCB_IMAP_PASSWORD")
    server.put("Keyring", mail(text="x").as_bytes())
    backend = MemoryKeyring()
    with using(backend):
        assert f"keyring set lscb-workbook {USER}" in refusal(server.url("Keyring"), trusting(server))
        backend.set_password("lscb-workbook", USER, PASSWORD)
        with mailboxes([server.url("Keyring")], trusting(server)) as places:
            assert len(places) == 1


def test_a_password_is_asked_for_where_none_is_kept(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LSCB_IMAP_PASSWORD")
    server.put("Asked", mail(text="x").as_bytes())
    asked: list[str] = []

    def ask(what: str) -> str:
        asked.append(what)
        return PASSWORD

    with using(MemoryKeyring()), mailboxes([server.url("Asked")], trusting(server, ask=ask)) as places:
        assert len(places) == 1
    assert asked == [f"imaps://{USER}@localhost:{server.tls}"]


def test_a_keyring_that_does_not_open_is_told_without_what_it_says(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LSCB_IMAP_PASSWORD")
    locked = LockedKeyring()
    locked.kept["lscb-workbook", USER] = PASSWORD
    with using(locked):
        assert "keyring does not open" in refusal(server.url(), trusting(server))


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Dovecot) -> None:
    for scheme in ("imaps", "imap"):
        said = refusal(server.url(scheme=scheme), Access())
        assert "Nobody whom this computer trusts vouches for the certificate of localhost" in said
        assert "no password was sent" in said


def test_an_expired_certificate_is_refused() -> None:
    with dovecot(expired=True) as server:
        assert "The certificate of localhost has expired" in refusal(server.url(), trusting(server))


def test_another_computers_certificate_is_refused() -> None:
    with dovecot(name="mail.elsewhere.example") as server:
        assert "is another computer's" in refusal(server.url(), trusting(server))


def test_a_file_that_is_no_certificate_is_told(server: Dovecot, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no", encoding="utf-8")
    for name in ("no.pem", "none.pem"):
        said = refusal(server.url(), Access(authority=tmp_path / name))
        assert f"{name} is no certificate that can be read" in said


def test_tls_at_the_port_without_it_is_told(server: Dovecot) -> None:
    said = refusal(server.url(port=server.starttls), trusting(server))
    assert "No secure connection" in said


def test_a_folder_that_is_not_there_is_told_with_those_that_are(server: Dovecot) -> None:
    server.put("Here.Below", mail(text="x").as_bytes())
    said = refusal(server.url("Here/Bellow"), trusting(server))
    assert said.startswith(f"There is no folder 'Here/Bellow' in imaps://{USER}@localhost:{server.tls}.")
    assert "INBOX" in said
    assert "Here/Below" in said


def test_an_empty_folder_is_told(server: Dovecot) -> None:
    server.put("Empty")
    assert "There is no message in" in refusal(server.url("Empty"), trusting(server))


def test_a_folder_whose_messages_may_not_be_read_is_told(server: Dovecot) -> None:
    server.put("Closed", mail(text="x").as_bytes())
    (server.acls / "Closed").write_text(f"user={USER} l\n", encoding="utf-8")
    assert "does not open" in refusal(server.url("Closed"), trusting(server))


def test_no_server_at_the_address_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"imaps://{USER}@localhost:{unused.getsockname()[1]}/"
        assert "No mail server answers" in refusal(url, Access())


@contextmanager
def plain_server(*lines: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server without TLS that answers with these lines, one to each that it gets, and keeps what it got."""
    got: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as file:
            file.write(lines[0])
            file.flush()
            for line in lines[1:]:
                asked = file.readline()
                got.append(asked)
                file.write(line.replace(b"TAG", asked.split(b" ")[0]))
                file.flush()
            got.extend(file)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        thread.join(10)
        listener.close()


def test_a_server_without_tls_gets_no_password() -> None:
    offers = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done\r\n"
    # One that says that nobody need sign in would never be asked for TLS either.
    for greeting, offered in (
        (b"* OK hello\r\n", offers),
        (b"* PREAUTH come in\r\n", offers.replace(b"AUTH=PLAIN", b"STARTTLS")),
    ):
        with plain_server(greeting, offered) as (port, got):
            said = refusal(f"imap://{USER}@localhost:{port}/", Access(timeout=5))
        assert "no password was sent" in said
        assert [line.split()[1] for line in got] == [b"CAPABILITY"]


def test_only_this_computer_is_read_without_tls() -> None:
    said = refusal("imap://ann@mail.board.example/", Access(insecure=True))
    assert "on this very computer only" in said


# --- networks that fail ------------------------------------------------------------------------


def test_a_connection_that_is_lost_is_made_again(server: Dovecot, issued: Path, copy: bytes) -> None:
    server.put("Lost", *(mail((f"{n}.xlsx", copy), number=n).as_bytes() for n in range(4)))
    with Network(server.tls, after=30_000, failing=2) as network:
        url = server.url("Lost", port=network.port)
        with mailboxes([url], trusting(server)) as places:
            found = harvested(places, issued / "master.xlsx")
        assert network.connections == 3
    assert edits(found) == ["Green"]
    assert [one.code for one in found.findings if one.code == "return-duplicate"] == ["return-duplicate"] * 3
    assert server.flags("Lost") == [()] * 4


def test_a_connection_that_is_lost_for_good_stops_it_all(server: Dovecot, issued: Path) -> None:
    server.put("Gone", mail(("big.bin", os.urandom(100_000))).as_bytes())
    with Network(server.tls, after=30_000) as network:
        url = server.url("Gone", port=network.port)
        with mailboxes([url], trusting(server)) as places, pytest.raises(WorkbookError) as lost:
            harvested(places, issued / "master.xlsx")
    assert f"The connection to imaps://{USER}@localhost:{network.port} was lost" in str(lost.value)
    assert "Nothing was taken, and the mailbox is as it was." in str(lost.value)
    assert server.flags("Gone") == [()]


@pytest.mark.parametrize("after", [1, 700, 1500, 1800, 2300, 2600])
def test_wherever_the_connection_is_dropped_it_is_told_in_a_sentence(server: Dovecot, after: int) -> None:
    server.put("Dropped", *(mail(text="x", number=f"{n}" * 40).as_bytes() for n in range(20)))
    with Network(server.tls, after=after) as network:
        said = refusal(server.url("Dropped", port=network.port), trusting(server))
    assert str(network.port) in said


@pytest.mark.parametrize("after", [1, 1800, 2600])
def test_a_server_that_does_not_answer_is_given_up(server: Dovecot, after: int) -> None:
    server.put("Slow", *(mail(text="x", number=f"{n}" * 40).as_bytes() for n in range(20)))
    with Network(server.tls, after=after, stalls=True) as network:
        said = refusal(server.url("Slow", port=network.port), trusting(server, timeout=0.5))
    assert "has not answered for 0.5 seconds" in said


def test_a_server_that_stops_in_the_middle_of_a_message_is_given_up(server: Dovecot, issued: Path) -> None:
    server.put("Stuck", mail(("big.bin", os.urandom(100_000))).as_bytes())
    with Network(server.tls, after=30_000, stalls=True) as network:
        url = server.url("Stuck", port=network.port)
        with (
            mailboxes([url], trusting(server, timeout=0.5)) as places,
            pytest.raises(WorkbookError, match="has not answered"),
        ):
            harvested(places, issued / "master.xlsx")


def test_a_message_that_is_gone_meanwhile_is_set_aside(server: Dovecot, issued: Path, copy: bytes) -> None:
    server.put("Fleeting", mail(("back.xlsx", copy)).as_bytes(), mail(text="x", number=2).as_bytes())
    with mailboxes([server.url("Fleeting")], trusting(server)) as places:
        with server.box("Fleeting") as box:
            box.delete("2")
        found = harvested(places, issued / "master.xlsx")
    assert edits(found) == ["Green"]
    (one,) = found.quarantined
    assert "it was moved or deleted while the mailbox was being read" in one.message


# --- what is moved -----------------------------------------------------------------------------


def test_only_messages_whose_returns_are_merged_are_moved(
    server: Dovecot, issued: Path, copy: bytes, tmp_path: Path
) -> None:
    other = filled(issued, tmp_path / "other.xlsx", "1.2", "Amber").read_bytes()
    server.put(
        "Inbox of returns",
        mail(("back.xlsx", copy), number=1).as_bytes(),
        mail(text="Please call me.", number=2).as_bytes(),
        mail(("back.xlsx", other), ("scan.pdf", b"%PDF-1.7"), number=3).as_bytes(),
        mail(("all.zip", zipped(("back.xlsx", other))), number=4).as_bytes(),
    )
    with mailboxes([server.url("Inbox of returns")], trusting(server)) as places:
        found = harvested(places, issued / "master.xlsx")
    messages = merged_messages(places, found)
    assert [one.uid for one in messages] == [1]
    assert server.flags("Inbox of returns") == [()] * 4
    marked = mark(messages, trusting(server), "Merged/2016–17")
    assert marked.moved == (messages[0].shown,)
    assert (marked.flagged, marked.left) == ((), ())
    assert server.flags("Inbox of returns") == [()] * 3
    assert server.flags("Merged.2016–17") == [()]
    with server.box("Merged.2016–17") as box:
        (there,) = box.fetch(mark_seen=False)
        assert there.attachments[0].payload == copy


def test_a_hundred_and_more_are_moved_in_parts(server: Dovecot) -> None:
    server.put("Flood", *(mail(text="x", number=n).as_bytes() for n in range(230)))
    with mailboxes([server.url("Flood")], trusting(server)) as places:
        messages = [one for one in places if isinstance(one, Message)]
    assert len(mark(messages, trusting(server), "Flood done").moved) == 230
    assert server.flags("Flood") == []
    assert server.flags("Flood done") == [()] * 230


def test_a_folder_to_be_read_only_is_read_and_left_as_it_is(
    server: Dovecot, issued: Path, copy: bytes
) -> None:
    server.put("Shared", mail(("back.xlsx", copy)).as_bytes())
    server.read_only("Shared")
    with mailboxes([server.url("Shared")], trusting(server)) as places:
        found = harvested(places, issued / "master.xlsx")
    assert edits(found) == ["Green"]
    for to in ("", "Merged"):
        marked = mark(merged_messages(places, found), trusting(server), to)
        ((shown, reason),) = marked.left
        assert shown == found.returns[0].file.rpartition("/")[0]
        assert reason.startswith(f"{server.url()}Shared may only be read, not changed")
    assert server.flags("Shared") == [()]


def test_a_folder_made_anew_is_not_touched(server: Dovecot) -> None:
    server.put("Anew", mail(text="old").as_bytes())
    with mailboxes([server.url("Anew")], trusting(server)) as places:
        messages = [one for one in places if isinstance(one, Message)]
    server.remove("Anew")
    server.put("Anew", mail(text="new").as_bytes())
    ((_, reason),) = mark(messages, trusting(server), "Merged").left
    assert "was made anew" in reason
    assert server.flags("Anew") == [()]


def test_a_mailbox_made_anew_while_it_is_read_stops_it_all(server: Dovecot, issued: Path) -> None:
    server.put("Remade", mail(("big.bin", os.urandom(100_000))).as_bytes())
    with Network(server.tls, after=30_000, failing=1) as network:
        url = server.url("Remade", port=network.port)
        with mailboxes([url], trusting(server)) as places:
            server.remove("Remade")
            server.put("Remade", mail(text="another").as_bytes())
            with pytest.raises(WorkbookError, match="was made anew"):
                harvested(places, issued / "master.xlsx")


def test_a_folder_is_not_moved_into_itself(server: Dovecot) -> None:
    server.put("Self", mail(text="x").as_bytes())
    with mailboxes([server.url("Self")], trusting(server)) as places:
        messages = [one for one in places if isinstance(one, Message)]
    ((_, reason),) = mark(messages, trusting(server), "Self").left
    assert "Name another" in reason
    assert server.flags("Self") == [()]


def test_a_server_that_cannot_move_flags_and_deletes_nothing() -> None:
    with dovecot(more="imap_capability = IMAP4rev1 LITERAL+ UIDPLUS") as server:
        server.put("Old", mail(text="x").as_bytes())
        with mailboxes([server.url("Old")], trusting(server)) as places:
            messages = [one for one in places if isinstance(one, Message)]
        marked = mark(messages, trusting(server), "Merged")
        assert marked.flagged == (messages[0].shown,)
        assert server.flags("Old") == [("\\Flagged",)]
        with server.box() as box:
            assert not box.folder.exists("Merged")


def test_a_server_that_is_gone_when_messages_are_to_be_moved_leaves_them(server: Dovecot) -> None:
    server.put("Cut", mail(text="x").as_bytes())
    network = Network(server.tls, after=1_000_000)
    with network, mailboxes([server.url("Cut", port=network.port)], trusting(server)) as places:
        messages = [one for one in places if isinstance(one, Message)]
    ((shown, reason),) = mark(messages, trusting(server), "Merged").left
    assert shown == messages[0].shown
    assert "No mail server answers" in reason
    assert server.flags("Cut") == [()]


# --- addresses ---------------------------------------------------------------------------------


def test_an_address_is_told_from_a_path() -> None:
    assert is_mailbox("imaps://ann@mail.board.example/Returns")
    assert is_mailbox("IMAP://ann@mail.board.example")
    assert not is_mailbox("C:\\returns")
    assert not is_mailbox("s3://imaps")
    assert not is_mailbox(Path("imaps:"))


def test_an_address_says_whose_and_which_folder() -> None:
    one = mailbox_address("imaps://ann@board.example@mail.board.example/Returns/2016-17%20Q2")
    assert (one.user, one.host, one.port) == ("ann@board.example", "mail.board.example", 993)
    assert one.folder == "Returns/2016-17 Q2"
    assert one.shown == "imaps://ann@board.example@mail.board.example/Returns/2016-17 Q2"
    other = mailbox_address("imap://ann%40board.example@[::1]:1143")
    assert (other.user, other.host, other.port, other.folder) == ("ann@board.example", "::1", 1143, "INBOX")
    assert other.shown == "imap://ann@board.example@[::1]:1143/INBOX"


def test_the_environment_may_say_whose_mailbox_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSCB_IMAP_USER", "ann")
    assert mailbox_address("imaps://mail.board.example/Returns").user == "ann"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("imaps://ann:se%63ret@mail.board.example/", "password in the address"),
        ("imaps://ann:sec/ret@mail.board.example/", "no address of a mailbox"),
        ("imaps://ann:secret@mail.board.example:99999/", "no address of a mailbox"),
        ("imaps://mail.board.example/Returns", "does not say whose"),
        ("imaps://", "no address of a mailbox"),
        ("imaps://ann@mail.board.example/a%0d%0aA1 LOGOUT", "characters in it that no name has"),
    ],
)
def test_what_is_no_address_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        mailbox_address(url)
    assert said in str(refused.value)
    assert "ret@" not in spoken(refused.value)
    assert "secret" not in spoken(refused.value)
