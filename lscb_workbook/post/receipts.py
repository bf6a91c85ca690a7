"""Receipts: what became of a return, action by action and cell by cell, for the officer who sent it.

Every edit of the return is in its receipt exactly once, whatever became of it, in the officer's own words.
What became of it is what History says; that is the only thing a receipt believes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePath

from lscb_workbook.copies.rows import led_actions, led_milestones
from lscb_workbook.merge.ledger import EditKey, key_of, open_conflicts
from lscb_workbook.merge.righting import LaterWords
from lscb_workbook.plan.catalogue import CATALOGUE
from lscb_workbook.plan.records import (
    DATE_FIELDS,
    OFFICER_FIELDS,
    Cell,
    Change,
    Decision,
    Entries,
    Field,
    MilestoneStatus,
    Officer,
    Plan,
)
from lscb_workbook.post.gaps import Lack, Survey
from lscb_workbook.returns.records import Edit, Return
from lscb_workbook.review.wording import listed, written
from lscb_workbook.tracker.cells import date_of
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = ["Acknowledged", "Fate", "Receipt", "ReceiptAction", "receipts"]


class Fate(StrEnum):
    """What became of an edit, as a receipt says it."""

    RECORDED = "recorded"
    UNEXPLAINED = "recorded, and it needs an explanation"
    RECOGNISED = "changed to a recognised value"
    SETTLED = "recorded as the business manager settled it"
    REPLACED = "replaced by a later return"
    QUERIED = "waits to be decided"
    NOT_ACCEPTED = "not accepted"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One edit and what became of it. ``where`` is the milestone's id, ``""`` for a cell of the action
    itself; ``field`` the heading of its column. ``written`` is what the officer wrote, ``recorded`` what the
    tracker says there now, or that it is not decided yet; either is ``""`` for a blank. ``why`` is a sentence
    where one will ask, ``todo`` what the officer is to do, ``""`` where there is nothing."""

    cell: Cell
    file: str
    where: str
    field: str
    outcome: Fate
    written: str
    recorded: str
    why: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptAction:
    """An action with what was said of it and of its milestones; ``cells`` is empty where that is nothing."""

    ref: str
    text: str
    cells: tuple[Acknowledged, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of all that one officer returned for one cycle.

    ``officer`` is who gets it; ``received`` the day the last of the ``files`` was saved. ``actions`` are all
    of the officer's, and what else was written on, in the plan's order; none where nothing was filled in.
    ``asked`` are sentences on what is asked for still, and not in any of the cells; ``notes`` say what could
    not be read, or is missing. ``number`` is the same for the same files with the
    same outcomes, and another once either is: so a receipt goes out once, and again when something changed.
    """

    officer: Officer
    cycle: str
    received: date
    files: tuple[str, ...]
    actions: tuple[ReceiptAction, ...]
    notes: tuple[str, ...]
    number: int
    asked: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """What the template of a receipt tells of, by the names it uses."""
        return {
            "received": self.received,
            "files": self.files,
            "actions": self.actions,
            "needs": self.needs,
            "asked": self.asked,
            "notes": self.notes,
        }

    @property
    def needs(self) -> tuple[Acknowledged, ...]:
        """The edits about which the officer is to do something."""
        return tuple(cell for action in self.actions for cell in action.cells if cell.todo)

    def count(self, *outcomes: Fate) -> int:
        """How many edits ended so."""
        return sum(cell.outcome in outcomes for action in self.actions for cell in action.cells)


def receipts(
    plan: Plan,
    returns: Iterable[Return],
    history: Iterable[Change],
    entries: Entries,
    *,
    heirs: Mapping[str, str] | None = None,
    survey: Survey | None = None,
) -> tuple[Receipt, ...]:
    """A receipt for each officer and cycle of these returns, in the plan's order.

    ``history`` and ``entries`` are the whole tracker's after the returns were merged; ``heirs`` says who
    answers for a leaver now, by key; ``survey``, of the same tracker, what is asked for still. A file that is
    given twice counts once.
    """
    told = _Told.of(tuple(history), entries)
    together: dict[tuple[str, str], dict[str, Return]] = {}
    for one in sorted(returns, key=lambda one: (one.moment, one.file)):
        together.setdefault((one.officer, one.cycle), {}).setdefault(one.sha256, one)
    order = {officer.key: number for number, officer in enumerate(plan.officers)}
    officers = {officer.key: officer for officer in plan.officers}
    made = []
    for officer, cycle in sorted(together, key=lambda one: (order.get(one[0], len(order)), *one)):
        key = (heirs or {}).get(officer, officer)
        to = officers.get(key) or Officer(key, key, "")
        receipt = _receipt(plan, to, officer, cycle, [*together[officer, cycle].values()], told)
        if survey:
            heir = to.title if key != officer else ""
            known = {
                _ASKED_IN_CELLS[cell.outcome] for cell in receipt.needs if cell.outcome in _ASKED_IN_CELLS
            }
            asked = survey.still_asked(officer, cycle, taken_over_by=heir, but=known)
            receipt = replace(receipt, asked=asked)
        made.append(receipt)
    return tuple(made)


_ASKED_IN_CELLS = {Fate.UNEXPLAINED: Lack.UNEXPLAINED, Fate.NOT_ACCEPTED: Lack.NOT_ACCEPTED}
"""What need not be asked once more where it is asked in a cell."""


def _receipt(
    plan: Plan, to: Officer, officer: str, cycle: str, back: Sequence[Return], told: _Told
) -> Receipt:
    rows = {one.ref for one in led_actions(plan, officer)}
    rows |= {one.id for one in led_milestones(plan, officer)}
    cells = [_acknowledged(plan, one, edit, rows, told) for one in back for edit in one.edits]
    notes = (found.message for one in back for found in one.findings if found.code in _TO_TELL)
    marks = sorted((one.sha256, *edit.cell, edit.returned) for one in back for edit in one.edits)
    outcomes = sorted((*one.cell, one.outcome) for one in cells)
    digest = hashlib.sha256(repr((sorted(one.sha256 for one in back), marks, outcomes)).encode())
    return Receipt(
        officer=to,
        cycle=cycle,
        received=max(one.came_on for one in back),
        files=tuple(dict.fromkeys(PurePath(one.file).name for one in back)),
        actions=tuple(_by_action(plan, rows, cells)) if cells else (),
        notes=tuple(dict.fromkeys(notes)),
        number=int(digest.hexdigest()[:7], 16) + 1,
    )


_TO_TELL = (
    "return-marks-unread",
    "return-picture",
    "return-crowded",
    "return-older-cycle",
    "return-unknown-cycle",
    "entries-not-kept",
    "sheet-missing",
    "column-missing",
    "row-missing",
    "colour-contradicts-rating",
)
"""The findings of a return that an officer would want to know of, and that are no edit's own."""
_ELSEWHERE = "Elsewhere"


def _by_action(plan: Plan, rows: set[str], cells: Sequence[Acknowledged]) -> Iterator[ReceiptAction]:
    """The cells by action, in the plan's order; then those of refs that it does not have."""
    by_ref: dict[str, list[Acknowledged]] = {}
    for one in cells:
        by_ref.setdefault(one.cell.ref, []).append(one)
    fields = {field: number for number, field in enumerate(Field)}
    for action in plan.actions:
        said = by_ref.pop(action.ref, [])
        milestones = [one.id for one in plan.milestones_of(action.ref)]
        if said or action.ref in rows or not rows.isdisjoint(milestones):
            place = {name: number for number, name in enumerate(("", *milestones))}
            said.sort(key=lambda one: (place.get(one.where, len(place)), fields[one.cell.field]))
            yield ReceiptAction(action.ref, action.text, tuple(said))
    for ref, said in sorted(by_ref.items()):
        text = "the plan has no such action" if ref else "written outside the rows of the plan"
        yield ReceiptAction(ref or _ELSEWHERE, text, tuple(said))


# --- one edit --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What History says of each edit last, refusals apart; what it says officers said, by whatever file; what
    waits to be decided, by officer and cell; each officer's last word for each cell; and what the tracker
    says now."""

    last: Mapping[EditKey, Change]
    of_word: Mapping[tuple[Cell, str, str, str], Change]
    waiting: Collection[tuple[str, Cell]]
    words: LaterWords
    entries: Entries

    @classmethod
    def of(cls, history: Sequence[Change], entries: Entries) -> _Told:
        last: dict[EditKey, Change] = {}
        of_word: dict[tuple[Cell, str, str, str], Change] = {}
        for change in history:
            if change.officer and change.decision is not Decision.REFUSED:
                last[key_of(change)] = change
                if change.decision not in (Decision.REPEATED, Decision.SUPERSEDED):
                    of_word[change.cell, change.officer, change.cycle, change.returned] = change
        waiting = {(one.officer, one.cell) for one in open_conflicts(history)}
        return cls(last, of_word, waiting, LaterWords.of(history), entries)

    def change(self, back: Return, edit: Edit) -> Change | None:
        """What became of an edit. Of one that only said something again: what became of that."""
        found = self.last.get((edit.cell, back.officer, back.cycle, back.sha256, edit.returned))
        if found and found.decision is Decision.REPEATED:
            found = self.of_word.get((edit.cell, back.officer, back.cycle, edit.returned), found)
        return found


def _acknowledged(plan: Plan, back: Return, edit: Edit, rows: set[str], told: _Told) -> Acknowledged:
    cell = edit.cell
    typed = _typed(back, edit)
    if typed.strip().casefold() == edit.returned.casefold():
        typed = ""  # Small letters in place of capitals are nothing to tell of.
    outcome, why = _fate(back, edit, told, recognised=bool(typed))
    if outcome in (Fate.RECORDED, Fate.RECOGNISED) and _unexplained(plan, back.officer, edit, told):
        outcome, why = Fate.UNEXPLAINED, f"A rating of {edit.returned} needs a brief explanation."
    return Acknowledged(
        cell=cell,
        file=PurePath(back.file).name,
        where=cell.milestone,
        field=_BESIDE if cell.field is Field.OTHER else FIELD_HEADERS[cell.field],
        outcome=outcome,
        written=typed or _shown(cell.field, edit.returned),
        recorded=_UNDECIDED if outcome is Fate.QUERIED else _recorded(edit, rows, told.entries),
        why=why,
        todo=_todo(plan, edit, outcome, rows),
    )


_BESIDE = "Words beside the table"
_UNDECIDED = "not decided yet"
"""Of what waits. What stands there until then may be the plan's own, or another lead's words."""
_AGAIN = "and send the workbook again, or reply and tell us"


def _unexplained(plan: Plan, officer: str, edit: Edit, told: _Told) -> bool:
    """Whether an edit gave the rating that stands, which its definition asks to explain, and nobody has, nor
    did the officer in what waits."""
    if edit.cell.field is not Field.RATING or told.entries.get(edit.cell, "") != edit.returned:
        return False
    status = plan.scheme.named(edit.returned)
    needs = status is not None and status.needs_commentary
    commentary = Cell(edit.cell.ref, "", Field.COMMENTARY)
    return needs and not (told.entries.get(commentary, "").strip() or (officer, commentary) in told.waiting)


def _todo(plan: Plan, edit: Edit, outcome: Fate, rows: set[str]) -> str:
    """What the officer is to do about an edit; ``""`` where it is the business manager's, or done."""
    field = edit.cell.field
    if outcome is Fate.UNEXPLAINED:
        return f"Please say why in the commentary, {_AGAIN}."
    if outcome is Fate.QUERIED and edit.doubt:
        return f"Please reply and say whether '{_shown(field, edit.returned)}' is meant."
    if outcome is not Fate.NOT_ACCEPTED or not edit.refused:
        return ""
    if not edit.cell.ref or field is Field.OTHER:
        return f"Please put it into the row of the action that it is about, {_AGAIN} which that is."
    if (edit.cell.milestone or edit.cell.ref) not in rows:
        return ""
    if field is Field.RATING:
        return f"Please choose one of {listed(plan.scheme.names)}, {_AGAIN} which."
    if field is Field.STATUS:
        return f"Please choose one of {listed(list(MilestoneStatus))}, {_AGAIN} which."
    if field in DATE_FIELDS:
        return f"Please write a date such as 23/09/2016, {_AGAIN} the day."
    if field in OFFICER_FIELDS:
        return f"Please put it right, {_AGAIN} what is meant."
    return "If the plan is wrong there, please reply and say so."


def _fate(back: Return, edit: Edit, told: _Told, *, recognised: bool) -> tuple[Fate, str]:
    """What became of an edit, and why."""
    if edit.refused and told.words.after(back, edit):
        return Fate.REPLACED, "A later return of the same officer counts."
    if edit.refused:
        return Fate.NOT_ACCEPTED, _sentence(edit.refused)
    change = told.change(back, edit)
    if change is None:
        return Fate.QUERIED, "It is not in the tracker's History; the business manager will look into it."
    match change.decision:
        case Decision.SETTLED_PROPOSAL if change.result != edit.returned:
            return Fate.SETTLED, "The business manager took what was proposed in its place."
        case Decision.TAKEN | Decision.ALREADY | Decision.SETTLED_TAKEN | Decision.SETTLED_PROPOSAL:
            changed = told.entries.get(edit.cell, "") != edit.returned
            why = "The tracker has been changed since." if changed else ""
            return (Fate.RECOGNISED if recognised else Fate.RECORDED), why
        case Decision.COMBINED:
            return Fate.RECORDED, "It stands together with what others who lead it wrote."
        case Decision.SETTLED_BOTH:
            return Fate.SETTLED, "It stands together with what the tracker said before."
        case Decision.SETTLED_KEPT:
            instead = "took another answer in its place" if change.reason else "kept what stood there"
            return Fate.NOT_ACCEPTED, f"The business manager {instead}."
        case Decision.SUPERSEDED:
            return Fate.REPLACED, _sentence(change.reason)
        case Decision.CONFLICT | Decision.PROPOSED:
            why = f" ({change.reason})" if change.reason else ""
            return Fate.QUERIED, f"It waits to be decided by the business manager{why}."
        case _:
            return Fate.QUERIED, "It was said before; the business manager will look into it."


def _recorded(edit: Edit, rows: set[str], entries: Entries) -> str:
    """What the tracker says in a cell, as far as it is the officer's to know."""
    cell = edit.cell
    if cell.field not in OFFICER_FIELDS:
        return edit.base
    if (cell.milestone or cell.ref) in rows or not edit.refused:
        return _shown(cell.field, entries.get(cell, ""))
    return "what those who lead it report" if edit.base else ""


def _shown(field: Field, text: str) -> str:
    day = date_of(text) if field in DATE_FIELDS else None
    return written(day) if day else text


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}" if words else ""


# --- what was typed --------------------------------------------------------------------------

_KINDS = {
    Field.RATING: ("rating", "rating"),
    Field.STATUS: ("status", "status"),
    **dict.fromkeys(DATE_FIELDS, ("date", "date")),
}


def _typed(back: Return, edit: Edit) -> str:
    """What was typed where the edit holds what it was read as; ``""`` where that is not told apart.

    The findings of the return quote it.
    """
    if edit.refused or edit.cell.field not in _KINDS:
        return ""
    kind, fact = _KINDS[edit.cell.field]
    code, quoted = (f"{kind}-proposed", "what") if edit.doubt else (f"{kind}-recognised", "text")
    row = edit.cell.milestone or edit.cell.ref
    facts = {
        "ref": row,
        "column": FIELD_HEADERS[edit.cell.field],
        fact: _shown(edit.cell.field, edit.returned),
    }
    before, after = (part.format(**facts) for part in CATALOGUE[code].message.split(f"{{{quoted}}}"))
    for one in back.findings:
        fits = one.message.startswith(before) and one.message.endswith(after)
        if one.code == code and one.ref == row and fits:
            said = one.message[len(before) : len(one.message) - len(after)]
            return said[1:-1] if edit.doubt and said[:1] == said[-1:] == "'" else said
    return ""
