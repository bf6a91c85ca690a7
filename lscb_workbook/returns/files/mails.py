"""Unpacking a mail as mail programs save it (.eml): its attachments, those of forwarded mails among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.errors import CloseBoundaryNotFoundDefect
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from lscb_workbook.returns.files.attachments import attachment_name, is_added, is_picture
from lscb_workbook.returns.files.guards import (
    NESTING,
    attempt,
    guarded,
    refuse_nesting,
    refuse_number,
    refuse_size,
)
from lscb_workbook.returns.files.labels import label, one_line
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import Parcel, Sent, Unpacked, UnreadableError
from lscb_workbook.returns.files.words import has_words, html_text

__all__ = ["decoded", "unpack_eml"]

_NOT_A_MAIL = "it is not a mail that can be read"
_HEADERS = {"from", "to", "subject", "date", "received", "message-id", "mime-version", "content-type"}
_BOUNDARY = re.compile(rb"[\r\n]--")
_MAILS = {"message/rfc822", "message/global"}
_READ = 1_000_000


def unpack_eml(data: bytes, limits: Limits) -> Unpacked:
    """What is attached to a mail and to the mails forwarded in it, each with who sent that mail and when.

    Raises UnreadableError, which says why it is set aside.
    """
    with guarded(_NOT_A_MAIL):
        # Counted first, since the parser makes a record of every part.
        refuse_number(limits, sum(1 for _ in _BOUNDARY.finditer(data)))
        mail = _parsed(data)
        if _HEADERS.isdisjoint(name.casefold() for name in mail.keys()):  # noqa: SIM118 (it has no iterator)
            raise UnreadableError("return-unreadable", _NOT_A_MAIL)
        found = _Found(limits, len(data))
        found.mail(mail, None, 0)
        return Unpacked(tuple(found.parcels), tuple(found.ignored), found.words)


def decoded(text: str) -> str:
    """A header's text on one line, its encoded words (``=?utf-8?q?…?=``) decoded."""
    return one_line(attempt(lambda: str(make_header(decode_header(text))), text))


def _parsed(data: bytes) -> Message:
    """The mail's parts. The newer parser reads names better, but there are headers that it fails on."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    try:
        try:
            return BytesParser(policy=policy.default).parsebytes(data)
        except MemoryError:
            raise
        except Exception:
            return BytesParser(policy=policy.compat32).parsebytes(data)
    except RecursionError as error:  # the parser goes down into parts within parts by calling itself
        raise UnreadableError("return-too-large", f"its mails are nested more than {NESTING} deep") from error


@dataclass(slots=True)
class _Found:
    """What a mail is found to hold. ``own`` is its size and ``size`` that of its attachments, in bytes."""

    limits: Limits
    own: int
    parcels: list[Parcel] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    words: bool = False
    parts: int = 0
    size: int = 0
    cut_short: Message | None = None
    """The last part, where the mail ends before it should."""

    def mail(self, mail: Message, outer: Sent | None, depth: int) -> None:
        plain: list[str] = []
        rich: list[str] = []
        own = _sent(mail)
        sent = own.within(outer) if own else outer
        self._part(mail, sent, depth, {"text/plain": plain, "text/html": rich})
        # Programs write the same text twice, plain and in HTML.
        texts = plain if any(text.strip() for text in plain) else [html_text(text) for text in rich]
        self.words = self.words or any(has_words(text) for text in texts)

    def _part(self, part: Message, sent: Sent | None, depth: int, texts: dict[str, list[str]]) -> None:
        refuse_nesting(depth)
        self.parts += 1
        refuse_number(self.limits, self.parts)
        kind = attempt(part.get_content_type, "application/octet-stream")
        name = decoded(attempt(part.get_filename, None) or "")
        attached = attempt(part.get_content_disposition, None) == "attachment"
        inner = part.get_payload()
        if isinstance(inner, list) and kind in _MAILS and not _is_encoded(part):
            for mail in inner:
                if isinstance(mail, Message):
                    self.mail(mail, sent, depth + 1)
        elif isinstance(inner, list) and kind.startswith("multipart/"):
            last = inner[-1] if inner else None
            if isinstance(last, Message) and _is_cut_short(part):
                self.cut_short = last
            for one in inner:
                if isinstance(one, Message):
                    self._part(one, sent, depth + 1, texts)
        elif is_added(name, kind) or (is_picture(name, kind) and "content-id" in part and not attached):
            self.ignored.append(label(name, otherwise=kind))
        elif kind in texts and not name and not attached:
            texts[kind].append(_text(part))
        elif name or attached or not kind.startswith(("text/", "multipart/")) or _is_left(part):
            self._attach(part, name, kind, sent)

    def _attach(self, part: Message, name: str, kind: str, sent: Sent | None) -> None:
        data = _content(part)
        self.size += len(data)
        refuse_size(self.limits, self.own, self.size, len(self.parcels) + 1)
        number = len(self.parcels) + 1
        shown = attachment_name(name, number, "" if kind in _MAILS else kind)
        if kind in _MAILS and not shown.casefold().endswith(".eml"):
            shown += ".eml"
        self.parcels.append(Parcel(shown, data, sent, damaged=bool(part.defects) or self.cut_short is part))


def _is_cut_short(part: Message) -> bool:
    """Whether the mail ends before the last of these parts does."""
    return any(isinstance(one, CloseBoundaryNotFoundDefect) for one in part.defects)


def _is_encoded(part: Message) -> bool:
    """Whether a forwarded mail is packed as an attachment is, as some gateways do against the standard. It
    is given as a file: the parser read the packing for the mail."""
    return _header(part, "content-transfer-encoding").strip().casefold() in ("base64", "quoted-printable")


def _is_left(part: Message) -> bool:
    """Whether there is something in what should be several parts and is too damaged to be told apart."""
    return bool(_content(part).strip())


def _content(part: Message) -> bytes:
    """A part's bytes; none where they are too damaged to be decoded (an empty file is told of later)."""
    inner = part.get_payload()
    if isinstance(inner, list) and len(inner) == 1 and isinstance(inner[0], Message):
        mail = inner[0]
        if "content-transfer-encoding" not in mail:
            mail["Content-Transfer-Encoding"] = _header(part, "content-transfer-encoding")
        return _content(mail) if not mail.is_multipart() else attempt(mail.as_bytes, b"")

    def undone() -> object:
        return part.get_payload(decode=True)

    content: object = attempt(undone, None)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    content = _content(part)[:_READ]
    charset = attempt(part.get_content_charset, None) or "utf-8"
    return attempt(lambda: content.decode(charset, "replace"), content.decode("utf-8", "replace"))


def _header(part: Message, name: str) -> str:
    """A header's text, however garbled."""
    raw = next((value for key, value in part.raw_items() if key.casefold() == name), "")
    return attempt(lambda: str(part.get(name, "")), str(raw))


def _sent(mail: Message) -> Sent | None:
    """What a mail says of who sent it and when; None where it says neither."""
    # With two headers that say it programs differ in which they show; both are given.
    said = attempt(lambda: [str(one) for one in mail.get_all("from", [])], [_header(mail, "from")])
    by = ", ".join(decoded(one) for one in said) or decoded(_header(mail, "sender"))
    on = attempt(lambda: _utc(parsedate_to_datetime(_header(mail, "date"))), None)
    return Sent(by, on) if by or on else None


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
