"""The mail server: how it is named and reached, and with whose password. Nothing goes to it uncovered.

Passwords come from the operating system's keyring or the environment, are given to the server, and are
nowhere else: in no file, message, log or name of anything.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from lscb_workbook.copies.keyrings import SERVICE, kept_password
from lscb_workbook.plan.errors import WorkbookError

__all__ = ["SERVICE", "Cover", "Credentials", "Server", "connect", "credentials", "server_at", "shown_reply"]

USER, PASSWORD = "LSCB_SMTP_USER", "LSCB_SMTP_PASSWORD"

_EHLO = "[127.0.0.1]"
"""How this computer calls itself to a server. Its own name is nobody's business, and slow to find out."""
_PORTS = {"smtps": 465, "smtp": 587}
_LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\s]+")


class _UncoveredError(OSError):
    """The server does not offer what keeps the connection from others."""


class Cover(StrEnum):
    """How what is said to a server is kept from others."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``authorities`` is a PEM file of certificates to trust besides the system's.

    ``timeout`` is the most seconds to wait for any answer but the last to a message, for which it is
    ``patience``: servers look through a message before they say that they have taken it.
    """

    host: str
    port: int
    cover: Cover
    authorities: Path | None = None
    timeout: float = 60.0
    patience: float = 600.0

    @property
    def shown(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of the mail server and the password, which is not shown."""

    user: str
    password: str = field(repr=False)


def server_at(address: str, *, insecure: bool = False, authorities: Path | None = None) -> Server:
    """The server of an address: ``smtps://mail.example.org`` (TLS from the start, port 465) or
    ``smtp://mail.example.org:587`` (STARTTLS, which must be had).

    ``insecure`` goes without either, and only to this computer itself. Raises WorkbookError where the
    address is none, holds a password, or may not be gone to uncovered.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        parts, port, host = urlsplit(""), None, ""
    if parts.password is not None or parts.username is not None:
        raise WorkbookError(
            "The address of the mail server holds a user or a password. Leave them out: they come from the "
            f"keyring, or from {USER} and {PASSWORD} in the environment. Nothing was sent."
        )
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query:
        raise WorkbookError(
            "The mail server needs an address like smtps://mail.example.org or smtp://mail.example.org:587. "
            "Ask whoever runs your mail for it. Nothing was sent."
        )
    cover = Cover.TLS if parts.scheme == "smtps" else Cover.STARTTLS
    if insecure:
        if not _is_here(host):
            raise WorkbookError(
                f"{host} is another computer, and letters never go to one uncovered: --insecure is for this "
                "computer only. Leave it out. Nothing was sent."
            )
        cover = Cover.NONE
    return Server(host, port or _PORTS[parts.scheme], cover, authorities)


def credentials(user: str = "", environment: Mapping[str, str] | None = None) -> Credentials | None:
    """The user and password to send with; None where no user is given, here or in the environment.

    The environment's password comes before the keyring's. Raises WorkbookError, which says how to put one
    there, where there is none.
    """
    known = os.environ if environment is None else environment
    user = user or known.get(USER, "")
    if not user:
        return None
    if password := known.get(PASSWORD):
        return Credentials(user, password)
    try:
        kept = kept_password(SERVICE, user)
    except WorkbookError:
        raise WorkbookError(
            f"The keyring of this computer cannot be asked for the mail password of {user}: unlock it, or "
            f"put the password in {PASSWORD} in the environment, and run the command again. "
            "Nothing was sent."
        ) from None
    if not kept:
        raise WorkbookError(
            f"No mail password of {user} is known. Put it in the keyring with: keyring set {SERVICE} {user} "
            f"(or in {PASSWORD} in the environment), and run the command again. Nothing was sent."
        )
    return Credentials(user, kept)


def connect(server: Server, known: Credentials | None) -> smtplib.SMTP:
    """A connection to the server, covered, greeted and with the user known to it.

    Raises WorkbookError, one sentence without any secret, where it cannot be had.
    """
    trusted = _trusted(server)
    link: smtplib.SMTP | None = None
    try:
        if server.cover is Cover.TLS:
            link = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=_EHLO, timeout=server.timeout, context=trusted
            )
        else:
            link = smtplib.SMTP(server.host, server.port, local_hostname=_EHLO, timeout=server.timeout)
        link.ehlo_or_helo_if_needed()
        if server.cover is Cover.STARTTLS:
            if not link.has_extn("starttls"):
                raise _UncoveredError
            link.starttls(context=trusted)
            link.ehlo()
        if known:
            link.login(known.user, known.password)
    except BaseException as error:
        if link:
            link.close()
        if not isinstance(error, OSError | ValueError):  # The library's own errors are OSErrors.
            raise
        why = _why(error, server, known)
    else:
        if link.sock:  # The dot that ends a message is a packet of its own, which need not wait for others.
            link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link
    # Outside of the handling, so that the error leads to none that holds the password.
    raise WorkbookError(f"{why} Nothing was sent.")


def shown_reply(code: int, text: bytes | str, known: Credentials | None = None) -> str:
    """What a server answered, on one line, with no secret in it."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _shown(f"{code} {said}" if code > 0 else said, known)


def _shown(said: str, known: Credentials | None) -> str:
    if known:
        for secret in _forms(known):
            said = said.replace(secret, "…")
    said = _CONTROL.sub(" ", said).strip()
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _forms(known: Credentials) -> list[str]:
    """The password as a server might give it back, the longest first."""
    plain = known.password.encode()
    both = b"\0" + known.user.encode() + b"\0" + plain
    forms = {known.password, *(base64.b64encode(one).decode() for one in (plain, both))}
    return sorted(forms, key=len, reverse=True)


def _trusted(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.authorities:
        try:
            context.load_verify_locations(cafile=server.authorities)
        except OSError as error:
            raise WorkbookError(
                f"{server.authorities} holds no certificates that can be read. It must be a PEM file: ask "
                "whoever runs your mail for it. Nothing was sent."
            ) from error
    return context


def _why(error: BaseException, server: Server, known: Credentials | None) -> str:
    where = f"The mail server {server.shown}"
    match error:
        case ssl.SSLCertVerificationError():
            fault = error.verify_message.rstrip(".")
            return (
                f"{where} is not known to be the one it says it is ({fault}), so nothing was told to it. Ask "
                "whoever runs your mail; a certificate of their own is named with --ca-file."
            )
        case ssl.SSLError():
            return (
                f"{where} does not speak TLS as it should. Check the port: as a rule it is 465 for "
                "smtps:// and 587 for smtp://."
            )
        case _UncoveredError():
            return (
                f"{where} cannot cover the connection (it has no STARTTLS), so letters could be read on the "
                "way. Try smtps:// in place of smtp://, or ask whoever runs your mail."
            )
        case UnicodeError():
            return f"{where} can only be told a password without letters such as ü. Choose another."
        case smtplib.SMTPAuthenticationError():
            user = known.user if known else "the user"
            said = shown_reply(error.smtp_code, error.smtp_error, known)
            return (
                f"{where} does not take the password of {user} ({said}). Put the right one in the keyring "
                f"with: keyring set {SERVICE} {user}."
            )
        case smtplib.SMTPResponseException():
            said = shown_reply(error.smtp_code, error.smtp_error, known)
            return f"{where} takes no letters now ({said}). Try again later, or ask whoever runs your mail."
        case TimeoutError():
            return (
                f"{where} did not answer within {server.timeout:g} seconds. Check its name, its port and the "
                "network."
            )
        case smtplib.SMTPServerDisconnected():
            return f"{where} ended the connection. Try again later, or ask whoever runs your mail."
        case smtplib.SMTPException():
            return (
                f"{where} takes no password in a way that is known here. Leave out the user, or ask whoever "
                "runs your mail."
            )
        case _:
            said = _shown(str(getattr(error, "strerror", None) or error), known).rstrip(".")
            return f"{where} cannot be reached ({said}). Check its name, its port and the network."


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
