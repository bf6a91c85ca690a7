"""The priorities of a plan that calls them nothing: the titles under which its tables of actions stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lscb_workbook.plan.officers import officer_key
from lscb_workbook.plan.reading.banners import BANNER
from lscb_workbook.plan.reading.headings import Role, heading_roles
from lscb_workbook.plan.reading.sources import SourceRow, SourceTable
from lscb_workbook.plan.reading.wording import one_line

__all__ = ["holds_actions", "lone_titles", "priority_titles"]

_LETTER = re.compile(r"[^\W\d_]")
_MOST = 150
"""Letters of a title; more is a text."""


def holds_actions(table: SourceTable) -> bool:
    """Whether a table has a heading over its actions."""
    return any(Role.TEXT in (heading_roles(row.cells) or {}).values() for row in table.rows)


def priority_titles(tables: Sequence[SourceTable]) -> dict[int, str]:
    """The titles that name the priorities of the tables below them, by the place of each table from 0.

    Only where that is plain: no priority is named as one, and the tables of actions stand under two titles or
    more, none of which is there again further down. Of titles within titles the narrowest such are taken.
    """
    heads = [(at, table) for at, table in enumerate(tables) if holds_actions(table)]
    if any(_names_priorities(table) for table in tables):
        return {}
    for level in range(max((len(table.titles) for _, table in heads), default=0) - 1, -1, -1):
        named = {at: one_line(table.titles[level]) for at, table in heads if level < len(table.titles)}
        keys = [officer_key(title) for title in named.values()]
        runs = [key for at, key in enumerate(keys) if at == 0 or keys[at - 1] != key]
        fit = all(len(title) <= _MOST and _LETTER.search(title) for title in named.values())
        if fit and len(runs) >= 2 and len(runs) == len(set(runs)) and heads[0][0] in named:
            return named
    return {}


def _names_priorities(table: SourceTable) -> bool:
    return BANNER.match(one_line(table.heading)) is not None or any(
        BANNER.match(" ".join(map(one_line, row.filled)))
        or Role.PRIORITY in (heading_roles(row.cells) or {}).values()
        for row in table.rows
    )


def lone_titles(rows: Sequence[SourceRow], *, apart: bool) -> set[int]:
    """The places of rows with one cell that name the priority of the rows below them, where that is plain:
    each stands right above a row of headings, two or more of which are in the table; or in the first column
    above rows that are filled in, one of them right below the headings, and two or more unless the table
    stands ``apart`` and so nothing in it can be the end of a row on the page before."""
    heads = [at for at, row in enumerate(rows) if heading_roles(row.cells)]
    lone = {at for at, row in enumerate(rows) if len(row.filled) == 1 and _LETTER.search(row.filled[0])}
    above = {at - 1 for at in heads if at - 1 in lone}
    if len(above) >= 2 and len({rows[at].filled for at in above}) == len(above):
        return above
    first = {
        at
        for at in lone
        if rows[at].cells[0].strip()
        and not rows[at].filled[0].strip()[0].islower()
        and len(rows[at].filled[0]) <= _MOST
        and at + 1 < len(rows)
        and at + 1 not in lone
        and len(rows[at + 1].filled) >= 3
        and at + 1 not in heads
    }
    return first if len(first) > (not apart) and any(at - 1 in heads for at in first) else set()
