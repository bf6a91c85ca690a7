"""Finding returned files: the folders, files and addresses that a manager names, searched once each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.files.litter import is_litter
from lscb_workbook.returns.files.opened import UnreadableError
from lscb_workbook.returns.places import LocalFile, Place, shown_name, why
from lscb_workbook.returns.urls import Address, files_at, is_url

__all__ = ["Found", "NoFilesError", "returned_files"]

_NO_FILE = UnreadableError("return-unreadable", "it is no ordinary file")


class NoFilesError(WorkbookError):
    """That the places named are there and hold no file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the places named, in order: files of this computer by path, then those at addresses.

    ``files`` are to be read; ``ignored`` is what programs leave behind; ``faults`` are what cannot be
    read as a file at all, with the reason.
    """

    files: tuple[Place, ...]
    ignored: tuple[Place, ...]
    faults: tuple[tuple[Place, UnreadableError], ...]


def returned_files(places: Iterable[Path | str | Place]) -> Found:
    """Every file in these folders (and those below them) and every file named, at addresses (text) too.

    A Place (a message of a mailbox, say) is a file as it stands.

    A link inside a folder is not followed; one that is named itself is. Raises WorkbookError where a
    place does not exist or may not be read, and NoFilesError where there is no file at all.
    """
    places = list(places)
    files: dict[object, Place] = {}
    ignored: list[Place] = []
    faults: list[tuple[Place, UnreadableError]] = []
    for place in places:
        for file, key, fault, named in _files_in(place):
            if fault:
                faults.append((file, fault))
            elif is_litter(file.name) and not named:
                ignored.append(file)
            else:
                files.setdefault(key, file)
    if places and not files and not faults:
        names = ", ".join(_shown(place) for place in places)
        raise NoFilesError(f"There is no file in {names}. Put the returned copies there and try again.")
    return Found(
        tuple(sorted(files.values(), key=_order)),
        tuple(sorted(ignored, key=_order)),
        tuple(sorted(faults, key=lambda fault: _order(fault[0]))),
    )


def _files_in(
    place: Path | str | Place,
) -> Iterator[tuple[Place, object, UnreadableError | None, bool]]:
    """Each file in a place, what tells it from others, why it is none, and whether it was named itself."""
    if not isinstance(place, (Path, str)):
        yield place, place.shown, None, True
        return
    if isinstance(place, str) and is_url(place):
        for file, fault in files_at(Address(place), datetime.now(UTC).replace(tzinfo=None)):
            yield file, (file.address.url, file.path), fault, not file.below
        return
    path = Path(place)
    if not _exists(path):
        raise WorkbookError(f"There is no file or folder {shown_name(path)}. Check its name.")
    for found, fault in _walk(path):
        yield LocalFile(found), found if fault else _real(found), fault, found == path


def _real(path: Path) -> str:
    """What a file is known by, whatever links and capitals lead to it."""
    return os.path.normcase(os.path.realpath(path))


def _order(file: Place) -> tuple[bool, Path, str]:
    return (False, file.path, "") if isinstance(file, LocalFile) else (True, Path(), file.shown)


def _shown(place: Path | str | Place) -> str:
    if not isinstance(place, (Path, str)):
        return place.shown
    return Address(place).shown if isinstance(place, str) and is_url(place) else shown_name(place)


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
            yield folder, UnreadableError("return-unreadable", f"the folder cannot be read: {why(error)}")
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
                yield path, UnreadableError("return-unreadable", why(error))
        folders += reversed(below)


def _is_junction(path: Path) -> bool:
    """Whether it is Windows' other kind of link to a folder."""
    return bool(getattr(path.lstat(), "st_reparse_tag", 0) == 0xA0000003)
