"""What opening a returned file gives: its sheets, what they carry beside their values, and its provenance.

Nothing here is judged: whose it is and what it says is told from these records later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.tracker.cells import Raw

__all__ = [
    "TOKEN",
    "UNKNOWN_FORMULA",
    "Answer",
    "Grid",
    "Marks",
    "Merged",
    "Opened",
    "Parcel",
    "Request",
    "Requests",
    "Sent",
    "Spot",
    "Unpacked",
    "UnreadableError",
    "token_of_answer",
]

Grid = list[list[Raw]]
"""A sheet's cells, row by row from A1. Rows may be of different lengths."""


UNKNOWN_FORMULA = "="
"""A formula whose words the format does not give."""


class Spot(NamedTuple):
    """A cell's row and column, counted from 1."""

    row: int
    column: int


class Merged(NamedTuple):
    """A merged area, all four counted from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet carries beside its values.

    ``notes`` are cell notes and threaded comments, replies included, as text; ``formulas`` what was typed,
    with its ``=``, or that alone (``UNKNOWN_FORMULA``); ``errors`` the error values a cell shows
    (``#N/A``); ``fills`` the colours (RRGGBB) that somebody filled cells with; ``texts`` are cells whose
    text the reader of values gets wrong; ``shapes`` the texts of text boxes and shapes; ``pictures`` how
    many pictures there are; ``unread`` is true where the format may hold notes, colours or shapes that
    cannot be read.
    """

    notes: Mapping[Spot, str] = field(default_factory=dict)
    formulas: Mapping[Spot, str] = field(default_factory=dict)
    errors: Mapping[Spot, str] = field(default_factory=dict)
    fills: Mapping[Spot, str] = field(default_factory=dict)
    texts: Mapping[Spot, str] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()
    shapes: tuple[str, ...] = ()
    pictures: int = 0
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """Who sent a return by mail, as the mail says it (``"Ann" <ann@example.org>``), and when (naive UTC);
    where mails lie within mails, of the innermost, and ``through`` whom it came, the outermost first."""

    by: str
    on: datetime | None = None
    through: tuple[str, ...] = ()

    def within(self, outer: Sent | None) -> Sent:
        """The same of a mail that came inside another."""
        return replace(self, through=(*outer.through, outer.by, *self.through)) if outer else self


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file that came inside another. ``written_at`` is naive UTC, None where the container does not say;
    ``damaged`` is true where only a part of it could be had, or not as it was put in."""

    name: str
    data: bytes
    sent: Sent | None = None
    written_at: datetime | None = None
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a container held. ``ignored`` are names of what programs leave behind, never read; ``words`` is
    whether a mail says something of its own beside what is attached; ``kind`` what sort of container."""

    parcels: tuple[Parcel, ...]
    ignored: tuple[str, ...] = ()
    words: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A returned workbook.

    ``kind`` is what sort of file it is, in words (``an Excel workbook``); ``saved_at`` when it says it was
    last saved (naive UTC), None where it does not; ``marks`` are by sheet, those that have any.
    """

    kind: str
    sha256: str
    saved_at: datetime | None
    properties: Mapping[str, str]
    sheets: Mapping[str, Grid]
    marks: Mapping[str, Marks]


class UnreadableError(Exception):
    """The file cannot be read as a return. ``code`` is a finding's; the message is its ``reason``."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


Request = tuple[bytes, str, Limits, tuple[str, ...], frozenset[str]]
"""What is asked of the reading process: a file's bytes, its name, the limits, the passwords to try, and the
colours (RRGGBB) that cells have as issued."""

Requests = tuple[tuple[tuple[bytes, str, tuple[str, ...]], ...], Limits, frozenset[str]]
"""Several requests of which only the first three parts differ. All are read before the first is answered, so
that neither side ever waits for the other to take what it says."""

TOKEN = 16
"""Requests and each answer go through pipes as frames: so many bytes of a token, eight bytes for the length
of what follows (little-endian), and that, pickled."""


def token_of_answer(token: bytes, number: int) -> bytes:
    """The token of the answer to the request of this number (from 0) among those that came with a token."""
    return ((int.from_bytes(token, "big") + number) % (1 << 8 * TOKEN)).to_bytes(TOKEN, "big")


Answer = Opened | Unpacked | tuple[str, str]
"""What the file holds, or the code and reason why it cannot be read."""
