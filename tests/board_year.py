"""A small plan, and returns written as short tables, for tests of the merge and the review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from lscb_workbook.plan.records import (
    Action,
    Cell,
    Field,
    Meaning,
    Milestone,
    Officer,
    OnDate,
    Plan,
    PlanYear,
    Priority,
    RagScheme,
    RagStatus,
)
from lscb_workbook.returns.records import Edit, Recognised, Return, Signature

SCHEME = RagScheme(
    (
        RagStatus("Red", "R", "off", Meaning.OFF_TRACK, "F4A9A8", "6B0D0D", True),
        RagStatus("Amber", "A", "at risk", Meaning.AT_RISK, "FFD37A", "5A3A00", True),
        RagStatus("Green", "G", "on track", Meaning.ON_TRACK, "A9DDB1", "0E4620"),
        RagStatus("Purple", "P", "withdrawn", Meaning.WITHDRAWN, "CDB8EC", "3F1673"),
        RagStatus("White", "W", "not started", Meaning.NOT_STARTED, "FFFFFF", "000000"),
    )
)
PLAN = Plan(
    board="A board",
    title="A plan",
    chair="",
    year=PlanYear(date(2016, 4, 1), date(2017, 3, 31)),
    scheme=SCHEME,
    priorities=(Priority(1, "One"),),
    officers=(Officer("ann", "Ann", ""), Officer("bob", "Bob", "")),
    actions=(
        Action("1.1", 1, "Ann's own", ("ann",), (), "White"),
        Action("1.2", 1, "Both lead it", ("ann", "bob"), (), "White"),
    ),
    milestones=(
        Milestone("1.1.1", "1.1", ("ann",), "by 31.8.16", OnDate("31.8.16", date(2016, 8, 31))),
        Milestone("1.2.1", "1.2", ("ann", "bob"), "by 31.8.16", OnDate("31.8.16", date(2016, 8, 31))),
    ),
)
AS_AT, CYCLE = date(2016, 10, 1), "Q2"


def cell(name: str) -> Cell:
    """``1.1 rating`` or ``1.1.1 status`` as a cell."""
    row, _, field = name.partition(" ")
    return (
        Cell(row.rpartition(".")[0], row, Field(field)) if row.count(".") > 1 else Cell(row, "", Field(field))
    )


def entries(**_: str) -> dict[Cell, str]:
    """What a new tracker holds."""
    return {Cell(action.ref, "", Field.RATING): action.rating for action in PLAN.actions}


def back(
    officer: str,
    edits: Mapping[str, str] | tuple[Edit, ...],
    *,
    base: Mapping[str, str] | None = None,
    hour: int = 9,
    file: str = "",
    doubt: str = "",
    cycle: str = CYCLE,
) -> Return:
    """A return of ``officer``, saved at ``hour``. ``base`` is what was issued where it is not the plan's."""
    if isinstance(edits, Mapping):
        issued = entries()
        made = tuple(
            Edit(cell(name), (base or {}).get(name, issued.get(cell(name), "")), text)
            for name, text in edits.items()
        )
    else:
        made = edits
    moment = datetime(2016, 9, 20, hour)
    name = file or f"{officer}-{hour}"
    return Return(
        file=f"{name}.xlsx",
        sha256=f"sha of {name} {moment} {officer} {cycle} {doubt} {hash(made)}",
        officer=officer,
        cycle=cycle,
        recognised_by=Recognised.PROPERTIES,
        signature=Signature.VALID,
        saved_at=moment,
        written_at=moment,
        edits=tuple(one for one in made if one.refused or one.returned != one.base),
        doubt=doubt,
    )
