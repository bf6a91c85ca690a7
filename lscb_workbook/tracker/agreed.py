"""The plan's own words, which the manager may amend by hand, and what follows from them, which is put back.

Both stand on the Plan and Milestones tabs, and once more, as the tool last knew them, on the very hidden
sheet: that is how an edit by hand is told from a day that the Calendar has moved. A row that the hidden sheet
does not have yet (one added by hand, or a tracker made before it had any) is taken as it stands. Of a row
that is gone from its tab the hidden sheet keeps the words, so that it is told of until it is back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lscb_workbook.ooxml import Formula, Value, Workbook, address
from lscb_workbook.plan.calendar import due_on
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Cell, Change, Decision, Field, Finding, Meaning, Plan
from lscb_workbook.tracker.cells import count_of, date_of, held_day, iso, text_of
from lscb_workbook.tracker.columns import Kind
from lscb_workbook.tracker.layout import TRACKER_TABLES
from lscb_workbook.tracker.pieces import joined, pieces
from lscb_workbook.tracker.sheets import Row, Sheets

__all__ = [
    "Typed",
    "Words",
    "dated",
    "gone",
    "gone_findings",
    "hidden",
    "is_word",
    "kept_in",
    "put_back",
    "recorded",
    "restored",
    "typed_findings",
    "typed_over_formulas",
    "words_in",
]

Words = Mapping[str, Mapping[str, str]]
"""What stands in the plan's own columns, by ref or milestone id and then by column key; blanks are absent."""

_COLUMNS = {
    "Plan": ("priority", "text", "milestones", "measures", "uncertain", "carried"),
    "Milestones": ("ref", "priority", "text", "words", "kind", "due", "uncertain", "carried"),
}
_AMENDABLE = {"Plan": ("text", "milestones", "measures", "uncertain"), "Milestones": ("text", "uncertain")}
"""Words from which nothing follows: what the manager makes of them is what the plan now says."""
_CALCULATED = {column.key: column.header for column in TRACKER_TABLES["Milestones"].columns if column.formula}
_NAME = {"Plan": "ref", "Milestones": "id"}
_KEY = "plan "


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell of the plan's own that was changed by hand: its table, row and column key, the ref or id it is
    of, what was typed (``""``: it was emptied), and what the tool had written (``""`` where that was a blank
    or a formula)."""

    table: str
    row: int
    key: str
    name: str
    text: str
    agreed: str

    @property
    def column(self) -> str:
        return TRACKER_TABLES[self.table].header(self.key)

    @property
    def calculated(self) -> bool:
        return self.key in _CALCULATED

    @property
    def amended(self) -> bool:
        """Whether what was typed stands from now on."""
        return self.key in _AMENDABLE[self.table]


def restored(table: str, rows: Sequence[Row], known: Words) -> tuple[list[Row], Words, tuple[Typed, ...]]:
    """The rows of a table as they now count, the words in them, and what was typed over those known before:
    amended words stand, all else is put back.

    Blanks between words make no difference.
    """
    header = TRACKER_TABLES[table].header
    made: list[Row] = []
    words: dict[str, Mapping[str, str]] = {}
    typed: list[Typed] = []
    for row in rows:
        name = row.text(header(_NAME[table]))
        stands = {key: text for key in _COLUMNS[table] if (text := _stands(row, key, header(key)))}
        agreed = known.get(name, stands)
        if stands != agreed:
            over = [
                Typed(table, row.number, key, name, stands.get(key, ""), agreed.get(key, ""))
                for key in _COLUMNS[table]
                if stands.get(key, "").split() != agreed.get(key, "").split()
            ]
            cells = list(row.cells)
            for one in over:
                if one.amended:
                    agreed = {key: text for key, text in agreed.items() if key != one.key}
                    agreed |= {one.key: one.text} if one.text else {}
                elif (place := row.places.get(one.column)) is not None:
                    cells[place] = one.agreed or None
            row = row._replace(cells=cells)
            typed += over
        made.append(row)
        words[name] = agreed
    return made, words, tuple(typed)


def _stands(row: Row, key: str, header: str) -> str:
    """What a cell says, a day or a number however it is formatted."""
    if key == "due":
        return iso(held_day(row.raw(header))) or row.text(header)
    raw = row.raw(header)
    return str(count_of(raw)) if isinstance(raw, date) and key == "priority" else text_of(raw)


def gone(known: Words, plan: Plan) -> Words:
    """Of the words known before, those of rows that the plan has no more."""
    there = {action.ref for action in plan.actions} | {milestone.id for milestone in plan.milestones}
    return {name: words for name, words in known.items() if name not in there}


def gone_findings(words: Words, plan: Plan) -> Iterator[Finding]:
    """A finding for each row that is gone; ``words`` are theirs."""
    withdrawn = next((one.name for one in plan.scheme.statuses if one.meaning is Meaning.WITHDRAWN), "")
    rate = f"set its RAG rating to '{withdrawn}'" if withdrawn else "say so in its commentary"
    for name, agreed in words.items():
        table = "Milestones" if "ref" in agreed else "Plan"
        yield finding(
            "master-row-missing",
            sheet=TRACKER_TABLES[table].sheet,
            ref=name,
            tab=TRACKER_TABLES[table].sheet,
            text=_shown(agreed.get("text", "")),
            instead="set its status to 'No longer needed'" if table == "Milestones" else rate,
        )


def typed_over_formulas(sheets: Sheets, plan: Plan, rows: Mapping[str, int]) -> tuple[Typed, ...]:
    """What was typed over the formulas of the Milestones tab. ``rows`` are worksheet rows by milestone id.

    Where no cell of a column calculates, a program took the formulas away, not a hand.
    """
    names = [milestone.id for milestone in plan.milestones]
    bare: list[tuple[str, str]] = []
    for key, header in _CALCULATED.items():
        without = [
            name for name in names if not sheets.book.formula_or_error("Milestones", rows[name], header)
        ]
        bare += [(key, name) for name in without if len(without) < len(names)]
    lines = {row.number: row for row in sheets.rows("Milestones")} if bare else {}
    return tuple(
        Typed("Milestones", rows[name], key, name, text, "")
        for key, name in bare
        if (text := lines[rows[name]].text(_CALCULATED[key]))
    )


def put_back(book: Workbook, typed: Sequence[Typed]) -> None:
    """Write what the tool had written in the place of what may not be typed. Days and formulas are written
    apart."""
    for one in typed:
        if one.key != "due" and not one.calculated and not one.amended:
            kind = next(column.kind for column in TRACKER_TABLES[one.table].columns if column.key == one.key)
            value: Value = count_of(one.agreed) if kind is Kind.COUNT and one.agreed else one.agreed or None
            book.set_cell(one.table, one.row, one.column, value)


def typed_findings(book: Workbook, plan: Plan, typed: Sequence[Typed]) -> tuple[Finding, ...]:
    """A finding for each cell that was typed over."""
    findings = []
    for one in typed:
        info = book.tables[one.table]
        cell = address(one.row, info.column(one.column))
        said = f"changed by hand to '{_shown(one.text)}'" if one.text else "emptied by hand"
        facts = {"place": f"{info.sheet} {cell}", "column": one.column, "agreed": _agreed(plan, one)}
        code = "plan-amended" if one.amended else "plan-cell-typed"
        findings.append(finding(code, sheet=info.sheet, ref=one.name, cell=cell, typed=said, **facts))
    return tuple(findings)


def _agreed(plan: Plan, one: Typed) -> str:
    if one.calculated:
        return "its formula"
    text = _now(plan, one)
    return f"'{_shown(text)}'" if text else "a blank"


def recorded(plan: Plan, typed: Sequence[Typed], *, as_at: date, cycle: str) -> tuple[Change, ...]:
    """What was typed, as History keeps it: an edit of the plan, or what could not enter it."""
    return tuple(
        Change(
            cell=_cell(plan, one),
            base=one.agreed,
            master=one.agreed if one.amended else _now(plan, one),
            returned=one.text,
            result="",
            decision=Decision.EDITED if one.amended else Decision.REFUSED,
            officer="",
            file="",
            sha256="",
            cycle=cycle,
            when=as_at,
            reason=f"'{one.column}' of the plan was amended by hand"
            if one.amended
            else f"typed into '{one.column}', which follows from the plan and was put back",
        )
        for one in typed
    )


def _cell(plan: Plan, one: Typed) -> Cell:
    if one.table == "Plan":
        return Cell(one.name, "", Field.OTHER)
    ref = next((milestone.ref for milestone in plan.milestones if milestone.id == one.name), "")
    return Cell(ref, one.name, Field.OTHER)


def _now(plan: Plan, one: Typed) -> str:
    """What stands in a cell once it was put back: a day as the Calendar gives it now."""
    if one.key != "due":
        return one.agreed
    due = next(milestone.due for milestone in plan.milestones if milestone.id == one.name)
    return iso(due_on(due, plan.meetings, plan.events))


def _shown(text: str) -> str:
    """A day as people write it; any other text as it is."""
    day = date_of(text)
    return f"{day:%d/%m/%Y}" if day else " ".join(text.split())


# --- on the hidden sheet ---------------------------------------------------------------------


def words_in(table: str, lines: Sequence[Mapping[str, Value]]) -> dict[str, Mapping[str, str]]:
    """The plan's own words in rows that are about to be written, by heading."""
    header = TRACKER_TABLES[table].header
    return {
        str(line[header(_NAME[table])]): {
            key: text for key in _COLUMNS[table] if (text := _text(line[header(key)]))
        }
        for line in lines
    }


def _text(value: Value) -> str:
    return "" if isinstance(value, Formula) else text_of(value)


def dated(words: Words, plan: Plan) -> Words:
    """The words with each milestone's day as the Calendar gives it now."""
    made = dict(words)
    for milestone in plan.milestones:
        day = iso(due_on(milestone.due, plan.meetings, plan.events))
        known = words.get(milestone.id, {})
        if known.get("due", "") != day:
            made[milestone.id] = {key: text for key, text in known.items() if key != "due"} | (
                {"due": day} if day else {}
            )
    return made


def hidden(words: Words) -> dict[str, str]:
    """The words as rows of the hidden sheet, by key."""
    return pieces(_KEY, words)


def kept_in(settings: Mapping[str, str]) -> Words:
    """The words that the rows of the hidden sheet hold; none where they are not there or damaged."""
    return {
        name: {key: text for key, text in line.items() if isinstance(text, str)}
        for name, line in joined(_KEY, settings).items()
        if isinstance(line, dict)
    }


def is_word(key: str) -> bool:
    """Whether a row of the hidden sheet under this key holds the plan's words."""
    return key.startswith(_KEY)
