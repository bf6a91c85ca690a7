"""What programs leave beside people's files: lock files, folder settings, macOS's shadows."""

from __future__ import annotations

__all__ = ["is_litter"]

_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}
_STARTS = ("~$", ".~lock.", "._")


def is_litter(name: str) -> bool:
    """Whether a file of this name or path was left behind by a program, never by an officer."""
    *folders, last = name.replace("\\", "/").casefold().split("/")
    return last in _NAMES or last.startswith(_STARTS) or "__macosx" in folders
