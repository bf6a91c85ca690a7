"""Letters as mail: messages that any program reads, the same bytes for the same letter."""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post.letters import Letter, Sender, Uid

__all__ = ["MisaddressedError", "address_of", "message_id", "message_of", "sender_of"]

_ADDRESS = re.compile(r"""[^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+\.[^\s@<>()\[\]\\,;:".]+""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_LONGEST = 254
"""Letters in an address, as RFC 5321 (4.5.3.1.3) leaves room for."""


_LINE, _WORDS = 900, 75
"""The most characters of a header's line that is left whole, and of a line of encoded words."""


class _Policy(EmailPolicy):
    """The library's own policy but for names and subjects: where it folds those with letters beyond ASCII, it
    loses spaces between them."""

    def fold(self, name: str, value: str) -> str:
        """The lines of a header."""
        if isinstance(value, AddressHeader):
            said = ", ".join(_mailbox(name, one) for one in value.addresses)
        elif name == "Subject":
            said = _encoded(name, str(value))
        else:
            usual: str = super().fold(name, value)
            return usual
        return f"{name}: {said}\r\n"

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same as bytes."""
        return self.fold(name, value).encode("ascii")


_MAIL = _Policy(linesep="\r\n")


class MisaddressedError(WorkbookError):
    """What stands as somebody's address is none."""


def address_of(name: str, email: str, column: str = "Email") -> Address:
    """The address of a person. A domain such as bücher.example is given as servers know it (``xn--…``).

    Raises MisaddressedError, which names both and the ``column`` of the Officers tab, where it is none.
    """
    if not email:
        raise MisaddressedError(f"{name} has no address. Put one in the column {column} of the Officers tab.")
    try:
        if not _ADDRESS.fullmatch(email) or len(email) > _LONGEST or _CONTROL.search(email):
            raise ValueError
        user, _, domain = email.rpartition("@")
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        user.encode("ascii")  # Few servers deliver to others, and many programs cannot read them.
        Address(addr_spec=f"{user}@{plain}")  # The library's own opinion of dots and the like.
        return Address(" ".join(_CONTROL.sub(" ", name).split()), user, plain)
    except (ValueError, IndexError, MessageError) as error:
        raise MisaddressedError(
            f"{name} has no address that mail can be sent to: {email!r} is none. Put one address, such as "
            f"name@example.org, in the column {column} of the Officers tab."
        ) from error


def sender_of(text: str) -> Sender:
    """Who is meant by ``Business Manager <manager@example.org>``, or by an address alone.

    Raises MisaddressedError where there is no address in it.
    """
    name, email = parseaddr(text)
    if not email:
        raise MisaddressedError(
            f"{text!r} is nobody to send letters from. Give a name and an address, such as "
            '"Business Manager <manager@example.org>".'
        )
    address_of(name or email, email)
    return Sender(name or email, email)


def message_id(letter: Letter, sender: Sender | None) -> str:
    """The Message-ID of a letter, always the same: mail programs see that one sent twice is one. With another
    copy it is another, since servers keep only the first of those that are the same."""
    domain = address_of(sender.name, sender.email).domain if sender else "lscb-workbook.invalid"
    return f"<{letter.uid.digest}{letter.copy[:8]}@{domain}>"


def message_of(letter: Letter, sender: Sender | None, when: datetime, *, draft: bool = False) -> EmailMessage:
    """A letter as a message. ``when`` is its date, aware of its zone.

    A draft opens in Outlook ready to be sent, and may lack a sender or an address. Raises MisaddressedError
    where an address is none.
    """
    to = address_of(letter.name, letter.to, letter.column) if letter.to else None
    origin = address_of(sender.name, sender.email) if sender else None
    message = EmailMessage(policy=_MAIL)
    if origin:
        message["From"] = origin
    if to:
        message["To"] = to
    message["Subject"] = " ".join(_CONTROL.sub(" ", letter.subject).split())
    message["Date"] = when
    message["Message-ID"] = message_id(letter, sender)
    if draft:
        message["X-Unsent"] = "1"
    # Quoted-printable passes every server, and keeps lines short whatever an officer wrote.
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message.set_boundary(_boundary(letter.uid, "texts"))
    if letter.attachments:
        message.make_mixed(boundary=_boundary(letter.uid, "all"))
        for one in letter.attachments:
            main, _, sub = one.media.partition("/")
            name = _CONTROL.sub(" ", one.name).strip()
            message.add_attachment(one.data, maintype=main, subtype=sub, filename=name)
    return message


def _mailbox(header: str, address: Address) -> str:
    said = _encoded(header, address.display_name)
    if said == address.display_name:
        return str(address)  # In quotation marks where it must be.
    return f"{said}\r\n <{address.addr_spec}>"


def _encoded(header: str, text: str) -> str:
    """Text for a header: as it is where it can be, else in encoded words (RFC 2047), folded."""
    if text.isascii() and "=?" not in text and len(text) <= _LINE:
        return text
    return Header(text, "utf-8", _WORDS, header).encode(linesep="\r\n")


def _boundary(uid: Uid, part: str) -> str:
    """What stands between the parts. ``=_`` is in no text that is encoded as these are."""
    return f"=_{part}_{uid.digest}"
