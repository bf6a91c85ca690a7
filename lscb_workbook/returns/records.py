"""What one returned file says: whose it is, how that is known, and each edit it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from lscb_workbook.plan.records import Cell, Finding
from lscb_workbook.returns.files.opened import Sent

__all__ = ["Edit", "Recognised", "Return", "Signature"]


class Recognised(StrEnum):
    """What told whose return it is, the surest first."""

    PROPERTIES = "properties"
    HIDDEN_SHEET = "hidden sheet"
    CONTENT = "refs and text"


class Signature(StrEnum):
    VALID = "valid"
    ABSENT = "absent"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell that came back other than it was issued.

    ``returned`` is the cleaned value, or the text as typed where the edit is refused. ``refused``
    says why it cannot enter the tracker; ``doubt`` why it may only be proposed. Both are empty for
    an edit that is sure. ``place`` is where it stands, as the findings about it say: sheet and cell; empty
    where there are none.
    """

    cell: Cell
    base: str
    returned: str
    refused: str = ""
    doubt: str = ""
    place: tuple[str, str] | tuple[()] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Return:
    """One return of one officer. ``officer`` is a key; ``sent`` who sent it by mail and when, if it came so.

    ``saved_at`` is the moment it was last saved, by its own word where it has one; ``written_at`` the
    moment the file was written, which decides where two were saved at the same. Both are naive UTC.

    ``doubt`` says why none of its edits may be more than a proposal (no valid signature, a cycle
    that was never issued); empty where the return is sure.
    """

    file: str
    sha256: str
    officer: str
    cycle: str
    recognised_by: Recognised
    signature: Signature
    saved_at: datetime
    written_at: datetime
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...] = ()
    doubt: str = ""
    sent: Sent | None = None

    @property
    def sure(self) -> tuple[Edit, ...]:
        """The edits that may be taken without asking."""
        return () if self.doubt else tuple(one for one in self.edits if not (one.refused or one.doubt))

    @property
    def refused(self) -> tuple[Edit, ...]:
        return tuple(one for one in self.edits if one.refused)

    @property
    def proposed(self) -> tuple[Edit, ...]:
        """The edits that wait for the manager."""
        return tuple(one for one in self.edits if not one.refused and (self.doubt or one.doubt))

    @property
    def provenance(self) -> str:
        """Who sent it by mail, and when, as the tracker keeps it; ``""`` where it did not come by mail."""
        if self.sent is None:
            return ""
        on = f" on {self.sent.on.day} {self.sent.on:%B %Y at %H:%M} UTC" if self.sent.on else ""
        return f"sent by {self.sent.by or 'nobody named'}{on}"

    @property
    def as_issued(self) -> bool:
        """Whether it is the very copy that was issued, which nobody says they saved since."""
        return any(one.code == "return-as-issued" for one in self.findings)

    @property
    def came_on(self) -> date:
        """The day it was sent, if by mail, else saved."""
        return ((self.sent and self.sent.on) or self.saved_at).date()

    @property
    def moment(self) -> tuple[datetime, datetime]:
        """What tells the later of two returns."""
        return (self.saved_at, self.written_at)
