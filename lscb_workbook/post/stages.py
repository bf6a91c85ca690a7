"""When letters to those who have not returned fall due, in working days from the day to return by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Officer
from lscb_workbook.post.gaps import Lack, Lacking, Reason
from lscb_workbook.post.journal import Noted
from lscb_workbook.post.letters import Kind
from lscb_workbook.post.workdays import Nation, workday_after, workdays_between
from lscb_workbook.review.wording import written

if TYPE_CHECKING:
    from lscb_workbook.post.journal import Entry

__all__ = ["Decided", "PastChase", "Schedule", "Turn", "past_chases"]

_CHASES = {kind.value for kind in Kind if kind.chases}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When letters fall due, in working days from the day to return by; before it where negative.

    Raises WorkbookError where they do not follow one another.
    """

    reminders: tuple[int, ...] = (-3, 1, 4)
    escalation: int = 8

    def __post_init__(self) -> None:
        days = (*self.reminders, self.escalation)
        if not self.reminders or any(one >= after for one, after in pairwise(days)):
            raise WorkbookError(
                f"The days of the reminders and of the letter to the officer's manager, "
                f"{', '.join(map(str, days))}, do not follow one another. Give at least two numbers of "
                "working days, each more than the one before it."
            )


@dataclass(frozen=True, slots=True)
class PastChase:
    """A reminder or escalation that may have reached somebody, or was drafted: on which day, about which
    officer (a key), in which cycle, to which address."""

    day: date
    officer: str
    kind: Kind
    cycle: str
    to: str = ""
    drafted: bool = False


def past_chases(journal: Iterable[Entry], *, sending_on: date | None = None) -> tuple[PastChase, ...]:
    """The reminders and escalations in a journal, oldest first, that may have reached somebody or were
    drafted; but for the drafts of the day ``sending_on``, which are to be sent now."""
    last = {entry.uid: entry for entry in journal}
    return tuple(
        PastChase(
            entry.at.date(),
            uid.officer,
            Kind(uid.kind),
            uid.cycle,
            entry.to,
            drafted=entry.noted is Noted.DRAFTED,
        )
        for uid, entry in last.items()
        if uid.kind in _CHASES
        and entry.counts
        and not (entry.noted is Noted.DRAFTED and entry.at.date() == sending_on)
    )


# --- when ------------------------------------------------------------------------------------


class Decided(NamedTuple):
    """What goes out today; or, where ``kind`` is None, why nothing does, and when something will."""

    kind: Kind | None
    why: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One officer's turn: what is lacking, and what went out of it in the cycle before."""

    officer: Officer
    found: Sequence[Lacking]
    past: Sequence[PastChase]
    today: date
    nation: Nation
    schedule: Schedule

    @property
    def return_by(self) -> date:
        return min(one.issued.return_by for one in self.found)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(dict.fromkeys(reason for one in self.found for reason in one.reasons))

    @property
    def _back(self) -> list[date]:
        return [one.issued.returned_on for one in self.found if one.issued.returned_on]

    def days_of(self, kind: Kind) -> list[date]:
        return sorted({one.day for one in self.past if one.kind is kind})

    def decide(self) -> Decided:
        """Whether a letter is due today, and which."""
        reminders = [self._falls(count) for count in self.schedule.reminders]
        last = max((one.day for one in self.past), default=None)
        if self._is_news(last):
            return Decided(Kind.REMINDER)
        if (escalates := self._escalates_on(reminders[-1])) and escalates <= self.today:
            return Decided(Kind.ESCALATION)
        issued_on = max(one.issued.issued_on for one in self.found)
        reached = [day for day in reminders if issued_on < day <= self.today]
        if reached and (last is None or last < reached[-1]):
            return Decided(Kind.REMINDER)
        if any(one.drafted and one.day == self.today for one in self.past):
            return Decided(None, "Drafted already today.")
        coming = [day for day in (*reminders, escalates) if day and day > self.today]
        if coming:
            on = min(coming)
            what = "The letter to the officer's manager" if on == escalates else "The next reminder"
            return Decided(None, f"{what} is due on {written(on)}.", on)
        if self.days_of(Kind.ESCALATION):
            return Decided(None, "The officer's manager was written to, and no more letters are planned.")
        return Decided(None, "The last reminder was sent; what is left is the business manager's to settle.")

    def _falls(self, count: int) -> date:
        return workday_after(self.return_by, count, self.nation)

    def _escalates_on(self, last_due: date) -> date | None:
        """The day the officer's manager is to be written to; None before the last reminder of what is lacking
        now went out, or where that was done, or is not to be."""
        since = max((last_due, *self._back))
        sent = [day for day in self.days_of(Kind.REMINDER) if day >= since]
        if not sent or self.days_of(Kind.ESCALATION) or not any(one.lack.is_theirs for one in self.reasons):
            return None
        patience = self.schedule.escalation - self.schedule.reminders[-1]
        return max(self._falls(self.schedule.escalation), workday_after(sent[0], patience, self.nation))

    def _is_news(self, last: date | None) -> bool:
        """Whether the officer, who takes the return for done, has not been told since that it is not."""
        sent_in_vain = any(one.lack in (Lack.UNREADABLE, Lack.WRONG_VERSION) for one in self.reasons)
        # What was saved after the day looked at is no news once the officer was told on that day.
        came = [min(day, self.today) for day in self._back]
        return (sent_in_vain and last is None) or any(last is None or day > last for day in came)

    @property
    def days_left(self) -> int:
        """Working days from today to the day to return by, negative once that is past; 0 on that very day
        alone, so that over a weekend nothing is said to be due today that is not."""
        left = workdays_between(self.today, self.return_by, self.nation)
        if left or self.today == self.return_by:
            return left
        return 1 if self.return_by > self.today else -1
