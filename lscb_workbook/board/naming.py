"""What a paper calls officers and says of what they wrote: all of it, or what may be published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from lscb_workbook.plan.personal_data import kinds_of_personal_data
from lscb_workbook.plan.records import Officer, Plan

__all__ = ["Everything", "InPublic", "Voice", "is_named_in_public"]

WITHHELD = "[Left out of the public version: it may hold personal data.]"

_HEADS = re.compile(
    r"\b(?:chair(?:man|woman|person)?|vice[- ]chair|director|chief|head of|commissioner|commander|"
    r"superintendent|councillor|lead member|executive|president)\b",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"\b(?:(?:deputy|assistant) head of|executive (?:assistant|support|officer)|"
    r"(?:assistant|secretary|clerk|support|adviser|advisor|p\.?a\.?) (?:to|for))\b",
    re.IGNORECASE,
)


class Voice(Protocol):
    """How a paper speaks of officers and repeats what they wrote."""

    def officer(self, key: str) -> str:
        """What the paper calls an officer, by key."""

    def text(self, ref: str, what: str, words: str, /) -> str:
        """What somebody wrote, as the paper gives it: ``what`` it is, of the action or milestone ``ref``."""

    @property
    def shows_files(self) -> bool:
        """Whether the paper may name the files that officers returned."""


class Everything:
    """The board's own paper: all that was written, and every officer as they are addressed."""

    shows_files = True

    def __init__(self, plan: Plan) -> None:
        self._titles = {officer.key: officer.title for officer in plan.officers}

    def officer(self, key: str) -> str:
        return self._titles.get(key, key)

    def text(self, _ref: str, _what: str, words: str, /) -> str:
        return words


class InPublic:
    """The public version: no officer below head of service is named, no text that may hold personal data
    is given. What was left out is told by :meth:`left_out`."""

    shows_files = False

    def __init__(self, plan: Plan) -> None:
        self._named = {one.key: one.title for one in plan.officers if is_named_in_public(one)}
        self._others = {one.key: _anonymous(one) for one in plan.officers if not is_named_in_public(one)}
        self._spelt = _spellings(one for one in plan.officers if one.key in self._others)
        self._mention = _mention(self._spelt)
        self._unnamed: set[str] = set()
        self._withheld: dict[tuple[str, str], tuple[str, ...]] = {}
        self._mentions: Counter[tuple[str, str]] = Counter()

    def officer(self, key: str) -> str:
        if key in self._named:
            return self._named[key]
        self._unnamed.add(key)
        return self._others.get(key, "A lead officer")

    def text(self, ref: str, what: str, words: str, /) -> str:
        if kinds := kinds_of_personal_data(words):
            self._withheld[ref, what] = tuple(kinds)
            return WITHHELD
        if not self._mention:
            return words
        said, count = self._mention.subn(lambda match: f"[{self._spelt[_plain(match[0])]}]", words)
        if count:
            self._mentions[ref, what] = count
        return said

    def left_out(self) -> tuple[str, ...]:
        """What this version does not say, a sentence each; none where nothing was left out."""
        lines = []
        if self._unnamed or self._mentions:
            count = len(self._unnamed) or len(set(self._others))
            who = "1 officer" if count == 1 else f"{count} officers"
            lines.append(f"{who} below head of service, named by their organisation alone.")
        if self._mentions:
            where = ", ".join(sorted({ref for ref, _ in self._mentions}, key=_by_ref))
            lines.append(f"The same officers where they are mentioned in what was written of: {where}.")
        for (ref, what), kinds in sorted(
            self._withheld.items(), key=lambda one: (_by_ref(one[0][0]), one[0][1])
        ):
            lines.append(f"The {what} of {ref}, which may hold personal data ({', '.join(kinds)}).")
        return tuple(lines)


def is_named_in_public(officer: Officer) -> bool:
    """Whether public papers may name an officer: as the manager chose on the Officers tab, or else by the
    title, which must be that of a head of service or of somebody above."""
    if officer.public:
        return officer.public == "Named"
    return bool(_HEADS.search(officer.role)) and not _BELOW.search(officer.role)


def _anonymous(officer: Officer) -> str:
    return f"A lead officer, {officer.organisation}" if officer.organisation else "A lead officer"


def _spellings(officers: Iterable[Officer]) -> dict[str, str]:
    """Every way that officers are written, in plain letters, with what stands for them."""
    found: dict[str, str] = {}
    for officer in officers:
        for spelling in (officer.title, officer.role, *officer.aliases):
            if spelling.strip():
                found.setdefault(_plain(spelling), _anonymous(officer).removeprefix("A lead "))
    return found


def _mention(spelt: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of any of these spellings, the longest first, as whole words, however spaced."""
    longest = sorted(spelt, key=len, reverse=True)
    if not longest:
        return None
    ways = (r"\s+".join(map(re.escape, words.split(" "))) for words in longest)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _by_ref(ref: str) -> tuple[object, ...]:
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in ref.split("."))
