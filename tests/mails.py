"""Mails as mail programs send them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from dovecot import USER

__all__ = ["mail"]


def mail(
    *attached: tuple[str, bytes],
    sender: str = "Ann Smith <ann@borough.example>",
    number: int = 1,
    text: str = "",
) -> EmailMessage:
    """A mail to the manager with these files (name and bytes) attached; ``number`` is in its Message-ID."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = USER
    made["Subject"] = "RE: your copy"
    made["Date"] = "Tue, 20 Sep 2016 13:05:00 +0100"
    made["Message-ID"] = f"<{number}@borough.example>"
    made.set_content(text)
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made
