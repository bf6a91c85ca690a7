"""Boards to measure on: the shipped plan's own words, for as many actions and officers as are wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Cell, Change, Cycle, Decision, Entries, Field, Officer, Plan
from lscb_workbook.tracker import writing
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.state import Tracker

__all__ = ["CYCLE", "board", "master", "tracker"]

CYCLE = Cycle("2016-17 Q1", date(2016, 6, 1), date(2016, 6, 23), date(2016, 7, 1))
_KEY = "5c" * 32


def board(actions: int, officers: int) -> Plan:
    """A plan of so many actions, each with two of so many officers as its leads and its own milestones."""
    model = default_plan()
    people = tuple(
        replace(
            model.officers[n % len(model.officers)],
            key=f"officer-{n + 1}",
            role=f"Officer {n + 1}",
            organisation="",
            aliases=(),
        )
        for n in range(officers)
    )
    made, milestones = [], []
    for n in range(actions):
        one = model.actions[n % len(model.actions)]
        priority = model.priorities[n % len(model.priorities)].number
        ref = f"{priority}.{n // len(model.priorities) + 1}"
        leads = _leads(people, n)
        text = f"{one.text} (part {n + 1})"
        made.append(replace(one, ref=ref, priority=priority, text=text, leads=leads, rating=""))
        milestones += [
            replace(m, id=f"{ref}.{number}", ref=ref, leads=leads)
            for number, m in enumerate(model.milestones_of(one.ref), start=1)
        ]
    made.sort(key=lambda action: _numbers(action.ref))
    milestones.sort(key=lambda milestone: _numbers(milestone.id))
    return replace(model, officers=people, actions=tuple(made), milestones=tuple(milestones))


def _leads(officers: tuple[Officer, ...], number: int) -> tuple[str, ...]:
    both = (officers[number % len(officers)], officers[(number * 7 + 3) % len(officers)])
    return tuple(dict.fromkeys(one.key for one in both))


def _numbers(name: str) -> list[int]:
    return [int(part) for part in name.split(".")]


def master(path: Path, plan: Plan, *, changes: int = 0) -> Path:
    """A master on a plan, in which each action was commented on in turn until there were so many changes."""
    said = [_change(plan, number) for number in range(changes)]
    entries: Entries = {change.cell: change.result for change in said}
    entries = {**{Cell(a.ref, "", Field.RATING): "Green" for a in plan.actions}, **entries}
    book = Workbook.open(writing.template_path())
    writing.fill_new(book, plan, entries, tracker_id="benchmark", key=_KEY)
    writing.append_history(book, plan, [*_agreed(plan), *said])
    writing.write_cycles(book, [CYCLE])
    path.write_bytes(book.to_bytes())
    return path


def tracker(plan: Plan, folder: Path) -> Tracker:
    """The tracker of a new master on a plan."""
    return read_tracker(master(folder / "tracker.xlsx", plan))


def _agreed(plan: Plan) -> list[Change]:
    return [
        replace(
            _change(plan, number),
            cell=Cell(action.ref, "", Field.RATING),
            base="",
            master="",
            returned="Green",
            result="Green",
            officer=action.leads[0],
        )
        for number, action in enumerate(plan.actions)
    ]


def _change(plan: Plan, number: int) -> Change:
    action = plan.actions[number % len(plan.actions)]
    before = _words(number - len(plan.actions))
    return Change(
        cell=Cell(action.ref, "", Field.COMMENTARY),
        base=before,
        master=before,
        returned=_words(number),
        result=_words(number),
        decision=Decision.TAKEN,
        officer=action.leads[0],
        file=f"{CYCLE.name} - {action.leads[0]}.xlsx",
        sha256=f"{number:064x}",
        cycle=CYCLE.name,
        when=date(2016, 7, 1),
        saved_at=datetime(2016, 6, 20, 12),
    )


def _words(number: int) -> str:
    return (
        f"What an officer wrote of it, for the {number + 1}th time, in about as many words"
        if number >= 0
        else ""
    )
