"""The RAG key of a source: its statuses, their definitions word for word, and what each is taken to mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lscb_workbook.plan.colours import fill_for, ink_on
from lscb_workbook.plan.reading.sources import SourceRow
from lscb_workbook.plan.reading.wording import lines, one_line
from lscb_workbook.plan.records import Meaning, RagScheme, RagStatus
from lscb_workbook.plan.schemes import letters_for

__all__ = ["is_key_heading", "is_key_row", "rating_in", "scheme_of"]

_HEADS = frozenset(
    ("status", "rating", "rag", "rag status", "rag rating", "colour", "color", "key", "grade", "brag")
)
_DEFINES = (
    "definition",
    "meaning",
    "description",
    "what it means",
    "what this means",
    "explanation",
    "criteria",
)

# what a colour usually means, where the definition does not say
_USUAL = {
    "red": Meaning.OFF_TRACK,
    "amber": Meaning.AT_RISK,
    "yellow": Meaning.AT_RISK,
    "orange": Meaning.AT_RISK,
    "green": Meaning.ON_TRACK,
    "blue": Meaning.COMPLETE,
    "purple": Meaning.WITHDRAWN,
    "grey": Meaning.NOT_STARTED,
    "gray": Meaning.NOT_STARTED,
    "white": Meaning.NOT_STARTED,
    "black": Meaning.WITHDRAWN,
}
_LETTERS = {"b": "blue", "p": "purple", "w": "white", "y": "yellow"}
"""What a rating of one letter stands for, as in BRAG."""
_SAYS = (
    (Meaning.WITHDRAWN, r"no longer|not achievable|withdrawn|superseded|deleted|closed without"),
    (Meaning.NOT_STARTED, r"not (?:yet )?(?:been )?(?:started|begun|commenced|due)|scheduled for a later"),
    (Meaning.ON_TRACK, r"good progress|(?<!not )on (?:target|track|schedule)"),
    (
        Meaning.COMPLETE,
        r"\bcompleted? (?:and|or)\b|(?:is|been|fully) completed?\b|^completed?\b|action completed?\b"
        r"|fully (?:delivered|implemented|achieved|embedded)",
    ),
    (Meaning.AT_RISK, r"some progress|at risk|\brisk\b|slippage|slipped|minor|some delay|concerns?"),
    (
        Meaning.OFF_TRACK,
        r"little or no|no progress|(?:off|not on) (?:target|track|schedule)|passed|exceeded|overdue"
        r"|significant|missed|unlikely|not (?:been |be )?(?:met|delivered)",
    ),
)
_ASKS = re.compile(r"explanation|commentary|comments? (?:must|should|to be|required|section)", re.IGNORECASE)
_NOT_STATED = "Not stated in the source."
_LONGEST = 40
"""The most characters of what a key can define."""
_PARTS = re.compile(r"[^\W\d_]+")


def is_key_heading(cells: Sequence[str]) -> bool:
    """Whether a row heads the RAG key: a status and its definition, and nothing else."""
    filled = [one_line(cell).casefold() for cell in cells if cell.strip()]
    return len(filled) in (2, 3) and filled[0] in _HEADS and any(one in _DEFINES for one in filled[1:])


def is_key_row(cells: Sequence[str], *, headed: bool = False) -> bool:
    """Whether a row of two filled cells defines a colour, or, below the heading of a key, anything short by
    words that say how well an action goes."""
    filled = [cell for cell in cells if cell.strip()]
    if not (cells and cells[0].strip() and len(filled) in (1, 2, 3)):
        return False
    short = headed and len(filled) > 1 and len(_name(filled[0])) <= _LONGEST
    return _colour(filled[0]) is not None or (short and bool(_said(" ".join(filled[1:]))))


def scheme_of(rows: Sequence[SourceRow], ratings: Sequence[str]) -> tuple[RagScheme, list[tuple[str, str]]]:
    """The scheme that a key states, most severe first as boards print it, and what is in doubt about each
    status.

    Where a source has no key the scheme is that of the usual three colours and those that ``ratings`` (the
    rating cells) name, each marked as in doubt.
    """
    defined: list[tuple[str, list[str]]] = []
    for row in rows:
        filled = [cell for cell in row.cells if cell.strip()]
        if is_key_heading(row.cells):
            continue
        if is_key_row(row.cells, headed=True):
            defined.append((_name(filled[0]), [line for cell in filled[1:] for line in lines(cell)]))
        elif defined:
            defined[-1][1].extend(line for cell in filled for line in lines(cell))
    if not defined:
        named = {word for cell in ratings for word in _PARTS.findall(cell.casefold()) if word in _USUAL}
        alone = {cell.strip().casefold() for cell in ratings}
        named |= {word for letter, word in _LETTERS.items() if letter in alone}
        order = [word for word in _USUAL if word in named | {"red", "amber", "green"} and word != "gray"]
        defined = [(word.capitalize(), []) for word in order]
    statuses: list[RagStatus] = []
    for name, definition in defined:
        if name.casefold() in [status.name.casefold() for status in statuses]:
            continue
        said, usual = "\n".join(definition), _usual(name)
        meaning = (_meaning(said, usual) if said else usual) or usual or Meaning.NOT_STARTED
        fill = fill_for(name, meaning, [status.fill for status in statuses])
        stated, asks = said or _NOT_STATED, bool(_ASKS.search(said))
        statuses.append(RagStatus(name, "", stated, meaning, fill, ink_on(fill), asks))
    letters = letters_for([(status.name, "") for status in statuses])
    lettered = [replace(status, letter=letter) for status, letter in zip(statuses, letters, strict=True)]
    scheme = RagScheme(tuple(_apart(lettered)))
    return scheme, [(one.name, doubt) for one in scheme.statuses if (doubt := _doubt(one))]


def _usual(name: str) -> Meaning | None:
    """What the colour that a name says usually means."""
    return _USUAL.get(_colour(name) or "")


def _doubt(status: RagStatus) -> str:
    """What is in doubt about a status; nothing where its definition says what its colour usually means."""
    if status.definition == _NOT_STATED:
        return "the source states no definition of this status: write the board's own"
    if (usual := _usual(status.name)) in _said(status.definition) and usual is not None:
        return ""
    return f"it is taken to mean '{status.meaning}': see whether that is what the board means"


def _apart(statuses: Sequence[RagStatus]) -> Iterator[RagStatus]:
    """The statuses; where one means complete, one that says nothing of that means just on track."""
    complete = any(status.meaning is Meaning.COMPLETE for status in statuses)
    for status in statuses:
        both = Meaning.COMPLETE in _said(status.definition)
        only = complete and status.meaning is Meaning.ON_TRACK and not both
        yield replace(status, meaning=Meaning.STILL_ON_TRACK) if only else status


def rating_in(cell: str, scheme: RagScheme) -> str:
    """The status that a rating cell names, alone or behind a label; ``""`` where it names none or several."""
    alone = _name(cell).casefold()
    if exact := [status.name for status in scheme.statuses if status.name.casefold() == alone]:
        return exact[0]
    said = [word.casefold() for word in _PARTS.findall(cell)]
    named = [status.name for status in scheme.statuses if status.name.casefold() in said]
    if not named and len(said) == 1 and len(said[0]) == 1:
        named = [status.name for status in scheme.statuses if status.letter.casefold() == said[0]]
    return named[0] if len(named) == 1 else ""


def _name(cell: str) -> str:
    """A cell as the name of a status, which may be a bullet by itself."""
    return one_line(cell) or cell.strip()


def _colour(name: str) -> str | None:
    said = [word.casefold() for word in _PARTS.findall(name)]
    return next((word for word in said if word in _USUAL), None) if 0 < len(said) <= 4 else None


def _meaning(definition: str, usual: Meaning | None) -> Meaning | None:
    """What a definition says: the colour's usual meaning where that is among what it says."""
    found = _said(definition)
    return usual if usual in found else next(iter(found), None)


def _said(definition: str) -> list[Meaning]:
    """All that a definition may be taken to say."""
    return [meaning for meaning, says in _SAYS if re.search(says, definition, re.IGNORECASE)]
