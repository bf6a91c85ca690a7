"""Whose copy it is: the facts a copy carries, what it held when it was issued, and the signature over both.

The facts are carried twice, in custom document properties and on a very hidden sheet, because some
programs drop the one and some show the other. What was issued stands on that sheet alone, a text for each
row of the plan: such texts are plain letters without line ends, which no program changes as it saves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lscb_workbook.ooxml import MAX_TEXT

__all__ = [
    "AROUND",
    "ISSUED",
    "PROPERTIES",
    "SIGNATURE",
    "AsIssued",
    "Claim",
    "Identity",
    "RowKey",
    "Witness",
    "issued_in",
    "pieces_of",
    "row_written",
    "rows_written",
    "signature",
    "signed_by",
]

PROPERTIES = {
    "tracker": "lscb-tracker",
    "schema": "lscb-schema",
    "cycle": "lscb-cycle",
    "officer": "lscb-officer",
    "issued_on": "lscb-issued-on",
    "return_by": "lscb-return-by",
}
"""The custom document property of each fact of an :class:`Identity`."""

SIGNATURE = "lscb-signature"
ISSUED = "lscb-issued"
"""What stands on the hidden sheet before each text of what was issued."""


class RowKey(NamedTuple):
    """A row of a copy: an action's (with no milestone) or a milestone's."""

    ref: str
    milestone: str


AROUND = RowKey("", "")
"""Stands for what a copy says outside its rows."""

AsIssued = Mapping[RowKey, Mapping[str, str]]
"""What each cell of a copy held as issued, by row and column key: the base of the three-way merge."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a copy says of itself. All text, as properties are; dates are ISO text."""

    tracker: str
    schema: str
    cycle: str
    officer: str
    issued_on: str
    return_by: str

    @classmethod
    def of(cls, tracker: str, schema: int, cycle: str, officer: str, issued: date, back: date) -> Identity:
        return cls(tracker, str(schema), cycle, officer, issued.isoformat(), back.isoformat())

    @classmethod
    def from_facts(cls, facts: Mapping[str, str]) -> Identity | None:
        """The identity in these facts, named as :data:`PROPERTIES` names them; None if one is missing."""
        values = {fact: facts.get(name, "") for fact, name in PROPERTIES.items()}
        return cls(**values) if all(values.values()) else None

    @property
    def facts(self) -> dict[str, str]:
        return {name: str(getattr(self, fact)) for fact, name in PROPERTIES.items()}


class Claim(NamedTuple):
    """A signature (hexadecimal) and the bytes that it is said to be of."""

    found: str
    message: bytes

    def holds(self, key: str) -> bool:
        """Whether it was made with this key."""
        return hmac.compare_digest(self.found.encode(), _mac(self.message, key).encode())


class Witness(str):
    """Stands where the key would, in a place that the key must not reach.

    Every signature is taken to be true before it, and noted, for whoever has the key to check; those of
    each thread apart.
    """

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def note(self, claim: Claim) -> None:
        """Note a claim for this thread."""
        self._of_thread.noted = [*getattr(self._of_thread, "noted", ()), claim]

    def noted(self) -> tuple[Claim, ...]:
        """What this thread noted since it was last asked."""
        noted = tuple(getattr(self._of_thread, "noted", ()))
        self._of_thread.noted = []
        return noted


_AS_JSON = json.JSONEncoder(separators=(",", ":"))
_DECODER = json.JSONDecoder()


def row_written(row: RowKey, values: Mapping[str, str]) -> str:
    """What was issued in a row as text: ``["1.4","1.4.2",{"status":"","note":"..."}]``, all of it ASCII.

    Nothing in it looks like the ``_x0041_`` by which cells stand for signs that they cannot hold.
    """
    return _AS_JSON.encode([*row, values]).replace("_x", r"\u005fx")


def rows_written(base: AsIssued) -> list[str]:
    """The rows of what was issued as texts, in the order in which a copy has them."""
    return sorted(row_written(row, values) for row, values in base.items())


def pieces_of(rows: Sequence[str]) -> list[str]:
    """Rows as texts, cut where a cell can hold no more."""
    return [row[at : at + MAX_TEXT] for row in rows for at in range(0, len(row), MAX_TEXT)]


def issued_in(written: str) -> AsIssued:
    """What was issued, from its rows as texts, one directly after the other; nothing where they are none."""
    base: dict[RowKey, Mapping[str, str]] = {}
    at = 0
    try:
        while at < len(written):
            (ref, milestone, values), at = _DECODER.raw_decode(written, at)
            "".join((ref, milestone, *values, *values.values()))  # raises where one is no text
            base[RowKey(ref, milestone)] = values
    except (AttributeError, RecursionError, TypeError, ValueError):
        return {}
    return base


def signature(identity: Identity, rows: Sequence[str], key: str) -> str:
    """HMAC-SHA256 (hexadecimal) over an identity and what was issued, as texts, under the tracker's key."""
    return _mac(_message(identity, "".join(rows)), key)


def signed_by(found: str, identity: Identity, written: str, key: str) -> bool:
    """Whether ``found`` is the signature that the tracker with this key gave to what was issued."""
    claim = Claim(found, _message(identity, written))
    if isinstance(key, Witness):
        key.note(claim)
        return True
    return claim.holds(key)


def _message(identity: Identity, written: str) -> bytes:
    facts = _AS_JSON.encode(sorted(identity.facts.items()))
    return f"{facts}{written}".encode("utf-8", "surrogatepass")


def _mac(message: bytes, key: str) -> str:
    return hmac.digest(bytes.fromhex(key), message, hashlib.sha256).hex()
