"""Deadlines out of the free text of a plan's 'Timescale and milestones'.

The reading is day first and literal. A period stands for its last day, since work that is to be done
in a month, a quarter or a week is late only when that month, quarter or week is over: ``July 2016`` is
31 July, ``Q2`` the end of the plan year's second quarter, ``w/c 3 October 2016`` the Sunday, 9 October.
Where two deadlines cannot be told apart, or the words are not understood, the deadline is not stated:
a date is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from lscb_workbook.plan.dated_phrases import DATED
from lscb_workbook.plan.phrases import UNDATED, Force, Phrase
from lscb_workbook.plan.records import Due, Milestone, NotStated, OnDate, PlanYear, Repeating

__all__ = ["deadline_given", "read_deadline", "split_deadlines", "timescale"]

# A word begins, and it is not the middle of a date or a number.
_WORD = re.compile(r"(?<!\w)(?<!\d[./:-])(?=\w)")

# Where a text may be parted between two deadlines, the surest first. Tried on what lies between them.
_SENTENCE = re.compile(r"\n\s*|(?<=[.;!?])\s+(?=[A-Z\"'‘“(])")
_AT_ONCE = re.compile(
    r"[)\]]?(?:\s+(?=[A-Z]|(?:and|with|then|followed|plus)\b)|\s*[;–—]\s*|\s+-\s+"
    r"|\s*,(?!\s*(?:to|which|that|for|as|including|in|on|at|where)\b)\s*)"
)
_CAPITAL = re.compile(r"(?<=[a-z)])\s+(?=[A-Z][a-z]+\s+[a-z])")
_JOINT = re.compile(r",\s*|\s+(?=(?:and|with|then)\b)|\s*&\s*")
_TOKEN = re.compile(r"[^\W_]+")
_AND = re.compile(r"[)\]]?[\s,;–—-]*(?:and|then|and\s+then|with)?\s*")


@lru_cache(maxsize=10_000)
def read_deadline(text: str, year: PlanYear) -> Due:
    """The deadline that a text states; the first where it states several, each of its own clause.

    Args:
        text: a milestone as written, or just the words of its deadline.
        year: the plan year, which gives quarters their months and bare months their year.

    Returns a ``Due`` whose ``words`` stand in the text and, read again, give the same ``Due``. Words
    that look like a deadline but are not understood come back as ``NotStated`` with these words.
    """
    due = _read(text, year)
    if _read(due.words, year) == due:
        return due
    return NotStated(text.strip())  # words that mean something else without their context


def deadline_given(text: str, due: str, year: PlanYear) -> tuple[str, Due]:
    """A milestone's text and deadline, where its deadline was written apart from it.

    No word is lost: a deadline that is not understood is kept as it stands, and where only a part of it is
    (``by 30.4.16 at the latest``), all of it goes behind the text.
    """
    read = read_deadline(due, year)
    if isinstance(read, NotStated):
        return text, NotStated(due.strip())
    if _tokens(read.words) != _tokens(due) and _tokens(due) not in _tokens(text):
        text = f"{text} – {due.strip()}"
    return text, read


def split_deadlines(text: str, year: PlanYear) -> tuple[str, ...]:
    """A milestone's text, parted where it states more than one deadline; whole where it states one or none.

    ``Report to LSCB July 2016, with follow up report January 2017`` gives ``Report to LSCB July 2016``
    and ``with follow up report January 2017``. The pieces keep the words and their order; only the
    spaces and the comma at the parting go.
    """
    stated = _stated(text, year)
    cuts = [cut for one, two in pairwise(stated) if (cut := _parting(text, one, two))]
    edges = [0, *cuts, len(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(edges))
    return tuple(piece.rstrip(",").rstrip() for piece in pieces) if cuts else (text.strip(),)


def timescale(milestones: Iterable[Milestone]) -> str:
    """Milestones as one cell shows them, one a line, each with its deadline as written where its text does
    not have it: ``Toolkit launched – By 30.6.16``."""
    return "\n".join(
        one.text if _tokens(one.due.words) in _tokens(one.text) else f"{one.text} – {one.due.words}"
        for one in milestones
    )


def _tokens(text: str) -> str:
    """The words and numbers of a text, a blank around each; ``""`` where it has none."""
    return f" {' '.join(_TOKEN.findall(text.casefold()))} " if _TOKEN.search(text) else ""


def _read(text: str, year: PlanYear) -> Due:
    text = text.strip()
    stated = _stated(text, year)
    if not stated:
        weak = sorted(_phrases(text, year), key=lambda phrase: -phrase.force)
        return weak[0].due if weak else NotStated("")
    clause = [stated[0]]
    for phrase in stated[1:]:
        if _parting(text, clause[-1], phrase):
            break
        clause.append(phrase)
    return _one_of(text, clause)


def _one_of(text: str, clause: Sequence[Phrase]) -> Due:
    """The one deadline of a clause: the only one, the only one led in by words such as 'by', or none."""
    if len(clause) == 1:
        return clause[0].due
    days = {phrase.due.on if isinstance(phrase.due, OnDate) else None for phrase in clause}
    if len(days) == 1 and None not in days:
        return clause[0].due
    cued = [phrase for phrase in clause if phrase.cued]
    return cued[0].due if len(cued) == 1 else NotStated(text[clause[0].start : clause[-1].end])


def _stated(text: str, year: PlanYear) -> list[Phrase]:
    """The deadlines that a text states. A repetition counts as one of them where it takes over from
    another: '31.7.16, and quarterly subsequently'."""
    stated: list[Phrase] = []
    for phrase in _phrases(text, year):
        takes_over = (
            bool(stated)
            and isinstance(phrase.due, Repeating)
            and _AND.fullmatch(text, stated[-1].end, phrase.start) is not None
        )
        if phrase.force is Force.STATED or takes_over:
            stated.append(phrase)
    return stated


def _phrases(text: str, year: PlanYear) -> Iterator[Phrase]:
    """The phrases of a text in their order, none overlapping another."""
    at = 0
    while word := _WORD.search(text, at):
        found = (read(text, word.start(), year) for read in (*DATED, *UNDATED))
        phrase = next((one for one in found if one), None)
        if phrase:
            yield phrase
        at = max(phrase.end if phrase else 0, word.start() + 1)


def _parting(text: str, one: Phrase, two: Phrase) -> int | None:
    """Where the second deadline's clause begins, or None where the two cannot be parted."""
    if found := _SENTENCE.search(text, one.end, two.start + 1):
        return found.end()
    if found := _AT_ONCE.match(text, one.end):
        return found.end()
    for joint in (_CAPITAL, _JOINT):
        if found := joint.search(text, one.end, two.start):
            return found.end()
    return None
