"""Unpacking a mail as Outlook saves it (.msg): its attachments, those of mails attached to it among them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import HeaderParser

from olefile import STGTY_STREAM, OleFileIO
from oxmsg.domain import constants as pid
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from lscb_workbook.returns.files.attachments import attachment_name, is_added, is_picture
from lscb_workbook.returns.files.guards import attempt, guarded, refuse_nesting, refuse_number, refuse_size
from lscb_workbook.returns.files.labels import label
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.mails import decoded
from lscb_workbook.returns.files.opened import Parcel, Sent, Unpacked
from lscb_workbook.returns.files.words import has_words, html_text

__all__ = ["unpack_msg"]

_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_MAIL_HEADER, _EMBEDDED_HEADER, _ATTACHMENT_HEADER = 32, 24, 8
"""Bytes before the first property of a mail, of a mail within a mail, and of an attachment."""
_DELIVERED = 0x0E06
_COMPRESSED_RTF = 0x1009


def unpack_msg(data: bytes, limits: Limits) -> Unpacked:
    """What is attached to a mail and to the mails attached to it, each with who sent that mail and when.

    What Outlook only links to, or embeds as an object, is given as an empty file. Raises UnreadableError,
    which says why it is set aside.
    """
    with guarded("it is a damaged Outlook mail"):
        with OleFileIO(io.BytesIO(data)) as ole:
            entries = [entry for entry in ole.direntries if entry is not None]
            sizes = [entry.size for entry in entries if entry.entry_type == STGTY_STREAM]
            refuse_number(limits, len(entries))
            refuse_size(limits, len(data), sum(sizes), len(sizes))
            storage = Storage.from_ole(ole)
        found = _Found()
        found.mail(storage, None, _MAIL_HEADER, 0)
        return Unpacked(tuple(found.parcels), tuple(found.ignored), found.words)


@dataclass(slots=True)
class _Found:
    """What a mail is found to hold."""

    parcels: list[Parcel] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    words: bool = False

    def mail(self, storage: Storage, outer: Sent | None, header: int, depth: int) -> None:
        refuse_nesting(depth)
        properties = Properties(storage, properties_header_offset=header)
        len(storage.properties_stream_bytes)  # without it, it is another program's file: an error
        own = _sent(properties)
        sent = own.within(outer) if own else outer
        self.words = self.words or _has_words(properties)
        for attachment in storage.iter_attachment_storages():
            self._attachment(attachment, sent, depth)

    def _attachment(self, storage: Storage, sent: Sent | None, depth: int) -> None:
        properties = Properties(storage, properties_header_offset=_ATTACHMENT_HEADER)
        inner = next((one for one in storage.storages if one.name == _EMBEDDED), None)
        if inner is not None and any(stream.name == _PROPERTIES for stream in inner.streams):
            self.mail(inner, sent, _EMBEDDED_HEADER, depth + 1)
            return
        name = _text(properties, pid.PID_ATTACH_LONG_FILENAME) or _text(properties, pid.PID_ATTACH_FILENAME)
        kind = _text(properties, pid.PID_ATTACH_MIME_TAG).casefold()
        inline = _text(properties, pid.PID_ATTACH_CONTENT_ID) or _is_hidden(properties)
        if is_added(name, kind) or (is_picture(name, kind) and inline):
            self.ignored.append(label(name, otherwise=kind or "a picture"))
            return
        data = attempt(lambda: properties.binary_prop_value(pid.PID_ATTACH_DATA_BINARY), None) or b""
        self.parcels.append(Parcel(attachment_name(name, len(self.parcels) + 1, kind), data, sent))


def _sent(properties: Properties) -> Sent | None:
    """What a mail says of who sent it and when; None where it says neither.

    (The library gives the header undecoded, and Exchange's internal address before the one people know.)
    """
    headers = attempt(
        lambda: HeaderParser().parsestr(_text(properties, pid.PID_TRANSPORT_MESSAGE_HEADERS)), None
    )
    by = decoded(str(headers["from"])) if headers is not None and headers["from"] else ""
    if not by:
        name = _text(properties, pid.PID_SENDER_NAME) or _text(properties, pid.PID_SENT_REPRESENTING_NAME)
        address = _text(properties, pid.PID_SENDER_SMTP_ADDRESS) or _text(
            properties, pid.PID_SENDER_EMAIL_ADDRESS
        )
        shown = f'"{name}"' if name and "@" in address else name
        by = decoded(f"{shown} <{address}>" if "@" in address else shown)
    on = _moment(properties, pid.PID_CLIENT_SUBMIT_TIME) or _moment(properties, _DELIVERED)
    return Sent(by, on) if by or on else None


def _has_words(properties: Properties) -> bool:
    body = _text(properties, pid.PID_BODY)
    if body.strip():
        return has_words(body)
    rich = _html(properties)
    if rich.strip():
        return has_words(html_text(rich))
    # A body in Outlook's own format alone is not read: in doubt, there are words.
    return _given(lambda: properties.binary_prop_value(_COMPRESSED_RTF))


def _html(properties: Properties) -> str:
    """The body in HTML, which is kept as text or as bytes."""
    content = attempt(lambda: properties.binary_prop_value(pid.PID_HTML), None) or b""
    encoding = attempt(lambda: properties.body_encoding, "utf-8")
    text = attempt(lambda: content.decode(encoding, "replace"), content.decode("utf-8", "replace"))
    return text or _text(properties, pid.PID_BODY_HTML)


def _given(ask: Callable[[], bytes | None]) -> bool:
    return bool(attempt(ask, None))


def _is_hidden(properties: Properties) -> bool:
    return attempt(lambda: bool(properties.int_prop_value(pid.PID_ATTACHMENT_HIDDEN)), False)


def _text(properties: Properties, number: int) -> str:
    value = attempt(lambda: properties.str_prop_value(number), None)
    return value.rstrip("\0") if isinstance(value, str) else ""


def _moment(properties: Properties, number: int) -> datetime | None:
    value = attempt(lambda: properties.date_prop_value(number), None)
    # A property may be of another type than it should.
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else None
