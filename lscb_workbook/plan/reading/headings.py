"""What a column is called, and so what it holds.

The synonyms are those of boards' own action plans; a heading that is nearly one of them counts too, and so
does one that begins with one (``RAG rating (select from drop down menu)``), or whose letters were cut off at
an edge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

__all__ = ["SYNONYMS", "Role", "heading_role", "heading_roles"]


class Role(StrEnum):
    """What a column of a plan holds. ``progress`` is what officers report: it is no part of a plan."""

    REF = "ref"
    PRIORITY = "priority"
    TEXT = "action"
    LEAD = "lead"
    MILESTONES = "milestones"
    WHEN = "when"
    MEASURES = "measures"
    RATING = "rating"
    PROGRESS = "progress"


SYNONYMS: dict[Role, tuple[str, ...]] = {
    Role.REF: (
        "ref", "ref no", "reference", "reference number", "no", "number", "item", "item no", "action no",
        "action number", "action ref", "action reference", "id",
    ),
    Role.PRIORITY: (
        "priority", "priority area", "strategic priority", "theme", "aim", "strategic aim", "objective",
        "strategic objective", "goal", "workstream", "area of work", "key priority",
    ),
    Role.TEXT: (
        "action", "actions", "action required", "actions required", "key action", "key actions",
        "agreed action", "planned action", "what we will do", "what will we do",
        "what are we going to do", "what needs to happen", "what", "task", "tasks", "activity",
        "activities", "recommendation", "action to be taken", "what do we need to do",
        "how will we do it",
    ),
    Role.LEAD: (
        "lead", "leads", "lead officer", "lead officers", "lead person", "lead agency", "lead agencies",
        "lead partner", "named lead", "responsible lead", "lead responsibility", "owner", "action owner",
        "owners", "responsible", "responsibility", "responsible officer", "responsible person",
        "person responsible", "officer responsible", "who is responsible", "by whom", "who",
        "who will do it", "accountable", "accountable lead", "lead group", "agency",
    ),
    Role.MILESTONES: (
        "timescale and milestones", "timescales and milestones", "milestones and timescales",
        "milestone", "milestones", "key milestones", "steps", "key steps", "milestones and dates",
    ),
    Role.WHEN: (
        "timescale", "timescales", "time scale", "timeframe", "time frame", "deadline", "due",
        "due date", "date due", "target date", "completion date", "target completion date", "by when",
        "when", "date for completion", "end date", "date", "to be completed by",
    ),
    Role.MEASURES: (
        "how we will measure success and impact", "how will we measure success",
        "how we will measure success", "how will we measure impact", "success measure",
        "success measures", "measures of success", "success criteria", "measure", "measures", "outcome",
        "outcomes", "expected outcome", "expected outcomes", "intended outcome", "intended outcomes",
        "desired outcome", "desired outcomes", "impact", "intended impact", "impact measures",
        "outcome measures", "kpi", "kpis", "performance indicators", "performance measures",
        "how will we know", "how will we know we have made a difference", "what difference will it make",
        "what difference will this make", "what will success look like", "evidence of success",
        "outcome and impact",
    ),
    Role.RATING: (
        "rag", "rag rating", "rag status", "brag", "brag rating", "brag status", "rating", "status",
        "current status", "progress rag",
    ),
    Role.PROGRESS: (
        "progress", "progress update", "progress to date", "update", "updates", "comments", "comment",
        "commentary", "notes", "evidence", "evidence of impact", "progress and impact",
        "current position", "comments and evidence",
    ),
}  # fmt: skip
"""Every spelling that is known of a column's heading."""

_NEAR = 86  # of 100, by rapidfuzz: one or two letters wrong in a heading of ten
_SAME = 100


def heading_role(heading: str) -> Role | None:
    """The role of the column that is called so, or None."""
    return _scored(_simple(heading))[1]


def heading_roles(cells: Sequence[str], *, surely: bool = False) -> dict[int, Role] | None:
    """The roles of the columns whose headings a row holds; None where the row is no row of headings.

    At least two columns must be known, each of its own role; ``surely`` asks that one of them is called just
    so, for ``Update the policy`` and ``Lead nurse`` begin like headings too. A heading that stands in two
    cells (``Actio``, ``n``) is read as one, and two that stand in one cell before an empty one as two.
    """
    roles: dict[int, Role] = {}
    simple = [_simple(cell) for cell in cells]
    if sum(len(one) for one in simple) > 60 * max(1, sum(1 for one in simple if one)):
        return None
    for at, one in enumerate(simple):
        if at in roles or not one:
            continue
        following = simple[at + 1] if at + 1 < len(simple) else None
        score, role = _scored(one)
        if following:
            score_of_both, both = _scored(one + following)
            if both and score_of_both == _SAME > score and _scored(following)[0] < _SAME:
                roles[at] = roles[at + 1] = both
                continue
        if following == "" and (two := _two_in_one(one)):
            roles[at], roles[at + 1] = two
        elif role:
            roles[at] = role
    known = set(roles.values())
    if surely and not any(_scored(one)[0] == _SAME for one in simple):
        return None
    return roles if len(known) >= 2 and len(roles) * 2 > sum(1 for one in simple if one) - 2 else None


def _two_in_one(heading: str) -> tuple[Role, Role] | None:
    parts = heading.split()
    for at in range(1, len(parts)):
        (one, first), (two, second) = _scored(" ".join(parts[:at])), _scored(" ".join(parts[at:]))
        if first and second and first != second and min(one, two) == _SAME and _scored(heading)[0] < _SAME:
            return first, second
    return None


@lru_cache(maxsize=2_000)
def _scored(simple: str) -> tuple[float, Role | None]:
    """How near the nearest synonym is, 0 to 100, and its role; no role where none is near."""
    from rapidfuzz import fuzz  # here, since only reading a plan needs it

    best: tuple[float, Role | None] = (0.0, None)
    for role, synonyms in SYNONYMS.items():
        for synonym in synonyms:
            score = fuzz.ratio(simple, synonym)
            if len(synonym) > 3 and simple.startswith(f"{synonym} "):
                score = max(score, 90.0 + min(len(synonym), 90) / 10)
            if 4 <= len(simple) < len(synonym) <= len(simple) * 1.6 and synonym.endswith(simple):
                score = max(score, float(_NEAR))
            if score > best[0] and (len(synonym) > 3 or score == _SAME):
                best = (score, role)
    return best if best[0] >= _NEAR else (best[0], None)


def _simple(heading: str) -> str:
    """Lower case, without what stands in brackets and without signs."""
    plain = re.sub(r"\([^)]*\)?", " ", heading.casefold()).replace("&", " and ").replace("/s", "s")
    return " ".join(re.findall(r"[^\W_]+", plain))
