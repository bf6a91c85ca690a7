"""What the command line shows: sentences, tables, progress, findings; or one JSON object and nothing else.

What was typed by officers is shown as text: it can neither style the terminal nor move its cursor.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from lscb_workbook.plan.records import Change, Decision, Finding, Plan, Severity
from lscb_workbook.results import MergeResult, StatusResult, officer_title
from lscb_workbook.returns import Harvest, Return
from lscb_workbook.tracker.layout import FIELD_HEADERS

__all__ = [
    "CHANGE_HEAD",
    "Watch",
    "change_row",
    "counted",
    "fail",
    "note",
    "print_json",
    "progress",
    "say",
    "show_findings",
    "show_merged",
    "show_set_aside",
    "show_status",
    "show_table",
    "what_next",
]

CHANGE_HEAD = ("Ref", "What", "From", "Returned", "Decision", "Who", "File")
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_MOST_ROWS = 60


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
    """Print a table, the first rows of it where it is long; nothing where it has no rows."""
    if not rows:
        return
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows[:_MOST_ROWS]:
        table.add_row(*(_safe(cell) for cell in row))
    console = Console()
    console.print(table)
    if len(rows) > _MOST_ROWS:
        console.print(f"... and {len(rows) - _MOST_ROWS} more; all of them are in the workbook.")


def show_findings(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """Print what a person must see, the gravest first; what is for information is only counted, unless
    ``everything`` is to be shown."""
    order = list(Severity)
    grave = sorted(
        (f for f in findings if everything or f.severity is not Severity.INFO),
        key=lambda f: order.index(f.severity),
    )
    console = Console(soft_wrap=True)
    for one in grave[:_MOST_ROWS]:
        line = Text(f"{one.severity.value:8}", style=_STYLES[one.severity])
        where = " ".join(part for part in (_place(one.file), one.sheet, one.cell) if part)
        line += _safe(f"{where}: " if one.file else "") + _safe(one.message)
        console.print(line + Text(f" {one.action}", style="dim"))
    if len(grave) > _MOST_ROWS:
        console.print(f"... and {len(grave) - _MOST_ROWS} more; all of them are on the Checks tab.")
    if len(findings) > len(grave):
        console.print(f"{len(findings) - len(grave)} for information, on the Checks tab.", style="dim")


def counted(number: int, what: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def show_set_aside(harvest: Harvest) -> None:
    """Print what could not be read, each with the reason and what to do."""
    rows = [(_place(one.file), one.message, one.action) for one in harvest.quarantined]
    show_table("Set aside", ("File", "Why", "What to do"), rows)


def show_merged(made: MergeResult) -> None:
    """Print in a sentence what a merge did with what came back."""
    already, replaced = made.count(Decision.ALREADY, Decision.REPEATED), made.count(Decision.SUPERSEDED)
    done = len(made.changes) - already - replaced
    parts = [counted(len(made.harvest.returns), "return"), counted(done, "change")]
    parts += [f"{already} already so"] if already else []
    parts += [f"{replaced} replaced by a later return"] if replaced else []
    parts += [f"{len(made.conflicts)} to settle", f"{len(made.refusals)} refused", *_left(made.harvest)]
    say(f"{', '.join(parts)}.")


def _left(harvest: Harvest) -> list[str]:
    """What was not read, in words; nothing where there is none."""
    parts = [f"{counted(len(harvest.quarantined), 'file')} set aside"] if harvest.quarantined else []
    ignored = len(harvest.ignored)
    return parts + ([f"{ignored} ignored (left behind by programs)"] if ignored else [])


def show_status(found: StatusResult) -> None:
    """Print who has returned what and how it was recognised, who has not, and what needs a person."""
    head = ("File", "Recognised by", "Edits")
    show_table(
        f"Copies of {found.cycle}" if found.cycle else "No cycle was issued yet",
        ("Officer", "Return", *head),
        [(one.officer.title, one.standing.value, *_return_row(one.latest)) for one in found.officers],
    )
    shown = {id(one.latest) for one in found.officers}
    show_table(
        "Other returns: earlier versions, other cycles",
        ("Officer", "Cycle", *head),
        [
            (officer_title(found.plan, one.officer), one.cycle, *_return_row(one))
            for one in found.harvest.returns
            if id(one) not in shown
        ],
    )
    show_set_aside(found.harvest)
    show_findings(found.harvest.findings_of_returns, everything=True)
    missing = [f"{one.title} ({one.email})" if one.email else one.title for one in found.missing]
    if missing:
        say(f"Not returned: {'; '.join(missing)}.")
    asked = len(found.officers)
    back = [f"{asked - len(missing)} of {counted(asked, 'officer')} returned; {len(missing)} did not"]
    say(f"{', '.join([*back, *_left(found.harvest)])}.")
    as_issued = [one for one in found.harvest.findings if one.code == "return-as-issued"]
    if len(as_issued) > 1 and len(as_issued) == len(found.harvest.returns):
        say("All these files are copies as they were issued. Is this the folder of returns?", style="yellow")
    what_next("lscb-workbook merge, with the same files" if found.harvest.returns else "lscb-workbook chase")


def _return_row(back: Return | None) -> tuple[str, ...]:
    if back is None:
        return ("", "", "")
    counts = ((len(back.sure), "sure"), (len(back.proposed), "to settle"), (len(back.refused), "refused"))
    edits = ", ".join(f"{count} {what}" for count, what in counts if count) or "none"
    return (_place(back.file), f"{back.recognised_by.value}; signature {back.signature.value}", edits)


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
        if self._bar is not None:
            self._bar.stop()
        if file in self._asked:
            Console(stderr=True).print("That password does not open it.")
        self._asked.add(file)
        password = getpass.getpass(f"Password for {_safe(Path(file).name)} (Enter to leave it out): ")
        if self._bar is not None:
            self._bar.start()
        return password


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


def change_row(plan: Plan, change: Change) -> tuple[str, ...]:
    """A change as a row under :data:`CHANGE_HEAD`."""
    decision = f"{change.decision.value}: {change.reason}" if change.reason else change.decision.value
    return (
        change.cell.milestone or change.cell.ref,
        FIELD_HEADERS[change.cell.field],
        _short(change.master),
        _short(change.returned),
        _short(decision, 60),
        officer_title(plan, change.officer) or "(in the tracker)",
        Path(change.file).name,
    )


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
