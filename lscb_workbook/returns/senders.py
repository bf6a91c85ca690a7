"""Who sent a return by mail, held against the address of the officer whose it is.

An address is what a mail says of itself and proves nothing; but one that is not the officer's is reason to
ask before what came is taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from email.utils import getaddresses

from lscb_workbook.plan.addresses import typed_addresses
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Officer, Plan
from lscb_workbook.plan.successors import contacts_of, successors
from lscb_workbook.returns.records import Return
from lscb_workbook.returns.settling import Harvest

_ADDRESS = re.compile(r"""[^\s<>()\[\],;:"']+@[^\s<>()\[\],;:"']+""")

__all__ = ["addresses_in", "doubt_of_sender", "doubt_strangers"]


def addresses_in(sender: str) -> tuple[str, ...]:
    """The addresses in what a mail says of its sender, in small letters: whatever might be read as one, since
    programs differ in what they show of a header that is odd."""
    found = [address for _, address in getaddresses([sender]) if "@" in address]
    return tuple(dict.fromkeys(one.casefold() for one in (*found, *_ADDRESS.findall(sender))))


def doubt_of_sender(officer: Officer, senders: Iterable[str], known: Collection[str] = ()) -> str:
    """Why a return that these senders sent, one inside the mail of the other, may only be proposed.

    ``""`` where each is the officer, or one of ``known`` (the manager's own addresses). A sender is text as a
    mail has it (``"Ann" <ann@example.org>``).
    """
    theirs = {one.casefold() for one in typed_addresses(officer.email)}
    trusted = theirs | {one.strip().casefold() for one in known}
    for sender in senders:
        found = addresses_in(sender)
        # With several addresses there is no telling which of them sent it.
        if found and trusted.issuperset(found):
            continue
        said = " and ".join(found) or "nobody who is named"
        if not theirs:
            return f"it was sent by {said}, and the Officers tab has no address for {officer.title}"
        return f"it was sent by {said}, not from {officer.title}'s address ({', '.join(sorted(theirs))})"
    return ""


def doubt_strangers(
    harvest: Harvest, plan: Plan, senders: Mapping[str, str], known: Collection[str] = ()
) -> Harvest:
    """The harvest, with every return that a stranger sent in doubt.

    ``senders`` are those of messages, by the messages' shown names; returns that did not come in one of them
    are as they were. ``known`` are addresses that anybody's return may come from: the manager's own. What a
    leaver is asked may come from whoever has taken over.
    """
    heirs: dict[str, str] = {}
    with suppress(WorkbookError):  # a successor who is none vouches for nothing
        heirs = successors(plan.officers, contacts_of(plan.officers))

    def judged(one: Return) -> Return:
        outer = next((sender for shown, sender in senders.items() if one.file.startswith(f"{shown}/")), None)
        if outer is None or one.doubt:
            return one
        inner = [*one.sent.through, one.sent.by] if one.sent else []
        heir = typed_addresses(plan.officer(heirs[one.officer]).email) if one.officer in heirs else ()
        return replace(
            one, doubt=doubt_of_sender(plan.officer(one.officer), [outer, *inner], [*known, *heir])
        )

    return replace(harvest, returns=tuple(map(judged, harvest.returns)))
