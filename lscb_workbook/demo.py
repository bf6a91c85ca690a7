"""Two quarters of a board's year, played on the shipped plan by the same functions as the commands.

The officers are made up, but what they do to their copies is done to real files, by openpyxl, as
another program would: they fill in, forget, disagree, edit what is not theirs, save under other
names. What they do depends on the seed alone.
"""

from __future__ import annotations

import io
import itertools
import os
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from openpyxl import Workbook as XlBook
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from lscb_workbook.copies import copy_name
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml import Workbook, write_atomically
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Meaning, MilestoneStatus, Officer, Plan, Settlement
from lscb_workbook.results import MergeResult
from lscb_workbook.review.wording import counted
from lscb_workbook.steps.building import new
from lscb_workbook.steps.issuing import issue
from lscb_workbook.steps.merging import merge, status
from lscb_workbook.steps.reviewing import review
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.sheets import Sheets

__all__ = ["Played", "demo"]

_ACTIONS, _MILESTONES = COPY_TABLES["MyActions"], COPY_TABLES["MyMilestones"]


@dataclass(frozen=True, slots=True)
class Played:
    """``happened``: quarter, what, how many. ``places``: what, and where it is; the master first."""

    happened: tuple[tuple[str, str, str], ...]
    places: tuple[tuple[str, Path], ...]


@dataclass(frozen=True, slots=True)
class _Quarter:
    name: str
    issued_on: date
    return_by: date
    as_at: date


_QUARTERS = (
    _Quarter("2016-17 Q1", date(2016, 6, 1), date(2016, 6, 24), date(2016, 7, 1)),
    _Quarter("2016-17 Q2", date(2016, 9, 1), date(2016, 9, 23), date(2016, 10, 1)),
)


def demo(
    folder: Path | None = None, *, seed: int = 2016, say: Callable[[str], None] = lambda _: None
) -> Played:
    """Play two quarters in a new folder. ``say`` is told each step as it is done.

    Without ``folder`` it is ``lscb-demo``, or the first of ``lscb-demo-2`` and so on that is not there.
    Raises WorkbookError where the folder is there already and not empty.
    """
    folder = folder or _free_folder()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkbookError(f"{folder} is there already. Choose a new folder for the demonstration.")
    chance = random.Random(seed)
    master = folder / "master.xlsx"
    made = new(None, master)
    say(f"Built {master} from the shipped plan: {len(made.plan.actions)} actions.")
    happened: list[tuple[str, str, str]] = []
    places = [("The master tracker", master)]
    for number, quarter in enumerate(_QUARTERS):
        copies, returns = folder / f"{quarter.name} copies", folder / f"{quarter.name} returns"
        sent = issue(
            master, copies, cycle=quarter.name, issued_on=quarter.issued_on, return_by=quarter.return_by
        )
        say(f"{quarter.name}: issued {len(sent.issued)} copies.")
        returns.mkdir()
        _answer(made.plan, copies, returns, quarter, number, chance)
        back = status(master, [returns])
        silent = counted(len(back.missing), "officer is", "officers are")
        say(f"{quarter.name}: {counted(len(back.harvest.returns), 'return')}; {silent} silent.")
        result = merge(master, [returns], as_at=quarter.as_at)
        say(f"{quarter.name}: merged {len(result.changes)} changes; {len(result.conflicts)} to settle.")
        happened += _tally(quarter.name, result, len(back.missing))
        if result.conflicts:
            settled = _settle(master, result, quarter)
            say(f"{quarter.name}: the manager settled {settled} conflicts on the Conflicts tab.")
            happened.append((quarter.name, "Conflicts settled by the manager", str(settled)))
        judged = review(master, as_at=quarter.as_at)
        say(f"{quarter.name}: {judged.review.headline}")
        happened.append((quarter.name, "Milestones missed", str(judged.review.summary["missed"])))
        places += [(f"{quarter.name}: copies issued", copies), (f"{quarter.name}: what came back", returns)]
    places.append(("The masters before each change", master.with_name("backups")))
    return Played(tuple(happened), tuple(places))


def _free_folder() -> Path:
    names = itertools.chain(["lscb-demo"], (f"lscb-demo-{number}" for number in itertools.count(2)))
    return next(path for path in map(Path, names) if not path.exists())


def _tally(quarter: str, result: MergeResult, silent: int) -> Iterator[tuple[str, str, str]]:
    for what, count in (
        ("Copies returned", len(result.harvest.returns)),
        ("Officers silent", silent),
        ("Changes merged", len(result.changes)),
        ("Conflicts", len(result.conflicts)),
        ("Edits refused", len(result.refusals)),
        ("Files set aside", len(result.harvest.quarantined)),
    ):
        yield quarter, what, str(count)


def _settle(master: Path, result: MergeResult, quarter: _Quarter) -> int:
    """What the manager does in Excel: choose the most cautious way out of each conflict, and merge."""
    book = Workbook.open(master)
    table = TRACKER_TABLES["Conflicts"]
    rows = Sheets(master.read_bytes(), book).rows("Conflicts")
    for row in rows:
        proposal, returned = row.text(table.header("proposal")), row.text(table.header("returned"))
        choice = Settlement.TAKE if returned == proposal or not proposal else Settlement.KEEP
        book.set_cell("Conflicts", row.number, table.header("settlement"), choice.value)
    write_atomically(master, book.to_bytes())
    return len(result.conflicts) - len(merge(master, as_at=quarter.as_at).conflicts)


# --- what the officers do --------------------------------------------------------------------


def _answer(
    plan: Plan, copies: Path, returns: Path, quarter: _Quarter, number: int, chance: random.Random
) -> None:
    """Every officer fills in their copy, but for the last, who is late in the second quarter.

    In the second quarter one return comes attached to a mail and one in a zip file, and one officer
    writes words behind a rating and a note on a cell.
    """
    issued = sorted(copies.iterdir())
    joint = next(action for action in plan.actions if len(action.leads) > 1)
    at_odds = [plan.officer(key) for key in joint.leads[:2]]
    stranger, renamer, curt, mailer, zipper, chatty = (issued[n] for n in (0, 2, 3, 4, 5, 7))
    for path in issued:
        if number and path == issued[-1]:
            continue
        book = load_workbook(path)
        officer = next(o for o in plan.officers if path.stem.endswith(_file_title(o)))
        answers = _Answers(plan, officer, quarter.as_at, number, chance)
        answers.fill(book[_ACTIONS.sheet], book[_MILESTONES.sheet])
        if number and officer in at_odds:
            worst = plan.scheme.by_severity[at_odds.index(officer)]
            _write(book[_ACTIONS.sheet], _ACTIONS.row, joint.ref, "RAG rating", worst.name)
            _write(book[_ACTIONS.sheet], _ACTIONS.row, joint.ref, "Commentary", f"{officer.role} sees it so.")
        if number and path == curt:
            refs = (name for _, name in _rows(book[_ACTIONS.sheet], _ACTIONS.row))
            ref = next(ref for ref in refs if plan.action(ref).leads == (officer.key,))
            _write(book[_ACTIONS.sheet], _ACTIONS.row, ref, "RAG rating", plan.scheme.names[0])
            _write(book[_ACTIONS.sheet], _ACTIONS.row, ref, "Commentary", "")
        if number and path == chatty:
            row, ref = next(_rows(book[_ACTIONS.sheet], _ACTIONS.row))
            _write(
                book[_ACTIONS.sheet],
                _ACTIONS.row,
                ref,
                "RAG rating",
                f"{plan.scheme.names[0].upper()} - stuck",
            )
            book[_ACTIONS.sheet].cell(row, 1).comment = Comment("The inspection held us up.", officer.role)
        if number and path == stranger:
            _add_foreign_row(book[_ACTIONS.sheet], plan, officer)
        name = f"FINAL v2 {officer.role[:18].strip()}.xlsx" if path == renamer else path.name
        saved = datetime.combine(quarter.return_by, time(9 + chance.randrange(8), chance.randrange(60)), UTC)
        _save(book, returns / name, saved)
        if number and path == mailer:
            _into_mail(returns / name, officer, saved)
        if number and path == zipper:
            _into_zip(returns / name)


def _save(book: XlBook, path: Path, moment: datetime) -> None:
    """Save a copy as another program would at this moment."""
    raw = io.BytesIO()
    book.save(raw)
    saved = Workbook.open(raw.getvalue())
    saved.set_core(modified=moment)
    path.write_bytes(saved.to_bytes())
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def _into_mail(path: Path, officer: Officer, moment: datetime) -> None:
    """The return attached to a mail, as the manager saves it from her mail program."""
    mail = EmailMessage()
    mail["From"] = f'"{officer.role}" <lead@example.org>'
    mail["Date"] = format_datetime(moment)
    mail["Subject"] = "My return"
    mail.set_content("Please find my return attached.")
    sheet = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    mail.add_attachment(path.read_bytes(), maintype="application", subtype=sheet, filename=path.name)
    path.with_suffix(".eml").write_bytes(bytes(mail))
    path.unlink()


def _into_zip(path: Path) -> None:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    path.unlink()


def _file_title(officer: Officer) -> str:
    return Path(copy_name("", officer)).stem.removeprefix("- ").strip()


class _Answers:
    """What one officer says in one quarter: plausible, and wrong now and then."""

    def __init__(self, plan: Plan, officer: Officer, as_at: date, number: int, chance: random.Random) -> None:
        self.plan, self.officer, self.as_at, self.number, self.chance = plan, officer, as_at, number, chance
        self.words = {status.meaning: status.name for status in plan.scheme.statuses}

    def fill(self, actions: Worksheet, milestones: Worksheet) -> None:
        late = self._fill_milestones(milestones)
        for row, ref in _rows(actions, _ACTIONS.row):
            meaning = self._meaning(ref in late)
            _set(actions, _ACTIONS.row, row, "RAG rating", self.words[meaning])
            silent = meaning is Meaning.OFF_TRACK and self.number == 0
            if not silent:
                _set(actions, _ACTIONS.row, row, "Commentary", self.chance.choice(_COMMENTARY[meaning]))
            if meaning is Meaning.ON_TRACK and self.chance.random() < 0.6:
                _set(actions, _ACTIONS.row, row, "Evidence of impact", self.chance.choice(_EVIDENCE))

    def _meaning(self, late: bool) -> Meaning:
        if late:
            choices: Sequence[Meaning] = (
                Meaning.OFF_TRACK,
                Meaning.AT_RISK,
                Meaning.AT_RISK,
                Meaning.ON_TRACK,
            )
        else:
            choices = (Meaning.ON_TRACK, Meaning.ON_TRACK, Meaning.ON_TRACK, Meaning.AT_RISK)
        return self.chance.choice(choices)

    def _fill_milestones(self, sheet: Worksheet) -> set[str]:
        """Fill in the milestones; the refs of the actions that have a late one."""
        late = set()
        for row, name in _rows(sheet, _MILESTONES.row):
            due = _get(sheet, _MILESTONES.row, row, "Date that counts")
            day = due.date() if isinstance(due, datetime) else None
            passed = day is not None and day < self.as_at
            if passed and day and self.chance.random() < 0.7:
                _set(sheet, _MILESTONES.row, row, "Status", MilestoneStatus.COMPLETE.value)
                _set(sheet, _MILESTONES.row, row, "Completed on", day)
            elif passed:
                late.add(name.rpartition(".")[0])
                _set(
                    sheet, _MILESTONES.row, row, "Status", self.chance.choice(("in progress", "In progress"))
                )
                _set(sheet, _MILESTONES.row, row, "Note", self.chance.choice(_NOTES))
            elif self.chance.random() < 0.5:
                _set(sheet, _MILESTONES.row, row, "Status", MilestoneStatus.IN_PROGRESS.value)
        return late


def _add_foreign_row(sheet: Worksheet, plan: Plan, officer: Officer) -> None:
    """A colleague's row pasted below the officer's own, and rated."""
    foreign = next(action for action in plan.actions if officer.key not in action.leads)
    row = {"Ref": foreign.ref, "Action": foreign.text, "RAG rating": plan.scheme.names[-1]}
    row["Commentary"] = "We helped with this one."
    below = sheet.max_row + 1
    for column, value in row.items():
        _set(sheet, _ACTIONS.row, below, column, value)


# --- cells of a copy -------------------------------------------------------------------------


def _columns(sheet: Worksheet, head: int) -> Mapping[str, int]:
    return {str(cell.value): cell.column for cell in sheet[head] if cell.value and cell.column}


def _rows(sheet: Worksheet, head: int) -> Iterator[tuple[int, str]]:
    for row in range(head + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            yield row, str(sheet.cell(row, 1).value)


def _get(sheet: Worksheet, head: int, row: int, column: str) -> object:
    return sheet.cell(row, _columns(sheet, head)[column]).value


def _set(sheet: Worksheet, head: int, row: int, column: str, value: str | date) -> None:
    sheet.cell(row, _columns(sheet, head)[column]).value = value


def _write(sheet: Worksheet, head: int, name: str, column: str, value: str) -> None:
    for row, found in _rows(sheet, head):
        if found == name:
            _set(sheet, head, row, column, value)


_COMMENTARY: Mapping[Meaning, Sequence[str]] = {
    Meaning.OFF_TRACK: (
        "The lead left in May and the post is not filled. No date can be given until it is.",
        "Partners have not agreed how to share the data; taken to the executive for a decision.",
    ),
    Meaning.AT_RISK: (
        "Work has begun but one partner agency has not yet nominated a representative.",
        "Draft shared for comment; two agencies asked for more time.",
        "Progress is slower than planned because of the inspection. Additional support is agreed.",
    ),
    Meaning.ON_TRACK: (
        "On target. The task and finish group meets monthly and the programme is on schedule.",
        "Work is going to plan; partner agencies report good take-up.",
        "Completed stages have been reported to the sub-group, which was content.",
    ),
}
_EVIDENCE = (
    "Dip sample of 12 cases: risk was identified and recorded in 11 of them.",
    "Feedback from 34 practitioners: 29 say that they use the guidance in their work.",
    "Referral rate is up against the 2015/16 baseline; conversion to assessment is stable.",
)
_NOTES = (
    "Waiting for comments from partners.",
    "Delayed by the inspection.",
    "Part done; the rest is booked.",
)
