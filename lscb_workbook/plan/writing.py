"""A plan written as a plan document, to be read and edited by a person and read back as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from lscb_workbook.plan.calendar import board_meetings, events
from lscb_workbook.plan.deadlines import read_deadline, split_deadlines
from lscb_workbook.plan.officers import officer_key
from lscb_workbook.plan.records import Action, Milestone, Officer, Plan, RagStatus

__all__ = ["write_plan"]

_HEADING = """\
# A board's plan as data. A milestone is a sentence in quotes, its deadline read from its words; one that
# needs more is { text = "...", leads = ["..."], due = "...", uncertain = "..." }: `leads` where not all
# of the action's leads share it, `due` where the sentence alone would be misread.
"""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\n": "\\n"}
_TO_ESCAPE = re.compile(r'[\\"\x00-\x1f\x7f]')
_WIDTH = 100


def write_plan(plan: Plan) -> str:
    """The plan as TOML.

    Read back it gives an equal plan, given what reading does: milestones numbered within their action
    (``1.4.2``) and standing in the actions' order, meetings in order of time and one for every month
    that a deadline names, an event for every deadline that waits for one.
    """
    return "\n".join([_HEADING, *_parts(plan)])


def _parts(plan: Plan) -> Iterator[str]:
    yield _table(
        "[plan]",
        board=plan.board,
        title=plan.title,
        chair=plan.chair,
        first_day=plan.year.first,
        last_day=plan.year.last,
    )
    for status in plan.scheme.statuses:
        yield _status(status)
    for priority in plan.priorities:
        yield _table(
            "[[priority]]", number=priority.number, title=priority.title, uncertain=priority.uncertain
        )
    for officer in plan.officers:
        yield _officer(officer)
    for action in plan.actions:
        yield _action(plan, action)
    if plan.meetings != board_meetings(plan.milestones):
        for meeting in plan.meetings:
            month = f"{date(meeting.year, meeting.month, 1):%B} {meeting.year}"
            yield _table("[[meeting]]", month=month, on=meeting.on)
    if plan.events != events(plan.milestones):
        for event in plan.events:
            yield _table("[[event]]", name=event.name, on=event.on)


def _status(status: RagStatus) -> str:
    return _table(
        "[[status]]",
        name=status.name,
        letter=status.letter,
        meaning=str(status.meaning),
        needs_commentary=status.needs_commentary,
        fill=status.fill,
        ink=status.ink,
        definition=status.definition,
    )


def _officer(officer: Officer) -> str:
    return _table(
        "[[officer]]",
        role=officer.role,
        organisation=officer.organisation,
        email=officer.email,
        aliases=list(officer.aliases) or None,
        key=officer.key if officer.key != officer_key(officer.title) else None,
    )


def _action(plan: Plan, action: Action) -> str:
    titles = {officer.key: officer.title for officer in plan.officers}
    milestones = (_milestone(plan, action, one, titles) for one in plan.milestones_of(action.ref))
    return _table(
        "[[action]]",
        ref=action.ref,
        priority=action.priority,
        text=action.text,
        uncertain=action.uncertain,
        leads=[titles[key] for key in action.leads],
    ) + "".join(
        [
            _line("milestones", _list(milestones, in_line=False)),
            _line("measures", _list(map(_text, action.measures), in_line=False)),
            _line("rating", _value(action.rating)) if action.rating else "",
        ]
    )


def _milestone(plan: Plan, action: Action, milestone: Milestone, titles: dict[str, str]) -> str:
    parts = [f"text = {_text(milestone.text)}"]
    if milestone.leads != action.leads:
        parts.insert(0, f"leads = [{', '.join(_text(titles[key]) for key in milestone.leads)}]")
    as_read = split_deadlines(milestone.text, plan.year) == (milestone.text,)
    if not as_read or read_deadline(milestone.text, plan.year) != milestone.due:
        parts.append(f"due = {_text(milestone.due.words)}")
    if milestone.uncertain:
        parts.append(f"uncertain = {_text(milestone.uncertain)}")
    return f"{{ {', '.join(parts)} }}" if len(parts) > 1 else _text(milestone.text)


def _table(heading: str, **values: object) -> str:
    """A table of the values that there are, a line each, in the order given."""
    lines = (_line(key, _value(value)) for key, value in values.items() if value not in ("", None))
    return f"{heading}\n" + "".join(lines)


def _line(key: str, written: str) -> str:
    return f"{key} = {written}\n"


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case list():
            return _list(_text(str(one)) for one in value)
        case _:
            text = str(value)
            return f'"""\n{_escaped(text, keep_lines=True)}"""' if "\n" in text else _text(text)


def _list(written: Iterable[str], *, in_line: bool = True) -> str:
    """In one line where that is short, else a line each; just one value or none alone if not ``in_line``."""
    values = list(written)
    short = f"[{', '.join(values)}]"
    if not values or (len(short) <= _WIDTH and (in_line or len(values) == 1)):
        return short
    return "[\n" + "".join(f"    {value},\n" for value in values) + "]"


def _text(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str, *, keep_lines: bool = False) -> str:
    def escape(match: re.Match[str]) -> str:
        character = match[0]
        if keep_lines and character == "\n":
            return character
        return _ESCAPES.get(character, f"\\u{ord(character):04x}")

    return _TO_ESCAPE.sub(escape, text)
