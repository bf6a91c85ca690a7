"""What goes wrong between here and a mailbox, in one sentence each."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import short
from lscb_workbook.returns.imap_address import MailboxAddress
from lscb_workbook.returns.places import shown_name, why

__all__ = ["FAULTS", "mailbox_error", "server_words"]

FAULTS = (imaplib.IMAP4.error, OSError)
"""All that a connection may raise, ssl.SSLError and TimeoutError among them."""

_EXPIRED, _NOT_YET, _OTHER_NAME = 10, 9, {62, 64}
_UNKNOWN_ISSUER = {18, 19, 20, 21}
"""Numbers of OpenSSL's, which do not change (X509_V_ERR_…)."""


def mailbox_error(address: MailboxAddress, error: Exception, timeout: float) -> WorkbookError:
    """What to tell the manager of a fault. ``timeout`` is how many seconds were waited."""
    where = address.mailbox
    if isinstance(error, ssl.SSLCertVerificationError):
        return WorkbookError(f"{_of_certificate(address, error)} Nothing was read, and no password was sent.")
    if isinstance(error, ssl.SSLError):
        return WorkbookError(
            f"No secure connection to {where} can be made. Check the port, and that it is imaps:// where the "
            "server begins with TLS, imap:// where it offers STARTTLS."
        )
    if isinstance(error, TimeoutError):
        return WorkbookError(
            f"{where} has not answered for {timeout:g} seconds. Check the address and the network, and "
            "run the command again."
        )
    if isinstance(error, socket.gaierror):
        return WorkbookError(
            f"There is no computer {address.host} in the network. Check the address {where}."
        )
    if isinstance(error, ConnectionRefusedError):
        return WorkbookError(f"No mail server answers at {where}. Check the address and its port.")
    if isinstance(error, (imaplib.IMAP4.abort, OSError)):
        said = f" ({why(error)})" if isinstance(error, OSError) and error.strerror else ""
        return WorkbookError(
            f"The connection to {where} was lost{said}. Check the network and run the command again."
        )
    return WorkbookError(
        f"{where} refuses what it was asked: {server_words(error)}. Run the command again later."
    )


def server_words(error: object) -> str:
    """What a server says, on one line and short."""
    text = str(error)
    if found := re.search(r"b(['\"])(.*)\1", text, re.DOTALL):
        text = found[2]
    return short(shown_name(" ".join(text.split()))).rstrip(".") or "it does not say why"


def _of_certificate(address: MailboxAddress, error: ssl.SSLCertVerificationError) -> str:
    code = error.verify_code
    if code == _EXPIRED:
        return f"The certificate of {address.host} has expired. Ask whoever runs the mail server to renew it."
    if code == _NOT_YET:
        return (
            f"The certificate of {address.host} is not valid yet. Check the date of this computer, or ask "
            "whoever runs the mail server."
        )
    if code in _OTHER_NAME:
        return (
            f"The certificate that {address.host} shows is another computer's. Check the address, or ask "
            "whoever runs the mail server which name it is under."
        )
    if code in _UNKNOWN_ISSUER:
        return (
            f"Nobody whom this computer trusts vouches for the certificate of {address.host}. If it is the "
            "board's own server, ask whoever runs it for the certificate of its authority, as a file, and "
            "name that file."
        )
    return f"The certificate of {address.host} is not valid: {server_words(error.verify_message)}."
