"""The masters before: named, kept, let go, and gone back to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook as OtherWorkbook
from openpyxl import load_workbook
from tracking import AS_AT, NOW, entry, issue, new_tracker

import lscb_workbook as lw
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.records import Field
from lscb_workbook.tracker.backups import backup_path, backups_of, prune
from lscb_workbook.tracker.reading import read_tracker

RATINGS = ("Red", "Amber", "Green", "Purple")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_tracker(tmp_path_factory.mktemp("made"))


@pytest.fixture
def master(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "master.xlsx"))


def edit(master: Path, rating: str) -> None:
    """The manager rates 6.1, in Excel."""
    book = Workbook.open(master)
    book.set_cell("Plan", read_tracker(master).rows["6.1"], "RAG rating", rating)
    master.write_bytes(book.to_bytes())


def change(master: Path, rating: str, day: int = 1, **options: int) -> None:
    """The manager rates 6.1, and a command of that day records it."""
    edit(master, rating)
    lw.review(master, as_at=AS_AT, now=NOW + timedelta(days=day), **options)


def rating(master: Path) -> str:
    return entry(master, "6.1", Field.RATING)


def ratings_of_backups(master: Path) -> list[str]:
    return [rating(one.path) for one in backups_of(master)]


# --- how many are kept -----------------------------------------------------------------------


def test_the_last_backups_are_kept_and_the_oldest_go(master: Path) -> None:
    for day, name in enumerate(RATINGS, start=1):
        change(master, name, day, keep=2)
    kept = [one.until.date() for one in backups_of(master)]
    assert kept == [(NOW + timedelta(days=day)).date() for day in (3, 4)]


def test_one_is_always_kept_to_go_back_to(master: Path) -> None:
    change(master, "Red", 1, keep=1)
    change(master, "Amber", 2, keep=-5)
    assert len(backups_of(master)) == 1


def test_only_backups_of_this_master_are_removed(master: Path) -> None:
    folder = master.with_name("backups")
    folder.mkdir()
    others = (
        "other 2010-01-01 000000.xlsx",
        "master 2010-01-01 000000 mine.xlsx",
        "master 2010-01-01.xlsx",
        "master 2010-13-01 000000.xlsx",
        "master 2010-01-01 000000.xlsm",
        "master copy 2010-01-01 000000.xlsx",
        "my master 2010-01-01 000000.xlsx",
        "notes.txt",
    )
    for name in (*others, "master 2010-01-01 000000.xlsx"):
        shutil.copy(master, folder / name)
    change(master, "Red", keep=1)
    left = {path.name for path in folder.iterdir()}
    assert left == {*others, backups_of(master)[-1].path.name}


def test_last_years_tracker_of_the_same_name_and_a_file_that_does_not_open_stay(
    master: Path, tmp_path: Path
) -> None:
    (tmp_path / "last year").mkdir()
    last_year = tmp_path / "last year" / "master.xlsx"
    lw.new(None, last_year)
    folder = master.with_name("backups")
    folder.mkdir()
    shutil.copy(last_year, folder / "master 2010-01-01 000000.xlsx")
    (folder / "master 2010-01-02 000000.xlsx").write_bytes(b"torn")
    for day, name in enumerate(RATINGS, start=1):
        change(master, name, day, keep=1)
    assert [one.until.year for one in backups_of(master)] == [2010, 2010, 2016]


def test_a_backup_that_cannot_be_removed_now_does_not_stop_the_command(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(master, "Red", 1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused(Path.unlink, "backups"))
        change(master, "Amber", 2, keep=1)
    assert rating(master) == "Amber"
    assert len(backups_of(master)) == 2
    prune(master, 1, backups_of(master)[-1].path, master.read_bytes())
    assert len(backups_of(master)) == 1


def refused(real: Callable[..., None], folder: str) -> Callable[..., None]:
    def done(path: Path, *args: object, **kwargs: object) -> None:
        if path.parent.name == folder:
            raise PermissionError(13, "Permission denied")
        real(path, *args, **kwargs)

    return done


# --- their names -----------------------------------------------------------------------------


def test_backups_of_one_second_are_told_apart_and_stay_in_order(master: Path) -> None:
    for name in RATINGS:
        change(master, name)
    assert [one.number for one in backups_of(master)] == [1, 2, 3, 4]
    assert ratings_of_backups(master) == list(RATINGS)


def test_a_clock_that_was_put_back_does_not_change_the_order(master: Path) -> None:
    change(master, "Red", 30)
    change(master, "Amber", 2)
    change(master, "Green", 31)
    assert ratings_of_backups(master) == ["Red", "Amber", "Green"]
    assert lw.undo(master).restored == backups_of(master)[2].path


def test_a_name_is_free(master: Path) -> None:
    (master.parent / "backups").mkdir()
    first = backup_path(master, NOW)
    first.write_bytes(b"")
    assert backup_path(master, NOW).name == "master 2016-10-01 090000 (2).xlsx"
    assert backup_path(master, NOW, undone=True).name == "master 2016-10-01 090000 (2) undone.xlsx"


# --- undo ------------------------------------------------------------------------------------


def test_each_undo_goes_one_change_further_back(master: Path) -> None:
    states = [master.read_bytes()]
    for day, name in enumerate(RATINGS, start=1):
        edit(master, name)
        lw.review(master, as_at=AS_AT, now=NOW + timedelta(days=day))
        states.append(master.read_bytes())
    # What a backup holds is the master with the manager's edit, before the command recorded it.
    for name in reversed(RATINGS):
        lw.undo(master, now=datetime(2017, 1, 1))
        assert rating(master) == name
    before = master.read_bytes()
    with pytest.raises(lw.WorkbookError, match=r"oldest backup.*--to"):
        lw.undo(master)
    assert master.read_bytes() == before


def test_what_undo_replaced_is_kept_and_had_again_by_name(master: Path) -> None:
    change(master, "Red", 1)
    change(master, "Amber", 2)
    newest = master.read_bytes()
    done = lw.undo(master, now=datetime(2017, 1, 1))
    assert done.kept.read_bytes() == newest
    assert done.kept.name == "master 2017-01-01 000000 undone.xlsx"
    assert done.until == NOW + timedelta(days=2)
    lw.undo(master)
    again = lw.undo(master, to=Path(done.kept.name))
    assert again.restored == done.kept
    assert master.read_bytes() == newest
    lw.undo(master)
    lw.undo(master, to=done.kept)
    assert master.read_bytes() == newest


def test_undo_makes_no_second_backup_of_what_is_kept_already_and_removes_none(master: Path) -> None:
    for day, name in enumerate(RATINGS, start=1):
        change(master, name, day)
    for _ in range(3):
        lw.undo(master)
    assert len(backups_of(master)) == len(RATINGS) + 1


def test_after_an_undo_and_a_new_change_undo_goes_back_along_the_new_line(master: Path) -> None:
    for day, name in enumerate(("Red", "Amber", "Green"), start=1):
        change(master, name, day)
    lw.undo(master, now=NOW + timedelta(days=4))
    lw.undo(master, now=NOW + timedelta(days=5))
    assert rating(master) == "Amber"
    lw.review(master, as_at=AS_AT + timedelta(days=9), now=NOW + timedelta(days=6))
    seen = []
    for _ in range(2):
        lw.undo(master, now=NOW + timedelta(days=7))
        seen.append(rating(master))
    assert seen == ["Amber", "Red"]


def test_what_the_manager_wrote_since_the_last_command_is_kept_by_undo(master: Path) -> None:
    change(master, "Red", 1)
    edit(master, "Green")
    done = lw.undo(master)
    assert rating(master) == "Red"
    assert rating(done.kept) == "Green"


def test_an_undo_after_an_undo_and_an_edit_drops_the_edit_never_brings_back_what_was_undone(
    master: Path,
) -> None:
    change(master, "Red", 1)
    change(master, "Amber", 2)
    lw.undo(master, now=NOW + timedelta(days=3))
    edit(master, "Purple")
    lw.undo(master, now=NOW + timedelta(days=4))
    assert rating(master) == "Amber"
    assert "Purple" in ratings_of_backups(master)


def test_a_master_that_nothing_changed_has_nothing_to_undo(master: Path) -> None:
    with pytest.raises(lw.WorkbookError, match=r"no backup of .*master\.xlsx"):
        lw.undo(master)
    assert lw.backups(master).backups == ()


def test_undo_mends_a_master_that_does_not_open(master: Path) -> None:
    change(master, "Red")
    master.write_bytes(b"torn by a memory stick")
    done = lw.undo(master)
    assert rating(master) == "Red"
    assert done.kept.read_bytes() == b"torn by a memory stick"


@pytest.mark.parametrize("kind", ["another tracker", "no workbook", "none"])
def test_undo_puts_nothing_in_the_masters_place_but_the_same_tracker(
    master: Path, tmp_path: Path, kind: str
) -> None:
    change(master, "Red")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx")}
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "master.xlsx"
    if kind == "another tracker":
        lw.new(None, other, as_at=date(2016, 4, 1))
    elif kind == "no workbook":
        other.write_bytes(b"hello")
    with pytest.raises(lw.WorkbookError, match=r"other.master\.xlsx"):
        lw.undo(master, to=other)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("kind", ["another tracker", "another workbook", "no workbook", "damaged"])
def test_undo_passes_over_a_file_that_is_only_named_like_a_backup_and_the_list_marks_it(
    master: Path, kind: str
) -> None:
    change(master, "Red")
    wanted = backups_of(master)[-1]
    bad = master.with_name("backups") / "master 2030-01-01 120000.xlsx"
    if kind == "another tracker":
        lw.new(None, bad)
    elif kind == "another workbook":
        OtherWorkbook().save(bad)
    else:
        bad.write_bytes(b"hello" if kind == "no workbook" else without_calendar(wanted.path))
    says = "not this tracker" if kind.startswith("another") else "cannot be read"
    listed = lw.backups(master)
    assert (listed.next_back, listed.unfit) == (wanted, {bad: says})
    done = lw.undo(master)
    assert (done.restored, done.passed_over) == (wanted.path, {bad: says})
    assert rating(master) == "Red"
    assert bad.exists()


def without_calendar(backup: Path) -> bytes:
    """A backup that has lost a tab that no tracker is without."""
    book = load_workbook(backup)
    del book["Calendar"]
    kept = backup.with_name("kept.xlsx")
    book.save(kept)
    data = kept.read_bytes()
    kept.unlink()
    return data


def test_where_nothing_can_be_gone_back_to_the_files_that_were_looked_at_are_named(master: Path) -> None:
    folder = master.with_name("backups")
    folder.mkdir()
    (folder / "master 2016-01-01 120000.xlsx").write_bytes(b"hello")
    with pytest.raises(
        lw.WorkbookError, match=r"None of the backups.*Passed over: master 2016-01-01 .* \(cannot be read\)"
    ):
        lw.undo(master)


def test_where_the_folder_of_backups_is_gone_it_is_said_where_it_was_and_no_more_is_claimed(
    master: Path,
) -> None:
    change(master, "Red")
    shutil.rmtree(master.with_name("backups"))
    with pytest.raises(lw.WorkbookError) as stopped:
        lw.undo(master)
    said = str(stopped.value)
    assert f"the folder {master.with_name('backups')}, which is not there" in said
    assert "Version History" in said
    assert "no command" not in said
    assert lw.backups(master).folder == master.with_name("backups")


def test_the_backups_are_listed_newest_first_with_the_one_that_undo_goes_back_to(master: Path) -> None:
    for day, name in enumerate(("Red", "Amber"), start=1):
        change(master, name, day)
    lw.undo(master, now=NOW + timedelta(days=3))
    listed = lw.backups(master)
    assert [(one.until.day, one.undone) for one in listed.backups] == [(4, True), (3, False), (2, False)]
    assert listed.next_back == listed.backups[2]
    assert lw.undo(master).restored == listed.backups[2].path


def test_the_list_says_what_the_command_after_each_backup_recorded(master: Path) -> None:
    issue(master, master.with_name("copies"))
    change(master, "Red", 1)
    lw.review(master, as_at=AS_AT + timedelta(days=9), now=NOW + timedelta(days=2))
    lw.undo(master, now=NOW + timedelta(days=3))
    lw.new(None, master.with_name("backups") / "master 2030-01-01 120000.xlsx")
    listed = lw.backups(master)
    issued = len(read_tracker(master).issued)
    assert [listed.came.get(one.path) for one in listed.backups] == [None, None, (0, 0), (0, 1), (issued, 0)]


@pytest.mark.parametrize("harm", ["torn", "without a tab"])
def test_the_backups_of_a_master_that_cannot_be_read_are_listed_all_the_same(master: Path, harm: str) -> None:
    change(master, "Red")
    (kept,) = backups_of(master)
    master.write_bytes(master.read_bytes()[:9_000] if harm == "torn" else without_returns(master))
    listed = lw.backups(master)
    assert (listed.next_back, dict(listed.came)) == (kept, {})
    assert lw.undo(master).restored == kept.path


def without_returns(master: Path) -> bytes:
    """A master whose list of returns somebody deleted."""
    book = load_workbook(master)
    del book["Returns"]
    made = BytesIO()
    book.save(made)
    return made.getvalue()


# --- a master of which it is not certain which tracker it was ---------------------------------


@pytest.fixture
def years(master: Path) -> Path:
    """A master that took the name of last year's, which was renamed and whose backup stays under it."""
    change(master, "Red")
    master.rename(master.with_name("last year.xlsx"))
    lw.new(None, master)
    return master


def without_identity(master: Path) -> bytes:
    """The beginning of a master, without the tab that says which tracker it is."""
    return master.read_bytes()[:9_000]


def test_undo_does_not_put_last_years_tracker_in_the_place_of_a_torn_one_by_itself(years: Path) -> None:
    (kept,) = backups_of(years)
    years.write_bytes(torn := without_identity(years))
    listed = lw.backups(years)
    assert (listed.next_back, dict(listed.unfit)) == (None, {kept.path: "perhaps another tracker"})
    plan = read_tracker(kept.path).plan
    with pytest.raises(lw.WorkbookError) as stopped:
        lw.undo(years)
    assert years.read_bytes() == torn
    for told in (kept.path.name, plan.title, plan.year.name, "last year.xlsx", "--to"):
        assert told in str(stopped.value)
    assert lw.undo(years, to=Path(kept.path.name)).restored == kept.path


def test_a_torn_master_goes_back_by_itself_past_what_is_newer_and_foreign_only_if_it_says_what_it_is(
    master: Path,
) -> None:
    change(master, "Red")
    (kept,) = backups_of(master)
    lw.new(None, foreign := master.with_name("backups") / "master 2030-01-01 000000.xlsx")
    whole = master.read_bytes()
    master.write_bytes(without_identity(master))
    with pytest.raises(lw.WorkbookError) as stopped:
        lw.undo(master)
    assert all(path.name in str(stopped.value) for path in (kept.path, foreign))
    master.write_bytes(whole[:-500])  # The list of what is in it, with which no program opens it.
    assert lw.undo(master).restored == kept.path


def test_a_torn_master_that_says_what_it_is_never_becomes_last_years(years: Path) -> None:
    (kept,) = backups_of(years)
    years.with_name("last year.xlsx").unlink()
    years.write_bytes(years.read_bytes()[:-500])
    assert lw.backups(years).unfit == {kept.path: "not this tracker"}
    with pytest.raises(lw.WorkbookError, match=r"not this tracker"):
        lw.undo(years)


def test_where_a_torn_master_was_renamed_the_backups_of_its_old_name_are_named(master: Path) -> None:
    for day, name in enumerate(("Red", "Amber"), start=1):
        change(master, name, day)
    newest = backups_of(master)[-1].path
    torn = master.rename(master.with_name("recovered.xlsx"))
    torn.write_bytes(without_identity(torn))
    assert lw.backups(torn).backups[0].path == newest
    with pytest.raises(lw.WorkbookError) as stopped:
        lw.undo(torn)
    assert newest.name in str(stopped.value)
    assert lw.undo(torn, to=Path(newest.name)).restored == newest


def test_where_the_master_is_gone_it_is_said_which_of_its_backups_can_be_copied_back(master: Path) -> None:
    change(master, "Red")
    (kept,) = backups_of(master)
    master.unlink()
    for step in (lw.undo, lw.backups):
        with pytest.raises(lw.WorkbookError, match=r"no file .*master\.xlsx.*copy") as stopped:
            step(master)
        assert kept.path.name in str(stopped.value)
    with pytest.raises(lw.WorkbookError, match=r"Check the name"):
        lw.undo(master.with_name("mater.xlsx"))


# --- a master that was renamed ---------------------------------------------------------------


def test_a_master_that_was_renamed_goes_back_along_the_backups_of_its_old_name(master: Path) -> None:
    for day, name in enumerate(("Red", "Amber"), start=1):
        change(master, name, day)
    renamed = master.rename(master.with_name("tracker of 2016.xlsx"))
    change(renamed, "Green", 3)
    listed = lw.backups(renamed)
    assert [one.path.name[:6] for one in listed.backups] == ["tracke", "master", "master"]
    assert listed.next_back == listed.backups[0]
    seen = []
    for day in (4, 5, 6):
        lw.undo(renamed, now=NOW + timedelta(days=day))
        seen.append(rating(renamed))
    assert seen == ["Green", "Amber", "Red"]
    assert len(lw.backups(renamed).backups) == 4, "what is kept under the old name was kept once more"


def test_the_list_says_what_was_recorded_under_the_old_name_too_but_of_no_copy(master: Path) -> None:
    change(master, "Red", 1)
    issue(master, master.with_name("copies"))
    trial = Path(shutil.copy(master, master.with_name("trial.xlsx")))
    change(trial, "Purple", 3)
    change(trial, "Green", 4)
    renamed = master.rename(master.with_name("tracker.xlsx"))
    change(renamed, "Amber", 5)
    lw.undo(renamed, now=NOW + timedelta(days=6))
    listed, issued = lw.backups(renamed), len(read_tracker(renamed).issued)
    came = [(one.path.name[:6], listed.came.get(one.path)) for one in listed.backups]
    assert came == [
        ("tracke", None),
        ("tracke", (0, 1)),
        ("trial ", None),
        ("trial ", None),
        ("master", (issued, 0)),
        ("master", (0, 1)),
    ]


def test_another_tracker_or_a_torn_file_under_another_name_is_no_backup_of_a_renamed_master(
    master: Path,
) -> None:
    folder = master.with_name("backups")
    folder.mkdir()
    lw.new(None, folder / "tracker 2030-01-01 000000.xlsx")
    (folder / "old 2030-01-02 000000.xlsx").write_bytes(b"torn")
    assert lw.backups(master).backups == ()
    with pytest.raises(lw.WorkbookError, match=r"no backup of .*master\.xlsx"):
        lw.undo(master)


@pytest.mark.parametrize("renamed", [False, True])
def test_what_was_tried_out_in_a_copy_of_the_tracker_is_never_gone_back_to_by_itself(
    master: Path, renamed: bool
) -> None:
    change(master, "Red", 1)
    wanted = backups_of(master)[-1]
    trial = Path(shutil.copy(master, master.with_name("trial.xlsx")))
    for day, name in enumerate(("Purple", "Green"), start=2):
        change(trial, name, day)
    trial.unlink()
    done = lw.undo(master.rename(master.with_name("tracker.xlsx")) if renamed else master)
    assert done.restored == wanted.path
    assert [path.name[:5] for path in done.passed_over] == ["trial"] * 2
    assert set(done.passed_over.values()) == {"perhaps from a copy of it"}


def test_no_backup_of_another_name_is_removed(master: Path) -> None:
    for day, name in enumerate(("Red", "Amber"), start=1):
        change(master, name, day)
    renamed = master.rename(master.with_name("tracker.xlsx"))
    for day, name in enumerate(("Green", "Purple"), start=3):
        change(renamed, name, day, keep=1)
    assert len(backups_of(master)) == 2
    assert len(backups_of(renamed)) == 1
