"""The RAG key of a source: its statuses, their definitions word for word, and what each is taken to mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lscb_workbook.plan.reading.sources import SourceRow
from lscb_workbook.plan.reading.wording import lines, one_line
from lscb_workbook.plan.records import Meaning, RagScheme, RagStatus

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

# name: fill, ink, meaning where the definition does not say
_LOOKS = {
    "red": ("C9372C", "FFFFFF", Meaning.OFF_TRACK),
    "amber": ("FFCC5C", "332200", Meaning.AT_RISK),
    "yellow": ("FFE680", "332200", Meaning.AT_RISK),
    "orange": ("F5A04A", "331800", Meaning.AT_RISK),
    "green": ("6DB583", "06210F", Meaning.ON_TRACK),
    "blue": ("1F5FA8", "FFFFFF", Meaning.ON_TRACK),
    "purple": ("4A2474", "FFFFFF", Meaning.WITHDRAWN),
    "grey": ("D0D0D0", "262626", Meaning.NOT_STARTED),
    "gray": ("D0D0D0", "262626", Meaning.NOT_STARTED),
    "white": ("FFFFFF", "262626", Meaning.NOT_STARTED),
    "black": ("262626", "FFFFFF", Meaning.WITHDRAWN),
}
_SAYS = (
    (Meaning.WITHDRAWN, r"no longer|not achievable|withdrawn|superseded|deleted|closed without"),
    (Meaning.NOT_STARTED, r"not (?:yet )?(?:been )?(?:started|begun|commenced|due)|scheduled for a later"),
    (
        Meaning.ON_TRACK,
        r"good progress|on (?:target|track|schedule)|completed? (?:and|or|on)|(?:is|been) completed"
        r"|^completed?",
    ),
    (Meaning.AT_RISK, r"some progress|at risk|\brisk\b|slippage|slipped|minor|some delay|concerns?"),
    (
        Meaning.OFF_TRACK,
        r"little or no|no progress|(?:off|not on) (?:target|track|schedule)|passed|exceeded|overdue"
        r"|significant|missed|unlikely|not (?:been |be )?(?:met|delivered)",
    ),
)
_ASKS = re.compile(r"explanation|commentary|comments? (?:must|should|to be|required|section)", re.IGNORECASE)
_PARTS = re.compile(r"[^\W\d_]+")


def is_key_heading(cells: Sequence[str]) -> bool:
    """Whether a row heads the RAG key: a status and its definition, and nothing else."""
    filled = [one_line(cell).casefold() for cell in cells if cell.strip()]
    return len(filled) in (2, 3) and filled[0] in _HEADS and any(one in _DEFINES for one in filled[1:])


def is_key_row(cells: Sequence[str]) -> bool:
    """Whether a row of two filled cells defines a colour."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(cells and cells[0].strip()) and len(filled) in (1, 2, 3) and _colour(filled[0]) is not None


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
        if row.cells[0].strip() and len(filled) > 0 and _colour(filled[0]):
            defined.append((one_line(filled[0]), [line for cell in filled[1:] for line in lines(cell)]))
        elif defined:
            defined[-1][1].extend(line for cell in filled for line in lines(cell))
    doubts: list[tuple[str, str]] = []
    if not defined:
        named = {word for cell in ratings for word in _PARTS.findall(cell.casefold()) if word in _LOOKS}
        order = [word for word in _LOOKS if word in named | {"red", "amber", "green"} and word != "gray"]
        defined = [(word.capitalize(), []) for word in order]
    statuses: list[RagStatus] = []
    for name, definition in defined:
        if name.casefold() in [status.name.casefold() for status in statuses]:
            continue
        said = "\n".join(definition)
        fill, ink, usual = _LOOKS[_colour(name) or "white"]
        meaning = _meaning(said, usual) if said else None
        if not said:
            doubts.append((name, "the source states no definition of this status: write the board's own"))
        elif meaning is None or meaning != usual:
            doubts.append(
                (name, f"it is taken to mean '{meaning or usual}': see whether that is what the board means")
            )
        letter = next(
            (one for one in name.upper() if one.isalnum() and one not in [s.letter for s in statuses]), ""
        )
        letter = letter or next(one for one in "ZYXQJ123456789" if one not in [s.letter for s in statuses])
        statuses.append(
            RagStatus(
                name,
                letter,
                said or "Not stated in the source.",
                meaning or usual,
                fill,
                ink,
                bool(_ASKS.search(said)),
            )
        )
    return RagScheme(tuple(statuses)), doubts


def rating_in(cell: str, scheme: RagScheme) -> str:
    """The status that a rating cell names, alone or behind a label; ``""`` where it names none or several."""
    said = [word.casefold() for word in _PARTS.findall(cell)]
    named = [status.name for status in scheme.statuses if status.name.casefold() in said]
    if not named and len(said) == 1 and len(said[0]) == 1:
        named = [status.name for status in scheme.statuses if status.letter.casefold() == said[0]]
    return named[0] if len(named) == 1 else ""


def _colour(name: str) -> str | None:
    said = [word.casefold() for word in _PARTS.findall(name)]
    return next((word for word in said if word in _LOOKS), None) if 0 < len(said) <= 4 else None


def _meaning(definition: str, usual: Meaning) -> Meaning | None:
    """What a definition says: the colour's usual meaning where that is among what it says."""
    found = [meaning for meaning, says in _SAYS if re.search(says, definition, re.IGNORECASE)]
    return usual if usual in found else next(iter(found), None)
