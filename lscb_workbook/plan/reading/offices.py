"""Lead officers out of a plan's cells: several in one, one over two pages, one office in many spellings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lscb_workbook.plan.officers import officer_key
from lscb_workbook.plan.reading.wording import lines, one_line
from lscb_workbook.plan.records import Officer

__all__ = ["Offices", "SplitLeads", "as_officers", "doubtful_organisation", "looks_like_office", "offices_of"]

_RANK = (
    r"director|head|chair(?:person|man|woman)?|vice[- ]chair|managers?|officers?|leads?|co-?ordinator|nurse"
    r"|doctor|superintendent|inspector|sergeant|commissioner|commander|consultant|adviser|advisor|practitioner"
    r"|principal|headteacher|executive|administrator|secretary"
)
_BODY = (
    r"members?|partners?|board|team|(?:sub-?\s?)?group|panel|committee|agenc(?:y|ies)|services?|police|council"
    r"|trust"
)
_PERSON = re.compile(rf"\b(?:{_RANK})\b", re.IGNORECASE)
_OFFICE = re.compile(rf"\b(?:{_RANK}|{_BODY})\b", re.IGNORECASE)
_BEGINS = (
    r"(?:(?:Assistant|Deputy|Interim|Operational|Strategic|Associate|Executive|Independent|Acting)\s+)*"
    r"(?:Head|Director|Chair|Lead|Manager|Co-?ordinator|Designated|Principal|Detective|Chief|All)\b"
)
_BETWEEN = re.compile(
    rf"\s+(?:and|&|with)\s+(?={_BEGINS})|,\s+(?={_BEGINS}\s+(?:of|for|Nurse|Doctor)\b)|\s*/\s*(?={_BEGINS})"
    r"|(?<=[a-zA-Z)])(?<!\bof)(?<!\bthe)(?<!\band)(?<!\bfor)(?<!\bDeputy)(?<!\bAssistant)(?<!\bInterim)(?<!\bActing)"
    r"\s+(?=(?:(?:Assistant|Deputy|Interim|Acting)\s+)*(?:Head|Director|Chair)\s+of\b)"
)
_LETTERS = re.compile(r"[A-Z][A-Z&]{1,9}(?:\s[A-Z]{2,6})?")
_LINKS = frozenset(("of", "the", "for", "and", "to", "in"))
_BOARDS = frozenset(("lscb", "scb", "lscp", "scp", "sab", "lsab", "board", "partnership"))
_ORGANISATION = re.compile(
    r"(?:\S.*\s)?(?:Council|NHS|Trust|Police|Constabulary|CCG|Clinical Commissioning Group"
    r"|Integrated Care Board|University|College|Hospital|Academy|School"
    r"|(?:Fire (?:and|&) Rescue|Ambulance|Probation) Service)"
    r"|(?:NHS|Metropolitan Police|University of|(?:London |Royal )?Borough of|Diocese of)\s\S.*"
)
_MAYBE_ORGANISATION = re.compile(r"(?!.*\s(?:and|&)\s)(?:\S.*\s)?(?:Services?|Schools|Agency)")
_LISTED = re.compile(r"\s(?:and|&)\s")
_BRACKETED = re.compile(r"(?P<role>.*\S)\s*\((?P<organisation>[^()]+)\)")
_HANGING = re.compile(r"(?:,|&|\b(?:and|of|for|the|to|–|-))$")


def looks_like_office(cell: str) -> bool:
    """Whether a cell names who leads rather than saying what is done."""
    text = one_line(cell)
    return len(text) < 160 and bool(_OFFICE.search(text) or _LETTERS.fullmatch(text))


_SIDES = re.compile(r"\s*[/+]\s*|\s+(?:&|and)\s+|,(?!\s*[A-Z&]{2,6}\b)\s*")
"""What may part two leads; a comma before a short form parts an office from who it is of."""
_SHORT = re.compile(r"[A-Z][A-Z&]{1,5}")
_ALONE = frozenset(("police", "health", "education", "probation", "housing", "schools", "social care"))


@dataclass(frozen=True, slots=True)
class SplitLeads:
    """The leads of a cell in its order. ``doubt`` says why a person should look; empty where nothing is."""

    names: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True)
class Offices:
    """The leads of a whole plan, known by the cells that name just one."""

    alone: Counter[str]

    def split(self, cell: str) -> SplitLeads:
        """The leads that a cell names: on lines, after bullets or semicolons, or one behind the other."""
        names: list[str] = []
        doubt = ""
        for line in self._lines(cell):
            for part in filter(None, (part.strip(" ;") for part in line.split(";"))):
                found, unsure = self._behind(part)
                names += [name for name in found if officer_key(name) not in map(officer_key, names)]
                doubt = doubt or unsure
        return SplitLeads(tuple(filter(officer_key, names)), doubt)

    def goes_on(self, before: str, after: str) -> tuple[bool, str]:
        """Whether a lead cell at the top of a page goes on with the last lead before it, and any doubt."""
        whole = officer_key(f"{before} {after}")
        if whole in self.alone:
            return True, ""
        if officer_key(after) in self.alone:
            return False, ""
        whole_before, whole_after = looks_like_office(before), _PERSON.search(after) is not None
        joined = (
            bool(_HANGING.search(before.strip())) or not (whole_before and whole_after) or after[:1].islower()
        )
        verb = "is taken to go on with" if joined else "is taken to be another lead than"
        return joined, f"'{one_line(after)}' {verb} '{one_line(before)}'"

    def _lines(self, cell: str) -> list[str]:
        found: list[str] = []
        for line in lines(cell):
            before = found[-1] if found else ""
            hangs = before and (_HANGING.search(before) or line[0].islower() or line.startswith(","))
            if before and (hangs or officer_key(f"{before} {line}") in self.alone):
                found[-1] = f"{before} {line}"
            else:
                found.append(line)
        return found

    def _behind(self, text: str) -> tuple[list[str], str]:
        """Leads that stand one behind the other in a line."""
        if officer_key(text) in self.alone:
            return [text], self._unparted(text)
        parts = text.split(" ")
        for at in range(len(parts) - 1, 0, -1):
            head, tail = " ".join(parts[:at]).rstrip(","), " ".join(parts[at:])
            if officer_key(head) not in self.alone or not tail[:1].isupper():
                continue
            if officer_key(tail) in self.alone:
                return [head, tail], ""
            if _PERSON.search(tail) and _OFFICE.search(head):
                rest, _ = self._behind(tail)
                return [head, *rest], f"'{text}' is taken to be {len(rest) + 1} leads"
        pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece.strip()]
        if len(pieces) > 1 and all(_PERSON.search(piece) for piece in pieces):
            return pieces, f"'{text}' is taken to be {len(pieces)} leads"
        return [text], self._unparted(text)

    def _unparted(self, text: str) -> str:
        """Why a lead that is kept as one may be several, or ``""``."""
        sides = [side for side in _SIDES.split(text) if side.strip()]
        if len(sides) > 1 and all(map(self._may_lead, sides)):
            return f"'{text}' may be {len(sides)} leads, and is kept as one: part them if it is"
        return ""

    def _may_lead(self, text: str) -> bool:
        """Whether a piece of a lead could be a lead by itself."""
        whole = officer_key(text) in self.alone or text.strip().casefold() in _ALONE
        return whole or _PERSON.search(text) is not None or _SHORT.fullmatch(text.strip()) is not None


def offices_of(cells: Iterable[str]) -> Offices:
    """The leads that cells name alone, which shows where one ends in a cell that names several.

    A cell that begins with another whole cell's words and goes on does not count as naming one.
    """
    texts = Counter(one_line(line) for cell in cells for line in cell.split("\n") if one_line(line))
    alone: Counter[str] = Counter()
    for text, count in texts.items():
        longer = [
            other
            for other in texts
            if other != text and text.startswith(f"{other} ") and _OFFICE.search(other)
        ]
        rest = [text.removeprefix(other).strip() for other in longer]
        if not any(_PERSON.search(one) for one in rest):
            alone[officer_key(text)] += 0 if len(_BETWEEN.split(text)) > 1 else count
    alone = +alone
    return Offices(alone)


def as_officers(names: Sequence[str]) -> tuple[tuple[Officer, ...], tuple[tuple[str, str], ...]]:
    """One officer for each office, in the order of the names, and the pairs of spellings taken to be one.

    Spellings that differ only in links ('of', 'the') or in naming the board itself are one office; the other
    spellings become aliases.
    """
    officers: dict[frozenset[str], Officer] = {}
    pairs: list[tuple[str, str]] = []
    for name in names:
        title = name.rstrip(" .")
        bag = _bag(title)
        known = officers.get(bag)
        if known is None:
            role, organisation = _parted(title)
            officers[bag] = Officer(officer_key(title), role, organisation)
        elif officer_key(title) not in map(officer_key, (known.title, *known.aliases)):
            pairs.append((title, known.title))
            aliases = (*known.aliases, title)
            officers[bag] = Officer(known.key, known.role, known.organisation, "", aliases)
    return tuple(officers.values()), tuple(pairs)


def _bag(title: str) -> frozenset[str]:
    words = frozenset(officer_key(title).split("-")) - _LINKS
    return words - _BOARDS if len(words - _BOARDS) > 1 else words


def doubtful_organisation(organisation: str) -> bool:
    """Whether what was taken to be an organisation may be part of one, or of what its officer is head of."""
    if _LETTERS.fullmatch(organisation):
        return False
    return bool(_MAYBE_ORGANISATION.fullmatch(organisation) or _LISTED.search(organisation))


def _parted(title: str) -> tuple[str, str]:
    """Role and organisation, where the title ends in one: ``Head of Data, LBR``, ``Matron (Anytown Trust)``.

    Capitals in brackets are mostly short for the role, and a name such as 'Police' after a comma may be
    another lead: they are left where they are.
    """
    if found := _BRACKETED.fullmatch(title):
        role, organisation = found["role"], found["organisation"].strip()
        return (role, organisation) if _names_organisation(organisation) else (title, "")
    role, comma, organisation = title.rpartition(", ")
    whole = organisation.casefold() not in _ALONE and _names_organisation(organisation)
    return (role, organisation) if comma and (whole or _LETTERS.fullmatch(organisation)) else (title, "")


def _names_organisation(text: str) -> bool:
    if not text[:1].isupper() or _PERSON.search(text):
        return False
    return bool(_ORGANISATION.fullmatch(text) or _MAYBE_ORGANISATION.fullmatch(text))
