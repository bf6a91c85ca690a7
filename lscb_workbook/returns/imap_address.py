"""The address of a mailbox folder: ``imaps://ann@mail.board.org/Returns``, never with a password."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import short
from lscb_workbook.returns.places import shown_name

__all__ = ["MailboxAddress", "is_mailbox", "mailbox_address"]

_SCHEME = re.compile(r"\s*imaps?(?::|//)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?P<scheme>imaps?)://((?P<user>[^/]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/@:\[\]\s]+)(:(?P<port>\d{1,5}))?"
    r"(/(?P<folder>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_PORTS = {"imap": 143, "imaps": 993}
_LARGEST_PORT = 65_535
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_WRITE_IT = "Write it like imaps://you@mail.board.org/Returns"


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """A folder of a mailbox. ``tls_first`` is whether the connection begins with TLS (imaps) or asks for it
    (imap, STARTTLS); ``folder`` has its levels parted by ``/``, as typed."""

    user: str
    host: str
    port: int
    tls_first: bool
    folder: str

    @property
    def shown(self) -> str:
        """The address as it may be shown and kept."""
        return shown_name(f"{self.mailbox}/{self.folder}")

    @property
    def mailbox(self) -> str:
        """The same without its folder."""
        scheme = "imaps" if self.tls_first else "imap"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[scheme] else f":{self.port}"
        return shown_name(f"{scheme}://{self.user}@{host}{port}")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this very computer."""
        return self.host.casefold() in _LOOPBACK


def is_mailbox(text: object) -> bool:
    """Whether this names a folder of a mailbox, and no file."""
    return isinstance(text, str) and _SCHEME.match(text) is not None  # also one that is mistyped


def mailbox_address(url: str) -> MailboxAddress:
    """What an address says; without a folder it is INBOX, without a user the environment's LSCB_IMAP_USER.

    Raises WorkbookError where it is none, names no user, or has a password in it.
    """
    found = _ADDRESS.fullmatch(url.strip())
    scheme = found["scheme"].casefold() if found else ""
    port = int(found["port"] or _PORTS[scheme]) if found else 0
    if found is None or not 0 < port <= _LARGEST_PORT:
        shown = short(
            shown_name(re.sub(r"^(\s*imaps?:?/*).*@", r"\1…@", url, flags=re.DOTALL | re.IGNORECASE))
        )
        raise WorkbookError(f"'{shown}' is no address of a mailbox. {_WRITE_IT}.")
    host = found["host"].strip("[]")
    if ":" in unquote(found["user"] or ""):
        raise WorkbookError(
            f"There is a password in the address of the mailbox at {shown_name(host)}, where others may "
            f"see it. {_WRITE_IT}, and keep the password in this computer's keyring."
        )
    user = unquote(found["user"] or "") or os.environ.get("LSCB_IMAP_USER", "")
    if not user:
        raise WorkbookError(
            f"The address of the mailbox at {shown_name(host)} does not say whose it is. {_WRITE_IT}."
        )
    folder = unquote(found["folder"] or "").strip("/") or "INBOX"
    if not (user + host + folder).isprintable():
        raise WorkbookError(
            f"The address of the mailbox at {shown_name(host)} has characters in it that no name has. "
            f"{_WRITE_IT}."
        )
    return MailboxAddress(user, host, port, scheme == "imaps", folder)
