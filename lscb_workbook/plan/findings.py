"""Making findings: a code of the catalogue, filled in with the facts of the case."""

from __future__ import annotations

from collections.abc import Collection

from lscb_workbook.plan.catalogue import CATALOGUE, OF_PROPOSALS, OF_RETURNS
from lscb_workbook.plan.personal_data import withheld
from lscb_workbook.plan.records import Finding

__all__ = ["finding", "is_kept", "is_of_returns", "is_of_settling", "is_settled", "short"]

_MOST = 160
"""The most characters of anything quoted in a finding."""


def finding(
    code: str, *, file: str = "", sheet: str = "", ref: str = "", cell: str = "", **facts: object
) -> Finding:
    """The finding of this code, its message, action and question filled in with ``facts`` (and ``ref``).

    Texts are shortened, and withheld where they may hold personal data: findings are printed and sent.
    Raises KeyError where the code is not in the catalogue or a fact is missing.
    """
    entry = CATALOGUE[code]
    quoted = {name: _quoted(fact) for name, fact in {"ref": ref, **facts}.items()}
    return Finding(
        code=code,
        severity=entry.severity,
        message=entry.message.format(**quoted),
        action=entry.action.format(**quoted),
        question=entry.question.format(**quoted),
        file=file,
        sheet=short(withheld(sheet)),
        ref=short(withheld(ref)),
        cell=cell,
    )


def _quoted(fact: object) -> object:
    return short(withheld(fact)) if isinstance(fact, str) else fact


def short(text: str, most: int = _MOST) -> str:
    """The beginning of a text, at most so many characters, as a finding quotes it."""
    return text if len(text) <= most else text[: most - 1] + "…"


def is_kept(code: str) -> bool:
    """Whether a finding of this code stands until the manager herself takes it off the Checks tab."""
    return code in ("remark-without-row", "list-cell-typed", "note-typed-over")


def is_of_returns(code: str) -> bool:
    """Whether a finding of this code comes from reading a return: it stands until the next are read."""
    return code in OF_RETURNS


def is_of_settling(code: str) -> bool:
    """Whether a finding of this code says why a settlement was not followed: it stands while conflicts do."""
    return code.startswith("settlement-")


def is_settled(one: Finding, waiting: Collection[str]) -> bool:
    """Whether a finding asks to settle a proposal and none waits any more. ``waiting`` are the refs and ids
    that have open conflicts."""
    return one.code in OF_PROPOSALS and (one.ref not in waiting if one.ref else not waiting)
