"""Which column of a table holds what: by its heading, by what the person said, and by its content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.reading.headings import Role, heading_role
from lscb_workbook.plan.reading.offices import looks_like_office
from lscb_workbook.plan.reading.wording import bullets, one_line
from lscb_workbook.plan.records import NotStated, Ongoing, PlanYear, Repeating

__all__ = ["REF", "asked_columns", "columns_of", "is_rating", "is_ref", "parse_columns"]

REF = re.compile(
    r"(?:[A-Z]{1,5}[ .-]?)?\d{1,3}(?:[.-]\d{1,3}){0,3}[a-z]?[.):]?|[A-Za-z]\d{1,3}[.)]?|[A-Z]\.\d{1,2}"
)
_RAG_WORDS = "red amber green purple white blue yellow grey gray orange black brown pink turquoise"
_RATING = re.compile(
    rf"(?:(?:current\s+)?(?:grade|rag|brag|rating|status)\b\s*[:=-]?\s*)?(?:{'|'.join(_RAG_WORDS.split())}|[RAGBPW]|"
    r"(?:not started|on track|complete|completed|in progress|delayed|overdue))?",
    re.IGNORECASE,
)
_ENOUGH = 0.6


def is_ref(text: str) -> bool:
    return REF.fullmatch(text.strip()) is not None


def is_rating(text: str) -> bool:
    """Whether a cell holds a rating and nothing else, or just the label of one."""
    return bool(text.strip()) and _RATING.fullmatch(one_line(text)) is not None


def parse_columns(text: str) -> dict[Role, str]:
    """What ``--columns`` says: ``ref=1, action=2, lead=Owner``; a column by its number from 1, or by its
    heading.

    Raises WorkbookError where it is not written so.
    """
    found: dict[Role, str] = {}
    for part in filter(str.strip, text.split(",")):
        name, equals, column = (one.strip() for one in part.partition("="))
        role = next((role for role in Role if role == name.casefold()), None) or heading_role(name)
        if role is None or not equals or not column:
            raise WorkbookError(
                f"--columns: '{part.strip()}' is not understood. Write the columns as "
                f"ref=1,action=2,lead=Owner, "
                f"by number from the left or by heading; the names are {', '.join(Role)}."
            )
        found[role] = column
    return found


def asked_columns(asked: Mapping[Role, str], headings: Sequence[str]) -> dict[int, Role]:
    """The columns that a person named, by their place from 0; those of another table's headings left out."""
    named = {one_line(heading).casefold(): at for at, heading in enumerate(headings)}
    roles: dict[int, Role] = {}
    for role, column in asked.items():
        at = int(column) - 1 if column.isdigit() else named.get(column.casefold())
        if at is not None and at >= 0:
            roles[at] = role
    return roles


def columns_of(
    headed: Mapping[int, Role], rows: Sequence[Sequence[str]], year: PlanYear, asked: Mapping[int, Role]
) -> dict[int, Role]:
    """The role of each column, by its place from 0. What the person asked for stands; else the heading
    counts, but a column called *Action* that holds refs holds refs; a column without a heading is known by
    its content."""
    width = max((len(row) for row in rows), default=0)
    columns = {at: [row[at] for row in rows if at < len(row) and row[at].strip()] for at in range(width)}
    roles = {at: role for at, role in headed.items() if at not in asked and role not in asked.values()}
    roles |= asked
    for at, role in list(roles.items()):
        if at in asked or role not in (Role.TEXT, Role.REF, Role.PRIORITY):
            continue
        if role is Role.TEXT and _share(columns.get(at, []), is_ref) >= _ENOUGH:
            roles[at] = Role.REF
            if Role.TEXT not in roles.values() and at + 1 not in roles:
                roles[at + 1] = Role.TEXT
    free = [at for at in columns if at not in roles and columns[at]]
    for at in free:
        seen = _by_content(columns[at], year)
        if seen and seen not in asked.values() and (seen is Role.RATING or seen not in roles.values()):
            roles[at] = seen
    if Role.TEXT not in roles.values():
        wordy = [at for at in free if at not in roles]
        wordy += [at for at, role in roles.items() if role is Role.PRIORITY and at not in asked and not wordy]
        if wordy:
            roles[max(wordy, key=lambda at: sum(map(len, columns.get(at, []))))] = Role.TEXT
    return dict(sorted(roles.items()))


def _by_content(cells: Sequence[str], year: PlanYear) -> Role | None:
    if _share(cells, is_rating) >= _ENOUGH:
        return Role.RATING
    if _share(cells, is_ref) >= _ENOUGH and _rising(cells):
        return Role.REF
    if _share(cells, lambda cell: _has_deadline(cell, year)) >= _ENOUGH:
        return Role.WHEN
    if _share(cells, looks_like_office) >= _ENOUGH:
        return Role.LEAD
    if _share(cells, lambda cell: bullets(cell) is not None) >= _ENOUGH:
        return Role.MEASURES
    return None


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if holds(cell)) / len(cells) if cells else 0.0


def _rising(cells: Sequence[str]) -> bool:
    """Whether no ref is there twice in a row, as amounts and years are."""
    return all(one.strip() != two.strip() for one, two in pairwise(cells))


def _has_deadline(cell: str, year: PlanYear) -> bool:
    due = read_deadline(one_line(cell), year)
    return bool(due.words) and (not isinstance(due, NotStated | Ongoing | Repeating) or len(cell) < 40)
