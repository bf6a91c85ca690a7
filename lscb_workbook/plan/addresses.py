"""The addresses in a cell of the Officers tab, as people type them: several, or with a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["first_address", "typed_addresses"]

_NAMED = re.compile(r"([^<>;\n]*)<([^<>]*)>|([^<>;\n]+)")
_BETWEEN = re.compile(r"[,\s]+")


def typed_addresses(text: str) -> tuple[str, ...]:
    """What a cell gives as addresses, as typed, each once: ``a@x.org; b@x.org``, ``Jane Smith <jane@x.org>``.

    What is no address and stands where one should is among them, for whoever is to say so.
    """
    found: dict[str, str] = {}
    for one in filter(None, _parts(text)):
        found.setdefault(one.casefold(), one)
    return tuple(found.values())


def first_address(text: str) -> str:
    """The address that is written to; the whole cell where something in it is none, ``""`` if it is blank."""
    found = typed_addresses(text)
    return found[0] if found and all("@" in one for one in found) else text.strip()


def _parts(text: str) -> Iterator[str]:
    for name, inside, bare in _NAMED.findall(text):
        # A name may hold another address before it, or say the same one again.
        loose = _BETWEEN.split(bare) if bare else [one for one in _BETWEEN.split(name) if "@" in one]
        yield from (one.strip("\"'") for one in loose)
        yield inside.strip()
