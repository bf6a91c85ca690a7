"""A table of a plan document, and what is wrong with it.

Each value is asked for by name and comes back checked. What is missing, misshapen or unknown is noted
as a problem, in the words of the person who edits the file, and reading goes on, so that one run shows
them all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

__all__ = ["Problems", "Table", "hint"]


class Problems(list[str]):
    """What is wrong with a document: where, what, and what to do."""

    def add(self, where: str, what: str, to_do: str) -> None:
        self.append(f"{where}: {what}. {to_do}")


def hint(word: str, known: Iterator[str] | list[str]) -> str:
    """``Did you mean …?`` and a space where a known word is near; else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean '{near[0]}'? " if near else ""


@dataclass
class Table:
    """One table. ``where`` is what a message calls it: ``action 1.4``, ``the 3rd [[officer]]``."""

    values: Mapping[str, object]
    where: str
    problems: Problems
    asked: set[str] = field(default_factory=set)

    def text(self, key: str, *, needed: bool = True) -> str:
        """Text without the spaces around it; ``""`` where there is none."""
        value = self._value(key, needed)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong(key, f"{value!r} is not text", "Put it in quotes.")
            return ""
        if needed and not value.strip():
            self._wrong(key, "is empty", "Fill it in.")
        return value.strip()

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts, none of them blank."""
        found = []
        for value in self.items(key, needed=needed):
            if isinstance(value, str) and value.strip():
                found.append(value.strip())
            else:
                self._wrong(key, f"{value!r} is not text", 'Write a list of texts in quotes: ["…", "…"].')
        return tuple(found)

    def items(self, key: str, *, needed: bool = False) -> list[object]:
        """A list of anything, for the caller to check."""
        value = self._value(key, needed)
        if value is None:
            return []
        if not isinstance(value, list):
            self._wrong(key, f"{value!r} is not a list", 'Write it in square brackets: ["…", "…"].')
            return []
        if needed and not value:
            self._wrong(key, "is empty", "Name at least one.")
        return value

    def number(self, key: str) -> int | None:
        """A whole number, or None where there is none."""
        value = self._value(key, needed=True)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._wrong(key, f"{value!r} is not a whole number", "Write figures without quotes.")
        return None

    def flag(self, key: str) -> bool:
        """True or false; false where it is not given."""
        value = self._value(key, needed=False)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._wrong(key, f"{value!r} is neither true nor false", "Write true or false without quotes.")
        return False

    def day(self, key: str, *, needed: bool = True) -> date | None:
        """A day, or None where there is none."""
        value = self._value(key, needed)
        if value is None or type(value) is date:
            return value
        self._wrong(key, f"{value!r} is not a day", "Write year, month and day without quotes: 2016-04-01.")
        return None

    def tables(self, key: str, called: str) -> Iterator[Table]:
        """The tables of ``[[key]]``, each called by the value of ``called`` where it has one."""
        if isinstance(self.values.get(key), dict):
            self._wrong(key, "stands in single brackets", f"Write [[{key}]] above each.")
            self.asked.add(key)
            return
        for number, value in enumerate(self.items(key), 1):
            if not isinstance(value, dict):
                self._wrong(key, f"{value!r} is not a table", f"Write each under its own [[{key}]].")
                continue
            name = value.get(called)
            where = f"{key} {name}" if name not in (None, "") else f"[[{key}]] number {number}"
            yield Table(value, where, self.problems)

    def done(self) -> None:
        """Note every key that nobody asked for: a slip of the pen must not lose what stands beside it."""
        for key in self.values:
            if key not in self.asked:
                known = hint(key, sorted(self.asked))
                self._wrong(key, "is not known here", f"{known}Correct the name or remove the line.")

    def _value(self, key: str, needed: bool) -> object:
        self.asked.add(key)
        value = self.values.get(key)
        if value is None and needed:
            self._wrong(key, "is missing", f"Add a line '{key} = …'.")
        return value

    def _wrong(self, key: str, what: str, to_do: str) -> None:
        self.problems.add(f"{self.where}, {key}", what, to_do)
