"""A real mail server on this computer, with TLS and a certificate authority of the tests' own, and letters to
send to it. It can be told to do at each step what servers do on a bad day."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from lscb_workbook.post import Attachment, Letter, Sender, Server, Uid
from lscb_workbook.post.letters import Kind
from lscb_workbook.post.servers import Cover

PASSWORD = "correct-horse-9"
USER = "manager@board.example"
MANAGER = Sender("Business Manager", USER)
TRACKER, CYCLE = "0d1e5c3a", "2016-17 Q2"
NOW = datetime(2016, 9, 1, 9, tzinfo=UTC)

DROP = "drop"
"""An answer that is none: the connection ends."""
SILENCE = "silence"
"""An answer that is none: the connection stays, and nothing comes."""

Answer = Callable[[str, str], str | None]
"""What the server answers at a step to whom, in place of what is usual. The steps are connect, ehlo,
starttls, auth, mail, rcpt, data (the command), body (in the middle of the message) and dot; the person is the
recipient, ``""`` before it is known."""


def usually(_step: str, _who: str) -> str | None:
    return None


@dataclass
class Inbox:
    """What the server took, in order, and how the answers differ from the usual."""

    answer: Answer = usually
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    on_tls: list[bool] = field(default_factory=list)
    tried: list[tuple[str, str]] = field(default_factory=list)
    """Users and passwords."""
    connections: int = 0

    @property
    def recipients(self) -> list[str]:
        return [who for who, _ in self.received]


class _Server(SMTP):
    """aiosmtpd's server, that asks the inbox before each step."""

    inbox: Inbox
    forever: asyncio.Event
    auth_seen = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self.inbox.answer("connect", "") == DROP:
            assert isinstance(transport, asyncio.Transport)
            transport.abort()

    async def _odd(self, step: str) -> bool:
        """Whether something else than usual was done."""
        who = self.envelope.rcpt_tos[-1] if self.envelope and self.envelope.rcpt_tos else ""
        said = self.inbox.answer(step, who)
        if said is None:
            return False
        assert isinstance(self.transport, asyncio.Transport)
        if said == DROP:
            self.transport.abort()
        elif said == SILENCE:
            await self.forever.wait()
        else:
            await self.push(said)
            if said.startswith("421"):
                self.transport.close()
        return True

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 (the library's names)
        if not await self._odd("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        if not await self._odd("starttls"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self._odd("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        if not await self._odd("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        before = list(self.envelope.rcpt_tos) if self.envelope else []
        who = arg.partition("<")[2].partition(">")[0]
        said = self.inbox.answer("rcpt", who)
        if said is None:
            await super().smtp_RCPT(arg)
            return
        assert self.envelope
        assert self.envelope.rcpt_tos == before
        assert isinstance(self.transport, asyncio.Transport)
        if said == DROP:
            self.transport.abort()
        elif said == SILENCE:
            await self.forever.wait()
        else:
            await self.push(said)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self._odd("data"):
            return
        who = self.envelope.rcpt_tos[-1] if self.envelope else ""
        if self.inbox.answer("body", who) == DROP:
            await self.push("354 go on")
            await self._reader.readline()
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            await self.forever.wait()
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, inbox: Inbox, forever: asyncio.Event, ponders: float) -> None:
        self._inbox, self._forever, self._ponders = inbox, forever, ponders

    async def handle_MAIL(self, _server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (who,) = envelope.rcpt_tos
        await asyncio.sleep(self._ponders)
        said = self._inbox.answer("dot", who)
        if said == DROP:
            server.transport.abort()
        elif said == SILENCE:
            await self._forever.wait()
        if said is not None:
            return said
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._inbox.received.append((who, message))
        self._inbox.on_tls.append(
            session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
        )
        return "250 2.0.0 taken"


@contextmanager
def mail_server(
    context: ssl.SSLContext | None,
    *,
    implicit: bool = False,
    size: int | None = 1 << 26,
    ponders: float = 0,
) -> Iterator[tuple[int, Inbox]]:
    """A server on a port of 127.0.0.1: TLS from the start where ``implicit``, else STARTTLS; without a
    context it offers none. ``size`` is the most bytes that a message may have, ``ponders`` how many seconds
    it takes until it says that it has one."""
    inbox, ready, ports = Inbox(), threading.Event(), list[int]()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
        assert isinstance(told, LoginPassword)
        user, password = told.login.decode(), told.password.decode()
        inbox.tried.append((user, password))
        return AuthResult(success=(user, password) == (USER, PASSWORD), handled=False)

    def made(forever: asyncio.Event) -> _Server:
        server = _Server(
            _Handler(inbox, forever, ponders),
            hostname="mail.test",
            loop=loop,
            data_size_limit=size,
            authenticator=check,
            tls_context=None if implicit else context,
            require_starttls=bool(context) and not implicit,
            auth_require_tls=bool(context) and not implicit,
        )
        inbox.connections += 1
        server.inbox, server.forever = inbox, forever
        return server

    async def serve() -> None:
        server = await loop.create_server(
            lambda: made(stop), "127.0.0.1", 0, ssl=context if implicit else None
        )
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(30)
        yield ports[0], inbox
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        with contextlib.suppress(RuntimeError):
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@dataclass(frozen=True)
class Authority:
    """Who issues the certificates of the tests, and the file that says to trust them."""

    ca: trustme.CA
    file: Path

    def context(self, name: str = "127.0.0.1", *, expired: bool = False) -> ssl.SSLContext:
        """What a server needs that has a certificate of this name."""
        until = datetime.now(UTC) - timedelta(days=1) if expired else None
        start = until - timedelta(days=30) if until else None
        made = self.ca.issue_cert(name, not_after=until, not_before=start)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.configure_cert(context)
        return context

    def server(
        self, port: int, *, implicit: bool = False, timeout: float = 20, patience: float = 20
    ) -> Server:
        """How our side names that server."""
        cover = Cover.TLS if implicit else Cover.STARTTLS
        return Server("127.0.0.1", port, cover, self.file, timeout, patience)


def a_letter(
    number: int = 1,
    *,
    to: str = "",
    name: str = "",
    kind: Kind = Kind.ISSUE,
    nth: int = 1,
    data: bytes = b"copy",
) -> Letter:
    """A letter to the officer of a number."""
    officer = f"officer-{number}"
    return Letter(
        officer=officer,
        name=name or f"Officer {number}",
        to=to or f"{officer}@council.example",
        subject=f"Your actions, {number}",
        text=f"Dear officer {number}\n.\n.. a line that is a dot is above\n",
        html=f'<html lang="en-GB"><p>Dear officer {number}</p></html>\n',
        kind=kind,
        uid=Uid(TRACKER, CYCLE, officer, kind.value, nth),
        attachments=(Attachment(f"{CYCLE} - Officer {number}.xlsx", data),),
    )


def faults(message: EmailMessage) -> list[object]:
    """Everything that the library finds wrong with a message, in its parts and headers."""
    found: list[object] = []
    for part in message.walk():
        found += part.defects
        for value in part.values():
            found += getattr(value, "defects", ())
    return found
