"""Copies under a password: encrypted as Excel does it, each officer's with a password of their own.

The passwords are made here, kept in this computer's keyring alone, and found there again when the copies
come back.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from lscb_workbook.copies.issuing import Copy
from lscb_workbook.copies.keyrings import SERVICE, keep_password, kept_password
from lscb_workbook.plan.addresses import typed_addresses
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Officer

__all__ = ["KeptPasswords", "make_password", "passwords_for", "passwords_of", "protect", "protected"]

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread or misheard when it is passed on: 0 and o, 1, i and l."""
_GROUPS, _IN_GROUP = 4, 4
_WORD = re.compile(r"\w+")


def make_password() -> str:
    """A new password, to be read out over the telephone: ``k7wm-3xqp-vt9h-ca4n`` (79 bits)."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def protect(data: bytes, password: str) -> bytes:
    """A workbook (the bytes of an ``.xlsx``) encrypted with a password (ECMA-376 agile: AES-256, SHA-512).

    Raises ValueError where there is no password, or the bytes are no workbook.
    """
    from msoffcrypto.exceptions import FileFormatError
    from msoffcrypto.format.ooxml import OOXMLFile

    if not password:
        raise ValueError("a password is needed")
    sealed = io.BytesIO()
    try:
        OOXMLFile(io.BytesIO(data)).encrypt(password, sealed)
    except FileFormatError as error:
        raise ValueError("only a workbook can be encrypted") from error
    return sealed.getvalue()


def protected(
    copies: Iterable[Copy], passwords: Mapping[str, str], earlier: Callable[[Copy], bytes | None]
) -> Iterator[Copy]:
    """Each copy encrypted with its officer's password (by officer's key).

    ``earlier`` gives the bytes of the file that is there already under a copy's name, None where there is
    none. No two encryptions are alike: one that an issue which was cut short left, of the very same copy, is
    taken again. Raises KeyError where an officer has no password: no copy that should be protected goes out
    open.
    """
    for copy in copies:
        password, there = passwords[copy.officer.key], earlier(copy)
        if there is not None and _opened(there, password) == copy.data:
            yield replace(copy, data=there)
        else:
            yield replace(copy, data=protect(copy.data, password))


def passwords_for(tracker: str, cycle: str, officers: Iterable[Officer]) -> dict[str, str]:
    """A password for each officer's copy of a cycle, by officer's key, kept in the keyring.

    ``tracker`` is the tracker's id. Whoever has one for this cycle keeps it, so that a copy issued again
    opens with the password that they know. Raises WorkbookError where the keyring does not keep them.
    """
    made = {}
    for officer in officers:
        password = kept_password(_service(tracker), _entry(cycle, officer))
        if not password:
            password = make_password()
            keep_password(_service(tracker), _entry(cycle, officer), password)
            if kept_password(_service(tracker), _entry(cycle, officer)) != password:
                raise WorkbookError(
                    f"This computer's keyring does not give back the password for {officer.title}'s copy. "
                    "Nothing was issued. Set up the keyring and run the command again."
                )
        made[officer.key] = password
    return made


def passwords_of(tracker: str, cycles: Iterable[str], officers: Sequence[Officer]) -> tuple[str, ...]:
    """The passwords that the keyring has for copies of these cycles and officers, in that order.

    Raises WorkbookError where there is a keyring that does not open.
    """
    return tuple(password for _, _, password in _kept(tracker, cycles, officers))


class KeptPasswords:
    """The keyring's passwords for one tracker, the likeliest first for each file by its name.

    Each password tried costs about as much as reading a copy, and a tracker may have hundreds. The keyring is
    asked when the first protected file comes, not before. ``cycles`` are the tracker's, oldest first.
    """

    def __init__(self, tracker: str, cycles: Sequence[str], officers: Sequence[Officer]) -> None:
        self._tracker, self._cycles, self._officers = tracker, cycles, officers
        self._found: list[tuple[str, Officer, str]] | None = None

    def __call__(self, file: str) -> tuple[str, ...]:
        """The passwords to try on a file of this name (with the names of the mails and zips it came in).

        Raises WorkbookError where there is a keyring that does not open.
        """
        if self._found is None:
            self._found = _kept(self._tracker, reversed(self._cycles), self._officers)
        name = _plain(file)
        likeness = {officer.key: _likeness(officer, file, name) for officer in self._officers}

        def rank(one: tuple[str, Officer, str]) -> tuple[float, bool]:
            cycle, officer, _ = one
            return (-likeness[officer.key], _plain(cycle) not in name)

        return tuple(password for _, _, password in sorted(self._found, key=rank))


def _opened(data: bytes, password: str) -> bytes:
    """What an encrypted workbook holds; nothing, where it is none or has another password."""
    from msoffcrypto.format.ooxml import OOXMLFile

    inner = io.BytesIO()
    try:
        sealed = OOXMLFile(io.BytesIO(data))
        sealed.load_key(password=password, verify_password=True)
        sealed.decrypt(inner, verify_integrity=True)
    except Exception:  # whatever else lies there under that name
        return b""
    return inner.getvalue()


def _kept(tracker: str, cycles: Iterable[str], officers: Sequence[Officer]) -> list[tuple[str, Officer, str]]:
    found = []
    for cycle in cycles:
        for officer in officers:
            if password := kept_password(_service(tracker), _entry(cycle, officer)):
                found.append((cycle, officer, password))
    return found


def _service(tracker: str) -> str:
    return f"{SERVICE} {tracker}"


def _entry(cycle: str, officer: Officer) -> str:
    return f"{cycle}/{officer.key}"


def _likeness(officer: Officer, file: str, name: str) -> float:
    """How much a file's name speaks for an officer: 1 where it has their title or their address."""
    if any(one.casefold() in file.casefold() for one in typed_addresses(officer.email)):
        return 1.0
    title = _plain(officer.title)
    found = SequenceMatcher(None, title, name, autojunk=False)
    return sum(block.size for block in found.get_matching_blocks() if block.size > 2) / max(len(title), 1)


def _plain(text: str) -> str:
    """A text's words alone: programs write names with underlines, dots and brackets."""
    return " ".join(_WORD.findall(text.casefold().replace("_", " ")))
