"""Reminders to the silent, and the days of the year as calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.copies import led_actions
from lscb_workbook.ooxml.saving import real_path
from lscb_workbook.results import CalendarResult, ChaseResult, Silent
from lscb_workbook.steps.harvesting import came_back
from lscb_workbook.steps.masters import in_plain_words, read_tracker, reviewed_tracker
from lscb_workbook.steps.posting import chase_letters, outbox_of
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.saving import save_again

if TYPE_CHECKING:
    from lscb_workbook.post.outbox import Mailing

__all__ = ["calendar", "chase"]


@in_plain_words
def chase(
    master: Path,
    returns: Sequence[Path | str] = (),
    *,
    as_at: date | None = None,
    nation: str = "England",
    reminders: Sequence[int] | None = None,
    escalation: int | None = None,
    mailing: Mailing | None = None,
    copies: Path | None = None,
    tell: Tell | None = None,
) -> ChaseResult:
    """Who is to be reminded on a day of their copy of the latest cycle, and of what.

    ``reminders`` and ``escalation`` are working days from the day to return by, before it where negative: of
    the letters to the officer, and of the one to the officer's manager. Working days are those of ``nation``.
    ``returns`` are files that came back and are not merged yet: whoever sent one is not written to. With
    ``mailing`` the letters go out; out of ``copies``, the folder that they were issued to, those that have
    not come back go with them. The master is not changed.
    """
    from lscb_workbook.plan.successors import contacts_of
    from lscb_workbook.post.chasing import chases
    from lscb_workbook.post.journal import read_journal
    from lscb_workbook.post.stages import Schedule, past_chases
    from lscb_workbook.post.workdays import nation_named

    day = as_at or date.today()
    tracker = read_tracker(master)
    came = came_back(returns, tracker) if returns else frozenset[str]()
    awaited = tuple(one for one in tracker.issued if one.cycle != tracker.cycle or one.officer not in came)
    tracker = replace(tracker, issued=awaited)
    usual, path = Schedule(), real_path(master)
    chasing = chases(
        tracker,
        today=day,
        nation=nation_named(nation),
        contacts=contacts_of(tracker.plan.officers),
        past=past_chases(
            read_journal(path, tracker.id), sending_on=day if mailing and mailing.server else None
        ),
        schedule=Schedule(
            usual.reminders if reminders is None else tuple(reminders),
            usual.escalation if escalation is None else escalation,
        ),
    )
    posted = None
    if outbox := outbox_of(mailing, tracker, day):
        posted = outbox.post(chase_letters(outbox, chasing, tracker, copies), path, tell=tell)
    silent = tuple(
        Silent(
            tracker.plan.officer(one.officer),
            one,
            tuple(action.ref for action in led_actions(tracker.plan, one.officer)),
            max(0, (day - one.return_by).days),
        )
        for one in tracker.issued
        if one.cycle == tracker.cycle and one.returned_on is None
    )
    unmerged = tuple(tracker.plan.officer(key) for key in sorted(came))
    return ChaseResult(day, silent, bool(tracker.issued or came), chasing, posted, unmerged)


@in_plain_words
def calendar(master: Path, folder: Path, *, as_at: date | None = None) -> CalendarResult:
    """Write calendars (.ics) of meetings, return-by days and milestones: the manager's, and each officer's.

    A calendar that is there is made anew, with what is in it no more called off; the same master and day give
    the same bytes. The master is not changed.
    """
    from lscb_workbook.plan.successors import contacts_of, successors
    from lscb_workbook.post.calendars import manager_calendar, officer_calendars

    day = as_at or date.today()
    tracker = read_tracker(master)
    plan, states = tracker.plan, reviewed_tracker(tracker, day).milestones
    heirs = successors(plan.officers, contacts_of(plan.officers))
    before = {path.name: read_bytes(path, "the calendar") for path in folder.glob("*.ics")}
    issued = tracker.issued
    made = (
        manager_calendar(
            tracker.id, plan, states, cycles=tracker.cycles, issued=issued, as_at=day, before=before
        ),
        *officer_calendars(tracker.id, plan, states, issued=issued, as_at=day, heirs=heirs, before=before),
    )
    files = []
    for one in made:
        path = folder / one.name
        save_again(path, one.data)
        files.append(path)
    return CalendarResult(tuple(files))
