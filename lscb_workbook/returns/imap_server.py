"""A connection to one folder of a mailbox: secure, signed in, and changing nothing that it is not told to.

What is read is read without marking it as read, in a folder opened for reading only.
"""

from __future__ import annotations

import imaplib
import os
import re
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lscb_workbook.copies.keyrings import SERVICE, kept_password
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.imap_address import MailboxAddress
from lscb_workbook.returns.imap_faults import FAULTS, mailbox_error, server_words
from lscb_workbook.returns.places import shown_name

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

__all__ = ["Access", "Connection", "Listed"]

_MOST_FOLDERS = 30
"""The most folders that an error names."""
_LISTING = "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM DATE MESSAGE-ID)])"
_FIELDS = {
    "uid": re.compile(rb"\bUID (\d+)"),
    "size": re.compile(rb"\bRFC822\.SIZE (\d+)"),
    "flags": re.compile(rb"\bFLAGS \(([^)]*)\)"),
    "came": re.compile(rb'\bINTERNALDATE "([^"]*)"'),
}
_ITEM = re.compile(rb"\d+ \(")
_CAME = re.compile(r" ?(\d+)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Access:
    """How a mailbox is reached.

    ``authority`` is a file (PEM) with the certificate of an authority to be trusted beside the system's own;
    ``insecure`` allows a connection without TLS, to this very computer only; ``timeout`` is how many seconds
    an answer may take; ``ask`` is asked for a password (with the mailbox's address) where neither the
    environment (LSCB_IMAP_PASSWORD) nor the keyring has one.
    """

    authority: Path | None = None
    insecure: bool = False
    timeout: float = 60
    ask: Callable[[str], str] | None = None

    @property
    def by_token(self) -> bool:
        """Whether one signs in with a token of a sign-in service (OAuth 2.0) instead of a password."""
        return bool(os.environ.get("LSCB_IMAP_TOKEN"))

    def password(self, address: MailboxAddress) -> str:
        """The token or password of a mailbox. Raises WorkbookError where there is none."""
        if self.by_token:
            return os.environ["LSCB_IMAP_TOKEN"]
        password = os.environ.get("LSCB_IMAP_PASSWORD") or kept_password(SERVICE, address.user)
        if not password and self.ask:
            password = self.ask(address.mailbox)
        if not password:
            raise WorkbookError(
                f"There is no password for {address.mailbox} in this computer's keyring. Keep it there "
                f"once, with: keyring set {SERVICE} {shown_name(address.user)}"
            )
        return password

    def context(self) -> ssl.SSLContext:
        """What a server's certificate is held against. Raises WorkbookError where the file is of no use."""
        context = ssl.create_default_context()
        if self.authority:
            try:
                context.load_verify_locations(self.authority)
            except OSError as error:  # ssl.SSLError is one
                raise WorkbookError(
                    f"{shown_name(self.authority)} is no certificate that can be read. Ask whoever runs the "
                    "mail server for it as a file in PEM form."
                ) from error
        return context


class Listed(NamedTuple):
    """A message as a folder lists it. ``came_at`` is when the server got it (naive UTC), ``size`` its bytes
    (servers may be a little wrong in it), ``headers`` the lines of who sent it, when, and its Message-ID."""

    uid: int
    size: int
    came_at: datetime
    headers: bytes


class Connection:
    """A folder of a mailbox, open until :meth:`close`; ``to_mark`` is whether it may be changed.

    ``validity`` tells one life of the folder from another: numbers of messages (UID) hold as long as it does.
    Raises WorkbookError, which says what to do, where the folder cannot be opened; the methods raise what
    ``FAULTS`` names.
    """

    def __init__(
        self, address: MailboxAddress, access: Access, password: str, *, to_mark: bool = False
    ) -> None:
        self.address = address
        if access.insecure and not address.is_loopback:
            raise WorkbookError(
                f"Without a secure connection a mailbox is read on this very computer only, and "
                f"{address.mailbox} is on another. Leave out the wish for an insecure one."
            )
        context = None if access.insecure and not address.tls_first else access.context()
        try:
            self._box = _connected(address, access.timeout, context)
        except FAULTS as error:
            raise mailbox_error(address, error, access.timeout) from error
        try:
            _sign_in(self._box, address, password, by_token=access.by_token)
            self._delimiter, folders = self._folders()
            self.folder = self._open(folders, to_mark)
            self.validity = self._said("UIDVALIDITY")
        except FAULTS as error:
            self.close()
            raise mailbox_error(address, error, access.timeout) from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Sign out. Nothing is expunged by it."""
        with suppress(*FAULTS):
            self._box.client.logout()
        with suppress(*FAULTS):
            self._box.client.shutdown()

    # --- reading -----------------------------------------------------------------------------

    def listed(self) -> list[Listed]:
        """The messages in the folder, in its order, without those that are marked as deleted."""
        if self._said("EXISTS") in ("", "0"):
            return []
        found: dict[int, Listed] = {}
        for head, headers in _items(self._uid("FETCH", "1:*", _LISTING)):
            fields = {name: match[1] for name, pattern in _FIELDS.items() if (match := pattern.search(head))}
            # What changes in the folder meanwhile is told in the same form, with less in it.
            if {"uid", "size"} <= fields.keys() and b"\\deleted" not in fields.get("flags", b"").lower():
                uid, size = int(fields["uid"]), int(fields["size"])
                found[uid] = Listed(uid, size, _came_at(fields.get("came", b"")), headers)
        return list(found.values())

    def message(self, uid: int) -> bytes | None:
        """A message's bytes; None where it is no longer there."""
        for part in self._uid("FETCH", str(uid), "(UID BODY.PEEK[])"):
            if isinstance(part, tuple) and b"BODY[]" in part[0].upper():
                return bytes(part[1])
        return None

    # --- marking -----------------------------------------------------------------------------

    def can_move(self) -> bool:
        """Whether the server moves messages itself; without that it would be copying and deleting."""
        _, data = self._box.client.capability()  # many servers say more to whoever is signed in
        return any(isinstance(part, bytes) and b"MOVE" in part.upper().split() for part in data)

    def prepare(self, folder: str) -> str:
        """A folder of this mailbox by its own name, made where it is not there."""
        from imap_tools.errors import ImapToolsError

        _, folders = self._folders()
        if found := self._among(folder, folders):
            return found
        name = folder.replace("/", self._delimiter or "/")
        try:
            self._box.folder.create(name)
            self._box.folder.subscribe(name, True)
        except ImapToolsError as error:
            raise imaplib.IMAP4.error(server_words(error)) from error
        return name

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move messages to a folder (by its own name)."""
        from imap_tools.utils import encode_folder

        self._uid("MOVE", _set(uids), encode_folder(folder))

    def flag(self, uids: Sequence[int]) -> None:
        """Flag messages, as mail programs show it with a flag or a star."""
        self._uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Flagged)")

    def there(self, uids: Sequence[int]) -> set[int]:
        """Those of these messages that are in the folder."""
        found = self._uid("SEARCH", "UID", _set(uids))
        return {int(one) for part in found if isinstance(part, bytes) for one in part.split()} & set(uids)

    # --- the parts ---------------------------------------------------------------------------

    def _uid(self, command: str, *arguments: str | bytes) -> Sequence[object]:
        kind, data = self._box.client.uid(command, *arguments)  # type: ignore[arg-type]
        if kind != "OK":
            raise imaplib.IMAP4.error(server_words(data))
        return data

    def _said(self, what: str) -> str:
        """What the server said of the folder when it was opened, or last."""
        _, data = self._box.client.response(what)
        last = data[-1] if data else None
        return last.decode("ascii", "replace") if isinstance(last, bytes) else ""

    def _folders(self) -> tuple[str, list[str]]:
        """What parts the levels of folders' names, and the folders that hold messages."""
        found = self._box.folder.list()
        delimiter = next((one.delim for one in found if one.delim not in ("", "NIL")), "")
        return delimiter, [one.name for one in found if "\\noselect" not in str(one.flags).casefold()]

    def _among(self, folder: str, folders: Iterable[str]) -> str | None:
        """A folder's own name. What lies beneath INBOX, as some servers keep all, is found without that."""
        for wanted in (folder, f"INBOX/{folder}"):
            for name in folders:
                shown = self._shown(name)
                if wanted in (name, shown) or wanted.upper() == "INBOX" == name.upper():
                    return name
        return None

    def _shown(self, name: str) -> str:
        return name.replace(self._delimiter, "/") if self._delimiter else name

    def _open(self, folders: list[str], to_mark: bool) -> str:
        from imap_tools.errors import ImapToolsError

        name = self._among(self.address.folder, folders)
        if name is None:
            there = [shown_name(self._shown(one)) for one in folders]
            more = f" and {len(there) - _MOST_FOLDERS} more" if len(there) > _MOST_FOLDERS else ""
            raise WorkbookError(
                f"There is no folder '{shown_name(self.address.folder)}' in {self.address.mailbox}. "
                f"Take one of those that are: {', '.join(there[:_MOST_FOLDERS])}{more}."
            )
        try:
            self._box.folder.set(name, readonly=not to_mark)
        except imaplib.IMAP4.readonly:
            raise WorkbookError(
                f"{self.address.shown} may only be read, not changed. Ask for the right to change it."
            ) from None
        except ImapToolsError as error:
            raise WorkbookError(
                f"The folder {self.address.shown} does not open: {server_words(error)}. "
                "Ask for access to it, or name another folder."
            ) from None
        return name


def _connected(address: MailboxAddress, timeout: float, context: ssl.SSLContext | None) -> BaseMailBox:
    """A connection under TLS (without, where there is no context), nobody signed in yet."""
    from imap_tools import BaseMailBox

    class Box(BaseMailBox):
        def _get_mailbox_client(self) -> imaplib.IMAP4:
            if address.tls_first and context:
                return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=timeout)
            client = imaplib.IMAP4(address.host, address.port, timeout=timeout)
            if context:
                try:
                    _begin_tls(client, address, context)
                except BaseException:
                    with suppress(OSError):  # what TLS refused is closed already
                        client.shutdown()
                    raise
            return client

    return Box()


def _begin_tls(client: imaplib.IMAP4, address: MailboxAddress, context: ssl.SSLContext) -> None:
    # A server that greets one as signed in already would never be asked for TLS.
    if "STARTTLS" not in client.capabilities or client.state != "NONAUTH":
        raise WorkbookError(
            f"{address.mailbox} offers no secure connection, so no password was sent. Try imaps:// instead "
            "of imap://, or ask whoever runs the mail server."
        )
    client.starttls(context)


def _sign_in(box: BaseMailBox, address: MailboxAddress, password: str, *, by_token: bool) -> None:
    from imap_tools.errors import ImapToolsError

    # Where either has other letters than English ones, the plain command cannot carry it.
    plain = "AUTH=PLAIN" in box.client.capabilities or not (address.user + password).isascii()
    sign_in = box.xoauth2 if by_token else box.login_utf8 if plain else box.login
    try:
        sign_in(address.user, password, None)
    except (imaplib.IMAP4.abort, OSError):
        raise
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        said = server_words(error).replace(password, "…")
        what = (
            "Get a new token (they last an hour or so) and put it into LSCB_IMAP_TOKEN."
            if by_token
            else "Check the user and the password, and keep the right one with: "
            f"keyring set {SERVICE} {shown_name(address.user)}"
        )
        raise WorkbookError(
            f"{address.mailbox} does not let {shown_name(address.user)} in ({said}). {what}"
        ) from None


def _items(data: Iterable[object]) -> Iterable[tuple[bytes, bytes]]:
    """Each message's facts and its header lines. Facts may stand before those lines and behind them."""
    items: list[tuple[bytes, bytes]] = []
    for part in data:
        if isinstance(part, tuple):
            items.append((part[0], part[1]))
        elif isinstance(part, bytes) and _ITEM.match(part):
            items.append((part, b""))
        elif isinstance(part, bytes) and items:
            head, headers = items[-1]
            items[-1] = (head + b" " + part, headers)
    return items


def _came_at(said: bytes) -> datetime:
    """When the server got a message (naive UTC); the beginning of time, where it does not say."""
    found = _CAME.fullmatch(said.decode("ascii", "replace"))
    try:
        if found is None:
            raise ValueError(said)
        day, month, year, hour, minute, second = found.group(1, 2, 3, 4, 5, 6)
        ahead = timedelta(hours=int(found[8]), minutes=int(found[9])) * (1 if found[7] == "+" else -1)
        moment = datetime(
            int(year),
            _MONTHS.index(month.casefold()) + 1,
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=timezone(ahead),
        )
    except ValueError:
        return datetime(1970, 1, 1)
    return moment.astimezone(UTC).replace(tzinfo=None)


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))
