"""Officers by name: one office is one person, however the plan or a return writes it.

Two spellings are alike when they hold the same words: case, spaces, punctuation, hyphens and
``&`` for ``and`` make no difference. Whatever differs in words ("Chair of LSCB Training Sub-Group",
"Chair, Training Sub Group") is an alias that somebody wrote down, never a guess.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from lscb_workbook.plan.records import Officer

__all__ = ["match_officer", "names_of", "nearest_officer", "officer_finder", "officer_key"]

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['’‘ʼ]")


def officer_key(title: str) -> str:
    """The key of an office: its words in lower case, joined by hyphens; ``""`` where it has none.

    ``Head of Research and Data, LBR`` gives ``head-of-research-and-data-lbr``.
    """
    plain = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", title)).replace("&", " and ")
    return "-".join(_WORD.findall(unicodedata.normalize("NFC", plain.casefold())))


def names_of(officer: Officer) -> tuple[str, ...]:
    """Every spelling that is known of an officer, the title first."""
    return (officer.title, *officer.aliases)


def match_officer(officers: Iterable[Officer], name: str) -> Officer | None:
    """The officer whose title, alias or key is ``name``, but for case, spaces and punctuation; or None."""
    return officer_finder(officers)(name)


def officer_finder(officers: Iterable[Officer]) -> Callable[[str], Officer | None]:
    """:func:`match_officer` for many names: the officers' own are looked up once."""
    known: dict[str, Officer] = {}
    for officer in officers:
        for spelling in _keys(officer):
            known.setdefault(spelling, officer)

    @cache
    def find(name: str) -> Officer | None:
        wanted = officer_key(name)
        return known.get(wanted) if wanted else None

    return find


def nearest_officer(officers: Iterable[Officer], name: str) -> str | None:
    """The known spelling nearest to ``name``, as a hint to a person; None where nothing is near."""
    spellings = {officer_key(one): one for officer in officers for one in names_of(officer)}
    near = difflib.get_close_matches(officer_key(name), spellings, n=1, cutoff=0.6)
    return spellings[near[0]] if near else None


def _keys(officer: Officer) -> Iterator[str]:
    yield officer.key
    yield from map(officer_key, names_of(officer))
