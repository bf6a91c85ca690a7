"""The law over returns as they really come: whatever was typed is a change, a conflict or a refusal."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from conformance import validator_errors
from editing import coloured, edited, form, issued_as, retold, spot, together, typed, with_text_box
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from rewriting import by_libreoffice
from tracking import AS_AT, CYCLE, NOW, issue, issued_tracker

import lscb_workbook as lw
import lscb_workbook.ooxml as ooxml
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.plan.records import Cell, Settlement
from lscb_workbook.results import MergeResult
from lscb_workbook.tracker.reading import read_tracker
from lscb_workbook.tracker.sheets import Sheets

SHEETS = {"Actions": "MyActions", "Milestones": "MyMilestones"}
WILD = [
    '=HYPERLINK("http://x","{}")',
    "@SUM(1) {}",
    "‘{}’\u00a0😀",
    "{}\nand more",
    "  {}  ",
    "{} " + "x" * 3000,
]


class Scribbler:
    """An officer who writes all over their copy. ``standing`` are the marks of the texts that still stand in
    it when they are done, each of which must come back."""

    def __init__(self, name: str, seed: int) -> None:
        self.chance = random.Random(f"{name} {seed}")
        self.name = name
        self.written: list[str] = []
        self.standing: set[str] = set()

    def text(self) -> str:
        mark = f"{self.name}-{len(self.written)}."
        self.written.append(mark)
        return self.chance.choice(WILD).format(mark)

    def scribble(self, book: Workbook) -> None:
        for sheet in SHEETS:
            page = form(book, sheet)
            self.fill_in(page, COPY_TABLES[SHEETS[sheet]].row)
            for way in sorted(self.chance.sample(self.ways, 4), key=lambda way: way is Scribbler.merged):
                way(self, page, COPY_TABLES[SHEETS[sheet]].row)
        for number in range(self.chance.choice((0, 2, 40))):
            page = book["New"] if "New" in book.sheetnames else book.create_sheet("New")
            page.cell(number + 1, 2).value = self.text()
        cells = [cell for page in book.worksheets for line in page.iter_rows() for cell in line]
        texts = [str(cell.value) for cell in cells if cell.value is not None]
        whole = "\n".join([*texts, *(cell.comment.text for cell in cells if cell.comment)])
        self.standing = {mark for mark in self.written if mark in whole}

    def put(self, page: Worksheet, row: int, column: int) -> None:
        """Type over a cell: a text, or a formula without a value."""
        cell, text = page.cell(row, column), self.text()
        cell.value = text
        if text.startswith("=") and self.chance.random() < 0.5:
            cell.data_type = "s"

    def fill_in(self, page: Worksheet, head: int) -> None:
        for row in range(head + 1, page.max_row + 1):
            for column in range(2, 9):
                if self.chance.random() < 0.3:
                    self.put(page, row, column)

    def note(self, page: Worksheet, _head: int) -> None:
        place = page.cell(self.chance.randint(1, page.max_row), self.chance.randint(1, 10))
        place.comment = Comment(self.text(), "An officer")

    def beside(self, page: Worksheet, _head: int) -> None:
        self.put(page, self.chance.randint(1, page.max_row), self.chance.randint(10, 12))

    def below(self, page: Worksheet, _head: int) -> None:
        self.put(page, page.max_row + 2, self.chance.randint(1, 8))

    def unknown_row(self, page: Worksheet, _head: int) -> None:
        row = page.max_row + 1
        page.cell(row, 1).value = "9.9"
        self.put(page, row, 2)
        self.put(page, row, 7)

    def doubled_row(self, page: Worksheet, head: int) -> None:
        row = page.max_row + 1
        for column in range(1, 9):
            page.cell(row, column).value = page.cell(head + 1, column).value
        self.put(page, row, 7)

    def sorted_rows(self, page: Worksheet, head: int) -> None:
        rows = range(head + 1, page.max_row + 1)
        values = [[page.cell(row, column).value for column in range(1, 9)] for row in rows]
        self.chance.shuffle(values)
        for row, line in zip(rows, values, strict=True):
            for column, value in enumerate(line, start=1):
                page.cell(row, column).value = value

    def over_a_ref(self, page: Worksheet, head: int) -> None:
        self.put(page, head + 1, 1)

    def heading(self, page: Worksheet, head: int) -> None:
        page.cell(head, 8 if page.title == "Milestones" else 7).value = "Comments"

    def heading_of_their_own(self, page: Worksheet, head: int) -> None:
        self.put(page, head, 8)

    def merged(self, page: Worksheet, head: int) -> None:
        page.cell(head + 1, 8).value = None
        page.cell(head + 1, 7).value = None
        self.put(page, head + 1, 7)
        page.merge_cells(start_row=head + 1, end_row=head + 1, start_column=7, end_column=8)

    def title(self, page: Worksheet, _head: int) -> None:
        self.put(page, 1, 3)

    ways: tuple[Callable[[Scribbler, Worksheet, int], None], ...] = (
        note,
        beside,
        below,
        unknown_row,
        doubled_row,
        over_a_ref,
        heading,
        heading_of_their_own,
        title,
        merged,
        sorted_rows,
    )


def merge(master: Path, returns: Path, hours: int = 0) -> MergeResult:
    return lw.merge(master, [returns], as_at=AS_AT, now=NOW + timedelta(hours=hours))


def listed(result: MergeResult) -> dict[str, str]:
    """All that is said in the changes, conflicts and refusals of each file, by its name."""
    said: dict[str, list[str]] = {}
    for one in (*result.changes, *(each.change for each in result.conflicts), *result.refusals):
        said.setdefault(Path(one.file).name, []).append(f"{one.returned}\n{one.reason}\n{one.cell.ref}")
    return {name: "\n".join(texts) for name, texts in said.items()}


@pytest.mark.parametrize("seed", range(4))
def test_every_text_that_was_typed_anywhere_is_accounted_for(tmp_path: Path, seed: int) -> None:
    master, copies = issued_tracker(tmp_path)
    officers: dict[str, Scribbler] = {}
    for number, copy in enumerate(sorted(copies.iterdir())):
        officer = Scribbler(f"s{number}", seed)
        title = copy.stem.removeprefix(f"{CYCLE} - ")
        edited(tmp_path, tmp_path / "made" / f"{number}.xlsx", officer.scribble, title)
        officers[str(number)] = officer
    made = sorted((tmp_path / "made").iterdir())
    (tmp_path / "r").mkdir()
    for path in made[2:]:
        path.rename(tmp_path / "r" / path.name)
    by_libreoffice(made[:2], ("ods", "xlsx")[seed % 2], tmp_path / "r")
    result = merge(master, tmp_path / "r")
    assert [one.message for one in result.harvest.quarantined] == []
    said = {Path(name).stem: text for name, text in listed(result).items()}
    for name, officer in officers.items():
        assert officer.standing
        assert {mark for mark in officer.standing if mark not in said[name]} == set(), name
    again = merge(master, tmp_path / "r", hours=1)
    assert (again.changes, again.written) == ((), None)


# --- everything together ---------------------------------------------------------------------


def coloured_and_noted(book: Workbook) -> None:
    coloured("6.1", "RAG rating", "FFC000")(book)
    spot(book, "6.1", "Commentary").comment = Comment("In a note", "Chair")
    form(book)["J6"] = "beside"
    form(book)["C12"] = "below"


def everything(folder: Path) -> Path:
    """A folder with a return of each kind, each of another officer."""
    to = folder / "r"
    edited(folder, to / "chair.xlsx", coloured_and_noted, "LSCB Chair")
    edited(
        folder,
        to / "research.xlsx",
        together(
            typed("6.3", "RAG rating", "AMBER - on track"),
            typed("6.3", "Commentary", '=HYPERLINK("http://x","y")'),
            typed("1.2", "RAG rating", "Red"),
            typed("6.3.1", "Completed on", "30th Sept"),
            typed("6.3.2", "Status", "Done - see minutes"),
            typed("6.3.3", "Revised date", "end of next month"),
        ),
    )
    edited(folder, to / "care.xlsx", typed("1.2", "RAG rating", "Green"), "Integrated Care Director, NELFT")
    forged = "LSCB Business Manager"
    edited(
        folder,
        to / "forged.xlsx",
        together(typed("1.7", "RAG rating", "Green"), issued_as("1.7", "rating", "Red")),
        forged,
    )
    long = edited(folder, to / "long.xlsx", typed("4.1", "Commentary", "Here"), FOSTERING)
    retold(with_text_box(long, "In a box"), "Here", "a bell_x0007_ and a nought_x0000_")
    edited(folder, folder / "made" / "nursing.xlsx", typed("2.1", "Commentary", "By Nursing."), NURSING)
    by_libreoffice([folder / "made" / "nursing.xlsx"], "ods", to)
    edited(folder, to / "prevent.xlsx", typed("3.2", "Commentary", "x" * 32_767), PREVENT)
    (to / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    with zipfile.ZipFile(to / "more.zip", "w") as package:
        package.write(copy_with(folder, "zipped.xlsx", TRAINING, "1.4", "By Training."), "zipped.xlsx")
    return to


def copy_with(folder: Path, name: str, title: str, ref: str, text: str) -> Path:
    return edited(folder, folder / "made" / name, typed(ref, "Commentary", text), title)


FOSTERING = (
    "Head of Fostering, Adoption, Placements and Children with Disabilities, LBR Children's Services, LBR"
)
NURSING, PREVENT = "Director of Nursing, CCG", "PREVENT Co-ordinator, LBR"
TRAINING = "Chair of LSCB Training Sub-Group"


@pytest.fixture(scope="module")
def together_merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MergeResult]:
    folder = tmp_path_factory.mktemp("everything")
    master, _ = issued_tracker(folder)
    return master, merge(master, everything(folder))


def test_one_bad_return_stops_none_of_the_others(together_merged: tuple[Path, MergeResult]) -> None:
    _, result = together_merged
    assert [Path(one.file).name for one in result.harvest.quarantined] == ["broken.xlsx"]
    assert sorted(Path(one.file).stem for one in result.harvest.returns) == [
        "care",
        "chair",
        "forged",
        "long",
        "nursing",
        "prevent",
        "research",
        "zipped",
    ]


def test_a_master_with_all_of_it_is_valid_and_reads_back(
    together_merged: tuple[Path, MergeResult],
) -> None:
    master, result = together_merged
    assert validator_errors(master) == []
    tracker = read_tracker(master)
    assert len(tracker.conflicts) == len(result.conflicts)
    for change in result.changes:
        assert tracker.entry(change.cell) == change.result


def test_every_open_conflict_can_be_settled_as_returned(
    together_merged: tuple[Path, MergeResult], tmp_path: Path
) -> None:
    before, result = together_merged
    master = tmp_path / "master.xlsx"
    master.write_bytes(before.read_bytes())
    wanted: dict[Cell, str] = {}
    book = ooxml.Workbook.open(master)
    rows = Sheets(master.read_bytes(), book).rows("Conflicts")
    for row, conflict in zip(rows, result.conflicts, strict=True):
        change = conflict.change
        assert row.text("Returned") == change.returned.strip()
        if change.cell not in wanted:
            wanted[change.cell] = change.returned
            book.set_cell("Conflicts", row.number, "Settle", Settlement.TAKE.value)
    master.write_bytes(book.to_bytes())
    settled = lw.merge(master, [], as_at=AS_AT, now=NOW + timedelta(hours=2))
    assert settled.conflicts == ()
    tracker = read_tracker(master)
    assert {cell: tracker.entry(cell) for cell in wanted} == wanted
    assert len(wanted) > 5
    assert validator_errors(master) == []


def test_what_is_issued_after_all_of_it_comes_back_unchanged(
    together_merged: tuple[Path, MergeResult], tmp_path: Path
) -> None:
    before, _ = together_merged
    master = tmp_path / "master.xlsx"
    master.write_bytes(before.read_bytes())
    issue(master, tmp_path / "next", "2016-17 Q3", date(2016, 12, 1))
    again = lw.merge(master, [tmp_path / "next"], as_at=AS_AT, dry_run=True)
    assert (again.changes, again.refusals) == ((), ())
    assert {one.code for one in again.harvest.findings} == {"return-as-issued"}
