"""The live formulas of the summary tabs, over the tables of the tracker.

Written in the file format's own form, and with nothing that Excel 2016 or LibreOffice lacks. Each is
stored beside the figure that the review counted, so both must agree. A ref is never a criterion of
COUNTIFS, which takes ``1.10`` for ``1.1``; a rating is compared trimmed and as text, as the review does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lscb_workbook.plan.records import RagScheme
from lscb_workbook.plan.schemes import in_words
from lscb_workbook.review.cycles import ReturnState
from lscb_workbook.review.milestones import State

__all__ = [
    "NEXT_MEETING",
    "actions",
    "actions_of_officer",
    "actions_of_organisation",
    "actions_of_priority",
    "as_number",
    "as_text",
    "beginning",
    "column",
    "course_now",
    "days_since",
    "difference",
    "due_by_next_meeting",
    "filled",
    "found",
    "headline",
    "milestones_in_state",
    "milestones_of_officer",
    "milestones_of_organisation",
    "milestones_of_priority",
    "moved_in_words",
    "of_action",
    "of_milestone",
    "quoted",
    "rated",
    "rated_of_officer",
    "rated_of_organisation",
    "rated_of_priority",
    "rating_of_action",
    "said",
    "share_of_actions",
    "sum_of",
    "this",
    "without",
    "words",
]

_PRIORITY, _STATE, _COUNTS = "Plan[Priority]", "Milestones[State]", "Milestones[Date that counts]"
_RATING = "TRIM(Plan[RAG rating])"

NEXT_MEETING = 'IFERROR(SMALL(Meetings[Day],COUNTIF(Meetings[Day],"<"&AsAt)+1),AsAt+DueSoonDays)'
"""The day of the board's next meeting, or else the last that is due soon."""


def quoted(text: str) -> str:
    """Text as a formula says it."""
    return '"' + text.replace('"', '""') + '"'


@lru_cache(maxsize=1024)
def _heading(header: str) -> str:
    """A heading as a structured reference says it."""
    return re.sub(r"([\[\]#'])", r"'\1", header)


def column(table: str, header: str) -> str:
    """All of a table's column."""
    return f"{table}[{_heading(header)}]"


def this(table: str, header: str) -> str:
    """The cell under a heading in the formula's own row."""
    return f"{table}[[#This Row],[{_heading(header)}]]"


def sum_of(parts: Sequence[str]) -> str:
    return "+".join(parts) or "0"


def words(state: State) -> str:
    """A state as the Milestones tab says it."""
    return state.value.replace("_", " ").capitalize()


# --- what stands in another table ------------------------------------------------------------


def found(table: str, header: str, key: str, by: str) -> str:
    """The cell under ``header`` of the row of a table that says ``by`` under ``key``."""
    return f"INDEX({column(table, header)},MATCH({by},{column(table, key)},0))"


def as_text(cell: str) -> str:
    """A cell as text, empty where it is blank or not found."""
    return f'IFERROR({cell}&"","")'


def as_number(cell: str) -> str:
    """A day or a number, empty where it is blank or not found."""
    return f'IFERROR(IF({cell}="","",{cell}),"")'


def of_action(table: str, header: str) -> str:
    """What the Plan tab says, under a heading, of the action of this row."""
    return as_text(found("Plan", header, "Ref", this(table, "Ref")))


def rating_of_action(ref: str) -> str:
    """How the Plan tab rates an action, without the blanks around it."""
    return f'IFERROR(TRIM({found("Plan", "RAG rating", "Ref", ref)}),"")'


def beginning(text: str, most: int, where: str) -> str:
    """A text, or its first ``most`` letters and ``where`` the rest of it stands."""
    return f"IF(LEN({text})>{most},LEFT({text},{most})&{quoted(where)},{text})"


def of_milestone(table: str, header: str) -> str:
    """The cell of the Milestones tab, under a heading, of the milestone of this row."""
    return found("Milestones", header, "Milestone", this(table, "Milestone"))


def days_since(day: str) -> str:
    """From a day to the as-at day; empty where the day is blank."""
    return f'IF({day}="","",AsAt-{day})'


def difference(later: str, earlier: str) -> str:
    """Days from one day to another; empty where either is blank."""
    return f'IF(OR({later}="",{earlier}=""),"",{later}-{earlier})'


# --- counts ----------------------------------------------------------------------------------


def actions() -> str:
    """How many actions there are."""
    return "COUNTA(Plan[Ref])"


def rated(name: str) -> str:
    """How many actions are rated so."""
    return f"SUMPRODUCT(--({_RATING}={quoted(name)}))"


def filled(table: str, header: str) -> str:
    """How many rows of a table say anything under a heading."""
    return f"SUMPRODUCT(--(TRIM({column(table, header)})<>{quoted('')}))"


def said(table: str, header: str, word: str) -> str:
    """How many rows of a table say this word under a heading."""
    return f"SUMPRODUCT(--({column(table, header)}={quoted(word)}))"


def milestones_in_state(state: State) -> str:
    """How many milestones the Milestones tab shows in a state."""
    return f"COUNTIFS({_STATE},{quoted(words(state))})"


def due_by_next_meeting(next_meeting: str, table: str = "Milestones", due: str = "Date that counts") -> str:
    """How many milestones of a table fall due by a day and are neither missed nor done with."""
    return sum_of(
        [
            f"COUNTIFS({column(table, 'State')},{quoted(words(state))},{column(table, due)},"
            f'"<="&{next_meeting})'
            for state in (State.DUE_SOON, State.NOT_YET_DUE)
        ]
    )


def without(table: str, total: str, counted: Sequence[str]) -> str:
    """What is left of one column of a row when others are taken off."""
    return "-".join(this(table, header) for header in (total, *counted))


# --- by priority -----------------------------------------------------------------------------


def _of_priority() -> str:
    return f'({_PRIORITY}&""={this("ByPriority", "Priority")}&"")'


def actions_of_priority(number: int | None) -> str:
    """How many actions a priority has; all priorities' where ``number`` is None."""
    return actions() if number is None else f"SUMPRODUCT(--{_of_priority()})"


def rated_of_priority(number: int | None, name: str) -> str:
    """How many of a priority's actions are rated so; of all where ``number`` is None."""
    return rated(name) if number is None else f"SUMPRODUCT({_of_priority()}*({_RATING}={quoted(name)}))"


def share_of_actions(header: str) -> str:
    """A rating's part of a priority's actions; its count stands under ``header``."""
    total = this("ByPriority", "Actions")
    return f"IF({total}=0,0,{this('ByPriority', header)}/{total})"


def milestones_of_priority(number: int | None, *states: State) -> str:
    """How many milestones of a priority are in one of these states; all of them where none is given."""
    of = "" if number is None else f"Milestones[Priority],{this('ByPriority', 'Priority')}"
    if not states:
        return f"COUNTIFS({of})" if of else "COUNTA(Milestones[Milestone])"
    comma = "," if of else ""
    return sum_of([f"COUNTIFS({of}{comma}{_STATE},{quoted(words(state))})" for state in states])


# --- by officer and by organisation ----------------------------------------------------------


def _line(name: str, lines: str) -> str:
    """Whether this row's name is one of the lines of each cell of a column."""
    return f"ISNUMBER(FIND(CHAR(10)&{name}&CHAR(10),CHAR(10)&{lines}&CHAR(10)))"


_OFFICER = this("ByOfficer", "Lead officer")
_ORGANISATION = this("ByOrganisation", "Organisation")


def actions_of_officer() -> str:
    return f"SUMPRODUCT(--{_line(_OFFICER, 'Plan[Lead officer]')})"


def rated_of_officer(name: str) -> str:
    return f"SUMPRODUCT({_line(_OFFICER, 'Plan[Lead officer]')}*({_RATING}={quoted(name)}))"


def milestones_of_officer(state: State) -> str:
    return f"SUMPRODUCT({_line(_OFFICER, 'Milestones[Lead officer]')}*({_STATE}={quoted(words(state))}))"


def actions_of_organisation() -> str:
    return f"SUMPRODUCT(--{_line(_ORGANISATION, 'Plan[Organisations]')})"


def rated_of_organisation(name: str) -> str:
    return f"SUMPRODUCT({_line(_ORGANISATION, 'Plan[Organisations]')}*({_RATING}={quoted(name)}))"


def milestones_of_organisation(state: State) -> str:
    return (
        f"SUMPRODUCT({_line(_ORGANISATION, 'Milestones[Organisations]')}*({_STATE}={quoted(words(state))}))"
    )


# --- movement --------------------------------------------------------------------------------


def course_now() -> str:
    """The course of this row's rating: its place in the order of severity, negative where it says nothing of
    progress, 0 where the scheme does not know it."""
    return f"SUMPRODUCT((RagKey[Status]={this('Movement', 'Rating now')})*RagKey[Course])"


def moved_in_words(before: str) -> str:
    """How a rating moved from the course under a heading to what it is now. It is the rule of
    ``review.movement.direction``."""
    was, now = this("Movement", before), this("Movement", "Course now")
    return (
        f'IF({was}={now},"→ Same",IF({was}=0,"New rating",IF(OR({was}<0,{now}<=0),"Changed",'
        f'IF({now}>{was},"↑ Improved","↓ Worse"))))'
    )


# --- the headline ----------------------------------------------------------------------------


def headline(scheme: RagScheme) -> str:
    """The sentence of ``review.headline`` as it stands at every moment, to the letter."""
    counts = [(rated(name), in_words(name)) for name in scheme.names]
    rest = actions() + "".join(f"-{count}" for count, _ in counts)
    listed = "&".join(
        f'IF({count}>0,", "&({count})&{quoted(f" {name}")},"")'
        for count, name in (*counts, (rest, "not rated"))
    )
    missed, conflicts = milestones_in_state(State.MISSED), "COUNTA(Conflicts[Ref])"
    silent, back, same = (
        said("ByOfficer", "Return", one.value)
        for one in (ReturnState.NOT_RETURNED, ReturnState.RETURNED, ReturnState.UNCHANGED)
    )
    returns = (
        f'IF({silent}>0,"; "&{silent}&IF({silent}=1," officer has"," officers have")&" not returned",'
        f'IF({back}+{same}>0,"; every officer has returned",""))'
        f'&IF({same}>0,", "&{same}&IF({silent}>0," returned"," of them")&" the copy unchanged","")'
    )
    return (
        f'IF({actions()}=0,"No actions",{actions()}&IF({actions()}=1," action"," actions")&": "'
        f"&MID({listed},3,9999))"
        f'&"; "&IF({missed}=0,"no",{missed})&IF({missed}=1," milestone"," milestones")&" missed"'
        f'&{returns}&IF({conflicts}=0,"","; "&{conflicts}&IF({conflicts}=1," conflict"," conflicts")'
        '&" to settle")&"."'
    )
