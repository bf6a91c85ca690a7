"""What kind of file it is: by its own first bytes, since names lie and mail programs change them."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from lscb_workbook.returns.files.members import Directory, content_of

__all__ = ["Kind", "Sniffed", "kind_by_name", "kind_of"]


class Kind(StrEnum):
    """What is done with it."""

    XLSX = "an Excel workbook"
    XLSB = "a binary Excel workbook"
    XLS = "an old Excel workbook (.xls)"
    ODS = "an OpenDocument spreadsheet"
    TEXT = "a text file of values"
    ZIP = "a zip file"
    EML = "a mail"
    MSG = "an Outlook mail"
    PROTECTED = "an Office document under a password"
    DOCUMENT = "a document"
    UNKNOWN = "an unknown kind of file"


class Sniffed(NamedTuple):
    """``words`` say what it is (``a Word document``)."""

    kind: Kind
    words: str


_SUFFIXES = {
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
    ".xltx": Kind.XLSX,
    ".xltm": Kind.XLSX,
    ".xlsb": Kind.XLSB,
    ".xls": Kind.XLS,
    ".xlt": Kind.XLS,
    ".ods": Kind.ODS,
    ".csv": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".txt": Kind.TEXT,
    ".zip": Kind.ZIP,
    ".eml": Kind.EML,
    ".msg": Kind.MSG,
}

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a Word document in rich text"),
    (b"\x78\x9f\x3e\x22", "Outlook's winmail.dat (ask for the mail as HTML or plain text)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (unpack it and put what is in it into the folder)"),
    (b"Rar!", "a RAR archive (unpack it and put what is in it into the folder)"),
    (b"\x1f\x8b", "a gzip archive (unpack it and put what is in it into the folder)"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_MAIL_HEADER = re.compile(
    rb"(?:return-path|received|from|to|cc|subject|date|message-id|mime-version|delivered-to|x-[\w-]+|reply-to|"
    rb"sender|content-type|dkim-signature|arc-[\w-]+|authentication-results|thread-[\w-]+):",
    re.IGNORECASE,
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_WORKBOOK = b"urn:schemas-microsoft-com:office:spreadsheet"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(data: bytes, name: str, directory: Directory | None = None) -> Sniffed:
    """The kind of a file; ``directory`` is what it lists where it is a zip file.

    Its name decides only what its bytes leave open (a mail from a table of text).
    """
    if directory:
        return _in_zip(data, name, directory)
    if data.startswith(_COMPOUND):
        return _in_compound_file(data)
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return Sniffed(Kind.DOCUMENT, words)
    return _in_text(data, name)


def _plain(kind: Kind) -> Sniffed:
    return Sniffed(kind, kind.value)


def kind_by_name(name: str) -> Kind | None:
    """The kind that a file's name promises; None where it promises none that is known."""
    last = name.rpartition("/")[2]
    if last in ("", "."):
        last = PurePosixPath(name).name
    stem, dot, ending = last.rpartition(".")
    return _SUFFIXES.get(f".{ending.casefold()}") if stem and dot else None


def _in_zip(data: bytes, name: str, directory: Directory) -> Sniffed:
    if directory.fault:  # it is told in plain words by whoever opens it
        return _plain(kind_by_name(name) or Kind.ZIP)
    # Together, since a look at one text is cheaper than one at each of many.
    names = "\n".join(["", *(member.name for member in directory.members), ""])
    if "\nmimetype\n" in names:
        first = next(member for member in directory.members if member.name == "mimetype")
        opendocument = content_of(data, first)[:200]
        if b"opendocument.spreadsheet" in opendocument:
            return _plain(Kind.ODS)
        if b"opendocument" in opendocument:
            return Sniffed(Kind.DOCUMENT, "an OpenDocument text")
    if "\n[Content_Types].xml\n" in names:
        if "workbook.bin\n" in names:
            return _plain(Kind.XLSB)
        if "\nword/" in names:
            return Sniffed(Kind.DOCUMENT, "a Word document")
        if "\nppt/" in names:
            return Sniffed(Kind.DOCUMENT, "a presentation")
        return _plain(Kind.XLSX)
    if ".iwa\n" in names or "\nIndex.zip\n" in names:
        return Sniffed(Kind.DOCUMENT, "an Apple Numbers document (ask for it exported to Excel)")
    return _plain(Kind.ZIP)


def _in_compound_file(data: bytes) -> Sniffed:
    import olefile  # seldom needed

    try:
        with olefile.OleFileIO(data) as ole:
            names = {"/".join(path).casefold() for path in ole.listdir()}
    except Exception:
        return Sniffed(Kind.UNKNOWN, "a damaged Office document")
    if "encryptedpackage" in names:
        return _plain(Kind.PROTECTED)
    if names & {"workbook", "book"}:
        return _plain(Kind.XLS)
    if "__properties_version1.0" in names:
        return _plain(Kind.MSG)
    if "worddocument" in names:
        return Sniffed(Kind.DOCUMENT, "an old Word document")
    return Sniffed(Kind.DOCUMENT, "an Office document of another kind")


def _in_text(data: bytes, name: str) -> Sniffed:
    head = data[:4096].removeprefix(_BOMS[0]).lstrip()
    lower = head.lower()
    if lower.startswith((b"<html", b"<!doctype html", b"<table")):
        return Sniffed(Kind.DOCUMENT, "a web page")
    if _XML_WORKBOOK in head or b"office:document" in head:
        return Sniffed(Kind.DOCUMENT, "a spreadsheet in plain XML")
    if lower.startswith((b"<?xml", b"<")):
        return Sniffed(Kind.DOCUMENT, "an XML document")
    by_name = kind_by_name(name)
    if by_name is Kind.EML or (by_name is not Kind.TEXT and _MAIL_HEADER.match(head)):
        return _plain(Kind.EML)
    wide = data.startswith(_BOMS[1:])
    if (b"\0" in data[:65536] and not wide) or (by_name is None and not _looks_tabular(head)):
        return _plain(Kind.UNKNOWN)
    return _plain(Kind.TEXT)


def _looks_tabular(head: bytes) -> bool:
    lines = head.splitlines()[:20]
    return len(lines) > 1 and any(sum(mark in line for line in lines) > 1 for mark in (b",", b";", b"\t"))
