"""Reading a master workbook into a :class:`~lscb_workbook.tracker.state.Tracker`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from lscb_workbook.ooxml import PackageError
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.officers import nearest_officer, officer_finder
from lscb_workbook.plan.records import (
    ACTION_FIELDS,
    DEADLINE_FIELDS,
    MILESTONE_FIELDS,
    Cell,
    Change,
    Decision,
    Field,
    Officer,
    Plan,
    PlanYear,
)
from lscb_workbook.tracker import agreed, by_hand, plan_rows, record_rows
from lscb_workbook.tracker.cells import (
    Raw,
    count_of,
    day_of,
    entry_of,
    held_day,
    is_true_day,
    stands,
    text_of,
)
from lscb_workbook.tracker.collecting import collecting_later
from lscb_workbook.tracker.columns import Name
from lscb_workbook.tracker.earlier import archived_from
from lscb_workbook.tracker.layout import FIELD_HEADERS, SCHEMA, TRACKER_TABLES
from lscb_workbook.tracker.oddities import DUE_SOON_DAYS, due_soon_days, odd_cells, odd_cover
from lscb_workbook.tracker.sheets import Row, Sheets
from lscb_workbook.tracker.state import AmissDay, Tracker

__all__ = ["read_bytes", "read_tracker", "tracker_from"]


def read_bytes(path: Path, what: str = "the master tracker") -> bytes:
    """The bytes of a file. Raises WorkbookError where there is none to read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"There is no file {path}. Check the name of {what} and its folder.") from None
    except IsADirectoryError:
        raise WorkbookError(f"{path} is a folder. Give the workbook itself, not the folder.") from None
    except PermissionError:
        raise WorkbookError(
            f"{path} may not be read. Close it if it is open elsewhere, or ask for access to it."
        ) from None
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from error


def read_tracker(path: Path) -> Tracker:
    """The tracker in a master workbook.

    Raises WorkbookError where the file is missing, is no workbook, is not a tracker of this tool, or
    was made by a newer version of it.
    """
    data = read_bytes(path)
    try:
        sheets = Sheets(data)
    except PackageError as error:
        raise WorkbookError(f"{path}: {error}") from error
    return tracker_from(sheets, str(path))


@collecting_later()
def tracker_from(sheets: Sheets, name: str, *, known: Sequence[Change] = ()) -> Tracker:
    """The tracker that these sheets hold. ``name`` is what messages call the file; ``known`` are changes of
    its History that come before those on the sheets."""
    settings = _settings(sheets, name)
    _check_columns(sheets, name)
    officers = plan_rows.officers_from(sheets.rows("Officers"))
    history = (*known, *record_rows.changes_from(sheets.rows("History"), officers))
    year = PlanYear(_day(sheets, Name.YEAR_FIRST, name), _day(sheets, Name.YEAR_LAST, name))
    printed = {
        change.cell.ref: change.result
        for change in history
        if change.cell.field is Field.RATING
        and change.decision in (Decision.AGREED_IN_PLAN, Decision.CARRIED)
    }
    agreed_words = agreed.kept_in(settings)
    actions, plan_words, typed = agreed.restored("Plan", sheets.rows("Plan"), agreed_words)
    milestones, words, more = agreed.restored("Milestones", sheets.rows("Milestones"), agreed_words)
    plan = Plan(
        board=text_of(sheets.value(Name.BOARD)),
        title=text_of(sheets.value(Name.PLAN_TITLE)),
        chair=text_of(sheets.value(Name.CHAIR)),
        year=year,
        scheme=plan_rows.scheme_from(sheets.rows("RagKey")),
        priorities=plan_rows.priorities_from(sheets.rows("Priorities")),
        officers=officers,
        actions=plan_rows.actions_from(actions, officers, printed),
        milestones=plan_rows.milestones_from(milestones, officers, year),
        meetings=plan_rows.meetings_from(sheets.rows("Meetings")),
        events=plan_rows.events_from(sheets.rows("Events")),
    )
    gone = agreed.gone(agreed_words, plan)
    _check_leads(actions, "Plan", officers, name)
    _check_leads(milestones, "Milestones", officers, name)
    action_rows = _by_key(actions, TRACKER_TABLES["Plan"].header("ref"), name, "Plan")
    milestone_rows = _by_key(milestones, TRACKER_TABLES["Milestones"].header("id"), name, "Milestones")
    for row in milestone_rows.values():
        ref = row.text(TRACKER_TABLES["Milestones"].header("ref"))
        if ref not in action_rows:
            raise WorkbookError(
                f"{name}: row {row.number} of the Milestones tab is for action '{ref}', which the Plan tab "
                f"does not have. {_what_to_do(action_rows, agreed_words)}"
            )
    known_days = by_hand.known_days(sheets.rows("Cycles"), sheets.rows("Returns"))
    cycles, in_cycles = record_rows.cycles_from(sheets.rows("Cycles"), known_days)
    issued, in_returns = record_rows.issued_from(sheets.rows("Returns"), officers, known_days, history)
    days = due_soon_days(sheets.value(Name.DUE_SOON_DAYS))
    names = {one.name for one in cycles} | {one.name[0] for one in in_cycles}
    findings = record_rows.findings_from(sheets.rows("Checks"))
    found = tuple(_entries(plan, action_rows, milestone_rows))
    return Tracker(
        id=settings["tracker"],
        key=settings["key"],
        plan=plan,
        entries={cell: text for cell, _, text in found if text},
        history=history,
        conflicts=record_rows.conflicts_from(sheets.rows("Conflicts"), officers),
        cycles=cycles,
        issued=issued,
        as_at=held_day(sheets.value(Name.AS_AT)),
        due_soon_days=DUE_SOON_DAYS if days is None else days,
        rows={key: row.number for key, row in (action_rows | milestone_rows).items()},
        findings=findings,
        settings=settings,
        words={**plan_words, **words, **gone},
        typed=(*typed, *more),
        by_hand=(*in_cycles, *in_returns),
        odd=(
            *agreed.gone_findings(gone, plan),
            *record_rows.lost_findings(len(history), settings, findings),
            *odd_cells(sheets),
            *odd_cover(sheets, cycles[-1].name if cycles else "", names),
        ),
        amiss=frozenset(cell for cell, raw, text in found if not stands(cell.field, raw, text)),
        amiss_days=tuple(_amiss_days(sheets)),
        archive=archived_from(sheets.rows("Archive")) if "Archive" in sheets else (),
    )


def _settings(sheets: Sheets, name: str) -> Mapping[str, str]:
    if "Lscb" not in sheets:
        raise WorkbookError(
            f"{name} is a workbook, but not a tracker made by lscb-workbook. "
            "Give the master that 'lscb-workbook new' made, not a copy or another workbook."
        )
    settings = {row.text("Key"): row.words("Value") for row in sheets.rows("Lscb")}
    if count_of(settings.get("schema")) > SCHEMA:
        raise WorkbookError(
            f"{name} was made by a newer version of lscb-workbook (schema {settings['schema']}; "
            f"this version knows {SCHEMA}). Install the newer version and try again."
        )
    missing = [key for key in ("tracker", "key", "schema") if not settings.get(key)]
    if missing:
        raise WorkbookError(
            f"{name} has lost its {' and '.join(missing)} (very hidden sheet '_lscb'). Take the last backup."
        )
    return settings


def _check_columns(sheets: Sheets, name: str) -> None:
    for table in TRACKER_TABLES.values():
        known = sheets.book.tables[table.name].columns if table.name in sheets and not table.view else ()
        missing = [one.header for one in table.columns if not one.later and one.header not in known]
        if known and missing:
            raise WorkbookError(
                f"{name}: the table on the tab '{sheets.book.tables[table.name].sheet}' has lost the heading "
                f"'{missing[0]}'. Put it back as it was, or take the last backup."
            )


def _what_to_do(actions: Mapping[str, Row], known: agreed.Words) -> str:
    """How to get back an action that milestones have and the Plan tab has not."""
    strange = [f"row {row.number} has '{ref}'" for ref, row in actions.items() if known and ref not in known]
    if not strange:
        return "Correct the ref, or add the action."
    return (
        f"Its ref was probably typed over: on the Plan tab {', '.join(strange[:3])}, which was not there "
        "before. Put the ref back, save, and run the command again."
    )


def _check_leads(rows: Sequence[Row], tab: str, officers: tuple[Officer, ...], name: str) -> None:
    header = TRACKER_TABLES[tab].header("leads")
    find = officer_finder(officers)
    for row in rows:
        for line in row.text(header).split("\n"):
            if line.strip() and find(line) is None:
                near = nearest_officer(officers, line)
                hint = f" The nearest there is '{near}'." if near else ""
                raise WorkbookError(
                    f"{name}: row {row.number} of the {tab} tab is led by '{line.strip()}', who is not on "
                    f"the Officers tab.{hint} Add them there, or write that name under 'Also written as'."
                )


def _day(sheets: Sheets, wanted: Name, name: str) -> date:
    day = held_day(sheets.value(wanted))
    if day is None:
        raise WorkbookError(
            f"{name}: the cell named '{wanted}' on the Cover does not hold a date. "
            "Enter the first and last day of the plan year there."
        )
    return day


def _by_key(rows: Sequence[Row], header: str, name: str, sheet: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        key = row.text(header)
        if not key:
            raise WorkbookError(
                f"{name}: row {row.number} of the {sheet} tab has no '{header}'. "
                "Give it one, or move what it says out of the table."
            )
        if key in found:
            raise WorkbookError(
                f"{name}: '{key}' stands twice on the {sheet} tab, in rows {found[key].number} and "
                f"{row.number}. Give each row its own '{header}'."
            )
        found[key] = row
    return found


def _entries(
    plan: Plan, actions: Mapping[str, Row], milestones: Mapping[str, Row]
) -> Iterator[tuple[Cell, Raw, str]]:
    """Each cell that people fill in: what stands there, and what it says."""
    for action in plan.actions:
        for field in (*ACTION_FIELDS, Field.ASK):
            yield _entry(actions[action.ref], Cell(action.ref, "", field))
    for milestone in plan.milestones:
        for field in MILESTONE_FIELDS + DEADLINE_FIELDS:
            yield _entry(milestones[milestone.id], Cell(milestone.ref, milestone.id, field))


def _entry(row: Row, cell: Cell) -> tuple[Cell, Raw, str]:
    raw = row.raw(FIELD_HEADERS[cell.field])
    return cell, raw, entry_of(cell.field, raw)


def _amiss_days(sheets: Sheets) -> Iterator[AmissDay]:
    for table in ("Meetings", "Events"):
        header = TRACKER_TABLES[table].header("on")
        for row in sheets.rows(table):
            day = day_of(row.raw(header))
            if day and not is_true_day(row.raw(header)):
                yield AmissDay(table, row.number, header, day)
