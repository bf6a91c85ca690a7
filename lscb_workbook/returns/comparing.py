"""What a return says that its copy did not: each cell held against the values as issued.

Every difference becomes an edit: certain, likely, or refused with a reason (the rule stands in
``cleaning.py``). None is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lscb_workbook.copies.identity import AsIssued, RowKey
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.copies.rows import action_cells, milestone_cells
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import OFFICER_FIELDS, Cell, Field, Finding
from lscb_workbook.returns.answers import Comparing, answered, is_as_issued, unchanged
from lscb_workbook.returns.cleaning import Where
from lscb_workbook.returns.files.opened import Opened
from lscb_workbook.returns.grids import FoundRow, FoundTable
from lscb_workbook.returns.ground import Ground
from lscb_workbook.returns.lid import Lid
from lscb_workbook.returns.naming import RowName
from lscb_workbook.returns.records import Edit
from lscb_workbook.returns.strays import Stray, beside, bounded, elsewhere, few, noted
from lscb_workbook.tracker.cells import MAX_TEXT, text_of, words_of
from lscb_workbook.tracker.state import Tracker

__all__ = ["Comparison", "compare"]


_MOST_OF_A_CODE = 100
"""The most findings of one code that are listed of one file."""


@dataclass(frozen=True, slots=True)
class Comparison:
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]


def compare(
    opened: Opened,
    lid: Lid,
    tables: Sequence[FoundTable],
    base: AsIssued,
    ground: Ground,
    file: str,
    *,
    rows: Collection[str] | None = None,
    but: Collection[str] = (),
    claimed: AsIssued | None = None,
) -> Comparison:
    """The edits in a return. ``lid`` is what it carries hidden, ``tables`` the copy's tables as found in it.

    ``rows`` names the rows (refs and ids) that are looked at; all but those in ``but``, and what is written
    outside them, where it is None. ``claimed`` is what the file says was issued, where that is not ``base``.
    """
    work = Comparing(opened, base, ground.tracker, file)
    seen: Counter[str] = Counter()
    gone = ground.rows.gone(milestone or ref for ref, milestone in (*base, *(claimed or ())) if ref)
    for table in tables:
        for heading_key, heading in table.near.items():
            column = COPY_TABLES[table.name].header(heading_key)
            note = finding("column-recognised", file=file, sheet=table.sheet, heading=heading, column=column)
            work.findings.append(note)
        for row in table.rows:
            name = ground.rows.name(row, table.name, typed=bool(table.sheet), gone=gone)
            if name.row in rows if rows is not None else name.row not in but:
                seen[name.row] += 1
                _row(work, table, row, name)
    for name_of_table in COPY_TABLES:
        _missing(work, name_of_table, [table for table in tables if table.name == name_of_table], seen)
    if rows is None:
        ratings = ground.plan.scheme.names
        for edit, note in elsewhere(opened, lid, tables, base, claimed or {}, ratings, file):
            work.add(edit, note)
    edits, doubles = _without_doubles(work.edits, seen, file)
    findings = tuple(dict.fromkeys((*work.findings, *doubles)))
    if any(edit.refused or edit.doubt or 2 * len(edit.returned) > MAX_TEXT for edit in edits):
        edits = [*bounded(few(edits))]
    return Comparison(tuple(edits), _few_findings(findings, file))


def _few_findings(findings: tuple[Finding, ...], file: str) -> tuple[Finding, ...]:
    """The findings, so many of a code at most; the others counted."""
    if len(findings) <= _MOST_OF_A_CODE:
        return findings
    counts: Counter[str] = Counter()
    kept = []
    for one in findings:
        counts[one.code] += 1
        if counts[one.code] <= _MOST_OF_A_CODE:
            kept.append(one)
    more = len(findings) - len(kept)
    return (*kept, finding("return-crowded", file=file, count=more)) if more else findings


def _missing(work: Comparing, name: str, tables: Sequence[FoundTable], seen: Collection[str]) -> None:
    """Say what of the officer's rows, and of their columns, is not in the return."""
    milestones = name == "MyMilestones"
    theirs = {milestone or ref for ref, milestone in work.base if ref and bool(milestone) == milestones}
    if name not in ("MyActions", "MyMilestones") or not theirs:
        return
    if not tables:
        note = finding("sheet-missing", file=work.file, wanted=COPY_TABLES[name].sheet)
        work.findings.append(note)
        return
    gone = set.intersection(*(set(table.missing) for table in tables))
    for column in COPY_TABLES[name].columns:
        if column.header in gone and column.key in OFFICER_FIELDS:
            note = finding("column-missing", file=work.file, sheet=tables[0].sheet, column=column.header)
            work.findings.append(note)
    for row in sorted(theirs - set(seen)):
        work.findings.append(finding("row-missing", file=work.file, sheet=tables[0].sheet, ref=row))


# --- rows ------------------------------------------------------------------------------------


def _row(work: Comparing, table: FoundTable, row: FoundRow, name: RowName) -> None:
    where = Where(work.file, table.sheet, name.row)
    if name.doubt:
        work.findings.append(where.note("row-recognised", text=text_of(row.key) or "(no ref)"))
    held = work.base.get(RowKey(name.ref, name.milestone), {})
    if not name.known or held.keys().isdisjoint(row.cells):
        _foreign_row(work, row, name, where)
        return
    marked = table.sheet in work.opened.marks
    edits = []
    for key, raw in row.cells.items():
        base = held.get(key)
        if base is None or (not marked and (raw == base or is_as_issued(raw, base))):
            continue
        if edit := answered(work, table, row, name, key, base, where):
            edits.append(edit)
    work.edits += edits
    written = work.marks_by_row(table.sheet)
    key = COPY_TABLES[table.name].columns[0].key
    over = text_of(work.typed(table.sheet, row.spot(key), None)) if marked and key in row.columns else ""
    typed = over or name.typed
    if typed:
        cell = Cell(name.ref, name.milestone, Field.OTHER)
        work.add(Edit(cell, name.row, typed, refused="the ref is the plan's and may not be changed"))
    if row.beside or marked:
        strays = [*noted(written, row, table, where), *beside(written, row, where)]
        _propose_strays(work, name, strays, edits)


def _foreign_row(work: Comparing, row: FoundRow, name: RowName, where: Where) -> None:
    """A row that is another officer's or nobody's: what it says is refused, with what the tracker says.

    The words of a row that the plan does not have are listed together.
    """
    held = _tracker_row(name, work.tracker)
    code = "row-not-theirs" if held else "row-unknown"
    reason = "the row is not this officer's" if held else "the row is not in the plan"
    note = where.note(code)
    written = work.marks_by_row(where.sheet)
    other = Cell(name.ref, name.milestone, Field.OTHER)
    filled = 0
    words: list[str] = []
    for key, raw in row.cells.items():
        typed = work.typed(where.sheet, row.spot(key), raw)
        text, standing = words_of(typed), held.get(key, "")
        if not held and key not in OFFICER_FIELDS:
            words += [text] if text else []
        elif text and (not held or key in held) and not unchanged(work, typed, standing, where):
            filled += 1
            cell = other._replace(field=Field(key)) if key in OFFICER_FIELDS else other
            work.add(Edit(cell, standing, text, refused=reason), note)
    if words and not (filled and len(words) == 1 and words[0] in name.row):
        work.add(Edit(other, "", " | ".join(words), refused=reason), note)
    for _, text in [*written.notes.get(row.number, ()), *written.beside(row)]:
        work.add(Edit(other, "", text, refused=reason), note)


def _tracker_row(name: RowName, tracker: Tracker) -> Mapping[str, str]:
    """A row of the plan as the tracker holds it now; empty where the plan has no such row."""
    plan = tracker.plan
    for one in plan.milestones:
        if name.known and name.milestone == one.id:
            return milestone_cells(plan, tracker.entries, one)
    for action in plan.actions:
        if name.known and not name.milestone and action.ref == name.ref:
            return action_cells(plan, tracker.entries, action)
    return {}


def _propose_strays(work: Comparing, name: RowName, strays: Sequence[Stray], edits: Iterable[Edit]) -> None:
    """What stands beside a row or in its notes, proposed below what the officer wrote in it for certain."""
    if not strays:
        return
    field_ = Field.NOTE if name.milestone else Field.COMMENTARY
    cell = Cell(name.ref, name.milestone, field_)
    base = work.base.get(RowKey(name.ref, name.milestone), {}).get(field_, "")
    own = next((e for e in edits if e.cell == cell and not e.refused), None)
    texts = [text for text in (own.returned if own else base, *(stray.text for stray in strays)) if text]
    doubts = [own.doubt if own else name.doubt, *(stray.where for stray in strays)]
    if own and own.doubt:  # one proposal, not two that could not both be taken
        work.edits.remove(own)
    doubt = "; ".join(dict.fromkeys(filter(None, doubts)))
    if "\n".join(texts).strip() != base.strip():
        work.edits.append(Edit(cell, base, "\n".join(texts), doubt=doubt))
    work.findings += [stray.finding for stray in strays]


def _without_doubles(
    made: Sequence[Edit], rows: Mapping[str, int], file: str
) -> tuple[list[Edit], list[Finding]]:
    """The edits once each. ``rows`` is how often each row stands in the file.

    Certain ones of one cell that differ, since its row stands twice, are all refused; a blank in only some of
    its rows wipes nothing out for certain.
    """
    cells = {edit.cell for edit in made}
    if len(cells) == len(made) and max(rows.values(), default=0) < 2:
        return sorted(made, key=lambda one: bool(one.doubt)), []
    times = Counter((edit.cell, edit.returned) for edit in made if not (edit.refused or edit.doubt))
    by_cell: dict[Cell, list[Edit]] = {}
    known: set[Edit] = set()
    said: set[tuple[Cell, str, bool]] = set()
    for edit in sorted(made, key=lambda one: bool(one.doubt)):
        says = (edit.cell, edit.returned, bool(edit.refused))
        if edit not in known and (edit.refused or says not in said):
            by_cell.setdefault(edit.cell, []).append(edit)
            known.add(edit)
            said.add(says)
    kept: list[Edit] = []
    findings: list[Finding] = []
    for cell, edits in by_cell.items():
        sure = [edit for edit in edits if not edit.refused and not edit.doubt]
        if len(sure) > 1:
            findings.append(finding("row-twice", file=file, ref=cell.milestone or cell.ref))
            sure = [replace(edit, refused="the row stands twice with different entries") for edit in sure]
        elif sure and not sure[0].returned and times[cell, ""] < rows.get(cell.milestone or cell.ref, 0):
            findings.append(finding("row-repeated", file=file, ref=cell.milestone or cell.ref))
            sure = [replace(sure[0], doubt="the row stands twice, blank and as it was issued")]
        kept += sure + [edit for edit in edits if edit.refused or edit.doubt]
    return kept, findings
