"""Days, numbers and names as a sentence says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from lscb_workbook.plan.records import Plan

__all__ = ["NOBODY", "counted", "joined", "listed", "titles", "written"]


NOBODY = "whoever is to lead it"
"""Whom to ask about what the plan gives no lead officer."""


def written(day: date) -> str:
    """``31 August 2016``."""
    return f"{day.day} {day:%B %Y}"


def counted(number: int, one: str, many: str = "") -> str:
    """``no milestones``, ``1 milestone``, ``2 milestones``. ``many`` where it is not ``one`` and an s."""
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], last: str = "or") -> str:
    """``Red, Amber or Green``; ``Director, CCG; Chair, LBR; or Clerk`` where names have commas in them."""
    if len(names) < 2:
        return "".join(names)
    if any("," in name for name in names):
        return f"{'; '.join(names[:-1])}; {last} {names[-1]}"
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def joined(names: Sequence[str]) -> str:
    """``Red, Amber``; with semicolons where names have commas in them."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def titles(plan: Plan, keys: Iterable[str]) -> str:
    """Officers in one line, as they are addressed; the key itself of one who has left the plan."""
    return "; ".join(_title(plan, key) for key in keys)


def _title(plan: Plan, key: str) -> str:
    try:
        return plan.officer(key).title
    except KeyError:
        return key
