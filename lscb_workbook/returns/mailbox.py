"""Returns in a mailbox: each message of a folder is read as a mail saved as a file would be.

Reading changes nothing there: no message is deleted, or marked as read. Messages are moved or flagged by
:func:`mark` alone, which is called once the returns in them are merged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Plan
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.mails import decoded
from lscb_workbook.returns.files.opened import UnreadableError
from lscb_workbook.returns.imap_address import MailboxAddress, is_mailbox, mailbox_address
from lscb_workbook.returns.imap_faults import FAULTS, mailbox_error
from lscb_workbook.returns.imap_server import Access, Connection, Listed
from lscb_workbook.returns.places import TRIES, Place, refuse_large
from lscb_workbook.returns.senders import addresses_in, doubt_strangers
from lscb_workbook.returns.settling import Harvest

__all__ = ["Mailbox", "Marked", "Message", "judge_senders", "mailboxes", "mark", "merged_messages"]

_AT_ONCE = 100
"""How many messages one command names."""
_LONGEST = 120
"""The most characters of a sender or a Message-ID in the name of a message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a mailbox: a file of returns (a Place).

    ``shown`` names it by its sender, when it was sent (UTC) and its Message-ID, so that it can be found in a
    mail program; ``sender`` is what it says of who sent it; ``uid`` is its number in the folder as long as
    the folder's ``validity`` is the same; ``size`` its bytes as the server says; ``came_at`` when the server
    got it (naive UTC).
    """

    shown: str
    sender: str
    uid: int
    validity: str
    size: int
    came_at: datetime
    mailbox: Mailbox = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.shown.rpartition("/")[2]

    @property
    def address(self) -> MailboxAddress:
        return self.mailbox.address

    @property
    def is_here(self) -> bool:
        """Only this process is signed in to the mailbox."""
        return True

    def read(self, limits: Limits) -> tuple[bytes, datetime]:
        """The message as it was sent, and when the server got it (naive UTC).

        Raises UnreadableError where it is too large or no longer there, and WorkbookError where the mailbox
        cannot be reached any more: half of what came must not look like all of it.
        """
        refuse_large(self.size, limits)
        data = self.mailbox.message(self.uid)
        if data is None:
            reason = "it was moved or deleted while the mailbox was being read"
            raise UnreadableError("return-unreadable", reason)
        refuse_large(len(data), limits)
        return data, self.came_at


class Mailbox:
    """A folder of a mailbox that is being read. A connection that is lost is made again."""

    def __init__(self, address: MailboxAddress, access: Access) -> None:
        """Raises WorkbookError where it cannot be opened, or is empty."""
        self.address = address
        self._access = access
        self._password = access.password(address)
        self._connection: Connection | None = self._connected()
        self._validity = self._connection.validity
        try:
            listed = self._connection.listed()
        except FAULTS as error:
            self.close()
            raise mailbox_error(address, error, access.timeout) from error
        if not listed:
            self.close()
            raise WorkbookError(
                f"There is no message in {address.shown}. Put the mails with the returned copies there and "
                "try again."
            )
        self.messages = tuple(self._messages(listed))

    def message(self, uid: int) -> bytes | None:
        """The bytes of a message; None where it is gone. Raises WorkbookError where the mailbox is lost."""
        tries = 0
        while True:
            try:
                self._connection = self._connection or self._connected()
                return self._connection.message(uid)
            except FAULTS as error:
                self.close()
                tries += 1
                if tries == TRIES:
                    told = mailbox_error(self.address, error, self._access.timeout)
                    raise WorkbookError(f"{told} Nothing was taken, and the mailbox is as it was.") from error

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _connected(self) -> Connection:
        connection = Connection(self.address, self._access, self._password)
        if connection.validity != getattr(self, "_validity", connection.validity):
            connection.close()
            raise WorkbookError(
                f"The folder {self.address.shown} was made anew while it was being read. Nothing was taken; "
                "run the command again."
            )
        return connection

    def _messages(self, listed: Iterable[Listed]) -> Iterator[Message]:
        taken: set[str] = set()
        for one in listed:
            headers = BytesHeaderParser(policy=compat32).parsebytes(one.headers)
            # With two of them programs differ in which they show: it is nobody's for sure.
            sender = ", ".join(decoded(str(one)) for one in headers.get_all("from", []))
            by = (addresses_in(sender) or ("unknown sender",))[0]
            on = _sent_on(str(headers.get("date", ""))) or one.came_at
            known_as = _in_name(decoded(str(headers.get("message-id", "")))) or f"message {one.uid}"
            name = f"{_in_name(by)} {on:%Y-%m-%d %H.%M} {known_as}"
            if name in taken:
                name += f" (message {one.uid})"
            taken.add(name)
            shown = f"{self.address.shown}/{name}.eml"
            yield Message(shown, sender, one.uid, self._validity, one.size, one.came_at, self)


@contextmanager
def mailboxes(
    places: Sequence[Path | str | Place], access: Access
) -> Iterator[tuple[Path | str | Place, ...]]:
    """These places, with the messages of a mailbox in place of its address, to be read inside the ``with``.

    Raises WorkbookError where a mailbox cannot be opened or is empty.
    """
    found: list[Path | str | Place] = []
    with ExitStack() as stack:
        for place in dict.fromkeys(places):
            if not (isinstance(place, str) and is_mailbox(place)):
                found.append(place)
                continue
            mailbox = Mailbox(mailbox_address(place), access)
            stack.callback(mailbox.close)
            found += mailbox.messages
        yield tuple(found)


def judge_senders(harvest: Harvest, plan: Plan, places: Iterable[object]) -> Harvest:
    """The harvest of these places, with what strangers sent by mail in doubt.

    Whose mailbox it is may pass on what anybody sent.
    """
    messages = [one for one in places if isinstance(one, Message)]
    senders = {one.shown: one.sender for one in messages}
    return doubt_strangers(harvest, plan, senders, {one.address.user for one in messages})


# --- once they are merged --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of messages whose returns are merged, by their shown names. ``left`` are those that are as
    they were, each with the reason in a sentence."""

    moved: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def merged_messages(places: Iterable[object], harvest: Harvest) -> tuple[Message, ...]:
    """Those of the messages that held returns, and nothing that was set aside or not read.

    The very copy that was issued, which nobody filled in, is no return.
    """
    returns = [one.file for one in harvest.returns if not one.as_issued]
    aside = [one.file for one in harvest.quarantined]
    crowded = [one.file for one in harvest.findings if one.code == "return-crowded"]
    return tuple(
        one
        for one in places
        if isinstance(one, Message) and _holds(one, returns) and not _holds(one, (*aside, *crowded))
    )


def mark(messages: Iterable[Message], access: Access, to: str = "") -> Marked:
    """Move messages to another folder of their mailbox (made where it is not there); flag them, without one.

    To be called once the master is written, and only where that is asked for. Where the server cannot move
    messages they are flagged instead, since moving would mean deleting. Nothing is raised for what goes
    wrong: the merge stands, and messages that are left are read again the next time, which changes nothing.
    """
    made = Marked()
    by_folder: dict[MailboxAddress, list[Message]] = {}
    for message in messages:
        by_folder.setdefault(message.address, []).append(message)
    for address, those in by_folder.items():
        one = _marked(address, those, access, to)
        made = Marked(made.moved + one.moved, made.flagged + one.flagged, made.left + one.left)
    return made


def _marked(address: MailboxAddress, messages: Sequence[Message], access: Access, to: str) -> Marked:
    done: dict[int, str] = {}
    reason = "It is no longer there."
    try:
        connection = Connection(address, access, access.password(address), to_mark=True)
        try:
            if connection.validity != messages[0].validity:
                raise WorkbookError(f"The folder {address.shown} was made anew since it was read.")
            target = connection.prepare(to) if to and connection.can_move() else ""
            if target == connection.folder:
                raise WorkbookError(f"{address.shown} is the very folder to move to. Name another.")
            uids = [one.uid for one in messages]
            for start in range(0, len(uids), _AT_ONCE):
                those = sorted(connection.there(uids[start : start + _AT_ONCE]))
                if those and target:
                    connection.move(those, target)
                    done |= dict.fromkeys(set(those) - connection.there(those), "moved")
                elif those:
                    connection.flag(those)
                    done |= dict.fromkeys(those, "flagged")
        finally:
            connection.close()
    except WorkbookError as error:
        reason = str(error)
    except FAULTS as error:
        reason = str(mailbox_error(address, error, access.timeout))
    return Marked(
        tuple(one.shown for one in messages if done.get(one.uid) == "moved"),
        tuple(one.shown for one in messages if done.get(one.uid) == "flagged"),
        tuple((one.shown, reason) for one in messages if one.uid not in done),
    )


def _holds(message: Message, files: Collection[str]) -> bool:
    """Whether one of these files is the message or came in it."""
    return any(file == message.shown or file.startswith(f"{message.shown}/") for file in files)


def _in_name(text: str) -> str:
    """A text as it may stand in a name: no levels of folders, and not too long."""
    return text.replace("/", "_").replace("\\", "_").strip()[:_LONGEST]


def _sent_on(date: str) -> datetime | None:
    """When a message says that it was sent (naive UTC)."""
    try:
        moment = parsedate_to_datetime(date)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, TypeError, OverflowError):
        return None
