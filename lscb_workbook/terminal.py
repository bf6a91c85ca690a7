"""What the command line shows: sentences, tables, progress, findings; or one JSON object and nothing else.

What was typed by officers is shown as text: it can neither style the terminal nor move its cursor.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from lscb_workbook.plan.findings import short
from lscb_workbook.plan.records import DATE_FIELDS, Change, Decision, Field, Finding, Plan, Severity
from lscb_workbook.results import (
    BackupsResult,
    ChaseResult,
    IssueResult,
    MergeResult,
    OfficerStatus,
    PlanReadResult,
    ReviewResult,
    Standing,
    StatusResult,
    is_to_see,
    officer_title,
)
from lscb_workbook.returns import Harvest, Return
from lscb_workbook.returns.records import Recognised, Signature
from lscb_workbook.review import MilestoneState, State
from lscb_workbook.review.wording import NOBODY, counted, listed, titles
from lscb_workbook.tracker.backups import Backup, Recorded, Unfit
from lscb_workbook.tracker.cells import date_of
from lscb_workbook.tracker.layout import FIELD_HEADERS

if TYPE_CHECKING:
    from lscb_workbook.plan.checking import PlanCheck, PlanNote
    from lscb_workbook.post.outbox import Posted
    from lscb_workbook.returns.mailbox import Marked
    from lscb_workbook.review.rolling import Rolled

__all__ = [
    "Watch",
    "contents",
    "fail",
    "going_out",
    "note",
    "print_json",
    "progress",
    "say",
    "show_backups",
    "show_changes",
    "show_chase",
    "show_conflicts_waiting",
    "show_findings",
    "show_lines",
    "show_marked",
    "show_merged",
    "show_passwords",
    "show_plan_check",
    "show_plan_read",
    "show_posted",
    "show_recorded",
    "show_review",
    "show_rolled",
    "show_set_aside",
    "show_status",
    "show_table",
    "what_next",
]

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_MOST_ROWS = 60
_MOST_LINES = 20


def say(text: str, style: str = "") -> None:
    """Print a sentence."""
    Console(soft_wrap=True).print(_safe(text), style=style)


def fail(text: str) -> None:
    """Print a sentence that says what could not be done, on standard error."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(Text("Could not do it. ", style="bold red") + _safe(text))


def note(text: str) -> None:
    """Print a sentence about the work going on, on standard error."""
    Console(stderr=True, soft_wrap=True).print(_safe(text), style="yellow")


def what_next(text: str) -> None:
    """Say what to do next."""
    say(f"Next: {text}", style="cyan")


def show_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, the first rows of it where it is long; nothing where it has no rows.

    No word is ever broken. Where the columns do not fit beside each other, each row is a block of lines.
    """
    if not rows:
        return
    console = Console()
    shown = [[_safe(cell) for cell in row] for row in rows[:_MOST_ROWS]]
    columns = [[Text(name), *cells] for name, cells in zip(head, zip(*shown, strict=True), strict=True)]
    widths = [max(_longest_word(text) for text in column) for column in columns]
    room = console.width - 3 * len(widths) - 1
    if sum(widths) <= room:
        table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
        longest = [max(_longest_line(text) for text in column) for column in columns]
        for name, width in zip(head, _spread(widths, longest, room), strict=True):
            table.add_column(name, width=width)
        for cells in shown:
            table.add_row(*cells)
        console.print(table)
    else:
        console.print(Text(title, style="bold"))
        for cells in shown:
            _print_block(console, head, cells)
    if len(rows) > _MOST_ROWS:
        say(f"... and {len(rows) - _MOST_ROWS} more; all of them are in the workbook.")


def show_backups(found: BackupsResult) -> None:
    """Print the backups of a master, and the commands that go back to them; nothing where there are none."""
    show_table(
        f"Backups of {found.master.name}",
        ("As it was until", "Then came", "File", "To know"),
        [
            (
                f"{one.until:%d/%m/%Y %H:%M:%S}",
                _then_came(one, found.came.get(one.path)),
                one.path.name,
                found.unfit.get(one.path) or ("undo goes here" if one == found.next_back else ""),
            )
            for one in found.backups
        ],
    )
    undo = f'lscb-workbook undo "{found.master}"'
    never = (Unfit.OTHER, Unfit.UNREADABLE)
    others = [
        one.path for one in found.backups if one != found.next_back and found.unfit.get(one.path) not in never
    ]
    if found.next_back:
        what_next(f"{undo} goes back to the one marked 'undo goes here'")
    if others:
        any_of = "any other of them" if found.next_back else "any of them"
        say(f'To {any_of}, by the name of its file: {undo} --to "{others[0].name}"', style="cyan")


def _then_came(backup: Backup, came: Recorded | None) -> str:
    """What the command did that came after a backup."""
    if backup.undone:
        return "an undo"
    if came is None:
        return "a change"
    issued = f"{counted(came.issued, 'copy', 'copies')} issued" if came.issued > 0 else ""
    entries = f"{counted(came.entries, 'entry', 'entries')} recorded" if came.entries > 0 else ""
    return listed([one for one in (issued, entries) if one], "and") or "the tabs made anew"


def _spread(least: Sequence[int], most: Sequence[int], room: int) -> list[int]:
    """Widths of columns that fit into ``room``: each has its least, none more than its most."""
    widths = list(least)
    for _ in range(room - sum(least)):
        wanting = [at for at, width in enumerate(widths) if width < most[at]]
        if not wanting:
            break
        widths[min(wanting, key=widths.__getitem__)] += 1
    return widths


def _longest_line(text: Text) -> int:
    return max((cell_len(line) for line in text.plain.split("\n")), default=0)


def _longest_word(text: Text) -> int:
    return max((cell_len(word) for word in text.plain.split()), default=0)


def _print_block(console: Console, head: Sequence[str], cells: Sequence[Text]) -> None:
    """Print a row as lines: the first cell, and below it each other that says something, with its heading."""
    first, *others = [
        f"{name}: {' '.join(cell.plain.split())}" for name, cell in zip(head, cells, strict=True)
    ]
    console.print(Text("\n".join(_wrapped(first, console.width)), style="bold"), soft_wrap=True)
    for line, cell in zip(others, cells[1:], strict=True):
        if cell.plain.strip():
            console.print(Text("\n".join(_wrapped(line, console.width, "  "))), soft_wrap=True)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """A text in lines of at most so many letters where its words allow, those after the first further in."""
    return wrap(
        text,
        max(width, 20),
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def show_lines(title: str, lines: Sequence[str], rest: str) -> None:
    """Print the first of some sentences, as many as make about :data:`_MOST_LINES` lines; ``rest`` says where
    the others are. Nothing where there is none."""
    if not lines:
        return
    console = Console()
    console.print(Text(title, style="bold"))
    room, shown = _MOST_LINES, 0
    for line in lines:
        folded = _wrapped(_safe(line).plain, console.width)
        if shown and len(folded) > room:
            break
        for part in folded:
            console.print(Text(part), soft_wrap=True)
        room, shown = room - len(folded), shown + 1
    if shown < len(lines):
        say(f"... and {len(lines) - shown} more: {rest}.", style="dim")


def show_review(made: ReviewResult) -> None:
    """Print what a review found, the worst first: the headline, what was missed, and the checks."""
    say(made.review.headline)
    missed = sorted(made.review.in_state(State.MISSED), key=lambda one: -one.days_late)
    show_lines(
        counted(len(missed), "missed milestone", "missed milestones").capitalize(),
        [_missed(made.plan, one) for one in missed],
        "the Missed milestones tab, and --json, have all of them",
    )
    others = [one for one in made.findings if one.code != "milestone-missed"]
    others.sort(key=is_to_see, reverse=True)
    by_gravity = [[one for one in others if one.severity is severity] for severity in Severity]
    grave = [f"{one.severity.value:8}{_whence(one)}{one.message}" for same in by_gravity[:2] for one in same]
    counts = [
        counted(len(same), name) for same, name in zip(by_gravity, ("error", "warning", "note"), strict=True)
    ]
    show_lines(
        f"Checks: {listed(counts, 'and')}",
        grave,
        "the Checks tab has all of them, with what to do; so has --json",
    )


def _missed(plan: Plan, one: MilestoneState) -> str:
    due = f"{one.due:%d/%m/%Y}" if one.due else "an unknown day"
    leads = titles(plan, one.milestone.leads or plan.action(one.milestone.ref).leads) or NOBODY
    return f"{one.milestone.id:8}due {due}, {counted(one.days_late, 'day')} late: {leads}"


def contents(plan: Plan) -> str:
    """How many of everything a plan holds."""
    counts = (
        counted(len(plan.priorities), "priority", "priorities"),
        counted(len(plan.actions), "action"),
        counted(len(plan.milestones), "milestone"),
        counted(len(plan.officers), "lead officer"),
    )
    return ", ".join(counts)


def show_plan_read(made: PlanReadResult) -> None:
    """Print what was read out of a document, what of it is to be looked at, and where."""
    reading = made.reading
    say(f"Found {contents(reading.plan)}.")
    say(f"Wrote {made.written}, and the report beside it, {made.report}.")
    if reading.doubts:
        say(
            f"To be looked at: {counted(len(reading.doubts), 'doubt')}. Each is in the report, and stands "
            "in the plan as a line that begins with # CHECK, right above what it is about.",
            style="yellow",
        )
    aside = []
    if reading.lost:
        aside.append(f"{counted(reading.lost, 'cell')} with words that are not in the plan")
    if reading.left_out:
        aside.append(f"{counted(reading.left_out, 'row')} left out (headings and the like)")
    if aside:
        say(f"{listed(aside, 'and').capitalize()}: the report gives every one of them.")


def show_rolled(plan: Plan, rolled: Rolled) -> None:
    """What a new tracker took over from last year's, by its names then and now."""
    before = rolled.earlier[-1]
    texts = {one.ref: one.text for one in plan.actions}
    going = [(old, new, short(texts[new], 60)) for old, new in rolled.names.items() if new in texts]
    show_table(f"Carried forward from {before.year}", ("Was", "Is now", "Action"), going)
    ended = [
        (one.ref, one.outcome, short(one.text, 60))
        for one in rolled.archive
        if one.year == before.year and one.ref in rolled.finished and not one.milestone
    ]
    show_table(f"Finished in {before.year}", ("Was", "What became of it", "Action"), ended)
    milestones = sum(one.carried != "" for one in plan.milestones)
    say(
        f"Carried forward: {counted(len(going), 'action')} and {counted(milestones, 'milestone')}, by their "
        f"own dates; {counted(len(ended), 'action')} finished. {before.file} was not changed: keep it."
    )


def show_plan_check(found: PlanCheck, file: Path) -> None:
    """Print all that checking a plan found, each with its line: what must be put right, what is doubtful, and
    what is only to be known."""
    doubts = [one for one in (*found.comments, *found.findings) if one.grave]
    known = [one for one in (*found.comments, *found.findings) if not one.grave]
    for title, notes, style in (
        ("To be put right", found.problems, "bold red"),
        ("To be looked at", doubts, "yellow"),
        ("To be known", known, "dim"),
    ):
        if notes:
            say(f"{title} ({len(notes)})", style=style)
        for one in sorted(notes, key=_line_of):
            say(f"  {one}")
    if found.plan:
        say(f"{found.plan.title}: {contents(found.plan)}. A tracker can be made of it.")
    else:
        what = counted(len(found.problems), "thing")
        say(
            f"{file} cannot become a tracker yet: {what} to be put right. Then check it again.",
            style="bold red",
        )


def _line_of(note: PlanNote) -> int:
    return note.line


def show_conflicts_waiting(count: int) -> None:
    """Say that a paper does not show what waits on the Conflicts tab; nothing where nothing waits."""
    if count:
        waiting = counted(count, "returned value")
        say(f"{waiting} to settle on the Conflicts tab: the paper shows the tracker's.", style="yellow")


def show_findings(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """Print what a person must see, the gravest first; what is for information is only counted, unless
    ``everything`` is to be shown."""
    order = list(Severity)
    grave = sorted(
        (f for f in findings if everything or f.severity is not Severity.INFO),
        key=lambda f: order.index(f.severity),
    )
    console = Console()
    console.soft_wrap = not console.is_terminal  # a file has a line for each, a terminal breaks no word
    for one in grave[:_MOST_ROWS]:
        line = Text(f"{one.severity.value:8}", style=_STYLES[one.severity])
        line += _safe(_whence(one)) + _safe(one.message)
        console.print(line + Text(f" {one.action}", style="dim"))
    if len(grave) > _MOST_ROWS:
        console.print(f"... and {len(grave) - _MOST_ROWS} more; all of them are on the Checks tab.")
    if len(findings) > len(grave):
        console.print(f"{len(findings) - len(grave)} for information, on the Checks tab.", style="dim")


def _whence(one: Finding) -> str:
    """The file that a finding is about, with the place in it, before its message; nothing of the master."""
    where = " ".join(part for part in (_place(one.file), one.sheet, one.cell) if part)
    return f"{where}: " if one.file else ""


def show_set_aside(harvest: Harvest) -> None:
    """Print what could not be read, each with the reason and what to do."""
    rows = [(_place(one.file), one.message, one.action) for one in harvest.quarantined]
    show_table("Set aside", ("File", "Why", "What to do"), rows)


def show_merged(made: MergeResult) -> None:
    """Print in a sentence what a merge did with what came back."""
    already, replaced = made.count(Decision.ALREADY, Decision.REPEATED), made.count(Decision.SUPERSEDED)
    done = len(made.changes) - already - replaced
    parts = [counted(len(made.harvest.returns), "return")]
    parts += _unsaved(sum(one.as_issued for one in made.harvest.returns))
    parts += [counted(done, "change")]
    parts += [f"{already} already so"] if already else []
    parts += [f"{replaced} replaced by a later return"] if replaced else []
    parts += [f"{len(made.conflicts)} to settle", f"{len(made.refusals)} refused", *_left(made.harvest)]
    say(f"{', '.join(parts)}.")


def _left(harvest: Harvest) -> list[str]:
    """What was not read, in words; nothing where there is none."""
    parts = [f"{counted(len(harvest.quarantined), 'file')} set aside"] if harvest.quarantined else []
    ignored = len(harvest.ignored)
    return parts + ([f"{ignored} ignored (left behind by programs)"] if ignored else [])


def _unsaved(count: int) -> list[str]:
    """How many of the returns just named nobody saved since they were issued; nothing where there is none."""
    return [f"{count} of them the copy as it was issued"] if count else []


def show_status(found: StatusResult) -> None:
    """Print who has returned what and how it was recognised, who has not, and what needs a person."""
    console = Console()
    shown = {id(one.latest) for one in found.officers}
    others = [one for one in found.harvest.returns if id(one) not in shown]
    for title, lines in (
        (
            f"Copies of {found.cycle}" if found.cycle else "No cycle was issued yet",
            [
                f"{one.standing.value:14}{_name_of(one)}{_of_return(found, one.latest, one.issued.file)}"
                for one in found.officers
            ],
        ),
        (
            "Other returns: earlier versions, other cycles",
            [
                f"{one.cycle}  {officer_title(found.plan, one.officer)}{_of_return(found, one)}"
                for one in others
            ],
        ),
    ):
        if lines:
            console.print(Text(title, style="bold"))
        for line in lines:
            for part in _wrapped(_safe(line).plain, console.width):
                console.print(Text(part), soft_wrap=True)
    show_set_aside(found.harvest)
    show_findings(found.harvest.findings_of_returns, everything=True)
    if found.empty:
        say(found.empty, style="yellow")
    asked, missing = len(found.officers), len(found.missing)
    unsaved = _unsaved(sum(one.latest is not None and one.latest.as_issued for one in found.officers))
    back = ", ".join([f"{asked - missing} of {counted(asked, 'officer')} returned", *unsaved])
    back += f"; {missing} did not"
    parts = [back if asked else "No copy was issued yet", *_left(found.harvest)]
    say(f"{', '.join(parts)}.")
    if waiting := len(found.known.waiting):
        say(f"{counted(waiting, 'value waits', 'values wait')} on Conflicts.", style="yellow")
    as_issued = [one for one in found.harvest.findings if one.code == "return-as-issued"]
    if len(as_issued) > 1 and len(as_issued) == len(found.harvest.returns):
        say("All these files are copies as they were issued. Is this the folder of returns?", style="yellow")
    what_next(_after_status(found))


def _after_status(found: StatusResult) -> str:
    if found.to_merge:
        return "lscb-workbook merge, with the same files"
    if found.harvest.returns and found.known.waiting:
        return "All of this is merged. Settle each row on the Conflicts tab, then merge again"
    if found.missing or not found.harvest.returns:
        return "lscb-workbook chase"
    return "All of this is merged: lscb-workbook board, for the paper"


def _name_of(one: OfficerStatus) -> str:
    """The officer, with the address of one who is to be reminded."""
    silent = one.standing is Standing.SILENT and one.officer.email
    return f"{one.officer.title} ({one.officer.email})" if silent else one.officer.title


def _of_return(found: StatusResult, back: Return | None, usual: str = "") -> str:
    """What came back, after whose it is: how many edits, those in the tracker already apart; the file where
    it is not the ``usual`` one; and how it was recognised where that was not by its signed properties."""
    if back is None:
        return ""
    tally = found.known.tally(back)
    counts = (
        (tally.recorded, "recorded in the tracker"),
        (tally.turned_down, "turned down"),
        (tally.replaced, "replaced by a later return"),
        (tally.waiting, "waiting on the Conflicts tab"),
        (tally.already, "already so"),
        (tally.to_take, "to take"),
        (tally.to_settle, "to settle"),
        (tally.refused, "refused"),
    )
    said = ", ".join(f"{count} {what}" for count, what in counts if count) or "no edits"
    if Path(back.file).name != usual:
        said += f"; {_place(back.file)}"
    if (back.recognised_by, back.signature) != (Recognised.PROPERTIES, Signature.VALID):
        said += f"; recognised by {back.recognised_by.value}, signature {back.signature.value}"
    return f": {said}"


def _place(file: str) -> str:
    """A file with the folder or the mail it is in, which tells it from others of its name."""
    return "/".join(Path(file).parts[-2:])


def print_json(result: dict[str, object]) -> None:
    """Print one JSON object and nothing else; what the terminal or file cannot hold is escaped."""
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if _shown(text) != text:
        text = json.dumps(result, indent=2)
    sys.stdout.write(text + "\n")


class Watch:
    """Somebody watching work go on: told how far it is, and asked for passwords where they are there."""

    def __init__(self, bar: Progress | None, task: TaskID | None, *, attended: bool) -> None:
        self.attended = attended
        self._bar, self._task = bar, task
        self._asked: set[str] = set()

    def __call__(self, done: int, total: int) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def note(self, text: str) -> None:
        """Print a sentence about the work going on, above the bar."""
        if self._bar is None:
            note(text)
        else:
            self._bar.console.print(_safe(text), style="yellow", soft_wrap=True)

    def ask_password(self, file: str) -> str:
        """A password for a file, not shown as it is typed; ``""`` to leave the file out."""
        if file in self._asked:
            Console(stderr=True).print("That password does not open it.")
        self._asked.add(file)
        return self._ask(f"Password for {_safe(Path(file).name)} (Enter to leave it out): ")

    def ask_mailbox(self, mailbox: str) -> str:
        """The password of a mailbox, not shown as it is typed."""
        return self._ask(f"Password for the mailbox {_safe(mailbox)}: ")

    def _ask(self, question: str) -> str:
        if self._bar is not None:
            self._bar.stop()
        password = getpass.getpass(question)
        if self._bar is not None:
            self._bar.start()
        return password


def show_recorded(count: int, day: date) -> None:
    """How many cells that the manager typed were recorded, and as of which day: that is not to be guessed."""
    if count:
        cells = counted(count, "cell that was typed", "cells that were typed")
        say(f"Recorded {cells} in the tracker, as at {day:%d/%m/%Y}.")


# --- the post --------------------------------------------------------------------------------


def show_passwords(made: IssueResult) -> None:
    """The passwords of protected copies, this once."""
    if made.passwords:
        rows = [(made.plan.officer(key).title, password) for key, password in made.passwords.items()]
        show_table("Passwords of the copies", ("Officer", "Password"), rows)
        say(
            "They are shown this once, and kept in this computer's keyring. Pass each on by another way than "
            "the mail with the copy."
        )


def show_posted(posted: Posted | None) -> None:
    """What became of letters: how many drafts, who has no address, what a person must see of those sent."""
    if posted is None:
        return
    if drafts := posted.drafts:
        if drafts.files:
            where = drafts.files[0].parent
            say(f"Wrote {counted(len(drafts.files), 'draft')} to {where}: open each and press Send.")
        for _, why in drafts.before:
            say(f"  {why}")
        for letter in drafts.unaddressed:
            say(f"  {letter.name}: no address on the Officers tab; the draft has no addressee.")
        for _, why in drafts.misaddressed:
            say(f"  {why}")
    if posted.caution:
        say(posted.caution, style="yellow")
    to_me = ", to yourself: none has gone to an officer" if posted.to_me else ""
    for fate, number in Counter(one.fate for one in posted.outcomes).items():
        say(f"{counted(number, 'letter')}: {fate}{to_me}.")
    for one in posted.outcomes:
        if one.fate.needs_a_person or one.note:
            say(f"  {one.sentence}")


def going_out(posted: Posted | None) -> str:
    """What is left to do for copies to go out."""
    if posted is None:
        return "Send each copy to its officer"
    if posted.drafts:
        return "Open each draft and send it"
    if posted.to_me:
        return "Read what came to you, and run the same without --to-me"
    needs = any(one.fate.needs_a_person for one in posted.outcomes)
    return "See to the letters named above" if needs else "The letters are on their way"


def show_marked(marked: Marked | None) -> None:
    """What became of messages whose returns are merged."""
    if marked is None:
        return
    for what, names in (("moved", marked.moved), ("flagged", marked.flagged)):
        if names:
            say(f"{counted(len(names), 'message')} {what} in the mailbox.")
    for name, why in marked.left:
        say(f"  {name}: left where it is. {why}")


def show_chase(found: ChaseResult) -> None:
    """Who has not returned, who is to be written to today and of what, and who is not yet."""
    show_table(
        f"Not returned, as at {found.as_at:%d/%m/%Y}",
        ("Officer", "Email", "Cycle", "Return by", "Days late", "Actions"),
        [
            (
                one.officer.title,
                one.officer.email or "(none)",
                one.issued.cycle,
                f"{one.issued.return_by:%d/%m/%Y}",
                str(one.days_late),
                ", ".join(one.refs),
            )
            for one in found.silent
        ],
    )
    if not found.silent:
        say("Everybody who was sent a copy has returned it." if found.sent else "No copy was issued yet.")
    for officer in found.unmerged:
        say(f"{officer.title}: the return is here and not merged yet, so no letter.")
    show_table(
        "To be written to",
        ("Officer", "Letter", "To", "Why"),
        [
            (
                one.officer.title,
                str(one.kind),
                one.to or "(no address)",
                "\n".join(reason.text for reason in one.reasons),
            )
            for one in found.chasing.chases
        ],
    )
    show_table(
        "Not today",
        ("Officer", "Why"),
        [(one.officer.title, one.why) for one in found.chasing.waiting],
    )
    if found.chasing.chases and found.posted is None:
        what_next("the same command with --drafts FOLDER or --send SERVER writes the letters")


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Watch]:
    """A bar on standard error while work is going on, where somebody watches."""
    console = Console(stderr=True)
    attended = not quiet and console.is_terminal and sys.stdin.isatty()
    if quiet or not console.is_terminal:
        yield Watch(None, None, attended=attended)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield Watch(bar, bar.add_task(what, total=None), attended=attended)


def show_changes(title: str, plan: Plan, changes: Sequence[Change], *, dated: bool = False) -> None:
    """Print changes, those of one officer and file below each other, a line for each; nothing where there are
    none. ``dated`` says that each is to be told with its day."""
    if not changes:
        return
    console = Console()
    console.print(Text(f"{title} ({len(changes)})", style="bold"))
    together: dict[str, list[Change]] = {}
    for change in changes[:_MOST_ROWS]:
        together.setdefault(_whose(plan, change, dated=dated), []).append(change)
    for whose, those in together.items():
        for line in _wrapped(_safe(whose).plain, console.width):
            console.print(Text(line, style="cyan"), soft_wrap=True)
        for change in those:
            for line in _wrapped(_safe(_said(change)).plain, console.width, "  "):
                console.print(Text(line), soft_wrap=True)
    if len(changes) > _MOST_ROWS:
        say(f"... and {len(changes) - _MOST_ROWS} more: --json has all of them.", style="dim")


def _whose(plan: Plan, change: Change, *, dated: bool) -> str:
    """By whose word a change is, and out of which file where its name does not say that anyway."""
    who, file = officer_title(plan, change.officer), Path(change.file).name
    named = f"{who}, in {file}" if who and who not in file else file or who or "In the tracker"
    return f"{change.when:%d/%m/%Y}: {named}" if dated else named


def _said(change: Change) -> str:
    """One change: what it made of what; or, where it was not made as returned, both and why."""
    cell = change.cell
    place = f"{cell.milestone or cell.ref:6} {FIELD_HEADERS[cell.field]}:"
    stood = change.base if cell.field is Field.OTHER and not change.master else change.master
    was, said, now = (_value(cell.field, text) for text in (stood, change.returned, change.result))
    why = change.decision.value
    if change.reason.startswith(why):
        why = change.reason
    elif change.reason:
        why = f"{why}: {change.reason}"
    if change.decision is Decision.TAKEN:
        return f"{place} {was} -> {now}"
    if change.decision is Decision.COMBINED:
        return f"{place} {said} (put beside what others who lead it wrote)"
    if change.result == change.returned:
        made = now if was == now else f"{was} -> {now}"
        return f"{place} {made} ({_short(why, 100)})"
    if change.decision is Decision.EDITED:
        return f"{place} {was} -> {said} ({_short(why, 100)})"
    came = "returned" if change.officer or change.file else "typed"
    return f"{place} {said} {came}, {was} in the tracker ({_short(why, 100)})"


def _value(field: Field, text: str) -> str:
    day = date_of(text) if field in DATE_FIELDS else None
    return f"{day:%d/%m/%Y}" if day else _short(text) or "(blank)"


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _safe(text: str) -> Text:
    """Text without control characters, and never read as markup."""
    plain = "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)
    return Text(_shown(plain))


def _shown(text: str) -> str:
    """Text with a question mark for each letter that standard output cannot take."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
