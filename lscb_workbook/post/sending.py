"""Sending letters by SMTP, each noted in the journal before and after, so that nobody gets one twice.

What a server did not take for certain is sent in the next run; what it may have taken is not, unless the
manager says so. What became of each letter is told by name and address.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.post.journal import Entry, Journal, Noted
from lscb_workbook.post.letters import Letter, Sender, Uid
from lscb_workbook.post.messages import MisaddressedError, address_of, message_of
from lscb_workbook.post.servers import Credentials, Server, connect
from lscb_workbook.post.talking import Answer, Talk
from lscb_workbook.review.wording import written

__all__ = ["REHEARSAL", "Fate", "Outcome", "rehearsed", "send"]

REHEARSAL = "to me"
"""What the kind of a letter ends with in the journal where it went to the manager, to look at."""

_GIVE_UP = 3
"""After how many letters in a row that the server would not take for now a run ends."""


class Fate(StrEnum):
    """What became of a letter in a run."""

    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    BEFORE = "sent before"
    OTHER_COPY = "sent before, with another copy"
    UNCERTAIN = "unknown from before"
    HELD = "held until tomorrow"
    UNADDRESSED = "no address"
    LEFT = "not tried"

    @property
    def needs_a_person(self) -> bool:
        return self not in (Fate.SENT, Fate.BEFORE, Fate.HELD)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter; ``said`` is why, or the server's answer; ``note`` a sentence besides."""

    uid: Uid
    name: str
    to: str
    fate: Fate
    said: str = ""
    note: str = ""

    @property
    def sentence(self) -> str:
        """For the manager: to whom, what became of it, and what to do where something is."""
        who = f"{self.name} ({self.to})" if self.to else self.name
        said = self.said.removeprefix(f"{self.name} has ").rstrip(".")
        sentence = _SENTENCES[self.fate].format(who=who, said=said)
        return f"{sentence} {self.note}".rstrip()


_SENTENCES = {
    Fate.SENT: "{who}: sent.",
    Fate.REFUSED: "{who}: not sent, the mail server refused it ({said}). If it is the address, mend it on "
    "the Officers tab; then run the command again.",
    Fate.DEFERRED: "{who}: not sent yet, the mail server would not take it for now ({said}). Run the command "
    "again later.",
    Fate.UNKNOWN: "{who}: it is not known whether it arrived ({said}). Ask them; where it did not, run the "
    "command again with --resend.",
    Fate.BEFORE: "{who}: {said}.",
    Fate.OTHER_COPY: "{who}: {said}, and the copy was made anew since. Run the command again with --resend, "
    "so that they have the one that counts.",
    Fate.UNCERTAIN: "{who}: {said}. Ask whether it arrived; where it did not, run the command again with "
    "--resend.",
    Fate.HELD: "{who}: a letter to them was sent or drafted today already; run the command again tomorrow.",
    Fate.UNADDRESSED: "{who}: not sent; {said}.",
    Fate.LEFT: "{who}: not tried, since {said}. Run the command again: it goes on where it ended.",
}


def send(
    letters: Iterable[Letter],
    *,
    server: Server,
    sender: Sender,
    known: Credentials | None,
    journal: Journal,
    now: Callable[[], datetime],
    to_me: bool = False,
    resend: bool = False,
    again: Collection[str] = (),
    progress: Callable[[Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """Send letters, and say what became of each, in their order.

    Letters that the journal knows as sent are not sent again. Those of which it is not known, and those sent
    to another address than the officer has now or with another copy, are with ``resend``; those to the
    officers (by key) ``again`` are in any case. Of letters that chase nobody gets more than one a day.
    With ``to_me`` all go to the sender instead, to look at, and count for none of this. ``now`` gives the
    time, aware of its zone; ``progress`` is told of each as it is done.

    Raises WorkbookError where the server cannot be reached, trusted or logged in to before the first is
    sent, where the sender's address is none, or where the journal cannot be written: no more is sent then.
    """
    ready = tuple(letters)  # A letter that cannot be made must be known before the first one goes.
    outcomes: list[Outcome] = []
    with _Post(server, known, sender, journal, now) as post:
        for letter in ready:
            if to_me:
                outcome = post.deliver(rehearsed(letter, sender))
            else:
                noted = None if letter.officer in again else journal.of(letter.uid)
                held = _done(letter, noted, resend=resend) or _held(letter, journal, now().date())
                outcome = held or post.deliver(letter)
                if noted and noted.noted is Noted.DRAFTED and outcome.fate is Fate.SENT:
                    outcome = replace(outcome, note=_of_draft(noted))
            outcomes.append(outcome)
            if progress:
                progress(outcome)
    return tuple(outcomes)


def rehearsed(letter: Letter, sender: Sender) -> Letter:
    """The letter as the manager gets it, to look at before it goes out; its subject says for whom it is."""
    whom = f"{letter.name} <{letter.to}>" if letter.to else f"{letter.name}, who has no address"
    return replace(
        letter,
        name=sender.name,
        to=sender.email,
        subject=f"[For {whom}] {letter.subject}",
        uid=letter.uid._replace(kind=f"{letter.uid.kind}, {REHEARSAL}"),
    )


def _done(letter: Letter, noted: Entry | None, *, resend: bool) -> Outcome | None:
    """What the journal says of a letter that is not to be sent, or not without the manager's word."""
    if not (noted and noted.may_have_arrived):
        return None
    day = written(noted.at.date())
    elsewhere = bool(letter.to) and noted.to.casefold() != letter.to.casefold()
    other = noted.of_another_copy(letter)
    if noted.noted is Noted.SENT and not elsewhere and not other:
        return _outcome(letter, Fate.BEFORE, f"sent on {day} already")
    if resend:
        return None
    if noted.noted is Noted.SENT and other:
        to = f" to {noted.to}" if elsewhere else ""
        return _outcome(letter, Fate.OTHER_COPY, f"it was sent on {day}{to}")
    if noted.noted is Noted.SENT:
        return _outcome(letter, Fate.UNCERTAIN, f"it was sent on {day}, but to {noted.to}")
    said = f"it was begun on {day}, to {noted.to}, and nothing says how it ended"
    return _outcome(letter, Fate.UNCERTAIN, said)


def _held(letter: Letter, journal: Journal, day: date) -> Outcome | None:
    """Whether the addressee has been chased on this day already."""
    if letter.kind.chases and journal.chased(letter.to, day, but=letter.uid):
        return _outcome(letter, Fate.HELD, "")
    return None


def _of_draft(noted: Entry) -> str:
    day = written(noted.at.date())
    return f"A draft of it was written on {day}; sent now, so do not send the draft as well."


class _Post:
    """The connection, made when the first letter needs it and again when it is lost."""

    def __init__(
        self, server: Server, known: Credentials | None, sender: Sender, journal: Journal,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._server, self._known, self._sender = server, known, sender
        self._journal, self._now = journal, now
        self._origin = address_of(sender.name, sender.email)
        self._link: smtplib.SMTP | None = None
        self._fresh = True
        self._began = False
        self._failed = 0
        self._ended = ""

    def __enter__(self) -> _Post:
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        if self._link and kind is None:  # Else it may be in the middle of a message.
            with contextlib.suppress(OSError):
                self._link.quit()
        self._hang_up()

    def deliver(self, letter: Letter) -> Outcome:
        """Send a letter, noting it before and after."""
        if self._ended:
            return _outcome(letter, Fate.LEFT, self._ended)
        try:
            to = address_of(letter.name, letter.to, letter.column)
            message = message_of(letter, self._sender, self._now())
        except MisaddressedError as error:
            return _outcome(letter, Fate.UNADDRESSED, str(error))
        data = message.as_bytes()
        for _ in range(2):
            link = self._connected()
            if link is None:
                return _outcome(letter, Fate.LEFT, self._ended)
            used = not self._fresh
            answer = self._sent(link, letter, to.addr_spec, data)
            if answer.lost:
                self._hang_up()
            # A server that hangs up after so many messages, or after a pause, takes the next on a new line.
            if not (answer.lost and used and answer.noted is Noted.DEFERRED):
                break
        self._judge(answer)
        return _outcome(letter, Fate(answer.noted.value), answer.said)

    def _connected(self) -> smtplib.SMTP | None:
        if self._link is None:
            try:
                self._link, self._fresh = connect(self._server, self._known), True
            except WorkbookError as error:
                if not self._began:
                    raise
                self._ended = _clause(error)
        self._began = True
        return self._link

    def _hang_up(self) -> None:
        if self._link:
            self._link.close()
        self._link = None

    def _sent(self, link: smtplib.SMTP, letter: Letter, to: str, data: bytes) -> Answer:
        self._journal.add(letter, Noted.SENDING, self._now())
        talk = Talk(link, self._server, self._known)
        try:
            answer = talk.hand_over(self._origin.addr_spec, to, data)
        except BaseException:
            # Stopped by hand, or by a fault of ours: what is known is noted all the same.
            self._journal.add(letter, talk.reached, self._now(), "the run was stopped")
            raise
        self._fresh = False
        self._journal.add(letter, answer.noted, self._now(), answer.said)
        return answer

    def _judge(self, answer: Answer) -> None:
        """End the run where what follows would fare no better."""
        if answer.noted is Noted.REFUSED and answer.ours:
            self._ended = f"the mail server takes no letters from {self._sender.email} ({answer.said})"
        self._failed = self._failed + 1 if answer.ours and answer.noted is not Noted.SENT else 0
        if self._failed >= _GIVE_UP:
            self._ended = f"the mail server would not take letters for now ({answer.said})"


def _outcome(letter: Letter, fate: Fate, said: str) -> Outcome:
    return Outcome(letter.uid, letter.name, letter.to, fate, said)


def _clause(error: WorkbookError) -> str:
    """A sentence, to go on inside another."""
    said = str(error)
    for end in (" Nothing more was sent.", " Nothing was sent."):
        said = said.removesuffix(end)
    return f"{said[0].lower()}{said[1:]}".rstrip(".")
