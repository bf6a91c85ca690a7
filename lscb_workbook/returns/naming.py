"""Which row of the plan a row of a return is: by its ref; where programs have changed that, by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lscb_workbook.plan.findings import short
from lscb_workbook.plan.records import Plan
from lscb_workbook.returns.grids import FoundRow
from lscb_workbook.tracker.cells import Raw, text_of

__all__ = ["PlanRows", "RowName", "folded"]

_NUMBER = re.compile(r"\d+[.,]\d+")


@dataclass(frozen=True, slots=True)
class RowName:
    """``ref`` and ``milestone`` (``""`` for an action) as the plan has them, or as they stand where
    ``known`` is false. ``doubt`` says why the row is only likely to be that one."""

    ref: str
    milestone: str
    known: bool = True
    doubt: str = ""

    @property
    def row(self) -> str:
        return self.milestone or self.ref


def folded(text: str) -> str:
    """Text but for its blanks, which programs change as they save."""
    return "".join(text.split())


class PlanRows:
    """The rows of a plan, by ref and by their words."""

    def __init__(self, plan: Plan) -> None:
        self._refs: Mapping[str, Mapping[str, str]] = {
            "MyActions": {action.ref: action.ref for action in plan.actions},
            "MyMilestones": {milestone.id: milestone.ref for milestone in plan.milestones},
        }
        self._texts = {
            "MyActions": {action.ref: folded(action.text) for action in plan.actions},
            "MyMilestones": {milestone.id: folded(milestone.text) for milestone in plan.milestones},
        }

    def names(self, table: str) -> Mapping[str, str]:
        """The refs (or ids) of the table's rows."""
        return self._refs[table]

    def name(self, row: FoundRow, table: str, *, typed: bool) -> RowName:
        """Which row of the plan this is. ``typed`` is false where the file has no types (CSV), so that
        ``1.10`` may have become ``1.1`` without a trace."""
        text = text_of(row.key)
        able = self._able(row.key, text, table, typed=typed)
        if len(able) == 1:
            return self._known(able[0], table)
        words = folded(text_of(row.cells.get("text")))
        texts = Counter(self._texts[table].values())
        alike = [
            one for one, said in self._texts[table].items() if words and said == words and texts[said] == 1
        ]
        if len(alike) == 1 and (not able or alike[0] in able):
            what = f"'{short(text, 60)}'" if text else "nothing"
            return self._known(alike[0], table, f"the ref says {what}; the words are those of {alike[0]}")
        if table == "MyActions":
            return RowName(short(text, 40), "", known=False)
        return RowName(short(text.rpartition(".")[0] or text, 40), short(text, 40), known=False)

    def _known(self, name: str, table: str, doubt: str = "") -> RowName:
        ref = self._refs[table][name]
        return RowName(ref, "" if table == "MyActions" else name, doubt=doubt)

    def _able(self, raw: Raw, text: str, table: str, *, typed: bool) -> list[str]:
        """The rows that a ref can mean: as it stands, or, where it is or may have been a number, as one."""
        names = self._refs[table]
        bare = text.strip(" .:;,()[]").replace(",", ".")
        number = bare if _NUMBER.fullmatch(text.strip()) and (not typed or not isinstance(raw, str)) else ""
        if number:
            return [one for one in names if _NUMBER.fullmatch(one) and float(one) == float(number)]
        if isinstance(raw, (int, float)):
            return [one for one in names if one == text]
        if text in names:
            return [text]
        return [bare] if bare in names else []
