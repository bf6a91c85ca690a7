"""Whose copy it is: the facts a copy carries, what it held when it was issued, and the signature over both.

They are carried twice, in custom document properties and on a very hidden sheet, because some
programs drop the one and some show the other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

__all__ = ["PROPERTIES", "SIGNATURE", "AsIssued", "Identity", "Place", "signature", "signed_by"]

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


def signature(identity: Identity, base: AsIssued, key: str) -> str:
    """HMAC-SHA256 (hexadecimal) over an identity and the values as issued, under the tracker's key."""
    said = [identity.facts, sorted([*place, value] for place, value in base.items())]
    message = json.dumps(said, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hmac.new(bytes.fromhex(key), message.encode("ascii"), hashlib.sha256).hexdigest()


def signed_by(found: str, identity: Identity, base: AsIssued, key: str) -> bool:
    """Whether ``found`` is the signature that the tracker with this key gave."""
    return hmac.compare_digest(found.encode(), signature(identity, base, key).encode())
