"""What stops work on a package: one sentence that says what is wrong and what to do."""

from __future__ import annotations

__all__ = ["PackageError"]


class PackageError(Exception):
    """The package cannot be read or written. The message is for its owner, whole as it stands."""
