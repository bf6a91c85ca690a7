"""What a paper calls officers and says of what they wrote: all of it, or what may be published."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from lscb_workbook.plan.personal_data import kinds_of_personal_data
from lscb_workbook.plan.records import Officer, Plan
from lscb_workbook.plan.refs import by_ref

__all__ = ["Everything", "InPublic", "Voice", "is_named_in_public"]

WITHHELD = "[Left out of the public version: it may hold personal data.]"

_HEADS = re.compile(
    r"\b(?:chair(?:man|woman|person)?|director|chief|head of|commissioner|commander|superintendent|"
    r"councillor|lead member|executive|president)\b",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"['’]s\b|\b(?:deputy|dep\.?|assistant|acting|interim) head\b|\bdeputy to\b|\bto the\b|"
    r"\b(?:personal|executive) assistant\b|\bassistant (?:to|for)\b|\bp\.?a\b|"
    r"\b(?:secretary|clerk|support|advis[eo]r|administrator|co-?ordinator|minute|worker|trainee)\b|"
    r"\bexecutive officer\b(?<!chief executive officer)",
    re.IGNORECASE,
)
_PART = re.compile(r"[,;:(/|]| [-–—] ")
"""What ends the first part of a title, which is the office itself: what follows says of what."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Letters that nobody sees, by which a name can be written so that no search finds it."""


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
        others = [one for one in plan.officers if one.key not in self._named]
        self._others = {one.key: _anonymous(one, number) for number, one in enumerate(others, start=1)}
        self._spellings = _spellings(others, self._others)
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
        said, found = unicodedata.normalize("NFKC", _UNSEEN.sub("", words)), 0
        for spelling in self._spellings:
            said, count = spelling.pattern.subn(spelling.instead, said)
            found += count
        if found:
            self._mentions[ref, what] = found
        return said if found else words

    def left_out(self) -> tuple[str, ...]:
        """What this version does not say, a sentence each; none where nothing was left out."""
        lines = []
        if self._unnamed or self._mentions:
            count = len(self._unnamed) or len(self._others)
            who = "1 officer" if count == 1 else f"{count} officers"
            lines.append(f"{who} below head of service, called by a number and their organisation.")
        if self._mentions:
            where = ", ".join(sorted({ref for ref, _ in self._mentions}, key=by_ref))
            lines.append(f"The same officers where they are mentioned in what was written of: {where}.")
        for (ref, what), kinds in sorted(
            self._withheld.items(), key=lambda one: (by_ref(one[0][0]), one[0][1])
        ):
            lines.append(f"The {what} of {ref}, which may hold personal data ({', '.join(kinds)}).")
        return tuple(lines)


def is_named_in_public(officer: Officer) -> bool:
    """Whether public papers may name an officer: as the manager chose on the Officers tab, or else by the
    title, whose first part must be that of a head of service or of somebody above."""
    if officer.public:
        return officer.public == "Named"
    role = " ".join(unicodedata.normalize("NFKC", _UNSEEN.sub("", officer.role)).split())
    office = _PART.split(role, maxsplit=1)[0]
    return bool(_HEADS.search(office)) and not _BELOW.search(office)


class _Spelling(NamedTuple):
    pattern: re.Pattern[str]
    instead: str


def _anonymous(officer: Officer, number: int) -> str:
    """What an officer is called: numbered, so that one can be told from another."""
    called = f"Lead officer {number}"
    return f"{called}, {officer.organisation}" if officer.organisation else called


def _spellings(officers: Iterable[Officer], names: dict[str, str]) -> list[_Spelling]:
    """Every way that officers are written, the longest first, with what stands for them."""
    found: dict[str, str] = {}
    for officer in officers:
        name = names[officer.key]
        instead = f"[{name[:1].lower()}{name[1:]}]"
        for spelling in (officer.title, officer.role, *officer.aliases):
            if pattern := _pattern(spelling):
                found.setdefault(pattern, instead)
    return [
        _Spelling(re.compile(pattern, re.IGNORECASE), instead)
        for pattern, instead in sorted(found.items(), key=lambda one: -len(one[0]))
    ]


def _pattern(spelling: str) -> str:
    """A pattern of a spelling's words, whatever stands between them, its plural and its genitive too."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", _UNSEEN.sub("", spelling)))
    if not words:
        return ""
    parts = [r"(?:and)?" if word.casefold() == "and" else re.escape(word) for word in words]
    said = r"[\W_]*".join(parts)
    return rf"(?<![^\W_]){said}(?:['’]?s)?(?![^\W_])"
