"""Finding returned files: the folders and files that a manager names, searched once each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.litter import is_litter
from lscb_workbook.returns.files.opened import UnreadableError

__all__ = ["Found", "read_whole", "returned_files", "shown_name"]

_TRIES = 3
_NO_FILE = UnreadableError("return-unreadable", "it is no ordinary file")


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the places named, in order of path.

    ``files`` are to be read; ``ignored`` is what programs leave behind; ``faults`` are what cannot be
    read as a file at all, with the reason.
    """

    files: tuple[Path, ...]
    ignored: tuple[Path, ...]
    faults: tuple[tuple[Path, UnreadableError], ...]


def returned_files(places: Iterable[Path]) -> Found:
    """Every file in these folders (and those below them) and every file named.

    A link inside a folder is not followed; one that is named itself is. Raises WorkbookError where a
    place does not exist or may not be read, or where there is no file at all.
    """
    places = list(places)
    files: dict[Path, Path] = {}
    ignored: list[Path] = []
    faults: list[tuple[Path, UnreadableError]] = []
    for place in places:
        if not _exists(place):
            raise WorkbookError(f"There is no file or folder {shown_name(place)}. Check its name.")
        for path, fault in _walk(place):
            if fault:
                faults.append((path, fault))
            elif is_litter(path.name) and path != place:
                ignored.append(path)
            else:
                files.setdefault(path.resolve(), path)
    if places and not files and not faults:
        names = ", ".join(map(shown_name, places))
        raise WorkbookError(f"There is no file in {names}. Put the returned copies there and try again.")
    return Found(tuple(sorted(files.values())), tuple(sorted(ignored)), tuple(sorted(faults, key=_path_of)))


def read_whole(path: Path, limits: Limits) -> tuple[bytes, datetime]:
    """A file's bytes, all of one moment, and when it was written (naive UTC).

    Raises UnreadableError where it is too large, may not be read, or goes on changing.
    """
    try:
        for _ in range(_TRIES):
            before = path.stat()
            if before.st_size > limits.file_bytes:
                most, size = limits.file_bytes / 1e6, before.st_size / 1e6
                raise UnreadableError(
                    "return-too-large", f"it has {size:,.1f} MB, more than the {most:,.0f} MB allowed"
                )
            with path.open("rb") as file:
                data = file.read(before.st_size + 1)
            after = path.stat()
            if (
                (before.st_size, before.st_mtime_ns)
                == (after.st_size, after.st_mtime_ns)
                == (
                    len(data),
                    before.st_mtime_ns,
                )
            ):
                return data, datetime.fromtimestamp(after.st_mtime, UTC).replace(tzinfo=None)
    except OSError as error:
        raise UnreadableError("return-unreadable", _why(error)) from error
    raise UnreadableError("return-changing", "it was changed while it was being read")


def shown_name(path: Path | str) -> str:
    """A path as it may be shown and kept: without control characters and broken letters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(path))


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:
        return False


def _walk(place: Path) -> Iterator[tuple[Path, UnreadableError | None]]:
    """The files in a place, each with the reason why it is none. However deep the folders lie."""
    if not place.is_dir():
        yield place, None if place.is_file() else _NO_FILE
        return
    folders = [place]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except PermissionError as error:
            if folder == place:
                reason = f"{shown_name(place)} may not be read. Ask for access to it and try again."
                raise WorkbookError(reason) from error
            yield folder, UnreadableError("return-unreadable", "the folder may not be read")
            continue
        except OSError as error:
            yield folder, UnreadableError("return-unreadable", f"the folder cannot be read: {_why(error)}")
            continue
        below = []
        for entry in found:
            path = Path(entry.path)
            try:
                if entry.is_symlink() or _is_junction(path):
                    yield path, UnreadableError("return-link", "it is a link to another place")
                elif entry.is_dir():
                    below.append(path)
                else:
                    yield path, None if entry.is_file() else _NO_FILE
            except OSError as error:  # it has gone meanwhile, say
                yield path, UnreadableError("return-unreadable", _why(error))
        folders += reversed(below)


def _is_junction(path: Path) -> bool:
    """Whether it is Windows' other kind of link to a folder."""
    return bool(getattr(path.lstat(), "st_reparse_tag", 0) == 0xA0000003)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).rstrip(".").lower()


def _path_of(fault: tuple[Path, UnreadableError]) -> Path:
    return fault[0]
