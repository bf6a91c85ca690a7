"""Returns at an address: ``s3://bucket/returns``, ``sftp://host/returns``, ``zip://::memory://all.zip``.

Whatever fsspec knows how to reach. An address may hold a password; it is read with it and shown without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.findings import short
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.opened import UnreadableError
from lscb_workbook.returns.places import CHANGING, TRIES, refuse_large, shown_name, why

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["Address", "RemoteFile", "files_at", "is_url", "refuse_url"]

_URL = re.compile(r"[A-Za-z][\w+.-]+(::[A-Za-z][\w+.-]+)*://")
"""One letter before the colon is a drive of Windows."""
_COLLAPSED = re.compile(r"[A-Za-z][\w+.-]+:[/\\](?![/\\])")
"""What is left of an address that was taken for a path, which has no two slashes together."""
_LINK = re.compile(
    r"(?P<protocol>[A-Za-z][\w+.-]+)://"
    r"((?P<user>[^/:@]*)(:(?P<password>[^/]*|(?!\d+/).*))?@)?"
    r"(?P<rest>.*)",
    re.S,
)
"""One part of an address. A password that holds a slash is told from a port by its not being a number."""
_CHAIN = re.compile(r"::(?=[A-Za-z][\w+.-]*(?:://|::|$)|[^@]*$)")
"""Where one part of an address ends and the next begins. Two colons may also stand in a password."""
_WEB = {"http", "https"}
_HERE = {"file", "local", "memory"}
_MOMENTS = ("mtime", "LastModified", "last_modified", "updated", "modified", "created", "date_time")
_TELLING = ("size", *_MOMENTS, "ETag", "etag", "CRC")
"""What tells one state of a file from another, as file systems name it."""


def is_url(text: str) -> bool:
    """Whether this is an address and no path. ``C:\\returns`` is a path."""
    return _URL.match(text) is not None


def refuse_url(path: Path) -> None:
    """Raise WorkbookError where what must be a file or folder of this computer is an address."""
    if _COLLAPSED.match(str(path)):
        shown = Address(str(path).replace(":/", "://", 1)).shown
        raise WorkbookError(
            f"{shown} is an address, and only returns are read from addresses. Name a file or folder of this "
            "computer or of a network drive: saving the master needs a disk that can lock and rename files."
        )


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a file or folder. Its ``url`` may hold a password; it is never shown."""

    url: str = field(repr=False)

    @property
    def shown(self) -> str:
        """The address without passwords; what lies in a zip at an address is shown below that zip."""
        inner, *outer = (_shown_link(link) for link in self._links if "://" in link)
        if not outer:
            return shown_name(inner)
        return shown_name("/".join([*reversed(outer), inner.partition("://")[2]]).rstrip("/"))

    @property
    def is_here(self) -> bool:
        """Whether only this computer, or this process, is sure to see it."""
        links = [_LINK.match(link) for link in self._links]
        bare = [link for link in self._links[1:] if "://" not in link]
        return bool(bare) or any(link is not None and link["protocol"] in _HERE for link in links)

    def without_secrets(self, text: str) -> str:
        """What a library says of the address, on one line, with nothing in it that is not to be shown."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return shown_name(" ".join(text.split())).rstrip(".")

    @property
    def _links(self) -> list[str]:
        return _CHAIN.split(self.url)

    @property
    def _secrets(self) -> set[str]:
        found = set()
        for link in filter(None, map(_LINK.match, self._links)):
            found |= {link["password"] or "", _query(link)}
            found |= {link["user"] or ""} if link["protocol"] in _WEB else set()
        return {way for secret in found if secret for way in (secret, unquote(secret))}

    def opened(self) -> tuple[AbstractFileSystem, str]:
        """The file system that the address is of, and the path in it. Raises WorkbookError where what is
        needed to reach it is not installed."""
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise WorkbookError(
                f"Reading returns from {self.shown} needs the package fsspec. Install it with: "
                "pip install 'lscb-workbook[urls]'"
            ) from error
        try:
            system, path = url_to_fs(self.url)
        except ImportError as error:
            raise WorkbookError(
                f"Reading returns from {self.shown} needs one more Python package. Its reader says: "
                f"'{self.without_secrets(str(error))}'. Install it with pip (s3fs for s3://, paramiko for "
                "sftp://), then run the command again."
            ) from error
        except Exception as error:  # each protocol has its own; what leads to it may quote a password
            raise self.unreachable(error) from None
        return system, path

    def unreachable(self, error: Exception) -> WorkbookError:
        reason = short(self.without_secrets(str(error) or type(error).__name__))
        return WorkbookError(
            f"{self.shown} cannot be read: {reason}. "
            "Check the address, the network, and that you may read there."
        )


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at an address, or below one. ``path`` is what its file system calls it; ``below`` the same from
    the address on, ``""`` where it is named itself; ``listed_at`` when it was found (naive UTC)."""

    address: Address
    path: str
    below: str
    listed_at: datetime

    @property
    def name(self) -> str:
        return re.split(r"[/\\]", self.below or self.path)[-1]

    @property
    def shown(self) -> str:
        return (
            f"{self.address.shown.rstrip('/')}/{shown_name(self.below)}" if self.below else self.address.shown
        )

    @property
    def is_here(self) -> bool:
        return self.address.is_here

    def read(self, limits: Limits) -> tuple[bytes, datetime]:
        """Its bytes and when it was written; when it was found, where the file system does not say."""
        try:
            system, _ = self.address.opened()
            for _ in range(TRIES):
                before = _state(system, self.path)
                size = before.get("size")
                refuse_large(size if isinstance(size, int) else 0, limits)
                with system.open(self.path, "rb") as file:
                    data: bytes = file.read(limits.file_bytes + 1)
                refuse_large(len(data), limits)
                after = _state(system, self.path)
                if before == after and size in (None, len(data)):
                    return data, _written_at(after) or self.listed_at
        except UnreadableError:
            raise
        except Exception as error:  # each protocol has its own; what leads to it may quote a password
            said = why(error) if isinstance(error, OSError) else str(error)
            reason = self.address.without_secrets(said or type(error).__name__)
            raise UnreadableError("return-unreadable", reason) from None
        raise CHANGING


def files_at(address: Address, now: datetime) -> Iterator[tuple[RemoteFile, UnreadableError | None]]:
    """The files at an address and below it, each with the reason why it is none that can be read.

    ``now`` is naive UTC. Raises WorkbookError where the address cannot be reached or nothing is there.
    """
    system, root = address.opened()
    try:
        found: Mapping[str, Mapping[str, object]] = system.find(root, detail=True)
        there = bool(found) or system.exists(root)
    except Exception as error:  # each protocol has its own; what leads to it may quote a password
        raise address.unreachable(error) from None
    if not there:
        raise WorkbookError(f"There is no file or folder {address.shown}. Check the address.")
    for path, info in sorted(found.items()):
        if str(path).endswith("/"):  # what some stores keep in a folder's place
            continue
        yield RemoteFile(address, path, _below(path, root), now), _fault(info)


def _below(path: str, root: str) -> str:
    if path.rstrip("/") == root.rstrip("/"):
        return ""
    return path[len(root) :].lstrip("/") if path.startswith(root) else path.rpartition("/")[2]


def _fault(info: Mapping[str, object]) -> UnreadableError | None:
    kind = info.get("type", "file")
    if info.get("islink") or kind == "link":
        return UnreadableError("return-link", "it is a link to another place")
    return None if kind == "file" else UnreadableError("return-unreadable", "it is no ordinary file")


def _state(system: AbstractFileSystem, path: str) -> dict[str, object]:
    """What the file system says of a file now, not what it remembers."""
    system.invalidate_cache(system._parent(path))
    info: Mapping[str, object] = system.info(path)
    return {name: info[name] for name in _TELLING if name in info}


def _written_at(state: Mapping[str, object]) -> datetime | None:
    """When a file was written (naive UTC), as its file system says it in one of many ways."""
    for name in _MOMENTS:
        value = state.get(name)
        try:
            if isinstance(value, (int, float)):
                return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)
            if isinstance(value, tuple):
                return datetime(*value)
            if isinstance(value, str):
                value = datetime.fromisoformat(value)
        except (ValueError, TypeError, OverflowError, OSError):
            continue
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return None


def _shown_link(link: str) -> str:
    parts = _LINK.match(link)
    if parts is None:
        return link
    user = f"{parts['user']}@" if parts["user"] and parts["protocol"] not in _WEB else ""
    return f"{parts['protocol']}://{user}{parts['rest'].removesuffix(_query(parts))}"


def _query(link: re.Match[str]) -> str:
    """What follows the path in a web address: often a key."""
    rest = link["rest"]
    return rest[rest.index("?") :] if link["protocol"] in _WEB and "?" in rest else ""
