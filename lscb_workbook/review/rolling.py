"""The end of a plan year: what is finished, what goes on into the next year's tracker, and with what History.

An action is finished where it is no longer appropriate, or is rated complete with every milestone closed.
Nothing is dropped in doubt: what is less than certainly finished goes on, and is told of. Every change of the
old History is in the new one, under the name that the action now has; what does not go on is there under its
old name with its year (``3.2 of 2016-17``), and on the tab 'Earlier years'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lscb_workbook.merge.ledger import hand_edits, initial_history, key_of, open_conflicts
from lscb_workbook.plan.deadlines import timescale
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.history import entries_at
from lscb_workbook.plan.records import (
    Cell,
    Change,
    Conflict,
    Decision,
    Entries,
    Field,
    Finding,
    Meaning,
    MilestoneStatus,
    Plan,
    PlanYear,
)
from lscb_workbook.plan.refs import came_from, named_in, of_year
from lscb_workbook.plan.rolling import NextPlan, in_order, next_plan
from lscb_workbook.review.milestones import MilestoneState, milestone_states
from lscb_workbook.review.movement import rated_since
from lscb_workbook.review.updates import rating_status
from lscb_workbook.review.views import ActionView, action_views
from lscb_workbook.review.wording import counted, listed, titles
from lscb_workbook.tracker.agreed import recorded
from lscb_workbook.tracker.earlier import Archived, Earlier
from lscb_workbook.tracker.state import Tracker

__all__ = ["Rolled", "first_day_of", "roll"]

_COMPLETE, _GONE = "Complete", "No longer appropriate"


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a new tracker begins with that follows another.

    ``names`` are the new refs and ids by the old ones, of what goes on; ``finished`` the old refs of the
    actions that do not. ``archive`` and ``earlier`` are of all years before, the last one's last.
    """

    plan: Plan
    entries: dict[Cell, str]
    history: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    archive: tuple[Archived, ...]
    earlier: tuple[Earlier, ...]
    names: Mapping[str, str]
    finished: tuple[str, ...]
    findings: tuple[Finding, ...]


def first_day_of(tracker: Tracker, year: PlanYear) -> date:
    """The first day that a tracker which follows this one can stand at: the new year's first, or the last day
    that the old one knows of."""
    known = [change.when for change in tracker.history]
    return max([year.first, *known, *filter(None, [tracker.as_at])])


def roll(
    tracker: Tracker,
    *,
    agreed: Plan | None = None,
    year: PlanYear | None = None,
    day: date,
    file: str,
    sha256: str,
) -> Rolled:
    """What the tracker of the next plan year begins with.

    ``agreed`` is the new year's own plan, ``year`` the plan year where there is none; ``day`` the first day
    of the new tracker, ``file`` and ``sha256`` those of the old one.
    """
    return _Roll(tracker, day, Earlier(tracker.id, tracker.plan.year.name, file, sha256, day)).done(
        agreed, year
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """How an action stood at the end of its year: the milestones that go on, and, of an action that goes on,
    what speaks for its being finished. What is on track may have open milestones: that is no doubt."""

    view: ActionView
    going: tuple[str, ...]
    finished: bool
    doubts: tuple[str, ...]

    @property
    def on_track(self) -> bool:
        """Whether it goes on rated by a status that a complete action has too."""
        return not self.finished and not self.doubts and self.view.rated(Meaning.ON_TRACK)

    @property
    def withdrawn(self) -> bool:
        return self.view.rated(Meaning.WITHDRAWN)


class _Roll:
    def __init__(self, tracker: Tracker, day: date, source: Earlier) -> None:
        self.tracker, self.day, self.source = tracker, day, source
        self.old = in_order(tracker.plan)
        edits = hand_edits(tracker.entries, tracker.history, as_at=day, cycle=tracker.cycle)
        self.edits = (*edits, *recorded(self.old, tracker.typed, as_at=day, cycle=tracker.cycle))
        self.history = (*tracker.history, *self.edits)
        self.waiting = open_conflicts(self.history)
        self.conflicted = {one.cell.milestone or one.cell.ref for one in self.waiting}
        self.edited = {one.cell.milestone or one.cell.ref for one in self.edits}
        self.years = [one.year for one in tracker.earlier] + [source.year]

    def done(self, agreed: Plan | None, year: PlanYear | None) -> Rolled:
        standings = self._standings()
        going = [one for one in standings if not one.finished]
        names = {name for one in going for name in (one.view.action.ref, *one.going)}
        following = next_plan(self.old, names, agreed=agreed, year=year, since=self.day)
        entries, unknown = self._entries(following)
        plan = _rated(following.plan, entries)
        named = following.names
        history = self._history(following, entries, plan)
        entries |= {
            Cell(one.ref, "", Field.RATING): one.rating
            for one in plan.actions
            if one.rating and not one.carried
        }
        still_open = {key_of(change) for change in open_conflicts(history)}
        conflicts = (
            replace(one, change=self._moved(one.change, following)) for one in self.tracker.conflicts
        )
        return Rolled(
            plan=plan,
            entries=entries,
            history=history,
            conflicts=tuple(one for one in conflicts if key_of(one.change) in still_open),
            archive=(*self.tracker.archive, *self._archive(standings, named, plan.year.name)),
            earlier=(*self.tracker.earlier, self.source),
            names=named,
            finished=tuple(one.view.action.ref for one in standings if one.finished),
            findings=(*self._findings(standings, named), *following.findings, *unknown),
        )

    # --- what is finished --------------------------------------------------------------------

    def _standings(self) -> list[_Standing]:
        tracker = self.tracker
        states = milestone_states(
            self.old, tracker.entries, self.history, as_at=self.day, due_soon_days=tracker.due_soon_days
        )
        views = action_views(self.old, tracker.entries, states, self.history, cycle=None, as_at=self.day)
        return [self._standing(view) for view in views]

    def _standing(self, view: ActionView) -> _Standing:
        going = [one.milestone.id for one in view.milestones if self._goes_on(one)]
        states = view.milestones
        closed = bool(states) and all(one.state.closed for one in states)
        complete = view.status is not None and view.status.meaning.may_be_complete
        done = complete and (closed or (view.rated(Meaning.COMPLETE) and not states))
        mine = {view.action.ref, *(one.milestone.id for one in states)}
        ended = view.rated(Meaning.WITHDRAWN) or done
        if ended and not (mine & self.conflicted or mine & self.edited):
            return _Standing(view, (), True, ())
        return _Standing(view, tuple(going), False, tuple(self._doubts(view, mine, closed, ended)))

    def _goes_on(self, one: MilestoneState) -> bool:
        doubted = one.milestone.id in self.conflicted or one.milestone.id in self.edited
        return doubted or not one.state.closed

    def _doubts(self, view: ActionView, mine: set[str], closed: bool, ended: bool) -> Iterator[str]:
        """What speaks for an action's being finished, though it goes on; ``ended`` is whether it is so by its
        rating and its milestones."""
        rated = f"it is rated {view.status.name}" if view.status else "it has no rating that the plan knows"
        still = [one.milestone.id for one in view.milestones if not one.state.closed]
        complete = view.status is not None and view.status.meaning.may_be_complete
        if closed and not complete and not view.rated(Meaning.WITHDRAWN):
            yield f"every milestone is closed, but {rated}"
        elif view.rated(Meaning.COMPLETE) and still:
            yield f"{rated}, but {listed(still, 'and')} {'is' if len(still) == 1 else 'are'} open"
        elif complete and not view.milestones:
            yield f"{rated}, but it has no milestone to tell whether it is complete"
        if closed or ended:
            if mine & self.conflicted:
                yield "what was returned on it waits to be settled"
            if mine & self.edited:
                yield "it was changed by hand, which no command has recorded yet"

    # --- what goes on ------------------------------------------------------------------------

    def _entries(self, following: NextPlan) -> tuple[dict[Cell, str], list[Finding]]:
        """The entries that go on; a rating that the new plan does not know, or by which it means something
        else, is left out and told of."""
        found: dict[Cell, str] = {}
        unknown = []
        for cell, text in self.tracker.entries.items():
            now = self._going(cell, following.names)
            if now is None:
                continue
            if cell.field is Field.RATING and not self._means_the_same(text, following.plan):
                facts = {"rating": text, "name": of_year(cell.ref, self.source.year)}
                unknown.append(finding("carried-rating-unknown", sheet="Plan", ref=now.ref, **facts))
                continue
            found[now] = text
        return found, unknown

    @staticmethod
    def _going(cell: Cell, names: Mapping[str, str]) -> Cell | None:
        """A cell as the new tracker has it; None where its row does not go on."""
        if cell.ref not in names or (cell.milestone and cell.milestone not in names):
            return None
        return Cell(names[cell.ref], names[cell.milestone] if cell.milestone else "", cell.field)

    def _means_the_same(self, rating: str, plan: Plan) -> bool:
        before, now = rating_status(self.old.scheme, rating), rating_status(plan.scheme, rating)
        if before is None:
            return now is None  # what was no rating before is none now: it stands, to be corrected
        return now is not None and now.meaning is before.meaning

    # --- History -----------------------------------------------------------------------------

    def _history(self, following: NextPlan, entries: Entries, plan: Plan) -> tuple[Change, ...]:
        """The whole History, renamed; then that the rest is left behind, and how what goes on stands."""
        moved = [self._moved(change, following) for change in self.history]
        going = {action.ref for action in plan.actions} | {one.id for one in plan.milestones}
        lost = [one for one in open_conflicts(moved) if (one.cell.milestone or one.cell.ref) not in going]
        dropped = "its row was not in the plan any more"
        moved += [
            replace(one, result="", decision=Decision.SUPERSEDED, when=self.day, reason=dropped)
            for one in lost
        ]
        stood = entries_at(moved)
        carried = {one.ref: one.carried for one in plan.actions if one.carried}
        carried |= {one.id: one.carried for one in plan.milestones if one.carried}
        ends = []
        for cell in sorted({change.cell for change in moved} | entries.keys()):
            name, text = cell.milestone or cell.ref, stood.get(cell, "")
            if name in carried and cell.field is not Field.OTHER:
                reason = f"carried forward from {of_year(*came_from(carried[name])[0])}"
                now = entries.get(cell, "")
                if not (text or now or cell.field is Field.RATING):
                    continue
                ends.append(self._end(cell, text, now, Decision.CARRIED, reason))
            elif name not in carried and text:
                reason = f"not carried forward from {self.source.year}: see the tab 'Earlier years'"
                ends.append(self._end(cell, text, "", Decision.ARCHIVED, reason))
        own = {
            Cell(one.ref, "", Field.RATING): one.rating
            for one in plan.actions
            if one.rating and not one.carried
        }
        return (*moved, *ends, *initial_history(own, self.day))

    def _end(self, cell: Cell, stood: str, now: str, decision: Decision, reason: str) -> Change:
        file, sha256 = self.source.file, self.source.sha256
        return Change(cell, stood, stood, now, now, decision, "", file, sha256, "", self.day, reason=reason)

    def _moved(self, change: Change, following: NextPlan) -> Change:
        """A change as the new History has it: under the new names, all else as it was."""
        cell = change.cell
        return replace(
            change,
            cell=Cell(
                self._renamed(cell.ref, following.names),
                self._renamed(cell.milestone, following.names),
                cell.field,
            ),
            officer=following.officers.get(change.officer, change.officer),
            cycle=self._cycle(change.cycle),
        )

    def _renamed(self, name: str, names: Mapping[str, str]) -> str:
        if not name or any(name.endswith(of_year("", year)) for year in self.years):
            return name
        return names.get(name) or of_year(name, self.source.year)

    def _cycle(self, name: str) -> str:
        """A cycle's name with its year, so that the new year may have one of the same name."""
        return (
            name if not name or any(year in name for year in self.years) else of_year(name, self.source.year)
        )

    # --- the year before, as it is told of ---------------------------------------------------

    def _archive(
        self, standings: Sequence[_Standing], names: Mapping[str, str], year: str
    ) -> Iterator[Archived]:
        for one in standings:
            view, action = one.view, one.view.action
            goes_on = f"Carried forward as {names.get(action.ref)} of {year}"
            outcome = goes_on if not one.finished else _GONE if one.withdrawn else _COMPLETE
            yield Archived(
                self.source.year,
                action.ref,
                "",
                action.text,
                titles(self.old, action.leads),
                outcome,
                view.update.rating,
                self._finished_on(one),
                view.update.commentary,
                view.update.evidence,
            )
            for state in view.milestones:
                yield self._archived(state, one, names, year)

    def _archived(
        self, state: MilestoneState, one: _Standing, names: Mapping[str, str], year: str
    ) -> Archived:
        milestone, update = state.milestone, state.update
        if milestone.id in names:
            outcome = f"Carried forward as {names[milestone.id]} of {year}"
        elif state.state.closed:
            outcome = "Complete" if state.state.met else str(MilestoneStatus.NO_LONGER_NEEDED)
        else:
            outcome = "Ended with its action"
        done = update.completed_on if milestone.id not in names and state.state.met else None
        leads = titles(self.old, milestone.leads or one.view.action.leads)
        return Archived(
            self.source.year,
            milestone.ref,
            milestone.id,
            milestone.text,
            leads,
            outcome,
            update.status,
            done,
            update.note,
        )

    @staticmethod
    def _finished_on(one: _Standing) -> date | None:
        """The day an action was finished: that of its last milestone, where each has one; else the day it was
        rated as it is."""
        if not one.finished:
            return None
        done = [state.update.completed_on for state in one.view.milestones if state.state.met]
        days = [day for day in done if day]
        if not one.withdrawn and days and len(days) == len(done):
            return max(days)
        return rated_since(one.view)

    # --- what a person must know -------------------------------------------------------------

    def _findings(self, standings: Sequence[_Standing], names: Mapping[str, str]) -> Iterator[Finding]:
        year, tracker = self.source.year, self.tracker
        out = [one for one in tracker.issued if one.cycle == tracker.cycle and one.returned_on is None]
        if out:
            who = "; ".join(titles(self.old, [one.officer]) for one in out)
            count = counted(len(out), "copy has", "copies have")
            yield finding("carried-copies-out", count=count, cycle=tracker.cycle, who=who)
        if self.waiting:
            rows = dict.fromkeys(one.cell.milestone or one.cell.ref for one in self.waiting)
            count = counted(len(self.waiting), "returned value waits", "returned values wait")
            yield finding("carried-conflicts-open", count=count, year=year, rows=", ".join(rows))
        if self.edits:
            rows = dict.fromkeys(one.cell.milestone or one.cell.ref for one in self.edits)
            count = counted(len(self.edits), "cell was", "cells were")
            yield finding("carried-edits", count=count, before=self.source.file, rows=", ".join(rows))
        on_track = [one.view.action.ref for one in standings if one.on_track]
        if on_track:
            count, refs = counted(len(on_track), "action is", "actions are"), ", ".join(on_track)
            yield finding("carried-on-track", sheet="Plan", count=count, refs=refs, year=year)
        for one in standings:
            ref = one.view.action.ref
            name, now = of_year(ref, year), names.get(ref, "")
            if one.doubts:
                why = "; ".join(one.doubts)
                yield finding("carried-in-doubt", sheet="Plan", ref=now, name=name, why=why)
            if now:
                yield from self._said(one.view, names)
            milestones = self.old.milestones_of(ref)
            said = timescale(milestones)
            before = "\n".join(milestone.text for milestone in milestones)  # as version 0.1.0 wrote it
            amended = self.tracker.words.get(ref, {}).get("milestones", said)
            if now and amended.split() not in (said.split(), before.split()):
                yield finding("carried-words-amended", sheet="Plan", ref=now, name=name, words=amended)

    def _said(self, view: ActionView, names: Mapping[str, str]) -> Iterator[Finding]:
        """What stands of an action that goes on and may mean something else in the new year: what was asked
        of the board, and others by the refs that they had."""
        year, action = self.source.year, view.action
        facts = {"sheet": "Plan", "ref": names[action.ref], "name": of_year(action.ref, year)}
        if view.update.ask:
            yield finding("carried-ask", **facts, ask=" ".join(view.update.ask.split()))
        texts = [action.text, *action.measures, view.update.commentary, view.update.evidence, view.update.ask]
        going = (one for one in view.milestones if one.milestone.id in names)
        texts += [text for one in going for text in (one.milestone.text, one.update.note)]
        known = {one.ref for one in self.old.actions} | {one.id for one in self.old.milestones}
        others = dict.fromkeys(
            other for text in texts for other in named_in(text, known) if names.get(other) != other
        )
        now = [f"{one} is {names[one]} now" if one in names else f"{one} did not go on" for one in others]
        if now:
            yield finding("carried-refs-named", **facts, others=listed(now, "and"))


def _rated(plan: Plan, entries: Entries) -> Plan:
    """The plan with the rating that each carried action comes with."""
    actions = (
        replace(one, rating=entries.get(Cell(one.ref, "", Field.RATING), "")) if one.carried else one
        for one in plan.actions
    )
    return replace(plan, actions=tuple(actions))
