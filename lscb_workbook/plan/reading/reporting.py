"""The report beside a plan that was read: what to look at, what is not in the plan, what was left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lscb_workbook.plan.reading.drafting import Drafted
from lscb_workbook.plan.reading.found import Doubt, Gathered, Part
from lscb_workbook.plan.reading.headings import Role
from lscb_workbook.plan.reading.sources import Source, SourceRow
from lscb_workbook.plan.reading.wording import lines, one_line, words
from lscb_workbook.plan.records import Plan

__all__ = ["commented", "lost_words", "report"]

_HEADING = re.compile(r"^\[(?:plan|\[(status|priority|officer|action)\])\]$")
_SIGN = re.compile(r"[^\s•●▪◦‣∙·\uf0b7\uf0a7.,;:/|*_–—-]")
"""A sign that says something, as bullets and dashes do not."""
_NAME = re.compile(r'^(?:name|number|role|ref) = "?(?P<name>.*?)"?$')


def lost_words(drafted: Drafted) -> list[tuple[str, str, str]]:
    """The cells of actions that hold words which the plan does not have for that action: ref, place, cell.
    So do cells that hold a sign instead, such as a tick.

    The last safeguard of reading: it compares words alone and knows nothing of how they were read.
    """
    found: list[tuple[str, str, str]] = []
    for ref, parts in drafted.parts.items():
        kept = Counter(_plan_words(drafted.plan, ref, _timescales(parts)))
        for part in parts:
            for cell in part.row.filled:
                said = Counter(words(cell))
                if said - kept or (not said and _SIGN.search(cell)):
                    found.append((ref, part.row.place, one_line(cell)))
                else:  # what is not wholly there takes no word from the cells that are
                    kept -= said
    return found


def _timescales(parts: Iterable[Part]) -> list[list[str]]:
    """The words of each line of a column of deadlines that stands beside one of milestones."""
    beside = (part.cells.get(Role.WHEN, "") for part in parts if words(part.cells.get(Role.MILESTONES, "")))
    return [words(line) for cell in beside for line in lines(cell)]


def _plan_words(plan: Plan, ref: str, timescales: list[list[str]]) -> Iterator[str]:
    """The words that the plan has for an action. A deadline's are a second time there where the milestone's
    text has them too and the source has them in a line of their own, one of ``timescales``."""
    action = plan.action(ref)
    officers = [plan.officer(key) for key in action.leads]
    status = plan.scheme.named(action.rating)
    texts = [action.ref, action.text, *action.measures, action.rating, status.letter if status else ""]
    for milestone in plan.milestones_of(ref):
        due = words(milestone.due.words)
        own = due in timescales
        if own:
            timescales.remove(due)
        same = set(due) <= set(words(milestone.text)) and not own
        texts += [milestone.text] if same else [milestone.text, milestone.due.words]
    for officer in officers:
        texts += [officer.title, *officer.aliases]
    priority = next((one for one in plan.priorities if one.number == action.priority), None)
    if priority:
        texts += [str(priority.number), priority.title]
    for text in texts:
        yield from words(text)


def report(source: Source, found: Gathered, drafted: Drafted) -> str:
    """The report as text, to be read beside the plan. Every cell that is not in the plan stands in it."""
    plan = drafted.plan
    said: list[str] = [f"How {source.name} was read", ""]
    said.append(
        f"{_count(len(plan.actions), 'action')}, {_count(len(plan.priorities), 'priority', 'priorities')}, "
        f"{_count(len(plan.officers), 'lead officer')}, {_count(len(plan.milestones), 'milestone')}."
    )
    said += _section("To be looked at", (_doubt(doubt) for doubt in drafted.doubts), "Nothing.")
    lost = lost_words(drafted)
    labels = Counter(cell for _, _, cell in lost)
    often = {cell for cell, count in labels.items() if count > 2 and len(words(cell)) <= 4}
    cells = [f"action {ref} ({place}): {cell}" for ref, place, cell in lost if cell not in often]
    cells += [f"{cell} ({labels[cell]} times)" for cell in labels if cell in often]
    said += _section("Cells with words that are not in the plan", cells, "None.")
    refs = list(drafted.parts)
    left = [
        *_rows(found.left_over),
        *(f"{_row(row)} [said before, in {refs[at]}]" for row, at in found.repeats),
    ]
    said += _section("Rows that are not in the plan", left, "None.")
    heads = [row for one in found.priorities for row in one.rows]
    said += _section("Headings of priorities, as they stand", _rows(heads), "None.")
    said += _section("Headings and repeated headings, left out", _counted(found.headings), "None.")
    said += _section("Page numbers and signs, left out", _counted(found.pages), "None.")
    said += _section("Rows about the plan as a whole", [*_rows(found.about), *_rows(found.key)], "None.")
    said += _section("Text outside the tables", source.paragraphs, "None.")
    said += _section("What the columns were taken for", dict.fromkeys(found.columns), "None.")
    if source.notes:
        said += _section("What the file holds besides", source.notes, "")
    return "\n".join(said) + "\n"


def commented(toml: str, doubts: Iterable[Doubt]) -> str:
    """A plan document with a comment above each table that something is in doubt of."""
    by_table: dict[tuple[str, str], list[str]] = {}
    for doubt in doubts:
        where = f" (document, {doubt.place})" if doubt.place else ""
        comment = f"# CHECK: {' '.join(doubt.text.split())}{where}"
        known = by_table.setdefault((doubt.kind, doubt.name), [])
        known += [comment] if comment not in known else []
    out: list[str] = []
    written = toml.split("\n")
    for at, line in enumerate(written):
        heading = _HEADING.match(line)
        if heading:
            kind = heading[1] or "plan"
            named = _NAME.match(written[at + 1]) if kind != "plan" and at + 1 < len(written) else None
            out += by_table.pop((kind, _title(kind, written, at) if named else ""), [])
        out.append(line)
    return "\n".join(out)


def _title(kind: str, written: list[str], at: int) -> str:
    name = _NAME.match(written[at + 1])
    assert name is not None
    title = name["name"].replace('\\"', '"').replace("\\\\", "\\")
    if kind == "officer" and written[at + 2].startswith("organisation = "):
        title += ", " + written[at + 2].partition(" = ")[2].strip('"')
    return title


def _doubt(doubt: Doubt) -> str:
    what = "" if doubt.kind == "plan" else f"{doubt.kind} {doubt.name}"
    where = f" ({doubt.place})" if doubt.place else ""
    return f"{what}{where}: {doubt.text}" if what else f"the plan: {doubt.text}"


def _rows(rows: Iterable[SourceRow]) -> Iterator[str]:
    return (_row(row) for row in rows)


def _row(row: SourceRow) -> str:
    return f"{row.place}: {_cells(row)}"


def _cells(row: SourceRow) -> str:
    return " | ".join(" ".join(one_line(cell).split()) or cell.strip() for cell in row.filled)


def _counted(rows: Iterable[SourceRow]) -> list[str]:
    counts = Counter(_cells(row) for row in rows)
    return [f"{text} ({count} times)" if count > 1 else text for text, count in counts.items()]


def _section(title: str, entries: Iterable[str], none: str) -> list[str]:
    listed = [f"- {entry}" for entry in entries]
    count = f" ({len(listed)})" if listed else ""
    return ["", f"{title}{count}", *(listed or [none])]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
