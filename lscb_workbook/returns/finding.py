"""Finding returned files: the folders and files that a manager names, searched once each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lscb_workbook.plan.errors import WorkbookError

__all__ = ["is_litter", "returned_files"]

_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}


def is_litter(path: Path) -> bool:
    """Whether a file is left behind by a program, never by an officer: lock files, folder settings."""
    name = path.name.casefold()
    return name in _LITTER or name.startswith(("~$", ".~lock.", "._"))


def returned_files(places: Iterable[Path]) -> list[Path]:
    """Every file in these folders (and those below them) and every file named, in order of path.

    Raises WorkbookError where a place does not exist, may not be read, or where there is no file at all.
    """
    places = list(places)
    found: dict[Path, Path] = {}
    for place in places:
        for path in _files(place):
            found.setdefault(path.resolve(), path)
    if places and not found:
        names = ", ".join(str(place) for place in places)
        raise WorkbookError(f"There is no file in {names}. Put the returned copies there and try again.")
    return sorted(found.values())


def _files(place: Path) -> Iterator[Path]:
    try:
        if place.is_dir():
            for path in place.iterdir():
                if path.is_dir() and not path.is_symlink():
                    yield from _files(path)
                elif path.is_file() and not is_litter(path):
                    yield path
        elif place.exists():
            yield place
        else:
            raise WorkbookError(f"There is no file or folder {place}. Check its name.")
    except PermissionError:
        raise WorkbookError(f"{place} may not be read. Ask for access to it and try again.") from None
