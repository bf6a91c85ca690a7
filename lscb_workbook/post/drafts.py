"""Letters as files in a folder, which open in Outlook as drafts that only need sending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lscb_workbook.copies import copy_name
from lscb_workbook.plan.records import Officer
from lscb_workbook.post.letters import Kind, Letter, Sender
from lscb_workbook.post.messages import MisaddressedError, message_of
from lscb_workbook.tracker.saving import save_new

__all__ = ["Drafts", "draft_name", "write_drafts"]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The files that were written, and the letters among them that bear no address: none is known of
    ``unaddressed``, and what stands as that of ``misaddressed`` (with a sentence that says so) is none."""

    files: tuple[Path, ...]
    unaddressed: tuple[Letter, ...]
    misaddressed: tuple[tuple[Letter, str], ...]


def write_drafts(
    letters: Iterable[Letter], folder: Path, *, when: datetime, sender: Sender | None = None
) -> Drafts:
    """Write each letter as an ``.eml`` file, also where it has no address.

    ``when`` is the date of the messages, aware of its zone: the same letters of the same ``when`` are the
    same bytes, and a file that holds them already will do. Raises WorkbookError where another file bears a
    draft's name, or one cannot be written; those before it are there.
    """
    files: list[Path] = []
    unaddressed: list[Letter] = []
    misaddressed: list[tuple[Letter, str]] = []
    taken: set[str] = set()
    for letter in letters:
        if not letter.to:
            unaddressed.append(letter)
        try:
            message = message_of(letter, sender, when, draft=True)
        except MisaddressedError as error:
            misaddressed.append((letter, str(error)))
            message = message_of(replace(letter, to=""), sender, when, draft=True)
        path = folder / draft_name(letter, taken)
        save_new(path, message.as_bytes(), what="the folder of drafts", again=True)
        files.append(path)
    return Drafts(tuple(files), tuple(unaddressed), tuple(misaddressed))


def draft_name(letter: Letter, taken: set[str]) -> str:
    """A file name that a person understands and Windows allows; it is added to those ``taken``.

    ``2016-17 Q2 reminder 2 - Head of Research and Data, LBR.eml``
    """
    what = letter.uid.cycle if letter.kind is Kind.ISSUE else f"{letter.uid.cycle} {letter.kind}"
    if letter.uid.number > 1:
        what = f"{what} {letter.uid.number}"
    name = copy_name(what, Officer(letter.officer, letter.name, ""), taken)
    taken.add(name.casefold())
    return f"{name.removesuffix('.xlsx')}.eml"
