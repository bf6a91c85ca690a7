"""Unpacking what returned workbooks come inside: zip files, and mails as programs save them."""

from __future__ import annotations

import base64
import io
import random
import re
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from office import as_msg, by_sheetjs

from lscb_workbook.copies import COPY_TEMPLATE
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.litter import is_litter
from lscb_workbook.returns.files.mails import unpack_eml
from lscb_workbook.returns.files.opened import Sent, Unpacked, UnreadableError
from lscb_workbook.returns.files.outlook import unpack_msg
from lscb_workbook.returns.files.packages import refuse_bomb
from lscb_workbook.returns.files.words import has_words, html_text
from lscb_workbook.returns.files.zips import unpack_zip

LIMITS = Limits()
SHEET = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
NOON = datetime(2024, 6, 3, 12, 0)
Unpack = Callable[[bytes, Limits], Unpacked]


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def _mail(body: str = "", by: str = "Ann <ann@example.org>", **sheets: bytes) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = by, "Return"
    mail["Date"] = format_datetime(NOON.replace(tzinfo=UTC))
    mail.set_content(body)
    for name, data in sheets.items():
        mail.add_attachment(data, maintype=SHEET[0], subtype=SHEET[1], filename=f"{name}.xlsx")
    return mail


def _refusal(unpack: Unpack, data: bytes, limits: Limits = LIMITS) -> tuple[str, str]:
    with pytest.raises(UnreadableError) as caught:
        unpack(data, limits)
    return caught.value.code, str(caught.value)


def _names(unpacked: Unpacked) -> list[str]:
    return [parcel.name for parcel in unpacked.parcels]


# --- zip files -------------------------------------------------------------------------------


def test_a_zip_gives_every_file_with_its_folder_and_when_it_was_written() -> None:
    info = zipfile.ZipInfo("Returns/Ann.xlsx", (2024, 6, 3, 12, 0, 0))
    found = unpack_zip(_zip(("Returns/", b""), (info, b"one"), ("b.xlsx", b"two")), LIMITS)
    assert [(parcel.name, parcel.data) for parcel in found.parcels] == [
        ("Returns/Ann.xlsx", b"one"),
        ("b.xlsx", b"two"),
    ]
    assert found.parcels[0].written_at == NOON
    assert found.parcels[0].sent is None


@pytest.mark.parametrize("date", [(1980, 1, 1, 0, 0, 0), (1980, 0, 0, 0, 0, 0), (2024, 2, 31, 0, 0, 0)])
def test_a_date_that_is_none_is_not_given(date: tuple[int, int, int, int, int, int]) -> None:
    found = unpack_zip(_zip((zipfile.ZipInfo("a.xlsx", date), b"x")), LIMITS)
    assert found.parcels[0].written_at is None


def test_what_programs_leave_behind_is_ignored() -> None:
    litter = ("Thumbs.db", "a/.DS_Store", "__MACOSX/._a.xlsx", "~$a.xlsx", ".~lock.a.xlsx#", "desktop.ini")
    found = unpack_zip(_zip(*((name, b"x") for name in litter), ("a.xlsx", b"x")), LIMITS)
    assert _names(found) == ["a.xlsx"]
    assert found.ignored == litter
    assert not is_litter("__MACOSX.xlsx")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_the_same_name_are_both_given() -> None:
    found = unpack_zip(_zip(("a.xlsx", b"one"), ("a.xlsx", b"two")), LIMITS)
    assert [parcel.data for parcel in found.parcels] == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\Users\\Ann\\a.xlsx", "Users/Ann/a.xlsx"),
        ("/a//./b.xlsx", "a/b.xlsx"),
        ("a\nb\x1b[2J.xlsx", "a\ufffdb\ufffd[2J.xlsx"),
        ("\u202exslx.exe", "\ufffdxslx.exe"),
        ("..", "unnamed"),
        ("Zoë 🐎.xlsx", "Zoë 🐎.xlsx"),
        ("x" * 400 + ".xlsx", "…" + "x" * 249 + ".xlsx"),
    ],
)
def test_a_name_is_only_a_label(name: str, shown: str) -> None:
    assert _names(unpack_zip(_zip((name, b"x")), LIMITS)) == [shown]


@pytest.mark.parametrize(("raw", "shown"), [("ë.xlsx".encode(), "ë.xlsx"), (b"\x89.xlsx", "ë.xlsx")])
def test_a_name_is_read_whether_or_not_it_says_that_it_is_utf_8(raw: bytes, shown: str) -> None:
    data = _zip(("?" * len(raw), b"x")).replace(b"?" * len(raw), raw)
    assert _names(unpack_zip(data, LIMITS)) == [shown]


def test_a_symbolic_link_is_not_followed_but_seen() -> None:
    info = zipfile.ZipInfo("a.xlsx")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert [parcel.data for parcel in unpack_zip(_zip((info, b"/etc/passwd")), LIMITS).parcels] == [b""]


def test_a_zip_with_a_password_is_refused() -> None:
    data = bytearray(_zip(("a.xlsx", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert _refusal(unpack_zip, bytes(data)) == (
        "return-protected",
        "the zip file is protected by a password",
    )


def test_a_zip_that_would_unpack_to_too_much_is_refused_before_anything_is_inflated() -> None:
    data = _zip(*((f"{n}.xlsx", bytes(500_000)) for n in range(5)))
    code, reason = _refusal(unpack_zip, data, Limits(unpacked_bytes=2_000_000))
    assert code == "return-too-large"
    assert reason == "it would unpack to 3 MB in 5 files, more than the 2 MB allowed"


def test_a_zip_that_would_unpack_to_many_times_its_size_is_refused() -> None:
    code, reason = _refusal(unpack_zip, _zip(("a.xlsx", bytes(30_000_000))))
    assert code == "return-too-large"
    assert reason == "it would unpack to 30 MB in 1 file, more than the 250 times its own size allowed"
    assert len(unpack_zip(_zip(("a.csv", bytes(9_000_000))), LIMITS).parcels[0].data) == 9_000_000


def test_a_zip_of_too_many_files_is_refused() -> None:
    data = _zip(*((f"{n}", b"") for n in range(4)))
    assert _refusal(unpack_zip, data, Limits(entries=3)) == (
        "return-too-large",
        "it holds 4 files, more than the 3 allowed",
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize("unpack", [unpack_zip, refuse_bomb])
def test_a_file_that_is_larger_than_the_zip_says_is_refused(unpack: Unpack, method: int) -> None:
    data = _zip(("a.xlsx", bytes(100_000)), method=method)
    entry = data.index(b"PK\x01\x02")
    lie = data[: entry + 24] + struct.pack("<I", 10) + data[entry + 28 :]
    assert _refusal(unpack, lie) == (
        "return-too-large",
        "a file in it unpacks to more than the zip file says",
    )


def test_a_file_that_is_far_larger_than_the_zip_says_is_refused_without_being_inflated() -> None:
    data = _zip(("a.xlsx", bytes(200_000_000)))
    entry = data.index(b"PK\x01\x02")
    lie = data[: entry + 16] + b"oops" + data[entry + 20 : entry + 24] + bytes(4) + data[entry + 28 :]
    tracemalloc.start()
    assert _refusal(unpack_zip, lie)[0] == "return-too-large"
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_one_damaged_file_does_not_lose_the_others() -> None:
    data = b"oops" + _zip(("bad.xlsx", b"x" * 99), ("good.xlsx", b"good"))[4:]
    assert [parcel.data for parcel in unpack_zip(data, LIMITS).parcels] == [b"", b"good"]


def test_a_damaged_file_is_given_as_far_as_it_goes() -> None:
    rows = "".join(f"{random.Random(n).random()}\n" for n in range(5000)).encode()
    data = bytearray(_zip(("a.csv", rows), ("b.csv", b"b")))
    middle = data.index(b"PK\x03\x04", 9) // 2
    data[middle : middle + 50] = b"\xff" * 50
    first, second = unpack_zip(bytes(data), LIMITS).parcels
    assert len(first.data) > 1000
    assert first.data[:1000] == rows[:1000]
    assert second.data == b"b"


def test_files_compressed_in_another_way_are_told_of() -> None:
    code, reason = _refusal(unpack_zip, _zip(("a.xlsx", b"x"), method=zipfile.ZIP_LZMA))
    assert (code, reason) == (
        "return-unreadable",
        "a file in it is compressed in a way that cannot be read (method 14)",
    )


def test_a_damaged_zip_is_told_as_such() -> None:
    damaged = ("return-unreadable", "it is a zip file but damaged")
    assert _refusal(unpack_zip, _zip(("a.xlsx", b"x"))[:-30]) == damaged


# --- mails -----------------------------------------------------------------------------------


def test_a_mail_gives_its_attachments_with_who_sent_it_and_when() -> None:
    mail = _mail(by='"Ann Ö" <ann@example.org>', plan=b"PK")
    mail.replace_header("Date", "Mon, 03 Jun 2024 13:00:00 +0100")
    (parcel,) = unpack_eml(mail.as_bytes(), LIMITS).parcels
    assert (parcel.name, parcel.data) == ("plan.xlsx", b"PK")
    assert parcel.sent == Sent("Ann Ö <ann@example.org>", NOON)


def test_a_mail_with_two_senders_is_said_to_come_from_both() -> None:
    data = _mail(x=b"a file").as_bytes()
    head = b"From: Ann <ann@example.org>\r\nfrom: mallory@evil.example\r\n"
    (parcel,) = unpack_eml(head + re.sub(rb"(?m)^From:.*\r?\n", b"", data), LIMITS).parcels
    assert parcel.sent
    assert parcel.sent.by == "Ann <ann@example.org>, mallory@evil.example"


def test_what_is_attached_to_a_forwarded_mail_comes_from_who_sent_that_one() -> None:
    outer = _mail(by="Manager <m@example.org>", outer=b"1")
    outer.add_attachment(_mail(inner=b"2"))
    found = unpack_eml(outer.as_bytes(), LIMITS)
    assert [(parcel.name, parcel.sent.by) for parcel in found.parcels if parcel.sent] == [
        ("outer.xlsx", "Manager <m@example.org>"),
        ("inner.xlsx", "Ann <ann@example.org>"),
    ]


def test_a_forwarded_mail_packed_as_a_file_is_given_as_a_file() -> None:
    packed = base64.encodebytes(_mail(inner=b"2").as_bytes())
    head = b"From: m@example.org\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    (parcel,) = unpack_eml(head + packed, LIMITS).parcels
    assert parcel.name == "attachment 1.eml"
    assert _names(unpack_eml(parcel.data, LIMITS)) == ["inner.xlsx"]


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''Zo%C3%AB.xlsx",
        "attachment; filename*0*=utf-8''Zo%C3; filename*1*=%AB.xlsx",
        'attachment; filename="=?utf-8?Q?Zo=C3=AB.xlsx?="',
        'attachment; filename="Zoë.xlsx"',
        'inline; filename="..\\\\Zoë.xlsx"',
    ],
)
def test_a_name_is_read_however_the_mail_writes_it(disposition: str) -> None:
    data = f"From: a@example.org\nContent-Type: {'/'.join(SHEET)}\nContent-Disposition: {disposition}\n\nx"
    assert _names(unpack_eml(data.encode(), LIMITS)) == ["Zoë.xlsx"]


def test_an_attachment_without_a_name_is_given_one() -> None:
    mail = _mail()
    mail.add_attachment(b"x", maintype=SHEET[0], subtype=SHEET[1])
    mail.add_attachment(b"x", maintype="application", subtype="unheard-of")
    assert _names(unpack_eml(mail.as_bytes(), LIMITS)) == ["attachment 1.xlsx", "attachment 2"]


def test_outlooks_own_packing_is_given_as_it_is() -> None:
    mail = _mail()
    mail.add_attachment(b"x\x9f>", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    assert _names(unpack_eml(mail.as_bytes(), LIMITS)) == ["winmail.dat"]


def test_signatures_invitations_and_logos_are_ignored_but_an_attached_picture_is_not() -> None:
    mail = _mail(plan=b"PK")
    mail.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="invite.ics")
    mail.add_attachment("BEGIN:VCARD", subtype="vcard")
    mail.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    logo = {"filename": "logo.png", "cid": "<logo>", "disposition": "inline"}
    mail.add_attachment(b"x", maintype="image", subtype="png", **logo)
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="scan.png", cid="<scan>")
    found = unpack_eml(mail.as_bytes(), LIMITS)
    assert _names(found) == ["plan.xlsx", "scan.png"]
    assert found.ignored == ("invite.ics", "text/vcard", "smime.p7s", "logo.png")


def test_a_mail_without_sender_or_date_is_read_all_the_same() -> None:
    head = b"Subject: x\nDate: yesterday\nContent-Type: application/pdf; name=a.pdf\n\nx"
    (parcel,) = unpack_eml(head, LIMITS).parcels
    assert parcel.sent is None


@pytest.mark.parametrize(
    "header",
    [
        b"From: =?utf-8?B?////?= <\xff@[>,,;",
        b"From: " + b"(" * 5000,
        b"Content-Disposition: attachment; filename*=''%; filename*1",
        b"Content-Type: ; ; =",
        b"Content-Type: text/plain; charset=rot13",
        b"Content-Type: multipart/mixed",
        b"Content-Transfer-Encoding: uuencode",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999",
        b"Date: Mon, 01 Jan 0001 00:00:00 +2300",
    ],
)
def test_a_garbled_header_does_not_lose_the_attachments(header: bytes) -> None:
    inner = header + b"\nSubject: x\n\nsome text\n"
    sheet = b"Content-Type: application/pdf; name=a.pdf\n\nx\n"
    head = b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
    found = unpack_eml(head + b"--b\n" + sheet + b"--b\n" + inner + b"--b--\n", LIMITS)
    assert found.parcels[0].name == "a.pdf"
    assert found.words or len(found.parcels) == 2
    assert unpack_eml(b"Subject: x\n" + inner, LIMITS)


def test_a_senders_name_is_one_line_of_text() -> None:
    data = b"From: =?utf-8?Q?Ann=0A=1B[2J?=\n <a@example.org>\nContent-Type: application/pdf; name=a\n\nx"
    (parcel,) = unpack_eml(data, LIMITS).parcels
    assert parcel.sent
    assert parcel.sent.by.isprintable()


def test_mails_nested_too_deep_are_refused() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000))
    deep = ("return-too-large", "its mails are nested more than 20 deep")
    assert _refusal(unpack_eml, b"From: a@example.org\n" + nested) == deep
    assert _refusal(unpack_eml, b"From: a@example.org\nContent-Type: message/rfc822\n\n" * 5000) == deep
    assert _refusal(unpack_eml, b"From: a@example.org\nContent-Type: message/rfc822\n\n" * 30) == deep
    assert unpack_eml(b"From: a@example.org\nContent-Type: message/rfc822\n\n" * 19 + b"x: y\n\nx", LIMITS)


def test_a_mail_of_too_many_parts_or_too_large_attachments_is_refused() -> None:
    parts = b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 30
    assert _refusal(unpack_eml, parts, Limits(entries=20))[0] == "return-too-large"
    data = _mail(a=bytes(3_000_000)).as_bytes()
    assert _refusal(unpack_eml, data, Limits(unpacked_bytes=2_000_000))[0] == "return-too-large"


@pytest.mark.parametrize("data", [b"", b"\0" * 99, b"PK\x03\x04", "Ref,Action\n1.1,Do it\n".encode("utf-16")])
def test_what_is_no_mail_is_told_as_such(data: bytes) -> None:
    assert _refusal(unpack_eml, data) == ("return-unreadable", "it is not a mail that can be read")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", False),
        ("Please see 3.2", True),
        ("\n \n____\n\u200b\n", False),
        ("> quoted\n>> twice", False),
        ("> quoted\nmine", True),
        ("-----Original Message-----\nFrom: Bo\n\nhis", False),
        ("---------- Forwarded message ---------\nhis", False),
        ("________________________________\nFrom: Bo\nSent: Monday\nTo: Ann\n\nhis", False),
        ("*From:* Bo\n*Date:* Monday\n\nhis", False),
        ("From: page 3 on it is done", True),
        ("On Monday, Bo <bo@example.org> wrote:\nhis", False),
        ("On Mon, 3 Jun 2024 at 12:00, Bo Somebody <bo@example.org>\nwrote:\nhis", False),
        ("On Monday I wrote: done\n", True),
        ("Done.\n\nOn Monday, Bo wrote:\nhis", True),
    ],
)
def test_a_mail_says_something_where_not_all_of_it_is_quoted(body: str, says: bool) -> None:
    assert unpack_eml(_mail(body, plan=b"PK").as_bytes(), LIMITS).words is says
    outer = _mail()
    outer.add_attachment(_mail(body))
    assert unpack_eml(outer.as_bytes(), LIMITS).words is says


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<html><head><title>x</title><style>p {}</style></head><body>&nbsp;<p></p></body></html>", False),
        ("<p>Done&nbsp;</p>", True),
        ("<!-- x --><blockquote>his</blockquote>", False),
        ("<div>On Monday,\n Bo\n wrote:<br></div><div>his</div>", False),
        ("<p><b>From:</b> Bo<br><b>Sent:</b> Monday<br></p><p>his</p>", False),
        ("<" * 200_000, True),
        ("<!--" * 200_000 + "x", True),
    ],
)
def test_a_mail_in_html_alone_is_read_as_its_text(source: str, says: bool) -> None:
    assert has_words(html_text(source)) is says


# --- Outlook's mails -------------------------------------------------------------------------


def _attached(name: str, data: bytes = b"PK", **more: object) -> dict[str, object]:
    return {"name": name, "base64": base64.b64encode(data).decode(), **more}


def _outlook(folder: Path, *attachments: dict[str, object], **more: object) -> bytes:
    spec = {
        "subject": "Return",
        "sender": {"name": "Ann", "email": "ann@example.org"},
        "submitted": "2024-06-03T12:00:00Z",
        "attachments": attachments,
    }
    return as_msg(spec | more, folder / "mail.msg").read_bytes()


def test_an_outlook_mail_gives_its_attachments_with_who_sent_it_and_when(tmp_path: Path) -> None:
    copy = COPY_TEMPLATE.read_bytes()
    (parcel,) = unpack_msg(_outlook(tmp_path, _attached("Zoë.xlsx", copy)), LIMITS).parcels
    assert (parcel.name, parcel.data) == ("Zoë.xlsx", copy)
    assert parcel.sent == Sent('"Ann" <ann@example.org>', NOON)


def test_what_is_attached_to_an_attached_outlook_mail_comes_from_who_sent_that_one(tmp_path: Path) -> None:
    inner = {"sender": {"name": "Bo", "email": "bo@example.org"}, "attachments": [_attached("inner.xlsx")]}
    nobodys = {"attachments": [_attached("draft.xlsx")]}
    data = _outlook(
        tmp_path, {"name": "Return", "message": inner}, {"message": nobodys}, _attached("outer.xlsx")
    )
    assert [(parcel.name, parcel.sent) for parcel in unpack_msg(data, LIMITS).parcels] == [
        ("inner.xlsx", Sent('"Bo" <bo@example.org>', None, ('"Ann" <ann@example.org>',))),
        ("draft.xlsx", Sent('"Ann" <ann@example.org>', NOON)),
        ("outer.xlsx", Sent('"Ann" <ann@example.org>', NOON)),
    ]


def test_an_exchange_address_gives_way_to_the_one_that_people_know(tmp_path: Path) -> None:
    sheet = _attached("a.xlsx")
    sender = {"name": "Ann", "email": "/O=EXCHANGELABS/CN=RECIPIENTS/CN=1F", "smtp": "ann@example.org"}
    data = _outlook(tmp_path, sheet, sender=sender, submitted=None, delivered="2024-06-03T12:00:00Z")
    assert unpack_msg(data, LIMITS).parcels[0].sent == Sent('"Ann" <ann@example.org>', NOON)
    data = _outlook(tmp_path, sheet, headers="From: =?utf-8?Q?Ann_=C3=96?= <ann@example.org>\r\n\r\n")
    assert unpack_msg(data, LIMITS).parcels[0].sent == Sent("Ann Ö <ann@example.org>", NOON)


def test_attachments_of_an_outlook_mail_have_a_name_whatever_it_gives(tmp_path: Path) -> None:
    sheet = {"base64": "UEs=", "mime": "/".join(SHEET)}
    data = _outlook(tmp_path, {"base64": "UEs=", "short": "PLAN~1.XLS"}, sheet, _attached("..\\..\\a.xlsx"))
    assert _names(unpack_msg(data, LIMITS)) == ["PLAN~1.XLS", "attachment 2.xlsx", "a.xlsx"]


def test_logos_and_signatures_in_an_outlook_mail_are_ignored(tmp_path: Path) -> None:
    logo, hidden = _attached("logo.png", content_id="l@1"), _attached("h.gif", hidden=True)
    data = _outlook(tmp_path, logo, hidden, _attached("s.p7s"), _attached("scan.png"))
    found = unpack_msg(data, LIMITS)
    assert (_names(found), found.ignored) == (["scan.png"], ("logo.png", "h.gif", "s.p7s"))


def test_what_an_outlook_mail_only_links_to_is_seen(tmp_path: Path) -> None:
    (parcel,) = unpack_msg(_outlook(tmp_path, {"name": "cloud.xlsx"}), LIMITS).parcels
    assert (parcel.name, parcel.data) == ("cloud.xlsx", b"")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, False),
        ({"body": "Done"}, True),
        ({"body": "> quoted"}, False),
        ({"html": "<p>Done</p>"}, True),
        ({"html": "<blockquote>his</blockquote>"}, False),
        ({"rtf": "AAAA"}, True),
    ],
)
def test_an_outlook_mail_says_something_where_not_all_of_it_is_quoted(
    body: dict[str, object], says: bool, tmp_path: Path
) -> None:
    assert unpack_msg(_outlook(tmp_path, **body), LIMITS).words is says


def test_an_outlook_mail_beyond_the_limits_is_refused(tmp_path: Path) -> None:
    data = _outlook(tmp_path, _attached("a.xlsx", bytes(2_000_000)))
    assert _refusal(unpack_msg, data, Limits(unpacked_bytes=1_000_000))[0] == "return-too-large"
    assert _refusal(unpack_msg, data, Limits(entries=3))[0] == "return-too-large"
    nested: dict[str, object] = {}
    for _ in range(22):
        nested = {"message": {"attachments": [nested]}}
    assert _refusal(unpack_msg, _outlook(tmp_path, nested)) == (
        "return-too-large",
        "its mails are nested more than 20 deep",
    )


def test_another_programs_file_is_no_outlook_mail(tmp_path: Path) -> None:
    book = by_sheetjs(COPY_TEMPLATE, tmp_path / "a.xls").read_bytes()
    damaged = ("return-unreadable", "it is a damaged Outlook mail")
    assert _refusal(unpack_msg, book) == damaged
    assert _refusal(unpack_msg, book[:700]) == damaged
    assert _refusal(unpack_msg, b"x") == damaged


# --- whatever comes --------------------------------------------------------------------------


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut short, or with some bits turned."""
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    turned = bytearray(data)
    for _ in range(chance.choice((1, 3, 30))):
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
    return bytes(turned)


def _holds(data: bytes, unpack: Unpack) -> None:
    chance = random.Random(len(data))
    for _ in range(400):
        try:
            found = unpack(_damaged(data, chance), LIMITS)
        except UnreadableError as error:
            assert error.code.startswith("return-")  # noqa: PT017 (that there is one is not what is claimed)
        else:
            assert all(parcel.name.isprintable() for parcel in found.parcels)


def test_a_damaged_zip_is_read_or_refused() -> None:
    _holds(_zip(("a.xlsx", b"one" * 50), ("ë/b.xlsx", b"two"), ("c.xlsx", b"")), unpack_zip)


def test_a_damaged_mail_is_read_or_refused() -> None:
    mail = _mail("Done")
    mail.add_alternative("<p>Done</p>", subtype="html")
    mail.add_attachment(b"PK" * 40, maintype=SHEET[0], subtype=SHEET[1], filename="plan.xlsx")
    mail.add_attachment(_mail("Zoë", by="Zoë <z@example.org>", inner=b"PK"))
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="Zoë.pdf")
    _holds(mail.as_bytes(), unpack_eml)


def test_a_damaged_outlook_mail_is_read_or_refused(tmp_path: Path) -> None:
    inner = {"sender": {"name": "Bo", "email": "bo@example.org"}, "attachments": [_attached("inner.xlsx")]}
    _holds(_outlook(tmp_path, _attached("a.xlsx"), {"name": "fw", "message": inner}, body="x"), unpack_msg)
