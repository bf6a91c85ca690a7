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
from lscb_workbook.plan.records import Plan
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
_COMMENT = re.compile(r"^\s*#\s*CHECK:\s*(?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class PlanNote:
    """One thing to be seen to: the line of the document from 1, where in words, what is wrong, what to do."""

    line: int
    where: str
    what: str
    to_do: str

    def __str__(self) -> str:
        named = self.what.casefold().startswith(self.where.casefold())
        return f"line {self.line}: {'' if named else f'{self.where}: '}{self.what}. {self.to_do}"


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
        tuple(_comments(text)),
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
        yield PlanNote(line, where, one.message.rstrip("."), one.action)


def _comments(text: str) -> Iterator[PlanNote]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := _COMMENT.match(line):
            yield PlanNote(number, "to be looked at", found["text"], "See to it, then take this comment out.")
