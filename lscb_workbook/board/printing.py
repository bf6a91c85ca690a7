"""PDFs: the board's tabs, by Excel or LibreOffice, with every other tab of the master hidden, and a Word
paper by LibreOffice."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from lscb_workbook.ooxml import Workbook, write_atomically
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.tracker.layout import TRACKER_SHEETS

__all__ = ["office_program", "print_tabs", "word_to_pdf"]

_SECONDS = 180
_AS_PAPER = json.dumps(
    {
        name: {"type": "boolean", "value": "true"}
        for name in ("PDFUACompliance", "UseTaggedPDF", "ExportBookmarks", "DisplayPDFDocumentTitle")
    }
)
_PDF_MOMENT = re.compile(rb"(/(?:Creation|Mod)Date ?\(D:)(\d{14})([-+Z][0-9']*)")
_XMP_MOMENT = re.compile(rb"(<xmp:\w+Date>)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([-+Z][0-9:]*)")
_IDENTITY = re.compile(rb"/ID ?\[\s*<[0-9A-F]{32}>\s*<[0-9A-F]{32}>|/DocChecksum ?/[0-9A-F]{32}")
_CREATED = re.compile(rb"<dcterms:created[^>]*>(\d{4}-\d\d-\d\d)")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)


def office_program() -> str | None:
    """LibreOffice's command, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def print_tabs(master: bytes, output: Path, *, by_excel: Callable[[bytes], bytes] | None = None) -> None:
    """Print the board's tabs of a tracker to a PDF.

    ``by_excel`` makes a PDF of a workbook where Excel is there, and goes first: it prints its own workbooks
    as they look in it. LibreOffice takes its place where it is not, or fails. Raises WorkbookError where
    neither can do it.
    """
    book = Workbook.open(master)
    board = {sheet.name for sheet in TRACKER_SHEETS if sheet.board}
    book.hide_sheets(name for name in book.sheet_names if name not in board)
    data = book.to_bytes()
    made = None
    if by_excel:
        try:
            made = by_excel(data)
        except WorkbookError:
            if office_program() is None:
                raise
    if made is None:
        program = _needed("open the master in Excel and save its board tabs as PDF")
        made = _printed(program, "paper.xlsx", data, "pdf")
    write_atomically(output, made)


def word_to_pdf(docx: bytes) -> bytes:
    """A paper as a tagged PDF (PDF/UA): its headings as bookmarks, its title shown, its language said. The
    same document gives the same bytes. Raises WorkbookError where that cannot be done."""
    program = _needed("open the paper in Word and save it as PDF")
    return _settled(_printed(program, "paper.docx", docx, f"pdf:writer_pdf_Export:{_AS_PAPER}"), docx)


def _needed(instead: str) -> str:
    program = office_program()
    if program is None:
        raise WorkbookError(
            "LibreOffice is needed to make the PDF and is not installed. Install it from libreoffice.org, "
            f"or {instead}."
        )
    return program


def _printed(program: str, name: str, data: bytes, form: str) -> bytes:
    """A file as LibreOffice prints it, in a profile of its own so that no other run is in the way."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / name
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
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
            part = "Calc" if name.endswith(".xlsx") else "Writer"
            raise WorkbookError(
                f"LibreOffice did not make the PDF; see that its part {part} is installed and try again. "
                f"It said: {said or 'nothing'}."
            )
        return made.read_bytes()


def _settled(pdf: bytes, docx: bytes) -> bytes:
    """The PDF with the document's own date for the moment of printing, and an identity that follows from the
    document: LibreOffice draws both from the clock, whatever SOURCE_DATE_EPOCH says. Nothing changes length,
    so that the file's table of places stands."""
    day = _day(docx)
    identity = hashlib.md5(docx, usedforsecurity=False).hexdigest().upper().encode()
    pdf = _PDF_MOMENT.sub(lambda found: found[1] + day.replace(b"-", b"") + b"000000" + _utc(found[3]), pdf)
    pdf = _XMP_MOMENT.sub(lambda found: found[1] + day + b"T00:00:00" + _utc(found[3]), pdf)
    return _IDENTITY.sub(lambda found: re.sub(rb"[0-9A-F]{32}", identity, found[0]), pdf)


def _utc(zone: bytes) -> bytes:
    return re.sub(rb"[0-9]", b"0", zone).replace(b"-", b"+")


def _day(docx: bytes) -> bytes:
    """The ISO date on which the document says that it was made."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        found = _CREATED.search(package.read("docProps/core.xml"))
    return found[1] if found else b"2000-01-01"
