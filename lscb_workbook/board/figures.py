"""The tables of figures: by priority, by officer, by organisation, over the year, on the Cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lscb_workbook.board import formulas
from lscb_workbook.board.masters import Row
from lscb_workbook.ooxml import Formula
from lscb_workbook.plan.records import Plan, RagScheme
from lscb_workbook.review import (
    OfficerFigures,
    OrganisationFigures,
    PriorityFigures,
    RatingCounts,
    ReturnState,
    Review,
    State,
)
from lscb_workbook.tracker.layout import NO_ORGANISATION, TRACKER_TABLES, tables_for

__all__ = [
    "cover_rows",
    "key_rows",
    "officer_rows",
    "organisation_rows",
    "priority_rows",
    "quality_rows",
    "trend_rows",
]

_SHORT = 15
"""The most refs that the Data quality tab names of one kind."""


def priority_rows(plan: Plan, found: Review) -> list[Row]:
    return [_priority(plan, one) for one in found.priorities]


def _priority(plan: Plan, one: PriorityFigures) -> Row:
    number = one.priority.number if one.priority else None
    names, header = plan.scheme.names, tables_for(plan.scheme.names)["ByPriority"].header
    milestones = one.milestones
    elsewhere = (State.MISSED, State.ONGOING)
    others = [state for state in State if not state.closed and state not in elsewhere]

    def count(*states: State) -> str:
        return formulas.milestones_of_priority(number, *states)

    return {
        "Priority": "All" if number is None else number,
        "Title": one.priority.title if one.priority else "All priorities",
        "Actions": Formula(formulas.actions_of_priority(number), one.ratings.total),
        **_ratings(plan, "ByPriority", one.ratings, lambda name: formulas.rated_of_priority(number, name)),
        **{
            header(f"share {name}"): Formula(
                formulas.share_of_actions(header(f"count {name}")), one.ratings.share(name)
            )
            for name in names
        },
        "Milestones": Formula(count(), milestones.total),
        "Met": Formula(count(State.COMPLETE, State.COMPLETE_LATE), milestones.met),
        "Missed": Formula(count(State.MISSED), milestones.missed),
        "Still to come": Formula(count(*others), milestones.still_to_come),
        "Ongoing": Formula(count(State.ONGOING), milestones.ongoing),
    }


def _ratings(plan: Plan, table: str, counts: RatingCounts, formula: Callable[[str], str]) -> Row:
    """A live count for each rating, and what is left of the actions."""
    header = tables_for(plan.scheme.names)[table].header
    live = {name: Formula(formula(name), count) for name, count in counts.by_status.items()}
    shown = {header(f"count {name}"): count for name, count in live.items()}
    rest = formulas.without(table, "Actions", tuple(shown))
    return shown | {header("not_rated"): Formula(rest, counts.not_rated)}


def key_rows(scheme: RagScheme) -> list[Row]:
    """The definitions of the ratings, word for word."""
    line = TRACKER_TABLES["CoverKey"].line
    return [line({"name": one.name, "definition": one.definition}) for one in scheme.statuses]


def officer_rows(plan: Plan, found: Review) -> list[Row]:
    return [
        {
            "Lead officer": one.officer.title,
            "Actions": Formula(formulas.actions_of_officer(), one.ratings.total),
            **_ratings(plan, "ByOfficer", one.ratings, formulas.rated_of_officer),
            **_milestones(one, formulas.milestones_of_officer),
            "Return": one.returned.value,
            "Returned on": one.returned_on,
        }
        for one in found.officers
    ]


def organisation_rows(plan: Plan, found: Review) -> list[Row]:
    return [
        {
            "Organisation": one.name or NO_ORGANISATION,
            "Actions": Formula(formulas.actions_of_organisation(), one.ratings.total),
            **_ratings(plan, "ByOrganisation", one.ratings, formulas.rated_of_organisation),
            **_milestones(one, formulas.milestones_of_organisation),
        }
        for one in found.organisations
    ]


def _milestones(one: OfficerFigures | OrganisationFigures, formula: Callable[[State], str]) -> Row:
    return {
        "Milestones missed": Formula(formula(State.MISSED), one.milestones.missed),
        "Milestones due soon": Formula(formula(State.DUE_SOON), one.milestones.due_soon),
    }


def trend_rows(plan: Plan, found: Review) -> list[Row]:
    """A row for each point of the year. The last is live; those before are past."""
    header = tables_for(plan.scheme.names)["Trend"].header
    *past, now = found.trend
    rows: list[Row] = [
        {
            header("name"): one.name,
            header("as_at"): one.as_at,
            header("actions"): one.ratings.total,
            **{header(f"count {name}"): count for name, count in one.ratings.by_status.items()},
            header("not_rated"): one.ratings.not_rated,
            header("missed"): one.missed,
        }
        for one in past
    ]
    live: Row = {
        header("as_at"): Formula("AsAt", now.as_at),
        header("actions"): Formula(formulas.actions(), now.ratings.total),
        **_ratings(plan, "Trend", now.ratings, formulas.rated),
        header("missed"): Formula(formulas.milestones_in_state(State.MISSED), now.missed),
    }
    return [*rows, {header("name"): now.name, **live}]


def quality_rows(found: Review) -> list[Row]:
    count = f"COUNTIFS(Checks[Code],{formulas.this('Quality', 'Code')})"
    return [
        {
            "What": one.title,
            "Number": Formula(count, one.count),
            "Where": _shortened(one.refs),
            "Code": one.code,
        }
        for one in found.quality
    ]


def _shortened(refs: Sequence[str]) -> str | None:
    more = len(refs) - _SHORT
    said = ", ".join(refs[:_SHORT])
    return f"{said} and {more} more" if more > 0 else said or None


# --- the Cover -------------------------------------------------------------------------------


def cover_rows(plan: Plan, found: Review, next_meeting: str) -> list[Row]:
    """The headline figures; ``next_meeting`` is what formulas call the day to which the board looks ahead."""
    return [
        {"Headline figures": what, "Number": Formula(formula, figure)}
        for what, formula, figure in _cover(plan, found, next_meeting)
    ]


def _cover(plan: Plan, found: Review, next_meeting: str) -> Iterator[tuple[str, str, int]]:
    ratings, milestones = found.priorities[0].ratings, found.priorities[0].milestones
    rest = formulas.actions() + "".join(f"-{formulas.rated(name)}" for name in plan.scheme.names)
    yield "Actions", formulas.actions(), ratings.total
    for name in plan.scheme.names:
        yield f"Rated {name}", formulas.rated(name), ratings.by_status[name]
    yield "Not rated", rest, ratings.not_rated
    evidence = formulas.filled("Plan", "Evidence of impact")
    yield "Actions with evidence of impact recorded", evidence, len(found.evidence)
    yield "Milestones", "COUNTA(Milestones[Milestone])", milestones.total
    for state, count in milestones.by_state.items():
        said = f"Milestones: {formulas.words(state).lower()}"
        yield said, formulas.milestones_in_state(state), count
    coming = formulas.due_by_next_meeting(next_meeting)
    yield "Milestones due by the day the board looks ahead to", coming, len(found.coming)
    unapproved = "COUNT(MovedDates[Proposed and not approved])"
    waiting = sum(one.revised is not None for one in found.moved_dates)
    yield "Milestones with a revised date that is not approved", unapproved, waiting
    out = ReturnState.NOT_RETURNED
    silent = sum(one.returned is out for one in found.officers)
    yield "Officers who have not returned", formulas.said("ByOfficer", "Return", out.value), silent
    yield "Conflicts to settle", "COUNTA(Conflicts[Ref])", found.open_conflicts
