"""Whose copy it is: the facts a copy carries, what it held when it was issued, and the signature over both.

They are carried twice, in custom document properties and on a very hidden sheet, because some
programs drop the one and some show the other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

__all__ = [
    "PROPERTIES",
    "SIGNATURE",
    "AsIssued",
    "Claim",
    "Identity",
    "Place",
    "Witness",
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


class Place(NamedTuple):
    """A cell of a copy: row and column key. Fields and the plan's own columns alike."""

    ref: str
    milestone: str
    column: str


AsIssued = Mapping[Place, str]
"""What every cell of a copy held when it was issued: the base of the three-way merge."""


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


def signature(identity: Identity, base: AsIssued, key: str) -> str:
    """HMAC-SHA256 (hexadecimal) over an identity and the values as issued, under the tracker's key."""
    return _mac(_message(identity, base), key)


def signed_by(found: str, identity: Identity, base: AsIssued, key: str) -> bool:
    """Whether ``found`` is the signature that the tracker with this key gave."""
    claim = Claim(found, _message(identity, base))
    if isinstance(key, Witness):
        key.note(claim)
        return True
    return claim.holds(key)


_with: Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = tuple.__add__
_AS_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def _message(identity: Identity, base: AsIssued) -> bytes:
    rows = sorted(map(_with, base, zip(base.values(), strict=True)))
    return _AS_JSON.encode([identity.facts, rows]).encode("ascii")


def _mac(message: bytes, key: str) -> str:
    return hmac.digest(bytes.fromhex(key), message, hashlib.sha256).hex()
