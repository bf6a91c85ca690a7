"""Handing one message over to a mail server, step by step, so that what came of it is known at each.

A server has taken a message once it has answered the dot that ends it. Before that dot it has not, and must
not deliver it (RFC 5321, 4.1.1.10); a connection that ends after the dot and before the answer leaves it
unknown.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import NamedTuple

from lscb_workbook.post.journal import Noted
from lscb_workbook.post.servers import Credentials, Server, shown_reply

__all__ = ["Answer", "Talk"]

_TOO_LARGE = 552


class Answer(NamedTuple):
    """How it went with one message: ``lost`` is whether the connection is, ``ours`` whether it has to do with
    us or the server rather than with the addressee."""

    noted: Noted
    said: str
    lost: bool = False
    ours: bool = False


class Talk:
    """What is said to a server to hand one message over. ``reached`` is what holds if it ends here."""

    def __init__(self, link: smtplib.SMTP, server: Server, known: Credentials | None) -> None:
        self._link, self._server, self._known = link, server, known
        self.reached = Noted.DEFERRED

    def hand_over(self, origin: str, to: str, data: bytes) -> Answer:
        """Offer the message, and what came of it. Nothing that a server may do is raised."""
        link = self._link
        if answer := self._too_large(len(data)):
            return answer
        options = [f"size={len(data)}"] if link.has_extn("size") else []
        try:
            code, text = link.mail(origin, options)
            if code // 100 != 2:
                return self._declined(code, text, ours=code != _TOO_LARGE)
            code, text = link.rcpt(to)
            if code // 100 != 2:
                return self._declined(code, text, ours=False)
            code, text = link.docmd("DATA")
            if code // 100 != 3:
                return self._declined(code, text, ours=code // 100 != 5)
            self._limit(self._server.timeout)
            for part in _dotted(data):
                link.send(part)
            self.reached = Noted.UNKNOWN
            link.send(b".\r\n")
            self._limit(self._server.patience)
            code, text = link.getreply()
        except (OSError, ValueError) as error:  # ValueError: an answer that is none.
            return Answer(self.reached, self._broken(error), lost=True, ours=True)
        return self._ended(code, text)

    def _too_large(self, size: int) -> Answer | None:
        most = int(limit) if (limit := str(self._link.esmtp_features.get("size", ""))).isdecimal() else 0
        if most and size > most:
            said = f"the message has {size / 1e6:.1f} MB, and the server takes {most / 1e6:.1f} MB at most"
            return Answer(Noted.REFUSED, said)
        return None

    def _declined(self, code: int, text: bytes, *, ours: bool) -> Answer:
        """The server would not go on before it had the message."""
        said = shown_reply(code, text, self._known)
        if code // 100 == 5:
            return self._reset(Answer(Noted.REFUSED, said, ours=ours))
        if code // 100 == 4 and code != 421:
            return self._reset(Answer(Noted.DEFERRED, said, ours=ours))
        return Answer(Noted.DEFERRED, said, lost=True, ours=True)

    def _ended(self, code: int, text: bytes) -> Answer:
        """The server's word on a message that it has."""
        said = shown_reply(code, text, self._known)
        self._limit(self._server.timeout)
        match code // 100:
            case 2:
                return Answer(Noted.SENT, said)
            case 4:
                return Answer(Noted.DEFERRED, said, lost=code == 421, ours=True)
            case 5:
                return Answer(Noted.REFUSED, said)
            case _:
                return Answer(Noted.UNKNOWN, said, lost=True, ours=True)

    def _reset(self, answer: Answer) -> Answer:
        try:
            code, _ = self._link.rset()
        except OSError:
            code = -1
        return answer if code // 100 == 2 else answer._replace(lost=True)

    def _limit(self, seconds: float) -> None:
        if self._link.sock:
            self._link.sock.settimeout(seconds)

    def _broken(self, error: Exception) -> str:
        if isinstance(error, TimeoutError) or "timed out" in str(error):
            return "the mail server did not answer in time"
        return "the connection to the mail server broke"


def _dotted(data: bytes, size: int = 1 << 18) -> Iterator[bytes]:
    """A message as it goes over the line: a line that begins with a dot gets another (RFC 5321, 4.5.2)."""
    ready = b"\r\n" + data
    ready = ready.replace(b"\r\n.", b"\r\n..")[2:]
    if not ready.endswith(b"\r\n"):
        ready += b"\r\n"
    for start in range(0, len(ready), size):
        yield ready[start : start + size]
