"""The backups of a master, and the way back to one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lscb_workbook.ooxml import PackageError
from lscb_workbook.ooxml.saving import real_path
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.results import BackupsResult, UndoResult
from lscb_workbook.steps.masters import in_plain_words, opened_workbook
from lscb_workbook.tracker.backups import (
    Backup,
    Unfit,
    backup_folder,
    backups_of,
    one_back,
    same_as,
    tracker_id,
    unfit,
)
from lscb_workbook.tracker.locking import Tell
from lscb_workbook.tracker.reading import read_bytes, tracker_from
from lscb_workbook.tracker.saving import Held, held, is_there, restore_master
from lscb_workbook.tracker.sheets import Sheets

if TYPE_CHECKING:
    pass

__all__ = ["backups", "undo"]


@in_plain_words
def backups(master: Path) -> BackupsResult:
    """The masters before each change that are kept, and which of them :func:`undo` goes back to."""
    data, path = read_bytes(master), real_path(master)
    kept, owner = backups_of(path), tracker_id(data)
    faults = {one.path: fault for one in kept if (fault := unfit(one.path, owner))}
    before = one_back(kept, data, lambda one: _fits(one, owner, faults))
    return BackupsResult(master, backup_folder(path), tuple(reversed(kept)), before, faults)


@in_plain_words
def undo(
    master: Path, *, to: Path | None = None, tell: Tell | None = None, now: datetime | None = None
) -> UndoResult:
    """Put the master back as it was before the last change; once more, and it goes one further back.

    ``to`` names another backup to go to, newer or older: its path, or just its name. The master as it is
    now is kept as a backup of its own, and none is removed. Raises WorkbookError where there is none to
    go back to, or it does not hold this tracker.
    """
    with held(master, tell=tell) as file:
        chosen, passed_over = _chosen(file, to)
        data = read_bytes(chosen, "the backup")
        if data == file.data:
            raise WorkbookError(f"{file.path} is as in {chosen} already. Nothing was changed.")
        found, own = (
            tracker_from(Sheets(data, opened_workbook(chosen, data)), str(chosen)).id,
            tracker_id(file.data),
        )
        if own not in (found, None):
            raise WorkbookError(
                f"{chosen} is of another tracker than {file.path}, so it was not put in its place. Choose "
                "another with --to; lscb-workbook backups lists them. Nothing was changed."
            )
        known = (one for one in backups_of(file.path) if one.path.samefile(chosen))
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
    kept, owner, faults = backups_of(file.path), tracker_id(file.data), dict[Path, Unfit]()
    before = one_back(kept, file.data, lambda one: _fits(one, owner, faults))
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
    names = "; ".join(f"{path.name} ({why})" for path, why in faults.items())
    other = f" Passed over: {names}." if names else ""
    raise WorkbookError(
        f"{file.path} is as in its oldest backup, so there is nothing to go back to.{other} To go to a newer "
        "one: undo with --to; lscb-workbook backups lists them. Nothing was changed."
        if same_as(kept, file.data)
        else f"None of the backups of {file.path} in {folder} can be gone back to.{other} To choose one "
        "yourself: undo with --to; lscb-workbook backups lists them. Nothing was changed."
    )


def _fits(backup: Backup, owner: str | None, faults: dict[Path, Unfit]) -> bool:
    """Whether a backup can take the master's place; if not, the fault is put among the others."""
    fault = faults.get(backup.path) or unfit(backup.path, owner)
    if fault is None:
        try:
            data = read_bytes(backup.path, "the backup")
            tracker_from(Sheets(data, opened_workbook(backup.path, data)), str(backup.path))
        except (WorkbookError, PackageError):
            fault = Unfit.UNREADABLE
    if fault:
        faults[backup.path] = fault
    return fault is None
