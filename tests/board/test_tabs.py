"""The board's tabs are true: in every kind of quarter, after an edit by hand, and in a master of old."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from conformance import convert, validator_errors
from openpyxl import load_workbook
from recalculation import Cells, cells_of, recalculated, shown
from tracking import AS_AT, CHAIR, INTEGRATED_CARE, NOW, NURSING, copy_of, fill_in, issue, issued_tracker

import lscb_workbook as lw
from lscb_workbook.board.timeline import MOST, dated
from lscb_workbook.ooxml import Workbook
from lscb_workbook.plan.documents import default_plan, write_plan
from lscb_workbook.plan.records import Cell, Field
from lscb_workbook.results import ReviewResult
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets

OUT_OF_DATE = "OUT OF DATE: run lscb-workbook review"
LISTS = (
    "Exceptions",
    "Missed milestones",
    "Due soon",
    "No longer appropriate",
    "By officer",
    "By organisation",
    "Movement",
    "What has moved",
    "Moved dates",
    "Evidence of impact",
    "Timeline",
    "Data quality",
)
EARLIER = Path(__file__).parent / "data" / "earlier_template.xlsx"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a master and the copies issued from it, made once; tests work on a copy of it."""
    folder = tmp_path_factory.mktemp("tabs")
    issued_tracker(folder)
    return folder


@pytest.fixture
def quarter(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "quarter"))


def edit(master: Path, *cells: tuple[str, str, str, object]) -> None:
    """Type into cells as the manager does: table, what the row's first column says, heading, value."""
    book, sheets = Workbook.open(master), Sheets(master.read_bytes())
    for table, key, header, value in cells:
        info = book.tables[table]
        row = next(one for one in sheets.rows(table) if one.text(info.columns[0]) == key)
        book.set_cell(table, row.number, header, value)  # type: ignore[arg-type]
    master.write_bytes(book.to_bytes())


def rows(master: Path, table: str) -> list[dict[str, str]]:
    return [
        {header: row.text(header) for header in row.places} for row in Sheets(master.read_bytes()).rows(table)
    ]


def named(master: Path, name: str) -> object:
    return Sheets(master.read_bytes()).value(name)


def review(master: Path, as_at: date = AS_AT) -> ReviewResult:
    return lw.review(master, as_at=as_at, now=NOW)


# --- every kind of quarter -------------------------------------------------------------------


def as_new(quarter: Path) -> None:
    """Nobody has returned, nothing is rated but White."""


def unrated(quarter: Path) -> None:
    """Every copy came back unchanged; then ratings emptied, mistyped and surrounded by blanks."""
    master = quarter / "master.xlsx"
    lw.merge(master, [quarter / "copies"], as_at=date(2016, 9, 25), now=NOW)
    edit(master, ("Plan", "1.1", "RAG rating", None), ("Plan", "1.2", "RAG rating", "Amberish"))
    edit(master, ("Plan", "1.3", "RAG rating", " Red "), ("Plan", "1.4", "RAG rating", "amber"))
    edit(master, ("Plan", "2.1", "RAG rating", "*"), ("Plan", "2.2", "RAG rating", "?"))


def busy(quarter: Path) -> None:
    """Dates proposed, approved and moved back, a meeting day, an ask, withdrawn actions, conflicts."""
    master, copies = quarter / "master.xlsx", quarter / "copies"
    edit(master, ("Meetings", "October 2016", "Day", date(2016, 10, 12)))
    answers = {
        ("6.1", "RAG rating"): "Purple",
        ("6.1", "Commentary"): "The statutory guidance changed.",
        ("6.1", "Evidence of impact"): "None.\nNothing to measure.",
    }
    fill_in(copy_of(copies, CHAIR), quarter / "r" / "a.xlsx", answers)
    for title, rating in ((INTEGRATED_CARE, "Green"), (NURSING, "Red")):
        fill_in(copy_of(copies, title), quarter / "r" / f"{rating}.xlsx", {("2.1", "RAG rating"): rating})
    shutil.copy(copy_of(copies, "PREVENT Co-ordinator, LBR"), quarter / "r")
    lw.merge(master, [quarter / "r"], as_at=date(2016, 9, 25), now=NOW)
    edit(
        master,
        ("Milestones", "1.1.1", "Revised date", date(2016, 12, 1)),
        ("Milestones", "1.2.1", "Approved date", date(2016, 11, 1)),
        ("Milestones", "1.2.1", "Approved by", "the Board"),
        ("Milestones", "1.2.2", "Approved date", date(2018, 1, 1)),
        ("Milestones", "1.4.1", "Status", "No longer needed"),
        ("Milestones", "2.6.1", "Status", "Complete"),
        ("Milestones", "2.6.1", "Completed on", date(2016, 9, 1)),
        ("Plan", "1.4", "RAG rating", "Red"),
        ("Plan", "1.4", "Commentary", "long " * 200),
        ("Plan", "1.4", "Asked of the board", "Write to the trust's chief executive."),
        ("Plan", "1.5", "RAG rating", "Green"),
        ("Officers", CHAIR, "In public papers", "Not named"),
    )


@pytest.mark.parametrize("happens", [as_new, unrated, busy], ids=lambda one: one.__name__)
@pytest.mark.parametrize("as_at", [AS_AT, date(2017, 4, 20)], ids=str)
def test_every_formula_comes_out_as_it_is_shown(
    quarter: Path, tmp_path: Path, happens: Callable[[Path], None], as_at: date
) -> None:
    happens(quarter)
    found = review(quarter / "master.xlsx", as_at)
    assert named(quarter / "master.xlsx", "Headline") == found.review.headline
    compared, wrong = recalculated(quarter / "master.xlsx", tmp_path / "again")
    assert wrong == []
    assert sum(compared.values()) > 900
    assert validator_errors(quarter / "master.xlsx") == []


def test_a_busy_quarter_stands_on_its_tabs(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    busy(quarter)
    review(master)
    asked = {row["Ref"]: row["Asked of the board"] for row in rows(master, "Exceptions")}
    assert asked["1.4"] == "Write to the trust's chief executive."
    assert [row["Reason"] for row in rows(master, "Withdrawn")] == ["The statutory guidance changed."]
    moved = {row["Milestone"]: row for row in rows(master, "MovedDates")}
    assert moved["1.2.1"]["Each revision"] == "approved 01/11/2016 by the Board on 01/10/2016"
    assert moved["1.1.1"]["Proposed and not approved"] == "2016-12-01"
    assert "12 October 2016" in str(named(master, "DueSoonNote"))
    assert "2 conflicts to settle" in str(named(master, "Headline"))
    assert "8 officers have not returned, 1 returned the copy unchanged" in str(named(master, "Headline"))
    assert "Returned unchanged" in {row["Return"] for row in rows(master, "ByOfficer")}
    sources = {(row["Ref"], row["What"]): row["File"] for row in rows(master, "Moved")}
    assert sources["6.1", "RAG rating"] == "a.xlsx"
    tracker = read_tracker(master)
    assert tracker.entry(Cell("1.4", "", Field.ASK)) == "Write to the trust's chief executive."
    assert Field.ASK in {change.cell.field for change in tracker.history}
    assert [one.public for one in tracker.plan.officers if one.title == CHAIR] == ["Not named"]


def test_without_a_day_of_the_next_meeting_no_tab_speaks_of_one(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    review(master)
    cells = (cell for page in load_workbook(master, data_only=True) for row in page.values for cell in row)
    assert [text for text in map(str, cells) if "by the board's next meeting" in text] == []


# --- an edit by hand -------------------------------------------------------------------------


@pytest.fixture
def reviewed(quarter: Path) -> Path:
    master = quarter / "master.xlsx"
    edit(master, ("Plan", "1.1", "RAG rating", "Red"), ("Plan", "1.2", "RAG rating", "Green"))
    review(master)
    return master


def calculated(master: Path, folder: Path) -> Cells:
    """The cells of the master as a program shows them that calculates it."""
    return cells_of(convert(master, "xlsx", folder, recalculate=True))


def test_a_rating_that_is_changed_by_hand_moves_every_tab_at_once(reviewed: Path, tmp_path: Path) -> None:
    edit(reviewed, ("Plan", "1.1", "RAG rating", "Amber"))
    cell = calculated(reviewed, tmp_path)
    assert str(cell("Cover", "A3")).startswith("27 actions: 1 Amber, 1 Green, 25 White;")
    assert cell("Exceptions", "D5") == "Amber"
    assert [cell("Movement", place) for place in ("F5", "G5", "H5")] == ["Amber", "Changed", "Changed"]
    assert cell("Exceptions", "A2") == OUT_OF_DATE  # since when, and what is asked, are of the review
    trend = [cell("Trend", f"{letter}28") for letter in "DEFGH"]
    assert trend == [0, 1, 1, 0, 25]


def test_ratings_swapped_by_hand_are_seen_though_the_counts_are_the_same(
    reviewed: Path, tmp_path: Path
) -> None:
    assert named(reviewed, "ListsCheck") == "as on the Plan tab"
    edit(reviewed, ("Plan", "1.1", "RAG rating", "Green"), ("Plan", "1.2", "RAG rating", "Red"))
    cell = calculated(reviewed, tmp_path)
    assert cell("Cover", "B12") == "OUT OF DATE: run lscb-workbook review"
    assert cell("Exceptions", "A2") == "OUT OF DATE: run lscb-workbook review"


def test_milestones_swapped_by_hand_are_seen(reviewed: Path, tmp_path: Path) -> None:
    done, missed = "2.6.1", "1.1.1"
    edit(reviewed, ("Milestones", done, "Status", "Complete"))
    review(reviewed)
    edit(reviewed, ("Milestones", done, "Status", None), ("Milestones", missed, "Status", "Complete"))
    cell = calculated(reviewed, tmp_path)
    assert cell("Missed milestones", "A2") == "OUT OF DATE: run lscb-workbook review"


# --- what the lists depend on ----------------------------------------------------------------


@pytest.fixture(scope="module")
def settled(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master of a busy quarter, reviewed; tests work on a copy of it."""
    folder = Path(shutil.copytree(issued, tmp_path_factory.mktemp("settled") / "quarter"))
    busy(folder)
    edit(
        folder / "master.xlsx",
        ("Plan", "1.1", "RAG rating", "Red"),
        ("Plan", "1.2", "RAG rating", "Amber"),
        ("Plan", "1.3", "RAG rating", "🔴 as last time"),
        ("Plan", "1.1", "Commentary", "Late 😀 again,\nagain."),
        ("Milestones", "1.1.1", "Note", "Waiting for the audit 😀."),
        ("Milestones", "1.2.1", "Note", date(2016, 12, 1)),
        ("Milestones", "1.2.1", "Completed on", "not yet"),
    )
    review(folder / "master.xlsx")
    return folder / "master.xlsx"


def marks(cell: Cells) -> dict[str, object]:
    """What the Cover and each list of a calculated master say of themselves."""
    return {"Cover": cell("Cover", "B12"), **{name: cell(name, "A2") for name in LISTS}}


TYPED: tuple[tuple[tuple[str, str, str, object], ...], ...] = (
    (("Plan", "1.1", "RAG rating", "Amber"), ("Plan", "1.2", "RAG rating", "Red")),
    (("Plan", "2.4", "RAG rating", "Green"),),
    (("Plan", "2.4", "Lead officer", NURSING),),
    (("Plan", "2.4", "Evidence of impact", "Fewer of them."),),
    (("Milestones", "1.1.1", "Revised date", date(2016, 12, 2)),),
    (("Milestones", "1.2.1", "Approved date", date(2016, 11, 2)),),
    (("Milestones", "1.1.1", "Status", "In progress"),),
    (("Milestones", "1.1.1", "Note", "Waiting for the inspectors 😀."),),
    (("Milestones", "3.1.1", "Status", "Complete"),),
    (("Milestones", "2.6.1", "Completed on", date(2016, 9, 2)),),
    (("Milestones", "1.1.1", "Lead officer", NURSING),),
    (("Milestones", "1.2.1", "Approved by", "the Executive"),),
    (("Meetings", "July 2016", "Day", date(2016, 7, 12)),),
    (("Officers", "Director of Nursing", "Organisation", "another"),),
)


def test_what_is_typed_after_the_review_marks_every_list(settled: Path, tmp_path: Path) -> None:
    assert named(settled, "ListsCheck") == "as on the Plan tab"
    masters = [Path(shutil.copy(settled, tmp_path / f"{number}.xlsx")) for number in range(len(TYPED))]
    for master, typed in zip(masters, TYPED, strict=True):
        edit(master, *typed)
    for cell, typed in zip(shown(masters, tmp_path / "again"), TYPED, strict=True):
        assert set(marks(cell).values()) == {OUT_OF_DATE}, typed


@pytest.mark.parametrize("half", [0, 1])
def test_a_review_after_what_was_typed_puts_everything_right(
    settled: Path, tmp_path: Path, half: int
) -> None:
    master = Path(shutil.copy(settled, tmp_path))
    edit(master, *(cell for typed in TYPED[half::2] for cell in typed))
    review(master)
    _, wrong = recalculated(master, tmp_path / "reviewed")
    assert wrong == []
    assert named(master, "ListsCheck") == "as on the Plan tab"


@pytest.mark.parametrize(("name", "value"), [("AsAt", date(2016, 10, 2)), ("DueSoonDays", 60)])
def test_a_day_changed_on_the_cover_is_seen(
    reviewed: Path, tmp_path: Path, name: str, value: date | int
) -> None:
    book = Workbook.open(reviewed)
    book.set_name(name, value)
    reviewed.write_bytes(book.to_bytes())
    [cell] = shown([reviewed], tmp_path / "again")
    assert set(marks(cell).values()) == {OUT_OF_DATE}


def test_nothing_is_out_of_date_after_sorting_another_program_and_a_review(
    settled: Path, tmp_path: Path
) -> None:
    master = Path(shutil.copy(settled, tmp_path / "master.xlsx"))
    [first] = shown([master], tmp_path / "first")
    assert OUT_OF_DATE not in marks(first).values()
    book = load_workbook(master)
    page = book["Plan"]
    filled = [list(row) for row in page.iter_rows(min_row=5, max_row=page.max_row) if row[0].value]
    values = [[cell.value for cell in row] for row in filled]
    for row, old in zip(filled, reversed(values), strict=True):
        for cell, value in zip(row, old, strict=True):
            cell.value = value
    book.save(master)
    review(master)
    _, wrong = recalculated(master, tmp_path / "sorted")
    assert wrong == []
    saved = Path(shutil.copy(convert(master, "xlsx", tmp_path / "saved", recalculate=True), master))
    [unchanged] = shown([saved], tmp_path / "unchanged")
    assert OUT_OF_DATE not in marks(unchanged).values()
    review(saved)
    _, wrong = recalculated(saved, tmp_path / "office")
    assert wrong == []


# --- the Timeline ----------------------------------------------------------------------------


def axis(master: Path) -> Iterator[str]:
    import re
    import zipfile

    with zipfile.ZipFile(master) as package:
        chart = package.read("xl/charts/chart4.xml").decode()
    for name in ("min", "max", "crossesAt"):
        found = re.search(rf"<{name} val=\"([^\"]*)\"", chart)
        assert found is not None, name
        yield found[1]


def test_the_timeline_spans_the_year_with_a_line_at_the_day(reviewed: Path) -> None:
    origin = date(1899, 12, 30)
    days = [(day - origin).days for day in (date(2016, 4, 1), date(2017, 3, 31), AS_AT)]
    assert list(axis(reviewed)) == [str(day) for day in days]
    review(reviewed, AS_AT + timedelta(days=31))
    assert list(axis(reviewed))[2] == str(days[2] + 31)


def test_the_timeline_gives_each_milestone_its_line(reviewed: Path) -> None:
    heights = load_workbook(reviewed)["Timeline"].row_dimensions
    shown = len(rows(reviewed, "Timeline"))
    assert heights[4].height + heights[5].height == pytest.approx(70 + 14 * shown, abs=1)


def test_a_plan_with_more_milestones_than_a_page_holds_shows_those_not_done(tmp_path: Path) -> None:
    model = default_plan()
    more = tuple(
        replace(one, id=f"{one.ref}.{number}")
        for number, one in enumerate(model.milestones * 2, start=1)
        if one.text
    )
    (tmp_path / "plan.toml").write_text(write_plan(replace(model, milestones=more)), encoding="utf-8")
    master = tmp_path / "master.xlsx"
    lw.new(tmp_path / "plan.toml", master)
    first = next(row["Milestone"] for row in rows(master, "Timeline"))
    edit(master, ("Milestones", first, "Status", "Complete"))
    found = review(master)
    assert len(rows(master, "Timeline")) == len(dated(found.review)) == MOST
    assert first not in {row["Milestone"] for row in rows(master, "Timeline")}
    assert str(named(master, "TimelineNote")).startswith(f"{MOST} of the ")


# --- masters made by earlier versions --------------------------------------------------------


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    master = tmp_path / "master.xlsx"
    lw.new(None, master, template=EARLIER)
    issue(master, tmp_path / "copies")
    return master


def test_a_master_of_an_earlier_version_is_merged_and_reviewed_as_far_as_it_goes(
    earlier: Path, tmp_path: Path
) -> None:
    answers = {("6.1", "RAG rating"): "Red", ("6.1", "Commentary"): "Late."}
    fill_in(copy_of(tmp_path / "copies", CHAIR), tmp_path / "r" / "a.xlsx", answers)
    merged = lw.merge(earlier, [tmp_path / "r"], as_at=AS_AT, now=NOW)
    assert "Red" in {row["RAG rating"] for row in rows(earlier, "Exceptions")}
    said = [one for one in merged.findings if one.code == "master-without-tabs"]
    assert len(said) == 1
    assert "'Timeline'" in said[0].message
    assert "'Asked of the board' (Plan)" in said[0].message
    assert review(earlier).written is None
    assert validator_errors(earlier) == []


def test_what_an_earlier_master_does_show_is_true(earlier: Path, tmp_path: Path) -> None:
    review(earlier)
    compared, wrong = recalculated(earlier, tmp_path / "again")
    assert wrong == []
    assert sum(compared.values()) > 400


def test_the_columns_that_hold_what_people_entered_are_still_needed(quarter: Path) -> None:
    master = quarter / "master.xlsx"
    book = load_workbook(master)
    page = book["Milestones"]
    place = next(cell for cell in page[4] if cell.value == "Approved by")
    place.value = "By whom"
    page.tables["Milestones"].tableColumns[place.column - 1].name = "By whom"
    book.save(master)
    with pytest.raises(lw.WorkbookError, match="lost the heading 'Approved by'"):
        review(master)
