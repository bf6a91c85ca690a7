"""A plan document checked before a tracker is made of it: every problem with its line and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lscb_workbook.plan.assembly import plan_from
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.deadlines import split_deadlines
from lscb_workbook.plan.documents import bytes_of, values_of
from lscb_workbook.plan.records import Plan, Severity
from lscb_workbook.plan.tables import Problems, Table
from lscb_workbook.plan.toml_lines import TableLines, table_lines

__all__ = ["PlanCheck", "PlanNote", "check_plan"]

_CALLED = {
    "status": "name",
    "priority": "number",
    "officer": "role",
    "action": "ref",
    "meeting": "month",
    "event": "name",
}
"""What a table is called by in a message, as :mod:`lscb_workbook.plan.assembly` calls it."""
_WRITE_IT = (
    'Write a date into its words (by 31.3.2017), or beside them as due = "..."; what is not known yet can be '
    "entered in the tracker later, as the approved date."
)
_BEFORE_A_TRACKER = {
    "deadline-not-understood": _WRITE_IT,
    "deadline-not-stated": _WRITE_IT,
    "deadline-leads-round": _WRITE_IT,
    "deadline-outside-plan-year": "Compare the date with the board's document; correct it if it is wrong.",
    "source-uncertain": "Compare it with the board's document, correct it, and take out the word of doubt "
    "(uncertain = ...).",
}
"""What to do of a finding while there is no tracker yet, by its code."""
_COMMENT = re.compile(r"^\s*#\s*CHECK:\s*(?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class PlanNote:
    """One thing to be seen to: the line of the document from 1, where in words, what is wrong, what to do.

    ``grave`` is false of what is only to be known.
    """

    line: int
    where: str
    what: str
    to_do: str
    grave: bool = True

    def __str__(self) -> str:
        named = self.where.casefold() in self.what.casefold()
        what = self.what if self.what.endswith((".", "?", "!")) else f"{self.what}."
        return f"line {self.line}: {'' if named else f'{self.where}: '}{what} {self.to_do}"


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What checking gave.

    ``problems`` keep the document from being a plan; ``plan`` is None while there are any. ``findings`` are
    what a person must know of it all the same. ``comments`` are the ``# CHECK:`` lines that reading a source
    left and nobody has taken out yet. Each is in the order of its lines.
    """

    plan: Plan | None
    problems: tuple[PlanNote, ...]
    findings: tuple[PlanNote, ...]
    comments: tuple[PlanNote, ...]

    @property
    def in_doubt(self) -> bool:
        """Whether a person is needed: something is wrong or doubtful."""
        return any(one.grave for one in (*self.problems, *self.findings, *self.comments))


def check_plan(path: Path) -> PlanCheck:
    """Everything that is wrong with a plan document, or doubtful.

    Raises WorkbookError where the file cannot be read or is not TOML; the message has the line.
    """
    data = bytes_of(path)
    values = values_of(data, str(path))
    text = data.decode("utf-8-sig")
    lines = _Lines(values, table_lines(text.replace("\r\n", "\n")))
    problems = _PlacedProblems()
    plan = plan_from(Table(values, "the file", problems))
    found = [
        PlanNote(lines.of(where, last=what == "is there twice"), where, what, to_do)
        for where, what, to_do in problems.placed
    ]
    if found:
        plan = None
    return PlanCheck(
        plan,
        tuple(sorted(found, key=lambda note: note.line)),
        tuple(sorted(_findings(plan, path.name, lines), key=lambda note: note.line)) if plan else (),
        tuple(_comments(text, lines)),
    )


@dataclass
class _PlacedProblems(Problems):
    """Problems that keep their three parts."""

    placed: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, where: str, what: str, to_do: str) -> None:
        super().add(where, what, to_do)
        self.placed.append((where, what, to_do))


class _Lines:
    """The lines of a document by the words that messages use: ``action 1.4, milestone 2, leads``."""

    def __init__(self, values: Mapping[str, object], tables: Sequence[TableLines]) -> None:
        self.values = values
        self._tables: dict[str, list[TableLines]] = {"the file": [tables[0]]}
        seen: dict[str, int] = {}
        for table in tables[1:]:
            number = seen[table.kind] = seen.get(table.kind, 0) + 1
            self._tables["the file"][0].keys.setdefault(table.kind, table.line)
            for where in self._called(table.kind, number):
                self._tables.setdefault(where, []).append(table)

    def of(self, where: str, *, last: bool = False) -> int:
        """The line of a place; 1 where it has none of its own, such as what the whole file lacks."""
        fits = (one for one in self._tables if where == one or where.startswith(f"{one}, "))
        called = max(fits, key=len, default="")
        if not called:
            return 1
        table = self._tables[called][-1 if last else 0]
        rest = where.removeprefix(called).lstrip(", ")
        if found := re.match(r"milestone (\d+)", rest):
            items = table.items.get("milestones", [])
            number = int(found[1])
            return items[number - 1] if number <= len(items) else table.keys.get("milestones", table.line)
        return table.keys.get(rest, table.line)

    def below(self, line: int) -> str:
        """What the first table below a line is called, as messages call it: ``action 1.4``."""
        following = (
            (tables[0].line, where) for where, tables in self._tables.items() if tables[0].line > line
        )
        return min(following, default=(0, "the file"))[1]

    def of_milestone(self, ref: str, id_: str, plan: Plan) -> int:
        """The line of a milestone by its id; a sentence that states two deadlines is two milestones."""
        number = 0
        for action in _tables_of(self.values, "action"):
            if action.get("ref") != ref:
                continue
            items = action.get("milestones")
            for at, item in enumerate(items if isinstance(items, list) else [], 1):
                text = str(item.get("text", "")) if isinstance(item, dict) else str(item)
                whole = isinstance(item, dict) and "due" in item
                number += 1 if whole else len(split_deadlines(text.strip(), plan.year))
                if number >= int(id_.rpartition(".")[2]):
                    return self.of(f"action {ref}, milestone {at}")
        return self.of(f"action {ref}")

    def _called(self, kind: str, number: int) -> Iterator[str]:
        tables = _tables_of(self.values, kind)
        if not tables:
            yield f"[{kind}]"
            return
        name = tables[number - 1].get(_CALLED.get(kind, "")) if number <= len(tables) else None
        yield f"{kind} {name}" if name not in (None, "") else f"[[{kind}]] number {number}"


def _tables_of(values: Mapping[str, object], kind: str) -> list[Mapping[str, object]]:
    held = values.get(kind)
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _findings(plan: Plan, file: str, lines: _Lines) -> Iterator[PlanNote]:
    for one in plan_findings(plan, file):
        milestone = re.search(rf"(?i)\bmilestone ({re.escape(one.ref)}\.\d+)\b", one.message)
        priority = re.search(r"\bpriority (\d+)\b", one.message)
        if one.ref and milestone:
            line, where = lines.of_milestone(one.ref, milestone[1], plan), f"milestone {milestone[1]}"
        elif priority and not one.ref:
            line, where = lines.of(f"priority {priority[1]}"), f"priority {priority[1]}"
        else:
            line, where = lines.of(f"action {one.ref}"), f"action {one.ref}"
        to_do = _BEFORE_A_TRACKER.get(one.code, one.action)
        yield PlanNote(line, where, one.message.rstrip("."), to_do, one.severity is not Severity.INFO)
    yield from _of_officers(plan, lines)


def _of_officers(plan: Plan, lines: _Lines) -> Iterator[PlanNote]:
    """Officers who lead nothing, perhaps by a slip of the pen, and who have no organisation or address."""
    leading = {key for action in plan.actions for key in action.leads}
    for officer in plan.officers:
        if officer.key not in leading:
            where = f"officer {officer.role}"
            to_do = "Name them in the leads of an action, or take this [[officer]] out."
            yield PlanNote(lines.of(where), where, f"{officer.title} leads no action", to_do)
    unplaced = [officer for officer in plan.officers if not officer.organisation]
    if unplaced:
        line = lines.of(f"officer {unplaced[0].role}")
        what = f"{len(unplaced)} of {len(plan.officers)} have no organisation"
        to_do = (
            'Add organisation = "..." below the roles here, or enter it on the Officers tab of the tracker. '
            "Until then they are counted together, as not stated."
        )
        yield PlanNote(line, "officers", what, to_do, grave=False)
    without = [officer for officer in plan.officers if not officer.email]
    if without:
        line = lines.of(f"officer {without[0].role}")
        what = f"{len(without)} of {len(plan.officers)} have no email address"
        to_do = 'Add email = "..." below their roles here, or enter them on the Officers tab of the tracker.'
        yield PlanNote(line, "officers", what, to_do, grave=False)


def _comments(text: str, lines: _Lines) -> Iterator[PlanNote]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := _COMMENT.match(line):
            yield PlanNote(number, lines.below(number), found["text"], "See to it, then delete this line.")
