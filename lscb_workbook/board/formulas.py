"""The live formulas of the summary tabs, over the Plan and Milestones tables.

Written in the file format's own form, and with nothing that Excel 2016 or LibreOffice lacks. Each is
stored beside the figure that the review counted, so both must agree.
"""

from __future__ import annotations

from lscb_workbook.plan.records import RagScheme

__all__ = [
    "actions_of_officer",
    "actions_of_priority",
    "headline_formula",
    "lists_check",
    "milestones_in_state",
    "milestones_of_officer",
    "milestones_of_priority",
    "rated",
    "rated_of_officer",
    "rated_of_priority",
    "share_of_actions",
    "without",
]

_RATING, _PRIORITY, _STATE = "Plan[RAG rating]", "Plan[Priority]", "Milestones[State]"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def rated(name: str) -> str:
    """How many actions are rated so."""
    return f"COUNTIFS({_RATING},{_quoted(name)})"


def milestones_in_state(state: str) -> str:
    """How many milestones the Milestones tab shows in a state."""
    return f"COUNTIFS({_STATE},{_quoted(state)})"


def _this(table: str, header: str) -> str:
    return f"{table}[[#This Row],[{header}]]"


def actions_of_priority(number: int | None) -> str:
    """How many actions a priority has; all priorities' where ``number`` is None."""
    return (
        "COUNTA(Plan[Ref])" if number is None else f"COUNTIFS({_PRIORITY},{_this('ByPriority', 'Priority')})"
    )


def rated_of_priority(number: int | None, name: str) -> str:
    if number is None:
        return rated(name)
    return f"COUNTIFS({_PRIORITY},{_this('ByPriority', 'Priority')},{_RATING},{_quoted(name)})"


def without(table: str, total: str, counted: tuple[str, ...]) -> str:
    """What is left of one column of a row when others are taken off."""
    return f"{_this(table, total)}-" + "-".join(_this(table, header) for header in counted)


def share_of_actions(name: str) -> str:
    """A rating's part of a priority's actions."""
    actions = _this("ByPriority", "Actions")
    return f"IF({actions}=0,0,{_this('ByPriority', name)}/{actions})"


def milestones_of_priority(number: int | None, *states: str) -> str:
    """How many milestones of a priority are in one of these states; all of them where none is given."""
    of = "" if number is None else f"Milestones[Priority],{_this('ByPriority', 'Priority')}"
    if not states:
        return f"COUNTIFS({of})" if of else "COUNTA(Milestones[Milestone])"
    comma = "," if of else ""
    return "+".join(f"COUNTIFS({of}{comma}{_STATE},{_quoted(state)})" for state in states)


def _leads(column: str) -> str:
    """Whether the officer of this row is one of the lines of a cell of leads."""
    return (
        f"ISNUMBER(FIND(CHAR(10)&{_this('ByOfficer', 'Lead officer')}&CHAR(10),CHAR(10)&{column}&CHAR(10)))"
    )


def actions_of_officer() -> str:
    return f"SUMPRODUCT(--{_leads('Plan[Lead officer]')})"


def rated_of_officer(name: str) -> str:
    return f"SUMPRODUCT({_leads('Plan[Lead officer]')}*({_RATING}={_quoted(name)}))"


def milestones_of_officer(state: str) -> str:
    return f"SUMPRODUCT({_leads('Milestones[Lead officer]')}*({_STATE}={_quoted(state)}))"


def headline_formula(scheme: RagScheme) -> str:
    """``27 actions: 3 Red, 6 Amber, ...; 4 milestones missed.`` as it stands at every moment."""
    counts = '&", "&'.join(f'{rated(name)}&" {name}"' for name in scheme.names)
    missed = milestones_in_state("Missed")
    return (
        f'COUNTA(Plan[Ref])&IF(COUNTA(Plan[Ref])=1," action: "," actions: ")&{counts}&"; "'
        f'&{missed}&IF({missed}=1," milestone"," milestones")&" missed."'
    )


def lists_check(exceptions: tuple[str, ...]) -> str:
    """Whether the list tabs, which the review wrote, still say what the Plan and Milestones tabs say."""
    off = "+".join(rated(name) for name in exceptions) or "0"
    same = f"AND(COUNTA(Exceptions[Ref])={off},COUNTA(Missed[Milestone])={milestones_in_state('Missed')})"
    return f'IF({same},"as on the Plan tab","OUT OF DATE: run lscb-workbook review")'
