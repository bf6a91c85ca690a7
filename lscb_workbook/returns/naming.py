"""Which row of the plan a row of a return is: by its ref; where programs have changed that, by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lscb_workbook.plan.findings import short
from lscb_workbook.plan.records import Plan
from lscb_workbook.returns.grids import FoundRow
from lscb_workbook.tracker.cells import Raw, text_of

__all__ = ["CUT", "PlanRows", "RowName", "cut", "folded", "is_cut", "same"]

_NUMBER = re.compile(r"\d+[.,]\d+")
CUT = 255
"""The UTF-16 units after which some programs cut a text as they save it as .xls."""


@dataclass(frozen=True, slots=True)
class RowName:
    """``ref`` and ``milestone`` (``""`` for an action) as the plan has them, or as they stand where
    ``known`` is false. ``doubt`` says why the row is only likely to be that one; ``typed`` is what was typed
    over its ref."""

    ref: str
    milestone: str
    known: bool = True
    doubt: str = ""
    typed: str = ""

    @property
    def row(self) -> str:
        return self.milestone or self.ref


def folded(text: str) -> str:
    """Text but for its blanks, which programs change as they save."""
    return "".join(text.split())


def same(text: str, base: str) -> bool:
    """Whether a text is the one that was issued, but for what programs do to it as they save: its blanks
    changed, or its end cut off."""
    return folded(text) == folded(base) or is_cut(text, base)


def cut(text: str) -> str:
    """A text as far as programs keep it that cut long ones."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * CUT].decode("utf-16-le", "surrogatepass")


def is_cut(text: str, base: str) -> bool:
    """Whether a text is the first part of another, and ends where programs cut it."""
    return base.startswith(text) and len(text.encode("utf-16-le", "surrogatepass")) // 2 == CUT


def _by_words(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The rows by their words, but for those whose words are another's too."""
    words = {name: folded(text) for name, text in rows}
    counts = Counter(words.values())
    return {text: name for name, text in words.items() if text and counts[text] == 1}


class PlanRows:
    """The rows of a plan, by ref and by their words."""

    def __init__(self, plan: Plan, gone: Iterable[str] = ()) -> None:
        """``gone`` are refs and ids of rows that the plan had."""
        self._gone = frozenset(gone)
        self._refs: Mapping[str, Mapping[str, str]] = {
            "MyActions": {action.ref: action.ref for action in plan.actions},
            "MyMilestones": {milestone.id: milestone.ref for milestone in plan.milestones},
        }
        texts = {
            "MyActions": {action.ref: action.text for action in plan.actions},
            "MyMilestones": {milestone.id: milestone.text for milestone in plan.milestones},
        }
        self._by_words = {table: _by_words(rows.items()) for table, rows in texts.items()}
        self._as_written: Mapping[tuple[str, Raw, Raw], RowName] = {
            (table, name, text): self._known(name, table)
            for table, rows in texts.items()
            for name, text in rows.items()
        }

    def names(self, table: str) -> Mapping[str, str]:
        """The refs (or ids) of the table's rows."""
        return self._refs[table]

    def gone(self, issued: Iterable[str] = ()) -> frozenset[str]:
        """The refs and ids that the plan had, or that were issued, and that it has no more."""
        return self._gone.union(issued).difference(*self._refs.values())

    def name(self, row: FoundRow, table: str, *, typed: bool, gone: Collection[str]) -> RowName:
        """Which row of the plan this is. ``typed`` is false where the file has no types (CSV), so that
        ``1.10`` may have become ``1.1`` without a trace. A row whose ref or id is one of those ``gone`` is no
        other row, whatever its words are.

        Where the ref is one row's and the words are another's (one column was sorted alone), the words
        tell: they are what the officer answered to.
        """
        words = row.cells.get("text")
        written = self._as_written.get((table, row.key, words))
        if written and isinstance(row.key, str) and (typed or not _NUMBER.fullmatch(row.key)):
            return written
        text = text_of(row.key)
        names = self._refs[table]
        able = self._able(row.key, text, [*names, *sorted(gone)], typed=typed)
        alike = self._by_words[table].get(folded(text_of(words)), "")
        if len(able) == 1 and able[0] in names and alike in ("", able[0]):
            return self._known(able[0], table)
        if alike and (alike in able or not any(one in gone for one in able)):
            what = f"'{short(text, 60)}'" if text else "nothing"
            doubt = f"the ref says {what}; the words are those of {alike}"
            over = text if not able and isinstance(row.key, (str, int, float)) else ""
            return self._known(alike, table, doubt, over)
        if table == "MyActions":
            return RowName(short(" or ".join(able) or text, 40), "", known=False)
        return RowName(short(text.rpartition(".")[0] or text, 40), short(text, 40), known=False)

    def _known(self, name: str, table: str, doubt: str = "", typed: str = "") -> RowName:
        ref = self._refs[table][name]
        return RowName(ref, "" if table == "MyActions" else name, doubt=doubt, typed=typed)

    def _able(self, raw: Raw, text: str, names: Sequence[str], *, typed: bool) -> list[str]:
        """Those rows that a ref can mean: as it stands, or, where it is or may have been a number, as one."""
        bare = text.strip(" .:;,()[]").replace(",", ".")
        number = bare if _NUMBER.fullmatch(text.strip()) and (not typed or not isinstance(raw, str)) else ""
        if number:
            return [one for one in names if _NUMBER.fullmatch(one) and float(one) == float(number)]
        if isinstance(raw, (int, float)):
            return [one for one in names if one == text]
        if text in names:
            return [text]
        return [bare] if bare in names else []
