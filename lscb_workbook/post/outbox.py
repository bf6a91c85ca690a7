"""How letters go out with a step: as drafts in a folder, by a mail server, or both.

An outbox is made before the step does anything, so that an address, a password or a folder that is wrong is
found out first; letters are posted once what they tell of is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.officers import match_officer
from lscb_workbook.plan.records import Cycle, Plan
from lscb_workbook.post.drafts import Drafts, write_drafts
from lscb_workbook.post.journal import has_journal, journal_path, open_journal, read_journal
from lscb_workbook.post.letters import Letter, Occasion, Sender, Templates
from lscb_workbook.post.messages import MisaddressedError, sender_of
from lscb_workbook.post.sending import Outcome, send
from lscb_workbook.post.servers import credentials, server_at
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.state import Tracker

__all__ = ["Mailing", "Outbox", "Posted"]


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the manager says of how letters go out.

    ``sender`` is from whom (``Jo Bloggs <jo@board.org.uk>``). ``drafts`` is a folder for drafts; ``server``
    the address of a mail server (``smtps://mail.board.org.uk``) to send by, signed in as ``user``. With
    ``to_me`` all go to the sender instead; with ``resend`` those go again of which it is not known whether
    they arrived, and those to the officers ``again`` (title, key or alias) in any case. ``templates`` is a
    folder of a board's own.
    """

    sender: str = ""
    drafts: Path | None = None
    server: str = ""
    user: str = ""
    authorities: Path | None = None
    insecure: bool = False
    to_me: bool = False
    resend: bool = False
    again: tuple[str, ...] = ()
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of letters: the drafts written (None where none were asked for), what was sent, whether all
    went to the manager alone; and in a sentence why they could not go out, ``""`` where they did. ``caution``
    says what to think of before drafts are sent, where there is something."""

    drafts: Drafts | None
    outcomes: tuple[Outcome, ...]
    to_me: bool = False
    failed: str = ""
    caution: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to see to a letter."""
        left = self.drafts is not None and (self.drafts.unaddressed or self.drafts.misaddressed)
        return bool(self.failed or left or any(one.fate.needs_a_person for one in self.outcomes))


class Outbox:
    """Ready to post letters of a tracker. Raises WorkbookError where what the manager said cannot be done."""

    def __init__(self, mailing: Mailing, tracker: Tracker, today: date) -> None:
        if not (mailing.drafts or mailing.server):
            raise WorkbookError(
                "Say how letters are to go out: --drafts with a folder, or --send with the address of the "
                "mail server. Nothing was sent."
            )
        if mailing.drafts and mailing.server:
            raise WorkbookError(
                "Letters go out either as drafts (--drafts) or by the mail server (--send), not both: "
                "everybody would get them twice. Choose one. Nothing was sent."
            )
        if mailing.drafts and mailing.drafts.exists() and not mailing.drafts.is_dir():
            raise WorkbookError(
                f"{mailing.drafts} is a file. Name a folder for the drafts. Nothing was sent."
            )
        if mailing.server and not mailing.sender:
            raise WorkbookError(
                "Say from whom the letters come: --from 'Jo Bloggs <jo@board.org.uk>'. Nothing was sent."
            )
        self._mailing, self._tracker, self.today = mailing, tracker, today
        self._sender = _sender(mailing.sender) if mailing.sender else _manager(tracker.plan)
        self.templates = Templates(mailing.templates)
        self._again = frozenset(_keys(tracker.plan, mailing.again))
        self._server = self._known = None
        if mailing.server:
            self._server = server_at(
                mailing.server, insecure=mailing.insecure, authorities=mailing.authorities
            )
            self._known = credentials(mailing.user)

    def occasion(self, cycle: Cycle) -> Occasion:
        """What the letters of a cycle have alike."""
        plan = self._tracker.plan
        return Occasion(
            self._tracker.id, plan.board, plan.title, cycle, plan.scheme, self._sender, self.today
        )

    def post(
        self,
        letters: Iterable[Letter],
        master: Path,
        *,
        tell: Tell | None = None,
        progress: Callable[[Outcome], None] | None = None,
    ) -> Posted:
        """Write the drafts and send, as far as that was asked for. ``master`` is whose journal notes it.

        Raises WorkbookError where a letter cannot be made or noted; and where letters are to be sent for the
        first time that may have gone before, since there is no journal, without the manager's word.
        """
        if self._mailing.server and not (self._mailing.to_me or self._mailing.resend):
            self._refuse_unnoted(master)
        ready = tuple(letters)
        drafts, caution = None, ""
        if self._mailing.drafts:
            unnoted = not read_journal(master, self._tracker.id)
            when = datetime.combine(self.today, time(9), UTC)
            sender = self._sender if self._mailing.sender else None
            with open_journal(master, self._tracker.id, tell) as journal:
                drafts = write_drafts(
                    ready,
                    self._mailing.drafts,
                    when=when,
                    sender=sender,
                    journal=journal,
                    again=self._again,
                )
            if drafts.files and unnoted:
                caution = _MAY_HAVE_GONE.format(folder=journal_path(master, self._tracker.id).parent)
        outcomes: tuple[Outcome, ...] = ()
        if self._server:
            with open_journal(master, self._tracker.id, tell) as journal:
                outcomes = send(
                    ready,
                    server=self._server,
                    sender=self._sender,
                    known=self._known,
                    journal=journal,
                    now=lambda: datetime.now().astimezone(),
                    to_me=self._mailing.to_me,
                    resend=self._mailing.resend,
                    again=self._again,
                    progress=progress,
                )
        return Posted(drafts, outcomes, self._mailing.to_me, caution=caution)

    def begin(self, master: Path, tell: Tell | None = None) -> None:
        """Lay the journal of a master down before a step, none of whose letters can have gone before."""
        with open_journal(master, self._tracker.id, tell) as journal:
            journal.begin(self._tracker.id, self.today)

    def _refuse_unnoted(self, master: Path) -> None:
        if not has_journal(master, self._tracker.id):
            folder = journal_path(master, self._tracker.id).parent
            raise WorkbookError(
                f"It is not known who has got which letter: nothing of this tracker is noted in {folder}. If "
                "the master was moved or copied, put the folder 'post' that was beside it there too. If "
                "these are the first letters that the tool sends for it, run the command again with "
                "--resend. Nothing was sent."
            )


_MAY_HAVE_GONE = (
    "Before you send them: nothing of this tracker was noted in {folder} yet. If these are the first letters "
    "that the tool makes for it, all is well. If the master was moved or copied, put the folder 'post' that "
    "was beside it there, delete these drafts, and run the command again, so that nobody is written to twice."
)


def _sender(text: str) -> Sender:
    try:
        return sender_of(text)
    except MisaddressedError as error:
        raise WorkbookError(
            f"'{text}' is no name and address to send from. Write --from 'Jo Bloggs <jo@board.org.uk>'. "
            "Nothing was sent."
        ) from error


def _manager(plan: Plan) -> Sender:
    """From whom drafts come where it is not said: Outlook puts in whoever sends them."""
    return Sender(f"The business manager, {plan.board}", "")


def _keys(plan: Plan, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        officer = match_officer(plan.officers, name)
        if officer is None:
            raise WorkbookError(f"There is no officer '{name}' on the Officers tab. Nothing was sent.")
        yield officer.key
