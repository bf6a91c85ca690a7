"""A keyring in memory, never the machine's, and a mail server to send to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
import trustme
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from post.smtp import PASSWORD, USER, Authority, Inbox, mail_server

from lscb_workbook.post import Credentials, Server


class MemoryKeyring(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def kept() -> Iterator[MemoryKeyring]:
    """The keyring of a test, empty."""
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(NoKeyring())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return Authority(ca, file)


@pytest.fixture
def post_office(authority: Authority) -> Iterator[tuple[Server, Inbox]]:
    """A server that asks for STARTTLS and the password, and what it took."""
    with mail_server(authority.context()) as (port, inbox):
        yield authority.server(port), inbox


@pytest.fixture
def known() -> Credentials:
    return Credentials(USER, PASSWORD)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """Where a master would be: the post needs only its name."""
    return tmp_path / "master.xlsx"
