"""Keyrings of the tests' own, in memory: never the machine's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

__all__ = ["ForgetfulKeyring", "LockedKeyring", "MemoryKeyring", "using"]


class MemoryKeyring(KeyringBackend):
    """Keeps passwords as long as the test lasts. ``asked`` counts how often it was asked for one."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class ForgetfulKeyring(MemoryKeyring):
    """Takes passwords and keeps none, as the one that stands for 'none' does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept.pop((service, username + password[:0]), None)


class LockedKeyring(MemoryKeyring):
    """Does not open, and says more in its error than it should."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} of {username} is locked: {self.kept}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"{service} of {username} does not keep {password}")


@contextmanager
def using(backend: KeyringBackend) -> Iterator[KeyringBackend]:
    """This keyring in place of the machine's."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield backend
    finally:
        keyring.set_keyring(before)
