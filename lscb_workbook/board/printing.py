"""The board's tabs as a PDF: the master with every other tab hidden, printed by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from lscb_workbook.ooxml import Workbook, write_atomically
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.layout import TRACKER_SHEETS

__all__ = ["office_program", "print_tabs"]

_SECONDS = 180
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)


def office_program() -> str | None:
    """LibreOffice's command, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def print_tabs(master: bytes, output: Path) -> None:
    """Print the board's tabs of a tracker to a PDF. Raises WorkbookError where that cannot be done."""
    program = office_program()
    if program is None:
        raise WorkbookError(
            "LibreOffice is needed to make the PDF and is not installed. Install it from libreoffice.org, "
            "or open the master in Excel and save its board tabs as PDF."
        )
    book = Workbook.open(master)
    board = {sheet.name for sheet in TRACKER_SHEETS if sheet.board}
    book.hide_sheets(name for name in book.sheet_names if name not in board)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.xlsx"
        source.write_bytes(book.to_bytes())
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        try:
            done = subprocess.run(
                [*command, "--outdir", folder, str(source)],
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WorkbookError(f"LibreOffice did not make the PDF: {error}. Try again.") from error
        made = source.with_suffix(".pdf")
        if not made.exists():
            said = done.stderr.decode(errors="replace").strip()[-300:]
            raise WorkbookError(f"LibreOffice did not make the PDF. It said: {said or 'nothing'}.")
        write_atomically(output, made.read_bytes())
