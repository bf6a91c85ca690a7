"""A board's RAG scheme out of a plan document, made whole: letters and colours that it does not give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lscb_workbook.plan.colours import fill_for, ink_on
from lscb_workbook.plan.records import Meaning, RagScheme, RagStatus
from lscb_workbook.plan.tables import Table

__all__ = ["NOT_RATED", "heading_of", "in_words", "letters_for", "read_scheme"]

_MOST = 8
"""The most statuses of a scheme: more no chart can tell apart."""
_LONGEST = 40
"""The most characters of a status's name: it heads narrow columns."""
NOT_RATED = "Not rated"
"""What summaries call an action without a rating, so that no status can be called so."""
_SAID_OF_NONE = {
    NOT_RATED.casefold(): "an action without a rating",
    "no return": "an officer who sent nothing back",
    "not returned": "an officer who sent nothing back",
}
"""What the tabs say of what has no rating: as a rating's name it would say two things."""
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_DAY = re.compile(r"\d{1,4}[/-]\d{1,4}(?:[/-]\d{1,4})?|\d{1,4}(?:\.\d{1,4}){2}")
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
"""What a workbook takes for the code of a character."""
_JOINER = "\u200d"
"""What joins signs into one; it has a use."""
_SHORT = 6
"""The most characters of a letter, and of a sign or a number that is its own letter."""


def read_scheme(document: Table) -> RagScheme:
    """The scheme of a plan document.

    Adds to its problems what is missing, misshapen or said twice. A letter that is missing, or is that of
    two, is derived; so are a fill that is missing, and an ink that cannot be read on it.
    """
    statuses: list[RagStatus] = []
    for table in document.tables("status", "name"):
        statuses.append(_status(table, [one.fill for one in statuses]))
        _refuse_twice(table, statuses)
        table.done()
    if not statuses:
        document.problems.add("[[status]]", "there is none", "Add the statuses of the board's RAG key.")
    if len(statuses) > _MOST:
        document.problems.add(
            "[[status]]", f"there are {len(statuses)}", f"Put some together: {_MOST} are the most."
        )
    letters = letters_for([(one.name, one.letter) for one in statuses])
    return RagScheme(
        tuple(
            RagStatus(one.name, letter, one.definition, one.meaning, one.fill, one.ink, one.needs_commentary)
            for one, letter in zip(statuses, letters, strict=True)
        )
    )


def _status(table: Table, fills: Sequence[str]) -> RagStatus:
    """One status, its letter as it is given."""
    name = " ".join(table.text("name").split())
    if len(name) > _LONGEST:
        table.problems.add(f"{table.where}, name", f"is longer than {_LONGEST} characters", "Shorten it.")
    if of_what := _SAID_OF_NONE.get(name.casefold()):
        table.problems.add(
            f"{table.where}, name",
            f"is what the tabs say of {of_what}, which is never a rating",
            "Leave the status out, or call it otherwise.",
        )
    if taken_for := _taken_for(name):
        table.problems.add(
            f"{table.where}, name",
            f"a spreadsheet takes '{name}' for {taken_for}",
            "Call it otherwise, by a word or a whole number.",
        )
    letter = table.text("letter", needed=False)
    if len(letter) > _SHORT:
        table.problems.add(f"{table.where}, letter", f"is longer than {_SHORT} characters", "Shorten it.")
    for key, said in (("name", name), ("letter", letter)):
        if _ESCAPE.search(said) or not said.replace(_JOINER, "").isprintable():
            table.problems.add(
                f"{table.where}, {key}", "has a character that cannot be seen", "Type it anew, without that."
            )
    said = table.text("meaning")
    meaning = Meaning(said) if said in tuple(Meaning) else Meaning.NOT_STARTED
    if said and said != meaning:
        table.problems.add(
            f"{table.where}, meaning", f"'{said}' is not known", f"Write one of: {', '.join(Meaning)}."
        )
    fill = _colour(table, "fill") or fill_for(name, meaning, fills)
    return RagStatus(
        name,
        letter,
        table.text("definition"),
        meaning,
        fill,
        ink_on(fill, _colour(table, "ink")),
        table.flag("needs_commentary"),
    )


def _taken_for(name: str) -> str:
    """What a spreadsheet makes of a name that is typed into a cell, ``""`` where it stays what it is."""
    if name.startswith(("=", "'")):
        return "a formula or the mark of a text"
    if name.casefold() in ("true", "false"):
        return "a truth value"
    if name.startswith("#") and re.fullmatch(r"#[A-Za-z0-9/]+[!?A]", name):
        return "an error value"
    if _DAY.fullmatch(name):
        return "a day"
    try:
        number = float(name)
    except ValueError:
        return ""
    return "" if number.is_integer() and str(int(number)) == name else "a number"


def _colour(table: Table, key: str) -> str:
    """A colour as RRGGBB, ``""`` where none is given."""
    colour = table.text(key, needed=False)
    if colour and not _COLOUR.fullmatch(colour):
        table.problems.add(
            f"{table.where}, {key}", f"'{colour}' is not a colour", "Write six figures, RRGGBB."
        )
        return ""
    return colour


def _refuse_twice(table: Table, statuses: Sequence[RagStatus]) -> None:
    *others, mine = (one.name.casefold() for one in statuses)
    if mine and mine in others:
        table.problems.add(
            f"{table.where}, name",
            f"is that of status {statuses[others.index(mine)].name} too",
            "Give each its own name.",
        )


def in_words(name: str) -> str:
    """A status as it follows a number: ``3 Red``, but ``3 rated 1``."""
    return name if name[:1].isalpha() else f"rated {name}"


def heading_of(name: str) -> str:
    """A status as it heads a column: ``Red``, but ``Rated 1``."""
    return name if in_words(name) == name else f"Rated {name}"


def letters_for(given: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A letter for each of these statuses, (name, letter or ``""``), each its own and no other's name.

    One that is given stands where no other has it. Else it is the name's first; where names begin alike, the
    first and one that only this name has: ``Gn`` for Green beside ``Gy`` for Grey. Of a short name without
    letters it is the name: ``50 %`` beside ``50`` is not ``51``.
    """
    names = [name.casefold() for name, _ in given]
    said = Counter(letter.casefold() for _, letter in given if letter)
    letters = [
        letter if said[letter.casefold()] == 1 and letter.casefold() not in _others(names, at) else ""
        for at, (_, letter) in enumerate(given)
    ]
    for at, (name, _) in enumerate(given):
        if not letters[at]:
            others = {one.casefold() for one in letters if one} | set(_others(names, at))
            # What would be another's own first letter is ambiguous even before that other has its own.
            others |= {one[:1] for one in _others(names, at)}
            letters[at] = _letter(name, _others(names, at), others)
    return tuple(letters)


def _others(names: Sequence[str], at: int) -> list[str]:
    return [name for number, name in enumerate(names) if number != at]


def _letter(name: str, names: Sequence[str], taken: set[str]) -> str:
    """The shortest of a name's letters that is not ``taken``; ``names`` are the others."""
    first = name[:1].upper()
    if name.casefold() == first.casefold() or first.casefold() not in taken:
        return first
    if len(name) <= _SHORT and not any(map(str.isalpha, name)):
        return name
    alike = "".join(other for other in names if other[:1] == first.casefold())
    seconds = [one for one in name[1:].casefold() if one.isalnum()]
    seconds.sort(key=lambda one: one in alike)  # what only this name has comes first, else in its order
    numbers = map(str, range(1, len(names) + 2))
    return next(first + one for one in (*seconds, *numbers) if (first + one).casefold() not in taken)
