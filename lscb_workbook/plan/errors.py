"""What stops a command: one sentence that says what is wrong and what to do."""

from __future__ import annotations

__all__ = ["WorkbookError"]


class WorkbookError(Exception):
    """The command cannot go on. The message is for the business manager, whole as it stands."""
