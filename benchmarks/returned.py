"""Returns to measure on: a board's copies, filled in and saved as Excel or LibreOffice save them."""

from __future__ import annotations

import random
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

import lscb_workbook as lw
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.ooxml import Workbook

__all__ = ["MARK", "board", "by_libreoffice", "filled_in", "told_apart"]

MARK = "number 000000000"
"""Stands once in each return that is filled in, so that it can be told apart from others."""

_SENTENCE = (
    "the group met in august and agreed the revised schedule with partners evidence was seen by the board "
    "audit of ten cases showed improvement training was attended by forty staff"
)
_WORDS = tuple(_SENTENCE.split())


def board(folder: Path) -> tuple[Path, list[Path]]:
    """A master on the shipped plan and the copies issued from it, one for each officer."""
    master = folder / "master.xlsx"
    lw.new(None, master)
    lw.issue(
        master,
        folder / "copies",
        cycle="2016-17 Q2",
        issued_on=date(2016, 9, 1),
        return_by=date(2016, 9, 23),
    )
    return master, sorted((folder / "copies").glob("*.xlsx"))


def filled_in(copies: Sequence[Path], folder: Path, *, times: int, seed: int = 2016) -> list[Path]:
    """The copies, each filled in so many times with other words: every rating, status and text. Texts are
    kept together as Excel keeps them (shared strings)."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(times):
        for copy in copies:
            book = load_workbook(copy)
            for name in ("MyActions", "MyMilestones"):
                _fill(book[COPY_TABLES[name].sheet], COPY_TABLES[name].row, chance)
            for sheet in book.worksheets:
                for cell in (cell for line in sheet.iter_rows() for cell in line):
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
            to = folder / f"{number} {copy.name}"
            book.save(to)
            book.close()
            saved = Workbook.open(to)
            saved.set_core(modified=datetime(2016, 9, 20, 12))
            to.write_bytes(saved.to_bytes())
            made.append(to)
    return made


def _fill(sheet, head: int, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    columns = {cell.value: cell.column for cell in sheet[head] if isinstance(cell.value, str)}
    for row in range(head + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            for heading, column in columns.items():
                typed = _typed(heading, chance)
                if typed:
                    sheet.cell(row, column).value = typed
    if "Commentary" in columns:
        sheet.cell(head + 1, columns["Commentary"]).value = f"{_said(30, chance)} ({MARK})"


def _typed(heading: str, chance: random.Random) -> str:
    if heading.startswith("RAG"):
        return chance.choice(("Red", "Amber", "Green", "Purple"))
    if heading == "Status":
        return chance.choice(("Complete", "In progress"))
    lengths = {"Commentary": 30, "Evidence": 20, "Note": 12}
    length = next((words for start, words in lengths.items() if heading.startswith(start)), 0)
    return _said(length, chance) if length else ""


def _said(words: int, chance: random.Random) -> str:
    return f"{' '.join(chance.choice(_WORDS) for _ in range(words)).capitalize()}."


def by_libreoffice(files: Sequence[Path], folder: Path) -> list[Path]:
    """The files as LibreOffice saves them; none where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return []
    profile = folder / "profile"
    command = [program, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder), *map(str, files)]
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, capture_output=True, timeout=600, check=True)
    shutil.rmtree(profile)
    return [folder / file.name for file in files]


def told_apart(models: Sequence[Path], folder: Path, count: int) -> None:
    """So many returns, no two alike: the models in turn, each with its own number in a text."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for model in models:
        with zipfile.ZipFile(model) as package:
            parts.append({info.filename: package.read(info) for info in package.infolist()})
    for number in range(count):
        mark = f"number {number:09}".encode()
        to = folder / f"{number:06} {models[number % len(models)].name}"
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, data in parts[number % len(models)].items():
                package.writestr(name, data.replace(MARK.encode(), mark))
