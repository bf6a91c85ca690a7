"""Boards that rate otherwise than the shipped plan: their RAG keys, and a small plan rated by each."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["SCHEMES", "Status", "plan_rated_by"]


class Status(NamedTuple):
    """A status as a plan document gives it; what is empty is left for the tool to derive."""

    name: str
    meaning: str
    fill: str = ""
    ink: str = ""
    letter: str = ""
    needs_commentary: bool = False


SCHEMES: dict[str, tuple[Status, ...]] = {
    "brag": (
        Status("Blue", "complete", "1F5FA8", "FFFFFF", "B"),
        Status("Red", "off track", "C9372C", "FFFFFF", "R", needs_commentary=True),
        Status("Amber", "at risk", "FFCC5C", "FFFFFF", "A", needs_commentary=True),
        Status("Green", "on track", "6DB583", "06210F", "G"),
    ),
    "blue is not started": (
        Status("Red", "off track"),
        Status("Amber", "at risk"),
        Status("Green", "on track or complete"),
        Status("Blue", "not started"),
    ),
    "complete": (
        Status("Red", "off track", needs_commentary=True),
        Status("Amber", "at risk"),
        Status("Green", "on track"),
        Status("Complete", "complete"),
    ),
    "numbers": (
        Status("1", "off track", needs_commentary=True),
        Status("2", "at risk"),
        Status("3", "on track"),
        Status("4", "complete"),
    ),
    "symbols": (
        Status("●", "off track", needs_commentary=True),
        Status("▲", "at risk"),
        Status("■", "on track or complete"),
    ),
    "nothing off track": (Status("Met", "complete"), Status("Not yet met", "on track")),
    "eight": (
        Status("Critical", "off track"),
        Status("Off track", "off track"),
        Status('Some "slippage"', "at risk"),
        Status("On track [new]", "on track"),
        Status("On track", "on track"),
        Status("Met", "complete"),
        Status("Waiting", "not started"),
        Status("50 %", "no longer appropriate"),
    ),
}
"""By name; every one a scheme that a board has, or could have."""

_PLAN = """\
[plan]
board = "Anytown LSCB"
title = "Business Plan"
first_day = 2016-04-01
last_day = 2017-03-31

{statuses}
[[priority]]
number = 1
title = "Early help"

[[officer]]
role = "Head of Early Help"
organisation = "LBA"

[[officer]]
role = "Director of Nursing"
organisation = "CCG"

[[action]]
ref = "1.1"
priority = 1
text = "Publish the threshold document"
leads = ["Head of Early Help, LBA"]
milestones = ["Published by 31.8.16", "Reviewed by 28.2.17"]
measures = ["Referrals are apt"]
rating = '{rating}'

[[action]]
ref = "1.2"
priority = 1
text = "Train front line staff"
leads = ["Director of Nursing, CCG"]
milestones = ["Ongoing", "First course by 31.10.16"]
measures = ["Practice is better"]

[[action]]
ref = "1.3"
priority = 1
text = "Audit twelve cases"
leads = ["Head of Early Help, LBA", "Director of Nursing, CCG"]
milestones = ["Audited by 30.6.16"]
measures = ["Practice is better"]
rating = '{rating}'
"""


def plan_rated_by(scheme: tuple[Status, ...], path: Path) -> Path:
    """A plan document of three actions; the first and the last are rated by the scheme's last status."""
    text = _PLAN.format(statuses="\n".join(map(_table, scheme)), rating=scheme[-1].name)
    path.write_text(text, encoding="utf-8")
    return path


def _table(status: Status) -> str:
    given = {"letter": status.letter, "fill": status.fill, "ink": status.ink}
    lines = [
        "[[status]]",
        f"name = '{status.name}'",
        f'meaning = "{status.meaning}"',
        f"definition = 'The action is {status.meaning}, says the board.'",
        f"needs_commentary = {str(status.needs_commentary).lower()}",
        *(f'{key} = "{value}"' for key, value in given.items() if value),
    ]
    return "\n".join(lines) + "\n"
