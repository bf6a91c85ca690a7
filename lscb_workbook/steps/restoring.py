"""The backups of a master, and the way back to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path

from lscb_workbook.merge import hand_edits
from lscb_workbook.ooxml import PackageError
from lscb_workbook.ooxml.saving import real_path
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Change
from lscb_workbook.results import BackupsResult, UndoResult
from lscb_workbook.steps.masters import in_plain_words, opened_workbook
from lscb_workbook.tracker.backups import (
    Backup,
    Recorded,
    Unfit,
    backup_folder,
    backups_of,
    one_back,
    recorded,
    salvaged_id,
    same_as,
    tracker_id,
    unfit,
)
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes, tracker_from
from lscb_workbook.tracker.saving import Held, held, is_there, refuse_long_name, restore_master
from lscb_workbook.tracker.sheets import Sheets
from lscb_workbook.tracker.state import Tracker

__all__ = ["backups", "undo"]


@in_plain_words
def backups(master: Path) -> BackupsResult:
    """The masters before each change that are kept, and which of them :func:`undo` goes back to."""
    _refuse_if_gone(master)
    data, path = read_bytes(master), real_path(master)
    owner = _owner(path, data)
    kept = _kept(path, owner)
    faults = {one.path: fault for one in kept if (fault := unfit(one.path, owner))}
    before = one_back(kept, data, _Fitting(data, owner, kept, faults))
    known = [one for one in kept if one.path not in faults]
    came = _came(_line(known, _Fitting(data, owner, kept, dict(faults))), data)
    return BackupsResult(master, backup_folder(path), tuple(reversed(kept)), before, faults, came)


def _line(known: Sequence[Backup], fits: Callable[[Backup], bool]) -> list[Backup]:
    """Those of these backups that surely came one after the other, the oldest first: all that were made under
    the master's name, and before them those of its earlier names, if one name followed the other."""
    earlier = {one.path for one in known if one.renamed and not one.undone and fits(one)}
    names = {one.name for one in known if one.path in earlier}
    line = [
        one for one in known if one.path in earlier or not one.renamed or (one.undone and one.name in names)
    ]
    runs = [name for name, _ in groupby(one.name for one in line)]
    return line if len(runs) == len(set(runs)) else [one for one in line if not one.renamed]


def _came(line: Sequence[Backup], data: bytes) -> dict[Path, Recorded]:
    """What was recorded after each of these backups, the oldest first, of a master with these bytes, as far
    as that can be read; nothing of what was undone, for an undo came after that."""
    had = [recorded(read_bytes(one.path, "the backup")) for one in line] + [recorded(data)]
    return {
        one.path: Recorded(after.issued - before.issued, after.entries - before.entries)
        for one, (before, after) in zip(line, pairwise(had), strict=True)
        if before and after and not one.undone
    }


@in_plain_words
def undo(
    master: Path, *, to: Path | None = None, tell: Tell | None = None, now: datetime | None = None
) -> UndoResult:
    """Put the master back as it was before the last change; once more, and it goes one further back.

    ``to`` names another backup to go to, newer or older: its path, or just its name. The master as it is
    now is kept as a backup of its own, and none is removed. Raises WorkbookError where there is none to
    go back to, or it does not hold this tracker.
    """
    _refuse_if_gone(master)
    with held(master, tell=tell) as file:
        chosen, passed_over = _chosen(file, to)
        data = read_bytes(chosen, "the backup")
        if data == file.data:
            raise WorkbookError(f"{file.path} is as in {chosen} already. Nothing was changed.")
        found, own = _read(data, chosen).id, tracker_id(file.data)
        if own not in (found, None):
            raise WorkbookError(
                f"{chosen} is of another tracker than {file.path}, so it was not put in its place. Choose "
                "another with --to; lscb-workbook backups lists them. Nothing was changed."
            )
        known = (one for one in backups_of(file.path, own) if one.path.samefile(chosen))
        until = next((one.until for one in known), None)
        kept = restore_master(file, data, now or datetime.now())
        return UndoResult(file.path, chosen, until, kept, passed_over)


def _chosen(file: Held, to: Path | None) -> tuple[Path, Mapping[Path, Unfit]]:
    """The backup to go to: the one asked for, or the one before the last change; and what was passed over
    to come to that, for it is only named like one."""
    folder = backup_folder(file.path)
    if to:
        beside = folder / to
        return (beside if is_there(beside) else to), {}
    owner, faults = _owner(file.path, file.data), dict[Path, Unfit]()
    kept = _kept(file.path, owner)
    before = one_back(kept, file.data, _Fitting(file.data, owner, kept, faults))
    if before:
        return before.path, faults
    if not kept:
        raise WorkbookError(
            f"There is no backup of {file.path} to go back to: its backups would be in the folder {folder}, "
            f"{'and none is there' if is_there(folder) else 'which is not there'}. If that was moved, "
            "renamed or deleted, put it back (the recycle bin may have it), and run undo again. Where "
            "OneDrive or SharePoint keeps the master, Excel's Version History may have it as it was. Nothing "
            "was changed."
        )
    if not owner and (candidates := _candidates(file.path, kept)):
        raise WorkbookError(
            f"{file.path} cannot be read, and it is not certain which tracker it was, so undo does not "
            f"choose by itself. The newest in the folder {folder}: {candidates}. Choose yours: undo with "
            "--to and the name of its file; lscb-workbook backups lists them all. Nothing was changed."
        )
    names = "; ".join(f"{path.name} ({why})" for path, why in faults.items())
    other = f" Passed over: {names}." if names else ""
    raise WorkbookError(
        f"{file.path} is as in its oldest backup, so there is nothing to go back to.{other} To go to a newer "
        "one: undo with --to; lscb-workbook backups lists them. Nothing was changed."
        if same_as(kept, file.data)
        else f"None of the backups of {file.path} in {folder} can be gone back to.{other} To choose one "
        "yourself: undo with --to; lscb-workbook backups lists them. Nothing was changed."
    )


def _owner(path: Path, data: bytes) -> str | None:
    """Which tracker (by id) a master with these bytes is; None where that is not certain.

    One that cannot be read and does not say is that of its backups, if they are all of one, and that is not
    in another file beside it: last year's master, which was renamed, say.
    """
    if found := tracker_id(data) or salvaged_id(data):
        return found
    named = {_id_of(one.path) for one in backups_of(path)} - {None}
    return named.pop() if len(named) == 1 and named.isdisjoint(_beside(path)) else None


def _kept(path: Path, owner: str | None) -> list[Backup]:
    """The backups that may be a master's: where nothing says whose it is and none has its name, any."""
    return backups_of(path, owner) or backups_of(path, whosever=owner is None)


def _id_of(path: Path) -> str | None:
    try:
        return tracker_id(path.read_bytes())
    except OSError:
        return None


def _beside(path: Path) -> dict[str, str]:
    """The trackers (by id) in the folder of a master, and the name of a file that holds each."""
    others = (one for one in sorted(path.parent.glob(f"*{path.suffix}")) if one.name != path.name)
    return {found: one.name for one in others if (found := _id_of(one))}


def _candidates(path: Path, kept: Sequence[Backup]) -> str:
    """The newest of these backups of each tracker and name, with what each is; ``""`` where none is one."""
    told, beside = dict[tuple[str, str], str](), _beside(path)
    for one in reversed([one for one in kept if not one.undone]):
        try:
            found = _read(read_bytes(one.path, "the backup"), one.path)
        except (WorkbookError, PackageError):
            continue
        also = f", as {beside[found.id]} beside it is" if found.id in beside else ""
        told.setdefault(
            (found.id, one.name), f"{one.path.name} ({found.plan.title}, {found.plan.year.name}{also})"
        )
    return "; ".join(told.values())


def _refuse_if_gone(master: Path) -> None:
    """Raise where a master is not there, but its backups are: it can be had again from them."""
    if is_there(master):
        return
    refuse_long_name(master)
    path = real_path(master)
    if candidates := _candidates(path, backups_of(path)):
        raise WorkbookError(
            f"There is no file {path}. If it was moved or renamed, give its new name. If it is lost, "
            f"copy one of its backups out of the folder {backup_folder(path)} and name the copy {path.name}; "
            f"the newest: {candidates}. Nothing was changed."
        )


@dataclass(frozen=True)
class _Fitting:
    """Whether one of the backups ``kept`` can take the place of a master with these bytes, which is the
    tracker ``owner`` (by id); if not, why is put among the ``faults``."""

    data: bytes
    owner: str | None
    kept: Sequence[Backup]
    faults: dict[Path, Unfit]

    def __call__(self, backup: Backup) -> bool:
        fault = self.faults.get(backup.path) or unfit(backup.path, self.owner) or self._tried(backup)
        if fault:
            self.faults[backup.path] = fault
        return fault is None

    def _tried(self, backup: Backup) -> Unfit | None:
        try:
            before = _read(read_bytes(backup.path, "the backup"), backup.path)
        except (WorkbookError, PackageError):
            return Unfit.UNREADABLE
        if backup.renamed and (self._had_its_name(backup.until) or not self._came_from(before)):
            return Unfit.COPIED
        return None

    def _had_its_name(self, until: datetime) -> bool:
        """Whether the master was named as now already: what has another name may then be of a copy of it, in
        which something was only tried out."""
        own = (one for one in self.kept if one.until < until and not one.renamed)
        return any(unfit(one.path, self.owner) is None for one in own)

    def _came_from(self, before: Tracker) -> bool:
        """Whether the master's History has all that one before it says, what was typed there included."""
        typed = hand_edits(before.entries, before.history, as_at=date.min, cycle="")
        said = {(one.cell, one.result) for one in self._past}
        return self._past.issuperset(before.history) and all((one.cell, one.result) in said for one in typed)

    @cached_property
    def _past(self) -> frozenset[Change]:
        """What the master's History says."""
        try:
            return frozenset(_read(self.data, Path("the master")).history)
        except (WorkbookError, PackageError):
            return frozenset()


def _read(data: bytes, path: Path) -> Tracker:
    return tracker_from(Sheets(data, opened_workbook(path, data)), str(path))
