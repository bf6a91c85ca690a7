"""What a step makes of returned files: of the disk, of an address, of a mailbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.copies.protecting import KeptPasswords
from lscb_workbook.returns import AskPassword, Harvest, Limits, harvest
from lscb_workbook.returns.imap_address import is_mailbox
from lscb_workbook.returns.places import Place
from lscb_workbook.steps.masters import Progress
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.state import Tracker

if TYPE_CHECKING:
    from lscb_workbook.returns.imap_server import Access
    from lscb_workbook.returns.mailbox import Marked

__all__ = ["came_back", "harvested", "moved_messages", "opened_returns"]


def came_back(returns: Sequence[Path | str], tracker: Tracker) -> frozenset[str]:
    """The officers, by key, of whom these files hold a return of the latest cycle that is not merged yet."""
    found = harvested(returns, tracker, None, None, None, None, None, 1)
    known = {one.officer for one in tracker.issued if one.cycle == tracker.cycle and one.returned_on is None}
    back = {one.officer for one in found.returns if one.cycle == tracker.cycle and not one.as_issued}
    return frozenset(back & known)


@contextmanager
def opened_returns(
    returns: Sequence[Path | str], access: Access | None
) -> Iterator[Sequence[Path | str | Place]]:
    """The places of returns, with the messages of a mailbox in place of its address."""
    if not any(map(is_mailbox, returns)):
        yield returns
        return
    from lscb_workbook.returns.imap_server import Access
    from lscb_workbook.returns.mailbox import mailboxes

    with mailboxes(returns, access or Access()) as places:
        yield places


def moved_messages(
    places: Sequence[Path | str | Place], found: Harvest, access: Access | None, move: str
) -> Marked:
    from lscb_workbook.returns.imap_server import Access
    from lscb_workbook.returns.mailbox import mark, merged_messages

    return mark(merged_messages(places, found), access or Access(), move)


def harvested(
    returns: Sequence[Path | str | Place],
    tracker: Tracker,
    progress: Progress | None,
    limits: Limits | None,
    password_file: Path | None,
    ask: AskPassword | None,
    executor: Executor | None,
    jobs: int | None,
) -> Harvest:
    """What the returned files hold; the arguments are those of :func:`merge`."""
    cycles = [one.name for one in tracker.cycles]
    found = harvest(
        returns,
        tracker,
        progress,
        limits=limits,
        passwords=_passwords(password_file),
        ask=ask,
        known=KeptPasswords(tracker.id, cycles, tracker.plan.officers),
        executor=executor,
        jobs=jobs,
    )
    if all(isinstance(one, (Path, str)) for one in returns):
        return found
    from lscb_workbook.returns.mailbox import judge_senders

    return judge_senders(found, tracker.plan, returns)


def _passwords(file: Path | None) -> list[str]:
    """The passwords in a file, one a line."""
    if file is None:
        return []
    text = read_bytes(file, "the password file").decode("utf-8-sig", "replace")
    return [line for line in text.splitlines() if line.strip()]
