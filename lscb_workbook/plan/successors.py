"""Who answers for an officer who has left, as the Officers tab says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.officers import match_officer, nearest_officer
from lscb_workbook.plan.records import Officer

__all__ = ["Contact", "contacts_of", "successors"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Two cells of an officer's row on the Officers tab, as they are typed: the address of the officer's
    manager, and the title (or key, or another spelling) of the officer who has taken the place of a leaver.
    """

    manager_email: str = ""
    successor: str = ""


def contacts_of(officers: Sequence[Officer]) -> dict[str, Contact]:
    """These two cells of every officer, by key."""
    return {one.key: Contact(one.manager_email, one.successor) for one in officers}


def successors(officers: Sequence[Officer], contacts: Mapping[str, Contact]) -> dict[str, str]:
    """Who answers for each leaver now, by key; of a successor who has left too, theirs.

    ``contacts`` is by officer's key. Raises WorkbookError where a successor is no officer of the Officers
    tab, or where successors go round in a circle.
    """
    titles = {officer.key: officer.title for officer in officers}
    named: dict[str, str] = {}
    for officer in officers:
        if name := contacts.get(officer.key, Contact()).successor.strip():
            found = match_officer(officers, name)
            if found is None:
                near = nearest_officer(officers, name)
                hint = f" ('{near}' is near)" if near else ""
                raise WorkbookError(
                    f"The Officers tab names '{name}' as successor of {officer.title}, and has no such "
                    f"officer{hint}. Add a row for the successor there, or correct the name."
                )
            named[officer.key] = found.key
    last = {}
    for leaver in named:
        now, passed = leaver, {leaver}
        while now in named:
            now = named[now]
            if now in passed:
                raise WorkbookError(
                    f"The Officers tab makes {titles[leaver]} their own successor in the end, by way of "
                    f"{titles[named[leaver]]}. Correct the column Successor there."
                )
            passed.add(now)
        last[leaver] = now
    return last
