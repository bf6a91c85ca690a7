"""Make the pictures of `docs/`: each board tab and each page of the papers, as they print on A4.

    python scripts/pictures.py [FOLDER]

Plays the demonstration, prints its board tabs and its paper through LibreOffice, and writes a PNG of each
tab's first page and of the paper's first pages into FOLDER (default: `docs/pictures`), and how many pages
each has in `pages.json`. Needs LibreOffice, and pdftoppm and pdftotext (poppler-utils).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import lscb_workbook as lw  # noqa: E402
from lscb_workbook.tracker.layout import TRACKER_SHEETS  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DPI = 56
AS_AT = date(2016, 10, 1)
_PAPER_PAGES = 4
_TOOLS = ("pdftoppm", "pdftotext")


def make(folder: Path) -> dict[str, int]:
    """Write the pictures into a folder; how many pages each of what they show has."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        master = lw.demo(Path(work) / "demo").places[0][1]
        tabs, paper = Path(work) / "tabs.pdf", Path(work) / "paper.pdf"
        lw.board(master, tabs, as_at=AS_AT, tabs=True)
        lw.board(master, paper, as_at=AS_AT)
        counts: dict[str, int] = {}
        for name, page in _tabs(tabs):
            if name not in counts:
                _picture(tabs, page, folder / f"{name}.png")
            counts[name] = counts.get(name, 0) + 1
        counts["paper"] = _count(paper)
        for page in range(1, min(counts["paper"], _PAPER_PAGES) + 1):
            _picture(paper, page, folder / f"paper-{page}.png")
    (folder / "pages.json").write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    return counts


def _tabs(pdf: Path) -> Iterator[tuple[str, int]]:
    """The tab that each page is of, as a file's name, and the page's number. A page without a tab's title
    goes on with the tab before it."""
    titles = {sheet.title: sheet.name for sheet in TRACKER_SHEETS if sheet.board and sheet.title}
    name = "Cover"
    for page in range(1, _count(pdf) + 1):
        text = _run("pdftotext", "-f", str(page), "-l", str(page), "-layout", str(pdf), "-")
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        name = titles.get(first, name)
        yield name.lower().replace(" ", "-"), page


def _count(pdf: Path) -> int:
    return _run("pdftotext", str(pdf), "-").count("\f")


def _picture(pdf: Path, page: int, path: Path) -> None:
    stem = str(path.with_suffix(""))
    _run("pdftoppm", "-png", "-singlefile", "-r", str(DPI), "-f", str(page), "-l", str(page), str(pdf), stem)


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


if __name__ == "__main__":
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} must be installed (Debian: poppler-utils).")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    for what, pages in make(target).items():
        print(f"{what}: {pages} {'page' if pages == 1 else 'pages'}")
